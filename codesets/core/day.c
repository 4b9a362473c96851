#include "codesets/core/day.h"

#include <string.h>
#include <time.h>

#include "codesets/core/error.h"

enum { YEAR_FIRST = 1900, YEAR_LAST = 2199 };
/* 0001-01-01 and 9999-12-31: years of four digits. */
enum { PRINTED_FIRST = -719162, PRINTED_LAST = 2932896 };

/* Days since 1970-01-01 of a civil date, counted in 400-year eras that begin
 * on March 1, so that the leap day is the last of its year. */
static day_t civil_days(int year, int month, int mday)
{
    const int y = year - (month <= 2);
    const int era = y / 400;
    const int year_of_era = y - era * 400;
    const int day_of_year =
        (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;
    const int day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (day_t)(era * 146097 + day_of_era - 719468);
}

static int month_length(int year, int month)
{
    static const int length[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return length[month - 1] + (month == 2 && leap);
}

int day_from_civil(day_t *out, int year, int month, int mday)
{
    if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12 ||
        mday < 1 || mday > month_length(year, month))
        return ERR_INPUT;
    *out = civil_days(year, month, mday);
    return 0;
}

void day_to_civil(day_t day, int *year, int *month, int *mday)
{
    const int z = day + 719468;
    const int era = (z >= 0 ? z : z - 146096) / 146097;
    const int doe = z - era * 146097;
    const int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int mp = (5 * doy + 2) / 153;

    *mday = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2);
}

/* Reads exactly n digits. Returns the number or -1. */
static int digits(const char *text, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

int day_parse_iso(day_t *out, const char *text, size_t len)
{
    if (len != 10 || text[4] != '-' || text[7] != '-')
        return ERR_INPUT;
    return day_from_civil(
        out, digits(text, 4), digits(text + 5, 2), digits(text + 8, 2));
}

int day_parse_compact(day_t *out, const char *text, size_t len)
{
    if (len != 8)
        return ERR_INPUT;
    return day_from_civil(
        out, digits(text, 4), digits(text + 4, 2), digits(text + 6, 2));
}

int day_parse_ordinal(day_t *out, const char *text, size_t len)
{
    int year, nth;

    if (len != 7)
        return ERR_INPUT;
    year = digits(text, 4);
    nth = digits(text + 4, 3);
    if (year < YEAR_FIRST || year > YEAR_LAST || nth < 1 ||
        nth > 337 + month_length(year, 2))
        return ERR_INPUT;
    *out = civil_days(year, 1, 1) + nth - 1;
    return 0;
}

int day_parse_us(day_t *out, const char *text, size_t len)
{
    const char *slash = memchr(text, '/', len);
    const char *second;
    size_t month_len, day_len, year_len;
    int year;

    if (slash == NULL)
        return ERR_INPUT;
    month_len = (size_t)(slash - text);
    second = memchr(slash + 1, '/', len - month_len - 1);
    if (second == NULL)
        return ERR_INPUT;
    day_len = (size_t)(second - slash - 1);
    year_len = len - month_len - day_len - 2;
    if (month_len < 1 || month_len > 2 || day_len < 1 || day_len > 2 ||
        (year_len != 4 && year_len != 2))
        return ERR_INPUT;
    year = digits(second + 1, year_len);
    if (year_len == 2 && year >= 0)
        year += 2000; /* two-digit years stand only in tables after 2000 */
    return day_from_civil(
        out, year, digits(text, month_len), digits(slash + 1, day_len));
}

size_t day_format(char out[DAY_TEXT_LEN], day_t day)
{
    static const char digit[] = "0123456789";
    int year, month, mday;

    /* DAY_OPEN, DAY_UNKNOWN, and what only a damaged build can hold. */
    if (day < PRINTED_FIRST || day > PRINTED_LAST) {
        out[0] = '\0';
        return 0;
    }
    day_to_civil(day, &year, &month, &mday);
    for (int i = 3, y = year; i >= 0; i--, y /= 10)
        out[i] = digit[y % 10];
    out[4] = '-';
    out[5] = digit[month / 10];
    out[6] = digit[month % 10];
    out[7] = '-';
    out[8] = digit[mday / 10];
    out[9] = digit[mday % 10];
    out[10] = '\0';
    return 10;
}

day_t day_today(void)
{
    const time_t now = time(NULL);

    return (day_t)(now / 86400);
}

day_t day_quarter_first(int year, int quarter)
{
    return civil_days(year, quarter * 3 - 2, 1);
}

day_t day_quarter_last(int year, int quarter)
{
    return quarter == 4 ? civil_days(year + 1, 1, 1) - 1
                        : civil_days(year, quarter * 3 + 1, 1) - 1;
}
