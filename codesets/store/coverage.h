/* coverage.h - what the Medicare Coverage Database says: articles, LCDs and
 * NCDs, the codes they list, and for which contractors and states.
 *
 * A DOCUMENT is one version of an article, LCD or NCD. Its codes stand in
 * GROUPS: the publisher's numbered groups of procedures, of covered and of
 * noncovered diagnoses, of modifiers, and, as groups of their own, its bill
 * types, revenue codes, contractors and primary states. Nothing but the words
 * of a group's paragraph ties a group of diagnoses to a group of procedures
 * (domain.md 2f).
 *
 * Every release of the database is a snapshot (series_at() of the coverage
 * series); a document that stood unchanged in neighbouring releases is kept
 * once. Releases differ in what they hold, so each tells which of the
 * publisher's tables were loaded: what a missing table would say is not known.
 *
 *   blob "coverage"
 *     0  u32 count[19], entries of each section below, in this order
 *    76  u32 first_code[8]: where each kind of code begins among the codes,
 *        and their end
 *   108  the sections, one behind the other:
 *        releases, 8 bytes: u32 tables (bits, enum coverage_table),
 *            u32 flags (1: has several versions of a document)
 *        documents, 72 bytes, by kind, id, version, then release:
 *             0  u8 kind, u8 status, u8 flags (1 draft), u8 zero
 *             4  u32 id, u32 version
 *            12  u8 first release, u8 last release, u16 file
 *            16  u32 line, of the last release
 *            20  i32 published, effective, ended, revision effective, revision
 *                ended, retired, retires (announced), updated
 *            52  u32 first group, u32 first text, u32 first relation
 *            64  u16 groups, u16 texts, u16 relations, u16 zero
 *        text references, 4 bytes: u8 which (enum coverage_text), u24 text
 *        groups, 36 bytes, by document, list, then number:
 *             0  u8 list, u8 flags (1: names "not applicable", 2: the lines
 *                of its members follow one another), u16 number
 *             4  u32 document, u32 set
 *            12  u32 paragraph, u32 asterisk: texts, 0xFFFFFFFF for none
 *            20  u16 file of the members, u16 file of the paragraph
 *            24  u32 line of the first member, u32 line of the paragraph
 *            32  u32 first entry of its lines, when they do not follow
 *        sets, 24 bytes: u32 first member, u32 members, u32 first flag
 *            (0xFFFFFFFF: all have the flag beside), u8 flag, 3 zeros,
 *            u32 first use, u32 uses. Equal sets are kept once.
 *        members, 3 bytes: u24 code, ascending inside a set
 *        flags, 1 byte: bits 0-1 place in a range, 2 asterisk
 *        lines, 3 bytes: u24 file line of a member less that of the first,
 *            plus 2^23
 *        uses, 4 bytes: u32 group that has the set, ascending
 *        codes, 8 bytes each, ascending inside a kind, see struct coverage_key
 *        u32 first_posting[codes + 1]
 *        postings, 3 bytes: u24 set that has the code, ascending
 *        contractors, 36 bytes, by code, then release:
 *             0  u32 code, u8 first release, u8 last release, u16 file
 *             8  u32 line, u32 name, number, type, subtype, status: texts
 *            32  u32 code of the state it sits in, 0xFFFFFFFF for none
 *        jurisdictions, 24 bytes, by contractor, state, then release: u32
 *            contractor, u32 state (codes), i32 active, i32 terminated, u8
 *            first release, u8 last release, u16 file, u32 line
 *        u32 jurisdiction: their numbers by state, then contractor
 *        states, 24 bytes, by code, then release: u32 code, u8 first release,
 *            u8 last release, u16 file, u32 line, 4 bytes abbreviation, 4
 *            bytes that of the whole state (filled up with NULs), u32 name
 *        relations, 16 bytes: u8 kind, 3 zeros, u32 id, u32 version, u32
 *            contractor id
 *        u32 text offset[texts + 1]
 *        bytes of the texts, each with a NUL behind it
 *
 * Sizes and first_code are checked when the blob is read; whatever else is
 * wrong in it leads to wrong answers, never out of it. */
#ifndef CODESETS_STORE_COVERAGE_H
#define CODESETS_STORE_COVERAGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/day.h"
#include "codesets/core/error.h"

#define COVERAGE_NONE UINT32_MAX /* no such text, code, group */
/* What the publisher writes in a list of codes for "not applicable": it is no
 * code, and a list of nothing else is no list. */
#define COVERAGE_PLACEHOLDER "XX000"

/* The publisher's tables that change what may be concluded. */
enum coverage_table {
    COVERAGE_ARTICLES,        /* titles and dates; status too, but not of a
                                 captured list of documents */
    COVERAGE_ARTICLE_RETIRE,  /* announced retirements */
    COVERAGE_ARTICLE_RELATED, /* to LCDs and articles */
    COVERAGE_ARTICLE_NCDS,    /* to NCDs */
    COVERAGE_ARTICLE_PROCEDURES,
    COVERAGE_ARTICLE_PROCEDURE_GROUPS, /* their paragraphs */
    COVERAGE_ARTICLE_COVERED,
    COVERAGE_ARTICLE_COVERED_GROUPS, /* paragraphs, meaning of the asterisk */
    COVERAGE_ARTICLE_NONCOVERED,
    COVERAGE_ARTICLE_NONCOVERED_GROUPS,
    COVERAGE_ARTICLE_MODIFIERS,
    COVERAGE_ARTICLE_MODIFIER_GROUPS,
    COVERAGE_ARTICLE_BILL_TYPES,
    COVERAGE_ARTICLE_REVENUE,
    COVERAGE_ARTICLE_OTHER_GROUPS,
    COVERAGE_ARTICLE_CONTRACTORS,
    COVERAGE_ARTICLE_STATES, /* primary jurisdictions */
    COVERAGE_LCDS,
    COVERAGE_LCD_RETIRE,
    COVERAGE_LCD_RELATED,
    COVERAGE_LCD_NCDS,
    COVERAGE_LCD_PROCEDURES,
    COVERAGE_LCD_PROCEDURE_GROUPS,
    COVERAGE_LCD_CONTRACTORS,
    COVERAGE_LCD_STATES,
    COVERAGE_LCD_ARTICLES, /* LCD to article: of a capture only */
    COVERAGE_NCDS,
    COVERAGE_CONTRACTORS,
    COVERAGE_JURISDICTIONS, /* contractor to states, with dates */
    COVERAGE_STATES,
    COVERAGE_TABLES
};

/* The publisher's name: "article_x_icd10_covered_group". */
const char *coverage_table_name(enum coverage_table table);

enum coverage_kind { COVERAGE_ARTICLE, COVERAGE_LCD, COVERAGE_NCD };

enum coverage_text {
    COVERAGE_TITLE,
    COVERAGE_DISPLAY_ID, /* as people write it, "A57067", where it is told */
    COVERAGE_TYPE,       /* of an article: "Billing and Coding" */
    COVERAGE_KEYWORDS,
    COVERAGE_DESCRIPTION, /* the article's guidance; the NCD's item */
    COVERAGE_COMMENTS,
    COVERAGE_CMS_POLICY,
    COVERAGE_ICD10_INFO,  /* additional ICD-10 information */
    COVERAGE_INDICATION,  /* of an LCD or NCD: indications and limitations */
    COVERAGE_CODING,      /* coding guidelines */
    COVERAGE_RECORDS,     /* documentation requirements */
    COVERAGE_UTILIZATION, /* utilization guidelines */
    COVERAGE_ASSOCIATED,  /* associated information */
    COVERAGE_NOTE,        /* of a list of documents: "Future(…)", "Retired" */
    COVERAGE_TEXTS
};

/* The groups of a document, in this order. */
enum coverage_list {
    COVERAGE_PROCEDURES,
    COVERAGE_COVERED,
    COVERAGE_NONCOVERED,
    COVERAGE_MODIFIERS,
    COVERAGE_BILL_TYPES, /* one group, numbered 0, as all below */
    COVERAGE_REVENUE,
    COVERAGE_OTHER, /* other coding: a paragraph and no members; numbered */
    COVERAGE_DOCUMENT_CONTRACTORS,
    COVERAGE_DOCUMENT_STATES, /* primary jurisdictions */
    COVERAGE_LISTS
};

enum coverage_codes {
    COVERAGE_CODE_PROCEDURE,
    COVERAGE_CODE_DIAGNOSIS,
    COVERAGE_CODE_MODIFIER,
    COVERAGE_CODE_BILL_TYPE,
    COVERAGE_CODE_REVENUE,
    COVERAGE_CODE_CONTRACTOR, /* a triple */
    COVERAGE_CODE_STATE,      /* the publisher's number of a state */
    COVERAGE_CODES            /* also: none, of COVERAGE_OTHER */
};

enum {
    COVERAGE_SECTIONS = 19,
    COVERAGE_KEY_LEN = 8,
    COVERAGE_HEADER_LEN = 4 * COVERAGE_SECTIONS + 4 * (COVERAGE_CODES + 1)
};

/* A code as it stands in the blob: a text of up to eight bytes filled up with
 * NULs (diagnoses without their dot), or a contractor's id (4 bytes), type (2)
 * and version (2), or a state's number (4), big-endian, so that bytes compare
 * as numbers do. */
struct coverage_key {
    uint8_t byte[COVERAGE_KEY_LEN];
};

/* A text longer than eight bytes makes a key that no code has. */
struct coverage_key coverage_key_text(const char *text, size_t len);
struct coverage_key coverage_key_contractor(
    uint32_t id, uint16_t type, uint16_t version);
struct coverage_key coverage_key_state(uint32_t id);

struct coverage {
    const uint8_t *section[COVERAGE_SECTIONS];
    uint32_t count[COVERAGE_SECTIONS];
    uint32_t first_code[COVERAGE_CODES + 1];
};

/* Checks the blob's bounds. Returns 0 or ERR_CORRUPT. */
int coverage_read(
    struct coverage *out, const uint8_t *data, size_t len, struct error *err);

struct store;
/* NULL when no coverage data is loaded. Its releases are those of the series
 * TABLE_COVERAGE, by their number. */
const struct coverage *store_coverage(const struct store *store);

/* --- releases ------------------------------------------------------------- */

struct coverage_release {
    uint32_t tables; /* bit 1 << enum coverage_table: that table was loaded */
    bool history;    /* has the earlier versions of its documents too */
};
uint32_t coverage_releases(const struct coverage *coverage);
/* Nothing is loaded in a release that there is not. */
struct coverage_release coverage_release(
    const struct coverage *coverage, uint32_t release);
bool coverage_loaded(const struct coverage *coverage, uint32_t release,
    enum coverage_table table);

/* --- documents ------------------------------------------------------------ */

struct coverage_document {
    enum coverage_kind kind;
    uint32_t id, version;
    uint32_t first_release, last_release;
    char status;     /* 'A' active, 'R' retired, 'P' pending; '\0' not told */
    bool draft;      /* a proposed one: DA…, DL… */
    day_t published; /* DAY_UNKNOWN when not told, as effective */
    day_t effective;
    day_t ended;              /* DAY_OPEN when not told, as all below */
    day_t revision_effective; /* of an LCD; DAY_UNKNOWN when not told */
    day_t revision_ended;
    day_t retired;
    day_t retires; /* a retirement that was announced */
    day_t updated; /* DAY_UNKNOWN when not told */
    uint32_t first_group, groups;
    uint32_t first_text, texts;
    uint32_t first_relation, relations;
    uint32_t file, line; /* store_file(); of last_release */
};

uint32_t coverage_documents(const struct coverage *coverage);
/* All zeros for a number that no document has; so is it with every number
 * below, since a number may come out of a damaged build. */
void coverage_document(const struct coverage *coverage, uint32_t number,
    struct coverage_document *out);
/* Does a release have the document? Cheaper than reading all of it. */
bool coverage_in_release(
    const struct coverage *coverage, uint32_t document, uint32_t release);

/* Documents [*first, *end) are the versions of one document in all releases,
 * oldest version first; empty when there is none. */
void coverage_versions(const struct coverage *coverage, enum coverage_kind kind,
    uint32_t id, uint32_t *first, uint32_t *end);

/* "" for a number that no text has; *len may be NULL. */
const char *coverage_text(
    const struct coverage *coverage, uint32_t text, size_t *len);
/* NULL when the document has no such text. */
const char *coverage_document_text(const struct coverage *coverage,
    const struct coverage_document *document, enum coverage_text which,
    size_t *len);

struct coverage_relation {
    enum coverage_kind kind;
    uint32_t id, version; /* version 0: not told */
    uint32_t contractor;  /* id, 0 when not told */
};
/* i must be below document->relations. */
void coverage_relation(const struct coverage *coverage,
    const struct coverage_document *document, uint32_t i,
    struct coverage_relation *out);

/* --- groups --------------------------------------------------------------- */

struct coverage_group {
    uint32_t document;
    enum coverage_list list;
    uint32_t number;    /* the publisher's */
    bool placeholder;   /* the list says "not applicable" */
    uint32_t set;       /* groups with the same set have the same members */
    uint32_t members;   /* the placeholder is none of them */
    uint32_t paragraph; /* text; COVERAGE_NONE: no row of one is loaded */
    uint32_t asterisk;  /* text: what the asterisk means, or COVERAGE_NONE */
    uint32_t members_file, paragraph_file, paragraph_line;
    /* Of the set, for the functions below. */
    uint32_t first_member, first_flag, line, first_line;
    uint8_t flag;
    bool lines_follow;
};

uint32_t coverage_groups(const struct coverage *coverage);
/* number must be below coverage_groups(). Its document is checked where it is
 * used. */
void coverage_group(const struct coverage *coverage, uint32_t number,
    struct coverage_group *out);
/* Groups [*first, *end) are those of a list of the document. */
void coverage_list_groups(const struct coverage *coverage,
    const struct coverage_document *document, enum coverage_list list,
    uint32_t *first, uint32_t *end);
/* The kind of codes that a list holds. */
enum coverage_codes coverage_list_codes(enum coverage_list list);

enum coverage_range { RANGE_NONE, RANGE_BEGIN, RANGE_MIDDLE, RANGE_END };

struct coverage_member {
    uint32_t code;
    enum coverage_range range; /* for show only: a range is written out */
    bool asterisk;
    uint32_t line; /* in the group's members_file */
};

/* Member i in code order; i must be below group->members. */
void coverage_member(const struct coverage *coverage,
    const struct coverage_group *group, uint32_t i,
    struct coverage_member *out);
/* The place of the first member whose code number is not below code: the way
 * into a list for paging; group->members when there is none. */
uint32_t coverage_member_lower(const struct coverage *coverage,
    const struct coverage_group *group, uint32_t code);
/* Is the code in the group? Then *i, which may be NULL, is its place. A few
 * dozen nanoseconds. */
bool coverage_group_has(const struct coverage *coverage,
    const struct coverage_group *group, uint32_t code, uint32_t *i);

/* --- codes ---------------------------------------------------------------- */

/* The number of a code, COVERAGE_NONE when no document lists it. */
uint32_t coverage_code(const struct coverage *coverage,
    enum coverage_codes kind, struct coverage_key key);
/* The first number of the kind whose key is not below key, else the end of the
 * kind. coverage_code_end(): one past the kind's last number. */
uint32_t coverage_code_lower(const struct coverage *coverage,
    enum coverage_codes kind, struct coverage_key key);
uint32_t coverage_code_end(
    const struct coverage *coverage, enum coverage_codes kind);
struct coverage_key coverage_code_key(
    const struct coverage *coverage, uint32_t code);
/* The text of a key made by coverage_key_text(), with a NUL; its length. */
size_t coverage_key_name(
    char out[COVERAGE_KEY_LEN + 1], struct coverage_key key);
uint32_t coverage_key_id(struct coverage_key key); /* contractor or state */
uint32_t coverage_key_type(struct coverage_key key);
uint32_t coverage_key_version(struct coverage_key key);

/* The sets that hold a code, and the groups that have a set: together every
 * group of any document and release that lists the code. Begin with
 * coverage_uses_begin(); false when there are no more. Groups come set by set,
 * ascending (so by document) inside a set. */
struct coverage_uses {
    uint32_t posting, posting_end, use, use_end;
};
void coverage_uses_begin(
    const struct coverage *coverage, uint32_t code, struct coverage_uses *out);
bool coverage_uses_next(const struct coverage *coverage,
    struct coverage_uses *uses, uint32_t *group);

/* --- contractors and states ----------------------------------------------- */

struct coverage_contractor {
    uint32_t id, type, version; /* the triple */
    const char *name, *number;  /* "" when not told, as all texts here */
    const char *type_name, *subtype, *status;
    uint32_t state; /* code of the state of its address, or COVERAGE_NONE */
    uint32_t file, line;
};
/* What a release says of a contractor (a code). False when it says nothing. */
bool coverage_contractor(const struct coverage *coverage, uint32_t release,
    uint32_t code, struct coverage_contractor *out);

struct coverage_state {
    uint32_t id, code;
    char abbreviation[5]; /* "QN" */
    char whole[5];        /* that of the state it is a part of, "NY"; else its
                             own */
    const char *name;
    uint32_t file, line;
};
bool coverage_state(const struct coverage *coverage, uint32_t release,
    uint32_t code, struct coverage_state *out);
/* The publisher's states that an abbreviation stands for: the one that has it,
 * and those that are parts of it. Begin with *at = 0. */
bool coverage_state_next(const struct coverage *coverage, uint32_t release,
    const char *abbreviation, size_t len, uint32_t *at,
    struct coverage_state *out);

struct coverage_jurisdiction {
    uint32_t contractor, state; /* codes */
    uint32_t first_release, last_release;
    day_t active;     /* DAY_UNKNOWN when not told */
    day_t terminated; /* DAY_OPEN when not told; both days count */
    uint32_t file, line;
};
uint32_t coverage_jurisdictions(const struct coverage *coverage);
/* By contractor, then state. */
void coverage_jurisdiction(const struct coverage *coverage, uint32_t number,
    struct coverage_jurisdiction *out);
/* The jurisdictions [*first, *end) of a contractor (a code), of all releases.
 */
void coverage_contractor_jurisdictions(const struct coverage *coverage,
    uint32_t contractor, uint32_t *first, uint32_t *end);
/* The jurisdictions of a state (a code): places [*first, *end) of a second
 * order, of which coverage_jurisdiction_by_state() gives the numbers. */
void coverage_state_jurisdictions(const struct coverage *coverage,
    uint32_t state, uint32_t *first, uint32_t *end);
uint32_t coverage_jurisdiction_by_state(
    const struct coverage *coverage, uint32_t place);

#endif
