/* fuzz_claim.c - any body gives an answer, and the answer is whole.
 *
 * The first byte chooses: one claim as JSON, one as CSV, or a batch of claims.
 * An answer must be JSON; a claim that is clean has no errors and no warnings,
 * and every line that a finding names is one of the claim's. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/claim/claim_answer.h"
#include "tests/tiny_build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tiny *tiny;
static struct claim_work *work;

static void close_all(void)
{
    free(work);
    tiny_close(tiny);
}

static struct answers *make_answers(void)
{
    static const char *const codes[] = {
        "97110", "97112", "97150", "90785", "90834", "G0283"};
    uint8_t pfs, mue, aoc, icd, timed, facts;

    tiny = tiny_begin();
    work = malloc(sizeof *work);
    if (work == NULL || atexit(close_all) != 0)
        abort();
    pfs = tiny_series(tiny, TABLE_PFS, SETTING_NONE, PROGRAM_NONE,
        "2024c 2024-07-01 2024-12-31");
    mue = tiny_series(tiny, TABLE_MUE, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30; 2025q1 2025-01-01 2025-03-31");
    aoc = tiny_series(tiny, TABLE_AOC, SETTING_NONE, PROGRAM_NONE,
        "2024q3 2024-07-01 2024-09-30");
    icd = tiny_series(tiny, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE,
        "2024 2023-10-01 2024-09-30");
    timed = tiny_series(
        tiny, TABLE_TIMED, SETTING_NONE, PROGRAM_NONE, "own 1900-01-01 open");
    facts = tiny_series(tiny, TABLE_CLAIM_FACT, SETTING_NONE, PROGRAM_NONE,
        "own 1900-01-01 open");
    (void)tiny_series(tiny, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char life[32];

        (void)snprintf(life, sizeof life, "valid listed %u 0", pfs);
        tiny_proc(tiny, codes[i], life);
        tiny_cells(tiny, pfs, 0, 0, PFS_KEY, codes[i], PFS_STATUS, "A",
            PFS_MULTIPLE_PROCEDURE, "5", -1);
    }
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97110", "2020-01-01", "", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97112", "2020-01-01", "", 0);
    tiny_row(tiny, mue, 0, 0, "97110|6|3|Invented");
    tiny_row(tiny, mue, 1, 1, "97110|4|2|Invented");
    tiny_row(tiny, mue, 0, 1, "97150|1|1|Invented");
    tiny_row(tiny, aoc, 0, 0, "90785|1||90834||20130101||");
    tiny_row(tiny, icd, 0, 0, "M5450|1|Low back pain|Low back pain");
    tiny_row(tiny, timed, 0, 0,
        "97110|invented|CPT1|EACH|Y|15|8||15|Y|always|V|N|||||A|");
    tiny_row(tiny, timed, 0, 0,
        "97112|invented|CPT1|EACH|Y|15|8||15|Y|always|V|N|||||A|");
    tiny_row(tiny, facts, 0, 0, "GP|therapist|PT|||V|");
    tiny_row(tiny, facts, 0, 0, "GO|therapist|OT|||V|");
    tiny_row(tiny, facts, 0, 0, "042X|revenue|GP|||V|invented");
    return tiny_open(tiny);
}

static void must(bool good)
{
    if (!good)
        abort();
}

static void check_lines(const json_t *list, size_t lines)
{
    const json_t *line;
    size_t i;

    json_array_foreach(list, i, line)
        must(json_integer_value(line) >= 1 &&
             (size_t)json_integer_value(line) <= lines);
}

static void check_answer(const char *text, size_t len)
{
    json_t *answer = json_loadb(text, len, 0, NULL);
    const json_t *finding;
    size_t lines, i;

    must(json_is_object(answer));
    if (json_object_get(answer, "problem") == NULL) {
        lines = json_array_size(json_object_get(answer, "lines"));
        must(lines >= 1 && lines <= CLAIM_LINES_MAX);
        if (json_is_true(json_object_get(answer, "clean")))
            must(json_integer_value(json_object_get(answer, "errors")) == 0 &&
                 json_integer_value(json_object_get(answer, "warnings")) == 0);
        json_array_foreach(json_object_get(answer, "findings"), i, finding)
        {
            check_lines(json_object_get(finding, "lines"), lines);
            check_lines(json_object_get(finding, "denied"), lines);
            must(json_string_length(json_object_get(finding, "text")) > 0);
        }
    }
    json_decref(answer);
}

static void check_one(
    const struct answers *answers, int rc, const struct error *err)
{
    struct buffer out = {0};

    if (rc != 0) {
        must(err->msg[0] != '\0');
        return;
    }
    must(answer_claim(&out, answers, work, NULL) == 0);
    check_answer(out.data, out.len);
    buffer_clear(&out);
}

static void check_batch(const struct answers *answers,
    const struct claim_defaults *defaults, const char *text, size_t len)
{
    struct claim_batch *batch;
    struct buffer out = {0};
    const char *at;

    if (claim_batch_open(&batch, answers, text, len, defaults, NULL) != 0)
        return;
    while (claim_batch_step(batch, 2, &out))
        continue;
    claim_batch_close(batch);
    must(out.len > 0 && out.data[out.len - 1] == '\n');
    for (at = out.data; at < out.data + out.len;) {
        const char *end = memchr(at, '\n', (size_t)(out.data + out.len - at));

        check_answer(at, (size_t)(end - at));
        at = end + 1;
    }
    buffer_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct claim_defaults defaults = {
        .day = 19919, /* 2024-07-15 */
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
    static const struct text_ref diagnoses = {"M54.50,Z99", 10};
    static struct answers *answers;
    const char *text = (const char *)data + 1;
    struct error err = {0};

    if (answers == NULL)
        answers = make_answers();
    if (size == 0)
        return 0;
    size--;
    if (data[0] % 3 == 0)
        check_one(answers,
            claim_read_json(
                &work->claim, answers->rules, &defaults, text, size, &err),
            &err);
    else if (data[0] % 3 == 1)
        check_one(answers,
            claim_read_csv(&work->claim, answers->rules, &defaults, diagnoses,
                text, size, &err),
            &err);
    else
        check_batch(answers, &defaults, text, size);
    return 0;
}
