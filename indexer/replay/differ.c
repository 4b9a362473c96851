#include "indexer/replay/differ.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names of what tells of the release alone, and of what says again in words or
 * in a table what other members say. */
static const char *const release_names[] = {"release", "releases",
    "next_release", "source", "sources", "file", "row", "stale", "covered_to",
    "evidence", "periods", "timeline", "reason_text", "matrix", "next", NULL};

struct walk {
    bool sources;
    differ_fn *each;
    void *context;
    size_t count;
    char place[DIFFER_PLACE_MAX], kind[DIFFER_PLACE_MAX];
};

static bool is_of_release(const char *name)
{
    for (size_t i = 0; release_names[i] != NULL; i++)
        if (strcmp(release_names[i], name) == 0)
            return true;
    return false;
}

static void value_text(char out[DIFFER_VALUE_MAX], const json_t *value)
{
    char *text;

    if (value == NULL) {
        (void)snprintf(out, DIFFER_VALUE_MAX, "nothing");
        return;
    }
    if (json_is_string(value)) {
        (void)snprintf(out, DIFFER_VALUE_MAX, "%s", json_string_value(value));
        return;
    }
    /* As many digits as a decimal number keeps: 90.47 stays 90.47. */
    text = json_dumps(
        value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    (void)snprintf(out, DIFFER_VALUE_MAX, "%s", text != NULL ? text : "?");
    free(text);
}

static void tell(struct walk *walk, const json_t *a, const json_t *b)
{
    char one[DIFFER_VALUE_MAX], two[DIFFER_VALUE_MAX];

    walk->count++;
    value_text(one, a);
    value_text(two, b);
    walk->each(walk->context, walk->place, walk->kind, one, two);
}

static void compare(
    struct walk *walk, const json_t *a, const json_t *b, int depth);

/* Where the walk stands, a step deeper; the texts are cut back behind it. A
 * place that is too long for its text is cut, and still counted. */
static void step(struct walk *walk, const char *place, const char *kind,
    const json_t *a, const json_t *b, int depth)
{
    const size_t at = strlen(walk->place), kind_at = strlen(walk->kind);

    (void)snprintf(walk->place + at, sizeof walk->place - at, "%s", place);
    (void)snprintf(
        walk->kind + kind_at, sizeof walk->kind - kind_at, "%s", kind);
    compare(walk, a, b, depth + 1);
    walk->place[at] = '\0';
    walk->kind[kind_at] = '\0';
}

/* A snapshot that is in force answers as it does when it has become stale. */
static bool is_staleness(const char *name, const json_t *a, const json_t *b)
{
    const char *const one = json_string_value(a), *const two =
                                                      json_string_value(b);

    return strcmp(name, "state") == 0 && one != NULL && two != NULL &&
           (strcmp(one, "stale") == 0 || strcmp(one, "in_force") == 0) &&
           (strcmp(two, "stale") == 0 || strcmp(two, "in_force") == 0);
}

static void step_member(struct walk *walk, const char *name, const json_t *a,
    const json_t *b, int depth)
{
    char place[DIFFER_PLACE_MAX];

    if (!walk->sources && (is_of_release(name) || is_staleness(name, a, b)))
        return;
    (void)snprintf(place, sizeof place, "%s%.*s",
        walk->place[0] != '\0' ? "." : "", DIFFER_PLACE_MAX - 2, name);
    step(walk, place, place, a, b, depth);
}

static void compare_objects(
    struct walk *walk, const json_t *a, const json_t *b, int depth)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)a, name, value)
        step_member(walk, name, value, json_object_get(b, name), depth);
    json_object_foreach((json_t *)(uintptr_t)b, name, value)
    {
        if (json_object_get(a, name) == NULL)
            step_member(walk, name, NULL, value, depth);
    }
}

static void compare_arrays(
    struct walk *walk, const json_t *a, const json_t *b, int depth)
{
    const size_t n = json_array_size(a), m = json_array_size(b);

    for (size_t i = 0; i < n || i < m; i++) {
        char place[32];

        (void)snprintf(place, sizeof place, "[%zu]", i);
        step(walk, place, "[]", json_array_get(a, i), json_array_get(b, i),
            depth);
    }
}

static void compare(
    struct walk *walk, const json_t *a, const json_t *b, int depth)
{
    if (a != NULL && b != NULL && depth < DIFFER_DEPTH_MAX) {
        if (json_is_object(a) && json_is_object(b)) {
            compare_objects(walk, a, b, depth);
            return;
        }
        if (json_is_array(a) && json_is_array(b)) {
            compare_arrays(walk, a, b, depth);
            return;
        }
    }
    if (!json_equal(a, b))
        tell(walk, a, b);
}

size_t differ(const json_t *a, const json_t *b, bool sources, differ_fn *each,
    void *context)
{
    struct walk walk = {.sources = sources, .each = each, .context = context};

    compare(&walk, a, b, 0);
    return walk.count;
}
