/* measure.h - clocks, medians and the lines of the table of `make bench`. */
#ifndef TOOLS_BENCH_SUPPORT_MEASURE_H
#define TOOLS_BENCH_SUPPORT_MEASURE_H
#include <stddef.h>

double wall_seconds(void);
double cpu_seconds(void); /* of this process, user and system */

/* The middle one; sorts its argument. n must be above 0. */
double median(double *values, size_t n);
/* Times a measurement is taken, ours and the peer's in turn: BENCH_ROUNDS in
 * the environment, else usual; never above ROUNDS_MAX. */
enum { ROUNDS_MAX = 50 };
size_t rounds(size_t usual);

enum { FIGURE_LEN = 32 };
/* A number with its unit, three digits: "12.3 M/s", "81 ns", "46.1 MiB". */
struct figure {
    char text[FIGURE_LEN];
};
struct figure per_second(double rate);
struct figure duration(double seconds);
struct figure size_of_bytes(double bytes);

enum wish { NO_WISH, AT_LEAST, AT_MOST };

/* A line of the table; what is "" is printed as "-". */
struct result {
    const char *name;
    struct figure ours, peer;
    double ratio; /* as the target is put; 0: none */
    enum wish wish;
    double wanted, got;   /* compared when there is a wish */
    struct figure target; /* how the wish reads: "15x", "50 ms" */
    struct figure cpu, memory;
};
/* Prints one line, its columns parted by tabs: name, ours, peer, ratio,
 * target, "met" or "MISSED" or "-", CPU time per operation, memory. */
void result_print(const struct result *result);

#endif
