#include "indexer/builds/verify_coverage.h"

#include <stdarg.h>
#include <string.h>

#include "codesets/store/coverage.h"

static const char *const kind_names[] = {"article", "lcd", "ncd"};
static const char *const list_names[COVERAGE_LISTS] = {"procedures", "covered",
    "noncovered", "modifiers", "bill_types", "revenue", "other", "contractors",
    "states"};
static const char *const text_names[COVERAGE_TEXTS] = {"title", "display_id",
    "type", "keywords", "description", "comments", "cms_policy", "icd10_info",
    "indication", "coding", "records", "utilization", "associated", "note"};

/* --- verify -----------------------------------------------------------------
 */

struct check {
    const struct coverage *coverage;
    const struct store *store;
    const struct series *series;
    coverage_finding_fn *found;
    void *context;
};

static void finding(const struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void finding(const struct check *check, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    check->found(check->context, text);
}

static void check_text(
    const struct check *check, uint32_t text, const char *what, uint32_t number)
{
    size_t len;

    if (text != COVERAGE_NONE &&
        strlen(coverage_text(check->coverage, text, &len)) != len)
        finding(check, "coverage %s %u: a text that cannot be", what, number);
}

static void check_source(
    const struct check *check, uint32_t file, const char *what, uint32_t number)
{
    if (file >= store_files(check->store))
        finding(check, "coverage %s %u: no source file", what, number);
}

static void check_document(const struct check *check, uint32_t number,
    const struct coverage_document *before, struct coverage_document *out,
    uint32_t *group, uint32_t *relation)
{
    const struct coverage *c = check->coverage;

    coverage_document(c, number, out);
    if (number > 0 && (out->kind < before->kind ||
                          (out->kind == before->kind && out->id < before->id) ||
                          (out->kind == before->kind && out->id == before->id &&
                              out->version < before->version) ||
                          (out->kind == before->kind && out->id == before->id &&
                              out->version == before->version &&
                              out->first_release <= before->last_release)))
        finding(check, "coverage document %u: out of order", number);
    if (out->first_release > out->last_release ||
        out->last_release >= coverage_releases(c))
        finding(check, "coverage document %u: no such release", number);
    if ((out->groups > 0 && out->first_group != *group) ||
        (out->relations > 0 && out->first_relation != *relation))
        finding(
            check, "coverage document %u: not behind the one before", number);
    *group += out->groups;
    *relation += out->relations;
    check_source(check, out->file, "document", number);
    for (int t = 0; t < COVERAGE_TEXTS; t++) {
        size_t len;
        const char *text =
            coverage_document_text(c, out, (enum coverage_text)t, &len);

        if (text != NULL && strlen(text) != len)
            finding(check, "coverage document %u: %s", number, text_names[t]);
    }
}

/* True when the group is among those found from a code. */
static bool is_found(
    const struct coverage *c, uint32_t code, uint32_t set, uint32_t number)
{
    struct coverage_uses uses;
    struct coverage_group group;
    uint32_t use;

    coverage_uses_begin(c, code, &uses);
    while (coverage_uses_next(c, &uses, &use)) {
        if (use == number)
            return true;
        coverage_group(c, use, &group);
        if (group.set > set) /* sets ascend */
            return false;
        if (group.set < set)
            uses.use = uses.use_end;
    }
    return false;
}

static void check_group(
    const struct check *check, uint32_t number, uint64_t *members)
{
    const struct coverage *c = check->coverage;
    struct coverage_group group;
    struct coverage_document document;
    struct coverage_member member;
    enum coverage_codes kind;
    uint32_t begin, last = 0, at;

    coverage_group(c, number, &group);
    coverage_document(c, group.document, &document);
    kind = coverage_list_codes(group.list);
    begin = kind > 0 && kind < COVERAGE_CODES
                ? coverage_code_end(c, (enum coverage_codes)(kind - 1))
                : 0;
    if (number < document.first_group ||
        number - document.first_group >= document.groups)
        finding(check, "coverage group %u: not in its document", number);
    check_text(check, group.paragraph, "group", number);
    check_text(check, group.asterisk, "group", number);
    if (group.paragraph != COVERAGE_NONE)
        check_source(check, group.paragraph_file, "group", number);
    if (group.members > 0)
        check_source(check, group.members_file, "group", number);
    for (uint32_t i = 0; i < group.members; i++) {
        coverage_member(c, &group, i, &member);
        if ((i > 0 && member.code <= last) || member.code < begin ||
            member.code >= coverage_code_end(c, kind))
            finding(
                check, "coverage group %u: member %u out of order", number, i);
        if (!coverage_group_has(c, &group, member.code, &at) || at != i)
            finding(check, "coverage group %u: member %u not found", number, i);
        if (!is_found(c, member.code, group.set, number))
            finding(check, "coverage group %u: not found from member %u",
                number, i);
        last = member.code;
    }
    *members += group.members;
}

/* Every use of every code is a group that has it: as many as the members. */
static void check_uses(const struct check *check, uint64_t members)
{
    const struct coverage *c = check->coverage;
    const uint32_t end =
        coverage_code_end(c, (enum coverage_codes)(COVERAGE_CODES - 1));
    uint64_t uses = 0;

    for (uint32_t code = 0; code < end; code++) {
        struct coverage_uses at;
        uint32_t group;

        coverage_uses_begin(c, code, &at);
        while (coverage_uses_next(c, &at, &group))
            uses++;
    }
    if (uses != members)
        finding(check, "coverage: %llu uses of codes, %llu members",
            (unsigned long long)uses, (unsigned long long)members);
}

static void check_codes(const struct check *check)
{
    const struct coverage *c = check->coverage;
    uint32_t code = 0;

    for (int kind = 0; kind < COVERAGE_CODES; kind++)
        for (; code < coverage_code_end(c, (enum coverage_codes)kind); code++)
            if (coverage_code(c, (enum coverage_codes)kind,
                    coverage_code_key(c, code)) != code)
                finding(check, "coverage code %u: not found by its key", code);
}

static bool is_kind(
    const struct coverage *c, uint32_t code, enum coverage_codes kind)
{
    return code >= coverage_code_end(c, (enum coverage_codes)(kind - 1)) &&
           code < coverage_code_end(c, kind);
}

static void check_places(const struct check *check)
{
    const struct coverage *c = check->coverage;
    struct coverage_jurisdiction at, before = {0};

    for (uint32_t i = 0; i < coverage_jurisdictions(c); i++) {
        uint32_t first, end, place;

        coverage_jurisdiction(c, i, &at);
        if (!is_kind(c, at.contractor, COVERAGE_CODE_CONTRACTOR) ||
            !is_kind(c, at.state, COVERAGE_CODE_STATE))
            finding(check, "coverage jurisdiction %u: no such place", i);
        if (i > 0 && (at.contractor < before.contractor ||
                         (at.contractor == before.contractor &&
                             at.state < before.state)))
            finding(check, "coverage jurisdiction %u: out of order", i);
        if (at.last_release >= coverage_releases(c))
            finding(check, "coverage jurisdiction %u: no such release", i);
        check_source(check, at.file, "jurisdiction", i);
        coverage_state_jurisdictions(c, at.state, &first, &end);
        for (place = first; place < end; place++)
            if (coverage_jurisdiction_by_state(c, place) == i)
                break;
        if (place == end)
            finding(
                check, "coverage jurisdiction %u: not found from its state", i);
        before = at;
    }
}

void verify_coverage(const struct store *store, const struct series *series,
    coverage_finding_fn *found, void *context)
{
    const struct check check = {
        store_coverage(store), store, series, found, context};
    struct coverage_document before = {0}, document;
    uint32_t group = 0, relation = 0;
    uint64_t members = 0;

    if (check.coverage == NULL) {
        finding(&check, "coverage: a series without its table");
        return;
    }
    if (coverage_releases(check.coverage) != series->releases)
        finding(&check, "coverage: %u releases, %zu in the series",
            coverage_releases(check.coverage), series->releases);
    for (uint32_t i = 0; i < coverage_documents(check.coverage); i++) {
        check_document(&check, i, &before, &document, &group, &relation);
        before = document;
    }
    if (group != coverage_groups(check.coverage))
        finding(&check, "coverage: groups of no document");
    for (uint32_t i = 0; i < coverage_groups(check.coverage); i++)
        check_group(&check, i, &members);
    check_uses(&check, members);
    check_codes(&check);
    check_places(&check);
}

/* --- dump -------------------------------------------------------------------
 */

static void print_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '\n')
            (void)fputs("\\n", out);
        else
            (void)fputc(*text == '\t' ? ' ' : *text, out);
}

static void print_day(FILE *out, const char *name, day_t day)
{
    char text[DAY_TEXT_LEN];

    if (day_format(text, day) > 0)
        (void)fprintf(out, "\t%s=%s", name, text);
}

static void print_code(FILE *out, const struct coverage *c,
    enum coverage_codes kind, uint32_t code)
{
    const struct coverage_key key = coverage_code_key(c, code);
    char name[COVERAGE_KEY_LEN + 1];

    if (kind == COVERAGE_CODE_CONTRACTOR)
        (void)fprintf(out, "\t%u.%u.%u", coverage_key_id(key),
            coverage_key_type(key), coverage_key_version(key));
    else if (kind == COVERAGE_CODE_STATE)
        (void)fprintf(out, "\t%u", coverage_key_id(key));
    else {
        (void)coverage_key_name(name, key);
        (void)fprintf(out, "\t%s", name);
    }
}

static void dump_group(const struct store *store, const struct coverage *c,
    const char *begin, uint32_t number, FILE *out)
{
    static const char range[] = "NBME";
    struct coverage_group group;
    struct coverage_member member;

    coverage_group(c, number, &group);
    (void)fprintf(out, "coverage_group\t%s\t%s\t%u\t%u%s", begin,
        list_names[group.list], group.number, group.members,
        group.placeholder ? "\tplaceholder" : "");
    if (group.paragraph != COVERAGE_NONE) {
        (void)fprintf(out,
            "\t%s:%u\tparagraph=", store_file(store, group.paragraph_file),
            group.paragraph_line);
        print_text(out, coverage_text(c, group.paragraph, NULL));
    }
    if (group.asterisk != COVERAGE_NONE) {
        (void)fputs("\tasterisk=", out);
        print_text(out, coverage_text(c, group.asterisk, NULL));
    }
    (void)fputc('\n', out);
    for (uint32_t i = 0; i < group.members; i++) {
        coverage_member(c, &group, i, &member);
        (void)fprintf(out, "coverage_code\t%s\t%s\t%u", begin,
            list_names[group.list], group.number);
        print_code(out, c, coverage_list_codes(group.list), member.code);
        (void)fprintf(out, "\t%c%s\t%s:%u\n", range[member.range],
            member.asterisk ? "*" : "", store_file(store, group.members_file),
            member.line);
    }
}

static void dump_document(const struct store *store, const struct coverage *c,
    const struct series *series, uint32_t number, FILE *out)
{
    struct coverage_document document;
    struct coverage_relation relation;
    char begin[128];

    coverage_document(c, number, &document);
    if (document.last_release >= series->releases)
        return;
    (void)snprintf(begin, sizeof begin, "%s\t%u\t%u\t%s\t%s",
        kind_names[document.kind], document.id, document.version,
        series->release[document.first_release].label,
        series->release[document.last_release].label);
    (void)fprintf(out, "coverage\t%s\t%s:%u", begin,
        store_file(store, document.file), document.line);
    if (document.status != '\0')
        (void)fprintf(out, "\tstatus=%c", document.status);
    if (document.draft)
        (void)fputs("\tdraft", out);
    print_day(out, "published", document.published);
    print_day(out, "effective", document.effective);
    print_day(out, "ended", document.ended);
    print_day(out, "revision_effective", document.revision_effective);
    print_day(out, "revision_ended", document.revision_ended);
    print_day(out, "retired", document.retired);
    print_day(out, "retires", document.retires);
    print_day(out, "updated", document.updated);
    for (int t = 0; t < COVERAGE_TEXTS; t++) {
        const char *text =
            coverage_document_text(c, &document, (enum coverage_text)t, NULL);

        if (text == NULL)
            continue;
        (void)fprintf(out, "\t%s=", text_names[t]);
        print_text(out, text);
    }
    (void)fputc('\n', out);
    for (uint32_t i = 0; i < document.relations; i++) {
        coverage_relation(c, &document, i, &relation);
        (void)fprintf(out, "coverage_relation\t%s\t%s\t%u\t%u\t%u\n", begin,
            kind_names[relation.kind], relation.id, relation.version,
            relation.contractor);
    }
    for (uint32_t g = 0; g < document.groups; g++)
        dump_group(store, c, begin, document.first_group + g, out);
}

static void dump_release(const struct coverage *c, const struct series *series,
    uint32_t r, FILE *out)
{
    (void)fprintf(out, "coverage_release\t%s%s", series->release[r].label,
        coverage_release(c, r).history ? "\thistory" : "");
    for (int t = 0; t < COVERAGE_TABLES; t++)
        if (coverage_loaded(c, r, (enum coverage_table)t))
            (void)fprintf(
                out, "\t%s", coverage_table_name((enum coverage_table)t));
    (void)fputc('\n', out);
}

static void dump_places(const struct store *store, const struct coverage *c,
    const struct series *series, uint32_t r, FILE *out)
{
    uint32_t code = coverage_code_end(
        c, (enum coverage_codes)(COVERAGE_CODE_CONTRACTOR - 1));
    struct coverage_contractor contractor;
    struct coverage_state state;

    for (; code < coverage_code_end(c, COVERAGE_CODE_CONTRACTOR); code++)
        if (coverage_contractor(c, r, code, &contractor))
            (void)fprintf(out,
                "coverage_contractor\t%s\t%u.%u.%u\t%s\t%s\t%s\t%s\t%s\t%s:%u"
                "\n",
                series->release[r].label, contractor.id, contractor.type,
                contractor.version, contractor.name, contractor.number,
                contractor.type_name, contractor.subtype, contractor.status,
                store_file(store, contractor.file), contractor.line);
    for (; code < coverage_code_end(c, COVERAGE_CODE_STATE); code++)
        if (coverage_state(c, r, code, &state))
            (void)fprintf(out, "coverage_state\t%s\t%u\t%s\t%s\t%s\t%s:%u\n",
                series->release[r].label, state.id, state.abbreviation,
                state.whole, state.name, store_file(store, state.file),
                state.line);
}

static void dump_jurisdictions(const struct store *store,
    const struct coverage *c, const struct series *series, FILE *out)
{
    for (uint32_t i = 0; i < coverage_jurisdictions(c); i++) {
        struct coverage_jurisdiction at;
        char active[DAY_TEXT_LEN], terminated[DAY_TEXT_LEN];

        coverage_jurisdiction(c, i, &at);
        if (at.last_release >= series->releases)
            continue;
        (void)day_format(active, at.active);
        (void)day_format(terminated, at.terminated);
        (void)fprintf(out, "coverage_jurisdiction\t%s\t%s",
            series->release[at.first_release].label,
            series->release[at.last_release].label);
        print_code(out, c, COVERAGE_CODE_CONTRACTOR, at.contractor);
        print_code(out, c, COVERAGE_CODE_STATE, at.state);
        (void)fprintf(out, "\t%s\t%s\t%s:%u\n", active, terminated,
            store_file(store, at.file), at.line);
    }
}

void dump_coverage(
    const struct store *store, const struct series *series, FILE *out)
{
    const struct coverage *c = store_coverage(store);

    if (c == NULL)
        return;
    for (uint32_t r = 0; r < series->releases; r++)
        dump_release(c, series, r, out);
    for (uint32_t i = 0; i < coverage_documents(c); i++)
        dump_document(store, c, series, i, out);
    for (uint32_t r = 0; r < series->releases; r++)
        dump_places(store, c, series, r, out);
    dump_jurisdictions(store, c, series, out);
}
