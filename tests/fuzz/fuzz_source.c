/* fuzz_source.c - no bytes make a reader crash or lose count.
 *
 * The first byte chooses the source (modulo their number; 255 is all of them,
 * for the corpus, since sources are added), the second the name the file
 * pretends to have; the rest is the file. What the source recognises it reads,
 * and whatever it read must be kept or refused; every text number is one the
 * pool gave. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codesets/core/day.h"
#include "indexer/files/probe.h"
#include "indexer/sources/sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"HCPC2026_JAN_ANWEB_01122026.txt",
    "hcpcs/2020jul/anweb.xlsx", "PPRRVU2026_Jul_QPP.csv",
    "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv", "AOC_V2026Q2-MCR.xlsx",
    "2025-04/icd10cm_order_2025-april.txt", "ccipra-v322r0-f1.txt",
    "LONGULT.txt", "2026/icd10cm-drug-April-1-2026-XML.xml", "x"};

static void require(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static int of_xml(const struct batch *batch)
{
    return batch->id.table >= TABLE_ICD10CM_TABULAR &&
           batch->id.table <= TABLE_ICD10CM_NEOPLASM;
}

static void check(const struct batch *batch, const struct texts *texts)
{
    const uint32_t rows = batch->rows + batch->edits.rows;
    uint32_t last = 0;

    require(rows + batch->refused <= batch->read,
        "more rows and refusals than records");
    /* Only an HCPCS row may be made of several records. */
    require(
        batch->id.table == TABLE_HCPCS || rows + batch->refused == batch->read,
        "a record neither kept nor refused");
    require(rows > 0 || batch->refused == batch->read,
        "records without a row and without a refusal");
    for (size_t i = 0; i < (size_t)batch->rows * batch->columns; i++)
        require(batch->cells[i] < texts_count(texts), "a text of no pool");
    for (uint32_t row = 0; row < batch->rows; row++) {
        /* An XML file may be one line. */
        require(batch->lines[row] > last ||
                    (batch->lines[row] == last && last > 0 && of_xml(batch)),
            "rows out of order");
        last = batch->lines[row];
    }
}

static void read_with(const struct source *source, const struct probe *probe)
{
    struct identity id = {.table = TABLE_HCPCS, .release = "2024q3"};
    struct texts *texts;
    struct batch batch;
    struct error err = {0};
    int rc;

    if (!source->recognise(probe, &id) || texts_open(&texts, &err) != 0)
        return;
    batch_init(&batch, &id, texts);
    rc = source->read(probe, &batch, &err);
    if (rc == 0)
        check(&batch, texts);
    else
        require(err.msg[0] != '\0', "an error without a message");
    edits_clear(&batch.edits);
    batch_clear(&batch);
    texts_close(texts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {.sha256 = ""};
    struct probe *probe;
    size_t chosen = 0, count = 0;
    uint8_t *copy;

    while (sources[count] != NULL)
        count++;
    if (size < 2)
        return 0;
    chosen = data[0] == UINT8_MAX ? count : data[0] % (count + 1);
    in.name = in.disk_path = names[data[1] % (sizeof names / sizeof *names)];
    in.len = size - 2;
    copy = calloc(1, in.len + 1); /* and the NUL that input.h promises */
    if (copy == NULL)
        return 0;
    memcpy(copy, data + 2, in.len);
    in.data = copy;
    if (probe_open(&probe, &in, NULL) == 0) {
        /* One number more than there are sources stands for all of them. */
        for (size_t i = 0; i < count; i++)
            if (chosen == count || i == chosen)
                read_with(sources[i], probe);
        (void)companion_name(probe);
        probe_close(probe);
    }
    free(copy);
    return 0;
}
