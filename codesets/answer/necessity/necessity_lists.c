#include "codesets/answer/necessity/necessity_lists.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/answer/cursor.h"
#include "codesets/answer/item.h"
#include "codesets/answer/pair/pair_answer.h"

enum { GROUPS_MAX = 4096, WORDS_MAX = 8, WORD_ROOM = 48 };

/* A page being written. */
struct paging {
    struct json json;
    const struct answers *answers;
    const struct coverage *coverage;
    const struct necessity_question *question;
    struct coverage_time time;
    struct necessity_payers payers;
    struct cursor_list list;
    uint32_t position, next, limit, items, looked_at;
    size_t words; /* of q: each must stand in the title */
    char word[WORDS_MAX][WORD_ROOM];
    struct code_text prefix;
};

static int read_words(struct paging *page, struct text_ref q, struct error *err)
{
    size_t at = 0;

    while (at < q.len) {
        size_t n = 0;

        while (at < q.len && (q.text[at] == ' ' || q.text[at] == ','))
            at++;
        while (at + n < q.len && q.text[at + n] != ' ' && q.text[at + n] != ',')
            n++;
        if (n == 0)
            break;
        if (page->words == WORDS_MAX || n >= WORD_ROOM)
            return error_set(err, ERR_INPUT, 0,
                "q: at most %d words of %d bytes", WORDS_MAX, WORD_ROOM - 1);
        memcpy(page->word[page->words], q.text + at, n);
        page->word[page->words++][n] = '\0';
        at += n;
    }
    return 0;
}

static int begin(struct paging *page, struct buffer *out,
    const struct answers *answers, const struct necessity_question *question,
    const struct necessity_request *request, uint32_t limit, struct error *err)
{
    int rc;

    *page = (struct paging){.answers = answers,
        .coverage = store_coverage(answers->store),
        .question = question,
        .list = cursor_list(CURSOR_NECESSITY),
        .limit = request->limit == 0 ? limit : request->limit};
    cursor_add_text(&page->list, request->code);
    cursor_add_text(&page->list, request->icd10);
    cursor_add_text(&page->list, request->state);
    cursor_add_text(&page->list, request->contractor);
    cursor_add_text(&page->list, request->article);
    cursor_add_text(&page->list, request->kind);
    cursor_add_text(&page->list, request->q);
    cursor_add_text(&page->list, request->prefix);
    cursor_add_number(&page->list, request->day);
    if ((rc = cursor_read(&page->position, answers->store, &page->list,
             request->cursor, err)) != 0)
        return rc;
    if (request->q.text != NULL &&
        (rc = read_words(page, request->q, err)) != 0)
        return rc;
    if (request->prefix.text != NULL &&
        code_text_parse(
            &page->prefix, request->prefix.text, request->prefix.len) != 0)
        return error_set(
            err, ERR_INPUT, 0, "prefix: the beginning of a code, as in M25");
    coverage_time_at(&page->time, answers->rules, question->day);
    if (page->time.detail == DETAIL_NONE &&
        !coverage_has_lists(page->coverage, page->time.release))
        page->time.detail = DETAIL_LISTS_NOT_LOADED;
    page->payers.anywhere = true;
    if (page->time.detail == DETAIL_NONE)
        necessity_payers_find(&page->payers, answers->rules, &question->place,
            page->time.release, question->day);
    json_begin(&page->json, out);
    return 0;
}

/* Does the article speak at the place of the question? */
static bool at_place(const struct paging *page, uint32_t document)
{
    if (page->payers.anywhere)
        return true;
    for (uint8_t i = 0; i < page->payers.count; i++) {
        const enum article_owner owner = article_of_contractor(
            page->answers->rules, document, page->time.release,
            page->payers.contractor[i], page->payers.state[i]);

        if (owner == OWNER_YES || owner == OWNER_BY_LCD)
            return true;
    }
    return false;
}

static void head_json(struct paging *page)
{
    struct json *json = &page->json;
    const enum necessity_detail detail = page->time.detail != DETAIL_NONE
                                             ? page->time.detail
                                             : page->payers.detail;

    json_key(json, "date");
    json_day(json, page->question->day);
    json_key(json, "state");
    json_string(json, page->question->place.state[0] == '\0'
                          ? NULL
                          : page->question->place.state);
    json_key(json, "asked_contractor");
    json_string(json, page->question->place.contractor[0] == '\0'
                          ? NULL
                          : page->question->place.contractor);
    json_key(json, "kind");
    json_word(json, necessity_kind_name(page->question->place.kind));
    json_key(json, "reason"); /* why nothing can be told, or null */
    if (detail == DETAIL_NONE)
        json_null(json);
    else
        json_word(json, page->time.detail != DETAIL_NONE
                            ? necessity_reason_name(NECESSITY_NO_DATA)
                            : necessity_reason_name(NECESSITY_NO_CONTRACTOR));
    json_key(json, "detail");
    json_string(json, necessity_detail_name(detail));
    coverage_time_json(json, page->answers, &page->time, page->question->day);
    coverage_missing_json(json, page->answers, page->time.release);
}

static void tail_json(struct paging *page, const char *cursor_word)
{
    struct json *json = &page->json;
    struct used used = {0};
    char cursor[CURSOR_TEXT];

    json_key(json, cursor_word);
    if (page->next == 0) {
        json_null(json);
    } else {
        cursor_write(cursor, page->answers->store, &page->list, page->next);
        json_word(json, cursor);
    }
    used_add(&used, page->time.series);
    used_json(json, &used, page->answers->store, page->question->day);
}

static void article_head(
    struct paging *page, const struct coverage_document *document)
{
    struct json *json = &page->json;
    char id[POLICY_ID_TEXT];

    policy_id(id, page->coverage, document);
    json_key(json, "article");
    json_string(json, id);
    json_key(json, "version");
    json_int(json, document->version);
}

/* The asked article's version in force, or all that list the procedure. */
static size_t find_articles(struct paging *page, struct listed_article *article,
    uint32_t procedure, bool *cut)
{
    const struct necessity_place *place = &page->question->place;
    uint32_t first, end;
    size_t n = 0, kept = 0;

    *cut = false;
    if (page->time.detail != DETAIL_NONE ||
        page->payers.detail != DETAIL_NONE || procedure == COVERAGE_NONE)
        return 0;
    if (place->article == 0) {
        n = articles_of_procedure(article, NECESSITY_ARTICLES_MAX,
            page->answers->rules, procedure, page->time.release,
            page->question->day, cut);
    } else {
        coverage_versions(
            page->coverage, COVERAGE_ARTICLE, place->article, &first, &end);
        for (; first < end; first++)
            if (article_in_force(page->answers->rules, first,
                    page->time.release, page->question->day) &&
                article_lists(
                    article + n, page->answers->rules, first, procedure))
                n++;
    }
    for (size_t i = 0; i < n; i++)
        if (place->article != 0 || at_place(page, article[i].document))
            article[kept++] = article[i];
    return kept;
}

/* ------------------------------------------- the lists of one procedure */

/* A list of diagnoses in an article that names the procedure. */
struct list {
    uint32_t number;
    enum tie_link link;
    bool others;
    struct coverage_group group;
};

struct lists {
    size_t count;
    bool cut;
    struct list list[GROUPS_MAX];
};

static void add_lists(struct paging *page, struct lists *lists,
    const struct listed_article *article, uint32_t procedure,
    enum coverage_list kind)
{
    struct coverage_document document;
    struct coverage_group group;
    uint32_t first, end, count = 0;

    coverage_document(page->coverage, article->document, &document);
    coverage_list_groups(page->coverage, &document, kind, &first, &end);
    for (uint32_t i = first; i < end; i++) {
        coverage_group(page->coverage, i, &group);
        count += group_is_list(&group);
    }
    for (uint32_t i = first; i < end; i++) {
        struct list *list = &lists->list[lists->count];

        coverage_group(page->coverage, i, &group);
        if (!group_is_list(&group))
            continue;
        if (lists->count == GROUPS_MAX) {
            lists->cut = true;
            return;
        }
        list->number = i;
        list->group = group;
        list->link = list_link(page->answers->rules, &group, i, article,
            procedure, count == 1, page->time.release, &list->others);
        lists->count++;
    }
}

static void lists_head(struct paging *page, const struct lists *lists,
    const struct listed_article *article, size_t articles)
{
    struct json *json = &page->json;
    size_t at = 0;

    json_key(json, "articles");
    json_open(json, '[');
    for (size_t i = 0; i < articles; i++) {
        struct coverage_document document;
        char url[POLICY_URL_TEXT];

        coverage_document(page->coverage, article[i].document, &document);
        policy_url(url, &document);
        json_open(json, '{');
        article_head(page, &document);
        json_key(json, "title");
        json_string(json, policy_title(page->coverage, &document));
        json_key(json, "effective");
        json_day(json, document.effective);
        json_key(json, "url");
        json_string(json, url);
        json_key(json, "lists");
        json_open(json, '[');
        for (; at < lists->count &&
               lists->list[at].group.document == article[i].document;
             at++) {
            const struct list *list = &lists->list[at];

            json_open(json, '{');
            json_key(json, "list");
            json_word(json, coverage_list_name(list->group.list));
            json_key(json, "group");
            json_int(json, list->group.number);
            json_key(json, "link");
            json_string(json, tie_link_name(list->link));
            json_key(json, "names_others");
            json_bool(json, list->others);
            json_key(json, "codes");
            json_int(json, list->group.members);
            paragraph_json(json, page->coverage, &list->group);
            json_key(json, "asterisk_note");
            json_string(json, list->group.asterisk == COVERAGE_NONE
                                  ? NULL
                                  : coverage_text(page->coverage,
                                        list->group.asterisk, NULL));
            json_close(json, '}');
        }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

static bool title_fits(const struct paging *page, const char *title)
{
    for (size_t i = 0; i < page->words; i++)
        if (title == NULL || strcasestr(title, page->word[i]) == NULL)
            return false;
    return true;
}

static void diagnosis_item(struct paging *page, const struct list *list,
    const struct coverage_document *document, uint32_t place)
{
    struct json *json = &page->json;
    char code[COVERAGE_KEY_LEN + 1], dotted[CODE_TEXT];
    struct coverage_member member;
    const char *title;
    size_t len, title_len = 0;

    coverage_member(page->coverage, &list->group, place, &member);
    len =
        coverage_key_name(code, coverage_code_key(page->coverage, member.code));
    title = diagnosis_title(
        page->answers, code, len, page->question->day, &title_len);
    if (!title_fits(page, title))
        return;
    (void)icd_dotted(dotted, code, len);
    json_open(json, '{');
    json_key(json, "icd10");
    json_string(json, dotted);
    json_key(json, "text");
    json_text(json, title, title_len);
    article_head(page, document);
    json_key(json, "list");
    json_word(json, coverage_list_name(list->group.list));
    json_key(json, "group");
    json_int(json, list->group.number);
    json_key(json, "link");
    json_string(json, tie_link_name(list->link));
    json_key(json, "asterisk");
    json_bool(json, member.asterisk);
    json_key(json, "row");
    json_int(json, member.line);
    json_close(json, '}');
    page->items++;
}

/* The members of a group that begin with the prefix: [*first, *end). */
static void prefix_members(const struct paging *page,
    const struct coverage_group *group, uint32_t *first, uint32_t *end)
{
    struct code_text after = page->prefix;

    *first = 0;
    *end = group->members;
    if (page->prefix.len == 0)
        return;
    if (page->prefix.len > COVERAGE_KEY_LEN) {
        *end = 0;
        return;
    }
    *first = coverage_member_lower(page->coverage, group,
        coverage_code_lower(page->coverage, COVERAGE_CODE_DIAGNOSIS,
            coverage_key_text(page->prefix.text, page->prefix.len)));
    after.text[after.len - 1]++; /* printable ASCII: no carry */
    *end = coverage_member_lower(page->coverage, group,
        coverage_code_lower(page->coverage, COVERAGE_CODE_DIAGNOSIS,
            coverage_key_text(after.text, after.len)));
}

/* Positions run through the members of all lists, one list behind the other. */
static void write_items(struct paging *page, const struct lists *lists)
{
    uint32_t base = 0;

    for (size_t i = 0; i < lists->count; i++) {
        const struct list *list = &lists->list[i];
        struct coverage_document document;
        uint32_t first, end;

        prefix_members(page, &list->group, &first, &end);
        if (page->position > base + first)
            first = page->position - base;
        if (first < end)
            coverage_document(page->coverage, list->group.document, &document);
        for (; first < end; first++) {
            if (page->items == page->limit ||
                page->looked_at == NECESSITY_SCAN_MAX) {
                page->next = base + first;
                return;
            }
            page->looked_at++;
            diagnosis_item(page, list, &document, first);
        }
        base += list->group.members;
    }
}

int necessity_lists_json(struct buffer *out, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_request *request, struct error *err)
{
    struct {
        struct lists lists;
        struct listed_article article[NECESSITY_ARTICLES_MAX];
    } *room = malloc(sizeof *room);
    struct paging page;
    uint32_t procedure;
    uint64_t total = 0;
    size_t articles;
    bool cut;
    int rc;

    if (room == NULL)
        return error_memory(err);
    rc = begin(&page, out, answers, question, request, LIST_LIMIT_DEFAULT, err);
    if (rc != 0) {
        free(room);
        return rc;
    }
    procedure = page.coverage == NULL
                    ? COVERAGE_NONE
                    : coverage_code(page.coverage, COVERAGE_CODE_PROCEDURE,
                          coverage_key_text(question->procedure, PROC_LEN));
    room->lists.count = 0;
    room->lists.cut = false;
    articles = find_articles(&page, room->article, procedure, &cut);
    for (size_t i = 0; i < articles; i++) {
        add_lists(&page, &room->lists, &room->article[i], procedure,
            COVERAGE_COVERED);
        add_lists(&page, &room->lists, &room->article[i], procedure,
            COVERAGE_NONCOVERED);
    }
    for (size_t i = 0; i < room->lists.count; i++)
        total += room->lists.list[i].group.members;
    json_open(&page.json, '{');
    json_key(&page.json, "code");
    json_string(&page.json, question->procedure);
    head_json(&page);
    json_key(&page.json, "total"); /* codes of all lists, whatever q, prefix */
    json_int(&page.json, (int64_t)total);
    json_key(&page.json, "cut"); /* there are more lists than are shown */
    json_bool(&page.json, cut || room->lists.cut);
    if (page.position == 0)
        lists_head(&page, &room->lists, room->article, articles);
    json_key(&page.json, "items");
    json_open(&page.json, '[');
    write_items(&page, &room->lists);
    json_close(&page.json, ']');
    tail_json(&page, "next");
    json_close(&page.json, '}');
    free(room);
    return 0;
}

/* ------------------------------------------ the articles of a diagnosis */

static int by_number(const void *a, const void *b)
{
    const uint32_t *one = a, *two = b;

    return *one < *two ? -1 : *one > *two;
}

/* The lists of articles in force, at the place, that hold the diagnosis. */
static size_t find_groups(
    struct paging *page, uint32_t *out, uint32_t diagnosis, bool *cut)
{
    uint32_t number, last = COVERAGE_NONE;
    struct coverage_uses uses;
    bool counts = false;
    size_t n = 0;

    *cut = false;
    if (page->time.detail != DETAIL_NONE ||
        page->payers.detail != DETAIL_NONE || diagnosis == COVERAGE_NONE)
        return 0;
    coverage_uses_begin(page->coverage, diagnosis, &uses);
    while (coverage_uses_next(page->coverage, &uses, &number)) {
        struct coverage_document document;
        struct coverage_group group;

        coverage_group(page->coverage, number, &group);
        if (group.list != COVERAGE_COVERED && group.list != COVERAGE_NONCOVERED)
            continue;
        if (group.document != last) {
            last = group.document;
            coverage_document(page->coverage, last, &document);
            counts = article_in_force(page->answers->rules, last,
                         page->time.release, page->question->day) &&
                     (page->question->place.article == 0
                             ? at_place(page, last)
                             : document.id == page->question->place.article);
        }
        if (!counts)
            continue;
        if (n == GROUPS_MAX) {
            *cut = true;
            break;
        }
        out[n++] = number;
    }
    qsort(out, n, sizeof *out, by_number);
    return n;
}

/* Every procedure of the article, by how the list is tied to it. */
static void procedures_json(struct paging *page,
    const struct coverage_document *document, const struct coverage_group *list,
    uint32_t number)
{
    struct json *json = &page->json;
    struct coverage_group group;
    uint32_t first, end, lists = 0, from, to;

    coverage_list_groups(page->coverage, document, list->list, &first, &end);
    for (; first < end; first++) {
        coverage_group(page->coverage, first, &group);
        lists += group_is_list(&group);
    }
    json_key(json, "procedures");
    json_open(json, '[');
    coverage_list_groups(
        page->coverage, document, COVERAGE_PROCEDURES, &from, &to);
    for (first = from; first < to; first++) {
        coverage_group(page->coverage, first, &group);
        for (uint32_t i = 0; i < group.members; i++) {
            char code[COVERAGE_KEY_LEN + 1];
            struct listed_article article;
            struct coverage_member member;
            bool others, before = false;

            coverage_member(page->coverage, &group, i, &member);
            for (uint32_t k = from; k < first && !before; k++) {
                struct coverage_group other;

                coverage_group(page->coverage, k, &other);
                before = coverage_group_has(
                    page->coverage, &other, member.code, NULL);
            }
            if (before || !article_lists(&article, page->answers->rules,
                              list->document, member.code))
                continue;
            (void)coverage_key_name(
                code, coverage_code_key(page->coverage, member.code));
            json_open(json, '{');
            json_key(json, "code");
            json_string(json, code);
            json_key(json, "link");
            json_string(json, tie_link_name(list_link(page->answers->rules,
                                  list, number, &article, member.code,
                                  lists == 1, page->time.release, &others)));
            json_key(json, "names_others");
            json_bool(json, others);
            json_close(json, '}');
        }
    }
    json_close(json, ']');
}

static void article_item(
    struct paging *page, uint32_t number, uint32_t diagnosis)
{
    struct json *json = &page->json;
    struct coverage_member member = {0};
    struct coverage_document document;
    struct coverage_group group;
    char url[POLICY_URL_TEXT];
    uint32_t place;

    coverage_group(page->coverage, number, &group);
    coverage_document(page->coverage, group.document, &document);
    policy_url(url, &document);
    if (coverage_group_has(page->coverage, &group, diagnosis, &place))
        coverage_member(page->coverage, &group, place, &member);
    json_open(json, '{');
    article_head(page, &document);
    json_key(json, "title");
    json_string(json, policy_title(page->coverage, &document));
    json_key(json, "list");
    json_word(json, coverage_list_name(group.list));
    json_key(json, "group");
    json_int(json, group.number);
    json_key(json, "asterisk");
    json_bool(json, member.asterisk);
    paragraph_json(json, page->coverage, &group);
    procedures_json(page, &document, &group, number);
    json_key(json, "url");
    json_string(json, url);
    json_key(json, "source");
    source_json(json, page->time.series->release[page->time.release].label,
        store_file(page->answers->store, group.members_file), member.line);
    json_close(json, '}');
}

int necessity_articles_json(struct buffer *out, const struct answers *answers,
    const struct necessity_question *question,
    const struct necessity_request *request, struct error *err)
{
    const size_t len = strlen(question->diagnosis);
    uint32_t *group = malloc(GROUPS_MAX * sizeof *group);
    struct paging page = {0};
    uint32_t diagnosis;
    char dotted[CODE_TEXT];
    size_t groups;
    bool cut;
    int rc;

    if (group == NULL)
        return error_memory(err);
    if (!icd_shaped(question->diagnosis, len))
        rc = error_set(err, ERR_INPUT, 0,
            "icd10: %s is not written as an ICD-10-CM code is",
            question->diagnosis);
    else
        rc = begin(&page, out, answers, question, request,
            NECESSITY_ARTICLE_LIMIT, err);
    if (rc != 0) {
        free(group);
        return rc;
    }
    diagnosis = page.coverage == NULL
                    ? COVERAGE_NONE
                    : coverage_code(page.coverage, COVERAGE_CODE_DIAGNOSIS,
                          coverage_key_text(question->diagnosis, len));
    groups = find_groups(&page, group, diagnosis, &cut);
    (void)icd_dotted(dotted, question->diagnosis, len);
    json_open(&page.json, '{');
    json_key(&page.json, "icd10");
    json_string(&page.json, dotted);
    head_json(&page);
    json_key(&page.json, "total");
    json_int(&page.json, (int64_t)groups);
    json_key(&page.json, "cut");
    json_bool(&page.json, cut);
    json_key(&page.json, "items");
    json_open(&page.json, '[');
    for (size_t i = page.position; i < groups; i++) {
        if (page.items == page.limit) {
            page.next = (uint32_t)i;
            break;
        }
        page.items++;
        article_item(&page, group[i], diagnosis);
    }
    json_close(&page.json, ']');
    tail_json(&page, "next");
    json_close(&page.json, '}');
    free(group);
    return 0;
}
