/* necessity_place.c - which release answers for a day, whose articles count at
 * a place, and which articles are in force. */
#include <stdlib.h>
#include <string.h>

#include "codesets/rules/necessity/necessity_index.h"

/* ----------------------------------------------------------- the release */

void coverage_time_at(
    struct coverage_time *out, const struct rules *rules, day_t day)
{
    const struct coverage *coverage = store_coverage(rules->store);
    struct snapshot at;

    *out = (struct coverage_time){.detail = DETAIL_NOT_LOADED};
    if (coverage == NULL)
        return;
    out->series =
        store_series(rules->store, TABLE_COVERAGE, SETTING_NONE, PROGRAM_NONE);
    if (out->series == NULL || out->series->releases == 0 ||
        coverage_releases(coverage) < out->series->releases)
        return;
    series_at(out->series, day, &at);
    out->release = out->next = at.release;
    switch (at.state) {
    case SNAPSHOT_BEFORE:
        /* A release that has the earlier versions of its documents speaks of
         * earlier days, too: each version has its dates. */
        out->release = out->next = 0;
        out->detail =
            coverage_release(coverage, 0).history ? DETAIL_NONE : DETAIL_BEFORE;
        return;
    case SNAPSHOT_IN_FORCE:
        out->detail = DETAIL_NONE;
        return;
    case SNAPSHOT_GAP:
        out->detail = DETAIL_NONE;
        out->next = at.next;
        if (coverage_release(coverage, at.next).history)
            out->release = at.next;
        return;
    case SNAPSHOT_STALE:
        out->stale = true;
        out->detail = DETAIL_NONE;
        return;
    default:
        out->detail = DETAIL_AFTER;
        return;
    }
}

bool coverage_has_lists(const struct coverage *coverage, uint32_t release)
{
    return coverage_loaded(coverage, release, COVERAGE_ARTICLE_PROCEDURES) &&
           (coverage_loaded(coverage, release, COVERAGE_ARTICLE_COVERED) ||
               coverage_loaded(coverage, release, COVERAGE_ARTICLE_NONCOVERED));
}

/* ----------------------------------------------------------- contractors */

static int by_number(const void *a, const void *b)
{
    const struct contractor_entry *one = a, *two = b;
    const int order = strcmp(one->number, two->number);

    if (order != 0)
        return order;
    if (one->release != two->release)
        return one->release < two->release ? -1 : 1;
    return one->code < two->code ? -1 : one->code > two->code;
}

static uint32_t contractors_of(struct contractor_entry *out,
    const struct coverage *coverage, uint32_t release)
{
    const struct coverage_key lowest = {{0}};
    const uint32_t end = coverage_code_end(coverage, COVERAGE_CODE_CONTRACTOR);
    uint32_t n = 0;

    for (uint32_t code =
             coverage_code_lower(coverage, COVERAGE_CODE_CONTRACTOR, lowest);
         code < end; code++) {
        struct coverage_contractor contractor;

        if (!coverage_contractor(coverage, release, code, &contractor))
            continue;
        if (out != NULL)
            out[n] =
                (struct contractor_entry){contractor.number, release, code};
        n++;
    }
    return n;
}

static bool holds(const char *text, const char *word)
{
    return strcasestr(text, word) != NULL;
}

/* The kinds of claims a contractor handles, bits 1 << enum necessity_kind, by
 * the publisher's words for its subtype and type ("MAC - Part A", "A and B
 * MAC", "DME MAC"). Words that tell nothing leave it open. */
static unsigned kinds_of(const struct coverage_contractor *contractor)
{
    const char *const words[] = {contractor->subtype, contractor->type_name};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (holds(words[i], "DME") || holds(words[i], "durable"))
            return 1u << NECESSITY_DME;
        if (holds(words[i], "A and B") || holds(words[i], "A/B"))
            continue; /* the subtype of such a one may say which */
        if (holds(words[i], "Part A") || strcmp(words[i], "A") == 0 ||
            holds(words[i], "intermediary"))
            return 1u << NECESSITY_PART_A;
        if (holds(words[i], "Part B") || strcmp(words[i], "B") == 0 ||
            holds(words[i], "carrier"))
            return 1u << NECESSITY_PART_B;
        if (holds(words[i], "HHH") || holds(words[i], "home health") ||
            holds(words[i], "hospice") || holds(words[i], "RHHI"))
            return 0;
    }
    return holds(contractor->type_name, "A and B") ||
                   holds(contractor->type_name, "A/B")
               ? 1u << NECESSITY_PART_A | 1u << NECESSITY_PART_B
               : 1u << NECESSITY_PART_A | 1u << NECESSITY_PART_B |
                     1u << NECESSITY_DME;
}

static void add_payer(
    struct necessity_payers *out, uint32_t contractor, uint32_t state)
{
    uint8_t at = 0;

    while (at < out->count && out->contractor[at] < contractor)
        at++;
    if (at < out->count && out->contractor[at] == contractor)
        return;
    if (out->count == NECESSITY_CONTRACTORS_MAX) {
        out->cut = true;
        return;
    }
    memmove(out->contractor + at + 1, out->contractor + at,
        (size_t)(out->count - at) * sizeof *out->contractor);
    memmove(out->state + at + 1, out->state + at,
        (size_t)(out->count - at) * sizeof *out->state);
    out->contractor[at] = contractor;
    out->state[at] = state;
    out->count++;
}

/* A contractor is a triple: a number or an id may stand for several. */
static void named_contractors(struct necessity_payers *out,
    const struct rules *rules, const char *text, uint32_t release)
{
    const struct necessity_index *index = rules->necessity;
    const size_t len = strlen(text);
    size_t low = 0, high = index->contractors;
    uint32_t id = 0;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (strcmp(index->contractor[middle].number, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < index->contractors &&
           strcmp(index->contractor[low].number, text) == 0;
         low++)
        if (index->contractor[low].release == release)
            add_payer(out, index->contractor[low].code, COVERAGE_NONE);
    if (out->count > 0 || strspn(text, "0123456789") != len || len > 4)
        return; /* numbers have five digits, ids up to four */
    for (size_t i = 0; i < len; i++)
        id = id * 10 + (uint32_t)(text[i] - '0');
    for (size_t i = 0; i < index->contractors; i++) {
        const struct contractor_entry *entry = &index->contractor[i];

        if (entry->release == release &&
            coverage_key_id(coverage_code_key(
                store_coverage(rules->store), entry->code)) == id)
            add_payer(out, entry->code, COVERAGE_NONE);
    }
}

/* Is the contractor active in the state on the day, and of the kind? */
static bool serves(
    const struct coverage_jurisdiction *area, uint32_t release, day_t day)
{
    return area->first_release <= release && release <= area->last_release &&
           area->active <= day && day <= area->terminated;
}

static bool of_kind(const struct necessity_index *index, uint32_t release,
    uint32_t code, enum necessity_kind kind)
{
    const uint32_t row = code - index->first_contractor;

    return row < index->contractor_codes &&
           (index->kinds[(size_t)release * index->contractor_codes + row] >>
                   kind &
               1) != 0;
}

/* The contractors of a state, of all its parts where it is split. Returns
 * whether there is such a state. */
static bool state_contractors(struct necessity_payers *out,
    const struct rules *rules, const struct necessity_place *place,
    uint32_t release, day_t day)
{
    const struct coverage *coverage = store_coverage(rules->store);
    struct coverage_state state;
    uint32_t at = 0;
    bool found = false;

    while (coverage_state_next(
        coverage, release, place->state, strlen(place->state), &at, &state)) {
        uint32_t first, end;

        found = true;
        coverage_state_jurisdictions(coverage, state.code, &first, &end);
        for (; first < end; first++) {
            struct coverage_jurisdiction area;

            coverage_jurisdiction(coverage,
                coverage_jurisdiction_by_state(coverage, first), &area);
            if (serves(&area, release, day) &&
                of_kind(
                    rules->necessity, release, area.contractor, place->kind))
                add_payer(out, area.contractor, state.code);
        }
    }
    return found;
}

/* Those of named that are among the state's. */
static void keep_common(
    struct necessity_payers *named, const struct necessity_payers *here)
{
    uint8_t n = 0;

    for (uint8_t i = 0; i < named->count; i++)
        for (uint8_t k = 0; k < here->count; k++)
            if (named->contractor[i] == here->contractor[k]) {
                named->contractor[n] = named->contractor[i];
                named->state[n++] = here->state[k];
            }
    named->count = n;
}

void necessity_payers_find(struct necessity_payers *out,
    const struct rules *rules, const struct necessity_place *place,
    uint32_t release, day_t day)
{
    const struct coverage *coverage = store_coverage(rules->store);
    struct necessity_payers here;

    out->detail = DETAIL_NONE;
    out->count = 0;
    out->cut = out->anywhere = out->by_state = false;
    if (place->contractor[0] == '\0' && place->state[0] == '\0') {
        out->anywhere = true;
        return;
    }
    if (place->contractor[0] != '\0') {
        named_contractors(out, rules, place->contractor, release);
        if (out->count == 0)
            out->detail = DETAIL_UNKNOWN_CONTRACTOR;
        if (out->count == 0 || place->state[0] == '\0')
            return;
    }
    out->by_state = true;
    here.count = 0;
    here.cut = false;
    if (!coverage_loaded(coverage, release, COVERAGE_JURISDICTIONS)) {
        out->detail = DETAIL_NO_JURISDICTIONS;
        out->count = 0;
        return;
    }
    if (!state_contractors(&here, rules, place, release, day)) {
        out->detail = DETAIL_UNKNOWN_STATE;
    } else if (here.count == 0) {
        out->detail = DETAIL_STATE_WITHOUT;
    } else if (place->contractor[0] != '\0') {
        keep_common(out, &here);
        if (out->count == 0)
            out->detail = DETAIL_CONTRACTOR_ELSEWHERE;
    } else {
        out->count = here.count;
        out->cut = here.cut;
        memcpy(out->contractor, here.contractor,
            here.count * sizeof *here.contractor);
        memcpy(out->state, here.state, here.count * sizeof *here.state);
    }
    if (out->detail != DETAIL_NONE)
        out->count = 0;
}

/* -------------------------------------------------------------- articles */

static day_t earlier(day_t a, day_t b)
{
    return a < b ? a : b;
}

/* The last day on which a version counts: end and retirement are the last
 * days themselves. */
static day_t last_day(const struct coverage_document *document)
{
    const day_t last =
        earlier(earlier(document->ended, document->revision_ended),
            earlier(document->retired, document->retires));

    if (document->status == 'R' && last == DAY_OPEN)
        return DAY_UNKNOWN; /* retired, nobody says when */
    return last;
}

static bool counts(
    const struct document_entry *entry, uint32_t release, day_t day)
{
    return entry->article && entry->first_release <= release &&
           release <= entry->last_release && entry->effective <= day &&
           day <= entry->last;
}

bool article_in_force(
    const struct rules *rules, uint32_t number, uint32_t release, day_t day)
{
    const struct necessity_index *index = rules->necessity;
    const struct coverage *coverage = store_coverage(rules->store);
    const struct document_entry *entry;
    struct coverage_document document;
    uint32_t first, end;

    if (number >= index->documents)
        return false;
    entry = &index->document[number];
    if (!counts(entry, release, day))
        return false;
    if (entry->alone)
        return true;
    /* Of versions whose dates overlap the one that began last counts. */
    coverage_document(coverage, number, &document);
    coverage_versions(coverage, COVERAGE_ARTICLE, document.id, &first, &end);
    for (; first < end && first < index->documents; first++) {
        const struct document_entry *other = &index->document[first];

        /* Versions ascend: of two that began together the later is higher. */
        if (counts(other, release, day) &&
            (other->effective > entry->effective ||
                (other->effective == entry->effective && first > number)))
            return false;
    }
    return true;
}

static void list_entry(const struct coverage *coverage,
    const struct coverage_document *document, enum coverage_list list,
    uint32_t *first, uint32_t *end, uint16_t *lists)
{
    struct coverage_group group;

    coverage_list_groups(coverage, document, list, first, end);
    *lists = 0;
    for (uint32_t i = *first; i < *end; i++) {
        coverage_group(coverage, i, &group);
        *lists = (uint16_t)(*lists + group_is_list(&group));
    }
}

static void own(struct necessity_index *index, const struct coverage *coverage,
    const struct coverage_document *document, uint32_t number)
{
    uint32_t first, end;

    coverage_list_groups(
        coverage, document, COVERAGE_DOCUMENT_CONTRACTORS, &first, &end);
    for (; first < end; first++) {
        struct coverage_group group;

        coverage_group(coverage, first, &group);
        for (uint32_t i = 0; i < group.members; i++) {
            struct coverage_member member;
            uint32_t row;

            coverage_member(coverage, &group, i, &member);
            row = member.code - index->first_contractor;
            if (row < index->contractor_codes)
                index->owner[row * index->row_words + number / 64] |=
                    (uint64_t)1 << number % 64;
        }
    }
}

/* Versions of one document stand one behind the other. */
static void find_alone(
    struct necessity_index *index, uint32_t number, const uint32_t *id)
{
    struct document_entry *entry = &index->document[number];

    entry->alone = true;
    for (uint32_t i = number; i > 0 && id[i - 1] == id[number]; i--) {
        struct document_entry *other = &index->document[i - 1];

        if (other->first_release <= entry->last_release &&
            entry->first_release <= other->last_release)
            other->alone = entry->alone = false;
    }
}

/* A contractor of which a release tells nothing may handle any claim. */
static void index_kinds(
    struct necessity_index *index, const struct coverage *coverage)
{
    const uint8_t any = (1u << NECESSITY_KINDS) - 1;

    for (uint32_t r = 0; r < coverage_releases(coverage); r++)
        for (uint32_t i = 0; i < index->contractor_codes; i++) {
            struct coverage_contractor contractor;

            index->kinds[(size_t)r * index->contractor_codes + i] =
                coverage_contractor(
                    coverage, r, index->first_contractor + i, &contractor)
                    ? (uint8_t)kinds_of(&contractor)
                    : any;
        }
}

static int index_documents(struct necessity_index *index,
    const struct coverage *coverage, struct error *err)
{
    const struct coverage_key lowest = {{0}};
    const uint32_t documents = coverage_documents(coverage);
    uint32_t *id = calloc((size_t)documents + 1, sizeof *id);

    index->first_contractor =
        coverage_code_lower(coverage, COVERAGE_CODE_CONTRACTOR, lowest);
    index->contractor_codes =
        coverage_code_end(coverage, COVERAGE_CODE_CONTRACTOR) -
        index->first_contractor;
    index->row_words = documents / 64 + 1;
    index->document = calloc((size_t)documents + 1, sizeof *index->document);
    index->owner = calloc(
        index->contractor_codes * index->row_words + 1, sizeof *index->owner);
    index->kinds = calloc(
        (size_t)coverage_releases(coverage) * index->contractor_codes + 1,
        sizeof *index->kinds);
    if (id == NULL || index->document == NULL || index->owner == NULL ||
        index->kinds == NULL) {
        free(id);
        return error_memory(err);
    }
    index->documents = documents;
    index_kinds(index, coverage);
    for (uint32_t i = 0; i < documents; i++) {
        struct document_entry *entry = &index->document[i];
        struct coverage_document document;

        coverage_document(coverage, i, &document);
        *entry = (struct document_entry){.effective = document.effective,
            .last = last_day(&document),
            .article = document.kind == COVERAGE_ARTICLE && !document.draft &&
                       document.status != 'P',
            .first_release = (uint8_t)document.first_release,
            .last_release = (uint8_t)document.last_release};
        id[i] = document.id;
        if (document.kind != COVERAGE_ARTICLE)
            continue;
        list_entry(coverage, &document, COVERAGE_COVERED, &entry->first_covered,
            &entry->end_covered, &entry->covered);
        list_entry(coverage, &document, COVERAGE_NONCOVERED,
            &entry->first_noncovered, &entry->end_noncovered,
            &entry->noncovered);
        own(index, coverage, &document, i);
        find_alone(index, i, id);
    }
    free(id);
    return 0;
}

int necessity_index_open(
    struct necessity_index **out, const struct store *store, struct error *err)
{
    const struct coverage *coverage = store_coverage(store);
    struct necessity_index *index = calloc(1, sizeof *index);
    struct span span;
    uint32_t releases, count = 0;
    int rc;

    if (index == NULL)
        return error_memory(err);
    rc = store_blob(store, "ties", strlen("ties"), &span, err);
    if (rc == 0)
        rc = ties_read(&index->ties, span.data, span.len, err);
    if (rc == 0 && coverage != NULL)
        rc = index_documents(index, coverage, err);
    releases = coverage == NULL ? 0 : coverage_releases(coverage);
    for (uint32_t r = 0; r < releases; r++)
        count += contractors_of(NULL, coverage, r);
    if (rc == 0 && count > 0 &&
        (index->contractor = calloc(count, sizeof *index->contractor)) == NULL)
        rc = error_memory(err);
    if (rc != 0) {
        necessity_index_close(index);
        return rc;
    }
    for (uint32_t r = 0; r < releases && count > 0; r++)
        index->contractors +=
            contractors_of(index->contractor + index->contractors, coverage, r);
    if (index->contractor != NULL)
        qsort(index->contractor, index->contractors, sizeof *index->contractor,
            by_number);
    *out = index;
    return 0;
}

void necessity_index_close(struct necessity_index *index)
{
    if (index == NULL)
        return;
    free(index->contractor);
    free(index->document);
    free(index->owner);
    free(index->kinds);
    free(index);
}

static bool list_has(const struct coverage *coverage,
    const struct coverage_document *document, enum coverage_list list,
    uint32_t code, uint32_t *members)
{
    uint32_t first, end;
    bool found = false;

    *members = 0;
    coverage_list_groups(coverage, document, list, &first, &end);
    for (; first < end; first++) {
        struct coverage_group group;

        coverage_group(coverage, first, &group);
        *members += group.members;
        found = found || coverage_group_has(coverage, &group, code, NULL);
    }
    return found;
}

/* Is one of an article's LCDs a contractor's? */
static enum article_owner owner_by_lcd(const struct coverage *coverage,
    const struct coverage_document *document, uint32_t release,
    uint32_t contractor)
{
    bool told = false;

    for (uint32_t i = 0; i < document->relations; i++) {
        struct coverage_relation relation;
        uint32_t first, end;

        coverage_relation(coverage, document, i, &relation);
        if (relation.kind != COVERAGE_LCD)
            continue;
        coverage_versions(coverage, COVERAGE_LCD, relation.id, &first, &end);
        for (; first < end; first++) {
            struct coverage_document lcd;
            uint32_t members;

            if (!coverage_in_release(coverage, first, release))
                continue;
            coverage_document(coverage, first, &lcd);
            if (list_has(coverage, &lcd, COVERAGE_DOCUMENT_CONTRACTORS,
                    contractor, &members))
                return OWNER_BY_LCD;
            told = told || members > 0;
        }
    }
    return told ? OWNER_NO : OWNER_UNKNOWN;
}

/* Two codes of one state, whole or split. */
static bool same_state(const struct coverage *coverage, uint32_t release,
    uint32_t one, uint32_t two)
{
    struct coverage_state a, b;

    return one == two ||
           (coverage_state(coverage, release, one, &a) &&
               coverage_state(coverage, release, two, &b) &&
               (a.code == b.code ||
                   (memcmp(a.whole, b.whole, sizeof a.whole) == 0 &&
                       (a.abbreviation[0] == '\0' ||
                           memcmp(a.abbreviation, a.whole, sizeof a.whole) ==
                               0 ||
                           memcmp(b.abbreviation, b.whole, sizeof b.whole) ==
                               0))));
}

/* The states of an article: where one contractor alone has it, those the
 * publisher names as primary; else the contractors' own. */
static bool serves_state(const struct coverage *coverage,
    const struct coverage_document *document, uint32_t release,
    uint32_t contractors, uint32_t state)
{
    uint32_t first, end;
    bool told = false;

    if (state == COVERAGE_NONE || contractors != 1)
        return true;
    coverage_list_groups(
        coverage, document, COVERAGE_DOCUMENT_STATES, &first, &end);
    for (; first < end; first++) {
        struct coverage_group group;

        coverage_group(coverage, first, &group);
        for (uint32_t i = 0; i < group.members; i++) {
            struct coverage_member member;

            coverage_member(coverage, &group, i, &member);
            if (same_state(coverage, release, member.code, state))
                return true;
            told = true;
        }
    }
    return !told;
}

enum article_owner article_of_contractor(const struct rules *rules,
    uint32_t number, uint32_t release, uint32_t contractor, uint32_t state)
{
    const struct coverage *coverage = store_coverage(rules->store);
    const bool loaded =
        coverage_loaded(coverage, release, COVERAGE_ARTICLE_CONTRACTORS);
    struct coverage_document document;
    uint32_t members;

    if (loaded && !index_owns(rules->necessity, contractor, number))
        return OWNER_NO;
    if (loaded && state == COVERAGE_NONE)
        return OWNER_YES;
    coverage_document(coverage, number, &document);
    if (!loaded)
        return coverage_loaded(coverage, release, COVERAGE_LCD_CONTRACTORS)
                   ? owner_by_lcd(coverage, &document, release, contractor)
                   : OWNER_UNKNOWN;
    (void)list_has(coverage, &document, COVERAGE_DOCUMENT_CONTRACTORS,
        contractor, &members);
    return serves_state(coverage, &document, release, members, state)
               ? OWNER_YES
               : OWNER_NO;
}
