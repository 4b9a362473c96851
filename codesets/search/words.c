#include "codesets/search/words.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/data/embedded.h"

enum { CELLS_MAX = 4 };

/* A table being read, line by line. */
struct table {
    const char *name, *at, *end;
    unsigned line;
    size_t columns;
    struct words_cell cell[CELLS_MAX];
};

static int bad(const struct table *table, const char *what, struct error *err)
{
    return error_set(
        err, ERR_CORRUPT, 0, "%s:%u: %s", table->name, table->line, what);
}

static bool equals(struct words_cell cell, const char *text)
{
    return strlen(text) == cell.len && memcmp(cell.text, text, cell.len) == 0;
}

/* Cuts the next line that is no comment. Returns 1, 0 at the end, or an error.
 */
static int next_line(struct table *table, struct error *err)
{
    while (table->at < table->end) {
        const char *at = table->at;
        const char *end = memchr(at, '\n', (size_t)(table->end - at));
        size_t n = 0;

        if (end == NULL)
            end = table->end;
        table->at = end < table->end ? end + 1 : end;
        table->line++;
        if (end == at || *at == '#')
            continue;
        for (;; at++) {
            const char *tab = memchr(at, '\t', (size_t)(end - at));

            if (n == table->columns)
                return bad(table, "too many columns", err);
            if (tab == NULL)
                tab = end;
            if (tab - at > WORDS_CELL_MAX)
                return bad(table, "a cell is too long", err);
            table->cell[n++] = (struct words_cell){at, (size_t)(tab - at)};
            at = tab;
            if (at == end)
                break;
        }
        return n == table->columns ? 1 : bad(table, "too few columns", err);
    }
    return 0;
}

/* Begins a table: the first line names its columns. */
static int begin(struct table *out, const char *name, const char *data,
    size_t len, const char *const *columns, struct error *err)
{
    int rc;

    *out = (struct table){.name = name, .at = data, .end = data + len};
    while (columns[out->columns] != NULL)
        out->columns++;
    rc = next_line(out, err);
    if (rc <= 0)
        return rc < 0 ? rc : bad(out, "no heading", err);
    for (size_t i = 0; i < out->columns; i++)
        if (!equals(out->cell[i], columns[i]))
            return bad(out, "another heading", err);
    return 0;
}

/* Room for one more row behind count of them. */
static int room(void **rows, size_t count, size_t size, struct error *err)
{
    void *grown;

    if (count == WORDS_ROWS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "more than %d rows in a table of words", WORDS_ROWS_MAX);
    if (count != 0 && (count & (count - 1)) != 0)
        return 0; /* grown in powers of two */
    grown = realloc(*rows, (count == 0 ? 1 : count * 2) * size);
    if (grown == NULL)
        return error_memory(err);
    *rows = grown;
    return 0;
}

/* "pfs,query" */
static int read_where(
    const struct table *table, unsigned *out, struct error *err)
{
    static const struct {
        const char *name;
        enum words_where where;
    } names[] = {{"pfs", WORDS_IN_PFS}, {"hcpcs", WORDS_IN_HCPCS},
        {"icd", WORDS_IN_ICD}, {"query", WORDS_IN_QUERY}};
    const char *at = table->cell[2].text, *end = at + table->cell[2].len;

    for (*out = 0; at < end; at++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        struct words_cell one;
        unsigned before = *out;

        if (comma == NULL)
            comma = end;
        one = (struct words_cell){at, (size_t)(comma - at)};
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (equals(one, names[i].name))
                *out |= names[i].where;
        if (*out == before)
            return bad(table, "where: not one of pfs, hcpcs, icd, query", err);
        at = comma;
    }
    return *out != 0 ? 0 : bad(table, "where: nowhere", err);
}

int words_add_abbreviations(struct words *words, const char *name,
    const char *data, size_t len, struct error *err)
{
    static const char *const columns[] = {"short", "meaning", "where", NULL};
    struct table table;
    int rc = begin(&table, name, data, len, columns, err);

    while (rc == 0 && (rc = next_line(&table, err)) > 0) {
        void *rows = words->abbreviation;
        struct abbreviation row = {
            .brief = table.cell[0], .meaning = table.cell[1]};

        if (row.brief.len == 0 || row.meaning.len == 0)
            return bad(&table, "an empty cell", err);
        if ((rc = read_where(&table, &row.where, err)) != 0 ||
            (rc = room(&rows, words->abbreviations, sizeof row, err)) != 0)
            return rc;
        words->abbreviation = rows;
        words->abbreviation[words->abbreviations++] = row;
    }
    return rc;
}

int words_add_synonyms(struct words *words, const char *name, const char *data,
    size_t len, struct error *err)
{
    static const char *const columns[] = {
        "term", "meaning", "kind", "direction", NULL};
    struct table table;
    int rc = begin(&table, name, data, len, columns, err);

    while (rc == 0 && (rc = next_line(&table, err)) > 0) {
        void *rows = words->synonym;
        struct synonym row = {.term = table.cell[0],
            .meaning = table.cell[1],
            .kind = table.cell[2],
            .both = equals(table.cell[3], "both")};

        if (row.term.len == 0 || row.meaning.len == 0 || row.kind.len == 0)
            return bad(&table, "an empty cell", err);
        if (!row.both && !equals(table.cell[3], "one"))
            return bad(&table, "direction: not one of one, both", err);
        if ((rc = room(&rows, words->synonyms, sizeof row, err)) != 0)
            return rc;
        words->synonym = rows;
        words->synonym[words->synonyms++] = row;
    }
    return rc;
}

static bool read_piece(struct concept_codes *out, const char *text, size_t len)
{
    const char *dash = memchr(text, '-', len);

    out->begun = len > 1 && text[len - 1] == '*';
    if (out->begun)
        len--;
    if (code_text_parse(
            &out->low, text, dash == NULL ? len : (size_t)(dash - text)) != 0)
        return false;
    out->high = out->low;
    return dash == NULL || code_text_parse(&out->high, dash + 1,
                               (size_t)(text + len - (dash + 1))) == 0;
}

bool concept_codes_next(struct words_cell *list, struct concept_codes *out)
{
    while (list->len > 0) {
        const char *text = list->text;
        const char *comma = memchr(text, ',', list->len);
        const size_t len = comma == NULL ? list->len : (size_t)(comma - text);
        const size_t taken = comma == NULL ? len : len + 1;

        list->text += taken;
        list->len -= taken;
        if (read_piece(out, text, len))
            return true;
    }
    return false;
}

/* The order of codes: as bytes, the shorter before the longer. */
static int code_compare(
    const char *a, size_t a_len, const char *b, size_t b_len)
{
    const int c = memcmp(a, b, a_len < b_len ? a_len : b_len);

    return c != 0 ? c : (a_len > b_len) - (a_len < b_len);
}

bool concept_codes_have(
    const struct concept_codes *codes, const char *code, size_t len)
{
    if (codes->begun)
        return len >= codes->low.len &&
               memcmp(code, codes->low.text, codes->low.len) == 0;
    return code_compare(code, len, codes->low.text, codes->low.len) >= 0 &&
           code_compare(code, len, codes->high.text, codes->high.len) <= 0;
}

int words_add_concepts(struct words *words, const char *name, const char *data,
    size_t len, struct error *err)
{
    static const char *const columns[] = {
        "phrase", "system", "codes", "note", NULL};
    struct table table;
    int rc = begin(&table, name, data, len, columns, err);

    while (rc == 0 && (rc = next_line(&table, err)) > 0) {
        void *rows = words->concept;
        struct concept row = {.phrase = table.cell[0], .codes = table.cell[2]};

        if (row.phrase.len == 0 || row.codes.len == 0)
            return bad(&table, "an empty cell", err);
        if (code_system_parse(
                &row.system, table.cell[1].text, table.cell[1].len) != 0)
            return bad(&table, "system: not a code system", err);
        if ((rc = room(&rows, words->concepts, sizeof row, err)) != 0)
            return rc;
        words->concept = rows;
        words->concept[words->concepts++] = row;
    }
    return rc;
}

int words_open(struct words *out, struct error *err)
{
    static const struct {
        const char *name;
        int (*add)(struct words *words, const char *name, const char *data,
            size_t len, struct error *err);
    } tables[] = {{"abbreviations.tsv", words_add_abbreviations},
        {"synonyms.tsv", words_add_synonyms},
        {"concepts.tsv", words_add_concepts}};
    int rc = 0;

    *out = (struct words){.abbreviation = NULL};
    for (size_t i = 0; rc == 0 && i < sizeof tables / sizeof *tables; i++) {
        const struct embedded_file *file =
            embedded_find(embedded_data, tables[i].name);

        rc = tables[i].add(
            out, tables[i].name, (const char *)file->data, file->len, err);
    }
    if (rc != 0)
        words_close(out);
    return rc;
}

void words_close(struct words *words)
{
    free(words->abbreviation);
    free(words->synonym);
    free(words->concept);
    *words = (struct words){.abbreviation = NULL};
}
