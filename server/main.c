/* main.c - coderef-server: what it is told on the command line. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/keys.h"
#include "server/supervisor.h"
#include "server/versions.h"

enum {
    EXIT_MISUSE = 2,
    DEFAULT_TIMEOUT = 60,       /* seconds */
    DEFAULT_CONNECTIONS = 1000, /* of each worker */
    DEFAULT_BODY = 8 << 20,     /* bytes */
};

static const char usage[] =
    "Usage: coderef-server [OPTION]...\n"
    "Answer questions about medical billing codes over HTTP.\n"
    "\n"
    "  -s, --store DIR          folder of builds; CODEREF_STORE stands in\n"
    "  -a, --address ADDRESS    listen on this address (127.0.0.1)\n"
    "  -p, --port N             listen on this port, 0 for any free (8080)\n"
    "  -w, --workers N          processes that answer (one for each core)\n"
    "      --max-body BYTES     longest request body (8388608)\n"
    "      --timeout SECONDS    for a request to arrive, and for an answer to\n"
    "                           make progress (60)\n"
    "      --max-connections N  open connections of each worker (1000)\n"
    "      --tls-cert FILE      certificate chain, PEM: speak HTTPS\n"
    "      --tls-key FILE       its private key, PEM\n"
    "      --keys FILE          only who has a key of this file may ask\n"
    "      --public-store DIR   with --keys: another folder of builds, "
    "without\n"
    "                           licensed text, for keys that are not licensed\n"
    "      --hash-key           read a key on standard input, write its line "
    "for\n"
    "                           the file of keys, and exit\n"
    "      --web DIR            read the page's files from this folder at "
    "each\n"
    "                           request, to work on them\n"
    "      --access-log         a line for each request on standard error\n"
    "      --log-queries        with --access-log: show query strings, which\n"
    "                           may tell of patients\n"
    "  -h, --help               show this and exit\n"
    "  -V, --version            show versions and exit\n"
    "\n"
    "SIGHUP looks for a new build, SIGTERM ends after the running requests.\n";

static void print_version(void)
{
    struct library library[LIBRARIES_MAX];

    versions(library);
    (void)printf("coderef-server %s\n", CODEREF_VERSION);
    for (size_t i = 0; library[i].name != NULL; i++)
        (void)printf("%s %s\n", library[i].name, library[i].version);
}

static int misused(const char *option, const char *value)
{
    if (option != NULL)
        (void)fprintf(
            stderr, "coderef-server: --%s: bad value '%s'\n", option, value);
    (void)fputs("Try 'coderef-server --help'.\n", stderr);
    return EXIT_MISUSE;
}

/* A stream that the caller has closed would give its number to a socket or a
 * pipe, and what is logged would go there. */
static bool open_streams(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    return fd >= 0 && close(fd) == 0;
}

static bool number(
    const char *text, unsigned long min, unsigned long max, unsigned long *out)
{
    char *end;

    errno = 0;
    *out = strtoul(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 &&
           *out >= min && *out <= max;
}

static unsigned cores(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n < 1 ? 1 : n > WORKERS_MAX ? WORKERS_MAX : (unsigned)n;
}

enum {
    OPT_MAX_BODY = 256,
    OPT_TIMEOUT,
    OPT_MAX_CONNECTIONS,
    OPT_TLS_CERT,
    OPT_TLS_KEY,
    OPT_KEYS,
    OPT_PUBLIC_STORE,
    OPT_HASH_KEY,
    OPT_WEB,
    OPT_ACCESS_LOG,
    OPT_LOG_QUERIES,
};

static const struct option long_options[] = {
    {"store", required_argument, NULL, 's'},
    {"address", required_argument, NULL, 'a'},
    {"port", required_argument, NULL, 'p'},
    {"workers", required_argument, NULL, 'w'},
    {"max-body", required_argument, NULL, OPT_MAX_BODY},
    {"timeout", required_argument, NULL, OPT_TIMEOUT},
    {"max-connections", required_argument, NULL, OPT_MAX_CONNECTIONS},
    {"tls-cert", required_argument, NULL, OPT_TLS_CERT},
    {"tls-key", required_argument, NULL, OPT_TLS_KEY},
    {"keys", required_argument, NULL, OPT_KEYS},
    {"public-store", required_argument, NULL, OPT_PUBLIC_STORE},
    {"hash-key", no_argument, NULL, OPT_HASH_KEY},
    {"web", required_argument, NULL, OPT_WEB},
    {"access-log", no_argument, NULL, OPT_ACCESS_LOG},
    {"log-queries", no_argument, NULL, OPT_LOG_QUERIES},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static const char *option_name(int option)
{
    const struct option *at = long_options;

    while (at->name != NULL && at->val != option)
        at++;
    return at->name != NULL ? at->name : "";
}

/* Takes one option. False when its value is no good. */
static bool take(struct supervisor_options *options, int option)
{
    unsigned long n = 0;
    bool good = true;

    switch (option) {
    case 's':
        options->store = optarg;
        break;
    case 'a':
        options->address = optarg;
        break;
    case 'p':
        good = number(optarg, 0, 65535, &n);
        options->port = optarg;
        break;
    case 'w':
        good = number(optarg, 1, WORKERS_MAX, &n);
        options->workers = (unsigned)n;
        break;
    case OPT_MAX_BODY:
        good = number(optarg, 1, 1ul << 30, &n);
        options->http.max_body = n;
        break;
    case OPT_TIMEOUT:
        good = number(optarg, 1, 3600, &n);
        options->http.timeout = (unsigned)n;
        break;
    case OPT_MAX_CONNECTIONS:
        good = number(optarg, 1, 1000000, &n);
        options->http.max_connections = (unsigned)n;
        break;
    case OPT_TLS_CERT:
        options->http.tls_cert = optarg;
        break;
    case OPT_TLS_KEY:
        options->http.tls_key = optarg;
        break;
    case OPT_KEYS:
        options->http.keys = optarg;
        break;
    case OPT_PUBLIC_STORE:
        options->public_store = optarg;
        break;
    case OPT_WEB:
        options->http.web = optarg;
        break;
    case OPT_ACCESS_LOG:
        options->http.access_log = true;
        break;
    case OPT_LOG_QUERIES:
        options->http.log_queries = true;
        break;
    default:
        break;
    }
    return good;
}

/* The line of a key: it is typed or piped in, so that neither the list of
 * processes nor the history of a shell shows it. */
static int hash_key(void)
{
    char secret[KEY_SECRET_MAX + 2], hash[KEY_HEX + 1];
    size_t len = fread(secret, 1, sizeof secret, stdin);

    while (len > 0 && (secret[len - 1] == '\n' || secret[len - 1] == '\r'))
        len--;
    if (len < KEY_SECRET_MIN || len > KEY_SECRET_MAX ||
        !key_hash(hash, secret, len)) {
        (void)fprintf(stderr,
            "coderef-server: --hash-key: a key has %d to %d bytes\n",
            KEY_SECRET_MIN, KEY_SECRET_MAX);
        return EXIT_FAILURE;
    }
    (void)printf("NAME\t%s\t20\t40\tpublic\n", hash);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct supervisor_options options = {
        .store = getenv("CODEREF_STORE"),
        .address = "127.0.0.1",
        .port = "8080",
        .workers = cores(),
        .http = {.max_body = DEFAULT_BODY,
            .timeout = DEFAULT_TIMEOUT,
            .max_connections = DEFAULT_CONNECTIONS},
    };
    struct error err = {0};
    int option;

    if (!open_streams())
        return EXIT_FAILURE;
    while ((option = getopt_long(
                argc, argv, "s:a:p:w:hV", long_options, NULL)) != -1) {
        switch (option) {
        case 'h':
            (void)fputs(usage, stdout);
            return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        case 'V':
            print_version();
            return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        case OPT_HASH_KEY:
            return hash_key();
        case '?':
            return misused(NULL, NULL);
        default:
            if (!take(&options, option))
                return misused(option_name(option), optarg);
        }
    }
    if (optind < argc) {
        (void)fprintf(stderr, "coderef-server: what is '%s'?\n", argv[optind]);
        return misused(NULL, NULL);
    }
    if (options.store == NULL || *options.store == '\0') {
        (void)fputs("coderef-server: say which store with --store DIR or "
                    "CODEREF_STORE.\n",
            stderr);
        return misused(NULL, NULL);
    }
    if (options.public_store != NULL && options.http.keys == NULL) {
        (void)fputs("coderef-server: --public-store means something with "
                    "--keys alone.\n",
            stderr);
        return misused(NULL, NULL);
    }
    if ((options.http.tls_cert == NULL) != (options.http.tls_key == NULL)) {
        (void)fputs(
            "coderef-server: --tls-cert and --tls-key go together.\n", stderr);
        return misused(NULL, NULL);
    }
    if (supervisor_run(&options, &err) != 0) {
        (void)fprintf(stderr, "coderef-server: %s\n", err.msg);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
