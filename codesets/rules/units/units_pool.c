/* Domain.md 4.2: Medicare's 8-minute rule.
 *
 * The timed minutes of a discipline's day are one pool of T minutes; it has
 * U = (T + 7) / 15 units. Every code keeps its whole blocks of 15; what is left
 * of U goes, one each, to the codes with the most minutes beyond their blocks.
 * There is never more left than there are such codes: with k of them, at most
 * 14 minutes each, (14 k + 7) / 15 <= k. */
#include "codesets/rules/units/units_parts.h"

#include <string.h>

enum { BLOCK = 15, TO_ROUND_UP = 7 };

/* Items in the order in which they take what is left. */
struct order {
    size_t count;
    uint16_t item[UNITS_LINES_MAX];
};

static bool goes_before(const struct units_item *a, const struct units_item *b)
{
    return a->rest != b->rest ? a->rest > b->rest : a->minutes > b->minutes;
}

/* The items of a discipline with a rest: largest first, then the one with more
 * minutes, then the earlier one. */
static void order_items(struct order *out, const struct units_answer *answer,
    enum discipline discipline)
{
    out->count = 0;
    for (uint16_t i = 0; i < answer->items; i++) {
        const struct units_item *item = &answer->item[i];
        size_t at = out->count;

        if (answer->entry[item->entry].discipline != discipline ||
            item->rest == 0)
            continue;
        for (; at > 0 && goes_before(item, &answer->item[out->item[at - 1]]);
             at--)
            out->item[at] = out->item[at - 1];
        out->item[at] = i;
        out->count++;
    }
}

uint32_t units_of_item(const struct units_item *item)
{
    return item->whole + item->extra;
}

void units_pool_count(struct units_answer *answer, enum discipline discipline)
{
    struct units_pool *pool = &answer->pool[discipline];
    struct order order;
    uint32_t last;

    *pool = (struct units_pool){.minutes = 0};
    for (size_t i = 0; i < answer->items; i++) {
        struct units_item *item = &answer->item[i];

        if (answer->entry[item->entry].discipline != discipline)
            continue;
        item->whole = item->minutes / BLOCK;
        item->rest = item->minutes % BLOCK;
        pool->minutes += item->minutes;
        pool->whole += item->whole;
    }
    pool->units = (pool->minutes + TO_ROUND_UP) / BLOCK;
    pool->extras = pool->units - pool->whole;
    order_items(&order, answer, discipline);
    for (size_t i = 0; i < pool->extras; i++)
        answer->item[order.item[i]].extra = true;
    if (pool->extras == 0 || pool->extras == order.count)
        return;
    last = answer->item[order.item[pool->extras - 1]].rest;
    pool->tie = answer->item[order.item[pool->extras]].rest == last;
    for (size_t i = 0; pool->tie && i < order.count; i++) {
        struct units_item *item = &answer->item[order.item[i]];

        item->tied = item->rest == last;
    }
}

/* ---- all equally right distributions */

/* The next choice of k out of n, ascending; false after the last one. */
static bool next_choice(size_t *choice, size_t k, size_t n)
{
    size_t i = k;

    while (i > 0 && choice[i - 1] == n - k + i - 1)
        i--;
    if (i == 0)
        return false;
    choice[i - 1]++;
    for (; i < k; i++)
        choice[i] = choice[i - 1] + 1;
    return true;
}

/* Adds, for one choice among the tied items, a copy of each distribution that
 * there was. False when there is no room for another. */
static bool add_choice(struct units_answer *answer,
    const struct timed_table *table, const struct order *tied,
    const size_t *choice, size_t k, size_t before)
{
    for (size_t a = 0; a < before; a++) {
        uint16_t *units;

        if (answer->alternatives == UNITS_ALTERNATIVES_MAX)
            return false;
        units = answer->alternative[answer->alternatives++];
        memcpy(units, answer->alternative[a], sizeof answer->alternative[a]);
        for (size_t i = 0, c = 0; i < tied->count; i++) {
            const struct units_item *item = &answer->item[tied->item[i]];
            const bool chosen = c < k && choice[c] == i;

            c += chosen;
            units_place(units, answer, table, item, item->whole + chosen);
        }
    }
    return true;
}

static void add_pool(struct units_answer *answer,
    const struct timed_table *table, enum discipline discipline)
{
    const size_t before = answer->alternatives;
    size_t choice[UNITS_LINES_MAX], k = 0;
    struct order order, tied = {.count = 0};

    order_items(&order, answer, discipline);
    for (size_t i = 0; i < order.count; i++)
        if (answer->item[order.item[i]].tied) {
            choice[k] = k;
            k += answer->item[order.item[i]].extra;
            tied.item[tied.count++] = order.item[i];
        }
    /* The first choice is the answer itself. */
    while (next_choice(choice, k, tied.count))
        if (!add_choice(answer, table, &tied, choice, k, before)) {
            answer->more_alternatives = true;
            return;
        }
}

void units_pool_alternatives(
    struct units_answer *answer, const struct timed_table *table)
{
    answer->alternatives = 1;
    for (size_t e = 0; e < answer->entries; e++)
        answer->alternative[0][e] = (uint16_t)answer->entry[e].units;
    for (int d = 0; d < DISCIPLINE_COUNT; d++)
        if (answer->pool[d].tie)
            add_pool(answer, table, (enum discipline)d);
}
