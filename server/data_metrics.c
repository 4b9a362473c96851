#include "server/data_metrics.h"

#include <inttypes.h>

#include "codesets/store/schema.h"

enum { DAY_SECONDS = 86400 };

static void head(struct buffer *out, const char *name, const char *help)
{
    buffer_addf(out,
        "# HELP coderef_data_%s %s\n# TYPE coderef_data_%s gauge\n", name, help,
        name);
}

/* Names and release labels are words of ours and the publisher's: letters,
 * digits and marks that need no escape. */
static void series_line(struct buffer *out, const char *name,
    const struct series *series, const char *release, int64_t value)
{
    buffer_addf(out,
        "coderef_data_%s{table=\"%s\",setting=\"%s\",program=\"%s\"%s%s%s} "
        "%" PRId64 "\n",
        name, table_schema(series->table)->name, setting_name(series->setting),
        program_name(series->program), release != NULL ? ",release=\"" : "",
        release != NULL ? release : "", release != NULL ? "\"" : "", value);
}

/* The last day that any release of a series speaks of; DAY_OPEN: no end. */
static day_t covered_to(const struct series *series)
{
    day_t last = DAY_UNKNOWN;

    for (size_t i = 0; i < series->releases; i++)
        if (series->release[i].to > last)
            last = series->release[i].to;
    return last;
}

static bool ends(const struct series *series)
{
    const day_t to = covered_to(series);

    return to != DAY_OPEN && to != DAY_UNKNOWN;
}

enum fact { FACT_RELEASE, FACT_COVERED, FACT_STALE };

static void each_series(struct buffer *out, const struct store *store,
    const char *name, enum fact fact, day_t today)
{
    for (size_t i = 0; i < store_series_count(store); i++) {
        const struct series *series = store_series_at(store, i);
        const day_t to = covered_to(series);

        if (series->releases == 0)
            continue;
        if (fact == FACT_RELEASE)
            series_line(out, name, series,
                series->release[series->releases - 1].label, 1);
        else if (ends(series))
            series_line(out, name, series, NULL,
                fact == FACT_COVERED ? ((int64_t)to + 1) * DAY_SECONDS - 1
                : today > to         ? today - to
                                     : 0);
    }
}

void data_metrics_render(
    struct buffer *out, const struct store *store, int64_t written, day_t today)
{
    if (written != 0) {
        head(out, "build_timestamp_seconds",
            "When the build that is served was written.");
        buffer_addf(
            out, "coderef_data_build_timestamp_seconds %" PRId64 "\n", written);
    }
    head(out, "release_info", "The newest release of each table.");
    each_series(out, store, "release_info", FACT_RELEASE, today);
    head(out, "covered_until_timestamp_seconds",
        "The end of the last day that a table was published for.");
    each_series(
        out, store, "covered_until_timestamp_seconds", FACT_COVERED, today);
    head(out, "stale_days",
        "Days since the last day that a table was published for; 0 while it "
        "covers today.");
    each_series(out, store, "stale_days", FACT_STALE, today);
}
