#include "codesets/rules/pair/pair.h"

#include <string.h>

#include "codesets/store/table.h"

const char *pair_verdict_name(enum pair_verdict verdict)
{
    static const char *const names[VERDICT_COUNT] = {"not_billable",
        "not_checked", "modifier_required", "resolved_by_modifier", "billable"};

    return (unsigned)verdict < VERDICT_COUNT ? names[verdict] : names[1];
}

const char *pair_reason_name(enum pair_reason reason)
{
    static const char *const names[REASON_COUNT] = {"blocked",
        "data_not_loaded", "date_outside_data", "unknown_code",
        "not_valid_on_date", "bad_syntax", "modifier_needed", "bypassed",
        "no_edit", "edit_never_active", "edit_expired", "edit_not_yet",
        "same_code"};

    return (unsigned)reason < REASON_COUNT ? names[reason] : names[1];
}

const char *pair_note_name(unsigned bit)
{
    static const char *const names[NOTE_COUNT] = {"old_rule",
        "implausible_modifier", "modifier_not_valid_on_date",
        "unknown_modifier", "no_published_limit", "local_code",
        "limit_uncertain", "data_conflict", "limit_split_by_line"};

    return bit < NOTE_COUNT ? names[bit] : "";
}

/* The days of a local code. Returns false when there is no such code. */
static bool find_local(struct pair_line *line, const struct rules *rules)
{
    const struct store *store = rules->store;
    struct rows rows;
    struct row row;

    if (rows_find(&rows, store,
            store_series(store, TABLE_LOCAL, SETTING_NONE, PROGRAM_NONE),
            line->code, line->len, NULL) != 0)
        return false;
    line->local_from = DAY_OPEN;
    line->local_to = DAY_UNKNOWN;
    while (rows_next(&rows, &row, NULL) > 0) {
        const day_t from = row_day(store, &row, LOCAL_FROM, DAY_UNKNOWN);
        const day_t to = row_day(store, &row, LOCAL_TO, DAY_OPEN);

        if (from < line->local_from)
            line->local_from = from;
        if (to > line->local_to)
            line->local_to = to;
    }
    return true;
}

/* Keeps what can be shown of a text that is no code. */
static void keep_text(struct pair_line *line, const char *text, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len && n < CODE_MAX; i++)
        if (text[i] > ' ' && text[i] <= '~')
            line->code[n++] = text[i];
        else
            line->code[n++] = '?';
    line->code[n] = '\0';
    line->len = (uint8_t)n;
}

void pair_line_parse(struct pair_line *out, const struct rules *rules,
    const char *text, size_t len)
{
    struct code_text code;

    out->kind = LINE_MALFORMED;
    out->ordinal = PROC_ORDINAL_NONE;
    out->packed = PROC_NONE;
    out->modifiers = 0;
    if (code_text_parse(&code, text, len) != 0) {
        keep_text(out, text, len);
        return;
    }
    memcpy(out->code, code.text, code.len + 1);
    out->len = (uint8_t)code.len;
    if (code.len == PROC_LEN && !code.dotted) {
        out->packed = proc_pack(code.text);
        out->ordinal = proc_find(&rules->store->proc, out->packed);
        if (out->ordinal != PROC_ORDINAL_NONE) {
            out->kind = LINE_PROCEDURE;
            return;
        }
    }
    if (!code.dotted && find_local(out, rules))
        out->kind = LINE_LOCAL;
    else if (out->packed != PROC_NONE)
        out->kind = LINE_UNKNOWN;
    else if (icd_shaped(code.text, code.len))
        out->kind = LINE_ICD10CM;
    else if (code.len == MODIFIER_LEN &&
             modifier_pack(code.text) != MODIFIER_NONE)
        out->kind = LINE_MODIFIER;
}

static bool parts_modifiers(char c)
{
    return c == ' ' || c == '+' || c == ',' || c == '\t';
}

static char upper(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    return c;
}

int pair_line_modifiers(
    struct pair_line *line, const char *text, size_t len, struct error *err)
{
    size_t at = 0;

    while (at < len) {
        char pair[2];
        size_t n = 0;
        uint16_t packed;

        if (parts_modifiers(text[at])) {
            at++;
            continue;
        }
        for (; at < len && !parts_modifiers(text[at]); at++, n++)
            if (n < sizeof pair)
                pair[n] = upper(text[at]);
        packed = n == sizeof pair ? modifier_pack(pair) : MODIFIER_NONE;
        if (packed == 0)
            continue; /* "00" fills an empty place */
        if (packed == MODIFIER_NONE || line->modifiers == PAIR_MODIFIERS_MAX) {
            line->kind = LINE_MALFORMED;
            return packed == MODIFIER_NONE
                       ? error_set(err, ERR_INPUT, 0,
                             "modifiers of %s: a modifier is two letters or "
                             "digits",
                             line->code)
                       : error_set(err, ERR_INPUT, 0,
                             "modifiers of %s: more than %d", line->code,
                             PAIR_MODIFIERS_MAX);
        }
        line->modifier[line->modifiers++] = packed;
    }
    return 0;
}
