#include "indexer/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "indexer/builds/kept.h"

/* What is said of an option by the help of the commands that take it; of is the
 * one alone, or NULL for all others. */
static const struct known {
    enum option_code code;
    const char *name, *argument, *text;
    const struct command *of;
} known[] = {
    {OPTION_STORE, "store", "DIR", "folder of the store (or CODEREF_STORE)",
        NULL},
    {OPTION_DRY_RUN, "dry-run", NULL,
        "read the pages and say what would be fetched", &fetch_command},
    {OPTION_DRY_RUN, "dry-run", NULL,
        "read and report only; nothing is written", NULL},
    {OPTION_NO_ACTIVATE, "no-activate", NULL, "leave the active build as it is",
        NULL},
    {OPTION_ALLOW_PARTIAL, "allow-partial", NULL,
        "go on without releases that are plainly partial", NULL},
    {OPTION_LICENSE, "accept-ama-license", NULL,
        "you have read and accept the terms that stand before\nthe files (AMA; "
        "for coverage also ADA and AHA)",
        &fetch_command},
    {OPTION_LICENSE, "accept-ama-license", NULL,
        "keep licensed CPT and CDT descriptions: you hold the\nlicence for "
        "them. Where files are fetched: you also\naccept the terms that stand "
        "before them",
        &refresh_command},
    {OPTION_LICENSE, "accept-ama-license", NULL,
        "keep licensed CPT and CDT descriptions: you hold the\nlicence for "
        "them",
        NULL},
    {OPTION_RELEASE, "release", "LABEL",
        "the release of all files given, whatever their names\nsay (2026q3, "
        "2025a, 2026, 2025-04, 2026-08-07)",
        NULL},
    {OPTION_SETTING, "setting", "NAME",
        "practitioner, outpatient or dme, likewise", NULL},
    {OPTION_PROGRAM, "program", "NAME", "medicare or medicaid, likewise", NULL},
    {OPTION_JSON, "json", NULL, "as JSON", NULL},
    {OPTION_CSV, "csv", NULL, "a line a change", NULL},
    {OPTION_HTML, "html", NULL, "a page to print", NULL},
    {OPTION_CODES, "codes", "FILE",
        "only what touches these codes, and what to do", NULL},
    {OPTION_LIMIT, "limit", "N", "questions told, of those with another answer",
        &replay_command},
    {OPTION_LIMIT, "limit", "N", "changes shown of a list, in text and page",
        NULL},
    {OPTION_DATE_A, "date-a", "DATE",
        "of A, the releases in force on that day; the newest\nwhen not given",
        NULL},
    {OPTION_DATE_B, "date-b", "DATE", "likewise of B", NULL},
    {OPTION_KEEP, "keep", "N", "builds that stay (4)", NULL},
    {OPTION_EXPECTATIONS, "expectations", "FILE",
        "answers that a new build must give; one that does not\nrefuses it",
        NULL},
    {OPTION_LOG, "log", "FILE",
        "past questions, to be asked of both builds; - is\nstandard input",
        NULL},
    {OPTION_FORCE, "force", NULL,
        "activate in spite of alarms and expectations", NULL},
    {OPTION_CHECK, "check", NULL,
        "hash every file again, whatever its times say", NULL},
    {OPTION_SOURCES, "sources", NULL,
        "releases, files and rows count as differences", NULL},
    {OPTION_RELEASES, "releases", "DIR",
        "folder of the originals (releases in the store)", NULL},
    {OPTION_SOURCE, "source", "NAMES",
        "these alone: hcpcs, pfs, ptp, ptp:outpatient, …", NULL},
    {OPTION_SINCE, "since", "DATE",
        "releases in force on DATE or later (today)", NULL},
    {OPTION_FROM, "from", "URL", "a mirror instead of the publishers", NULL},
    {OPTION_STALL, "stall", "SECONDS",
        "give up on a server that sends nothing (60)", NULL},
    {OPTION_QUIET, "quiet", NULL, "no report, no progress line", NULL},
};
enum { KNOWN = sizeof known / sizeof known[0] };

int misused(const char *what, const char *why)
{
    (void)fprintf(stderr, "coderef-index: %s%s\nTry 'coderef-index --help'.\n",
        what, why);
    return EXIT_MISUSED;
}

static const char *name_of(enum option_code code)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (known[i].code == code)
            return known[i].name;
    return "";
}

/* ---------------------------------------------------------------- reading */

/* A quarter, a fee schedule's letter, a year, the month of an update, or a day
 * of the coverage database. */
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
    case 10: {
        day_t day;

        return day_parse_iso(&day, text, len) == 0;
    }
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

/* Takes one option. Returns as options_read() does. */
static int take(struct options *all, int c)
{
    struct build_options *options = &all->build;
    char *end;

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
            return misused(optarg, " is no number of changes");
        }
        break;
    case OPTION_DATE_A:
    case OPTION_DATE_B:
        if (day_parse_iso(c == OPTION_DATE_A ? &all->day_a : &all->day_b,
                optarg, strlen(optarg)) != 0) {
            return misused(optarg, " is no day such as 2026-01-01");
        }
        break;
    case OPTION_KEEP:
        all->keep = strtoul(optarg, &end, 10);
        if (*optarg < '1' || *optarg > '9' || *end != '\0' ||
            all->keep > KEPT_MAX) {
            return misused(optarg, " is no number of builds to keep");
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
            return misused(optarg, " is not a release such as 2026q3, "
                                   "2025a, 2026, 2025-04 or 2026-08-07");
        }
        options->collect.release = optarg;
        break;
    case OPTION_SETTING:
        if (setting_parse(&options->collect.setting, optarg, strlen(optarg)) !=
            0) {
            return misused(optarg, " is not a setting");
        }
        break;
    case OPTION_PROGRAM:
        if (program_parse(&options->collect.program, optarg, strlen(optarg)) !=
            0) {
            return misused(optarg, " is not a program");
        }
        break;
    case OPTION_RELEASES:
        all->fetch.releases = optarg;
        break;
    case OPTION_SOURCE:
        if (!add_sources(all, optarg)) {
            return misused("--source", ": too many names");
        }
        break;
    case OPTION_SINCE:
        if (day_parse_iso(&all->fetch.since, optarg, strlen(optarg)) != 0 ||
            all->fetch.since <= 0) { /* before there were any */
            return misused(optarg, " is no date such as 2026-01-01");
        }
        break;
    case OPTION_FROM:
        if (!is_web(optarg)) {
            return misused("--from",
                " takes an address (http or https), without a password");
        }
        all->fetch.from = optarg;
        break;
    case OPTION_STALL:
        all->fetch.stall_seconds = strtol(optarg, &end, 10);
        if (*optarg < '1' || *optarg > '9' || *end != '\0' ||
            all->fetch.stall_seconds > 86400) {
            return misused(optarg, " is no number of seconds");
        }
        break;
    case OPTION_QUIET:
        options->report = NULL;
        options->collect.progress = false;
        break;
    default:
        break;
    }
    return 0;
}

int options_read(
    struct options *out, enum options_wish *wish, int argc, char **argv)
{
    struct option all[KNOWN + 3] = {
        {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'}};
    size_t count = 2;
    int c, rc;

    *wish = WISH_WORK;
    for (size_t i = 0; i < KNOWN; i++)
        if (i == 0 || known[i].code != known[i - 1].code)
            all[count++] = (struct option){known[i].name,
                known[i].argument != NULL ? required_argument : no_argument,
                NULL, (int)known[i].code};
    while ((c = getopt_long(argc, argv, "hV", all, NULL)) != -1) {
        if (c == 'h' || c == 'V') {
            *wish = c == 'h' ? WISH_HELP : WISH_VERSION;
        } else if (c < OPTION_STORE) {
            (void)fputs("Try 'coderef-index --help'.\n", stderr);
            return EXIT_MISUSED;
        } else {
            out->given |= UINT64_C(1) << (c - OPTION_STORE);
            if ((rc = take(out, c)) != 0)
                return rc;
        }
    }
    return 0;
}

/* ---------------------------------------------------------------- judging */

static int no_option(
    const struct command *command, enum option_code code, const char *why)
{
    (void)fprintf(stderr,
        "coderef-index: %s takes no --%s%s\n"
        "Try 'coderef-index %s --help'.\n",
        command->name, name_of(code), why, command->name);
    return EXIT_MISUSED;
}

static enum option_code first_of(uint64_t set)
{
    enum option_code code = OPTION_STORE;

    while ((set & 1) == 0) {
        set >>= 1;
        code++;
    }
    return code;
}

int options_check(
    const struct options *options, const struct command *command, size_t count)
{
    const uint64_t strange = options->given & ~(command->takes | TAKES(STORE));
    const uint64_t forms =
        options->given & (TAKES(JSON) | TAKES(CSV) | TAKES(HTML));
    const uint64_t fetching = options->given & TAKES_FETCHING;

    if (strange != 0)
        return no_option(command, first_of(strange), "");
    if ((forms & (forms - 1)) != 0)
        return misused(command->name, ": one of --json, --csv and --html");
    if (command == &refresh_command && count > 0 && fetching != 0)
        return no_option(command, first_of(fetching),
            " beside a PATH: then nothing is fetched");
    return 0;
}

/* ---------------------------------------------------------------- help */

static void print_option(const struct known *option)
{
    const char *text = option->text;
    char left[40];
    int len;

    (void)snprintf(left, sizeof left, "--%s%s%s", option->name,
        option->argument != NULL ? " " : "",
        option->argument != NULL ? option->argument : "");
    for (bool first = true; *text != '\0'; first = false) {
        len = (int)strcspn(text, "\n");
        (void)printf("  %-21s %.*s\n", first ? left : "", len, text);
        text += len + (text[len] == '\n');
    }
}

void options_help(const struct command *command)
{
    const uint64_t takes = command->takes | TAKES(STORE);
    const struct known *before = NULL;

    (void)printf("usage: coderef-index %s [OPTION…]%s%s\n\n%s\n", command->name,
        command->words != NULL ? " " : "",
        command->words != NULL ? command->words : "", command->about);
    for (size_t i = 0; i < KNOWN; i++)
        if ((takes >> (known[i].code - OPTION_STORE) & 1) != 0 &&
            (known[i].of == NULL || known[i].of == command) &&
            (before == NULL || before->code != known[i].code)) {
            before = &known[i];
            print_option(before);
        }
}
