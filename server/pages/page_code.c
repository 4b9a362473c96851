/* page_code.c - the card of a code, and its edits, as pages. */
#include "server/pages/draw.h"

#include <stdio.h>
#include <string.h>

#define EDITS_OF_A_PAGE "200"

/* What the head of a card has said. */
static const char *const said[] = {"code", "system", "date", "valid",
    "valid_from", "valid_to", "evidence", "stale", "covered_to", "billable",
    "text", "also", NULL};

static void put_state(
    const struct page *page, struct buffer *out, const json_t *card)
{
    const json_t *valid = json_object_get(card, "valid");
    const bool header = json_is_false(json_object_get(card, "billable"));
    const char *state = "unknown";
    char day[DAY_TEXT_LEN];

    (void)day_format(day, page->day);
    if (json_is_true(valid))
        state = header ? "header" : "valid";
    else if (json_is_false(valid))
        state = "ended";
    html_put(out, "<p class=\"state {}\">", state);
    if (json_is_true(valid))
        html_put(out,
            header ? "A heading on {}: not billable itself." : "Valid on {}.",
            day);
    else if (json_is_false(valid))
        html_put(out, "Not valid on {}.", day);
    else
        html_put(out,
            "Whether it is valid on {} is not known from what is "
            "loaded.",
            day);
    if (*draw_text(card, "valid_from") != '\0')
        html_put(out, " It began on {}.", draw_text(card, "valid_from"));
    if (*draw_text(card, "valid_to") != '\0')
        html_put(out, " Its last day is {}.", draw_text(card, "valid_to"));
    if (draw_true(card, "stale"))
        html_put(out,
            " The files that say so end on {}: this is what they said last.",
            draw_text(card, "covered_to"));
    buffer_adds(out, "</p>");
}

/* The systems that have another code of these characters. */
static void put_also(const struct page *page, struct buffer *out,
    const char *code, const json_t *also)
{
    for (size_t i = 0; i < json_array_size(also); i++) {
        const char *system = json_string_value(json_array_get(also, i));

        buffer_adds(out, "<p class=\"also\">It is also <a href=\"");
        page_code_link(page, out, code, system);
        html_put(out, "\">a code of {}</a>.</p>", system);
    }
}

/* Where the edits stand that a section counts. */
static void put_edits_link(
    const struct page *page, struct buffer *out, const char *code)
{
    html_put(out, "<p><a href=\"/code/{u}/edits", code);
    page_holds(page, out, false);
    buffer_adds(out, "\">Every edit of this code on this day</a></p>");
}

static void put_section_link(
    const struct page *page, struct buffer *out, const json_t *section)
{
    if (*draw_text(section, "from") == '\0' ||
        *draw_text(section, "to") == '\0')
        return;
    html_put(out, "<p><a href=\"/search?q={u}-{u}", draw_text(section, "from"),
        draw_text(section, "to"));
    page_holds(page, out, true);
    buffer_adds(out, "\">The codes of this section</a></p>");
}

static void put_card(struct page *page, const json_t *card)
{
    struct buffer *out = &page->main;
    const char *code = draw_text(card, "code");

    page_titled(page, code, NULL);
    html_put(out,
        "<article class=\"card\"><h1><span class=\"code\">{}</span> <span "
        "class=\"text\">{}</span></h1><p class=\"badges\"><span class=\"badge "
        "{}\">{}</span></p>",
        code, draw_text(card, "text"), draw_text(card, "system"),
        draw_text(card, "system"));
    put_state(page, out, card);
    put_also(page, out, code, json_object_get(card, "also"));
    for (void *at = draw_first(card); at != NULL; at = draw_next(card, at)) {
        const char *name = json_object_iter_key(at);
        const json_t *member = json_object_iter_value(at);

        if (draw_listed(said, name))
            continue;
        draw_section(page, out, name, member);
        if (strcmp(name, "section") == 0 && json_is_object(member))
            put_section_link(page, out, member);
        if (strcmp(name, "edits") == 0 && json_object_size(member) > 0)
            put_edits_link(page, out, code);
    }
    buffer_adds(out, "</article>");
}

void page_code(const struct request *request, struct reply *reply)
{
    struct page page;
    json_t *card;

    if (page_begin(&page, request, reply, "code")) {
        page_asked(&page, request->capture[0].text);
        card = page_ask(&page, "/v1/codes/{code}", NULL);
        if (card != NULL)
            put_card(&page, card);
        json_decref(card);
    }
    page_end(&page);
}

/* --- its edits --- */

static void put_edits_address(const struct page *page, struct buffer *out,
    const char *code, const char *column, const char *cursor)
{
    html_put(out, "/code/{u}/edits?column={u}", code, column);
    if (*page_param(page, "all") != '\0')
        buffer_adds(out, "&amp;all=1");
    if (cursor != NULL)
        html_put(out, "&amp;cursor={u}", cursor);
    page_holds(page, out, true);
}

static void put_columns(
    const struct page *page, struct buffer *out, const char *code)
{
    static const struct {
        const char *column, *words;
    } choices[] = {{"any", "either column"}, {"1", "column 1 (paid)"},
        {"2", "column 2 (denied)"}};
    const char *chosen = page_param(page, "column");

    buffer_adds(out, "<nav class=\"facets\" aria-label=\"Columns\"><ul>");
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        buffer_adds(out, "<li><a href=\"");
        put_edits_address(page, out, code, choices[i].column, NULL);
        buffer_addc(out, '"');
        if (strcmp(*chosen != '\0' ? chosen : "any", choices[i].column) == 0)
            buffer_adds(out, " aria-current=\"true\"");
        html_put(out, ">{}</a></li>", choices[i].words);
    }
    buffer_adds(out, "</ul></nav>");
}

static void put_edits(struct page *page, const json_t *answer)
{
    struct buffer *out = &page->main;
    const char *code = draw_text(answer, "code");
    const char *column = page_param(page, "column");
    const char *next = draw_text(answer, "next");
    const json_t *items = json_object_get(answer, "items");
    const bool all = *page_param(page, "all") != '\0';
    char day[DAY_TEXT_LEN];

    (void)day_format(day, page->day);
    page_titled(page, "Edits of ", code);
    buffer_adds(out, "<h1>Edits of <a href=\"");
    page_code_link(page, out, code, NULL);
    html_put(out, "\">{}</a></h1><p>{} {} ({}).</p>", code,
        all ? "Every edit there ever was, as of" : "In force on", day,
        draw_text(answer, "setting"));
    put_columns(page, out, code);
    if (json_is_false(json_object_get(answer, "loaded")))
        buffer_adds(out, "<p class=\"problem\">The edits of this setting and "
                         "program are not loaded.</p>");
    else if (json_is_false(json_object_get(answer, "covered")))
        buffer_adds(out, "<p class=\"problem\">This day lies outside the "
                         "loaded edits.</p>");
    else if (json_array_size(items) == 0)
        buffer_adds(out, "<p>There is none.</p>");
    draw_table(page, out, all ? "Edits" : "Edits in force", items);
    if (*next != '\0') {
        buffer_adds(out, "<nav class=\"more\" aria-label=\"More edits\"><a "
                         "rel=\"next\" href=\"");
        put_edits_address(
            page, out, code, *column != '\0' ? column : "any", next);
        buffer_adds(out, "\">Next edits</a></nav>");
    }
}

void page_edits(const struct request *request, struct reply *reply)
{
    struct page page;
    json_t *answer;

    if (page_begin(&page, request, reply, "edits")) {
        /* Without a day the API tells of every edit there ever was. */
        const struct page_param more[] = {{"limit", EDITS_OF_A_PAGE},
            {*page_param(&page, "all") != '\0' ? "date" : NULL, NULL}, {0}};

        page_asked(&page, request->capture[0].text);
        answer = page_ask(&page, "/v1/codes/{code}/edits", more);
        if (answer != NULL)
            put_edits(&page, answer);
        json_decref(answer);
    }
    page_end(&page);
}
