/* process.h - other programs: run, watched and ended. */
#ifndef TOOLS_BENCH_SUPPORT_PROCESS_H
#define TOOLS_BENCH_SUPPORT_PROCESS_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What a program that has ended took. */
struct usage {
    int status;       /* of its exit; -1 when it did not end by itself */
    double wall, cpu; /* seconds */
    double memory;    /* bytes resident, at most */
};

/* Starts argv[0] with standard input from the file in (NULL: nothing) and
 * standard output into the file out (NULL: nowhere); standard error is ours.
 * Returns its number, or -1 with a line on standard error. */
pid_t process_start(char *const argv[], const char *in, const char *out);
/* Runs it to its end. False with a line on standard error when it failed. */
bool process_run(
    char *const argv[], const char *in, const char *out, struct usage *usage);
/* Asks it to end, and waits for that. */
void process_end(pid_t process);

/* The processes it started and that run, at most max. Returns how many. */
size_t process_children(pid_t process, pid_t *child, size_t max);
/* The first process it started; -1 when there is none. */
pid_t process_child(pid_t process);
/* Seconds of CPU time so far, of its first thread. */
double process_cpu(pid_t process);

/* Memory of zeroes that processes forked later share; NULL when there is none.
 */
void *process_shared(size_t len);

struct memory {
    double resident; /* bytes */
    double map;      /* of these, pages of a file called data.mdb */
};
bool process_memory(pid_t process, struct memory *out);

#endif
