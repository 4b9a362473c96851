/* page_changes.c - what changed: each list against its release before, or
 * between two days, as a page. */
#include "server/pages/draw.h"

#include <stdio.h>
#include <string.h>

enum { CHANGES_PAGE = 200 }; /* changes of a page */

/* What a question may be narrowed by, besides its days. */
static const char *const narrowing[] = {
    "from", "to", "codes", "table", "kind", NULL};

static void put_form(const struct page *page, struct buffer *out)
{
    html_put(out,
        "<form class=\"lines\" method=\"get\" action=\"/changes\"><p>"
        "<label for=\"codes\">Codes</label> <input id=\"codes\" name=\"codes\" "
        "value=\"{}\"> <label for=\"after\">After</label> <input id=\"after\" "
        "name=\"from\" type=\"date\" value=\"{}\"> <label for=\"upto\">Up to"
        "</label> <input id=\"upto\" name=\"to\" type=\"date\" value=\"{}\"> "
        "<button type=\"submit\">Show</button></p></form>",
        page_param(page, "codes"), page_param(page, "from"),
        page_param(page, "to"));
}

/* "/changes?" and what narrows it; each value that stands in `but` is left out
 * or, when value is not NULL, is that. */
static void put_again(const struct page *page, struct buffer *out,
    const char *but, const char *value)
{
    const char *between = "";

    buffer_adds(out, "/changes?");
    for (size_t i = 0; narrowing[i] != NULL; i++) {
        const char *text = strcmp(narrowing[i], but) == 0
                               ? ""
                               : page_param(page, narrowing[i]);

        if (*text == '\0')
            continue;
        html_put(out, "{}{}={u}", between, narrowing[i], text);
        between = "&";
    }
    html_put(out, "{}{}={u}", between, but, value);
}

static void put_list_name(struct buffer *out, const json_t *list)
{
    const char *setting = draw_text(list, "setting");
    const char *program = draw_text(list, "program");

    draw_table_name(out, draw_text(list, "table"));
    html_put(out, "{}{}{}{}", *setting != '\0' ? ", " : "", setting,
        *program != '\0' ? ", " : "", program);
}

static void put_counts(struct buffer *out, const json_t *list)
{
    const json_t *counts = json_object_get(list, "counts");
    const char *comma = "";

    if (!draw_true(list, "compared")) {
        buffer_adds(out, "not compared: ");
        draw_name(out, draw_text(list, "reason"));
        return;
    }
    for (void *at = draw_first(counts); at != NULL;
         at = draw_next(counts, at)) {
        char number[24];

        (void)snprintf(number, sizeof number, "%lld ",
            (long long)json_integer_value(json_object_iter_value(at)));
        html_put(out, "{}{}", comma, number);
        draw_name(out, json_object_iter_key(at));
        comma = ", ";
    }
    if (draw_true(list, "gap"))
        buffer_adds(out, " (releases between are missing)");
}

static void put_summary(
    const struct page *page, struct buffer *out, const json_t *lists)
{
    buffer_adds(out, "<div class=\"scroller\" role=\"group\" tabindex=\"0\" "
                     "aria-label=\"Changes of each list\"><table><caption>"
                     "Changes of each list</caption><thead><tr>"
                     "<th scope=\"col\">List</th><th scope=\"col\">From</th>"
                     "<th scope=\"col\">To</th><th scope=\"col\">Changes</th>"
                     "</tr></thead><tbody>");
    for (size_t i = 0; i < json_array_size(lists); i++) {
        const json_t *list = json_array_get(lists, i);

        buffer_adds(out, "<tr><th scope=\"row\"><a href=\"");
        put_again(page, out, "table", draw_text(list, "table"));
        buffer_adds(out, "\">");
        put_list_name(out, list);
        html_put(out, "</a></th><td>{}</td><td>{}</td><td>",
            draw_text(list, "from_release"), draw_text(list, "to_release"));
        put_counts(out, list);
        buffer_adds(out, "</td></tr>");
    }
    buffer_adds(out, "</tbody></table></div>");
}

static void put_codes(
    const struct page *page, struct buffer *out, const json_t *change)
{
    static const char *const names[] = {
        "column1", "column2", "code", "primary", NULL};
    const json_t *codes = json_object_get(change, "codes");
    const bool edit = *draw_text(change, "column1") != '\0';

    html_put(out, "{} ", draw_text(change, "document"));
    for (size_t i = 0; names[i] != NULL; i++) {
        const char *code = draw_text(change, names[i]);

        if (*code == '\0' || (edit && strcmp(names[i], "code") == 0))
            continue;
        buffer_adds(out, "<a class=\"code\" href=\"");
        page_code_link(page, out, code, NULL);
        html_put(out, "\">{}</a> ", code);
    }
    for (size_t i = 0; i < json_array_size(codes); i++)
        html_put(out, "{} ", json_string_value(json_array_get(codes, i)));
    html_put(out, "{}", draw_text(change, "modifier"));
}

static void put_change(
    const struct page *page, struct buffer *out, const json_t *change)
{
    const char *before = draw_text(change, "before");
    const char *after = draw_text(change, "after");
    const json_t *source = json_object_get(change, "source");

    buffer_adds(out, "<tr><th scope=\"row\">");
    put_codes(page, out, change);
    buffer_adds(out, "</th><td>");
    draw_name(out, draw_text(change, "kind"));
    buffer_adds(out, "</td><td>");
    put_list_name(out, change);
    buffer_adds(out, "</td><td class=\"why\">");
    if (*draw_text(change, "field") != '\0') {
        draw_name(out, draw_text(change, "field"));
        buffer_adds(out, ": ");
    }
    if (*before != '\0')
        html_put(out, "<del>{}</del> ", before);
    if (*after != '\0')
        html_put(out, "<ins>{}</ins> ", after);
    html_put(out, "{}", draw_text(change, "title"));
    if (*draw_text(change, "advice") != '\0')
        html_put(out, "<p class=\"todo\">{}</p>", draw_text(change, "advice"));
    html_put(out, "</td><td>{}{}</td><td>", draw_text(change, "effective"),
        *draw_text(change, "effective") != '\0' &&
                !draw_true(change, "effective_certain")
            ? " at the latest"
            : "");
    draw_source(out, json_is_object(source)
                         ? source
                         : json_object_get(change, "source_before"));
    buffer_adds(out, "</td></tr>");
}

static void put_changes(
    const struct page *page, struct buffer *out, const json_t *answer)
{
    const json_t *items = json_object_get(answer, "items");
    const char *next = draw_text(answer, "next");

    if (json_array_size(items) == 0 && *next == '\0')
        buffer_adds(out, "<p>Nothing changed in what was compared.</p>");
    if (json_array_size(items) > 0) {
        buffer_adds(out,
            "<div class=\"scroller\" role=\"group\" tabindex=\"0\" "
            "aria-label=\"Changes\"><table><caption>Changes</caption><thead>"
            "<tr><th scope=\"col\">Code</th><th scope=\"col\">Change</th>"
            "<th scope=\"col\">List</th><th scope=\"col\">What</th>"
            "<th scope=\"col\">From</th><th scope=\"col\">Source</th></tr>"
            "</thead><tbody>");
        for (size_t i = 0; i < json_array_size(items); i++)
            put_change(page, out, json_array_get(items, i));
        buffer_adds(out, "</tbody></table></div>");
    }
    if (*next != '\0') {
        buffer_adds(out, "<p><a rel=\"next\" href=\"");
        put_again(page, out, "cursor", next);
        buffer_adds(out, "\">More changes</a></p>");
    }
}

void page_changes(const struct request *request, struct reply *reply)
{
    struct page page;
    struct buffer *out = &page.main;

    if (page_begin(&page, request, reply, "changes")) {
        const bool days = *page_param(&page, "from") != '\0';
        const bool first = *page_param(&page, "cursor") == '\0';
        char limit[12];
        const struct page_param more[] = {{"limit", limit},
            {"counts", first ? "true" : NULL}, {"system", NULL},
            {"to", days ? page_param(&page, "to") : NULL}, {0}};
        json_t *answer;

        (void)snprintf(limit, sizeof limit, "%d", CHANGES_PAGE);
        page_titled(&page, "What changed", NULL);
        answer = page_ask(&page, "/v1/changes", more);
        if (answer != NULL) {
            buffer_adds(out, "<h1>What changed</h1>");
            put_form(&page, out);
            if (first)
                put_summary(&page, out, json_object_get(answer, "summary"));
            put_changes(&page, out, answer);
        }
        json_decref(answer);
    }
    page_end(&page);
}
