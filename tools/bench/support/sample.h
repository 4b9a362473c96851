/* sample.h - a store with its rules, and questions drawn from it by lot. The
 * lot is the same at every run. */
#ifndef TOOLS_BENCH_SUPPORT_SAMPLE_H
#define TOOLS_BENCH_SUPPORT_SAMPLE_H
#include <stdbool.h>
#include <stdint.h>
#include "codesets/answer/answer.h"

struct sample {
    struct store *store;
    struct rules *rules;
    day_t day;      /* the last one that the edits cover */
    uint32_t *code; /* ordinals of the codes valid on it */
    uint32_t codes;
    uint64_t state; /* of the lot */
};

struct sample_pair {
    char code[2][PROC_LEN + 1];
    enum setting setting;
};

/* Opens the active build of a store folder. False with a line on standard
 * error, also when it holds no edits of practitioners or hospitals. */
bool sample_open(struct sample *out, const char *dir);
void sample_close(struct sample *sample);

/* Below limit, which must be above 0. */
uint32_t sample_draw(struct sample *sample, uint32_t limit);
/* Both codes are valid on the day. Half the pairs have an edit, of any day;
 * half are any two codes. Practitioners and hospitals take turns by lot, and
 * so does the order of the codes. */
void sample_pair(struct sample *sample, struct sample_pair *out);
/* The first row filed under a lower code; lower may be the number of codes. */
uint32_t sample_first_row(const struct ptp_table *table, uint32_t lower);
/* "/v1/pairs?…" */
void sample_target(
    const struct sample *sample, const struct sample_pair *pair, char out[96]);

#endif
