#include "tools/eval/ours.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ours {
    const struct answers *answers;
    const struct documents *documents;
    day_t day;
    struct buffer said;
};

/* A code as the answer writes it, without the dot of ICD-10-CM. */
static size_t place_of(const struct documents *documents, json_t *hit)
{
    const char *code = json_string_value(json_object_get(hit, "code"));
    const char *name = json_string_value(json_object_get(hit, "system"));
    enum code_system system;
    char plain[CODE_TEXT];
    size_t len = 0;

    if (code == NULL || name == NULL ||
        code_system_parse(&system, name, strlen(name)) != 0)
        return DOCUMENT_NONE;
    for (; *code != '\0' && len + 1 < sizeof plain; code++)
        if (*code != '.' || system != SYSTEM_ICD10CM)
            plain[len++] = *code;
    return documents_find(documents, system, plain, len);
}

static size_t ours_find(
    void *state, const char *text, size_t len, size_t *out, size_t max)
{
    struct ours *ours = state;
    const struct search_question question = {.text = {text, len},
        .on_day = true,
        .day = ours->day,
        .limit = (uint32_t)max};
    struct error err = {0};
    json_t *said, *hits;
    size_t count = 0;

    ours->said.len = 0;
    /* A text that is refused finds nothing. */
    if (answer_search(&ours->said, ours->answers, &question, &err) != 0)
        return 0;
    said = json_loadb(ours->said.data, ours->said.len, 0, NULL);
    hits = json_object_get(said, "hits");
    for (size_t i = 0; i < json_array_size(hits) && count < max; i++)
        out[count++] = place_of(ours->documents, json_array_get(hits, i));
    json_decref(said);
    return count;
}

static void ours_close(void *state)
{
    struct ours *ours = state;

    buffer_clear(&ours->said);
    free(ours);
}

bool ours_open(struct finder *out, const struct answers *answers,
    const struct documents *documents, day_t day)
{
    struct ours *ours = calloc(1, sizeof *ours);

    if (ours == NULL)
        return false;
    *ours =
        (struct ours){.answers = answers, .documents = documents, .day = day};
    *out = (struct finder){"coderef", "as it is", ours, ours_find, ours_close};
    /* cppcheck-suppress memleak ; ours_close() frees it */
    /* cppcheck-suppress memleak ; ours_close() frees it */
    return true;
}
