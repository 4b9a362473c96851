/* The report of a refresh: for people, and as JSON. */
#include "indexer/refresh/refresh.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/refresh/keep.h"

enum { LINES_SHOWN = 40 }; /* of a list of what was not met */

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static const char *or_none(const char *id)
{
    return id[0] != '\0' ? id : "none";
}

/* "ID stays the active one" */
static const char *stays(const struct refresh *r, char text[64])
{
    if (r->before[0] == '\0')
        return "there is no active build";
    (void)snprintf(text, 64, "%s stays the active one", r->before);
    return text;
}

/* --- for people -------------------------------------------------------------
 */

static void print_inputs(const struct refresh *r, FILE *out)
{
    (void)fprintf(out, "files       %zu", r->inputs.count);
    if (r->remembered)
        (void)fprintf(out,
            "; since the last refresh %zu new, %zu changed, %zu gone",
            r->change.added, r->change.changed, r->change.gone);
    (void)fprintf(out, "\n");
}

static void print_alarms(const struct alarms *alarms, FILE *out)
{
    (void)fprintf(out, "alarms      %zu, %zu of them refuse\n",
        alarms->count + alarms->more, alarms->refusing);
    for (size_t i = 0; i < alarms->count; i++)
        (void)fprintf(out, "    %-7s %-14s %s\n",
            alarms->item[i].kind < ALARM_REFUSING ? "refuses" : "warns",
            alarm_kind_name(alarms->item[i].kind), alarms->item[i].text);
    if (alarms->more > 0)
        (void)fprintf(out, "    and %zu more\n", alarms->more);
}

static void print_unmet(const struct asked *asked, bool refuses, FILE *out)
{
    const struct expectations *list = &asked->list;
    size_t shown = 0;
    char text[300];

    for (size_t i = 0; i < list->count; i++) {
        const struct expect_result *result = &asked->result[i];

        if (result->outcome == EXPECT_HELD)
            continue;
        if (shown++ == LINES_SHOWN) {
            (void)fprintf(out, "    and more\n");
            return;
        }
        expectation_text(text, sizeof text, &list->item[i]);
        (void)fprintf(out, "    %-7s %s row %u: %s: expected %s, %s%s%s%s%s\n",
            refuses                            ? "refuses"
            : result->outcome == EXPECT_FAILED ? "warns"
                                               : "skipped",
            list->name, list->item[i].row, text, list->item[i].expected,
            result->outcome == EXPECT_FAILED ? "got " : "", result->got,
            result->where[0] != '\0' ? " (" : "", result->where,
            result->where[0] != '\0' ? ")" : "");
    }
}

static void print_asked(
    const char *title, const struct asked *asked, bool refuses, FILE *out)
{
    const struct expectations *list = &asked->list;

    if (list->bad_count > 0)
        (void)fprintf(out, "%-11s %zu line%s cannot be read\n", title,
            list->bad_count, plural(list->bad_count));
    for (size_t i = 0; i < list->bad_count && i < BAD_LINES_SHOWN; i++)
        (void)fprintf(out, "    refuses %s row %u: %s\n", list->name,
            list->bad[i].row, list->bad[i].reason);
    if (asked->result == NULL)
        return;
    (void)fprintf(out,
        "%-11s %zu held, %zu failed, %zu not asked: table not loaded, %zu not "
        "asked: release too old\n",
        title, asked->outcomes[EXPECT_HELD], asked->outcomes[EXPECT_FAILED],
        asked->outcomes[EXPECT_NOT_LOADED], asked->outcomes[EXPECT_OLDER]);
    print_unmet(asked, refuses, out);
}

static const char *label_of(const struct compare_series *series, int side)
{
    return series->release[side] != NULL ? series->release[side]->label : "";
}

/* The lists that changed; every change stands below. */
static void print_changes(const struct refresh *r, FILE *out)
{
    if (r->not_compared[0] != '\0')
        (void)fprintf(out, "changes     not compared: %s\n", r->not_compared);
    if (r->changes == NULL)
        return;
    (void)fprintf(
        out, "changes     %llu\n", (unsigned long long)r->changes->changes);
    for (size_t i = 0; i < r->changes->count; i++) {
        const struct compare_series *series = &r->changes->series[i];
        uint64_t sum = 0;

        for (int kind = 0; kind < CHANGE_KINDS; kind++)
            sum += series->count[kind];
        if (sum > 0)
            (void)fprintf(out, "    %-17s %-12s %8s -> %-8s %8llu\n",
                table_schema(series->table)->name,
                setting_name(series->setting), label_of(series, BEFORE),
                label_of(series, AFTER), (unsigned long long)sum);
    }
}

static void print_outcome(const struct refresh *r, FILE *out)
{
    const char *store = r->options->build.store;
    char text[64];

    switch (r->outcome) {
    case REFRESH_NOTHING_NEW:
        (void)fprintf(out,
            "nothing new: build %s is made of these files, and is active\n",
            r->after);
        return;
    case REFRESH_TAKEN_BACK:
        (void)fprintf(out,
            "nothing new: the build of these files, %s, was active and was "
            "taken back; %s stays the active one\n"
            "  to have it again    coderef-index activate --store %s %s\n",
            r->after, r->before, store, r->after);
        return;
    case REFRESH_DRY_RUN:
        (void)fprintf(
            out, "dry run: nothing written; %s is active\n", or_none(r->now));
        return;
    case REFRESH_ACTIVATED:
        (void)fprintf(out, "activated   %s%s%s\n", r->now,
            r->why[0] != '\0' ? "; " : "", r->why);
        if (r->before[0] != '\0')
            (void)fprintf(out,
                "  to go back          coderef-index rollback --store %s\n",
                store);
        break;
    case REFRESH_REFUSED:
        (void)fprintf(out, "%s; %s\n", r->why, stays(r, text));
        (void)fprintf(out,
            "  to activate it      coderef-index activate --store %s %s\n",
            store, r->after);
        break;
    case REFRESH_MADE:
        (void)fprintf(out, "made, not activated; %s%s%s\n", stays(r, text),
            r->why[0] != '\0' ? "; and else: " : "", r->why);
        (void)fprintf(out,
            "  to activate it      coderef-index activate --store %s %s\n",
            store, r->after);
        break;
    default:
        (void)fprintf(
            out, "failed: %s; %s is active\n", r->why, or_none(r->now));
    }
    if (r->after[0] != '\0')
        (void)fprintf(
            out, "  this report         %s/refresh/%s.txt\n", store, r->after);
}

void refresh_report(const struct refresh *r, FILE *out)
{
    (void)fprintf(out, "refresh     %s\n", r->began);
    (void)fprintf(out, "active      %s\n", or_none(r->before));
    if (r->after[0] != '\0')
        (void)fprintf(out, "new         %s%s\n", r->after,
            r->made ? "" : " (made before)");
    if (r->not_fetched[0] != '\0')
        (void)fprintf(out, "fetch       warns   %s\n", r->not_fetched);
    print_inputs(r, out);
    if (r->probes.result != NULL) {
        print_alarms(&r->alarms, out);
        print_asked("probes", &r->probes, false, out);
    }
    print_changes(r, out);
    if (r->replay != NULL)
        replay_report(r->replay, out);
    print_asked("expected", &r->expectations, true, out);
    print_outcome(r, out);
    if (r->impact_text != NULL)
        (void)fprintf(
            out, "\n== what changes for your codes\n\n%s", r->impact_text);
    if (r->replay != NULL && r->replay_text != NULL &&
        r->replay_text[0] != '\0')
        (void)fprintf(out, "\n== answers that differ\n\n%s%s", r->replay_text,
            r->replay->differing > REPLAYS_SHOWN
                ? "and more; 'coderef-index replay' tells them all\n"
                : "");
    if (r->changes_text != NULL)
        (void)fprintf(out, "\n== what changes\n\n%s", r->changes_text);
    if (r->table != NULL && r->table[0] != '\0')
        (void)fprintf(out, "\n== files\n\n%s", r->table);
}

/* --- as JSON ----------------------------------------------------------------
 */

/* A text may come from a file's name, or be cut inside a character. */
static json_t *text_json(const char *text)
{
    size_t len = strlen(text);
    json_t *json = json_stringn(text, len);

    while (json == NULL && len > 0)
        json = json_stringn(text, --len);
    return json != NULL ? json : json_string("");
}

static json_t *id_json(const char *id)
{
    return id[0] != '\0' ? json_string(id) : json_null();
}

static json_t *alarms_json(const struct alarms *alarms)
{
    json_t *list = json_array();

    for (size_t i = 0; i < alarms->count; i++)
        (void)json_array_append_new(
            list, json_pack("{s:s, s:b, s:o}", "kind",
                      alarm_kind_name(alarms->item[i].kind), "refuses",
                      (int)(alarms->item[i].kind < ALARM_REFUSING), "text",
                      text_json(alarms->item[i].text)));
    return list;
}

static json_t *asked_json(const struct asked *asked)
{
    const struct expectations *list = &asked->list;
    json_t *unmet = json_array(), *bad = json_array();
    char text[300];

    for (size_t i = 0; asked->result != NULL && i < list->count; i++) {
        const struct expect_result *result = &asked->result[i];

        if (result->outcome == EXPECT_HELD)
            continue;
        expectation_text(text, sizeof text, &list->item[i]);
        (void)json_array_append_new(unmet,
            json_pack("{s:I, s:o, s:s, s:o, s:o, s:o}", "row",
                (json_int_t)list->item[i].row, "asked", text_json(text),
                "outcome", expect_outcome_name(result->outcome), "expected",
                text_json(list->item[i].expected), "got",
                text_json(result->got), "where", text_json(result->where)));
    }
    for (size_t i = 0; i < list->bad_count && i < BAD_LINES_SHOWN; i++)
        (void)json_array_append_new(
            bad, json_pack("{s:I, s:o}", "row", (json_int_t)list->bad[i].row,
                     "reason", text_json(list->bad[i].reason)));
    return json_pack("{s:o, s:I, s:I, s:I, s:I, s:o, s:I, s:o}", "file",
        text_json(list->name != NULL ? list->name : ""), "held",
        (json_int_t)asked->outcomes[EXPECT_HELD], "failed",
        (json_int_t)asked->outcomes[EXPECT_FAILED], "not_loaded",
        (json_int_t)asked->outcomes[EXPECT_NOT_LOADED], "older",
        (json_int_t)asked->outcomes[EXPECT_OLDER], "unmet", unmet, "unreadable",
        (json_int_t)list->bad_count, "unreadable_lines", bad);
}

static json_t *changes_json(const struct compare_summary *changes)
{
    json_t *lists = json_array();

    for (size_t i = 0; i < changes->count; i++) {
        const struct compare_series *series = &changes->series[i];
        json_t *counts = json_object();

        for (int kind = 0; kind < CHANGE_KINDS; kind++)
            if (series->count[kind] > 0)
                (void)json_object_set_new(counts,
                    change_kind_name((enum change_kind)kind),
                    json_integer((json_int_t)series->count[kind]));
        (void)json_array_append_new(
            lists, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "table",
                       table_schema(series->table)->name, "setting",
                       setting_name(series->setting), "program",
                       program_name(series->program), "before",
                       label_of(series, BEFORE), "after",
                       label_of(series, AFTER), "not_compared",
                       compare_fault_name(series->fault), "counts", counts));
    }
    return json_pack(
        "{s:I, s:o}", "total", (json_int_t)changes->changes, "lists", lists);
}

static json_t *report_json(const struct refresh *r)
{
    json_t *json = json_pack("{s:s, s:s, s:o, s:o, s:o, s:b, s:o}", "outcome",
        refresh_outcome_name(r->outcome), "began", r->began, "active_before",
        id_json(r->before), "build", id_json(r->after), "active",
        id_json(r->now), "made", (int)r->made, "why", text_json(r->why));

    if (json == NULL)
        return NULL;
    (void)json_object_set_new(json, "files",
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:b}", "count",
            (json_int_t)r->inputs.count, "hashed",
            (json_int_t)r->inputs.rehashed, "new", (json_int_t)r->change.added,
            "changed", (json_int_t)r->change.changed, "gone",
            (json_int_t)r->change.gone, "compared", (int)r->remembered));
    if (r->not_fetched[0] != '\0')
        (void)json_object_set_new(
            json, "not_fetched", text_json(r->not_fetched));
    if (r->probes.result != NULL) {
        if (r->changes != NULL)
            (void)json_object_set_new(
                json, "changes", changes_json(r->changes));
        if (r->replay != NULL)
            (void)json_object_set_new(json, "replay", replay_json(r->replay));
        (void)json_object_set_new(json, "alarms", alarms_json(&r->alarms));
        (void)json_object_set_new(json, "probes", asked_json(&r->probes));
    }
    if (r->expectations.list.name != NULL)
        (void)json_object_set_new(
            json, "expectations", asked_json(&r->expectations));
    return json;
}

int refresh_report_json(
    const struct refresh *refresh, FILE *out, struct error *err)
{
    json_t *json = report_json(refresh);
    int rc = 0;

    if (json == NULL)
        return error_memory(err);
    if (json_dumpf(json, out, JSON_INDENT(1)) != 0 || fputc('\n', out) == EOF)
        rc = error_set(err, ERR_SYSTEM, errno, "writing: %s", strerror(errno));
    json_decref(json);
    return rc;
}

/* --- beside the build -------------------------------------------------------
 */

int refresh_report_keep(const struct refresh *r, struct error *err)
{
    char name[BUILD_ID_LEN + 8], *text = NULL;
    size_t len = 0;
    FILE *out;
    int rc = 0;

    for (int json = 0; rc == 0 && json < 2; json++) {
        if ((out = open_memstream(&text, &len)) == NULL)
            return error_memory(err);
        if (json)
            rc = refresh_report_json(r, out, err);
        else
            refresh_report(r, out);
        if (fclose(out) != 0 && rc == 0)
            rc = error_memory(err);
        (void)snprintf(
            name, sizeof name, "%s.%s", r->after, json ? "json" : "txt");
        if (rc == 0)
            rc = keep_file(r->options->build.store, name, text, len, err);
        free(text);
        text = NULL;
    }
    return rc;
}
