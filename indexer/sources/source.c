#include "indexer/sources/source.h"

#include <string.h>
#include <strings.h>

/* ---- labels -------------------------------------------------------------- */

/* A letter in lower case or a digit; 0 for what a label is not told by. */
static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return c;
    return 0;
}

/* How much of the cell, from at on, spells the label: the length up to behind
 * the label's last letter, or 0 when it does not. */
static size_t spells(struct cell cell, size_t at, const char *label)
{
    size_t i = at;
    char want;

    for (; *label != '\0'; label++) {
        want = folded(*label);
        if (want == 0)
            continue;
        while (i < cell.len && folded(cell.text[i]) == 0)
            i++;
        if (i == cell.len || folded(cell.text[i]) != want)
            return 0;
        i++;
    }
    return i - at;
}

bool label_is(struct cell cell, const char *label)
{
    size_t i = spells(cell, 0, label);

    if (i == 0)
        return false;
    while (i < cell.len && folded(cell.text[i]) == 0)
        i++;
    return i == cell.len;
}

bool label_has(struct cell cell, const char *label)
{
    size_t at;

    for (at = 0; at < cell.len; at++) {
        if (folded(cell.text[at]) != 0 && spells(cell, at, label) > 0)
            return true;
    }
    return false;
}

/* ---- quarters ------------------------------------------------------------ */

enum { TOKENS_MAX = 128, YEAR_MIN = 1990, YEAR_MAX = 2099 };

/* A run of digits or of letters. */
struct token {
    const char *text;
    size_t len;
    bool digits;
    bool joined; /* nothing stands between it and the token before */
    int value;   /* of up to eight digits, else -1 */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return folded(c) != 0 && !is_digit(c);
}

static size_t tokenise(struct token tokens[TOKENS_MAX], const char *text)
{
    size_t count = 0, i;
    struct token *t;
    const char *end = NULL;

    while (*text != '\0' && count < TOKENS_MAX) {
        if (folded(*text) == 0) {
            text++;
            continue;
        }
        t = &tokens[count++];
        *t = (struct token){.text = text,
            .digits = is_digit(*text),
            .joined = text == end,
            .value = -1};
        while (t->digits ? is_digit(*text) : is_letter(*text))
            text++;
        end = text;
        t->len = (size_t)(text - t->text);
        if (t->digits && t->len <= 8) {
            t->value = 0;
            for (i = 0; i < t->len; i++)
                t->value = 10 * t->value + (t->text[i] - '0');
        }
    }
    return count;
}

static bool word_is(const struct token *t, const char *word)
{
    return !t->digits && t->len == strlen(word) &&
           strncasecmp(t->text, word, t->len) == 0;
}

static bool word_ends(const struct token *t, const char *end)
{
    const size_t len = strlen(end);

    return !t->digits && t->len >= len &&
           strncasecmp(t->text + t->len - len, end, len) == 0;
}

static bool is_year(const struct token *t)
{
    return t->digits && t->len == 4 && t->value >= YEAR_MIN &&
           t->value <= YEAR_MAX;
}

static bool is_quarter(const struct token *t)
{
    return t->digits && t->len == 1 && t->value >= 1 && t->value <= 4;
}

/* The month a token names in full or by three letters (or "sept"); 0 if none.
 */
static int month_named(const struct token *t)
{
    static const char *const months[] = {"january", "february", "march",
        "april", "may", "june", "july", "august", "september", "october",
        "november", "december"};
    int i;

    if (t->digits || t->len < 3)
        return 0;
    for (i = 0; i < 12; i++) {
        if ((t->len == 3 && strncasecmp(t->text, months[i], 3) == 0) ||
            word_is(t, months[i]) || (i == 8 && word_is(t, "sept")))
            return i + 1;
    }
    return 0;
}

struct when {
    int year, quarter;
};

static bool at_month(struct when *when, int year, int month)
{
    *when = (struct when){year, (month + 2) / 3};
    return true;
}

static bool at_date(struct when *when, int year, int month, int mday)
{
    return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 &&
           mday >= 1 && mday <= 31 && at_month(when, year, month);
}

/* Each rule looks at the token t and those behind it, n in all. */
typedef bool rule_fn(struct when *when, const struct token *t, size_t n);

/* 2024q3  2026-q2  V2026Q2  "2025 Quarter 1"  "Q1 2025"  "Quarter 1, 2025" */
static bool rule_quarter(struct when *when, const struct token *t, size_t n)
{
    const struct token *year, *q, *number;

    if (n < 3)
        return false;
    year = is_year(&t[0]) ? &t[0] : &t[2];
    q = is_year(&t[0]) ? &t[1] : &t[0];
    number = is_year(&t[0]) ? &t[2] : &t[1];
    if (!is_year(year) || !is_quarter(number) ||
        !(word_is(q, "q") || word_is(q, "quarter")))
        return false;
    *when = (struct when){year->value, number->value};
    return true;
}

/* v322r0  v320: NCCI's own count, 32 for 2026 (year less 1994), then the
 * quarter less one. */
static bool rule_version(struct when *when, const struct token *t, size_t n)
{
    if (n < 2 || !word_is(&t[0], "v") || !t[1].digits || t[1].len != 3 ||
        !t[1].joined || t[1].value % 10 > 3)
        return false;
    *when = (struct when){1994 + t[1].value / 10, t[1].value % 10 + 1};
    return when->year <= YEAR_MAX;
}

/* RVU24A  rvu25d  RVU26AR: the letter is the quarter. */
static bool rule_rvu(struct when *when, const struct token *t, size_t n)
{
    char letter;

    if (n < 3 || !word_ends(&t[0], "rvu") || !t[1].digits || t[1].len != 2 ||
        !t[1].joined || t[2].digits || !t[2].joined || t[2].len > 2)
        return false;
    letter = folded(t[2].text[0]);
    if (letter < 'a' || letter > 'd' ||
        (t[2].len == 2 && folded(t[2].text[1]) != 'r'))
        return false;
    *when = (struct when){2000 + t[1].value, letter - 'a' + 1};
    return true;
}

/* january-2026  "October 2025"  "July 1, 2024"  April-1-2026 */
static bool rule_month_year(struct when *when, const struct token *t, size_t n)
{
    const int month = n > 0 ? month_named(&t[0]) : 0;

    if (month == 0)
        return false;
    if (n > 1 && is_year(&t[1]))
        return at_month(when, t[1].value, month);
    return n > 2 && t[1].digits && t[1].len <= 2 && is_year(&t[2]) &&
           at_date(when, t[2].value, month, t[1].value);
}

/* PPRRVU2025_Oct  HCPC2026_JAN  2023_January  PPRRVU25_JAN  DMEPOS25_APR */
static bool rule_year_month(struct when *when, const struct token *t, size_t n)
{
    const int month = n > 1 ? month_named(&t[1]) : 0;

    if (month == 0)
        return false;
    if (is_year(&t[0]))
        return at_month(when, t[0].value, month);
    return t[0].digits && t[0].len == 2 && t[0].joined &&
           at_month(when, 2000 + t[0].value, month);
}

/* Eff_07-01-2026  7/1/2024  2024-07-01  effective-06012026  20240701 */
static bool rule_date(struct when *when, const struct token *t, size_t n)
{
    int v;

    if (n == 0 || !t[0].digits)
        return false;
    if (t[0].len == 8) {
        v = t[0].value;
        return at_date(when, v % 10000, v / 1000000, v / 10000 % 100) ||
               at_date(when, v / 10000, v / 100 % 100, v % 100);
    }
    if (n < 3 || !t[1].digits || t[1].len > 2 || !t[2].digits)
        return false;
    if (is_year(&t[0]))
        return t[2].len <= 2 &&
               at_date(when, t[0].value, t[1].value, t[2].value);
    return t[0].len <= 2 && is_year(&t[2]) &&
           at_date(when, t[2].value, t[0].value, t[1].value);
}

/* Names often carry two: the release and the day it was put up
 * ("HCPC2026_JAN_ANWEB_01122026", "rvu25a-updated-01_10_2025"). So what can
 * only be a release comes first, and a date last. */
bool find_quarter(const char *text, int *year, int *quarter)
{
    static rule_fn *const rules[] = {rule_quarter, rule_version, rule_rvu,
        rule_year_month, rule_month_year, rule_date};
    struct token tokens[TOKENS_MAX];
    const size_t count = tokenise(tokens, text);
    struct when when;
    size_t rule, i;

    for (rule = 0; rule < sizeof rules / sizeof rules[0]; rule++) {
        for (i = 0; i < count; i++) {
            if (rules[rule](&when, &tokens[i], count - i)) {
                *year = when.year;
                *quarter = when.quarter;
                return true;
            }
        }
    }
    return false;
}
