/* necessity_names.c - the words of necessity, and what is typed. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "codesets/rules/necessity/necessity.h"

const char *necessity_kind_name(enum necessity_kind kind)
{
    static const char *const names[NECESSITY_KINDS] = {"a", "b", "dme"};

    return (unsigned)kind < NECESSITY_KINDS ? names[kind] : "";
}

int necessity_kind_parse(enum necessity_kind *out, const char *name, size_t len)
{
    for (int kind = 0; kind < NECESSITY_KINDS; kind++) {
        const char *known = necessity_kind_name((enum necessity_kind)kind);

        if (strlen(known) == len && strncasecmp(known, name, len) == 0) {
            *out = (enum necessity_kind)kind;
            return 0;
        }
    }
    return ERR_INPUT;
}

enum necessity_kind necessity_kind_of(enum setting setting)
{
    switch (setting) {
    case SETTING_OUTPATIENT:
        return NECESSITY_PART_A;
    case SETTING_DME:
        return NECESSITY_DME;
    default:
        return NECESSITY_PART_B;
    }
}

const char *necessity_verdict_name(enum necessity_verdict verdict)
{
    static const char *const names[NECESSITY_VERDICTS] = {
        "supported", "not_supported", "unknown"};

    return (unsigned)verdict < NECESSITY_VERDICTS ? names[verdict] : "";
}

const char *necessity_reason_name(enum necessity_reason reason)
{
    static const char *const names[NECESSITY_REASONS] = {
        "listed_not_supporting", "supported", "not_on_list", "conflict",
        "policy_without_list", "no_policy", "no_contractor", "invalid_dx",
        "no_data"};

    return (unsigned)reason < NECESSITY_REASONS ? names[reason] : "";
}

const char *necessity_detail_name(enum necessity_detail detail)
{
    static const char *const names[DETAIL_COUNT] = {NULL, "not_loaded",
        "lists_not_loaded", "before_data", "after_data", "releases_differ",
        "jurisdictions_not_loaded", "unknown_state", "state_without_contractor",
        "unknown_contractor", "contractor_of_other_state",
        "article_contractors_not_loaded", "dx_bad_syntax", "dx_unknown",
        "dx_not_valid_on_date", "dx_header", "dx_not_listed", "dx_not_checked",
        "dx_releases_differ", "procedure_in_no_article", "article_not_in_force",
        "procedure_not_in_article", "contractors_differ", "too_many_articles"};

    return (unsigned)detail < DETAIL_COUNT ? names[detail] : NULL;
}

/* ------------------------------------------------------- what was typed */

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && ((*text)[0] == ' ' || (*text)[0] == '\t'))
        ++*text, --*len;
    while (*len > 0 && ((*text)[*len - 1] == ' ' || (*text)[*len - 1] == '\t'))
        --*len;
}

static bool plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!((text[i] >= '0' && text[i] <= '9') ||
                (text[i] >= 'A' && text[i] <= 'Z') ||
                (text[i] >= 'a' && text[i] <= 'z')))
            return false;
    return len > 0;
}

static void copy_upper(char *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A'
                                                         : text[i]);
    out[len] = '\0';
}

int necessity_set_contractor(struct necessity_place *place, const char *text,
    size_t len, struct error *err)
{
    trim(&text, &len);
    if (!plain(text, len) || len >= NECESSITY_PLACE_TEXT)
        return error_set(err, ERR_INPUT, 0,
            "contractor: the contractor's number, as in 15102, or its id in "
            "the coverage database");
    copy_upper(place->contractor, text, len);
    return 0;
}

int necessity_set_state(struct necessity_place *place, const char *text,
    size_t len, struct error *err)
{
    trim(&text, &len);
    if (!plain(text, len) || len != 2)
        return error_set(err, ERR_INPUT, 0,
            "state: two letters, as in KY; parts of split states have their "
            "own, as in QN");
    copy_upper(place->state, text, len);
    return 0;
}

int necessity_set_article(struct necessity_place *place, const char *text,
    size_t len, struct error *err)
{
    uint32_t id = 0;

    trim(&text, &len);
    if (len > 0 && (text[0] == 'A' || text[0] == 'a'))
        text++, len--;
    if (len == 0 || len > 8)
        id = 0;
    else
        for (size_t i = 0; i < len; i++) {
            if (text[i] < '0' || text[i] > '9') {
                id = 0;
                break;
            }
            id = id * 10 + (uint32_t)(text[i] - '0');
        }
    if (id == 0)
        return error_set(
            err, ERR_INPUT, 0, "article: the article's number, as in A57067");
    place->article = id;
    return 0;
}

int necessity_set_procedure(struct necessity_question *question,
    const char *text, size_t len, struct error *err)
{
    struct code_text code;

    if (code_text_parse(&code, text, len) != 0 || code.dotted ||
        code.len != PROC_LEN || proc_pack(code.text) == PROC_NONE)
        return error_set(err, ERR_INPUT, 0,
            "code: a procedure code of five characters, as in G0283");
    memcpy(question->procedure, code.text, PROC_LEN + 1);
    return 0;
}

int necessity_set_diagnosis(struct necessity_question *question,
    const char *text, size_t len, struct error *err)
{
    struct code_text code;

    if (code_text_parse(&code, text, len) != 0)
        return error_set(err, ERR_INPUT, 0,
            "icd10: an ICD-10-CM code with or without its dot, as in M54.50");
    memcpy(question->diagnosis, code.text, code.len + 1);
    return 0;
}
