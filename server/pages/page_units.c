/* page_units.c - minutes to units, as a page: both rules side by side. */
#include "server/pages/draw.h"

#include <stdio.h>
#include <string.h>

static const struct rule {
    const char *name, *words;
} rules[] = {
    {"cms", "8-minute rule (Medicare)"}, {"midpoint", "midpoint rule"}};

enum { RULES = sizeof rules / sizeof rules[0] };

static void put_number(struct buffer *out, const json_t *number)
{
    char text[32];

    if (json_is_integer(number))
        (void)snprintf(
            text, sizeof text, "%lld", (long long)json_integer_value(number));
    else
        (void)snprintf(text, sizeof text, "not told");
    buffer_adds(out, text);
}

static void put_form(const struct page *page, struct buffer *out)
{
    char day[DAY_TEXT_LEN];

    (void)day_format(day, page->day);
    html_put(out,
        "<form class=\"lines\" method=\"get\" action=\"/units\">"
        "<p><label for=\"minutes\">Codes with minutes</label> "
        "<input id=\"minutes\" name=\"minutes\" value=\"{}\" "
        "aria-describedby=\"minutes_how\" autocomplete=\"off\" "
        "spellcheck=\"false\"> <button type=\"submit\">Count</button></p>"
        "<p id=\"minutes_how\" class=\"hint\">Such as 97110:24,97140:15.</p>"
        "<input type=\"hidden\" name=\"date\" value=\"{}\">"
        "<input type=\"hidden\" name=\"setting\" value=\"{}\">"
        "<input type=\"hidden\" name=\"program\" value=\"{}\"></form>",
        page_param(page, "minutes"), day, setting_name(page->setting),
        program_name(page->program));
}

static void put_table(
    const struct page *page, struct buffer *out, json_t *const answer[RULES])
{
    const json_t *codes = json_object_get(answer[0], "codes");

    buffer_adds(out,
        "<div class=\"scroller\" role=\"group\" aria-label=\"Units "
        "of each code\" tabindex=\"0\"><table "
        "class=\"units\"><caption>Units of each code</caption>"
        "<thead><tr><th scope=\"col\">Code</th><th "
        "scope=\"col\">Minutes</th>");
    for (size_t r = 0; r < RULES; r++)
        html_put(out, "<th scope=\"col\">Units, {}</th>", rules[r].words);
    buffer_adds(out, "</tr></thead><tbody>");
    for (size_t i = 0; i < json_array_size(codes); i++) {
        const json_t *line = json_array_get(codes, i);

        buffer_adds(out, "<tr><th scope=\"row\"><a href=\"");
        page_code_link(page, out, draw_text(line, "code"), NULL);
        html_put(out, "\">{}</a> {}</th><td>", draw_text(line, "code"),
            draw_text(line, "label"));
        put_number(out, json_object_get(line, "minutes"));
        buffer_adds(out, "</td>");
        for (size_t r = 0; r < RULES; r++) {
            const json_t *same =
                json_array_get(json_object_get(answer[r], "codes"), i);

            buffer_adds(out, "<td>");
            put_number(out, json_object_get(same, "units"));
            buffer_adds(out, "</td>");
        }
        buffer_adds(out, "</tr>");
    }
    buffer_adds(
        out, "</tbody><tfoot><tr><th scope=\"row\">Total</th><td></td>");
    for (size_t r = 0; r < RULES; r++) {
        buffer_adds(out, "<td>");
        put_number(out, json_object_get(answer[r], "total_units"));
        buffer_adds(out, "</td>");
    }
    buffer_adds(out, "</tr></tfoot></table></div>");
}

static void put_ties(struct buffer *out, const json_t *answer)
{
    const json_t *alternatives = json_object_get(answer, "alternatives");

    if (!draw_true(answer, "tie"))
        return;
    buffer_adds(out, "<p>A tie: each of these is as right.</p><ul>");
    for (size_t i = 0; i < json_array_size(alternatives); i++) {
        const json_t *one = json_array_get(alternatives, i);

        buffer_adds(out, "<li>");
        for (size_t j = 0; j < json_array_size(one); j++) {
            const json_t *line = json_array_get(one, j);

            html_put(
                out, "{}{} × ", j > 0 ? ", " : "", draw_text(line, "code"));
            put_number(out, json_object_get(line, "units"));
        }
        buffer_adds(out, "</li>");
    }
    buffer_adds(out, draw_true(answer, "more_alternatives")
                         ? "<li>and more</li></ul>"
                         : "</ul>");
}

static void put_rule(
    struct buffer *out, const struct rule *rule, const json_t *answer)
{
    const json_t *working = json_object_get(answer, "working");
    const json_t *warnings = json_object_get(answer, "warnings");

    html_put(out,
        "<section aria-labelledby=\"of_{}\"><h2 id=\"of_{}\">The working: "
        "{}</h2><ol class=\"working\">",
        rule->name, rule->name, rule->words);
    for (size_t i = 0; i < json_array_size(working); i++)
        html_put(
            out, "<li>{}</li>", json_string_value(json_array_get(working, i)));
    buffer_adds(out, "</ol>");
    put_ties(out, answer);
    for (size_t i = 0; i < json_array_size(warnings); i++)
        html_put(out, "<p class=\"warning\">{}</p>",
            draw_text(json_array_get(warnings, i), "text"));
    buffer_adds(out, "</section>");
}

void page_units(const struct request *request, struct reply *reply)
{
    struct page page;
    json_t *answer[RULES] = {NULL};
    bool good = true;
    const char *minutes;

    if (!page_begin(&page, request, reply, "units")) {
        page_end(&page);
        return;
    }
    minutes = page_param(&page, "minutes");
    page_asked(&page, minutes);
    page_titled(&page, "Units ", minutes);
    buffer_adds(&page.main, "<h1>Units for minutes</h1>");
    put_form(&page, &page.main);
    for (size_t r = 0; r < RULES && *minutes != '\0' && good; r++) {
        const struct page_param more[] = {{"rule", rules[r].name}, {0}};

        answer[r] = page_ask(&page, "/v1/units", more);
        good = answer[r] != NULL;
    }
    if (good && *minutes != '\0') {
        put_table(&page, &page.main, answer);
        for (size_t r = 0; r < RULES; r++)
            put_rule(&page.main, &rules[r], answer[r]);
        html_put(&page.main, "<p><a href=\"/claim?minutes={u}", minutes);
        page_holds(&page, &page.main, true);
        buffer_adds(&page.main, "\">As a whole claim</a></p>");
    }
    for (size_t r = 0; r < RULES; r++)
        json_decref(answer[r]);
    page_end(&page);
}
