/* judged.h - the judged queries: what was typed, and which codes are right. */
#ifndef TOOLS_EVAL_JUDGED_H
#define TOOLS_EVAL_JUDGED_H
#include <stdbool.h>
#include <stddef.h>
#include "tools/eval/documents.h"

enum {
    JUDGED_MAX = 5000,
    JUDGED_CODES = 40,
    JUDGED_KINDS = 40,
    ICD_HEAD = 3, /* signs of the shortest code of ICD-10-CM */
};

struct accepted {
    char code[CODE_TEXT]; /* without its dot */
    size_t len;
    bool icd;    /* written with a dot: of ICD-10-CM alone */
    bool other;  /* four signs or more, or a star, and no dot: of another */
    bool begins; /* a star: any code that begins so */
};

struct judged {
    const char *kind, *query; /* in the list's text */
    size_t len;
    size_t kind_at; /* place of the kind in the list */
    size_t codes;   /* 0: nothing should be found */
    struct accepted code[JUDGED_CODES];
};

struct judged_list {
    char *text;
    struct judged *judged;
    size_t count;
    const char *kind[JUDGED_KINDS]; /* in the order of the file */
    size_t kinds;
};

/* Reads a file as dev.tsv tells it. False with a line on standard error. */
bool judged_read(struct judged_list *out, const char *path);
void judged_clear(struct judged_list *list);
bool judged_right(const struct judged *judged, const struct found *code);

#endif
