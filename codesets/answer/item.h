/* item.h - a code in one line: its text, whether it is valid and billable.
 * What lists, searches and the head of a card share. */
#ifndef CODESETS_ANSWER_ITEM_H
#define CODESETS_ANSWER_ITEM_H
#include "codesets/answer/answer.h"
#include "codesets/answer/json.h"
#include "codesets/rules/validity.h"
#include "codesets/store/view.h"

/* State and source of an item as they stand in an answer, all but the row: the
 * next items mostly have the same, and are given a copy. */
struct said {
    size_t from, len; /* bytes of the answer; none: nothing was said */
    enum validity validity, billable;
    enum evidence evidence;
    bool stale;
    const char *release, *file;
};

/* The series that an answer used, one bit each, and what it said last. */
struct used {
    uint64_t series;
    struct said said;
};
void used_add(struct used *used, const struct series *series);
/* "releases":[…] of all of them. */
void used_json(struct json *json, const struct used *used,
    const struct store *store, day_t day);

/* A text and where it stands. */
struct described {
    const char *text; /* NUL-ended, in the map; NULL when there is none */
    size_t len;
    const struct series *series;
    const char *release;
    struct source_ref source;
};

struct descriptors {
    struct described brief; /* "short": the publisher's short text */
    struct described full;  /* "long": the publisher's whole text */
    struct described label; /* the project's own plain words */
    struct described title; /* the best of them, shown with the code */
};

int descriptors_find(struct descriptors *out, const struct store *store,
    const struct code_ref *code, day_t day, struct error *err);

struct code_item {
    struct code_ref code;
    char shown[CODE_TEXT]; /* with the dot of ICD-10-CM */
    struct descriptors texts;
    struct code_state state;
    enum validity billable;  /* valid: yes, not valid: no */
    bool billable_uncertain; /* the releases around a gap differ in it */
};

int code_item_find(struct code_item *out, const struct rules *rules,
    const struct code_ref *code, day_t day, struct error *err);
/* Finds several codes of the list, at most CODE_ITEMS_MAX: the memory fetches
 * what lies far apart in the map all at once. Of the texts of ICD-10-CM codes
 * only the title is filled. */
enum { CODE_ITEMS_MAX = 32 };
int code_items_find(struct code_item *out, const struct rules *rules,
    const uint32_t *number, size_t count, day_t day, struct error *err);

/* true, false or null. */
void tri_json(struct json *json, enum validity value);
/* "code", "system", "text", "valid", "billable", "evidence", "source" of an
 * open object. */
void code_item_json(
    struct json *json, const struct code_item *item, struct used *used);
void described_json(struct json *json, const struct described *text);

/* Numbers of all codes that are spelled so, in the order of their systems.
 * Returns how many; at most SYSTEM_COUNT. A dot picks ICD-10-CM. */
size_t codes_spelled(uint32_t out[SYSTEM_COUNT], const struct store *store,
    const struct code_text *code, uint32_t systems);

#endif
