/* refresh_command.c - `coderef-index refresh`. */
#include "indexer/command.h"
#include "indexer/refresh/refresh.h"

/* Without paths: the releases folder, into which what is new is fetched. */
struct fetching {
    const struct options *options;
    char folder[BUILD_PATH_MAX];
};

static int fetch(void *context, struct error *err)
{
    struct fetching *fetching = context;
    struct options options = *fetching->options;
    struct fetch_result result;
    int rc;

    if (options.json)
        options.build.report = NULL;
    rc = fetch_as_told(&result, fetching->folder, &options, err);
    fetch_result_clear(&result);
    return rc;
}

static int run_refresh(const struct options *options, char *const *paths,
    size_t count, struct error *err)
{
    struct fetching fetching = {.options = options};
    const char *const fetched[] = {fetching.folder};
    struct refresh_options refresh = {.build = options->build,
        .expectations = options->expectations,
        .codes = options->codes,
        .log = options->log,
        .force = options->force,
        .check = options->check};
    struct refresh result;
    int rc;

    if (count == 0) {
        refresh.fetch = fetch;
        refresh.fetch_context = &fetching;
    }
    rc = refresh_run(&result, count == 0 ? fetched : (const char *const *)paths,
        count == 0 ? 1 : count, &refresh, err);
    if (options->json)
        (void)refresh_report_json(&result, stdout, NULL);
    else if (options->build.report != NULL)
        refresh_report(&result, stdout);
    refresh_clear(&result);
    return rc;
}

const struct command refresh_command = {.name = "refresh",
    .words = "[PATH…]",
    .about =
        "fetches what is new, or looks into the given files and folders;\n"
        "if there is anything, builds, compares with the active build,\n"
        "asks what is expected, shows the report, and activates if nothing\n"
        "speaks against it\n",
    .takes = TAKES_READING | TAKES_FETCHING | TAKES(JSON) | TAKES(CODES) |
             TAKES(EXPECTATIONS) | TAKES(LOG) | TAKES(FORCE) | TAKES(CHECK),
    .words_max = SIZE_MAX,
    .needs_store = true,
    .stops = true,
    .run = run_refresh};
