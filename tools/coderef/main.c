/* coderef - asks a store of coderef on the shell, without a server. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/coderef/command.h"

static const struct command *const commands[] = {&lookup_command,
    &search_command, &pair_command, &units_command, &claim_command,
    &necessity_command, &policy_command, &changes_command};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static const char usage[] =
    "usage: coderef [options] lookup CODE...\n"
    "       coderef [options] search WORD...\n"
    "       coderef [options] pair CODE[:MODIFIER+...] CODE...\n"
    "       coderef [options] units CODE[:MODIFIER]=MINUTES...\n"
    "       coderef [options] claim FILE\n"
    "       coderef [options] necessity [CODE] [ICD10]\n"
    "       coderef [options] policy ID...\n"
    "       coderef [options] changes [CODE...]\n"
    "\n"
    "lookup  what is known of each code on a day\n"
    "search  the codes whose text has every word, or begins like the word\n"
    "pair    whether the codes may be billed together, every pair of them\n"
    "units   units of service for the minutes of a day\n"
    "claim   what the rules say of a whole claim, in JSON or CSV; - is stdin\n"
    "necessity  what coverage articles say of a procedure with a diagnosis; "
    "of\n"
    "        one alone, the lists\n"
    "policy  an article, LCD or NCD: A57067, L34049, NCD36\n"
    "changes what changed: with the newest releases, or from a day to "
    "another;\n"
    "        of codes, what it means for them\n"
    "\n"
    "  --store DIR         folder of the store (or CODEREF_STORE)\n"
    "  --json              the answer of the JSON API\n"
    "  --date YYYY-MM-DD   date of service; today when not given (not of "
    "changes)\n"
    "\n"
    "and these alone, of the commands that are named; any other refuses them:\n"
    "  --setting NAME      pair, claim: practitioner (when not given), "
    "outpatient\n"
    "                      or dme; search: with an MUE limit there\n"
    "  --program NAME      pair, claim: medicare (when not given) or medicaid\n"
    "  --system NAMES      lookup, search, changes: cpt, hcpcs, cdt, icd10cm,\n"
    "                      modifier, local; several parted by commas\n"
    "  --section, --billable, --timed, --status\n"
    "                      search: codes of these values, parted by commas;\n"
    "                      --facets names them\n"
    "  --facets NAMES      search: count the hits by system, section, "
    "billable,\n"
    "                      timed, status, setting; several parted by commas\n"
    "  --order NAME        search: billable first (when not given), headings\n"
    "                      first, or by length alone\n"
    "  --limit N           search, necessity, changes: most hits, or items of "
    "a\n"
    "                      list; 20, or 100, when not given\n"
    "  --rule NAME         units: cms (when not given), the 8-minute pool; or\n"
    "                      midpoint, each code alone\n"
    "  --pool-cognitive    units: the 8-minute pool holds cognitive-function\n"
    "                      minutes too\n"
    "  --dx CODES          claim in CSV: its diagnoses, parted by commas\n"
    "  --payer NAME        claim in CSV: medicare (when not given), medicaid,\n"
    "                      commercial or other\n"
    "  --state XX          necessity: where, by its two letters\n"
    "  --contractor NUMBER necessity: the contractor's number, as in 15102\n"
    "  --article ID        necessity: this article alone, whatever the place\n"
    "  --kind NAME         necessity: a, b (when not given) or dme claims\n"
    "  --match WORDS       necessity: of the lists, diagnoses with these "
    "words\n"
    "  --prefix TEXT       necessity: of the lists, diagnoses that begin so\n"
    "  --from, --to        changes: YYYY-MM-DD; --to is today when not given\n"
    "  --exit-verdict      pair: say the worst verdict in the exit status\n"
    "\n"
    "  -h, --help          this text\n"
    "  -V, --version       the version\n"
    "\n"
    "Exit status: 0 done, 1 failed or not found, 2 misused. With\n"
    "--exit-verdict: 0 billable, 10 resolved by a modifier, 11 modifier\n"
    "required, 12 not checked, 13 not billable. Of a claim: 0 clean, 12\n"
    "something was not checked, 14 errors or warnings were found.\n";

static const struct option long_options[] = {
    {"store", required_argument, NULL, OPTION_STORE},
    {"json", no_argument, NULL, OPTION_JSON},
    {"date", required_argument, NULL, OPTION_DATE},
    {"setting", required_argument, NULL, OPTION_SETTING},
    {"program", required_argument, NULL, OPTION_PROGRAM},
    {"system", required_argument, NULL, OPTION_SYSTEM},
    {"limit", required_argument, NULL, OPTION_LIMIT},
    {"exit-verdict", no_argument, NULL, OPTION_EXIT_VERDICT},
    {"rule", required_argument, NULL, OPTION_RULE},
    {"pool-cognitive", no_argument, NULL, OPTION_POOL_COGNITIVE},
    {"dx", required_argument, NULL, OPTION_DX},
    {"payer", required_argument, NULL, OPTION_PAYER},
    {"state", required_argument, NULL, OPTION_STATE},
    {"contractor", required_argument, NULL, OPTION_CONTRACTOR},
    {"article", required_argument, NULL, OPTION_ARTICLE},
    {"kind", required_argument, NULL, OPTION_KIND},
    {"match", required_argument, NULL, OPTION_MATCH},
    {"prefix", required_argument, NULL, OPTION_PREFIX},
    {"section", required_argument, NULL, OPTION_SECTION},
    {"billable", required_argument, NULL, OPTION_BILLABLE},
    {"timed", required_argument, NULL, OPTION_TIMED},
    {"status", required_argument, NULL, OPTION_STATUS},
    {"facets", required_argument, NULL, OPTION_FACETS},
    {"order", required_argument, NULL, OPTION_ORDER},
    {"from", required_argument, NULL, OPTION_FROM},
    {"to", required_argument, NULL, OPTION_TO},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

int complain(int code, const struct error *err)
{
    (void)fprintf(stderr, "coderef: %s\n", err->msg);
    return code == ERR_INPUT || code == ERR_LIMIT ? EXIT_MISUSED : EXIT_FAILED;
}

int print_json(const struct buffer *out)
{
    if (fwrite(out->data, 1, out->len, stdout) != out->len ||
        putchar('\n') == EOF || fflush(stdout) != 0) {
        perror("coderef: stdout");
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}

static int misused(const char *what, const char *said)
{
    (void)fprintf(stderr, "coderef: %s: %s\n", what, said);
    (void)fputs("Try 'coderef --help'.\n", stderr);
    return EXIT_MISUSED;
}

static int read_limit(struct options *options, const char *text)
{
    char *end;
    const unsigned long n = strtoul(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end != '\0' || n < 1 ||
        n > SEARCH_LIMIT_MAX)
        return misused("--limit", "must be a number from 1 to 200");
    options->limit = (uint32_t)n;
    return 0;
}

/* The first option that stood there and is none of the command's. */
static const char *strange_option(
    const struct options *options, const struct command *command)
{
    const uint64_t strange = options->given & ~(command->takes | TAKES(STORE));

    for (const struct option *o = long_options; o->name != NULL; o++)
        if (o->val >= OPTION_STORE &&
            (strange >> (o->val - OPTION_STORE) & 1) != 0)
            return o->name;
    return NULL;
}

static int check_words(
    const struct command *command, size_t count, const char *last)
{
    if (count < command->arguments_min)
        return misused(command->name, "not enough to ask about");
    if (count > command->arguments_max)
        return misused(last, "one word too many");
    return 0;
}

/* Where the text of an option is kept as it stands; NULL of any other. */
static const char **text_of(struct options *options, int c)
{
    switch (c) {
    case OPTION_STORE:
        return &options->store;
    case OPTION_DX:
        return &options->diagnoses;
    case OPTION_PAYER:
        return &options->payer;
    case OPTION_STATE:
        return &options->state;
    case OPTION_CONTRACTOR:
        return &options->contractor;
    case OPTION_ARTICLE:
        return &options->article;
    case OPTION_KIND:
        return &options->kind;
    case OPTION_MATCH:
        return &options->match;
    case OPTION_PREFIX:
        return &options->prefix;
    case OPTION_SECTION:
        return &options->section;
    case OPTION_BILLABLE:
        return &options->billable;
    case OPTION_TIMED:
        return &options->timed;
    case OPTION_STATUS:
        return &options->status;
    case OPTION_FACETS:
        return &options->facets;
    case OPTION_ORDER:
        return &options->order;
    default:
        return NULL;
    }
}

/* Takes one option. Returns 0, or the exit status of a wrong one. */
static int take_option(struct options *options, int c, const char *text)
{
    const char **place = text_of(options, c);
    struct error err = {0};

    if (place != NULL) {
        *place = text;
        return 0;
    }
    switch (c) {
    case OPTION_JSON:
        options->json = true;
        return 0;
    case OPTION_EXIT_VERDICT:
        options->exit_verdict = true;
        return 0;
    case OPTION_POOL_COGNITIVE:
        options->pool_cognitive = true;
        return 0;
    case OPTION_RULE:
        if (units_rule_parse(&options->rule, text, strlen(text), &err) != 0)
            return misused("--rule", "cms or midpoint");
        return 0;
    case OPTION_DATE:
        if (day_parse_iso(&options->day, text, strlen(text)) != 0)
            return misused("--date", "write it YYYY-MM-DD, as in 2024-07-01");
        options->on_day = true;
        return 0;
    case OPTION_FROM:
    case OPTION_TO:
        if (day_parse_iso(c == OPTION_FROM ? &options->from : &options->to,
                text, strlen(text)) != 0)
            return misused(c == OPTION_FROM ? "--from" : "--to",
                "write it YYYY-MM-DD, as in 2024-07-01");
        options->from_given |= c == OPTION_FROM;
        return 0;
    case OPTION_SETTING:
        if (setting_parse(&options->setting, text, strlen(text)) != 0)
            return misused("--setting", "practitioner, outpatient or dme");
        return 0;
    case OPTION_PROGRAM:
        if (program_parse(&options->program, text, strlen(text)) != 0)
            return misused("--program", "medicare or medicaid");
        return 0;
    case OPTION_SYSTEM:
        if (systems_parse(&options->systems, text, strlen(text), &err) != 0)
            return misused("--system", err.msg);
        return 0;
    default:
        return read_limit(options, text);
    }
}

/* LMDB trusts its file: a damaged page, or a file cut short, can end whoever
 * reads it. To compare 120 MB with their sum first, as the server does, would
 * cost more than the answer; so the end is at least told. */
static void on_damage(int number)
{
    static const char said[] =
        "coderef: the build cannot be read; 'coderef-index verify' tells "
        "whether it is damaged\n";

    (void)number;
    (void)!write(STDERR_FILENO, said, sizeof said - 1);
    _exit(EXIT_FAILED);
}

static void catch_damage(void)
{
    struct sigaction action = {.sa_handler = on_damage};

    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGSEGV, &action, NULL);
    (void)sigaction(SIGBUS, &action, NULL);
}

static int run(const struct options *options, const struct command *command,
    char *const *arguments, size_t count)
{
    struct store *store = NULL;
    struct answers *answers = NULL;
    struct error err = {0};
    int rc;

    catch_damage();
    rc = store_open_current(&store, options->store, &err);
    if (rc == 0)
        rc = answers_open(&answers, store, &err);
    if (rc != 0) {
        (void)fprintf(stderr, "coderef: %s\n", err.msg);
        rc = EXIT_FAILED;
    } else {
        rc = command->run(answers, options, arguments, count);
    }
    answers_close(answers);
    store_close(store);
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        perror("coderef: stdout");
        return EXIT_FAILED;
    }
    return rc;
}

int main(int argc, char **argv)
{
    struct options options = {.store = getenv("CODEREF_STORE"),
        .day = day_today(),
        .to = day_today(),
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
    const struct command *command = NULL;
    const char *strange;
    size_t count;
    int c, rc;

    while ((c = getopt_long(argc, argv, "hV", long_options, NULL)) != -1) {
        if (c == 'h') {
            (void)fputs(usage, stdout);
            return EXIT_DONE;
        }
        if (c == 'V') {
            (void)printf("coderef %s\n", CODEREF_VERSION);
            return EXIT_DONE;
        }
        if (c == '?') {
            (void)fputs("Try 'coderef --help'.\n", stderr);
            return EXIT_MISUSED;
        }
        options.given |= UINT64_C(1) << (c - OPTION_STORE);
        if ((rc = take_option(&options, c, optarg)) != 0)
            return rc;
    }
    if (optind == argc)
        return misused("no command",
            "lookup, search, pair, units, claim, necessity, policy or changes");
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[optind], commands[i]->name) == 0)
            command = commands[i];
    if (command == NULL)
        return misused(argv[optind], "no such command");
    count = (size_t)(argc - optind - 1);
    if ((strange = strange_option(&options, command)) != NULL) {
        (void)fprintf(stderr,
            "coderef: %s takes no --%s\nTry 'coderef --help'.\n", command->name,
            strange);
        return EXIT_MISUSED;
    }
    if ((rc = check_words(command, count, argv[argc - 1])) != 0)
        return rc;
    if (options.store == NULL || options.store[0] == '\0')
        return misused("no store", "name it with --store or CODEREF_STORE");
    return run(&options, command, argv + optind + 1, count);
}
