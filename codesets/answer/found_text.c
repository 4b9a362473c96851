#include "codesets/answer/found_text.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/answer/pair/pair_answer.h"

/* So many rows of a code are looked at in one table. */
enum { FOUND_ROWS_MAX = 512 };

/* A column in which a code is named beside its title. */
struct place {
    enum table table;
    int column, more; /* more: said behind it; NO_MORE */
    /* LINES: each is a text of its own; SHORT: full of abbreviations. */
    enum { WHOLE, LINES, SHORT } form;
    const char *kind;
};
enum { NO_MORE = -1 };

/* What tells most comes first. */
static const struct place icd_places[] = {
    {TABLE_ICD10CM_TABULAR, TABULAR_INCLUSION, NO_MORE, LINES,
        "inclusion term"},
    {TABLE_ICD10CM_TABULAR, TABULAR_INCLUDES, NO_MORE, LINES, "includes note"},
    {TABLE_ICD10CM_INDEX, ICD_INDEX_TERM, ICD_INDEX_ASPECT, WHOLE,
        "index entry"},
    {TABLE_ICD10CM_EXTERNAL, ICD_INDEX_TERM, ICD_INDEX_ASPECT, WHOLE,
        "external cause index"},
    {TABLE_ICD10CM_DRUG, ICD_INDEX_TERM, ICD_INDEX_ASPECT, WHOLE,
        "table of drugs"},
    {TABLE_ICD10CM_NEOPLASM, ICD_INDEX_TERM, ICD_INDEX_ASPECT, WHOLE,
        "table of neoplasms"},
    {TABLE_ICD10CM, ICD_SHORT, NO_MORE, WHOLE, "short title"},
};
static const struct place procedure_places[] = {
    {TABLE_TIMED, TIMED_LABEL, NO_MORE, WHOLE, "label"},
    {TABLE_CPT, CPT_CONSUMER, NO_MORE, WHOLE, "consumer descriptor"},
    {TABLE_CPT, CPT_MEDIUM, NO_MORE, WHOLE, "medium descriptor"},
    {TABLE_CPT, CPT_SHORT, NO_MORE, WHOLE, "short descriptor"},
    {TABLE_HCPCS, HCPCS_LONG, NO_MORE, WHOLE, "long description"},
    {TABLE_HCPCS, HCPCS_SHORT, NO_MORE, SHORT, "short description"},
    {TABLE_PFS, PFS_DESCRIPTION, NO_MORE, SHORT, "fee schedule description"},
    {TABLE_DHS, DHS_DESCRIPTION, NO_MORE, WHOLE,
        "list of designated health services"},
};
static const struct place modifier_places[] = {
    {TABLE_MODIFIER, MODIFIER_LABEL, NO_MORE, WHOLE, "label"},
    {TABLE_HCPCS, HCPCS_LONG, NO_MORE, WHOLE, "long description"},
    {TABLE_HCPCS, HCPCS_SHORT, NO_MORE, SHORT, "short description"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A text that is looked at, or the best so far. */
struct candidate {
    struct buffer *text;
    const char *kind;
    struct row row; /* series NULL: a name of the project's */
    uint32_t release;
    unsigned score;
    struct highlights found;
};

struct seeking {
    const struct found_texts *texts;
    const struct code_item *item;
    const struct search_hit *hit;
    uint64_t wanted; /* the words that the hit was found by, as bits */
    uint64_t in_title;
    struct candidate candidate[2];
    struct candidate *best, *now;
};

void found_texts_begin(struct found_texts *out, const struct answers *answers,
    const struct search_result *result, const struct meanings_typed *typed,
    day_t day)
{
    *out = (struct found_texts){
        .answers = answers, .result = result, .typed = typed, .day = day};
}

void found_texts_end(struct found_texts *texts)
{
    buffer_clear(&texts->text[0]);
    buffer_clear(&texts->text[1]);
    free(texts->concept);
    texts->concept = NULL;
}

/* ------------------------------------------------------------- weighing */

static unsigned count(uint64_t words)
{
    return (unsigned)__builtin_popcountll(words);
}

/* One that has more of the words is better, then one that holds on the day. It
 * has to have one that the title lacks. */
static void weigh(struct seeking *seeking, bool of_day, bool abridged)
{
    const struct found_texts *texts = seeking->texts;
    struct candidate *now = seeking->now;
    uint64_t words;

    highlights_find(&now->found, now->text->data, now->text->len, abridged,
        texts->result, seeking->hit, texts->typed);
    words = now->found.words & seeking->wanted;
    now->score = 2 * count(words) + of_day;
    if ((words & ~seeking->in_title) == 0 || now->score <= seeking->best->score)
        return;
    seeking->now = seeking->best;
    seeking->best = now;
}

/* Nothing better can come. */
static bool is_settled(const struct seeking *seeking)
{
    return seeking->best->score > 2 * count(seeking->wanted);
}

/* The release of a row that holds on the day, or else its last. */
static uint32_t release_of(const struct row *row, day_t day, bool *of_day)
{
    for (uint32_t i = row->last_release;; i--) {
        const struct release *release = &row->series->release[i];

        *of_day = release->from <= day && day <= release->to;
        if (*of_day)
            return i;
        if (i == row->first_release)
            return row->last_release;
    }
}

static int weigh_line(struct seeking *seeking, const struct place *place,
    const struct row *row, const char *text, size_t len, struct error *err)
{
    struct candidate *now = seeking->now;
    bool of_day;

    now->text->len = 0;
    buffer_add(now->text, text, len);
    if (place->more != NO_MORE) {
        size_t more_len;
        const char *more = row_text(
            seeking->texts->answers->store, row, place->more, &more_len);

        if (more_len > 0) {
            buffer_adds(now->text, ", ");
            buffer_add(now->text, more, more_len);
        }
    }
    if (now->text->failed)
        return error_memory(err);
    now->kind = place->kind;
    now->row = *row;
    now->release = release_of(row, seeking->texts->day, &of_day);
    weigh(seeking, of_day, place->form == SHORT);
    return 0;
}

static int weigh_row(struct seeking *seeking, const struct place *place,
    const struct row *row, struct error *err)
{
    size_t len;
    const char *text =
        row_text(seeking->texts->answers->store, row, place->column, &len);
    int rc = 0;

    while (rc == 0 && len > 0 && !is_settled(seeking)) {
        const char *end = place->form == LINES ? memchr(text, '\n', len) : NULL;
        const size_t line = end == NULL ? len : (size_t)(end - text);

        rc = weigh_line(seeking, place, row, text, line, err);
        text += end == NULL ? len : line + 1;
        len -= end == NULL ? len : line + 1;
    }
    return rc;
}

static int weigh_table(
    struct seeking *seeking, const struct place *place, struct error *err)
{
    const struct store *store = seeking->texts->answers->store;
    const struct code_ref *code = &seeking->item->code;
    struct rows rows;
    struct row row;
    int rc = rows_find(&rows, store,
        store_series(store, place->table, SETTING_NONE, PROGRAM_NONE),
        code->text, code->len, err);

    if (rc != 0)
        return rc == ERR_NOTFOUND ? 0 : rc;
    for (int i = 0; i < FOUND_ROWS_MAX && !is_settled(seeking); i++) {
        if ((rc = rows_next(&rows, &row, err)) <= 0)
            return rc;
        if ((rc = weigh_row(seeking, place, &row, err)) != 0)
            return rc;
    }
    return 0;
}

/* ------------------------------------------------------- everyday names */

static bool holds_one(
    const struct words_cell *phrase, const struct search_result *result)
{
    for (uint32_t i = 0; i < result->words; i++) {
        const struct search_word *word = &result->word[i];

        if (!word->dropped && !word->grammar &&
            memmem(phrase->text, phrase->len, word->word.text,
                word->word.len) != NULL)
            return true;
    }
    return false;
}

/* The words of the query in each name, once for all hits. */
static int read_concepts(struct found_texts *texts, struct error *err)
{
    const struct words *words = meanings_words(texts->answers->meanings);
    /* One that lacks nothing: what is found is for all hits. */
    const struct search_hit hit = {.match = MATCH_WORDS};

    texts->concept = calloc(words->concepts + 1, sizeof *texts->concept);
    if (texts->concept == NULL)
        return error_memory(err);
    for (size_t i = 0; i < words->concepts; i++) {
        const struct words_cell *phrase = &words->concept[i].phrase;
        struct highlights found;

        if (!holds_one(phrase, texts->result))
            continue;
        highlights_find(&found, phrase->text, phrase->len, false, texts->result,
            &hit, texts->typed);
        texts->concept[i] = found.words;
    }
    return 0;
}

static bool names(const struct concept *concept, const struct code_ref *code)
{
    struct words_cell list = concept->codes;
    struct concept_codes piece;

    if (concept->system != code->system)
        return false;
    while (concept_codes_next(&list, &piece))
        if (concept_codes_have(&piece, code->text, code->len))
            return true;
    return false;
}

static int weigh_names(
    struct seeking *seeking, struct found_texts *texts, struct error *err)
{
    const struct words *words = meanings_words(texts->answers->meanings);
    int rc = texts->concept == NULL ? read_concepts(texts, err) : 0;

    for (size_t i = 0; rc == 0 && i < words->concepts; i++) {
        const struct concept *concept = &words->concept[i];
        struct candidate *now = seeking->now;

        if (2 * count(texts->concept[i] & seeking -> wanted) + 1 <=
                seeking->best->score ||
            !names(concept, &seeking->item->code))
            continue;
        now->text->len = 0;
        buffer_add(now->text, concept->phrase.text, concept->phrase.len);
        if (now->text->failed)
            return error_memory(err);
        now->kind = "everyday name";
        now->row.series = NULL;
        weigh(seeking, true, false);
    }
    return rc;
}

/* ------------------------------------------------------------------ all */

static const struct place *places_of(enum code_system system, size_t *places)
{
    switch (system) {
    case SYSTEM_ICD10CM:
        *places = COUNT(icd_places);
        return icd_places;
    case SYSTEM_MODIFIER:
        *places = COUNT(modifier_places);
        return modifier_places;
    case SYSTEM_LOCAL:
        *places = 0; /* its text is its title */
        return NULL;
    default:
        *places = COUNT(procedure_places);
        return procedure_places;
    }
}

static int seek(
    struct seeking *seeking, struct found_texts *texts, struct error *err)
{
    size_t places;
    const struct place *place = places_of(seeking->item->code.system, &places);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < places && !is_settled(seeking); i++)
        rc = weigh_table(seeking, &place[i], err);
    if (rc == 0 && !is_settled(seeking))
        rc = weigh_names(seeking, texts, err);
    return rc;
}

static void best_json(struct json *json, const struct store *store,
    const struct candidate *best, struct used *used)
{
    json_open(json, '{');
    json_key(json, "kind");
    json_word(json, best->kind);
    json_key(json, "text");
    json_text(json, best->text->data, best->text->len);
    highlights_json(json, &best->found);
    json_key(json, "source");
    if (best->row.series == NULL) {
        json_null(json);
    } else {
        const struct source_ref source =
            row_source(store, &best->row, best->release);

        used_add(used, best->row.series);
        source_json(json, best->row.series->release[best->release].label,
            source.file, source.row);
    }
    json_close(json, '}');
}

int found_text_json(struct json *json, struct found_texts *texts,
    const struct code_item *item, const struct search_hit *hit,
    uint64_t in_title, struct used *used, struct error *err)
{
    const struct search_result *result = texts->result;
    struct seeking seeking = {
        .texts = texts, .item = item, .hit = hit, .in_title = in_title};
    int rc;

    seeking.best = &seeking.candidate[0];
    seeking.now = &seeking.candidate[1];
    seeking.best->text = &texts->text[0];
    seeking.now->text = &texts->text[1];
    for (uint32_t i = 0; i < result->words; i++)
        if (!result->word[i].dropped && !result->word[i].grammar &&
            !search_lacks(result, hit, i))
            seeking.wanted |= UINT64_C(1) << i;
    if ((seeking.wanted & ~in_title) == 0)
        return 0;
    if ((rc = seek(&seeking, texts, err)) != 0)
        return rc;
    json_key(json, "found_in");
    if (seeking.best->score == 0)
        json_null(json);
    else
        best_json(json, texts->answers->store, seeking.best, used);
    return 0;
}
