/* options.h - the command line of coderef-index: which options there are, who
 * takes them, and what is said of them. */
#ifndef INDEXER_OPTIONS_H
#define INDEXER_OPTIONS_H
#include <stdbool.h>
#include "indexer/command.h"

enum { EXIT_MISUSED = 2 };

enum options_wish { WISH_WORK, WISH_HELP, WISH_VERSION };

/* Reads argv, whose words are moved behind optind. Returns 0, or EXIT_MISUSED
 * when stderr has been told what cannot be. */
int options_read(
    struct options *out, enum options_wish *wish, int argc, char **argv);

/* May this command be given these? Returns as options_read() does. count words
 * stand behind its name. */
int options_check(
    const struct options *options, const struct command *command, size_t count);

/* One line to stderr, and where help is. Returns EXIT_MISUSED. */
int misused(const char *what, const char *why);

/* The help of one command. */
void options_help(const struct command *command);

#endif
