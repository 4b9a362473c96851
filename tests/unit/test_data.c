/* test_data.c - the project's own tables say what they claim to say.
 *
 * Run from the top of the tree: the lists inside the program are compared with
 * the folders. The expected codes and modifiers below come from CMS's lists,
 * not from the tables. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/harness.h"
#include "codesets/core/code.h"
#include "codesets/core/day.h"
#include "codesets/data/embedded.h"
#include "codesets/store/schema.h"
#include "indexer/fetch/places.h"

enum { FIELDS_MAX = 32, LINE_MAX_BYTES = 1024 };

/* One line of a table, cut at its tabs. */
struct line {
    const char *file;
    unsigned number;
    char text[LINE_MAX_BYTES];
    size_t count;
    const char *field[FIELDS_MAX];
};

struct lines {
    const struct embedded_file *file;
    size_t at;
    unsigned number;
};

static bool read_line(struct lines *lines, char *out, size_t size)
{
    const char *text, *end;
    size_t len;

    if (lines->file == NULL || lines->at >= lines->file->len)
        return false;
    text = (const char *)lines->file->data + lines->at;
    end = strchr(text, '\n');
    if (end == NULL)
        fail_msg("%s: the last line has no end", lines->file->name);
    len = (size_t)(end - text);
    lines->number++;
    if (len >= size)
        fail_msg("%s:%u: too long", lines->file->name, lines->number);
    memcpy(out, text, len);
    out[len] = 0;
    lines->at += len + 1;
    return true;
}

static void split(struct line *line, char delimiter)
{
    char *at = line->text;

    line->count = 0;
    do {
        if (line->count == FIELDS_MAX)
            fail_msg("%s:%u: too many columns", line->file, line->number);
        line->field[line->count++] = at;
        at = strchr(at, delimiter);
        if (at != NULL)
            *at++ = 0;
    } while (at != NULL);
}

/* The next line of a table that is no comment; false at the end. */
static bool next_row(struct lines *lines, struct line *out)
{
    while (read_line(lines, out->text, sizeof out->text)) {
        if (out->text[0] == '#')
            continue;
        out->file = lines->file->name;
        out->number = lines->number;
        split(out, '\t');
        return true;
    }
    return false;
}

static struct lines open_table(
    const char *name, const char *const *columns, size_t count)
{
    struct lines lines = {.file = embedded_find(embedded_data, name)};
    struct line heading = {.number = 0};

    if (lines.file == NULL)
        fail_msg("%s is not embedded", name);
    assert_true(next_row(&lines, &heading));
    assert_int_equal(heading.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(heading.field[i], columns[i]);
    return lines;
}

static void check(const struct line *line, bool holds, const char *what)
{
    if (!holds)
        fail_msg(
            "%s:%u: %s: %s", line->file, line->number, line->field[0], what);
}

static bool one_of(const char *word, const char *words)
{
    const size_t len = strlen(word);

    for (const char *at = words; (at = strstr(at, word)) != NULL; at++)
        if ((at == words || at[-1] == ' ') &&
            (at[len] == ' ' || at[len] == 0) && len > 0)
            return true;
    return false;
}

static bool is_code(const char *text)
{
    return strlen(text) == PROC_LEN && proc_pack(text) != PROC_NONE;
}

/* Codes parted by one blank. */
static bool are_codes(const char *text)
{
    char code[PROC_LEN + 1] = "";

    for (;; text += PROC_LEN + 1) {
        if (strlen(text) < PROC_LEN)
            return false;
        memcpy(code, text, PROC_LEN);
        if (!is_code(code))
            return false;
        if (text[PROC_LEN] == 0)
            return true;
        if (text[PROC_LEN] != ' ')
            return false;
    }
}

static bool is_minutes(const char *text)
{
    char *end;
    const long minutes = strtol(text, &end, 10);

    return *text == 0 || (*end == 0 && minutes >= 1 && minutes <= 1440);
}

static bool is_day(const char *text, day_t *out, day_t otherwise)
{
    *out = otherwise;
    return *text == 0 || day_parse_compact(out, text, strlen(text)) == 0;
}

static bool is_plain(const char *text)
{
    for (; *text != 0; text++)
        if (*text < ' ' || *text > '~' || (text[0] == ' ' && text[1] == ' '))
            return false;
    return true;
}

static const char *timed(const struct line *line, enum timed_column column)
{
    return line->field[column];
}

static void every_timed_code_is_well_formed(void **state)
{
    const struct table_schema *schema = table_schema(TABLE_TIMED);
    struct lines lines =
        open_table("timed_codes.tsv", schema->column, schema->columns);
    struct line line = {.number = 0};
    char previous[PROC_LEN + 1] = "";
    day_t previous_to = DAY_OPEN;
    unsigned rows = 0;

    for (; next_row(&lines, &line); rows++) {
        const char *kind;
        day_t from, to;
        bool minutes;

        check(&line, line.count == TIMED_COLUMNS, "columns");
        kind = timed(&line, TIMED_KIND);
        for (size_t i = 0; i < line.count; i++)
            check(&line, is_plain(line.field[i]), "letters");
        check(&line, is_code(timed(&line, TIMED_CODE)), "code");
        check(&line, *timed(&line, TIMED_LABEL) != 0, "label");
        check(&line, one_of(timed(&line, TIMED_SYSTEM), "CPT1 CPT3 HCPCS2"),
            "system");
        check(&line,
            one_of(kind,
                "UNTIMED EACH FIRST ADDL RANGE MINIMUM CUMULATIVE DAYS "
                "UNLISTED"),
            "kind");
        minutes = one_of(kind, "EACH FIRST ADDL RANGE MINIMUM CUMULATIVE");
        check(&line,
            strcmp(timed(&line, TIMED_FLAG), minutes ? "Y"
                                             : strcmp(kind, "UNLISTED") == 0
                                                 ? "?"
                                                 : "N") == 0,
            "timed does not fit kind");
        for (int i = TIMED_UNIT; i <= TIMED_STEP; i++) {
            check(&line, is_minutes(line.field[i]), "minutes");
            check(&line, minutes || *line.field[i] == 0, "minutes of none");
        }
        if (one_of(kind, "EACH FIRST ADDL"))
            check(&line,
                *timed(&line, TIMED_UNIT) != 0 &&
                    *timed(&line, TIMED_MINIMUM) != 0 &&
                    strcmp(timed(&line, TIMED_UNIT),
                        timed(&line, TIMED_STEP)) == 0,
                "unit, minimum and step");
        if (*timed(&line, TIMED_MAXIMUM) != 0)
            check(&line,
                atol(timed(&line, TIMED_MINIMUM)) <=
                    atol(timed(&line, TIMED_MAXIMUM)),
                "minimum above maximum");
        check(&line, one_of(timed(&line, TIMED_POOL), "Y N"), "pool");
        check(&line, one_of(timed(&line, TIMED_THERAPY), "always sometimes no"),
            "therapy");
        check(&line, one_of(timed(&line, TIMED_THERAPY_CERT), "V K U"),
            "certainty of therapy");
        check(&line, one_of(timed(&line, TIMED_ADDON), "Y N"), "add-on");
        check(&line,
            *timed(&line, TIMED_PRIMARIES) == 0 ||
                strcmp(timed(&line, TIMED_ADDON), "Y") == 0,
            "primaries of no add-on");
        check(&line,
            *timed(&line, TIMED_REPLACED_BY) == 0 ||
                (are_codes(timed(&line, TIMED_REPLACED_BY)) &&
                    *timed(&line, TIMED_TO) != 0),
            "replaced by");
        check(&line, one_of(timed(&line, TIMED_CERT), "A B C"), "certainty");
        check(&line, minutes || *timed(&line, TIMED_FAMILY) == 0,
            "family of a code without minutes");
        check(&line,
            is_minutes(timed(&line, TIMED_CMS_MINIMUM)) &&
                (minutes || *timed(&line, TIMED_CMS_MINIMUM) == 0),
            "Medicare's minutes");
        check(&line,
            is_day(timed(&line, TIMED_FROM), &from, DAY_UNKNOWN) &&
                is_day(timed(&line, TIMED_TO), &to, DAY_OPEN) && from <= to,
            "dates");

        /* The lines of one code follow each other without a gap. */
        if (strcmp(previous, timed(&line, TIMED_CODE)) == 0)
            check(&line, from != DAY_UNKNOWN && from == previous_to + 1,
                "does not begin where the line before ends");
        else
            check(
                &line, strcmp(previous, timed(&line, TIMED_CODE)) < 0, "order");
        (void)snprintf(
            previous, sizeof previous, "%s", timed(&line, TIMED_CODE));
        previous_to = to;
    }
    assert_true(rows >= 378);
}

/* The timed-code line of a code that holds on a day. */
static void find_timed(struct line *out, const char *code, const char *date)
{
    const struct table_schema *schema = table_schema(TABLE_TIMED);
    struct lines lines =
        open_table("timed_codes.tsv", schema->column, schema->columns);
    day_t day, from, to;

    assert_int_equal(day_parse_iso(&day, date, strlen(date)), 0);
    while (next_row(&lines, out))
        if (strcmp(out->field[TIMED_CODE], code) == 0 &&
            is_day(out->field[TIMED_FROM], &from, DAY_UNKNOWN) &&
            is_day(out->field[TIMED_TO], &to, DAY_OPEN) && from <= day &&
            day <= to)
            return;
    fail_msg("%s has no line on %s", code, date);
}

/* Whether a line is added to others of its family, or begins it. */
static bool is_added(const struct line *line)
{
    const char *kind = timed(line, TIMED_KIND);

    return strcmp(kind, "ADDL") == 0 ||
           (strcmp(kind, "CUMULATIVE") == 0 &&
               strcmp(timed(line, TIMED_ADDON), "Y") == 0);
}

/* True when some line begins the family and holds on a day. */
static bool family_begins(const char *family, day_t day)
{
    const struct table_schema *schema = table_schema(TABLE_TIMED);
    struct lines lines =
        open_table("timed_codes.tsv", schema->column, schema->columns);
    struct line line = {.number = 0};
    day_t from, to;

    while (next_row(&lines, &line))
        if (!is_added(&line) && one_of(family, timed(&line, TIMED_FAMILY)) &&
            is_day(timed(&line, TIMED_FROM), &from, DAY_UNKNOWN) &&
            is_day(timed(&line, TIMED_TO), &to, DAY_OPEN) && from <= day &&
            day <= to)
            return true;
    return false;
}

static void every_family_has_a_beginning(void **state)
{
    const struct table_schema *schema = table_schema(TABLE_TIMED);
    struct lines lines =
        open_table("timed_codes.tsv", schema->column, schema->columns);
    struct line line = {.number = 0};

    while (next_row(&lines, &line)) {
        const char *name = timed(&line, TIMED_FAMILY);
        day_t to;

        /* The last day of the line, or a late one. */
        is_day(timed(&line, TIMED_TO), &to, DAY_OPEN);
        if (to == DAY_OPEN)
            assert_int_equal(day_from_civil(&to, 2026, 12, 31), 0);
        while (*name != 0) {
            const size_t len = strcspn(name, " ");
            char family[40];

            check(&line, len < sizeof family, "name of a family");
            (void)snprintf(family, sizeof family, "%.*s", (int)len, name);
            check(&line, family_begins(family, to), "a family of add-ons");
            name += len + (name[len] == ' ');
        }
        if (is_added(&line) && *timed(&line, TIMED_MINIMUM) == 0)
            check(&line,
                *timed(&line, TIMED_FAMILY) != 0 &&
                    *timed(&line, TIMED_STEP) != 0,
                "neither minutes nor a family");
    }
}

static void the_pool_is_medicares(void **state)
{
    static const char pool[] =
        "97032 97033 97034 97035 97036 97110 97112 97113 97116 97124 97140 "
        "97530 97533 97535 97537 97542 97750 97755 97760 97761 97763 97504 "
        "97520 97532 97703 97762 G0515";
    const struct table_schema *schema = table_schema(TABLE_TIMED);
    struct lines lines =
        open_table("timed_codes.tsv", schema->column, schema->columns);
    struct line line = {.number = 0};
    size_t found = 0;

    while (next_row(&lines, &line)) {
        const bool pooled = strcmp(line.field[TIMED_POOL], "Y") == 0;

        check(&line, pooled == one_of(line.field[TIMED_CODE], pool), "pool");
        found += pooled;
    }
    assert_int_equal(found, sizeof pool / (PROC_LEN + 1));
}

/* PFS multiple-procedure indicator 5, July 2024, and three codes that a change
 * request of 2025 names. */
static void verified_therapy_is_what_cms_published(void **state)
{
    static const char verified[] =
        "G0281 G0283 G0329 0791T 92507 92508 92521 92522 92523 92524 92526 "
        "92597 92607 92609 96125 97012 97016 97018 97022 97024 97026 97028 "
        "97032 97033 97034 97035 97036 97110 97112 97113 97116 97124 97140 "
        "97150 97161 97162 97163 97164 97165 97166 97167 97168 97530 97533 "
        "97535 97537 97542 97750 97755 97760 97761 97763 98979 98984 98985";
    const struct table_schema *schema = table_schema(TABLE_TIMED);
    struct lines lines =
        open_table("timed_codes.tsv", schema->column, schema->columns);
    struct line line = {.number = 0};
    size_t found = 0;

    while (next_row(&lines, &line)) {
        const bool sure = strcmp(line.field[TIMED_THERAPY_CERT], "V") == 0;

        check(&line, sure == one_of(line.field[TIMED_CODE], verified),
            "certainty of therapy");
        found += sure;
    }
    assert_int_equal(found, sizeof verified / (PROC_LEN + 1));
}

static void minutes_hold_on_their_dates(void **state)
{
    static const struct {
        const char *code, *date, *kind, *minimum, *maximum;
    } known[] = {
        {"99202", "2022-07-01", "RANGE", "15", "29"},
        {"99202", "2023-12-31", "RANGE", "15", "29"},
        {"99202", "2024-01-01", "MINIMUM", "15", ""},
        {"99215", "2023-06-30", "RANGE", "40", "54"},
        {"99215", "2024-07-01", "MINIMUM", "40", ""},
        {"99306", "2023-07-01", "MINIMUM", "45", ""},
        {"99306", "2024-07-01", "MINIMUM", "50", ""},
        {"99308", "2023-07-01", "MINIMUM", "15", ""},
        {"99308", "2025-07-01", "MINIMUM", "20", ""},
        {"90832", "2024-07-01", "RANGE", "16", "37"},
        {"90839", "2024-07-01", "FIRST", "30", "74"},
        {"90840", "2024-07-01", "ADDL", "75", ""},
        {"97110", "2024-07-01", "EACH", "8", ""},
        {"97130", "2024-07-01", "ADDL", "23", ""},
        {"97161", "2024-07-01", "UNTIMED", "", ""},
        {"97001", "2016-12-31", "UNTIMED", "", ""},
        {"96125", "2024-07-01", "EACH", "31", ""},
        {"92627", "2024-07-01", "ADDL", "68", ""},
        {"99292", "2022-07-01", "ADDL", "75", ""},
        {"99292", "2024-07-01", "ADDL", "75", ""},
        {"98980", "2026-07-01", "CUMULATIVE", "20", "39"},
        {"G0444", "2024-07-01", "RANGE", "5", "15"},
    };
    struct line line = {.number = 0};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        find_timed(&line, known[i].code, known[i].date);
        assert_string_equal(line.field[TIMED_KIND], known[i].kind);
        assert_string_equal(line.field[TIMED_MINIMUM], known[i].minimum);
        assert_string_equal(line.field[TIMED_MAXIMUM], known[i].maximum);
    }
}

static void every_modifier_is_well_formed(void **state)
{
    const struct table_schema *schema = table_schema(TABLE_MODIFIER);
    struct lines lines =
        open_table("modifiers.tsv", schema->column, schema->columns);
    struct line line = {.number = 0};
    char previous[MODIFIER_LEN + 1] = "";

    while (next_row(&lines, &line)) {
        const char *code = line.field[MODIFIER_CODE];
        day_t from, to, column1_from;
        bool bypass;

        check(&line, line.count == MODIFIER_COLUMNS, "columns");
        for (size_t i = 0; i < line.count; i++)
            check(&line, is_plain(line.field[i]), "letters");
        check(&line, strlen(code) == MODIFIER_LEN && strcmp(previous, code) < 0,
            "order");
        (void)snprintf(previous, sizeof previous, "%s", code);
        check(&line, *line.field[MODIFIER_LABEL] != 0, "label");
        check(&line,
            one_of(line.field[MODIFIER_CLASS],
                "anatomic global distinct laboratory therapy threshold "
                "assistant notice telehealth component repeat reduced surgery "
                "anesthesia drug equipment performance physical_status other"),
            "class");
        check(&line,
            one_of(line.field[MODIFIER_EFFECT],
                "payment liability required information"),
            "effect");
        check(&line, one_of(line.field[MODIFIER_BYPASS], "Y N"), "bypass");
        check(&line, one_of(line.field[MODIFIER_EM_ONLY], "Y N"), "E/M");
        check(&line,
            *line.field[MODIFIER_SETTING] == 0 ||
                one_of(line.field[MODIFIER_SETTING],
                    "practitioner outpatient dme"),
            "setting");
        check(&line,
            *line.field[MODIFIER_FAMILY] == 0 ||
                one_of(line.field[MODIFIER_FAMILY],
                    "lab visit service surgery side eyelid finger toe "
                    "coronary"),
            "family");
        bypass = strcmp(line.field[MODIFIER_BYPASS], "Y") == 0;
        check(&line,
            is_day(line.field[MODIFIER_COL1_FROM], &column1_from, DAY_OPEN) &&
                (bypass || column1_from == DAY_OPEN),
            "column 1 from");
        check(&line,
            is_day(line.field[MODIFIER_FROM], &from, DAY_UNKNOWN) &&
                is_day(line.field[MODIFIER_TO], &to, DAY_OPEN) && from <= to,
            "dates");
        check(&line, *line.field[MODIFIER_SOURCE] != 0, "source");
    }
}

static void the_bypassing_modifiers_are_those_of_the_ncci(void **state)
{
    static const char list[] =
        "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 "
        "T9 LT RT LC LD LM RC RI 24 25 57 58 78 79 27 59 91 XE XP XS XU";
    const struct table_schema *schema = table_schema(TABLE_MODIFIER);
    struct lines lines =
        open_table("modifiers.tsv", schema->column, schema->columns);
    struct line line = {.number = 0};
    size_t found = 0;

    while (next_row(&lines, &line)) {
        const bool bypass = strcmp(line.field[MODIFIER_BYPASS], "Y") == 0;
        const bool late = one_of(line.field[MODIFIER_CODE], "59 XE XP XS XU");

        check(
            &line, bypass == one_of(line.field[MODIFIER_CODE], list), "bypass");
        check(&line,
            strcmp(line.field[MODIFIER_COL1_FROM], late ? "20190701" : "") == 0,
            "column 1 from");
        if (one_of(line.field[MODIFIER_CODE], "XE XP XS XU"))
            check(&line, strcmp(line.field[MODIFIER_FROM], "20150101") == 0,
                "from");
        if (one_of(line.field[MODIFIER_CODE], "LM RI"))
            check(&line, strcmp(line.field[MODIFIER_FROM], "20130101") == 0,
                "from");
        check(&line,
            (strcmp(line.field[MODIFIER_EM_ONLY], "Y") == 0) ==
                one_of(line.field[MODIFIER_CODE], "24 25 57"),
            "E/M only");
        found += bypass;
    }
    assert_int_equal(found, sizeof list / (MODIFIER_LEN + 1));
}

static void every_kind_of_code_is_told_in_ranges(void **state)
{
    static const char places[] =
        "lab visit surgery side eyelid finger toe coronary";
    const struct table_schema *schema = table_schema(TABLE_MODIFIER_PLACE);
    struct lines lines =
        open_table("modifier_places.tsv", schema->column, schema->columns);
    struct line line = {.number = 0};
    char previous[32] = "";
    unsigned found = 0;

    while (next_row(&lines, &line)) {
        const char *first = line.field[MODIFIER_PLACE_FIRST];
        const char *last = line.field[MODIFIER_PLACE_LAST];
        char key[32];

        check(&line, line.count == MODIFIER_PLACE_COLUMNS, "columns");
        check(&line, one_of(line.field[MODIFIER_PLACE_NAME], places), "place");
        check(&line, is_code(first) && is_code(last), "codes");
        check(&line, proc_pack(first) <= proc_pack(last), "backwards");
        check(&line, *line.field[MODIFIER_PLACE_MEANING] != 0, "meaning");
        (void)snprintf(key, sizeof key, "%.16s %s",
            line.field[MODIFIER_PLACE_NAME], first);
        check(&line, strcmp(previous, key) < 0, "order");
        found += strncmp(previous, key, strcspn(key, " ") + 1) != 0;
        (void)snprintf(previous, sizeof previous, "%s", key);
    }
    assert_int_equal(found, 8);
}

static void every_part_of_a_system_is_a_range(void **state)
{
    const struct table_schema *schema = table_schema(TABLE_SECTION);
    struct lines lines =
        open_table("sections.tsv", schema->column, schema->columns);
    struct line line = {.number = 0};
    char previous[32] = "";
    unsigned chapters = 0;

    while (next_row(&lines, &line)) {
        const char *first = line.field[SECTION_FIRST];
        const char *last = line.field[SECTION_LAST];
        char key[32];

        check(&line, line.count == SECTION_COLUMNS, "columns");
        check(&line, one_of(line.field[SECTION_SYSTEM], "cpt hcpcs icd10cm"),
            "system");
        if (strcmp(line.field[SECTION_SYSTEM], "icd10cm") == 0) {
            check(&line,
                strlen(first) == 3 && icd_shaped(first, 3) &&
                    strlen(last) == 3 && icd_shaped(last, 3),
                "categories");
            chapters++;
        } else {
            check(&line, is_code(first) && is_code(last), "codes");
        }
        check(&line, strcmp(first, last) <= 0, "backwards");
        check(&line, *line.field[SECTION_NAME] != 0, "name");
        (void)snprintf(
            key, sizeof key, "%.16s %s", line.field[SECTION_SYSTEM], first);
        check(&line, strcmp(previous, key) < 0, "order");
        (void)snprintf(previous, sizeof previous, "%s", key);
    }
    assert_int_equal(chapters, 22);
}

static void every_year_has_its_therapy_amount(void **state)
{
    static const char *const columns[] = {
        "year", "pt_slp", "ot", "review", "cert", "source"};
    /* 2018 to 2026, as CMS gave them. */
    static const long amount[] = {
        2010, 2040, 2080, 2110, 2150, 2230, 2330, 2410, 2480};
    struct lines lines = open_table("kx_thresholds.tsv", columns, 6);
    struct line line = {.number = 0};
    long year = 2018;

    for (; next_row(&lines, &line); year++) {
        check(&line, line.count == 6 && atol(line.field[0]) == year, "year");
        check(&line, one_of(line.field[4], "V K"), "certainty");
        if (year - 2018 < (long)(sizeof amount / sizeof amount[0])) {
            check(&line, atol(line.field[1]) == amount[year - 2018], "PT, SLP");
            check(&line, atol(line.field[2]) == amount[year - 2018], "OT");
        }
    }
    assert_true(year > 2026);
}

static void every_fact_of_claims_is_one(void **state)
{
    static const char *const columns[] = {
        "subject", "fact", "value", "from", "to", "cert", "notes"};
    struct lines lines = open_table("claim_facts.tsv", columns, 7);
    struct line line = {.number = 0};
    char before[LINE_MAX_BYTES] = "";

    while (next_row(&lines, &line)) {
        const char *subject = line.field[0], *fact = line.field[1];
        const char *value = line.field[2];
        char whole[LINE_MAX_BYTES];

        check(&line, line.count == 7, "columns");
        (void)snprintf(whole, sizeof whole, "%s\t%s\t%s", subject, fact, value);
        check(&line, strcmp(before, whole) < 0, "order");
        (void)snprintf(before, sizeof before, "%s", whole);
        check(&line,
            one_of(fact, "therapist discipline partner not_with one_unit "
                         "threshold one_of instead revenue no_edit"),
            "fact");
        if (one_of(fact, "discipline one_of instead no_edit"))
            check(&line, is_code(subject), "not a procedure code");
        else if (one_of(fact, "therapist partner not_with one_unit threshold"))
            check(&line, strlen(subject) == MODIFIER_LEN, "not a modifier");
        if (one_of(fact, "discipline partner not_with revenue"))
            check(&line, strlen(value) == MODIFIER_LEN, "not a modifier");
        if (strcmp(fact, "instead") == 0)
            check(&line, is_code(value), "not a code to use instead");
        if (strcmp(fact, "therapist") == 0)
            check(&line, one_of(value, "PT OT SLP"), "no therapist");
        if (strcmp(fact, "revenue") == 0)
            check(&line,
                strlen(subject) == 4 && strspn(subject, "0123456789X") == 4,
                "no revenue code");
        check(&line, one_of(line.field[5], "V K"), "certainty");
        check(&line, value[0] != 0, "value");
    }
    assert_true(before[0] != 0);
}

static void every_source_is_told_once(void **state)
{
    static const char *const columns[] = {
        "source", "title", "cadence", "parts", "stale_days", "publisher"};
    struct lines lines = open_table("sources.tsv", columns, 6);
    struct line line = {.number = 0};
    char seen[LINE_MAX_BYTES] = "";
    size_t len = 0;

    while (next_row(&lines, &line)) {
        check(&line, line.count == 6, "columns");
        check(&line, one_of(line.field[2], "quarter year fiscal week"),
            "cadence");
        check(&line, atol(line.field[3]) >= 1, "parts");
        check(&line, atol(line.field[4]) >= 1, "stale days");
        check(&line, !one_of(line.field[0], seen), "told twice");
        len += (size_t)snprintf(
            seen + len, sizeof seen - len, "%s ", line.field[0]);
    }
    for (int table = 0; table < TABLE_COUNT; table++) {
        const struct table_schema *schema = table_schema((enum table)table);

        if (schema->kind != SERIES_UNDATED && !one_of(schema->name, seen))
            fail_msg("sources.tsv does not tell of %s", schema->name);
    }
}

/* The parts of a source as sources.tsv has them; 0 for a source that is none.
 */
static long parts_of(const char *source)
{
    static const char *const columns[] = {
        "source", "title", "cadence", "parts", "stale_days", "publisher"};
    struct lines lines = open_table("sources.tsv", columns, 6);
    struct line line = {.number = 0};

    while (next_row(&lines, &line))
        if (strcmp(line.field[0], source) == 0)
            return atol(line.field[3]);
    return 0;
}

/* test_fetch_places.c tries the expressions on the publishers' names. */
static void every_place_is_of_a_source(void **state)
{
    static const char *const columns[] = {"source", "set", "gate", "parts",
        "page", "through", "leads", "file", "tells", "text", "cert"};
    struct lines lines = open_table("places.tsv", columns, 11);
    struct line line = {.number = 0};
    struct error err = {0};
    struct places *places;
    size_t count = 0, listed;

    for (; next_row(&lines, &line); count++) {
        check(&line, line.count == 11, "columns");
        for (size_t i = 0; i < line.count; i++)
            check(&line, is_plain(line.field[i]), "letters");
        check(&line, parts_of(line.field[0]) != 0, "source");
        check(&line, atol(line.field[3]) == parts_of(line.field[0]), "parts");
    }
    if (places_open(&places, &err) != 0) {
        fail_msg("%s", err.msg);
        return;
    }
    (void)places_list(places, &listed);
    assert_int_equal(listed, count);
    places_close(places);
}

/* ---- the starter set */

static struct lines open_starter(const char *name)
{
    struct lines lines = {.file = embedded_find(embedded_starter, name)};

    if (lines.file == NULL)
        fail_msg("%s is not embedded", name);
    return lines;
}

static void the_starter_set_says_what_it_is(void **state)
{
    const struct embedded_file *file = embedded_starter;

    for (; file->name != NULL; file++) {
        assert_int_equal(strncmp(file->name, "starter_", 8), 0);
        if (strstr(file->name, "icd10cm") == NULL &&
            strstr((const char *)file->data, "coderef starter set") == NULL)
            fail_msg("%s does not say that it is the starter set", file->name);
    }
}

static bool is_deletion(const char *text)
{
    day_t day;

    return strcmp(text, "*") == 0 || (*text != 0 && is_day(text, &day, 0));
}

static void check_starter_pairs(const char *name, unsigned expected)
{
    struct lines lines = open_starter(name);
    struct line line = {.file = name};
    char previous[16] = "";
    unsigned rows = 0;
    bool open = false;

    while (read_line(&lines, line.text, sizeof line.text)) {
        char pair[16];

        line.number = lines.number;
        split(&line, '\t');
        if (lines.number <= 6)
            continue;
        rows++;
        check(&line, line.count == 7, "columns");
        check(&line, is_code(line.field[0]) && is_code(line.field[1]), "codes");
        check(&line, strcmp(line.field[0], line.field[1]) != 0, "self");
        check(&line, *line.field[3] == 0, "a first day that nobody knows");
        check(&line, is_deletion(line.field[4]), "deletion");
        check(&line, one_of(line.field[5], "0 1 9"), "indicator");
        check(&line,
            strcmp(line.field[5], "9") != 0 || strcmp(line.field[4], "*") != 0,
            "an edit that never was cannot be open");
        (void)snprintf(
            pair, sizeof pair, "%s %s", line.field[0], line.field[1]);
        check(&line, strcmp(previous, pair) <= 0, "order");
        /* An open row is the last of its pair. */
        check(&line, strcmp(previous, pair) != 0 || !open, "row after open");
        open = strcmp(line.field[4], "*") == 0;
        (void)snprintf(previous, sizeof previous, "%s", pair);
    }
    assert_int_equal(rows, expected);
}

static void the_starter_pairs_are_well_formed(void **state)
{
    check_starter_pairs("starter_ptp_practitioner_2024q3.txt", 148);
    check_starter_pairs("starter_ptp_hospital_2024q3.txt", 133);
}

static void the_starter_level_ii_records_are_320_long(void **state)
{
    struct lines lines = open_starter("starter_hcpcs_2024q3.txt");
    char text[LINE_MAX_BYTES];
    char owner[PROC_LEN + 1] = "";
    unsigned codes = 0;

    while (read_line(&lines, text, sizeof text)) {
        char code[PROC_LEN + 1] = "";

        if (lines.number <= 2)
            continue;
        assert_int_equal(strlen(text), 320);
        memcpy(code, text, PROC_LEN);
        assert_true(is_code(code));
        assert_true(text[10] == '3' || text[10] == '4');
        assert_int_equal(text[90], ' '); /* a line of text has 79 letters */
        if (text[10] == '3') {
            day_t day;

            assert_true(strcmp(owner, code) < 0);
            (void)snprintf(owner, sizeof owner, "%s", code);
            assert_int_equal(day_parse_compact(&day, text + 268, 8), 0);
            codes++;
        } else {
            assert_string_equal(owner, code);
        }
    }
    assert_int_equal(codes, 57);
}

static void the_starter_diagnoses_stand_in_order(void **state)
{
    struct lines lines = open_starter("starter_icd10cm_order_2024.txt");
    char text[LINE_MAX_BYTES];
    char previous[ICD_MAX + 1] = "";
    bool heading = false;
    unsigned rows = 0;

    while (read_line(&lines, text, sizeof text)) {
        char code[ICD_MAX + 1] = "";
        const size_t len = strcspn(text + 6, " ");

        rows++;
        assert_int_equal(atol(text), rows);
        assert_true(strlen(text) > 77 && len <= ICD_MAX);
        memcpy(code, text + 6, len);
        assert_true(icd_shaped(code, len));
        /* The order is that of the chapters: U, the 22nd, comes last. */
        assert_true(strcmp(previous, code) < 0 ||
                    (previous[0] == 'Z' && code[0] == 'U'));
        assert_true(text[14] == '0' || text[14] == '1');
        /* What follows a heading lies under it. */
        if (heading)
            assert_int_equal(strncmp(code, previous, strlen(previous)), 0);
        heading = text[14] == '0';
        (void)snprintf(previous, sizeof previous, "%s", code);
    }
    assert_false(heading);
    assert_int_equal(rows, 1271);
}

static void check_folder(
    const struct embedded_file *list, const char *path, const char *suffix)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    size_t found = 0, listed = 0;

    if (folder == NULL) {
        fail_msg("%s: run the tests from the top of the tree", path);
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');

        if (entry->d_name[0] == '.' ||
            (suffix != NULL && (dot == NULL || strcmp(dot, suffix) != 0)))
            continue;
        found++;
        if (embedded_find(list, entry->d_name) == NULL)
            fail_msg("%s/%s has no line in embedded.c", path, entry->d_name);
    }
    (void)closedir(folder);
    for (; list[listed].name != NULL; listed++) {
        assert_int_equal(list[listed].data[list[listed].len], 0);
        assert_true(listed == 0 ||
                    strcmp(list[listed - 1].name, list[listed].name) < 0);
    }
    assert_int_equal(found, listed);
}

static void the_lists_hold_every_file_of_the_folders(void **state)
{
    check_folder(embedded_data, "codesets/data", ".tsv");
    check_folder(embedded_starter, "codesets/data/starter", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_timed_code_is_well_formed),
        cmocka_unit_test(every_family_has_a_beginning),
        cmocka_unit_test(the_pool_is_medicares),
        cmocka_unit_test(verified_therapy_is_what_cms_published),
        cmocka_unit_test(minutes_hold_on_their_dates),
        cmocka_unit_test(every_modifier_is_well_formed),
        cmocka_unit_test(the_bypassing_modifiers_are_those_of_the_ncci),
        cmocka_unit_test(every_kind_of_code_is_told_in_ranges),
        cmocka_unit_test(every_part_of_a_system_is_a_range),
        cmocka_unit_test(every_year_has_its_therapy_amount),
        cmocka_unit_test(every_fact_of_claims_is_one),
        cmocka_unit_test(every_source_is_told_once),
        cmocka_unit_test(every_place_is_of_a_source),
        cmocka_unit_test(the_starter_set_says_what_it_is),
        cmocka_unit_test(the_starter_pairs_are_well_formed),
        cmocka_unit_test(the_starter_level_ii_records_are_320_long),
        cmocka_unit_test(the_starter_diagnoses_stand_in_order),
        cmocka_unit_test(the_lists_hold_every_file_of_the_folders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
