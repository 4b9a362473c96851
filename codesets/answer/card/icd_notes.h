/* icd_notes.h - what the tabular list of ICD-10-CM says of a code.
 *
 * Notes hold for the node they stand at and for all below it: a code has its
 * own, those of the headers above it, of its blocks and of its chapter. All are
 * taken from one release: the one of the day, or the nearest that has the
 * code's category, since a loaded list may be of another year or hold a
 * chapter. The answer says which, and nothing about validity ever rests on it.
 */
#ifndef CODESETS_ANSWER_CARD_ICD_NOTES_H
#define CODESETS_ANSWER_CARD_ICD_NOTES_H
#include "codesets/answer/answer.h"
#include "codesets/answer/json.h"
#include "codesets/store/view.h"

enum { ICD_NODES_MAX = 12 }; /* 5 codes, 4 blocks, 1 chapter; and some room */

struct icd_notes {
    const struct series *series; /* NULL when nothing is known */
    uint32_t release;
    bool of_day;  /* the release holds on the day */
    bool own;     /* node[0] is the code itself */
    size_t nodes; /* from the code outwards */
    struct row node[ICD_NODES_MAX];
};

/* Returns 0 or ERR_CORRUPT. */
int icd_notes_find(struct icd_notes *out, const struct store *store,
    const char *code, size_t len, day_t day, struct error *err);

/* "excludes1" and so on for a column of notes; NULL for another column. */
const char *icd_note_kind(int column);
/* The same for a person: "excludes 1". */
const char *icd_note_label(int column);
/* The next line of a column; moves *text on. False at its end. */
bool icd_note_next(
    const char **text, size_t *left, const char **note, size_t *len);
/* What a node is called: "J45", "J40-J4A", "block C50",
 * "chapter 10". */
void icd_node_name(
    char out[CODE_TEXT], const struct store *store, const struct row *node);
/* The meaning of a code's 7th character, in the map and not NUL-ended; NULL. */
const char *icd_seventh(const struct icd_notes *notes,
    const struct store *store, const char *code, size_t len, size_t *meaning);

/* Says of which release the notes are when it is not the one of the day. */
void icd_notes_caution(struct buffer *out, const struct icd_notes *notes);

/* "tabular": … of an open object. */
void icd_notes_json(struct json *json, const struct icd_notes *notes,
    const struct store *store, const struct code_ref *code);

#endif
