#include "codesets/search/terms.h"

#include <string.h>

struct word {
    const char *text;
    size_t len;
};
#define WORD(text)                                                             \
    {                                                                          \
        text, sizeof(text) - 1                                                 \
    }

static bool among(
    const struct word *words, size_t count, const char *text, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (words[i].len == len && memcmp(words[i].text, text, len) == 0)
            return true;
    return false;
}

bool term_is_grammar(const char *word, size_t len)
{
    static const struct word words[] = {WORD("a"), WORD("an"), WORD("and"),
        WORD("at"), WORD("by"), WORD("due"), WORD("for"), WORD("from"),
        WORD("in"), WORD("into"), WORD("is"), WORD("of"), WORD("on"),
        WORD("or"), WORD("than"), WORD("the"), WORD("to")};

    return len <= 4 && among(words, sizeof words / sizeof *words, word, len);
}

bool term_denies(const char *word, size_t len)
{
    static const struct word words[] = {
        WORD("without"), WORD("no"), WORD("not"), WORD("non")};

    return among(words, sizeof words / sizeof *words, word, len);
}

bool term_begins_grammar(const char *word, size_t len)
{
    static const struct word begins[] = {WORD("fo")}, goes_on[] = {WORD("the")};

    return among(begins, sizeof begins / sizeof *begins, word, len) ||
           (term_is_grammar(word, len) &&
               !among(goes_on, sizeof goes_on / sizeof *goes_on, word, len));
}

size_t term_singular(char *out, const char *word, size_t len)
{
    size_t n = len;

    if (len < 4 || len > FOLD_WORD_MAX || word[len - 1] != 's')
        return 0;
    switch (word[len - 2]) {
    case 's': /* abscess */
    case 'u': /* meniscus */
    case 'i': /* arthritis */
        return 0;
    case 'e':
        if (len > 4 && word[len - 3] == 'i') { /* biopsies */
            memcpy(out, word, len - 3);
            out[len - 3] = 'y';
            return len - 2;
        }
        if (len > 5 && (word[len - 3] == 'x' || word[len - 3] == 'h' ||
                           (word[len - 3] == 's' && word[len - 4] == 's'))) {
            n = len - 2; /* boxes, patches, abscesses */
            break;
        }
        n = len - 1;
        break;
    default:
        if (word[len - 2] < 'a' || word[len - 2] > 'z')
            return 0;
        n = len - 1;
        break;
    }
    memcpy(out, word, n);
    return n;
}

uint64_t term_hash(const char *word, size_t len)
{
    static const struct word idle[] = {WORD("nos"), WORD("unspecified")};
    char singular[FOLD_WORD_MAX + 1];
    size_t n;
    uint64_t h = UINT64_C(0xCBF29CE484222325);

    if (term_is_grammar(word, len) ||
        among(idle, sizeof idle / sizeof *idle, word, len))
        return 0;
    n = term_singular(singular, word, len);
    if (n > 0) {
        word = singular;
        len = n;
    }
    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)word[i]) * UINT64_C(0x100000001B3);
    /* FNV's low bits are weak, and these numbers are summed. */
    h ^= h >> 31;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}
