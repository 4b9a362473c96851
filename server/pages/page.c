#include "server/pages/page.h"

#include <stdio.h>
#include <string.h>

#include <xxhash.h>

#include "server/transport/params.h"
#include "server/web.h"

/* The page's own files and no others; no script and no style in the HTML; and
 * no text that becomes HTML in a script. A page's address may tell of a
 * patient, so nobody is told it. */
#define PAGE_POLICY                                                            \
    "default-src 'none'; script-src 'self'; style-src 'self'; "                \
    "img-src 'self' data:; connect-src 'self'; manifest-src 'self'; "          \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "            \
    "require-trusted-types-for 'script'; trusted-types 'none'"

enum { PAGE_MAX = 16 << 20 }; /* bytes of HTML */

struct choice {
    const char *name, *words;
};

static const struct choice settings[] = {{"practitioner", "Practitioner"},
    {"outpatient", "Outpatient hospital"}, {"dme", "DME supplier"}, {0}};
static const struct choice programs[] = {
    {"medicare", "Medicare"}, {"medicaid", "Medicaid"}, {0}};

/* --- what holds for every question --- */

/* The edits that the date of a page starts from: the practitioner's, or those
 * there are. NULL: none are loaded. */
static const struct edit_scope *first_edits(const struct answers *answers)
{
    if (answers == NULL)
        return NULL;
    for (int program = PROGRAM_MEDICARE; program < PROGRAM_COUNT; program++)
        for (int setting = SETTING_PRACTITIONER; setting < SETTING_COUNT;
             setting++)
            if (answers->rules->edits[setting][program].loaded)
                return &answers->rules->edits[setting][program];
    return NULL;
}

const char *page_param(const struct page *page, const char *name)
{
    const char *text = request_param(page->request, name);

    return text != NULL ? text : "";
}

/* A form sends what was left empty as empty. */
static bool sent(const struct page *page, const char *name)
{
    return *page_param(page, name) != '\0';
}

bool page_begin(struct page *page, const struct request *request,
    struct reply *reply, const char *view)
{
    const struct edit_scope *edits = first_edits(request->answers);

    *page = (struct page){.request = request,
        .reply = reply,
        .view = view,
        .main = {.max = PAGE_MAX},
        .setting = SETTING_PRACTITIONER,
        .program = PROGRAM_MEDICARE};
    page->default_day = request->today;
    if (edits != NULL && edits->release->to < request->today)
        page->default_day = edits->release->to;
    page->day = page->default_day;
    return (!sent(page, "date") ||
               param_day(request, reply, "date", &page->day)) &&
           (!sent(page, "setting") ||
               param_setting(request, reply, &page->setting)) &&
           (!sent(page, "program") ||
               param_program(request, reply, &page->program));
}

void page_holds(const struct page *page, struct buffer *out, bool begun)
{
    char day[DAY_TEXT_LEN];
    const struct {
        bool said;
        const char *name, *value;
    } part[] = {
        {page->day != page->default_day, "date", day},
        {page->setting != SETTING_PRACTITIONER, "setting",
            setting_name(page->setting)},
        {page->program != PROGRAM_MEDICARE, "program",
            program_name(page->program)},
    };

    (void)day_format(day, page->day);
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        if (!part[i].said)
            continue;
        buffer_adds(out, begun ? "&amp;" : "?");
        html_put(out, "{}={}", part[i].name, part[i].value);
        begun = true;
    }
}

void page_code_link(const struct page *page, struct buffer *out,
    const char *code, const char *system)
{
    html_put(out, "/code/{u}", code);
    if (system != NULL)
        html_put(out, "?system={u}", system);
    page_holds(page, out, system != NULL);
}

void page_titled(struct page *page, const char *title, const char *more)
{
    page->title.len = 0;
    buffer_adds(&page->title, title);
    buffer_adds(&page->title, more != NULL ? more : "");
}

void page_asked(struct page *page, const char *text)
{
    page->box.len = 0;
    buffer_adds(&page->box, text);
}

/* --- the parts of the shell --- */

static void put_choices(
    struct buffer *out, const struct choice *list, const char *chosen)
{
    for (; list->name != NULL; list++) {
        html_put(out, "<option value=\"{}\"", list->name);
        if (strcmp(list->name, chosen) == 0)
            buffer_adds(out, " selected");
        html_put(out, ">{}</option>", list->words);
    }
}

void page_settings(const struct page *page, struct buffer *out)
{
    put_choices(out, settings, setting_name(page->setting));
}

void page_programs(const struct page *page, struct buffer *out)
{
    put_choices(out, programs, program_name(page->program));
}

static void put_banner(const struct page *page, struct buffer *out)
{
    const struct answers *answers = page->request->answers;
    char day[DAY_TEXT_LEN], today[DAY_TEXT_LEN];

    (void)day_format(day, page->day);
    (void)day_format(today, page->request->today);
    if (answers == NULL) {
        buffer_adds(out,
            "<p class=\"banner\" role=\"status\">No store is open, so nothing "
            "can be answered. The log of the server says why.</p>");
        return;
    }
    if (store_starter(answers->store))
        buffer_adds(out, "<p class=\"banner\" role=\"status\">This is the "
                         "starter set, a few hundred codes to look around: "
                         "not for billing.</p>");
    if (page->day == page->default_day && page->day < page->request->today)
        html_put(out,
            "<p class=\"banner\" role=\"status\">Answers are for {}, the last "
            "day that the loaded edits cover. Today is {}.</p>",
            day, today);
}

static void put_main(const struct page *page, struct buffer *out)
{
    if (page->main.len > 0)
        buffer_add(out, page->main.data, page->main.len);
}

static void put_day(struct buffer *out, day_t day)
{
    char text[DAY_TEXT_LEN];

    buffer_add(out, text, day_format(text, day));
}

static void put_text(struct buffer *out, const struct buffer *text)
{
    if (text->len > 0)
        html_text(out, text->data, text->len);
}

/* Writes what a name of the shell stands for. */
static void put_name(
    const struct page *page, struct buffer *out, const char *name, size_t len)
{
    static const struct {
        const char *name;
        void (*put)(const struct page *page, struct buffer *out);
    } parts[] = {
        {"settings", page_settings},
        {"programs", page_programs},
        {"banner", put_banner},
        {"main", put_main},
    };
    const struct answers *answers = page->request->answers;
    const struct edit_scope *edits =
        answers != NULL ? &answers->rules->edits[page->setting][page->program]
                        : NULL;
    const bool loaded = edits != NULL && edits->loaded;
    char word[24];

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strlen(parts[i].name) == len &&
            memcmp(parts[i].name, name, len) == 0) {
            parts[i].put(page, out);
            return;
        }
    (void)snprintf(word, sizeof word, "%.*s", (int)len, name);
    if (strcmp(word, "web") == 0)
        buffer_adds(out, web_root(page->request->web));
    else if (strcmp(word, "title") == 0)
        put_text(out, &page->title);
    else if (strcmp(word, "q") == 0)
        put_text(out, &page->box);
    else if (strcmp(word, "view") == 0)
        buffer_adds(out, page->view);
    else if (strcmp(word, "setting") == 0)
        buffer_adds(out, setting_name(page->setting));
    else if (strcmp(word, "program") == 0)
        buffer_adds(out, program_name(page->program));
    else if (strcmp(word, "date") == 0)
        put_day(out, page->day);
    else if (strcmp(word, "default_date") == 0)
        put_day(out, page->default_day);
    else if (strcmp(word, "today") == 0)
        put_day(out, page->request->today);
    else if (strcmp(word, "covered_to") == 0)
        put_day(out, loaded ? edits->release->to : DAY_OPEN);
    else if (strcmp(word, "build") == 0 && answers != NULL)
        html_put(out, "{}", store_id(answers->store));
}

/* Puts the page into the shell. Names are in two or three braces. */
static void fill(const struct page *page, struct buffer *out, const char *shell)
{
    const char *next;

    while ((next = strstr(shell, "{{")) != NULL) {
        const char *name = next + strspn(next, "{");
        const size_t len = strcspn(name, "}");

        buffer_add(out, shell, (size_t)(next - shell));
        put_name(page, out, name, len);
        shell = name + len;
        shell += strspn(shell, "}");
    }
    buffer_adds(out, shell);
}

/* Says in a page what a problem says in JSON. */
static void show_problem(struct page *page)
{
    struct reply *reply = page->reply;

    page->view = "error";
    page->main.len = 0;
    page->main.failed = false;
    page_titled(page, status_phrase(reply->status), NULL);
    html_put(&page->main,
        "<h1>{}</h1><p class=\"problem\" role=\"alert\">{}</p>",
        status_phrase(reply->status), reply->detail);
    reply->reason = NULL;
}

void page_drop(struct page *page)
{
    buffer_clear(&page->title);
    buffer_clear(&page->box);
    buffer_clear(&page->main);
}

void page_end(struct page *page)
{
    struct reply *reply = page->reply;
    const char *shell;
    char tag[REPLY_TAG_LEN];
    size_t len;

    if (reply->again) { /* it is made anew, then */
        page_drop(page);
        return;
    }
    if (page->main.failed)
        reply_problem(reply, 422, "answer_too_large",
            "The answer would be longer than a page can be. Ask for less at a "
            "time.");
    if (reply->reason != NULL)
        show_problem(page);
    shell = web_shell(page->request->web, &len);
    reply->body.len = 0;
    if (shell == NULL)
        reply_problem(reply, 500, "failed", "The shell of the page is gone.");
    else
        fill(page, &reply->body, shell);
    page_drop(page);
    if (reply->reason != NULL)
        return;
    reply->type = TYPE_HTML;
    reply->keep = "private, no-cache";
    reply_header(reply, "Content-Security-Policy", PAGE_POLICY);
    reply_header(reply, "Referrer-Policy", "no-referrer");
    /* Weak, for the bytes differ when they are compressed. */
    (void)snprintf(tag, sizeof tag, "W/\"%016llx\"",
        (unsigned long long)XXH3_64bits(reply->body.data, reply->body.len));
    reply_tag(reply, tag);
}
