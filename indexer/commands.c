/* commands.c - the commands that need no file of their own. */
#include <stdio.h>

#include "indexer/builds/kept.h"
#include "indexer/builds/verify.h"
#include "indexer/command.h"

static int run_build(const struct options *options, char *const *paths,
    size_t count, struct error *err)
{
    struct build_result result;
    int rc = build_run(
        &result, (const char *const *)paths, count, &options->build, err);

    if (rc != 0)
        return rc;
    if (options->build.dry_run)
        (void)printf("dry run: nothing written\n");
    else
        (void)printf("build %s %s\n", result.id,
            result.activated ? "is active" : "made, not activated");
    return 0;
}

static int run_verify(const struct options *options, char *const *words,
    size_t count, struct error *err)
{
    char path[BUILD_PATH_MAX];
    int rc = builds_current(path, options->build.store, err);

    if (rc == 0)
        rc = verify_build(path, stdout, err);
    if (rc == 0)
        (void)printf(
            "%s: every record and cross reference is in order\n", path);
    return rc;
}

static int run_dump(const struct options *options, char *const *words,
    size_t count, struct error *err)
{
    char path[BUILD_PATH_MAX];
    int rc = builds_current(path, options->build.store, err);

    return rc == 0 ? dump_build(path, stdout, err) : rc;
}

static int run_list(const struct options *options, char *const *words,
    size_t count, struct error *err)
{
    return kept_list(options->build.store, options->json, stdout, err);
}

static int run_activate(const struct options *options, char *const *words,
    size_t count, struct error *err)
{
    return kept_activate(options->build.store, words[0], stdout, err);
}

static int run_rollback(const struct options *options, char *const *words,
    size_t count, struct error *err)
{
    return kept_rollback(options->build.store, stdout, err);
}

static int run_prune(const struct options *options, char *const *words,
    size_t count, struct error *err)
{
    return kept_prune(options->build.store, options->keep, stdout, err);
}

const struct command build_command = {.name = "build",
    .words = "[PATH…]",
    .about = "reads releases as CMS ships them (files, archives, folders),\n"
             "makes a build of them in DIR/builds and, if it passes its\n"
             "checks, makes it the active one. Without PATH: the starter set\n",
    .takes = TAKES_READING,
    .words_max = SIZE_MAX,
    .stops = true,
    .run = run_build};
const struct command verify_command = {.name = "verify",
    .about = "walks every record and cross reference of the active build\n",
    .needs_store = true,
    .run = run_verify};
const struct command dump_command = {.name = "dump",
    .about = "prints every record of the active build as text\n",
    .needs_store = true,
    .run = run_dump};
const struct command list_command = {.name = "list",
    .about =
        "shows the builds of the store, newest first; * marks the active one\n",
    .takes = TAKES(JSON),
    .needs_store = true,
    .run = run_list};
const struct command activate_command = {.name = "activate",
    .words = "BUILD",
    .about = "checks a build of the store and makes it the active one\n",
    .words_min = 1,
    .words_max = 1,
    .needs = ": which build? 'list' shows them",
    .needs_store = true,
    .run = run_activate};
const struct command rollback_command = {.name = "rollback",
    .about = "makes the build that was active before the active one again\n",
    .needs_store = true,
    .run = run_rollback};
const struct command prune_command = {.name = "prune",
    .about =
        "removes old builds; the way back goes last, the active one never\n",
    .takes = TAKES(KEEP),
    .needs_store = true,
    .run = run_prune};
