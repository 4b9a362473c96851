/* peers.h - other search engines over the same texts, each in the settings that
 * somebody who knows it would try.
 *
 * Every setting looks for all words in any order with the last word as a
 * prefix, as ours does. Settings differ in what is tried besides. The code of a
 * document is a text of it, with its dot and without. */
#ifndef TOOLS_EVAL_PEERS_H
#define TOOLS_EVAL_PEERS_H
#include "tools/eval/finder.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a peer is given of a document. */
struct peer_text {
    const char *code, *shown; /* "E119", "E11.9" */
    const char *title, *brief, *full, *label, *extra;
};
typedef void peer_text_fn(void *context, size_t at, struct peer_text *out);

enum peer_setting {
    PEER_PLAIN,   /* words as they are; all must be there */
    PEER_STEMMED, /* English words by their stems */
    PEER_ANY,     /* stems; when all words together find nothing, any of them */
    PEER_TITLES,  /* the same, without the texts that are extra */
    PEER_SETTINGS
};
const char *peer_setting_name(enum peer_setting setting);

/* SQLite's FTS5, in memory; titles count most in bm25(). */
bool fts5_open(struct finder *out, enum peer_setting setting,
    peer_text_fn *text, void *context, size_t count);
/* Xapian, a database in a folder that is made anew; PEER_ANY
 * and PEER_TITLES correct words by its dictionary before they ask for any. */
bool xapian_open(struct finder *out, enum peer_setting setting,
    const char *folder, peer_text_fn *text, void *context, size_t count);

#ifdef __cplusplus
}
#endif

#endif
