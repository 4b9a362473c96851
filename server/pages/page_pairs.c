/* page_pairs.c - may these be billed together, as a page. */
#include "server/pages/draw.h"

#include <stdio.h>
#include <string.h>

/* A verdict by a sign as well as by a colour. */
static const struct verdict {
    const char *name, *sign, *words;
} verdicts[] = {
    {"not_billable", "✕", "not billable"},
    {"not_checked", "?", "not checked"},
    {"modifier_required", "!", "modifier required"},
    {"resolved_by_modifier", "~", "resolved by modifier"},
    {"billable", "✓", "billable"},
};

static const struct verdict *verdict_of(const char *name)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
        if (strcmp(verdicts[i].name, name) == 0)
            return &verdicts[i];
    return &verdicts[1];
}

static void put_verdict(struct buffer *out, const struct verdict *verdict)
{
    html_put(out, "<span class=\"sign\" aria-hidden=\"true\">{}</span> {}",
        verdict->sign, verdict->words);
}

static const char *code_of(const json_t *codes, size_t i)
{
    const json_t *item = json_array_get(codes, i);

    return json_is_string(item) ? json_string_value(item)
                                : draw_text(item, "code");
}

static void put_cell(
    struct buffer *out, const json_t *cell, const json_t *pairs)
{
    const struct verdict *verdict = verdict_of(draw_text(cell, "verdict"));
    const json_t *pair = json_array_get(
        pairs, (size_t)json_integer_value(json_object_get(cell, "pair")));
    const json_t *codes = json_object_get(pair, "codes");

    if (!json_is_object(cell)) {
        buffer_adds(out, "<td class=\"same\"></td>");
        return;
    }
    html_put(out, "<td class=\"verdict {}\"><a href=\"#{u}-{u}\">",
        verdict->name, code_of(codes, 0), code_of(codes, 1));
    put_verdict(out, verdict);
    buffer_adds(out, "</a></td>");
}

static void put_matrix(
    const struct page *page, struct buffer *out, const json_t *answer)
{
    const json_t *codes = json_object_get(answer, "codes");
    const json_t *matrix = json_object_get(answer, "matrix");
    const json_t *pairs = json_object_get(answer, "pairs");
    const size_t count = json_array_size(codes);

    buffer_adds(out,
        "<div class=\"scroller\" role=\"group\" aria-label=\"Matrix of the "
        "pairs\" tabindex=\"0\"><table class=\"matrix\"><caption>Each code "
        "with each other</caption><thead><tr><td></td>");
    for (size_t i = 0; i < count; i++)
        html_put(out, "<th scope=\"col\">{}</th>", code_of(codes, i));
    buffer_adds(out, "</tr></thead><tbody>");
    for (size_t i = 0; i < count; i++) {
        const json_t *row = json_array_get(matrix, i);

        buffer_adds(out, "<tr><th scope=\"row\"><a href=\"");
        page_code_link(page, out, code_of(codes, i), NULL);
        html_put(out, "\">{}</a></th>", code_of(codes, i));
        for (size_t j = 0; j < json_array_size(row); j++)
            put_cell(out, json_array_get(row, j), pairs);
        buffer_adds(out, "</tr>");
    }
    buffer_adds(out, "</tbody></table></div>");
}

static void put_advice(struct buffer *out, const json_t *advice)
{
    const json_t *text = json_object_get(advice, "text");

    if (json_array_size(text) == 0)
        return;
    buffer_adds(out, "<section aria-labelledby=\"of_advice\"><h2 "
                     "id=\"of_advice\">What to do</h2><ul>");
    for (size_t i = 0; i < json_array_size(text); i++)
        html_put(
            out, "<li>{}</li>", json_string_value(json_array_get(text, i)));
    buffer_adds(out, "</ul></section>");
}

static void put_lines(
    const struct page *page, struct buffer *out, const json_t *codes)
{
    buffer_adds(out, "<section aria-labelledby=\"of_lines\"><h2 "
                     "id=\"of_lines\">Lines</h2>");
    draw_table(page, out, "Codes as they were understood", codes);
    buffer_adds(out, "</section>");
}

static void put_pair(
    const struct page *page, struct buffer *out, const json_t *pair)
{
    /* Said in the heading, and in words. */
    static const char *const but[] = {"codes", "verdict", "reason_text",
        "timeline", "history", "other_settings", "source", NULL};
    const json_t *codes = json_object_get(pair, "codes");
    const struct verdict *verdict = verdict_of(draw_text(pair, "verdict"));
    const char *a = code_of(codes, 0), *b = code_of(codes, 1);

    html_put(out,
        "<section class=\"pair {}\" id=\"{u}-{u}\" aria-labelledby=\"of_{u}-"
        "{u}\"><h3 id=\"of_{u}-{u}\">{} and {}: ",
        verdict->name, a, b, a, b, a, b, a, b);
    put_verdict(out, verdict);
    html_put(out, "</h3><p>{}</p>", draw_text(pair, "reason_text"));
    if (*draw_text(pair, "timeline.text") != '\0')
        html_put(out, "<p>{}</p>", draw_text(pair, "timeline.text"));
    draw_facts(page, out, pair, but);
    draw_source(out, json_object_get(pair, "source"));
    draw_table(
        page, out, "Rows of the edit table", json_object_get(pair, "history"));
    buffer_adds(out, "</section>");
}

static void put_form(const struct page *page, struct buffer *out)
{
    char day[DAY_TEXT_LEN];

    (void)day_format(day, page->day);
    html_put(out,
        "<form class=\"lines\" method=\"get\" action=\"/pairs\">"
        "<p><label for=\"codes\">Codes, modifiers behind a colon</label> "
        "<input id=\"codes\" name=\"codes\" value=\"{}\" "
        "aria-describedby=\"codes_how\" autocomplete=\"off\" "
        "spellcheck=\"false\"> <button type=\"submit\">Check</button></p>"
        "<p id=\"codes_how\" class=\"hint\">Such as 97530,97116:59+GP,97140. "
        "Date, setting and program stay as they are.</p>"
        "<input type=\"hidden\" name=\"date\" value=\"{}\">"
        "<input type=\"hidden\" name=\"setting\" value=\"{}\">"
        "<input type=\"hidden\" name=\"program\" value=\"{}\"></form>",
        page_param(page, "codes"), day, setting_name(page->setting),
        program_name(page->program));
}

static void put_answer(struct page *page, const json_t *answer)
{
    struct buffer *out = &page->main;
    const struct verdict *verdict = verdict_of(draw_text(answer, "verdict"));
    const json_t *pairs = json_object_get(answer, "pairs");

    html_put(out, "<p class=\"verdict {}\">All of them together on {} ({}): ",
        verdict->name, draw_text(answer, "date"), draw_text(answer, "setting"));
    put_verdict(out, verdict);
    buffer_adds(out, "</p>");
    if (draw_true(answer, "stale"))
        buffer_adds(out, "<p class=\"problem\">The loaded edits end before "
                         "this day: this is what they said last.</p>");
    put_matrix(page, out, answer);
    put_advice(out, json_object_get(answer, "advice"));
    put_lines(page, out, json_object_get(answer, "codes"));
    buffer_adds(out, "<section aria-labelledby=\"of_pairs\"><h2 "
                     "id=\"of_pairs\">Pair by pair</h2>");
    for (size_t i = 0; i < json_array_size(pairs); i++)
        put_pair(page, out, json_array_get(pairs, i));
    buffer_adds(out, "</section>");
}

void page_pairs(const struct request *request, struct reply *reply)
{
    struct page page;
    const char *codes;
    json_t *answer;

    if (!page_begin(&page, request, reply, "pairs")) {
        page_end(&page);
        return;
    }
    codes = page_param(&page, "codes");
    page_asked(&page, codes);
    page_titled(&page, "Pairs ", codes);
    buffer_adds(&page.main, "<h1>May these be billed together?</h1>");
    put_form(&page, &page.main);
    if (*codes != '\0') {
        answer = page_ask(&page, "/v1/pairs", NULL);
        if (answer != NULL)
            put_answer(&page, answer);
        html_put(&page.main, "<p><a href=\"/claim?codes={u}", codes);
        page_holds(&page, &page.main, true);
        buffer_adds(&page.main, "\">As a whole claim</a></p>");
        json_decref(answer);
    }
    page_end(&page);
}
