/* fuzz_blobs.c - whatever bytes stand where a table of a build should be,
 * reading it never leaves them.
 *
 * The first byte picks the table; the rest is the table, in memory of exactly
 * its size. What a read accepts is asked every kind of question. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/core/buffer.h"
#include "codesets/search/index.h"
#include "codesets/search/query.h"
#include "codesets/store/layout.h"
#include "codesets/store/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
    if (!good)
        abort();
}

static void ask_proc(const uint8_t *data, size_t len)
{
    struct proc_table table;
    struct proc_span span;

    if (proc_table_read(&table, data, len, NULL) != 0)
        return;
    for (uint32_t packed = 0; packed < PROC_PACKED_END; packed += 977) {
        const uint32_t ordinal = proc_find(&table, packed);

        must(ordinal == PROC_ORDINAL_NONE || ordinal < table.count);
    }
    for (uint32_t i = 0; i < table.count && i < 64; i++) {
        (void)proc_find(&table, proc_at(&table, i));
        proc_validity(&table, i, 19905, &span);
        must(span.validity <= VALIDITY_NOT_VALID);
        must(span.evidence < EVIDENCE_COUNT);
        for (uint32_t n = 0; proc_span_at(&table, i, n, &span); n++)
            must(n < PROC_LIFE_MAX);
    }
}

static void ask_ptp(const uint8_t *data, size_t len)
{
    struct ptp_table table;
    uint32_t codes;

    if (len < 4)
        return;
    codes = load_u32(data);
    if (codes > 512 || ptp_table_read(&table, data, len, codes, NULL) != 0)
        return;
    for (uint32_t a = 0; a < codes && a < 24; a++) {
        struct ptp_partners partners;
        struct ptp_counts counts;
        uint32_t partner, n = 0;

        ptp_count(&table, a, 19905, &counts);
        ptp_partners_begin(&table, a, &partners);
        while (n++ < 64 && ptp_partners_next(&table, &partners, &partner))
            must(partner <= UINT16_MAX);
        for (uint32_t b = 0; b < codes && b < 24; b++) {
            uint32_t first, end;

            if (a == b)
                continue;
            ptp_find(&table, a, b, &first, &end);
            must(first <= end && end <= table.rows);
            for (uint32_t row = first; row < end; row++) {
                struct ptp_edit edit;

                ptp_edit(&table, a < b ? a : b, row, &edit);
                (void)ptp_in_force(&edit, 19905);
            }
        }
    }
}

static void ask_codes(const uint8_t *data, size_t len)
{
    struct code_list list;

    if (code_list_read(&list, data, len, NULL) != 0)
        return;
    for (uint32_t i = 0; i < list.count && i < 256; i++) {
        const struct code_ref ref = code_at(&list, i);
        volatile char sum = 0;

        for (size_t k = 0; k < ref.len; k++)
            sum = (char)(sum + ref.text[k]);
        must(code_lower_bound(&list, ref.text, ref.len) <= list.count);
    }
    (void)code_number(&list, SYSTEM_CPT, "97110", 5);
}

/* Every way through a search of a damaged index. */
static void search_all(const struct search_index *index)
{
    static const char *const queries[] = {"", "gait", "gait tra", "trainign",
        "the zebra gait", "g t p", "gaittraining", "C0001", "gaitt raining"};
    static struct search_result result;
    struct code_ref *code = calloc(index->documents + 1u, sizeof *code);
    char(*text)[8] = calloc(index->documents + 1u, sizeof *text);
    struct buffer list = {0};
    struct code_list codes;

    must(code != NULL && text != NULL);
    for (uint32_t i = 0; i < index->documents; i++) {
        (void)snprintf(text[i], sizeof text[i], "C%04u", i % 10000);
        code[i] = (struct code_ref){SYSTEM_LOCAL, text[i], 5};
    }
    must(code_list_write(&list, code, index->documents, NULL) == 0);
    must(code_list_read(&codes, (const uint8_t *)list.data, list.len, NULL) ==
         0);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct search_query query = {.text = queries[i],
            .len = strlen(queries[i]),
            .on_day = i % 2 == 0,
            .systems = i % 3 == 0 ? 1u << SYSTEM_LOCAL : 0,
            .values = {i % 4 == 0 ? 0x7F : 0},
            .limit = 20};

        must(search_run(&result, index, &codes, &query, NULL) == 0);
        must(result.hits <= query.limit);
        for (uint32_t n = 0; n < result.hits; n++)
            must(result.hit[n].document < codes.count);
    }
    buffer_clear(&list);
    free(code);
    free(text);
}

static void ask_search(const uint8_t *data, size_t len)
{
    static const char *const words[] = {"", "a", "gait", "\xFF", "zzzz"};
    struct search_index index;
    uint8_t *bits;

    if (search_index_read(&index, data, len, NULL) != 0 ||
        index.documents > 4096 || index.words > 4096 || index.rows > 4096)
        return;
    bits = calloc(index.row_bytes + 1, 1);
    must(bits != NULL);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct search_range range =
            search_prefix(&index, words[i], strlen(words[i]));

        must(range.first <= range.end && range.end <= index.words);
        search_union(&index, range.first, range.end, bits);
    }
    for (uint32_t i = 0; i < index.documents; i++) {
        (void)search_document(&index, i);
        must(search_rank(&index, i) < index.documents);
    }
    free(bits);
    search_all(&index);
}

static void ask_rows(const uint8_t *data, size_t len)
{
    static const struct release releases[3] = {{.label = "a", .to = 9},
        {.label = "b", .from = 10, .to = 19},
        {.label = "c", .from = 30, .to = 39}};
    static const struct series series = {
        .table = TABLE_AOC, .releases = 3, .release = releases};
    struct store store = {0};
    struct rows rows = {&store, &series, data, data + len};
    struct row row;

    while (rows_next(&rows, &row, NULL) > 0) {
        must(row.first_release <= row.last_release && row.last_release < 3);
        for (uint32_t r = 0; r < 3; r++)
            (void)row_source(&store, &row, r);
    }
}

/* The first byte: how many procedure codes the build is said to have. */
static void ask_row_index(const uint8_t *data, size_t len)
{
    static const char *const keys[] = {"", "A", "A0001", "97110", "ZZZZZZZZZ"};
    const struct proc_table none = {0};
    struct row_index index;

    if (len == 0 ||
        row_index_read(&index, data + 1, len - 1, data[0], NULL) != 0)
        return;
    index.procs = 0; /* the codes themselves are fuzzed above */
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const size_t n = strlen(keys[i]);
        const uint32_t key = row_index_find(&index, &none, keys[i], n);

        must(key == ROW_KEY_NONE || key < index.keys);
        must(row_index_from(&index, keys[i], n) <= index.keys);
    }
    for (uint32_t i = 0; i < index.keys && i < 256; i++) {
        const uint8_t *at, *end;
        size_t n;

        (void)row_index_key(&index, i, &n);
        must(n <= ROW_KEY_MAX);
        row_index_rows(&index, i, &at, &end);
        must(at <= end && (size_t)(end - at) <= index.rows_len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const ask[])(const uint8_t *, size_t) = {
        ask_proc, ask_ptp, ask_codes, ask_search, ask_rows, ask_row_index};
    uint8_t *copy;

    if (size == 0)
        return 0;
    copy = malloc(size);
    must(copy != NULL);
    memcpy(copy, data + 1, size - 1);
    ask[data[0] % (sizeof ask / sizeof ask[0])](copy, size - 1);
    free(copy);
    return 0;
}
