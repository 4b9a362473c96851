#include <stdio.h>
#include <string.h>

#include "codesets/answer/card/card.h"
#include "codesets/store/aoc.h"
#include "tools/coderef/command.h"
#include "tools/coderef/grid.h"

static void fact(const char *label, struct buffer *text)
{
    buffer_addc(text, '\0');
    if (!text->failed)
        print_fact(label, text->data);
    buffer_clear(text);
}

static void add_day(struct buffer *text, const char *before, day_t day)
{
    char shown[DAY_TEXT_LEN];

    if (day_format(shown, day) > 0)
        buffer_addf(text, "%s%s", before, shown);
}

static void print_validity(const struct code_card *card)
{
    const struct code_state *state = &card->item.state;
    struct buffer text = {0};
    char day[DAY_TEXT_LEN];

    (void)day_format(day, card->day);
    print_fact("date", day);
    buffer_adds(&text, state->validity == VALIDITY_VALID       ? "yes"
                       : state->validity == VALIDITY_NOT_VALID ? "no"
                                                               : "not known");
    add_day(&text, ", from ", state->valid_from);
    add_day(&text, ", to ", state->valid_to);
    buffer_addf(&text, " (%s", evidence_name(state->evidence));
    if (state->series != NULL && state->release != NULL)
        buffer_addf(&text, ": %s %s", table_schema(state->series->table)->name,
            state->release->label);
    buffer_addc(&text, ')');
    if (state->stale)
        add_day(&text, "; stale, the data ends on ", state->covered_to);
    fact("valid", &text);
    if (card->item.code.system == SYSTEM_ICD10CM)
        print_fact("billable",
            card->item.billable == VALIDITY_VALID ? "yes"
            : icd_reason(card) != NULL            ? "no: needs more characters"
            : card->item.billable == VALIDITY_NOT_VALID ? "no"
                                                        : "not known");
    for (size_t i = 0; i < card->replacements; i++)
        print_fact(i == 0 ? "replaced by" : "", card->replacement[i]);
    for (size_t i = 0; i < card->also; i++)
        print_fact("also", code_system_name(card->also_code[i].system));
}

static void print_texts(const struct code_card *card)
{
    const struct descriptors *texts = &card->item.texts;

    print_fact("long", texts->full.text);
    print_fact("short", texts->brief.text);
    print_fact("label", texts->label.text);
    if (card->section != NULL)
        print_fact("section", card->section->name);
}

static void print_timed(const struct code_card *card)
{
    struct timed_fact known;
    struct buffer text = {0};

    timed_find(&known, card->answers->rules->timed,
        proc_pack(card->item.code.text), card->day);
    if (known.kind == KIND_UNKNOWN || known.kind == KIND_UNLISTED) {
        buffer_adds(&text, "not known");
    } else {
        buffer_adds(&text, known.kind == KIND_UNTIMED || known.kind == KIND_DAYS
                               ? "no"
                               : "yes");
        buffer_addf(&text, ", %s", timed_kind_name(known.kind));
        if (known.unit > 0)
            buffer_addf(&text, ", %u minutes a unit", known.unit);
        if (known.minimum > 0)
            buffer_addf(&text, ", from %u minutes", known.minimum);
        if (known.maximum > 0)
            buffer_addf(&text, " to %u", known.maximum);
        if (known.known_by == TIMED_BY_DESCRIPTOR)
            buffer_adds(&text, ", by its descriptor");
    }
    fact("timed", &text);
    if (card->has_timed)
        print_fact("therapy", view_text(&card->timed, TIMED_THERAPY, NULL));
}

static void add_value(struct buffer *text, const struct code_card *card,
    int column, const char *name)
{
    const struct pfs_value value =
        pfs_column(&card->pfs, &card->pfs.row[0], column);

    if (value.uncertain)
        buffer_addf(text, ", %s %s or %s", name,
            value.now != NULL ? value.now : "none",
            value.next != NULL ? value.next : "none");
    else if (value.now != NULL && value.now[0] != '\0')
        buffer_addf(text, ", %s %s", name, value.now);
}

static void print_pfs(const struct code_card *card)
{
    const struct pfs_state *pfs = &card->pfs;
    struct buffer text = {0};

    if (pfs->state == SNAPSHOT_BEFORE || pfs->state == SNAPSHOT_OUTSIDE)
        print_fact("fee schedule", "not known on this day");
    if (pfs->release == NULL || pfs->rows == 0 ||
        pfs->row[0].modifier[0] != '\0')
        return;
    buffer_adds(&text, pfs->release->label);
    if (pfs->next != NULL)
        buffer_addf(&text, " and %s", pfs->next->label);
    if (pfs->state == SNAPSHOT_STALE)
        buffer_adds(&text, " (stale)");
    add_value(&text, card, PFS_STATUS, "status");
    add_value(&text, card, PFS_GLOBAL_DAYS, "global");
    add_value(&text, card, PFS_MULTIPLE_PROCEDURE, "multiple procedure");
    add_value(&text, card, PFS_WORK_RVU, "work");
    add_value(&text, card, PFS_NONFACILITY_TOTAL, "total");
    add_value(&text, card, PFS_FACILITY_TOTAL, "in a facility");
    fact("fee schedule", &text);
}

static void add_limit(struct buffer *text, bool found, const struct mue *mue)
{
    if (found)
        buffer_addf(text, "%u (MAI %d)", mue->value, (int)mue->mai);
    else
        buffer_adds(text, "none published");
}

static void print_limits(const struct code_card *card)
{
    for (int s = SETTING_PRACTITIONER; s < SETTING_COUNT; s++) {
        const struct mue_state *mue = &card->mue[s];
        struct buffer text = {0};

        if (mue->state == SNAPSHOT_NOT_LOADED)
            continue;
        buffer_addf(&text, "%s ", setting_name((enum setting)s));
        if (mue->release == NULL) {
            buffer_adds(&text, "not known on this day");
            fact("units (MUE)", &text);
            continue;
        }
        add_limit(&text, mue->found, &mue->now);
        if (mue_uncertain(mue)) {
            buffer_adds(&text, " or ");
            add_limit(&text, mue->next_found, &mue->next);
        }
        buffer_addf(&text, ", %s%s", mue->release->label,
            mue->state == SNAPSHOT_STALE ? " (stale)" : "");
        fact("units (MUE)", &text);
    }
    for (int s = SETTING_PRACTITIONER; s < SETTING_COUNT; s++) {
        const struct edit_scope *scope =
            &card->answers->rules->edits[s][PROGRAM_MEDICARE];
        struct buffer text = {0};

        if (!scope->loaded)
            continue;
        buffer_addf(&text, "%s: ", setting_name((enum setting)s));
        if (edit_scope_covers(scope, card->day))
            buffer_addf(&text, "%u as column 1, %u as column 2; ",
                card->edits[s].column1, card->edits[s].column2);
        else
            buffer_adds(&text, "not known on this day; ");
        buffer_addf(&text, "%u rows in all", card->edits[s].total);
        fact("edits", &text);
    }
}

/* The codes of the add-on table, in one line. */
static void print_addon(const struct code_card *card, bool as_primary)
{
    const struct code_ref *code = &card->item.code;
    struct buffer text = {0};
    struct aoc_rows rows;
    struct aoc_row row;

    if (aoc_find(&rows, card->answers->store, code->text, code->len, as_primary,
            NULL) != 0)
        return;
    if (aoc_state(rows.series, card->day) == SNAPSHOT_OUTSIDE) {
        print_fact(
            as_primary ? "its add-ons" : "add-on", "not known on this day");
        return;
    }
    while (aoc_next(&rows, &row, NULL) > 0) {
        if (!aoc_in_force(&row, card->day))
            continue;
        if (text.len == 0 && !as_primary)
            buffer_addf(&text, "type %u, with", row.type);
        if (text.len > 0)
            buffer_addc(&text, ' ');
        if (strcmp(row.primary, AOC_CONTRACTOR) == 0)
            buffer_adds(&text, "what the contractor says");
        else
            buffer_adds(&text, as_primary ? row.addon : row.primary);
    }
    if (text.len > 0)
        fact(as_primary ? "its add-ons" : "add-on", &text);
    buffer_clear(&text);
}

static void print_modifier(const struct code_card *card)
{
    const struct view *row = card->has_modifier ? &card->modifier : NULL;
    struct buffer text = {0};

    modifier_bypass_text(
        &text, &card->answers->rules->modifiers
                    .rule[modifier_pack(card->item.code.text)]);
    fact("edits", &text);
    if (row == NULL)
        return;
    print_fact("class", view_text(row, MODIFIER_CLASS, NULL));
    print_fact(
        "payment", modifier_effect_text(view_text(row, MODIFIER_EFFECT, NULL)));
    if (card->has_threshold) {
        text = (struct buffer){0};
        buffer_addf(&text, "%s: %s USD for PT and SLP together, %s USD for OT",
            view_text(&card->threshold, KX_YEAR, NULL),
            view_text(&card->threshold, KX_PT_SLP, NULL),
            view_text(&card->threshold, KX_OT, NULL));
        fact("threshold", &text);
    }
    print_fact("notes", view_text(row, MODIFIER_NOTES, NULL));
}

/* --------------------------------------------------------- ICD-10-CM */

/* Codes with their titles, one a line. */
static void print_codes(const char *label, const struct code_card *card,
    const uint32_t *number, size_t count)
{
    const struct answers *answers = card->answers;

    for (size_t i = 0; i < count; i++) {
        const struct code_ref code = code_at(&answers->store->codes, number[i]);
        struct buffer text = {0};
        struct code_item item;

        if (code_item_find(&item, answers->rules, &code, card->day, NULL) != 0)
            continue;
        buffer_addf(&text, "%-8s  %s", item.shown,
            item.texts.title.text != NULL ? item.texts.title.text : "");
        fact(i == 0 ? label : "", &text);
    }
}

static void print_newer(const struct code_card *card)
{
    const struct icd_card *icd = &card->icd;

    if (card->has_conversion) {
        struct buffer text = {0};

        buffer_adds(
            &text, view_text(&card->conversion, CONVERSION_PREVIOUS, NULL));
        add_day(&text, ", until ",
            view_day(&card->conversion, CONVERSION_EFFECTIVE, DAY_OPEN));
        fact("was", &text);
    }
    for (size_t i = 0; i < icd->newer; i++) {
        const struct conversion_row *row = &icd->newer_code[i];
        struct buffer text = {0};
        char shown[CODE_TEXT];

        (void)icd_dotted(shown, row->code, strlen(row->code));
        buffer_adds(&text, shown);
        add_day(&text, ", from ", row->effective);
        fact(i == 0 ? "newer codes" : "", &text);
    }
}

static void print_lines(
    const char *label, const char *node, const char *text, size_t left)
{
    const char *line;
    size_t len;

    while (icd_note_next(&text, &left, &line, &len)) {
        struct buffer out = {0};

        buffer_add(&out, line, len);
        if (node != NULL)
            buffer_addf(&out, "  [%s]", node);
        fact(label, &out);
        label = "";
    }
}

/* Notes with what they are inherited from, in brackets. */
static void print_notes(const struct code_card *card)
{
    const struct icd_notes *notes = &card->icd.notes;
    const struct store *store = card->answers->store;
    struct buffer text = {0};
    const char *line;
    char name[CODE_TEXT];
    size_t len;

    if (notes->series == NULL)
        return;
    for (size_t i = notes->nodes; i > 0; i--) {
        const struct row *node = &notes->node[i - 1];

        if (row_text(store, node, TABULAR_FIRST, &len)[0] == '\0')
            continue;
        icd_node_name(name, store, node);
        buffer_addf(
            &text, "%s  %s", name, row_text(store, node, TABULAR_TITLE, NULL));
        fact(i == notes->nodes ? "in" : "", &text);
    }
    if (notes->own) {
        line = row_text(store, &notes->node[0], TABULAR_INCLUSION, &len);
        print_lines("stands for", NULL, line, len);
    }
    for (int c = TABULAR_INCLUDES; c <= TABULAR_NOTES; c++)
        for (size_t i = 0; i < notes->nodes; i++) {
            icd_node_name(name, store, &notes->node[i]);
            line = row_text(store, &notes->node[i], c, &len);
            print_lines(icd_note_label(c), i == 0 && notes->own ? NULL : name,
                line, len);
        }
    line = icd_seventh(
        notes, store, card->item.code.text, card->item.code.len, &len);
    if (line != NULL) {
        buffer_add(&text, line, len);
        fact("7th character", &text);
    }
    buffer_addf(&text, "tabular list, release %s",
        notes->series->release[notes->release].label);
    fact("notes of", &text);
    if (!notes->of_day) {
        icd_notes_caution(&text, notes);
        fact("caution", &text);
    }
}

static void print_icd(const struct code_card *card)
{
    const struct icd_tree *tree = &card->icd.tree;

    print_codes("part of", card, tree->above_code, tree->above);
    print_codes("bill one of", card, tree->billable_code, tree->billable);
    if (tree->more)
        print_fact("", "and more");
    if (card->item.billable != VALIDITY_NOT_VALID)
        print_fact("POA exempt", card->poa_exempt == VALIDITY_VALID ? "yes"
                                 : card->poa_exempt == VALIDITY_NOT_VALID
                                     ? "no"
                                     : NULL);
    print_newer(card);
    print_notes(card);
}

static void print_card(const struct code_card *card)
{
    const enum code_system system = card->item.code.system;
    const struct described *title = &card->item.texts.title;
    struct buffer text = {0};

    buffer_addf(&text, "%s  %s  %s", card->item.shown, code_system_name(system),
        title->text != NULL ? title->text : "");
    buffer_addc(&text, '\0');
    if (!text.failed)
        print_title(text.data);
    buffer_clear(&text);
    print_validity(card);
    print_texts(card);
    if (system == SYSTEM_CPT || system == SYSTEM_HCPCS ||
        system == SYSTEM_CDT) {
        print_timed(card);
        print_pfs(card);
        print_limits(card);
        print_addon(card, false);
        print_addon(card, true);
    }
    if (system == SYSTEM_MODIFIER)
        print_modifier(card);
    if (system == SYSTEM_ICD10CM)
        print_icd(card);
    if (title->text != NULL) {
        buffer_addf(&text, "%s, row %u", title->source.file, title->source.row);
        fact("source", &text);
    }
}

static int lookup(const struct answers *answers, const struct options *options,
    char *const *arguments, size_t count)
{
    int status = EXIT_DONE;

    for (size_t i = 0; i < count; i++) {
        const struct code_question question = {
            {arguments[i], strlen(arguments[i])}, options->systems,
            options->day};
        struct buffer out = {0};
        struct error err = {0};
        struct code_card card;
        int rc = code_card_find(&card, answers, &question, &err);

        if (rc != 0) {
            rc = complain(rc, &err);
        } else if (options->json) {
            struct json json;

            json_begin(&json, &out);
            code_card_json(&json, &card);
            rc = print_json(&out);
        } else {
            if (i > 0)
                (void)putchar('\n');
            print_card(&card);
        }
        buffer_clear(&out);
        if (rc > status)
            status = rc;
    }
    return status;
}

const struct command lookup_command = {
    "lookup", 1, SIZE_MAX, TAKES(JSON) | TAKES(DATE) | TAKES(SYSTEM), lookup};
