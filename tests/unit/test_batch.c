#include "tests/harness.h"

#include <string.h>
#include "indexer/plan/batch.h"

static struct texts *texts;
static struct batch batch;

static int open_batch(void **state)
{
    const struct identity id = {.table = TABLE_MUE, .release = "2024q3"};

    if (texts_open(&texts, NULL) != 0)
        return -1;
    batch_init(&batch, &id, texts);
    return 0;
}

static int close_batch(void **state)
{
    batch_clear(&batch);
    texts_close(texts);
    return 0;
}

static void a_new_batch_has_the_columns_of_its_table(void **state)
{
    assert_int_equal(batch.columns, MUE_COLUMNS);
    assert_int_equal(batch.rows, 0);
    assert_int_equal(batch.read, 0);
    assert_string_equal(batch.id.release, "2024q3");
    assert_ptr_equal(batch.texts, texts);
}

static void a_row_keeps_its_cells_and_its_line(void **state)
{
    const uint32_t first[MUE_COLUMNS] = {1, 2, 3, 4};
    const uint32_t second[MUE_COLUMNS] = {5, 6, 7, 8};

    assert_int_equal(batch_add(&batch, first, 2, 1, NULL), 0);
    assert_int_equal(batch_add(&batch, second, 9, 1, NULL), 0);
    assert_int_equal(batch.rows, 2);
    assert_int_equal(batch.lines[0], 2);
    assert_int_equal(batch.lines[1], 9);
    assert_memory_equal(batch.cells, first, sizeof first);
    assert_memory_equal(batch.cells + MUE_COLUMNS, second, sizeof second);
}

static void many_rows_are_all_kept(void **state)
{
    uint32_t cells[MUE_COLUMNS], i;

    for (i = 0; i < 5000; i++) {
        cells[0] = cells[1] = cells[2] = cells[3] = i;
        assert_int_equal(batch_add(&batch, cells, i + 1, 1, NULL), 0);
    }
    assert_int_equal(batch.rows, 5000);
    for (i = 0; i < 5000; i++) {
        assert_int_equal(batch.cells[i * MUE_COLUMNS + 3], i);
        assert_int_equal(batch.lines[i], i + 1);
    }
}

static void a_row_of_several_records_counts_each_as_read(void **state)
{
    const uint32_t cells[MUE_COLUMNS] = {1, 1, 1, 1};

    assert_int_equal(batch_add(&batch, cells, 3, 4, NULL), 0);
    batch_refuse(&batch, 7, "code", "not a code");
    assert_int_equal(batch.rows, 1);
    assert_int_equal(batch.read, 5);
    assert_int_equal(batch.refused, 1);
}

static void a_refusal_says_where_and_why(void **state)
{
    batch_refuse(&batch, 12, "mue value", "'%s' is not a number", "x");
    assert_int_equal(batch.refusals[0].row, 12);
    assert_string_equal(batch.refusals[0].column, "mue value");
    assert_string_equal(batch.refusals[0].reason, "'x' is not a number");
}

static void only_the_first_refusals_are_kept_but_all_are_counted(void **state)
{
    uint32_t i;

    for (i = 1; i <= REFUSALS_SHOWN + 5; i++)
        batch_refuse(&batch, i, "code", "row %u", i);
    assert_int_equal(batch.refused, 25);
    assert_int_equal(batch.read, 25);
    assert_int_equal(batch.refusals[REFUSALS_SHOWN - 1].row, 20);
    assert_string_equal(batch.refusals[REFUSALS_SHOWN - 1].reason, "row 20");
}

static void a_long_reason_is_cut_and_ended(void **state)
{
    char reason[400];

    memset(reason, 'r', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    batch_refuse(&batch, 1, reason, "%s", reason);
    assert_int_equal(strlen(batch.refusals[0].reason), 119);
    assert_int_equal(strlen(batch.refusals[0].column), 23);
}

static void the_first_warning_is_kept(void **state)
{
    batch_warn(&batch, "column '%s' is new", "extra");
    batch_warn(&batch, "another");
    assert_int_equal(batch.warnings, 2);
    assert_string_equal(batch.warning, "column 'extra' is new");
}

static void clearing_twice_is_fine(void **state)
{
    const uint32_t cells[MUE_COLUMNS] = {1, 1, 1, 1};

    assert_int_equal(batch_add(&batch, cells, 3, 1, NULL), 0);
    batch_clear(&batch);
    batch_clear(&batch);
    assert_int_equal(batch.rows, 0);
    assert_null(batch.cells);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, open_batch, close_batch)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_batch_has_the_columns_of_its_table),
        TEST(a_row_keeps_its_cells_and_its_line),
        TEST(many_rows_are_all_kept),
        TEST(a_row_of_several_records_counts_each_as_read),
        TEST(a_refusal_says_where_and_why),
        TEST(only_the_first_refusals_are_kept_but_all_are_counted),
        TEST(a_long_reason_is_cut_and_ended),
        TEST(the_first_warning_is_kept),
        TEST(clearing_twice_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
