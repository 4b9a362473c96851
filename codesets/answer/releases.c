#include "codesets/answer/answer.h"
#include "codesets/answer/release_json.h"

#include <string.h>

const char *snapshot_state_name(enum snapshot_state state)
{
    static const char *const names[] = {
        "not_loaded", "before", "in_force", "gap", "stale", "outside"};

    return (unsigned)state <= SNAPSHOT_OUTSIDE ? names[state] : names[0];
}

/* YYYYMMDD as a file prints it, or 0. */
static void published_json(struct json *json, uint32_t published)
{
    day_t day = DAY_OPEN;

    if (day_from_civil(&day, (int)(published / 10000),
            (int)(published / 100 % 100), (int)(published % 100)) != 0)
        day = DAY_OPEN;
    json_day(json, day);
}

static void name_json(struct json *json, const char *key, const char *name)
{
    json_key(json, key);
    json_string(json, name[0] == '\0' ? NULL : name);
}

static void head_json(
    struct json *json, const struct series *series, const struct release *r)
{
    name_json(json, "table", table_schema(series->table)->name);
    name_json(json, "setting", setting_name(series->setting));
    name_json(json, "program", program_name(series->program));
    json_key(json, "release");
    json_string(json, r->label);
    json_key(json, "from");
    json_day(json, r->from);
    json_key(json, "to");
    json_day(json, r->to);
}

void release_used_json(
    struct json *json, const struct series *series, day_t day)
{
    struct snapshot at = {.state = SNAPSHOT_IN_FORCE};
    const struct release *release;

    if (series == NULL || series->releases == 0)
        return;
    if (table_schema(series->table)->kind == SERIES_SNAPSHOT) {
        series_at(series, day, &at);
    } else {
        /* A history: the newest file holds all of it. */
        at.release = (uint32_t)series->releases - 1;
        if (day > series->release[at.release].to)
            at.state = day - series->release[at.release].to <= STALE_DAYS
                           ? SNAPSHOT_STALE
                           : SNAPSHOT_OUTSIDE;
    }
    if (at.state == SNAPSHOT_OUTSIDE)
        at.release = (uint32_t)series->releases - 1;
    release = &series->release[at.release];
    json_open(json, '{');
    head_json(json, series, release);
    json_key(json, "state");
    json_word(json, snapshot_state_name(at.state));
    json_key(json, "stale");
    json_bool(json, at.state == SNAPSHOT_STALE);
    if (at.state == SNAPSHOT_GAP) {
        json_key(json, "next");
        json_string(json, series->release[at.next].label);
    }
    json_close(json, '}');
}

static void listed_json(
    struct json *json, const struct series *series, size_t i, day_t day)
{
    const struct release *release = &series->release[i];
    const bool newest = i + 1 == series->releases;

    json_open(json, '{');
    head_json(json, series, release);
    json_key(json, "published");
    published_json(json, release->published);
    json_key(json, "partial");
    json_bool(json, release->partial);
    json_key(json, "newest");
    json_bool(json, newest);
    json_key(json, "stale");
    json_bool(json, newest && day > release->to);
    json_close(json, '}');
}

int answer_releases(struct buffer *out, const struct answers *answers,
    day_t day, struct error *err)
{
    const struct store *store = answers->store;
    const size_t before = out->len;
    struct json json;

    json_begin(&json, out);
    json_open(&json, '{');
    json_key(&json, "date");
    json_day(&json, day);
    json_key(&json, "build");
    json_open(&json, '{');
    json_key(&json, "id");
    json_string(&json, store_id(store));
    json_key(&json, "program");
    json_string(&json, store_program(store));
    json_key(&json, "licensed");
    json_bool(&json, store_licensed(store));
    json_key(&json, "starter");
    json_bool(&json, store_starter(store));
    json_key(&json, "codes");
    json_int(&json, store->codes.count);
    json_close(&json, '}');
    json_key(&json, "releases");
    json_open(&json, '[');
    for (size_t s = 0; s < store_series_count(store); s++) {
        const struct series *series = store_series_at(store, s);

        for (size_t i = 0; i < series->releases; i++)
            listed_json(&json, series, i, day);
    }
    json_close(&json, ']');
    json_close(&json, '}');
    if (out->failed) {
        out->len = before;
        return error_memory(err);
    }
    return 0;
}
