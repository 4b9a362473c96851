/* claim.h - everything the rules say of a whole claim (domain.md 5.5, 5.6).
 *
 * claim_check() runs the steps in their order, collects everything and stops at
 * nothing. It keeps and formats nothing: the claim and the report are the
 * caller's, and may be used again for the next claim. Each group of steps is a
 * file:
 *
 *   claim_syntax.c    1   what is written, before any table is asked
 *   claim_validity.c  2 3 codes, modifiers and diagnoses on the day
 *   claim_status.c    4   what the fee schedule pays at all
 *   claim_units.c     5 6 minutes against units, units against the MUE
 *   claim_pairs.c     7   every pair of codes of one day and provider
 *   claim_addon.c     8   add-on codes and their primaries
 *   claim_family.c    9 13 codes of which one is chosen; lines told twice
 *   claim_necessity.c 10  procedure and diagnosis
 *   claim_therapy.c   11 12 Medicare's therapy modifiers, revenue codes
 *
 * Findings are sorted, so that the order of the lines changes nothing but the
 * numbers of the lines. */
#ifndef CODESETS_RULES_CLAIM_CLAIM_H
#define CODESETS_RULES_CLAIM_CLAIM_H
#include "codesets/rules/addon.h"
#include "codesets/rules/necessity/necessity.h"
#include "codesets/rules/pair/pair.h"
#include "codesets/rules/units/units.h"

enum {
    CLAIM_LINES_MAX = 999,     /* of an institutional claim; 837P: 50 */
    CLAIM_DIAGNOSES_ROOM = 25, /* kept; allowed: claim_diagnoses_allowed() */
    CLAIM_POINTERS_MAX = 4,    /* of a line */
    CLAIM_PROVIDERS_MAX = 64,  /* different ones on a claim */
    CLAIM_PROVIDER_LEN = 32,   /* bytes of one */
    CLAIM_UNITS_MAX = 99999,   /* of a line */
    CLAIM_MINUTES_MAX = 1440,  /* of a line: a day has no more */
    CLAIM_WORD_LEN = 16,       /* bytes kept of what is no code */
    CLAIM_FINDINGS_MAX = 4000,
    CLAIM_REFS_MAX = 32000, /* line numbers in findings, all together */
    CLAIM_GAPS_MAX = 48,
};

enum claim_payer {
    PAYER_MEDICARE,
    PAYER_MEDICAID,
    PAYER_COMMERCIAL,
    PAYER_OTHER,
    PAYER_COUNT
};

/* What is wrong with how something is written. */
enum claim_flaw {
    FLAW_UNITS_MISSING = 1,
    FLAW_UNITS_FRACTION = 2,
    FLAW_MINUTES_FRACTION = 4,
    FLAW_MODIFIER_SHAPE = 8, /* bad_modifier is the first */
    FLAW_POINTER_SHAPE = 16,
    FLAW_DATE = 32,
    FLAW_REVENUE = 64
};

struct claim_line {
    struct pair_line code; /* with the first four good modifiers */
    day_t day;             /* of service; of the claim unless told */
    int64_t units, minutes;
    bool minutes_told;
    uint16_t flaws;
    uint16_t modifiers;                  /* as many as were sent */
    uint16_t pointers;                   /* as many as were sent */
    int16_t pointer[CLAIM_POINTERS_MAX]; /* from 1, into the diagnoses */
    uint16_t provider; /* lines of one number are one provider's; 0: not told */
    char revenue[5];   /* four digits, X for any; "" when not told */
    char bad_modifier[CLAIM_WORD_LEN + 1];
};

struct claim_diagnosis {
    bool shaped; /* an ICD-10-CM code's shape */
    uint8_t len; /* undotted */
    char code[CODE_TEXT];
};

struct claim {
    day_t day;
    enum setting setting;
    enum program program;
    enum claim_payer payer;
    enum units_rule rule;         /* for minutes */
    struct necessity_place place; /* the state or contractor, if named */
    uint16_t lines, diagnoses, providers;
    bool diagnoses_many; /* more were sent than there is room for */
    struct claim_line line[CLAIM_LINES_MAX];
    struct claim_diagnosis diagnosis[CLAIM_DIAGNOSES_ROOM];
    char provider[CLAIM_PROVIDERS_MAX][CLAIM_PROVIDER_LEN + 1];
};

/* ---- writing a claim down. None of these fails on what a biller may have
 * written: that becomes a finding. */

/* An empty claim for a day: practitioner, Medicare. */
void claim_begin(struct claim *out, day_t day);
/* Sets the payer, and the way of counting minutes that is usual for it. */
void claim_set_payer(struct claim *claim, enum claim_payer payer);
/* A line of one unit, not told yet. NULL when CLAIM_LINES_MAX are there. */
struct claim_line *claim_add_line(struct claim *claim,
    const struct rules *rules, const char *code, size_t len);
/* Modifiers parted by blanks, "+" or commas. */
void claim_line_modifiers(
    struct claim_line *line, const char *text, size_t len);
/* A diagnosis by its number, or by its letter A to L. */
void claim_line_pointer(struct claim_line *line, int64_t number);
void claim_line_pointer_text(
    struct claim_line *line, const char *text, size_t len);
/* "0420", "420" or "042X". */
void claim_line_revenue(struct claim_line *line, const char *text, size_t len);
/* Lines of one text are one provider's. ERR_LIMIT beyond CLAIM_PROVIDERS_MAX;
 * ERR_INPUT for a text that is empty or too long. */
int claim_line_provider(struct claim *claim, struct claim_line *line,
    const char *text, size_t len, struct error *err);
void claim_add_diagnosis(struct claim *claim, const char *text, size_t len);
/* "medicare", "medicaid", "commercial", "other". 0 or ERR_INPUT. */
int claim_payer_parse(enum claim_payer *out, const char *name, size_t len);
const char *claim_payer_name(enum claim_payer payer);
/* 12 on a practitioner's or supplier's claim, 25 on a hospital's. */
uint16_t claim_diagnoses_allowed(enum setting setting);

/* ---- what is found */

enum claim_severity {
    SEVERITY_ERROR,      /* will be refused or denied as it stands */
    SEVERITY_WARNING,    /* may be, or is not what it seems */
    SEVERITY_INFORMATION /* worth knowing */
};

/* In the order of the steps; the name is the finding's id. */
enum claim_check {
    CHECK_SYNTAX_CODE,
    CHECK_SYNTAX_MODIFIER,
    CHECK_SYNTAX_DIAGNOSIS,
    CHECK_SYNTAX_POINTER,
    CHECK_SYNTAX_UNITS,
    CHECK_SYNTAX_MINUTES,
    CHECK_SYNTAX_DATE,
    CHECK_SYNTAX_PROGRAM,
    CHECK_SYNTAX_REVENUE,
    CHECK_VALIDITY_CODE,
    CHECK_VALIDITY_MODIFIER,
    CHECK_MODIFIER_TOGETHER,
    CHECK_DIAGNOSIS,
    CHECK_STATUS,
    CHECK_UNITS_MINUTES,
    CHECK_UNITS_OTHER_CODE,
    CHECK_UNITS_BILATERAL,
    CHECK_MUE_EXCEEDED,
    CHECK_MUE_NONE,
    CHECK_PTP_BLOCKED,
    CHECK_PTP_MODIFIER_NEEDED,
    CHECK_PTP_BYPASSED,
    CHECK_ADDON_WITHOUT_PRIMARY,
    CHECK_ADDON_AT_RISK,
    CHECK_ADDON_NOT_DEFINED,
    CHECK_ADDON_UNKNOWN,
    CHECK_FAMILY,
    CHECK_EVALUATIONS,
    CHECK_NECESSITY,
    CHECK_THERAPY_MODIFIER,
    CHECK_THERAPY_TWO,
    CHECK_THERAPY_DISCIPLINE,
    CHECK_THERAPY_PARTNER,
    CHECK_THERAPY_ORDER,
    CHECK_THERAPY_THRESHOLD,
    CHECK_THERAPY_REDUCTION,
    CHECK_MODIFIER_NOTE,
    CHECK_REVENUE,
    CHECK_DUPLICATE,
    CHECK_COUNT
};

enum claim_reason {
    CLAIM_BAD_SYNTAX,
    CLAIM_IS_DIAGNOSIS,
    CLAIM_IS_MODIFIER,
    CLAIM_TOO_MANY,
    CLAIM_OUT_OF_RANGE,
    CLAIM_REPEATED,
    CLAIM_MISSING,
    CLAIM_CONTRADICTION,
    CLAIM_NOT_POSITIVE,
    CLAIM_NEGATIVE,
    CLAIM_TOO_LARGE,
    CLAIM_NOT_WHOLE,
    CLAIM_ASSUMED,
    CLAIM_UNKNOWN_CODE,
    CLAIM_NOT_VALID_ON_DATE,
    CLAIM_NOT_LISTED, /* in the release of the day; whether valid is unknown */
    CLAIM_UNKNOWN_MODIFIER,
    CLAIM_NOT_TOGETHER,
    CLAIM_NOT_BILLABLE, /* an ICD-10-CM heading */
    CLAIM_USE_ANOTHER_CODE,
    CLAIM_NOT_COVERED,
    CLAIM_BUNDLED,
    CLAIM_EXCLUDED,
    CLAIM_MEASUREMENT_ONLY,
    CLAIM_UNITS_ABOVE,
    CLAIM_UNITS_BELOW,
    CLAIM_MINUTES_INCOMPLETE,
    CLAIM_BILATERAL_UNITS,
    CLAIM_LINE_LIMIT,
    CLAIM_DAY_LIMIT_ABSOLUTE,
    CLAIM_DAY_LIMIT_REVIEWABLE,
    CLAIM_NO_PUBLISHED_MUE,
    CLAIM_BLOCKED,
    CLAIM_MODIFIER_NEEDED,
    CLAIM_BYPASSED,
    CLAIM_IMPLAUSIBLE_MODIFIER,
    CLAIM_ADDON_WITHOUT_PRIMARY,
    CLAIM_ADDON_CHAIN,
    CLAIM_PRIMARY_AT_RISK,
    CLAIM_PRIMARY_NOT_DEFINED,
    CLAIM_PRIMARY_UNKNOWN,
    CLAIM_CHOOSE_ONE,
    CLAIM_NEEDED,
    CLAIM_SUGGESTED,
    CLAIM_TWO_DISCIPLINES,
    CLAIM_OTHER_DISCIPLINE,
    CLAIM_PARTNER_MISSING,
    CLAIM_ORDER,
    CLAIM_AMOUNT_OF_YEAR,
    CLAIM_AMOUNT_UNKNOWN,
    CLAIM_REDUCED,
    CLAIM_TOLD,
    CLAIM_REVENUE_MISMATCH,
    CLAIM_DUPLICATE,
    CLAIM_LISTED_NOT_SUPPORTING,
    CLAIM_NOT_ON_LIST,
    CLAIM_COVERAGE_CONFLICT,
    CLAIM_LISTED_SUPPORTING, /* with conditions, or not surely this list */
    CLAIM_POLICY_WITHOUT_LIST,
    CLAIM_NO_POLICY,
    CLAIM_REASON_COUNT
};

/* What numbers, words and modifiers of a finding mean follows from its check;
 * claim_words.c puts them into sentences. */
struct claim_finding {
    enum claim_check check;
    enum claim_reason reason;
    enum claim_severity severity;
    uint16_t lines;       /* concerned */
    uint16_t denied;      /* of them denied, where that is the matter */
    uint32_t first_ref;   /* of report->ref: the lines, then those denied */
    uint16_t line[2];     /* lines that hold the codes told; or NO_CLAIM_LINE */
    uint16_t diagnosis;   /* or NO_DIAGNOSIS */
    uint16_t modifier[2]; /* or MODIFIER_NONE */
    uint16_t modifier_line;      /* the line on which modifier[0] stands */
    uint32_t code[ADDON_SAMPLE]; /* packed codes told besides, PROC_NONE */
    uint64_t number[3];
    day_t day;
    const char *word;         /* in the store; or NULL */
    const char *note;         /* likewise */
    struct ptp_edit edit;     /* of pairs */
    const char *release;      /* its label; NULL when no release is behind it */
    struct source_ref source; /* file NULL: not of a row */
};
#define NO_CLAIM_LINE UINT16_MAX
#define NO_DIAGNOSIS UINT16_MAX

enum claim_table {
    CLAIM_SYNTAX,
    CLAIM_VALIDITY,
    CLAIM_MODIFIERS,
    CLAIM_ICD10CM,
    CLAIM_PFS,
    CLAIM_UNITS,
    CLAIM_MUE,
    CLAIM_PTP,
    CLAIM_AOC,
    CLAIM_NECESSITY,
    CLAIM_THERAPY,
    CLAIM_TABLES
};

/* Why a table could not say what it should. */
enum claim_gap_reason {
    GAP_NOT_LOADED,
    GAP_PARTIAL,
    GAP_OUTSIDE,      /* the date lies outside what is loaded */
    GAP_UNCERTAIN,    /* releases around the date differ */
    GAP_UNKNOWN,      /* nothing that is loaded speaks of it */
    GAP_MALFORMED,    /* of lines that could not be read */
    GAP_LIMIT,        /* more than a named ceiling */
    GAP_NO_PLACE,     /* the claim names neither state nor contractor */
    GAP_NO_DIAGNOSIS, /* nor any diagnosis, of which it needs one */
    GAP_REASONS
};

struct claim_gap {
    enum claim_table table;
    enum claim_gap_reason reason;
    bool needed; /* the claim asks for it: it is not clean */
    uint16_t lines;
    uint64_t
        line[(CLAIM_LINES_MAX + 63) / 64]; /* bits; none: the whole claim */
};

/* Lines of one code, day and provider. */
struct claim_run {
    uint16_t first, lines; /* in report->order */
    uint16_t group;        /* runs of one day and provider */
    bool risky;            /* every line of it is denied or not payable */
};

/* What is known of a line while the steps run. */
struct claim_note {
    uint8_t flags;      /* enum claim_note_flag */
    uint8_t therapy;    /* enum therapy_class */
    bool reduced;       /* PFS multiple procedure 5 */
    uint16_t therapist; /* the therapist modifier on it, or MODIFIER_NONE */
};

struct claim_report {
    uint16_t findings, gaps;
    uint16_t count[3]; /* by severity */
    bool clean;
    bool cut;   /* there were more findings than room */
    bool stale; /* something was answered from data whose period was over */
    uint32_t refs;
    uint16_t available; /* bits of enum claim_table */
    uint16_t needed;
    struct claim_finding finding[CLAIM_FINDINGS_MAX + 1]; /* and a spare one */
    uint16_t sorted[CLAIM_FINDINGS_MAX]; /* see claim_finding_at() */
    uint16_t ref[CLAIM_REFS_MAX];        /* lines, from 0 */
    struct claim_gap gap[CLAIM_GAPS_MAX];

    /* Working room. */
    uint16_t ordered, runs;
    uint16_t order[CLAIM_LINES_MAX]; /* readable lines by day, provider, code */
    struct claim_run run[CLAIM_LINES_MAX];
    struct claim_note line[CLAIM_LINES_MAX];
    uint32_t number[CLAIM_LINES_MAX];
    uint16_t picked[CLAIM_LINES_MAX];
    uint8_t mark[CLAIM_LINES_MAX];
    struct ptp_search search[CLAIM_LINES_MAX];
    const char *set[CLAIM_LINES_MAX];
    struct addon_code addon[CLAIM_LINES_MAX];
    struct units_question units_question;
    struct units_answer units_answer;
    struct necessity_case necessity;
    uint32_t diagnosis_code[CLAIM_DIAGNOSES_ROOM]; /* of coverage.h */
    struct necessity_answer necessity_answer;
};

/* Returns 0; ERR_INPUT for a claim without lines; ERR_CORRUPT for a store that
 * cannot be right. */
int claim_check(struct claim_report *out, const struct rules *rules,
    const struct claim *claim, struct error *err);

/* The i-th finding in the order of an answer: by step, then by code. */
const struct claim_finding *claim_finding_at(
    const struct claim_report *report, uint16_t i);
/* Was a table there, and did it answer everything the claim asks of it? */
bool claim_checked(const struct claim_report *report, enum claim_table table);
bool claim_line_denied(const struct claim_report *report, uint16_t line);

const char *claim_check_name(enum claim_check check); /* "ptp.blocked", … */
const char *claim_reason_name(enum claim_reason reason);
const char *claim_severity_name(enum claim_severity severity);
const char *claim_table_name(enum claim_table table);
const char *claim_gap_name(enum claim_gap_reason reason);
/* The rule behind a check, as one would look it up. */
const char *claim_rule_name(enum claim_check check);

#endif
