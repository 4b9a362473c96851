#include <string.h>

#include "codesets/answer/card/card.h"
#include "codesets/answer/necessity/necessity_answer.h"
#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/card/timed_json.h"

void view_source_json(struct json *json, const struct view *view)
{
    const struct source_ref source = view_source(view);

    source_json(json, view_release(view), source.file, source.row);
}

static void text_member(
    struct json *json, const char *key, const struct view *view, int column)
{
    size_t len = 0;
    const char *text = view == NULL ? NULL : view_text(view, column, &len);

    json_key(json, key);
    json_text(json, text, len);
}

/* Every column of a row that is not empty, by its name. */
static void row_json(struct json *json, const struct view *view)
{
    const struct table_schema *schema = table_schema(view->series->table);

    json_open(json, '{');
    for (size_t c = 1; c < schema->columns; c++) {
        size_t len;
        const char *text = view_text(view, (int)c, &len);
        day_t day;

        if (text == NULL)
            continue;
        json_key(json, schema->column[c]);
        if (day_parse_compact(&day, text, len) == 0)
            json_day(json, day);
        else
            json_text(json, text, len);
    }
    json_key(json, "source");
    view_source_json(json, view);
    json_close(json, '}');
}

/* -------------------------------------------------- timed and therapy */

void card_timed_json(struct json *json, const struct code_card *card)
{
    const struct rules *rules = card->answers->rules;
    struct timed_fact fact;

    timed_find(&fact, rules->timed, proc_pack(card->item.code.text), card->day);
    json_key(json, "timed");
    timed_fact_json(json, rules, &fact, card->day);
}

static enum validity multiple_procedure_5(const struct code_card *card)
{
    for (size_t i = 0; i < card->pfs.rows; i++) {
        const struct pfs_row *row = &card->pfs.row[i];
        struct pfs_value value;

        if (row->modifier[0] != '\0')
            continue;
        value = pfs_column(&card->pfs, row, PFS_MULTIPLE_PROCEDURE);
        if (value.uncertain || value.now == NULL)
            return VALIDITY_UNKNOWN;
        return strcmp(value.now, "5") == 0 ? VALIDITY_VALID
                                           : VALIDITY_NOT_VALID;
    }
    return VALIDITY_UNKNOWN;
}

static void therapy_json(struct json *json, const struct code_card *card)
{
    const struct view *timed = card->has_timed ? &card->timed : NULL;

    json_key(json, "therapy");
    json_open(json, '{');
    text_member(json, "class", timed, TIMED_THERAPY);
    text_member(json, "certainty", timed, TIMED_THERAPY_CERT);
    json_key(json, "dhs_listed");
    tri_json(json, card->dhs_listed);
    json_key(json, "multiple_procedure_5");
    tri_json(json, multiple_procedure_5(card));
    json_key(json, "source");
    if (timed == NULL)
        json_null(json);
    else
        view_source_json(json, timed);
    json_close(json, '}');
}

/* ------------------------------------------------------------ the head */

static void periods_json(struct json *json, const struct code_card *card)
{
    const struct store *store = card->answers->store;

    json_key(json, "periods");
    json_open(json, '[');
    for (size_t i = 0; i < card->spans.count; i++) {
        const struct proc_span *span = &card->spans.span[i];
        const struct series *series = NULL;

        if (span->evidence != EVIDENCE_NONE &&
            span->series < store_series_count(store))
            series = store_series_at(store, span->series);
        json_open(json, '{');
        json_key(json, "from");
        json_day(json, span->from);
        json_key(json, "to");
        json_day(json, i + 1 < card->spans.count ? span->to : DAY_OPEN);
        json_key(json, "valid");
        tri_json(json, span->validity);
        json_key(json, "evidence");
        json_word(json, evidence_name(span->evidence));
        json_key(json, "table");
        json_string(
            json, series == NULL ? NULL : table_schema(series->table)->name);
        json_key(json, "release");
        json_string(json, series == NULL || span->release >= series->releases
                              ? NULL
                              : series->release[span->release].label);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void state_json(
    struct json *json, const struct code_state *state, struct used *used)
{
    used_add(used, state->series);
    json_key(json, "valid");
    tri_json(json, state->validity);
    json_key(json, "valid_from");
    json_day(json, state->valid_from);
    json_key(json, "valid_to");
    json_day(json, state->valid_to);
    json_key(json, "evidence");
    json_open(json, '{');
    json_key(json, "kind");
    json_word(json, evidence_name(state->evidence));
    json_key(json, "table");
    json_string(json, state->series == NULL
                          ? NULL
                          : table_schema(state->series->table)->name);
    json_key(json, "release");
    json_string(json, state->release == NULL ? NULL : state->release->label);
    json_key(json, "from");
    json_day(json, state->from);
    json_key(json, "to");
    json_day(json, state->to);
    json_close(json, '}');
    json_key(json, "stale");
    json_bool(json, state->stale);
    json_key(json, "covered_to");
    json_day(json, state->covered_to);
}

static void descriptor_member(
    struct json *json, const char *key, const struct described *text)
{
    json_key(json, key);
    described_json(json, text);
}

static void descriptors_json(
    struct json *json, const struct descriptors *texts, struct used *used)
{
    used_add(used, texts->brief.series);
    used_add(used, texts->full.series);
    used_add(used, texts->label.series);
    json_key(json, "text");
    described_json(json, &texts->title);
    json_key(json, "descriptors");
    json_open(json, '{');
    descriptor_member(json, "short", &texts->brief);
    descriptor_member(json, "long", &texts->full);
    descriptor_member(json, "label", &texts->label);
    json_close(json, '}');
}

static void place_json(struct json *json, const struct code_card *card)
{
    json_key(json, "section");
    if (card->section == NULL) {
        json_null(json);
    } else {
        json_open(json, '{');
        json_key(json, "name");
        json_string(json, card->section->name);
        json_key(json, "from");
        json_word(json, card->section->from);
        json_key(json, "to");
        json_word(json, card->section->to);
        json_close(json, '}');
    }
    json_key(json, "neighbours");
    json_open(json, '{');
    json_key(json, "previous");
    json_string(json, card->has_previous ? card->previous : NULL);
    json_key(json, "next");
    json_string(json, card->has_next ? card->next : NULL);
    json_close(json, '}');
    json_key(json, "replaced_by");
    json_open(json, '[');
    for (size_t i = 0; i < card->replacements; i++)
        json_string(json, card->replacement[i]);
    json_close(json, ']');
    json_key(json, "also");
    json_open(json, '[');
    for (size_t i = 0; i < card->also; i++)
        json_word(json, code_system_name(card->also_code[i].system));
    json_close(json, ']');
}

/* --------------------------------------------------- the other systems */

static void optional_row(
    struct json *json, const char *key, bool has, const struct view *view)
{
    json_key(json, key);
    if (has)
        row_json(json, view);
    else
        json_null(json);
}

static void icd_json(struct json *json, const struct code_card *card)
{
    json_key(json, "undotted");
    json_text(json, card->item.code.text, card->item.code.len);
    json_key(json, "header");
    if (card->item.billable == VALIDITY_UNKNOWN ||
        card->item.state.validity != VALIDITY_VALID)
        json_null(json);
    else
        json_bool(json, card->item.billable == VALIDITY_NOT_VALID);
    json_key(json, "billable_uncertain");
    json_bool(json, card->item.billable_uncertain);
    /* The list has no headers: they are not reported at all. */
    json_key(json, "poa_exempt");
    tri_json(json, card->item.billable == VALIDITY_NOT_VALID
                       ? VALIDITY_UNKNOWN
                       : card->poa_exempt);
    optional_row(json, "conversion", card->has_conversion, &card->conversion);
    icd_card_json(json, card);
}

static void used_of_parts(const struct code_card *card, struct used *used)
{
    const struct store *store = card->answers->store;

    used_add(used, card->has_hcpcs ? card->hcpcs.series : NULL);
    used_add(used, card->has_timed ? card->timed.series : NULL);
    used_add(used, card->has_modifier ? card->modifier.series : NULL);
    used_add(used, card->has_threshold ? card->threshold.series : NULL);
    used_add(used, card->has_local ? card->local.series : NULL);
    used_add(used, card->has_conversion ? card->conversion.series : NULL);
    used_add(used, card->pfs.series);
    for (int s = 0; s < SETTING_COUNT; s++)
        used_add(used, card->mue[s].series);
    if (card->item.code.system == SYSTEM_ICD10CM) {
        used_add(
            used, store_series(store, TABLE_POA, SETTING_NONE, PROGRAM_NONE));
        icd_card_used(card, used);
    } else if (card->pfs.store != NULL) {
        used_add(
            used, store_series(store, TABLE_DHS, SETTING_NONE, PROGRAM_NONE));
        for (int s = 0; s < SETTING_COUNT; s++)
            used_add(
                used, card->answers->rules->edits[s][PROGRAM_MEDICARE].series);
    }
}

/* ------------------------------------------------------------- sources */

static void fact_json(struct json *json, const struct series *series,
    const char *release, struct source_ref source)
{
    json_open(json, '{');
    json_key(json, "table");
    json_word(json, table_schema(series->table)->name);
    json_key(json, "release");
    json_string(json, release);
    json_key(json, "file");
    json_string(json, source.file);
    json_key(json, "row");
    json_int(json, source.row);
    json_close(json, '}');
}

static void view_fact(struct json *json, bool has, const struct view *view)
{
    if (has)
        fact_json(json, view->series, view_release(view), view_source(view));
}

static void text_fact(struct json *json, const struct described *text)
{
    if (text->text != NULL)
        fact_json(json, text->series, text->release, text->source);
}

static void pfs_facts(struct json *json, const struct code_card *card)
{
    for (size_t i = 0; i < card->pfs.rows; i++) {
        const struct snapshot *at = &card->pfs.row[i].snapshot;

        if (at->found)
            fact_json(json, card->pfs.series, card->pfs.release->label,
                row_source(card->answers->store, &at->row, at->release));
        if (at->next_found)
            fact_json(json, card->pfs.series, card->pfs.next->label,
                row_source(card->answers->store, &at->next_row, at->next));
    }
}

/* Where each fact of the card stands. */
static void sources_json(struct json *json, const struct code_card *card)
{
    const struct descriptors *texts = &card->item.texts;

    json_key(json, "sources");
    json_open(json, '[');
    if (!card->has_hcpcs && !card->has_local)
        text_fact(json, &texts->full);
    if (texts->brief.text != NULL && texts->brief.series != texts->full.series)
        text_fact(json, &texts->brief);
    view_fact(json, card->has_hcpcs, &card->hcpcs);
    view_fact(json, card->has_timed, &card->timed);
    view_fact(json, card->has_modifier, &card->modifier);
    view_fact(json, card->has_threshold, &card->threshold);
    view_fact(json, card->has_local, &card->local);
    view_fact(json, card->has_conversion, &card->conversion);
    view_fact(json, card->has_dhs, &card->dhs);
    if (card->icd.notes.series != NULL)
        fact_json(json, card->icd.notes.series,
            card->icd.notes.series->release[card->icd.notes.release].label,
            row_source(card->answers->store, &card->icd.notes.node[0],
                card->icd.notes.release));
    pfs_facts(json, card);
    for (int s = 0; s < SETTING_COUNT; s++) {
        const struct mue_state *mue = &card->mue[s];

        if (mue->found)
            fact_json(
                json, mue->series, mue->now.release->label, mue->now.source);
        if (mue->next_found)
            fact_json(
                json, mue->series, mue->next.release->label, mue->next.source);
    }
    json_close(json, ']');
}

void code_card_json(struct json *json, const struct code_card *card)
{
    const enum code_system system = card->item.code.system;
    struct used used = {0};

    json_open(json, '{');
    json_key(json, "code");
    json_string(json, card->item.shown);
    json_key(json, "system");
    json_word(json, code_system_name(system));
    json_key(json, "date");
    json_day(json, card->day);
    state_json(json, &card->item.state, &used);
    json_key(json, "billable");
    tri_json(json, card->item.billable);
    descriptors_json(json, &card->item.texts, &used);
    place_json(json, card);
    periods_json(json, card);
    used_of_parts(card, &used);
    if (system != SYSTEM_MODIFIER && system != SYSTEM_LOCAL)
        used_add(&used, store_series(card->answers->store, TABLE_COVERAGE,
                            SETTING_NONE, PROGRAM_NONE));
    if (system == SYSTEM_ICD10CM) {
        icd_json(json, card);
        policies_of_code_json(json, card->answers, card->item.code.text,
            card->item.code.len, true, card->day);
    } else if (system == SYSTEM_MODIFIER) {
        card_modifier_json(json, card);
        optional_row(json, "hcpcs", card->has_hcpcs, &card->hcpcs);
    } else if (system == SYSTEM_LOCAL) {
        optional_row(json, "local", card->has_local, &card->local);
    } else {
        card_timed_json(json, card);
        therapy_json(json, card);
        optional_row(json, "hcpcs", card->has_hcpcs, &card->hcpcs);
        card_fees_json(json, card);
        card_limits_json(json, card);
        card_addon_json(json, card, &used);
        policies_of_code_json(json, card->answers, card->item.code.text,
            card->item.code.len, false, card->day);
    }
    sources_json(json, card);
    used_json(json, &used, card->answers->store, card->day);
    json_close(json, '}');
}

int answer_code(struct buffer *out, const struct answers *answers,
    const struct code_question *question, struct error *err)
{
    const size_t before = out->len;
    struct code_card card;
    struct json json;
    const int rc = code_card_find(&card, answers, question, err);

    if (rc != 0)
        return rc;
    json_begin(&json, out);
    code_card_json(&json, &card);
    if (out->failed) {
        out->len = before;
        return error_memory(err);
    }
    return 0;
}
