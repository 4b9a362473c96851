/* fuzz_coverage.c - whatever bytes stand where the coverage data of a build
 * should be, every question about them is answered out of them alone. */
#include <stdlib.h>
#include <string.h>

#include "codesets/store/coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ASKED = 64 }; /* of each kind of record */

static void must(bool good)
{
    if (!good)
        abort();
}

static uint32_t few(uint32_t count)
{
    return count < ASKED ? count : ASKED;
}

static void ask_documents(const struct coverage *c)
{
    for (uint32_t d = 0; d < few(coverage_documents(c)); d++) {
        struct coverage_document document;
        struct coverage_relation relation;
        uint32_t first, end;
        size_t len;

        coverage_document(c, d, &document);
        (void)coverage_in_release(c, d, 0);
        coverage_versions(c, document.kind, document.id, &first, &end);
        must(first <= end && end <= coverage_documents(c));
        for (int t = 0; t < COVERAGE_TEXTS; t++) {
            const char *text = coverage_document_text(
                c, &document, (enum coverage_text)t, &len);

            must(text == NULL ? len == 0 : text[len] == '\0');
        }
        for (int l = 0; l < COVERAGE_LISTS; l++) {
            coverage_list_groups(
                c, &document, (enum coverage_list)l, &first, &end);
            must(first <= end && end <= coverage_groups(c));
        }
        for (uint32_t r = 0; r < few(document.relations); r++)
            coverage_relation(c, &document, r, &relation);
    }
    coverage_versions(
        c, COVERAGE_NCD, UINT32_MAX, &(uint32_t){0}, &(uint32_t){0});
}

static void ask_groups(const struct coverage *c)
{
    for (uint32_t g = 0; g < few(coverage_groups(c)); g++) {
        struct coverage_document document;
        struct coverage_member member;
        struct coverage_group group;
        uint32_t at;

        coverage_group(c, g, &group);
        coverage_document(c, group.document, &document);
        (void)coverage_in_release(c, group.document, 1);
        (void)coverage_text(c, group.paragraph, NULL);
        (void)coverage_text(c, group.asterisk, NULL);
        must(coverage_list_codes(group.list) <= COVERAGE_CODES);
        for (uint32_t i = 0; i < few(group.members); i++) {
            coverage_member(c, &group, i, &member);
            (void)coverage_code_key(c, member.code);
            if (coverage_group_has(c, &group, member.code, &at))
                must(at < group.members);
        }
        must(coverage_member_lower(c, &group, g) <= group.members);
        (void)coverage_group_has(c, &group, COVERAGE_NONE, NULL);
        if (group.members > 0)
            coverage_member(c, &group, group.members - 1, &member);
    }
}

static void ask_codes(const struct coverage *c)
{
    for (int kind = 0; kind < COVERAGE_CODES; kind++) {
        const uint32_t end = coverage_code_end(c, (enum coverage_codes)kind);

        for (uint32_t code = 0; code < few(end); code++) {
            const struct coverage_key key = coverage_code_key(c, code);
            char name[COVERAGE_KEY_LEN + 1];
            struct coverage_uses uses;
            uint32_t group, n = 0;

            must(coverage_key_name(name, key) <= COVERAGE_KEY_LEN);
            (void)coverage_code(c, (enum coverage_codes)kind, key);
            must(coverage_code_lower(c, (enum coverage_codes)kind, key) <= end);
            coverage_uses_begin(c, code, &uses);
            while (n++ < ASKED && coverage_uses_next(c, &uses, &group))
                must(group < coverage_groups(c));
        }
    }
}

static void ask_places(const struct coverage *c)
{
    for (uint32_t j = 0; j < few(coverage_jurisdictions(c)); j++) {
        struct coverage_jurisdiction at;
        struct coverage_contractor contractor;
        struct coverage_state state;
        uint32_t first, end, next = 0;

        coverage_jurisdiction(c, j, &at);
        if (coverage_contractor(c, 0, at.contractor, &contractor))
            must(contractor.name != NULL && contractor.status != NULL);
        (void)coverage_state(c, 0, at.state, &state);
        coverage_contractor_jurisdictions(c, at.contractor, &first, &end);
        must(first <= end && end <= coverage_jurisdictions(c));
        coverage_state_jurisdictions(c, at.state, &first, &end);
        must(first <= end && end <= coverage_jurisdictions(c));
        for (; first < end && first < ASKED; first++)
            (void)coverage_jurisdiction_by_state(c, first);
        while (coverage_state_next(c, 0, "NY", 2, &next, &state))
            must(state.abbreviation[4] == '\0' && state.whole[4] == '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct coverage coverage;

    if (coverage_read(&coverage, data, size, NULL) != 0)
        return 0;
    for (uint32_t r = 0; r <= few(coverage_releases(&coverage)); r++)
        (void)coverage_loaded(&coverage, r, COVERAGE_STATES);
    ask_documents(&coverage);
    ask_groups(&coverage);
    ask_codes(&coverage);
    ask_places(&coverage);
    return 0;
}
