/* Every code of every system, typed in every form that people write, is the
 * first hit. */
#include "tests/real/lib/real.h"

#include <strings.h>
#include "codesets/answer/item.h"
#include "codesets/search/query.h"

static struct search_index words;
static struct search_result found;

static int open_all(void **state)
{
    struct error err = {0};

    if (real_open(state) != 0)
        return -1;
    return search_index_read(
        &words, real_store->search.data, real_store->search.len, &err);
}

static void ask(const char *text, uint32_t systems)
{
    const struct search_query query = {
        .text = text, .len = strlen(text), .systems = systems, .limit = 50};
    struct error err = {0};

    if (search_run(&found, &words, &real_store->codes, &query, &err) != 0)
        fail_msg("%s: %s", text, err.msg);
}

enum {
    ICD_HEAD = 3,
    TURNS = 20,     /* of so many forms one is tried */
    LETTERS_MIN = 5 /* fewer of them are a word: boil, cool, fill */
};

static unsigned long wrong, asked;
static unsigned turn;
static bool all_forms;

/* The code is first; of a code of two systems, either (domain.md 1.1). REAL_ALL
 * in the environment asks every form, else one of a few is asked. */
static void check_form(
    const char *form, const struct code_ref *code, uint32_t systems)
{
    struct code_ref first;

    if (!all_forms && turn++ % TURNS != 0)
        return;
    asked++;
    ask(form, systems);
    if (found.hits > 0) {
        first = code_at(&real_store->codes, found.hit[0].document);
        if (first.len == code->len &&
            memcmp(first.text, code->text, code->len) == 0)
            return;
        if (first.len == strlen(form) &&
            strncasecmp(first.text, form, first.len) == 0)
            return; /* E0935 with 59 behind it spells E09.3559 */
    }
    if (wrong++ < 40)
        print_error(
            "%s: %.*s is not first\n", form, (int)code->len, code->text);
}

/* How people write a code: in the way of these, with %s for the code as it is
 * printed (M54.50, E0143). */
static const char *const any_code[] = {"%s", " %s ", "%s.", "%s,", "(%s)",
    "[%s]", "\"%s\"", "'%s'", "#%s", "%s:", "code %s", "Code: %s", "code(s) %s",
    "\xE2\x80\x9C%s\xE2\x80\x9D", "%s\xC2\xA0", "\t%s\n"};
static const char *const icd_code[] = {"ICD-10-CM %s", "ICD-10 %s", "ICD10 %s",
    "ICD10:%s", "icd-10-cm: %s", "icd 10 cm %s", "icd 10 %s", "ICD10CM %s",
    "ICD10-CM code %s", "dx %s", "DX: %s", "dx code %s", "Diagnosis: %s",
    "diagnosis code %s", "%s, R52", "%s R52", "%s and R52", "%s; R52", "%s-",
    "%s / R52",
    "ICD\xE2\x80\x91"
    "10 %s"};
static const char *const procedure_code[] = {"CPT %s", "CPT: %s", "CPT%s",
    "CPT-4 %s", "cpt code %s", "CPT\xC2\xAE %s", "HCPCS %s", "HCPCS: %s",
    "hcpcs code %s", "HCPCS Level II %s", "procedure %s", "procedure code: %s",
    "%s-59", "%s 59", "%s59", "%s-GP", "%s:LT", "%s,RT", "%s/50", "%s-59-GP",
    "%s 59 GP KX", "%s mod 25", "%s modifier 25", "%s with modifier 25",
    "%s, 97140", "%s 97140", "%s; 97140", "%s + 97140", "%s/97140",
    "%s and 97140", "%s\n97140",
    "%s\xE2\x80\x93"
    "59"};
static const char *const modifier[] = {
    "modifier %s", "Modifier: %s", "mod %s", "-%s", "modifier -%s"};

static void check_forms(const struct code_ref *code, const char *written,
    const char *const *forms, size_t count)
{
    char form[96];

    for (size_t i = 0; i < count; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(form, sizeof form, forms[i], written);
#pragma GCC diagnostic pop
        check_form(form, code, 0);
    }
}
#define CHECK_FORMS(code, written, forms)                                      \
    check_forms(code, written, forms, sizeof(forms) / sizeof *(forms))

static void lower(char *out, const char *text)
{
    do
        *out++ = (char)(*text >= 'A' && *text <= 'Z' ? *text + 32 : *text);
    while (*text++ != '\0');
}

/* The letters and digits of East Asian type. */
static void widen(char *out, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned wide = 0xFF01 + (unsigned)(*text - '!');

        *out++ = (char)(0xE0 | wide >> 12);
        *out++ = (char)(0x80 | (wide >> 6 & 0x3F));
        *out++ = (char)(0x80 | (wide & 0x3F));
    }
    *out = '\0';
}

/* Something else in the dot's place. */
static void check_dot(const struct code_ref *code, const char *dotted)
{
    static const char *const dots[] = {" ", ",", "-", ". ", " .", " . ", ":"};
    char form[64];

    for (size_t i = 0; i < sizeof dots / sizeof *dots; i++) {
        (void)snprintf(
            form, sizeof form, "%.3s%s%s", dotted, dots[i], dotted + 4);
        check_form(form, code, 0);
    }
}

static bool is_code(const char *text, size_t len)
{
    const uint32_t at = code_lower_bound(&real_store->codes, text, len);

    return at < real_store->codes.count &&
           memcmp(code_at(&real_store->codes, at).text, text, len) == 0;
}

/* Ways to read the text with O and 0, I, l and 1 taken for each other; of all
 * its characters from `at` on. */
static unsigned readings(char *text, size_t len, size_t at)
{
    static const char *const others[] = {"0O", "O0", "1IL", "I1", "L1"};
    unsigned n;
    const char was = at < len ? text[at] : '\0';

    if (at == len)
        return is_code(text, len) &&
               code_at(&real_store->codes,
                   code_lower_bound(&real_store->codes, text, len))
                       .len == len;
    n = readings(text, len, at + 1);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (const char *c = others[i] + 1; others[i][0] == was && *c != '\0';
             c++) {
            text[at] = *c;
            n += readings(text, len, at + 1);
        }
    text[at] = was;
    return n;
}

/* Digits typed as the letters that look like them, and the other way; where the
 * text then is a code itself (or one with a modifier behind it), could be
 * another or is a word, nothing is asked. */
static void check_similar(const struct code_ref *code, const char *plain)
{
    static const struct {
        char is, typed;
    } pairs[] = {
        {'0', 'O'}, {'0', 'o'}, {'1', 'l'}, {'1', 'I'}, {'O', '0'}, {'I', '1'}};
    char form[CODE_TEXT], upper[CODE_TEXT];
    const size_t len = strlen(plain);

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        bool changed = false;

        for (size_t k = 0; k <= len; k++) {
            const bool here = plain[k] == pairs[i].is;

            form[k] = here ? pairs[i].typed : plain[k];
            upper[k] = (char)(form[k] >= 'a' && form[k] <= 'z' ? form[k] - 32
                                                               : form[k]);
            changed = changed || here;
        }
        if (changed && !is_code(upper, len) &&
            !(len == PROC_LEN + MODIFIER_LEN && is_code(upper, PROC_LEN)) &&
            (strpbrk(form, "0123456789") != NULL || len >= LETTERS_MIN) &&
            readings(upper, len, 0) == 1)
            check_form(form, code, 0);
    }
}

static void check_icd(const struct code_ref *code)
{
    char dotted[CODE_TEXT], small[CODE_TEXT], form[64];

    (void)icd_dotted(dotted, code->text, code->len);
    lower(small, dotted);
    check_form(small, code, 0);
    CHECK_FORMS(code, dotted, any_code);
    CHECK_FORMS(code, dotted, icd_code);
    widen(form, dotted);
    check_form(form, code, 0);
    if (code->len > ICD_HEAD) {
        check_dot(code, dotted);
        (void)snprintf(form, sizeof form, "%c %s", dotted[0], dotted + 1);
        check_form(form, code, 0);
    }
    if (code->len == ICD_MAX) {
        (void)snprintf(form, sizeof form, "%.7s %s", dotted, dotted + 7);
        check_form(form, code, 0);
    }
}

static void check_procedure(const struct code_ref *code, const char *plain)
{
    char form[64], small[CODE_TEXT];

    lower(small, plain);
    check_form(small, code, 0);
    CHECK_FORMS(code, plain, any_code);
    CHECK_FORMS(code, small, procedure_code);
    widen(form, plain);
    check_form(form, code, 0);
    for (int i = 1; i <= 3; i++) {
        (void)snprintf(form, sizeof form, "%.*s %s", i, plain, plain + i);
        check_form(form, code, 0);
    }
    (void)snprintf(form, sizeof form, "%.1s-%s", plain, plain + 1);
    check_form(form, code, 0);
}

static void every_code_is_first_in_every_form(void **state)
{
    const struct code_list *codes = &real_store->codes;

    for (uint32_t i = 0; i < codes->count; i++) {
        const struct code_ref code = code_at(codes, i);
        char plain[CODE_TEXT];

        (void)snprintf(plain, sizeof plain, "%.*s", (int)code.len, code.text);
        turn = i;
        check_form(plain, &code, 0);
        if (code.system == SYSTEM_ICD10CM)
            check_icd(&code);
        else if (code.system == SYSTEM_MODIFIER)
            CHECK_FORMS(&code, plain, modifier);
        else if (code.system <= SYSTEM_CDT)
            check_procedure(&code, plain);
        if (code.system != SYSTEM_MODIFIER && code.len >= ICD_HEAD)
            check_similar(&code, plain);
    }
    print_message("%lu forms asked\n", asked);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_first_in_every_form),
    };

    all_forms = getenv("REAL_ALL") != NULL;
    return cmocka_run_group_tests(tests, open_all, real_close);
}
