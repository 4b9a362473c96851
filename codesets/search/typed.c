#include "codesets/search/typed.h"

#include <string.h>

enum {
    TOKENS_MAX = SEARCH_CODES_MAX,
    SIMILAR_MAX = 8,     /* characters that may be read in two ways */
    WORD_PREFIX_MIN = 3, /* characters of a word that begins codes */
};

struct token {
    const char *text;
    size_t len;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_letter(char c)
{
    return upper(c) >= 'A' && upper(c) <= 'Z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_letter(c);
}

static bool has_digit(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (is_digit(text[i]))
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

bool typed_has(const struct typed_codes *range, const struct code_list *codes,
    uint32_t document)
{
    return document >= range->first && document < range->end &&
           (!range->icd_only ||
               code_at(codes, document).system == SYSTEM_ICD10CM);
}

static bool any_in(
    const struct typed_codes *range, const struct code_list *codes)
{
    for (uint32_t i = range->first; i < range->end; i++)
        if (typed_has(range, codes, i))
            return true;
    return false;
}

static struct typed_codes exact_codes(
    const struct code_list *codes, const struct code_text *code)
{
    struct typed_codes out = {
        .first = code_lower_bound(codes, code->text, code->len),
        .icd_only = code->dotted,
        .match = MATCH_CODE};

    for (out.end = out.first; out.end < codes->count; out.end++)
        if (code_at(codes, out.end).len != code->len ||
            memcmp(code_at(codes, out.end).text, code->text, code->len) != 0)
            break;
    return out;
}

static struct typed_codes begun_codes(
    const struct code_list *codes, const struct code_text *code)
{
    return (struct typed_codes){
        .first = code_lower_bound(codes, code->text, code->len),
        .end = prefix_end(codes, code),
        .icd_only = code->dotted,
        .match = MATCH_CODE_PREFIX};
}

static void add(struct typed *out, struct typed_codes range)
{
    if (out->count < SEARCH_CODES_MAX)
        out->codes[out->count++] = range;
}

uint32_t typed_word(struct typed_codes out[2], const struct code_list *codes,
    const char *text, size_t len)
{
    struct code_text code;
    uint32_t n = 0;

    if (code_text_parse(&code, text, len) != 0)
        return 0;
    out[0] = exact_codes(codes, &code);
    n += any_in(&out[0], codes);
    /* A prefix needs a digit, "gait" is a word; and so many characters that a
     * dose ("5 mg") does not begin ten thousand codes. */
    if (len >= WORD_PREFIX_MIN && has_digit(code.text, code.len) &&
        !(is_digit(text[0]) && len == WORD_PREFIX_MIN)) {
        out[n] = begun_codes(codes, &code);
        n += any_in(&out[n], codes);
    }
    return n;
}

/* ----------------------------------------------------------- whole texts */

static struct token trim(struct token t)
{
    while (t.len > 0 && !is_alnum(t.text[0])) {
        t.text++;
        t.len--;
    }
    while (
        t.len > 0 && !is_alnum(t.text[t.len - 1]) && t.text[t.len - 1] != '.')
        t.len--;
    return t;
}

/* Reads one text as a code that exists. */
static bool read_code(struct typed_codes *out, const struct code_list *codes,
    const char *text, size_t len)
{
    struct code_text code;

    if (code_text_parse(&code, text, len) != 0)
        return false;
    *out = exact_codes(codes, &code);
    return any_in(out, codes);
}

static bool starts_with(struct token t, const char *name, size_t len)
{
    if (t.len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (upper(t.text[i]) != name[i])
            return false;
    return true;
}

/* Drops a system's name in front of the code: "icd-10-cm m54.5". What is left
 * must hold a digit. *only says which system it is. */
static struct token drop_system(struct token t)
{
    static const char *const names[] = {"CPT", "HCPCS", "ICD-10-CM",
        "ICD 10 CM", "ICD10CM", "ICD10-CM", "ICD10 CM", "ICD-10", "ICD 10",
        "ICD10", "ICD", "CDT", "MODIFIER", "MOD", "DX", "DIAGNOSIS",
        "PROCEDURE", "CODE", "CODES"};
    bool more = true;

    while (more) {
        more = false;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const size_t len = strlen(names[i]);
            struct token rest;

            if (!starts_with(t, names[i], len) || t.len == len ||
                is_letter(t.text[len]) ||
                (is_digit(t.text[len]) && is_digit(names[i][len - 1])))
                continue;
            rest = trim((struct token){t.text + len, t.len - len});
            if (rest.len == 0)
                continue;
            t = rest;
            more = true;
            break;
        }
    }
    return t;
}

/* One code, or the beginning of codes. */
static bool read_single(
    struct typed *out, const struct code_list *codes, struct token t)
{
    struct code_text code;
    struct typed_codes exact, begun;

    if (code_text_parse(&code, t.text, t.len) != 0)
        return false;
    exact = exact_codes(codes, &code);
    if (any_in(&exact, codes))
        add(out, exact);
    if (has_digit(code.text, code.len)) {
        begun = begun_codes(codes, &code);
        if (any_in(&begun, codes))
            add(out, begun);
    }
    return out->count > 0;
}

/* "M54 50", "M54,50", "M54-50": something else stands for the dot. */
static bool read_parted(
    struct typed *out, const struct code_list *codes, struct token t)
{
    char dotted[CODE_TEXT];
    struct token whole = {dotted, 0};
    size_t at = 3;

    if (t.len < 5)
        return false;
    for (size_t i = 0; i < 3; i++)
        dotted[i] = upper(t.text[i]);
    if (!icd_shaped(dotted, 3) || strchr(" ,-_:/", t.text[3]) == NULL ||
        t.text[3] == '\0')
        return false;
    while (at < t.len && !is_alnum(t.text[at]))
        at++;
    if (t.len - at > 4)
        return false;
    for (size_t i = at; i < t.len; i++)
        if (!is_alnum(t.text[i]))
            return false;
    dotted[3] = '.';
    memcpy(dotted + 4, t.text + at, t.len - at);
    whole.len = 4 + t.len - at;
    return read_single(out, codes, whole);
}

/* "97161-97163", "97161 to 97163" */
static bool read_range(
    struct typed *out, const struct code_list *codes, struct token t)
{
    static const char *const between[] = {"-", " - ", "\xE2\x80\x93",
        " \xE2\x80\x93 ", "..", " to ", " TO ", " through ", " thru "};

    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        const char *at = memmem(t.text, t.len, between[i], strlen(between[i]));
        struct code_text low, high;
        struct typed_codes range = {.match = MATCH_CODE_RANGE};
        const char *behind;

        if (at == NULL)
            continue;
        behind = at + strlen(between[i]);
        if (code_text_parse(&low, t.text, (size_t)(at - t.text)) != 0 ||
            code_text_parse(&high, behind, (size_t)(t.text + t.len - behind)) !=
                0 ||
            low.len < 3 || high.len < 3 || !has_digit(low.text, low.len) ||
            !has_digit(high.text, high.len) ||
            (low.len != high.len && !icd_shaped(low.text, low.len)) ||
            strcmp(low.text, high.text) >= 0)
            continue;
        range.first = code_lower_bound(codes, low.text, low.len);
        range.end = prefix_end(codes, &high);
        range.icd_only = low.dotted || high.dotted;
        if (range.first < range.end && any_in(&range, codes)) {
            add(out, range);
            out->only = true;
            return true;
        }
    }
    return false;
}

static bool is_modifier(const struct code_list *codes, const char *text,
    size_t len, struct typed_codes *out)
{
    char plain[MODIFIER_LEN];
    uint32_t number;

    if (len != MODIFIER_LEN || !is_alnum(text[0]) || !is_alnum(text[1]))
        return false;
    plain[0] = upper(text[0]);
    plain[1] = upper(text[1]);
    number = code_number(codes, SYSTEM_MODIFIER, plain, MODIFIER_LEN);
    if (number == UINT32_MAX)
        return false;
    *out = (struct typed_codes){
        .first = number, .end = number + 1, .match = MATCH_CODE};
    return true;
}

/* The next piece of a list: everything but letters, digits and dots parts. */
static bool next_piece(struct token *rest, struct token *out)
{
    size_t i = 0;

    while (rest->len > 0 && !is_alnum(rest->text[0])) {
        rest->text++;
        rest->len--;
    }
    while (i < rest->len && (is_alnum(rest->text[i]) || rest->text[i] == '.'))
        i++;
    *out = (struct token){rest->text, i};
    rest->text += i;
    rest->len -= i;
    return i > 0;
}

static bool is_and(struct token t)
{
    return (t.len == 3 && starts_with(t, "AND", 3)) ||
           (t.len == 4 && starts_with(t, "WITH", 4));
}

/* Codes and modifiers behind them, nothing else: in the order typed. */
static bool read_list(
    struct typed *out, const struct code_list *codes, struct token t)
{
    struct typed list = {.only = true};
    struct token piece;
    bool procedure = false;

    while (next_piece(&t, &piece)) {
        struct typed_codes found, modifier;

        if (list.count > 0 && is_and(piece))
            continue;
        if (procedure && is_modifier(codes, piece.text, piece.len, &found)) {
            add(&list, found);
        } else if (piece.len >= 3 && has_digit(piece.text, piece.len) &&
                   read_code(&found, codes, piece.text, piece.len)) {
            add(&list, found);
            procedure = code_at(codes, found.first).system != SYSTEM_ICD10CM;
        } else if (piece.len == PROC_LEN + MODIFIER_LEN &&
                   read_code(&found, codes, piece.text, PROC_LEN) &&
                   is_modifier(
                       codes, piece.text + PROC_LEN, MODIFIER_LEN, &modifier)) {
            add(&list, found);
            add(&list, modifier);
            procedure = true;
        } else {
            return false;
        }
        if (list.count == SEARCH_CODES_MAX)
            break;
    }
    if (list.count < 2)
        return false;
    *out = list;
    return true;
}

/* "J-1885", "97 110": one code, with something between its characters. */
static bool read_spaced(
    struct typed *out, const struct code_list *codes, struct token t)
{
    char text[CODE_TEXT];
    struct typed_codes found;
    size_t n = 0;

    for (size_t i = 0; i < t.len; i++) {
        if (!is_alnum(t.text[i]) && t.text[i] != '.')
            continue;
        if (n == PROC_LEN + MODIFIER_LEN)
            return false;
        text[n++] = t.text[i];
    }
    if (n < PROC_LEN || n == t.len || !has_digit(text, n) ||
        !read_code(&found, codes, text, n))
        return false;
    add(out, found);
    return true;
}

/* The other reading of a character, or 0. */
static char similar(char c)
{
    switch (upper(c)) {
    case 'O':
        return '0';
    case '0':
        return 'O';
    case 'I':
    case 'L':
        return '1';
    case '1':
        return 'I';
    default:
        return '\0';
    }
}

/* The one code that the text can be when look-alikes are taken for each other.
 */
static bool read_similar(
    struct typed *out, const struct code_list *codes, struct token t)
{
    char text[CODE_TEXT];
    size_t place[SIMILAR_MAX], places = 0, readings = 0;
    struct typed_codes found = {0};

    if (t.len < 3 || t.len > ICD_MAX + 1)
        return false;
    for (size_t i = 0; i < t.len; i++)
        if (similar(t.text[i]) != '\0') {
            if (places == SIMILAR_MAX)
                return false;
            place[places++] = i;
        }
    for (unsigned way = 1; way < 1u << places; way++) {
        struct typed_codes one;

        memcpy(text, t.text, t.len);
        for (size_t i = 0; i < places; i++)
            if ((way >> i & 1) != 0)
                text[place[i]] = similar(text[place[i]]);
        if (has_digit(text, t.len) && read_code(&one, codes, text, t.len)) {
            found = one;
            readings++;
        }
    }
    if (readings != 1)
        return false;
    found.match = MATCH_CODE_SIMILAR;
    add(out, found);
    return true;
}

void typed_read(struct typed *out, const struct code_list *codes,
    const char *text, size_t len)
{
    const struct token whole = trim((struct token){text, len});
    struct token t = drop_system(whole);

    out->count = 0;
    out->only = false;
    if (t.len == 0)
        return;
    if (read_single(out, codes, t)) {
        out->only = t.text != whole.text && has_digit(t.text, t.len);
        return;
    }
    if (!has_digit(t.text, t.len) && memchr(t.text, 'O', t.len) == NULL &&
        memchr(t.text, 'o', t.len) == NULL)
        return;
    if (!read_parted(out, codes, t) && !read_range(out, codes, t) &&
        !read_list(out, codes, t) && !read_spaced(out, codes, t))
        (void)read_similar(out, codes, t);
}
