/* faults.h - the built programs, run while the machine fails them.
 *
 * Each test program here works in a folder of its own: a store whose active
 * build is made of release 1, and release 2 beside it, which is built while
 * something goes wrong. Afterwards one of two things is true: the program said
 * what went wrong and release 1 answers as before, or release 2 answers with
 * every byte it should have.
 *
 * `make test` runs a shorter form; `make faults` sets FAULTS=full. A number may
 * also be set by itself: the environment variable is named where it is used.
 * SEED decides what is random; it is printed. */
#ifndef TESTS_FAULTS_FAULTS_H
#define TESTS_FAULTS_FAULTS_H
#include "tests/harness.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>
#include "codesets/core/buffer.h"

enum { RAN_TEXT = 16384, ACTIVE_LEN = 17 };

/* --- numbers --- */

unsigned faults_number(const char *variable, unsigned shorter, unsigned full);
void faults_seed(void);
unsigned faults_random(unsigned below);

/* --- places --- */

int faults_begin(void **state); /* with release 1 active */
int faults_end(void **state);
/* A path in the folder of the test; the last eight stay. */
const char *faults_path(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
const char *faults_program(const char *name);
/* The files of release 1 and 2, and the store. */
const char *faults_release(int which);
const char *faults_store(void);
/* The store as it was in the beginning. */
void faults_reset(void);

/* --- programs --- */

struct run {
    const char *const *arguments; /* the first is the program; NULL ends them */
    const char *const
        *environment; /* "NAME=value"; NULL ends them, or is none */
    rlim_t file_bytes, memory_bytes, address_bytes, files; /* 0: no limit */
    int place; /* of what it says; of its own for those that run at once */
};

struct ran {
    int status; /* exit status, or 1000 + the signal */
    long max_rss_kib;
    int place;
    char out[RAN_TEXT], err[RAN_TEXT]; /* what it said; the beginning of it */
};

/* "LD_PRELOAD=…" of faults/preload/NAME.so. */
void faults_preload(char out[PATH_MAX], const char *name);

pid_t run_begin(const struct run *run);
/* Waits for it; a program is ended after a minute. ran->place as it was begun.
 */
void run_end(struct ran *ran, pid_t pid);
void run_program(struct ran *ran, const struct run *run);
/* Builds a release into the store; how may be NULL. */
pid_t begin_build(int which, const struct run *how);
void run_build(struct ran *ran, int which, const struct run *how);
/* Refreshes the store from a release, whatever its alarms say. */
pid_t begin_refresh(int which, int place);
/* Any other command of coderef-index on the store; word may be NULL. */
void run_index(struct ran *ran, const char *command, const char *word);

/* --- what must be true --- */

/* The id of the build of a release. */
const char *faults_id(int which);
/* The id of the active build; "" for none. */
void faults_active(char id[ACTIVE_LEN]);
/* One of the releases is active (its number is returned), passes verify, has
 * the bytes that were written, and answers as it does. name says where. */
int faults_answers(const char *name);
/* The active build passes verify, whatever it was made of. */
void faults_verified(const char *name);
/* Release 1 or 2 is active, and the one that fits what the program said: 0, or
 * 1 with a line that says what went wrong. */
int faults_told(const char *name, const struct ran *ran);
/* Nothing unfinished lies in the store. */
void faults_tidy(const char *name);
/* Nobody holds the lock, and a build goes through. */
void faults_builds_again(const char *name);

#endif
