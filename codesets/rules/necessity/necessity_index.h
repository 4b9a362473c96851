/* necessity_index.h - what necessity*.c look up beside the store. */
#ifndef CODESETS_RULES_NECESSITY_NECESSITY_INDEX_H
#define CODESETS_RULES_NECESSITY_NECESSITY_INDEX_H
#include "codesets/rules/necessity/necessity.h"

struct contractor_entry {
    const char *number; /* in the store */
    uint32_t release, code;
};

/* What decisions ask of every document, decoded once. */
struct document_entry {
    day_t effective, last; /* an article counts from the one to the other */
    bool article;          /* and neither a draft nor pending */
    bool alone; /* no other version of it stands in one of its releases */
    uint8_t first_release, last_release;
    uint32_t first_covered, end_covered, first_noncovered, end_noncovered;
    uint16_t covered, noncovered; /* of these groups, those that are lists */
};

struct necessity_index {
    struct ties ties;
    uint32_t documents;
    struct document_entry *document;
    /* Bit d of row c: the document d is of the contractor whose code is
     * first_contractor + c. */
    uint32_t first_contractor, contractor_codes;
    size_t row_words;
    uint64_t *owner;
    uint8_t *kinds; /* of claims; by release, then by contractor code */
    size_t contractors;
    struct contractor_entry *contractor; /* by number, then release */
};

static inline bool index_owns(
    const struct necessity_index *index, uint32_t contractor, uint32_t document)
{
    const uint32_t row = contractor - index->first_contractor;

    return row < index->contractor_codes && document < index->documents &&
           (index->owner[row * index->row_words + document / 64] >>
                   document % 64 &
               1) != 0;
}

#endif
