/* card.h - everything a build knows of one code on one day.
 *
 * The struct is what JSON, the command line and the page render; each of its
 * parts keeps the row it came from. */
#ifndef CODESETS_ANSWER_CARD_CARD_H
#define CODESETS_ANSWER_CARD_CARD_H
#include "codesets/answer/card/icd_card.h"
#include "codesets/answer/item.h"
#include "codesets/answer/section.h"
#include "codesets/store/mue.h"
#include "codesets/store/pfs.h"

enum { CARD_REPLACEMENTS = 16 };

struct code_card {
    day_t day;
    const struct answers *answers;
    struct code_item item;
    struct code_spans spans; /* its whole life */
    size_t also;             /* other codes that are spelled so */
    struct code_ref also_code[SYSTEM_COUNT];
    const struct section *section; /* NULL when it stands in none */
    bool has_previous, has_next;   /* neighbours in its system */
    char previous[CODE_TEXT], next[CODE_TEXT];
    size_t replacements;
    char replacement[CARD_REPLACEMENTS][CODE_TEXT];

    /* Each has its row when the flag says so. */
    bool has_hcpcs, has_timed, has_modifier, has_local, has_conversion;
    struct view hcpcs, timed, modifier, local, conversion;
    bool has_threshold; /* of modifier KX: the therapy amounts of the year */
    struct view threshold;

    struct pfs_state pfs;
    struct mue_state mue[SETTING_COUNT];
    struct ptp_counts edits[SETTING_COUNT];
    enum validity dhs_listed; /* therapy section of the DHS list */
    bool has_dhs;
    struct view dhs;
    enum validity poa_exempt; /* ICD-10-CM, and so is the rest */
    struct icd_card icd;
};

/* Returns 0; ERR_INPUT for what has no code's shape; ERR_NOTFOUND; both with a
 * message. */
int code_card_find(struct code_card *out, const struct answers *answers,
    const struct code_question *question, struct error *err);

void code_card_json(struct json *json, const struct code_card *card);
/* Parts of it, each a member of an open object. */
void card_timed_json(struct json *json, const struct code_card *card);
void card_fees_json(struct json *json, const struct code_card *card);
void card_limits_json(struct json *json, const struct code_card *card);
void card_addon_json(
    struct json *json, const struct code_card *card, struct used *used);

/* "modifier": whether it opens edits, where and since when, and what it means
 * for payment. */
void card_modifier_json(struct json *json, const struct code_card *card);
/* Looks up the rows of a modifier. Returns 0 or ERR_CORRUPT. */
int card_modifier_find(struct code_card *card, struct error *err);
/* Both in one plain sentence each: does it open edits, what is it for? */
void modifier_bypass_text(struct buffer *out, const struct modifier_rule *rule);
const char *modifier_effect_text(const char *effect); /* NULL: not told */

/* What an MAI asks for, in words. */
const char *mai_meaning(enum mue_mai mai);
void view_source_json(struct json *json, const struct view *view);

#endif
