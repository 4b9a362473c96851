#include "codesets/answer/item.h"

#include <string.h>

#include "codesets/answer/pair/pair_answer.h"
#include "codesets/answer/release_json.h"

void used_add(struct used *used, const struct series *series)
{
    if (series != NULL && series->id < STORE_SERIES_MAX)
        used->series |= UINT64_C(1) << series->id;
}

void used_json(struct json *json, const struct used *used,
    const struct store *store, day_t day)
{
    json_key(json, "releases");
    json_open(json, '[');
    for (size_t i = 0; i < store_series_count(store); i++)
        if ((used->series >> i & 1) != 0)
            release_used_json(json, store_series_at(store, i), day);
    json_close(json, ']');
}

/* ---------------------------------------------------------- descriptors */

static void describe(struct described *out, const struct view *view, int column)
{
    size_t len;
    const char *text = view_text(view, column, &len);

    if (text == NULL)
        return;
    *out = (struct described){
        text, len, view->series, view_release(view), view_source(view)};
}

/* A miss is no error here. */
static int found(int rc, bool *yes)
{
    *yes = rc == 0;
    return rc == ERR_NOTFOUND ? 0 : rc;
}

static void title_of(struct descriptors *out, const struct described *text)
{
    if (out->title.text == NULL)
        out->title = *text;
}

static int procedure_texts(struct descriptors *out, const struct store *store,
    const struct code_ref *code, day_t day, struct error *err)
{
    struct view view;
    bool yes;
    int rc;

    rc = found(
        view_find(&view, store, TABLE_CPT, code->text, code->len, day, err),
        &yes);
    if (rc != 0)
        return rc;
    if (yes) {
        describe(&out->full, &view, CPT_MEDIUM);
        describe(&out->full, &view, CPT_LONG);
        describe(&out->brief, &view, CPT_SHORT);
        title_of(out, out->full.text != NULL ? &out->full : &out->brief);
    }
    if (code->system != SYSTEM_CPT) {
        rc = found(
            hcpcs_find(&view, store, code->text, code->len, day, err), &yes);
        if (rc != 0)
            return rc;
        if (yes) {
            if (out->full.text == NULL)
                describe(&out->full, &view, HCPCS_LONG);
            if (out->brief.text == NULL)
                describe(&out->brief, &view, HCPCS_SHORT);
            title_of(out, &out->full);
        }
    }
    rc = found(
        view_find(&view, store, TABLE_TIMED, code->text, code->len, day, err),
        &yes);
    if (rc != 0)
        return rc;
    if (yes) {
        describe(&out->label, &view, TIMED_LABEL);
        title_of(out, &out->label);
    }
    if (out->brief.text != NULL)
        return 0;
    rc = found(
        view_find(&view, store, TABLE_PFS, code->text, code->len, day, err),
        &yes);
    if (rc == 0 && yes) {
        describe(&out->brief, &view, PFS_DESCRIPTION);
        title_of(out, &out->brief);
    }
    return rc;
}

static int modifier_texts(struct descriptors *out, const struct store *store,
    const struct code_ref *code, day_t day, struct error *err)
{
    struct view view;
    bool yes;
    int rc =
        found(hcpcs_find(&view, store, code->text, code->len, day, err), &yes);

    if (rc != 0)
        return rc;
    if (yes) {
        describe(&out->full, &view, HCPCS_LONG);
        describe(&out->brief, &view, HCPCS_SHORT);
        title_of(out, &out->full);
    }
    rc = found(view_find(&view, store, TABLE_MODIFIER, code->text, code->len,
                   day, err),
        &yes);
    if (rc == 0 && yes) {
        describe(&out->label, &view, MODIFIER_LABEL);
        title_of(out, &out->label);
    }
    return rc;
}

static void icd_texts_of(struct descriptors *out, const struct view *view)
{
    describe(&out->full, view, ICD_LONG);
    describe(&out->brief, view, ICD_SHORT);
    title_of(out, out->full.text != NULL ? &out->full : &out->brief);
}

static int icd_texts(struct descriptors *out, const struct store *store,
    const struct code_ref *code, day_t day, struct error *err)
{
    struct view view;
    bool yes;
    const int rc = found(
        view_find(&view, store, TABLE_ICD10CM, code->text, code->len, day, err),
        &yes);

    if (rc == 0 && yes)
        icd_texts_of(out, &view);
    return rc;
}

static int local_texts(struct descriptors *out, const struct store *store,
    const struct code_ref *code, day_t day, struct error *err)
{
    struct view view;
    bool yes;
    const int rc = found(
        view_find(&view, store, TABLE_LOCAL, code->text, code->len, day, err),
        &yes);

    if (rc == 0 && yes) {
        describe(&out->full, &view, LOCAL_TEXT);
        title_of(out, &out->full);
    }
    return rc;
}

int descriptors_find(struct descriptors *out, const struct store *store,
    const struct code_ref *code, day_t day, struct error *err)
{
    *out = (struct descriptors){0};
    switch (code->system) {
    case SYSTEM_ICD10CM:
        return icd_texts(out, store, code, day, err);
    case SYSTEM_MODIFIER:
        return modifier_texts(out, store, code, day, err);
    case SYSTEM_LOCAL:
        return local_texts(out, store, code, day, err);
    default:
        return procedure_texts(out, store, code, day, err);
    }
}

/* ----------------------------------------------------------------- item */

/* Nothing is known of it. */
static const struct code_state no_state = {.from = DAY_UNKNOWN,
    .to = DAY_OPEN,
    .valid_from = DAY_UNKNOWN,
    .valid_to = DAY_OPEN};

/* All that is told of an ICD-10-CM code stands in the rows of one key, which is
 * looked up once. */
static int icd_item(struct code_item *out, const struct store *store, day_t day,
    struct error *err)
{
    struct icd_state state;
    struct rows rows;
    struct view view;
    bool yes;
    int rc = found(
        rows_find(&rows, store,
            store_series(store, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE),
            out->code.text, out->code.len, err),
        &yes);

    out->texts = (struct descriptors){0};
    out->state = no_state;
    if (rc != 0 || !yes)
        return rc;
    if ((rc = found(view_pick(&view, &rows, day, err), &yes)) != 0)
        return rc;
    if (yes)
        icd_texts_of(&out->texts, &view);
    rc = icd_state_of(&state, &rows, out->code.text, out->code.len, day, err);
    if (rc != 0)
        return rc;
    out->state = state.code;
    out->billable = state.billable;
    out->billable_uncertain = state.billable_uncertain;
    return 0;
}

/* Asks the memory for the rows of ICD-10-CM codes, then for their texts. */
static void expect_icd(
    const struct store *store, const struct code_ref *code, size_t count)
{
    const struct series *series =
        store_series(store, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE);
    uint32_t text[3 * CODE_ITEMS_EXPECTED];
    struct rows rows[CODE_ITEMS_EXPECTED];
    size_t found = 0, texts = 0;

    for (size_t i = 0; i < count; i++)
        if (code[i].system == SYSTEM_ICD10CM &&
            rows_find(&rows[found], store, series, code[i].text, code[i].len,
                NULL) == 0)
            __builtin_prefetch(rows[found++].at);
    for (size_t i = 0; i < found; i++) {
        struct row row; /* of the first run: most codes have no other */

        if (rows_next(&rows[i], &row, NULL) > 0) {
            text[texts++] = row.text[ICD_LONG];
            text[texts++] = row.text[ICD_SHORT];
            text[texts++] = row.text[ICD_BILLABLE];
        }
    }
    store_texts_expect(store, text, texts);
}

void code_items_expect(
    const struct store *store, const uint32_t *number, size_t count)
{
    struct code_ref code[CODE_ITEMS_EXPECTED];

    if (count > CODE_ITEMS_EXPECTED)
        count = CODE_ITEMS_EXPECTED;
    codes_expect(&store->codes, number, count);
    for (size_t i = 0; i < count; i++)
        code[i] = code_at(&store->codes, number[i]);
    expect_icd(store, code, count);
}

int code_item_find(struct code_item *out, const struct rules *rules,
    const struct code_ref *code, day_t day, struct error *err)
{
    size_t len = code->len < CODE_MAX ? code->len : CODE_MAX;
    int rc;

    out->code = *code;
    out->billable = VALIDITY_UNKNOWN;
    out->billable_uncertain = false;
    if (code->system == SYSTEM_ICD10CM) {
        (void)icd_dotted(out->shown, code->text, code->len);
        return icd_item(out, rules->store, day, err);
    }
    memcpy(out->shown, code->text, len);
    out->shown[len] = '\0';
    if ((rc = descriptors_find(&out->texts, rules->store, code, day, err)) != 0)
        return rc;
    rc = validity_on(
        &out->state, rules, code->system, code->text, code->len, day, err);
    if (rc == ERR_NOTFOUND) {
        out->state = no_state;
        rc = 0;
    }
    if (rc == 0 && code->system != SYSTEM_MODIFIER) /* never billed alone */
        out->billable = out->state.validity;
    return rc;
}

void tri_json(struct json *json, enum validity value)
{
    if (value == VALIDITY_UNKNOWN)
        json_null(json);
    else
        json_bool(json, value == VALIDITY_VALID);
}

void described_json(struct json *json, const struct described *text)
{
    json_text(json, text->text, text->len);
}

void code_item_json(
    struct json *json, const struct code_item *item, struct used *used)
{
    const struct described *title = &item->texts.title;

    used_add(used, title->series);
    used_add(used, item->state.series);
    json_key(json, "code");
    json_string(json, item->shown);
    json_key(json, "system");
    json_word(json, code_system_name(item->code.system));
    json_key(json, "text");
    described_json(json, title);
    json_key(json, "valid");
    tri_json(json, item->state.validity);
    json_key(json, "billable");
    tri_json(json, item->billable);
    json_key(json, "evidence");
    json_word(json, evidence_name(item->state.evidence));
    json_key(json, "stale");
    json_bool(json, item->state.stale);
    json_key(json, "source");
    if (title->text == NULL)
        json_null(json);
    else
        source_json(
            json, title->release, title->source.file, title->source.row);
}

size_t codes_spelled(uint32_t out[SYSTEM_COUNT], const struct store *store,
    const struct code_text *code, uint32_t systems)
{
    size_t n = 0;

    for (uint32_t i = code_lower_bound(&store->codes, code->text, code->len);
         i < store->codes.count && n < SYSTEM_COUNT; i++) {
        const struct code_ref ref = code_at(&store->codes, i);

        if (ref.len != code->len || memcmp(ref.text, code->text, ref.len) != 0)
            break;
        if ((code->dotted && ref.system != SYSTEM_ICD10CM) ||
            (systems != 0 && (systems >> ref.system & 1) == 0))
            continue;
        out[n++] = i;
    }
    return n;
}
