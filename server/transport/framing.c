#include "server/transport/framing.h"

#include <string.h>
#include <strings.h>

#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>

/* The octets that may stand in the name of a header. */
static bool is_token(const char *name)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    if (*name == '\0')
        return false;
    for (; *name != '\0'; name++) {
        const char c = *name;

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c >= '0' && c <= '9') || c == '-')
            continue;
        if (strchr(others, c) == NULL)
            return false;
    }
    return true;
}

/* True when a comma list such as Connection holds the word. */
static bool list_has(const char *list, const char *word)
{
    const size_t len = strlen(word);

    while (*list != '\0') {
        size_t n;

        list += strspn(list, ", \t");
        n = strcspn(list, ", \t");
        if (n == len && strncasecmp(list, word, len) == 0)
            return true;
        list += n;
    }
    return false;
}

/* Header lines that are looked at once and not kept. */
struct framing {
    const char *connection, *content_length, *transfer_encoding;
    unsigned hosts, lengths, codings;
    size_t bytes;
    bool bad_name, two_keys;
};

static void read_header(struct request *request, struct framing *framing,
    const char *name, const char *value)
{
    struct {
        const char *name, **value;
    } const wanted[] = {
        {"Accept", &request->accept},
        {"Accept-Encoding", &request->accept_encoding},
        {"Content-Type", &request->content_type},
        {"Content-Encoding", &request->content_encoding},
        {"If-None-Match", &request->if_none_match},
        {"Origin", &request->origin},
        {"X-Request-Id", &request->request_id},
        {"Authorization", &request->authorization},
        {"X-API-Key", &request->api_key},
        {"Connection", &framing->connection},
    };

    switch (name[0] | 0x20) {
    case 'h':
        if (strcasecmp(name, "Host") == 0)
            framing->hosts++;
        return;
    case 't':
        if (strcasecmp(name, "Transfer-Encoding") == 0) {
            framing->transfer_encoding = value;
            framing->codings++;
        }
        return;
    case 'c':
        if (strcasecmp(name, "Content-Length") == 0) {
            framing->content_length = value;
            framing->lengths++;
            return;
        }
        break;
    case 'a':
    case 'i':
    case 'o':
    case 'x':
        break;
    default:
        return;
    }
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (strcasecmp(name, wanted[i].name) == 0) {
            if (*wanted[i].value == NULL)
                *wanted[i].value = value;
            else if (wanted[i].value == &request->authorization ||
                     wanted[i].value == &request->api_key)
                framing->two_keys = true;
            return;
        }
}

/* What makes it unsafe to say where this request ends, and so to read another
 * one behind it, or whose it is: between a proxy and us that is request
 * smuggling. NULL when there is nothing. */
static const char *framing_fault(
    const struct request *request, const struct framing *framing)
{
    const char *length = framing->content_length;

    if (framing->bad_name)
        return "The name of a header line holds an impossible character.";
    if (framing->lengths > 1)
        return "Content-Length was sent more than once.";
    if (length != NULL &&
        (*length == '\0' || length[strspn(length, "0123456789")] != '\0'))
        return "Content-Length is not a number.";
    if (framing->codings > 1 ||
        (framing->codings == 1 &&
            strcasecmp(framing->transfer_encoding, "chunked") != 0))
        return "The only Transfer-Encoding that is read is 'chunked'.";
    if (framing->codings == 1 && (length != NULL || !request->http11))
        return "Transfer-Encoding cannot stand beside Content-Length, nor in "
               "HTTP/1.0.";
    if (request->method == METHOD_HEAD &&
        (framing->codings != 0 ||
            (length != NULL && length[strspn(length, "0")] != '\0')))
        return "HEAD takes no body.";
    if (framing->hosts > 1 || (framing->hosts == 0 && request->http11))
        return "HTTP/1.1 wants exactly one Host line.";
    if (framing->two_keys)
        return "Authorization and X-API-Key may each be sent once.";
    return NULL;
}

static enum method to_method(enum evhttp_cmd_type type)
{
    switch (type) {
    case EVHTTP_REQ_GET:
        return METHOD_GET;
    case EVHTTP_REQ_POST:
        return METHOD_POST;
    case EVHTTP_REQ_HEAD:
        return METHOD_HEAD;
    case EVHTTP_REQ_OPTIONS:
        return METHOD_OPTIONS;
    case EVHTTP_REQ_PUT:
        return METHOD_PUT;
    case EVHTTP_REQ_DELETE:
        return METHOD_DELETE;
    case EVHTTP_REQ_PATCH:
        return METHOD_PATCH;
    default:
        return METHOD_OTHER;
    }
}

bool framing_read(struct request *request, struct evhttp_request *req,
    struct reply *reply, bool *close)
{
    struct framing framing = {0};
    const struct evkeyval *line;
    const char *fault;

    request->method = to_method(evhttp_request_get_command(req));
    request->http11 = req->major == 1 && req->minor >= 1;
    request->target = evhttp_request_get_uri(req);
    request->segments = request->params = 0;
    request->accept = request->accept_encoding = request->content_type = NULL;
    request->content_encoding = NULL;
    request->if_none_match = request->origin = request->request_id = NULL;
    request->authorization = request->api_key = NULL;
    request->body = "";
    request->body_len = 0;
    request->route = NULL;
    request->answers = NULL;

    for (line = evhttp_request_get_input_headers(req)->tqh_first; line != NULL;
         line = line->next.tqe_next) {
        if (!is_token(line->key))
            framing.bad_name = true;
        framing.bytes += strlen(line->key) + strlen(line->value) + 4;
        read_header(request, &framing, line->key, line->value);
    }

    /* evhttp looks for "close" as the whole value, so it is told below. */
    if (request->http11)
        *close =
            framing.connection != NULL && list_has(framing.connection, "close");
    else
        *close = framing.connection == NULL ||
                 strncasecmp(framing.connection, "keep-alive", 10) != 0;
    if ((req->flags & EVHTTP_PROXY_REQUEST) != 0)
        *close = true; /* a target with our name in it: evhttp closes then */

    if (req->major != 1) {
        *close = true;
        reply_problem(reply, 505, "bad_version",
            "This server speaks HTTP/1.1 and HTTP/1.0.");
        return false;
    }
    if ((fault = framing_fault(request, &framing)) != NULL) {
        *close = true;
        reply_problem(reply, 400, "bad_request", "%s", fault);
        return false;
    }
    if (framing.bytes > REQUEST_HEADERS_MAX) {
        reply_problem(reply, 431, "headers_too_long",
            "The header lines have %zu bytes, %d are taken.", framing.bytes,
            REQUEST_HEADERS_MAX);
        return false;
    }
    return true;
}
