/* coderef-index - releases in, store out. See coderef-index.1. */
#include <errno.h>
#include <lmdb.h>
#include <archive.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "indexer/builds/kept.h"
#include "indexer/options.h"

static const struct command *const commands[] = {&build_command,
    &verify_command, &dump_command, &list_command, &activate_command,
    &rollback_command, &prune_command, &diff_command, &refresh_command,
    &replay_command, &fetch_command};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static volatile int stop_wanted;

static void on_signal(int number)
{
    (void)number;
    stop_wanted = 1;
}

/* What an option says stands in options.c, and is shown by the command. */
static const char notes[] =
    "\n"
    "  --store DIR   folder of the store, of every command (or CODEREF_STORE)\n"
    "  -h, --help    this text; behind a command, its options\n"
    "  -V, --version versions of the program and its libraries\n"
    "\n"
    "Exit status: 0 done, 1 failed (the active build is as it was), 2 misused, "
    "3\n"
    "answers differ (replay).\n";

static void print_about(const struct command *command)
{
    const char *name = command->name, *text = command->about;

    for (; *text != '\0'; name = "") {
        const int len = (int)strcspn(text, "\n");

        (void)printf("%-9s %.*s\n", name, len, text);
        text += len + (text[len] == '\n');
    }
}

static void print_usage(void)
{
    for (size_t i = 0; i < COMMANDS; i++)
        (void)printf("%s coderef-index %s [OPTION…]%s%s\n",
            i == 0 ? "usage:" : "      ", commands[i]->name,
            commands[i]->words != NULL ? " " : "",
            commands[i]->words != NULL ? commands[i]->words : "");
    (void)fputc('\n', stdout);
    for (size_t i = 0; i < COMMANDS; i++)
        print_about(commands[i]);
    (void)fputs(notes, stdout);
}

static void print_versions(void)
{
    (void)printf("coderef-index %s\n%s\n%s\n%s\n", CODEREF_VERSION,
        mdb_version(NULL, NULL, NULL), archive_version_string(),
        curl_version());
}

/* What was printed must have arrived. */
static int flush_output(int status)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return status;
    (void)fprintf(
        stderr, "coderef-index: standard output: %s\n", strerror(errno));
    return EXIT_FAILURE;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    /* A file that may not grow is a failed write, with a message. */
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGXFSZ, &action, NULL);
}

/* A dry run needs no folder to write to; fetch looks into one all the same. */
static bool lacks_store(
    const struct command *command, const struct options *options)
{
    if (options->build.store != NULL || command == &diff_command ||
        command == &replay_command ||
        (command->other_folder && options->fetch.releases != NULL))
        return false;
    return command->needs_store || command->other_folder ||
           !options->build.dry_run;
}

int main(int argc, char **argv)
{
    struct options options = {.keep = KEPT_DEFAULT,
        .day_a = COMPARE_NEWEST,
        .day_b = COMPARE_NEWEST,
        .build = {.store = getenv("CODEREF_STORE"),
            .report = stdout,
            .collect = {
                .progress = isatty(STDERR_FILENO) != 0, .stop = &stop_wanted}}};
    const struct command *command = NULL;
    struct error err = {0};
    enum options_wish wish;
    int status = options_read(&options, &wish, argc, argv);
    size_t count;

    if (status != 0)
        return status;
    if (wish == WISH_VERSION) {
        print_versions();
        return flush_output(EXIT_SUCCESS);
    }
    if (wish == WISH_HELP && optind == argc) {
        print_usage();
        return flush_output(EXIT_SUCCESS);
    }
    if (optind == argc)
        return misused("a command is needed", ": build, verify, list, …");
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[optind], commands[i]->name) == 0)
            command = commands[i];
    if (command == NULL)
        return misused(argv[optind], " is not a command");
    if (wish == WISH_HELP) {
        options_help(command);
        return flush_output(EXIT_SUCCESS);
    }
    count = (size_t)(argc - ++optind);
    if ((status = options_check(&options, command, count)) != 0)
        return status;
    if (lacks_store(command, &options))
        return misused(command->other_folder ? "--store DIR or --releases DIR"
                                             : "--store DIR",
            " is needed");
    if (count < command->words_min)
        return misused(command->name, command->needs);
    if (count > command->words_max)
        return misused(argv[argc - 1], ": one word too many");
    if (command == &replay_command && options.log == NULL)
        return misused("replay: --log FILE is needed", ", the questions");
    if (command->stops)
        catch_signals();
    status = command->run(&options, argv + optind, count, &err);
    if (status < 0) {
        (void)flush_output(EXIT_FAILURE);
        (void)fprintf(stderr, "coderef-index: %s\n", err.msg);
        return EXIT_FAILURE;
    }
    return flush_output(status);
}
