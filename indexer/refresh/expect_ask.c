#include "indexer/refresh/expect.h"

#include <ctype.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/card/timed_json.h"
#include "codesets/answer/necessity/necessity_answer.h"
#include "codesets/answer/units/units_answer.h"
#include "codesets/core/bytes.h"
#include "codesets/rules/validity.h"
#include "codesets/store/aoc.h"
#include "codesets/store/mue.h"
#include "codesets/store/view.h"

/* What is being asked, and where the answer goes. */
struct asking {
    const struct answers *answers;
    const struct expectation *e;
    struct expect_result *out;
    const struct series *series; /* that answers; NULL where several may */
    day_t day;
};

const char *expect_outcome_name(enum expect_outcome outcome)
{
    static const char *const names[EXPECT_OUTCOMES] = {
        "held", "failed", "not_loaded", "older"};

    return (unsigned)outcome < EXPECT_OUTCOMES ? names[outcome] : "";
}

static void say(const struct asking *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(const struct asking *a, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(a->out->got, sizeof a->out->got, format, args);
    va_end(args);
}

static void say_where(
    const struct asking *a, const char *release, struct source_ref source)
{
    if (source.file != NULL)
        (void)snprintf(a->out->where, sizeof a->out->where, "%s%s%s:%u",
            release != NULL ? release : "",
            release != NULL && release[0] != '\0' ? ", " : "", source.file,
            source.row);
}

/* Of the series that answers; "" where several may. */
static const char *newest_label(const struct asking *a)
{
    return a->series != NULL && a->series->releases > 0
               ? a->series->release[a->series->releases - 1].label
               : "";
}

static const char *label_at(const struct asking *a, uint32_t release)
{
    return a->series != NULL && release < a->series->releases
               ? a->series->release[release].label
               : "";
}

/* The comparison, when one word was got. */
static void judge(const struct asking *a, const char *got)
{
    say(a, "%s", got);
    a->out->outcome =
        strcmp(got, a->e->expected) == 0 ? EXPECT_HELD : EXPECT_FAILED;
}

static size_t word_at(const char *text, size_t n, const char **word)
{
    size_t len;

    for (;; text += len) {
        text += strspn(text, " ");
        *word = text;
        len = strcspn(text, " ");
        if (n-- == 0)
            return len;
    }
}

/* A word of `of`, which the reader has checked, as a code. */
static void code_at_word(
    struct code_text *out, const struct expectation *e, size_t n)
{
    const char *word;
    const size_t len = word_at(e->of, n, &word);

    if (!expectation_code(out, word, len))
        *out = (struct code_text){.len = 0};
}

/* --- edits ------------------------------------------------------------------
 */

static uint32_t ordinal_of(const struct asking *a, size_t n)
{
    struct code_text code;

    code_at_word(&code, a->e, n);
    return proc_find(&a->answers->store->proc, proc_pack(code.text));
}

static void ask_edit(const struct asking *a)
{
    const struct ptp_table *table =
        a->answers->rules->edits[a->e->setting][a->e->program].table;
    const uint32_t one = ordinal_of(a, 0), two = ordinal_of(a, 1);
    const uint32_t lower = one < two ? one : two;
    uint32_t first = 0, end = 0;
    bool any = false, never = false, held = false;
    char live[2] = "";
    const char want = a->e->expected[0];

    if (one != PROC_ORDINAL_NONE && two != PROC_ORDINAL_NONE && one != two)
        ptp_find(table, one, two, &first, &end);
    for (uint32_t row = first; row < end; row++) {
        struct ptp_edit edit;

        ptp_edit(table, lower, row, &edit);
        if (edit.column1 != one)
            continue;
        any = true;
        never |= edit.indicator == INDICATOR_NOT_APPLICABLE;
        if (!ptp_in_force(&edit, a->day))
            continue;
        live[0] = edit.indicator == INDICATOR_NOT_ALLOWED ? '0' : '1';
        say_where(a, newest_label(a),
            (struct source_ref){
                store_file(a->answers->store, edit.file), edit.line});
    }
    if (live[0] != '\0')
        say(a, "in force, indicator %s%s", live,
            never ? "; also a row of indicator 9" : "");
    else if (!any)
        say(a, "no row");
    else
        say(a, "rows, none in force%s",
            never ? "; one of indicator 9" : "; none of indicator 9");
    if (strcmp(a->e->expected, "none") == 0)
        held = live[0] == '\0';
    else if (strcmp(a->e->expected, "no_row") == 0)
        held = !any;
    else
        held = want == '9' ? never : live[0] == want;
    a->out->outcome = held ? EXPECT_HELD : EXPECT_FAILED;
}

/* Pairs in force with either code in column 1: the publisher's mistake, which a
 * question answers with the stricter row (domain.md 5.2). */
static void ask_both_ways(const struct asking *a)
{
    const struct ptp_table *table =
        a->answers->rules->edits[a->e->setting][a->e->program].table;
    const struct proc_table *proc = &a->answers->store->proc;
    char first[PROC_LEN + 1] = "", second[PROC_LEN + 1] = "";
    uint32_t found = 0;

    for (uint32_t lower = 0; lower < table->codes; lower++) {
        uint32_t row = load_u32(table->first_row + 4 * (size_t)lower);
        const uint32_t end = load_u32(table->first_row + 4 * (size_t)lower + 4);
        uint32_t pair = PROC_ORDINAL_NONE;
        unsigned sides = 0;

        for (; row < end && row < table->rows; row++) {
            struct ptp_edit edit;
            uint32_t higher;

            ptp_terms(table, lower, row, &edit);
            higher = edit.column1 == lower ? edit.column2 : edit.column1;
            if (higher != pair)
                sides = 0;
            pair = higher;
            if (!ptp_in_force(&edit, a->day) || sides == 3)
                continue;
            sides |= edit.column1 == lower ? 1 : 2;
            if (sides == 3 && found++ == 0 && higher < proc->count) {
                proc_unpack(first, proc_at(proc, lower));
                proc_unpack(second, proc_at(proc, higher));
            }
        }
    }
    if (found == 0) {
        judge(a, "none");
        return;
    }
    say(a, "%u pair%s, the first %s and %s", found, found == 1 ? "" : "s",
        first, second);
    a->out->outcome = EXPECT_FAILED;
}

static void ask_pair(const struct asking *a)
{
    struct pair_line line[2];
    struct pair_decision decision;
    const struct pair_question question = {.a = &line[0],
        .b = &line[1],
        .day = a->day,
        .setting = a->e->setting,
        .program = a->e->program};
    const char *verdict, *reason;

    for (size_t i = 0; i < 2; i++) {
        const char *word;
        const size_t len = word_at(a->e->of, i, &word);
        const char *colon = memchr(word, ':', len);
        const size_t code = colon != NULL ? (size_t)(colon - word) : len;

        pair_line_parse(&line[i], a->answers->rules, word, code);
        if (colon != NULL)
            (void)pair_line_modifiers(
                &line[i], colon + 1, len - code - 1, NULL);
    }
    pair_decide(&decision, a->answers->rules, &question);
    verdict = pair_verdict_name(decision.verdict);
    reason = pair_reason_name(decision.reason);
    say(a, "%s (%s)", verdict, reason);
    a->out->outcome = strcmp(a->e->expected, verdict) == 0 ||
                              strcmp(a->e->expected, reason) == 0
                          ? EXPECT_HELD
                          : EXPECT_FAILED;
}

/* --- rows -------------------------------------------------------------------
 */

static int ask_mue(const struct asking *a, struct error *err)
{
    const char *const expected = a->e->expected;
    char full[64], value[32];
    struct mue_state state;
    struct code_text code;
    int rc;

    code_at_word(&code, a->e, 0);
    rc = mue_find(&state, a->answers->store, a->e->setting, a->e->program,
        code.text, code.len, a->day, err);
    if (rc != 0)
        return rc;
    if (mue_uncertain(&state)) {
        say(a, "uncertain: the releases around the day differ");
        a->out->outcome = EXPECT_FAILED;
        return 0;
    }
    if (!state.found) {
        judge(a, "no_row");
        return 0;
    }
    (void)snprintf(value, sizeof value, "%u", state.now.value);
    if (state.now.mai == MAI_NONE)
        (void)snprintf(full, sizeof full, "%s", value);
    else
        (void)snprintf(
            full, sizeof full, "%s mai %d", value, (int)state.now.mai);
    say_where(a, state.now.release->label, state.now.source);
    judge(a, strchr(expected, ' ') != NULL ? full : value);
    say(a, "%s", full);
    return 0;
}

static int ask_addon(const struct asking *a, struct error *err)
{
    struct code_text addon, primary = {.len = 0};
    char got[16] = "no_row";
    const char *word;
    struct aoc_rows rows;
    struct aoc_row row;
    int rc;

    code_at_word(&addon, a->e, 0);
    if (word_at(a->e->of, 1, &word) > 0)
        code_at_word(&primary, a->e, 1);
    rc = aoc_find(&rows, a->answers->store, addon.text, addon.len, false, err);
    while (rc == 0 || rc == 1) {
        if ((rc = aoc_next(&rows, &row, err)) != 1)
            break;
        if (!aoc_in_force(&row, a->day) ||
            (primary.len > 0 && strcmp(row.primary, primary.text) != 0))
            continue;
        (void)snprintf(got, sizeof got, "type %u", (unsigned)row.type);
        say_where(a, newest_label(a), row.source);
        break;
    }
    if (rc < 0 && rc != ERR_NOTFOUND)
        return rc;
    judge(a, got);
    return 0;
}

static void judge_text(const struct asking *a, const char *text)
{
    judge(a, *text == '\0' ? "empty" : text);
}

/* A column of one row: of the day's release, of the life that holds the day
 * (HCPCS), or of a list without dates. */
static int ask_column(const struct asking *a, struct error *err)
{
    const struct store *store = a->answers->store;
    struct code_text code, modifier = {.len = 0};
    char key[2 * CODE_TEXT];
    struct snapshot snapshot;
    struct view view;
    const char *word;
    struct rows rows;
    struct row row;
    int rc;

    code_at_word(&code, a->e, 0);
    if (word_at(a->e->of, 1, &word) > 0)
        code_at_word(&modifier, a->e, 1);
    (void)snprintf(key, sizeof key, "%s%s", code.text, modifier.text);
    switch (table_schema(a->e->table)->kind) {
    case SERIES_SNAPSHOT:
        rc = snapshot_find(
            &snapshot, store, a->series, key, strlen(key), a->day, err);
        if (rc == 0 && snapshot.found) {
            const uint32_t release = snapshot.release;

            say_where(a, label_at(a, release),
                row_source(store, &snapshot.row, release));
            judge_text(a, row_text(store, &snapshot.row, a->e->column, NULL));
            return 0;
        }
        break;
    case SERIES_MERGED:
        rc = hcpcs_find(&view, store, key, strlen(key), a->day, err);
        if (rc == 0) {
            const char *text = view_text(&view, a->e->column, NULL);

            say_where(a, view_release(&view), view_source(&view));
            judge_text(a, text != NULL ? text : "");
            return 0;
        }
        break;
    default:
        rc = rows_find(&rows, store, a->series, key, strlen(key), err);
        if (rc == 0 && (rc = rows_next(&rows, &row, err)) == 1) {
            say_where(a, label_at(a, row.last_release),
                row_source(store, &row, row.last_release));
            judge_text(a, row_text(store, &row, a->e->column, NULL));
            return 0;
        }
    }
    if (rc < 0 && rc != ERR_NOTFOUND)
        return rc;
    judge(a, "no_row");
    return 0;
}

/* --- codes, words, minutes --------------------------------------------------
 */

static enum code_system system_of(const struct code_text *code)
{
    uint32_t packed = PROC_NONE;

    if (code->len == MODIFIER_LEN)
        return SYSTEM_MODIFIER;
    if (code->len == PROC_LEN && !code->dotted)
        packed = proc_pack(code->text);
    if (packed != PROC_NONE)
        return proc_system(packed);
    return icd_shaped(code->text, code->len) ? SYSTEM_ICD10CM : SYSTEM_LOCAL;
}

static int ask_valid(const struct asking *a, struct error *err)
{
    struct code_state state;
    struct code_text code;
    int rc;

    code_at_word(&code, a->e, 0);
    rc = validity_on(&state, a->answers->rules, system_of(&code), code.text,
        code.len, a->day, err);
    if (rc == ERR_NOTFOUND) {
        say(a, "no loaded release has the code");
        a->out->outcome = EXPECT_FAILED;
        return 0;
    }
    if (rc != 0)
        return rc;
    judge(a, state.validity == VALIDITY_VALID       ? "true"
             : state.validity == VALIDITY_NOT_VALID ? "false"
                                                    : "unknown");
    if (state.release != NULL)
        (void)snprintf(a->out->where, sizeof a->out->where, "%s, %s %s",
            evidence_name(state.evidence),
            table_schema(state.series->table)->name, state.release->label);
    return 0;
}

static int ask_timed(const struct asking *a, struct error *err)
{
    struct buffer text = {0};
    struct json json = {.out = &text};
    struct timed_fact fact;
    struct code_text code;
    json_t *answer, *flag;

    code_at_word(&code, a->e, 0);
    timed_find(&fact, a->answers->rules->timed, proc_pack(code.text), a->day);
    timed_fact_json(&json, a->answers->rules, &fact, a->day);
    answer = json_loadb(text.data != NULL ? text.data : "", text.len, 0, NULL);
    buffer_clear(&text);
    if (answer == NULL)
        return error_memory(err);
    flag = json_object_get(answer, "flag");
    say_where(a, fact.release, fact.source);
    judge(a, json_is_true(flag)    ? "true"
             : json_is_false(flag) ? "false"
                                   : "unknown");
    json_decref(answer);
    return 0;
}

/* Codes and units in the order asked; as many as were asked. */
static int ask_units(const struct asking *a, struct error *err)
{
    struct units_request request;
    struct units_answer *answer;
    struct buffer got = {0};
    const char *word, *at = a->e->of;
    struct error why = {0};
    int rc = 0;

    units_begin(&request, a->day);
    for (size_t n = 0, len; rc == 0 && (len = word_at(at, n, &word)) > 0; n++)
        rc = units_add_text(&request, a->answers, word, len, &why);
    if (rc == 0)
        rc = units_ask(&answer, a->answers, &request, &why);
    if (rc != 0) {
        if (rc == ERR_SYSTEM || rc == ERR_CORRUPT)
            return error_set(err, rc, why.cause, "%s", why.msg);
        say(a, "%s", why.msg);
        a->out->outcome = EXPECT_FAILED;
        return 0;
    }
    for (size_t i = 0; i < answer->entries; i++)
        if (!answer->entry[i].implied)
            buffer_addf(&got, "%s%s:%u", got.len > 0 ? " " : "",
                answer->entry[i].code, answer->entry[i].units);
    buffer_addc(&got, '\0');
    free(answer);
    if (got.failed)
        rc = error_memory(err);
    else
        judge(a, got.data);
    buffer_clear(&got);
    return rc;
}

static int ask_search(const struct asking *a, struct error *err)
{
    const struct search_question question = {
        .text = {a->e->of, strlen(a->e->of)},
        .day = a->day,
        .on_day = a->e->dated,
        .limit = 1};
    struct code_text wanted, code = {.len = 0};
    struct buffer text = {0};
    struct error why = {0};
    const char *hit;
    json_t *answer;
    int rc = answer_search(&text, a->answers, &question, &why);

    if (rc == ERR_SYSTEM || rc == ERR_CORRUPT) {
        buffer_clear(&text);
        return error_set(err, rc, why.cause, "%s", why.msg);
    }
    answer = json_loadb(text.data != NULL ? text.data : "", text.len, 0, NULL);
    buffer_clear(&text);
    hit = json_string_value(json_object_get(
        json_array_get(json_object_get(answer, "hits"), 0), "code"));
    say(a, "%s", hit != NULL ? hit : rc != 0 ? why.msg : "no hit");
    if (hit != NULL && expectation_code(&code, hit, strlen(hit)) &&
        expectation_code(&wanted, a->e->expected, strlen(a->e->expected)) &&
        strcmp(code.text, wanted.text) == 0)
        a->out->outcome = EXPECT_HELD;
    else
        a->out->outcome = EXPECT_FAILED;
    json_decref(answer);
    return 0;
}

static int ask_necessity(const struct asking *a, struct error *err)
{
    struct necessity_request request = {.day = a->day};
    struct necessity_question question;
    struct necessity_answer *answer;
    const char *verdict, *reason, *link, *place;
    struct error why = {0};
    size_t len;
    int rc;

    request.code.len = word_at(a->e->of, 0, &request.code.text);
    request.icd10.len = word_at(a->e->of, 1, &request.icd10.text);
    len = word_at(a->e->of, 2, &place);
    if (len == 2)
        request.state = (struct text_ref){place, len};
    else if (len > 0 && (*place == 'A' || *place == 'a'))
        request.article = (struct text_ref){place, len};
    else if (len > 0)
        request.contractor = (struct text_ref){place, len};
    if ((answer = malloc(sizeof *answer)) == NULL)
        return error_memory(err);
    rc = necessity_request_read(&question, &request, &why);
    if (rc == 0)
        rc = necessity_decide(answer, a->answers->rules, &question, &why);
    if (rc == ERR_SYSTEM || rc == ERR_CORRUPT) {
        free(answer);
        return error_set(err, rc, why.cause, "%s", why.msg);
    }
    if (rc != 0) {
        say(a, "%s", why.msg);
        a->out->outcome = EXPECT_FAILED;
    } else {
        verdict = necessity_verdict_name(answer->verdict);
        reason = necessity_reason_name(answer->reason);
        link = tie_link_name(answer->link);
        say(a, "%s (%s%s%s)", verdict, reason, link != NULL ? ", " : "",
            link != NULL ? link : "");
        a->out->outcome = strcmp(a->e->expected, verdict) == 0 ||
                                  strcmp(a->e->expected, reason) == 0
                              ? EXPECT_HELD
                              : EXPECT_FAILED;
    }
    free(answer);
    return 0;
}

/* --- one question -----------------------------------------------------------
 */

/* The series that answers, where one does. */
static const struct series *series_of(
    const struct store *store, const struct expectation *e)
{
    const bool by_setting = table_schema(e->table)->by_setting;

    return store_series(store, e->table, by_setting ? e->setting : SETTING_NONE,
        by_setting ? e->program : PROGRAM_NONE);
}

/* A line without a date is asked for the last day that its table covers. */
static day_t day_of(const struct asking *a)
{
    day_t to = DAY_OPEN;

    if (a->e->dated)
        return a->e->day;
    if (a->series != NULL && a->series->releases > 0)
        to = a->series->release[a->series->releases - 1].to;
    return to == DAY_OPEN || to == DAY_UNKNOWN ||
                   (a->series != NULL &&
                       table_schema(a->series->table)->kind == SERIES_UNDATED)
               ? day_today()
               : to;
}

static int ask_it(const struct asking *a, struct error *err)
{
    switch (a->e->ask) {
    case ASK_EDIT:
        ask_edit(a);
        return 0;
    case ASK_EDIT_BOTH_WAYS:
        ask_both_ways(a);
        return 0;
    case ASK_PAIR:
        ask_pair(a);
        return 0;
    case ASK_MUE:
        return ask_mue(a, err);
    case ASK_ADDON:
        return ask_addon(a, err);
    case ASK_VALID:
        return ask_valid(a, err);
    case ASK_TIMED:
        return ask_timed(a, err);
    case ASK_UNITS:
        return ask_units(a, err);
    case ASK_SEARCH:
        return ask_search(a, err);
    case ASK_NECESSITY:
        return ask_necessity(a, err);
    case ASK_RELEASE:
        judge(a, newest_label(a));
        return 0;
    case ASK_COLUMN:
        break;
    }
    return ask_column(a, err);
}

int expectation_ask(struct expect_result *out, const struct answers *answers,
    const struct expectation *expectation, struct error *err)
{
    struct asking a = {.answers = answers, .e = expectation, .out = out};
    const char *newest;

    *out = (struct expect_result){.outcome = EXPECT_HELD};
    if (expectation->table != TABLE_COUNT) {
        a.series = series_of(answers->store, expectation);
        if (a.series == NULL || a.series->releases == 0) {
            out->outcome = EXPECT_NOT_LOADED;
            say(&a, "the table is not loaded");
            return 0;
        }
        newest = a.series->release[a.series->releases - 1].label;
        /* Labels of one table sort by their day. */
        if (expectation->since[0] != '\0' &&
            strcmp(newest, expectation->since) < 0) {
            out->outcome = EXPECT_OLDER;
            say(&a, "not asked of release %s", newest);
            return 0;
        }
    }
    a.day = day_of(&a);
    return ask_it(&a, err);
}

void expectation_text(
    char *out, size_t size, const struct expectation *expectation)
{
    const bool by_setting = expectation->table != TABLE_COUNT &&
                            table_schema(expectation->table)->by_setting;
    char day[DAY_TEXT_LEN] = "";

    if (expectation->dated)
        (void)day_format(day, expectation->day);
    (void)snprintf(out, size, "%s %s%s%s%s%s%s%s", expectation->name,
        expectation->of, by_setting ? ", " : "",
        by_setting ? setting_name(expectation->setting) : "",
        by_setting && expectation->program == PROGRAM_MEDICAID ? ", " : "",
        by_setting && expectation->program == PROGRAM_MEDICAID
            ? program_name(expectation->program)
            : "",
        expectation->dated ? ", " : "", day);
}
