/* mcd.h - the tables of the Medicare Coverage Database (domain.md 2f).
 *
 * Every table comes as a file of its own: of the publisher's export (a zip in a
 * zip, one CSV a table) or of a capture through the publisher's API. A table is
 * known by its heading; columns are bound by name. The rows of a batch are
 * cells of the slots below, those that the table has. */
#ifndef INDEXER_SOURCES_MCD_H
#define INDEXER_SOURCES_MCD_H
#include <stdbool.h>
#include <stdint.h>
#include "codesets/store/coverage.h"
#include "indexer/sources/source.h"

enum mcd_table {
    MCD_ARTICLE,
    MCD_ARTICLE_RETIRE,
    MCD_ARTICLE_RELATED,
    MCD_ARTICLE_NCD,
    MCD_ARTICLE_PROCEDURE,
    MCD_ARTICLE_PROCEDURE_GROUP,
    MCD_ARTICLE_COVERED,
    MCD_ARTICLE_COVERED_GROUP,
    MCD_ARTICLE_NONCOVERED,
    MCD_ARTICLE_NONCOVERED_GROUP,
    MCD_ARTICLE_MODIFIER,
    MCD_ARTICLE_MODIFIER_GROUP,
    MCD_ARTICLE_BILL_TYPE,
    MCD_ARTICLE_REVENUE,
    MCD_ARTICLE_OTHER_GROUP,
    MCD_ARTICLE_CONTRACTOR,
    MCD_ARTICLE_STATE,
    MCD_LCD,
    MCD_LCD_RETIRE,
    MCD_LCD_RELATED,
    MCD_LCD_NCD,
    MCD_LCD_PROCEDURE,
    MCD_LCD_PROCEDURE_GROUP,
    MCD_LCD_CONTRACTOR,
    MCD_LCD_STATE,
    MCD_LCD_ARTICLE, /* a capture's: which articles an LCD has */
    MCD_NCD,
    MCD_CONTRACTOR,
    MCD_JURISDICTION,
    MCD_STATE,
    /* those above are the tables of coverage.h, in its order */
    MCD_ARTICLE_TYPE,
    MCD_CONTRACTOR_TYPE,
    MCD_CONTRACTOR_SUBTYPE,
    MCD_DOCUMENTS,            /* a capture's list of articles and LCDs */
    MCD_CONTRACTOR_REFERENCE, /* a capture's, by id alone */
    MCD_TABLES
};

/* Slots of a row. Every table but the last few begins with id and version of
 * its document. Empty cells are TEXT_EMPTY. */
enum mcd_slot {
    MCD_ID,
    MCD_VERSION,
    /* members of a group */
    MCD_CODE = 2,
    MCD_GROUP,
    MCD_RANGE,
    MCD_ASTERISK,
    MCD_MEMBER_SLOTS,
    /* paragraphs; MCD_GROUP besides */
    MCD_PARAGRAPH = 2,
    MCD_EXTRA = 4, /* meaning of the asterisk; codes of other coding */
    MCD_PARAGRAPH_SLOTS,
    /* relations */
    MCD_R_ARTICLE = 2,
    MCD_R_ARTICLE_VERSION,
    MCD_R_LCD,
    MCD_R_LCD_VERSION,
    MCD_R_NCD,
    MCD_R_NCD_VERSION,
    MCD_R_CONTRACTOR,
    MCD_RELATION_SLOTS,
    /* contractors, and which contractor a document or jurisdiction has */
    MCD_C_ID = 2,
    MCD_C_TYPE,
    MCD_C_VERSION,
    MCD_TRIPLE_SLOTS,
    MCD_C_NAME = MCD_TRIPLE_SLOTS,
    MCD_C_NUMBER,
    MCD_C_SUBTYPE,
    MCD_C_STATUS,
    MCD_C_STATE,
    MCD_CONTRACTOR_SLOTS,
    MCD_J_STATE = MCD_TRIPLE_SLOTS,
    MCD_J_ACTIVE,
    MCD_J_TERMINATED,
    MCD_JURISDICTION_SLOTS,
    /* states, retirements and look-ups; MCD_ID besides */
    MCD_S_ABBREVIATION = 2,
    MCD_S_NAME,
    MCD_STATE_SLOTS,
    MCD_RETIRES = 2,
    MCD_RETIRE_SLOTS,
    MCD_LABEL = 2,
    MCD_LOOKUP_SLOTS,
    /* documents */
    MCD_D_STATUS = 2,
    MCD_D_KIND, /* of a list of documents: "Article" or "LCD" */
    MCD_D_PUBLISHED,
    MCD_D_EFFECTIVE,
    MCD_D_ENDED,
    MCD_D_REVISION_EFFECTIVE,
    MCD_D_REVISION_ENDED,
    MCD_D_RETIRED,
    MCD_D_UPDATED,
    MCD_D_TEXT, /* … + enum coverage_text */
    MCD_DOCUMENT_SLOTS = MCD_D_TEXT + COVERAGE_TEXTS,
    MCD_NOT_KEPT = 0xFF
};

/* What a cell may hold, and how it is kept. */
enum mcd_value {
    VALUE_ID,       /* a number; a row without it is refused */
    VALUE_NUMBER,   /* a number or nothing */
    VALUE_TEXT,     /* text, perhaps with HTML in it */
    VALUE_DAY,      /* kept as YYYYMMDD; anything that is no date as nothing */
    VALUE_UPDATED,  /* the same; the latest dates the file */
    VALUE_CODE,     /* of the table's list */
    VALUE_DISPLAY,  /* a document's id as people write it */
    VALUE_ASTERISK, /* kept as "*" or nothing */
    VALUE_LETTER    /* the first, upper case: "A", "Active" */
};

struct mcd_column {
    const char *labels; /* '|' between */
    uint8_t slot;
    enum mcd_value value;
    bool needed;
};

struct mcd_layout {
    const char *name; /* the publisher's name of the table */
    const struct mcd_column *column;
    size_t columns, slots;
    bool bulk;               /* the export cannot do without it */
    bool capture;            /* comes in captures alone */
    enum coverage_list list; /* of members and paragraphs */
};

/* Days for which an export is published: it comes weekly. */
enum { COVERAGE_PERIOD = 7 };
/* What stands for the release of a file until all files were read. */
#define MCD_RELEASE_OPEN "?"

/* Never NULL for a value of the enum. */
const struct mcd_layout *mcd_layout(enum mcd_table table);
/* The table of a batch: its identity's part is one more. */
enum mcd_table mcd_table_of(const struct identity *id);
/* True when a part of a file's name begins with the word: "x/all_lcd.zip/…",
 * but not "all_lcds.csv". */
bool mcd_has_part(const char *name, const char *word);
/* True for a file of an export of all versions of its documents. */
bool mcd_is_history(const char *name);

#endif
