/* command.h - the commands of coderef-index, and what they are told.
 *
 * Each command is one `struct command`; main.c lists them, options.h reads what
 * they are told and refuses what a command does not take. A command says what
 * it did on stdout and returns 0, or fails with a sentence in err that main
 * prints.
 */
#ifndef INDEXER_COMMAND_H
#define INDEXER_COMMAND_H
#include <stddef.h>
#include "codesets/answer/changes/change_report.h"
#include "indexer/build.h"
#include "indexer/fetch/fetch.h"

enum { OPTION_SOURCES_MAX = 32 };

enum option_code {
    OPTION_STORE = 256, /* behind every character */
    OPTION_DRY_RUN,
    OPTION_NO_ACTIVATE,
    OPTION_ALLOW_PARTIAL,
    OPTION_LICENSE,
    OPTION_RELEASE,
    OPTION_SETTING,
    OPTION_PROGRAM,
    OPTION_JSON,
    OPTION_CSV,
    OPTION_HTML,
    OPTION_CODES,
    OPTION_LIMIT,
    OPTION_DATE_A,
    OPTION_DATE_B,
    OPTION_KEEP,
    OPTION_EXPECTATIONS,
    OPTION_LOG,
    OPTION_FORCE,
    OPTION_CHECK,
    OPTION_SOURCES,
    OPTION_RELEASES,
    OPTION_SOURCE,
    OPTION_SINCE,
    OPTION_FROM,
    OPTION_STALL,
    OPTION_QUIET,
    OPTIONS_END
};

/* A set of options. */
#define TAKES(name) (UINT64_C(1) << (OPTION_##name - OPTION_STORE))
#define TAKES_READING                                                          \
    (TAKES(DRY_RUN) | TAKES(NO_ACTIVATE) | TAKES(ALLOW_PARTIAL) |              \
        TAKES(LICENSE) | TAKES(RELEASE) | TAKES(SETTING) | TAKES(PROGRAM) |    \
        TAKES(QUIET))
#define TAKES_FETCHING                                                         \
    (TAKES(RELEASES) | TAKES(SOURCE) | TAKES(SINCE) | TAKES(FROM) |            \
        TAKES(STALL))

struct options {
    uint64_t given;             /* those that stood there */
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
    const char *words;           /* those behind it, for the usage; or NULL */
    const char *about;           /* lines for its help */
    uint64_t takes;              /* beside --store, which all do */
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
