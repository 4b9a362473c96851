#include "tests/tiny_coverage.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/rules/necessity/tie.h"
#include "codesets/store/coverage_write.h"

enum { GROUPS = 64, MEMBERS = 4096, RELATIONS = 16, LINE = 65536 };

struct making {
    struct coverage_writer *writer;
    struct coverage_new_document document;
    bool open;
    struct coverage_new_group group[GROUPS];
    struct coverage_new_member member[MEMBERS];
    size_t members;
    struct coverage_relation relation[RELATIONS];
    char *kept[4 * GROUPS];
    size_t keeps;
    char line[LINE];
    unsigned number;
};

static void must(bool good, const struct making *m, const char *what)
{
    if (good)
        return;
    (void)fprintf(
        stderr, "tiny coverage: line %u: %s: %s\n", m->number, what, m->line);
    abort();
}

static const char *keep(struct making *m, const char *text)
{
    must(m->keeps < sizeof m->kept / sizeof *m->kept, m, "texts");
    return m->kept[m->keeps++] = strdup(text);
}

static void end_document(struct making *m)
{
    struct error err = {0};

    if (m->open)
        must(coverage_add_document(m->writer, &m->document, &err) == 0, m,
            err.msg);
    m->open = false;
    m->members = 0;
    while (m->keeps > 0)
        free(m->kept[--m->keeps]);
}

static day_t date(const char *text)
{
    return strcmp(text, "open") == 0 ? DAY_OPEN : tiny_day(text);
}

static void begin_release(struct making *m, char *rest)
{
    struct coverage_release release = {
        .tables = (uint32_t)(((uint64_t)1 << COVERAGE_TABLES) - 1)};
    struct error err = {0};

    end_document(m);
    for (char *word = strtok(rest, " "); word != NULL;
         word = strtok(NULL, " ")) {
        int table = 0;

        if (strcmp(word, "history") == 0) {
            release.history = true;
            continue;
        }
        while (table < COVERAGE_TABLES &&
               strcmp(coverage_table_name((enum coverage_table)table),
                   word + 1) != 0)
            table++;
        must(word[0] == '-' && table < COVERAGE_TABLES, m, word);
        release.tables &= ~((uint32_t)1 << table);
    }
    must(coverage_add_release(m->writer, &release, &err) == 0, m, err.msg);
}

static void begin_document(
    struct making *m, enum coverage_kind kind, char *rest)
{
    struct coverage_new_document *out = &m->document;
    unsigned id, version;
    char status[8];
    int used = 0;
    char *title = strstr(rest, "title=");

    end_document(m);
    must(sscanf(rest, "%u %u %7s%n", &id, &version, status, &used) == 3, m,
        "a document");
    coverage_begin_document(out, kind, id, version);
    out->status = status[0] == '-' ? '\0' : status[0];
    out->line = m->number;
    out->group = m->group;
    out->relation = m->relation;
    m->open = true;
    if (title != NULL) {
        out->text[COVERAGE_TITLE] = keep(m, title + strlen("title="));
        *title = '\0';
    }
    for (char *word = strtok(rest + used, " "); word != NULL;
         word = strtok(NULL, " ")) {
        char *value = strchr(word, '=');

        if (strcmp(word, "draft") == 0) {
            out->draft = true;
            continue;
        }
        must(value != NULL, m, word);
        *value++ = '\0';
        if (strcmp(word, "from") == 0)
            out->effective = date(value);
        else if (strcmp(word, "to") == 0)
            out->ended = date(value);
        else if (strcmp(word, "retired") == 0)
            out->retired = date(value);
        else if (strcmp(word, "retires") == 0)
            out->retires = date(value);
        else
            must(false, m, word);
    }
}

static struct coverage_key triple(const struct making *m, const char *text)
{
    unsigned id, type, version;

    must(sscanf(text, "%u/%u/%u", &id, &type, &version) == 3, m, "a triple");
    return coverage_key_contractor(id, (uint16_t)type, (uint16_t)version);
}

static void add_member(
    struct making *m, struct coverage_new_group *group, char *word)
{
    const enum coverage_codes codes = coverage_list_codes(group->list);
    struct coverage_new_member *member = &m->member[m->members];
    size_t len = strlen(word);

    if (strcmp(word, COVERAGE_PLACEHOLDER) == 0) {
        group->placeholder = true;
        return;
    }
    must(m->members < MEMBERS, m, "members");
    *member = (struct coverage_new_member){.line = m->number};
    if (word[len - 1] == '*') {
        member->flags = COVERAGE_ASTERISK;
        len--;
    }
    if (codes == COVERAGE_CODE_CONTRACTOR)
        member->key = triple(m, word);
    else if (codes == COVERAGE_CODE_STATE)
        member->key = coverage_key_state((uint32_t)atoi(word));
    else
        member->key = coverage_key_text(word, len);
    m->members++;
    group->members++;
}

static char *after(char *text, char mark)
{
    char *at = strchr(text, mark);

    if (at == NULL)
        return NULL;
    for (char *end = at; end > text && end[-1] == ' '; end--)
        end[-1] = '\0';
    *at++ = '\0';
    while (*at == ' ')
        at++;
    return at;
}

static void add_group(struct making *m, enum coverage_list list, char *rest)
{
    struct coverage_new_group *group = &m->group[m->document.groups];
    char *codes = after(rest, ':'), *paragraph, *asterisk;

    must(m->open && codes != NULL && m->document.groups < GROUPS, m, "a group");
    paragraph = after(codes, '|');
    asterisk = paragraph == NULL ? NULL : after(paragraph, '~');
    *group = (struct coverage_new_group){.list = list,
        .number = (uint32_t)atoi(rest),
        .member = &m->member[m->members],
        .paragraph_line = m->number};
    if (paragraph != NULL)
        group->paragraph = keep(m, paragraph);
    if (asterisk != NULL)
        group->asterisk = keep(m, asterisk);
    for (char *word = strtok(codes, " "); word != NULL;
         word = strtok(NULL, " "))
        add_member(m, group, word);
    m->document.groups++;
}

static void add_relation(struct making *m, char *rest)
{
    struct coverage_relation *out = &m->relation[m->document.relations];
    unsigned id = 0, version = 0;
    char kind[8] = "";

    must(m->open && m->document.relations++ < RELATIONS &&
             sscanf(rest, "%7s %u %u", kind, &id, &version) == 3,
        m, "a relation");
    *out = (struct coverage_relation){strcmp(kind, "lcd") == 0 ? COVERAGE_LCD
                                      : strcmp(kind, "ncd") == 0
                                          ? COVERAGE_NCD
                                          : COVERAGE_ARTICLE,
        id, version, 0};
}

static void add_place(struct making *m, const char *kind, const char *rest)
{
    char one[32], two[32], three[32], four[32];
    struct error err = {0};
    int used = 0, rc;

    if (strcmp(kind, "contractor") == 0) {
        must(sscanf(rest, "%31s %31s %n", one, two, &used) == 2, m, kind);
        rc = coverage_add_contractor(m->writer,
            &(struct coverage_new_contractor){.key = triple(m, one),
                .number = two,
                .name = "Example Administrators",
                .type_name = rest + used,
                .line = m->number},
            &err);
    } else if (strcmp(kind, "state") == 0) {
        must(sscanf(rest, "%31s %31s %31s %n", one, two, three, &used) == 3, m,
            kind);
        rc = coverage_add_state(m->writer,
            &(struct coverage_new_state){.id = (uint32_t)atoi(one),
                .abbreviation = two,
                .whole = three,
                .name = rest + used,
                .line = m->number},
            &err);
    } else {
        must(sscanf(rest, "%31s %31s %31s %31s", one, two, three, four) == 4, m,
            kind);
        rc = coverage_add_jurisdiction(m->writer,
            &(struct coverage_new_jurisdiction){.contractor = triple(m, one),
                .state = (uint32_t)atoi(two),
                .active = date(three),
                .terminated = date(four),
                .line = m->number},
            &err);
    }
    must(rc == 0, m, err.msg);
}

static void read_line(struct making *m)
{
    static const struct {
        const char *name;
        int list;
    } lists[] = {{"procedures", COVERAGE_PROCEDURES},
        {"covered", COVERAGE_COVERED}, {"noncovered", COVERAGE_NONCOVERED},
        {"modifiers", COVERAGE_MODIFIERS},
        {"contractors:", COVERAGE_DOCUMENT_CONTRACTORS},
        {"states:", COVERAGE_DOCUMENT_STATES}};
    const size_t n = strcspn(m->line, " ");
    char kind[32], rest[LINE];

    must(n < sizeof kind, m, "a kind of line");
    (void)snprintf(kind, sizeof kind, "%.*s", (int)n, m->line);
    (void)snprintf(
        rest, sizeof rest, "%s", m->line[n] == '\0' ? "" : m->line + n + 1);
    if (kind[n - 1] == ':') {
        (void)snprintf(rest, sizeof rest, "0:%s", m->line + n);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(kind, lists[i].name) == 0) {
            add_group(m, (enum coverage_list)lists[i].list, rest);
            return;
        }
    if (strcmp(kind, "release") == 0)
        begin_release(m, rest);
    else if (strcmp(kind, "article") == 0)
        begin_document(m, COVERAGE_ARTICLE, rest);
    else if (strcmp(kind, "lcd") == 0)
        begin_document(m, COVERAGE_LCD, rest);
    else if (strcmp(kind, "ncd") == 0)
        begin_document(m, COVERAGE_NCD, rest);
    else if (strcmp(kind, "relation") == 0)
        add_relation(m, rest);
    else
        add_place(m, kind, rest);
}

void tiny_coverage(struct tiny *tiny, const char *releases, const char *lines)
{
    struct making *m = calloc(1, sizeof *m);
    struct buffer blob = {0}, ties = {0};
    struct coverage coverage;
    struct error err = {0};

    if (m == NULL || coverage_writer_open(&m->writer, &err) != 0)
        abort();
    while (*lines != '\0') {
        const size_t n = strcspn(lines, "\n");

        m->number++;
        (void)snprintf(m->line, sizeof m->line, "%.*s", (int)n, lines);
        lines += n + (lines[n] == '\n');
        if (n > 0)
            read_line(m);
    }
    end_document(m);
    must(coverage_write(m->writer, &blob, &err) == 0, m, err.msg);
    must(coverage_read(&coverage, (const uint8_t *)blob.data, blob.len, &err) ==
             0,
        m, err.msg);
    must(ties_of_coverage(&ties, &coverage, &err) == 0, m, err.msg);
    (void)tiny_series(
        tiny, TABLE_COVERAGE, SETTING_NONE, PROGRAM_NONE, releases);
    tiny_blob(tiny, "coverage", &blob);
    tiny_blob(tiny, "ties", &ties);
    coverage_writer_close(m->writer);
    free(m);
}
