/* data_metrics.h - what the loaded data are, for a monitor: how old the build
 * is, which release of each table is the newest, and whether it still covers
 * today. */
#ifndef SERVER_DATA_METRICS_H
#define SERVER_DATA_METRICS_H
#include "codesets/core/buffer.h"
#include "codesets/core/day.h"
#include "codesets/store/store.h"

/* Prometheus text. written: when the build's file was written, seconds since
 * 1970, or 0 when nobody knows. */
void data_metrics_render(struct buffer *out, const struct store *store,
    int64_t written, day_t today);

#endif
