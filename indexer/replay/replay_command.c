/* replay_command.c - `coderef-index replay`. */
#include "indexer/builds/kept.h"
#include "indexer/command.h"
#include "indexer/replay/replay.h"

static int open_build(
    struct store **out, const char *store, const char *name, struct error *err)
{
    char path[BUILD_PATH_MAX];
    int rc = kept_path(path, store, name, err);

    return rc == 0 ? store_open(out, path, err) : rc;
}

static int print_sums(const struct options *options,
    const struct replay_summary *summary, struct error *err)
{
    json_t *json;
    int rc = 0;

    if (!options->json) {
        replay_report(summary, stdout);
        return 0;
    }
    json = json_pack("{s:o?}", "summary", replay_json(summary));
    if (json == NULL || json_dumpf(json, stdout, JSON_COMPACT) != 0)
        rc = error_memory(err);
    (void)fputc('\n', stdout);
    json_decref(json);
    return rc;
}

static int run_replay(const struct options *options, char *const *words,
    size_t count, struct error *err)
{
    const struct replay_options replay = {.log = options->log,
        .json = options->json,
        .sources = options->sources,
        .most = options->most,
        .day = day_today(),
        .progress = options->build.collect.progress,
        .stop = options->build.collect.stop,
        .out = stdout};
    struct replay_summary *summary = NULL;
    struct store *store[2] = {NULL, NULL};
    int rc = 0;

    if ((summary = malloc(sizeof *summary)) == NULL)
        return error_memory(err);
    for (int side = 0; rc == 0 && side < 2; side++)
        rc = open_build(&store[side], options->build.store, words[side], err);
    if (rc == 0)
        rc = replay_run(summary, store[0], store[1], &replay, err);
    if (rc == 0)
        rc = print_sums(options, summary, err);
    if (rc == 0 && summary->differing > 0)
        rc = EXIT_DIFFERS;
    store_close(store[0]);
    store_close(store[1]);
    free(summary);
    return rc;
}

const struct command replay_command = {.name = "replay",
    .words = "--log FILE A B",
    .about = "asks past questions of two builds and tells those whose answers\n"
             "differ\n",
    .takes =
        TAKES(LOG) | TAKES(JSON) | TAKES(LIMIT) | TAKES(SOURCES) | TAKES(QUIET),
    .words_min = 2,
    .words_max = 2,
    .needs = ": which two builds? 'list' shows them",
    .stops = true,
    .run = run_replay};
