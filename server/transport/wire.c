#include "server/transport/wire.h"

#include <string.h>
#include <strings.h>

static const char nul_seen[] =
    "A request line or header line holds a NUL byte.";
static const char bare_end[] =
    "A line ends with a carriage return or a line feed alone; HTTP/1.1 wants "
    "both.";
static const char folded[] =
    "A header line begins with a blank. Lines that go on are not taken.";
static const char bad_length[] = "Content-Length is not a number.";
static const char two_lengths[] = "Content-Length was sent more than once.";
static const char bad_coding[] =
    "The only Transfer-Encoding that is read is 'chunked', once and without "
    "Content-Length.";
static const char bad_size[] =
    "The size of a chunk must be one to eight hexadecimal digits and nothing "
    "else.";
static const char bad_end[] =
    "A chunk is longer than it says, or no line end follows it.";
static const char trailer[] = "Header lines behind a body are not taken.";

/* The value when the line is one of this header, else NULL. */
static const char *value_of(const struct wire *wire, const char *name)
{
    const size_t len = strlen(name);
    const char *value = wire->line + len + 1;

    if (wire->line_len <= len || wire->line[len] != ':' ||
        strncasecmp(wire->line, name, len) != 0)
        return NULL;
    return value + strspn(value, " \t");
}

static const char *take_length(struct wire *wire, const char *digits)
{
    size_t n = strspn(digits, "0123456789");

    if (wire->has_length)
        return two_lengths;
    if (n == 0 || n > LENGTH_DIGITS_MAX ||
        digits[n + strspn(digits + n, " \t")] != '\0')
        return bad_length;
    wire->has_length = true;
    wire->length = 0;
    for (size_t i = 0; i < n; i++)
        wire->length = wire->length * 10 + (uint64_t)(digits[i] - '0');
    return NULL;
}

static const char *take_coding(struct wire *wire, const char *coding)
{
    if (wire->chunked || strncasecmp(coding, "chunked", 7) != 0 ||
        coding[7 + strspn(coding + 7, " \t")] != '\0')
        return bad_coding;
    wire->chunked = true;
    return NULL;
}

static void next_request(struct wire *wire)
{
    *wire = (struct wire){.state = WIRE_HEAD};
}

static const char *end_head(struct wire *wire)
{
    if (wire->chunked && wire->has_length)
        return bad_coding;
    if (wire->chunked) {
        wire->state = WIRE_CHUNK_SIZE;
    } else if (wire->length > 0) {
        wire->state = WIRE_BODY;
        wire->left = wire->length;
    } else {
        next_request(wire);
    }
    return NULL;
}

static const char *end_line(struct wire *wire)
{
    const size_t len = wire->line_len;
    const bool first = !wire->lines;
    const char *value;
    bool whole = len < sizeof wire->line;

    wire->lines = true;
    if (len == 0)
        return end_head(wire);
    wire->line[whole ? len : sizeof wire->line - 1] = '\0';
    if (!first && (value = value_of(wire, "Content-Length")) != NULL)
        return whole ? take_length(wire, value) : bad_length;
    if (!first && (value = value_of(wire, "Transfer-Encoding")) != NULL)
        return whole ? take_coding(wire, value) : bad_coding;
    return NULL;
}

/* The bytes of a line without its end. */
static const char *add_to_line(struct wire *wire, const char *bytes, size_t n)
{
    if (n == 0)
        return NULL;
    if (memchr(bytes, '\0', n) != NULL)
        return nul_seen;
    if (wire->line_len == 0 && (*bytes == ' ' || *bytes == '\t'))
        return folded;
    if (wire->line_len < sizeof wire->line) {
        const size_t room = sizeof wire->line - wire->line_len;

        memcpy(wire->line + wire->line_len, bytes, n < room ? n : room);
    }
    wire->line_len += n;
    return NULL;
}

/* Takes bytes up to the end of a line, which is wanted to be a pair. *ended:
 * this line is whole. Returns a fault or NULL. */
static const char *follow_line(
    struct wire *wire, const char **at, const char *end, bool *ended)
{
    const size_t n = (size_t)(end - *at);
    const char *feed = memchr(*at, '\n', n);
    const char *stop = feed != NULL ? feed : end, *mark;
    const char *fault;

    *ended = false;
    if (wire->return_seen && **at != '\n')
        return bare_end;
    mark = memchr(*at, '\r', (size_t)(stop - *at));
    if (mark != NULL && mark != stop - 1)
        return bare_end;
    if (feed != NULL && mark == NULL && !wire->return_seen)
        return bare_end;
    fault =
        add_to_line(wire, *at, (size_t)((mark != NULL ? mark : stop) - *at));
    if (fault != NULL)
        return fault;
    wire->return_seen = mark != NULL && feed == NULL;
    *ended = feed != NULL;
    *at = feed != NULL ? feed + 1 : end;
    return NULL;
}

static const char *follow_head(
    struct wire *wire, const char **at, const char *end)
{
    bool ended;
    const char *fault = follow_line(wire, at, end, &ended);

    if (fault == NULL && ended) {
        fault = end_line(wire);
        wire->line_len = 0;
    }
    return fault;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static const char *end_size(struct wire *wire)
{
    wire->left = 0;
    for (size_t i = 0; i < wire->line_len; i++)
        wire->left = wire->left << 4 | (uint64_t)digit_of(wire->line[i]);
    wire->state = wire->left > 0 ? WIRE_CHUNK : WIRE_LAST;
    return NULL;
}

static const char *follow_size(
    struct wire *wire, const char **at, const char *end)
{
    for (; *at < end; ++*at) {
        const char c = **at;

        if (wire->return_seen) {
            if (c != '\n' || wire->line_len == 0)
                return bad_size;
            ++*at;
            (void)end_size(wire);
            wire->line_len = 0;
            wire->return_seen = false;
            return NULL;
        }
        if (c == '\r') {
            wire->return_seen = true;
        } else {
            if (digit_of(c) < 0 || wire->line_len == CHUNK_DIGITS_MAX)
                return bad_size;
            wire->line[wire->line_len++] = c;
        }
    }
    return NULL;
}

/* Nothing but a line end may stand here. */
static const char *follow_end(
    struct wire *wire, const char **at, const char *end)
{
    for (; *at < end; ++*at) {
        const char wanted = wire->return_seen ? '\n' : '\r';

        if (**at != wanted)
            return wire->state == WIRE_LAST ? trailer : bad_end;
        if (wire->return_seen) {
            ++*at;
            wire->return_seen = false;
            if (wire->state == WIRE_LAST)
                next_request(wire);
            else
                wire->state = WIRE_CHUNK_SIZE;
            return NULL;
        }
        wire->return_seen = true;
    }
    return NULL;
}

static void follow_body(struct wire *wire, const char **at, const char *end)
{
    const uint64_t n = (uint64_t)(end - *at);
    const uint64_t taken = n < wire->left ? n : wire->left;

    *at += taken;
    wire->left -= taken;
    if (wire->left > 0)
        return;
    if (wire->state == WIRE_CHUNK)
        wire->state = WIRE_CHUNK_END;
    else
        next_request(wire);
}

const char *wire_follow(struct wire *wire, const char *bytes, size_t n)
{
    const char *at = bytes, *const end = bytes + n;
    const char *fault = NULL;

    while (at < end && fault == NULL) {
        switch (wire->state) {
        case WIRE_HEAD:
            fault = follow_head(wire, &at, end);
            break;
        case WIRE_CHUNK_SIZE:
            fault = follow_size(wire, &at, end);
            break;
        case WIRE_CHUNK_END:
        case WIRE_LAST:
            fault = follow_end(wire, &at, end);
            break;
        case WIRE_BODY:
        case WIRE_CHUNK:
            follow_body(wire, &at, end);
            break;
        }
    }
    return fault;
}
