/* page_search.c - codes by their words, as a page. */
#include "server/pages/draw.h"

#include <stdio.h>
#include <string.h>

#include "codesets/core/code.h"

#define HITS_OF_A_PAGE "50"

static size_t code_point(const char *text)
{
    size_t len = 1;

    while (((unsigned char)text[len] & 0xC0) == 0x80)
        len++;
    return len;
}

/* A text with the parts that were found, which are counted in code points. */
static void put_marked(
    struct buffer *out, const char *text, const json_t *highlights)
{
    size_t next = 0;
    long long at = 0, from = -1, to = -1;

    for (; *text != '\0'; at++) {
        const size_t len = code_point(text);
        const json_t *part = json_array_get(highlights, next);

        if (part != NULL && from < 0) {
            from = json_integer_value(json_array_get(part, 0));
            to = from + json_integer_value(json_array_get(part, 1));
        }
        if (at == from)
            buffer_adds(out, "<mark>");
        html_text(out, text, len);
        text += len;
        if (at + 1 == to) {
            buffer_adds(out, "</mark>");
            from = to = -1;
            next++;
        }
    }
    if (from >= 0 && at > from)
        buffer_adds(out, "</mark>");
}

static void put_badge(struct buffer *out, const char *kind, const char *words)
{
    html_put(out, " <span class=\"badge {}\">{}</span>", kind, words);
}

static void put_badges(struct buffer *out, const json_t *hit)
{
    const json_t *valid = json_object_get(hit, "valid");

    put_badge(out, draw_text(hit, "system"), draw_text(hit, "system"));
    if (json_is_false(valid))
        put_badge(out, "ended", "not valid on this day");
    else if (json_is_null(valid))
        put_badge(out, "unknown", "validity not known");
    else if (json_is_false(json_object_get(hit, "billable")))
        put_badge(out, "header", "header, not billable");
    if (draw_true(hit, "timed"))
        put_badge(out, "timed", "timed");
}

/* Other forms of a word that was typed need no telling. */
static bool is_plain(const char *kind)
{
    return strcmp(kind, "grammar") == 0 || strcmp(kind, "spelling") == 0;
}

/* Why a hit is there that does not hold the words as they were typed. */
static void put_reasons(struct buffer *out, const json_t *hit)
{
    const json_t *lacks = json_object_get(hit, "lacks"),
                 *stands_for = json_object_get(hit, "stands_for"),
                 *found = json_object_get(hit, "found_in");

    for (size_t i = 0; i < json_array_size(lacks); i++)
        html_put(out, " <span class=\"why\">· without “{}”</span>",
            json_string_value(json_array_get(lacks, i)));
    for (size_t i = 0; i < json_array_size(stands_for); i++) {
        const json_t *one = json_array_get(stands_for, i);

        if (!is_plain(draw_text(one, "kind")))
            html_put(out, " <span class=\"why\">· {}: {}</span>",
                draw_text(one, "term"), draw_text(one, "meaning"));
    }
    if (json_is_object(found)) {
        html_put(out, " <span class=\"why\">· {}: ", draw_text(found, "kind"));
        put_marked(out, draw_text(found, "text"),
            json_object_get(found, "highlights"));
        buffer_adds(out, "</span>");
    }
}

/* A modifier and a local code are only sure to be found under their system. */
static const char *system_to_name(const json_t *hit)
{
    const char *system = draw_text(hit, "system");

    return strcmp(system, "modifier") == 0 || strcmp(system, "local") == 0
               ? system
               : NULL;
}

static void put_hit(
    const struct page *page, struct buffer *out, const json_t *hit)
{
    const char *code = draw_text(hit, "code");

    buffer_adds(out, "<li class=\"hit\"><a href=\"");
    page_code_link(page, out, code, system_to_name(hit));
    html_put(out, "\"><b class=\"code\">{}</b> <span class=\"text\">", code);
    put_marked(out, draw_text(hit, "text"), json_object_get(hit, "highlights"));
    buffer_adds(out, "</span></a>");
    put_badges(out, hit);
    put_reasons(out, hit);
    buffer_adds(out, "</li>");
}

static void put_again(const struct page *page, struct buffer *out,
    const char *system, const char *cursor)
{
    html_put(out, "/search?q={u}", page_param(page, "q"));
    if (*system != '\0')
        html_put(out, "&amp;system={u}", system);
    if (cursor != NULL)
        html_put(out, "&amp;cursor={u}", cursor);
    page_holds(page, out, true);
}

static void put_facets(
    const struct page *page, struct buffer *out, const json_t *systems)
{
    const char *chosen = page_param(page, "system");

    if (json_object_size(systems) < 2 && *chosen == '\0')
        return;
    buffer_adds(out, "<nav class=\"facets\" aria-label=\"Code systems\"><ul>");
    buffer_adds(out, "<li><a href=\"");
    put_again(page, out, "", NULL);
    buffer_adds(out, *chosen == '\0' ? "\" aria-current=\"true\">all</a></li>"
                                     : "\">all</a></li>");
    for (void *at = draw_first(systems); at != NULL;
         at = draw_next(systems, at)) {
        const char *name = json_object_iter_key(at);
        const json_t *count = json_object_iter_value(at);
        char number[24];

        (void)snprintf(number, sizeof number, "%lld",
            (long long)json_integer_value(count));
        buffer_adds(out, "<li><a href=\"");
        put_again(page, out, name, NULL);
        buffer_adds(out, "\"");
        if (strcmp(chosen, name) == 0)
            buffer_adds(out, " aria-current=\"true\"");
        html_put(out, ">{} {}</a></li>", name, number);
    }
    buffer_adds(out, "</ul></nav>");
}

/* What was read in another way than it was typed. */
static void put_reading(struct buffer *out, const json_t *answer)
{
    const json_t *corrected = json_object_get(answer, "corrected"),
                 *dropped = json_object_get(answer, "dropped");
    const char *unfinished = draw_text(answer, "unfinished");

    for (size_t i = 0; i < json_array_size(corrected); i++) {
        const json_t *one = json_array_get(corrected, i);

        html_put(out, "<p>Read as <b>{}</b> (typed “{}”)</p>",
            draw_text(one, "read"), draw_text(one, "typed"));
    }
    for (size_t i = 0; i < json_array_size(dropped); i++)
        html_put(out,
            "<p class=\"muted\">The first result does without “{}”</p>",
            json_string_value(json_array_get(dropped, i)));
    if (*unfinished != '\0')
        html_put(out,
            "<p class=\"muted\">“{}” may go on, not looked for yet</p>",
            unfinished);
}

static void put_hits(struct page *page, const json_t *answer, const char *title)
{
    struct buffer *out = &page->main;
    const json_t *hits = json_object_get(answer, "hits");
    const json_t *total = json_object_get(answer, "total");
    const char *next = draw_text(answer, "next");

    if (hits == NULL)
        hits = json_object_get(answer, "items");
    html_put(out, "<h1>{}</h1>", title);
    if (total != NULL) {
        const long long number = json_integer_value(total);

        buffer_addf(out, "<p class=\"count\" role=\"status\">%lld %s</p>",
            number, number == 1 ? "code" : "codes");
    }
    put_reading(out, answer);
    put_facets(page, out, draw_at(answer, "facets.system"));
    buffer_adds(out, "<ol class=\"hits\">");
    for (size_t i = 0; i < json_array_size(hits); i++)
        put_hit(page, out, json_array_get(hits, i));
    buffer_adds(out, "</ol>");
    if (*next != '\0') {
        buffer_adds(out, "<nav class=\"more\" aria-label=\"More codes\"><a "
                         "rel=\"next\" href=\"");
        put_again(page, out, page_param(page, "system"), next);
        buffer_adds(out, "\">Next codes</a></nav>");
    }
}

/* "97010-97799": the codes from one to another, in order. */
static bool is_range(const char *q, char from[CODE_TEXT], char to[CODE_TEXT])
{
    const char *dash = strchr(q, '-');
    struct code_text first, last;

    if (dash == NULL || strchr(dash + 1, '-') != NULL ||
        code_text_parse(&first, q, (size_t)(dash - q)) != 0 ||
        code_text_parse(&last, dash + 1, strlen(dash + 1)) != 0)
        return false;
    memcpy(from, first.text, sizeof first.text);
    memcpy(to, last.text, sizeof last.text);
    return (first.len == PROC_LEN && last.len == PROC_LEN &&
               proc_pack(from) != PROC_NONE && proc_pack(to) != PROC_NONE) ||
           (icd_shaped(from, first.len) && icd_shaped(to, last.len));
}

void page_search(const struct request *request, struct reply *reply)
{
    char from[CODE_TEXT], to[CODE_TEXT];
    /* A page's setting is that of its questions; in a search it would leave
     * only the codes that an MUE limits there. */
    const struct page_param words[] = {
        {"limit", HITS_OF_A_PAGE}, {"setting", ""}, {"found_in", "true"}, {0}};
    const struct page_param range[] = {
        {"limit", HITS_OF_A_PAGE}, {"from", from}, {"to", to}, {0}};
    struct page page;
    json_t *answer;
    const char *q;

    if (!page_begin(&page, request, reply, "search")) {
        page_end(&page);
        return;
    }
    q = page_param(&page, "q");
    page_asked(&page, q);
    page_titled(&page, *q != '\0' ? "Search: " : "Search", q);
    if (*q == '\0') {
        buffer_adds(&page.main, "<h1>Search</h1><p>Say in the box above what "
                                "to look for: words, parts of words, codes."
                                "</p>");
    } else {
        answer = is_range(q, from, to) ? page_ask(&page, "/v1/codes", range)
                                       : page_ask(&page, "/v1/search", words);
        if (answer != NULL)
            put_hits(&page, answer, q);
        json_decref(answer);
    }
    page_end(&page);
}
