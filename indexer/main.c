/* coderef-index - releases in, store out. See coderef-index.1. */
#include <errno.h>
#include <getopt.h>
#include <lmdb.h>
#include <archive.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "indexer/builds/kept.h"
#include "indexer/command.h"

enum { EXIT_MISUSED = 2 };

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

static const char usage_text[] =
    "usage: coderef-index build    [--store DIR] [OPTION…] [PATH…]\n"
    "       coderef-index refresh  [--store DIR] [OPTION…] [PATH…]\n"
    "       coderef-index verify   [--store DIR]\n"
    "       coderef-index dump     [--store DIR]\n"
    "       coderef-index list     [--store DIR] [--json]\n"
    "       coderef-index activate [--store DIR] BUILD\n"
    "       coderef-index rollback [--store DIR]\n"
    "       coderef-index prune    [--store DIR] [--keep N]\n"
    "       coderef-index diff     [--store DIR] [OPTION…] A B\n"
    "       coderef-index replay   [--store DIR] --log FILE [OPTION…] A B\n"
    "       coderef-index fetch    [--store DIR | --releases DIR] [OPTION…]\n"
    "\n"
    "build   reads releases as CMS ships them (files, archives, folders), "
    "makes\n"
    "        a build of them in DIR/builds and, if it passes its checks, "
    "makes\n"
    "        it the active one. Without PATH: the starter set.\n"
    "refresh fetches what is new, or looks into the given files and folders; "
    "if\n"
    "        there is anything, builds, compares with the active build, asks "
    "what\n"
    "        is expected, shows the report, and activates if nothing speaks\n"
    "        against it\n"
    "verify  walks every record and cross reference of the active build\n"
    "dump    prints every record of the active build as text\n"
    "list    shows the builds of the store, newest first; * marks the active "
    "one\n"
    "activate  checks a build of the store and makes it the active one\n"
    "rollback  does so with the build that was active before\n"
    "prune   removes old builds; the way back goes last, the active one never\n"
    "diff    what changed from build A to build B: ids, 'current', 'previous' "
    "or\n"
    "        folders of builds; of one build, between two days\n"
    "fetch   downloads the releases in force and those to come from CMS, as "
    "far\n"
    "        as they are new, into DIR/releases; load them with build\n"
    "\n"
    "  --store DIR           folder of the store (or CODEREF_STORE)\n"
    "  --dry-run             read and report only; nothing is written\n"
    "  --no-activate         leave the active build as it is\n"
    "  --allow-partial       go on without releases that are plainly partial\n"
    "  --accept-ama-license  keep licensed CPT and CDT descriptions: you hold\n"
    "                        the licence for them\n"
    "  --release LABEL       the release of all files given, whatever their\n"
    "                        names say (2026q3, 2025a, 2026)\n"
    "  --setting NAME        practitioner, outpatient or dme, likewise\n"
    "  --program NAME        medicare or medicaid, likewise\n"
    "  --json                list, diff, refresh, replay: as JSON\n"
    "  --csv, --html         diff: a line a change; a page to print\n"
    "  --codes FILE          diff, refresh: only what touches these codes, and "
    "what to "
    "do\n"
    "  --limit N             diff: changes shown of a list, in text and page\n"
    "  --date-a, --date-b    diff: YYYY-MM-DD; the newest when not given\n"
    "  --keep N              builds that prune leaves (4)\n"
    "  --quiet               no report table, no progress line\n"
    "\n"
    "  of refresh and replay:\n"
    "  --expectations FILE   answers that a new build must give; one that it "
    "does\n"
    "                        not refuses it\n"
    "  --log FILE            past questions, to be asked of both builds\n"
    "  --force               activate in spite of alarms and expectations\n"
    "  --check               hash every file again, whatever its times say\n"
    "  --sources             replay: releases, files and rows count as "
    "differences\n"
    "\n"
    "  of fetch, and of refresh without PATH:\n"
    "  --releases DIR        folder of the originals (releases in the store)\n"
    "  --source NAMES        these alone: hcpcs, pfs, ptp, ptp:outpatient, …\n"
    "  --since DATE          releases in force on DATE or later (today)\n"
    "  --from URL            a mirror instead of the publishers\n"
    "  --accept-ama-license  you have read and accept the terms that stand "
    "before\n"
    "                        the files (AMA; for coverage also ADA and AHA)\n"
    "  --stall SECONDS       give up on a server that sends nothing (60)\n"
    "\n"
    "  -h, --help            this text\n"
    "  -V, --version         versions of the program and its libraries\n"
    "\n"
    "Exit status: 0 done, 1 failed (the active build is as it was), 2 misused, "
    "3\n"
    "answers differ (replay).\n";

enum option_code {
    OPTION_STORE = 256,
    OPTION_DRY_RUN,
    OPTION_NO_ACTIVATE,
    OPTION_ALLOW_PARTIAL,
    OPTION_LICENSE,
    OPTION_RELEASE,
    OPTION_SETTING,
    OPTION_PROGRAM,
    OPTION_QUIET,
    OPTION_JSON,
    OPTION_KEEP,
    OPTION_CSV,
    OPTION_HTML,
    OPTION_CODES,
    OPTION_LIMIT,
    OPTION_DATE_A,
    OPTION_DATE_B,
    OPTION_EXPECTATIONS,
    OPTION_FORCE,
    OPTION_CHECK,
    OPTION_LOG,
    OPTION_SOURCES,
    OPTION_RELEASES,
    OPTION_SOURCE,
    OPTION_SINCE,
    OPTION_FROM,
    OPTION_STALL
};

static const struct option long_options[] = {
    {"store", required_argument, NULL, OPTION_STORE},
    {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
    {"no-activate", no_argument, NULL, OPTION_NO_ACTIVATE},
    {"allow-partial", no_argument, NULL, OPTION_ALLOW_PARTIAL},
    {"accept-ama-license", no_argument, NULL, OPTION_LICENSE},
    {"release", required_argument, NULL, OPTION_RELEASE},
    {"setting", required_argument, NULL, OPTION_SETTING},
    {"program", required_argument, NULL, OPTION_PROGRAM},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"json", no_argument, NULL, OPTION_JSON},
    {"keep", required_argument, NULL, OPTION_KEEP},
    {"csv", no_argument, NULL, OPTION_CSV},
    {"html", no_argument, NULL, OPTION_HTML},
    {"codes", required_argument, NULL, OPTION_CODES},
    {"limit", required_argument, NULL, OPTION_LIMIT},
    {"date-a", required_argument, NULL, OPTION_DATE_A},
    {"date-b", required_argument, NULL, OPTION_DATE_B},
    {"expectations", required_argument, NULL, OPTION_EXPECTATIONS},
    {"force", no_argument, NULL, OPTION_FORCE},
    {"check", no_argument, NULL, OPTION_CHECK},
    {"releases", required_argument, NULL, OPTION_RELEASES},
    {"source", required_argument, NULL, OPTION_SOURCE},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"from", required_argument, NULL, OPTION_FROM},
    {"stall", required_argument, NULL, OPTION_STALL},
    {"log", required_argument, NULL, OPTION_LOG},
    {"sources", no_argument, NULL, OPTION_SOURCES},
    {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0}};

static int misused(const char *what, const char *why)
{
    (void)fprintf(stderr, "coderef-index: %s%s\nTry 'coderef-index --help'.\n",
        what, why);
    return EXIT_MISUSED;
}

static void print_versions(void)
{
    (void)printf("coderef-index %s\n%s\n%s\n%s\n", CODEREF_VERSION,
        mdb_version(NULL, NULL, NULL), archive_version_string(),
        curl_version());
}

/* A quarter, a fee schedule's letter, a year, or the month of an update. */
static bool is_release(const char *text)
{
    const size_t len = strlen(text);
    const char *end = text + 4;

    if (len < 4 || strspn(text, "0123456789") < 4)
        return false;
    switch (len) {
    case 4:
        return true;
    case 5:
        return strchr("abcdABCD", end[0]) != NULL;
    case 6:
        return (end[0] == 'q' || end[0] == 'Q') && end[1] >= '1' &&
               end[1] <= '4';
    case 7:
        return end[0] == '-' &&
               ((end[1] == '0' && end[2] >= '1' && end[2] <= '9') ||
                   (end[1] == '1' && end[2] >= '0' && end[2] <= '2'));
    default:
        return false;
    }
}

/* "ptp,mue:dme"; the words are cut in place. */
static bool add_sources(struct options *all, char *names)
{
    for (char *name = strtok(names, ","); name != NULL;
         name = strtok(NULL, ",")) {
        if (all->fetch.source_count == OPTION_SOURCES_MAX)
            return false;
        all->source[all->fetch.source_count++] = name;
    }
    return true;
}

/* Without a name and a password, which would be kept with each file. */
static bool is_web(const char *address)
{
    const char *host = strstr(address, "://");

    return (strncasecmp(address, "https://", 8) == 0 ||
               strncasecmp(address, "http://", 7) == 0) &&
           memchr(host, '@', strcspn(host + 3, "/") + 3) == NULL;
}

static int parse_options(
    int argc, char **argv, struct options *all, int *status)
{
    struct build_options *options = &all->build;
    char *end;
    int c;

    while ((c = getopt_long(argc, argv, "hV", long_options, NULL)) != -1)
        switch (c) {
        case OPTION_JSON:
            all->json = true;
            all->form = CHANGES_JSON;
            break;
        case OPTION_CSV:
            all->form = CHANGES_CSV;
            break;
        case OPTION_HTML:
            all->form = CHANGES_HTML;
            break;
        case OPTION_CODES:
            all->codes = optarg;
            break;
        case OPTION_LIMIT:
            all->most = strtoul(optarg, &end, 10);
            if (*optarg < '1' || *optarg > '9' || *end != '\0') {
                *status = misused(optarg, " is no number of changes");
                return -1;
            }
            break;
        case OPTION_DATE_A:
        case OPTION_DATE_B:
            if (day_parse_iso(c == OPTION_DATE_A ? &all->day_a : &all->day_b,
                    optarg, strlen(optarg)) != 0) {
                *status = misused(optarg, " is no day such as 2026-01-01");
                return -1;
            }
            break;
        case OPTION_KEEP:
            all->keep = strtoul(optarg, &end, 10);
            if (*optarg < '1' || *optarg > '9' || *end != '\0' ||
                all->keep > KEPT_MAX) {
                *status = misused(optarg, " is no number of builds to keep");
                return -1;
            }
            break;
        case OPTION_EXPECTATIONS:
            all->expectations = optarg;
            break;
        case OPTION_LOG:
            all->log = optarg;
            break;
        case OPTION_SOURCES:
            all->sources = true;
            break;
        case OPTION_FORCE:
            all->force = true;
            break;
        case OPTION_CHECK:
            all->check = true;
            break;
        case OPTION_STORE:
            options->store = optarg;
            break;
        case OPTION_DRY_RUN:
            options->dry_run = true;
            break;
        case OPTION_NO_ACTIVATE:
            options->no_activate = true;
            break;
        case OPTION_ALLOW_PARTIAL:
            options->allow_partial = true;
            break;
        case OPTION_LICENSE:
            options->licensed = true;
            break;
        case OPTION_RELEASE:
            if (!is_release(optarg)) {
                *status = misused(optarg, " is not a release such as 2026q3, "
                                          "2025a, 2026 or 2025-04");
                return -1;
            }
            options->collect.release = optarg;
            break;
        case OPTION_SETTING:
            if (setting_parse(
                    &options->collect.setting, optarg, strlen(optarg)) != 0) {
                *status = misused(optarg, " is not a setting");
                return -1;
            }
            break;
        case OPTION_PROGRAM:
            if (program_parse(
                    &options->collect.program, optarg, strlen(optarg)) != 0) {
                *status = misused(optarg, " is not a program");
                return -1;
            }
            break;
        case OPTION_RELEASES:
            all->fetch.releases = optarg;
            break;
        case OPTION_SOURCE:
            if (!add_sources(all, optarg)) {
                *status = misused("--source", ": too many names");
                return -1;
            }
            break;
        case OPTION_SINCE:
            if (day_parse_iso(&all->fetch.since, optarg, strlen(optarg)) != 0 ||
                all->fetch.since <= 0) { /* before there were any */
                *status = misused(optarg, " is no date such as 2026-01-01");
                return -1;
            }
            break;
        case OPTION_FROM:
            if (!is_web(optarg)) {
                *status = misused("--from",
                    " takes an address (http or https), without a password");
                return -1;
            }
            all->fetch.from = optarg;
            break;
        case OPTION_STALL:
            all->fetch.stall_seconds = strtol(optarg, &end, 10);
            if (*optarg < '1' || *optarg > '9' || *end != '\0' ||
                all->fetch.stall_seconds > 86400) {
                *status = misused(optarg, " is no number of seconds");
                return -1;
            }
            break;
        case OPTION_QUIET:
            options->report = NULL;
            options->collect.progress = false;
            break;
        case 'h':
            (void)fputs(usage_text, stdout);
            *status = EXIT_SUCCESS;
            return -1;
        case 'V':
            print_versions();
            *status = EXIT_SUCCESS;
            return -1;
        default:
            *status = misused("an option that cannot be", "");
            return -1;
        }
    return 0;
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
    int status = EXIT_SUCCESS;
    size_t count;

    if (parse_options(argc, argv, &options, &status) != 0)
        return status;
    if (optind == argc)
        return misused("a command is needed", ": build, verify, list, …");
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[optind], commands[i]->name) == 0)
            command = commands[i];
    if (command == NULL)
        return misused(argv[optind], " is not a command");
    count = (size_t)(argc - ++optind);
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
