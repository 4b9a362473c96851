/* refresh_command.c - `coderef-index refresh`. */
#include "indexer/command.h"
#include "indexer/refresh/refresh.h"

static int run_refresh(const struct options *options, char *const *paths,
    size_t count, struct error *err)
{
    const struct refresh_options refresh = {.build = options->build,
        .expectations = options->expectations,
        .codes = options->codes,
        .force = options->force,
        .check = options->check};
    struct refresh result;
    int rc =
        refresh_run(&result, (const char *const *)paths, count, &refresh, err);

    if (options->json)
        (void)refresh_report_json(&result, stdout, NULL);
    else if (options->build.report != NULL)
        refresh_report(&result, stdout);
    refresh_clear(&result);
    return rc;
}

const struct command refresh_command = {.name = "refresh",
    .words_min = 1,
    .words_max = SIZE_MAX,
    .needs = ": of which files or folders?",
    .needs_store = true,
    .stops = true,
    .run = run_refresh};
