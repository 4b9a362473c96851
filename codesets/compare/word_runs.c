#include "codesets/compare/word_runs.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The table of common words is a word of one text by a word of the other. */
enum { WORDS_MAX = 500 };

struct word {
    const char *text;
    size_t len;
};

struct words {
    size_t count;
    bool too_many;
    struct word word[WORDS_MAX];
};

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void part(struct words *out, const char *text)
{
    out->count = 0;
    out->too_many = false;
    while (*text != '\0') {
        const char *begin;

        while (blank(*text))
            text++;
        for (begin = text; *text != '\0' && !blank(*text); text++)
            ;
        if (text == begin)
            break;
        if (out->count == WORDS_MAX) {
            out->too_many = true;
            return;
        }
        out->word[out->count++] = (struct word){begin, (size_t)(text - begin)};
    }
}

static bool same(const struct word *a, const struct word *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

struct run_list {
    struct word_run *run;
    size_t count;
    bool full;
};

/* Words that follow one another in a text are one run. */
static void add(
    struct run_list *out, enum run_kind kind, const char *text, const char *end)
{
    struct word_run *last = out->count == 0 ? NULL : &out->run[out->count - 1];

    if (last != NULL && last->kind == kind) {
        last->len = (size_t)(end - last->text);
    } else if (out->count == WORD_RUNS_MAX) {
        out->full = true;
    } else {
        out->run[out->count++] =
            (struct word_run){kind, text, (size_t)(end - text)};
    }
}

static void add_word(
    struct run_list *out, enum run_kind kind, const struct word *word)
{
    add(out, kind, word->text, word->text + word->len);
}

static size_t whole(struct word_run *out, const char *before, const char *after)
{
    size_t n = 0;

    if (*before != '\0')
        out[n++] = (struct word_run){RUN_REMOVED, before, strlen(before)};
    if (*after != '\0')
        out[n++] = (struct word_run){RUN_ADDED, after, strlen(after)};
    return n;
}

/* common[i][k]: how many words the texts have in common behind words i and k
 * of what differs. Removed words come before those added in their place. */
static void walk(struct run_list *out, const struct word *before, size_t n,
    const struct word *after, size_t m, const uint16_t *common)
{
    size_t i = 0, k = 0;

    while (i < n || k < m) {
        if (i < n && k < m && same(&before[i], &after[k])) {
            add_word(out, RUN_KEPT, &before[i]);
            i++;
            k++;
        } else if (i < n && (k == m || common[(i + 1) * (m + 1) + k] >=
                                           common[i * (m + 1) + k + 1])) {
            add_word(out, RUN_REMOVED, &before[i++]);
        } else {
            add_word(out, RUN_ADDED, &after[k++]);
        }
    }
}

static bool middle(struct run_list *out, const struct word *before, size_t n,
    const struct word *after, size_t m)
{
    uint16_t *common = calloc((n + 1) * (m + 1), sizeof *common);

    if (common == NULL)
        return false;
    for (size_t i = n; i-- > 0;)
        for (size_t k = m; k-- > 0;) {
            const uint16_t down = common[(i + 1) * (m + 1) + k];
            const uint16_t right = common[i * (m + 1) + k + 1];

            common[i * (m + 1) + k] =
                same(&before[i], &after[k])
                    ? (uint16_t)(common[(i + 1) * (m + 1) + k + 1] + 1)
                : down > right ? down
                               : right;
        }
    walk(out, before, n, after, m, common);
    free(common);
    return true;
}

size_t word_runs(
    struct word_run out[WORD_RUNS_MAX], const char *before, const char *after)
{
    struct words *words = malloc(2 * sizeof *words);
    struct run_list list = {.run = out};
    size_t head = 0, tail = 0, n, m;
    bool done;

    if (words == NULL)
        return whole(out, before, after);
    part(&words[0], before);
    part(&words[1], after);
    n = words[0].count;
    m = words[1].count;
    while (head < n && head < m &&
           same(&words[0].word[head], &words[1].word[head]))
        add_word(&list, RUN_KEPT, &words[0].word[head++]);
    while (tail < n - head && tail < m - head &&
           same(&words[0].word[n - tail - 1], &words[1].word[m - tail - 1]))
        tail++;
    done = !words[0].too_many && !words[1].too_many &&
           middle(&list, words[0].word + head, n - head - tail,
               words[1].word + head, m - head - tail);
    for (size_t i = tail; i > 0; i--)
        add_word(&list, RUN_KEPT, &words[0].word[n - i]);
    free(words);
    return done && !list.full ? list.count : whole(out, before, after);
}

const char *run_kind_name(enum run_kind kind)
{
    return kind == RUN_KEPT      ? "kept"
           : kind == RUN_REMOVED ? "removed"
                                 : "added";
}
