/* test_coverage.c - what is written about coverage comes back; what stands
 * unchanged in several releases is kept once; damage never leads out. */
#include "tests/harness.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/store/coverage_write.h"

static struct coverage_key text_key(const char *text)
{
    return coverage_key_text(text, strlen(text));
}

static const char *paragraph(
    const struct coverage *coverage, const struct coverage_group *group)
{
    return group->paragraph == COVERAGE_NONE
               ? NULL
               : coverage_text(coverage, group->paragraph, NULL);
}

/* Two releases. Article 11 is the same in both but for its lines; article 12
 * changes its list; the LCD is gone from the second. */
static void add_release(struct coverage_writer *writer, int release)
{
    const struct coverage_release tables = {
        .tables = 1u << COVERAGE_ARTICLES | 1u << COVERAGE_ARTICLE_COVERED |
                  (release == 1 ? 1u << COVERAGE_JURISDICTIONS : 0u)};
    const uint32_t line = release == 0 ? 2 : 102;
    const struct coverage_new_member procedures[] = {
        {text_key("G0283"), RANGE_NONE, line},
        {text_key("A9900"), RANGE_NONE, line + 1}};
    const struct coverage_new_member diagnoses[] = {
        {text_key("M5450"), RANGE_NONE, line},
        {text_key("M5451"), RANGE_BEGIN, line + 1},
        {text_key("M5459"), RANGE_END | COVERAGE_ASTERISK, line + 2}};
    const struct coverage_new_member fewer[] = {
        {text_key("M5451"), RANGE_NONE, line + 7},
        {text_key("M5450"), RANGE_NONE, line + 9}};
    const struct coverage_new_member contractors[] = {
        {coverage_key_contractor(236, 8, 1), 0, line}};
    const struct coverage_relation relations[] = {{COVERAGE_LCD, 900, 3, 236},
        {COVERAGE_LCD, 900, 3, 236}, {COVERAGE_NCD, 7, 1, 0}};
    const struct coverage_new_group groups[] = {
        {.list = COVERAGE_COVERED,
            .number = 1,
            .paragraph = "These support G0283:",
            .asterisk = "secondary only",
            .member = diagnoses,
            .members = 3,
            .members_file = 5,
            .paragraph_file = 6,
            .paragraph_line = 44},
        {.list = COVERAGE_PROCEDURES,
            .number = 2,
            .paragraph = "",
            .member = procedures,
            .members = 2},
        {.list = COVERAGE_PROCEDURES, .number = 1, .placeholder = true},
        {.list = COVERAGE_DOCUMENT_CONTRACTORS,
            .member = contractors,
            .members = 1}};
    const struct coverage_new_group second[] = {{.list = COVERAGE_PROCEDURES,
                                                    .number = 1,
                                                    .member = procedures,
                                                    .members = 2},
        {.list = COVERAGE_NONCOVERED,
            .number = 1,
            .member = release == 0 ? diagnoses : fewer,
            .members = release == 0 ? 3 : 2}};
    struct coverage_new_document document;
    struct error err = {0};

    assert_int_equal(coverage_add_release(writer, &tables, &err), 0);
    coverage_begin_document(&document, COVERAGE_ARTICLE, 12, 4);
    document.status = 'A';
    document.effective = 19000;
    document.text[COVERAGE_TITLE] = "Second";
    document.group = second;
    document.groups = 2;
    document.line = line;
    assert_int_equal(coverage_add_document(writer, &document, &err), 0);
    coverage_begin_document(&document, COVERAGE_ARTICLE, 11, 2);
    document.status = 'A';
    document.effective = 18000;
    document.ended = 20000;
    document.text[COVERAGE_TITLE] = "First";
    document.text[COVERAGE_DESCRIPTION] = "Second"; /* the same text */
    document.group = groups;
    document.groups = 4;
    document.relation = relations;
    document.relations = 3;
    document.file = 3;
    document.line = line;
    assert_int_equal(coverage_add_document(writer, &document, &err), 0);
    if (release == 0) {
        coverage_begin_document(&document, COVERAGE_LCD, 11, 9);
        document.draft = true;
        assert_int_equal(coverage_add_document(writer, &document, &err), 0);
    }
}

static void add_places(struct coverage_writer *writer)
{
    const struct coverage_new_contractor contractor = {
        .key = coverage_key_contractor(236, 8, 1),
        .name = "Example Administrators",
        .number = "15101",
        .state = 42,
        .line = 9};
    const struct coverage_new_state states[] = {
        {.id = 42, .abbreviation = "OH", .name = "Ohio", .line = 2},
        {.id = 64,
            .abbreviation = "QN",
            .name = "New York - Queens",
            .whole = "NY",
            .line = 3},
        {.id = 41, .abbreviation = "NY", .name = "New York", .line = 4}};
    const struct coverage_new_jurisdiction jurisdictions[] = {
        {coverage_key_contractor(236, 8, 1), 64, 17000, DAY_OPEN, 1, 7},
        {coverage_key_contractor(236, 8, 1), 42, 17000, 18999, 1, 8},
        {coverage_key_contractor(235, 8, 1), 42, 19000, DAY_OPEN, 1, 9}};
    struct error err = {0};

    assert_int_equal(coverage_add_contractor(writer, &contractor, &err), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(coverage_add_state(writer, &states[i], &err), 0);
        assert_int_equal(
            coverage_add_jurisdiction(writer, &jurisdictions[i], &err), 0);
    }
}

static void make(struct buffer *blob)
{
    struct coverage_writer *writer = NULL;
    struct error err = {0};

    assert_int_equal(coverage_writer_open(&writer, &err), 0);
    add_release(writer, 0);
    add_release(writer, 1);
    add_places(writer);
    assert_int_equal(coverage_write(writer, blob, &err), 0);
    coverage_writer_close(writer);
}

struct fixture {
    struct buffer blob;
    struct coverage coverage;
};

static int open_fixture(void **state)
{
    static struct fixture fixture;

    fixture = (struct fixture){0};
    make(&fixture.blob);
    *state = &fixture;
    return coverage_read(&fixture.coverage, (const uint8_t *)fixture.blob.data,
        fixture.blob.len, NULL);
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;

    buffer_clear(&fixture->blob);
    return 0;
}

static void a_document_that_did_not_change_is_kept_once(void **state)
{
    const struct fixture *f = *state;
    const struct coverage *c = &f->coverage;
    struct coverage_document document;
    uint32_t first, end;

    assert_int_equal(coverage_documents(c), 4);
    coverage_versions(c, COVERAGE_ARTICLE, 11, &first, &end);
    assert_int_equal(end - first, 1);
    coverage_document(c, first, &document);
    assert_int_equal(document.id, 11);
    assert_int_equal(document.version, 2);
    assert_int_equal(document.first_release, 0);
    assert_int_equal(document.last_release, 1);
    assert_int_equal(document.line, 102); /* of the newer release */
    assert_int_equal(document.file, 3);
    assert_int_equal(document.status, 'A');
    assert_int_equal(document.effective, 18000);
    assert_int_equal(document.ended, 20000);
    assert_int_equal(document.retired, DAY_OPEN);
    assert_int_equal(document.published, DAY_UNKNOWN);
    assert_string_equal(
        coverage_document_text(c, &document, COVERAGE_TITLE, NULL), "First");
    assert_string_equal(
        coverage_document_text(c, &document, COVERAGE_DESCRIPTION, NULL),
        "Second");
    assert_null(coverage_document_text(c, &document, COVERAGE_KEYWORDS, NULL));
    coverage_versions(c, COVERAGE_ARTICLE, 12, &first, &end);
    assert_int_equal(end - first, 2);
    assert_true(coverage_in_release(c, first, 0));
    assert_false(coverage_in_release(c, first, 1));
    assert_true(coverage_in_release(c, first + 1, 1));
    coverage_versions(c, COVERAGE_LCD, 11, &first, &end);
    assert_int_equal(end - first, 1);
    coverage_document(c, first, &document);
    assert_true(document.draft);
    assert_int_equal(document.last_release, 0);
    coverage_versions(c, COVERAGE_NCD, 11, &first, &end);
    assert_int_equal(end - first, 0);
}

static void the_groups_of_a_document_come_in_order(void **state)
{
    const struct fixture *f = *state;
    const struct coverage *c = &f->coverage;
    struct coverage_document document;
    struct coverage_group group;
    struct coverage_relation relation;
    uint32_t first, end, number;

    coverage_versions(c, COVERAGE_ARTICLE, 11, &number, &end);
    coverage_document(c, number, &document);
    coverage_list_groups(c, &document, COVERAGE_PROCEDURES, &first, &end);
    assert_int_equal(end - first, 2);
    coverage_group(c, first, &group);
    assert_int_equal(group.number, 1);
    assert_int_equal(group.document, number);
    assert_true(group.placeholder);
    assert_int_equal(group.members, 0);
    assert_null(paragraph(c, &group)); /* none loaded … */
    coverage_group(c, first + 1, &group);
    assert_int_equal(group.number, 2);
    assert_int_equal(group.members, 2);
    assert_string_equal(paragraph(c, &group), ""); /* … is not an empty one */
    assert_int_equal(group.asterisk, COVERAGE_NONE);
    coverage_list_groups(c, &document, COVERAGE_COVERED, &first, &end);
    assert_int_equal(end - first, 1);
    coverage_group(c, first, &group);
    assert_string_equal(paragraph(c, &group), "These support G0283:");
    assert_string_equal(
        coverage_text(c, group.asterisk, NULL), "secondary only");
    assert_int_equal(group.members_file, 5);
    assert_int_equal(group.paragraph_file, 6);
    assert_int_equal(group.paragraph_line, 44);
    coverage_list_groups(c, &document, COVERAGE_NONCOVERED, &first, &end);
    assert_int_equal(first, end);
    assert_int_equal(document.relations, 2); /* the same one twice is one */
    coverage_relation(c, &document, 0, &relation);
    assert_int_equal(relation.kind, COVERAGE_LCD);
    assert_int_equal(relation.id, 900);
    assert_int_equal(relation.version, 3);
    assert_int_equal(relation.contractor, 236);
    coverage_relation(c, &document, 1, &relation);
    assert_int_equal(relation.kind, COVERAGE_NCD);
}

static void a_member_is_found_with_its_flags_and_line(void **state)
{
    const struct fixture *f = *state;
    const struct coverage *c = &f->coverage;
    struct coverage_document document;
    struct coverage_member member;
    struct coverage_group group;
    uint32_t first, end, at;
    char name[COVERAGE_KEY_LEN + 1];

    coverage_versions(c, COVERAGE_ARTICLE, 11, &first, &end);
    coverage_document(c, first, &document);
    coverage_list_groups(c, &document, COVERAGE_COVERED, &first, &end);
    coverage_group(c, first, &group);
    assert_int_equal(group.members, 3);
    assert_true(coverage_group_has(c, &group,
        coverage_code(c, COVERAGE_CODE_DIAGNOSIS, text_key("M5459")), &at));
    assert_int_equal(at, 2);
    coverage_member(c, &group, at, &member);
    assert_int_equal(member.range, RANGE_END);
    assert_true(member.asterisk);
    assert_int_equal(member.line, 104);
    coverage_member(c, &group, 0, &member);
    assert_int_equal(member.range, RANGE_NONE);
    assert_false(member.asterisk);
    assert_int_equal(
        coverage_key_name(name, coverage_code_key(c, member.code)), 5);
    assert_string_equal(name, "M5450");
    assert_int_equal(
        coverage_code(c, COVERAGE_CODE_DIAGNOSIS, text_key("M545")),
        COVERAGE_NONE);
    assert_int_equal(
        coverage_code(c, COVERAGE_CODE_PROCEDURE, text_key("M5450")),
        COVERAGE_NONE);
    assert_false(coverage_group_has(c, &group, COVERAGE_NONE, NULL));
    /* the way into a list by a prefix */
    at = coverage_member_lower(c, &group,
        coverage_code_lower(c, COVERAGE_CODE_DIAGNOSIS, text_key("M5451")));
    assert_int_equal(at, 1);
    /* lines that do not follow one another */
    coverage_versions(c, COVERAGE_ARTICLE, 12, &first, &end);
    coverage_document(c, first + 1, &document);
    coverage_list_groups(c, &document, COVERAGE_NONCOVERED, &first, &end);
    coverage_group(c, first, &group);
    coverage_member(c, &group, 0, &member);
    assert_int_equal(member.line, 111); /* M5450 */
    coverage_member(c, &group, 1, &member);
    assert_int_equal(member.line, 109);
}

static void a_code_finds_every_group_that_lists_it(void **state)
{
    const struct fixture *f = *state;
    const struct coverage *c = &f->coverage;
    struct coverage_uses uses;
    struct coverage_group group;
    struct coverage_document document;
    uint32_t number, count = 0, covered = 0, noncovered = 0;

    coverage_uses_begin(
        c, coverage_code(c, COVERAGE_CODE_DIAGNOSIS, text_key("M5451")), &uses);
    while (coverage_uses_next(c, &uses, &number)) {
        coverage_group(c, number, &group);
        covered += group.list == COVERAGE_COVERED;
        noncovered += group.list == COVERAGE_NONCOVERED;
        count++;
    }
    assert_int_equal(count, 3);
    assert_int_equal(covered, 1);
    assert_int_equal(noncovered, 2);
    count = 0;
    coverage_uses_begin(c,
        coverage_code(
            c, COVERAGE_CODE_CONTRACTOR, coverage_key_contractor(236, 8, 1)),
        &uses);
    while (coverage_uses_next(c, &uses, &number)) {
        coverage_group(c, number, &group);
        coverage_document(c, group.document, &document);
        assert_int_equal(document.id, 11);
        count++;
    }
    assert_int_equal(count, 1);
    coverage_uses_begin(c, COVERAGE_NONE, &uses);
    assert_false(coverage_uses_next(c, &uses, &number));
}

static void equal_lists_are_kept_once(void **state)
{
    const struct fixture *f = *state;
    const struct coverage *c = &f->coverage;
    struct coverage_document document;
    struct coverage_group one, two;
    uint32_t first, end;

    coverage_versions(c, COVERAGE_ARTICLE, 11, &first, &end);
    coverage_document(c, first, &document);
    coverage_list_groups(c, &document, COVERAGE_COVERED, &first, &end);
    coverage_group(c, first, &one);
    coverage_versions(c, COVERAGE_ARTICLE, 12, &first, &end);
    coverage_document(c, first, &document);
    coverage_list_groups(c, &document, COVERAGE_NONCOVERED, &first, &end);
    coverage_group(c, first, &two);
    assert_int_equal(one.set, two.set);
}

static void contractors_and_states_are_found_both_ways(void **state)
{
    const struct fixture *f = *state;
    const struct coverage *c = &f->coverage;
    const uint32_t triple = coverage_code(
        c, COVERAGE_CODE_CONTRACTOR, coverage_key_contractor(236, 8, 1));
    const uint32_t ohio =
        coverage_code(c, COVERAGE_CODE_STATE, coverage_key_state(42));
    struct coverage_contractor contractor;
    struct coverage_jurisdiction at;
    struct coverage_state place;
    uint32_t first, end, next = 0;

    assert_true(coverage_contractor(c, 1, triple, &contractor));
    assert_false(coverage_contractor(c, 0, triple, &contractor));
    assert_int_equal(contractor.id, 236);
    assert_int_equal(contractor.type, 8);
    assert_int_equal(contractor.version, 1);
    assert_string_equal(contractor.name, "Example Administrators");
    assert_string_equal(contractor.subtype, "");
    assert_int_equal(contractor.state, ohio);
    coverage_contractor_jurisdictions(c, triple, &first, &end);
    assert_int_equal(end - first, 2);
    coverage_jurisdiction(c, first, &at);
    assert_int_equal(at.state, ohio);
    assert_int_equal(at.terminated, 18999);
    coverage_state_jurisdictions(c, ohio, &first, &end);
    assert_int_equal(end - first, 2);
    coverage_jurisdiction(c, coverage_jurisdiction_by_state(c, first), &at);
    assert_int_equal(coverage_key_id(coverage_code_key(c, at.contractor)), 235);
    coverage_jurisdiction(c, coverage_jurisdiction_by_state(c, first + 1), &at);
    assert_int_equal(coverage_key_id(coverage_code_key(c, at.contractor)), 236);
    assert_int_equal(at.line, 8);
    /* NY is the state and its parts */
    assert_true(coverage_state_next(c, 1, "NY", 2, &next, &place));
    assert_int_equal(place.id, 41);
    assert_true(coverage_state_next(c, 1, "NY", 2, &next, &place));
    assert_int_equal(place.id, 64);
    assert_string_equal(place.abbreviation, "QN");
    assert_string_equal(place.whole, "NY");
    assert_false(coverage_state_next(c, 1, "NY", 2, &next, &place));
    next = 0;
    assert_false(coverage_state_next(c, 0, "NY", 2, &next, &place));
    assert_true(coverage_state(c, 1, ohio, &place));
    assert_string_equal(place.name, "Ohio");
}

static void a_release_tells_its_tables(void **state)
{
    const struct fixture *f = *state;
    const struct coverage *c = &f->coverage;

    assert_int_equal(coverage_releases(c), 2);
    assert_true(coverage_loaded(c, 0, COVERAGE_ARTICLES));
    assert_false(coverage_loaded(c, 0, COVERAGE_JURISDICTIONS));
    assert_true(coverage_loaded(c, 1, COVERAGE_JURISDICTIONS));
    assert_false(coverage_loaded(c, 2, COVERAGE_ARTICLES));
    assert_string_equal(coverage_table_name(COVERAGE_ARTICLE_COVERED_GROUPS),
        "article_x_icd10_covered_group");
    assert_string_equal(coverage_table_name(COVERAGE_STATES), "state_lookup");
}

static void a_document_twice_in_a_release_is_refused(void **state)
{
    const struct coverage_release release = {0};
    struct coverage_writer *writer = NULL;
    struct coverage_new_document document;
    struct buffer blob = {0};
    struct error err = {0};

    assert_int_equal(coverage_writer_open(&writer, &err), 0);
    assert_int_equal(coverage_add_release(writer, &release, &err), 0);
    coverage_begin_document(&document, COVERAGE_ARTICLE, 5, 1);
    for (int i = 0; i < 2; i++)
        assert_int_equal(coverage_add_document(writer, &document, &err), 0);
    assert_int_equal(coverage_write(writer, &blob, &err), ERR_INPUT);
    assert_string_equal(
        err.msg, "coverage: document 5 version 1 twice in a release");
    coverage_writer_close(writer);
    buffer_clear(&blob);
}

/* Everything that can be asked, of whatever was read. */
static void ask_everything(const struct coverage *c)
{
    for (uint32_t d = 0; d < coverage_documents(c); d++) {
        struct coverage_document document;

        coverage_document(c, d, &document);
        for (int t = 0; t < COVERAGE_TEXTS; t++)
            (void)coverage_document_text(c, &document, t, NULL);
        for (uint32_t r = 0; r < document.relations; r++) {
            struct coverage_relation relation;

            coverage_relation(c, &document, r, &relation);
        }
    }
    for (uint32_t g = 0; g < coverage_groups(c); g++) {
        struct coverage_document document;
        struct coverage_member member;
        struct coverage_group group;

        coverage_group(c, g, &group);
        coverage_document(c, group.document, &document);
        for (uint32_t i = 0; i < group.members; i++) {
            coverage_member(c, &group, i, &member);
            (void)coverage_code_key(c, member.code);
        }
    }
    for (uint32_t j = 0; j < coverage_jurisdictions(c); j++) {
        struct coverage_jurisdiction at;
        struct coverage_contractor contractor;
        struct coverage_state place;
        uint32_t first, end;

        coverage_jurisdiction(c, j, &at);
        (void)coverage_contractor(c, 0, at.contractor, &contractor);
        (void)coverage_state(c, 0, at.state, &place);
        coverage_state_jurisdictions(c, at.state, &first, &end);
    }
}

static void a_blob_cut_short_or_damaged_is_read_within_itself(void **state)
{
    const struct fixture *f = *state;
    struct coverage c;
    struct error err;

    for (size_t len = 0; len < f->blob.len; len++) {
        uint8_t *copy = malloc(len > 0 ? len : 1);

        assert_non_null(copy);
        memcpy(copy, f->blob.data, len);
        assert_int_equal(coverage_read(&c, copy, len, &err), ERR_CORRUPT);
        free(copy);
    }
    for (size_t at = 0; at < f->blob.len; at++) {
        uint8_t *copy = malloc(f->blob.len);

        assert_non_null(copy);
        memcpy(copy, f->blob.data, f->blob.len);
        copy[at] = 0xFF;
        if (coverage_read(&c, copy, f->blob.len, &err) == 0)
            ask_everything(&c);
        free(copy);
    }
}

static void nothing_makes_a_blob_that_can_be_read(void **state)
{
    struct coverage_writer *writer = NULL;
    struct buffer blob = {0};
    struct coverage c;

    assert_int_equal(coverage_writer_open(&writer, NULL), 0);
    assert_int_equal(coverage_write(writer, &blob, NULL), 0);
    coverage_writer_close(writer);
    assert_int_equal(
        coverage_read(&c, (const uint8_t *)blob.data, blob.len, NULL), 0);
    assert_int_equal(coverage_documents(&c), 0);
    assert_int_equal(coverage_releases(&c), 0);
    assert_int_equal(
        coverage_code(&c, COVERAGE_CODE_DIAGNOSIS, text_key("M5450")),
        COVERAGE_NONE);
    buffer_clear(&blob);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_that_did_not_change_is_kept_once),
        cmocka_unit_test(the_groups_of_a_document_come_in_order),
        cmocka_unit_test(a_member_is_found_with_its_flags_and_line),
        cmocka_unit_test(a_code_finds_every_group_that_lists_it),
        cmocka_unit_test(equal_lists_are_kept_once),
        cmocka_unit_test(contractors_and_states_are_found_both_ways),
        cmocka_unit_test(a_release_tells_its_tables),
        cmocka_unit_test(a_document_twice_in_a_release_is_refused),
        cmocka_unit_test(a_blob_cut_short_or_damaged_is_read_within_itself),
        cmocka_unit_test(nothing_makes_a_blob_that_can_be_read),
    };

    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
