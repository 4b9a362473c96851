#include "codesets/answer/item.h"

#include <assert.h>
#include <string.h>

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

/* The same title, without the others. */
static void icd_title_of(struct descriptors *out, const struct view *view)
{
    describe(&out->title, view, ICD_LONG);
    if (out->title.text == NULL)
        describe(&out->title, view, ICD_SHORT);
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

static const struct series *icd_series(const struct store *store)
{
    return store_series(store, TABLE_ICD10CM, SETTING_NONE, PROGRAM_NONE);
}

/* All that is told of an ICD-10-CM code stands in the rows of one key. */
static int icd_item(struct code_item *out, const struct rows *rows,
    bool title_only, day_t day, struct error *err)
{
    struct icd_state state;
    struct view view;
    bool yes;
    int rc = found(view_pick(&view, rows, day, err), &yes);

    if (rc != 0)
        return rc;
    if (yes && title_only)
        icd_title_of(&out->texts, &view);
    else if (yes)
        icd_texts_of(&out->texts, &view);
    rc = icd_state_of(&state, rows, out->code.text, out->code.len, day, err);
    if (rc != 0)
        return rc;
    out->state = state.code;
    out->billable = state.billable;
    out->billable_uncertain = state.billable_uncertain;
    return 0;
}

/* The code alone is told, and nothing known of it yet. */
static void begin_item(struct code_item *out, const struct code_ref *code)
{
    const size_t len = code->len < CODE_MAX ? code->len : CODE_MAX;

    out->code = *code;
    out->texts = (struct descriptors){0};
    out->state = no_state;
    out->billable = VALIDITY_UNKNOWN;
    out->billable_uncertain = false;
    if (code->system == SYSTEM_ICD10CM) {
        (void)icd_dotted(out->shown, code->text, code->len);
    } else {
        memcpy(out->shown, code->text, len);
        out->shown[len] = '\0';
    }
}

int code_item_find(struct code_item *out, const struct rules *rules,
    const struct code_ref *code, day_t day, struct error *err)
{
    int rc;

    begin_item(out, code);
    if (code->system == SYSTEM_ICD10CM) {
        struct rows rows;
        bool yes;

        rc = found(rows_find(&rows, rules->store, icd_series(rules->store),
                       code->text, code->len, err),
            &yes);
        return yes ? icd_item(out, &rows, false, day, err) : rc;
    }
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

/* The only row of an ICD-10-CM code of a page, where there is but one and it
 * stands in every release, as that of most codes does. */
struct icd_rows {
    struct row only;
    bool always;
};

/* Reads the first rows, and asks the memory for their titles. */
static void read_only_rows(const struct store *store, struct icd_rows code[],
    const struct rows found[], size_t count)
{
    uint32_t text[CODE_ITEMS_MAX];
    size_t texts = 0;

    for (size_t i = 0; i < count; i++) {
        struct rows rows = found[i];
        struct row *row = &code[i].only;

        code[i].always = false;
        if (rows.at == NULL || rows_next(&rows, row, NULL) <= 0)
            continue;
        text[texts++] = row->text[ICD_LONG];
        code[i].always = rows.at == rows.end && icd_always_listed(row);
    }
    store_texts_expect(store, text, texts);
}

static void always_item(struct code_item *out, const struct row *row,
    const struct icd_day *icd, day_t day)
{
    struct view view;

    view_only(&view, icd->store, row, day);
    icd_title_of(&out->texts, &view);
    out->state = icd->code;
    out->billable = icd_always_billable(icd, row);
}

static_assert((int)CODE_ITEMS_MAX <= (int)ROW_KEYS_TOGETHER,
    "the codes of a page are looked for together");

int code_items_find(struct code_item *out, const struct rules *rules,
    const uint32_t *number, size_t count, day_t day, struct error *err)
{
    const struct store *store = rules->store;
    struct row_key key[CODE_ITEMS_MAX];
    struct rows rows[CODE_ITEMS_MAX]; /* .at NULL: of no ICD-10-CM code */
    struct icd_rows icd[CODE_ITEMS_MAX];
    struct icd_day icd_day;
    int rc = 0;

    codes_expect(&store->codes, number, count);
    for (size_t i = 0; i < count; i++) {
        const struct code_ref code = code_at(&store->codes, number[i]);
        const bool is_icd = code.system == SYSTEM_ICD10CM;

        begin_item(&out[i], &code);
        key[i] = (struct row_key){code.text, is_icd ? code.len : 0};
    }
    rows_find_some(rows, store, icd_series(store), key, count);
    read_only_rows(store, icd, rows, count);
    icd_day_begin(&icd_day, store, day);
    for (size_t i = 0; i < count && rc == 0; i++) {
        const struct code_ref code = out[i].code;

        if (code.system != SYSTEM_ICD10CM)
            rc = code_item_find(&out[i], rules, &code, day, err);
        else if (icd[i].always)
            always_item(&out[i], &icd[i].only, &icd_day, day);
        else if (rows[i].at != NULL)
            rc = icd_item(&out[i], &rows[i], true, day, err);
    }
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

static bool is_said(const struct said *said, const struct code_item *item)
{
    const struct described *title = &item->texts.title;

    return said->len > 0 && said->validity == item->state.validity &&
           said->billable == item->billable &&
           said->evidence == item->state.evidence &&
           said->stale == item->state.stale &&
           said->release == title->release && said->file == title->source.file;
}

/* State and source, as far as the row, which is to follow. */
static void say(
    struct json *json, const struct code_item *item, struct said *said)
{
    const struct described *title = &item->texts.title;
    const size_t from = json->out->len;

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
        return;
    json_open(json, '{');
    json_key(json, "release");
    json_string(json, title->release);
    json_key(json, "file");
    json_string(json, title->source.file);
    json_key(json, "row");
    *said = (struct said){from, json->out->len - from, item->state.validity,
        item->billable, item->state.evidence, item->state.stale, title->release,
        title->source.file};
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
    if (title->text != NULL && is_said(&used->said, item))
        json_again(json, used->said.from, used->said.len);
    else
        say(json, item, &used->said);
    if (title->text == NULL) {
        json_null(json);
        return;
    }
    json_int(json, title->source.row);
    json_close(json, '}');
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
