#include "tools/bench/support/sample.h"

#include <stdio.h>
#include <stdlib.h>

#include "codesets/core/bytes.h"

static bool valid_on(const struct sample *sample, uint32_t ordinal)
{
    struct proc_span span;

    proc_validity(&sample->store->proc, ordinal, sample->day, &span);
    return span.validity != VALIDITY_NOT_VALID;
}

static const struct edit_scope *scope_of(
    const struct sample *sample, enum setting setting)
{
    return &sample->rules->edits[setting][PROGRAM_MEDICARE];
}

static bool fail(struct sample *sample, const char *dir, const char *why)
{
    (void)fprintf(stderr, "bench: %s: %s\n", dir, why);
    sample_close(sample);
    return false;
}

bool sample_open(struct sample *out, const char *dir)
{
    struct error err = {0};
    const struct edit_scope *scope;

    *out = (struct sample){.state = 88172645463325252u};
    if (store_open_current(&out->store, dir, &err) != 0 ||
        rules_open(&out->rules, out->store, &err) != 0)
        return fail(out, dir, err.msg);
    scope = scope_of(out, SETTING_PRACTITIONER);
    if (!scope->loaded || scope->table->rows == 0 ||
        !scope_of(out, SETTING_OUTPATIENT)->loaded ||
        scope_of(out, SETTING_OUTPATIENT)->table->rows == 0)
        return fail(out, dir, "no edits of practitioners and hospitals");
    out->day = scope->release->to;
    out->code = malloc((out->store->proc.count + 1) * sizeof *out->code);
    if (out->code == NULL)
        return fail(out, dir, "out of memory");
    for (uint32_t i = 0; i < out->store->proc.count; i++)
        if (valid_on(out, i))
            out->code[out->codes++] = i;
    return out->codes > 1 || fail(out, dir, "no valid codes");
}

void sample_close(struct sample *sample)
{
    free(sample->code);
    rules_close(sample->rules);
    store_close(sample->store);
}

uint32_t sample_draw(struct sample *sample, uint32_t limit)
{
    sample->state ^= sample->state << 13;
    sample->state ^= sample->state >> 7;
    sample->state ^= sample->state << 17;
    return (uint32_t)((sample->state >> 32) * limit >> 32);
}

uint32_t sample_first_row(const struct ptp_table *table, uint32_t lower)
{
    return load_u32(table->first_row + 4 * (size_t)lower);
}

/* The lower code of a row of the table. */
static uint32_t lower_of(const struct ptp_table *table, uint32_t row)
{
    uint32_t low = 0, high = table->codes;

    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;

        if (sample_first_row(table, middle) <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void draw_edit(
    struct sample *sample, enum setting setting, uint32_t ordinal[2])
{
    const struct ptp_table *table = scope_of(sample, setting)->table;

    do {
        const uint32_t row = sample_draw(sample, table->rows);
        struct ptp_edit edit;

        ptp_edit(table, lower_of(table, row), row, &edit);
        ordinal[0] = edit.column1;
        ordinal[1] = edit.column2;
    } while (!valid_on(sample, ordinal[0]) || !valid_on(sample, ordinal[1]));
}

void sample_pair(struct sample *sample, struct sample_pair *out)
{
    uint32_t ordinal[2];
    unsigned first;

    out->setting =
        sample_draw(sample, 2) == 0 ? SETTING_PRACTITIONER : SETTING_OUTPATIENT;
    if (sample_draw(sample, 2) == 0) {
        draw_edit(sample, out->setting, ordinal);
    } else {
        do {
            ordinal[0] = sample->code[sample_draw(sample, sample->codes)];
            ordinal[1] = sample->code[sample_draw(sample, sample->codes)];
        } while (ordinal[0] == ordinal[1]);
    }
    first = sample_draw(sample, 2);
    for (unsigned i = 0; i < 2; i++)
        proc_unpack(
            out->code[i ^ first], proc_at(&sample->store->proc, ordinal[i]));
}

void sample_target(
    const struct sample *sample, const struct sample_pair *pair, char out[96])
{
    char day[DAY_TEXT_LEN];

    (void)day_format(day, sample->day);
    (void)snprintf(out, 96, "/v1/pairs?codes=%s,%s&date=%s&setting=%s",
        pair->code[0], pair->code[1], day, setting_name(pair->setting));
}
