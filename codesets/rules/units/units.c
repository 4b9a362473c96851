#include "codesets/rules/units/units.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "codesets/rules/units/units_parts.h"

/* The one family that a contractor may count in the pool (domain.md 4.2: no
 * ruling is settled), named as in the curated table. */
static const char pooled_on_request[] = "cognitive";

int units_rule_parse(
    enum units_rule *out, const char *name, size_t len, struct error *err)
{
    static const struct {
        const char *name;
        enum units_rule rule;
    } names[] = {{"cms", UNITS_CMS}, {"cms8", UNITS_CMS},
        {"midpoint", UNITS_MIDPOINT}, {"spm", UNITS_MIDPOINT}};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i].name) == len &&
            strncasecmp(names[i].name, name, len) == 0) {
            *out = names[i].rule;
            return 0;
        }
    return error_set(err, ERR_INPUT, 0,
        "rule: '%.*s' is neither cms (the 8-minute pool) nor midpoint (each "
        "code alone)",
        len > 32 ? 32 : (int)len, name);
}

const char *units_rule_name(enum units_rule rule)
{
    return rule == UNITS_MIDPOINT ? "midpoint" : "cms";
}

const char *discipline_name(enum discipline discipline)
{
    static const char *const names[DISCIPLINE_COUNT] = {"", "PT", "OT", "SLP"};

    return (unsigned)discipline < DISCIPLINE_COUNT ? names[discipline] : "";
}

const char *units_way_name(enum units_way way)
{
    static const char *const names[] = {
        "not_counted", "untimed", "unlisted", "pool", "alone", "family"};

    return (unsigned)way <= UNITS_FAMILY ? names[way] : names[0];
}

const char *units_warn_name(enum units_warn reason)
{
    static const char *const names[UNITS_WARN_COUNT] = {"unlisted_code",
        "timing_unknown", "not_yet", "ended", "counts_days",
        "timed_by_descriptor", "lines_merged", "other_code_fits",
        "base_code_missing", "above_maximum", "discipline_assumed",
        "more_than_a_day", "minutes_unsure"};

    return (unsigned)reason < UNITS_WARN_COUNT ? names[reason] : "";
}

/* ---- the question */

/* GP, GO and GN say whose time it was; other modifiers say nothing here. */
static int find_discipline(
    enum discipline *out, const struct pair_line *line, struct error *err)
{
    static const char therapists[][MODIFIER_LEN + 1] = {"", "GP", "GO", "GN"};

    *out = DISCIPLINE_NONE;
    for (unsigned i = 0; i < line->modifiers; i++)
        for (int d = DISCIPLINE_PT; d < DISCIPLINE_COUNT; d++) {
            if (line->modifier[i] != modifier_pack(therapists[d]))
                continue;
            if (*out != DISCIPLINE_NONE && *out != (enum discipline)d)
                return error_set(err, ERR_INPUT, 0,
                    "%s: %s and %s on one line; give each therapist's minutes "
                    "a line",
                    line->code, therapists[*out], therapists[d]);
            *out = (enum discipline)d;
        }
    return 0;
}

int units_add(struct units_question *question, const struct rules *rules,
    const char *code, size_t code_len, int64_t minutes, const char *modifiers,
    size_t modifiers_len, struct error *err)
{
    struct units_line *line;
    struct pair_line read;
    int rc;

    if (question->count == UNITS_LINES_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "minutes: at most %d lines in one question", UNITS_LINES_MAX);
    pair_line_parse(&read, rules, code, code_len);
    /* The curated table may know a code that no loaded release has. */
    if (read.kind == LINE_UNKNOWN) {
        struct timed_fact fact;

        timed_find(&fact, rules->timed, read.packed, question->day);
        if (fact.row != NULL)
            read.kind = LINE_PROCEDURE;
    }
    if (read.kind == LINE_UNKNOWN)
        return error_set(err, ERR_INPUT, 0,
            "minutes: no loaded release has a code %s", read.code);
    if (read.kind != LINE_PROCEDURE && read.kind != LINE_LOCAL)
        return error_set(
            err, ERR_INPUT, 0, "minutes: '%s' is no procedure code", read.code);
    if (minutes < 0 || minutes > UNITS_MINUTES_MAX)
        return error_set(err, ERR_INPUT, 0,
            "minutes of %s: a whole number from 0 to %d", read.code,
            UNITS_MINUTES_MAX);
    if ((rc = pair_line_modifiers(&read, modifiers, modifiers_len, err)) != 0)
        return rc;
    line = &question->line[question->count];
    if ((rc = find_discipline(&line->discipline, &read, err)) != 0)
        return rc;
    memcpy(line->code, read.code, sizeof line->code);
    line->packed = read.kind == LINE_LOCAL ? PROC_NONE : read.packed;
    line->minutes = (uint32_t)minutes;
    question->count++;
    return 0;
}

/* ---- entries */

static void warn(struct units_answer *answer, enum units_warn reason,
    size_t entry, size_t other)
{
    if (answer->warnings < UNITS_WARNINGS_MAX)
        answer->warning[answer->warnings++] =
            (struct units_warning){reason, (uint16_t)entry, (uint16_t)other};
}

/* The entry of a code in a discipline; answer->entries when there is none. */
static size_t find_entry(const struct units_answer *answer, uint32_t packed,
    const char *code, enum discipline discipline)
{
    size_t e = 0;

    while (
        e < answer->entries &&
        (answer->entry[e].packed != packed ||
            answer->entry[e].discipline != discipline ||
            (packed == PROC_NONE && strcmp(answer->entry[e].code, code) != 0)))
        e++;
    return e;
}

/* The same of a member of a family. */
static size_t entry_of(const struct units_answer *answer,
    const struct units_member *member, enum discipline discipline)
{
    return find_entry(
        answer, member->row->packed, member->row->code, discipline);
}

/* The one discipline that lines name, or DISCIPLINE_NONE. */
static enum discipline only_discipline(const struct units_question *question)
{
    enum discipline only = DISCIPLINE_NONE;

    for (size_t i = 0; i < question->count; i++) {
        const enum discipline named = question->line[i].discipline;

        if (named != DISCIPLINE_NONE && only != DISCIPLINE_NONE &&
            named != only)
            return DISCIPLINE_NONE;
        if (named != DISCIPLINE_NONE)
            only = named;
    }
    return only;
}

/* Lines of one code in one discipline are one entry: morning and afternoon are
 * one day. */
static int merge_lines(
    struct units_answer *answer, const struct rules *rules, struct error *err)
{
    const struct units_question *question = answer->question;
    const enum discipline only = only_discipline(question);

    for (size_t i = 0; i < question->count; i++) {
        const struct units_line *line = &question->line[i];
        const enum discipline discipline =
            line->discipline != DISCIPLINE_NONE ? line->discipline : only;
        const size_t e =
            find_entry(answer, line->packed, line->code, discipline);
        struct units_entry *entry = &answer->entry[e];

        if (e == answer->entries) {
            *entry = (struct units_entry){.packed = line->packed,
                .discipline = discipline,
                .part = UNITS_NO_ENTRY};
            memcpy(entry->code, line->code, sizeof entry->code);
            timed_find(
                &entry->fact, rules->timed, entry->packed, question->day);
            answer->entries++;
        } else if (!entry->merged) {
            entry->merged = true;
            warn(answer, UNITS_WARN_MERGED, e, UNITS_NO_ENTRY);
        }
        entry->minutes += line->minutes;
        if (entry->minutes > UNITS_MINUTES_MAX)
            return error_set(err, ERR_INPUT, 0,
                "minutes of %s: its lines together are more than the %d of a "
                "day",
                entry->code, UNITS_MINUTES_MAX);
    }
    return 0;
}

static size_t add_implied(struct units_answer *answer,
    const struct timed_table *table, const struct timed_row *row, uint16_t set)
{
    const size_t e = answer->entries++;
    struct units_entry *entry = &answer->entry[e];

    assert(e < UNITS_ENTRIES_MAX);
    *entry = (struct units_entry){.packed = row->packed,
        .discipline = answer->set[set].discipline,
        .way = UNITS_FAMILY,
        .implied = true,
        .part = set};
    memcpy(entry->code, row->code, sizeof row->code);
    timed_find(&entry->fact, table, row->packed, answer->question->day);
    return e;
}

/* ---- families */

/* The set of a family and discipline; answer->sets when there is none. */
static size_t find_set(const struct units_answer *answer, uint16_t family,
    enum discipline discipline)
{
    size_t s = 0;

    while (s < answer->sets && (answer->set[s].family != family ||
                                   answer->set[s].discipline != discipline))
        s++;
    return s;
}

/* An entry of a family joins its set. One of two families joins the one that is
 * there already. */
static void join_set(struct units_answer *answer, size_t e, bool pooled)
{
    struct units_entry *entry = &answer->entry[e];
    const uint16_t *family = entry->fact.row->family;
    size_t s = answer->sets;

    for (size_t i = 0; i < TIMED_FAMILIES_OF_ROW && s == answer->sets; i++)
        if (family[i] != TIMED_NO_FAMILY)
            s = find_set(answer, family[i], entry->discipline);
    if (s == answer->sets)
        answer->set[answer->sets++] = (struct units_set){.family = family[0],
            .discipline = entry->discipline,
            .pooled = pooled};
    entry->part = (uint16_t)s;
    answer->set[s].minutes += entry->minutes;
}

/* The members of a set with what was asked of each. */
static size_t gather(struct units_member member[UNITS_FAMILY_MAX],
    const struct units_answer *answer, const struct timed_table *table,
    size_t s)
{
    const struct units_set *set = &answer->set[s];
    const size_t count =
        units_members(member, table, set->family, answer->question->day);

    for (size_t m = 0; m < count; m++) {
        const size_t e = entry_of(answer, &member[m], set->discipline);

        if (e == answer->entries)
            continue;
        member[m].asked = !answer->entry[e].implied;
        member[m].minutes = answer->entry[e].minutes;
    }
    return count;
}

/* Every member that has units gets an entry. */
static void imply(struct units_answer *answer, const struct timed_table *table,
    const struct units_member *member, size_t count, uint16_t s)
{
    for (size_t m = 0; m < count; m++) {
        if (member[m].units > 0 &&
            entry_of(answer, &member[m], answer->set[s].discipline) ==
                answer->entries)
            (void)add_implied(answer, table, member[m].row, s);
    }
}

/* What to say where the minutes earn other codes than those asked. */
static void warn_of_others(struct units_answer *answer,
    const struct units_member *member, size_t count, size_t s)
{
    const enum discipline discipline = answer->set[s].discipline;
    size_t first = UNITS_NO_ENTRY;
    bool first_asked = false;

    for (size_t m = 0; m < count; m++)
        if (!member[m].added && member[m].units > 0) {
            first = entry_of(answer, &member[m], discipline);
            first_asked = member[m].asked;
        }
    for (size_t m = 0; m < count && first != UNITS_NO_ENTRY; m++) {
        const size_t e = entry_of(answer, &member[m], discipline);

        if (!member[m].asked || e == first)
            continue;
        if (!member[m].added)
            warn(answer, UNITS_WARN_OTHER_CODE, e, first);
        else if (!first_asked)
            warn(answer, UNITS_WARN_BASE_MISSING, e, first);
    }
    if (answer->set[s].above > 0)
        warn(answer, UNITS_WARN_ABOVE_MAXIMUM, first, UNITS_NO_ENTRY);
}

static void count_set(
    struct units_answer *answer, const struct timed_table *table, uint16_t s)
{
    struct units_member member[UNITS_FAMILY_MAX];
    struct units_set *set = &answer->set[s];
    const size_t count = gather(member, answer, table, s);

    set->above =
        units_family_count(member, count, set->minutes, answer->question->rule);
    imply(answer, table, member, count, s);
    for (size_t m = 0; m < count; m++) {
        const size_t e = entry_of(answer, &member[m], set->discipline);

        if (e < answer->entries)
            answer->entry[e].units = member[m].units;
    }
    warn_of_others(answer, member, count, s);
}

/* ---- the pool */

void units_place(uint16_t *units, const struct units_answer *answer,
    const struct timed_table *table, const struct units_item *item,
    uint32_t item_units)
{
    struct units_member member[UNITS_FAMILY_MAX];
    size_t count;

    if (item->set == UNITS_NO_ENTRY) {
        units[item->entry] = (uint16_t)item_units;
        return;
    }
    count = gather(member, answer, table, item->set);
    units_family_share(member, count, item_units);
    for (size_t m = 0; m < count; m++) {
        const size_t e =
            entry_of(answer, &member[m], answer->set[item->set].discipline);

        if (e < answer->entries)
            units[e] = (uint16_t)member[m].units;
    }
}

/* A pooled family may earn codes that were not asked. */
static void imply_of_item(struct units_answer *answer,
    const struct timed_table *table, const struct units_item *item)
{
    struct units_member member[UNITS_FAMILY_MAX];
    size_t count;

    if (item->set == UNITS_NO_ENTRY)
        return;
    count = gather(member, answer, table, item->set);
    units_family_share(
        member, count, item->tied ? item->whole + 1 : units_of_item(item));
    imply(answer, table, member, count, item->set);
}

static void count_pool(
    struct units_answer *answer, const struct timed_table *table)
{
    uint16_t units[UNITS_ENTRIES_MAX];

    for (int d = 0; d < DISCIPLINE_COUNT; d++) {
        units_pool_count(answer, (enum discipline)d);
        answer->tie = answer->tie || answer->pool[d].tie;
        answer->timed_pool_units += answer->pool[d].units;
        answer->timed_pool_minutes += answer->pool[d].minutes;
    }
    for (size_t i = 0; i < answer->items; i++)
        imply_of_item(answer, table, &answer->item[i]);
    for (size_t e = 0; e < answer->entries; e++)
        units[e] = (uint16_t)answer->entry[e].units;
    for (size_t i = 0; i < answer->items; i++)
        units_place(units, answer, table, &answer->item[i],
            units_of_item(&answer->item[i]));
    for (size_t e = 0; e < answer->entries; e++)
        answer->entry[e].units = units[e];
    if (answer->tie)
        units_pool_alternatives(answer, table);
}

static void add_item(struct units_answer *answer, size_t e)
{
    struct units_entry *entry = &answer->entry[e];
    const bool family = entry->way == UNITS_FAMILY;

    for (size_t i = 0; family && i < answer->items; i++)
        if (answer->item[i].set == entry->part)
            return;
    answer->item[answer->items++] = (struct units_item){.entry = (uint16_t)e,
        .set = family ? entry->part : UNITS_NO_ENTRY,
        .minutes = family ? answer->set[entry->part].minutes : entry->minutes};
    if (!family)
        entry->part = (uint16_t)(answer->items - 1);
}

/* ---- the whole */

static void warn_of_gap(struct units_answer *answer, size_t e)
{
    switch (answer->entry[e].fact.gap) {
    case TIMED_GAP_NOT_YET:
        warn(answer, UNITS_WARN_NOT_YET, e, UNITS_NO_ENTRY);
        break;
    case TIMED_GAP_ENDED:
        warn(answer, UNITS_WARN_ENDED, e, UNITS_NO_ENTRY);
        break;
    default:
        warn(answer, UNITS_WARN_NOT_KNOWN, e, UNITS_NO_ENTRY);
    }
}

/* Decides how an entry is counted, and counts it where nothing else matters. */
static void begin_entry(
    struct units_answer *answer, const struct timed_table *table, size_t e)
{
    struct units_entry *entry = &answer->entry[e];
    const struct timed_fact *fact = &entry->fact;
    const bool cms = answer->question->rule == UNITS_CMS;

    switch (fact->kind) {
    case KIND_UNKNOWN:
        warn_of_gap(answer, e);
        return;
    case KIND_DAYS:
        warn(answer, UNITS_WARN_DAYS, e, UNITS_NO_ENTRY);
        return;
    case KIND_UNTIMED:
        entry->way = UNITS_UNTIMED;
        entry->units = 1;
        return;
    case KIND_UNLISTED:
        entry->way = UNITS_UNLISTED;
        entry->units = 1;
        warn(answer, UNITS_WARN_UNLISTED, e, UNITS_NO_ENTRY);
        return;
    default:
        break;
    }
    if (fact->known_by == TIMED_BY_LIST &&
        fact->row->family[0] != TIMED_NO_FAMILY) {
        entry->way = UNITS_FAMILY; /* it joins its set when all are known */
    } else if (cms && fact->pool) {
        entry->way = UNITS_POOLED;
    } else {
        entry->way = UNITS_ALONE;
        entry->units =
            units_alone(fact, answer->question->rule, entry->minutes);
        if (entry->units > 0 && fact->maximum > 0 &&
            entry->minutes > fact->maximum)
            warn(answer, UNITS_WARN_ABOVE_MAXIMUM, e, UNITS_NO_ENTRY);
    }
    if (fact->known_by == TIMED_BY_DESCRIPTOR)
        warn(answer, UNITS_WARN_DESCRIPTOR, e, UNITS_NO_ENTRY);
    else if (strcmp(fact->row->certainty, "C") == 0)
        warn(answer, UNITS_WARN_UNSURE, e, UNITS_NO_ENTRY);
}

static void join_sets(
    struct units_answer *answer, const struct timed_table *table)
{
    const struct units_question *question = answer->question;
    const uint16_t pooled =
        question->rule == UNITS_CMS && question->pool_cognitive
            ? timed_family_find(
                  table, pooled_on_request, sizeof pooled_on_request - 1)
            : TIMED_NO_FAMILY;

    /* Those of one family first: they open the sets that others may join. */
    for (int two = 0; two < 2; two++)
        for (size_t e = 0; e < answer->entries; e++) {
            const struct units_entry *entry = &answer->entry[e];
            const uint16_t *family;

            if (entry->way != UNITS_FAMILY)
                continue;
            family = entry->fact.row->family;
            if ((family[1] != TIMED_NO_FAMILY) == two)
                join_set(answer, e,
                    pooled != TIMED_NO_FAMILY && family[0] == pooled);
        }
}

/* Under the midpoint rule each code of Medicare's pool stands alone; their sum
 * is told all the same. */
static void sum_pool_codes(struct units_answer *answer)
{
    for (size_t e = 0; e < answer->entries; e++)
        if (answer->entry[e].fact.pool) {
            answer->timed_pool_units += answer->entry[e].units;
            answer->timed_pool_minutes += answer->entry[e].minutes;
        }
}

static void sum_up(struct units_answer *answer)
{
    uint32_t minutes = 0;

    answer->complete = true;
    for (size_t e = 0; e < answer->entries; e++) {
        answer->total_units += answer->entry[e].units;
        if (answer->entry[e].way == UNITS_NOT_COUNTED)
            answer->complete = false;
        if (answer->entry[e].fact.kind != KIND_CUMULATIVE)
            minutes += answer->entry[e].minutes;
    }
    if (minutes > UNITS_MINUTES_MAX)
        warn(answer, UNITS_WARN_MORE_THAN_DAY, UNITS_NO_ENTRY, UNITS_NO_ENTRY);
}

/* Whose minutes they are matters where several are pooled. */
static void warn_of_discipline(struct units_answer *answer)
{
    const struct units_question *question = answer->question;
    const enum discipline only = only_discipline(question);

    for (size_t i = 0; i < question->count && answer->items > 1; i++) {
        const struct units_line *line = &question->line[i];
        const size_t e = find_entry(answer, line->packed, line->code, only);

        if (line->discipline != DISCIPLINE_NONE || e == answer->entries ||
            (answer->entry[e].way != UNITS_POOLED &&
                (answer->entry[e].way != UNITS_FAMILY ||
                    !answer->set[answer->entry[e].part].pooled)))
            continue;
        warn(answer, UNITS_WARN_DISCIPLINE, UNITS_NO_ENTRY, UNITS_NO_ENTRY);
        return;
    }
}

static void begin(
    struct units_answer *out, const struct units_question *question)
{
    out->question = question;
    out->total_units = out->timed_pool_units = out->timed_pool_minutes = 0;
    out->complete = out->tie = out->more_alternatives = false;
    out->entries = out->items = out->sets = out->warnings = 0;
    out->alternatives = 0;
    memset(out->pool, 0, sizeof out->pool);
}

int units_decide(struct units_answer *out, const struct rules *rules,
    const struct units_question *question, struct error *err)
{
    const struct timed_table *table = rules->timed;
    size_t asked;
    int rc;

    begin(out, question);
    if ((rc = merge_lines(out, rules, err)) != 0)
        return rc;
    asked = out->entries;
    for (size_t e = 0; e < asked; e++)
        begin_entry(out, table, e);
    join_sets(out, table);
    for (size_t e = 0; e < asked; e++)
        if (out->entry[e].way == UNITS_POOLED ||
            (out->entry[e].way == UNITS_FAMILY &&
                out->set[out->entry[e].part].pooled))
            add_item(out, e);
    for (size_t s = 0; s < out->sets; s++)
        if (!out->set[s].pooled)
            count_set(out, table, (uint16_t)s);
    if (question->rule == UNITS_CMS)
        count_pool(out, table);
    else
        sum_pool_codes(out);
    sum_up(out);
    warn_of_discipline(out);
    return 0;
}

void units_of_family(struct units_answer *out, const struct rules *rules,
    const struct units_question *question, uint16_t family, uint32_t minutes)
{
    begin(out, question);
    out->complete = true;
    if (family == TIMED_NO_FAMILY)
        return;
    out->set[out->sets++] =
        (struct units_set){.family = family, .minutes = minutes};
    count_set(out, rules->timed, 0);
    for (size_t e = 0; e < out->entries; e++)
        out->total_units += out->entry[e].units;
}
