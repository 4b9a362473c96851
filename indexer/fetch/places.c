#include "indexer/fetch/places.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codesets/data/embedded.h"

enum {
    COLUMNS = 11,
    GROUPS_MAX = 8,
    CENTURY = 2000 /* of a year of two digits */
};

enum column {
    PLACE_SOURCE,
    PLACE_SET,
    PLACE_GATE,
    PLACE_PARTS,
    PLACE_PAGE,
    PLACE_THROUGH,
    PLACE_LEADS,
    PLACE_FILE,
    PLACE_TELLS,
    PLACE_TEXT,
    PLACE_CERT
};

enum tells {
    TELLS_NOTHING,
    TELLS_YEAR,
    TELLS_FISCAL,
    TELLS_QUARTER,
    TELLS_LETTER,
    TELLS_MONTH,
    TELLS_DAY,
    TELLS_VERSION,
    TELLS_PART
};

static const char *const tells_names[] = {"-", "year", "fiscal", "quarter",
    "letter", "month", "day", "version", "part"};

struct pattern {
    regex_t regex;
    bool compiled;
    size_t groups;
    enum tells tells[GROUPS_MAX];
};

struct places {
    char *table; /* owned: the places' strings */
    struct place place[PLACES_MAX];
    struct pattern pattern[PLACES_MAX * 3];
    size_t count, patterns;
};

/* --- what a name tells ------------------------------------------------------
 */

struct found {
    const char *text[TELLS_PART + 1]; /* NULL: not told */
    size_t len[TELLS_PART + 1];
};

static int number(const struct found *found, enum tells what)
{
    int value = 0;

    for (size_t i = 0; i < found->len[what] && value < 100000; i++) {
        if (!isdigit((unsigned char)found->text[what][i]))
            return -1;
        value = value * 10 + (found->text[what][i] - '0');
    }
    return found->len[what] == 0 ? -1 : value;
}

static int year_of(const struct found *found, enum tells what)
{
    const int year = number(found, what);

    return found->len[what] == 2 ? year + CENTURY : year;
}

static int month_of(const struct found *found)
{
    static const char names[][4] = {"jan", "feb", "mar", "apr", "may", "jun",
        "jul", "aug", "sep", "oct", "nov", "dec"};

    if (found->len[TELLS_MONTH] >= 3)
        for (int i = 0; i < 12; i++)
            if (strncasecmp(found->text[TELLS_MONTH], names[i], 3) == 0)
                return i + 1;
    return number(found, TELLS_MONTH);
}

static bool label_date(struct named_release *out, int year, int month, int day)
{
    if (day_from_civil(&out->from, year, month, day) != 0)
        return false;
    if (day != 1)
        (void)day_format(out->label, out->from);
    else
        (void)snprintf(out->label, sizeof out->label, "%.4d-%.2d", year, month);
    return true;
}

static bool tell(struct named_release *out, const struct found *found)
{
    int year, which;

    *out = (struct named_release){.from = DAY_UNKNOWN, .part = 1};
    if (found->text[TELLS_VERSION] != NULL) {
        if (found->len[TELLS_VERSION] >= RELEASE_VERSION_MAX)
            return false;
        memcpy(out->version, found->text[TELLS_VERSION],
            found->len[TELLS_VERSION]);
    }
    if (found->text[TELLS_PART] != NULL) {
        out->part = number(found, TELLS_PART);
        if (out->part < 1 || out->part > PLACE_PARTS_MAX)
            return false;
    }
    if (found->text[TELLS_FISCAL] != NULL) {
        year = year_of(found, TELLS_FISCAL);
        (void)snprintf(out->label, sizeof out->label, "%.4d", year);
        return day_from_civil(&out->from, year - 1, 10, 1) == 0;
    }
    if (found->text[TELLS_YEAR] == NULL)
        return true;
    year = year_of(found, TELLS_YEAR);
    if (found->text[TELLS_MONTH] != NULL) {
        which = found->text[TELLS_DAY] != NULL ? number(found, TELLS_DAY) : 1;
        return label_date(out, year, month_of(found), which);
    }
    if (found->text[TELLS_QUARTER] != NULL) {
        which = number(found, TELLS_QUARTER);
        (void)snprintf(out->label, sizeof out->label, "%.4dq%d", year, which);
    } else if (found->text[TELLS_LETTER] != NULL) {
        which = tolower((unsigned char)*found->text[TELLS_LETTER]) - 'a' + 1;
        (void)snprintf(
            out->label, sizeof out->label, "%.4d%c", year, 'a' + which - 1);
    } else {
        which = 1;
        (void)snprintf(out->label, sizeof out->label, "%.4d", year);
    }
    return which >= 1 && which <= 4 &&
           day_from_civil(&out->from, year, 3 * which - 2, 1) == 0;
}

bool pattern_find(const struct pattern *pattern, const char *subject,
    struct named_release *out)
{
    struct named_release unused;
    struct found found = {{NULL}, {0}};
    regmatch_t match[GROUPS_MAX + 1];

    if (regexec(&pattern->regex, subject, GROUPS_MAX + 1, match, 0) != 0)
        return false;
    for (size_t i = 0; i < pattern->groups; i++) {
        const regmatch_t *group = &match[i + 1];

        if (group->rm_so >= 0) {
            found.text[pattern->tells[i]] = subject + group->rm_so;
            found.len[pattern->tells[i]] =
                (size_t)(group->rm_eo - group->rm_so);
        }
    }
    return tell(out != NULL ? out : &unused, &found);
}

/* --- the table --------------------------------------------------------------
 */

/* The words of `tells`, one for each group, or none at all. */
static bool read_tells(struct pattern *pattern, const char *words)
{
    const size_t known = sizeof tells_names / sizeof *tells_names;

    while (*words != '\0') {
        const size_t len = strcspn(words, " ");
        size_t i = 0;

        while (i < known && (strlen(tells_names[i]) != len ||
                                strncmp(words, tells_names[i], len) != 0))
            i++;
        if (i == known || pattern->groups == GROUPS_MAX)
            return false;
        pattern->tells[pattern->groups++] = (enum tells)i;
        words += len + (words[len] == ' ');
    }
    return pattern->groups == pattern->regex.re_nsub;
}

static const struct pattern *add_pattern(struct places *places,
    const char *expression, const char *tells, bool words)
{
    struct pattern *pattern = &places->pattern[places->patterns];

    if (regcomp(&pattern->regex, expression, REG_EXTENDED | REG_ICASE) != 0)
        return NULL;
    pattern->compiled = true;
    places->patterns++;
    return words || read_tells(pattern, tells) ? pattern : NULL;
}

static bool read_gate(unsigned *out, const char *gate)
{
    static const struct {
        const char *name;
        unsigned licences;
    } gates[] = {{"none", 0}, {"ama", LICENCE_AMA},
        {"ama+ada+aha", LICENCE_AMA | LICENCE_ADA | LICENCE_AHA}};

    for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
        if (strcmp(gate, gates[i].name) == 0) {
            *out = gates[i].licences;
            return true;
        }
    return false;
}

static const char *or_nothing(const char *text)
{
    return strcmp(text, "-") == 0 ? "" : text;
}

/* What is wrong with the line, or NULL. */
static const char *add_place(struct places *places, char *const *field)
{
    struct place *place = &places->place[places->count];

    if (places->count == PLACES_MAX)
        return "too many lines";
    *place = (struct place){.source = field[PLACE_SOURCE],
        .set = or_nothing(field[PLACE_SET]),
        .page = or_nothing(field[PLACE_PAGE]),
        .parts = field[PLACE_PARTS][0] - '0'};
    if (*place->source == '\0' ||
        !read_gate(&place->licences, field[PLACE_GATE]))
        return "source or gate";
    if (place->parts < 1 || place->parts > PLACE_PARTS_MAX ||
        field[PLACE_PARTS][1] != '\0')
        return "parts";
    if (*place->page != '\0' && strncmp(place->page, "https://", 8) != 0)
        return "page";
    if (strlen(field[PLACE_CERT]) != 1 ||
        strchr("VKU", field[PLACE_CERT][0]) == NULL)
        return "cert";
    place->file =
        add_pattern(places, field[PLACE_FILE], field[PLACE_TELLS], false);
    if (place->file == NULL)
        return "file or tells";
    if (field[PLACE_THROUGH][0] != '\0' &&
        (place->through = add_pattern(
             places, field[PLACE_THROUGH], field[PLACE_LEADS], false)) == NULL)
        return "through or leads";
    if (field[PLACE_TEXT][0] != '\0' &&
        (place->text = add_pattern(places, field[PLACE_TEXT], "", true)) ==
            NULL)
        return "text";
    places->count++;
    return NULL;
}

/* Cuts a line at its tabs; false when it has not the columns there must be. */
static bool cut(char *line, char *field[COLUMNS])
{
    size_t count = 0;

    for (;;) {
        char *tab = strchr(line, '\t');

        if (count == COLUMNS)
            return false;
        field[count++] = line;
        if (tab == NULL)
            return count == COLUMNS;
        *tab = '\0';
        line = tab + 1;
    }
}

static int read_table(struct places *places, struct error *err)
{
    char *line = places->table, *field[COLUMNS];
    bool heading = true;

    for (unsigned number = 1; *line != '\0'; number++) {
        char *end = strchr(line, '\n');
        const char *wrong = NULL;

        if (end != NULL)
            *end = '\0';
        if (*line != '#' && !cut(line, field))
            wrong = "columns";
        else if (*line != '#' && heading)
            heading = false;
        else if (*line != '#')
            wrong = add_place(places, field);
        if (wrong != NULL)
            return error_set(
                err, ERR_INPUT, 0, "places.tsv:%u: %s", number, wrong);
        if (end == NULL)
            break;
        line = end + 1;
    }
    return 0;
}

int places_parse(
    struct places **out, const char *table, size_t len, struct error *err)
{
    struct places *places = calloc(1, sizeof *places);
    int rc;

    if (places == NULL || (places->table = strndup(table, len)) == NULL) {
        places_close(places);
        return error_memory(err);
    }
    rc = read_table(places, err);
    if (rc != 0)
        places_close(places);
    else
        *out = places;
    return rc;
}

int places_open(struct places **out, struct error *err)
{
    const struct embedded_file *file =
        embedded_find(embedded_data, "places.tsv");

    if (file == NULL)
        return error_set(err, ERR_CORRUPT, 0, "places.tsv is not there");
    return places_parse(out, (const char *)file->data, file->len, err);
}

void places_close(struct places *places)
{
    if (places == NULL)
        return;
    for (size_t i = 0; i < sizeof places->pattern / sizeof *places->pattern;
         i++)
        if (places->pattern[i].compiled)
            regfree(&places->pattern[i].regex);
    free(places->table);
    free(places);
}

const struct place *places_list(const struct places *places, size_t *count)
{
    *count = places->count;
    return places->place;
}

/* --- versions ---------------------------------------------------------------
 */

/* The day MM-DD-YYYY or MM_DD_YYYY as the number YYYYMMDD, 0 without one. */
static unsigned day_in(const char *version)
{
    unsigned month, day, year;

    for (; *version != '\0'; version++)
        if (isdigit((unsigned char)*version) &&
            sscanf(version, "%2u%*1[-_]%2u%*1[-_]%4u", &month, &day, &year) ==
                3 &&
            year >= 2000)
            return year * 10000 + month * 100 + day;
    return 0;
}

int version_order(const char *a, const char *b)
{
    const unsigned left = day_in(a), right = day_in(b);

    if (left != right)
        return left < right ? -1 : 1;
    while (*a != '\0' && *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            char *a_end, *b_end;
            const unsigned long m = strtoul(a, &a_end, 10);
            const unsigned long n = strtoul(b, &b_end, 10);

            if (m != n)
                return m < n ? -1 : 1;
            a = a_end;
            b = b_end;
        } else {
            const int x = tolower((unsigned char)*a++);
            const int y = tolower((unsigned char)*b++);

            if (x != y)
                return x < y ? -1 : 1;
        }
    }
    return (*a != '\0') - (*b != '\0');
}

const char *licences_text(unsigned licences)
{
    return (licences & LICENCE_ADA) != 0
               ? "the AMA (CPT), the ADA (CDT) and the AHA (UB-04)"
               : "the AMA (CPT)";
}
