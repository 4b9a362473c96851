/* write.h - a plan becomes a build: one LMDB file in a folder.
 *
 * The steps stand in files of their own, in this order: the procedure codes and
 * their validity (write_proc.c), the rows of all tables and their texts
 * (write_rows.c), the edit tables (write_ptp.c), the coverage documents
 * (write_coverage.c), the code list and the search index (write_codes.c,
 * write_values.c).
 * write.c holds them together. */
#ifndef INDEXER_WRITE_WRITE_H
#define INDEXER_WRITE_WRITE_H
#include "codesets/core/buffer.h"
#include "codesets/store/proc.h"
#include "codesets/store/writer.h"
#include "indexer/plan/plan.h"

struct write_options {
    const char *id; /* of the build */
    bool licensed;  /* --accept-ama-license */
};

struct write_counts {
    uint32_t codes, procedures, texts, rows, edits, licensed_dropped;
    uint32_t series_rows[STORE_SERIES_MAX]; /* runs written, by series */
};

/* Writes folder/data.mdb. Rows found to stand twice change the counts of their
 * files. Returns 0 or an error; the folder is then the caller's to remove. */
int write_build(const struct plan *plan, struct collection *collection,
    const char *folder, const struct write_options *options,
    struct write_counts *counts, struct error *err);

/* --- between the steps ---------------------------------------------------- */

/* One run of equal rows, on its way to the store. */
struct run {
    const char *key;
    uint16_t key_len;
    char suffix; /* '\0', or one more byte of the key */
    uint8_t series;
    uint8_t first, last;   /* releases */
    uint32_t place;        /* into writing.place: file and line per release */
    const uint32_t *cells; /* numbers of the collection's texts */
};

struct writing {
    const struct plan *plan;
    struct collection *collection;
    const struct write_options *options;
    struct write_counts *counts;
    struct store_writer *writer;

    uint32_t *file_number; /* of a collected file in the store */

    /* write_proc.c */
    uint32_t *packed; /* procedure codes, ascending */
    uint32_t procedures;
    uint16_t *ordinal;   /* of a packed code; 0xFFFF for none */
    struct buffer spans; /* struct proc_span */
    uint32_t *first_span;

    /* write_rows.c */
    struct run *run;
    uint32_t runs, run_capacity;
    uint32_t *place;
    size_t places, place_capacity;
    uint32_t *text_number; /* of a collection's text in the store */
    uint32_t *text_order;  /* the collection's text with each store number */
    uint32_t texts;

    size_t coverage_series; /* write_coverage.c: its number */
};

/* Number of a series in the plan. */
static inline uint8_t series_number(
    const struct plan *plan, const struct plan_series *series)
{
    return (uint8_t)(series - plan->series);
}

int write_proc(struct writing *w, struct error *err);
/* Sorts the rows of all series into w->run and numbers the texts. */
int gather_rows(struct writing *w, struct error *err);
int write_rows(struct writing *w, struct error *err);
/* The texts of the edits' rationales join the texts of the rows. */
int write_ptp(
    struct writing *w, const struct plan_series *series, struct error *err);
int write_coverage(
    struct writing *w, const struct plan_series *series, struct error *err);
int write_codes(struct writing *w, struct error *err);
/* Tells the search index on which days the values of facets hold, by the
 * documents of the procedure codes and of the runs; UINT32_MAX for none. */
struct search_builder;
int write_values(struct writing *w, struct search_builder *builder,
    const uint32_t *procedure, const uint32_t *document, struct error *err);

#endif
