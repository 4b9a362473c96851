#include "tools/eval/peers.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/fold.h"

struct fts5 {
    sqlite3 *db;
    sqlite3_stmt *find;
    struct buffer match;
    bool any, titles;
};

const char *peer_setting_name(enum peer_setting setting)
{
    static const char *const names[PEER_SETTINGS] = {"all words, unstemmed",
        "all words, stemmed", "stemmed, else any word",
        "the same, titles only"};

    return names[setting];
}

static void fts5_close(void *state)
{
    struct fts5 *fts5 = state;

    (void)sqlite3_finalize(fts5->find);
    (void)sqlite3_close(fts5->db);
    buffer_clear(&fts5->match);
    free(fts5);
}

static bool failed(struct fts5 *fts5)
{
    (void)fprintf(stderr, "fts5: %s\n", sqlite3_errmsg(fts5->db));
    return false;
}

static bool run(struct fts5 *fts5, const char *sql)
{
    return sqlite3_exec(fts5->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           failed(fts5);
}

static bool fill(
    struct fts5 *fts5, peer_text_fn *text, void *context, size_t count)
{
    sqlite3_stmt *insert = NULL;
    bool good =
        sqlite3_prepare_v2(fts5->db,
            "INSERT INTO texts(rowid, code, title, brief, whole, label, extra)"
            " VALUES(?,?,?,?,?,?,?)",
            -1, &insert, NULL) == SQLITE_OK ||
        failed(fts5);

    for (size_t i = 0; i < count && good; i++) {
        struct peer_text document;
        char codes[80];
        const char *column[6];

        text(context, i, &document);
        (void)snprintf(
            codes, sizeof codes, "%s %s", document.shown, document.code);
        column[0] = codes;
        column[1] = document.title;
        column[2] = document.brief;
        column[3] = document.full;
        column[4] = document.label;
        column[5] = fts5->titles ? "" : document.extra;
        (void)sqlite3_bind_int64(insert, 1, (sqlite3_int64)i + 1);
        for (int c = 0; c < 6; c++)
            (void)sqlite3_bind_text(
                insert, c + 2, column[c], -1, SQLITE_TRANSIENT);
        good = sqlite3_step(insert) == SQLITE_DONE || failed(fts5);
        (void)sqlite3_reset(insert);
    }
    (void)sqlite3_finalize(insert);
    return good;
}

/* "low" "back" "p" * -> the words between quotes, so that FTS5 cuts them as it
 * cut the texts; the last one is a prefix. */
static bool write_match(
    struct buffer *out, const char *text, size_t len, const char *between)
{
    struct fold fold;
    struct fold_word word;
    bool some = false;

    out->len = 0;
    fold_begin(&fold, text, len);
    while (fold_next(&fold, &word)) {
        if (some)
            buffer_adds(out, between);
        buffer_addc(out, '"');
        buffer_add(out, word.text, word.len);
        buffer_addc(out, '"');
        some = true;
    }
    buffer_addc(out, '*');
    return some && !out->failed;
}

static size_t ask(struct fts5 *fts5, size_t *out, size_t max)
{
    size_t hits = 0;

    (void)sqlite3_bind_text(
        fts5->find, 1, fts5->match.data, (int)fts5->match.len, SQLITE_STATIC);
    (void)sqlite3_bind_int64(fts5->find, 2, (sqlite3_int64)max);
    while (hits < max && sqlite3_step(fts5->find) == SQLITE_ROW)
        out[hits++] = (size_t)sqlite3_column_int64(fts5->find, 0) - 1;
    (void)sqlite3_reset(fts5->find);
    return hits;
}

static size_t fts5_find(
    void *state, const char *text, size_t len, size_t *out, size_t max)
{
    struct fts5 *fts5 = state;
    size_t hits;

    if (!write_match(&fts5->match, text, len, " "))
        return 0;
    hits = ask(fts5, out, max);
    if (hits == 0 && fts5->any && write_match(&fts5->match, text, len, " OR "))
        hits = ask(fts5, out, max);
    return hits;
}

bool fts5_open(struct finder *out, enum peer_setting setting,
    peer_text_fn *text, void *context, size_t count)
{
    struct fts5 *fts5 = calloc(1, sizeof *fts5);
    char sql[200];
    bool good;

    if (fts5 == NULL)
        return false;
    fts5->any = setting == PEER_ANY || setting == PEER_TITLES;
    fts5->titles = setting == PEER_TITLES;
    (void)snprintf(sql, sizeof sql,
        "CREATE VIRTUAL TABLE texts USING fts5(code, title, brief, whole,"
        " label, extra, tokenize='%sunicode61', prefix='1 2 3 4', detail=full)",
        setting == PEER_PLAIN ? "" : "porter ");
    good =
        (sqlite3_open(":memory:", &fts5->db) == SQLITE_OK || failed(fts5)) &&
        run(fts5, sql) && run(fts5, "BEGIN") &&
        fill(fts5, text, context, count) && run(fts5, "COMMIT") &&
        run(fts5, "INSERT INTO texts(texts) VALUES('optimize');"
                  "INSERT INTO texts(texts, rank) VALUES('rank',"
                  " 'bm25(20.0, 10.0, 5.0, 2.0, 10.0, 1.0)')") &&
        (sqlite3_prepare_v3(fts5->db,
             "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank"
             " LIMIT ?",
             -1, SQLITE_PREPARE_PERSISTENT, &fts5->find, NULL) == SQLITE_OK ||
            failed(fts5));
    if (!good) {
        fts5_close(fts5);
        return false;
    }
    *out = (struct finder){
        "FTS5", peer_setting_name(setting), fts5, fts5_find, fts5_close};
    return true;
}
