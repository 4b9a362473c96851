/* batch.h - many questions in one body, answered in order.
 *
 * Three forms: a JSON array of questions, one question a line (NDJSON), and CSV
 * with a heading, whose columns may stand in any order. The answer comes in the
 * form of the question. A question that cannot be read gives {"line",
 * "problem"} in its place (in an array, line counts the elements; in CSV, the
 * last two columns); it never spoils another. What a question is made of, a
 * struct batch_kind tells. */
#ifndef CODESETS_ANSWER_BATCH_H
#define CODESETS_ANSWER_BATCH_H
#include "codesets/answer/answer.h"

enum batch_form { BATCH_ARRAY, BATCH_NDJSON, BATCH_CSV };

enum {
    BATCH_MAX = 100000,     /* questions of one body */
    BATCH_LINE_MAX = 65536, /* bytes of one question */
    BATCH_COLUMNS = 16,     /* columns of a CSV heading */
};

struct batch_kind {
    const char *const *column; /* names of the CSV columns, at most 16 */
    uint8_t columns;
    unsigned needed;          /* bits of the columns that must be there */
    const char *needed_words; /* "code_a and code_b" */
    /* Each appends the answer to one question. Returns 0, or an error whose
     * message takes the answer's place. cell has an entry a column of the
     * kind, with text NULL where the line has none. */
    int (*json)(void *context, struct text_ref question, struct buffer *out,
        struct error *err);
    int (*csv)(void *context, const struct text_ref *cell, struct buffer *out,
        struct error *err);
    void (*csv_heading)(struct buffer *out);
    void (*csv_problem)(struct buffer *out, uint32_t line, const char *problem);
};

struct batch {
    const struct batch_kind *kind;
    void *context; /* for the kind's functions */
    enum batch_form form;
    const char *at, *end; /* what is left of the body */
    uint32_t line;        /* of the question to come; an array: its element */
    uint32_t answered;
    bool begun, done;
    uint8_t columns;               /* CSV: */
    uint8_t column[BATCH_COLUMNS]; /* what each column holds */
};

/* The body is borrowed until the last step. Returns 0; ERR_LIMIT for a body of
 * more than BATCH_MAX questions; ERR_INPUT for one that is not of its form at
 * all (no array, no heading). */
int batch_open(struct batch *out, const struct batch_kind *kind, void *context,
    enum batch_form form, const char *body, size_t len, struct error *err);
/* Appends the answers to at most n questions. True while more are left. */
bool batch_step(struct batch *batch, uint32_t n, struct buffer *out);

/* Bytes of the JSON value that text begins with, up to its last byte; 0 when
 * it has no end. */
size_t json_value_len(const char *text, size_t len);
/* A cell of CSV, quoted where it must be. */
void csv_cell(struct buffer *out, const char *text, size_t len);

#endif
