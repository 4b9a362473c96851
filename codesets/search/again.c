#include "codesets/search/run.h"

#include <string.h>

#include "codesets/search/spell.h"

enum {
    CORRECTED_WORDS_MAX = 4, /* words of a query that are corrected */
    PART_MIN = 3,            /* bytes of each word that one is parted into */
    STEM_MIN = 4,            /* bytes of a word without its ending */
    ENDING_MAX = 4,          /* bytes of the ending of another form */
    FORMS_LOOKED_AT = 64,    /* words that begin with a stem */
    BEGUN_MAX = 3            /* bytes of a word that is hardly begun */
};

static void set_text(struct search_word *word, const char *text, size_t len)
{
    if (len > FOLD_WORD_MAX)
        return;
    memmove(word->word.text, text, len);
    word->word.text[len] = '\0';
    word->word.len = len;
    word->word.folded_points = 0; /* it is not what stands in the query */
    for (size_t i = 0; i < len; i++)
        word->word.folded_points += ((uint8_t)text[i] & 0xC0) != 0x80;
    word->corrected = word->guessed = true;
}

static void set_word(
    const struct search_index *index, struct search_word *word, uint32_t number)
{
    size_t len;
    const char *text = search_word_text(index, number, &len);

    set_text(word, text, len);
}

/* The commonest word that is another form of one that stands nowhere:
 * "snoring", of "snores". UINT32_MAX when there is none. */
static uint32_t other_form(
    const struct search_index *index, const struct fold_word *word)
{
    static const char *const endings[] = {"ing", "ed", "es", "s", NULL};
    uint32_t best = UINT32_MAX, most = 0;

    for (size_t i = 0; endings[i] != NULL && best == UINT32_MAX; i++) {
        const size_t ending = strlen(endings[i]), stem = word->len - ending;
        struct search_range range;

        if (word->len < STEM_MIN + ending ||
            memcmp(word->text + stem, endings[i], ending) != 0)
            continue;
        range = search_prefix(index, word->text, stem);
        for (uint32_t n = range.first;
             n < range.end && n - range.first < FORMS_LOOKED_AT; n++) {
            const uint32_t weight = search_word_weight(index, n);
            size_t len;

            (void)search_word_text(index, n, &len);
            if (len <= stem + ENDING_MAX && weight > most) {
                best = n;
                most = weight;
            }
        }
    }
    return best;
}

/* How common a word is, or the commonest that begins so; 0 when there is none.
 */
static uint32_t weight_of(
    const struct search_index *index, const char *text, size_t len, bool begins)
{
    const struct search_range range = search_prefix(index, text, len);
    const uint32_t end = begins ? range.end : range.first + range.whole;
    uint32_t most = 0;

    for (uint32_t i = range.first; i < end; i++) {
        const uint32_t weight = search_word_weight(index, i);

        if (weight > most)
            most = weight;
    }
    return most;
}

/* Where a word parts best in two that stand somewhere; of the second, the
 * beginning may do. Returns the bytes of the first, or 0. */
static size_t best_part(const struct search_index *index,
    const struct fold_word *whole, bool begins)
{
    uint32_t most = 0;
    size_t best = 0;

    for (size_t i = PART_MIN; i + PART_MIN <= whole->len; i++) {
        uint32_t weight = weight_of(index, whole->text, i, false);
        const uint32_t other =
            weight <= most
                ? 0
                : weight_of(index, whole->text + i, whole->len - i, begins);

        if (other < weight)
            weight = other;
        if (weight > most) {
            best = i;
            most = weight;
        }
    }
    return best;
}

/* "backpain" is "back pain": both words stand somewhere, or the last is not yet
 * whole. */
static bool part_word(struct run *run, uint32_t at)
{
    struct search_result *out = run->out;
    const struct fold_word whole = out->word[at].word;
    size_t part = best_part(run->index, &whole, false);

    if (out->words == SEARCH_QUERY_WORDS)
        return false;
    if (part == 0 && out->word[at].may_go_on)
        part = best_part(run->index, &whole, true);
    if (part == 0)
        return false;
    memmove(&out->word[at + 1], &out->word[at],
        (out->words - at) * sizeof out->word[0]);
    out->words++;
    set_text(&out->word[at], whole.text, part);
    set_text(&out->word[at + 1], whole.text + part, whole.len - part);
    return true;
}

/* "non pressure" is "nonpressure" when that word stands somewhere. */
static bool join_words(struct run *run)
{
    struct search_result *out = run->out;

    for (uint32_t i = 0; i + 1 < out->words; i++) {
        struct search_word *one = &out->word[i], *two = &out->word[i + 1];
        char text[2 * FOLD_WORD_MAX];
        const size_t len = one->word.len + two->word.len;
        const struct search_word before[2] = {*one, *two};
        uint32_t number;

        if (len > FOLD_WORD_MAX)
            continue;
        memcpy(text, one->word.text, one->word.len);
        memcpy(text + one->word.len, two->word.text, two->word.len);
        number = search_word(run->index, NULL, text, len);
        if (number == UINT32_MAX)
            continue;
        set_word(run->index, one, number);
        one->word.bytes = two->word.from + two->word.bytes - one->word.from;
        one->grammar = false;
        two->grammar = true; /* it is said with the one before */
        if (match_words(&run->match, out->word, out->words))
            return true;
        *one = before[0];
        *two = before[1];
    }
    return false;
}

/* Words for which one may stand, best first: another form of it when it stands
 * nowhere, then those that differ in few letters. Returns how many. */
static uint32_t find_others(struct spelling other[SPELL_WORDS_MAX + 1],
    const struct run *run, uint32_t at, bool known)
{
    const struct fold_word *word = &run->out->word[at].word;
    const uint32_t count =
        spell(other, run->index, word, at + 1 == run->out->words);
    const uint32_t form = known ? UINT32_MAX : other_form(run->index, word);

    if (form == UINT32_MAX)
        return count;
    memmove(&other[1], other, count * sizeof *other);
    other[0] = (struct spelling){form, 0}; /* it is no other word */
    return count + 1;
}

/* Takes another word for one of them; true when a code then has all. Another
 * form of it, and two words written as one, are thought of before a word that
 * differs in two letters. The first other word stays when none helps but the
 * typed one stands nowhere. */
static bool correct_word(struct run *run, uint32_t at, bool known)
{
    struct search_result *out = run->out;
    const struct search_word typed = out->word[at];
    struct spelling other[SPELL_WORDS_MAX + 1];
    const uint32_t others = find_others(other, run, at, known);
    bool parted = known;

    for (uint32_t i = 0; i < others; i++) {
        if (other[i].letters > 1 && known)
            break; /* a word that stands somewhere is seldom that wrong */
        if (other[i].letters > 1 && !parted) {
            const uint32_t words = out->words;

            parted = true;
            out->word[at] = typed;
            if (part_word(run, at)) {
                if (match_words(&run->match, out->word, out->words))
                    return true;
                memmove(&out->word[at + 1], &out->word[at + 2],
                    (words - at - 1) * sizeof out->word[0]);
                out->words = words;
            }
        }
        set_word(run->index, &out->word[at], other[i].word);
        out->word[at].guessed = other[i].letters > 0;
        if (match_words(&run->match, out->word, out->words))
            return true;
    }
    out->word[at] = typed;
    if (known)
        return false;
    if (typed.word.len < SPELL_FIRST)
        return false; /* a short one, when it helps */
    if (others > 0) {
        set_word(run->index, &out->word[at], other[0].word);
        out->word[at].guessed = other[0].letters > 0;
    } else if (part_word(run, at))
        return match_words(&run->match, out->word, out->words);
    return false;
}

/* Reads misspelled words as others: those that stand nowhere, or (known) any.
 * True when a code then has all words. */
static bool correct(struct run *run, bool known)
{
    struct search_result *out = run->out;
    const uint32_t words = out->words;
    struct search_word typed[CORRECTED_WORDS_MAX];
    uint32_t place[CORRECTED_WORDS_MAX], corrected = 0;

    for (uint32_t i = 0; i < out->words && corrected < CORRECTED_WORDS_MAX;
         i++) {
        const struct search_word *word = &out->word[i];

        if (word->grammar || word->corrected ||
            match_knows(&run->match, word) != known)
            continue;
        typed[corrected] = *word;
        place[corrected++] = i;
        if (correct_word(run, i, known))
            return true;
    }
    /* Those before the last one were read when it stood nowhere as yet. */
    for (uint32_t n = 0; !known && out->words == words && n + 1 < corrected;
         n++) {
        out->word[place[n]] = typed[n];
        if (correct_word(run, place[n], known))
            return true;
    }
    return false;
}

/* Someone is at the first letters of a word: what the words before it found is
 * shown until more of it is told. */
static bool leave_out_begun(struct run *run)
{
    struct search_result *out = run->out;
    struct search_word *last = out->word + out->words;

    if (out->words < 2)
        return false;
    last--;
    if (last->grammar || last->corrected || last->word.len > BEGUN_MAX ||
        last->word.from + last->word.bytes < run->query->len)
        return false;
    last->dropped = true;
    if (match_words(&run->match, out->word, out->words))
        return true;
    last->dropped = false;
    return false;
}

bool run_read_again(struct run *run)
{
    struct search_result *out = run->out;
    struct match *match = &run->match;

    out->reading = READ_CORRECTED;
    if (join_words(run) || correct(run, false))
        return true;
    out->reading = READ_AS_TYPED;
    for (uint32_t i = 0; i < out->words; i++)
        if (out->word[i].corrected)
            out->reading = READ_CORRECTED;
    if (match_across(match, out->word, out->words) ||
        match_below(match, out->word, out->words))
        return true;
    out->reading = READ_IN_PART;
    if (leave_out_begun(run))
        return true;
    out->reading = READ_CORRECTED;
    if (correct(run, true))
        return true;
    return false;
}
