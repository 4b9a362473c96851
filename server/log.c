#include "server/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOG_TAIL = 2 }; /* a closing quote and the newline always fit */

static void put(struct log_line *line, const char *bytes, size_t n)
{
    const size_t room = sizeof line->text - LOG_TAIL - line->len;

    if (n > room)
        n = room;
    memcpy(line->text + line->len, bytes, n);
    line->len += n;
}

void log_begin(struct log_line *line, const char *event)
{
    line->len = 0;
    put(line, "event=", 6);
    put(line, event, strlen(event));
}

static void put_key(struct log_line *line, const char *key)
{
    put(line, " ", 1);
    put(line, key, strlen(key));
    put(line, "=", 1);
}

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text >= 0x7f || *text == '"' || *text == '\\')
            return false;
    return true;
}

void log_text(struct log_line *line, const char *key, const char *value)
{
    put_key(line, key);
    if (*value != '\0' && is_plain(value)) {
        put(line, value, strlen(value));
        return;
    }
    put(line, "\"", 1);
    for (; *value != '\0'; value++) {
        const unsigned char byte = (unsigned char)*value;
        char escaped[5];

        if (byte == '"' || byte == '\\') {
            put(line, "\\", 1);
            put(line, value, 1);
        } else if (byte < ' ' || byte == 0x7f) {
            (void)snprintf(escaped, sizeof escaped, "\\x%02X", byte);
            put(line, escaped, 4);
        } else {
            put(line, value, 1);
        }
    }
    if (line->len < sizeof line->text - 1)
        line->text[line->len++] = '"';
}

void log_number(struct log_line *line, const char *key, int64_t number)
{
    char digits[24];
    const int n = snprintf(digits, sizeof digits, "%lld", (long long)number);

    put_key(line, key);
    put(line, digits, (size_t)n);
}

void log_end(struct log_line *line)
{
    line->text[line->len++] = '\n';
    /* A log that cannot be written has nowhere to be complained about. */
    if (write(STDERR_FILENO, line->text, line->len) < 0)
        return;
}

void log_event(const char *event, const char *key, const char *value)
{
    struct log_line line;

    log_begin(&line, event);
    if (key != NULL)
        log_text(&line, key, value);
    log_end(&line);
}
