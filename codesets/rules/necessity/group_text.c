#include "codesets/rules/necessity/group_text.h"

#include <string.h>

#include "codesets/core/code.h"

enum token_kind {
    TOKEN_END,
    TOKEN_CODE,   /* a procedure code, or all codes of a pattern "9703X" */
    TOKEN_NUMBER, /* of one or two digits */
    TOKEN_WORD,
    TOKEN_DASH,
    TOKEN_COLON,
    TOKEN_STOP, /* the end of a sentence */
};

enum { WORD_ROOM = 16 }; /* bytes kept of a word; longer ones are cut */

struct token {
    enum token_kind kind;
    char word[WORD_ROOM]; /* lower case */
    uint32_t first, last; /* TOKEN_CODE; TOKEN_NUMBER: first */
};

/* The words around a group's number say what it is a group of. */
enum { BEHIND_MAX = 8 };

struct reading {
    struct group_text *out;
    const char *at, *end;
    struct token token; /* the one at hand */
    bool excluding;     /* an exception has begun in this sentence */
    bool condition;     /* of this sentence */
    bool boilerplate;   /* likewise: it says what every article says */
    bool negated;       /* the word before was "not" */
    bool numbered; /* likewise "request", "transmittal": a number follows */
    /* What was spoken of last in this sentence, and how many words ago. */
    enum subject { OF_NOTHING, OF_PROCEDURES, OF_DIAGNOSES } subject;
    unsigned since;
};

/* --------------------------------------------------------------- tokens */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static char upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static uint32_t pack(const char *text)
{
    char code[PROC_LEN];

    for (size_t i = 0; i < PROC_LEN; i++)
        code[i] = upper(text[i]);
    return proc_pack(code);
}

/* "97035"; "9703X" and "970XX" are all the codes they stand for. */
static bool code_of(struct token *token, const char *text, size_t len)
{
    char low[PROC_LEN], high[PROC_LEN];
    size_t open = PROC_LEN;

    if (len != PROC_LEN)
        return false;
    token->first = token->last = pack(text);
    if (token->first != PROC_NONE)
        return true;
    while (open > 3 && lower(text[open - 1]) == 'x')
        open--;
    if (open == PROC_LEN)
        return false;
    memset(low, '0', sizeof low);
    memset(high, '9', sizeof high);
    memcpy(low, text, open);
    memcpy(high, text, open);
    token->first = pack(low);
    token->last = pack(high);
    return token->first != PROC_NONE && token->last != PROC_NONE;
}

/* Letters and digits; a point between two of them belongs to it ("M25.511"),
 * but not one behind a code ("97035.The"). */
static size_t run_length(const char *at, const char *end)
{
    size_t n = 0;
    const size_t left = (size_t)(end - at);

    while (n < left) {
        if (is_alnum(at[n])) {
            n++;
        } else if (at[n] == '.' && n + 1 < left && is_alnum(at[n + 1])) {
            struct token code;

            if (code_of(&code, at, n) && !is_digit(at[n + 1]))
                break;
            n++;
        } else {
            break;
        }
    }
    return n;
}

/* "CPT97035" is written, too. */
static size_t glued_name(const char *run, size_t len)
{
    static const char *const names[] = {"cpt", "hcpcs"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t n = strlen(names[i]);
        size_t k = 0;

        while (k < n && k < len && lower(run[k]) == names[i][k])
            k++;
        if (k == n && len == n + PROC_LEN)
            return n;
    }
    return 0;
}

static void take_run(struct reading *r)
{
    struct token *token = &r->token;
    size_t len = run_length(r->at, r->end), glued = glued_name(r->at, len), n;

    if (glued > 0 && code_of(token, r->at + glued, len - glued)) {
        token->kind = TOKEN_CODE;
        r->at += len;
        return;
    }
    if (code_of(token, r->at, len)) {
        token->kind = TOKEN_CODE;
    } else if (len <= 2 && is_digit(r->at[0]) && is_digit(r->at[len - 1])) {
        token->kind = TOKEN_NUMBER;
        token->first = (uint32_t)(r->at[0] - '0');
        if (len == 2)
            token->first = token->first * 10 + (uint32_t)(r->at[1] - '0');
    } else {
        token->kind = TOKEN_WORD;
    }
    n = len < WORD_ROOM - 1 ? len : WORD_ROOM - 1;
    for (size_t i = 0; i < n; i++)
        token->word[i] = lower(r->at[i]);
    token->word[n] = '\0';
    r->at += len;
}

/* Hyphens and dashes of Unicode, U+2010 to U+2015 and U+2212. */
static size_t dash_length(const char *at, const char *end)
{
    const unsigned char *p = (const unsigned char *)at;

    if (*at == '-')
        return 1;
    if (end - at >= 3 && p[0] == 0xE2 &&
        ((p[1] == 0x80 && p[2] >= 0x90 && p[2] <= 0x95) ||
            (p[1] == 0x88 && p[2] == 0x92)))
        return 3;
    return 0;
}

/* Moves on to the next token that says something. */
static void next(struct reading *r)
{
    struct token *token = &r->token;

    token->word[0] = '\0';
    while (r->at < r->end) {
        const char c = *r->at;
        size_t dash;

        if (is_alnum(c)) {
            take_run(r);
            return;
        }
        if ((dash = dash_length(r->at, r->end)) > 0) {
            r->at += dash;
            token->kind = TOKEN_DASH;
            return;
        }
        r->at++;
        if (c == '*') { /* the mark of codes with a note of their own */
            r->condition = true;
        } else if (c == '.' || c == ';' || c == '\n' || c == '?' || c == '!') {
            token->kind = TOKEN_STOP;
            return;
        } else if (c == ':') {
            token->kind = TOKEN_COLON;
            return;
        }
    }
    token->kind = TOKEN_END;
}

static bool word_is(const struct token *token, const char *word)
{
    return token->kind == TOKEN_WORD && strcmp(token->word, word) == 0;
}

static bool one_of(
    const struct token *token, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (word_is(token, words[i]))
            return true;
    return false;
}

#define ONE_OF(token, words)                                                   \
    one_of((token), (words), sizeof(words) / sizeof *(words))

/* ---------------------------------------------------------------- words */

static bool speaks_of_procedures(const struct token *token)
{
    static const char *const words[] = {
        "cpt", "hcpcs", "procedure", "procedures", "procedural"};

    return ONE_OF(token, words);
}

static bool speaks_of_diagnoses(const struct token *token)
{
    static const char *const words[] = {
        "icd", "icd10", "diagnosis", "diagnoses", "dx"};

    return ONE_OF(token, words);
}

static bool marks_exception(const struct token *token)
{
    static const char *const words[] = {"except", "excepting", "exception",
        "exceptions", "exclude", "excludes", "excluded", "excluding",
        "exclusion", "exempt"};

    return ONE_OF(token, words);
}

static bool marks_condition(const struct token *token)
{
    static const char *const words[] = {"must", "only", "secondary", "primary",
        "additional", "addition", "combination", "conjunction", "concurrent",
        "concurrently", "accompanied", "accompanying", "require", "requires",
        "required", "requirement", "requirements", "limited", "limit", "limits",
        "restricted", "age", "aged", "ages", "year", "years", "older",
        "younger", "pediatric", "male", "males", "female", "females", "sex",
        "gender", "frequency", "both", "unless", "if", "when", "until", "prior",
        "asterisk", "asterisks", "asterisked", "dual", "paired", "together",
        "along", "sequenced", "documented", "criteria", "condition",
        "conditions"};

    return ONE_OF(token, words);
}

/* Sentences that stand in nearly every article and add nothing of this list:
 * code to the highest specificity, the service must be reasonable and
 * necessary. */
static bool marks_boilerplate(const struct token *token)
{
    static const char *const words[] = {
        "specificity", "responsibility", "reasonable", "assure"};

    return ONE_OF(token, words);
}

/* "Change Request 10901": five digits that are no procedure. */
static bool announces_a_number(const struct token *token)
{
    static const char *const words[] = {"cr", "request", "requests",
        "transmittal", "transmittals", "publication", "pub", "zip", "contract",
        "contractor", "suite", "box"};

    return ONE_OF(token, words);
}

static void end_sentence(struct reading *r)
{
    if (r->condition && !r->boilerplate)
        r->out->conditions = true;
    r->excluding = r->condition = r->boilerplate = false;
    r->negated = r->numbered = false;
    r->subject = OF_NOTHING;
}

static void read_word(struct reading *r)
{
    const struct token *token = &r->token;

    r->since++;
    if (speaks_of_procedures(token)) {
        r->subject = OF_PROCEDURES;
        r->since = 0;
    } else if (speaks_of_diagnoses(token)) {
        r->subject = OF_DIAGNOSES;
        r->since = 0;
        r->out->diagnoses = true;
    }
    if (marks_exception(token) ||
        (r->negated &&
            (word_is(token, "apply") || word_is(token, "applies") ||
                word_is(token, "applicable") || word_is(token, "including") ||
                word_is(token, "subject"))))
        r->excluding = true;
    r->negated = word_is(token, "not") || word_is(token, "other");
    r->numbered = announces_a_number(token);
    if (marks_condition(token))
        r->condition = true;
    if (marks_boilerplate(token))
        r->boilerplate = true;
    next(r);
    /* "other than 97035", "but not 97035" */
    if (r->negated &&
        (word_is(&r->token, "than") || r->token.kind == TOKEN_CODE))
        r->excluding = true;
}

/* ---------------------------------------------------------------- codes */

static void add_range(struct reading *r, uint32_t first, uint32_t last)
{
    struct group_text *out = r->out;

    if (r->numbered)
        return;
    if (out->ranges == GROUP_TEXT_RANGES_MAX) {
        out->cut = true;
        return;
    }
    out->range[out->ranges++] = (struct group_range){first, last, r->excluding};
}

/* Codes between which others can lie: of one letter in front and behind. */
static bool of_one_kind(uint32_t first, uint32_t last)
{
    char a[PROC_LEN + 1], b[PROC_LEN + 1];

    proc_unpack(a, first);
    proc_unpack(b, last);
    return first <= last && (is_digit(a[0]) ? is_digit(b[0]) : a[0] == b[0]) &&
           (is_digit(a[4]) ? is_digit(b[4]) : a[4] == b[4]);
}

static bool joins_a_range(const struct token *token)
{
    static const char *const words[] = {"to", "through", "thru"};

    return token->kind == TOKEN_DASH || ONE_OF(token, words);
}

static void read_code(struct reading *r)
{
    const uint32_t first = r->token.first, last = r->token.last;
    struct reading ahead;

    next(r);
    if (!joins_a_range(&r->token)) {
        add_range(r, first, last);
        return;
    }
    ahead = *r;
    next(&ahead);
    if (ahead.token.kind != TOKEN_CODE ||
        !of_one_kind(first, ahead.token.last)) {
        add_range(r, first, last); /* "97035-GP" */
        return;
    }
    add_range(r, first, ahead.token.last);
    *r = ahead;
    next(r);
}

/* --------------------------------------------------------------- groups */

static uint64_t group_bit(uint32_t number)
{
    return number == 0 || number > GROUP_NUMBER_MAX ? 0 : (uint64_t)1 << number;
}

/* "1", "1 and 2", "1, 2 & 3", "1-3": the numbers behind "group". */
static uint64_t read_numbers(struct reading *r)
{
    uint64_t groups = 0;
    uint32_t last = 0;

    while (r->token.kind == TOKEN_NUMBER) {
        last = r->token.first;
        groups |= group_bit(last);
        next(r);
        if (joins_a_range(&r->token)) {
            struct reading ahead = *r;

            next(&ahead);
            if (ahead.token.kind != TOKEN_NUMBER)
                break;
            for (uint32_t n = last; n < ahead.token.first; n++)
                groups |= group_bit(n);
            *r = ahead;
            continue;
        }
        if (word_is(&r->token, "and") || word_is(&r->token, "or")) {
            struct reading ahead = *r;

            next(&ahead);
            if (ahead.token.kind == TOKEN_WORD &&
                (word_is(&ahead.token, "group") ||
                    word_is(&ahead.token, "groups")))
                next(&ahead);
            if (ahead.token.kind == TOKEN_NUMBER)
                *r = ahead;
        }
    }
    return groups;
}

/* Procedures and diagnoses both stand in groups: the word right behind the
 * number tells, or the one spoken of last in front of it. Neither: the
 * heading of this group itself. */
static void read_group(struct reading *r)
{
    const enum subject subject = r->subject;
    const unsigned since = ++r->since;
    uint64_t groups;

    r->negated = false;
    next(r);
    groups = read_numbers(r);
    if (groups == 0)
        return;
    if (speaks_of_procedures(&r->token) ||
        (!speaks_of_diagnoses(&r->token) && subject == OF_PROCEDURES &&
            since <= BEHIND_MAX)) {
        if (r->excluding)
            r->out->excluded_groups |= groups;
        else
            r->out->procedure_groups |= groups;
    } else if (speaks_of_diagnoses(&r->token) ||
               (subject == OF_DIAGNOSES && since <= BEHIND_MAX)) {
        r->out->diagnosis_groups |= groups;
    }
}

void group_text_read(struct group_text *out, const char *text, size_t len)
{
    struct reading r = {.out = out};

    /* The ranges themselves are left as they are: ranges counts them. */
    out->ranges = 0;
    out->cut = out->diagnoses = out->conditions = false;
    out->procedure_groups = out->excluded_groups = out->diagnosis_groups = 0;
    if (text == NULL)
        return;
    r.at = text;
    r.end = text + len;
    next(&r);
    while (r.token.kind != TOKEN_END) {
        switch (r.token.kind) {
        case TOKEN_CODE:
            r.since++;
            read_code(&r);
            break;
        case TOKEN_WORD:
            if (word_is(&r.token, "group") || word_is(&r.token, "groups"))
                read_group(&r);
            else
                read_word(&r);
            break;
        case TOKEN_STOP:
            end_sentence(&r);
            next(&r);
            break;
        default:
            next(&r);
            break;
        }
    }
    end_sentence(&r);
}

/* --------------------------------------------------------------- naming */

enum naming group_text_names(
    const struct group_text *text, uint32_t packed, uint64_t groups)
{
    bool named = (text->procedure_groups & groups) != 0;
    bool excluded = (text->excluded_groups & groups) != 0;
    bool others = text->procedure_groups != 0 || text->cut;

    for (size_t i = 0; i < text->ranges; i++) {
        const struct group_range *range = &text->range[i];

        if (range->first <= packed && packed <= range->last) {
            named = named || !range->excluded;
            excluded = excluded || range->excluded;
        } else {
            others = others || !range->excluded;
        }
    }
    if (excluded)
        return NAMING_EXCLUDED;
    if (named)
        return NAMING_NAMED;
    return others ? NAMING_OTHERS : NAMING_NONE;
}
