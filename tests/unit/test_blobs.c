/* test_blobs.c - what is written into a build comes back, and a blob that was
 * cut short is refused or read without leaving it. */
#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/core/buffer.h"
#include "codesets/core/bytes.h"
#include "codesets/search/builder.h"
#include "codesets/search/index.h"
#include "codesets/store/codes.h"
#include "codesets/store/layout.h"
#include "codesets/store/table.h"
#include "codesets/store/writer.h"

/* A copy that ends where the blob ends, so that a sanitizer sees a byte too
 * far. */
static uint8_t *exact(const struct buffer *blob, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);

    assert_non_null(copy);
    if (len > 0)
        memcpy(copy, blob->data, len);
    return copy;
}

/* ------------------------------------------------------------------ proc */

static const char *const proc_codes[] = {"0001A", "0001U", "00100", "0191T",
    "0791T", "97110", "97112", "97113", "97140", "A0021", "D0120", "E1010",
    "G0283", "V5364"};
enum { PROCS = sizeof proc_codes / sizeof proc_codes[0] };

static void write_proc(struct buffer *blob)
{
    uint32_t packed[PROCS], first[PROCS + 1];
    struct proc_span span[PROCS * 2];
    struct proc_source source = {PROCS, packed, first, span};
    struct error err = {0};

    for (uint32_t i = 0; i < PROCS; i++) {
        struct proc_span *life = &span[(size_t)i * 2];

        packed[i] = proc_pack(proc_codes[i]);
        first[i] = i * 2;
        life[0] = (struct proc_span){.from = DAY_UNKNOWN,
            .validity = VALIDITY_UNKNOWN,
            .evidence = EVIDENCE_NONE};
        /* Every second code has a life of its own; the others share one. */
        life[1] =
            (struct proc_span){.from = i % 2 == 0 ? 1000 : (day_t)(2000 + i),
                .validity = VALIDITY_VALID,
                .evidence = EVIDENCE_LISTED,
                .series = 3,
                .release = (uint8_t)(i % 2 == 0 ? 0 : i)};
    }
    first[PROCS] = PROCS * 2;
    assert_int_equal(proc_table_write(blob, &source, &err), 0);
}

static void procedure_codes_come_back_with_their_lives(void **state)
{
    struct buffer blob = {0};
    struct proc_table table;
    struct proc_span span;
    struct error err = {0};

    write_proc(&blob);
    assert_int_equal(
        proc_table_read(&table, (const uint8_t *)blob.data, blob.len, &err), 0);
    assert_int_equal(table.count, PROCS);
    assert_int_equal(table.span_count, PROCS + 2); /* 7 own lives, one shared */
    for (uint32_t i = 0; i < PROCS; i++) {
        const day_t from = i % 2 == 0 ? 1000 : (day_t)(2000 + i);

        assert_int_equal(proc_find(&table, proc_pack(proc_codes[i])), i);
        assert_int_equal(proc_at(&table, i), proc_pack(proc_codes[i]));
        proc_validity(&table, i, from - 1, &span);
        assert_int_equal(span.validity, VALIDITY_UNKNOWN);
        assert_int_equal(span.to, from - 1);
        proc_validity(&table, i, from, &span);
        assert_int_equal(span.validity, VALIDITY_VALID);
        assert_int_equal(span.series, 3);
        assert_int_equal(span.to, DAY_OPEN);
        assert_true(proc_span_at(&table, i, 1, &span));
        assert_false(proc_span_at(&table, i, 2, &span));
    }
    buffer_clear(&blob);
}

static void a_procedure_code_that_is_not_there_is_not_found(void **state)
{
    static const char *const others[] = {
        "00101", "0001F", "0001M", "97111", "97119", "99999", "V5365", "E1011"};
    struct buffer blob = {0};
    struct proc_table table;
    struct error err = {0};

    write_proc(&blob);
    assert_int_equal(
        proc_table_read(&table, (const uint8_t *)blob.data, blob.len, &err), 0);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(
            proc_find(&table, proc_pack(others[i])), PROC_ORDINAL_NONE);
    assert_int_equal(proc_find(&table, PROC_NONE), PROC_ORDINAL_NONE);
    assert_int_equal(proc_find(&table, PROC_PACKED_END), PROC_ORDINAL_NONE);
    assert_int_equal(proc_find(&table, PROC_PACKED_END - 1), PROC_ORDINAL_NONE);
    buffer_clear(&blob);
}

static void every_truncated_procedure_list_is_refused(void **state)
{
    struct buffer blob = {0};
    struct proc_table table;
    struct error err = {0};

    write_proc(&blob);
    for (size_t len = 0; len < blob.len; len += len < 1000 ? 1 : 97) {
        uint8_t *data = exact(&blob, len);

        assert_int_equal(proc_table_read(&table, data, len, &err), ERR_CORRUPT);
        free(data);
    }
    buffer_clear(&blob);
}

/* ------------------------------------------------------------------- ptp */

enum { EDIT_CODES = 40, EDIT_ROWS = 500 };

/* Pairs (0,1), (0,2) … with one to three rows each. */
static uint32_t make_rows(struct ptp_row *row)
{
    uint32_t n = 0;

    for (uint32_t a = 0; a < EDIT_CODES; a++)
        for (uint32_t b = a + 1; b < EDIT_CODES; b++) {
            if ((a * 7 + b) % 5 != 0)
                continue;
            for (uint32_t k = 0; k <= (a + b) % 3; k++) {
                assert_true(n < EDIT_ROWS);
                row[n] = (struct ptp_row){
                    (uint16_t)a, (uint16_t)b, (a + b + k) % 4, n + 1};
                n++;
            }
        }
    return n;
}

static const struct ptp_kind kinds[4] = {
    {DAY_UNKNOWN, DAY_OPEN, 1, 0},
    {10000, 12000, PTP_FLAG_HIGHER_FIRST | PTP_FLAG_INFERRED, 1},
    {9000, 9000, 2, 0},
    {9500, DAY_OPEN, PTP_FLAG_HIGHER_FIRST | 1 | PTP_FLAG_BEFORE_1996, 9},
};

static uint32_t write_ptp(struct buffer *blob, struct ptp_row *row)
{
    static const uint32_t rationale[2] = {5, 7};
    static const uint16_t file[1] = {3};
    const uint32_t rows = make_rows(row);
    const struct ptp_source source = {
        EDIT_CODES, rows, 4, 2, 1, row, kinds, rationale, file};
    struct error err = {0};

    assert_int_equal(ptp_table_write(blob, &source, &err), 0);
    return rows;
}

static void edits_come_back_in_either_order(void **state)
{
    struct buffer blob = {0};
    struct ptp_row row[EDIT_ROWS];
    const uint32_t rows = write_ptp(&blob, row);
    struct ptp_table table;
    struct error err = {0};
    uint32_t next = 0;

    assert_int_equal(ptp_table_read(&table, (const uint8_t *)blob.data,
                         blob.len, EDIT_CODES, &err),
        0);
    assert_int_equal(table.rows, rows);
    for (uint32_t a = 0; a < EDIT_CODES; a++)
        for (uint32_t b = a + 1; b < EDIT_CODES; b++) {
            uint32_t first, end, first2, end2;

            ptp_find(&table, a, b, &first, &end);
            ptp_find(&table, b, a, &first2, &end2);
            assert_int_equal(first, first2);
            assert_int_equal(end, end2);
            for (uint32_t i = first; i < end; i++, next++) {
                assert_int_equal(i, next);
                assert_int_equal(row[i].lower, a);
                assert_int_equal(row[i].higher, b);
            }
        }
    assert_int_equal(next, rows);
    buffer_clear(&blob);
}

static void an_edit_says_what_was_written(void **state)
{
    struct buffer blob = {0};
    struct ptp_row row[EDIT_ROWS];
    const uint32_t rows = write_ptp(&blob, row);
    struct ptp_table table;
    struct ptp_edit edit;
    struct error err = {0};

    assert_int_equal(ptp_table_read(&table, (const uint8_t *)blob.data,
                         blob.len, EDIT_CODES, &err),
        0);
    for (uint32_t i = 0; i < rows; i++) {
        const struct ptp_kind *kind = &kinds[row[i].kind];
        const bool higher_first = (kind->flags & PTP_FLAG_HIGHER_FIRST) != 0;

        ptp_edit(&table, row[i].lower, i, &edit);
        assert_int_equal(
            edit.column1, higher_first ? row[i].higher : row[i].lower);
        assert_int_equal(
            edit.column2, higher_first ? row[i].lower : row[i].higher);
        assert_int_equal(edit.effective, kind->effective);
        assert_int_equal(edit.deleted, kind->deleted);
        assert_int_equal(edit.indicator, kind->flags & 3);
        assert_int_equal(edit.inferred, (kind->flags & PTP_FLAG_INFERRED) != 0);
        assert_int_equal(edit.line, i + 1);
        assert_int_equal(edit.file, 3);
    }
    buffer_clear(&blob);
}

static void an_edit_counts_from_its_first_to_its_last_day(void **state)
{
    struct ptp_edit edit = {.effective = 100, .deleted = 200};

    assert_false(ptp_in_force(&edit, 99));
    assert_true(ptp_in_force(&edit, 100));
    assert_true(ptp_in_force(&edit, 200));
    assert_false(ptp_in_force(&edit, 201));
    edit.effective = DAY_UNKNOWN;
    edit.deleted = DAY_OPEN;
    assert_true(ptp_in_force(&edit, -30000));
    assert_true(ptp_in_force(&edit, 30000));
}

static void a_withdrawn_edit_never_counts(void **state)
{
    const struct ptp_edit same_day = {.effective = 100, .deleted = 100};
    const struct ptp_edit backwards = {.effective = 100, .deleted = 50};
    const struct ptp_edit nine = {.effective = 100,
        .deleted = DAY_OPEN,
        .indicator = INDICATOR_NOT_APPLICABLE};

    assert_true(ptp_never_active(&same_day));
    assert_false(ptp_in_force(&same_day, 100));
    assert_true(ptp_never_active(&backwards));
    assert_true(ptp_never_active(&nine));
    assert_false(ptp_in_force(&nine, 150));
}

static void partners_are_those_of_the_pairs(void **state)
{
    struct buffer blob = {0};
    struct ptp_row row[EDIT_ROWS];
    struct ptp_table table;
    struct error err = {0};

    (void)write_ptp(&blob, row);
    assert_int_equal(ptp_table_read(&table, (const uint8_t *)blob.data,
                         blob.len, EDIT_CODES, &err),
        0);
    for (uint32_t code = 0; code < EDIT_CODES; code++) {
        struct ptp_partners partners;
        uint32_t partner, wanted = 0;

        ptp_partners_begin(&table, code, &partners);
        while (ptp_partners_next(&table, &partners, &partner)) {
            uint32_t first, end;

            for (; wanted < partner; wanted++)
                if (wanted != code) {
                    ptp_find(&table, code, wanted, &first, &end);
                    assert_int_equal(first, end);
                }
            ptp_find(&table, code, partner, &first, &end);
            assert_true(first < end);
            wanted++;
        }
    }
    buffer_clear(&blob);
}

static void counts_equal_a_walk_over_the_edits(void **state)
{
    static const day_t days[] = {8999, 9000, 9500, 10000, 12000, 12001};
    struct buffer blob = {0};
    struct ptp_row row[EDIT_ROWS];
    const uint32_t rows = write_ptp(&blob, row);
    struct ptp_table table;
    struct error err = {0};

    assert_int_equal(ptp_table_read(&table, (const uint8_t *)blob.data,
                         blob.len, EDIT_CODES, &err),
        0);
    for (uint32_t code = 0; code < EDIT_CODES; code++)
        for (size_t d = 0; d < sizeof days / sizeof days[0]; d++) {
            struct ptp_counts counts, walked = {0};

            for (uint32_t i = 0; i < rows; i++) {
                struct ptp_edit edit;

                if (row[i].lower != code && row[i].higher != code)
                    continue;
                ptp_edit(&table, row[i].lower, i, &edit);
                walked.total++;
                if (ptp_in_force(&edit, days[d]))
                    *(edit.column1 == code ? &walked.column1
                                           : &walked.column2) += 1;
            }
            ptp_count(&table, code, days[d], &counts);
            assert_int_equal(counts.column1, walked.column1);
            assert_int_equal(counts.column2, walked.column2);
            assert_int_equal(counts.total, walked.total);
        }
    buffer_clear(&blob);
}

static void every_truncated_edit_table_is_refused(void **state)
{
    struct buffer blob = {0};
    struct ptp_row row[EDIT_ROWS];
    struct ptp_table table;
    struct error err = {0};

    (void)write_ptp(&blob, row);
    for (size_t len = 0; len < blob.len; len++) {
        uint8_t *data = exact(&blob, len);

        assert_int_equal(
            ptp_table_read(&table, data, len, EDIT_CODES, &err), ERR_CORRUPT);
        free(data);
    }
    assert_int_equal(ptp_table_read(&table, (const uint8_t *)blob.data,
                         blob.len, EDIT_CODES + 1, &err),
        ERR_CORRUPT);
    buffer_clear(&blob);
}

/* ----------------------------------------------------------------- codes */

static const struct code_ref codes[] = {
    {SYSTEM_MODIFIER, "59", 2},
    {SYSTEM_CPT, "97110", 5},
    {SYSTEM_HCPCS, "E1010", 5},
    {SYSTEM_ICD10CM, "E1010", 5},
    {SYSTEM_ICD10CM, "M54", 3},
    {SYSTEM_ICD10CM, "M545", 4},
    {SYSTEM_LOCAL, "M545-OLD", 8},
    {SYSTEM_ICD10CM, "M5450", 5},
};
enum { CODES = sizeof codes / sizeof codes[0] };

static void codes_come_back_in_order(void **state)
{
    struct buffer blob = {0};
    struct code_list list;
    struct error err = {0};

    assert_int_equal(code_list_write(&blob, codes, CODES, &err), 0);
    assert_int_equal(
        code_list_read(&list, (const uint8_t *)blob.data, blob.len, &err), 0);
    assert_int_equal(list.count, CODES);
    for (uint32_t i = 0; i < CODES; i++) {
        const struct code_ref ref = code_at(&list, i);

        assert_int_equal(ref.system, codes[i].system);
        assert_int_equal(ref.len, codes[i].len);
        assert_memory_equal(ref.text, codes[i].text, ref.len);
        assert_int_equal(code_number(&list, ref.system, ref.text, ref.len), i);
    }
    assert_int_equal(code_lower_bound(&list, "E1010", 5), 2);
    assert_int_equal(code_lower_bound(&list, "E1011", 5), 4);
    assert_int_equal(code_lower_bound(&list, "", 0), 0);
    assert_int_equal(code_lower_bound(&list, "Z", 1), CODES);
    assert_int_equal(code_number(&list, SYSTEM_CPT, "E1010", 5), UINT32_MAX);
    buffer_clear(&blob);
}

static void every_truncated_code_list_is_refused(void **state)
{
    struct buffer blob = {0};
    struct code_list list;
    struct error err = {0};

    assert_int_equal(code_list_write(&blob, codes, CODES, &err), 0);
    for (size_t len = 0; len < blob.len; len++) {
        uint8_t *data = exact(&blob, len);

        assert_int_equal(code_list_read(&list, data, len, &err), ERR_CORRUPT);
        free(data);
    }
    buffer_clear(&blob);
}

/* ------------------------------------------------------------ text, rows */

static void texts_come_back_by_number(void **state)
{
    static const struct text_source texts[] = {
        {"", 0}, {"gait training", 13}, {"M\xC3\xA9ni\xC3\xA8re", 9}};
    struct buffer blob = {0};
    struct store store = {0};
    struct error err = {0};
    size_t len;

    assert_int_equal(text_table_write(&blob, texts, 3, &err), 0);
    store.text = (struct span){(const uint8_t *)blob.data, blob.len};
    store.texts = 3;
    for (uint32_t i = 0; i < 3; i++) {
        assert_string_equal(store_text(&store, i, &len), texts[i].text);
        assert_int_equal(len, texts[i].len);
    }
    assert_string_equal(store_text(&store, 3, &len), "");
    assert_int_equal(len, 0);
    assert_string_equal(store_text(&store, UINT32_MAX, NULL), "");
    buffer_clear(&blob);
}

static const struct release releases[4] = {{.label = "2024q1"},
    {.label = "2024q2"}, {.label = "2024q3"}, {.label = "2024q4"}};
static const struct series mue = {
    .table = TABLE_MUE, .releases = 4, .release = releases};

static void write_runs(struct buffer *value)
{
    static const uint32_t places[] = {0, 11, 0, 12, 300, 100000};
    static const uint32_t first[MUE_COLUMNS] = {1, 2, 3, 4};
    static const uint32_t second[MUE_COLUMNS] = {1, 70000, 3, 4};

    row_write(value, 0, 2, places, first, MUE_COLUMNS);
    row_write(value, 3, 3, places, second, MUE_COLUMNS);
}

static void rows_come_back_with_their_places(void **state)
{
    struct store store = {0};
    struct buffer value = {0};
    struct rows rows;
    struct row row;
    struct error err = {0};

    write_runs(&value);
    rows = (struct rows){&store, &mue, (const uint8_t *)value.data,
        (const uint8_t *)value.data + value.len};
    assert_int_equal(rows_next(&rows, &row, &err), 1);
    assert_int_equal(row.first_release, 0);
    assert_int_equal(row.last_release, 2);
    assert_int_equal(row.text[MUE_VALUE], 2);
    assert_int_equal(row_source(&store, &row, 0).row, 11);
    assert_int_equal(row_source(&store, &row, 1).row, 12);
    assert_int_equal(row_source(&store, &row, 2).row, 100000);
    assert_int_equal(rows_next(&rows, &row, &err), 1);
    assert_int_equal(row.text[MUE_VALUE], 70000);
    assert_int_equal(rows_next(&rows, &row, &err), 0);
    buffer_clear(&value);
}

static void every_truncated_row_is_refused(void **state)
{
    struct store store = {0};
    struct buffer value = {0};
    struct error err = {0};

    write_runs(&value);
    for (size_t len = 1; len < value.len; len++) {
        uint8_t *data = exact(&value, len);
        struct rows rows = {&store, &mue, data, data + len};
        struct row row;
        int rc;

        while ((rc = rows_next(&rows, &row, &err)) > 0)
            assert_true(row.last_release < 4);
        /* Only where a run ends may the rows end, too. */
        assert_true(rc == ERR_CORRUPT || rows.at == rows.end);
        free(data);
    }
    buffer_clear(&value);
}

static void a_row_of_a_release_that_is_not_there_is_refused(void **state)
{
    static const uint32_t places[10] = {0};
    static const uint32_t text[MUE_COLUMNS] = {0};
    struct store store = {0};
    struct buffer value = {0};
    struct rows rows;
    struct row row;
    struct error err = {0};

    row_write(&value, 3, 4, places, text, MUE_COLUMNS);
    rows = (struct rows){&store, &mue, (const uint8_t *)value.data,
        (const uint8_t *)value.data + value.len};
    assert_int_equal(rows_next(&rows, &row, &err), ERR_CORRUPT);
    buffer_clear(&value);
}

/* ---------------------------------------------------------------- search */

static void write_search(struct buffer *blob)
{
    static const char *const titles[] = {
        "gait training", "training", "gait trainer, pediatric size"};
    struct search_builder *builder;
    struct error err = {0};

    assert_int_equal(search_builder_open(&builder, 3, &err), 0);
    for (uint32_t i = 0; i < 3; i++) {
        search_builder_document(
            builder, i, SYSTEM_CPT, DAY_UNKNOWN, (day_t)(1000 + i));
        assert_int_equal(search_builder_add(builder, i, SEARCH_TITLE, 0,
                             titles[i], strlen(titles[i]), &err),
            0);
    }
    assert_int_equal(search_builder_write(builder, blob, &err), 0);
    search_builder_close(builder);
}

static void documents_are_ranked_by_the_length_of_their_title(void **state)
{
    struct buffer blob = {0};
    struct search_index index;
    struct error err = {0};

    write_search(&blob);
    assert_int_equal(
        search_index_read(&index, (const uint8_t *)blob.data, blob.len, &err),
        0);
    assert_int_equal(index.documents, 3);
    assert_int_equal(index.words, 5);
    assert_int_equal(search_document(&index, 0), 1);
    assert_int_equal(search_document(&index, 1), 0);
    assert_int_equal(search_document(&index, 2), 2);
    assert_int_equal(search_rank(&index, 1), 0);
    buffer_clear(&blob);
}

static void a_prefix_finds_its_words(void **state)
{
    struct buffer blob = {0};
    struct search_index index;
    struct error err = {0};
    struct search_range range;
    uint8_t rows[16] = {0};

    write_search(&blob);
    assert_int_equal(
        search_index_read(&index, (const uint8_t *)blob.data, blob.len, &err),
        0);
    range = search_prefix(&index, "train", 5);
    assert_int_equal(range.end - range.first, 2); /* trainer, training */
    assert_false(range.whole);
    search_union(&index, range.first, range.end, rows);
    assert_int_equal(rows[0], 7);
    range = search_prefix(&index, "gait", 4);
    assert_true(range.whole);
    memset(rows, 0, sizeof rows);
    search_union(&index, range.first, range.end, rows);
    assert_int_equal(rows[0], 6); /* ranks 1 and 2 */
    range = search_prefix(&index, "zebra", 5);
    assert_int_equal(range.first, range.end);
    buffer_clear(&blob);
}

static void every_truncated_search_index_is_refused(void **state)
{
    struct buffer blob = {0};
    struct search_index index;
    struct error err = {0};

    write_search(&blob);
    assert_int_equal(
        search_index_read(&index, (const uint8_t *)blob.data, 0, &err), 0);
    for (size_t len = 1; len < blob.len; len++) {
        uint8_t *data = exact(&blob, len);

        assert_int_equal(
            search_index_read(&index, data, len, &err), ERR_CORRUPT);
        assert_int_equal(index.documents, 0);
        free(data);
    }
    buffer_clear(&blob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(procedure_codes_come_back_with_their_lives),
        cmocka_unit_test(a_procedure_code_that_is_not_there_is_not_found),
        cmocka_unit_test(every_truncated_procedure_list_is_refused),
        cmocka_unit_test(edits_come_back_in_either_order),
        cmocka_unit_test(an_edit_says_what_was_written),
        cmocka_unit_test(an_edit_counts_from_its_first_to_its_last_day),
        cmocka_unit_test(a_withdrawn_edit_never_counts),
        cmocka_unit_test(partners_are_those_of_the_pairs),
        cmocka_unit_test(counts_equal_a_walk_over_the_edits),
        cmocka_unit_test(every_truncated_edit_table_is_refused),
        cmocka_unit_test(codes_come_back_in_order),
        cmocka_unit_test(every_truncated_code_list_is_refused),
        cmocka_unit_test(texts_come_back_by_number),
        cmocka_unit_test(rows_come_back_with_their_places),
        cmocka_unit_test(every_truncated_row_is_refused),
        cmocka_unit_test(a_row_of_a_release_that_is_not_there_is_refused),
        cmocka_unit_test(documents_are_ranked_by_the_length_of_their_title),
        cmocka_unit_test(a_prefix_finds_its_words),
        cmocka_unit_test(every_truncated_search_index_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
