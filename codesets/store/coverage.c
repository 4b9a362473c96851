#include "codesets/store/coverage.h"

#include <string.h>

#include "codesets/core/bytes.h"
#include "codesets/store/coverage_layout.h"
#include "codesets/store/layout.h"

const char *coverage_table_name(enum coverage_table table)
{
    static const char *const names[COVERAGE_TABLES] = {"article",
        "article_future_retire", "article_related_documents",
        "article_related_ncd_documents", "article_x_hcpc_code",
        "article_x_hcpc_code_group", "article_x_icd10_covered",
        "article_x_icd10_covered_group", "article_x_icd10_noncovered",
        "article_x_icd10_noncovered_group", "article_x_hcpc_modifier",
        "article_x_hcpc_modifier_group", "article_x_bill_code",
        "article_x_revenue_code", "article_x_other_coding_group",
        "article_x_contractor", "article_x_primary_jurisdiction", "lcd",
        "lcd_future_retire", "lcd_related_documents",
        "lcd_related_ncd_documents", "lcd_x_hcpc_code", "lcd_x_hcpc_code_group",
        "lcd_x_contractor", "lcd_x_primary_jurisdiction",
        "lcd_article_relationship", "ncd_trkg", "contractor",
        "contractor_jurisdiction", "state_lookup"};

    return (unsigned)table < COVERAGE_TABLES ? names[table] : "";
}

/* --- keys ----------------------------------------------------------------- */

static void store_big(uint8_t *p, uint32_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, v >>= 8)
        p[i] = (uint8_t)v;
}

static uint32_t load_big(const uint8_t *p, int bytes)
{
    uint32_t v = 0;

    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

struct coverage_key coverage_key_text(const char *text, size_t len)
{
    struct coverage_key key = {{0}};

    if (len <= COVERAGE_KEY_LEN)
        memcpy(key.byte, text, len);
    else
        memset(key.byte, 0xFF, sizeof key.byte);
    return key;
}

struct coverage_key coverage_key_contractor(
    uint32_t id, uint16_t type, uint16_t version)
{
    struct coverage_key key = {{0}};

    store_big(key.byte, id, 4);
    store_big(key.byte + 4, type, 2);
    store_big(key.byte + 6, version, 2);
    return key;
}

struct coverage_key coverage_key_state(uint32_t id)
{
    struct coverage_key key = {{0}};

    store_big(key.byte, id, 4);
    return key;
}

size_t coverage_key_name(
    char out[COVERAGE_KEY_LEN + 1], struct coverage_key key)
{
    memcpy(out, key.byte, COVERAGE_KEY_LEN);
    out[COVERAGE_KEY_LEN] = '\0';
    return strlen(out);
}

uint32_t coverage_key_id(struct coverage_key key)
{
    return load_big(key.byte, 4);
}

uint32_t coverage_key_type(struct coverage_key key)
{
    return load_big(key.byte + 4, 2);
}

uint32_t coverage_key_version(struct coverage_key key)
{
    return load_big(key.byte + 6, 2);
}

/* --- the blob ------------------------------------------------------------- */

int coverage_read(
    struct coverage *out, const uint8_t *data, size_t len, struct error *err)
{
    uint64_t at = COVERAGE_HEADER_LEN;
    uint32_t last = 0;

    *out = (struct coverage){0};
    if (len < COVERAGE_HEADER_LEN)
        return error_set(err, ERR_CORRUPT, 0, "coverage: %zu bytes", len);
    for (int i = 0; i < COVERAGE_SECTIONS; i++) {
        out->count[i] = load_u32(data + 4 * (size_t)i);
        if (at <= len)
            out->section[i] = data + at;
        at += (uint64_t)out->count[i] * coverage_entry_len[i];
    }
    if (at != len)
        return error_set(err, ERR_CORRUPT, 0,
            "coverage: %zu bytes where its sections take %llu", len,
            (unsigned long long)at);
    for (int i = 0; i <= COVERAGE_CODES; i++) {
        out->first_code[i] =
            load_u32(data + 4 * (size_t)(COVERAGE_SECTIONS + i));
        if (out->first_code[i] < last)
            return error_set(err, ERR_CORRUPT, 0, "coverage: kinds of codes");
        last = out->first_code[i];
    }
    if (out->first_code[0] != 0 || last != out->count[SECTION_CODE] ||
        out->count[SECTION_FIRST_POSTING] != last + 1 ||
        out->count[SECTION_BY_STATE] != out->count[SECTION_JURISDICTION] ||
        out->count[SECTION_TEXT_OFFSET] == 0)
        return error_set(
            err, ERR_CORRUPT, 0, "coverage: sections contradict one another");
    return 0;
}

const struct coverage *store_coverage(const struct store *store)
{
    return store->coverage.section[0] != NULL ? &store->coverage : NULL;
}

/* An entry of a section; i must be below its count. */
static const uint8_t *entry(
    const struct coverage *coverage, enum coverage_section section, uint32_t i)
{
    return coverage->section[section] + (size_t)i * coverage_entry_len[section];
}

/* How many of n entries from first lie in the section. */
static uint32_t within(const struct coverage *coverage,
    enum coverage_section section, uint32_t first, uint32_t n)
{
    const uint32_t count = coverage->count[section];

    if (first >= count)
        return 0;
    return n < count - first ? n : count - first;
}

/* The same, and none begin at 0, so that what begins and ends lies within. */
static uint32_t clip(const struct coverage *coverage,
    enum coverage_section section, uint32_t *first, uint32_t n)
{
    const uint32_t have = within(coverage, section, *first, n);

    if (have == 0)
        *first = 0;
    return have;
}

/* --- releases ------------------------------------------------------------- */

uint32_t coverage_releases(const struct coverage *coverage)
{
    return coverage->count[SECTION_RELEASE];
}

struct coverage_release coverage_release(
    const struct coverage *coverage, uint32_t release)
{
    const uint8_t *p;

    if (release >= coverage->count[SECTION_RELEASE])
        return (struct coverage_release){0};
    p = entry(coverage, SECTION_RELEASE, release);
    return (struct coverage_release){.tables = load_u32(p),
        .history = (load_u32(p + 4) & RELEASE_FLAG_HISTORY) != 0};
}

bool coverage_loaded(const struct coverage *coverage, uint32_t release,
    enum coverage_table table)
{
    return (coverage_release(coverage, release).tables >> table & 1) != 0;
}

/* --- texts ---------------------------------------------------------------- */

const char *coverage_text(
    const struct coverage *coverage, uint32_t text, size_t *len)
{
    if (text < coverage->count[SECTION_TEXT_OFFSET] - 1) {
        const uint32_t first =
            load_u32(entry(coverage, SECTION_TEXT_OFFSET, text));
        const uint32_t end =
            load_u32(entry(coverage, SECTION_TEXT_OFFSET, text + 1));
        const char *bytes = (const char *)coverage->section[SECTION_TEXT_BYTE];

        if (first < end && end <= coverage->count[SECTION_TEXT_BYTE] &&
            bytes[end - 1] == '\0') {
            if (len != NULL)
                *len = end - first - 1;
            return bytes + first;
        }
    }
    if (len != NULL)
        *len = 0;
    return "";
}

/* --- documents ------------------------------------------------------------ */

uint32_t coverage_documents(const struct coverage *coverage)
{
    return coverage->count[SECTION_DOCUMENT];
}

void coverage_document(const struct coverage *coverage, uint32_t number,
    struct coverage_document *out)
{
    const uint8_t *p;

    *out = (struct coverage_document){0};
    if (number >= coverage->count[SECTION_DOCUMENT])
        return;
    p = entry(coverage, SECTION_DOCUMENT, number);
    *out = (struct coverage_document){
        .kind = (enum coverage_kind)(p[0] <= COVERAGE_NCD ? p[0] : 0),
        .status = (char)p[1],
        .draft = (p[2] & DOCUMENT_FLAG_DRAFT) != 0,
        .id = load_u32(p + 4),
        .version = load_u32(p + 8),
        .first_release = p[12],
        .last_release = p[13],
        .file = load_u16(p + 14),
        .line = load_u32(p + 16),
        .published = load_i32(p + 20),
        .effective = load_i32(p + 24),
        .ended = load_i32(p + 28),
        .revision_effective = load_i32(p + 32),
        .revision_ended = load_i32(p + 36),
        .retired = load_i32(p + 40),
        .retires = load_i32(p + 44),
        .updated = load_i32(p + 48),
        .first_group = load_u32(p + 52),
        .first_text = load_u32(p + 56),
        .first_relation = load_u32(p + 60),
    };
    out->groups =
        clip(coverage, SECTION_GROUP, &out->first_group, load_u16(p + 64));
    out->texts =
        clip(coverage, SECTION_TEXT_REF, &out->first_text, load_u16(p + 66));
    out->relations = clip(
        coverage, SECTION_RELATION, &out->first_relation, load_u16(p + 68));
}

bool coverage_in_release(
    const struct coverage *coverage, uint32_t document, uint32_t release)
{
    const uint8_t *p;

    if (document >= coverage->count[SECTION_DOCUMENT])
        return false;
    p = entry(coverage, SECTION_DOCUMENT, document);
    return p[12] <= release && release <= p[13];
}

/* Compares a document's kind and id with those asked for. */
static int document_order(
    const struct coverage *coverage, uint32_t i, uint8_t kind, uint32_t id)
{
    const uint8_t *p = entry(coverage, SECTION_DOCUMENT, i);
    const uint32_t have = load_u32(p + 4);

    if (p[0] != kind)
        return p[0] < kind ? -1 : 1;
    return have < id ? -1 : have > id;
}

void coverage_versions(const struct coverage *coverage, enum coverage_kind kind,
    uint32_t id, uint32_t *first, uint32_t *end)
{
    const uint32_t count = coverage->count[SECTION_DOCUMENT];
    uint32_t low = 0, high = count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (document_order(coverage, middle, (uint8_t)kind, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < count && document_order(coverage, low, (uint8_t)kind, id) == 0)
        low++;
    *end = low;
}

const char *coverage_document_text(const struct coverage *coverage,
    const struct coverage_document *document, enum coverage_text which,
    size_t *len)
{
    for (uint32_t i = 0; i < document->texts; i++) {
        const uint8_t *p =
            entry(coverage, SECTION_TEXT_REF, document->first_text + i);

        if (p[0] == which)
            return coverage_text(coverage, load_u24(p + 1), len);
    }
    if (len != NULL)
        *len = 0;
    return NULL;
}

void coverage_relation(const struct coverage *coverage,
    const struct coverage_document *document, uint32_t i,
    struct coverage_relation *out)
{
    const uint8_t *p =
        entry(coverage, SECTION_RELATION, document->first_relation + i);

    *out = (struct coverage_relation){
        (enum coverage_kind)(p[0] <= COVERAGE_NCD ? p[0] : 0), load_u32(p + 4),
        load_u32(p + 8), load_u32(p + 12)};
}

/* --- groups --------------------------------------------------------------- */

uint32_t coverage_groups(const struct coverage *coverage)
{
    return coverage->count[SECTION_GROUP];
}

void coverage_group(const struct coverage *coverage, uint32_t number,
    struct coverage_group *out)
{
    const uint8_t *p = entry(coverage, SECTION_GROUP, number);
    uint32_t flags;

    *out = (struct coverage_group){
        .list = (enum coverage_list)(p[0] < COVERAGE_LISTS ? p[0] : 0),
        .placeholder = (p[1] & GROUP_FLAG_PLACEHOLDER) != 0,
        .lines_follow = (p[1] & GROUP_FLAG_LINES_FOLLOW) != 0,
        .number = load_u16(p + 2),
        .document = load_u32(p + 4),
        .set = load_u32(p + 8),
        .paragraph = load_u32(p + 12),
        .asterisk = load_u32(p + 16),
        .members_file = load_u16(p + 20),
        .paragraph_file = load_u16(p + 22),
        .line = load_u32(p + 24),
        .paragraph_line = load_u32(p + 28),
        .first_line = load_u32(p + 32),
    };
    if (out->set >= coverage->count[SECTION_SET])
        return;
    p = entry(coverage, SECTION_SET, out->set);
    out->first_member = load_u32(p);
    out->members =
        within(coverage, SECTION_MEMBER, out->first_member, load_u32(p + 4));
    out->first_flag = load_u32(p + 8);
    out->flag = p[12];
    flags = within(coverage, SECTION_FLAG, out->first_flag, out->members);
    if (flags < out->members)
        out->first_flag = COVERAGE_NONE;
    if (within(coverage, SECTION_LINE, out->first_line, out->members) <
        out->members)
        out->lines_follow = true;
}

enum coverage_codes coverage_list_codes(enum coverage_list list)
{
    static const enum coverage_codes kind[COVERAGE_LISTS] = {
        [COVERAGE_PROCEDURES] = COVERAGE_CODE_PROCEDURE,
        [COVERAGE_COVERED] = COVERAGE_CODE_DIAGNOSIS,
        [COVERAGE_NONCOVERED] = COVERAGE_CODE_DIAGNOSIS,
        [COVERAGE_MODIFIERS] = COVERAGE_CODE_MODIFIER,
        [COVERAGE_BILL_TYPES] = COVERAGE_CODE_BILL_TYPE,
        [COVERAGE_REVENUE] = COVERAGE_CODE_REVENUE,
        [COVERAGE_OTHER] = COVERAGE_CODES,
        [COVERAGE_DOCUMENT_CONTRACTORS] = COVERAGE_CODE_CONTRACTOR,
        [COVERAGE_DOCUMENT_STATES] = COVERAGE_CODE_STATE};

    return (unsigned)list < COVERAGE_LISTS ? kind[list] : COVERAGE_CODES;
}

void coverage_list_groups(const struct coverage *coverage,
    const struct coverage_document *document, enum coverage_list list,
    uint32_t *first, uint32_t *end)
{
    const uint32_t stop = document->first_group + document->groups;
    uint32_t i = document->first_group;

    while (i < stop && *entry(coverage, SECTION_GROUP, i) < list)
        i++;
    *first = i;
    while (i < stop && *entry(coverage, SECTION_GROUP, i) == list)
        i++;
    *end = i;
}

static uint32_t member_code(const struct coverage *coverage, uint32_t member)
{
    return load_u24(entry(coverage, SECTION_MEMBER, member));
}

void coverage_member(const struct coverage *coverage,
    const struct coverage_group *group, uint32_t i, struct coverage_member *out)
{
    const uint32_t code = member_code(coverage, group->first_member + i);
    const uint8_t flag =
        group->first_flag == COVERAGE_NONE
            ? group->flag
            : *entry(coverage, SECTION_FLAG, group->first_flag + i);

    *out = (struct coverage_member){.code = code,
        .range = (enum coverage_range)(flag & MEMBER_FLAG_RANGE),
        .asterisk = (flag & MEMBER_FLAG_ASTERISK) != 0,
        .line = group->line + i};
    if (!group->lines_follow)
        out->line =
            group->line +
            load_u24(entry(coverage, SECTION_LINE, group->first_line + i)) -
            LINE_ZERO;
}

uint32_t coverage_member_lower(const struct coverage *coverage,
    const struct coverage_group *group, uint32_t code)
{
    uint32_t low = 0, high = group->members;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (member_code(coverage, group->first_member + middle) < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool coverage_group_has(const struct coverage *coverage,
    const struct coverage_group *group, uint32_t code, uint32_t *i)
{
    const uint32_t at = coverage_member_lower(coverage, group, code);

    if (at == group->members ||
        member_code(coverage, group->first_member + at) != code)
        return false;
    if (i != NULL)
        *i = at;
    return true;
}

/* --- codes ---------------------------------------------------------------- */

uint32_t coverage_code_end(
    const struct coverage *coverage, enum coverage_codes kind)
{
    return (unsigned)kind < COVERAGE_CODES ? coverage->first_code[kind + 1] : 0;
}

uint32_t coverage_code_lower(const struct coverage *coverage,
    enum coverage_codes kind, struct coverage_key key)
{
    uint32_t low, high = coverage_code_end(coverage, kind);

    if ((unsigned)kind >= COVERAGE_CODES)
        return 0;
    low = coverage->first_code[kind];
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (memcmp(entry(coverage, SECTION_CODE, middle), key.byte,
                COVERAGE_KEY_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t coverage_code(const struct coverage *coverage,
    enum coverage_codes kind, struct coverage_key key)
{
    const uint32_t at = coverage_code_lower(coverage, kind, key);

    return at < coverage_code_end(coverage, kind) &&
                   memcmp(entry(coverage, SECTION_CODE, at), key.byte,
                       COVERAGE_KEY_LEN) == 0
               ? at
               : COVERAGE_NONE;
}

struct coverage_key coverage_code_key(
    const struct coverage *coverage, uint32_t code)
{
    struct coverage_key key = {{0}};

    if (code < coverage->count[SECTION_CODE])
        memcpy(key.byte, entry(coverage, SECTION_CODE, code), COVERAGE_KEY_LEN);
    return key;
}

void coverage_uses_begin(
    const struct coverage *coverage, uint32_t code, struct coverage_uses *out)
{
    uint32_t first, end;

    *out = (struct coverage_uses){0};
    if (code >= coverage->count[SECTION_CODE])
        return;
    first = load_u32(entry(coverage, SECTION_FIRST_POSTING, code));
    end = load_u32(entry(coverage, SECTION_FIRST_POSTING, code + 1));
    if (first > end || end > coverage->count[SECTION_POSTING])
        return;
    out->posting = first;
    out->posting_end = end;
}

bool coverage_uses_next(const struct coverage *coverage,
    struct coverage_uses *uses, uint32_t *group)
{
    for (;;) {
        const uint8_t *p;
        uint32_t set;

        while (uses->use < uses->use_end) {
            *group = load_u32(entry(coverage, SECTION_USE, uses->use++));
            if (*group < coverage->count[SECTION_GROUP])
                return true;
        }
        if (uses->posting == uses->posting_end)
            return false;
        set = load_u24(entry(coverage, SECTION_POSTING, uses->posting++));
        if (set >= coverage->count[SECTION_SET])
            continue;
        p = entry(coverage, SECTION_SET, set);
        uses->use = load_u32(p + 16);
        uses->use_end = uses->use + within(coverage, SECTION_USE, uses->use,
                                        load_u32(p + 20));
    }
}

/* --- contractors and states ----------------------------------------------- */

/* The first entry of a section, all of which begin with a u32 that ascends, in
 * which it is not below value. */
static uint32_t lower(const struct coverage *coverage,
    enum coverage_section section, uint32_t value)
{
    uint32_t low = 0, high = coverage->count[section];

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (load_u32(entry(coverage, section, middle)) < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The entry of a code in a release: those of contractors and states begin with
 * the code, then first and last release. NULL when there is none. */
static const uint8_t *entry_of(const struct coverage *coverage,
    enum coverage_section section, uint32_t release, uint32_t code)
{
    for (uint32_t i = lower(coverage, section, code);
         i < coverage->count[section]; i++) {
        const uint8_t *p = entry(coverage, section, i);

        if (load_u32(p) != code)
            break;
        if (p[4] <= release && release <= p[5])
            return p;
    }
    return NULL;
}

bool coverage_contractor(const struct coverage *coverage, uint32_t release,
    uint32_t code, struct coverage_contractor *out)
{
    const uint8_t *p =
        code < coverage->count[SECTION_CODE]
            ? entry_of(coverage, SECTION_CONTRACTOR, release, code)
            : NULL;
    struct coverage_key key;

    if (p == NULL)
        return false;
    key = coverage_code_key(coverage, code);
    *out = (struct coverage_contractor){
        .id = coverage_key_id(key),
        .type = coverage_key_type(key),
        .version = coverage_key_version(key),
        .file = load_u16(p + 6),
        .line = load_u32(p + 8),
        .name = coverage_text(coverage, load_u32(p + 12), NULL),
        .number = coverage_text(coverage, load_u32(p + 16), NULL),
        .type_name = coverage_text(coverage, load_u32(p + 20), NULL),
        .subtype = coverage_text(coverage, load_u32(p + 24), NULL),
        .status = coverage_text(coverage, load_u32(p + 28), NULL),
        .state = load_u32(p + 32),
    };
    if (out->state >= coverage->count[SECTION_CODE])
        out->state = COVERAGE_NONE;
    return true;
}

static bool read_state(const struct coverage *coverage, const uint8_t *p,
    struct coverage_state *out)
{
    const uint32_t code = load_u32(p);

    if (code >= coverage->count[SECTION_CODE])
        return false;
    *out = (struct coverage_state){
        .id = coverage_key_id(coverage_code_key(coverage, code)),
        .code = code,
        .file = load_u16(p + 6),
        .line = load_u32(p + 8),
        .name = coverage_text(coverage, load_u32(p + 20), NULL),
    };
    memcpy(out->abbreviation, p + 12, 4);
    memcpy(out->whole, p + 16, 4);
    return true;
}

bool coverage_state(const struct coverage *coverage, uint32_t release,
    uint32_t code, struct coverage_state *out)
{
    const uint8_t *p = entry_of(coverage, SECTION_STATE, release, code);

    return p != NULL && read_state(coverage, p, out);
}

bool coverage_state_next(const struct coverage *coverage, uint32_t release,
    const char *abbreviation, size_t len, uint32_t *at,
    struct coverage_state *out)
{
    uint8_t wanted[4] = {0};

    if (len == 0 || len > sizeof wanted)
        return false;
    memcpy(wanted, abbreviation, len);
    while (*at < coverage->count[SECTION_STATE]) {
        const uint8_t *p = entry(coverage, SECTION_STATE, (*at)++);

        if (p[4] <= release && release <= p[5] &&
            (memcmp(p + 12, wanted, 4) == 0 ||
                memcmp(p + 16, wanted, 4) == 0) &&
            read_state(coverage, p, out))
            return true;
    }
    return false;
}

uint32_t coverage_jurisdictions(const struct coverage *coverage)
{
    return coverage->count[SECTION_JURISDICTION];
}

void coverage_jurisdiction(const struct coverage *coverage, uint32_t number,
    struct coverage_jurisdiction *out)
{
    const uint8_t *p;

    *out = (struct coverage_jurisdiction){0};
    if (number >= coverage->count[SECTION_JURISDICTION])
        return;
    p = entry(coverage, SECTION_JURISDICTION, number);
    *out = (struct coverage_jurisdiction){
        .contractor = load_u32(p),
        .state = load_u32(p + 4),
        .active = load_i32(p + 8),
        .terminated = load_i32(p + 12),
        .first_release = p[16],
        .last_release = p[17],
        .file = load_u16(p + 18),
        .line = load_u32(p + 20),
    };
}

void coverage_contractor_jurisdictions(const struct coverage *coverage,
    uint32_t contractor, uint32_t *first, uint32_t *end)
{
    const uint32_t count = coverage->count[SECTION_JURISDICTION];
    uint32_t i = lower(coverage, SECTION_JURISDICTION, contractor);

    *first = i;
    while (i < count &&
           load_u32(entry(coverage, SECTION_JURISDICTION, i)) == contractor)
        i++;
    *end = i;
}

uint32_t coverage_jurisdiction_by_state(
    const struct coverage *coverage, uint32_t place)
{
    const uint32_t number = load_u32(entry(coverage, SECTION_BY_STATE, place));

    return number < coverage->count[SECTION_JURISDICTION] ? number : 0;
}

/* The state of a place of the second order. */
static uint32_t state_at(const struct coverage *coverage, uint32_t place)
{
    return load_u32(entry(coverage, SECTION_JURISDICTION,
                        coverage_jurisdiction_by_state(coverage, place)) +
                    4);
}

void coverage_state_jurisdictions(const struct coverage *coverage,
    uint32_t state, uint32_t *first, uint32_t *end)
{
    const uint32_t count = coverage->count[SECTION_BY_STATE];
    uint32_t low = 0, high = count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (state_at(coverage, middle) < state)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < count && state_at(coverage, low) == state)
        low++;
    *end = low;
}
