/* schema.h - the tables of a store and their columns.
 *
 * Every published list but the PTP edits is kept as rows of text, column by
 * column as the publisher wrote it (trimmed, in UTF-8, dates as YYYYMMDD), so
 * that nothing of a file is lost and a fact can be shown as it was printed.
 * Typed views (mue.h, pfs.h, …) read these rows; this header only names them.
 *
 * A SERIES is one table for one setting and program: the practitioner MUE
 * values of Medicare are a series, those of hospitals another. */
#ifndef CODESETS_STORE_SCHEMA_H
#define CODESETS_STORE_SCHEMA_H
#include <stdbool.h>
#include <stddef.h>

enum table {
    TABLE_HCPCS,      /* HCPCS Level II codes and modifiers (domain.md 2a) */
    TABLE_PFS,        /* PFS relative values, PPRRVU (2b) */
    TABLE_PTP,        /* NCCI procedure-to-procedure edits (2c): see ptp.h */
    TABLE_MUE,        /* medically unlikely edits (2d) */
    TABLE_AOC,        /* add-on code edits (2e) */
    TABLE_ICD10CM,    /* ICD-10-CM order or codes file (2g) */
    TABLE_POA,        /* ICD-10-CM codes exempt from POA reporting */
    TABLE_CONVERSION, /* ICD-10-CM conversion table: new code, old codes */
    TABLE_DHS,        /* DHS code list, therapy section */
    TABLE_TIMED,      /* codesets/data/timed_codes.tsv (3) */
    TABLE_MODIFIER,   /* codesets/data/modifiers.tsv */
    TABLE_CPT,        /* the administrator's licensed CPT descriptors */
    TABLE_LOCAL,      /* the administrator's own codes */
    TABLE_SYNONYM,    /* the administrator's own synonyms */
    TABLE_KX,         /* codesets/data/kx_thresholds.tsv (5.6) */
    TABLE_CLAIM_FACT, /* codesets/data/claim_facts.tsv (5.5, 5.6) */
    TABLE_MODIFIER_PLACE,  /* codesets/data/modifier_places.tsv (2c) */
    TABLE_COVERAGE,        /* Medicare Coverage Database (2f): see coverage.h */
    TABLE_ICD10CM_TABULAR, /* ICD-10-CM tabular list: notes of a node (2g) */
    TABLE_ICD10CM_INDEX,   /* alphabetic index: words that lead to a code */
    TABLE_ICD10CM_EXTERNAL, /* index of external causes of injury, alike */
    TABLE_ICD10CM_DRUG,     /* table of drugs and chemicals, alike */
    TABLE_ICD10CM_NEOPLASM, /* table of neoplasms, alike */
    TABLE_SECTION,          /* codesets/data/sections.tsv */
    TABLE_COUNT
};

enum setting {
    SETTING_NONE, /* the table does not depend on it */
    SETTING_PRACTITIONER,
    SETTING_OUTPATIENT,
    SETTING_DME,
    SETTING_COUNT
};

enum program {
    PROGRAM_NONE,
    PROGRAM_MEDICARE,
    PROGRAM_MEDICAID,
    PROGRAM_COUNT
};

/* How the releases of one series become one dated record (design.md 3). */
enum series_kind {
    SERIES_HISTORY,  /* rows carry their own dates; the newest file replaces */
    SERIES_MERGED,   /* as a history, but rows that vanished stay (HCPCS) */
    SERIES_SNAPSHOT, /* one release holds from its first day until the next */
    SERIES_UNDATED,  /* the administrator's own lists and the project's data */
};

enum { TABLE_COLUMNS_MAX = 48 };

struct table_schema {
    const char *name; /* "hcpcs", "pfs", …: the word answers and reports use */
    enum series_kind kind;
    bool by_setting; /* one series per setting and program */
    size_t key_len;  /* the key is the first column, cut or refused if longer */
    size_t columns;
    const char *const *column; /* names, in the order rows are stored in */
};

/* Never NULL for a value of the enum. */
const struct table_schema *table_schema(enum table table);

const char *setting_name(enum setting setting); /* "practitioner", …, "" */
const char *program_name(enum program program); /* "medicare", "medicaid", "" */
/* Accepts the names above and "hospital" for outpatient. 0 or ERR_INPUT. */
int setting_parse(enum setting *out, const char *name, size_t len);
int program_parse(enum program *out, const char *name, size_t len);

/* Column numbers, for the typed views and the readers. */
enum hcpcs_column {
    HCPCS_CODE,   /* five characters, or two for a modifier */
    HCPCS_RECORD, /* "3" procedure, "7" modifier */
    HCPCS_LONG,
    HCPCS_SHORT,
    HCPCS_PRICE1, /* …4 */
    HCPCS_MULT_PRICE = HCPCS_PRICE1 + 4,
    HCPCS_CIM1,                  /* …3 */
    HCPCS_MCM1 = HCPCS_CIM1 + 3, /* …3 */
    HCPCS_STATUTE = HCPCS_MCM1 + 3,
    HCPCS_LABCERT1,                   /* …8 */
    HCPCS_XREF1 = HCPCS_LABCERT1 + 8, /* …5 */
    HCPCS_COVERAGE = HCPCS_XREF1 + 5,
    HCPCS_ASC_GROUP,
    HCPCS_ASC_DATE,
    HCPCS_MOG_GROUP,
    HCPCS_MOG_POLICY,
    HCPCS_MOG_DATE,
    HCPCS_PROC_NOTE,
    HCPCS_BETOS,
    HCPCS_TOS1, /* …5 */
    HCPCS_ANESTHESIA_UNITS = HCPCS_TOS1 + 5,
    HCPCS_ADDED,
    HCPCS_ACTION_EFFECTIVE,
    HCPCS_TERMINATED,
    HCPCS_ACTION,
    HCPCS_COLUMNS
};

enum pfs_column {
    PFS_KEY, /* code and modifier: "97110", "9592126" */
    PFS_DESCRIPTION,
    PFS_STATUS,
    PFS_NOT_USED, /* "+" : not used for Medicare payment */
    PFS_WORK_RVU,
    PFS_NONFACILITY_PE_RVU,
    PFS_NONFACILITY_NA,
    PFS_FACILITY_PE_RVU,
    PFS_FACILITY_NA,
    PFS_MP_RVU,
    PFS_NONFACILITY_TOTAL,
    PFS_FACILITY_TOTAL,
    PFS_PCTC,
    PFS_GLOBAL_DAYS,
    PFS_PRE_OP,
    PFS_INTRA_OP,
    PFS_POST_OP,
    PFS_MULTIPLE_PROCEDURE,
    PFS_BILATERAL,
    PFS_ASSISTANT,
    PFS_CO_SURGEON,
    PFS_TEAM,
    PFS_PRICING, /* from 2026 */
    PFS_ENDO_BASE,
    PFS_CONVERSION_FACTOR,
    PFS_SUPERVISION,
    PFS_CALCULATION_FLAG,
    PFS_IMAGING_FAMILY,
    PFS_NONFACILITY_PE_OPPS,
    PFS_FACILITY_PE_OPPS,
    PFS_MP_OPPS,
    PFS_COLUMNS
};

enum mue_column { MUE_CODE, MUE_VALUE, MUE_MAI, MUE_RATIONALE, MUE_COLUMNS };
/* MUE_MAI holds the digit alone; the publisher's label follows from it. */

enum aoc_column {
    AOC_ADDON,
    AOC_TYPE,
    AOC_ADDON_DELETED, /* dates as YYYYMMDD, from the file's YYYYDDD */
    AOC_PRIMARY,       /* a code, or CCCCC: contractor defined */
    AOC_PRIMARY_DELETED,
    AOC_EFFECTIVE,
    AOC_DELETED,
    AOC_NOTE,
    AOC_COLUMNS
};

enum icd10cm_column {
    ICD_CODE, /* undotted */
    ICD_BILLABLE,
    ICD_SHORT,
    ICD_LONG,
    ICD_COLUMNS
};

enum poa_column { POA_CODE, POA_COLUMNS };
enum conversion_column {
    CONVERSION_CODE,      /* the current code, undotted */
    CONVERSION_EFFECTIVE, /* YYYYMMDD, the day the code began */
    CONVERSION_PREVIOUS,  /* as printed: "C56.1 and C56.2" */
    CONVERSION_COLUMNS
};
/* A node of the tabular list is a chapter ("10"), a block ("J40-J4A") or a
 * code, undotted. Codes below a category that have nothing of their own have no
 * row. A column of notes holds one note a line. Notes hold for all that stands
 * below the node too, but for the inclusion terms. */
enum icd10cm_tabular_column {
    TABULAR_NODE,
    TABULAR_PARENT, /* the node above; "" for a chapter */
    TABULAR_TITLE,
    TABULAR_FIRST, /* of a chapter and a block: its first and last category */
    TABULAR_LAST,
    TABULAR_INCLUSION, /* terms that the code stands for */
    TABULAR_INCLUDES,
    TABULAR_EXCLUDES1,
    TABULAR_EXCLUDES2,
    TABULAR_CODE_FIRST,
    TABULAR_USE_ADDITIONAL,
    TABULAR_CODE_ALSO,
    TABULAR_NOTES,
    TABULAR_SEVENTH_NOTE,
    TABULAR_SEVENTH, /* a line each: the 7th character, a tab, its meaning */
    TABULAR_COLUMNS
};

/* Of the index and the three tables beside it. A code has as many rows as there
 * are ways to it; the newest release of each is kept. */
enum icd10cm_index_column {
    ICD_INDEX_CODE, /* undotted, as far as the index gives it: may be a header
                     */
    ICD_INDEX_TERM, /* "Aberrant (congenital), artery (peripheral), cerebral" */
    ICD_INDEX_ASPECT, /* column of a table, "Poisoning Assault"; a
                         "manifestation" in the index; else "" */
    ICD_INDEX_COLUMNS
};

enum dhs_column { DHS_CODE, DHS_DESCRIPTION, DHS_COLUMNS };

enum timed_column {
    TIMED_CODE,
    TIMED_LABEL,
    TIMED_SYSTEM,
    TIMED_KIND,
    TIMED_FLAG, /* Y, N or ? */
    TIMED_UNIT,
    TIMED_MINIMUM,
    TIMED_MAXIMUM,
    TIMED_STEP,
    TIMED_POOL,
    TIMED_THERAPY,
    TIMED_THERAPY_CERT,
    TIMED_ADDON,
    TIMED_PRIMARIES,
    TIMED_FROM, /* dates the minutes, not the code; YYYYMMDD or "" */
    TIMED_TO,   /* the last of a code's rows: its own last day */
    TIMED_REPLACED_BY,
    TIMED_CERT,
    TIMED_NOTES,
    TIMED_FAMILY,      /* names of the sets counted together, or "" */
    TIMED_CMS_MINIMUM, /* minimum under Medicare's rule where it differs */
    TIMED_COLUMNS
};

enum modifier_column {
    MODIFIER_CODE,
    MODIFIER_LABEL,     /* the project's own plain words */
    MODIFIER_CLASS,     /* anatomic, global, other, therapy, … */
    MODIFIER_EFFECT,    /* payment, liability, required or information */
    MODIFIER_BYPASS,    /* Y when NCCI lists it as bypassing an edit */
    MODIFIER_EM_ONLY,   /* Y when it has meaning on E/M codes only */
    MODIFIER_SETTING,   /* "" any, or the one setting it has meaning in */
    MODIFIER_FAMILY,    /* what it is for: lab, visit, …; "" any */
    MODIFIER_COL1_FROM, /* YYYYMMDD from which it also bypasses on column 1 */
    MODIFIER_FROM,      /* first day, or "" */
    MODIFIER_TO,        /* last day, or "" */
    MODIFIER_SOURCE,
    MODIFIER_NOTES,
    MODIFIER_COLUMNS
};

enum cpt_column {
    CPT_CODE,
    CPT_LONG,
    CPT_MEDIUM,
    CPT_SHORT,
    CPT_CONSUMER,
    CPT_COLUMNS
};
enum local_column {
    LOCAL_CODE,
    LOCAL_TEXT,
    LOCAL_FROM,
    LOCAL_TO,
    LOCAL_NOTES,
    LOCAL_COLUMNS
};
enum synonym_column { SYNONYM_TERM, SYNONYM_MEANING, SYNONYM_COLUMNS };

enum kx_column {
    KX_YEAR,
    KX_PT_SLP, /* whole US dollars */
    KX_OT,
    KX_REVIEW,
    KX_CERT,
    KX_SOURCE,
    KX_COLUMNS
};

enum claim_fact_column {
    CLAIM_FACT_SUBJECT, /* a procedure code, a modifier or "042X" */
    CLAIM_FACT_KIND,
    CLAIM_FACT_VALUE,
    CLAIM_FACT_FROM, /* YYYYMMDD or "" */
    CLAIM_FACT_TO,
    CLAIM_FACT_CERT,
    CLAIM_FACT_NOTES,
    CLAIM_FACT_COLUMNS
};

enum modifier_place_column {
    MODIFIER_PLACE_NAME, /* "lab", "visit", … */
    MODIFIER_PLACE_FIRST,
    MODIFIER_PLACE_LAST,
    MODIFIER_PLACE_MEANING,
    MODIFIER_PLACE_COLUMNS
};

enum section_column {
    SECTION_SYSTEM, /* "cpt", "hcpcs", "icd10cm" */
    SECTION_FIRST,
    SECTION_LAST,
    SECTION_NAME,
    SECTION_COLUMNS
};

#endif
