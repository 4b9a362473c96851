/* web.h - the files of the page, server/web/, as they are served.
 *
 * They lie in the program, and are sent without indentation, empty lines,
 * comments that end a line and blanks beside punctuation: what is written for
 * people is not carried to browsers. Nothing else is changed. Their addresses
 * hold a version made of all of them, "/web/0123456789abcdef/app.js", so that a
 * browser may keep them for good and the modules that import each other always
 * come out of one version. They are compressed once, when a worker begins.
 *
 * With a folder given they are read from there at each request instead, and
 * nobody keeps them: for those who work on the page. */
#ifndef SERVER_WEB_H
#define SERVER_WEB_H
#include <stdbool.h>
#include <stddef.h>
#include "codesets/data/embedded.h"
#include "server/transport/reply.h"
#include "server/transport/request.h"

enum {
    WEB_FILES_MAX = 64,
    WEB_FILE_MAX = 1 << 20, /* bytes of one file of a folder */
    WEB_VERSION_LEN = 16,   /* hex digits */
};

/* In byte order of their names; ends with a NULL name. */
extern const struct embedded_file embedded_web[];

struct web;

/* dir: the folder to read from, which must outlive it; NULL: the program's own
 * files. */
int web_open(struct web **out, const char *dir, struct error *err);
void web_close(struct web *web); /* NULL is fine */

/* Appends a NUL-ended script or style sheet as it is sent; see above. No string
 * of such a file may go over several lines. */
enum web_code { WEB_SCRIPT, WEB_STYLE };
void web_strip(
    struct buffer *out, enum web_code code, const char *text, size_t len);

/* "/web/" and the version: what stands in front of a file's name. */
const char *web_root(const struct web *web);

/* The page that answers are put into, NUL-ended; see page.h. Good until the
 * next call. NULL: it could not be read. */
const char *web_shell(struct web *web, size_t *len);

/* Answers a file by its name, or with a problem. version is the one of the
 * address: under another than the present one a file is not to be kept. */
void web_answer(struct web *web, const char *version, const char *name,
    const struct request *request, struct reply *reply);

#endif
