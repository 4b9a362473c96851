#include "codesets/answer/card/card.h"

#include <string.h>

static bool is_procedure(enum code_system system)
{
    return system == SYSTEM_CPT || system == SYSTEM_HCPCS ||
           system == SYSTEM_CDT;
}

/* ----------------------------------------------------------- which code */

static bool has_a_shape(const struct code_text *code)
{
    return (code->len == PROC_LEN && proc_pack(code->text) != PROC_NONE) ||
           icd_shaped(code->text, code->len) ||
           (code->len == MODIFIER_LEN &&
               modifier_pack(code->text) != MODIFIER_NONE);
}

static int unknown(const struct code_card *card, const struct code_text *code,
    struct error *err)
{
    struct buffer hint = {.max = ERROR_MESSAGE_MAX};
    int rc;

    icd_unknown_hint(&hint, card->answers, code, card->day);
    rc = error_set(err, ERR_NOTFOUND, 0,
        "%s is in none of the loaded releases%s%.*s", code->text,
        hint.len > 0 ? "; " : "", (int)hint.len, hint.len > 0 ? hint.data : "");
    buffer_clear(&hint);
    return rc;
}

static int find_code(struct code_card *out,
    const struct code_question *question, uint32_t *number, struct error *err)
{
    const struct store *store = out->answers->store;
    uint32_t numbers[SYSTEM_COUNT];
    struct code_text code;
    size_t n, others;

    if (code_text_parse(&code, question->code.text, question->code.len) != 0)
        return error_set(err, ERR_INPUT, 0,
            "a code is 1 to %d letters and digits, without blanks inside",
            CODE_MAX);
    n = codes_spelled(numbers, store, &code, question->systems);
    if (n == 0 && !has_a_shape(&code))
        return error_set(err, ERR_INPUT, 0,
            "%s has the shape of no code: a procedure code has five "
            "characters, a diagnosis three to seven, a modifier two",
            code.text);
    if (n == 0)
        return unknown(out, &code, err);
    *number = numbers[0];
    others = codes_spelled(numbers, store, &code, 0);
    for (size_t i = 0; i < others; i++)
        if (numbers[i] != *number)
            out->also_code[out->also++] = code_at(&store->codes, numbers[i]);
    return 0;
}

/* ------------------------------------------------------------ neighbours */

enum { NEIGHBOUR_STEPS = 4096 }; /* codes of other systems stepped over */

static void show(char out[CODE_TEXT], const struct code_ref *code)
{
    if (code->system == SYSTEM_ICD10CM) {
        (void)icd_dotted(out, code->text, code->len);
        return;
    }
    memcpy(out, code->text, code->len < CODE_MAX ? code->len : CODE_MAX);
    out[code->len < CODE_MAX ? code->len : CODE_MAX] = '\0';
}

static void find_neighbours(struct code_card *out, uint32_t number)
{
    const struct code_list *codes = &out->answers->store->codes;
    const enum code_system system = out->item.code.system;
    uint32_t steps = 0;

    for (uint32_t i = number; i > 0 && steps < NEIGHBOUR_STEPS; steps++) {
        const struct code_ref code = code_at(codes, --i);

        if (code.system == system) {
            out->has_previous = true;
            show(out->previous, &code);
            break;
        }
    }
    steps = 0;
    for (uint32_t i = number + 1; i < codes->count && steps < NEIGHBOUR_STEPS;
         i++, steps++) {
        const struct code_ref code = code_at(codes, i);

        if (code.system == system) {
            out->has_next = true;
            show(out->next, &code);
            break;
        }
    }
}

/* Procedure codes are numbered among themselves. */
static void find_proc_neighbours(struct code_card *out, uint32_t ordinal)
{
    const struct proc_table *proc = &out->answers->store->proc;
    const enum code_system system = out->item.code.system;

    if (ordinal > 0 && proc_system(proc_at(proc, ordinal - 1)) == system) {
        out->has_previous = true;
        proc_unpack(out->previous, proc_at(proc, ordinal - 1));
    }
    if (ordinal + 1 < proc->count &&
        proc_system(proc_at(proc, ordinal + 1)) == system) {
        out->has_next = true;
        proc_unpack(out->next, proc_at(proc, ordinal + 1));
    }
}

/* ---------------------------------------------------------- replacements */

static void add_replacement(struct code_card *out, const char *code, size_t len)
{
    char(*slot)[CODE_TEXT] = &out->replacement[out->replacements];

    if (len == 0 || len > CODE_MAX || out->replacements == CARD_REPLACEMENTS)
        return;
    memcpy(*slot, code, len);
    (*slot)[len] = '\0';
    for (size_t i = 0; i < out->replacements; i++)
        if (strcmp(out->replacement[i], *slot) == 0)
            return;
    out->replacements++;
}

static void find_replacements(struct code_card *out)
{
    size_t len = 0, at = 0;
    const char *list = NULL;

    if (out->has_timed)
        list = view_text(&out->timed, TIMED_REPLACED_BY, &len);
    while (list != NULL && at < len) {
        const size_t n = strcspn(list + at, " ,");

        add_replacement(out, list + at, n);
        at += n + 1;
    }
    if (!out->has_hcpcs ||
        view_day(&out->hcpcs, HCPCS_TERMINATED, DAY_OPEN) == DAY_OPEN)
        return;
    for (int i = 0; i < HCPCS_COVERAGE - HCPCS_XREF1; i++) {
        list = view_text(&out->hcpcs, HCPCS_XREF1 + i, &len);
        if (list != NULL)
            add_replacement(out, list, len);
    }
}

/* What came after an ICD-10-CM code replaces it once it is no longer billed;
 * until then, and where it goes on beside them, they are its newer codes. */
static void find_newer(struct code_card *out)
{
    const struct icd_card *icd = &out->icd;

    if (out->item.billable != VALIDITY_NOT_VALID)
        return;
    for (size_t i = 0; i < icd->newer; i++) {
        const struct conversion_row *row = &icd->newer_code[i];
        char shown[CODE_TEXT];

        if (row->effective > out->day)
            continue;
        add_replacement(
            out, shown, icd_dotted(shown, row->code, strlen(row->code)));
    }
}

/* ----------------------------------------------------------------- facts */

/* Turns a miss into "has not". */
static int optional(int rc, bool *has)
{
    *has = rc == 0;
    return rc == ERR_NOTFOUND ? 0 : rc;
}

/* Is a code on a list of snapshots on a day? */
static int listed_on(enum validity *out, const struct store *store,
    enum table table, const char *code, size_t len, day_t day,
    struct error *err)
{
    const struct series *series =
        store_series(store, table, SETTING_NONE, PROGRAM_NONE);
    struct snapshot at;
    const int rc = snapshot_find(&at, store, series, code, len, day, err);

    *out = VALIDITY_UNKNOWN;
    if (rc != 0 ||
        (at.state != SNAPSHOT_IN_FORCE && at.state != SNAPSHOT_STALE &&
            at.state != SNAPSHOT_GAP) ||
        (at.state == SNAPSHOT_GAP && at.found != at.next_found))
        return rc;
    if (at.found)
        *out = VALIDITY_VALID;
    else if (!series->release[at.release].partial)
        *out = VALIDITY_NOT_VALID;
    return 0;
}

static int find_timed(struct code_card *out, struct error *err)
{
    const struct store *store = out->answers->store;
    const struct code_ref *code = &out->item.code;
    int rc = timed_row_find(
        &out->timed, store, code->text, code->len, out->day, err);

    out->has_timed = rc == 0;
    if (rc == ERR_NOTFOUND)
        rc = optional(view_find(&out->timed, store, TABLE_TIMED, code->text,
                          code->len, out->day, err),
            &out->has_timed);
    return rc;
}

static int find_procedure(struct code_card *out, struct error *err)
{
    const struct answers *answers = out->answers;
    const struct store *store = answers->store;
    const struct code_ref *code = &out->item.code;
    const uint32_t ordinal = proc_find(&store->proc, proc_pack(code->text));
    int rc;

    if ((rc = find_timed(out, err)) != 0 ||
        (rc = optional(hcpcs_find(&out->hcpcs, store, code->text, code->len,
                           out->day, err),
             &out->has_hcpcs)) != 0 ||
        (rc = optional(view_find(&out->dhs, store, TABLE_DHS, code->text,
                           code->len, out->day, err),
             &out->has_dhs)) != 0 ||
        (rc = listed_on(&out->dhs_listed, store, TABLE_DHS, code->text,
             code->len, out->day, err)) != 0 ||
        (rc = pfs_find(
             &out->pfs, store, code->text, code->len, out->day, err)) != 0)
        return rc;
    for (int s = SETTING_PRACTITIONER; s < SETTING_COUNT; s++) {
        const struct edit_scope *scope =
            &answers->rules->edits[s][PROGRAM_MEDICARE];

        rc = mue_find(&out->mue[s], store, (enum setting)s, PROGRAM_MEDICARE,
            code->text, code->len, out->day, err);
        if (rc != 0)
            return rc;
        if (scope->loaded && ordinal != PROC_ORDINAL_NONE)
            ptp_count(scope->table, ordinal, out->day, &out->edits[s]);
    }
    if (ordinal != PROC_ORDINAL_NONE)
        find_proc_neighbours(out, ordinal);
    find_replacements(out);
    return 0;
}

static int find_other(struct code_card *out, uint32_t number, struct error *err)
{
    const struct store *store = out->answers->store;
    const struct code_ref *code = &out->item.code;
    int rc;

    find_neighbours(out, number);
    switch (code->system) {
    case SYSTEM_ICD10CM:
        rc = optional(view_find(&out->conversion, store, TABLE_CONVERSION,
                          code->text, code->len, out->day, err),
            &out->has_conversion);
        if (rc != 0 ||
            (rc = listed_on(&out->poa_exempt, store, TABLE_POA, code->text,
                 code->len, out->day, err)) != 0 ||
            (rc = icd_card_find(
                 &out->icd, out->answers, code, out->day, err)) != 0)
            return rc;
        find_newer(out);
        return 0;
    case SYSTEM_MODIFIER:
        return card_modifier_find(out, err);
    default:
        return optional(view_find(&out->local, store, TABLE_LOCAL, code->text,
                            code->len, out->day, err),
            &out->has_local);
    }
}

int code_card_find(struct code_card *out, const struct answers *answers,
    const struct code_question *question, struct error *err)
{
    const struct store *store = answers->store;
    struct code_ref code;
    uint32_t number = 0;
    int rc;

    memset(out, 0, sizeof *out);
    out->answers = answers;
    out->day = question->day;
    if ((rc = find_code(out, question, &number, err)) != 0)
        return rc;
    code = code_at(&store->codes, number);
    if ((rc = code_item_find(
             &out->item, answers->rules, &code, out->day, err)) != 0)
        return rc;
    rc = validity_spans(
        &out->spans, answers->rules, code.system, code.text, code.len, err);
    if (rc != 0 && rc != ERR_NOTFOUND)
        return rc;
    out->section = section_of(&answers->sections, &code);
    return is_procedure(code.system) ? find_procedure(out, err)
                                     : find_other(out, number, err);
}
