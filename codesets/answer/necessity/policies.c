/* policies.c - the documents of the coverage database, found by words of their
 * titles, by contractor or by state. */
#include <string.h>

#include "codesets/answer/cursor.h"
#include "codesets/answer/item.h"
#include "codesets/answer/necessity/necessity_answer.h"

enum { WORDS_MAX = 8, WORD_ROOM = 48 };

struct finding {
    const struct rules *rules;
    const struct coverage *coverage;
    const struct policies_question *question;
    struct coverage_time time;
    struct necessity_payers payers;
    size_t words;
    char word[WORDS_MAX][WORD_ROOM];
};

static int read_words(struct finding *f, struct text_ref q, struct error *err)
{
    size_t at = 0;

    while (at < q.len) {
        size_t n = 0;

        while (at < q.len && q.text[at] == ' ')
            at++;
        while (at + n < q.len && q.text[at + n] != ' ')
            n++;
        if (n == 0)
            break;
        if (f->words == WORDS_MAX || n >= WORD_ROOM)
            return error_set(err, ERR_INPUT, 0,
                "q: at most %d words of %d bytes", WORDS_MAX, WORD_ROOM - 1);
        memcpy(f->word[f->words], q.text + at, n);
        f->word[f->words++][n] = '\0';
        at += n;
    }
    return 0;
}

static bool of_payers(const struct finding *f, uint32_t number,
    const struct coverage_document *document)
{
    if (f->payers.anywhere)
        return true;
    for (uint8_t i = 0; i < f->payers.count; i++) {
        uint32_t first, end;

        if (document->kind == COVERAGE_ARTICLE) {
            const enum article_owner owner =
                article_of_contractor(f->rules, number, f->time.release,
                    f->payers.contractor[i], f->payers.state[i]);

            if (owner == OWNER_YES || owner == OWNER_BY_LCD)
                return true;
            continue;
        }
        coverage_list_groups(
            f->coverage, document, COVERAGE_DOCUMENT_CONTRACTORS, &first, &end);
        for (; first < end; first++) {
            struct coverage_group group;

            coverage_group(f->coverage, first, &group);
            if (coverage_group_has(
                    f->coverage, &group, f->payers.contractor[i], NULL))
                return true;
        }
    }
    return false;
}

static bool wanted(const struct finding *f, uint32_t number,
    const struct coverage_document *document)
{
    const char *title;

    if (document->draft ||
        !coverage_in_release(f->coverage, number, f->time.release) ||
        document->effective > f->question->day ||
        document->ended < f->question->day ||
        document->retired < f->question->day)
        return false;
    if (document->kind == COVERAGE_ARTICLE &&
        !article_in_force(f->rules, number, f->time.release, f->question->day))
        return false;
    title = policy_title(f->coverage, document);
    for (size_t i = 0; i < f->words; i++)
        if (title == NULL || strcasestr(title, f->word[i]) == NULL)
            return false;
    return of_payers(f, number, document);
}

static void item_json(struct json *json, const struct finding *f,
    const struct coverage_document *document)
{
    static const char *const kinds[] = {"article", "lcd", "ncd"};
    char id[POLICY_ID_TEXT], url[POLICY_URL_TEXT];

    policy_id(id, f->coverage, document);
    policy_url(url, document);
    json_open(json, '{');
    json_key(json, "id");
    json_string(json, id);
    json_key(json, "kind");
    json_word(json, kinds[document->kind]);
    json_key(json, "version");
    json_int(json, document->version);
    json_key(json, "title");
    json_string(json, policy_title(f->coverage, document));
    json_key(json, "effective");
    json_day(json, document->effective);
    json_key(json, "url");
    json_string(json, url);
    json_close(json, '}');
}

static int read_place(struct necessity_place *place,
    const struct policies_question *question, struct error *err)
{
    int rc = 0;

    place->kind = NECESSITY_PART_B;
    if (question->kind.text != NULL &&
        necessity_kind_parse(
            &place->kind, question->kind.text, question->kind.len) != 0)
        return error_set(err, ERR_INPUT, 0, "kind: a, b or dme");
    if (question->state.text != NULL)
        rc = necessity_set_state(
            place, question->state.text, question->state.len, err);
    if (rc == 0 && question->contractor.text != NULL)
        rc = necessity_set_contractor(
            place, question->contractor.text, question->contractor.len, err);
    return rc;
}

int answer_policies(struct buffer *out, const struct answers *answers,
    const struct policies_question *question, struct error *err)
{
    struct finding f = {.rules = answers->rules,
        .coverage = store_coverage(answers->store),
        .question = question};
    const uint32_t limit =
        question->limit == 0 ? LIST_LIMIT_DEFAULT : question->limit;
    uint32_t position, next = 0, items = 0, documents;
    struct necessity_place place = {0};
    const size_t before = out->len;
    struct cursor_list list = cursor_list(CURSOR_POLICIES);
    char cursor[CURSOR_TEXT];
    struct used used = {0};
    struct json json;
    int rc;

    cursor_add_text(&list, question->q);
    cursor_add_text(&list, question->state);
    cursor_add_text(&list, question->contractor);
    cursor_add_text(&list, question->kind);
    cursor_add_number(&list, question->day);
    if (question->limit > LIST_LIMIT_MAX)
        return error_set(err, ERR_INPUT, 0, "limit: at most %d policies a page",
            LIST_LIMIT_MAX);
    if ((rc = cursor_read(
             &position, answers->store, &list, question->cursor, err)) != 0 ||
        (rc = read_place(&place, question, err)) != 0 ||
        (question->q.text != NULL &&
            (rc = read_words(&f, question->q, err)) != 0))
        return rc;
    coverage_time_at(&f.time, answers->rules, question->day);
    if (f.time.detail == DETAIL_NONE)
        necessity_payers_find(
            &f.payers, answers->rules, &place, f.time.release, question->day);
    json_begin(&json, out);
    json_open(&json, '{');
    json_key(&json, "date");
    json_day(&json, question->day);
    json_key(&json, "detail");
    json_string(&json,
        necessity_detail_name(
            f.time.detail != DETAIL_NONE ? f.time.detail : f.payers.detail));
    coverage_time_json(&json, answers, &f.time, question->day);
    json_key(&json, "items");
    json_open(&json, '[');
    documents =
        f.time.detail != DETAIL_NONE ? 0 : coverage_documents(f.coverage);
    for (uint32_t i = position; i < documents; i++) {
        struct coverage_document document;

        coverage_document(f.coverage, i, &document);
        if (!wanted(&f, i, &document))
            continue;
        if (items == limit) {
            next = i;
            break;
        }
        items++;
        item_json(&json, &f, &document);
    }
    json_close(&json, ']');
    json_key(&json, "next");
    if (next == 0) {
        json_null(&json);
    } else {
        cursor_write(cursor, answers->store, &list, next);
        json_word(&json, cursor);
    }
    used_add(&used, f.time.series);
    used_json(&json, &used, answers->store, question->day);
    json_close(&json, '}');
    if (out->failed) {
        out->len = before;
        return error_memory(err);
    }
    return 0;
}
