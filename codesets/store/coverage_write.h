/* coverage_write.h - makes the coverage blob, release by release.
 *
 * Hand over each release, oldest first, with all that it says, in any order;
 * what stands unchanged in neighbouring releases is joined, equal lists and
 * texts are kept once, and equal calls make equal bytes. All texts, keys and
 * arrays are copied. */
#ifndef CODESETS_STORE_COVERAGE_WRITE_H
#define CODESETS_STORE_COVERAGE_WRITE_H
#include "codesets/core/buffer.h"
#include "codesets/store/coverage.h"

enum {
    COVERAGE_CODES_MAX = 0xFFFFFF, /* distinct codes of all kinds */
    COVERAGE_SETS_MAX = 0xFFFFFF,
    COVERAGE_TEXTS_MAX = 0xFFFFFF,
    COVERAGE_GROUP_MAX = 0xFFFF,  /* the publisher's number of a group */
    COVERAGE_LINE_SPAN = 0x7FFFFF /* lines a list may be strewn over */
};

struct coverage_writer;

int coverage_writer_open(struct coverage_writer **out, struct error *err);
void coverage_writer_close(struct coverage_writer *writer); /* NULL is fine */

/* Begins a release; the tables and documents that follow are of it. */
int coverage_add_release(struct coverage_writer *writer,
    const struct coverage_release *release, struct error *err);

struct coverage_new_member {
    struct coverage_key key;
    uint8_t flags; /* enum coverage_range, and COVERAGE_ASTERISK */
    uint32_t line;
};
enum { COVERAGE_ASTERISK = 4 };

struct coverage_new_group {
    enum coverage_list list;
    uint32_t number;
    bool placeholder;
    const char *paragraph; /* NULL: no row of one */
    const char *asterisk;  /* NULL: none */
    /* In any order; a key that stands twice counts once, its first line. */
    const struct coverage_new_member *member;
    size_t members;
    uint16_t members_file, paragraph_file;
    uint32_t paragraph_line;
};

struct coverage_new_document {
    enum coverage_kind kind;
    uint32_t id, version;
    char status;
    bool draft;
    day_t published, effective, ended, revision_effective, revision_ended,
        retired, retires, updated;
    const char *text[COVERAGE_TEXTS];       /* NULL or "": none */
    const struct coverage_new_group *group; /* no two of a list and number */
    size_t groups;
    const struct coverage_relation *relation;
    size_t relations;
    uint16_t file;
    uint32_t line;
};
/* A document with no dates told. */
void coverage_begin_document(struct coverage_new_document *out,
    enum coverage_kind kind, uint32_t id, uint32_t version);
/* A document that the release has already is ERR_INPUT, said by
 * coverage_write(). */
int coverage_add_document(struct coverage_writer *writer,
    const struct coverage_new_document *document, struct error *err);

struct coverage_new_contractor {
    struct coverage_key key;
    const char *name, *number, *type_name, *subtype, *status; /* may be NULL */
    uint32_t state;                                           /* id, or 0 */
    uint16_t file;
    uint32_t line;
};
int coverage_add_contractor(struct coverage_writer *writer,
    const struct coverage_new_contractor *contractor, struct error *err);

struct coverage_new_state {
    uint32_t id;
    const char *abbreviation, *name, *whole; /* whole NULL: its own */
    uint16_t file;
    uint32_t line;
};
int coverage_add_state(struct coverage_writer *writer,
    const struct coverage_new_state *state, struct error *err);

struct coverage_new_jurisdiction {
    struct coverage_key contractor;
    uint32_t state; /* id */
    day_t active, terminated;
    uint16_t file;
    uint32_t line;
};
int coverage_add_jurisdiction(struct coverage_writer *writer,
    const struct coverage_new_jurisdiction *jurisdiction, struct error *err);

/* Appends the blob. The writer is used up, whether it succeeds or not. */
int coverage_write(
    struct coverage_writer *writer, struct buffer *out, struct error *err);

#endif
