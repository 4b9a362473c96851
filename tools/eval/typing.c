#include "tools/eval/typing.h"

static bool on_page(
    const struct finder *finder, const char *text, size_t len, size_t wanted)
{
    size_t hit[FINDER_HITS];
    const size_t hits =
        finder->find(finder->state, text, len, hit, TYPING_HITS);

    for (size_t i = 0; i < hits; i++)
        if (hit[i] == wanted)
            return true;
    return false;
}

static size_t find_wanted(const struct finder *finder,
    const struct documents *documents, const struct judged *judged)
{
    size_t hit[FINDER_HITS];
    const size_t hits = finder->find(
        finder->state, judged->query, judged->len, hit, TYPING_HITS);

    for (size_t i = 0; i < hits; i++)
        if (hit[i] != DOCUMENT_NONE &&
            judged_right(judged, &documents->document[hit[i]].code))
            return hit[i];
    return DOCUMENT_NONE;
}

bool typing_follow(struct typing *out, const struct finder *finder,
    const struct documents *documents, const struct judged *judged)
{
    *out = (struct typing){.wanted = find_wanted(finder, documents, judged)};
    if (out->wanted == DOCUMENT_NONE)
        return false;
    for (size_t len = 1; len <= judged->len; len++) {
        const unsigned char next = (unsigned char)judged->query[len];
        bool here;

        if (next >= 0x80 && next < 0xC0)
            continue; /* inside a letter of several bytes */
        here = on_page(finder, judged->query, len, out->wanted);
        out->strokes += here || out->strokes > 0;
        out->gone += !here && out->strokes > 0;
    }
    return true;
}
