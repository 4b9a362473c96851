/* The keys of a series: direct for procedure codes, bisected for all others. */
#include "tests/harness.h"

#include <stdio.h>
#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/core/code.h"
#include "codesets/store/row_index.h"

/* Three procedure codes; the second has no rows in these tests. */
static const char *const codes[] = {"97110", "97530", "E1010"};
enum { CODES = 3 };

struct procs {
    struct buffer blob;
    struct proc_table table;
};

static void make_procs(struct procs *out)
{
    static const struct proc_span spans[CODES] = {
        {.from = DAY_UNKNOWN}, {.from = DAY_UNKNOWN}, {.from = DAY_UNKNOWN}};
    static const uint32_t first[CODES + 1] = {0, 1, 2, 3};
    uint32_t packed[CODES];
    const struct proc_source source = {CODES, packed, first, spans};
    struct error err = {0};

    for (int i = 0; i < CODES; i++)
        packed[i] = proc_pack(codes[i]);
    *out = (struct procs){0};
    assert_int_equal(proc_table_write(&out->blob, &source, &err), 0);
    assert_int_equal(proc_table_read(&out->table,
                         (const uint8_t *)out->blob.data, out->blob.len, &err),
        0);
}

/* Each key's rows are the key itself, in lower case. */
static void gather(struct row_gather *rows, const char *const *keys)
{
    struct error err = {0};

    for (; *keys != NULL; keys++) {
        struct buffer value = {0};

        buffer_addc(&value, '<');
        buffer_add(&value, *keys, strlen(*keys));
        assert_int_equal(
            row_gather_add(rows, *keys, strlen(*keys), &value, &err), 0);
        buffer_clear(&value);
    }
}

static void make_index(struct row_index *out, struct buffer *blob,
    const struct procs *procs, const char *const *keys)
{
    struct row_gather rows = {0};
    struct error err = {0};

    gather(&rows, keys);
    assert_int_equal(row_gather_write(&rows, &procs->table, blob, &err), 0);
    assert_int_equal(row_index_read(out, (const uint8_t *)blob->data, blob->len,
                         procs->table.count, &err),
        0);
}

static void assert_rows(
    const struct row_index *index, uint32_t i, const char *key)
{
    const uint8_t *at, *end;
    size_t len;

    assert_int_not_equal(i, ROW_KEY_NONE);
    assert_memory_equal(row_index_key(index, i, &len), key, strlen(key));
    assert_int_equal(len, strlen(key));
    row_index_rows(index, i, &at, &end);
    assert_int_equal(end - at, 1 + len);
    assert_memory_equal(at + 1, key, len);
}

/* Keys that are looked for together are found as each alone. */
static void check_together(const struct row_index *index,
    const struct procs *procs, const char *const *keys)
{
    char other[ROW_KEYS_TOGETHER][ROW_KEY_MAX + 2];
    struct row_key key[ROW_KEYS_TOGETHER];
    uint32_t found[ROW_KEYS_TOGETHER];
    size_t n = 0;

    key[n++] = (struct row_key){"", 0};
    key[n++] = (struct row_key){"97530", 5};
    key[n++] = (struct row_key){"longer than all the keys that there are", 39};
    for (; *keys != NULL && n + 3 <= ROW_KEYS_TOGETHER; keys++) {
        const size_t len = strlen(*keys);

        key[n++] = (struct row_key){*keys, len};
        key[n++] = (struct row_key){*keys, len - 1};
        (void)snprintf(other[n], sizeof other[n], "%s!", *keys);
        key[n] = (struct row_key){other[n], len + 1};
        n++;
    }
    row_index_find_some(found, index, &procs->table, key, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(found[i],
            row_index_find(index, &procs->table, key[i].text, key[i].len));
}

/* Every key is found and its neighbours that do not exist are not. */
static void check_keys(const char *const *keys, bool direct)
{
    struct procs procs;
    struct buffer blob = {0};
    struct row_index index;
    uint32_t n = 0;

    make_procs(&procs);
    make_index(&index, &blob, &procs, keys);
    assert_int_equal(index.procs, direct ? CODES : 0);
    check_together(&index, &procs, keys);
    for (; keys[n] != NULL; n++) {
        char other[ROW_KEY_MAX + 2];
        const size_t len = strlen(keys[n]);

        assert_rows(&index, row_index_find(&index, &procs.table, keys[n], len),
            keys[n]);
        assert_int_equal(row_index_from(&index, keys[n], len), n);
        (void)snprintf(other, sizeof other, "%s!", keys[n]);
        assert_int_equal(
            row_index_find(&index, &procs.table, other, len + 1), ROW_KEY_NONE);
        assert_int_equal(row_index_from(&index, other, len + 1), n + 1);
        if (n == 0 || strncmp(keys[n - 1], keys[n], len - 1) != 0)
            assert_int_equal(
                row_index_find(&index, &procs.table, keys[n], len - 1),
                ROW_KEY_NONE);
    }
    assert_int_equal(index.keys, n);
    assert_int_equal(
        row_index_find(&index, &procs.table, "97530", 5), ROW_KEY_NONE);
    assert_int_equal(row_index_find(&index, &procs.table, "", 0), ROW_KEY_NONE);
    assert_int_equal(row_index_from(&index, "", 0), 0);
    buffer_clear(&blob);
    buffer_clear(&procs.blob);
}

static void procedure_codes_are_direct(void **state)
{
    check_keys((const char *const[]){"97110", "E1010", NULL}, true);
    /* A component of a code and an unknown code are bisected among them. */
    check_keys(
        (const char *const[]){"95921", "97110", "9711026", "E1010", NULL},
        true);
}

static void other_keys_are_bisected(void **state)
{
    check_keys(
        (const char *const[]){"A00", "A000", "M5450", "S060X0A", NULL}, false);
    check_keys((const char *const[]){"B", "BA", "a term that is longer",
                   "a term that is longest", "z", NULL},
        false);
    check_keys((const char *const[]){"only", NULL}, false);
}

/* A list of every length up to a page. */
static void lists_of_any_length_are_bisected(void **state)
{
    static char text[ROW_KEYS_TOGETHER][16];
    const char *keys[ROW_KEYS_TOGETHER + 1] = {NULL};

    for (int n = 0; n < ROW_KEYS_TOGETHER; n++) {
        (void)snprintf(text[n], sizeof text[n], "K%02d", n);
        keys[n] = text[n];
        check_keys(keys, false);
    }
}

static void a_series_without_rows_has_no_keys(void **state)
{
    const struct proc_table none = {0};
    struct row_index index;
    struct error err = {0};

    assert_int_equal(row_index_read(&index, NULL, 0, 3, &err), 0);
    assert_int_equal(row_index_find(&index, &none, "97110", 5), ROW_KEY_NONE);
    assert_int_equal(row_index_from(&index, "97110", 5), 0);
    assert_int_equal(row_index_from(&index, "a long term", 11), 0);
}

static void keys_that_cannot_be_kept_are_refused(void **state)
{
    struct row_gather rows = {0};
    struct buffer value = {0};
    struct error err = {0};
    char long_key[ROW_KEY_MAX + 1];

    memset(long_key, 'k', sizeof long_key);
    buffer_addc(&value, 'v');
#define REFUSED(key, len)                                                      \
    assert_int_equal(row_gather_add(&rows, key, len, &value, &err), ERR_LIMIT)
    REFUSED("", 0);
    REFUSED("a\0b", 3);
    REFUSED(long_key, ROW_KEY_MAX + 1);
    assert_int_equal(row_gather_add(&rows, "b", 1, &value, &err), 0);
    REFUSED("b", 1);
    REFUSED("a", 1);
    REFUSED("aa", 2);
    assert_int_equal(
        row_gather_add(&rows, long_key, ROW_KEY_MAX, &value, &err), 0);
#undef REFUSED
    row_gather_clear(&rows);
    buffer_clear(&value);
}

static void a_damaged_index_is_refused_or_harmless(void **state)
{
    static const char *const keys[] = {"97110", "E1010", NULL};
    struct procs procs;
    struct buffer blob = {0};
    struct row_index index;
    struct error err = {0};

    make_procs(&procs);
    make_index(&index, &blob, &procs, keys);
    for (size_t len = 1; len < blob.len; len++)
        assert_int_equal(row_index_read(&index, (const uint8_t *)blob.data, len,
                             CODES, &err),
            ERR_CORRUPT);
    assert_int_equal(row_index_read(&index, (const uint8_t *)blob.data,
                         blob.len, CODES + 1, &err),
        ERR_CORRUPT);
    /* Any byte turned: no reader leaves the blob (the sanitizers look on). */
    for (size_t i = 0; i < blob.len; i++) {
        const char kept = blob.data[i];

        blob.data[i] = (char)~kept;
        if (row_index_read(
                &index, (const uint8_t *)blob.data, blob.len, CODES, &err) == 0)
            for (int c = 0; c < CODES; c++) {
                const uint32_t at =
                    row_index_find(&index, &procs.table, codes[c], PROC_LEN);
                const uint8_t *from, *end;

                if (at == ROW_KEY_NONE)
                    continue;
                assert_in_range(at, 0, index.keys - 1);
                row_index_rows(&index, at, &from, &end);
                assert_true(from <= end && end <= index.rows + index.rows_len);
            }
        blob.data[i] = kept;
    }
    buffer_clear(&blob);
    buffer_clear(&procs.blob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(procedure_codes_are_direct),
        cmocka_unit_test(other_keys_are_bisected),
        cmocka_unit_test(lists_of_any_length_are_bisected),
        cmocka_unit_test(a_series_without_rows_has_no_keys),
        cmocka_unit_test(keys_that_cannot_be_kept_are_refused),
        cmocka_unit_test(a_damaged_index_is_refused_or_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
