/* page_lists.c - what is loaded, and what coverage documents say, as pages. */
#include "server/draw.h"

#include <string.h>

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

void page_necessity(const struct request *request, struct reply *reply)
{
    /* The head of the answer says these. */
    static const char *const said[] = {"code", "icd10", "date", NULL};
    struct page page;
    struct buffer *out = &page.main;
    json_t *answer;

    if (page_begin(&page, request, reply, "necessity")) {
        page_titled(&page, "Medical necessity", NULL);
        html_put(out, "<h1>Medical necessity: {} {}</h1>",
            page_param(&page, "code"), page_param(&page, "icd10"));
        answer = page_ask(&page, "/v1/necessity", NULL);
        for (void *at = draw_first(answer); at != NULL;
             at = draw_next(answer, at)) {
            if (!draw_listed(said, json_object_iter_key(at)))
                draw_section(&page, out, json_object_iter_key(at),
                    json_object_iter_value(at));
        }
        json_decref(answer);
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
