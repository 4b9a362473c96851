/* The search over the published releases: a code is found by each way of
 * writing it, and nothing that is typed costs more than its limits allow. */
#include "tests/real/lib/real.h"

#include <ctype.h>
#include <inttypes.h>

#include "codesets/answer/answer.h"

enum { FORM_LEN = 64, PAGE = 10, DISTINCT = 4000 };

static struct answers *answers;
static struct search_result result;

static int open_answers(void **state)
{
    struct error err = {0};

    assert_int_equal(real_open(state), 0);
    if (answers_open(&answers, real_store, &err) != 0)
        fail_msg("%s", err.msg);
    return 0;
}

static int close_answers(void **state)
{
    answers_close(answers);
    return real_close(state);
}

static int ask(const char *text, size_t len)
{
    const struct search_query query = {.text = text, .len = len, .limit = PAGE};
    struct error err = {0};

    return search_run(
        &result, &answers->search, &real_store->codes, &query, &err);
}

/* --- ways of writing a code ------------------------------------------------
 */

struct form {
    const char *name;
    /* Writes the code; false when it is not written so. plain is without the
     * dot, and so is a code of three signs with it. */
    bool (*write)(char out[FORM_LEN], const struct code_ref *code,
        const char *plain, const char *shown);
};

static bool lowered(char out[FORM_LEN])
{
    for (char *c = out; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return true;
}

static bool as_printed(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    return snprintf(out, FORM_LEN, "%s", shown) > 0;
}

static bool small_letters(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    return as_printed(out, code, plain, shown) && lowered(out);
}

static bool without_dot(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    return strcmp(plain, shown) != 0 &&
           snprintf(out, FORM_LEN, "%s", plain) > 0;
}

static bool small_without_dot(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    return without_dot(out, code, plain, shown) && lowered(out);
}

static bool instead_of_dot(
    char out[FORM_LEN], const char *plain, const char *shown, char sign)
{
    char *dot;

    if (strcmp(plain, shown) == 0)
        return false;
    (void)snprintf(out, FORM_LEN, "%s", shown);
    dot = strchr(out, '.');
    if (dot != NULL)
        *dot = sign;
    return dot != NULL;
}

static bool blank_for_dot(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    return instead_of_dot(out, plain, shown, ' ');
}

static bool comma_for_dot(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    return instead_of_dot(out, plain, shown, ',');
}

static bool between_blanks(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    return snprintf(out, FORM_LEN, "  %s ", shown) > 0;
}

static bool behind_its_system(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    static const char *const names[SYSTEM_COUNT] = {[SYSTEM_CPT] = "CPT",
        [SYSTEM_HCPCS] = "HCPCS",
        [SYSTEM_CDT] = "CDT",
        [SYSTEM_ICD10CM] = "ICD-10",
        [SYSTEM_MODIFIER] = "modifier"};

    return names[code->system] != NULL &&
           snprintf(out, FORM_LEN, "%s %s", names[code->system], shown) > 0;
}

static bool of_five_signs(const struct code_ref *code)
{
    return code->system == SYSTEM_CPT || code->system == SYSTEM_HCPCS ||
           code->system == SYSTEM_CDT;
}

static bool with_a_modifier(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    return of_five_signs(code) && snprintf(out, FORM_LEN, "%s-59", shown) > 0;
}

static bool before_a_modifier(char out[FORM_LEN], const struct code_ref *code,
    const char *plain, const char *shown)
{
    return of_five_signs(code) && snprintf(out, FORM_LEN, "%s GP", shown) > 0;
}

static const struct form forms[] = {
    {"as printed", as_printed},
    {"small letters", small_letters},
    {"without dot", without_dot},
    {"small, without dot", small_without_dot},
    {"blank for the dot", blank_for_dot},
    {"comma for the dot", comma_for_dot},
    {"between blanks", between_blanks},
    {"behind its system", behind_its_system},
    {"modifier behind -", with_a_modifier},
    {"modifier behind a blank", before_a_modifier},
};
enum {
    FORMS = sizeof forms / sizeof *forms,
    COMMON_FORMS = 4, /* the first ones: of every code */
    /* "QA0 0", "QA0,0", "QA0 8" and "QA0,8": what stands before the sign looks
     * like no code. */
    KNOWN_MISSES = 4
};

/* The first hit is the code, or one of another system that is spelled the same
 * (E1010 and E10.10) where the writing does not tell them apart. */
static bool first_is(const struct code_ref *code)
{
    struct code_ref hit;

    if (result.hits == 0 || result.hit[0].match != MATCH_CODE)
        return false;
    hit = code_at(&real_store->codes, result.hit[0].document);
    return hit.len == code->len && memcmp(hit.text, code->text, hit.len) == 0;
}

static void every_code_comes_first_however_it_is_written(void **state)
{
    const struct code_list *codes = &real_store->codes;
    unsigned long asked = 0, missed = 0;
    FILE *note = real_note("search_codes.txt");

    for (uint32_t i = 0; i < codes->count; i++) {
        const struct code_ref code = code_at(codes, i);
        char plain[CODE_TEXT], shown[CODE_TEXT], text[FORM_LEN];

        (void)snprintf(plain, sizeof plain, "%.*s", (int)code.len, code.text);
        if (code.system == SYSTEM_ICD10CM)
            (void)icd_dotted(shown, code.text, code.len);
        else
            memcpy(shown, plain, sizeof shown);
        for (size_t f = 0; f < FORMS; f++) {
            /* Of the others one a code, in turn. */
            if (f >= COMMON_FORMS &&
                f != COMMON_FORMS + i % (FORMS - COMMON_FORMS))
                continue;
            if (!forms[f].write(text, &code, plain, shown))
                continue;
            asked++;
            if (ask(text, strlen(text)) != 0 || !first_is(&code)) {
                missed++;
                (void)fprintf(note, "%s\t%s\n", forms[f].name, text);
            }
        }
    }
    (void)fprintf(note, "%lu asked, %lu missed\n", asked, missed);
    assert_int_equal(fclose(note), 0);
    assert_true(asked > 400000);
    if (missed > KNOWN_MISSES)
        fail_msg("%lu of %lu writings of codes: build/real/search_codes.txt",
            missed, asked);
}

/* --- whatever is typed -----------------------------------------------------
 */

/* Refused for a limit, or answered within one page. */
static void ends_well(const char *text, size_t len)
{
    const int rc = ask(text, len);

    if (rc != 0) {
        assert_int_equal(rc, ERR_LIMIT);
        return;
    }
    assert_in_range(result.hits, 0, PAGE);
    assert_true(result.total >= result.hits);
    for (uint32_t i = 0; i < result.hits; i++)
        assert_true(result.hit[i].document < real_store->codes.count);
}

static void one_letter_and_two_are_answered(void **state)
{
    for (int one = 1; one < 256; one++) {
        const char text[3] = {(char)one, 'e', '\0'};

        ends_well(text, 1);
        ends_well(text, 2);
    }
}

static void repeat(const char *piece, size_t times)
{
    struct buffer text = {0};

    for (size_t i = 0; i < times; i++)
        buffer_adds(&text, piece);
    assert_false(text.failed);
    ends_well(text.data, text.len);
    buffer_clear(&text);
}

static void long_queries_end(void **state)
{
    static const char *const pieces[] = {"a", "a ", "of ", "unspecified ",
        "e11.9 ", "97110,", "97110-97999 ", "-", "....", "zzzzz ", "1 ",
        "with ", "left right ", "unspecifeid ", "\xF0\x9F\x99\x82", "\xCC\x81",
        "\xC3\x28 ", "\xE6\xBC\xA2 ", "\xD8\xA7\xD9\x84 a ", "I10 i1O l10 "};
    static const size_t times[] = {1, 2, 10, 16, 17, 50, 64, 65, 250, 1000};

    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++)
        for (size_t t = 0; t < sizeof times / sizeof *times; t++)
            repeat(pieces[p], times[t]);
}

static void words_that_stand_everywhere_are_answered(void **state)
{
    static const char *const texts[] = {"with without no not of the and or",
        "other unspecified initial encounter", "of of of of of of of",
        "left right bilateral unspecified left right", "i", "o", "0", "1",
        "per", "each", "inj", "e", "s", "\"\"", "*", "%", "w/", "w/o", "&"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ends_well(texts[i], strlen(texts[i]));
}

/* Every length of a text in which signs of several bytes are cut apart. */
static void torn_and_mixed_scripts_are_answered(void **state)
{
    static const char mixed[] =
        "E11.9 \xD0\xB4\xD0\xB8\xD0\xB0 \xE7\xB3\x96\xE5\xB0\xBF "
        "\xF0\x9F\x92\x89 caf\xC3\xA9 \xEF\xBC\xA5\xEF\xBC\x91\xEF\xBC\x91 "
        "\xED\xA0\x80 \xC0\xAF \xFF\xFE \xD7\xA9\xD7\x9C knee";

    for (size_t from = 0; from < sizeof mixed; from++)
        for (size_t len = 0; from + len < sizeof mixed; len++)
            ends_well(mixed + from, len);
}

/* --- memory ----------------------------------------------------------------
 */

/* Bytes that are nobody's file. */
static size_t anonymous_memory(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    unsigned long kib = 0;
    char line[256];

    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "RssAnon: %lu", &kib) == 1)
            break;
    (void)fclose(file);
    return kib << 10;
}

static void distinct_queries_leave_nothing_behind(void **state)
{
    size_t before = 0;

    for (uint32_t i = 0; i < DISTINCT; i++) {
        char text[FORM_LEN];

        (void)snprintf(text, sizeof text, "%c%c %" PRIu32 " knee",
            'a' + (int)(i % 26), 'a' + (int)(i / 26 % 26), i);
        ends_well(text, strlen(text));
        if (i == DISTINCT / 10)
            before = anonymous_memory();
    }
    /* Room for what the C library keeps for itself. */
    assert_in_range(anonymous_memory(), 0, before + (size_t)(1 << 20));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_comes_first_however_it_is_written),
        cmocka_unit_test(one_letter_and_two_are_answered),
        cmocka_unit_test(long_queries_end),
        cmocka_unit_test(words_that_stand_everywhere_are_answered),
        cmocka_unit_test(torn_and_mixed_scripts_are_answered),
        cmocka_unit_test(distinct_queries_leave_nothing_behind),
    };

    return cmocka_run_group_tests(tests, open_answers, close_answers);
}
