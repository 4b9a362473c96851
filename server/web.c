#include "server/web.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "codesets/data/incbin.h"
#include "server/transport/gzip.h"

#define WEB_SHELL "shell.html"

/* One file a line, in byte order. */
/* clang-format off */
#define WEB(name) INCBIN_FILE("server/web/", name)
INCBIN_LIST(embedded_web,
    WEB("app.css")
    WEB("app.js")
    WEB("ask.js")
    WEB("card.js")
    WEB("changes.js")
    WEB("claim.js")
    WEB("dom.js")
    WEB("edits.js")
    WEB("icon.svg")
    WEB("lines.js")
    WEB("mine.js")
    WEB("necessity.js")
    WEB("pairs.js")
    WEB("parse.js")
    WEB("place.js")
    WEB("releases.js")
    WEB("search.js")
    WEB("shell.html")
    WEB("start.js")
    WEB("table.js")
    WEB("theme.js")
    WEB("units.js")
    WEB("words.js"));
/* clang-format on */

enum {
    TAG_LEN = WEB_VERSION_LEN + 6, /* quotes, ".gz" and a NUL */
    GZIP_WORTH = 512,              /* bytes of a file */
};

struct web_file {
    const struct embedded_file *file;
    struct buffer body;   /* as it is sent */
    struct buffer packed; /* empty when that is not smaller */
    char tag[TAG_LEN], packed_tag[TAG_LEN];
};

struct web {
    const char *dir;
    struct buffer read; /* the file of a folder that was asked last */
    size_t files;
    struct web_file file[WEB_FILES_MAX];
    char root[sizeof "/web/" + WEB_VERSION_LEN];
};

/* The media type of a file that may be asked for; NULL: it may not. */
static const char *type_of(const char *name)
{
    static const struct {
        const char *suffix, *type;
    } types[] = {
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".webmanifest", "application/manifest+json"},
    };
    const char *suffix = strchr(name, '.');

    if (suffix == NULL ||
        name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-.")] != '\0')
        return NULL;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i].suffix, suffix) == 0)
            return types[i].type;
    return NULL;
}

/* The end of a comment that begins a line and ends one; NULL: there is none. */
static const char *comment_end(const char *at, const char *end)
{
    const char *close;

    if (end - at < 4 || at[0] != '/' || at[1] != '*')
        return NULL;
    close = memmem(at + 2, (size_t)(end - at) - 2, "*/", 2);
    if (close == NULL)
        return NULL;
    close += 2;
    return close == end || *close == '\n' ? close : NULL;
}

/* Where a line's code ends: before its comment, if it has one. What stands
 * behind an open quotation mark is taken for text, not for a comment. */
static const char *code_end(const char *at, const char *end)
{
    static const char quotes[] = {'\'', '"', '`'};
    unsigned count[sizeof quotes] = {0};
    const char *comment = end - 2;

    if (end - at < 5 || comment[0] != '*' || comment[1] != '/')
        return end;
    while (comment > at && (comment[0] != '/' || comment[1] != '*'))
        comment--;
    if (comment == at || (comment[-1] != ' ' && comment[-1] != '\t'))
        return end;
    for (const char *c = at; c < comment; c++)
        for (size_t i = 0; i < sizeof quotes; i++)
            count[i] += *c == quotes[i];
    for (size_t i = 0; i < sizeof quotes; i++)
        if (count[i] % 2 != 0)
            return end;
    while (comment > at && (comment[-1] == ' ' || comment[-1] == '\t'))
        comment--;
    return comment;
}

/* Between these and their neighbours a blank means nothing. In a style it does
 * before a colon ("a :is(b)"), in a script between signs ("a - -b"). */
static const struct marks {
    const char *before, *behind; /* of which a blank may go */
} marks[] = {
    [WEB_STYLE] = {"{}", ":,;{"},
    [WEB_SCRIPT] = {",;:?=&|<>(){}[]", ",;:?=&|<>(){}[]"},
};

/* Can it be told where the texts of a line begin and end? Not in a script that
 * has a pattern there, a template or an escape. */
static bool is_plain(enum web_code code, const char *at, const char *end)
{
    for (; code == WEB_SCRIPT && at < end; at++)
        if (*at == '/' || *at == '`' || *at == '\\')
            return false;
    return true;
}

/* Appends a line without the blanks that only make it easy to read. */
static void add_line(
    struct buffer *out, enum web_code code, const char *at, const char *end)
{
    const struct marks *mark = &marks[code];
    char quote = '\0', last = ' ';

    if (!is_plain(code, at, end)) {
        buffer_add(out, at, (size_t)(end - at));
        return;
    }
    for (; at < end; at++) {
        const char *next = at + strspn(at, " ");

        if (quote == '\0' && *at == ' ' && next < end &&
            (strchr(mark->behind, last) != NULL ||
                strchr(mark->before, *next) != NULL))
            at = next;
        if (*at == quote)
            quote = '\0';
        else if (quote == '\0' && (*at == '"' || *at == '\''))
            quote = *at;
        buffer_addc(out, *at);
        last = *at;
    }
}

void web_strip(
    struct buffer *out, enum web_code code, const char *text, size_t len)
{
    const char *at = text, *const end = text + len;

    while (at < end) {
        const char *stop;

        at += strspn(at, "\t \n");
        if ((stop = comment_end(at, end)) != NULL) {
            at = stop;
            continue;
        }
        stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL)
            stop = end;
        add_line(out, code, at, code_end(at, stop));
        if (stop < end)
            buffer_addc(out, '\n');
        at = stop;
    }
}

static bool has_suffix(const char *name, const char *suffix)
{
    const char *dot = strchr(name, '.');

    return dot != NULL && strcmp(dot, suffix) == 0;
}

/* False: there was no memory. */
static bool prepare(
    struct web_file *out, const struct embedded_file *file, struct gzip *gzip)
{
    unsigned long long sum;

    out->file = file;
    if (has_suffix(file->name, ".js"))
        web_strip(&out->body, WEB_SCRIPT, (const char *)file->data, file->len);
    else if (has_suffix(file->name, ".css"))
        web_strip(&out->body, WEB_STYLE, (const char *)file->data, file->len);
    else
        buffer_add(&out->body, file->data, file->len);
    if (out->body.failed)
        return false;
    sum = XXH3_64bits(out->body.data, out->body.len);
    (void)snprintf(out->tag, sizeof out->tag, "\"%016llx\"", sum);
    (void)snprintf(out->packed_tag, sizeof out->packed_tag, "\"%016llx.gz\"",
        sum); /* other bytes, so another strong tag */
    if (out->body.len < GZIP_WORTH ||
        !gzip_pack(gzip, &out->packed, &out->body))
        out->packed.len = 0;
    return true;
}

int web_open(struct web **out, const char *dir, struct error *err)
{
    struct web *web = calloc(1, sizeof *web);
    struct gzip *gzip = gzip_new();
    XXH3_state_t *state = XXH3_createState();
    int rc = 0;

    if (web == NULL || gzip == NULL || state == NULL ||
        XXH3_64bits_reset(state) != XXH_OK) {
        web_close(web);
        rc = error_memory(err);
        goto end;
    }
    web->dir = dir;
    web->read.max = WEB_FILE_MAX;
    for (const struct embedded_file *file = embedded_web;
         file->name != NULL && web->files < WEB_FILES_MAX; file++) {
        struct web_file *made = &web->file[web->files++];

        if (!prepare(made, file, gzip)) {
            web_close(web);
            rc = error_memory(err);
            goto end;
        }
        (void)XXH3_64bits_update(state, file->name, strlen(file->name) + 1);
        (void)XXH3_64bits_update(state, made->body.data, made->body.len);
    }
    (void)snprintf(web->root, sizeof web->root, "/web/%016llx",
        dir != NULL ? 0ull : (unsigned long long)XXH3_64bits_digest(state));
    *out = web;
end:
    gzip_free(gzip);
    (void)XXH3_freeState(state);
    return rc;
}

void web_close(struct web *web)
{
    if (web == NULL)
        return;
    for (size_t i = 0; i < web->files; i++) {
        buffer_clear(&web->file[i].body);
        buffer_clear(&web->file[i].packed);
    }
    buffer_clear(&web->read);
    free(web);
}

const char *web_root(const struct web *web)
{
    return web->root;
}

static const struct web_file *find(const struct web *web, const char *name)
{
    for (size_t i = 0; i < web->files; i++)
        if (strcmp(web->file[i].file->name, name) == 0)
            return &web->file[i];
    return NULL;
}

/* Reads a file of the folder into web->read. */
static bool read_file(struct web *web, const char *name)
{
    char path[4096];
    char bytes[16384];
    FILE *file;
    size_t n;
    bool good;

    web->read.len = 0;
    web->read.failed = false;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", web->dir, name) >=
            sizeof path ||
        (file = fopen(path, "rb")) == NULL)
        return false;
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
        buffer_add(&web->read, bytes, n);
    good = ferror(file) == 0;
    (void)fclose(file);
    return good && !web->read.failed;
}

const char *web_shell(struct web *web, size_t *len)
{
    const struct web_file *file;

    if (web->dir != NULL) {
        if (!read_file(web, WEB_SHELL))
            return NULL;
        *len = web->read.len;
        buffer_addc(&web->read, '\0');
        return web->read.failed ? NULL : web->read.data;
    }
    if ((file = find(web, WEB_SHELL)) == NULL)
        return NULL;
    *len = file->file->len;
    return (const char *)file->file->data;
}

static void not_there(struct reply *reply)
{
    reply_problem(reply, 404, "no_such_path",
        "The page has no file of this name. / is the page.");
}

void web_answer(struct web *web, const char *version, const char *name,
    const struct request *request, struct reply *reply)
{
    const char *type = type_of(name);
    const struct web_file *file = find(web, name);

    if (type == NULL || (web->dir == NULL && file == NULL)) {
        not_there(reply);
        return;
    }
    if (web->dir != NULL) {
        if (!read_file(web, name)) {
            not_there(reply);
            return;
        }
        buffer_add(&reply->body, web->read.data, web->read.len);
    } else if (file->packed.len > 0 && accepts_gzip(request->accept_encoding)) {
        reply->packed = true;
        reply_tag(reply, file->packed_tag);
        buffer_add(&reply->body, file->packed.data, file->packed.len);
    } else {
        reply_tag(reply, file->tag);
        buffer_add(&reply->body, file->body.data, file->body.len);
    }
    reply->type = type;
    /* An older page may ask a newer server, or one of another version behind
     * the same balancer: it gets what there is, and must not keep it. */
    if (strcmp(version, web->root + strlen("/web/")) == 0 && web->dir == NULL)
        reply->keep = "public, max-age=31536000, immutable";
    else
        reply->keep = "no-cache";
    reply_header(reply, "Cross-Origin-Resource-Policy", "same-origin");
}
