#include "server/transport/request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "codesets/core/hex.h"
#include "server/transport/reply.h"

/* --- text --- */

bool text_is_clean(const char *bytes, size_t len)
{
    const uint8_t *at = (const uint8_t *)bytes;
    size_t i = 0;

    while (i < len) {
        utf8proc_int32_t point;
        utf8proc_ssize_t n;

        if (at[i] < 0x80) {
            if (at[i] < ' ' || at[i] == 0x7f)
                return false;
            i++;
            continue;
        }
        n = utf8proc_iterate(at + i, (utf8proc_ssize_t)(len - i), &point);
        if (n <= 0 || (point >= 0x80 && point < 0xa0))
            return false;
        i += (size_t)n;
    }
    return true;
}

/* Decodes one part of a target to *out, adds a NUL and moves *out behind it.
 * False for a bad escape, a control byte or bytes that are not UTF-8. */
static bool decode(struct text_ref *part, const char *at, const char *end,
    bool query, char **out)
{
    char *const first = *out;
    char *to = first;
    bool ascii = true;

    for (; at < end; at++) {
        unsigned char byte = (unsigned char)*at;

        if (byte == '%') {
            const int high = end - at > 2 ? hex_digit(at[1]) : -1;
            const int low = high >= 0 ? hex_digit(at[2]) : -1;

            if (low < 0)
                return false;
            byte = (unsigned char)(high << 4 | low);
            at += 2;
        } else if (byte == '+' && query) {
            byte = ' ';
        } else if (byte == ' ') {
            return false; /* a blank must be escaped */
        }
        if (byte < ' ' || byte == 0x7f)
            return false;
        if (byte >= 0x80)
            ascii = false;
        *to++ = (char)byte;
    }
    part->text = first;
    part->len = (size_t)(to - first);
    *to++ = '\0';
    *out = to;
    return ascii || text_is_clean(first, part->len);
}

/* --- the target --- */

static bool bad_escape(struct reply *reply, const char *where)
{
    reply_problem(reply, 400, "bad_encoding",
        "%s holds a bad percent escape, a control character or bytes that are "
        "not UTF-8.",
        where);
    return false;
}

static bool parse_path(struct request *request, const char *at, const char *end,
    char **out, struct reply *reply)
{
    request->segments = 0;
    if (at + 1 == end) /* "/" alone has no parts */
        return true;
    while (at < end) {
        const char *slash = memchr(at + 1, '/', (size_t)(end - at - 1));
        const char *stop = slash != NULL ? slash : end;

        if (request->segments == REQUEST_SEGMENTS_MAX) {
            reply_problem(reply, 404, "no_such_path",
                "Nothing here has a path of more than %d parts.",
                REQUEST_SEGMENTS_MAX);
            return false;
        }
        if (!decode(&request->segment[request->segments++], at + 1, stop, false,
                out))
            return bad_escape(reply, "The path");
        at = stop;
    }
    return true;
}

static bool parse_query(struct request *request, const char *at,
    const char *end, char **out, struct reply *reply)
{
    request->params = 0;
    while (at < end) {
        const char *amp = memchr(at, '&', (size_t)(end - at));
        const char *stop = amp != NULL ? amp : end;
        const char *equals = memchr(at, '=', (size_t)(stop - at));
        struct param *param = &request->param[request->params];

        if (at == stop) { /* "a=1&&b=2", or an '&' at the end */
            at = stop + 1;
            continue;
        }
        if (request->params == REQUEST_PARAMS_MAX) {
            reply_problem(reply, 400, "too_many_parameters",
                "A query takes at most %d parameters.", REQUEST_PARAMS_MAX);
            return false;
        }
        param->value = (struct text_ref){"", 0};
        if (!decode(
                &param->name, at, equals != NULL ? equals : stop, true, out))
            return bad_escape(reply, "The name of a parameter");
        if (param->name.len == 0) {
            reply_problem(reply, 400, "bad_query",
                "The query holds a value without a parameter's name.");
            return false;
        }
        if (equals != NULL &&
            !decode(&param->value, equals + 1, stop, true, out)) {
            reply_bad_param(reply, param->name.text,
                "The value holds a bad percent escape, a control character or "
                "bytes that are not UTF-8.");
            return false;
        }
        request->params++;
        at = stop + 1;
    }
    return true;
}

bool request_parse_target(
    struct request *request, const char *target, struct reply *reply)
{
    const size_t len = strlen(target);
    const char *end = target + len;
    const char *mark = memchr(target, '?', len);
    const char *path_end = mark != NULL ? mark : end;
    char *out = request->decoded;

    request->target = target;
    request->segments = request->params = 0;
    if (len > REQUEST_TARGET_MAX) {
        reply_problem(reply, 414, "target_too_long",
            "Path and query have %zu bytes, %d are taken. Send long lists in "
            "the body of a POST.",
            len, REQUEST_TARGET_MAX);
        return false;
    }
    if (target[0] != '/' || memchr(target, '#', len) != NULL) {
        reply_problem(reply, 400, "bad_target",
            "The request target must be a path that begins with '/'.");
        return false;
    }
    if (!parse_path(request, target, path_end, &out, reply))
        return false;
    return mark == NULL || parse_query(request, mark + 1, end, &out, reply);
}

/* --- the fields of a form --- */

bool form_next(struct form *form, struct param *out, struct reply *reply)
{
    char *to = form->decoded;
    const char *stop, *equals;

    while (form->at < form->end && *form->at == '&')
        form->at++;
    if (form->at == form->end)
        return false;
    stop = memchr(form->at, '&', (size_t)(form->end - form->at));
    if (stop == NULL)
        stop = form->end;
    if (stop - form->at > FORM_FIELD_MAX) {
        reply_problem(reply, 400, "field_too_long",
            "A field of the form has more than %d bytes.", FORM_FIELD_MAX);
        return false;
    }
    equals = memchr(form->at, '=', (size_t)(stop - form->at));
    out->value = (struct text_ref){"", 0};
    if (!decode(
            &out->name, form->at, equals != NULL ? equals : stop, true, &to) ||
        (equals != NULL && !decode(&out->value, equals + 1, stop, true, &to)))
        return bad_escape(reply, "A field of the form");
    form->at = stop;
    return true;
}

/* --- parameters --- */

struct text_ref request_text(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->params; i++)
        if (strcmp(request->param[i].name.text, name) == 0)
            return request->param[i].value;
    return (struct text_ref){NULL, 0};
}

const char *request_param(const struct request *request, const char *name)
{
    return request_text(request, name).text;
}

bool param_day(const struct request *request, struct reply *reply,
    const char *name, day_t *out)
{
    const struct text_ref value = request_text(request, name);

    if (value.text == NULL)
        return true;
    if (day_parse_iso(out, value.text, value.len) == 0)
        return true;
    reply_bad_param(reply, name,
        "'%.40s' is not a day: write YYYY-MM-DD, such as 2024-07-01.",
        value.text);
    return false;
}

bool param_integer(const struct request *request, struct reply *reply,
    const char *name, long min, long max, long *out)
{
    const struct text_ref value = request_text(request, name);
    char *end;
    long number;

    if (value.text == NULL)
        return true;
    errno = 0;
    number = strtol(value.text, &end, 10);
    /* strtol() would take blanks and a plus in front. */
    if (value.len != 0 &&
        (value.text[0] == '-' ||
            (value.text[0] >= '0' && value.text[0] <= '9')) &&
        *end == '\0' && errno == 0 && number >= min && number <= max) {
        *out = number;
        return true;
    }
    reply_bad_param(reply, name,
        "'%.40s' is not a whole number from %ld to %ld.", value.text, min, max);
    return false;
}

bool param_flag(const struct request *request, struct reply *reply,
    const char *name, bool *out)
{
    static const char *const yes[] = {"true", "1", "yes", "", NULL};
    static const char *const no[] = {"false", "0", "no", NULL};
    const struct text_ref value = request_text(request, name);

    if (value.text == NULL)
        return true;
    for (size_t i = 0; yes[i] != NULL; i++)
        if (strcmp(value.text, yes[i]) == 0) {
            *out = true;
            return true;
        }
    for (size_t i = 0; no[i] != NULL; i++)
        if (strcmp(value.text, no[i]) == 0) {
            *out = false;
            return true;
        }
    reply_bad_param(
        reply, name, "'%.40s' is neither true nor false.", value.text);
    return false;
}

bool param_word(const struct request *request, struct reply *reply,
    const char *name, const char *const *words, int *out)
{
    const struct text_ref value = request_text(request, name);
    char list[256] = "";
    size_t len = 0;

    if (value.text == NULL)
        return true;
    for (int i = 0; words[i] != NULL; i++) {
        int n;

        if (strcmp(value.text, words[i]) == 0) {
            *out = i;
            return true;
        }
        n = snprintf(list + len, sizeof list - len, "%s%s",
            len != 0 ? ", " : "", words[i]);
        if (n > 0 && (size_t)n < sizeof list - len)
            len += (size_t)n;
    }
    reply_bad_param(reply, name, "'%.40s' is none of: %s.", value.text, list);
    return false;
}

/* --- header values --- */

/* Takes the next element of a comma list into *at, *len, blanks around it
 * dropped. False at the end. */
static bool next_element(const char **list, const char **at, size_t *len)
{
    const char *from = *list;
    const char *end;

    from += strspn(from, ", \t");
    if (*from == '\0')
        return false;
    end = from + strcspn(from, ",");
    *list = end;
    while (end > from && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *at = from;
    *len = (size_t)(end - from);
    return true;
}

/* Splits "name;q=0.5" of len bytes: returns the length of the name, and in
 * *zero whether its weight is 0. */
static size_t element_name(const char *at, size_t len, bool *zero)
{
    const char *end = at + len;
    const char *semi = memchr(at, ';', len);
    size_t name = semi != NULL ? (size_t)(semi - at) : len;

    *zero = false;
    while (name > 0 && (at[name - 1] == ' ' || at[name - 1] == '\t'))
        name--;
    for (; semi != NULL; semi = memchr(semi, ';', (size_t)(end - semi))) {
        semi++;
        while (semi < end && (*semi == ' ' || *semi == '\t'))
            semi++;
        if (end - semi >= 3 && (*semi == 'q' || *semi == 'Q') &&
            semi[1] == '=' && semi[2] == '0') {
            const char *digit = semi + 3;

            while (digit < end && (*digit == '.' || *digit == '0'))
                digit++;
            *zero = digit == end || *digit == ' ' || *digit == ';';
        }
    }
    return name;
}

bool accepts_gzip(const char *accept_encoding)
{
    const char *at;
    size_t len;
    int named = -1, any = -1; /* -1 not said, 0 refused, 1 taken */

    if (accept_encoding == NULL)
        return false;
    while (next_element(&accept_encoding, &at, &len)) {
        bool zero;
        const size_t name = element_name(at, len, &zero);

        if ((name == 4 && strncasecmp(at, "gzip", 4) == 0) ||
            (name == 6 && strncasecmp(at, "x-gzip", 6) == 0))
            named = !zero;
        else if (name == 1 && *at == '*')
            any = !zero;
    }
    return named != -1 ? named == 1 : any == 1;
}

bool accepts_type(const char *accept, const char *type)
{
    const size_t type_len = strcspn(type, ";");
    const char *slash = strchr(type, '/');
    const size_t major = (size_t)(slash - type) + 1;
    int best = 0; /* how closely the best range names the type, 1 to 3 */
    bool taken = false;
    const char *at;
    size_t len;

    if (accept == NULL || *accept == '\0')
        return true;
    while (next_element(&accept, &at, &len)) {
        bool zero;
        const size_t name = element_name(at, len, &zero);
        int closeness = 0;

        if (name == type_len && strncasecmp(at, type, name) == 0)
            closeness = 3;
        else if (name == major + 1 && at[major] == '*' &&
                 strncasecmp(at, type, major) == 0)
            closeness = 2;
        else if (name == 3 && memcmp(at, "*/*", 3) == 0)
            closeness = 1;
        if (closeness > best) {
            best = closeness;
            taken = !zero;
        }
    }
    return taken;
}

bool type_is(const char *content_type, const char *type)
{
    const size_t len = strlen(type);

    if (content_type == NULL || strncasecmp(content_type, type, len) != 0)
        return false;
    content_type += len;
    content_type += strspn(content_type, " \t");
    return *content_type == '\0' || *content_type == ';';
}

bool etag_listed(const char *if_none_match, const char *etag)
{
    const char *at;
    size_t len, etag_len;

    if (strncmp(etag, "W/", 2) == 0)
        etag += 2;
    etag_len = strlen(etag);
    while (next_element(&if_none_match, &at, &len)) {
        if (len > 2 && memcmp(at, "W/", 2) == 0) {
            at += 2;
            len -= 2;
        }
        if (len == etag_len && memcmp(at, etag, len) == 0)
            return true;
    }
    return false;
}

const char *method_name(enum method method)
{
    switch (method) {
    case METHOD_GET:
        return "GET";
    case METHOD_HEAD:
        return "HEAD";
    case METHOD_POST:
        return "POST";
    case METHOD_OPTIONS:
        return "OPTIONS";
    case METHOD_PUT:
        return "PUT";
    case METHOD_DELETE:
        return "DELETE";
    case METHOD_PATCH:
        return "PATCH";
    case METHOD_OTHER:
        break;
    }
    return "OTHER";
}
