/* search_eval - how good the search is, beside SQLite FTS5 and Xapian.
 *
 *   search_eval [--date YYYY-MM-DD] [--only-ours] [--failures] [--tsv FILE]
 *               [--silver STORE] STORE FOLDER [QUERIES...]
 *
 * STORE is a folder of builds, FOLDER a place for Xapian's database, QUERIES
 * are files of judged queries (README.md). Every query is asked of our search
 * and of each peer, in each of the peer's settings; the setting that finds most
 * is the one shown. Then every query is typed letter by letter into ours.
 *
 *   --failures  the queries that failed with what came instead; not meant for
 *               the held-out half
 *   --tsv FILE  the figures, one line a kind and finder
 *   --silver STORE
 *               entries of the publisher's indexes of that other store are
 *               asked, too; what is searched should be made without them
 *
 * It fails when a program or file is broken, never because of a figure. */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/eval/judged.h"
#include "tools/eval/ours.h"
#include "tools/eval/peers.h"
#include "tools/eval/silver.h"
#include "tools/eval/typing.h"

enum { HITS = 10, FINDERS_MAX = 1 + 2 * PEER_SETTINGS, FILES_MAX = 8 };
/* The kind whose queries need texts that only licensed builds have. */
#define LICENSED_KIND "pfs"

struct score {
    size_t queries, zero;
    double first, ten, reciprocal, gain;
};

struct eval {
    const char *store_path, *folder, *tsv, *silver_path;
    bool only_ours, failures;
    day_t day;
    struct store *store;
    struct answers *answers;
    struct documents documents;
    struct finder finder[FINDERS_MAX];
    size_t finders;
    FILE *out;
};

/* --- one query -------------------------------------------------------------
 */

/* Right codes there are, at most HITS. */
static size_t right_codes(
    const struct documents *documents, const struct judged *judged)
{
    size_t right = 0;

    for (size_t i = 0; i < documents->count && right < HITS; i++)
        right += judged_right(judged, &documents->document[i].code);
    return right;
}

static bool is_right(const struct documents *documents,
    const struct judged *judged, size_t place)
{
    return place != DOCUMENT_NONE &&
           judged_right(judged, &documents->document[place].code);
}

static void score_query(struct score *score, const struct documents *documents,
    const struct judged *judged, size_t ideal, const size_t *hit, size_t hits)
{
    double gain = 0, best = 0;
    size_t first = HITS;

    score->queries++;
    if (judged->codes == 0) { /* nothing is right, and nothing else */
        score->first += hits == 0;
        score->ten += hits == 0;
        score->reciprocal += hits == 0;
        score->gain += hits == 0;
        return;
    }
    score->zero += hits == 0;
    for (size_t i = hits; i-- > 0;)
        if (is_right(documents, judged, hit[i])) {
            first = i;
            gain += 1 / log2((double)i + 2);
        }
    for (size_t i = 0; i < ideal; i++)
        best += 1 / log2((double)i + 2);
    score->first += first == 0;
    score->ten += first < HITS;
    score->reciprocal += first < HITS ? 1 / ((double)first + 1) : 0;
    score->gain += best > 0 ? gain / best : 0;
}

static void tell_failure(const struct eval *eval, const struct judged *judged,
    const size_t *hit, size_t hits)
{
    bool ten = judged->codes == 0 && hits == 0, first = ten;

    for (size_t i = 0; i < hits; i++)
        if (is_right(&eval->documents, judged, hit[i])) {
            ten = true;
            first = first || i == 0;
        }
    if (first)
        return;
    (void)fprintf(stderr, "%s\t%s\t%s\twanted",
        hits == 0 ? "nothing"
        : ten     ? "not first"
                  : "not in ten",
        judged->kind, judged->query);
    for (size_t i = 0; i < judged->codes && i < 5; i++)
        (void)fprintf(stderr, " %s%s", judged->code[i].code,
            judged->code[i].begins ? "*" : "");
    (void)fputs(judged->codes == 0 ? " nothing\tcame" : "\tcame", stderr);
    for (size_t i = 0; i < hits && i < 3; i++) {
        const struct document *document =
            hit[i] == DOCUMENT_NONE ? NULL : &eval->documents.document[hit[i]];

        (void)fprintf(stderr, " | %s %.40s",
            document != NULL ? document->shown : "?",
            document != NULL ? document->title : "");
    }
    (void)fputc('\n', stderr);
}

/* --- a file of queries -----------------------------------------------------
 */

typedef struct score score_table[FINDERS_MAX][JUDGED_KINDS];

static bool left_out(const struct eval *eval, const struct judged *judged)
{
    return !eval->documents.licensed &&
           strcmp(judged->kind, LICENSED_KIND) == 0;
}

static void ask_all(
    const struct eval *eval, const struct judged_list *list, score_table table)
{
    size_t hit[FINDER_HITS];

    for (size_t q = 0; q < list->count; q++) {
        const struct judged *judged = &list->judged[q];
        const size_t ideal = right_codes(&eval->documents, judged);

        if (left_out(eval, judged))
            continue;
        if (judged->codes > 0 && ideal == 0)
            (void)fprintf(stderr, "search_eval: '%s': no such code here\n",
                judged->query);
        for (size_t f = 0; f < eval->finders; f++) {
            const struct finder *finder = &eval->finder[f];
            const size_t hits = finder->find(
                finder->state, judged->query, judged->len, hit, HITS);

            score_query(&table[f][judged->kind_at], &eval->documents, judged,
                ideal, hit, hits);
            if (f == 0 && eval->failures)
                tell_failure(eval, judged, hit, hits);
        }
    }
}

static void add(struct score *sum, const struct score *one)
{
    sum->queries += one->queries;
    sum->zero += one->zero;
    sum->first += one->first;
    sum->ten += one->ten;
    sum->reciprocal += one->reciprocal;
    sum->gain += one->gain;
}

static struct score total(const struct score *kinds, size_t count)
{
    struct score sum = {0};

    for (size_t k = 0; k < count; k++)
        add(&sum, &kinds[k]);
    return sum;
}

/* The finders to be shown: ours, and of each peer the setting that has a right
 * code among the ten most often, then first most often. */
static size_t best_settings(const struct eval *eval, score_table table,
    size_t kinds, size_t shown[FINDERS_MAX])
{
    size_t count = 0;

    for (size_t f = 0; f < eval->finders; f++) {
        const struct score now = total(table[f], kinds);
        struct score before;

        if (count == 0 || strcmp(eval->finder[f].name,
                              eval->finder[shown[count - 1]].name) != 0) {
            shown[count++] = f;
            continue;
        }
        before = total(table[shown[count - 1]], kinds);
        if (now.ten + now.first > before.ten + before.first)
            shown[count - 1] = f;
    }
    return count;
}

static void show_row(const char *kind, score_table table, size_t at,
    const size_t *shown, size_t count, bool summed, size_t kinds)
{
    for (size_t i = 0; i < count; i++) {
        const struct score score =
            summed ? total(table[shown[i]], kinds) : table[shown[i]][at];
        const double n = score.queries > 0 ? (double)score.queries : 1;

        if (i == 0)
            (void)printf("%-11s %4zu", kind, score.queries);
        (void)printf("  | %.3f %.3f %.3f %.3f %.3f", score.first / n,
            score.ten / n, score.reciprocal / n, score.gain / n,
            (double)score.zero / n);
    }
    (void)putchar('\n');
}

static void show(const struct eval *eval, const char *path,
    const struct judged_list *list, score_table table)
{
    size_t shown[FINDERS_MAX];
    const size_t count = best_settings(eval, table, list->kinds, shown);

    (void)printf("%s\n%-16s", path, "");
    for (size_t i = 0; i < count; i++)
        (void)printf("  | %-29s", eval->finder[shown[i]].name);
    (void)printf("\n%-16s", "");
    for (size_t i = 0; i < count; i++)
        (void)printf("  | %-29s", eval->finder[shown[i]].how);
    (void)printf("\n%-11s %4s", "kind", "n");
    for (size_t i = 0; i < count; i++)
        (void)printf(
            "  | %-5s %-5s %-5s %-5s %-5s", "@1", "@10", "MRR", "nDCG", "zero");
    (void)putchar('\n');
    for (size_t k = 0; k < list->kinds; k++)
        show_row(list->kind[k], table, k, shown, count, false, 0);
    show_row("all", table, 0, shown, count, true, list->kinds);
    (void)putchar('\n');
}

static void write_tsv(const struct eval *eval, const char *path,
    const struct judged_list *list, score_table table)
{
    for (size_t f = 0; eval->out != NULL && f < eval->finders; f++)
        for (size_t k = 0; k <= list->kinds; k++) {
            const struct score score =
                k == list->kinds ? total(table[f], list->kinds) : table[f][k];
            const double n = score.queries > 0 ? (double)score.queries : 1;

            (void)fprintf(eval->out,
                "%s\t%s\t%s\t%s\t%zu\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\n", path,
                k == list->kinds ? "all" : list->kind[k], eval->finder[f].name,
                eval->finder[f].how, score.queries, score.first / n,
                score.ten / n, score.reciprocal / n, score.gain / n,
                (double)score.zero / n);
        }
}

/* --- typed letter by letter ------------------------------------------------
 */

struct typed {
    size_t queries; /* that end with a right code on the page */
    size_t lost;    /* of them: the code had been on the page and left it */
    size_t strokes, gone;
};

static void type_query(
    const struct eval *eval, const struct judged *judged, struct typed *typed)
{
    struct typing typing;

    if (!typing_follow(&typing, &eval->finder[0], &eval->documents, judged))
        return;
    typed->queries++;
    typed->lost += typing.gone > 0;
    typed->strokes += typing.strokes;
    typed->gone += typing.gone;
    if (typing.gone > 0 && eval->failures)
        (void)fprintf(stderr, "jumps\t%s\t%s\t%s\t%zu of %zu strokes\n",
            judged->kind, judged->query,
            eval->documents.document[typing.wanted].shown, typing.gone,
            typing.strokes);
}

static void type_all(const struct eval *eval, const struct judged_list *list)
{
    struct typed typed = {0};

    for (size_t q = 0; q < list->count; q++)
        if (!left_out(eval, &list->judged[q]))
            type_query(eval, &list->judged[q], &typed);
    (void)printf(
        "letter by letter: of %zu queries that end well, in %zu (%.1f %%)"
        " the code had been on the page and left it; it is missing"
        " after %zu of %zu strokes (%.2f %%)\n\n",
        typed.queries, typed.lost,
        100.0 * (double)typed.lost /
            (double)(typed.queries > 0 ? typed.queries : 1),
        typed.gone, typed.strokes,
        100.0 * (double)typed.gone /
            (double)(typed.strokes > 0 ? typed.strokes : 1));
}

/* --- all of it -------------------------------------------------------------
 */

static void peer_text(void *context, size_t at, struct peer_text *out)
{
    const struct document *document =
        &((const struct documents *)context)->document[at];

    *out = (struct peer_text){document->code.code, document->shown,
        document->title, document->brief, document->full, document->label,
        document->extra};
}

static bool open_peers(struct eval *eval)
{
    for (int s = 0; s < PEER_SETTINGS; s++) {
        if (!fts5_open(&eval->finder[eval->finders], (enum peer_setting)s,
                peer_text, &eval->documents, eval->documents.count))
            return false;
        eval->finders++;
    }
    for (int s = 0; s < PEER_SETTINGS; s++) {
        char folder[1024];

        (void)snprintf(folder, sizeof folder, "%s/xapian%d", eval->folder, s);
        if (!xapian_open(&eval->finder[eval->finders], (enum peer_setting)s,
                folder, peer_text, &eval->documents, eval->documents.count))
            return false;
        eval->finders++;
    }
    return true;
}

static bool open_all(struct eval *eval)
{
    struct error err = {0};

    if (store_open_current(&eval->store, eval->store_path, &err) != 0 ||
        answers_open(&eval->answers, eval->store, &err) != 0) {
        (void)fprintf(stderr, "search_eval: %s\n", err.msg);
        return false;
    }
    if (!documents_read(&eval->documents, eval->answers, eval->day) ||
        !ours_open(
            &eval->finder[0], eval->answers, &eval->documents, eval->day))
        return false;
    eval->finders = 1;
    if (!eval->documents.licensed)
        (void)fputs("search_eval: the store has no licensed texts: left out are"
                    " the queries of kind '" LICENSED_KIND "'\n",
            stderr);
    return eval->only_ours || open_peers(eval);
}

static void close_all(struct eval *eval)
{
    for (size_t i = 0; i < eval->finders; i++)
        eval->finder[i].close(eval->finder[i].state);
    documents_clear(&eval->documents);
    answers_close(eval->answers);
    store_close(eval->store);
    if (eval->out != NULL)
        (void)fclose(eval->out);
}

static void evaluate_list(
    const struct eval *eval, const char *name, const struct judged_list *list)
{
    static score_table table;

    memset(table, 0, sizeof table);
    ask_all(eval, list, table);
    show(eval, name, list, table);
    write_tsv(eval, name, list, table);
}

static bool evaluate(const struct eval *eval, const char *path)
{
    struct judged_list list;

    if (!judged_read(&list, path))
        return false;
    evaluate_list(eval, path, &list);
    type_all(eval, &list);
    judged_clear(&list);
    return true;
}

static bool evaluate_silver(const struct eval *eval)
{
    struct judged_list list;

    if (!silver_read(&list, eval->silver_path, &eval->documents))
        return false;
    evaluate_list(eval, "the publisher's indexes", &list);
    judged_clear(&list);
    return true;
}

static int usage(void)
{
    (void)fputs("usage: search_eval [--date YYYY-MM-DD] [--only-ours]"
                " [--failures] [--tsv FILE]\n"
                "                   [--silver STORE] STORE FOLDER"
                " [QUERIES...]\n",
        stderr);
    return 2;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"date", required_argument, NULL, 'd'},
        {"only-ours", no_argument, NULL, 'o'},
        {"failures", no_argument, NULL, 'f'},
        {"tsv", required_argument, NULL, 't'},
        {"silver", required_argument, NULL, 's'}, {0}};
    static struct eval eval;
    bool good;
    int c;

    (void)day_parse_iso(&eval.day, "2026-02-01", 10);
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
        switch (c) {
        case 'd':
            if (day_parse_iso(&eval.day, optarg, strlen(optarg)) != 0)
                return usage();
            break;
        case 'o':
            eval.only_ours = true;
            break;
        case 'f':
            eval.failures = true;
            break;
        case 't':
            eval.tsv = optarg;
            break;
        case 's':
            eval.silver_path = optarg;
            break;
        default:
            return usage();
        }
    if (argc - optind < (eval.silver_path != NULL ? 2 : 3))
        return usage();
    eval.store_path = argv[optind];
    eval.folder = argv[optind + 1];
    if (eval.tsv != NULL) {
        eval.out = fopen(eval.tsv, "w");
        if (eval.out == NULL) {
            perror(eval.tsv);
            return EXIT_FAILURE;
        }
        (void)fputs("queries\tkind\tfinder\tsetting\tn\tsuccess@1\tsuccess@10\t"
                    "MRR@10\tnDCG@10\tzero\n",
            eval.out);
    }
    good = open_all(&eval);
    for (int i = optind + 2; i < argc && good; i++)
        good = evaluate(&eval, argv[i]);
    if (good && eval.silver_path != NULL)
        good = evaluate_silver(&eval);
    close_all(&eval);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
