/* draw.h - draws the JSON of an answer as HTML.
 *
 * What an answer says is drawn whatever it is, so that nothing it knows is left
 * out of a page: the names of members become words, objects become lists of
 * facts or tables, codes become links, and a `source` says file and row. The
 * few places where order or words matter are written by the page itself. */
#ifndef SERVER_PAGES_DRAW_H
#define SERVER_PAGES_DRAW_H
#include <stdint.h>
#include "server/pages/page.h"

/* A member of an object by a path such as "timed.source.file"; NULL when it is
 * not there. */
const json_t *draw_at(const json_t *object, const char *path);
/* Its text; "" when it is none. */
const char *draw_text(const json_t *object, const char *path);
bool draw_true(const json_t *object, const char *path);

/* The members of an object, one after the other:
 *
 *     for (void *at = draw_first(object); at != NULL;
 *          at = draw_next(object, at)) … json_object_iter_key(at) … */
static inline void *draw_first(const json_t *object)
{
    return json_object_iter((json_t *)(uintptr_t)object); /* only read */
}
static inline void *draw_next(const json_t *object, void *at)
{
    return json_object_iter_next((json_t *)(uintptr_t)object, at);
}

/* Is a name in a NULL-ended list? NULL: no. */
bool draw_listed(const char *const *list, const char *name);

/* "nonfacility_pe_rvu" in words. */
void draw_name(struct buffer *out, const char *name);
/* A table of the store, "mue", in words. */
void draw_table_name(struct buffer *out, const char *table);

/* A member as a section with a heading, of whatever shape; nothing when there
 * is nothing to say. */
void draw_section(const struct page *page, struct buffer *out, const char *name,
    const json_t *value);
/* The members of an object as a list of facts, without those of `but`, a
 * NULL-ended list or NULL. */
void draw_facts(const struct page *page, struct buffer *out,
    const json_t *object, const char *const *but);
/* All of an object: what fits into a line as facts, the rest as sections. */
void draw_whole(const struct page *page, struct buffer *out,
    const json_t *object, const char *const *but);
/* A list of objects as a table. */
void draw_table(const struct page *page, struct buffer *out,
    const char *caption, const json_t *list);
/* "2024q3, file.txt, row 12" in a paragraph. */
void draw_source(struct buffer *out, const json_t *source);

#endif
