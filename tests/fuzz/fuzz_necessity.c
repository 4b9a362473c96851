/* fuzz_necessity.c - any paragraph, any bytes of ties, any body of questions.
 *
 * The first byte picks what is fed. A paragraph never names more than there is
 * room for, and a longer text of the same beginning reads the same beginning;
 * ties that pass their check lead nowhere outside; a batch is answered in its
 * own form. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/necessity/necessity_batch.h"
#include "codesets/rules/necessity/group_text.h"
#include "tests/tiny_coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tiny *tiny;

static void drop_build(void)
{
    tiny_close(tiny);
}

static struct answers *answers(void)
{
    static struct answers *opened;

    if (opened != NULL)
        return opened;
    tiny = tiny_begin();
    tiny_proc(tiny, "97035", "valid listed 0 0");
    tiny_coverage(tiny, "2024-07-01 2024-07-01 2024-07-31",
        "release\n"
        "contractor 228/9/2 15102 MAC - Part B\n"
        "state 22 KY KY Kentucky\n"
        "jurisdiction 228/9/2 22 2015-01-01 open\n"
        "article 100 1 A from=2020-01-01 title=\"One\", two\n"
        "procedures 1: 97035 97110\n"
        "covered 1: M5450* | For 97035. ~ Secondary only.\n"
        "noncovered 1: M5450 E840 | These do not.\n"
        "contractors: 228/9/2\n");
    opened = tiny_open(tiny);
    (void)atexit(drop_build);
    return opened;
}

static void must(bool good)
{
    if (!good)
        abort();
}

static void read_paragraph(const char *words, size_t len)
{
    static struct group_text text;

    group_text_read(&text, words, len);
    must(text.ranges <= GROUP_TEXT_RANGES_MAX);
    for (size_t i = 0; i < text.ranges; i++) {
        const struct group_range *range = &text.range[i];

        must(range->first <= range->last && range->last < PROC_PACKED_END);
        /* Whatever is named is named, or excluded. */
        must(group_text_names(&text, range->first, 0) == NAMING_NAMED ||
             group_text_names(&text, range->first, 0) == NAMING_EXCLUDED);
    }
    must(!text.cut || text.ranges == GROUP_TEXT_RANGES_MAX);
}

static void read_ties(const uint8_t *data, size_t size)
{
    struct ties ties;

    if (ties_read(&ties, data, size, NULL) != 0)
        return;
    for (uint32_t i = 0; i < ties.groups && i < 64; i++) {
        (void)ties_flags(&ties, i);
        for (uint32_t code = 0; code < 300; code += 7)
            must(ties_naming(&ties, i, code) <= TIE_EXCLUDED);
    }
    must(ties_flags(&ties, ties.groups) == 0);
    must(ties_naming(&ties, ties.groups, 0) == TIE_UNNAMED);
}

static void check_lines(const char *text, size_t len)
{
    while (len > 0) {
        const char *end = memchr(text, '\n', len);
        json_t *line;

        must(end != NULL);
        line = json_loadb(text, (size_t)(end - text), 0, NULL);
        must(json_is_object(line));
        json_decref(line);
        len -= (size_t)(end - text) + 1;
        text = end + 1;
    }
}

static void ask(enum batch_form form, const char *body, size_t len)
{
    const struct necessity_request defaults = {.day = 19905};
    struct necessity_batch *batch = NULL;
    struct buffer out = {0};
    json_t *read;

    if (necessity_batch_open(
            &batch, answers(), form, body, len, &defaults, NULL) != 0)
        return;
    while (necessity_batch_step(batch, 3, &out))
        ;
    necessity_batch_close(batch);
    must(!out.failed && (out.len > 0 || form == BATCH_NDJSON));
    if (form == BATCH_NDJSON) {
        check_lines(out.data, out.len);
    } else if (form == BATCH_ARRAY) {
        read = json_loadb(out.data, out.len, 0, NULL);
        must(json_is_array(read));
        json_decref(read);
    }
    buffer_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    switch (data[0] % 5) {
    case 0:
        read_paragraph((const char *)data + 1, size - 1);
        break;
    case 1:
        read_ties(data + 1, size - 1);
        break;
    default:
        ask((enum batch_form)(data[0] % 5 - 2), (const char *)data + 1,
            size - 1);
        break;
    }
    return 0;
}
