/* command.c - `coderef-index fetch`. */
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "indexer/builds/store_folder.h"
#include "indexer/command.h"
#include "indexer/fetch/fetch.h"

/* On a terminal; whoever says nothing has not accepted. */
static bool ask_there(void *context, const char *question)
{
    char answer[16] = "";

    (void)fprintf(stderr, "%s [y/n] ", question);
    return fgets(answer, sizeof answer, stdin) != NULL &&
           (strcasecmp(answer, "y\n") == 0 || strcasecmp(answer, "yes\n") == 0);
}

int fetch_as_told(struct fetch_result *out, char folder[BUILD_PATH_MAX],
    const struct options *options, struct error *err)
{
    struct fetch_options fetch = options->fetch;
    const char *store = options->build.store;
    int rc;

    *out = (struct fetch_result){.count = 0};
    fetch.sources = options->source;
    fetch.accept_licence = options->build.licensed;
    fetch.dry_run = options->build.dry_run;
    fetch.report = options->build.report;
    fetch.progress = options->build.collect.progress;
    fetch.stop = options->build.collect.stop;
    if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
        fetch.ask = ask_there;
    if (fetch.releases != NULL) {
        if (snprintf(folder, BUILD_PATH_MAX, "%s", fetch.releases) >=
            BUILD_PATH_MAX)
            return error_set(
                err, ERR_INPUT, 0, "%.80s…: path too long", fetch.releases);
    } else if (store == NULL) {
        return error_set(err, ERR_INPUT, 0,
            "where to? --releases DIR, or --store DIR for DIR/releases");
    } else if ((!fetch.dry_run && (rc = folder_make(store, err)) != 0) ||
               (rc = folder_join(folder, store, "releases", err)) != 0) {
        return rc;
    }
    fetch.releases = folder;
    return fetch_run(out, &fetch, err);
}

static int run_fetch(const struct options *options, char *const *words,
    size_t count, struct error *err)
{
    char folder[BUILD_PATH_MAX];
    struct fetch_result result;
    int rc = fetch_as_told(&result, folder, options, err);

    fetch_result_clear(&result);
    return rc;
}

const struct command fetch_command = {.name = "fetch",
    .about = "downloads the releases in force and those to come from CMS, as\n"
             "far as they are new, into DIR/releases; load them with build\n",
    .takes = TAKES_FETCHING | TAKES(LICENSE) | TAKES(DRY_RUN) | TAKES(QUIET),
    .stops = true,
    .other_folder = true,
    .run = run_fetch};
