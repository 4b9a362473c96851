#include "server/transport/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <openssl/evp.h>

#include "server/log.h"
#include "server/routes/routes.h"

struct gate {
    const char *path;
    struct limits *limits;
    struct keys *keys;
    struct stat seen; /* of the file as it was read last, good or not */
};

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mode == b->st_mode && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int read_keys(struct gate *gate, struct error *err)
{
    struct keys *keys = NULL;
    struct log_line line;
    bool exposed = false;
    int rc;

    if (stat(gate->path, &gate->seen) != 0) /* before, so a change is met */
        gate->seen = (struct stat){0};
    if ((rc = keys_read(&keys, gate->path, &exposed, err)) != 0)
        return rc;
    keys_free(gate->keys);
    gate->keys = keys;
    log_begin(&line, "keys_read");
    log_text(&line, "file", gate->path);
    log_number(&line, "keys", (int64_t)keys_count(keys));
    log_end(&line);
    if (exposed)
        log_event("keys_exposed", "advice",
            "everybody on this machine can read the file of keys; "
            "chmod o-r it");
    return 0;
}

int gate_open(struct gate **out, const char *path, struct limits *limits,
    struct error *err)
{
    struct gate *gate = calloc(1, sizeof *gate);
    int rc;

    if (gate == NULL)
        return error_memory(err);
    gate->path = path;
    gate->limits = limits;
    if ((rc = read_keys(gate, err)) != 0) {
        gate_close(gate);
        return rc;
    }
    *out = gate;
    return 0;
}

void gate_close(struct gate *gate)
{
    if (gate == NULL)
        return;
    keys_free(gate->keys);
    free(gate);
}

void gate_look(struct gate *gate, bool now)
{
    struct stat st = {0};
    struct error err;

    if (!now && (stat(gate->path, &st) != 0 ? gate->seen.st_ino == 0
                                            : same_file(&st, &gate->seen)))
        return;
    if (read_keys(gate, &err) != 0)
        log_event("keys_refused", "error", err.msg);
}

/* The password of Basic credentials is the key; the name does not matter. */
static const struct key *find_basic(const struct keys *keys, const char *coded)
{
    unsigned char plain[KEY_SECRET_MAX + 4];
    const size_t len = strlen(coded);
    const unsigned char *colon;
    size_t n;
    int got;

    if (len == 0 || len % 4 != 0 || len / 4 * 3 > sizeof plain)
        return NULL;
    got = EVP_DecodeBlock(plain, (const unsigned char *)coded, (int)len);
    if (got < 2)
        return NULL;
    n = (size_t)got - (coded[len - 1] == '=') - (coded[len - 2] == '=');
    colon = memchr(plain, ':', n);
    return colon == NULL ? NULL
                         : keys_find(keys, (const char *)colon + 1,
                               n - (size_t)(colon + 1 - plain));
}

const struct key *gate_who(
    const struct gate *gate, const struct request *request)
{
    const char *said = request->authorization;

    if (said == NULL)
        return request->api_key == NULL
                   ? NULL
                   : keys_find(gate->keys, request->api_key,
                         strlen(request->api_key));
    if (strncasecmp(said, "Bearer ", 7) == 0)
        return keys_find(gate->keys, said + 7, strlen(said + 7));
    if (strncasecmp(said, "Basic ", 6) == 0)
        return find_basic(gate->keys, said + 6);
    return NULL;
}

static void ask_for_key(const struct request *request, struct reply *reply)
{
    const bool sent =
        request->authorization != NULL || request->api_key != NULL;

    reply_header(reply, "WWW-Authenticate",
        sent ? "Bearer realm=\"coderef\", error=\"invalid_token\""
             : "Bearer realm=\"coderef\"");
    /* A browser that shows a page asks its user then. */
    if (request->accept != NULL && strstr(request->accept, "text/html") != NULL)
        reply_header(reply, "WWW-Authenticate",
            "Basic realm=\"coderef: the key as password\", charset=\"UTF-8\"");
    if (sent)
        reply_problem(reply, 401, "unknown_key",
            "This key is not known here. Ask who runs this server for one.");
    else
        reply_problem(reply, 401, "key_required",
            "Send a key in the header line 'Authorization: Bearer KEY' or "
            "'X-API-Key: KEY'.");
}

bool gate_pass(const struct gate *gate, const struct key *key, uint64_t now,
    struct request *request, struct reply *reply, enum counter *counted)
{
    const struct route *route = request->route;
    unsigned wait;
    char seconds[16];

    if ((route->flags & ROUTE_OPEN) != 0)
        return true;
    if (key == NULL) {
        *counted = COUNT_UNAUTHORIZED;
        ask_for_key(request, reply);
        return false;
    }
    if (!key->licensed && request->answers != NULL &&
        store_licensed(request->answers->store)) {
        if ((route->flags & ROUTE_STORE) != 0) {
            *counted = COUNT_UNLICENSED;
            reply_problem(reply, 403, "licence_required",
                "The data here hold descriptions under a licence, and the key "
                "'%s' is not for licensed users. Its owner may ask who runs "
                "this server for one that is.",
                key->name);
            return false;
        }
        request->answers = NULL; /* the handler can do without */
    }
    if (limits_take(gate->limits, key, now, &wait))
        return true;
    *counted = COUNT_LIMITED;
    (void)snprintf(seconds, sizeof seconds, "%u", wait);
    reply_header(reply, "Retry-After", seconds);
    reply_problem(reply, 429, "too_many_requests",
        "The key '%s' may ask %g times a second, %u at once. Try again in %u "
        "seconds.",
        key->name, key->rate, key->burst, wait);
    return false;
}
