/* index.h - the words of a build, and the codes they stand in.
 *
 * A document is one code of the build; its number is its place in the list of
 * codes (store/codes.h). Inside the index documents go by RANK: shorter title
 * first, then code order, so that a walk over ascending ranks meets the hits
 * in the order in which they are shown, and nothing has to be sorted.
 *
 *   blob "search"
 *     0  u32 documents, u32 words, u32 bytes of words, u32 bytes of postings
 *    16  u32 document[documents]   number of the document of a rank
 *        u32 rank[documents]       rank of a document
 *        i32 from[documents], i32 to[documents]   by rank: the days outside
 *                                  of which the code is known not to be valid
 *        u8  bits[SYSTEM_COUNT][(documents + 7) / 8]  ranks of each system
 *        u32 word[words + 1]       offsets into the bytes of words
 *        u32 posting[words + 1]    offsets into the bytes of postings
 *        bytes of words            folded (fold.h), ascending as bytes
 *        bytes of postings         of each word: ranks, ascending, as varints
 *                                  of the difference to the rank before (the
 *                                  first: the rank itself)
 *
 * Two builders fed with the same calls make the same bytes. */
#ifndef CODESETS_SEARCH_INDEX_H
#define CODESETS_SEARCH_INDEX_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/buffer.h"
#include "codesets/core/code.h"
#include "codesets/core/day.h"
#include "codesets/core/error.h"

enum {
    SEARCH_DOCUMENTS_MAX = 1 << 20,
    SEARCH_WORDS_MAX = 1 << 22,
    SEARCH_POSTINGS_MAX = 1 << 27,
};

/* What a text is to its code. */
enum search_field {
    SEARCH_TITLE, /* the text shown with a hit: its length ranks it */
    SEARCH_SHORT,
    SEARCH_LABEL, /* the project's own words */
    SEARCH_EXTRA  /* synonyms, older wordings, inclusion terms */
};

/* ------------------------------------------------------------- building */

struct search_builder;

/* documents: how many codes the list of codes has. */
int search_builder_open(
    struct search_builder **out, uint32_t documents, struct error *err);
/* Says what a document is. Call it for each, in any order. from and to are the
 * first and last day on which the code is not known to be invalid;
 * DAY_UNKNOWN and DAY_OPEN when there is no such bound. */
void search_builder_document(struct search_builder *builder, uint32_t document,
    enum code_system system, day_t from, day_t to);
/* Adds the words of one text. A document may have any number of texts and
 * fields; a word counts once. The title that was added last gives the rank. */
int search_builder_add(struct search_builder *builder, uint32_t document,
    enum search_field field, const char *text, size_t len, struct error *err);
/* Appends the blob. */
int search_builder_write(
    struct search_builder *builder, struct buffer *out, struct error *err);
void search_builder_close(struct search_builder *builder); /* NULL is fine */

/* -------------------------------------------------------------- reading */

struct search_index {
    uint32_t documents, words;
    const uint8_t *document, *rank, *from, *to, *bits, *word, *posting;
    const uint8_t *word_bytes, *posting_bytes;
    uint32_t word_bytes_len, posting_bytes_len;
};

/* Checks the blob's bounds. An empty blob makes an empty index. Returns 0 or
 * ERR_CORRUPT. Nothing a damaged blob says lets a reader leave it. */
int search_index_read(struct search_index *out, const uint8_t *data, size_t len,
    struct error *err);

/* Words [*first, *end) of the dictionary that begin with a prefix; *whole is
 * true when *first is the prefix itself. */
void search_prefix(const struct search_index *index, const char *prefix,
    size_t len, uint32_t *first, uint32_t *end, bool *whole);
/* Sets the bit of every rank that words [first, end) stand in. bits has room
 * for search_bitmap_bytes(). */
void search_union(const struct search_index *index, uint32_t first,
    uint32_t end, uint64_t *bits);
size_t search_bitmap_words(const struct search_index *index); /* of 64 bits */

uint32_t search_document(const struct search_index *index, uint32_t rank);
uint32_t search_rank(const struct search_index *index, uint32_t document);

#endif
