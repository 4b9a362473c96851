#include "codesets/core/fold.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

enum {
    PIECES_MAX = 20, /* the longest compatibility form has 18 code points */
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

void fold_begin(struct fold *out, const char *text, size_t len)
{
    *out = (struct fold){.text = text, .len = len};
}

int fold_next(struct fold *fold, struct fold_word *out)
{
    out->len = 0;
    out->from = out->bytes = 0;
    out->start = out->points = out->folded_points = 0;
    while (fold->at < fold->len) {
        struct character c;
        char last = 0;
        int i;

        if (out->len > 0)
            last = out->text[out->len - 1];
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
    out->text[out->len] = '\0';
    return out->len > 0;
}
