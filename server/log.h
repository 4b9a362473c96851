/* log.h - one key=value line an event, on standard error.
 *
 *   event=request method=GET path=/v1/codes/97110 status=200
 *
 * A value that holds anything but plain words is quoted, and bytes that could
 * end the line or reach a terminal are written \xNN, so whatever a client
 * sends stays inside its own value. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H
#include <stddef.h>
#include <stdint.h>

enum { LOG_LINE_MAX = 4096 };

struct log_line {
    char text[LOG_LINE_MAX]; /* cut when longer */
    size_t len;
};

void log_begin(struct log_line *line, const char *event);
void log_text(struct log_line *line, const char *key, const char *value);
void log_number(struct log_line *line, const char *key, int64_t number);
/* Ends the line and writes it in one write(), so that lines of several
 * processes do not mix. */
void log_end(struct log_line *line);

/* The common case: an event and one text, or none (NULL). */
void log_event(const char *event, const char *key, const char *value);

#endif
