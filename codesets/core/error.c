#include "codesets/core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *err, int code, int cause, const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return code;
    err->code = code;
    err->cause = cause;
    va_start(args, format);
    (void)vsnprintf(err->msg, sizeof err->msg, format, args);
    va_end(args);
    return code;
}

int error_prefix(struct error *err, int code, const char *format, ...)
{
    char rest[ERROR_MESSAGE_MAX];
    size_t room, len;
    va_list args;
    int n;

    if (err == NULL)
        return code;
    memcpy(rest, err->msg, sizeof rest);
    rest[sizeof rest - 1] = '\0';
    va_start(args, format);
    n = vsnprintf(err->msg, sizeof err->msg, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n + 3 < sizeof err->msg) {
        memcpy(err->msg + n, ": ", 2);
        room = sizeof err->msg - (size_t)n - 3;
        len = strlen(rest);
        if (len > room)
            len = room;
        memcpy(err->msg + n + 2, rest, len);
        err->msg[(size_t)n + 2 + len] = '\0';
    }
    return err->code != 0 ? err->code : code;
}
