/* policy.c - one document of the coverage database, whole: an article, an LCD
 * or an NCD. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codesets/answer/item.h"
#include "codesets/answer/necessity/necessity_answer.h"
#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/release_json.h"

static const char *kind_name(enum coverage_kind kind)
{
    static const char *const names[] = {"article", "lcd", "ncd"};

    return (unsigned)kind <= COVERAGE_NCD ? names[kind] : "";
}

void policy_id(char out[POLICY_ID_TEXT], const struct coverage *coverage,
    const struct coverage_document *document)
{
    static const char *const letters[] = {"A", "L", "NCD"};
    size_t len = 0;
    const char *told = document->texts == 0
                           ? NULL
                           : coverage_document_text(
                                 coverage, document, COVERAGE_DISPLAY_ID, &len);

    if (document->kind != COVERAGE_NCD && told != NULL && len > 0 &&
        len < POLICY_ID_TEXT) {
        memcpy(out, told, len + 1);
        return;
    }
    (void)snprintf(out, POLICY_ID_TEXT, "%s%s%u", document->draft ? "D" : "",
        letters[document->kind], document->id);
}

void policy_url(
    char out[POLICY_URL_TEXT], const struct coverage_document *document)
{
    static const char *const page[] = {
        "article.aspx?articleid", "lcd.aspx?lcdid", "ncd.aspx?ncdid"};

    (void)snprintf(out, POLICY_URL_TEXT,
        "https://www.cms.gov/medicare-coverage-database/view/%s=%u",
        page[document->kind], document->id);
}

const char *policy_title(
    const struct coverage *coverage, const struct coverage_document *document)
{
    const char *title =
        coverage_document_text(coverage, document, COVERAGE_TITLE, NULL);
    uint32_t first, end;

    coverage_versions(coverage, document->kind, document->id, &first, &end);
    while (title == NULL && first < end) {
        struct coverage_document other;

        coverage_document(coverage, --end, &other);
        title = coverage_document_text(coverage, &other, COVERAGE_TITLE, NULL);
    }
    return title;
}

/* ------------------------------------------------------------ which one */

/* "A57067", "DA57067", "L34049", "NCD36"; a bare number may be any. */
static bool read_id(
    uint32_t *id, enum coverage_kind *kind, bool *bare, struct text_ref text)
{
    static const struct {
        const char *letters;
        enum coverage_kind kind;
    } forms[] = {{"NCD", COVERAGE_NCD}, {"DA", COVERAGE_ARTICLE},
        {"DL", COVERAGE_LCD}, {"A", COVERAGE_ARTICLE}, {"L", COVERAGE_LCD},
        {"N", COVERAGE_NCD}};
    uint64_t number = 0;
    size_t at = 0;

    *bare = true;
    *kind = COVERAGE_ARTICLE;
    for (size_t i = 0; i < sizeof forms / sizeof *forms && *bare; i++) {
        const size_t n = strlen(forms[i].letters);

        if (text.len > n && strncasecmp(text.text, forms[i].letters, n) == 0) {
            *kind = forms[i].kind;
            *bare = false;
            at = n;
        }
    }
    if (at < text.len && text.text[at] == '-')
        at++;
    if (at == text.len || text.len - at > 8)
        return false;
    for (; at < text.len; at++) {
        if (text.text[at] < '0' || text.text[at] > '9')
            return false;
        number = number * 10 + (uint64_t)(text.text[at] - '0');
    }
    *id = (uint32_t)number;
    return number > 0;
}

static bool in_dates(const struct coverage_document *document, day_t day)
{
    return document->effective <= day && day <= document->ended &&
           day <= document->retired && day <= document->retires &&
           day <= document->revision_ended;
}

/* Is the day before the release that answers for it, and no version known to
 * have been in force by then? One that is not loaded may have been. */
static bool before_versions(const struct coverage *coverage, uint32_t first,
    uint32_t end, const struct coverage_time *time, day_t day)
{
    if (time->series == NULL ||
        day >= time->series->release[time->release].from)
        return false;
    for (uint32_t i = first; i < end; i++) {
        struct coverage_document document;

        coverage_document(coverage, i, &document);
        if (document.effective != DAY_UNKNOWN && document.effective <= day)
            return false;
    }
    return true;
}

/* The version to show: the one in force on the day, or the newest of the
 * release that answers for it, or the newest of all. */
static uint32_t pick_version(const struct coverage *coverage, uint32_t first,
    uint32_t end, const struct coverage_time *time, day_t day)
{
    uint32_t pick = end - 1;
    bool in_release = false, in_force = false;

    for (uint32_t i = first; i < end; i++) {
        const bool here = coverage_in_release(coverage, i, time->release);
        struct coverage_document document;
        bool force;

        coverage_document(coverage, i, &document);
        force = here && !document.draft && in_dates(&document, day);
        if (force || (!in_force && (here || !in_release)))
            pick = i;
        in_force = in_force || force;
        in_release = in_release || here;
    }
    return pick;
}

static int find_policy(uint32_t *out, uint32_t *first, uint32_t *end,
    const struct answers *answers, struct text_ref text,
    const struct coverage_time *time, day_t day, struct error *err)
{
    const struct coverage *coverage = store_coverage(answers->store);
    enum coverage_kind kind;
    uint32_t id;
    bool bare;

    if (!read_id(&id, &kind, &bare, text))
        return error_set(err, ERR_INPUT, 0,
            "a policy is named by its number, as in A57067, L34049 or NCD36");
    if (coverage == NULL)
        return error_set(err, ERR_NOTFOUND, 0,
            "no release of the coverage database is loaded");
    coverage_versions(coverage, kind, id, first, end);
    for (int k = COVERAGE_LCD; bare && *first == *end && k <= COVERAGE_NCD; k++)
        coverage_versions(coverage, (enum coverage_kind)k, id, first, end);
    if (*first == *end)
        return error_set(err, ERR_NOTFOUND, 0,
            "%.*s is in none of the loaded releases of the coverage database",
            (int)text.len, text.text);
    *out = pick_version(coverage, *first, *end, time, day);
    return 0;
}

/* ------------------------------------------------------------------ parts */

static void text_member(struct json *json, const char *key,
    const struct coverage *coverage, const struct coverage_document *document,
    enum coverage_text which)
{
    size_t len;
    const char *text = coverage_document_text(coverage, document, which, &len);

    json_key(json, key);
    json_text(json, text, len);
}

static void day_member(struct json *json, const char *key, day_t day)
{
    json_key(json, key);
    json_day(json, day);
}

static const char *status_name(char status)
{
    switch (status) {
    case 'A':
        return "active";
    case 'R':
        return "retired";
    case 'P':
        return "pending";
    default:
        return NULL;
    }
}

static void document_json(struct json *json, const struct coverage *coverage,
    const struct coverage_document *document)
{
    char id[POLICY_ID_TEXT], url[POLICY_URL_TEXT];

    policy_id(id, coverage, document);
    policy_url(url, document);
    json_key(json, "id");
    json_string(json, id);
    json_key(json, "kind");
    json_word(json, kind_name(document->kind));
    json_key(json, "version");
    json_int(json, document->version);
    json_key(json, "title");
    json_string(json, policy_title(coverage, document));
    json_key(json, "status");
    json_string(json, status_name(document->status));
    json_key(json, "draft");
    json_bool(json, document->draft);
    day_member(json, "effective", document->effective);
    day_member(json, "ended", document->ended);
    day_member(json, "retired", document->retired);
    day_member(json, "retires", document->retires);
    json_key(json, "url");
    json_string(json, url);
}

static void versions_json(struct json *json, const struct answers *answers,
    const struct coverage_time *time, uint32_t first, uint32_t end)
{
    const struct coverage *coverage = store_coverage(answers->store);

    json_key(json, "versions");
    json_open(json, '[');
    for (; first < end; first++) {
        struct coverage_document document;

        coverage_document(coverage, first, &document);
        json_open(json, '{');
        json_key(json, "version");
        json_int(json, document.version);
        day_member(json, "effective", document.effective);
        day_member(json, "ended", document.ended);
        day_member(json, "revision_effective", document.revision_effective);
        day_member(json, "revision_ended", document.revision_ended);
        json_key(json, "releases");
        json_open(json, '[');
        for (uint32_t r = document.first_release;
             time->series != NULL && r <= document.last_release &&
             r < time->series->releases;
             r++)
            json_string(json, time->series->release[r].label);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void code_json(struct json *json, const struct coverage *coverage,
    enum coverage_codes kind, uint32_t code)
{
    char text[COVERAGE_KEY_LEN + 1], dotted[CODE_TEXT];
    const size_t len =
        coverage_key_name(text, coverage_code_key(coverage, code));

    if (kind == COVERAGE_CODE_DIAGNOSIS) {
        (void)icd_dotted(dotted, text, len);
        json_string(json, dotted);
    } else {
        json_text(json, text, len);
    }
}

static void group_json(struct json *json, const struct answers *answers,
    const char *release, const struct coverage_group *group)
{
    const struct coverage *coverage = store_coverage(answers->store);
    const enum coverage_codes kind = coverage_list_codes(group->list);

    json_open(json, '{');
    json_key(json, "group");
    json_int(json, group->number);
    paragraph_json(json, coverage, group);
    json_key(json, "asterisk_note");
    json_string(json, group->asterisk == COVERAGE_NONE
                          ? NULL
                          : coverage_text(coverage, group->asterisk, NULL));
    json_key(json, "not_applicable"); /* the list says so: it is no list */
    json_bool(json, group->placeholder && group->members == 0);
    json_key(json, "total");
    json_int(json, group->members);
    json_key(json, "codes");
    json_open(json, '[');
    for (uint32_t i = 0; i < group->members && i < POLICY_CODES_MAX; i++) {
        struct coverage_member member;

        coverage_member(coverage, group, i, &member);
        code_json(json, coverage, kind, member.code);
    }
    json_close(json, ']');
    json_key(json, "asterisked");
    json_open(json, '[');
    for (uint32_t i = 0; i < group->members && i < POLICY_CODES_MAX; i++) {
        struct coverage_member member;

        coverage_member(coverage, group, i, &member);
        if (member.asterisk)
            code_json(json, coverage, kind, member.code);
    }
    json_close(json, ']');
    json_key(json, "source");
    source_json(json, release, store_file(answers->store, group->members_file),
        group->line);
    json_close(json, '}');
}

static void groups_json(struct json *json, const struct answers *answers,
    const char *release, const struct coverage_document *document)
{
    static const enum coverage_list lists[] = {COVERAGE_PROCEDURES,
        COVERAGE_COVERED, COVERAGE_NONCOVERED, COVERAGE_MODIFIERS,
        COVERAGE_BILL_TYPES, COVERAGE_REVENUE, COVERAGE_OTHER};
    const struct coverage *coverage = store_coverage(answers->store);

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        uint32_t first, end;

        json_key(json, coverage_list_name(lists[i]));
        json_open(json, '[');
        coverage_list_groups(coverage, document, lists[i], &first, &end);
        for (; first < end; first++) {
            struct coverage_group group;

            coverage_group(coverage, first, &group);
            group_json(json, answers, release, &group);
        }
        json_close(json, ']');
    }
}

static void contractors_json(struct json *json, const struct coverage *coverage,
    const struct coverage_document *document, uint32_t release)
{
    uint32_t first, end;

    json_key(json, "contractors");
    json_open(json, '[');
    coverage_list_groups(
        coverage, document, COVERAGE_DOCUMENT_CONTRACTORS, &first, &end);
    for (; first < end; first++) {
        struct coverage_group group;

        coverage_group(coverage, first, &group);
        for (uint32_t i = 0; i < group.members; i++) {
            struct coverage_contractor contractor;
            struct coverage_member member;
            struct coverage_key key;

            coverage_member(coverage, &group, i, &member);
            key = coverage_code_key(coverage, member.code);
            json_open(json, '{');
            json_key(json, "contractor_id");
            json_int(json, coverage_key_id(key));
            if (coverage_contractor(
                    coverage, release, member.code, &contractor)) {
                json_key(json, "contractor");
                json_string(json, contractor.number);
                json_key(json, "contractor_name");
                json_string(json, contractor.name);
                json_key(json, "contractor_type");
                json_string(json, contractor.type_name);
            }
            json_close(json, '}');
        }
    }
    json_close(json, ']');
}

enum { STATES_MAX = 128 };

struct states {
    uint32_t count, code[STATES_MAX];
};

static void add_state(struct states *states, uint32_t code)
{
    for (uint32_t i = 0; i < states->count; i++)
        if (states->code[i] == code)
            return;
    if (states->count < STATES_MAX)
        states->code[states->count++] = code;
}

/* Primary states where they are told and one contractor has it; else where
 * its contractors are active. */
static void find_states(struct states *out, const struct coverage *coverage,
    const struct coverage_document *document, uint32_t release, day_t day)
{
    uint32_t first, end, contractors = 0;
    struct coverage_member member;
    struct coverage_group group;

    coverage_list_groups(
        coverage, document, COVERAGE_DOCUMENT_CONTRACTORS, &first, &end);
    for (uint32_t g = first; g < end; g++) {
        coverage_group(coverage, g, &group);
        contractors += group.members;
    }
    if (contractors <= 1) {
        uint32_t from, to;

        coverage_list_groups(
            coverage, document, COVERAGE_DOCUMENT_STATES, &from, &to);
        for (; from < to; from++) {
            coverage_group(coverage, from, &group);
            for (uint32_t i = 0; i < group.members; i++) {
                coverage_member(coverage, &group, i, &member);
                add_state(out, member.code);
            }
        }
    }
    for (; out->count == 0 && first < end; first++) {
        coverage_group(coverage, first, &group);
        for (uint32_t i = 0; i < group.members; i++) {
            uint32_t from, to;

            coverage_member(coverage, &group, i, &member);
            coverage_contractor_jurisdictions(
                coverage, member.code, &from, &to);
            for (; from < to; from++) {
                struct coverage_jurisdiction area;

                coverage_jurisdiction(coverage, from, &area);
                if (area.first_release <= release &&
                    release <= area.last_release && area.active <= day &&
                    day <= area.terminated)
                    add_state(out, area.state);
            }
        }
    }
}

static void states_json(struct json *json, const struct coverage *coverage,
    const struct coverage_document *document, uint32_t release, day_t day)
{
    struct states states = {0};

    find_states(&states, coverage, document, release, day);
    json_key(json, "states");
    json_open(json, '[');
    for (uint32_t i = 0; i < states.count; i++) {
        struct coverage_state state;

        if (coverage_state(coverage, release, states.code[i], &state))
            json_string(json, state.abbreviation);
    }
    json_close(json, ']');
}

static void related_json(struct json *json, const struct coverage *coverage,
    const struct coverage_document *document, const struct coverage_time *time,
    day_t day)
{
    json_key(json, "related");
    json_open(json, '[');
    for (uint32_t i = 0; i < document->relations; i++) {
        struct coverage_document other = {0};
        struct coverage_relation relation;
        char id[POLICY_ID_TEXT], url[POLICY_URL_TEXT];
        uint32_t first, end;

        coverage_relation(coverage, document, i, &relation);
        other.kind = relation.kind;
        other.id = relation.id;
        coverage_versions(coverage, relation.kind, relation.id, &first, &end);
        if (first < end)
            coverage_document(coverage,
                pick_version(coverage, first, end, time, day), &other);
        policy_id(id, coverage, &other);
        policy_url(url, &other);
        json_open(json, '{');
        json_key(json, "id");
        json_string(json, id);
        json_key(json, "kind");
        json_word(json, kind_name(other.kind));
        json_key(json, "title");
        json_string(json, policy_title(coverage, &other));
        json_key(json, "version");
        if (relation.version != 0)
            json_int(json, relation.version);
        else
            json_null(json);
        json_key(json, "loaded");
        json_bool(json, first < end);
        json_key(json, "url");
        json_string(json, url);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void texts_json(struct json *json, const struct coverage *coverage,
    const struct coverage_document *document)
{
    static const struct {
        const char *name;
        enum coverage_text which;
    } texts[] = {{"description", COVERAGE_DESCRIPTION},
        {"indications", COVERAGE_INDICATION}, {"comments", COVERAGE_COMMENTS},
        {"cms_policy", COVERAGE_CMS_POLICY},
        {"icd10_information", COVERAGE_ICD10_INFO}, {"coding", COVERAGE_CODING},
        {"documentation", COVERAGE_RECORDS},
        {"utilization", COVERAGE_UTILIZATION},
        {"associated", COVERAGE_ASSOCIATED}, {"note", COVERAGE_NOTE}};

    json_key(json, "texts");
    json_open(json, '{');
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_member(json, texts[i].name, coverage, document, texts[i].which);
    json_close(json, '}');
}

/* ----------------------------------------------------------- the answer */

int answer_policy(struct buffer *out, const struct answers *answers,
    struct text_ref id, day_t day, struct error *err)
{
    const struct coverage *coverage = store_coverage(answers->store);
    const size_t before = out->len;
    struct coverage_document document;
    uint32_t number = 0, first = 0, end = 0, release;
    struct coverage_time time;
    struct used used = {0};
    struct json json;
    const char *label;
    int rc;

    coverage_time_at(&time, answers->rules, day);
    if ((rc = find_policy(
             &number, &first, &end, answers, id, &time, day, err)) != 0)
        return rc;
    coverage_document(coverage, number, &document);
    release = coverage_in_release(coverage, number, time.release)
                  ? time.release
                  : document.last_release;
    label = time.series != NULL && release < time.series->releases
                ? time.series->release[release].label
                : NULL;
    json_begin(&json, out);
    json_open(&json, '{');
    document_json(&json, coverage, &document);
    text_member(&json, "type", coverage, &document, COVERAGE_TYPE);
    if (document.kind == COVERAGE_NCD)
        text_member(
            &json, "manual_section", coverage, &document, COVERAGE_DISPLAY_ID);
    text_member(&json, "keywords", coverage, &document, COVERAGE_KEYWORDS);
    day_member(&json, "published", document.published);
    day_member(&json, "revision_effective", document.revision_effective);
    day_member(&json, "revision_ended", document.revision_ended);
    day_member(&json, "updated", document.updated);
    day_member(&json, "date", day);
    json_key(&json, "in_force"); /* null: the loaded data does not tell */
    if (time.detail != DETAIL_NONE || time.next != time.release ||
        before_versions(coverage, first, end, &time, day))
        json_null(&json);
    else
        json_bool(&json,
            document.kind == COVERAGE_ARTICLE
                ? article_in_force(answers->rules, number, time.release, day)
                : coverage_in_release(coverage, number, time.release) &&
                      !document.draft && in_dates(&document, day));
    json_key(&json, "detail");
    json_string(&json, necessity_detail_name(time.detail));
    coverage_time_json(&json, answers, &time, day);
    versions_json(&json, answers, &time, first, end);
    contractors_json(&json, coverage, &document, release);
    states_json(&json, coverage, &document, release, day);
    related_json(&json, coverage, &document, &time, day);
    groups_json(&json, answers, label, &document);
    texts_json(&json, coverage, &document);
    json_key(&json, "source");
    source_json(
        &json, label, store_file(answers->store, document.file), document.line);
    used_add(&used, time.series);
    used_json(&json, &used, answers->store, day);
    json_close(&json, '}');
    if (out->failed) {
        out->len = before;
        return error_memory(err);
    }
    return 0;
}

/* --------------------------------------------------- policies of a code */

enum { CARD_POLICIES = 50 }; /* shown on a card; the count tells of more */

static int by_document(const void *a, const void *b)
{
    const uint32_t *one = a, *two = b;

    return *one < *two ? -1 : *one > *two;
}

/* Does the release tell which articles list a code? */
static bool lists_loaded(
    const struct coverage *coverage, uint32_t release, bool diagnosis)
{
    if (!diagnosis)
        return coverage_loaded(coverage, release, COVERAGE_ARTICLE_PROCEDURES);
    return coverage_loaded(coverage, release, COVERAGE_ARTICLE_COVERED) ||
           coverage_loaded(coverage, release, COVERAGE_ARTICLE_NONCOVERED);
}

static enum snapshot_state state_of(const struct coverage_time *time)
{
    if (time->next != time->release)
        return SNAPSHOT_GAP; /* told by the release before it */
    return time->stale ? SNAPSHOT_STALE : SNAPSHOT_IN_FORCE;
}

void policies_of_code_json(struct json *json, const struct answers *answers,
    const char *code, size_t len, bool diagnosis, day_t day)
{
    const struct coverage *coverage = store_coverage(answers->store);
    uint32_t document[NECESSITY_ARTICLES_MAX], number, total = 0;
    struct coverage_time time;
    struct coverage_uses uses;
    size_t n = 0, kept = 0;
    bool cut = false;

    json_key(json, "policies");
    coverage_time_at(&time, answers->rules, day);
    if (time.detail != DETAIL_NONE ||
        !lists_loaded(coverage, time.release, diagnosis)) {
        json_null(json); /* nothing is known of that day */
        return;
    }
    coverage_uses_begin(coverage,
        coverage_code(coverage,
            diagnosis ? COVERAGE_CODE_DIAGNOSIS : COVERAGE_CODE_PROCEDURE,
            coverage_key_text(code, len)),
        &uses);
    while (coverage_uses_next(coverage, &uses, &number)) {
        struct coverage_group group;

        coverage_group(coverage, number, &group);
        if (!article_in_force(
                answers->rules, group.document, time.release, day))
            continue;
        if (n == NECESSITY_ARTICLES_MAX) {
            cut = true;
            break;
        }
        document[n++] = group.document;
    }
    if (n > 1)
        qsort(document, n, sizeof *document, by_document);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || document[i] != document[i - 1])
            document[kept++] = document[i];
    total = (uint32_t)kept;
    json_open(json, '{');
    json_key(json, "total");
    json_int(json, total);
    json_key(json, "cut");
    json_bool(json, cut || kept > CARD_POLICIES);
    json_key(json, "state");
    json_word(json, snapshot_state_name(state_of(&time)));
    json_key(json, "items");
    json_open(json, '[');
    for (size_t i = 0; i < kept && i < CARD_POLICIES; i++) {
        struct coverage_document found;

        coverage_document(coverage, document[i], &found);
        json_open(json, '{');
        document_json(json, coverage, &found);
        json_key(json, "source");
        source_json(json, time.series->release[time.release].label,
            store_file(answers->store, found.file), found.line);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}
