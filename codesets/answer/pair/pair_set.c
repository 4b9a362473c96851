#include "codesets/answer/pair/pair_set.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((int)PAIRS_CODES_MAX <= (int)ADVICE_LINES_MAX,
    "advice has room for the lines of one question");

int pair_set_open(struct pair_set *out, const struct pairs_question *question,
    struct error *err)
{
    const size_t n = question->count;

    out->question = question;
    out->pairs = n < 2 ? 0 : n * (n - 1) / 2;
    out->pair = out->pairs <= PAIR_SET_FEW
                    ? out->few
                    : malloc(out->pairs * sizeof *out->pair);
    return out->pair == NULL ? error_memory(err) : 0;
}

void pair_set_close(struct pair_set *set)
{
    if (set->pair != set->few)
        free(set->pair);
}

size_t pair_set_at(const struct pair_set *set, size_t a, size_t b)
{
    return a * set->question->count - a * (a + 1) / 2 + b - a - 1;
}

void pair_set_add(struct pair_set *set, size_t a, size_t b,
    const struct pair_decision *decision)
{
    advice_pair_of(&set->pair[pair_set_at(set, a, b)], a, b, decision);
}

void pair_set_advise(struct pair_set *set, const struct rules *rules)
{
    const struct advice_question question = {.line = set->question->line,
        .lines = set->question->count,
        .pair = set->pair,
        .pairs = set->pairs,
        .day = set->question->day,
        .setting = set->question->setting};

    advise(&set->advice, &rules->modifiers, &question);
}

/* ----------------------------------------------------------------- matrix */

void pair_set_matrix_json(struct json *json, const struct pair_set *set)
{
    const size_t n = set->question->count;

    json_key(json, "matrix");
    json_open(json, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(json, '[');
        for (size_t k = 0; k < n; k++) {
            size_t at;

            if (i == k) {
                json_null(json);
                continue;
            }
            at = i < k ? pair_set_at(set, i, k) : pair_set_at(set, k, i);
            json_open(json, '{');
            json_key(json, "verdict");
            json_word(json, pair_verdict_name(set->pair[at].verdict));
            json_key(json, "pair");
            json_int(json, (int64_t)at);
            json_close(json, '}');
        }
        json_close(json, ']');
    }
    json_close(json, ']');
}

/* ----------------------------------------------------------------- advice */

/* "index" and "code" of a line, in an object left open. */
static void line_begin(
    struct json *json, const struct pair_set *set, size_t line)
{
    json_open(json, '{');
    json_key(json, "index");
    json_int(json, (int64_t)line);
    json_key(json, "code");
    json_text(
        json, set->question->line[line].code, set->question->line[line].len);
}

static void modifiers_json(
    struct json *json, const struct advice *advice, uint64_t mask)
{
    json_key(json, "modifiers");
    json_open(json, '[');
    for (size_t i = 0; i < advice->choices; i++)
        if ((mask >> i & 1) != 0) {
            char text[3];

            modifier_unpack(text, advice->choice[i]);
            json_word(json, text);
        }
    json_close(json, ']');
}

static bool of_line(const struct advice_pair *pair, size_t line)
{
    return pair->a == line || pair->b == line;
}

/* As billed now, would this pair deny this line? */
static bool denies(
    const struct advice *advice, const struct advice_pair *pair, size_t line)
{
    return of_line(pair, line) &&
           (pair->verdict == VERDICT_MODIFIER_REQUIRED ||
               advice_shut(advice, pair)) &&
           (pair->denied == line || pair->denied == ADVICE_NO_LINE);
}

static void denied_json(struct json *json, const struct pair_set *set)
{
    json_key(json, "denied");
    json_open(json, '[');
    for (size_t i = 0; i < set->question->count; i++) {
        if (!set->advice.line[i].denied)
            continue;
        line_begin(json, set, i);
        json_key(json, "modifier_helps");
        json_bool(json, !set->advice.line[i].lost);
        json_key(json, "pairs");
        json_open(json, '[');
        for (size_t p = 0; p < set->pairs; p++)
            if (denies(&set->advice, &set->pair[p], i))
                json_int(json, (int64_t)p);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void option_json(struct json *json, const struct pair_set *set,
    const struct advice_pair *pair, size_t line)
{
    const uint64_t mask = advice_openers(&set->advice, pair, line);

    if (mask == 0)
        return;
    line_begin(json, set, line);
    json_key(json, "column");
    if (pair->column1 == ADVICE_NO_LINE)
        json_null(json);
    else
        json_int(json, pair->column1 == line ? 1 : 2);
    modifiers_json(json, &set->advice, mask);
    json_close(json, '}');
}

static void resolvable_json(struct json *json, const struct pair_set *set)
{
    json_key(json, "resolvable");
    json_open(json, '[');
    for (size_t p = 0; p < set->pairs; p++) {
        const struct advice_pair *pair = &set->pair[p];

        if (pair->verdict != VERDICT_MODIFIER_REQUIRED ||
            advice_shut(&set->advice, pair))
            continue;
        json_open(json, '{');
        json_key(json, "pair");
        json_int(json, (int64_t)p);
        json_key(json, "options");
        json_open(json, '[');
        option_json(json, set, pair, pair->a);
        option_json(json, set, pair, pair->b);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void smallest_json(struct json *json, const struct pair_set *set)
{
    json_key(json, "smallest");
    json_open(json, '{');
    json_key(json, "lines");
    json_open(json, '[');
    for (size_t i = 0; i < set->question->count; i++) {
        if (!set->advice.line[i].in_set)
            continue;
        line_begin(json, set, i);
        modifiers_json(json, &set->advice, set->advice.line[i].use);
        json_key(json, "pairs");
        json_open(json, '[');
        for (size_t p = 0; p < set->pairs; p++)
            if (advice_openers(&set->advice, &set->pair[p], i) != 0)
                json_int(json, (int64_t)p);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "exact");
    json_bool(json, set->advice.exact);
    json_close(json, '}');
}

static const char *shut_reason(const struct advice_pair *pair)
{
    if (pair->verdict == VERDICT_MODIFIER_REQUIRED)
        return "no_modifier_fits";
    return pair_reason_name(pair->reason);
}

static void remaining_json(struct json *json, const struct pair_set *set)
{
    json_key(json, "remaining");
    json_open(json, '[');
    for (size_t p = 0; p < set->pairs; p++) {
        const struct advice_pair *pair = &set->pair[p];
        const size_t line[2] = {pair->a, pair->b};

        if (!advice_shut(&set->advice, pair))
            continue;
        json_open(json, '{');
        json_key(json, "pair");
        json_int(json, (int64_t)p);
        json_key(json, "reason");
        json_word(json, shut_reason(pair));
        json_key(json, "lost");
        json_open(json, '[');
        for (int i = 0; i < 2; i++)
            if (denies(&set->advice, pair, line[i])) {
                line_begin(json, set, line[i]);
                json_close(json, '}');
            }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void not_checked_json(struct json *json, const struct pair_set *set)
{
    json_key(json, "not_checked");
    json_open(json, '{');
    json_key(json, "pairs");
    json_open(json, '[');
    for (size_t p = 0; p < set->pairs; p++)
        if (set->pair[p].verdict == VERDICT_NOT_CHECKED)
            json_int(json, (int64_t)p);
    json_close(json, ']');
    json_key(json, "lines");
    json_open(json, '[');
    for (size_t i = 0; i < set->question->count; i++)
        if (set->advice.line[i].fault) {
            line_begin(json, set, i);
            json_close(json, '}');
        }
    json_close(json, ']');
    json_close(json, '}');
}

enum { SENTENCES_USUAL = 1000 }; /* bytes */

static void sentences_json(struct json *json, const struct pair_set *set)
{
    struct buffer text = {0};
    size_t at = 0;

    (void)buffer_reserve(&text, SENTENCES_USUAL);
    pair_set_words(&text, set);
    if (text.failed)
        json->out->failed = true;
    json_key(json, "text");
    json_open(json, '[');
    while (at < text.len) {
        const char *end = memchr(text.data + at, '\n', text.len - at);
        const size_t n =
            end == NULL ? text.len - at : (size_t)(end - text.data) - at;

        json_text(json, text.data + at, n);
        at += n + 1;
    }
    json_close(json, ']');
    buffer_clear(&text);
}

void pair_set_advice_json(struct json *json, const struct pair_set *set)
{
    json_key(json, "advice");
    json_open(json, '{');
    denied_json(json, set);
    resolvable_json(json, set);
    smallest_json(json, set);
    remaining_json(json, set);
    not_checked_json(json, set);
    sentences_json(json, set);
    json_close(json, '}');
}
