#include "codesets/search/typed.h"

#include <string.h>
#include <utf8proc.h>

enum {
    SIMILAR_MAX = 8,     /* characters that may be read in two ways */
    WORD_PREFIX_MIN = 3, /* characters of a word that begins codes */
    SHORT_END_MAX = 1,   /* characters of the "3" in "97161-3" */
    LETTERS_MIN = 5,     /* of a code typed without a digit: "boil" is a word */
    PIECES_MAX = 20,     /* the longest compatibility form has 18 code points */
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

/* The length of the system's name that a text begins with, 0 for none. Behind a
 * name stands no letter, "modify" names nothing, unless a code begins there. */
static size_t system_name(const struct code_list *codes, struct token t)
{
    static const char *const names[] = {"CPT-4", "CPT4", "CPT", "HCPCS", "HCPC",
        "LEVEL II", "LEVEL 2", "LEVEL I", "LEVEL 1", "ICD-10-CM", "ICD 10 CM",
        "ICD10CM", "ICD10-CM", "ICD10 CM", "ICD-10CM", "ICD-10", "ICD 10",
        "ICD10", "ICD", "CDT", "MODIFIERS", "MODIFIER", "MOD", "DX",
        "DIAGNOSIS", "DIAG", "PROCEDURE", "PROC", "CODE(S)", "CODES", "CODE",
        "NUMBER"};
    struct typed_codes code;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t len = strlen(names[i]);

        if (!starts_with(t, names[i], len) || t.len == len ||
            (is_digit(t.text[len]) && is_digit(names[i][len - 1])))
            continue;
        if (!is_letter(t.text[len]) ||
            read_code(&code, codes, t.text + len, t.len - len))
            return len;
    }
    return 0;
}

/* Drops names of systems in front of the code: "icd-10-cm m54.5", "CPT code
 * 97110". */
static struct token drop_system(const struct code_list *codes, struct token t)
{
    for (;;) {
        const size_t len = system_name(codes, t);
        const struct token rest =
            trim((struct token){t.text + len, t.len - len});

        if (len == 0 || rest.len == 0)
            return t;
        t = rest;
    }
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
    if (!icd_shaped(dotted, 3) || strchr(" .,-_:/", t.text[3]) == NULL ||
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

/* "97161-3" ends with 97163. */
static void lengthen_end(
    struct code_text *high, const struct code_text *low, const char *between)
{
    if (high->len > SHORT_END_MAX || low->len != PROC_LEN || *between != '-')
        return;
    memmove(high->text + PROC_LEN - high->len, high->text, high->len);
    memcpy(high->text, low->text, PROC_LEN - high->len);
    high->text[PROC_LEN] = '\0';
    high->len = PROC_LEN;
}

/* Where a text begins in another, letters of either case. */
static const char *find(struct token t, const char *text)
{
    const size_t len = strlen(text);

    for (; t.len >= len; t.text++, t.len--)
        if (starts_with(t, text, len))
            return t.text;
    return NULL;
}

/* "97161-97163", "97161 to 97163" */
static bool read_range(
    struct typed *out, const struct code_list *codes, struct token t)
{
    static const char *const between[] = {
        "-", "..", " TO ", " THROUGH ", " THRU ", " UNTIL "};

    if (starts_with(t, "FROM ", 5))
        t = trim((struct token){t.text + 5, t.len - 5});
    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        const char *at = find(t, between[i]);
        struct code_text low, high;
        struct typed_codes range = {.match = MATCH_CODE_RANGE};
        const char *behind;

        if (at == NULL)
            continue;
        behind = at + strlen(between[i]);
        if (code_text_parse(&low, t.text, (size_t)(at - t.text)) != 0 ||
            code_text_parse(&high, behind, (size_t)(t.text + t.len - behind)) !=
                0)
            continue;
        lengthen_end(&high, &low, between[i]);
        if (low.len < 3 || high.len < 3 || !has_digit(low.text, low.len) ||
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
           (t.len == 2 && starts_with(t, "OR", 2)) ||
           (t.len == 3 && starts_with(t, "MOD", 3)) ||
           (t.len == 8 && starts_with(t, "MODIFIER", 8)) ||
           (t.len == 4 && starts_with(t, "WITH", 4));
}

/* The "4" of "99213/4": the code before with another end. */
static bool read_short_end(struct typed_codes *out,
    const struct code_list *codes, const struct typed *before,
    struct token piece)
{
    struct code_ref code;
    char text[PROC_LEN];

    if (before->count == 0 || piece.len != SHORT_END_MAX ||
        piece.text[-1] != '/')
        return false;
    code = code_at(codes, before->codes[before->count - 1].first);
    if (code.len != PROC_LEN)
        return false;
    memcpy(text, code.text, PROC_LEN);
    memcpy(text + PROC_LEN - piece.len, piece.text, piece.len);
    return read_code(out, codes, text, PROC_LEN);
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
        } else if (read_short_end(&found, codes, &list, piece)) {
            add(&list, found);
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

/* "J-1885", "97 110", "S72.001 A", "I 10": one code, with something between its
 * characters. Few characters are a code only when the gap is behind the letter
 * alone: "t3 4" is none. */
static bool read_spaced(
    struct typed *out, const struct code_list *codes, struct token t)
{
    char text[CODE_TEXT];
    struct typed_codes found;
    size_t n = 0;

    for (size_t i = 0; i < t.len; i++) {
        if (!is_alnum(t.text[i]) && t.text[i] != '.')
            continue;
        if (n == ICD_MAX + 1)
            return false;
        text[n++] = t.text[i];
    }
    if (n < 3 || n == t.len || !has_digit(text, n) ||
        (n < PROC_LEN && (!is_letter(t.text[0]) || is_alnum(t.text[1]) ||
                             !is_digit(t.text[t.len - n + 1]))) ||
        !read_code(&found, codes, text, n))
        return false;
    add(out, found);
    return true;
}

/* "M54.x", "E11.XX", "971xx": any characters may follow. */
static bool read_open(
    struct typed *out, const struct code_list *codes, struct token t)
{
    struct code_text code;
    struct typed_codes begun;
    size_t len = t.len;

    while (len > 0 && upper(t.text[len - 1]) == 'X')
        len--;
    if (len == t.len || len < 3 || code_text_parse(&code, t.text, len) != 0 ||
        code.len < 3 || !has_digit(code.text, code.len))
        return false;
    begun = begun_codes(codes, &code);
    if (!any_in(&begun, codes))
        return false;
    add(out, begun);
    return true;
}

/* Characters that are taken for each other; rarer mistakes are thought of when
 * the others lead nowhere. */
static const char *const alike[] = {"O0 I1 L1", "O0 I1 L1 S5 B8 Z2 G6"};

/* The other readings of a character; returns how many. */
static size_t readings_of(char out[SIMILAR_MAX], char c, const char *pairs)
{
    size_t n = 0;

    for (; *pairs != '\0'; pairs += pairs[2] == '\0' ? 2 : 3)
        if (pairs[0] == upper(c) || pairs[1] == c)
            out[n++] = pairs[0] == upper(c) ? pairs[1] : pairs[0];
    return n;
}

/* A text that is read in other ways, character by character. */
struct reading {
    const struct code_list *codes;
    const char *pairs;
    struct token typed;
    char text[CODE_TEXT];
    size_t changed;
    uint32_t found; /* codes that it can be */
    struct typed_codes code;
};

/* True when some code begins with the characters read so far. */
static bool leads_on(const struct reading *reading, size_t len)
{
    struct code_text code;
    struct typed_codes begun;

    if (len == 0)
        return true;
    if (code_text_parse(&code, reading->text, len) != 0)
        return false;
    begun = begun_codes(reading->codes, &code);
    return begun.first < begun.end;
}

static void read_from(struct reading *reading, size_t at)
{
    char other[SIMILAR_MAX];
    size_t others;

    if (reading->found > 1 || !leads_on(reading, at))
        return;
    if (at == reading->typed.len) {
        struct typed_codes one;

        if (reading->changed > 0 && has_digit(reading->text, at) &&
            read_code(&one, reading->codes, reading->text, at)) {
            reading->found++;
            reading->code = one;
        }
        return;
    }
    reading->text[at] = reading->typed.text[at];
    read_from(reading, at + 1);
    if (reading->changed == SIMILAR_MAX)
        return;
    others = readings_of(other, reading->typed.text[at], reading->pairs);
    reading->changed++;
    for (size_t i = 0; i < others; i++) {
        reading->text[at] = other[i];
        read_from(reading, at + 1);
    }
    reading->changed--;
}

/* The one code that the text can be when look-alikes are taken for each other.
 */
static bool read_similar(
    struct typed *out, const struct code_list *codes, struct token t)
{
    if (t.len < (has_digit(t.text, t.len) ? 3 : LETTERS_MIN) ||
        t.len > ICD_MAX + 1)
        return false;
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        struct reading reading = {
            .codes = codes, .pairs = alike[i], .typed = t};

        read_from(&reading, 0);
        if (reading.found == 0) {
            if (!has_digit(t.text, t.len))
                return false; /* "gloss" is a word */
            continue;
        }
        if (reading.found > 1)
            return false;
        reading.code.match = MATCH_CODE_SIMILAR;
        add(out, reading.code);
        return true;
    }
    return false;
}

/* ------------------------------------------------------ beyond plain ASCII */

/* One character as ASCII: full-width forms, all dashes and blanks, signs.
 * Returns how many, -1 for a letter of another script. */
static int plain_character(char out[PIECES_MAX], utf8proc_int32_t point)
{
    utf8proc_int32_t piece[PIECES_MAX];
    int bound = 0;
    const utf8proc_ssize_t pieces =
        utf8proc_decompose_char(point, piece, PIECES_MAX,
            UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_IGNORE, &bound);

    if (pieces < 0 || pieces > PIECES_MAX)
        return -1;
    for (utf8proc_ssize_t i = 0; i < pieces; i++) {
        const utf8proc_category_t category = utf8proc_category(piece[i]);

        if (piece[i] < 0x80)
            out[i] = (char)piece[i];
        else if (category == UTF8PROC_CATEGORY_PD || piece[i] == 0x2212)
            out[i] = '-';
        else if (category <= UTF8PROC_CATEGORY_NO)
            return -1;
        else
            out[i] = ' ';
    }
    /* A sign for words, such as that of a trade mark, stands behind a name. */
    if (pieces > 1)
        out[0] = ' ';
    return pieces > 1 ? 1 : (int)pieces;
}

/* The same text in ASCII; false for one that cannot be codes. */
static bool make_plain(char *out, size_t *out_len, const char *text, size_t len)
{
    size_t n = 0;

    for (size_t at = 0; at < len;) {
        utf8proc_int32_t point;
        const utf8proc_ssize_t bytes = utf8proc_iterate(
            (const uint8_t *)text + at, (utf8proc_ssize_t)(len - at), &point);
        char plain[PIECES_MAX];
        int count;

        if (bytes <= 0 || (count = plain_character(plain, point)) < 0)
            return false;
        memcpy(out + n, plain, (size_t)count);
        n += (size_t)count;
        at += (size_t)bytes;
    }
    *out_len = n;
    return true;
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((uint8_t)text[i] >= 0x80)
            return false;
    return true;
}

static void read_plain(struct typed *out, const struct code_list *codes,
    const char *text, size_t len)
{
    const struct token whole = trim((struct token){text, len});
    struct token t = drop_system(codes, whole);

    if (t.len == 0)
        return;
    if (read_single(out, codes, t)) {
        out->only = t.text != whole.text && has_digit(t.text, t.len);
        return;
    }
    if (!has_digit(t.text, t.len))
        (void)read_similar(out, codes, t);
    else if (!read_parted(out, codes, t) && !read_range(out, codes, t) &&
             !read_list(out, codes, t) && !read_spaced(out, codes, t) &&
             !read_similar(out, codes, t))
        (void)read_open(out, codes, t);
}

void typed_read(struct typed *out, const struct code_list *codes,
    const char *text, size_t len)
{
    char plain[SEARCH_QUERY_MAX];
    size_t plain_len;

    out->count = 0;
    out->only = false;
    if (is_ascii(text, len))
        read_plain(out, codes, text, len);
    else if (len <= sizeof plain && make_plain(plain, &plain_len, text, len))
        read_plain(out, codes, plain, plain_len);
}
