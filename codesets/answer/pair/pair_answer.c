#include "codesets/answer/pair/pair_answer.h"

#include <string.h>

#include "codesets/store/aoc.h"

int indicator_number(enum modifier_indicator indicator)
{
    return indicator == INDICATOR_NOT_APPLICABLE ? 9 : (int)indicator;
}

const char *edit_state_name(
    const struct edit_scope *scope, const struct ptp_edit *edit, day_t day)
{
    if (ptp_never_active(edit))
        return "never";
    if (ptp_in_force(edit, day))
        return edit_scope_covers(scope, day) ? "in_force" : "unknown";
    return edit->effective > day ? "coming" : "ended";
}

void source_json(
    struct json *json, const char *release, const char *file, uint32_t row)
{
    json_open(json, '{');
    json_key(json, "release");
    json_string(json, release);
    json_key(json, "file");
    json_string(json, file);
    json_key(json, "row");
    json_int(json, row);
    json_close(json, '}');
}

static void edit_source_json(struct json *json, const struct rules *rules,
    const struct edit_scope *scope, const struct ptp_edit *edit)
{
    source_json(json, scope->release->label,
        store_file(rules->store, edit->file), edit->line);
}

static void rationale_json(
    struct json *json, const struct rules *rules, const struct ptp_edit *edit)
{
    size_t len;
    const char *text = store_text(rules->store, edit->rationale, &len);

    json_text(json, len == 0 ? NULL : text, len);
}

static void code_json(
    struct json *json, const struct rules *rules, uint32_t ordinal)
{
    char text[PROC_LEN + 1];

    proc_unpack(text, proc_at(&rules->store->proc, ordinal));
    json_word_len(json, text, PROC_LEN);
}

void edit_json(struct json *json, const struct rules *rules,
    const struct edit_scope *scope, const struct ptp_edit *edit, day_t day)
{
    json_open(json, '{');
    json_key(json, "column1");
    code_json(json, rules, edit->column1);
    json_key(json, "column2");
    code_json(json, rules, edit->column2);
    json_key(json, "modifier_indicator");
    json_int(json, indicator_number(edit->indicator));
    json_key(json, "effective");
    json_day(json, edit->effective);
    json_key(json, "deleted");
    json_day(json, edit->deleted);
    json_key(json, "effective_inferred");
    json_bool(json, edit->inferred);
    json_key(json, "state");
    json_word(json, edit_state_name(scope, edit, day));
    json_key(json, "rationale");
    rationale_json(json, rules, edit);
    json_key(json, "source");
    edit_source_json(json, rules, scope, edit);
    json_close(json, '}');
}

static void history_json(struct json *json, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision)
{
    const struct edit_scope *scope =
        &rules->edits[question->setting][question->program];

    json_open(json, '[');
    for (uint32_t row = decision->first; row < decision->end; row++) {
        struct ptp_edit edit;

        ptp_edit(scope->table, decision->lower, row, &edit);
        edit_json(json, rules, scope, &edit, question->day);
    }
    json_close(json, ']');
}

static void notes_json(struct json *json, unsigned notes)
{
    json_open(json, '[');
    for (unsigned bit = 0; bit < NOTE_COUNT; bit++)
        if ((notes >> bit & 1) != 0)
            json_word(json, pair_note_name(bit));
    json_close(json, ']');
}

static void bypass_json(struct json *json, const struct pair_line *line,
    const struct pair_decision *decision)
{
    char modifier[3];

    if (line == NULL) {
        json_null(json);
        return;
    }
    modifier_unpack(modifier, decision->bypass_modifier);
    json_open(json, '{');
    json_key(json, "modifier");
    json_word(json, modifier);
    json_key(json, "code");
    json_text(json, line->code, line->len);
    json_close(json, '}');
}

const struct ptp_edit *pair_decisive_edit(struct ptp_edit *out,
    const struct edit_scope *scope, const struct pair_decision *decision)
{
    if (decision->row == NO_ROW)
        return NULL;
    ptp_edit(scope->table, decision->lower, decision->row, out);
    return out;
}

/* The columns are named when an edit is in force; a withdrawn row still shows
 * that its indicator was 9. */
static void columns_json(struct json *json,
    const struct pair_line *const line[2], const struct pair_decision *decision)
{
    const struct pair_line *first = line[decision->column1_line];
    const struct pair_line *second = line[1 - decision->column1_line];

    json_key(json, "column1");
    json_text(json, decision->live ? first->code : NULL, first->len);
    json_key(json, "column2");
    json_text(json, decision->live ? second->code : NULL, second->len);
    json_key(json, "modifier_indicator");
    if (decision->live || decision->reason == REASON_EDIT_NEVER_ACTIVE)
        json_int(json, decision->live
                           ? indicator_number(decision->edit.indicator)
                           : indicator_number(INDICATOR_NOT_APPLICABLE));
    else
        json_null(json);
}

/* The row that decided: the one in force, else the one that explains why none
 * is (the next to begin, the last to end). */
static void decisive_json(struct json *json, const struct rules *rules,
    const struct pair_decision *decision, const struct ptp_edit *edit)
{
    const bool told = edit != NULL;

    json_key(json, "effective");
    json_day(json, told ? edit->effective : DAY_OPEN);
    json_key(json, "deleted");
    json_day(json, told ? edit->deleted : DAY_OPEN);
    json_key(json, "effective_inferred");
    json_bool(json, decision->inferred);
    json_key(json, "rationale");
    if (told)
        rationale_json(json, rules, edit);
    else
        json_null(json);
}

static void limit_json(struct json *json, const struct pair_decision *decision)
{
    json_key(json, "mue");
    if (!decision->limit_known) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    json_key(json, "value");
    json_int(json, decision->limit);
    json_key(json, "mai");
    json_int(json, decision->mai);
    json_close(json, '}');
}

/* The verdict and all that it rests on but the rows. */
static void verdict_json(struct json *json, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision,
    const struct ptp_edit *edit, enum pair_style style)
{
    const struct pair_line *const line[3] = {question->a, question->b, NULL};

    json_key(json, "verdict");
    json_word(json, pair_verdict_name(decision->verdict));
    json_key(json, "reason");
    json_word(json, pair_reason_name(decision->reason));
    if (style == PAIR_FULL) {
        size_t from;

        json_key(json, "reason_text");
        from = json_text_begin(json);
        pair_reason_text(json->out, rules, question, decision);
        json_text_end(json, from);
    }
    columns_json(json, line, decision);
    decisive_json(json, rules, decision, edit);
    json_key(json, "denied");
    if (decision->denied_line == NO_LINE)
        json_null(json);
    else
        json_text(json, line[decision->denied_line]->code,
            line[decision->denied_line]->len);
    json_key(json, "bypass");
    bypass_json(json, line[decision->bypass_line], decision);
    json_key(json, "stale");
    json_bool(json, decision->stale);
    json_key(json, "notes");
    notes_json(json, decision->notes);
    if (decision->reason == REASON_SAME_CODE)
        limit_json(json, decision);
}

static void decisive_source_json(struct json *json, const struct rules *rules,
    const struct edit_scope *scope, const struct ptp_edit *edit)
{
    json_key(json, "source");
    if (edit == NULL)
        json_null(json);
    else
        edit_source_json(json, rules, scope, edit);
}

/* Two lines of one code are judged by limits, not by edits. */
static bool setting_loaded(const struct rules *rules,
    const struct pair_question *question, enum setting setting)
{
    if (strcmp(question->a->code, question->b->code) == 0)
        return store_series(
                   rules->store, TABLE_MUE, setting, question->program) != NULL;
    return rules->edits[setting][question->program].loaded;
}

/* The same question in the other settings that are loaded. */
static void other_settings_json(struct json *json, const struct rules *rules,
    const struct pair_question *question)
{
    json_key(json, "other_settings");
    json_open(json, '[');
    for (int s = SETTING_PRACTITIONER; s < SETTING_COUNT; s++) {
        const struct edit_scope *scope = &rules->edits[s][question->program];
        struct pair_question other = *question;
        struct pair_decision decision;
        struct ptp_edit decisive;
        const struct ptp_edit *edit;

        other.setting = (enum setting)s;
        if (other.setting == question->setting ||
            !setting_loaded(rules, question, other.setting))
            continue;
        pair_decide(&decision, rules, &other);
        edit = pair_decisive_edit(&decisive, scope, &decision);
        json_open(json, '{');
        json_key(json, "setting");
        json_word(json, setting_name(other.setting));
        verdict_json(json, rules, &other, &decision, edit, PAIR_FULL);
        decisive_source_json(json, rules, scope, edit);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* Step 4: what the add-on table says of the two. */
static void addon_json(struct json *json, const struct rules *rules,
    const struct pair_question *question)
{
    const struct pair_line *const line[2] = {question->a, question->b};

    json_key(json, "addon");
    json_open(json, '[');
    for (int i = 0; i < 2; i++) {
        const char *other = line[1 - i]->code;
        struct aoc_rows rows;
        struct aoc_row row;
        bool type1 = false, here = false;

        if (line[i]->kind != LINE_PROCEDURE ||
            !rules_addon(rules, line[i]->ordinal) ||
            aoc_find(&rows, rules->store, line[i]->code, line[i]->len, false,
                NULL) != 0)
            continue;
        while (aoc_next(&rows, &row, NULL) > 0)
            if (aoc_in_force(&row, question->day)) {
                type1 |= row.type == 1;
                here |= strcmp(row.primary, other) == 0;
            }
        if (!type1 && !here)
            continue;
        json_open(json, '{');
        json_key(json, "addon");
        json_text(json, line[i]->code, line[i]->len);
        json_key(json, "primary");
        json_string(json, here ? other : NULL);
        json_key(json, "note");
        json_word(json, here ? "addon_of" : "addon_primary_not_here");
        json_close(json, '}');
    }
    json_close(json, ']');
}

void pair_json(struct json *json, const struct rules *rules,
    const struct pair_question *question, const struct pair_decision *decision,
    enum pair_style style)
{
    const struct edit_scope *scope =
        &rules->edits[question->setting][question->program];
    const struct pair_line *const line[2] = {question->a, question->b};
    struct ptp_edit decisive;
    const struct ptp_edit *edit =
        pair_decisive_edit(&decisive, scope, decision);

    json_open(json, '{');
    json_key(json, "codes");
    json_open(json, '[');
    json_text(json, line[0]->code, line[0]->len);
    json_text(json, line[1]->code, line[1]->len);
    json_close(json, ']');
    if (style == PAIR_BRIEF) {
        json_key(json, "date");
        json_day(json, question->day);
        json_key(json, "setting");
        json_word(json, setting_name(question->setting));
        json_key(json, "program");
        json_word(json, program_name(question->program));
    }
    verdict_json(json, rules, question, decision, edit, style);
    json_key(json, "history");
    history_json(json, rules, question, decision);
    decisive_source_json(json, rules, scope, edit);
    if (style == PAIR_FULL) {
        pair_timeline_json(json, rules, question, decision);
        addon_json(json, rules, question);
        other_settings_json(json, rules, question);
    }
    json_close(json, '}');
}
