/* typing.h - a judged query typed letter by letter: once the right code is on
 * the page it should stay there. */
#ifndef TOOLS_EVAL_TYPING_H
#define TOOLS_EVAL_TYPING_H
#include "tools/eval/documents.h"
#include "tools/eval/finder.h"
#include "tools/eval/judged.h"

enum { TYPING_HITS = 10 }; /* of a page */

struct typing {
    size_t wanted;  /* of the right codes the one that stands highest in the
                     * end */
    size_t strokes; /* from its first showing on */
    size_t gone;    /* of them: without it */
};

/* False when no right code is on the last page. */
bool typing_follow(struct typing *out, const struct finder *finder,
    const struct documents *documents, const struct judged *judged);

#endif
