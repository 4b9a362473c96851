/* page_lists.c - what is loaded, and what coverage documents say, as pages. */
#include "server/pages/draw.h"

#include <stdio.h>
#include <string.h>

#include "codesets/core/code.h"
#include "codesets/rules/necessity/necessity.h"

enum { COUPLES_MAX = 24 }; /* questions that one page asks */

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

/* Takes the next code of a comma list, "97110:59,97140", without what stands
 * behind its colon. False at the end. */
static bool next_of(const char **list, char out[CODE_TEXT])
{
    const size_t len = strcspn(*list, ",");

    (void)snprintf(out, CODE_TEXT, "%.*s", (int)strcspn(*list, ",:"), *list);
    *list += len;
    if (**list == ',')
        (*list)++;
    return len > 0;
}

static bool is_list(const char *text)
{
    return strchr(text, ',') != NULL;
}

static const char *verdict_words(const char *verdict)
{
    if (strcmp(verdict, "not_supported") == 0)
        return "not supported";
    return *verdict != '\0' ? verdict : "what is listed";
}

/* The kind of claim: as asked, or what the setting usually bills. */
static const char *kind_of(const struct page *page)
{
    const char *asked = page_param(page, "kind");

    return *asked != '\0'
               ? asked
               : necessity_kind_name(necessity_kind_of(page->setting));
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
        "size=\"4\" value=\"{}\"> <label for=\"kind\">Claim</label> "
        "<select id=\"kind\" name=\"kind\">",
        page_param(page, "code"), page_param(page, "icd10"),
        page_param(page, "state"));
    for (int kind = 0; kind < NECESSITY_KINDS; kind++) {
        static const char *const words[] = {
            [NECESSITY_PART_A] = "Part A",
            [NECESSITY_PART_B] = "Part B",
            [NECESSITY_DME] = "equipment (DME)",
        };
        const char *name = necessity_kind_name((enum necessity_kind)kind);

        html_put(out, "<option value=\"{}\"", name);
        if (strcmp(name, kind_of(page)) == 0)
            buffer_adds(out, " selected");
        html_put(out, ">{}</option>", words[kind]);
    }
    html_put(out,
        "</select> <button type=\"submit\">Ask</button></p>"
        "<input type=\"hidden\" name=\"date\" value=\"{}\"></form>",
        day);
}

/* One question, with all that its answer says. */
static void draw_couple(
    struct page *page, const char *code, const char *icd10, const char *kind)
{
    /* The heading and the first words of the answer say these. */
    static const char *const said[] = {
        "code", "icd10", "date", "verdict", "text", "next", NULL};
    const struct page_param more[] = {
        {"code", code}, {"icd10", icd10}, {"kind", kind}, {"q", NULL}, {0}};
    struct buffer *out = &page->main;
    json_t *answer = page_ask(page, "/v1/necessity", more);

    if (answer != NULL) {
        html_put(out, "<h2>{} {}: {}</h2><p>{}</p>", code, icd10,
            verdict_words(draw_text(answer, "verdict")),
            draw_text(answer, "text"));
        draw_whole(page, out, answer, said);
    }
    json_decref(answer);
}

/* A row of many couples: the verdict, and why. False: the problem is in the
 * reply. */
static bool draw_row(
    struct page *page, const char *code, const char *icd10, const char *kind)
{
    const struct page_param more[] = {
        {"code", code}, {"icd10", icd10}, {"kind", kind}, {"q", NULL}, {0}};
    struct buffer *out = &page->main;
    json_t *answer = page_ask(page, "/v1/necessity", more);

    if (answer == NULL)
        return false;
    html_put(out,
        "<tr><th scope=\"row\"><a href=\"/necessity?code={u}&amp;icd10={u}"
        "&amp;kind={u}&amp;state={u}",
        code, icd10, kind, page_param(page, "state"));
    page_holds(page, out, true);
    html_put(out, "\">{} {}</a></th><td>{}</td><td>{}</td></tr>", code, icd10,
        verdict_words(draw_text(answer, "verdict")), draw_text(answer, "text"));
    json_decref(answer);
    return true;
}

/* Each procedure with each diagnosis, as a table whose rows lead to the whole
 * answers. */
static void draw_couples(struct page *page, const char *kind)
{
    const char *codes = page_param(page, "code");
    char code[CODE_TEXT], icd10[CODE_TEXT];
    struct buffer *out = &page->main;
    unsigned couples = 0;

    buffer_adds(out, "<div class=\"scroller\" role=\"group\" tabindex=\"0\" "
                     "aria-label=\"Each procedure with each diagnosis\">"
                     "<table><caption>Each procedure with each diagnosis"
                     "</caption><thead><tr><th scope=\"col\">Codes</th>"
                     "<th scope=\"col\">Verdict</th><th scope=\"col\">Why</th>"
                     "</tr></thead><tbody>");
    do {
        const char *diagnoses = page_param(page, "icd10");

        (void)next_of(&codes, code);
        do {
            (void)next_of(&diagnoses, icd10);
            if (couples < COUPLES_MAX && !draw_row(page, code, icd10, kind))
                return;
            couples++;
        } while (*diagnoses != '\0');
    } while (*codes != '\0');
    buffer_adds(out, "</tbody></table></div>");
    if (couples > COUPLES_MAX) {
        char left[12];

        (void)snprintf(left, sizeof left, "%u", couples - COUPLES_MAX);
        html_put(out,
            "<p class=\"problem\">{} more are left out. Ask for fewer at a "
            "time.</p>",
            left);
    }
}

void page_necessity(const struct request *request, struct reply *reply)
{
    struct page page;

    if (page_begin(&page, request, reply, "necessity")) {
        const char *code = page_param(&page, "code");
        const char *icd10 = page_param(&page, "icd10");

        page_titled(&page, "Medical necessity", NULL);
        buffer_adds(&page.main, "<h1>Medical necessity</h1>");
        put_necessity_form(&page, &page.main);
        if (is_list(code) || is_list(icd10)) {
            draw_couples(&page, kind_of(&page));
        } else if (*code != '\0' || *icd10 != '\0') {
            char one[CODE_TEXT], other[CODE_TEXT];

            (void)next_of(&code, one);
            (void)next_of(&icd10, other);
            draw_couple(&page, one, other, kind_of(&page));
        }
        html_put(&page.main,
            "<p><a href=\"/claim?codes={u}&amp;icd10={u}&amp;state={u}",
            page_param(&page, "code"), page_param(&page, "icd10"),
            page_param(&page, "state"));
        page_holds(&page, &page.main, true);
        buffer_adds(&page.main, "\">As a whole claim</a></p>");
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
        buffer_adds(out, "</ul><p><a href=\"/claim\">A whole claim</a> · <a "
                         "href=\"/releases\">What is loaded</a></p>");
    }
    page_end(&page);
}
