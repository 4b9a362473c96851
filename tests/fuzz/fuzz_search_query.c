/* fuzz_search_query.c - any text is a search: it ends, its answer is JSON, and
 * its highlights lie in the texts they belong to. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/answer.h"
#include "tests/tiny_build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tiny *tiny;

static void drop_build(void)
{
    tiny_close(tiny);
}

static struct answers *answers(void)
{
    static struct answers *opened;
    uint8_t icd, local;

    if (opened != NULL)
        return opened;
    tiny = tiny_begin();
    icd = tiny_series(tiny, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE,
        "2026 2025-10-01 2026-09-30");
    local = tiny_series(
        tiny, TABLE_LOCAL, SETTING_NONE, PROGRAM_NONE, "own 1900-01-01 open");
    tiny_row(tiny, icd, 0, 0, "M5450|1|x|Low back pain, unspecified");
    tiny_row(tiny, icd, 0, 0, "M545|0|x|Low back pain");
    tiny_row(tiny, icd, 0, 0,
        "H8101|1|x|M\xC3\xA9ni\xC3\xA8re's disease, 2.5 \xEF\xAC\x81 \xC2\xBD");
    tiny_row(tiny, local, 0, 0,
        "A-1|\xF0\x9F\x92\x8A pill \xE4\xB8\xAD\xE6\x96\x87");
    tiny_proc(tiny, "97110", "valid listed 0 0");
    opened = tiny_open(tiny);
    (void)atexit(drop_build);
    return opened;
}

static void must(bool good)
{
    if (!good)
        abort();
}

static size_t points(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += ((uint8_t)*text & 0xC0) != 0x80;
    return n;
}

static void check_hit(json_t *hit)
{
    const char *text = json_string_value(json_object_get(hit, "text"));
    json_t *spans = json_object_get(hit, "highlights");
    json_int_t end = 0;

    for (size_t i = 0; i < json_array_size(spans); i++) {
        json_t *span = json_array_get(spans, i);
        const json_int_t start = json_integer_value(json_array_get(span, 0));
        const json_int_t length = json_integer_value(json_array_get(span, 1));

        must(text != NULL && start >= end && length > 0);
        end = start + length;
        must((size_t)end <= points(text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct search_question question = {
        .text = {(const char *)data, size}, .day = 20454, .limit = 5};
    struct buffer out = {0};
    json_t *said, *hits;
    const int rc = answer_search(&out, answers(), &question, NULL);

    if (rc == ERR_LIMIT)
        return 0;
    must(rc == 0);
    said = json_loadb(out.data, out.len, JSON_ALLOW_NUL, NULL);
    hits = json_object_get(said, "hits");
    must(json_is_array(hits));
    for (size_t i = 0; i < json_array_size(hits); i++)
        check_hit(json_array_get(hits, i));
    json_decref(said);
    buffer_clear(&out);
    return 0;
}
