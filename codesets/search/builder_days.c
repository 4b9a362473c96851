/* What a value is on which days.
 *
 * Of the codes of a system most are told of from the same day on, the first day
 * of the first release, and up to the same day: this window is written once.
 * Within it a code has the value that it has on all days, outside of it none;
 * only what differs from that is written for itself. */
#include <stdlib.h>

#include "codesets/search/builder_parts.h"

static struct value_days *days_at(const struct buffer *days, size_t i)
{
    return (struct value_days *)(void *)days->data + i;
}

static int by_place(const void *a, const void *b)
{
    const struct value_days *x = a, *y = b;

    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    if (x->document != y->document)
        return x->document < y->document ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

static int by_day(const void *a, const void *b)
{
    const day_t x = *(const day_t *)a, y = *(const day_t *)b;

    return x < y ? -1 : x > y;
}

/* The day that occurs most often. */
static day_t commonest(day_t *day, size_t days)
{
    size_t best = 0, at = 0;
    day_t found = day[0];

    qsort(day, days, sizeof *day, by_day);
    while (at < days) {
        size_t next = at + 1;

        while (next < days && day[next] == day[at])
            next++;
        if (next - at > best) {
            best = next - at;
            found = day[at];
        }
        at = next;
    }
    return found;
}

/* Where the days of the document and column that begin at i end. */
static size_t group_end(const struct buffer *days, size_t i)
{
    const size_t count = days->len / sizeof(struct value_days);
    const struct value_days *first = days_at(days, i);

    while (i < count && days_at(days, i)->column == first->column &&
           days_at(days, i)->document == first->document)
        i++;
    return i;
}

/* The windows, by the first and last day of each code. edge has room for two
 * days of each. */
static void find_windows(const struct search_builder *builder,
    const uint8_t *system,
    struct value_window windows[SYSTEM_COUNT][SEARCH_COLUMNS], day_t *edge)
{
    const size_t count = builder->days.len / sizeof(struct value_days);

    for (int s = 0; s < SYSTEM_COUNT; s++)
        for (int column = 0; column < SEARCH_COLUMNS; column++) {
            day_t *last = edge + builder->documents;
            size_t codes = 0;

            windows[s][column] = (struct value_window){DAY_UNKNOWN, DAY_OPEN};
            for (size_t i = 0, next; i < count; i = next) {
                const struct value_days *first = days_at(&builder->days, i);

                next = group_end(&builder->days, i);
                if (first->column != column || system[first->document] != s)
                    continue;
                edge[codes] = first->from;
                last[codes++] = days_at(&builder->days, next - 1)->to;
            }
            if (codes > 0)
                windows[s][column] = (struct value_window){
                    commonest(edge, codes), commonest(last, codes)};
        }
}

static void add_change(struct buffer *out, const struct value_days *days,
    uint8_t value, uint8_t usual, day_t from, day_t to)
{
    struct value_days change = *days;

    if (from > to || value == usual)
        return;
    change.value = value;
    change.from = from;
    change.to = to;
    buffer_add(out, &change, sizeof change);
}

/* Adds what differs on the days from..to, on which the value is this one. */
static void add_days(struct buffer *out, const struct value_window *window,
    const struct value_days *days, uint8_t value, uint8_t usual, day_t from,
    day_t to)
{
    if (from > to)
        return;
    if (window->from > window->to) {
        add_change(out, days, value, 0, from, to);
        return;
    }
    if (from < window->from)
        add_change(out, days, value, 0, from,
            to < window->from ? to : window->from - 1);
    add_change(out, days, value, usual,
        from > window->from ? from : window->from,
        to < window->to ? to : window->to);
    if (to > window->to)
        add_change(
            out, days, value, 0, from > window->to ? from : window->to + 1, to);
}

/* Adds what differs of a document and column: days [i, next), and those that
 * lie between them. */
static void add_group(struct buffer *out, const struct search_builder *builder,
    const struct value_window *window, uint8_t usual, size_t i, size_t next)
{
    day_t free = DAY_UNKNOWN; /* the first day not told of */
    bool open = true;

    for (; i < next; i++) {
        const struct value_days *days = days_at(&builder->days, i);

        if (days->from > free)
            add_days(out, window, days, 0, usual, free, days->from - 1);
        add_days(out, window, days, days->value, usual, days->from, days->to);
        open = days->to != DAY_OPEN;
        if (open)
            free = days->to + 1;
    }
    if (open)
        add_days(out, window, days_at(&builder->days, next - 1), 0, usual, free,
            DAY_OPEN);
}

int builder_changes(struct search_builder *builder, const uint32_t *rank,
    struct value_window windows[SYSTEM_COUNT][SEARCH_COLUMNS],
    struct buffer *changes, struct error *err)
{
    const size_t count = builder->days.len / sizeof(struct value_days);
    const uint32_t documents = builder->documents;
    uint8_t *system = malloc((size_t)documents + 1);
    day_t *edge = malloc(((size_t)documents + 1) * 2 * sizeof *edge);

    if (system == NULL || edge == NULL) {
        free(system);
        free(edge);
        return error_memory(err);
    }
    for (uint32_t i = 0; i < documents; i++) {
        const uint8_t value = builder->document[i].value[FACET_SYSTEM];

        system[i] = value == 0 ? SYSTEM_COUNT : (uint8_t)(value - 1);
    }
    if (count > 0)
        qsort(builder->days.data, count, sizeof(struct value_days), by_place);
    find_windows(builder, system, windows, edge);
    for (size_t i = 0, next; i < count; i = next) {
        const struct value_days *first = days_at(&builder->days, i);
        const struct value_window always = {DAY_UNKNOWN, DAY_OPEN};

        next = group_end(&builder->days, i);
        add_group(changes, builder,
            system[first->document] == SYSTEM_COUNT
                ? &always
                : &windows[system[first->document]][first->column],
            builder->document[first->document].value[first->column], i, next);
    }
    free(system);
    free(edge);
    for (size_t i = 0; i < changes->len / sizeof(struct value_days); i++)
        days_at(changes, i)->document = rank[days_at(changes, i)->document];
    if (changes->len > 0)
        qsort(changes->data, changes->len / sizeof(struct value_days),
            sizeof(struct value_days), by_place);
    return changes->failed ? error_memory(err) : 0;
}
