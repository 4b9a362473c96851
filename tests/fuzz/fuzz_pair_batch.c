/* fuzz_pair_batch.c - any body gives an answer to each of its questions.
 *
 * The first byte picks the form. What comes out must be of that form: JSON that
 * parses, or lines that all have the columns of the heading. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/pair/pair_batch.h"
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

    if (opened != NULL)
        return opened;
    tiny = tiny_begin();
    (void)tiny_series(tiny, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q3 2024-07-01 2024-09-30");
    tiny_proc(tiny, "97110", "valid listed 0 0");
    tiny_proc(tiny, "97150", "valid listed 0 0");
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97110", "2020-01-01", "", 1);
    opened = tiny_open(tiny);
    (void)atexit(drop_build);
    return opened;
}

static void must(bool good)
{
    if (!good)
        abort();
}

/* Commas outside quotes of each line. */
static void check_csv(const char *text, size_t len)
{
    size_t commas = 0, wanted = 0;
    bool quoted = false;

    for (size_t i = 0; i < len; i++) {
        quoted ^= text[i] == '"';
        commas += text[i] == ',' && !quoted;
        if (text[i] != '\n' || quoted)
            continue;
        if (wanted == 0)
            wanted = commas;
        must(commas == wanted);
        commas = 0;
    }
    must(!quoted && commas == 0);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct pair_defaults defaults = {
        19905, SETTING_PRACTITIONER, PROGRAM_MEDICARE};
    struct pair_batch batch;
    struct buffer out = {0};
    enum batch_form form;
    json_t *read;

    if (size == 0)
        return 0;
    form = (enum batch_form)(data[0] % 3);
    if (pair_batch_open(&batch, answers(), form, (const char *)data + 1,
            size - 1, &defaults, NULL) != 0)
        return 0;
    while (pair_batch_step(&batch, 3, &out))
        ;
    must(!out.failed && (out.len > 0 || form == BATCH_NDJSON));
    if (form == BATCH_CSV) {
        check_csv(out.data, out.len);
    } else if (form == BATCH_NDJSON) {
        check_lines(out.data, out.len);
    } else {
        read = json_loadb(out.data, out.len, 0, NULL);
        must(json_is_array(read));
        json_decref(read);
    }
    buffer_clear(&out);
    return 0;
}
