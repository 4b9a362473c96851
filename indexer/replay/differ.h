/* differ.h - in what two answers to one question differ.
 *
 * Both are walked side by side. A difference is told by where it stands, such
 * as "pairs[0].verdict", with both values. What tells of the release a fact was
 * read in, and not of the fact, is passed over unless it is asked for:
 * releases, files and rows, staleness and the days a release covers, the
 * evidence of a code's validity, cursors, a pair's timeline (its edits are
 * compared); and the sentence and the matrix that say again what the verdicts
 * say. */
#ifndef INDEXER_REPLAY_DIFFER_H
#define INDEXER_REPLAY_DIFFER_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIFFER_PLACE_MAX = 160, DIFFER_VALUE_MAX = 120, DIFFER_DEPTH_MAX = 64 };

/* place: "pairs[0].verdict"; kind: the same without numbers, "pairs[].verdict".
 * A value that one side lacks is "nothing". */
typedef void differ_fn(void *context, const char *place, const char *kind,
    const char *a, const char *b);

/* Tells each difference; returns how many there are. */
size_t differ(const json_t *a, const json_t *b, bool sources, differ_fn *each,
    void *context);

#endif
