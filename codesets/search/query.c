#include "codesets/search/query.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/core/bytes.h"

/* Codes [first, end) of the list, those of one spelling or of one prefix. */
struct code_range {
    uint32_t first, end;
    bool icd_only; /* typed with the dot */
};

/* Bitmaps over ranks, all in one allocation. */
struct bitmaps {
    size_t words;
    uint64_t *whole;  /* every word stands whole */
    uint64_t *prefix; /* every word begins a word */
    uint64_t *one;    /* of the word at hand */
};

const char *search_match_name(enum search_match match)
{
    static const char *const names[MATCH_COUNT] = {
        "code", "code_prefix", "words", "word_prefixes"};

    return (unsigned)match < MATCH_COUNT ? names[match] : "";
}

static bool has_digit(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] >= '0' && text[i] <= '9')
            return true;
    return false;
}

/* The first code after all that begin with a prefix. */
static uint32_t prefix_end(
    const struct code_list *codes, const struct code_text *prefix)
{
    char next[CODE_TEXT];

    if (prefix->len == 0)
        return codes->count;
    memcpy(next, prefix->text, prefix->len);
    next[prefix->len - 1]++; /* printable ASCII: no carry */
    return code_lower_bound(codes, next, prefix->len);
}

/* The codes that a text spells (exact), and those that begin with it (begun,
 * the exact ones among them). A prefix needs a digit: "gait" is a word. */
static void find_codes(struct code_range *exact, struct code_range *begun,
    const struct code_list *codes, const char *text, size_t len)
{
    struct code_text code;

    *exact = *begun = (struct code_range){0};
    if (code_text_parse(&code, text, len) != 0)
        return;
    exact->first = code_lower_bound(codes, code.text, code.len);
    for (exact->end = exact->first; exact->end < codes->count; exact->end++)
        if (code_at(codes, exact->end).len != code.len ||
            memcmp(code_at(codes, exact->end).text, code.text, code.len) != 0)
            break;
    exact->icd_only = code.dotted;
    *begun = *exact;
    if (has_digit(code.text, code.len))
        begun->end = prefix_end(codes, &code);
}

static bool in_range(const struct code_range *range,
    const struct code_list *codes, uint32_t document)
{
    return document >= range->first && document < range->end &&
           (!range->icd_only ||
               code_at(codes, document).system == SYSTEM_ICD10CM);
}

static void set_codes(uint64_t *bits, const struct search_index *index,
    const struct code_list *codes, const struct code_range *range)
{
    for (uint32_t i = range->first; i < range->end; i++) {
        const uint32_t rank = search_rank(index, i);

        if (in_range(range, codes, i))
            bits[rank / 64] |= UINT64_C(1) << rank % 64;
    }
}

static void and_bits(uint64_t *out, const uint64_t *other, size_t words)
{
    for (size_t i = 0; i < words; i++)
        out[i] &= other[i];
}

static bool empty(const uint64_t *bits, size_t words)
{
    for (size_t i = 0; i < words; i++)
        if (bits[i] != 0)
            return false;
    return true;
}

/* Bits of a system, 64 at a time; the blob's last bytes may be fewer. */
static uint64_t system_bits(
    const struct search_index *index, int system, size_t word)
{
    const size_t bytes = ((size_t)index->documents + 7) / 8;
    const size_t at = word * 8;
    const size_t n = bytes - at < 8 ? bytes - at : 8;
    uint8_t raw[8] = {0};
    uint64_t bits;

    memcpy(raw, index->bits + (size_t)system * bytes + at, n);
    memcpy(&bits, raw, sizeof bits);
    return le64toh(bits);
}

static int open_bitmaps(
    struct bitmaps *out, const struct search_index *index, struct error *err)
{
    const size_t words = search_bitmap_words(index);

    out->words = words;
    out->whole = calloc(words * 3 + 1, sizeof *out->whole);
    if (out->whole == NULL) {
        (void)error_memory(err);
        return ERR_SYSTEM;
    }
    out->prefix = out->whole + words;
    out->one = out->prefix + words;
    return 0;
}

/* Narrows prefix and whole down to the ranks that match one more word. */
static void match_word(struct bitmaps *bits, const struct search_index *index,
    const struct code_list *codes, const struct fold_word *word, bool is_first)
{
    const size_t size = bits->words * sizeof *bits->one;
    struct code_range exact, begun;
    uint32_t first, end;
    bool whole;

    find_codes(&exact, &begun, codes, word->text, word->len);
    search_prefix(index, word->text, word->len, &first, &end, &whole);
    memset(bits->one, 0, size);
    if (whole)
        search_union(index, first, first + 1, bits->one);
    set_codes(bits->one, index, codes, &exact);
    if (is_first)
        memcpy(bits->whole, bits->one, size);
    else
        and_bits(bits->whole, bits->one, bits->words);
    search_union(index, whole ? first + 1 : first, end, bits->one);
    set_codes(bits->one, index, codes, &begun);
    if (is_first)
        memcpy(bits->prefix, bits->one, size);
    else
        and_bits(bits->prefix, bits->one, bits->words);
}

/* Takes away what was known to be invalid on the day. */
static void keep_living(
    uint64_t *bits, const struct search_index *index, day_t day)
{
    for (uint32_t i = 0; i < index->documents; i++)
        if ((bits[i / 64] >> i % 64 & 1) != 0 &&
            (load_i32(index->from + 4 * (size_t)i) > day ||
                load_i32(index->to + 4 * (size_t)i) < day))
            bits[i / 64] &= ~(UINT64_C(1) << i % 64);
}

/* Collects hits past the offset and up to the limit. */
struct page {
    struct search_result *out;
    uint32_t skip, limit;
};

static void take(struct page *page, uint32_t document, enum search_match match)
{
    struct search_result *out = page->out;

    if (page->skip > 0)
        page->skip--;
    else if (out->hits < page->limit)
        out->hit[out->hits++] = (struct search_hit){document, match};
}

/* Takes the codes of a range but for those of another, and counts them. */
static void take_codes(struct page *page, const struct code_list *codes,
    const struct code_range *range, const struct code_range *but,
    uint32_t systems, enum search_match match)
{
    for (uint32_t i = range->first; i < range->end; i++) {
        const enum code_system system = code_at(codes, i).system;

        if (!in_range(range, codes, i) ||
            (but != NULL && in_range(but, codes, i)))
            continue;
        page->out->by_system[system]++;
        if (systems != 0 && (systems >> system & 1) == 0)
            continue;
        page->out->total++;
        take(page, i, match);
    }
}

static void take_bits(struct page *page, const struct search_index *index,
    const struct code_list *codes, const uint64_t *bits, size_t words,
    enum search_match match)
{
    for (size_t i = 0; i < words && page->out->hits < page->limit; i++) {
        uint64_t left = bits[i];
        const uint32_t here = (uint32_t)__builtin_popcountll(left);

        if (here <= page->skip) {
            page->skip -= here;
            continue;
        }
        for (; left != 0; left &= left - 1) {
            const uint32_t document = search_document(
                index, (uint32_t)i * 64 + (uint32_t)__builtin_ctzll(left));

            if (document < codes->count)
                take(page, document, match);
        }
    }
}

/* Counts what matches by system, and leaves what was asked for. Most words of
 * the bitmaps are empty, and cost no more than a look. */
static void count_bits(struct search_result *out,
    const struct search_index *index, const struct bitmaps *bits,
    uint32_t systems)
{
    for (size_t i = 0; i < bits->words; i++) {
        uint64_t kept = 0;

        for (int system = 0; bits->prefix[i] != 0 && system < SYSTEM_COUNT;
             system++) {
            const uint64_t here =
                bits->prefix[i] & system_bits(index, system, i);
            const uint32_t n = (uint32_t)__builtin_popcountll(here);

            out->by_system[system] += n;
            if (systems == 0 || (systems >> system & 1) != 0) {
                out->total += n;
                kept |= here;
            }
        }
        bits->prefix[i] = kept;
        bits->whole[i] &= kept;
    }
}

static int search_words(struct page *page, const struct search_index *index,
    const struct code_list *codes, const struct search_query *query,
    const struct code_range *begun, struct error *err)
{
    struct search_result *out = page->out;
    struct bitmaps bits = {0};
    int rc;

    if (out->words == 0 || index->documents == 0 ||
        index->documents != codes->count)
        return 0;
    if ((rc = open_bitmaps(&bits, index, err)) != 0)
        return rc;
    for (uint32_t i = 0; i < out->words; i++) {
        match_word(&bits, index, codes, &out->word[i], i == 0);
        if (empty(bits.prefix, bits.words))
            break;
    }
    /* What was found by its code has been taken already. */
    memset(bits.one, 0, bits.words * sizeof *bits.one);
    set_codes(bits.one, index, codes, begun);
    for (size_t i = 0; i < bits.words; i++)
        bits.prefix[i] &= ~bits.one[i];
    if (query->on_day)
        keep_living(bits.prefix, index, query->day);
    count_bits(out, index, &bits, query->systems);
    take_bits(page, index, codes, bits.whole, bits.words, MATCH_WORDS);
    for (size_t i = 0; i < bits.words; i++)
        bits.prefix[i] &= ~bits.whole[i];
    take_bits(page, index, codes, bits.prefix, bits.words, MATCH_PREFIXES);
    free(bits.whole);
    return 0;
}

static int read_words(struct search_result *out,
    const struct search_query *query, struct error *err)
{
    struct fold_word word;
    struct fold fold;

    fold_begin(&fold, query->text, query->len);
    while (fold_next(&fold, &word)) {
        if (out->words == SEARCH_QUERY_WORDS)
            return error_set(err, ERR_LIMIT, 0,
                "a search takes at most %d words", SEARCH_QUERY_WORDS);
        out->word[out->words++] = word;
    }
    return 0;
}

int search_run(struct search_result *out, const struct search_index *index,
    const struct code_list *codes, const struct search_query *query,
    struct error *err)
{
    struct page page;
    struct code_range exact, begun;
    int rc;

    page.out = out;
    page.skip = query->offset;
    page.limit =
        query->limit < SEARCH_LIMIT_MAX ? query->limit : SEARCH_LIMIT_MAX;
    out->words = out->total = out->hits = 0;
    memset(out->by_system, 0, sizeof out->by_system);
    if (query->len > SEARCH_QUERY_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "a search takes at most %d bytes, this one has %zu",
            SEARCH_QUERY_MAX, query->len);
    if ((rc = read_words(out, query, err)) != 0)
        return rc;
    find_codes(&exact, &begun, codes, query->text, query->len);
    take_codes(&page, codes, &exact, NULL, query->systems, MATCH_CODE);
    take_codes(&page, codes, &begun, &exact, query->systems, MATCH_CODE_PREFIX);
    return search_words(&page, index, codes, query, &begun, err);
}
