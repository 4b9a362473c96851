/* ties.h - what the paragraphs of coverage groups say, read once by the
 * indexer, so that a decision only looks up.
 *
 * A group of diagnoses is for those procedures of its article that the words
 * above it name (rules/group_text.h). Groups have the numbers of coverage.h.
 *
 *   blob "ties"
 *     0  u32 groups, u32 namings
 *     8  groups, 8 bytes each: u32 first naming, u16 namings, u8 flags, u8 zero
 *        namings, 4 bytes each, ascending by code inside a group:
 *            u24 code of a procedure of the article (coverage.h), u8 naming
 *
 * The blob is checked when it is read: every naming of a group is there. */
#ifndef CODESETS_STORE_TIES_H
#define CODESETS_STORE_TIES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/buffer.h"
#include "codesets/core/error.h"

enum tie_flag {
    TIE_NAMES = 1,      /* names procedures: it is not for those it does not */
    TIE_CONDITIONS = 2, /* words that mark conditions */
    TIE_DIAGNOSES = 4,  /* of procedures: its paragraph speaks of diagnoses */
};

enum tie_naming { TIE_UNNAMED, TIE_NAMED, TIE_EXCLUDED };

struct ties {
    const uint8_t *group, *naming;
    uint32_t groups, namings;
};

/* Returns 0 or ERR_CORRUPT. No bytes at all are ties of no group. */
int ties_read(
    struct ties *out, const uint8_t *data, size_t len, struct error *err);
/* enum tie_flag; none for a group that there is not. */
unsigned ties_flags(const struct ties *ties, uint32_t group);
/* How a group names a procedure, given by its number in coverage.h. */
enum tie_naming ties_naming(
    const struct ties *ties, uint32_t group, uint32_t code);

/* Writing: groups in the order of their numbers, each after its namings. */
struct ties_writer {
    struct buffer groups, namings;
    uint32_t count, first;
};
void ties_name(
    struct ties_writer *writer, uint32_t code, enum tie_naming naming);
/* ERR_LIMIT for a group of more than 65535 namings. */
int ties_add(struct ties_writer *writer, unsigned flags, struct error *err);
/* Appends the blob and empties the writer. */
int ties_write(
    struct ties_writer *writer, struct buffer *out, struct error *err);
void ties_clear(struct ties_writer *writer);

#endif
