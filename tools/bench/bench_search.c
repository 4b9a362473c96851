/* bench_search - searches in process, against Xapian and SQLite's FTS5.
 *
 *   bench_search STORE FOLDER [DISTINCT]
 *
 * 3,000 queries of two or three words of the releases' own titles, the last
 * word not yet whole (tools/eval/query_log.h). Each side is asked for the first
 * page, 20 hits, ranked its own way, of the same texts; each peer in its faster
 * setting, stemmed or not, with all words wanted. What falls to fetching the
 * texts of the hits is left out on all sides. FOLDER takes Xapian's database;
 * FTS5's lies in memory. With DISTINCT so many different queries are run
 * instead (a million, say), to see that time and memory stay bounded.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/bench/support/measure.h"
#include "tools/bench/support/process.h"
#include "tools/bench/support/sample.h"
#include "tools/eval/documents.h"
#include "tools/eval/peers.h"
#include "tools/eval/query_log.h"

enum { FOLDER_LEN = 4096 };

struct bench {
    struct sample sample;
    struct answers *answers;
    struct documents documents;
    struct query_log log;
    struct search_result result;
    double took[QUERY_LOG][ROUNDS_MAX]; /* of our search, in seconds */
    size_t hits;                        /* of the last pass */
};

/* --- ours ------------------------------------------------------------------
 */

static bool ask(struct bench *bench, size_t at)
{
    const struct search_query query = {.text = bench->log.text[at],
        .len = bench->log.len[at],
        .on_day = true,
        .day = bench->sample.day,
        .limit = SEARCH_LIMIT_DEFAULT};
    struct error err = {0};

    if (search_run(&bench->result, &bench->answers->search,
            &bench->sample.store->codes, &query, &err) != 0) {
        (void)fprintf(stderr, "bench_search: '%s': %s\n", query.text, err.msg);
        return false;
    }
    bench->hits += bench->result.hits > 0;
    return true;
}

/* CPU seconds of one query, of all of them in a row. 0 when one failed. */
static double pass(struct bench *bench)
{
    const double before = cpu_seconds();

    bench->hits = 0;
    for (size_t i = 0; i < QUERY_LOG; i++)
        if (!ask(bench, i))
            return 0;
    return (cpu_seconds() - before) / QUERY_LOG;
}

/* The same, each query by itself. */
static bool timed_pass(struct bench *bench, size_t round)
{
    bench->hits = 0;
    for (size_t i = 0; i < QUERY_LOG; i++) {
        const double before = cpu_seconds();

        if (!ask(bench, i))
            return false;
        bench->took[i][round] = cpu_seconds() - before;
    }
    return true;
}

/* --- peers -----------------------------------------------------------------
 */

static void peer_text(void *context, size_t at, struct peer_text *out)
{
    const struct document *document =
        &((const struct documents *)context)->document[at];

    *out = (struct peer_text){document->code.code, document->shown,
        document->title, document->brief, document->full, document->label,
        document->extra};
}

static double peer_pass(const struct bench *bench, const struct finder *peer)
{
    const double before = cpu_seconds();
    size_t hit[FINDER_HITS], found = 0;
    double each;

    for (size_t i = 0; i < QUERY_LOG; i++)
        found += peer->find(peer->state, bench->log.text[i], bench->log.len[i],
                     hit, SEARCH_LIMIT_DEFAULT) > 0;
    each = (cpu_seconds() - before) / QUERY_LOG;
    (void)fprintf(stderr, "bench_search: %s, %s: %.0f us, %zu of %d found\n",
        peer->name, peer->how, each * 1e6, found, QUERY_LOG);
    return each;
}

typedef bool open_fn(struct bench *bench, const char *folder,
    enum peer_setting setting, struct finder *out);

static bool open_fts5(struct bench *bench, const char *folder,
    enum peer_setting setting, struct finder *out)
{
    (void)folder;
    return fts5_open(
        out, setting, peer_text, &bench->documents, bench->documents.count);
}

static bool open_xapian(struct bench *bench, const char *folder,
    enum peer_setting setting, struct finder *out)
{
    char path[FOLDER_LEN];

    (void)snprintf(path, sizeof path, "%s/xapian-bench", folder);
    return xapian_open(out, setting, path, peer_text, &bench->documents,
        bench->documents.count);
}

static bool compare(struct bench *bench, const char *folder, const char *name,
    open_fn *open, double wanted, const char *target)
{
    static const enum peer_setting settings[] = {PEER_PLAIN, PEER_STEMMED};
    const size_t times = rounds(3);
    struct result result = {.name = name, .wish = AT_LEAST, .wanted = wanted};
    double fastest = 0, we = 0;

    for (size_t s = 0; s < sizeof settings / sizeof *settings; s++) {
        double ours[ROUNDS_MAX], theirs[ROUNDS_MAX];
        struct finder peer;

        if (!open(bench, folder, settings[s], &peer))
            return false;
        for (size_t r = 0; r < times; r++) {
            ours[r] = pass(bench);
            theirs[r] = peer_pass(bench, &peer);
        }
        peer.close(peer.state);
        if (median(ours, times) <= 0)
            return false;
        if (fastest <= 0 || median(theirs, times) < fastest) {
            fastest = median(theirs, times);
            we = median(ours, times);
        }
    }
    (void)snprintf(result.target.text, FIGURE_LEN, "%s", target);
    result.ours = per_second(1 / we);
    result.peer = per_second(1 / fastest);
    result.ratio = result.got = fastest / we;
    result.cpu = duration(we);
    result_print(&result);
    return true;
}

/* --- our times -------------------------------------------------------------
 */

static int slower(const void *a, const void *b)
{
    const double one = *(const double *)a, two = *(const double *)b;

    return (one > two) - (one < two);
}

static void line(const char *name, double seconds, double wanted,
    const char *target, const struct figure *memory)
{
    struct result result = {.name = name,
        .ours = duration(seconds),
        .wish = wanted > 0 ? AT_MOST : NO_WISH,
        .wanted = wanted,
        .got = seconds};

    (void)snprintf(result.target.text, FIGURE_LEN, "%s", target);
    if (memory != NULL)
        result.memory = *memory;
    result_print(&result);
}

static bool measure_ours(struct bench *bench)
{
    static double each[QUERY_LOG];
    const size_t times = rounds(5);
    struct memory before, after;
    struct figure memory;
    double mean[ROUNDS_MAX];

    if (!process_memory(getpid(), &before))
        return false;
    for (size_t r = 0; r < times; r++)
        if ((mean[r] = pass(bench)) <= 0 || !timed_pass(bench, r))
            return false;
    if (!process_memory(getpid(), &after))
        return false;
    (void)fprintf(stderr, "bench_search: %zu of %d queries found something\n",
        bench->hits, QUERY_LOG);
    for (size_t i = 0; i < QUERY_LOG; i++)
        each[i] = median(bench->took[i], times);
    qsort(each, QUERY_LOG, sizeof *each, slower);
    memory = size_of_bytes(
        (after.resident - after.map) - (before.resident - before.map));
    line("search of 2-3 words, mean", median(mean, times), 40e-6, "40 us",
        &memory);
    line("search of 2-3 words, p50", each[QUERY_LOG / 2], 0, "", NULL);
    line("search of 2-3 words, p99", each[QUERY_LOG * 99 / 100], 500e-6,
        "500 us", NULL);
    line("search of 2-3 words, slowest", each[QUERY_LOG - 1], 0, "", NULL);
    return true;
}

/* --- so many distinct queries ----------------------------------------------
 */

enum { LETTERS_EACH = 50 }; /* one of so many queries is of random letters */

/* Query number n: two words of the dictionary, the second one cut; their
 * numbers tell n, so that no query comes twice before all pairs have. */
static size_t write_distinct(
    const struct search_index *index, uint64_t n, char out[QUERY_LOG_LEN])
{
    size_t first_len, last_len;
    const char *first, *last;
    uint64_t state = n;

    if (n % LETTERS_EACH == 0) {
        size_t len = 0;

        for (; len < 8; len++, state = state * 25 / 26 + 7919 * (len + n))
            out[len] = (char)('a' + state % 26);
        return len +
               (size_t)snprintf(out + len, QUERY_LOG_LEN - len, " %" PRIu64, n);
    }
    first = search_word_text(
        index, (uint32_t)(n * 7919 % index->words), &first_len);
    last = search_word_text(index,
        (uint32_t)((n / index->words + n * 104729) % index->words), &last_len);
    if (last_len > 4)
        last_len -= n % 3;
    return (size_t)snprintf(out, QUERY_LOG_LEN, "%.*s %.*s", (int)first_len,
        first, (int)last_len, last);
}

static bool measure_distinct(struct bench *bench, uint64_t count)
{
    const struct search_index *index = &bench->answers->search;
    double slowest = 0, begun = cpu_seconds();
    struct memory before, after;
    struct figure memory;

    if (!process_memory(getpid(), &before))
        return false;
    for (uint64_t n = 0; n < count; n++) {
        char text[QUERY_LOG_LEN];
        const struct search_query query = {.text = text,
            .len = write_distinct(index, n, text),
            .on_day = true,
            .day = bench->sample.day,
            .limit = SEARCH_LIMIT_DEFAULT};
        const double then = cpu_seconds();
        struct error err = {0};

        if (search_run(&bench->result, index, &bench->sample.store->codes,
                &query, &err) != 0)
            return false;
        if (cpu_seconds() - then > slowest)
            slowest = cpu_seconds() - then;
        bench->hits += bench->result.hits > 0;
    }
    if (!process_memory(getpid(), &after))
        return false;
    (void)fprintf(stderr,
        "bench_search: %zu of %" PRIu64 " queries found something\n",
        bench->hits, count);
    memory = size_of_bytes(
        (after.resident - after.map) - (before.resident - before.map));
    line("distinct searches, mean", (cpu_seconds() - begun) / (double)count, 0,
        "", &memory);
    line("distinct searches, slowest", slowest, 0, "", NULL);
    return true;
}

static bool measure_all(
    struct bench *bench, const char *folder, uint64_t distinct)
{
    struct error err = {0};

    if (answers_open(&bench->answers, bench->sample.store, &err) != 0) {
        (void)fprintf(stderr, "bench_search: %s\n", err.msg);
        return false;
    }
    if (distinct > 0)
        return measure_distinct(bench, distinct);
    if (!documents_read(&bench->documents, bench->answers, bench->sample.day))
        return false;
    if (!query_log_draw(&bench->log, &bench->documents)) {
        (void)fputs("bench_search: no texts to draw queries from\n", stderr);
        return false;
    }
    return measure_ours(bench) &&
           compare(bench, folder, "searches / Xapian", open_xapian, 8, "8x") &&
           compare(
               bench, folder, "searches / SQLite FTS5", open_fts5, 50, "50x");
}

int main(int argc, char **argv)
{
    static struct bench bench;
    bool good;

    if (argc != 3 && argc != 4) {
        (void)fputs("usage: bench_search STORE FOLDER [DISTINCT]\n", stderr);
        return EXIT_FAILURE;
    }
    if (!sample_open(&bench.sample, argv[1]))
        return EXIT_FAILURE;
    good = measure_all(
        &bench, argv[2], argc == 4 ? strtoull(argv[3], NULL, 10) : 0);
    documents_clear(&bench.documents);
    answers_close(bench.answers);
    sample_close(&bench.sample);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
