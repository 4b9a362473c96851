#include "codesets/core/fold.h"

#include <endian.h>
#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

enum {
    PIECES_MAX = 20,     /* the longest compatibility form has 18 code points */
    NUMBER_HEAD_MAX = 3, /* digits before the first comma of a number */
    APOSTROPHE_CURLED = 0x2019,
    APOSTROPHE_LETTER = 0x02BC
};

/* One character of the text, as the code points it folds to. */
struct character {
    size_t bytes;
    int pieces; /* 0: it is dropped (a mark), -1: it parts words */
    utf8proc_int32_t piece[PIECES_MAX];
};

static bool ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool word_category(utf8proc_int32_t point)
{
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

static bool mark_category(utf8proc_int32_t point)
{
    const utf8proc_category_t category = utf8proc_category(point);

    return category == UTF8PROC_CATEGORY_MN ||
           category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

static void read_unicode(
    struct character *out, const uint8_t *at, size_t len, bool in_word)
{
    utf8proc_int32_t point;
    const utf8proc_ssize_t n =
        utf8proc_iterate(at, (utf8proc_ssize_t)len, &point);
    int bound = 0;

    out->pieces = -1;
    out->bytes = n > 0 ? (size_t)n : 1;
    if (n <= 0)
        return;
    if (mark_category(point) || (in_word && (point == APOSTROPHE_CURLED ||
                                                point == APOSTROPHE_LETTER))) {
        out->pieces = 0;
    } else if (word_category(point)) {
        const utf8proc_ssize_t pieces =
            utf8proc_decompose_char(point, out->piece, PIECES_MAX,
                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                    UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
                &bound);

        if (pieces >= 0 && pieces <= PIECES_MAX)
            out->pieces = (int)pieces;
    }
}

/* Reads the character at fold->at. last is the byte that the word ends with so
 * far, 0 outside a word. */
static void read_character(
    struct character *out, const struct fold *fold, char last)
{
    const uint8_t *at = (const uint8_t *)fold->text + fold->at;
    const size_t left = fold->len - fold->at;
    const uint8_t c = at[0];

    if (c >= 0x80) {
        read_unicode(out, at, left, last != 0);
        return;
    }
    out->bytes = 1;
    out->pieces = 1;
    out->piece[0] = c;
    if (c >= 'A' && c <= 'Z')
        out->piece[0] = c - 'A' + 'a';
    else if ((c >= 'a' && c <= 'z') || ascii_digit((char)c))
        return;
    else if (c == '\'' && last != 0)
        out->pieces = 0;
    else if (c != '.' || !ascii_digit(last) || left < 2 ||
             !ascii_digit((char)at[1]))
        out->pieces = -1;
}

static void add_piece(struct fold_word *word, utf8proc_int32_t point)
{
    uint8_t bytes[4];
    size_t n = 1;

    if (point < 0x80)
        bytes[0] = (uint8_t)point;
    else
        n = (size_t)utf8proc_encode_char(point, bytes);
    if (word->len + n > FOLD_WORD_MAX)
        return;
    memcpy(word->text + word->len, bytes, n);
    word->len += n;
    word->folded_points++;
}

static bool is_word_piece(utf8proc_int32_t point)
{
    return point < 0x80 ? point == '.' || ascii_digit((char)point) ||
                              (point >= 'a' && point <= 'z')
                        : word_category(point);
}

static bool has_parting(const struct character *c)
{
    for (int i = 0; i < c->pieces; i++)
        if (!is_word_piece(c->piece[i]))
            return true;
    return false;
}

/* ------------------------------------------------ signs that stand for words
 */

static bool ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool ascii_word(char c)
{
    return ascii_letter(c) || ascii_digit(c) || (uint8_t)c >= 0x80;
}

static char at_or_nul(const struct fold *fold, size_t i)
{
    return fold->at + i < fold->len ? fold->text[fold->at + i] : '\0';
}

static bool number_before(const struct fold *fold)
{
    size_t i = fold->at;

    while (i > 0 && fold->text[i - 1] == ' ')
        i--;
    return i > 0 && ascii_digit(fold->text[i - 1]);
}

/* "< 3 cm" and "3 cm/>", not brackets. */
static bool compares(const struct fold *fold)
{
    const char next = at_or_nul(fold, 1);

    return ascii_digit(next) ||
           (next == ' ' && ascii_digit(at_or_nul(fold, 2))) ||
           (fold->at > 0 && fold->text[fold->at - 1] == '/');
}

/* A word that is written with signs. Returns its length in the text, all ASCII;
 * 0 when there is none. */
static size_t sign(const struct fold *fold, const char **word)
{
    const char c = at_or_nul(fold, 0);

    switch (c) {
    case '%':
        *word = "percent";
        return number_before(fold) ? 1 : 0;
    case '<':
        *word = "less";
        return compares(fold) ? 1 : 0;
    case '>':
        *word = "more";
        return compares(fold) ? 1 : 0;
    case 'w':
    case 'W':
        if (at_or_nul(fold, 1) != '/')
            return 0;
        *word = "without";
        if ((at_or_nul(fold, 2) == 'o' || at_or_nul(fold, 2) == 'O') &&
            !ascii_word(at_or_nul(fold, 3)))
            return 3;
        *word = "with";
        return 2;
    default:
        return 0;
    }
}

static void take_sign(
    struct fold *fold, struct fold_word *out, const char *word, size_t bytes)
{
    out->len = strlen(word);
    memcpy(out->text, word, out->len + 1);
    out->folded_points = (uint32_t)out->len;
    out->from = fold->at;
    out->bytes = bytes;
    out->start = fold->point;
    out->points = (uint32_t)bytes;
    fold->at += bytes;
    fold->point += (uint32_t)bytes;
}

/* --------------------------------------------------------- numbers and units
 */

static bool is_number(const struct fold_word *word)
{
    for (size_t i = 0; i < word->len; i++)
        if (!ascii_digit(word->text[i]) && word->text[i] != '.')
            return false;
    return word->len > 0;
}

/* True where a unit begins behind a number: "10mg" is "10 mg", but "b12",
 * "2nd" and "3d" are one word each. */
static bool unit_begins(const struct fold *fold)
{
    static const char *const units[] = {"cc", "cm", "g", "gm", "hr", "hrs",
        "iu", "kg", "lb", "lbs", "mci", "mcg", "meq", "mg", "min", "mins", "ml",
        "mm", "oz", "sq", "ug", "unit", "units", "yr", "yrs"};
    char letters[8] = "";
    size_t n = 0;

    if ((uint8_t)at_or_nul(fold, 0) == 0xC2 ||
        (uint8_t)at_or_nul(fold, 0) == 0xCE) /* the two signs for micro */
        return true;
    while (n + 1 < sizeof letters && ascii_letter(at_or_nul(fold, n))) {
        letters[n] = (char)(at_or_nul(fold, n) | 0x20);
        n++;
    }
    if (n == 0 || ascii_word(at_or_nul(fold, n)))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i], letters) == 0)
            return true;
    return false;
}

/* True for the comma of "1,000". */
static bool parts_thousands(const struct fold *fold)
{
    return at_or_nul(fold, 0) == ',' && ascii_digit(at_or_nul(fold, 1)) &&
           ascii_digit(at_or_nul(fold, 2)) && ascii_digit(at_or_nul(fold, 3)) &&
           !ascii_digit(at_or_nul(fold, 4));
}

/* One spelling for a millionth of a gram. */
static void settle_unit(struct fold_word *word)
{
    if ((word->len == 2 && memcmp(word->text, "ug", 2) == 0) ||
        (word->len == 3 && memcmp(word->text, "\xCE\xBCg", 3) == 0)) {
        memcpy(word->text, "mcg", 3);
        word->len = word->folded_points = 3;
    }
}

void fold_begin(struct fold *out, const char *text, size_t len)
{
    *out = (struct fold){.text = text, .len = len};
}

/* What a letter or digit of ASCII folds to; 0 for all other bytes. */
static inline char plain_byte(char c)
{
    if ((c >= 'a' && c <= 'z') || ascii_digit(c))
        return c;
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : '\0';
}

/* Parts words, and stands for none. */
static inline bool only_parts(char c)
{
    return plain_byte(c) == '\0' && (uint8_t)c < 0x80 && c != '%' && c != '<' &&
           c != '>';
}

/* A top bit for each of eight bytes that is no letter of ASCII. */
static inline uint64_t others_than_letters(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = UINT64_C(0x8080808080808080);
    const uint64_t lower = (bytes | ones * 0x20) & ~tops;

    return (~(lower + ones * (0x80 - 'a')) | (lower + ones * (0x7F - 'z')) |
               bytes) &
           tops;
}

/* Folds the ASCII letters that a text begins with, eight at a time while there
 * are that many bytes. Returns how many; more may follow. */
static inline size_t fold_letters(
    char out[FOLD_WORD_MAX], const char *text, size_t left)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t n = 0;

    for (; left - n >= 8 && n + 8 <= FOLD_WORD_MAX; n += 8) {
        uint64_t bytes, lower, others;

        memcpy(&bytes, text + n, sizeof bytes);
        lower = bytes | ones * 0x20;
        memcpy(out + n, &lower, sizeof lower);
        others = others_than_letters(bytes);
        if (others != 0)
            return n + (size_t)__builtin_ctzll(le64toh(others)) / 8;
    }
    return n;
}

/* Most words are ASCII letters and digits between blanks. Takes the next word
 * if it is one of these and nothing about it is special; else does nothing but
 * pass what parts words. */
static bool take_plain(struct fold *fold, struct fold_word *out)
{
    const char *text = fold->text + fold->at;
    const size_t left = fold->len - fold->at;
    size_t from = 0, n = 0;
    bool digits;
    char c = '\0', next;

    while (from < left && only_parts(text[from]))
        from++;
    fold->at += from;
    fold->point += (uint32_t)from;
    n = fold_letters(out->text, text + from, left - from);
    digits = n == 0;
    for (; from + n < left && n < FOLD_WORD_MAX; n++) {
        c = plain_byte(text[from + n]);
        if (c == '\0')
            break;
        if (digits && !ascii_digit(c)) {
            if (n > 0)
                return false; /* a number with its unit */
            digits = false;
        }
        out->text[n] = c;
    }
    next = from + n < left ? text[from + n] : ' ';
    if (n == 0 || n == FOLD_WORD_MAX || (uint8_t)next >= 0x80 || next == '\'' ||
        (next == '.' && ascii_digit(out->text[n - 1])) ||
        (next == ',' && digits) || (next == '/' && out->text[0] == 'w'))
        return false;
    out->len = out->bytes = n;
    out->from = fold->at;
    out->start = fold->point;
    out->points = out->folded_points = (uint32_t)n;
    fold->at += n;
    fold->point += (uint32_t)n;
    return true;
}

static inline bool is_plain_letter(char c)
{
    return ((uint8_t)c | 0x20u) - 'a' < 26u;
}

/* Letters of ASCII that a text begins with. */
static size_t letters_run(const char *text, size_t left)
{
    size_t n = 0;

    for (; left - n >= 8; n += 8) {
        uint64_t bytes, others;

        memcpy(&bytes, text + n, sizeof bytes);
        others = others_than_letters(bytes);
        if (others != 0)
            return n + (size_t)__builtin_ctzll(le64toh(others)) / 8;
    }
    while (n < left && is_plain_letter(text[n]))
        n++;
    return n;
}

/* True where letters of ASCII, n of them with next behind, are a whole word and
 * stand for themselves: not "w/", not a micro that is written as u. */
static bool stands_alone(const char *letters, size_t n, char next)
{
    const char first = (char)(letters[0] | 0x20);

    return (uint8_t)next < 0x80 && !ascii_digit(next) && next != '\'' &&
           !(n == 1 && first == 'w') && !(n == 2 && first == 'u');
}

void fold_pass(struct fold *fold, uint32_t letters)
{
    const char *text = fold->text;
    size_t at = fold->at;

    if (fold->inside != 0)
        return;
    while (at < fold->len) {
        const char c = text[at];
        size_t n;

        if (only_parts(c)) {
            at++;
            continue;
        }
        if (!is_plain_letter(c) || (letters >> ((c | 0x20) - 'a') & 1) != 0)
            break;
        n = letters_run(text + at, fold->len - at);
        if (!stands_alone(
                text + at, n, at + n < fold->len ? text[at + n] : ' '))
            break;
        at += n;
    }
    fold->point += (uint32_t)(at - fold->at);
    fold->at = at;
}

int fold_next(struct fold *fold, struct fold_word *out)
{
    if (fold->inside == 0 && take_plain(fold, out))
        goto done;
    out->len = 0;
    out->from = out->bytes = 0;
    out->start = out->points = out->folded_points = 0;
    while (fold->at < fold->len) {
        struct character c;
        const char *word;
        size_t bytes;
        char last = 0;
        int i;

        if (out->len > 0)
            last = out->text[out->len - 1];
        else if (fold->inside == 0 && (bytes = sign(fold, &word)) > 0) {
            take_sign(fold, out, word, bytes);
            return 1;
        }
        if (ascii_digit(last) && !ascii_digit(fold->text[fold->at]) &&
            is_number(out)) {
            if (unit_begins(fold))
                break;
            if (out->len <= NUMBER_HEAD_MAX && parts_thousands(fold)) {
                fold->at++;
                fold->point++;
                continue;
            }
        }
        read_character(&c, fold, last);
        if (out->len > 0 && fold->inside == 0 && has_parting(&c))
            break; /* two and a half is not twenty-one and two */
        for (i = (int)fold->inside; i < c.pieces; i++) {
            if (!is_word_piece(c.piece[i])) {
                /* A parting inside one character: the two halves of 1/2. */
                fold->inside = (uint32_t)i + 1;
                if (out->len > 0)
                    goto done;
                continue;
            }
            if (out->len == 0) {
                out->from = fold->at;
                out->start = fold->point;
            }
            add_piece(out, c.piece[i]);
            out->bytes = fold->at + c.bytes - out->from;
            out->points = fold->point + 1 - out->start;
        }
        if (c.pieces < 0 && out->len > 0)
            break;
        fold->inside = 0;
        fold->at += c.bytes;
        fold->point++;
    }
done:
    settle_unit(out);
    out->text[out->len] = '\0';
    return out->len > 0;
}
