/* bench_claim - whole claims in process.
 *
 *   bench_claim STORE
 *
 * A claim of 50 lines with 50 different codes, valid on the day, of one day and
 * provider: 1,225 pairs, 50 unit limits, 50 looks for add-ons. 15 of them are
 * codes of the curated table, with minutes; the others are drawn from all
 * codes. Half the lines carry modifiers. The second line of the table draws the
 * others by their edits instead, so that every tenth pair has one. Then 10,000
 * such claims as one batch of JSON lines, and how much the memory of the
 * program grows over it: the second half must need no more than the first.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/claim/claim_answer.h"
#include "tools/bench/support/measure.h"
#include "tools/bench/support/sample.h"

enum {
    LINES = 50,
    TIMED = 15,        /* of them with minutes */
    CLAIMS = 200,      /* different ones */
    BATCH = 10000,     /* claims of the batch */
    CLAIM_TEXT = 6000, /* bytes of one as JSON */
};

struct drawn_line {
    char code[PROC_LEN + 1];
    const char *modifiers; /* "" or two */
    uint32_t minutes;      /* 0: not told */
};

struct bench {
    struct sample sample;
    struct claim_work *work;
    struct drawn_line line[CLAIMS][LINES];
};

static bool is_drawn(
    const struct drawn_line *lines, size_t count, const char code[PROC_LEN + 1])
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(lines[i].code, code) == 0)
            return true;
    return false;
}

/* A code of the curated table that is valid on the day. */
static void draw_timed(struct sample *sample, char code[PROC_LEN + 1])
{
    const struct timed_table *timed = sample->rules->timed;
    struct proc_span span;
    uint32_t ordinal;

    do {
        const struct timed_row *row =
            &timed->row[sample_draw(sample, (uint32_t)timed->rows)];

        ordinal = proc_find(&sample->store->proc, row->packed);
        memcpy(code, row->code, PROC_LEN + 1);
        if (ordinal != PROC_ORDINAL_NONE)
            proc_validity(&sample->store->proc, ordinal, sample->day, &span);
    } while (ordinal == PROC_ORDINAL_NONE || span.validity != VALIDITY_VALID);
}

static void draw_code(
    struct sample *sample, bool by_edits, char code[PROC_LEN + 1])
{
    struct sample_pair pair;

    if (by_edits) {
        sample_pair(sample, &pair);
        memcpy(code, pair.code[sample_draw(sample, 2)], PROC_LEN + 1);
    } else {
        proc_unpack(
            code, proc_at(&sample->store->proc,
                      sample->code[sample_draw(sample, sample->codes)]));
    }
}

static void draw_claim(
    struct sample *sample, struct drawn_line *lines, bool by_edits)
{
    size_t count = 0;

    while (count < LINES) {
        struct drawn_line *line = &lines[count];

        if (count < TIMED)
            draw_timed(sample, line->code);
        else
            draw_code(sample, by_edits, line->code);
        if (is_drawn(lines, count, line->code))
            continue;
        line->modifiers = sample_draw(sample, 2) == 0 ? "59 GP" : "";
        line->minutes = count < TIMED ? 8 + sample_draw(sample, 40) : 0;
        count++;
    }
}

static void write_claim(struct bench *bench, size_t number)
{
    struct claim *claim = &bench->work->claim;

    claim_begin(claim, bench->sample.day);
    for (size_t i = 0; i < LINES; i++) {
        const struct drawn_line *drawn = &bench->line[number][i];
        struct claim_line *line =
            claim_add_line(claim, bench->sample.rules, drawn->code, PROC_LEN);

        line->flaws = 0;
        line->units = 1;
        claim_line_modifiers(line, drawn->modifiers, strlen(drawn->modifiers));
        line->minutes_told = drawn->minutes > 0;
        line->minutes = drawn->minutes;
    }
}

static bool check_all(struct bench *bench, double *seconds, size_t *findings)
{
    double begun, spent = 0;

    *findings = 0;
    for (size_t i = 0; i < CLAIMS; i++) {
        write_claim(bench, i);
        begun = cpu_seconds();
        if (claim_check(&bench->work->report, bench->sample.rules,
                &bench->work->claim, NULL) != 0)
            return false;
        spent += cpu_seconds() - begun;
        *findings += bench->work->report.findings;
    }
    *seconds = spent / CLAIMS;
    return true;
}

static void draw_all(struct bench *bench, bool by_edits)
{
    for (size_t i = 0; i < CLAIMS; i++)
        draw_claim(&bench->sample, bench->line[i], by_edits);
}

static bool measure_one(struct bench *bench, bool by_edits)
{
    static const struct result plain = {.name = "claim of 50 lines, in process",
        .wish = AT_MOST,
        .wanted = 100e-6,
        .target = {"100 us"}};
    static const struct result edited = {
        .name = "the same, codes drawn by their edits"};
    struct result result = by_edits ? edited : plain;
    const size_t times = rounds(9);
    double seconds[ROUNDS_MAX];
    size_t findings = 0;

    draw_all(bench, by_edits);
    for (size_t r = 0; r < times; r++)
        if (!check_all(bench, &seconds[r], &findings))
            return false;
    result.got = median(seconds, times);
    result.ours = result.cpu = duration(result.got);
    (void)fprintf(stderr,
        "bench_claim: %d claims of %d codes, %.1f findings each\n", CLAIMS,
        LINES, (double)findings / CLAIMS);
    result_print(&result);
    return true;
}

/* ---- a batch */

static size_t add_claim(
    const struct bench *bench, size_t number, char out[CLAIM_TEXT])
{
    char day[DAY_TEXT_LEN];
    size_t len;

    (void)day_format(day, bench->sample.day);
    len =
        (size_t)snprintf(out, CLAIM_TEXT, "{\"date\":\"%s\",\"lines\":[", day);
    for (size_t i = 0; i < LINES; i++) {
        const struct drawn_line *line = &bench->line[number][i];

        len += (size_t)snprintf(out + len, CLAIM_TEXT - len,
            "%s{\"code\":\"%s\",\"units\":1,\"modifiers\":\"%s\"",
            i > 0 ? "," : "", line->code, line->modifiers);
        if (line->minutes > 0)
            len += (size_t)snprintf(
                out + len, CLAIM_TEXT - len, ",\"minutes\":%u", line->minutes);
        len += (size_t)snprintf(out + len, CLAIM_TEXT - len, "}");
    }
    return len + (size_t)snprintf(out + len, CLAIM_TEXT - len, "]}\n");
}

/* Bytes that the program holds of the system. */
static size_t held(void)
{
    const struct mallinfo2 info = mallinfo2();

    return info.arena + info.hblkhd;
}

static bool measure_batch(struct bench *bench, const struct answers *answers)
{
    const struct claim_defaults defaults = {.day = bench->sample.day,
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
    struct result result = {.name = "10,000 such claims as one batch"};
    struct buffer body = {0}, out = {0};
    struct claim_batch *batch;
    size_t half = 0, bytes = 0, answered = 0;
    bool more = true, good;
    double begun, seconds;
    char text[CLAIM_TEXT];

    for (size_t i = 0; i < BATCH; i++)
        buffer_add(&body, text, add_claim(bench, i % CLAIMS, text));
    if (body.failed || claim_batch_open(&batch, answers, body.data, body.len,
                           &defaults, NULL) != 0) {
        buffer_clear(&body);
        return false;
    }
    begun = cpu_seconds();
    while (more) {
        out.len = 0; /* as if it had been sent */
        more = claim_batch_step(batch, 1, &out);
        bytes += out.len;
        if (++answered == BATCH / 2)
            half = held();
    }
    seconds = cpu_seconds() - begun;
    good = answered == BATCH && held() <= half && !out.failed;
    (void)fprintf(stderr,
        "bench_claim: %zu claims answered with %zu bytes; %zu bytes held at "
        "half, %zu at the end\n",
        answered, bytes, half, held());
    result.ours = duration(seconds);
    result.cpu = duration(seconds / BATCH);
    result.memory = size_of_bytes((double)(held() - body.cap));
    result_print(&result);
    claim_batch_close(batch);
    buffer_clear(&body);
    buffer_clear(&out);
    return good;
}

int main(int argc, char **argv)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct answers *answers = NULL;
    bool good = false;

    if (argc != 2) {
        (void)fputs("usage: bench_claim STORE\n", stderr);
    } else if (bench != NULL && sample_open(&bench->sample, argv[1])) {
        bench->work = malloc(sizeof *bench->work);
        good = bench->work != NULL &&
               answers_open(&answers, bench->sample.store, NULL) == 0 &&
               measure_one(bench, false) && measure_one(bench, true) &&
               measure_batch(bench, answers);
        answers_close(answers);
        sample_close(&bench->sample);
        free(bench->work);
    }
    free(bench);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
