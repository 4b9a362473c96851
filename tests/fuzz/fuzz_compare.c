/* fuzz_compare.c - whatever is damaged in the tables of a build, comparing it
 * ends and stays within them; whatever is asked of /v1/changes is answered or
 * refused.
 *
 * The first byte picks what is damaged: the edits, the coverage data or the
 * rows of a list; the rest are places and the bytes that are put there, three
 * bytes each. An odd pick is a question: lines of codes, tables, kinds, cursor.
 */
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/changes/changes.h"
#include "codesets/compare/compare.h"
#include "codesets/core/bytes.h"
#include "codesets/store/layout.h"
#include "tests/tiny_coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { PAGES_MAX = 4096, STEPS = 7, PAGE = 3 };

static struct tiny *tiny; /* as long as the program */
static const struct answers *answers;
static const struct store *sound;
static struct compare_codes *codes;

static void must(bool good)
{
    if (!good)
        abort();
}

static const struct answers *make(void)
{
    static const char *const procs[] = {
        "97035", "97110", "97112", "97116", "97140", "97150", "G0283"};
    uint8_t id;

    tiny = tiny_begin();
    for (size_t i = 0; i < sizeof procs / sizeof procs[0]; i++)
        tiny_proc(tiny, procs[i], "valid listed 0 0");
    id = tiny_series(tiny, TABLE_HCPCS, SETTING_NONE, PROGRAM_NONE,
        "2020q3 2020-07-01 2020-09-30; 2020q4 2020-10-01 2020-12-31");
    tiny_hcpcs(tiny, id, 0, 0, "G0283", "3", "Old", "", "20030101", "20100101");
    tiny_hcpcs(tiny, id, 1, 1, "G0283", "3", "New", "97035", "20201001", "");
    id = tiny_series(tiny, TABLE_AOC, SETTING_NONE, PROGRAM_NONE,
        "2020q4 2020-10-01 2020-12-31");
    tiny_row(tiny, id, 0, 0, "97116|1||97110||20201001||");
    tiny_row(tiny, id, 0, 0, "97116|1||97112||20000101|20200930|");
    (void)tiny_series(tiny, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2020q4 2020-10-01 2020-12-31");
    tiny_edit(tiny, SETTING_PRACTITIONER, "97110", "97112", "2010-01-01",
        "2020-09-30", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97112", "97110", "2020-10-01", "", 0);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97116", "97140", "2020-10-01", "", 1);
    tiny_edit(tiny, SETTING_PRACTITIONER, "97150", "G0283", "?", "", 1);
    tiny_coverage(tiny,
        "2020-10-01 2020-10-01 2020-10-07; 2020-10-08 2020-10-08 2020-10-15",
        "release\n"
        "contractor 228/9/2 15102 MAC - Part B\n"
        "state 22 KY KY Kentucky\n"
        "jurisdiction 228/9/2 22 2015-01-01 open\n"
        "article 100 1 A from=2020-01-01 title=Therapy\n"
        "procedures 1: 97035 97110\n"
        "covered 1: M5450 M5459\n"
        "release\n"
        "article 100 2 A from=2020-10-08 title=Therapy services\n"
        "procedures 1: 97035 97140\n"
        "covered 1: M5450 M5451\n"
        "article 300 1 A from=2020-10-05 title=Comes\n"
        "procedures 1: 97140\n");
    return tiny_open(tiny);
}

/* Bytes of a blob, some of them others. */
static uint8_t *damaged(const struct store *store, const void *name,
    size_t name_len, const uint8_t *data, size_t len, size_t *size)
{
    struct span span = {NULL, 0};
    uint8_t *bytes;

    must(store_blob(store, name, name_len, &span, NULL) == 0);
    bytes = malloc(span.len + 1);
    must(bytes != NULL);
    memcpy(bytes, span.data, span.len);
    for (; len >= 3; data += 3, len -= 3)
        if (span.len > 0)
            bytes[load_u16(data) % span.len] = data[2];
    *size = span.len;
    return bytes;
}

static void compare(const struct store *before, const struct store *after)
{
    static struct compare_summary summary;
    struct compare_question question = {
        .side = {{before, COMPARE_NEWEST}, {after, COMPARE_NEWEST}}};
    uint64_t at = 0;
    size_t pages = 0;
    int rc;

    rc = compare_run(&summary, &question, NULL, NULL, NULL);
    must(rc == 0 || rc == ERR_CORRUPT || rc == ERR_LIMIT);
    question.codes = codes;
    rc = compare_run(&summary, &question, NULL, NULL, NULL);
    must(rc == 0 || rc == ERR_CORRUPT || rc == ERR_LIMIT);
    question.codes = NULL;
    if (before != after)
        return;
    do {
        const uint64_t from = at;

        rc = compare_page(&question, &at, PAGE, STEPS, NULL, NULL, NULL);
        must(rc != 0 || at == 0 || at > from);
    } while (rc == 0 && at != 0 && ++pages < PAGES_MAX);
    must(rc != 0 || at == 0);
}

static void compare_damaged(unsigned pick, const uint8_t *data, size_t len)
{
    static const uint8_t ptp[] = {
        'p', 't', 'p', SETTING_PRACTITIONER, PROGRAM_MEDICARE};
    uint8_t row[] = {'r', 'o', 'w', (uint8_t)(pick / 3 % 2)};
    struct store *store = malloc(sizeof *store);
    uint8_t *bytes;
    size_t size;
    int rc;

    must(store != NULL);
    *store = *sound;
    switch (pick % 3) {
    case 0:
        bytes = damaged(sound, ptp, sizeof ptp, data, len, &size);
        rc = ptp_table_read(&store->ptp[SETTING_PRACTITIONER][PROGRAM_MEDICARE],
            bytes, size, store->proc.count, NULL);
        break;
    case 1:
        bytes = damaged(sound, "coverage", 8, data, len, &size);
        rc = coverage_read(&store->coverage, bytes, size, NULL);
        break;
    default:
        bytes = damaged(sound, row, sizeof row, data, len, &size);
        rc = row_index_read(
            &store->row[row[3]], bytes, size, store->proc.count, NULL);
        break;
    }
    if (rc == 0) {
        compare(store, store);
        compare(sound, store);
        compare(store, sound);
    }
    free(bytes);
    free(store);
}

static struct text_ref line(const uint8_t **at, size_t *len)
{
    const uint8_t *end = *len == 0 ? NULL : memchr(*at, '\n', *len);
    const size_t n = end == NULL ? *len : (size_t)(end - *at);
    const struct text_ref text = {n == 0 ? NULL : (const char *)*at, n};

    *at += end == NULL ? n : n + 1;
    *len -= end == NULL ? n : n + 1;
    return text;
}

static void ask(const uint8_t *data, size_t len)
{
    struct changes_question question = {.counts = len % 2 == 0, .limit = 2};
    struct buffer out = {0};
    struct error err = {0};
    int rc;

    question.codes = line(&data, &len);
    question.tables = line(&data, &len);
    question.kinds = line(&data, &len);
    question.cursor = line(&data, &len);
    rc = answer_changes(&out, answers, &question, &err);
    must(rc == 0 || rc == ERR_INPUT || rc == ERR_LIMIT);
    must(rc != 0 || (out.len > 0 && !out.failed));
    must(rc == 0 || (out.len == 0 && err.msg[0] != '\0'));
    buffer_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (answers == NULL) {
        answers = make();
        sound = answers->store;
        must(compare_codes_parse(
                 &codes, "97110 97140 G0283 M5459", 23, 9, NULL) == 0);
    }
    if (len == 0)
        return 0;
    if (data[0] % 2 != 0)
        ask(data + 1, len - 1);
    else
        compare_damaged(data[0] / 2, data + 1, len - 1);
    return 0;
}
