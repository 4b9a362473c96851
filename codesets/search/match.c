#include "codesets/search/match.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/search/bits.h"
#include "codesets/search/terms.h"
#include "codesets/search/typed.h"

enum { FORMS_MAX = 5 };

/* A word of a query, before its rows are gathered. */
struct term {
    struct search_range range; /* the words that begin so */
    uint32_t form[FORMS_MAX];  /* its forms: those that do not begin so first */
    uint32_t forms, apart;     /* how many; how many do not begin so */
    struct typed_codes codes[2]; /* that it spells */
    uint32_t typed;
    bool goes_on;  /* it is nowhere looked for as a whole word */
    uint32_t rows; /* no more than these; UINT32_MAX: it has a bitmap */
};

/* The rows of words: where they begin words, where they stand whole. NULL is no
 * row. They lie in the map, or in the match's own bitmaps. */
struct word_rows {
    const uint8_t *begun, *whole;
};

int match_open(struct match *out, const struct search_index *index,
    const struct code_list *codes, struct error *err)
{
    out->index = index;
    out->codes = codes;
    out->bytes = index->bitmap_bytes;
    out->row_bytes = index->row_bytes;
    out->across = out->few = false;
    out->only = NULL;
    out->block =
        malloc(out->row_bytes * ROWS_COUNT + out->bytes * BITS_COUNT + 1);
    return out->block == NULL ? error_memory(err) : 0;
}

void match_close(struct match *match)
{
    free(match->block);
    free(match->only);
    match->block = match->only = NULL;
}

int match_only(struct match *match, struct error *err)
{
    free(match->only);
    match->only = malloc(match->bytes + 1);
    if (match->only == NULL)
        return error_memory(err);
    memcpy(match->only, match_bits(match, BITS_ALL), match->bytes);
    return 0;
}

/* ------------------------------------------------------------- one word */

/* The numbers of a word in its forms: itself, the singular, the plurals. Those
 * that do not begin with it come first: *apart of them. */
static uint32_t forms_of(uint32_t form[FORMS_MAX], uint32_t *apart,
    const struct search_index *index, const struct search_range *range,
    const struct fold_word *word)
{
    char text[FOLD_WORD_MAX + 4];
    size_t len = term_singular(text, word->text, word->len);
    uint32_t n = 0;

    if (len > 0 &&
        (form[n] = search_word(index, NULL, text, len)) != UINT32_MAX)
        n++;
    if (word->len > 3 && word->text[word->len - 1] == 'y') {
        memcpy(text, word->text, word->len - 1);
        memcpy(text + word->len - 1, "ies", 3);
        form[n] = search_word(index, NULL, text, word->len + 2);
        n += form[n] != UINT32_MAX;
    }
    *apart = n;
    if (range->whole)
        form[n++] = range->first;
    if (len == 0 && word->len > 2) {
        memcpy(text, word->text, word->len);
        memcpy(text + word->len, "es", 2);
        form[n] = search_word(index, range, text, word->len + 2);
        n += form[n] != UINT32_MAX;
        text[word->len] = 's';
        form[n] = search_word(index, range, text, word->len + 1);
        n += form[n] != UINT32_MAX;
    }
    return n;
}

static void add_codes(
    const struct match *match, const struct typed_codes *range, uint8_t *rows)
{
    for (uint32_t i = range->first; i < range->end; i++)
        if (typed_has(range, match->codes, i))
            bits_set(rows, search_rank(match->index, i));
}

/* The rows where the word stands whole, in one of its forms. When they have to
 * be gathered it is in `rows`. */
static const uint8_t *whole_rows(const struct match *match, uint8_t *rows,
    const uint32_t *form, uint32_t forms, const struct typed_codes *codes)
{
    const struct search_index *index = match->index;

    if (forms == 0 && codes == NULL)
        return NULL;
    if (forms == 1 && codes == NULL) {
        const struct search_range one = {form[0], form[0] + 1, true};
        const uint8_t *ready = search_ready(index, &one);

        if (ready != NULL)
            return ready;
    }
    if (forms == 0)
        memset(rows, 0, match->row_bytes);
    else
        search_gather(index, form[0], form[0] + 1, rows);
    for (uint32_t i = 1; i < forms; i++)
        search_union(index, form[i], form[i] + 1, rows);
    if (codes != NULL)
        add_codes(match, codes, rows);
    return rows;
}

static void read_term(struct term *out, const struct match *match,
    const struct search_word *typed)
{
    const struct search_index *index = match->index;
    const struct fold_word *word = &typed->word;

    out->range = search_prefix(index, word->text, word->len);
    if (typed->alone)
        out->range.end = out->range.first + out->range.whole;
    out->forms = forms_of(out->form, &out->apart, index, &out->range, word);
    out->typed = typed_word(out->codes, match->codes, word->text, word->len);
    out->goes_on = match_goes_on(typed);
}

static bool stands_nowhere(const struct term *term)
{
    return term->range.first == term->range.end && term->forms == 0 &&
           term->typed == 0;
}

/* How many rows it can have, when it has no bitmap. */
static uint32_t most_rows(const struct match *match, const struct term *term)
{
    const struct search_index *index = match->index;
    uint64_t most;

    if (search_ready(index, &term->range) != NULL)
        return UINT32_MAX;
    most = search_list_rows(index, term->range.first, term->range.end);
    for (uint32_t i = 0; i < term->apart; i++)
        most += search_list_rows(index, term->form[i], term->form[i] + 1);
    for (uint32_t i = 0; i < term->typed; i++)
        most += term->codes[i].end - term->codes[i].first;
    return most < UINT32_MAX ? (uint32_t)most : UINT32_MAX;
}

/* What has to be gathered is gathered in bitmaps begun and whole. */
static struct word_rows gather(
    const struct match *match, const struct term *term, int begun, int whole)
{
    const struct search_index *index = match->index;
    const struct search_range *range = &term->range;
    uint8_t *rows = match_rows(match, begun);
    const uint8_t *ready = NULL;
    struct word_rows out = {NULL, NULL};

    if (!term->goes_on)
        out.whole =
            whole_rows(match, match_rows(match, whole), term->form, term->forms,
                term->typed > 0 && term->codes[0].match == MATCH_CODE
                    ? &term->codes[0]
                    : NULL);
    if (range->first == range->end && term->apart == 0 && term->typed == 0)
        return out;
    if (!term->goes_on && range->whole && range->end - range->first == 1 &&
        term->forms == 1 && term->apart == 0 && term->typed == 0) {
        out.begun = out.whole; /* no other word begins so */
        return out;
    }
    if (range->first < range->end)
        ready = search_ready(index, range);
    if (ready != NULL && term->apart == 0 && term->typed == 0) {
        out.begun = ready;
        return out;
    }
    if (ready != NULL) {
        memcpy(rows, ready, match->row_bytes);
    } else {
        search_gather(index, range->first, range->end, rows);
    }
    for (uint32_t i = 0; i < term->apart; i++)
        search_union(index, term->form[i], term->form[i] + 1, rows);
    for (uint32_t i = 0; i < term->typed; i++)
        add_codes(match, &term->codes[i], rows);
    out.begun = rows;
    return out;
}

static struct word_rows rows_of(
    const struct match *match, const struct search_word *word)
{
    struct term term;

    read_term(&term, match, word);
    term.goes_on = false;
    return gather(match, &term, ROWS_WORD, ROWS_WORD_WHOLE);
}

bool match_knows(const struct match *match, const struct search_word *word)
{
    struct term term;

    read_term(&term, match, word);
    return !stands_nowhere(&term);
}

/* ---------------------------------------------------------- many words */

/* The rows that both have, in the match's own bitmaps. */
static struct word_rows join(const struct match *match,
    const struct word_rows *one, const struct word_rows *two)
{
    struct word_rows out = {.begun = match_rows(match, ROWS_ALL)};

    bits_both(
        match_rows(match, ROWS_ALL), one->begun, two->begun, match->row_bytes);
    if (one->whole != NULL && two->whole != NULL) {
        bits_both(match_rows(match, ROWS_WHOLE), one->whole, two->whole,
            match->row_bytes);
        out.whole = match_rows(match, ROWS_WHOLE);
    }
    return out;
}

/* Both, where NULL has no row. */
static void fill_both(const struct match *match, int out, const uint8_t *one,
    const uint8_t *other)
{
    if (one == NULL || other == NULL)
        memset(match_rows(match, out), 0, match->row_bytes);
    else
        bits_both(match_rows(match, out), one, other, match->row_bytes);
}

static bool counts(const struct search_word *word)
{
    return !word->dropped && !word->grammar;
}

void match_cut(const struct match *match, uint8_t *bits)
{
    for (size_t n = match->index->documents; n < match->bytes * 8; n++)
        bits[n / 8] &= (uint8_t) ~(1u << n % 8);
}

/* ------------------------------------------------------------- few rows */

/* A place stands for a row that there is. */
static bool is_row(const struct match *match, size_t place)
{
    const size_t others = match->bytes * 8;

    return place < others ? place < match->index->documents
                          : place - others < match->index->rows;
}

/* place stands for a row that there is. */
static bool may_be_found(const struct match *match, uint32_t place)
{
    const uint32_t others = (uint32_t)match->bytes * 8;

    return match->only == NULL ||
           bits_has(match->only,
               place < others ? place
                              : search_row_rank(match->index, place - others));
}

/* Takes down the rows of a bitmap, which are no more than MATCH_FEW. */
static void list_rows(struct match *match, const uint8_t *rows)
{
    const size_t end = match->row_bytes;
    uint32_t found = 0;

    for (size_t at = 0; (at = bits_next(rows, at, end)) < end; at += 8)
        for (uint64_t left = bits_word(rows, at);
             left != 0 && found < MATCH_FEW; left &= left - 1) {
            const uint32_t place =
                (uint32_t)at * 8 + (uint32_t)__builtin_ctzll(left);

            if (is_row(match, place) && may_be_found(match, place))
                match->row[found++].place = place;
        }
    match->found = found;
}

/* Only one word begins so, and it has a list: that is all there is to it. */
static bool is_one_list(const struct term *term)
{
    return term->range.end - term->range.first == 1 && term->apart == 0 &&
           term->typed == 0;
}

/* The rows of the rarest word. They are few: rows says so. */
static void begin_few(
    struct match *match, const struct term *term, bool is_last)
{
    if (is_one_list(term)) {
        uint32_t place[MATCH_FEW];
        const uint32_t n =
            search_list(match->index, term->range.first, place, MATCH_FEW);
        /* Its only word is a form of it. */
        const bool whole = term->forms > 0 && !term->goes_on;

        match->found = 0;
        for (uint32_t i = 0; i < n; i++)
            if (is_row(match, place[i]) && may_be_found(match, place[i]))
                match->row[match->found++] =
                    (struct match_row){place[i], whole || is_last, whole};
    } else {
        const struct word_rows rows =
            gather(match, term, ROWS_WORD, ROWS_WORD_WHOLE);

        list_rows(match, rows.begun);
        for (uint32_t i = 0; i < match->found; i++) {
            struct match_row *row = &match->row[i];

            row->whole = rows.whole != NULL && bits_has(rows.whole, row->place);
            row->before = row->whole || is_last;
        }
    }
}

/* Keeps those that have another word as well. */
static void narrow_few(
    struct match *match, const struct term *term, bool is_last)
{
    const struct word_rows rows =
        gather(match, term, ROWS_WORD, ROWS_WORD_WHOLE);
    uint32_t kept = 0;

    for (uint32_t i = 0; rows.begun != NULL && i < match->found; i++) {
        struct match_row row = match->row[i];
        bool whole;

        if (!bits_has(rows.begun, row.place))
            continue;
        whole = rows.whole != NULL && bits_has(rows.whole, row.place);
        row.whole &= whole;
        row.before &= whole || is_last;
        match->row[kept++] = row;
    }
    match->found = kept;
}

/* The rarest word has few rows, among which the others are looked for. */
static bool match_few(struct match *match, const struct term *term,
    uint32_t terms, uint32_t rarest)
{
    match->few = true;
    begin_few(match, &term[rarest], rarest + 1 == terms);
    for (uint32_t i = 0; i < terms && match->found > 0; i++)
        if (i != rarest)
            narrow_few(match, &term[i], i + 1 == terms);
    return match->found > 0;
}

/* Tells the rows of ROWS_ALL one by one, if they are few. others and last are
 * the words that all of them have. */
static bool settle_few(struct match *match, const struct word_rows *others,
    const struct word_rows *last)
{
    const uint8_t *all = match_rows(match, ROWS_ALL);

    if (bits_more_than(MATCH_FEW, all, match->row_bytes))
        return false;
    list_rows(match, all);
    for (uint32_t i = 0; i < match->found; i++) {
        struct match_row *row = &match->row[i];

        row->before =
            others->whole != NULL && bits_has(others->whole, row->place);
        row->whole = row->before && last->whole != NULL &&
                     bits_has(last->whole, row->place);
    }
    return true;
}

void match_project(const struct match *match, int rows, int bits)
{
    uint8_t *out = match_bits(match, bits);

    search_project(match->index, match_rows(match, rows), out);
    match_cut(match, out);
}

/* The words of a query joined as bitmaps. */
static bool match_many(
    struct match *match, const struct term *term, uint32_t terms)
{
    struct word_rows others = {NULL, NULL}, last;
    uint8_t *all = match_rows(match, ROWS_ALL);

    for (uint32_t i = 0; i + 1 < terms; i++) {
        const struct word_rows rows =
            gather(match, &term[i], i == 0 ? ROWS_ALL : ROWS_WORD,
                i == 0 ? ROWS_WHOLE : ROWS_WORD_WHOLE);

        if (rows.begun == NULL)
            return false;
        others = i == 0 ? rows : join(match, &others, &rows);
    }
    last = gather(match, &term[terms - 1], ROWS_WORD, ROWS_WORD_WHOLE);
    if (last.begun == NULL)
        return false;
    if (terms == 1)
        others = (struct word_rows){last.begun, last.begun};
    /* The others' whole ones may lie where ROWS_WHOLE goes: that comes last. */
    bits_both(all, others.begun, last.begun, match->row_bytes);
    match_cut(match, all);
    match->few = settle_few(match, &others, &last);
    if (match->few)
        return match->found > 0;
    if (match->only != NULL) {
        match_project(match, ROWS_ALL, BITS_SPARE);
        bits_and(match_bits(match, BITS_SPARE), match->only, match->bytes);
        if (!bits_any(match_bits(match, BITS_SPARE), match->bytes))
            return false;
    }
    fill_both(match, ROWS_BEFORE, others.whole, last.begun);
    if (!term[terms - 1].goes_on)
        fill_both(match, ROWS_WHOLE, others.whole, last.whole);
    return true;
}

bool match_words(
    struct match *match, const struct search_word *word, uint32_t words)
{
    struct term term[SEARCH_QUERY_WORDS];
    uint32_t terms = 0, rarest = 0;

    match->across = match->few = false;
    for (uint32_t i = 0; i < words; i++) {
        if (!counts(&word[i]))
            continue;
        read_term(&term[terms], match, &word[i]);
        if (stands_nowhere(&term[terms]))
            return false;
        term[terms].rows = most_rows(match, &term[terms]);
        if (term[terms].rows < term[rarest].rows)
            rarest = terms;
        terms++;
    }
    if (terms == 0)
        return false;
    return term[rarest].rows <= MATCH_FEW
               ? match_few(match, term, terms, rarest)
               : match_many(match, term, terms);
}

bool match_documents(const struct match *match, const struct search_word *word,
    uint8_t *documents)
{
    const struct word_rows rows = rows_of(match, word);

    if (rows.begun == NULL)
        return false;
    search_project(match->index, rows.begun, documents);
    match_cut(match, documents);
    return true;
}

bool match_across(
    struct match *match, const struct search_word *word, uint32_t words)
{
    uint8_t *all = match_bits(match, BITS_ALL);
    uint8_t *own = match_bits(match, BITS_SPARE);
    uint32_t done = 0;

    match->across = true;
    match->few = false;
    memset(match_rows(match, ROWS_ALL), 0, match->row_bytes * 3);
    for (uint32_t i = 0; i < words; i++) {
        if (!counts(&word[i]))
            continue;
        if (!match_documents(match, &word[i], own))
            return false;
        if (done++ == 0)
            memcpy(all, own, match->bytes);
        else
            bits_and(all, own, match->bytes);
    }
    if (done == 0)
        return false;
    if (match->only != NULL)
        bits_and(all, match->only, match->bytes);
    return bits_any(all, match->bytes);
}

/* ------------------------------------------------------- some of the words */

/* Quarters of a doubling, nearly. */
static uint32_t log_of(uint32_t n)
{
    const uint32_t whole = n == 0 ? 0 : 31 - (uint32_t)__builtin_clz(n);

    return n == 0 ? 0 : 4 * whole + (uint32_t)(((uint64_t)n << 2) >> whole & 3);
}

static bool has_digit(const struct search_word *word)
{
    return word->word.text[strcspn(word->word.text, "0123456789")] != '\0';
}

/* What a word tells, by how many rows have it: the rarer, the more. "Contact
 * with wasp" is asked for the wasp. A dose tells less than the drug, and
 * what is denied less than what it was looked for in. */
static uint32_t weight_of(const struct match *match,
    const struct search_word *word, uint32_t i, uint32_t rows)
{
    enum { DENIAL = 1, NUMBER = 4, DETAIL = 8 };
    const uint32_t all = log_of((uint32_t)match->row_bytes * 8);
    const uint32_t here = log_of(rows);

    if (word[i].denies)
        return DENIAL;
    if (has_digit(&word[i]))
        return NUMBER;
    if (i > 0 && (word[i - 1].denies ||
                     (has_digit(&word[i - 1]) && word[i].word.len <= 4)))
        return DETAIL;
    return here < all ? all - here : 1;
}

/* The rows of a word. "Without" and what is behind it count together: one alone
 * says the opposite, or of something else. NULL for none. */
static const uint8_t *part_rows(const struct match *match,
    const struct search_word *word, uint32_t words, uint32_t i)
{
    uint8_t *both = match_rows(match, ROWS_WHOLE);
    const uint8_t *begun;
    uint32_t denied;

    if (i > 0 && word[i - 1].denies)
        denied = i;
    else if (word[i].denies && i + 1 < words)
        denied = i + 1;
    else
        return rows_of(match, &word[i]).begun;
    begun = rows_of(match, &word[denied - 1]).begun;
    if (begun == NULL)
        return NULL;
    memcpy(both, begun, match->row_bytes);
    begun = rows_of(match, &word[denied]).begun;
    if (begun == NULL)
        return NULL;
    bits_both(both, both, begun, match->row_bytes);
    return both;
}

uint32_t match_weigh(const struct match *match, const struct search_word *word,
    uint32_t words, uint32_t i, uint8_t *rows)
{
    const uint8_t *begun = part_rows(match, word, words, i);
    uint32_t count;

    if (begun == NULL || (count = bits_count(begun, match->row_bytes)) == 0)
        return 0;
    memcpy(rows, begun, match->row_bytes);
    match_cut(match, rows);
    return weight_of(match, word, i, count);
}
