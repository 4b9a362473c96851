/* pair.h - may two codes be billed together? (domain.md 5.2, design.md 5)
 *
 * pair_decide() is the whole rule, and no more: it allocates nothing, formats
 * nothing and reads only the packed tables, so that a claim of fifty lines
 * costs microseconds. What an answer shows beside the verdict (the history,
 * the texts) is looked up from its result by the answer's writer. */
#ifndef CODESETS_RULES_PAIR_PAIR_H
#define CODESETS_RULES_PAIR_PAIR_H
#include "codesets/core/code.h"
#include "codesets/rules/rules.h"

enum { PAIR_MODIFIERS_MAX = 4 };

/* Worst first. */
enum pair_verdict {
    VERDICT_NOT_BILLABLE,
    VERDICT_NOT_CHECKED,
    VERDICT_MODIFIER_REQUIRED,
    VERDICT_RESOLVED_BY_MODIFIER,
    VERDICT_BILLABLE,
    VERDICT_COUNT
};

enum pair_reason {
    REASON_BLOCKED,
    REASON_DATA_NOT_LOADED,
    REASON_DATE_OUTSIDE_DATA,
    REASON_UNKNOWN_CODE,
    REASON_NOT_VALID_ON_DATE,
    REASON_BAD_SYNTAX,
    REASON_MODIFIER_NEEDED,
    REASON_BYPASSED,
    REASON_NO_EDIT,
    REASON_EDIT_NEVER_ACTIVE,
    REASON_EDIT_EXPIRED,
    REASON_EDIT_NOT_YET,
    REASON_SAME_CODE,
    REASON_COUNT
};

enum pair_note {
    NOTE_OLD_RULE = 1,              /* on column 1 alone, too early for that */
    NOTE_IMPLAUSIBLE_MODIFIER = 2,  /* accepted, but not what it is for */
    NOTE_MODIFIER_NOT_VALID = 4,    /* a bypassing one outside its dates */
    NOTE_UNKNOWN_MODIFIER = 8,      /* one that no loaded list has */
    NOTE_NO_PUBLISHED_LIMIT = 16,   /* same code: no MUE row */
    NOTE_LOCAL_CODE = 32,           /* NCCI knows nothing of local codes */
    NOTE_LIMIT_UNCERTAIN = 64,      /* same code: two MUE values in a gap */
    NOTE_DATA_CONFLICT = 128,       /* two rows in force; the stricter holds */
    NOTE_LIMIT_SPLIT_BY_LINE = 256, /* same code: modifier parts the lines */
    NOTE_COUNT = 9
};

const char *pair_verdict_name(enum pair_verdict verdict);
const char *pair_reason_name(enum pair_reason reason);
const char *pair_note_name(unsigned bit); /* of note 1 << bit */

/* What kind of code a line holds. */
enum line_kind {
    LINE_PROCEDURE, /* a procedure code of the build */
    LINE_LOCAL,     /* the administrator's own */
    LINE_UNKNOWN,   /* a procedure code's shape, but no loaded release has it */
    LINE_ICD10CM,   /* a diagnosis: not a thing that edits speak of */
    LINE_MODIFIER,  /* a modifier alone */
    LINE_MALFORMED  /* no code at all, or bad or too many modifiers */
};

struct pair_line {
    enum line_kind kind;
    uint32_t ordinal; /* of a LINE_PROCEDURE */
    uint32_t packed;  /* PROC_NONE when it has no such shape */
    uint8_t modifiers;
    uint16_t modifier[PAIR_MODIFIERS_MAX]; /* as they stood on the line */
    day_t local_from, local_to;            /* of a LINE_LOCAL */
    uint8_t len;
    char code[CODE_TEXT]; /* upper case, NUL-ended: what was asked */
};

/* Reads a code in any form people type. Always fills *out (see kind); never
 * fails. */
void pair_line_parse(struct pair_line *out, const struct rules *rules,
    const char *text, size_t len);
/* Adds modifiers, parted by blanks, "+" or commas; "00" and blanks are fillers.
 * Returns 0, or ERR_INPUT (not two characters, or more than four) with the
 * line made LINE_MALFORMED. */
int pair_line_modifiers(
    struct pair_line *line, const char *text, size_t len, struct error *err);

struct pair_question {
    const struct pair_line *a, *b;
    day_t day;
    enum setting setting;
    enum program program;
};

enum { NO_LINE = 2 };
#define NO_ROW UINT32_MAX

struct pair_decision {
    enum pair_verdict verdict;
    enum pair_reason reason;
    unsigned notes;   /* enum pair_note bits */
    unsigned faults;  /* bit 0: line a is why it was not checked; 1: line b */
    bool live;        /* an edit is in force on the day */
    bool stale;       /* answered out of the newest data, after its period */
    bool inferred;    /* rests on an effective day that was inferred */
    bool limit_known; /* same code: limit and mai are filled */
    uint8_t column1_line;         /* 0 line a, 1 line b, when live */
    uint8_t denied_line;          /* 0, 1 or NO_LINE */
    uint8_t bypass_line;          /* 0, 1 or NO_LINE */
    uint16_t bypass_modifier;     /* MODIFIER_NONE when there is none */
    uint32_t lower;               /* rows [first, end) of the pair are filed */
    uint32_t first, end;          /* under this ordinal (ptp.h) */
    uint32_t row;                 /* the row that decided, or NO_ROW */
    struct ptp_edit edit;         /* its terms (ptp_terms()) */
    struct proc_span validity[2]; /* of procedure codes, on the day */
    uint32_t limit, mai;          /* same code: the MUE value and its MAI */
};

void pair_decide(struct pair_decision *out, const struct rules *rules,
    const struct pair_question *question);

#endif
