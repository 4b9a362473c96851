/* command.h - what the commands of coderef share. */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H
#include <stdbool.h>
#include "codesets/answer/answer.h"
#include "codesets/rules/units/units.h"

/* Exit statuses. */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1, /* not found, or the machine said no */
    EXIT_MISUSED = 2,
    /* coderef pair --exit-verdict: 0 is billable */
    EXIT_RESOLVED = 10,
    EXIT_MODIFIER_REQUIRED = 11,
    EXIT_NOT_CHECKED = 12,
    EXIT_NOT_BILLABLE = 13,
    /* coderef claim: 0 is clean, EXIT_NOT_CHECKED too little data */
    EXIT_FINDINGS = 14
};

struct options {
    const char *store;
    bool json, exit_verdict;
    bool on_day; /* --date was given */
    day_t day;
    enum setting setting;
    enum program program;
    uint32_t systems, limit;
    enum units_rule rule;
    bool pool_cognitive;
    const char *diagnoses, *payer; /* of a claim in CSV; or NULL */
    bool from_given; /* changes: behind the day from, up to the day to */
    day_t from, to;
    /* Of necessity; NULL when not given. */
    const char *state, *contractor, *article, *kind, *match, *prefix;
};

struct command {
    const char *name;
    size_t arguments_min;
    int (*run)(const struct answers *answers, const struct options *options,
        char *const *arguments, size_t count);
};

extern const struct command lookup_command, search_command, pair_command,
    units_command, claim_command, necessity_command, policy_command,
    changes_command;

/* Says what went wrong on stderr. Returns EXIT_FAILED, or EXIT_MISUSED for
 * what the caller wrote. */
int complain(int code, const struct error *err);
/* Writes a JSON answer and a newline to stdout. Returns EXIT_DONE, or
 * EXIT_FAILED when that cannot be. */
int print_json(const struct buffer *out);

#endif
