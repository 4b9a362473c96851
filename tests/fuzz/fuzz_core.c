/* fuzz_core.c - whatever is typed or printed: words of a text stand where they
 * say they do, a code made plain stays as it is, a day is written as it was
 * read, and the codes of a list or a sentence have the shape of codes. */
#include <stdlib.h>
#include <string.h>

#include "codesets/compare/compare.h"
#include "codesets/core/day.h"
#include "codesets/core/fold.h"
#include "codesets/core/mention.h"
#include "tests/fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { CODES = 50 };

static void fold(const char *text, size_t len)
{
    struct fold fold;
    struct fold_word word;
    size_t at = 0;

    fold_begin(&fold, text, len);
    while (fold_next(&fold, &word) != 0) {
        require(word.len > 0 && word.len <= FOLD_WORD_MAX);
        require(strlen(word.text) == word.len);
        require(word.from >= at && word.from + word.bytes <= len);
        at = word.from;
    }
}

static void mention(const char *text, size_t len)
{
    struct mention found;
    size_t at = 0, before = 0;

    while (mention_next(&found, text, len, &at)) {
        require(at > before && at <= len);
        require(icd_shaped(found.first, strlen(found.first)));
        require(found.last[0] == '\0' ||
                icd_shaped(found.last, strlen(found.last)));
        before = at;
    }
}

static void code(const char *text, size_t len)
{
    struct code_text code, again;
    char dotted[CODE_TEXT];

    if (code_text_parse(&code, text, len) != 0)
        return;
    require(
        code.len > 0 && code.len <= CODE_MAX && strlen(code.text) == code.len);
    require(code_text_parse(&again, code.text, code.len) == 0);
    if (!icd_shaped(code.text, code.len))
        return;
    require(icd_dotted(dotted, code.text, code.len) == strlen(dotted));
    require(code_text_parse(&again, dotted, strlen(dotted)) == 0);
    require(strcmp(again.text, code.text) == 0);
}

static void day(const char *text, size_t len)
{
    static int (*const parsers[])(day_t *, const char *, size_t) = {
        day_parse_iso, day_parse_compact, day_parse_ordinal, day_parse_us};
    char said[DAY_TEXT_LEN];
    day_t read, again;

    for (size_t i = 0; i < sizeof parsers / sizeof parsers[0]; i++) {
        if (parsers[i](&read, text, len) != 0)
            continue;
        require(day_format(said, read) == DAY_TEXT_LEN - 1);
        require(day_parse_iso(&again, said, DAY_TEXT_LEN - 1) == 0);
        require(again == read);
        require(i != 0 || memcmp(said, text, len) == 0);
    }
}

static void list(const char *text, size_t len)
{
    struct compare_codes *codes = NULL;
    struct error err = {0};

    if (compare_codes_parse(&codes, text, len, CODES, &err) != 0) {
        require(codes == NULL && err.msg[0] != '\0');
        return;
    }
    require(compare_codes_count(codes) <= CODES);
    for (size_t i = 0; i < compare_codes_count(codes); i++)
        require(compare_codes_have(codes, compare_codes_at(codes, i)));
    compare_codes_free(codes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    /* Of the very size, so that reading past it is seen. */
    char *text = malloc(len > 0 ? len : 1);

    require(text != NULL);
    if (len > 0)
        memcpy(text, data, len);
    fold(text, len);
    mention(text, len);
    code(text, len);
    day(text, len);
    list(text, len);
    free(text);
    return 0;
}
