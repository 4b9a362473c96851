#include "tools/bench/support/measure.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double clock_seconds(clockid_t clock)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double wall_seconds(void)
{
    return clock_seconds(CLOCK_MONOTONIC);
}

double cpu_seconds(void)
{
    return clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static int ascending(const void *a, const void *b)
{
    const double one = *(const double *)a, two = *(const double *)b;

    return (one > two) - (one < two);
}

double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, ascending);
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

size_t rounds(size_t usual)
{
    const char *text = getenv("BENCH_ROUNDS");
    const unsigned long wanted = text != NULL ? strtoul(text, NULL, 10) : 0;

    if (wanted == 0)
        return usual > 0 ? usual : 1;
    return wanted < ROUNDS_MAX ? wanted : ROUNDS_MAX;
}

/* Three digits of a number whose unit has been chosen. */
static struct figure three_digits(double value, const char *unit)
{
    struct figure figure;
    const int digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;

    (void)snprintf(
        figure.text, sizeof figure.text, "%.*f %s", digits, value, unit);
    return figure;
}

struct figure per_second(double rate)
{
    if (rate >= 1e6)
        return three_digits(rate / 1e6, "M/s");
    if (rate >= 1e3)
        return three_digits(rate / 1e3, "k/s");
    return three_digits(rate, "/s");
}

struct figure duration(double seconds)
{
    if (seconds >= 1)
        return three_digits(seconds, "s");
    if (seconds >= 1e-3)
        return three_digits(seconds * 1e3, "ms");
    if (seconds >= 1e-6)
        return three_digits(seconds * 1e6, "us");
    return three_digits(seconds * 1e9, "ns");
}

struct figure size_of_bytes(double bytes)
{
    if (bytes >= 1 << 20)
        return three_digits(bytes / (1 << 20), "MiB");
    return three_digits(bytes / (1 << 10), "KiB");
}

static const char *or_dash(const struct figure *figure)
{
    return figure->text[0] != '\0' ? figure->text : "-";
}

void result_print(const struct result *result)
{
    char ratio[FIGURE_LEN] = "-", target[FIGURE_LEN + 4] = "-";
    const char *verdict = "-";

    if (result->ratio > 0)
        (void)snprintf(ratio, sizeof ratio, "%.2fx", result->ratio);
    if (result->wish != NO_WISH) {
        const bool at_least = result->wish == AT_LEAST;

        (void)snprintf(target, sizeof target, "%s %s",
            at_least ? ">=" : "<=", result->target.text);
        verdict = (at_least ? result->got >= result->wanted
                            : result->got <= result->wanted)
                      ? "met"
                      : "MISSED";
    }
    (void)printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", result->name,
        or_dash(&result->ours), or_dash(&result->peer), ratio, target, verdict,
        or_dash(&result->cpu), or_dash(&result->memory));
    (void)fflush(stdout);
}
