#include "indexer/sources/release.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "codesets/core/day.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int digits(const char *text, size_t n)
{
    int number = 0;

    for (size_t i = 0; i < n; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static size_t digit_run(const char *text)
{
    size_t n = 0;

    while (is_digit(text[n]))
        n++;
    return n;
}

/* The number of the month a word names, or 0. */
static int month_of(const char *word, size_t len)
{
    static const char *const names[] = {"january", "february", "march", "april",
        "may", "june", "july", "august", "september", "october", "november",
        "december"};

    for (int i = 0; i < 12; i++)
        if ((len == 3 || len == strlen(names[i])) &&
            strncasecmp(word, names[i], len) == 0)
            return i + 1;
    return 0;
}

bool find_full_year(const char *text, int *year)
{
    for (size_t n; *text != '\0'; text += n > 0 ? n : 1) {
        n = digit_run(text);
        if (n == 4 &&
            (memcmp(text, "20", 2) == 0 || memcmp(text, "19", 2) == 0)) {
            *year = digits(text, 4);
            return true;
        }
    }
    return false;
}

bool find_year(const char *text, int *year)
{
    if (find_full_year(text, year))
        return true;
    for (size_t n; *text != '\0'; text += n > 0 ? n : 1) {
        n = digit_run(text);
        if (n == 2) {
            *year = 2000 + digits(text, 2);
            return true;
        }
    }
    return false;
}

bool find_month(const char *text, int *year, int *month)
{
    if (!find_year(text, year))
        return false;
    while (*text != '\0') {
        size_t len = 0;

        while (is_letter(text[len]))
            len++;
        if (len > 0 && (*month = month_of(text, len)) != 0)
            return true;
        text += len > 0 ? len : 1;
    }
    return false;
}

/* MM-DD-YYYY with any one character between, or MMDDYYYY. */
static uint32_t us_date_at(const char *text)
{
    const size_t run = digit_run(text);
    int month, mday, year;
    day_t day;

    if (run == 8) {
        month = digits(text, 2);
        mday = digits(text + 2, 2);
        year = digits(text + 4, 4);
    } else if (run == 2 && text[2] != '\0' && digit_run(text + 3) == 2 &&
               text[5] == text[2] && digit_run(text + 6) == 4) {
        month = digits(text, 2);
        mday = digits(text + 3, 2);
        year = digits(text + 6, 4);
    } else {
        return 0;
    }
    if (day_from_civil(&day, year, month, mday) != 0)
        return 0;
    return (uint32_t)(year * 10000 + month * 100 + mday);
}

uint32_t find_us_date(const char *text)
{
    while (*text != '\0') {
        const size_t run = digit_run(text);
        const uint32_t date = run > 0 ? us_date_at(text) : 0;

        if (date != 0)
            return date;
        text += run > 0 ? run : 1;
    }
    return 0;
}

bool name_part(const char *name, size_t n, char out[NAME_PART_MAX])
{
    const char *end = name + strlen(name);

    for (;;) {
        const char *start = end;

        while (start > name && start[-1] != '/')
            start--;
        if (n-- == 0) {
            size_t len = (size_t)(end - start);

            if (len >= NAME_PART_MAX)
                len = NAME_PART_MAX - 1;
            memcpy(out, start, len);
            out[len] = '\0';
            return true;
        }
        if (start == name)
            return false;
        end = start - 1;
    }
}

static bool path_quarter(const char *path, int *year, int *quarter)
{
    char part[NAME_PART_MAX];
    int month;

    for (size_t n = 0; name_part(path, n, part); n++) {
        if (find_month(part, year, &month)) {
            *quarter = (month + 2) / 3;
            return true;
        }
        if (find_quarter(part, year, quarter))
            return true;
    }
    return false;
}

bool name_quarter(const struct probe *probe, int *year, int *quarter)
{
    return path_quarter(probe->in->name, year, quarter) ||
           path_quarter(probe->in->disk_path, year, quarter);
}

bool name_has(const char *name, const char *word)
{
    return strcasestr(name, word) != NULL;
}

void identity_quarter(struct identity *id, int year, int quarter)
{
    snprintf(id->release, sizeof id->release, "%dq%d", year, quarter);
    id->from = day_quarter_first(year, quarter);
    id->to = day_quarter_last(year, quarter);
}

void identity_fiscal_year(struct identity *id, int year)
{
    snprintf(id->release, sizeof id->release, "%d", year);
    id->from = day_quarter_first(year - 1, 4);
    id->to = day_quarter_last(year, 3);
}

void identity_calendar_year(struct identity *id, int year)
{
    snprintf(id->release, sizeof id->release, "%d", year);
    id->from = day_quarter_first(year, 1);
    id->to = day_quarter_last(year, 4);
}

void identity_update(struct identity *id, int year, int month)
{
    const int fiscal = month >= 10 ? year + 1 : year;

    identity_fiscal_year(id, fiscal);
    if (month == 10 || day_from_civil(&id->from, year, month, 1) != 0)
        return;
    snprintf(id->release, sizeof id->release, "%d-%02d", year, month);
}

void identity_undated(struct identity *id, enum table table, int rank)
{
    *id = (struct identity){.table = table,
        .release = "own",
        .from = DAY_UNKNOWN,
        .to = DAY_OPEN,
        .rank = rank};
}

/* "2024q3", "2025a" (a PFS release), "2026", "2025-04". */
static void identity_told(struct identity *id, const char *told)
{
    const size_t len = strlen(told);
    const bool year_first = digit_run(told) == 4;
    const int year = year_first ? digits(told, 4) : 0;

    if (year_first && year >= 1990 && year <= 2190) {
        if (len == 6 && (told[4] | 0x20) == 'q' && told[5] >= '1' &&
            told[5] <= '4')
            identity_quarter(id, year, told[5] - '0');
        else if (len == 5 && (told[4] | 0x20) >= 'a' && (told[4] | 0x20) <= 'd')
            identity_quarter(id, year, (told[4] | 0x20) - 'a' + 1);
        else if (len == 7 && told[4] == '-' && digit_run(told + 5) == 2)
            identity_update(id, year, digits(told + 5, 2));
        else if (len == 4 && id->table == TABLE_DHS)
            identity_calendar_year(id, year);
        else if (len == 4)
            identity_fiscal_year(id, year);
    }
    snprintf(id->release, sizeof id->release, "%s", told);
}

/* "rvu26d-updated-08-26-2026.zip": the day of a revised file. */
static uint32_t updated_on(const char *name)
{
    char part[NAME_PART_MAX];
    const char *word;
    uint32_t date = 0;

    for (size_t n = 0; date == 0 && name_part(name, n, part); n++)
        if ((word = strcasestr(part, "updated")) != NULL)
            date = find_us_date(word);
    return date;
}

void identity_finish(struct identity *id, const struct probe *probe)
{
    /* A PFS banner tells its own day, and only its text has none: the archive's
     * would put it before the other formats of the same file. */
    if (id->published == 0 && id->table != TABLE_PFS)
        id->published = updated_on(probe->in->name);
    if (table_schema(id->table)->kind == SERIES_UNDATED)
        return;
    if (probe->told_release != NULL && probe->told_release[0] != '\0')
        identity_told(id, probe->told_release);
    if (probe->starter)
        snprintf(id->release, sizeof id->release, "starter");
    if (probe->told_setting != SETTING_NONE &&
        table_schema(id->table)->by_setting)
        id->setting = probe->told_setting;
    if (probe->told_program != PROGRAM_NONE &&
        table_schema(id->table)->by_setting)
        id->program = probe->told_program;
}

int identity_check(const struct identity *id, struct error *err)
{
    if (id->release[0] == '\0')
        return error_set(err, ERR_INPUT, 0,
            "neither the file nor its name tells the release: name its folder "
            "after the release (2024q3) or give the release");
    return 0;
}
