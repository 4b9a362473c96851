/* command.h - the commands of coderef-index, and what they are told.
 *
 * Each command is one `struct command`; main.c lists them and reads the options
 * for all. A command says what it did on stdout and returns 0, or fails with a
 * sentence in err that main prints. */
#ifndef INDEXER_COMMAND_H
#define INDEXER_COMMAND_H
#include <stddef.h>
#include "codesets/answer/changes/change_report.h"
#include "indexer/build.h"
#include "indexer/fetch/fetch.h"

enum { OPTION_SOURCES_MAX = 32 };

struct options {
    struct build_options build; /* .store is what every command works on */
    size_t keep;                /* builds that prune leaves */
    bool json;
    /* Of diff. */
    enum change_form form;
    size_t most;       /* changes shown of a list; 0: all */
    const char *codes; /* file of a practice's own; or NULL */
    day_t day_a, day_b;
    const char *expectations;   /* the administrator's list of a refresh */
    bool force, check;          /* likewise: refresh.h */
    const char *log;            /* past questions: replay.h */
    bool sources;               /* likewise */
    struct fetch_options fetch; /* what fetch alone is told, and: */
    const char *source[OPTION_SOURCES_MAX]; /* fetch.source_count of them */
};

enum { EXIT_DIFFERS = 3 };

struct command {
    const char *name;
    size_t words_min, words_max; /* after the command's name */
    const char *needs;       /* said after the name when there are too few */
    bool needs_store, stops; /* stops: an interrupt ends it in an orderly way */
    bool other_folder;       /* --releases will do in place of --store */
    /* Returns 0, an error, or EXIT_DIFFERS to say that what was compared is not
     * the same. */
    int (*run)(const struct options *options, char *const *words, size_t count,
        struct error *err);
};

extern const struct command build_command, verify_command, dump_command,
    list_command, activate_command, rollback_command, prune_command,
    diff_command, refresh_command, replay_command, fetch_command;

/* Fetches as the options say, into the folder they say, whose path is written
 * to folder; see fetch_run(). */
int fetch_as_told(struct fetch_result *out, char folder[BUILD_PATH_MAX],
    const struct options *options, struct error *err);

#endif
