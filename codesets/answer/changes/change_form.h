/* change_form.h - a report being written, and the forms it may have. */
#ifndef CODESETS_ANSWER_CHANGES_CHANGE_FORM_H
#define CODESETS_ANSWER_CHANGES_CHANGE_FORM_H
#include "codesets/answer/changes/change_report.h"
#include "codesets/core/buffer.h"

struct change_form_ops;

struct change_writer {
    FILE *file;
    struct buffer out; /* handed to file after every change */
    const struct change_report *report;
    const struct change_form_ops *form;
    struct compare_question question;
    const struct compare_summary *summary; /* whole */
    const struct compare_series *series;   /* being written, or NULL */
    const char *asked; /* the code at hand of an impact report, or NULL */
    bool headed;       /* its heading stands */
    size_t shown;      /* changes of this list, those cut too */
    size_t told;
    /* Impact report: the day the code ends, and its edits of a list that end
     * with it, or are its last on a day: one line in forms that cut. */
    day_t ended, last;
    size_t ending;
    bool comma; /* JSON */
};

/* Each appends to writer->out. */
struct change_form_ops {
    bool cuts;                                   /* keeps to report->most */
    void (*begin)(struct change_writer *writer); /* with the sums */
    void (*code)(struct change_writer *writer, const char *code);
    void (*series)(struct change_writer *writer); /* writer->series begins */
    void (*change)(struct change_writer *writer, const struct change *change);
    void (*series_end)(struct change_writer *writer); /* series may be NULL */
    void (*end)(struct change_writer *writer);
};

extern const struct change_form_ops change_text_form, change_csv_form,
    change_json_form, change_html_form;

/* Is the heading of a code still to be written? Once; code is how people write
 * it. */
bool change_begins_code(struct change_writer *writer, char code[CODE_TEXT]);
/* "and 12 edits of it end with it", without a line's end; nothing when none. */
void change_endings(struct buffer *out, const struct change_writer *writer);

/* The changes of the list being written that were left out. */
static inline size_t change_cut(const struct change_writer *writer)
{
    const size_t most = writer->report->most;

    return writer->series != NULL && most > 0 && writer->shown > most
               ? writer->shown - most
               : 0;
}

#endif
