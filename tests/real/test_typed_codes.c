/* Every code of every system, typed in every form that people write, is the
 * first hit. */
#include "tests/real/lib/real.h"

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

static unsigned long wrong;

/* The code is first; of a code of two systems, either (domain.md 1.1). */
static void check_form(
    const char *form, const struct code_ref *code, uint32_t systems)
{
    struct code_ref first;

    ask(form, systems);
    if (found.hits > 0) {
        first = code_at(&real_store->codes, found.hit[0].document);
        if (first.len == code->len &&
            memcmp(first.text, code->text, code->len) == 0)
            return;
    }
    if (wrong++ < 20)
        print_error(
            "%s: %.*s is not first\n", form, (int)code->len, code->text);
}

static void lower(char *out, const char *text)
{
    do
        *out++ = (char)(*text >= 'A' && *text <= 'Z' ? *text + 32 : *text);
    while (*text++ != '\0');
}

static void check_icd(const struct code_ref *code)
{
    char dotted[CODE_TEXT], form[64], small[CODE_TEXT];

    (void)icd_dotted(dotted, code->text, code->len);
    lower(small, dotted);
    check_form(dotted, code, 0);
    check_form(small, code, 0);
    (void)snprintf(form, sizeof form, "ICD-10-CM %s", dotted);
    check_form(form, code, 0);
    (void)snprintf(form, sizeof form, " icd10 %s. ", small);
    check_form(form, code, 0);
    if (code->len > 3) {
        (void)snprintf(form, sizeof form, "%.3s %s", dotted, dotted + 4);
        check_form(form, code, 1u << SYSTEM_ICD10CM);
    }
}

static void check_procedure(const struct code_ref *code, const char *plain)
{
    char form[64], small[CODE_TEXT];

    lower(small, plain);
    check_form(small, code, 0);
    (void)snprintf(form, sizeof form, "cpt code %s", plain);
    check_form(form, code, 0);
    (void)snprintf(form, sizeof form, "%s-59", plain);
    check_form(form, code, 0);
    (void)snprintf(form, sizeof form, "%s, 97140", small);
    check_form(form, code, 0);
}

static void every_code_is_first_in_every_form(void **state)
{
    const struct code_list *codes = &real_store->codes;

    wrong = 0;
    for (uint32_t i = 0; i < codes->count; i++) {
        const struct code_ref code = code_at(codes, i);
        char plain[CODE_TEXT];

        (void)snprintf(plain, sizeof plain, "%.*s", (int)code.len, code.text);
        check_form(plain, &code, 0);
        if (code.system == SYSTEM_ICD10CM)
            check_icd(&code);
        else if (code.system <= SYSTEM_CDT)
            check_procedure(&code, plain);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_first_in_every_form),
    };

    return cmocka_run_group_tests(tests, open_all, real_close);
}
