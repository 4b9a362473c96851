/* Published releases through the readers: how many records each has is counted
 * by other means beforehand; formats of one release agree cell by cell. */
#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "indexer/files/input.h"
#include "indexer/files/probe.h"
#include "indexer/sources/sources.h"

/* Files that may stand in the folder, by the end of their name. */
static const struct expected {
    const char *name, *source, *release;
    uint32_t read, rows, refused;
} expected[] = {
    {"HCPC17_CONTR_ANWEB.txt", "hcpcs_text", "2017q1", 10828, 6498, 0},
    {"HCPC17_CONTR_ANWEB.xlsx", "hcpcs_sheet", "2017q1", 6498, 6498, 0},
    /* 11,621 records of 320 bytes and one of 316 */
    {"HCPC2019_CONTR_ANWEB.txt", "hcpcs_text", "2019q1", 11622, 6800, 0},
    {"HCPC2019_CONTR_ANWEB.xlsx", "hcpcs_sheet", "2019q1", 6801, 6800, 0},
    {"2020jul/anweb.xlsx", "hcpcs_sheet", "2020q3", 7159, 7158, 0},
    {"2020oct/anweb.xlsx", "hcpcs_sheet", "2020q4", 7197, 7196, 0},
    /* 8,623 procedures and 383 modifiers; the last record is blank */
    {"HCPC2026_JAN_ANWEB_01122026.txt", "hcpcs_text", "2026q1", 16615, 9006, 1},
    {"HCPC2026_JAN_ANWEB_01122026.xlsx", "hcpcs_sheet", "2026q1", 9006, 9006,
        0},
    {"PPRRVU22_JAN.csv", "pfs_sheet", "2022a", 17600, 17600, 0},
    {"PPRRVU22_JAN.txt", "pfs_text", "2022a", 17600, 17600, 0},
    {"PPRRVU22_JAN.xlsx", "pfs_sheet", "2022a", 17600, 17600, 0},
    {"PPRRVU24_JAN.csv", "pfs_sheet", "2024a", 18499, 18499, 0},
    {"PPRRVU24_JAN.txt", "pfs_text", "2024a", 18499, 18499, 0},
    {"PPRRVU24_JAN.xlsx", "pfs_sheet", "2024a", 18499, 18499, 0},
    {"PPRRVU25_JAN.csv", "pfs_sheet", "2025a", 18865, 18865, 0},
    {"PPRRVU25_JAN.txt", "pfs_text", "2025a", 18865, 18865, 0},
    {"PPRRVU25_JAN.xlsx", "pfs_sheet", "2025a", 18865, 18865, 0},
    {"PPRRVU2025_Oct.csv.xz", "pfs_sheet", "2025d", 19090, 19090, 0},
    {"PPRRVU2025_Oct.txt.xz", "pfs_text", "2025d", 19090, 19090, 0},
    {"MCR_MUE_PractitionerServices_Eff_04-01-2026.csv.xz", "mue", "2026q2",
        15095, 15095, 0},
    {"MCR_MUE_PractitionerServices_Eff_04-01-2026.xlsx", "mue", "2026q2", 15095,
        15095, 0},
    {"mue_PractitionerServices_2024-07-01.reexport.csv.xz", "mue", "2024q3",
        14677, 14677, 0},
    {"mue_OutpatientHospitalServices_2024-07-01.reexport.csv.xz", "mue",
        "2024q3", 14628, 14628, 0},
    {"mue_DMESupplierServices_2024-07-01.reexport.csv.xz", "mue", "2024q3",
        2928, 2928, 0},
    {"AOC_V2026Q2-MCR.xlsx", "aoc_sheet", "2026q2", 9000, 9000, 0},
    {"icd10cm-order-Jan-2021.txt.xz", "icd10cm_order", "2021-01", 95358, 95358,
        0},
    {"order.zip/icd10cm_order_2025.txt", "icd10cm_order", "2025", 97584, 97584,
        0},
    {"order.zip/icd10cm_codes_2025.txt", "icd10cm_codes", "2025", 74260, 74260,
        0},
    {"april.zip/Code Descriptions/icd10cm_order_2025.txt", "icd10cm_order",
        "2025-04", 97584, 97584, 0},
    {"icd10cm_order_2026.txt", "icd10cm_order", "2026", 98186, 98186, 0},
    {"icd10cm-order-2026.txt", "icd10cm_order", "2026", 98186, 98186, 0},
    {"icd10cm_codes_2026.txt", "icd10cm_codes", "2026", 74719, 74719, 0},
    {"POAexemptCodesFY25.txt", "icd10cm_poa", "2025", 38154, 38154, 0},
    {"POAexemptCodesFY25.xlsx", "icd10cm_poa", "2025", 38154, 38154, 0},
    {"POAexemptCodesFY26.txt", "icd10cm_poa", "2026", 38349, 38349, 0},
    {"POAexemptCodesFY26.xlsx", "icd10cm_poa", "2026", 38349, 38349, 0},
    {"Conversion-Table-FY25.csv", "icd10cm_conversion", "2025", 5405, 5405, 0},
    {"Conversion-Table-FY2025-Effective-10-01-2024-FINAL.xlsx",
        "icd10cm_conversion", "2025", 5405, 5405, 0},
    {"ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx", "icd10cm_conversion", "2026",
        5892, 5892, 0},
    /* 22 chapters, 296 blocks, 1,911 categories and what has notes below */
    {"icd10cm_tabular_2021.xml.xz", "icd10cm_tabular", "2021", 10143, 10143, 0},
    {"icd10cm_tabular_2017.xml", "icd10cm_tabular", "2017", 9769, 9769, 0},
    {"icd-10-cm-tabular-2025_ch2.xml.xz", "icd10cm_tabular", "2025", 576, 576,
        0},
    {"icd10cm_index_2017.xml", "icd10cm_index", "2017", 60303, 60303, 0},
    {"icd10cm-drug-April-1-2026-XML.xml.xz", "icd10cm_index", "2026-04", 40036,
        40036, 0},
    {"icd10cm-eindex-April-1-2026-XML.xml.xz", "icd10cm_index", "2026-04", 6686,
        6686, 0},
    /* a text stands where a code should */
    {"icd10cm-neoplasm-April-1-2026-XML.xml.xz", "icd10cm_index", "2026-04",
        9021, 9020, 1},
    {"2025_DHS_Code_List_Addendum_11_26_2024.txt", "dhs", "2025", 106, 106, 0},
    {"2025_DHS_Code_List_Addendum_11_26_2024.xlsx", "dhs", "2025", 106, 106, 0},
};
enum { EXPECTED = sizeof expected / sizeof *expected };

/* Two formats of a release, and in how many cells they may differ: HCPCS long
 * texts lose the second of two blanks where a line of the text file ends, and
 * the spreadsheets lack some dates. */
static const struct pair {
    const char *one, *other;
    uint32_t differences;
} pairs[] = {
    {"PPRRVU22_JAN.csv", "PPRRVU22_JAN.txt", 0},
    {"PPRRVU22_JAN.csv", "PPRRVU22_JAN.xlsx", 0},
    {"PPRRVU24_JAN.csv", "PPRRVU24_JAN.txt", 0},
    {"PPRRVU24_JAN.csv", "PPRRVU24_JAN.xlsx", 0},
    {"PPRRVU25_JAN.csv", "PPRRVU25_JAN.txt", 0},
    {"PPRRVU25_JAN.csv", "PPRRVU25_JAN.xlsx", 0},
    {"PPRRVU2025_Oct.csv.xz", "PPRRVU2025_Oct.txt.xz", 0},
    {"MCR_MUE_PractitionerServices_Eff_04-01-2026.csv.xz",
        "MCR_MUE_PractitionerServices_Eff_04-01-2026.xlsx", 0},
    {"POAexemptCodesFY25.txt", "POAexemptCodesFY25.xlsx", 0},
    {"POAexemptCodesFY26.txt", "POAexemptCodesFY26.xlsx", 0},
    {"Conversion-Table-FY25.csv",
        "Conversion-Table-FY2025-Effective-10-01-2024-FINAL.xlsx", 0},
    {"2025_DHS_Code_List_Addendum_11_26_2024.txt",
        "2025_DHS_Code_List_Addendum_11_26_2024.xlsx", 0},
    {"icd10cm_order_2026.txt", "icd10cm-order-2026.txt", 0},
    /* 10 texts, 3 dates; 11, 115 and 2 types of service; 15, 117, 1 price */
    {"HCPC17_CONTR_ANWEB.txt", "HCPC17_CONTR_ANWEB.xlsx", 13},
    {"HCPC2019_CONTR_ANWEB.txt", "HCPC2019_CONTR_ANWEB.xlsx", 128},
    {"HCPC2026_JAN_ANWEB_01122026.txt", "HCPC2026_JAN_ANWEB_01122026.xlsx",
        133},
};

struct all {
    struct texts *texts;
    struct batch batch[EXPECTED];
    bool read[EXPECTED];
    uint32_t files, found, unknown;
};

static bool ends_with(const char *name, const char *ending)
{
    const size_t n = strlen(name), e = strlen(ending);

    return n >= e && strcmp(name + n - e, ending) == 0;
}

static size_t find(const char *name)
{
    size_t i = 0;

    while (i < EXPECTED && !ends_with(name, expected[i].name))
        i++;
    return i;
}

static void read_expected(struct all *all, size_t i, const struct probe *probe,
    const struct source *source, const struct identity *id)
{
    struct error err = {0};

    assert_string_equal(source->name, expected[i].source);
    assert_string_equal(id->release, expected[i].release);
    if (all->read[i])
        return; /* the same file in another folder */
    batch_init(&all->batch[i], id, all->texts);
    if (source->read(probe, &all->batch[i], &err) != 0)
        fail_msg("%s: %s", probe->in->name, err.msg);
    all->read[i] = true;
    all->found++;
    assert_int_equal(all->batch[i].read, expected[i].read);
    assert_int_equal(all->batch[i].rows, expected[i].rows);
    assert_int_equal(all->batch[i].refused, expected[i].refused);
}

static int look_at(void *context, const struct input *in, struct error *err)
{
    struct all *all = context;
    const struct source *source = NULL;
    struct identity id;
    struct probe *probe;
    const size_t i = find(in->name);

    if (in->damage != NULL)
        fail_msg("%s: %s", in->name, in->damage);
    if (probe_open(&probe, in, err) != 0)
        return err->code;
    all->files++;
    for (size_t s = 0; sources[s] != NULL && source == NULL; s++)
        if (sources[s]->recognise(probe, &id))
            source = sources[s];
    if (i < EXPECTED && source != NULL) {
        read_expected(all, i, probe, source, &id);
    } else if (i < EXPECTED) {
        fail_msg("not recognised: %s", in->name);
    } else if (source == NULL && companion_name(probe) == NULL) {
        print_message("not recognised: %s\n", in->name);
        all->unknown++;
    }
    probe_close(probe);
    return 0;
}

static int read_everything(void **state)
{
    static struct all all;
    const char *const path = getenv("REAL");
    struct error err = {0};

    if (path == NULL || texts_open(&all.texts, &err) != 0)
        return -1;
    *state = &all;
    if (input_walk(&path, 1, look_at, &all, &err) != 0) {
        print_error("%s\n", err.msg);
        return -1;
    }
    return 0;
}

static int forget_everything(void **state)
{
    struct all *all = *state;

    for (size_t i = 0; i < EXPECTED; i++)
        if (all->read[i])
            batch_clear(&all->batch[i]);
    texts_close(all->texts);
    return 0;
}

/* The counts themselves were compared while the files were read. */
static void every_release_has_the_records_that_were_counted(void **state)
{
    const struct all *all = *state;

    assert_true(all->found > 0);
}

static void every_file_is_read_or_named(void **state)
{
    const struct all *all = *state;

    assert_true(all->files > 0);
    assert_int_equal(all->unknown, 0);
}

static uint32_t differences(const struct batch *a, const struct batch *b)
{
    uint32_t count = 0;

    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->columns, b->columns);
    for (size_t i = 0; i < (size_t)a->rows * a->columns; i++)
        count += a->cells[i] != b->cells[i];
    return count;
}

static void formats_of_a_release_agree_as_far_as_their_publisher_does(
    void **state)
{
    const struct all *all = *state;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const size_t one = find(pairs[i].one), other = find(pairs[i].other);

        if (one < EXPECTED && other < EXPECTED && all->read[one] &&
            all->read[other])
            assert_int_equal(differences(&all->batch[one], &all->batch[other]),
                pairs[i].differences);
    }
}

int main(void)
{
    const char *const path = getenv("REAL");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_release_has_the_records_that_were_counted),
        cmocka_unit_test(every_file_is_read_or_named),
        cmocka_unit_test(
            formats_of_a_release_agree_as_far_as_their_publisher_does),
    };

    if (path == NULL || *path == '\0') {
        puts("no published releases");
        return 77;
    }
    return cmocka_run_group_tests(tests, read_everything, forget_everything);
}
