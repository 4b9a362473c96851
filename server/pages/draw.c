#include "server/pages/draw.h"

#include <stdio.h>
#include <string.h>

enum {
    NAME_MAX_LEN = 48, /* bytes of a member's name */
    COLUMNS_MAX = 24,  /* of a table */
    DEPTH_MAX = 16,    /* lists within each other; answers have three */
};

/* Members whose name says too little by itself. */
static const struct words {
    const char *name, *words;
} names[] = {
    {"also", "Also in"},
    {"addon", "Add-on code"},
    {"addons", "Add-on codes of it"},
    {"bypass", "Opened by"},
    {"cms8_pool", "Counted in the 8-minute pool"},
    {"column1", "Column 1 (paid)"},
    {"column2", "Column 2 (denied)"},
    {"deleted", "Last day"},
    {"denied", "Denied line"},
    {"descriptors", "Texts"},
    {"dhs_listed", "On the list of designated health services"},
    {"dme", "DME supplier"},
    {"edits", "NCCI edits"},
    {"effective", "First day"},
    {"effective_inferred", "First day inferred"},
    {"facility_na", "Facility: not applicable"},
    {"facility_pe_rvu", "Facility practice expense RVU"},
    {"facility_total", "Facility total RVU"},
    {"from", "From"},
    {"hcpcs", "HCPCS Level II file"},
    {"icd10cm", "ICD-10-CM"},
    {"is_addon", "Is an add-on code"},
    {"local", "Local code"},
    {"mai", "MUE adjudication indicator (MAI)"},
    {"mp_rvu", "Malpractice RVU"},
    {"mue", "Units of a day (MUE)"},
    {"multiple_procedure_5", "Multiple procedure rule of therapy"},
    {"nonfacility_na", "Non-facility: not applicable"},
    {"nonfacility_pe_rvu", "Non-facility practice expense RVU"},
    {"nonfacility_total", "Non-facility total RVU"},
    {"outpatient", "Outpatient hospital"},
    {"pctc", "Professional/technical split"},
    {"periods", "History"},
    {"pfs", "Physician fee schedule"},
    {"poa_exempt", "Exempt from present on admission"},
    {"primaries", "Primary codes"},
    {"rvu", "RVU"},
    {"timed", "Minutes and units"},
    {"to", "To"},
    {"work_rvu", "Work RVU"},
    {NULL, NULL},
};

/* Tables of the store. */
static const struct words tables[] = {
    {"aoc", "add-on codes"},
    {"claim_facts", "facts for claims"},
    {"conversion", "ICD-10-CM conversion"},
    {"dhs", "designated health services"},
    {"hcpcs", "HCPCS Level II"},
    {"icd10cm", "ICD-10-CM"},
    {"kx", "therapy thresholds"},
    {"local", "local codes"},
    {"modifier", "modifiers"},
    {"mue", "units of a day (MUE)"},
    {"pfs", "physician fee schedule"},
    {"ptp", "NCCI edits"},
    {"timed", "minutes and units"},
    {NULL, NULL},
};

/* Members that hold codes, and so become links. */
static const char *const code_names[] = {"addons", "code", "codes", "column1",
    "column2", "endo_base", "next", "previous", "primaries", "replaced_by",
    NULL};

/* Members that hold a word of this program's, "date_outside_data". */
static const char *const word_names[] = {"class", "detail", "evidence", "kind",
    "known", "link", "matched", "program", "reason", "setting", "state",
    "table", "verdict", "when", NULL};

bool draw_listed(const char *const *list, const char *name)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

/* --- looking into an answer --- */

const json_t *draw_at(const json_t *object, const char *path)
{
    while (object != NULL && *path != '\0') {
        char name[NAME_MAX_LEN];
        const size_t len = strcspn(path, ".");

        if (len >= sizeof name)
            return NULL;
        memcpy(name, path, len);
        name[len] = '\0';
        object = json_object_get(object, name);
        path += path[len] == '.' ? len + 1 : len;
    }
    return object;
}

const char *draw_text(const json_t *object, const char *path)
{
    const char *text = json_string_value(draw_at(object, path));

    return text != NULL ? text : "";
}

bool draw_true(const json_t *object, const char *path)
{
    return json_is_true(draw_at(object, path));
}

/* --- values --- */

static const char *words_of(const struct words *list, const char *name)
{
    while (list->name != NULL && strcmp(list->name, name) != 0)
        list++;
    return list->words;
}

void draw_name(struct buffer *out, const char *name)
{
    const char *known = words_of(names, name);
    char text[NAME_MAX_LEN];
    size_t len = 0;

    if (known != NULL) {
        buffer_adds(out, known);
        return;
    }
    for (; name[len] != '\0' && len + 1 < sizeof text; len++) {
        text[len] = name[len];
        if (text[len] == '_')
            text[len] = ' ';
    }
    text[len] = '\0';
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] & ~0x20);
    html_text(out, text, len);
}

void draw_table_name(struct buffer *out, const char *table)
{
    const char *words = words_of(tables, table);

    if (words != NULL)
        buffer_adds(out, words);
    else
        draw_name(out, table);
}

static void draw_string(const struct page *page, struct buffer *out,
    const char *name, const char *text)
{
    if (draw_listed(code_names, name)) {
        buffer_adds(out, "<a href=\"");
        page_code_link(page, out, text, NULL);
        html_put(out, "\">{}</a>", text);
    } else if (strcmp(name, "table") == 0 && words_of(tables, text) != NULL) {
        buffer_adds(out, words_of(tables, text));
    } else if (draw_listed(word_names, name)) {
        size_t len;

        for (; *text != '\0'; text += len) {
            len = strcspn(text, "_");
            html_text(out, text, len);
            if (text[len] == '_') {
                buffer_addc(out, ' ');
                len++;
            }
        }
    } else {
        html_put(out, "{}", text);
    }
}

static bool is_source(const json_t *value)
{
    return json_is_object(value) && json_object_get(value, "file") != NULL &&
           json_object_get(value, "row") != NULL;
}

static void draw_source_text(struct buffer *out, const json_t *source)
{
    char row[24];

    (void)snprintf(row, sizeof row, "%lld",
        (long long)json_integer_value(json_object_get(source, "row")));
    html_put(out, "{}: {}, row {}", draw_text(source, "release"),
        draw_text(source, "file"), row);
}

void draw_source(struct buffer *out, const json_t *source)
{
    if (!is_source(source))
        return;
    buffer_adds(out, "<p class=\"source\">Source: ");
    draw_source_text(out, source);
    buffer_adds(out, "</p>");
}

/* Is there nothing that could be shown? Null means that nothing is known or
 * published; where that is an answer, another member says so in words. */
static bool is_void(const json_t *value)
{

    if (json_is_object(value)) {
        for (void *at = draw_first(value); at != NULL;
             at = draw_next(value, at)) {
            if (!is_void(json_object_iter_value(at)))
                return false;
        }
        return true;
    }
    return value == NULL || json_is_null(value) ||
           (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_string(value) && json_string_length(value) == 0);
}

/* Of these null says something: that it is not known. */
static const char *const open_names[] = {"billable", "valid", NULL};

static bool is_nothing(const char *name, const json_t *value)
{
    return is_void(value) && (value == NULL || !draw_listed(open_names, name));
}

static bool is_flat(const json_t *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

static bool all_are(const json_t *list, bool (*test)(const json_t *value))
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!test(json_array_get(list, i)))
            return false;
    return true;
}

static bool is_object(const json_t *value)
{
    return json_is_object(value);
}

/* What fits into a line. */
static bool is_inline(const json_t *value)
{
    return is_flat(value) || is_source(value) ||
           (json_is_array(value) && all_are(value, is_flat));
}

static void draw_inline(const struct page *page, struct buffer *out,
    const char *name, const json_t *value)
{
    char number[32];

    if (json_is_string(value)) {
        draw_string(page, out, name, json_string_value(value));
    } else if (json_is_boolean(value)) {
        buffer_adds(out, json_is_true(value) ? "yes" : "no");
    } else if (json_is_null(value)) {
        buffer_adds(out, "not known");
    } else if (json_is_integer(value)) {
        (void)snprintf(number, sizeof number, "%lld",
            (long long)json_integer_value(value));
        buffer_adds(out, number);
    } else if (json_is_real(value)) {
        (void)snprintf(number, sizeof number, "%.10g", json_real_value(value));
        buffer_adds(out, number);
    } else if (is_source(value)) {
        draw_source_text(out, value);
    } else if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            if (i > 0)
                buffer_adds(out, ", ");
            draw_inline(page, out, name, json_array_get(value, i));
        }
    }
}

/* --- tables --- */

struct columns {
    size_t count;
    const char *name[COLUMNS_MAX];
    bool said[COLUMNS_MAX];
};

/* In the order of the rows' members. */
static void add_columns(struct columns *columns, const json_t *row)
{

    for (void *at = draw_first(row); at != NULL; at = draw_next(row, at)) {
        const char *name = json_object_iter_key(at);
        const json_t *member = json_object_iter_value(at);
        size_t i = 0;

        while (i < columns->count && strcmp(columns->name[i], name) != 0)
            i++;
        if (i == columns->count && i < COLUMNS_MAX) {
            columns->said[i] = false;
            columns->name[columns->count++] = name;
        }
        if (i < columns->count && !is_nothing(name, member))
            columns->said[i] = true;
    }
}

/* Leaves out those that no row says anything in. */
static void drop_empty(struct columns *columns)
{
    size_t count = 0;

    for (size_t i = 0; i < columns->count; i++)
        if (columns->said[i])
            columns->name[count++] = columns->name[i];
    columns->count = count;
}

static void draw_nested(const struct page *page, struct buffer *out,
    const json_t *value, int depth);

static void draw_row(const struct page *page, struct buffer *out,
    const struct columns *columns, const char *heading, const json_t *row)
{
    buffer_adds(out, "<tr>");
    if (heading != NULL) {
        buffer_adds(out, "<th scope=\"row\">");
        draw_name(out, heading);
        buffer_adds(out, "</th>");
    }
    for (size_t i = 0; i < columns->count; i++) {
        const json_t *cell = json_object_get(row, columns->name[i]);

        buffer_adds(out, "<td>");
        if (is_nothing(columns->name[i], cell))
            ;
        else if (is_inline(cell))
            draw_inline(page, out, columns->name[i], cell);
        else
            draw_nested(page, out, cell, 1);
        buffer_adds(out, "</td>");
    }
    buffer_adds(out, "</tr>");
}

static void begin_table(struct buffer *out, const char *caption,
    const struct columns *columns, bool headed)
{
    /* It may be wider than the window and is scrolled by itself then, also
     * with the keyboard. */
    html_put(out,
        "<div class=\"scroller\" role=\"group\" aria-label=\"{}\" "
        "tabindex=\"0\">"
        "<table><caption>{}</caption><thead><tr>",
        caption, caption);
    if (headed)
        buffer_adds(out, "<td></td>");
    for (size_t i = 0; i < columns->count; i++) {
        buffer_adds(out, "<th scope=\"col\">");
        draw_name(out, columns->name[i]);
        buffer_adds(out, "</th>");
    }
    buffer_adds(out, "</tr></thead><tbody>");
}

static void end_table(struct buffer *out)
{
    buffer_adds(out, "</tbody></table></div>");
}

void draw_table(const struct page *page, struct buffer *out,
    const char *caption, const json_t *list)
{
    struct columns columns = {0};

    for (size_t i = 0; i < json_array_size(list); i++)
        add_columns(&columns, json_array_get(list, i));
    drop_empty(&columns);
    if (columns.count == 0)
        return;
    begin_table(out, caption, &columns, false);
    for (size_t i = 0; i < json_array_size(list); i++)
        draw_row(page, out, &columns, NULL, json_array_get(list, i));
    end_table(out);
}

/* Objects of one kind under their names, such as one for each setting. */
static bool is_table(const json_t *object)
{
    size_t rows = 0;

    for (void *at = draw_first(object); at != NULL;
         at = draw_next(object, at)) {
        const json_t *member = json_object_iter_value(at);

        if (json_is_null(member))
            continue;
        if (!json_is_object(member) || is_source(member))
            return false;
        rows++;
    }
    return rows > 0;
}

static void draw_named_rows(const struct page *page, struct buffer *out,
    const char *caption, const json_t *object)
{
    struct columns columns = {0};

    for (void *at = draw_first(object); at != NULL; at = draw_next(object, at))
        add_columns(&columns, json_object_iter_value(at));
    drop_empty(&columns);
    begin_table(out, caption, &columns, true);
    for (void *at = draw_first(object); at != NULL;
         at = draw_next(object, at)) {
        if (!json_is_null(json_object_iter_value(at)))
            draw_row(page, out, &columns, json_object_iter_key(at),
                json_object_iter_value(at));
    }
    end_table(out);
}

/* --- lists of facts --- */

static void fact(const struct page *page, struct buffer *out, const char *name,
    const json_t *value, int depth)
{
    buffer_adds(out, "<div><dt>");
    draw_name(out, name);
    buffer_adds(out, "</dt><dd>");
    if (is_inline(value))
        draw_inline(page, out, name, value);
    else
        draw_nested(page, out, value, depth + 1);
    buffer_adds(out, "</dd></div>");
}

static void facts(const struct page *page, struct buffer *out,
    const json_t *object, const char *const *but, int depth)
{
    buffer_adds(out, "<dl class=\"facts\">");
    for (void *at = draw_first(object); at != NULL;
         at = draw_next(object, at)) {
        const char *name = json_object_iter_key(at);
        const json_t *member = json_object_iter_value(at);

        if (!is_nothing(name, member) && !draw_listed(but, name))
            fact(page, out, name, member, depth);
    }
    buffer_adds(out, "</dl>");
}

/* Within a cell or a fact: lists in lists. */
static void draw_nested(
    const struct page *page, struct buffer *out, const json_t *value, int depth)
{
    if (depth > DEPTH_MAX)
        return;
    if (json_is_object(value)) {
        facts(page, out, value, NULL, depth);
        return;
    }
    buffer_adds(out, "<ul>");
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item = json_array_get(value, i);

        buffer_adds(out, "<li>");
        if (is_inline(item))
            draw_inline(page, out, "", item);
        else
            draw_nested(page, out, item, depth + 1);
        buffer_adds(out, "</li>");
    }
    buffer_adds(out, "</ul>");
}

void draw_facts(const struct page *page, struct buffer *out,
    const json_t *object, const char *const *but)
{
    facts(page, out, object, but, 0);
}

void draw_section(const struct page *page, struct buffer *out, const char *name,
    const json_t *value)
{
    struct buffer title = {0};

    if (is_void(value))
        return;
    draw_name(&title, name);
    buffer_addc(&title, '\0');
    if (title.failed) {
        out->failed = true;
        return;
    }
    html_put(out, "<section aria-labelledby=\"of_{}\"><h2 id=\"of_{}\">", name,
        name);
    buffer_adds(out, title.data);
    buffer_adds(out, "</h2>");
    if (json_is_array(value) && all_are(value, is_object)) {
        draw_table(page, out, title.data, value);
    } else if (json_is_object(value) && is_table(value)) {
        draw_named_rows(page, out, title.data, value);
    } else if (json_is_object(value)) {
        draw_facts(page, out, value, NULL);
    } else {
        buffer_adds(out, "<p>");
        draw_inline(page, out, name, value);
        buffer_adds(out, "</p>");
    }
    buffer_adds(out, "</section>");
    buffer_clear(&title);
}

void draw_whole(const struct page *page, struct buffer *out,
    const json_t *object, const char *const *but)
{
    bool begun = false;

    for (void *at = draw_first(object); at != NULL;
         at = draw_next(object, at)) {
        const char *name = json_object_iter_key(at);
        const json_t *member = json_object_iter_value(at);

        if (is_nothing(name, member) || draw_listed(but, name) ||
            !is_inline(member))
            continue;
        buffer_adds(out, begun ? "" : "<dl class=\"facts\">");
        fact(page, out, name, member, 0);
        begun = true;
    }
    buffer_adds(out, begun ? "</dl>" : "");
    for (void *at = draw_first(object); at != NULL;
         at = draw_next(object, at)) {
        const char *name = json_object_iter_key(at);
        const json_t *member = json_object_iter_value(at);

        if (!draw_listed(but, name) && !is_inline(member))
            draw_section(page, out, name, member);
    }
}
