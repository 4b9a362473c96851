#include <string.h>

#include "codesets/answer/answer.h"
#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/pair/pair_set.h"
#include "codesets/answer/release_json.h"
#include "codesets/rules/validity.h"

/* The end of one item of a comma list. */
static size_t item_len(const char *text, size_t len)
{
    const char *comma = memchr(text, ',', len);

    return comma == NULL ? len : (size_t)(comma - text);
}

static size_t colon_at(const char *text, size_t len)
{
    const char *colon = memchr(text, ':', len);

    return colon == NULL ? len : (size_t)(colon - text);
}

int pairs_add_codes(struct pairs_question *question,
    const struct answers *answers, const char *text, size_t len,
    struct error *err)
{
    size_t at = 0;

    while (at <= len && len > 0) {
        const size_t n = item_len(text + at, len - at);
        const size_t code = colon_at(text + at, n);
        struct pair_line *line;
        int rc;

        if (question->count == PAIRS_CODES_MAX)
            return error_set(err, ERR_LIMIT, 0,
                "codes: at most %d in one question; ask more with POST",
                PAIRS_CODES_MAX);
        line = &question->line[question->count++];
        pair_line_parse(line, answers->rules, text + at, code);
        if (code < n && (rc = pair_line_modifiers(line, text + at + code + 1,
                             n - code - 1, err)) != 0)
            return rc;
        at += n + 1;
    }
    return 0;
}

int pairs_add_modifiers(struct pairs_question *question, const char *text,
    size_t len, struct error *err)
{
    size_t at = 0;

    while (at < len) {
        const size_t n = item_len(text + at, len - at);
        const size_t colon = colon_at(text + at, n);
        struct code_text code;
        bool found = false;
        int rc;

        if (colon == n || code_text_parse(&code, text + at, colon) != 0)
            return error_set(err, ERR_INPUT, 0,
                "modifiers: write code:modifier, as in 97116:59+GP, not "
                "'%.*s'",
                n > 40 ? 40 : (int)n, text + at);
        for (size_t i = 0; i < question->count; i++) {
            struct pair_line *line = &question->line[i];

            if (line->len != code.len ||
                memcmp(line->code, code.text, code.len) != 0)
                continue;
            found = true;
            if ((rc = pair_line_modifiers(
                     line, text + at + colon + 1, n - colon - 1, err)) != 0)
                return rc;
        }
        if (!found)
            return error_set(err, ERR_INPUT, 0,
                "modifiers: %s is not among the codes", code.text);
        at += n + 1;
    }
    return 0;
}

static void validity_json(struct json *json, enum validity validity)
{
    if (validity == VALIDITY_UNKNOWN)
        json_null(json);
    else
        json_bool(json, validity == VALIDITY_VALID);
}

static const char *line_problem(const struct pair_line *line)
{
    switch (line->kind) {
    case LINE_PROCEDURE:
    case LINE_LOCAL:
        return NULL;
    case LINE_UNKNOWN:
        return "unknown_code";
    default:
        return "bad_syntax";
    }
}

static const char *line_system(const struct pair_line *line)
{
    switch (line->kind) {
    case LINE_PROCEDURE:
        return code_system_name(proc_system(line->packed));
    case LINE_LOCAL:
        return code_system_name(SYSTEM_LOCAL);
    case LINE_ICD10CM:
        return code_system_name(SYSTEM_ICD10CM);
    case LINE_MODIFIER:
        return code_system_name(SYSTEM_MODIFIER);
    default:
        return NULL;
    }
}

static void line_json(struct json *json, const struct rules *rules,
    const struct pair_line *line, day_t day)
{
    struct code_state state = {.valid_from = DAY_UNKNOWN, .valid_to = DAY_OPEN};

    if (line->kind == LINE_PROCEDURE || line->kind == LINE_LOCAL)
        (void)validity_on(&state, rules,
            line->kind == LINE_LOCAL ? SYSTEM_LOCAL : proc_system(line->packed),
            line->code, line->len, day, NULL);
    json_open(json, '{');
    json_key(json, "code");
    json_text(json, line->code, line->len);
    json_key(json, "system");
    json_string(json, line_system(line));
    json_key(json, "valid");
    validity_json(json, state.validity);
    json_key(json, "evidence");
    json_word(json, evidence_name(state.evidence));
    json_key(json, "valid_from");
    json_day(json, state.valid_from);
    json_key(json, "valid_to");
    json_day(json, state.valid_to);
    json_key(json, "modifiers");
    json_open(json, '[');
    for (unsigned i = 0; i < line->modifiers; i++) {
        char modifier[3];

        modifier_unpack(modifier, line->modifier[i]);
        json_word(json, modifier);
    }
    json_close(json, ']');
    json_key(json, "problem");
    json_string(json, line_problem(line));
    json_close(json, '}');
}

/* What all pairs say together. */
struct sum {
    enum pair_verdict worst;
    bool stale, same;
};

static void all_pairs_json(struct json *json, struct sum *sum,
    struct pair_set *set, const struct rules *rules,
    const struct pairs_question *question)
{
    *sum = (struct sum){.worst = VERDICT_BILLABLE};
    for (size_t i = 0; i + 1 < question->count; i++)
        for (size_t k = i + 1; k < question->count; k++) {
            const struct pair_question pair = {&question->line[i],
                &question->line[k], question->day, question->setting,
                question->program};
            struct pair_decision decision;

            pair_decide(&decision, rules, &pair);
            if (decision.verdict < sum->worst)
                sum->worst = decision.verdict;
            sum->stale |= decision.stale;
            sum->same |= strcmp(pair.a->code, pair.b->code) == 0;
            pair_set_add(set, i, k, &decision);
            pair_json(json, rules, &pair, &decision, PAIR_FULL);
        }
}

enum { PAIR_USUAL = 4000 }; /* bytes that few answers about a pair exceed */

int answer_pairs(struct buffer *out, const struct answers *answers,
    const struct pairs_question *question, struct error *err)
{
    const struct rules *rules = answers->rules;
    const size_t before = out->len;
    struct buffer pairs = {.max = out->max};
    struct pair_set set;
    struct json json;
    struct sum sum;

    if (question->count < 2)
        return error_set(err, ERR_INPUT, 0,
            "codes: a pair needs at least two codes, as in codes=97110,97150");
    if (pair_set_open(&set, question, err) != 0) {
        pair_set_close(&set);
        return ERR_SYSTEM;
    }
    (void)buffer_reserve(&pairs,
        set.pairs <= PAIR_SET_FEW ? set.pairs * PAIR_USUAL : PAIR_USUAL);
    json_begin(&json, &pairs);
    all_pairs_json(&json, &sum, &set, rules, question);
    pair_set_advise(&set, rules);

    json_begin(&json, out);
    json_open(&json, '{');
    json_key(&json, "date");
    json_day(&json, question->day);
    json_key(&json, "setting");
    json_word(&json, setting_name(question->setting));
    json_key(&json, "program");
    json_word(&json, program_name(question->program));
    json_key(&json, "verdict");
    json_word(&json, pair_verdict_name(sum.worst));
    json_key(&json, "stale");
    json_bool(&json, sum.stale);
    json_key(&json, "pairs");
    json_open(&json, '[');
    buffer_add(out, pairs.data, pairs.len);
    json_close(&json, ']');
    json_key(&json, "codes");
    json_open(&json, '[');
    for (size_t i = 0; i < question->count; i++)
        line_json(&json, rules, &question->line[i], question->day);
    json_close(&json, ']');
    pair_set_matrix_json(&json, &set);
    pair_set_advice_json(&json, &set);
    json_key(&json, "releases");
    json_open(&json, '[');
    release_used_json(&json,
        rules->edits[question->setting][question->program].series,
        question->day);
    if (sum.same)
        release_used_json(&json,
            store_series(answers->store, TABLE_MUE, question->setting,
                question->program),
            question->day);
    json_close(&json, ']');
    json_close(&json, '}');
    pair_set_close(&set);
    if (out->failed || pairs.failed) {
        out->len = before;
        buffer_clear(&pairs);
        return error_memory(err);
    }
    buffer_clear(&pairs);
    return 0;
}
