/* page_box.c - what somebody means who typed or pasted something into the box
 * of a browser without script: the address that answers it.
 *
 *   a code                        its card
 *   codes, with modifiers         pairs         97530 97116-59
 *   codes with minutes            units         97110:24, 97140 15 min
 *   a procedure and a diagnosis   necessity     97110 M54.50
 *   anything else                 a search
 *
 * server/web/parse.js understands the same and more. What is not sure to be
 * meant as codes is searched for. */
#include "server/pages/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/rules/modifiers.h"

enum {
    BOX_LINES_MAX = 25,
    BOX_MODIFIERS_MAX = 4,                  /* of a line */
    BOX_TOKEN_MAX = 40,                     /* bytes; a longer one is a word */
    BOX_MINUTES_MAX = 1440,                 /* of a day */
    BOX_PLACE_MAX = REPLY_HEADERS_MAX - 32, /* bytes of the address */
};

struct line {
    char code[CODE_TEXT];
    bool diagnosis;
    char modifier[BOX_MODIFIERS_MAX][MODIFIER_LEN + 1];
    size_t modifiers;
    int minutes; /* -1: not said */
    int number;  /* a bare number: a modifier or minutes; -1: none */
};

struct box {
    const struct answers *answers;
    struct line line[BOX_LINES_MAX];
    size_t lines, words;
    bool too_many;
};

static bool in_store(
    const struct answers *answers, enum code_system system, const char *code)
{
    return code_number(&answers->store->codes, system, code, strlen(code)) !=
           UINT32_MAX;
}

/* Does a token have the shape of a code? Of one that is shaped like either, the
 * one that is loaded. */
static bool read_code(
    const struct box *box, struct line *out, const char *text, size_t len)
{
    struct code_text code;
    uint32_t packed = PROC_NONE;
    bool diagnosis;

    if (code_text_parse(&code, text, len) != 0)
        return false;
    if (code.len == PROC_LEN && !code.dotted)
        packed = proc_pack(code.text);
    diagnosis = icd_shaped(code.text, code.len);
    if (packed == PROC_NONE && !diagnosis)
        return false;
    *out = (struct line){.minutes = -1, .number = -1};
    out->diagnosis =
        diagnosis &&
        (packed == PROC_NONE ||
            (!in_store(box->answers, proc_system(packed), code.text) &&
                in_store(box->answers, SYSTEM_ICD10CM, code.text)));
    if (out->diagnosis)
        (void)icd_dotted(out->code, code.text, code.len);
    else
        memcpy(out->code, code.text, code.len + 1);
    return true;
}

static bool known_modifier(const struct box *box, const char text[2])
{
    const uint16_t packed = modifier_pack(text);

    return packed != MODIFIER_NONE &&
           (box->answers->rules->modifiers.rule[packed].flags &
               MODIFIER_KNOWN) != 0;
}

static bool is_number(const char *text, int *out)
{
    const size_t len = strlen(text);

    if (len == 0 || len > 4 || strspn(text, "0123456789") != len)
        return false;
    *out = atoi(text); /* four digits at most */
    return *out <= BOX_MINUTES_MAX;
}

static bool is_unit_of_time(const char *text)
{
    return strcmp(text, "M") == 0 || strcmp(text, "MIN") == 0 ||
           strcmp(text, "MINS") == 0 || strcmp(text, "MINUTES") == 0;
}

/* "24MIN" */
static bool is_minutes(const char *text, int *out)
{
    char digits[5] = "";
    const size_t len = strspn(text, "0123456789");

    if (len == 0 || len >= sizeof digits || !is_unit_of_time(text + len))
        return false;
    memcpy(digits, text, len);
    return is_number(digits, out);
}

/* "X2" or "2X": units, which no address takes. */
static bool is_units(const char *text)
{
    const size_t len = strlen(text);

    return len > 1 && len < 5 &&
           ((text[0] == 'X' && strspn(text + 1, "0123456789") == len - 1) ||
               (text[len - 1] == 'X' && strspn(text, "0123456789") == len - 1));
}

static bool add_modifier(struct box *box, struct line *line, const char *text)
{
    if (strlen(text) != MODIFIER_LEN || !known_modifier(box, text) ||
        line->modifiers == BOX_MODIFIERS_MAX)
        return false;
    memcpy(line->modifier[line->modifiers++], text, MODIFIER_LEN + 1);
    return true;
}

/* What stands behind a code, in its token or in one of its own. mark: the
 * character before it, or a blank. */
static void read_detail(
    struct box *box, struct line *line, char mark, const char *text)
{
    int number;

    if (is_units(text))
        return;
    if (is_minutes(text, &number) ||
        (mark == '=' && is_number(text, &number))) {
        line->minutes = number;
    } else if (mark != '-' && line->number < 0 && is_number(text, &number)) {
        line->number = number;
    } else if (is_unit_of_time(text) && line->number >= 0) {
        line->minutes = line->number; /* "24 min" */
        line->number = -1;
    } else if (line->diagnosis || !add_modifier(box, line, text)) {
        box->words++;
    }
}

static void read_token(struct box *box, const char *token)
{
    static const char marks[] = "-:+=/";
    size_t len = strcspn(token, marks);
    struct line line;

    if (!read_code(box, &line, token, len)) {
        if (box->lines > 0 && token[len] == '\0')
            read_detail(box, &box->line[box->lines - 1], ' ', token);
        else
            box->words++;
        return;
    }
    if (box->lines == BOX_LINES_MAX) {
        box->too_many = true;
        return;
    }
    box->line[box->lines++] = line;
    while (token[len] != '\0') {
        const char mark = token[len];
        char part[BOX_TOKEN_MAX] = "";
        size_t n;

        token += len + 1;
        n = strcspn(token, marks);
        memcpy(part, token, n);
        if (n > 0)
            read_detail(box, &box->line[box->lines - 1], mark, part);
        len = n;
    }
}

static void read_box(struct box *box, const char *q)
{
    static const char between[] = " \t,;()|";

    while (*(q += strspn(q, between)) != '\0') {
        const size_t len = strcspn(q, between);
        char token[BOX_TOKEN_MAX] = "";

        if (len < sizeof token) {
            for (size_t i = 0; i < len; i++)
                token[i] = (char)(q[i] >= 'a' && q[i] <= 'z' ? q[i] - 'a' + 'A'
                                                             : q[i]);
            read_token(box, token);
        } else {
            box->words++;
        }
        q += len;
    }
}

/* Bare numbers are modifiers when all of them can be and no minutes were said;
 * else they are minutes. */
static void settle_numbers(struct box *box)
{
    bool modifiers = true;

    for (size_t i = 0; i < box->lines; i++) {
        const struct line *line = &box->line[i];
        char text[12];

        (void)snprintf(text, sizeof text, "%02d", line->number);
        if (line->minutes >= 0 ||
            (line->number >= 0 &&
                (strlen(text) != MODIFIER_LEN || !known_modifier(box, text))))
            modifiers = false;
    }
    for (size_t i = 0; i < box->lines; i++) {
        struct line *line = &box->line[i];
        char text[12];

        if (line->number < 0)
            continue;
        (void)snprintf(text, sizeof text, "%02d", line->number);
        if (modifiers)
            (void)add_modifier(box, line, text);
        else if (line->minutes < 0)
            line->minutes = line->number;
    }
}

static void put_modifiers(struct buffer *out, const struct line *line)
{
    for (size_t i = 0; i < line->modifiers; i++)
        html_put(out, "{u}{u}", i == 0 ? ":" : "+", line->modifier[i]);
}

static void put_lines(struct buffer *out, const struct box *box, bool diagnosis)
{
    const char *comma = "";

    for (size_t i = 0; i < box->lines; i++) {
        const struct line *line = &box->line[i];

        if (line->diagnosis != diagnosis)
            continue;
        html_put(out, "{u}{u}", comma, line->code);
        if (!diagnosis)
            put_modifiers(out, line);
        comma = ",";
    }
}

static void put_minutes(struct buffer *out, const struct box *box)
{
    const char *comma = "";

    for (size_t i = 0; i < box->lines; i++) {
        const struct line *line = &box->line[i];
        char minutes[12];

        if (line->minutes < 0)
            continue;
        (void)snprintf(minutes, sizeof minutes, "%d", line->minutes);
        html_put(out, "{u}{u}:{u}", comma, line->code, minutes);
        put_modifiers(out, line);
        comma = ",";
    }
}

/* Where what was understood is answered. False: it is to be searched for. */
static bool put_place(struct buffer *out, const struct box *box)
{
    size_t diagnoses = 0, minutes = 0;

    if (box->lines == 0 || box->words > 0 || box->too_many)
        return false;
    for (size_t i = 0; i < box->lines; i++) {
        diagnoses += box->line[i].diagnosis;
        minutes += box->line[i].minutes >= 0;
    }
    if (minutes > 0) {
        buffer_adds(out, "/units?minutes=");
        put_minutes(out, box);
    } else if (box->lines == 1) {
        html_put(out, "/code/{u}", box->line[0].code);
    } else if (diagnoses == 0) {
        buffer_adds(out, "/pairs?codes=");
        put_lines(out, box, false);
    } else if (diagnoses < box->lines) {
        buffer_adds(out, "/necessity?code=");
        put_lines(out, box, false);
        buffer_adds(out, "&icd10=");
        put_lines(out, box, true);
    } else {
        return false;
    }
    return true;
}

/* What holds for every question, as it was sent. */
static void put_held(const struct page *page, struct buffer *out)
{
    static const char *const names[] = {"date", "setting", "program"};
    bool begun = !out->failed && memchr(out->data, '?', out->len) != NULL;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = page_param(page, names[i]);

        if (*value == '\0')
            continue;
        buffer_addc(out, begun ? '&' : '?');
        html_put(out, "{u}={u}", names[i], value);
        begun = true;
    }
}

void page_box(const struct request *request, struct reply *reply)
{
    struct page page;
    struct buffer place = {0};
    struct box box = {.answers = request->answers};
    const char *q;

    if (!page_begin(&page, request, reply, "search")) {
        page_end(&page);
        return;
    }
    q = page_param(&page, "q");
    if (box.answers != NULL) {
        read_box(&box, q);
        settle_numbers(&box);
    }
    if (!put_place(&place, &box)) {
        buffer_addc(&place, '/');
        if (*q != '\0')
            html_put(&place, "search?q={u}", q);
    }
    put_held(&page, &place);
    buffer_addc(&place, '\0');
    if (place.failed || place.len > BOX_PLACE_MAX) {
        reply_problem(reply, 422, "too_long",
            "That is too much for one question. Ask for less at a time.");
        page_end(&page);
    } else {
        page_drop(&page);
        reply->status = 302;
        reply->type = TYPE_TEXT;
        reply_header(reply, "Location", place.data);
    }
    buffer_clear(&place);
}
