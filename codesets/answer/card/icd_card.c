#include "codesets/answer/card/icd_card.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/answer/card/card.h"
#include "codesets/answer/pair/pair_answer.h"
#include "codesets/core/mention.h"

/* ---------------------------------------------------------------- finding */

static int by_day(const void *a, const void *b)
{
    const struct conversion_row *one = a, *two = b;

    if (one->effective != two->effective)
        return one->effective < two->effective ? -1 : 1;
    return strcmp(one->code, two->code);
}

static int find_newer(struct icd_card *out, const struct store *store,
    const struct code_ref *code, struct error *err)
{
    struct conversion_rows rows;
    struct conversion_row row;
    int rc = conversion_after(&rows, store, code->text, code->len, err);

    if (rc != 0)
        return rc == ERR_NOTFOUND ? 0 : rc;
    out->conversion = rows.rows.series;
    while ((rc = conversion_next(&rows, &row, err)) > 0)
        if (out->newer < ICD_NEWER_MAX)
            out->newer_code[out->newer++] = row;
        else
            out->more_newer = true;
    qsort(out->newer_code, out->newer, sizeof *out->newer_code, by_day);
    return rc;
}

int icd_card_find(struct icd_card *out, const struct answers *answers,
    const struct code_ref *code, day_t day, struct error *err)
{
    const struct store *store = answers->store;
    int rc;

    out->newer = 0;
    out->more_newer = false;
    out->conversion = NULL;
    if ((rc = icd_tree_find(&out->tree, answers, code, day, err)) != 0 ||
        (rc = icd_notes_find(
             &out->notes, store, code->text, code->len, day, err)) != 0)
        return rc;
    return find_newer(out, store, code, err);
}

const char *icd_reason(const struct code_card *card)
{
    return card->item.state.validity == VALIDITY_VALID &&
                   card->item.billable == VALIDITY_NOT_VALID
               ? "needs_more_characters"
               : NULL;
}

void icd_card_used(const struct code_card *card, struct used *used)
{
    used_add(used, card->icd.notes.series);
    used_add(used, card->icd.conversion);
}

/* ------------------------------------------------------------------- JSON */

static void codes_json(struct json *json, const char *key,
    const struct code_card *card, const uint32_t *number, size_t count)
{
    const struct answers *answers = card->answers;

    json_key(json, key);
    json_open(json, '[');
    for (size_t i = 0; i < count; i++) {
        const struct code_ref code = code_at(&answers->store->codes, number[i]);
        struct code_item item;

        /* What is damaged here was found to be sound a moment ago. */
        if (code_item_find(&item, answers->rules, &code, card->day, NULL) != 0)
            continue;
        json_open(json, '{');
        json_key(json, "code");
        json_string(json, item.shown);
        json_key(json, "text");
        described_json(json, &item.texts.title);
        json_key(json, "valid");
        tri_json(json, item.state.validity);
        json_key(json, "billable");
        tri_json(json, item.billable);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void tree_json(struct json *json, const struct code_card *card)
{
    const struct icd_tree *tree = &card->icd.tree;

    codes_json(json, "parents", card, tree->above_code, tree->above);
    codes_json(json, "children", card, tree->child, tree->children);
    codes_json(
        json, "billable_codes", card, tree->billable_code, tree->billable);
    json_key(json, "billable_codes_more");
    if (tree->more) {
        /* The whole list, page by page. */
        const size_t from = json_text_begin(json);

        buffer_adds(json->out, "/v1/codes?system=icd10cm&prefix=");
        buffer_add(json->out, card->item.code.text, card->item.code.len);
        json_text_end(json, from);
    } else {
        json_null(json);
    }
}

/* The codes in use before this one, out of what the table prints. */
static void previous_json(struct json *json, const struct code_card *card)
{
    const char *text = NULL;
    struct mention mention;
    size_t len = 0, at = 0;

    if (card->has_conversion)
        text = view_text(&card->conversion, CONVERSION_PREVIOUS, &len);
    json_key(json, "previous_codes");
    json_open(json, '[');
    while (text != NULL && mention_next(&mention, text, len, &at)) {
        char shown[CODE_TEXT];

        (void)icd_dotted(shown, mention.first, strlen(mention.first));
        json_string(json, shown);
    }
    json_close(json, ']');
}

static void newer_json(struct json *json, const struct code_card *card)
{
    const struct icd_card *icd = &card->icd;
    const struct series *series = icd->conversion;

    json_key(json, "newer_codes");
    json_open(json, '[');
    for (size_t i = 0; series != NULL && i < icd->newer; i++) {
        const struct conversion_row *row = &icd->newer_code[i];
        char shown[CODE_TEXT];

        (void)icd_dotted(shown, row->code, strlen(row->code));
        json_open(json, '{');
        json_key(json, "code");
        json_string(json, shown);
        json_key(json, "effective");
        json_day(json, row->effective);
        json_key(json, "previous");
        json_string(json, row->previous);
        json_key(json, "source");
        source_json(json, series->release[series->releases - 1].label,
            row->source.file, row->source.row);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_key(json, "newer_codes_more");
    json_bool(json, icd->more_newer);
}

void icd_card_json(struct json *json, const struct code_card *card)
{
    json_key(json, "reason");
    json_string(json, icd_reason(card));
    previous_json(json, card);
    newer_json(json, card);
    tree_json(json, card);
    icd_notes_json(
        json, &card->icd.notes, card->answers->store, &card->item.code);
}
