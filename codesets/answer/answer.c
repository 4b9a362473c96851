#include "codesets/answer/answer.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/search/meanings.h"

int answers_open(
    struct answers **out, const struct store *store, struct error *err)
{
    struct answers *answers = calloc(1, sizeof *answers);
    int rc;

    if (answers == NULL)
        return error_memory(err);
    answers->store = store;
    if ((rc = search_index_read(&answers->search, store->search.data,
             store->search.len, err)) != 0 ||
        (rc = meanings_open(&answers->meanings, err)) != 0 ||
        (rc = rules_open(&answers->rules, store, err)) != 0 ||
        (rc = sections_load(&answers->sections, store, err)) != 0) {
        answers_close(answers);
        return rc;
    }
    *out = answers;
    return 0;
}

void answers_close(struct answers *answers)
{
    if (answers == NULL)
        return;
    rules_close(answers->rules);
    meanings_close(answers->meanings);
    free(answers);
}

int systems_parse(
    uint32_t *out, const char *text, size_t len, struct error *err)
{
    uint32_t systems = 0;

    while (len > 0) {
        const char *comma = memchr(text, ',', len);
        const size_t n = comma == NULL ? len : (size_t)(comma - text);
        enum code_system system;

        if (code_system_parse(&system, text, n) != 0)
            return error_set(err, ERR_INPUT, 0,
                "system: '%.*s' is none of cpt, hcpcs, cdt, icd10cm, modifier, "
                "local",
                n > 32 ? 32 : (int)n, text);
        systems |= 1u << system;
        text += comma == NULL ? n : n + 1;
        len -= comma == NULL ? n : n + 1;
    }
    *out = systems;
    return 0;
}
