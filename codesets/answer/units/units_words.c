/* The answer of units_answer.h in words. */
#include "codesets/answer/units/units_answer.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 15, LOWEST = 8 }; /* of the 8-minute rule */

int units_ask(struct units_answer **out, const struct answers *answers,
    const struct units_request *request, struct error *err)
{
    struct units_answer *answer = malloc(sizeof *answer);
    int rc = 0;

    if (answer == NULL)
        return error_memory(err);
    if (request->family != TIMED_NO_FAMILY)
        units_of_family(answer, answers->rules, &request->question,
            request->family, request->family_minutes);
    else
        rc = units_decide(answer, answers->rules, &request->question, err);
    if (rc != 0) {
        free(answer);
        return rc;
    }
    *out = answer;
    return 0;
}

static const char *plural(uint32_t n)
{
    return n == 1 ? "" : "s";
}

static void add_units(struct buffer *out, uint32_t n)
{
    buffer_addf(out, "%u unit%s", n, plural(n));
}

/* The first minute of a code's first unit under the rule. */
static unsigned first_minute(
    const struct units_answer *answer, const struct timed_fact *fact)
{
    return answer->question->rule == UNITS_CMS && fact->cms_minimum > 0
               ? fact->cms_minimum
               : fact->minimum;
}

/* ---- the pool */

/* "97110", or the codes of a pooled family: "97129 + 97130". */
static void add_item_name(struct buffer *out, const struct units_answer *answer,
    const struct units_item *item)
{
    bool more = false;

    if (item->set == UNITS_NO_ENTRY) {
        buffer_adds(out, answer->entry[item->entry].code);
        return;
    }
    for (size_t e = 0; e < answer->entries; e++)
        if (answer->entry[e].way == UNITS_FAMILY &&
            answer->entry[e].part == item->set) {
            buffer_addf(out, "%s%s", more ? " + " : "", answer->entry[e].code);
            more = true;
        }
}

static bool is_of(const struct units_answer *answer,
    const struct units_item *item, enum discipline discipline)
{
    return answer->entry[item->entry].discipline == discipline;
}

static void add_discipline(struct buffer *out, enum discipline discipline)
{
    if (discipline != DISCIPLINE_NONE)
        buffer_addf(out, "%s: ", discipline_name(discipline));
}

/* "18 + 13 + 10" of the items of a pool. */
static size_t add_sum(struct buffer *out, const struct units_answer *answer,
    enum discipline discipline, bool whole)
{
    size_t n = 0;

    for (size_t i = 0; i < answer->items; i++) {
        const struct units_item *item = &answer->item[i];

        if (is_of(answer, item, discipline))
            buffer_addf(out, "%s%u", n++ > 0 ? " + " : "",
                whole ? item->whole : item->minutes);
    }
    return n;
}

/* "97110 (13), 97140 (10)": the items that have, or may have, one more. */
static void add_rests(struct buffer *out, const struct units_answer *answer,
    enum discipline discipline, bool tied)
{
    bool more = false;

    for (size_t i = 0; i < answer->items; i++) {
        const struct units_item *item = &answer->item[i];

        if (!is_of(answer, item, discipline) ||
            !(tied ? item->tied : item->extra))
            continue;
        if (more)
            buffer_adds(out, ", ");
        add_item_name(out, answer, item);
        buffer_addf(out, " (%u)", item->rest);
        more = true;
    }
}

static void pool_working(struct buffer *out, const struct units_answer *answer,
    enum discipline discipline)
{
    const struct units_pool *pool = &answer->pool[discipline];
    size_t items = 0;

    for (size_t i = 0; i < answer->items; i++) {
        const struct units_item *item = &answer->item[i];

        if (!is_of(answer, item, discipline))
            continue;
        items++;
        add_discipline(out, discipline);
        add_item_name(out, answer, item);
        buffer_addf(out, " %u min = %u×%d + %u\n", item->minutes, item->whole,
            BLOCK, item->rest);
    }
    if (items == 0)
        return;
    add_discipline(out, discipline);
    buffer_adds(out, "total ");
    if (items > 1) {
        add_sum(out, answer, discipline, false);
        buffer_adds(out, " = ");
    }
    buffer_addf(out, "%u min → ", pool->minutes);
    add_units(out, pool->units);
    buffer_addf(out, " (%u–%u)\n",
        pool->units == 0 ? 0 : pool->units * BLOCK - BLOCK + LOWEST,
        pool->units * BLOCK + LOWEST - 1);
    add_discipline(out, discipline);
    buffer_adds(out, "whole blocks ");
    if (items > 1) {
        add_sum(out, answer, discipline, true);
        buffer_adds(out, " = ");
    }
    buffer_addf(out, "%u, left to give: %u\n", pool->whole, pool->extras);
    if (pool->extras > 0) {
        add_discipline(out, discipline);
        buffer_adds(out, "to the largest rest: ");
        add_rests(out, answer, discipline, false);
        buffer_addc(out, '\n');
    }
    if (pool->tie) {
        add_discipline(out, discipline);
        buffer_adds(out, "equally right with the same rest: ");
        add_rests(out, answer, discipline, true);
        buffer_adds(out, "; taken: more minutes, then the earlier line\n");
    }
}

/* ---- families */

/* "97129 15 + 97130 23 = 38 min", or "90832 45 min". */
static void add_set_minutes(
    struct buffer *out, const struct units_answer *answer, uint16_t s)
{
    size_t n = 0;

    for (size_t e = 0; e < answer->entries; e++) {
        const struct units_entry *entry = &answer->entry[e];

        if (entry->way == UNITS_FAMILY && entry->part == s && !entry->implied)
            buffer_addf(out, "%s%s %u", n++ > 0 ? " + " : "", entry->code,
                entry->minutes);
    }
    if (n > 1)
        buffer_addf(out, " = %u", answer->set[s].minutes);
    else if (n == 0)
        buffer_addf(out, "%u", answer->set[s].minutes);
    buffer_adds(out, " min");
}

static bool is_added(const struct timed_fact *fact)
{
    return fact->kind == KIND_ADDL ||
           (fact->kind == KIND_CUMULATIVE && fact->addon);
}

/* "90834 (38–52) → 1 unit", "97130 (from 23, each 15) → 2 units". */
static void add_earned(struct buffer *out, const struct units_answer *answer,
    const struct units_entry *entry)
{
    const struct timed_fact *fact = &entry->fact;
    const unsigned from = first_minute(answer, fact);

    buffer_adds(out, entry->code);
    if (is_added(fact) && from > 0)
        buffer_addf(out, " (from %u, each %u)", from, fact->step);
    else if (is_added(fact))
        buffer_addf(out, " (each %u, half-way past the first)", fact->step);
    else if (fact->maximum > 0)
        buffer_addf(out, " (%u–%u)", from, fact->maximum);
    else
        buffer_addf(out, " (from %u)", from);
    buffer_adds(out, " → ");
    add_units(out, entry->units);
}

static void set_working(
    struct buffer *out, const struct units_answer *answer, uint16_t s)
{
    bool any = false;

    add_discipline(out, answer->set[s].discipline);
    add_set_minutes(out, answer, s);
    buffer_adds(out, answer->set[s].pooled ? ", in the pool: " : ": ");
    for (size_t e = 0; e < answer->entries; e++) {
        const struct units_entry *entry = &answer->entry[e];

        if (entry->way != UNITS_FAMILY || entry->part != s || entry->units == 0)
            continue;
        if (any)
            buffer_adds(out, ", ");
        if (answer->set[s].pooled)
            buffer_addf(out, "%s × %u", entry->code, entry->units);
        else
            add_earned(out, answer, entry);
        any = true;
    }
    buffer_adds(out, any ? "\n" : "too short for any code → 0 units\n");
}

/* ---- codes by themselves */

static void alone_working(struct buffer *out, const struct units_answer *answer,
    const struct units_entry *entry)
{
    const struct timed_fact *fact = &entry->fact;
    const unsigned from = first_minute(answer, fact);

    buffer_addf(out, "%s %u min alone: ", entry->code, entry->minutes);
    if (fact->step > 0 && fact->kind != KIND_FIRST)
        buffer_addf(
            out, "first unit from %u, another every %u → ", from, fact->step);
    else if (fact->maximum > 0)
        buffer_addf(out, "%u–%u → ", from, fact->maximum);
    else
        buffer_addf(out, "from %u → ", from);
    add_units(out, entry->units);
    buffer_addc(out, '\n');
}

static void entry_working(struct buffer *out, const struct units_answer *answer,
    const struct units_entry *entry)
{
    if (entry->way == UNITS_POOLED || entry->way == UNITS_FAMILY)
        return; /* with its pool or family */
    add_discipline(out, entry->discipline);
    switch (entry->way) {
    case UNITS_UNTIMED:
        buffer_addf(out,
            "%s untimed → 1 unit; its minutes count for nothing else\n",
            entry->code);
        break;
    case UNITS_UNLISTED:
        buffer_addf(
            out, "%s has no fixed description → 1 unit; ask\n", entry->code);
        break;
    case UNITS_ALONE:
        alone_working(out, answer, entry);
        break;
    default:
        buffer_addf(out, "%s not counted\n", entry->code);
    }
}

void units_working(struct buffer *out, const struct units_answer *answer)
{
    for (int d = 0; d < DISCIPLINE_COUNT; d++)
        pool_working(out, answer, (enum discipline)d);
    for (uint16_t s = 0; s < answer->sets; s++)
        set_working(out, answer, s);
    for (size_t e = 0; e < answer->entries; e++)
        entry_working(out, answer, &answer->entry[e]);
}

/* ---- what to look at */

static void add_day(struct buffer *out, day_t day)
{
    char text[DAY_TEXT_LEN];

    buffer_add(out, text, day_format(text, day));
}

static void add_replacement(struct buffer *out, const struct timed_row *row)
{
    if (row->replaced_by[0] != '\0')
        buffer_addf(out, "; use %s", row->replaced_by);
}

void units_warning_text(struct buffer *out, const struct units_answer *answer,
    const struct units_warning *warning)
{
    static const struct units_entry none = {.code = ""};
    const struct units_entry *entry = warning->entry == UNITS_NO_ENTRY
                                          ? &none
                                          : &answer->entry[warning->entry];
    const struct units_entry *other = warning->other == UNITS_NO_ENTRY
                                          ? &none
                                          : &answer->entry[warning->other];
    const char *code = entry->code;

    switch (warning->reason) {
    case UNITS_WARN_UNLISTED:
        buffer_addf(out,
            "%s has no fixed description: one unit is assumed; whether it is "
            "timed depends on what was done.",
            code);
        break;
    case UNITS_WARN_NOT_KNOWN:
        buffer_addf(out,
            entry->fact.gap == TIMED_GAP_UNCLEAR
                ? "The wording of %s tells different times: it was not counted."
                : "Nothing loaded tells whether %s is timed: it was not "
                  "counted.",
            code);
        break;
    case UNITS_WARN_NOT_YET:
        buffer_addf(out, "The minutes of %s are known from ", code);
        add_day(out, entry->fact.row->from);
        buffer_adds(out, " on: it was not counted.");
        break;
    case UNITS_WARN_ENDED:
        buffer_addf(out, "%s ended on ", code);
        add_day(out, entry->fact.row->to);
        add_replacement(out, entry->fact.row);
        buffer_adds(out, ": it was not counted.");
        break;
    case UNITS_WARN_DAYS:
        buffer_addf(out,
            "%s counts days with data, not minutes: it was not counted.", code);
        break;
    case UNITS_WARN_DESCRIPTOR:
        buffer_addf(out,
            "The time of %s is read out of its descriptor; past the middle of "
            "a unit is assumed to earn it.",
            code);
        break;
    case UNITS_WARN_MERGED:
        buffer_addf(out,
            "The lines of %s were added up: one code of one day is one line.",
            code);
        break;
    case UNITS_WARN_OTHER_CODE:
        buffer_addf(out, "%u minutes select %s, not %s%s.",
            answer->set[entry->part].minutes, other->code, code,
            entry->fact.kind == KIND_MINIMUM
                ? ", unless the level rests on decision making"
                : "");
        break;
    case UNITS_WARN_BASE_MISSING:
        buffer_addf(out,
            "%s is added to %s, which takes the first minutes and was not "
            "among the codes.",
            code, other->code);
        break;
    case UNITS_WARN_ABOVE_MAXIMUM:
        buffer_addf(out,
            "The time is longer than the %u minutes that %s names; look for a "
            "code for prolonged time.",
            entry->fact.maximum, code);
        break;
    case UNITS_WARN_DISCIPLINE:
        buffer_adds(out,
            "Not every line says whose time it was (GP, GO, GN): those without "
            "are counted as one discipline.");
        break;
    case UNITS_WARN_MORE_THAN_DAY:
        buffer_addf(out, "All minutes together are more than the %d of a day.",
            UNITS_MINUTES_MAX);
        break;
    case UNITS_WARN_UNSURE:
        buffer_addf(
            out, "The minutes of %s rest on one unconfirmed source.", code);
        break;
    default:
        break;
    }
}

/* ---- for people */

static void table_words(struct buffer *out, const struct units_answer *answer)
{
    for (size_t e = 0; e < answer->entries; e++) {
        const struct units_entry *entry = &answer->entry[e];

        buffer_addf(out, "%-7s ", entry->code);
        if (entry->implied)
            buffer_adds(out, "         ");
        else
            buffer_addf(out, "%5u min", entry->minutes);
        if (entry->way == UNITS_NOT_COUNTED)
            buffer_adds(out, "   ? units");
        else
            buffer_addf(out, " %3u unit%s", entry->units,
                entry->units == 1 ? " " : "s");
        buffer_addf(out, "  %-3s", discipline_name(entry->discipline));
        buffer_addf(out, " %s\n",
            entry->fact.row != NULL ? entry->fact.row->label : "");
    }
    buffer_adds(out, "total            ");
    buffer_addf(out, " %3u unit%s%s\n", answer->total_units,
        plural(answer->total_units),
        answer->complete ? "" : ", without what was not counted");
}

static void alternative_words(
    struct buffer *out, const struct units_answer *answer)
{
    for (size_t a = 1; a < answer->alternatives; a++) {
        buffer_adds(out, a == 1 ? "\nequally right:\n" : "");
        for (size_t e = 0, n = 0; e < answer->entries; e++)
            if (answer->alternative[a][e] != answer->entry[e].units)
                buffer_addf(out, "%s%s × %u", n++ > 0 ? ", " : "  ",
                    answer->entry[e].code, answer->alternative[a][e]);
        buffer_addc(out, '\n');
    }
    if (answer->more_alternatives)
        buffer_adds(out, "  and more\n");
}

/* The lines of a text, each with two blanks before it. */
static void add_indented(struct buffer *out, const struct buffer *text)
{
    for (size_t at = 0; at < text->len;) {
        const char *end = memchr(text->data + at, '\n', text->len - at);
        const size_t next =
            end == NULL ? text->len : (size_t)(end - text->data) + 1;

        buffer_adds(out, "  ");
        buffer_add(out, text->data + at, next - at);
        at = next;
    }
}

int answer_units_words(struct buffer *out, const struct answers *answers,
    const struct units_request *request, struct error *err)
{
    const size_t before = out->len;
    struct buffer text = {0};
    struct units_answer *answer = NULL;
    const int rc = units_ask(&answer, answers, request, err);

    if (answer == NULL)
        return rc;
    buffer_addf(out, "rule %s, ", units_rule_name(request->question.rule));
    add_day(out, request->question.day);
    buffer_adds(out, "\n\n");
    table_words(out, answer);
    alternative_words(out, answer);
    buffer_adds(out, "\nworking:\n");
    units_working(&text, answer);
    add_indented(out, &text);
    text.len = 0;
    for (size_t i = 0; i < answer->warnings; i++) {
        buffer_adds(&text, "");
        units_warning_text(&text, answer, &answer->warning[i]);
        buffer_addc(&text, '\n');
    }
    if (answer->warnings > 0)
        buffer_adds(out, "\nlook at:\n");
    add_indented(out, &text);
    free(answer);
    if (out->failed || text.failed) {
        buffer_clear(&text);
        out->len = before;
        return error_memory(err);
    }
    buffer_clear(&text);
    return 0;
}
