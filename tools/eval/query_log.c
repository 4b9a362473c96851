#include "tools/eval/query_log.h"

#include <stdio.h>
#include <string.h>

#include "codesets/core/fold.h"

enum { WORDS_MAX = 64 };

/* Below limit, which must be above 0. */
static size_t draw(uint64_t *state, size_t limit)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (size_t)((*state >> 32) * limit >> 32);
}

/* The last word loses letters at its end: at most all but the first. */
static size_t cut(const struct fold_word *word, uint64_t *state)
{
    size_t len = 1 + draw(state, word->len);

    while (len < word->len && ((uint8_t)word->text[len] & 0xC0) == 0x80)
        len++; /* not inside a letter of several bytes */
    return len;
}

static bool write_query(struct query_log *log, size_t at, const char *title,
    size_t wanted, uint64_t *state)
{
    struct fold_word word[WORDS_MAX];
    struct fold fold;
    size_t words = 0, first, len = 0;

    fold_begin(&fold, title, strlen(title));
    while (words < WORDS_MAX && fold_next(&fold, &word[words]))
        words++;
    if (words < wanted)
        return false;
    first = draw(state, words - wanted + 1);
    for (size_t i = first; i < first + wanted; i++) {
        const bool last = i + 1 == first + wanted;

        len += (size_t)snprintf(log->text[at] + len, QUERY_LOG_LEN - len,
            "%.*s%s", (int)(last ? cut(&word[i], state) : word[i].len),
            word[i].text, last ? "" : " ");
        if (len >= QUERY_LOG_LEN)
            return false;
    }
    log->len[at] = len;
    return true;
}

bool query_log_draw(struct query_log *out, const struct documents *documents)
{
    uint64_t state = 88172645463325252u;
    size_t count = 0;

    for (size_t tries = 0;
         count < QUERY_LOG && tries < 100 * QUERY_LOG && documents->count > 0;
         tries++) {
        const size_t place = draw(&state, documents->count);

        count += write_query(out, count, documents->document[place].title,
            2 + count % 2, &state);
    }
    return count == QUERY_LOG;
}
