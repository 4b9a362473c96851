#include "codesets/search/query.h"

#include <string.h>

#include "codesets/search/bits.h"
#include "codesets/search/run.h"
#include "codesets/search/terms.h"

const char *search_match_name(enum search_match match)
{
    static const char *const names[MATCH_COUNT] = {"code", "code_lookalike",
        "code_range", "code_prefix", "title", "name", "title_begins", "words",
        "words", "word_prefixes", "part"};

    return (unsigned)match < MATCH_COUNT ? names[match] : "";
}

const char *search_reading_name(enum search_reading reading)
{
    static const char *const names[] = {"all", "corrected", "part"};

    return (unsigned)reading < 3 ? names[reading] : "";
}

/* Someone may still be typing the last word. Until more of it is told, what is
 * likely to become a word of grammar narrows nothing, and neither does its
 * first letter; run_match() knows letters that are words. */
static void read_end(struct run *run)
{
    struct search_result *out = run->out;
    struct search_word *last = &out->word[out->words - 1];
    const struct fold_word *word = &last->word;
    const bool is_grammar = last->grammar;

    if (word->from + word->bytes != run->query->len)
        return;
    last->grammar = term_begins_grammar(word->text, word->len);
    for (uint32_t i = 0; i + 1 < out->words; i++)
        run->lone_letter |= !out->word[i].grammar;
    run->lone_letter &= word->len == 1 && !last->grammar &&
                        word->text[0] >= 'a' && word->text[0] <= 'z';
    last->grammar |= run->lone_letter;
    last->unfinished = last->grammar && !is_grammar;
}

/* A number is one, whatever digits may follow, and so is a letter that is a
 * word. */
static bool may_go_on(const struct run *run)
{
    const struct search_result *out = run->out;
    const struct fold_word *last = &out->word[out->words - 1].word;

    return !run->lone_letter && last->from + last->bytes == run->query->len &&
           last->text[strcspn(last->text, "0123456789")] == '\0';
}

static int read_words(struct run *run, struct error *err)
{
    const struct search_query *query = run->query;
    struct search_result *out = run->out;
    struct fold fold;
    bool content = false;

    fold_begin(&fold, query->text, query->len);
    for (;;) {
        struct fold_word word;

        if (!fold_next(&fold, &word))
            break;
        if (out->words == SEARCH_QUERY_WORDS)
            return error_set(err, ERR_LIMIT, 0,
                "a search takes at most %d words", SEARCH_QUERY_WORDS);
        out->word[out->words++] = (struct search_word){.word = word,
            .grammar = term_is_grammar(word.text, word.len),
            .denies = term_denies(word.text, word.len)};
        content |= !out->word[out->words - 1].grammar;
    }
    for (uint32_t i = 0; !content && i < out->words; i++)
        out->word[i].grammar = false; /* "the": there is nothing else */
    if (content && out->words > 1)
        read_end(run);
    for (uint32_t i = 1; i + 1 < out->words; i++)
        out->word[i].alone = strcmp(out->word[i].word.text, "no") == 0;
    if (out->words > 0)
        out->word[out->words - 1].may_go_on = may_go_on(run);
    return 0;
}

/* The hits of the words that were found. */
static void take_words(struct run *run)
{
    const struct search_result *out = run->out;
    uint8_t *all = match_bits(&run->match, BITS_ALL);
    uint32_t hits;

    run->unfinished =
        out->words > 0 && match_goes_on(&out->word[out->words - 1]);
    if (run->match.few) {
        run_take_few(run);
        return;
    }
    if (!run->match.across)
        match_project(&run->match, ROWS_ALL, BITS_ALL);
    /* What was found by its code has been taken already. */
    if (out->total > 0)
        bits_but(all, match_bits(&run->match, BITS_CODES), run->match.bytes);
    if (run->query->on_day)
        run_keep_living(all, run->index, run->query->day);
    hits = bits_count(all, run->match.bytes);
    run_count_systems(run, all, hits);
    if (run->query->systems != 0 || run->filtered) {
        run_keep_wanted(run, all);
        hits = bits_count(all, run->match.bytes);
    }
    run_count_hits(run, all, hits);
    run_find_ranges(run);
    if (hits <= SORT_ONE_BY_ONE)
        run_take_sorted(run);
    else
        run_take_many(run);
}

/* From now on nothing is found that the day leaves out, or the filters. */
static int look_among(struct run *run, bool wanted, struct error *err)
{
    uint8_t *all = match_bits(&run->match, BITS_ALL);

    memset(all, 0xFF, run->match.bytes);
    match_cut(&run->match, all);
    if (run->query->on_day)
        run_keep_living(all, run->index, run->query->day);
    if (wanted)
        run_keep_wanted(run, all);
    return match_only(&run->match, err);
}

static int search_again(struct run *run, bool wanted, struct error *err)
{
    struct search_result *out = run->out;
    int rc = 0;

    if ((run->query->on_day || wanted) &&
        (rc = look_among(run, wanted, err)) != 0)
        return rc;
    if (run_read_again(run)) {
        take_words(run);
    } else {
        out->reading = READ_IN_PART;
        rc = run_take_partly(run, err);
    }
    return rc;
}

static bool any_system(const struct search_result *out)
{
    for (int i = 0; i < SYSTEM_COUNT; i++)
        if (out->by_system[i] > 0)
            return true;
    return false;
}

static void as_typed(
    struct search_result *out, const struct search_word *word, uint32_t words)
{
    memcpy(out->word, word, words * sizeof *word);
    out->words = words;
    out->reading = READ_AS_TYPED;
}

/* The filters take no part in how the words are read, so that they find what
 * the facets have counted; but when nothing is left, the words are read again
 * for the codes that are wanted. */
static int search_words(struct run *run, struct error *err)
{
    const bool narrowed = run->query->systems != 0 || run->filtered;
    struct search_result *out = run->out;
    const uint32_t words = out->words;
    struct search_word word[SEARCH_QUERY_WORDS];
    uint32_t by_system[SYSTEM_COUNT];
    int rc = 0;

    if (run_match(run))
        take_words(run);
    if (out->total > 0)
        return 0;
    memcpy(word, out->word, words * sizeof *word);
    if (!any_system(out))
        rc = search_again(run, false, err);
    if (rc == 0 && out->total == 0 && narrowed) {
        const bool told = any_system(out);

        /* What the filters left out stays told. */
        memcpy(by_system, out->by_system, sizeof by_system);
        as_typed(out, word, words);
        rc = search_again(run, true, err);
        if (told)
            memcpy(out->by_system, by_system, sizeof by_system);
    }
    return rc;
}

int search_run(struct search_result *out, const struct search_index *index,
    const struct code_list *codes, const struct search_query *query,
    struct error *err)
{
    struct run run; /* not zeroed: it is large */
    struct typed typed;
    int rc;

    run.index = index;
    run.codes = codes;
    run.query = query;
    run.out = out;
    run.skip = query->offset;
    run.limit =
        query->limit < SEARCH_LIMIT_MAX ? query->limit : SEARCH_LIMIT_MAX;
    run.filtered = run.lone_letter = run.unfinished = false;
    run.ranges = 0;
    run.letter = (struct search_range){0, 0, false};
    out->reading = READ_AS_TYPED;
    out->words = out->total = out->hits = 0;
    memset(out->by_system, 0, sizeof out->by_system);
    memset(out->by_value, 0, sizeof out->by_value);
    if (query->len > SEARCH_QUERY_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "a search takes at most %d bytes, this one has %zu",
            SEARCH_QUERY_MAX, query->len);
    if ((rc = read_words(&run, err)) != 0)
        return rc;
    if (index->documents == 0 || index->documents != codes->count)
        return 0;
    for (size_t i = 0; i < sizeof query->values / sizeof *query->values; i++)
        run.filtered |= query->values[i] != 0;
    if ((rc = match_open(&run.match, index, codes, err)) != 0)
        return rc;
    typed_read(&typed, codes, query->text, query->len);
    run_take_typed(&run, &typed);
    if (!typed.only || out->total == 0)
        rc = search_words(&run, err);
    if (out->words > 0)
        out->word[out->words - 1].unfinished &=
            out->word[out->words - 1].grammar;
    match_close(&run.match);
    return rc;
}
