/* coverage_layout.h - the sections of the coverage blob, in their order, which
 * its reader and writer share. */
#ifndef CODESETS_STORE_COVERAGE_LAYOUT_H
#define CODESETS_STORE_COVERAGE_LAYOUT_H
#include "codesets/store/coverage.h"

enum coverage_section {
    SECTION_RELEASE,
    SECTION_DOCUMENT,
    SECTION_TEXT_REF,
    SECTION_GROUP,
    SECTION_SET,
    SECTION_MEMBER,
    SECTION_FLAG,
    SECTION_LINE,
    SECTION_USE,
    SECTION_CODE,
    SECTION_FIRST_POSTING,
    SECTION_POSTING,
    SECTION_CONTRACTOR,
    SECTION_JURISDICTION,
    SECTION_BY_STATE,
    SECTION_STATE,
    SECTION_RELATION,
    SECTION_TEXT_OFFSET,
    SECTION_TEXT_BYTE
};

/* Bytes of an entry of each section. */
static const uint8_t coverage_entry_len[COVERAGE_SECTIONS] = {
    8, 72, 4, 36, 24, 3, 1, 3, 4, 8, 4, 3, 36, 24, 4, 24, 16, 4, 1};

enum {
    DOCUMENT_FLAG_DRAFT = 1,
    GROUP_FLAG_PLACEHOLDER = 1,
    GROUP_FLAG_LINES_FOLLOW = 2,
    RELEASE_FLAG_HISTORY = 1,
    MEMBER_FLAG_RANGE = 3,
    MEMBER_FLAG_ASTERISK = 4,
    LINE_ZERO = 1 << 23 /* a line equal to the first member's */
};

#endif
