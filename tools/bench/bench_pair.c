/* bench_pair - pair decisions in process, against SQLite.
 *
 *   bench_pair STORE DATABASE
 *
 * Both sides begin with the texts of two codes and end with a verdict.
 *
 * The peer holds the same edits, one table for each setting with an index on
 * both columns, and the same stretches of days on which a code is valid. It is
 * mapped into memory, read-only, in one transaction, and asked with prepared
 * statements: the stretch of each code, and the edits in each order.
 *
 * The second line of the table leaves validity out on both sides and gives
 * SQLite an index that covers the question, so that it never goes to the table:
 * the best that can be done for it. DATABASE is made when it is not there.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/bench/support/measure.h"
#include "tools/bench/support/sample.h"

enum { QUESTIONS = 500000, SETTINGS = 2, SQL_LEN = 200 };

static const enum setting settings[SETTINGS] = {
    SETTING_PRACTITIONER, SETTING_OUTPATIENT};

struct peer {
    sqlite3 *db;
    sqlite3_stmt *find[SETTING_COUNT];    /* through the index, in the table */
    sqlite3_stmt *covered[SETTING_COUNT]; /* in the index alone */
    sqlite3_stmt *validity;
};

struct bench {
    struct sample sample;
    struct peer peer;
    struct sample_pair *pair;
};

static bool failed(sqlite3 *db, const char *what)
{
    (void)fprintf(stderr, "bench_pair: %s: %s\n", what, sqlite3_errmsg(db));
    return false;
}

static bool run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           failed(db, sql);
}

static bool prepare(sqlite3 *db, sqlite3_stmt **out, const char *sql)
{
    return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out,
               NULL) == SQLITE_OK ||
           failed(db, sql);
}

/* --- the peer's database ---------------------------------------------------
 */

static void bind_ordinal(sqlite3_stmt *statement, int at,
    const struct proc_table *codes, uint32_t ordinal)
{
    char text[PROC_LEN + 1];

    proc_unpack(text, proc_at(codes, ordinal));
    (void)sqlite3_bind_text(statement, at, text, PROC_LEN, SQLITE_TRANSIENT);
}

static bool insert_row(sqlite3 *db, sqlite3_stmt *insert)
{
    const bool done = sqlite3_step(insert) == SQLITE_DONE;

    (void)sqlite3_reset(insert);
    return done || failed(db, "insert");
}

static bool fill_validity(sqlite3 *db, const struct proc_table *codes)
{
    sqlite3_stmt *insert = NULL;
    struct proc_span span;
    bool good = run(db, "CREATE TABLE code(code TEXT, first INT, validity INT,"
                        " PRIMARY KEY(code, first)) WITHOUT ROWID") &&
                prepare(db, &insert, "INSERT INTO code VALUES(?,?,?)");

    for (uint32_t code = 0; code < codes->count && good; code++)
        for (uint32_t i = 0; proc_span_at(codes, code, i, &span) && good; i++) {
            bind_ordinal(insert, 1, codes, code);
            (void)sqlite3_bind_int(insert, 2, span.from);
            (void)sqlite3_bind_int(insert, 3, (int)span.validity);
            good = insert_row(db, insert);
        }
    (void)sqlite3_finalize(insert);
    return good;
}

/* Every row of a setting, as the store has it. */
static bool fill_edits(
    sqlite3 *db, const struct sample *sample, enum setting setting)
{
    const struct ptp_table *table =
        sample->rules->edits[setting][PROGRAM_MEDICARE].table;
    const struct proc_table *codes = &sample->store->proc;
    const char *name = setting_name(setting);
    char sql[SQL_LEN];
    sqlite3_stmt *insert = NULL;
    bool good;

    (void)snprintf(sql, sizeof sql,
        "CREATE TABLE %s(column1 TEXT, column2 TEXT, effective INT,"
        " deleted INT, indicator INT)",
        name);
    good = run(db, sql);
    (void)snprintf(sql, sizeof sql, "INSERT INTO %s VALUES(?,?,?,?,?)", name);
    good = good && prepare(db, &insert, sql);
    for (uint32_t lower = 0; lower < table->codes && good; lower++) {
        uint32_t row = sample_first_row(table, lower);
        const uint32_t end = sample_first_row(table, lower + 1);

        for (; row < end && good; row++) {
            struct ptp_edit edit;

            ptp_edit(table, lower, row, &edit);
            bind_ordinal(insert, 1, codes, edit.column1);
            bind_ordinal(insert, 2, codes, edit.column2);
            (void)sqlite3_bind_int(insert, 3, edit.effective);
            (void)sqlite3_bind_int(insert, 4, edit.deleted);
            (void)sqlite3_bind_int(insert, 5, (int)edit.indicator);
            good = insert_row(db, insert);
        }
    }
    (void)sqlite3_finalize(insert);
    (void)snprintf(sql, sizeof sql,
        "CREATE INDEX %s_pair ON %s(column1, column2);"
        "CREATE INDEX %s_all ON %s(column1, column2, effective, deleted,"
        " indicator)",
        name, name, name, name);
    return good && run(db, sql);
}

static bool make_database(const struct sample *sample, const char *path)
{
    sqlite3 *db = NULL;
    bool good;

    (void)unlink(path);
    good = sqlite3_open(path, &db) == SQLITE_OK &&
           run(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN") &&
           fill_validity(db, &sample->store->proc);
    for (size_t i = 0; i < SETTINGS && good; i++)
        good = fill_edits(db, sample, settings[i]);
    good = good && run(db, "COMMIT");
    (void)sqlite3_close(db);
    if (!good)
        (void)unlink(path);
    return good;
}

static bool peer_open(struct peer *peer, const char *path)
{
    bool good =
        sqlite3_open_v2(path, &peer->db,
            SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK ||
        failed(peer->db, path);

    good = good &&
           run(peer->db, "PRAGMA mmap_size=2000000000;"
                         "PRAGMA cache_size=-262144;"
                         "PRAGMA locking_mode=EXCLUSIVE; BEGIN") &&
           prepare(peer->db, &peer->validity,
               "SELECT validity FROM code WHERE code=? AND first<=?"
               " ORDER BY first DESC LIMIT 1");
    for (size_t i = 0; i < SETTINGS && good; i++) {
        static const char select[] =
            "SELECT effective, deleted, indicator FROM %s INDEXED BY %s_%s"
            " WHERE column1=? AND column2=?";
        const char *name = setting_name(settings[i]);
        char sql[SQL_LEN];

        (void)snprintf(sql, sizeof sql, select, name, name, "pair");
        good = prepare(peer->db, &peer->find[settings[i]], sql);
        (void)snprintf(sql, sizeof sql, select, name, name, "all");
        good = good && prepare(peer->db, &peer->covered[settings[i]], sql);
    }
    return good;
}

static void peer_close(struct peer *peer)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        (void)sqlite3_finalize(peer->find[i]);
        (void)sqlite3_finalize(peer->covered[i]);
    }
    (void)sqlite3_finalize(peer->validity);
    (void)sqlite3_close(peer->db);
}

/* --- the question ----------------------------------------------------------
 */

static enum pair_verdict verdict_of(int strictest)
{
    return strictest == INDICATOR_NOT_ALLOWED ? VERDICT_NOT_BILLABLE
           : strictest == INDICATOR_ALLOWED   ? VERDICT_MODIFIER_REQUIRED
                                              : VERDICT_BILLABLE;
}

/* Lowers *strictest to the indicator of an edit in force. */
static void peer_look(sqlite3_stmt *find, const char *one, const char *two,
    day_t day, int *strictest)
{
    (void)sqlite3_bind_text(find, 1, one, PROC_LEN, SQLITE_STATIC);
    (void)sqlite3_bind_text(find, 2, two, PROC_LEN, SQLITE_STATIC);
    while (sqlite3_step(find) == SQLITE_ROW) {
        const day_t effective = sqlite3_column_int(find, 0);
        const day_t deleted = sqlite3_column_int(find, 1);
        const int indicator = sqlite3_column_int(find, 2);

        if (effective <= day && day <= deleted && effective != deleted &&
            indicator < *strictest)
            *strictest = indicator;
    }
    (void)sqlite3_reset(find);
}

static enum pair_verdict peer_edits(
    sqlite3_stmt *find, const struct sample_pair *pair, day_t day)
{
    int strictest = INDICATOR_NOT_APPLICABLE;

    peer_look(find, pair->code[0], pair->code[1], day, &strictest);
    peer_look(find, pair->code[1], pair->code[0], day, &strictest);
    return verdict_of(strictest);
}

static bool peer_invalid(sqlite3_stmt *validity, const char *code, day_t day)
{
    bool invalid;

    (void)sqlite3_bind_text(validity, 1, code, PROC_LEN, SQLITE_STATIC);
    (void)sqlite3_bind_int(validity, 2, day);
    invalid = sqlite3_step(validity) != SQLITE_ROW ||
              sqlite3_column_int(validity, 0) == VALIDITY_NOT_VALID;
    (void)sqlite3_reset(validity);
    return invalid;
}

static enum pair_verdict peer_whole(
    struct bench *bench, const struct sample_pair *pair)
{
    const day_t day = bench->sample.day;

    if (peer_invalid(bench->peer.validity, pair->code[0], day) ||
        peer_invalid(bench->peer.validity, pair->code[1], day))
        return VERDICT_NOT_CHECKED;
    return peer_edits(bench->peer.find[pair->setting], pair, day);
}

static enum pair_verdict peer_covered(
    struct bench *bench, const struct sample_pair *pair)
{
    return peer_edits(
        bench->peer.covered[pair->setting], pair, bench->sample.day);
}

static enum pair_verdict our_whole(
    struct bench *bench, const struct sample_pair *pair)
{
    const struct rules *rules = bench->sample.rules;
    struct pair_line line[2];
    const struct pair_question question = {.a = &line[0],
        .b = &line[1],
        .day = bench->sample.day,
        .setting = pair->setting,
        .program = PROGRAM_MEDICARE};
    struct pair_decision decision;

    pair_line_parse(&line[0], rules, pair->code[0], PROC_LEN);
    pair_line_parse(&line[1], rules, pair->code[1], PROC_LEN);
    pair_decide(&decision, rules, &question);
    return decision.verdict;
}

static enum pair_verdict our_edits(
    struct bench *bench, const struct sample_pair *pair)
{
    const struct sample *sample = &bench->sample;
    const struct proc_table *codes = &sample->store->proc;
    const struct ptp_table *table =
        sample->rules->edits[pair->setting][PROGRAM_MEDICARE].table;
    const uint32_t a = proc_find(codes, proc_pack(pair->code[0]));
    const uint32_t b = proc_find(codes, proc_pack(pair->code[1]));
    int strictest = INDICATOR_NOT_APPLICABLE;
    uint32_t row, end;

    if (a == PROC_ORDINAL_NONE || b == PROC_ORDINAL_NONE)
        return VERDICT_NOT_CHECKED;
    for (ptp_find(table, a, b, &row, &end); row < end; row++) {
        struct ptp_edit edit;

        ptp_edit(table, a < b ? a : b, row, &edit);
        if (ptp_in_force(&edit, sample->day) && (int)edit.indicator < strictest)
            strictest = (int)edit.indicator;
    }
    return verdict_of(strictest);
}

/* --- the measurement -------------------------------------------------------
 */

typedef enum pair_verdict ask_fn(
    struct bench *bench, const struct sample_pair *pair);

/* Every question to both sides. */
static bool same_verdicts(struct bench *bench, ask_fn *ours, ask_fn *theirs)
{
    uint32_t differ = 0, count[VERDICT_COUNT] = {0};

    for (uint32_t i = 0; i < QUESTIONS; i++) {
        const enum pair_verdict verdict = ours(bench, &bench->pair[i]);

        count[verdict]++;
        differ += verdict != theirs(bench, &bench->pair[i]);
    }
    (void)fprintf(stderr, "bench_pair: %d questions:", QUESTIONS);
    for (int v = 0; v < VERDICT_COUNT; v++)
        if (count[v] > 0)
            (void)fprintf(stderr, " %u %s,", count[v],
                pair_verdict_name((enum pair_verdict)v));
    (void)fprintf(stderr, " SQLite differs in %u\n", differ);
    return differ == 0;
}

/* CPU seconds of one question. */
static double time_of(struct bench *bench, ask_fn *ask)
{
    const double begun = cpu_seconds();
    volatile unsigned sink = 0; /* so that no question is left out */

    for (uint32_t i = 0; i < QUESTIONS; i++)
        sink += (unsigned)ask(bench, &bench->pair[i]);
    return (cpu_seconds() - begun) / QUESTIONS;
}

static bool measure(
    struct bench *bench, struct result *result, ask_fn *ours, ask_fn *theirs)
{
    const size_t times = rounds(5);
    double we[ROUNDS_MAX], they[ROUNDS_MAX], our_time, their_time;

    if (!same_verdicts(bench, ours, theirs))
        return false;
    for (size_t r = 0; r < times; r++) {
        we[r] = time_of(bench, ours);
        they[r] = time_of(bench, theirs);
    }
    our_time = median(we, times);
    their_time = median(they, times);
    result->ours = per_second(1 / our_time);
    result->peer = per_second(1 / their_time);
    result->ratio = result->got = their_time / our_time;
    result->cpu = duration(our_time);
    result_print(result);
    return true;
}

static bool measure_all(struct bench *bench)
{
    struct result whole = {.name = "pair decision, in process / SQLite",
        .wish = AT_LEAST,
        .wanted = 15,
        .target = {"15x"}};
    struct result edits = {.name = "edits of a pair / SQLite, covering index"};

    return measure(bench, &whole, our_whole, peer_whole) &&
           measure(bench, &edits, our_edits, peer_covered);
}

int main(int argc, char **argv)
{
    struct bench bench = {.pair = malloc(QUESTIONS * sizeof *bench.pair)};
    bool good = false;

    if (argc != 3) {
        (void)fputs("usage: bench_pair STORE DATABASE\n", stderr);
    } else if (bench.pair != NULL && sample_open(&bench.sample, argv[1])) {
        for (uint32_t i = 0; i < QUESTIONS; i++)
            sample_pair(&bench.sample, &bench.pair[i]);
        good = (access(argv[2], R_OK) == 0 ||
                   make_database(&bench.sample, argv[2])) &&
               peer_open(&bench.peer, argv[2]) && measure_all(&bench);
        peer_close(&bench.peer);
        sample_close(&bench.sample);
    }
    free(bench.pair);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
