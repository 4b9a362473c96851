#include "codesets/rules/claim_facts.h"

#include <stdlib.h>
#include <string.h>

#include "codesets/core/code.h"
#include "codesets/rules/modifiers.h"

static const char *const kind_names[FACT_KINDS] = {"therapist", "discipline",
    "partner", "not_with", "one_unit", "threshold", "one_of", "instead",
    "revenue", "no_edit"};

static uint64_t subject_key(const char *text, size_t len)
{
    uint64_t key = 0;

    for (size_t i = 0; i < sizeof key; i++)
        key = key << 8 | (i < len ? (uint8_t)text[i] : 0);
    return key;
}

static enum claim_fact_kind kind_of(const char *name)
{
    int kind = 0;

    while (kind < FACT_KINDS && strcmp(kind_names[kind], name) != 0)
        kind++;
    return (enum claim_fact_kind)kind;
}

static const char *text_of(
    const struct store *store, const struct row *row, int column)
{
    return row_text(store, row, column, NULL);
}

static int read_facts(void *context, const char *key, size_t key_len,
    struct rows *rows, struct error *err)
{
    struct claim_facts *facts = context;
    const struct store *store = rows->store;
    struct row row;
    int rc;

    while ((rc = rows_next(rows, &row, err)) > 0) {
        const enum claim_fact_kind kind =
            kind_of(text_of(store, &row, CLAIM_FACT_KIND));
        struct claim_fact *fact = &facts->fact[facts->count];
        size_t value_len;

        /* A kind that this program does not know is for a later one. */
        if (kind == FACT_KINDS || facts->count == CLAIM_FACTS_MAX)
            continue;
        *fact = (struct claim_fact){.kind = kind,
            .subject = subject_key(key, key_len),
            .name = text_of(store, &row, CLAIM_FACT_SUBJECT),
            .value = row_text(store, &row, CLAIM_FACT_VALUE, &value_len),
            .notes = text_of(store, &row, CLAIM_FACT_NOTES),
            .modifier = MODIFIER_NONE,
            .from = row_day(store, &row, CLAIM_FACT_FROM, DAY_UNKNOWN),
            .to = row_day(store, &row, CLAIM_FACT_TO, DAY_OPEN),
            .source = row_source(store, &row, row.last_release)};
        if (value_len == MODIFIER_LEN)
            fact->modifier = modifier_pack(fact->value);
        if (key_len == MODIFIER_LEN && modifier_pack(key) != MODIFIER_NONE)
            facts->of_modifier[modifier_pack(key)] |= (uint16_t)(1u << kind);
        facts->count++;
    }
    return rc;
}

static uint32_t number_of(
    const struct store *store, const struct row *row, int column)
{
    const char *text = text_of(store, row, column);
    uint32_t n = 0;

    for (; *text >= '0' && *text <= '9' && n < 100000000; text++)
        n = n * 10 + (uint32_t)(*text - '0');
    return n;
}

static int read_years(void *context, const char *key, size_t key_len,
    struct rows *rows, struct error *err)
{
    struct claim_facts *facts = context;
    const struct store *store = rows->store;
    struct row row;
    int rc;

    while ((rc = rows_next(rows, &row, err)) > 0)
        if (facts->years < KX_YEARS_MAX)
            facts->year[facts->years++] =
                (struct kx_year){.year = (int)number_of(store, &row, KX_YEAR),
                    .pt_slp = number_of(store, &row, KX_PT_SLP),
                    .ot = number_of(store, &row, KX_OT),
                    .review = number_of(store, &row, KX_REVIEW),
                    .source = row_source(store, &row, row.last_release)};
    return rc;
}

static int by_kind(const void *a, const void *b)
{
    const struct claim_fact *one = a, *two = b;

    if (one->kind != two->kind)
        return one->kind < two->kind ? -1 : 1;
    if (one->subject != two->subject)
        return one->subject < two->subject ? -1 : 1;
    return one->from < two->from ? -1 : one->from > two->from;
}

static void find_kinds(struct claim_facts *facts)
{
    size_t i = 0;

    if (facts->count > 0)
        qsort(facts->fact, facts->count, sizeof *facts->fact, by_kind);
    for (int kind = 0; kind <= FACT_KINDS; kind++) {
        while (i < facts->count && (int)facts->fact[i].kind < kind)
            i++;
        facts->first[kind] = i;
    }
}

static int read_table(const struct store *store, enum table table, bool *loaded,
    row_fn *read, struct claim_facts *facts, struct error *err)
{
    const struct series *series =
        store_series(store, table, SETTING_NONE, PROGRAM_NONE);

    *loaded = series != NULL;
    return *loaded ? rows_each(store, series, "", 0, read, facts, err) : 0;
}

int claim_facts_load(
    struct claim_facts *out, const struct store *store, struct error *err)
{
    int rc;

    *out =
        (struct claim_facts){.fact = calloc(CLAIM_FACTS_MAX, sizeof *out->fact),
            .year = calloc(KX_YEARS_MAX, sizeof *out->year)};
    if (out->fact == NULL || out->year == NULL)
        rc = error_memory(err);
    else if ((rc = read_table(store, TABLE_CLAIM_FACT, &out->loaded, read_facts,
                  out, err)) == 0)
        rc = read_table(store, TABLE_KX, &out->kx_loaded, read_years, out, err);
    if (rc != 0) {
        claim_facts_clear(out);
        return rc;
    }
    find_kinds(out);
    return 0;
}

void claim_facts_clear(struct claim_facts *facts)
{
    free(facts->fact);
    free(facts->year);
    *facts = (struct claim_facts){.fact = NULL};
}

const struct claim_fact *claim_fact_find(const struct claim_facts *facts,
    enum claim_fact_kind kind, const char *subject, size_t len, day_t day)
{
    const uint64_t key = subject_key(subject, len);

    if (len > sizeof key)
        return NULL;
    for (size_t i = facts->first[kind]; i < facts->first[kind + 1]; i++) {
        const struct claim_fact *fact = &facts->fact[i];

        if (fact->subject == key && fact->from <= day && day <= fact->to)
            return fact;
    }
    return NULL;
}

const struct claim_fact *claim_fact_of_modifier(const struct claim_facts *facts,
    enum claim_fact_kind kind, uint16_t modifier, day_t day)
{
    char text[MODIFIER_LEN + 1];

    if (modifier >= MODIFIERS_END ||
        (facts->of_modifier[modifier] >> kind & 1) == 0)
        return NULL;
    modifier_unpack(text, modifier);
    return claim_fact_find(facts, kind, text, MODIFIER_LEN, day);
}

bool claim_fact_no_edit(const struct claim_facts *facts, enum setting setting,
    const char *a, const char *b)
{
    const char *lower = strcmp(a, b) < 0 ? a : b;
    const char *higher = lower == a ? b : a;
    const char *name = setting_name(setting);
    const size_t len = strlen(name);

    for (size_t i = facts->first[FACT_NO_EDIT];
         i < facts->first[FACT_NO_EDIT + 1]; i++) {
        const struct claim_fact *fact = &facts->fact[i];

        if (strcmp(fact->name, lower) == 0 &&
            strncmp(fact->value, name, len) == 0 && fact->value[len] == ' ' &&
            strcmp(fact->value + len + 1, higher) == 0)
            return true;
    }
    return false;
}

const struct kx_year *kx_year_find(const struct claim_facts *facts, int year)
{
    for (size_t i = 0; i < facts->years; i++)
        if (facts->year[i].year == year)
            return &facts->year[i];
    return NULL;
}
