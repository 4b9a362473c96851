/* finder.h - something that is asked with a text and answers with codes: our
 * search, or a peer over the same texts. */
#ifndef TOOLS_EVAL_FINDER_H
#define TOOLS_EVAL_FINDER_H
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Places of the documents found, best first; DOCUMENT_NONE for a code that is
 * none of them. */
enum { FINDER_HITS = 20 };

struct finder {
    const char *name; /* "FTS5" */
    const char *how;  /* its settings, in a few words */
    void *state;
    /* Returns how many; at most max, which is at most FINDER_HITS. */
    size_t (*find)(
        void *state, const char *text, size_t len, size_t *out, size_t max);
    void (*close)(void *state);
};

#ifdef __cplusplus
}
#endif

#endif
