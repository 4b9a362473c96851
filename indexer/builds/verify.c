#include "indexer/builds/verify.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "codesets/core/bytes.h"
#include "codesets/rules/necessity/tie.h"
#include "codesets/search/index.h"
#include "codesets/store/builds.h"
#include "codesets/store/checksum.h"
#include "codesets/store/layout.h"
#include "codesets/store/table.h"
#include "indexer/builds/verify_coverage.h"

enum { FINDINGS_SHOWN = 100 };

struct check {
    const struct store *store;
    FILE *out;
    struct error *err;
    unsigned findings;
    uint32_t keys;
};

static void finding(struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void finding(struct check *check, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (check->findings++ == 0)
        (void)error_set(check->err, ERR_CORRUPT, 0, "%s", text);
    if (check->out != NULL && check->findings <= FINDINGS_SHOWN)
        (void)fprintf(check->out, "%s\n", text);
}

static void check_texts(struct check *check)
{
    const struct store *store = check->store;

    for (uint32_t i = 0; i < store->texts; i++) {
        const uint32_t first = load_u32(store->text.data + 4 + 4 * (size_t)i);
        const uint32_t end = load_u32(store->text.data + 8 + 4 * (size_t)i);
        size_t len;
        const char *text = store_text(store, i, &len);

        if (first >= end || strlen(text) != len || len != end - first - 1)
            finding(check, "text %u: bytes %u to %u", i, first, end);
    }
}

static void check_series(struct check *check)
{
    for (size_t i = 0; i < store_series_count(check->store); i++) {
        const struct series *series = store_series_at(check->store, i);

        if (series->releases == 0)
            finding(check, "series %zu: no release", i);
        for (size_t r = 0; r < series->releases; r++) {
            if (series->release[r].from > series->release[r].to)
                finding(check, "series %zu, release %s: ends before it begins",
                    i, series->release[r].label);
            if (r > 0 && series->release[r].from <= series->release[r - 1].from)
                finding(check, "series %zu, release %s: out of order", i,
                    series->release[r].label);
        }
    }
}

static void check_proc(struct check *check)
{
    const struct proc_table *table = &check->store->proc;

    for (uint32_t i = 0; i < table->count; i++) {
        struct proc_span span;
        day_t last = DAY_UNKNOWN;
        uint32_t n = 0;

        if (proc_find(table, proc_at(table, i)) != i)
            finding(check, "proc %u: not found by its code", i);
        for (; proc_span_at(table, i, n, &span); n++) {
            if (n == 0 ? span.from != DAY_UNKNOWN : span.from <= last)
                finding(check, "proc %u: span %u out of order", i, n);
            if (span.evidence != EVIDENCE_NONE &&
                (span.series >= check->store->series_count ||
                    span.release >= check->store->series[span.series].releases))
                finding(check, "proc %u: span %u names no release", i, n);
            last = span.from;
        }
        if (n == 0)
            finding(check, "proc %u: no spans", i);
    }
}

static void check_edit(struct check *check, const struct ptp_table *table,
    uint32_t lower, uint32_t row)
{
    struct ptp_edit edit;

    if (ptp_kind(table, row) >= table->kinds)
        finding(check, "ptp row %u: no such kind", row);
    if (load_u32(table->place + 4 * (size_t)row) >> 24 >= table->files)
        finding(check, "ptp row %u: no such file", row);
    ptp_edit(table, lower, row, &edit);
    if (edit.rationale >= check->store->texts)
        finding(check, "ptp row %u: no such rationale", row);
    if (edit.file >= check->store->files)
        finding(check, "ptp row %u: no such file", row);
}

static void check_ptp_table(struct check *check, const struct ptp_table *table)
{
    uint32_t before = 0, pairs = 0, first, end;

    if (load_u32(table->first_row + 4 * (size_t)table->codes) != table->rows ||
        load_u32(table->first_pair + 4 * (size_t)table->codes) != table->pairs)
        finding(check, "ptp: directory does not end with the table");
    for (uint32_t code = 0; code < table->codes; code++) {
        uint32_t last = code;

        first = load_u32(table->first_row + 4 * (size_t)code);
        end = load_u32(table->first_row + 4 * (size_t)code + 4);
        if (first != before || end < first || end > table->rows) {
            finding(check, "ptp: directory of code %u", code);
            return;
        }
        for (uint32_t row = first; row < end; row++) {
            const uint32_t higher = ptp_higher(table, row);
            uint32_t low, high;

            if (higher < last || higher == code || higher >= table->codes)
                finding(check, "ptp row %u: out of order", row);
            if (higher != last) {
                pairs++;
                ptp_find(table, code, higher, &low, &high);
                if (row < low || row >= high)
                    finding(check, "ptp row %u: not found by its codes", row);
            }
            last = higher;
            check_edit(check, table, code, row);
        }
        before = end;
    }
    if (pairs != table->pairs)
        finding(check, "ptp: %u pairs, %u entries", pairs, table->pairs);
    before = 0;
    for (uint32_t code = 0; code < table->codes; code++) {
        first = load_u32(table->first_pair + 4 * (size_t)code);
        end = load_u32(table->first_pair + 4 * (size_t)code + 4);
        if (first != before || end < first || end > table->pairs) {
            finding(check, "ptp: inverse directory of code %u", code);
            return;
        }
        for (uint32_t i = first; i < end; i++) {
            const uint32_t lower = load_u16(table->lower + 2 * (size_t)i);
            uint32_t low = 0, high = 0;

            if (lower < code)
                ptp_find(table, lower, code, &low, &high);
            if (low == high)
                finding(check, "ptp: inverse entry %u has no edit", i);
        }
        before = end;
    }
}

static int check_row(void *context, const char *key, size_t key_len,
    struct rows *rows, struct error *err)
{
    struct check *check = context;
    const size_t columns = table_schema(rows->series->table)->columns;
    struct rows found;
    struct row row;
    int rc;

    check->keys++;
    if (rows_find(&found, check->store, rows->series, key, key_len, err) != 0 ||
        found.at != rows->at || found.end != rows->end)
        finding(check, "%s %.*s: not found by its key",
            table_schema(rows->series->table)->name, (int)key_len, key);
    while ((rc = rows_next(rows, &row, err)) > 0) {
        for (size_t c = 0; c < columns; c++)
            if (row.text[c] >= check->store->texts)
                finding(check, "%s %.*s: column %zu has no text",
                    table_schema(rows->series->table)->name, (int)key_len, key,
                    c);
        for (uint32_t r = row.first_release; r <= row.last_release; r++)
            if (row_source(check->store, &row, r).file[0] == '\0')
                finding(check, "%s %.*s: no source file",
                    table_schema(rows->series->table)->name, (int)key_len, key);
    }
    if (rc < 0)
        finding(check, "%s %.*s: cannot be read",
            table_schema(rows->series->table)->name, (int)key_len, key);
    return 0;
}

static void check_codes(struct check *check)
{
    const struct code_list *list = &check->store->codes;

    for (uint32_t i = 0; i < list->count; i++) {
        const struct code_ref ref = code_at(list, i);

        if (ref.len == 0 ||
            code_number(list, ref.system, ref.text, ref.len) != i)
            finding(check, "code %u: not found by its text", i);
    }
}

static void check_search(struct check *check)
{
    struct search_index index;
    struct error why = {0};

    if (search_index_read(&index, check->store->search.data,
            check->store->search.len, &why) != 0) {
        finding(check, "%s", why.msg);
        return;
    }
    if (index.documents != check->store->codes.count)
        finding(check, "search: %u documents, %u codes", index.documents,
            check->store->codes.count);
    for (uint32_t d = 0; d < index.documents; d++)
        if (search_document(&index, search_rank(&index, d)) != d)
            finding(check, "search: document %u has no rank", d);
}

static void coverage_finding(void *context, const char *text)
{
    finding(context, "%s", text);
}

/* Reads the paragraphs again: the ties must be the same. */
static void check_ties(struct check *check)
{
    const struct coverage *coverage = store_coverage(check->store);
    struct buffer ties = {0};
    struct error why = {0};
    struct span span;

    if (coverage == NULL)
        return;
    if (store_blob(check->store, "ties", 4, &span, &why) != 0 ||
        ties_of_coverage(&ties, coverage, &why) != 0)
        finding(check, "ties: %s", why.msg);
    else if (span.len != ties.len ||
             memcmp(span.data, ties.data, ties.len) != 0)
        finding(check, "ties: not what the paragraphs of the groups say");
    buffer_clear(&ties);
}

/* A build of ours has one; without it nobody knows what went in. */
static void check_manifest(struct check *check, const char *path)
{
    char name[BUILD_PATH_MAX];

    if (snprintf(name, sizeof name, "%s/manifest.json", path) <
            (int)sizeof name &&
        access(name, F_OK) != 0)
        finding(check, "manifest.json: %s", strerror(errno));
}

int verify_build(const char *path, FILE *out, struct error *err)
{
    struct store *store;
    struct check check = {.out = out, .err = err};
    int rc = checksum_verify(path, err);

    if (rc == 0)
        rc = store_open(&store, path, err);
    if (rc != 0)
        return rc;
    check_manifest(&check, path);
    check.store = store;
    check_texts(&check);
    check_series(&check);
    check_proc(&check);
    check_codes(&check);
    check_search(&check);
    check_ties(&check);
    for (size_t i = 0; rc == 0 && i < store_series_count(store); i++) {
        const struct series *series = store_series_at(store, i);

        if (series->table == TABLE_PTP)
            check_ptp_table(
                &check, &store->ptp[series->setting][series->program]);
        else if (series->table == TABLE_COVERAGE)
            verify_coverage(store, series, coverage_finding, &check);
        else
            rc = rows_each(store, series, "", 0, check_row, &check, err);
    }
    store_close(store);
    return rc != 0 ? rc : check.findings > 0 ? ERR_CORRUPT : 0;
}

/* --- dump ------------------------------------------------------------------
 */

struct dump {
    const struct store *store;
    FILE *out;
};

/* A text on one line: a list of notes has line ends and tabs within. */
static void dump_text(FILE *out, const char *text)
{
    for (size_t n; *text != '\0'; text += n) {
        n = strcspn(text, "\n\t");
        (void)fwrite(text, 1, n, out);
        if (text[n] == '\0')
            break;
        (void)fputs(text[n] == '\n' ? "\\n" : "\\t", out);
        n++;
    }
}

static int dump_row(void *context, const char *key, size_t key_len,
    struct rows *rows, struct error *err)
{
    const struct dump *dump = context;
    const struct table_schema *schema = table_schema(rows->series->table);
    struct row row;
    int rc;

    while ((rc = rows_next(rows, &row, err)) > 0) {
        (void)fprintf(dump->out, "%s\t%s\t%s\t%.*s\t%s\t%s", schema->name,
            setting_name(rows->series->setting),
            program_name(rows->series->program), (int)key_len, key,
            rows->series->release[row.first_release].label,
            rows->series->release[row.last_release].label);
        for (uint32_t r = row.first_release; r <= row.last_release; r++) {
            const struct source_ref at = row_source(dump->store, &row, r);

            (void)fprintf(dump->out, "\t%s:%u", at.file, at.row);
        }
        for (size_t c = 0; c < schema->columns; c++) {
            const char *text = row_text(dump->store, &row, (int)c, NULL);

            if (text[0] == '\0')
                continue;
            (void)fprintf(dump->out, "\t%s=", schema->column[c]);
            dump_text(dump->out, text);
        }
        (void)fputc('\n', dump->out);
    }
    return rc;
}

static void dump_ptp(const struct dump *dump, const struct series *series)
{
    static const char indicator[] = "019";
    const struct store *store = dump->store;
    const struct ptp_table *table =
        &store->ptp[series->setting][series->program];

    for (uint32_t code = 0, row = 0; code < table->codes; code++) {
        const uint32_t end = load_u32(table->first_row + 4 * (size_t)code + 4);

        for (; row < end && row < table->rows; row++) {
            char one[PROC_LEN + 1], two[PROC_LEN + 1];
            char from[DAY_TEXT_LEN], to[DAY_TEXT_LEN];
            struct ptp_edit edit;

            ptp_edit(table, code, row, &edit);
            proc_unpack(one, proc_at(&store->proc, edit.column1));
            proc_unpack(two, proc_at(&store->proc, edit.column2));
            (void)day_format(from, edit.effective);
            (void)day_format(to, edit.deleted);
            (void)fprintf(dump->out,
                "ptp\t%s\t%s\t%s\t%s\t%s%s\t%s\t%c\t%s\t%s:%u\n",
                setting_name(series->setting), program_name(series->program),
                one, two, from, edit.inferred ? "?" : "", to,
                indicator[edit.indicator],
                store_text(store, edit.rationale, NULL),
                store_file(store, edit.file), edit.line);
        }
    }
}

static void dump_validity(const struct dump *dump)
{
    static const char *const state[] = {"unknown", "valid", "not_valid"};
    const struct proc_table *table = &dump->store->proc;

    for (uint32_t i = 0; i < table->count; i++) {
        struct proc_span span;
        char code[PROC_LEN + 1], from[DAY_TEXT_LEN];

        proc_unpack(code, proc_at(table, i));
        for (uint32_t n = 0; proc_span_at(table, i, n, &span); n++) {
            (void)day_format(from, span.from);
            (void)fprintf(dump->out, "validity\t%s\t%s\t%s\t%s\n", code, from,
                state[span.validity], evidence_name(span.evidence));
        }
    }
}

int dump_build(const char *path, FILE *out, struct error *err)
{
    struct store *store;
    struct dump dump = {.out = out};
    int rc = store_open(&store, path, err);

    if (rc != 0)
        return rc;
    dump.store = store;
    dump_validity(&dump);
    for (size_t i = 0; rc == 0 && i < store_series_count(store); i++) {
        const struct series *series = store_series_at(store, i);

        if (series->table == TABLE_PTP)
            dump_ptp(&dump, series);
        else if (series->table == TABLE_COVERAGE)
            dump_coverage(store, series, out);
        else
            rc = rows_each(store, series, "", 0, dump_row, &dump, err);
    }
    store_close(store);
    if (rc == 0 && (fflush(out) != 0 || ferror(out)))
        rc = error_set(err, ERR_SYSTEM, 0, "writing the dump failed");
    return rc;
}
