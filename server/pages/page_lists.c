/* page_lists.c - what is loaded, and what coverage documents say, as pages. */
#include "server/pages/draw.h"

#include <stdio.h>
#include <string.h>

#include "codesets/core/code.h"

void page_releases(const struct request *request, struct reply *reply)
{
    struct page page;
    struct buffer *out = &page.main;
    json_t *answer;

    if (page_begin(&page, request, reply, "releases")) {
        /* Stale is what ends before today, whatever day the page is for. */
        static const struct page_param more[] = {{"date", NULL}, {0}};

        page_titled(&page, "What is loaded", NULL);
        answer = page_ask(&page, "/v1/releases", more);
        if (answer != NULL) {
            buffer_adds(out, "<h1>What is loaded</h1>");
            draw_section(&page, out, "build", json_object_get(answer, "build"));
            draw_section(
                &page, out, "releases", json_object_get(answer, "releases"));
        }
        json_decref(answer);
    }
    page_end(&page);
}

/* The first of a comma list: one question is drawn at a time. */
static const char *first_of(
    const struct page *page, const char *name, char out[CODE_TEXT])
{
    const char *list = page_param(page, name);
    const size_t len = strcspn(list, ",:");

    (void)snprintf(out, CODE_TEXT, "%.*s", (int)len, list);
    return out;
}

static const char *verdict_words(const char *verdict)
{
    if (strcmp(verdict, "not_supported") == 0)
        return "not supported";
    return *verdict != '\0' ? verdict : "what is listed";
}

static void put_necessity_form(const struct page *page, struct buffer *out)
{
    char day[DAY_TEXT_LEN];

    (void)day_format(day, page->day);
    html_put(out,
        "<form class=\"lines\" method=\"get\" action=\"/necessity\">"
        "<p><label for=\"code\">Procedure</label> <input id=\"code\" "
        "name=\"code\" value=\"{}\"> <label for=\"icd10\">Diagnosis</label> "
        "<input id=\"icd10\" name=\"icd10\" value=\"{}\"> <label "
        "for=\"state\">State</label> <input id=\"state\" name=\"state\" "
        "size=\"4\" value=\"{}\"> <button type=\"submit\">Ask</button></p>"
        "<input type=\"hidden\" name=\"date\" value=\"{}\"></form>",
        page_param(page, "code"), page_param(page, "icd10"),
        page_param(page, "state"), day);
}

void page_necessity(const struct request *request, struct reply *reply)
{
    /* The heading and the first words of the answer say these. */
    static const char *const said[] = {
        "code", "icd10", "date", "verdict", "text", "next", NULL};
    char code[CODE_TEXT], icd10[CODE_TEXT];
    struct page page;
    struct buffer *out = &page.main;
    json_t *answer;

    if (page_begin(&page, request, reply, "necessity")) {
        const struct page_param more[] = {
            {"code", first_of(&page, "code", code)},
            {"icd10", first_of(&page, "icd10", icd10)}, {"q", NULL}, {0}};

        page_titled(&page, "Medical necessity", NULL);
        buffer_adds(out, "<h1>Medical necessity</h1>");
        put_necessity_form(&page, out);
        if (*code != '\0' || *icd10 != '\0') {
            answer = page_ask(&page, "/v1/necessity", more);
            if (answer != NULL) {
                html_put(out, "<h2>{} {}: {}</h2><p>{}</p>", code, icd10,
                    verdict_words(draw_text(answer, "verdict")),
                    draw_text(answer, "text"));
                draw_whole(&page, out, answer, said);
            }
            json_decref(answer);
        }
    }
    page_end(&page);
}

void page_start(const struct request *request, struct reply *reply)
{
    struct page page;
    struct buffer *out = &page.main;

    if (page_begin(&page, request, reply, "start")) {
        page_titled(&page, "Medical billing codes", NULL);
        buffer_adds(out,
            "<h1>Medical billing codes</h1>"
            "<p>Type words, a code, or several codes into the box above:</p>"
            "<ul class=\"examples\">");
        static const struct {
            const char *q, *words;
        } examples[] = {
            {"electrical stimulation", "words, or parts of words"},
            {"G0283", "a code: everything known of it"},
            {"97530 97116-59 97140", "codes: may they be billed together?"},
            {"97110:24 97140:15", "codes with minutes: how many units?"},
        };
        for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
            html_put(out, "<li><a href=\"/ask?q={u}", examples[i].q);
            page_holds(&page, out, true);
            html_put(
                out, "\">{}</a>: {}</li>", examples[i].q, examples[i].words);
        }
        buffer_adds(
            out, "</ul><p><a href=\"/releases\">What is loaded</a></p>");
    }
    page_end(&page);
}
