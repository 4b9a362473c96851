/* error.h - what went wrong, in one line that names the thing at fault.
 *
 * A function that can fail returns 0 or a negative enum error_code and takes
 * a struct error as its last argument; NULL is welcome there. Callers put
 * context in front with error_prefix() and never replace the first cause. */
#ifndef CODESETS_CORE_ERROR_H
#define CODESETS_CORE_ERROR_H
#include <errno.h>

enum error_code {
    ERR_NOTFOUND = -1, /* an expected miss; sets no message */
    ERR_INPUT = -2,    /* bytes or words from outside are not as they must be */
    ERR_CORRUPT = -3,  /* a store that was written by us cannot be right */
    ERR_SYSTEM = -4,   /* the machine said no: memory, disk, permissions */
    ERR_LIMIT = -5,    /* a named ceiling was reached */
};

enum { ERROR_MESSAGE_MAX = 512 };

struct error {
    int code;                    /* enum error_code, 0 when nothing happened */
    int cause;                   /* the errno or MDB_* number behind it, or 0 */
    char msg[ERROR_MESSAGE_MAX]; /* one line, NUL-ended, cut if too long */
};

/* Fills *err (if there is one) and returns code, so that a caller may write
 * `return error_set(err, ERR_INPUT, 0, "%s: too short", name);`. */
int error_set(struct error *err, int code, int cause, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts "text: " in front of the message. Returns err->code, or code when err
 * is NULL. */
int error_prefix(struct error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Out of memory, said the same way everywhere. Inline, so that an analyser sees
 * that it never returns 0. */
static inline int error_memory(struct error *err)
{
    (void)error_set(err, ERR_SYSTEM, ENOMEM, "out of memory");
    return ERR_SYSTEM;
}

#endif
