/* Domain.md 3.4 and 4.3: codes whose minutes count together.
 *
 *   FIRST + ADDL     the first code once it is reached, then an add-on unit
 * from its own beginning and every step after it RANGE, MINIMUM   the highest
 * code whose minimum is met, once CUMULATIVE       the same over the total of a
 * period, with its add-ons
 *
 * All are one rule: choose the first code, then count add-ons. Where several
 * first codes begin at the same minute (acupuncture without and with
 * electricity), the one that was done longer is first, and each first code with
 * the add-on behind it in code order is a TRACK that shares the further units.
 */
#include "codesets/rules/units/units_parts.h"

#include <string.h>

#define NO_MEMBER SIZE_MAX

size_t units_members(struct units_member out[UNITS_FAMILY_MAX],
    const struct timed_table *table, uint16_t family, day_t day)
{
    const struct timed_members *rows = &table->members[family];
    size_t count = 0;

    for (size_t i = 0; i < rows->rows && count < UNITS_FAMILY_MAX; i++) {
        const struct timed_row *row = &table->row[rows->row[i]];

        if (row->from <= day && day <= row->to)
            out[count++] = (struct units_member){.row = row,
                .added = row->kind == KIND_ADDL ||
                         (row->kind == KIND_CUMULATIVE && row->addon)};
    }
    return count;
}

/* The first code that a member belongs to: itself, or for an add-on the last
 * one before it; the family's first when none stands before it. */
static size_t track_of(
    const struct units_member *member, size_t count, size_t m)
{
    size_t track = NO_MEMBER;

    if (!member[m].added)
        return m;
    for (size_t i = 0; i < count; i++)
        if (!member[i].added && (i < m || track == NO_MEMBER))
            track = i;
    return track;
}

static uint32_t track_minutes(
    const struct units_member *member, size_t count, size_t track)
{
    uint32_t minutes = 0;

    for (size_t i = 0; i < count; i++)
        if (track_of(member, count, i) == track)
            minutes += member[i].minutes;
    return minutes;
}

/* Of two first codes that begin at the same minute: is b the better one? */
static bool is_better(
    const struct units_member *member, size_t count, size_t a, size_t b)
{
    const uint32_t a_minutes = track_minutes(member, count, a);
    const uint32_t b_minutes = track_minutes(member, count, b);

    if (member[a].asked != member[b].asked)
        return member[b].asked;
    return b_minutes > a_minutes;
}

/* The first code that the minutes reach, or NO_MEMBER. */
static size_t choose_first(
    const struct units_member *member, size_t count, uint32_t minutes)
{
    size_t chosen = NO_MEMBER;

    for (size_t i = 0; i < count; i++) {
        const uint32_t minimum = member[i].row->minimum;

        if (member[i].added || minutes < minimum || minutes == 0)
            continue;
        if (chosen == NO_MEMBER || minimum > member[chosen].row->minimum ||
            (minimum == member[chosen].row->minimum &&
                is_better(member, count, chosen, i)))
            chosen = i;
    }
    return chosen;
}

/* Gives further units one by one to the add-on that has the most minutes left
 * without one. */
static void share_added(
    struct units_member *member, size_t count, size_t first, uint32_t units)
{
    int64_t left[UNITS_FAMILY_MAX];

    for (size_t i = 0; i < count; i++) {
        const size_t track = track_of(member, count, i);

        left[i] = member[i].added && track != NO_MEMBER
                      ? (int64_t)track_minutes(member, count, track)
                      : 0;
        if (track == first)
            left[i] -= member[first].row->unit;
    }
    for (; units > 0; units--) {
        size_t most = NO_MEMBER;

        for (size_t i = 0; i < count; i++)
            if (member[i].added && (most == NO_MEMBER || left[i] > left[most]))
                most = i;
        if (most == NO_MEMBER)
            return;
        member[most].units++;
        left[most] -= member[most].row->step;
    }
}

/* How many add-on units these minutes reach. All add-ons of a family begin at
 * the same minute. */
static uint32_t count_added(const struct units_member *member, size_t count,
    size_t first, uint32_t minutes, enum units_rule rule)
{
    for (size_t i = 0; i < count; i++) {
        const struct timed_row *row = member[i].row;
        uint32_t minimum = row->minimum;

        if (!member[i].added)
            continue;
        if (rule == UNITS_CMS && row->cms_minimum > 0)
            minimum = row->cms_minimum;
        if (minimum == 0)
            minimum = units_past_midpoint(member[first].row->unit, row->step);
        return units_earned(minutes, minimum, row->step);
    }
    return 0;
}

static bool has_added(const struct units_member *member, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (member[i].added)
            return true;
    return false;
}

uint16_t units_family_count(struct units_member *member, size_t count,
    uint32_t minutes, enum units_rule rule)
{
    const size_t first = choose_first(member, count, minutes);
    const struct timed_row *row;

    for (size_t i = 0; i < count; i++)
        member[i].units = 0;
    if (first == NO_MEMBER)
        return 0;
    row = member[first].row;
    member[first].units = 1;
    share_added(
        member, count, first, count_added(member, count, first, minutes, rule));
    return row->maximum > 0 && minutes > row->maximum &&
                   !has_added(member, count)
               ? row->maximum
               : 0;
}

void units_family_share(
    struct units_member *member, size_t count, uint32_t units)
{
    const size_t first = choose_first(member, count, UINT32_MAX);

    for (size_t i = 0; i < count; i++)
        member[i].units = 0;
    if (first == NO_MEMBER || units == 0)
        return;
    member[first].units = 1;
    share_added(member, count, first, units - 1);
}
