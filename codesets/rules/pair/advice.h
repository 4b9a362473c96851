/* advice.h - what would happen to a set of lines as billed, and which modifiers
 * would change it (domain.md 2c, 5.2).
 *
 * The edits that would deny a line are edges between two lines. A line opens an
 * edge when a listed modifier that is valid on the day and meant for its code
 * would be accepted on it: on the line of column 2, and on that of column 1
 * from the day on which the modifier counts there (2019-07-01 for 59 and the X
 * modifiers). The smallest set of lines that opens every edge that can be
 * opened is a vertex cover (cover.h). Two lines of one code under a unit limit
 * by line are such an edge too; there a repeat (76, 77) parts them as well.
 *
 * Only what would be accepted is said here, never what is right: a modifier is
 * a statement about the record.
 *
 * Time: the modifiers once, lines times kinds of codes, the pairs, then the
 * cover.
 * The same lines in another order give the same set. */
#ifndef CODESETS_RULES_PAIR_ADVICE_H
#define CODESETS_RULES_PAIR_ADVICE_H
#include "codesets/rules/pair/cover.h"
#include "codesets/rules/pair/pair.h"

enum {
    ADVICE_LINES_MAX = COVER_NODES_MAX,
    ADVICE_CHOICES_MAX = 64, /* modifiers that a mask has room for */
    ADVICE_NO_LINE = 255
};

/* What is taken over of one decided pair. */
struct advice_pair {
    uint8_t a, b; /* places of its lines */
    uint8_t verdict, reason;
    uint8_t column1, denied; /* places of lines, or ADVICE_NO_LINE */
    uint8_t faults;          /* bit 0: line a was not to be checked; 1: b */
};

/* The decision was of lines a and b, in this order. */
void advice_pair_of(struct advice_pair *out, size_t a, size_t b,
    const struct pair_decision *decision);

struct advice_question {
    const struct pair_line *line;
    size_t lines; /* at most ADVICE_LINES_MAX */
    const struct advice_pair *pair;
    size_t pairs;
    day_t day;
    enum setting setting;
};

struct advice_line {
    /* Modifiers that would be accepted on it, a bit for each choice: where it
     * stands in column 1, in column 2, and beside a line of the same code.
     * Each holds the one before. */
    uint64_t column1, column2, repeat;
    bool room;    /* it has fewer than PAIR_MODIFIERS_MAX modifiers */
    bool denied;  /* as billed now, by an edit or by a unit limit */
    bool lost;    /* the same, whatever modifier it has */
    bool in_set;  /* of the smallest set */
    bool fault;   /* why its pairs were not checked */
    uint64_t use; /* in_set: each of these opens all its pairs */
};

struct advice {
    size_t choices; /* none where no pair lacks a modifier */
    uint16_t choice[ADVICE_CHOICES_MAX]; /* ascending */
    struct advice_line line[ADVICE_LINES_MAX];
    size_t in_set;  /* lines of the smallest set */
    bool exact;     /* there is no smaller one */
    size_t open;    /* pairs that lack a modifier, and can be opened */
    size_t shut;    /* pairs that deny a line whatever modifier it has */
    size_t unknown; /* pairs that were not checked */
};

void advise(struct advice *out, const struct modifier_set *modifiers,
    const struct advice_question *question);

/* The modifiers that open a pair which lacks one, on one of its lines; 0 when
 * none does. */
uint64_t advice_openers(
    const struct advice *advice, const struct advice_pair *pair, size_t line);
/* A pair that denies a line, and no modifier helps: it is blocked, over the
 * limit of the day, or neither line has room for a modifier. */
bool advice_shut(const struct advice *advice, const struct advice_pair *pair);

#endif
