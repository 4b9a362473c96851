/* timed.h - what is known of a code's time on a day (domain.md 3).
 *
 * No file of CMS has a column that says "timed". In order, these speak:
 *
 *   1. the project's curated table (codesets/data/timed_codes.tsv, TABLE_TIMED)
 *   2. the wording of a loaded descriptor: HCPCS Level II long text, or CPT
 * text that the administrator licensed (timed_words.h)
 *   3. nothing: unknown, which is never taken for untimed
 *
 * Domain.md 3.2 names the descriptors first. Here the table comes first for the
 * codes it has, because it was curated against the traps of the wording
 * (typical times of evaluations, texts that disagree); what the wording says
 * instead is noted in the answer, and decides for the codes that the table does
 * not have. */
#ifndef CODESETS_RULES_UNITS_TIMED_H
#define CODESETS_RULES_UNITS_TIMED_H
#include <stdbool.h>
#include "codesets/core/code.h"
#include "codesets/rules/units/timed_words.h"
#include "codesets/store/table.h"

enum {
    TIMED_ROWS_MAX = 8192,    /* of the curated table */
    TIMED_FAMILIES_MAX = 512, /* families in it */
    TIMED_FAMILIES_OF_ROW = 2,
    TIMED_ROWS_OF_FAMILY = 32
};
#define TIMED_NO_FAMILY UINT16_MAX

enum therapy_class {
    THERAPY_UNKNOWN,
    THERAPY_NO,
    THERAPY_SOMETIMES,
    THERAPY_ALWAYS
};

/* A line of the curated table. Texts lie in the store. */
struct timed_row {
    char code[PROC_LEN + 1];
    uint32_t packed;
    enum timed_kind kind;
    uint16_t unit, minimum, maximum, step; /* minutes; 0: none */
    uint16_t cms_minimum;                  /* 0: minimum is Medicare's too */
    bool pool;  /* its minutes enter Medicare's 8-minute pool */
    bool addon; /* reported with another code only */
    enum therapy_class therapy;
    day_t from, to; /* of these minutes, not of the code */
    uint16_t family[TIMED_FAMILIES_OF_ROW]; /* TIMED_NO_FAMILY: none */
    const char *label, *primaries, *replaced_by, *notes;
    const char *certainty, *therapy_certainty; /* "A", "B", "C"; "V", "K", "U"*/
    struct source_ref source;
};

/* The rows of a family. */
struct timed_members {
    uint16_t rows;
    uint16_t row[TIMED_ROWS_OF_FAMILY]; /* in the table, ascending */
};

/* What a descriptor says, by the number of its text: reading it is slow, and a
 * list of hits asks for the same few again and again. */
struct timed_memo {
    uint32_t text; /* UINT32_MAX: none yet */
    struct timed_wording said;
};
enum { TIMED_MEMOS = 1024 };

struct timed_table {
    const struct store *store;
    struct timed_memo *memo; /* TIMED_MEMOS, at text % TIMED_MEMOS */
    size_t rows, families;
    struct timed_row *row;         /* by code, then by day */
    char **family;                 /* names */
    struct timed_members *members; /* of each family */
    struct timed_words *words;
};

/* Reads the table once, beside an open store. It is empty when no table is
 * loaded. The store must outlive it. */
int timed_table_open(
    struct timed_table **out, const struct store *store, struct error *err);
void timed_table_close(struct timed_table *table); /* NULL is fine */

/* The row of a packed code that is in force, or the nearest to the day; NULL
 * when the code has none. */
const struct timed_row *timed_row_on(
    const struct timed_table *table, uint32_t packed, day_t day);

/* The number of a family, by its name or by the code of a member;
 * TIMED_NO_FAMILY when there is none. */
uint16_t timed_family_find(
    const struct timed_table *table, const char *name, size_t len);

enum timed_source { TIMED_BY_NOTHING, TIMED_BY_LIST, TIMED_BY_DESCRIPTOR };

/* Why nothing is known. */
enum timed_gap {
    TIMED_GAP_NONE,
    TIMED_GAP_NOT_LISTED, /* neither table nor wording tells */
    TIMED_GAP_NOT_YET,    /* listed, but from a later day */
    TIMED_GAP_ENDED,      /* listed, but to an earlier day */
    TIMED_GAP_UNCLEAR     /* its wording tells several times, or two differ */
};

struct timed_fact {
    enum timed_kind kind;
    enum timed_source known_by;
    enum timed_gap gap;
    uint16_t unit, minimum, maximum, step; /* minutes; 0: none */
    uint16_t cms_minimum;
    bool pool, addon;
    /* The row of the table: in force when known_by the list; else the one
     * nearest to the day, or NULL. */
    const struct timed_row *row;
    struct source_ref source; /* file NULL when nothing is known */
    const char *release;      /* of the descriptor, or NULL */
};

/* What is known of a packed code (PROC_NONE: of a code of another shape) on a
 * day. */
void timed_find(struct timed_fact *out, const struct timed_table *table,
    uint32_t packed, day_t day);

/* What the loaded wording says, for a code that the table has: *out is filled
 * and true returned when it disagrees with the table. */
bool timed_disagreement(struct timed_wording *out, struct source_ref *source,
    const struct timed_table *table, const struct timed_fact *fact, day_t day);

const char *timed_kind_name(enum timed_kind kind); /* "EACH", …; "UNKNOWN" */
const char *timed_source_name(enum timed_source source); /* "listed", … */
const char *timed_gap_name(enum timed_gap gap);          /* "not_listed", … */
const char *therapy_class_name(enum therapy_class therapy); /* "always", … */

#endif
