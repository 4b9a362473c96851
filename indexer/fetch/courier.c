#include "indexer/fetch/courier.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct courier {
    CURL *curl;
    struct courier_options options;
    size_t requests;
    char said[CURL_ERROR_SIZE];
};

/* One question on its way. */
struct exchange {
    struct courier *courier;
    struct courier_answer *answer;
    const struct courier_question *question; /* NULL for a page */
    struct buffer *body;                     /* of a page */
    int fd;
    void (*begin)(void *context, const struct courier_answer *answer);
    void *context;
    uint64_t first; /* of the file's bytes, that the answer begins with */
    uint64_t written;
    bool begun, foreign_range;
    bool ranged; /* Content-Range told of the whole; Content-Length does not */
    int failed;  /* errno of a write that did not work */
    bool too_large;
};

size_t courier_requests(const struct courier *courier)
{
    return courier->requests;
}

/* --- what comes -------------------------------------------------------------
 */

/* The value of a header line into out, blanks around it dropped; one that is
 * too long is as good as none. */
static void copy_value(char out[COURIER_TAG_MAX], const char *line, size_t len)
{
    while (len > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        len--;
    }
    while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == '\n' ||
                          line[len - 1] == ' '))
        len--;
    out[0] = '\0';
    if (len >= COURIER_TAG_MAX)
        return;
    for (size_t i = 0; i < len; i++)
        if (line[i] < ' ' || line[i] > '~')
            return;
    memcpy(out, line, len);
    out[len] = '\0';
}

static bool header_is(
    const char *line, size_t len, const char *name, const char **value)
{
    const size_t n = strlen(name);

    *value = line + n;
    return len > n && strncasecmp(line, name, n) == 0;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    struct courier_answer *answer = x->answer;
    const size_t len = size * count;
    const char *value;
    char text[COURIER_TAG_MAX];

    if (len > 5 && memcmp(line, "HTTP/", 5) == 0) {
        answer->etag[0] = answer->modified[0] = '\0';
        answer->ranges = true;
        answer->total = 0;
        x->first = 0;
        x->ranged = false;
    } else if (header_is(line, len, "ETag:", &value)) {
        copy_value(answer->etag, value, len - 5);
    } else if (header_is(line, len, "Last-Modified:", &value)) {
        copy_value(answer->modified, value, len - 14);
    } else if (header_is(line, len, "Content-Encoding:", &value)) {
        copy_value(text, value, len - 17);
        answer->ranges = strcasecmp(text, "identity") == 0;
    } else if (header_is(line, len, "Content-Length:", &value)) {
        copy_value(text, value, len - 15);
        if (!x->ranged)
            answer->total = strtoull(text, NULL, 10);
    } else if (header_is(line, len, "Content-Range:", &value)) {
        unsigned long long first, last, total = 0;

        copy_value(text, value, len - 14);
        if (sscanf(text, "bytes %llu-%llu/%llu", &first, &last, &total) >= 2) {
            x->first = first;
            x->ranged = true;
            answer->total = total;
        }
    }
    return len;
}

/* The first bytes of the file that the answer holds. */
static bool begin_file(struct exchange *x)
{
    struct courier_answer *answer = x->answer;

    x->begun = true;
    if (answer->status == 206 &&
        (x->first != x->question->from || x->question->from == 0)) {
        x->foreign_range = true;
        return false;
    }
    if (answer->status == 200 && ftruncate(x->fd, 0) != 0) {
        x->failed = errno;
        return false;
    }
    x->written = answer->status == 206 ? x->question->from : 0;
    if (x->begin != NULL)
        x->begin(x->context, answer);
    return true;
}

static size_t on_file(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *x = context;
    const size_t len = size * count;
    size_t done = 0;

    if (!x->begun) {
        (void)curl_easy_getinfo(
            x->courier->curl, CURLINFO_RESPONSE_CODE, &x->answer->status);
        if (x->answer->status != 200 && x->answer->status != 206)
            return len; /* the words of an error are nobody's file */
        if (!begin_file(x))
            return 0;
    }
    if (len > x->courier->options.file_max - x->written) {
        x->too_large = true;
        return 0;
    }
    while (done < len) {
        const ssize_t n =
            pwrite(x->fd, bytes + done, len - done, (off_t)(x->written + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            x->failed = n < 0 ? errno : EIO;
            return 0;
        }
        done += (size_t)n;
    }
    x->written += len;
    return len;
}

static size_t on_page(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *x = context;

    buffer_add(x->body, bytes, size * count);
    x->too_large = x->body->failed;
    return x->body->failed ? 0 : size * count;
}

static int on_progress(void *context, curl_off_t total, curl_off_t now,
    curl_off_t up_total, curl_off_t up_now)
{
    const struct exchange *x = context;
    const struct courier_options *options = &x->courier->options;

    if (options->stop != NULL && *options->stop)
        return 1;
    if (options->progress != NULL && x->body == NULL && x->begun)
        options->progress(options->context, x->written,
            x->answer->total >= x->written ? x->answer->total : 0);
    return 0;
}

/* --- a session --------------------------------------------------------------
 */

/* What is the same for every request. */
static void set_up(struct courier *courier)
{
    CURL *curl = courier->curl;

#if LIBCURL_VERSION_NUM >= 0x075500
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    (void)curl_easy_setopt(
        curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    (void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, courier->said);
    (void)curl_easy_setopt(
        curl, CURLOPT_USERAGENT, "coderef/" CODEREF_VERSION " (libcurl)");
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)curl_easy_setopt(
        curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(curl, CURLOPT_COOKIEFILE, ""); /* in memory */
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(
        curl, CURLOPT_CONNECTTIMEOUT, (long)COURIER_CONNECT_SECONDS);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)COURIER_SECONDS_MAX);
    (void)curl_easy_setopt(
        curl, CURLOPT_LOW_SPEED_TIME, courier->options.stall_seconds);
    (void)curl_easy_setopt(
        curl, CURLOPT_LOW_SPEED_LIMIT, (long)COURIER_STALL_BYTES);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

int courier_open(struct courier **out, const struct courier_options *options,
    struct error *err)
{
    struct courier *courier;

    /* Safe to call again; this program has no threads. */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return error_set(err, ERR_SYSTEM, 0, "libcurl cannot be used");
    courier = calloc(1, sizeof *courier);
    if (courier == NULL || (courier->curl = curl_easy_init()) == NULL) {
        courier_close(courier);
        return error_memory(err);
    }
    courier->options = *options;
    if (courier->options.stall_seconds == 0)
        courier->options.stall_seconds = COURIER_STALL_SECONDS;
    if (courier->options.file_max == 0)
        courier->options.file_max = COURIER_FILE_MAX;
    set_up(courier);
    *out = courier;
    return 0;
}

void courier_close(struct courier *courier)
{
    if (courier == NULL)
        return;
    curl_easy_cleanup(courier->curl);
    free(courier);
}

/* --- one request ------------------------------------------------------------
 */

static struct curl_slist *header(
    struct curl_slist *list, const char *name, const char *value, bool *failed)
{
    char line[COURIER_TAG_MAX + 32];
    struct curl_slist *longer;

    if (value == NULL || *value == '\0')
        return list;
    (void)snprintf(line, sizeof line, "%s: %s", name, value);
    longer = curl_slist_append(list, line);
    *failed = *failed || longer == NULL;
    return longer != NULL ? longer : list;
}

/* What differs from request to request; connection and cookies stay. */
static CURLcode ask(
    struct exchange *x, const char *address, struct curl_slist *headers)
{
    const struct courier_question *question = x->question;
    struct courier *courier = x->courier;
    CURL *curl = courier->curl;
    const bool page = x->body != NULL;
    char range[32];

    (void)snprintf(range, sizeof range, "%llu-",
        question != NULL ? (unsigned long long)question->from : 0ULL);
    courier->said[0] = '\0';
    (void)curl_easy_setopt(curl, CURLOPT_URL, address);
    (void)curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE,
        (curl_off_t)(page ? COURIER_PAGE_MAX : courier->options.file_max));
    /* Packed for the way, a page is smaller; a file is packed as it is, but a
     * server that packs it unasked is understood. */
    (void)curl_easy_setopt(
        curl, CURLOPT_ACCEPT_ENCODING, page ? "" : "identity");
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, x);
    (void)curl_easy_setopt(
        curl, CURLOPT_WRITEFUNCTION, page ? on_page : on_file);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, x);
    (void)curl_easy_setopt(
        curl, CURLOPT_REFERER, question != NULL ? question->referer : NULL);
    (void)curl_easy_setopt(curl, CURLOPT_RANGE,
        question != NULL && question->from > 0 ? range : NULL);
    courier->requests++;
    return curl_easy_perform(curl);
}

/* What went wrong on the way, in our words where we know better than libcurl.
 */
static int asking_failed(
    struct exchange *x, CURLcode code, bool *again, struct error *err)
{
    const struct courier *courier = x->courier;
    const char *said =
        courier->said[0] != '\0' ? courier->said : curl_easy_strerror(code);

    *again = false;
    if (courier->options.stop != NULL && *courier->options.stop)
        return error_set(err, ERR_SYSTEM, EINTR, "stopped");
    if (x->failed != 0)
        return error_set(err, ERR_SYSTEM, x->failed, "cannot be written: %s",
            strerror(x->failed));
    if (x->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return error_set(err, ERR_LIMIT, 0, "larger than %llu MiB",
            (unsigned long long)((x->body != NULL
                                         ? COURIER_PAGE_MAX
                                         : courier->options.file_max) >>
                                 20));
    if (x->foreign_range)
        return error_set(err, ERR_INPUT, 0,
            "the server went on from another byte than it was asked for");
    /* A connection that broke off, not a server that is asleep. */
    *again = x->begun &&
             (code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR ||
                 code == CURLE_HTTP2_STREAM || code == CURLE_GOT_NOTHING);
    if (code == CURLE_OPERATION_TIMEDOUT && x->begun)
        return error_set(err, ERR_SYSTEM, 0,
            "the server stopped sending (%ld seconds without news)",
            courier->options.stall_seconds);
    return error_set(err, ERR_SYSTEM, 0, "%s", said);
}

/* Where an answer sends us, as far as we go. Returns 1 when there is one more
 * to ask, 0 when the answer is one, or an error. */
static int redirected(struct exchange *x, const char *first, char *address,
    unsigned *count, struct error *err)
{
    char *to = NULL, next[ADDRESS_MAX];

    if (x->answer->status < 300 || x->answer->status >= 400 ||
        x->answer->status == 304)
        return 0;
    (void)curl_easy_getinfo(x->courier->curl, CURLINFO_REDIRECT_URL, &to);
    if (to == NULL)
        return 0;
    if (++*count > COURIER_REDIRECTS_MAX)
        return error_set(err, ERR_INPUT, 0,
            "sent on from page to page more than %d times",
            COURIER_REDIRECTS_MAX);
    if (address_join(next, address, to, NULL) != 0)
        return error_set(err, ERR_INPUT, 0,
            "sent on to %.200s, which is no address of the web", to);
    if (address_downgrades(address, next))
        return error_set(err, ERR_INPUT, 0,
            "sent on to %.200s, out of the encryption: not followed", next);
    if (!address_same_site(first, next))
        return error_set(err, ERR_INPUT, 0,
            "sent on to another site (%.200s): not followed", next);
    memcpy(address, next, sizeof next);
    return 1;
}

static int exchange_run(struct exchange *x, const char *first,
    struct curl_slist *headers, bool *again, struct error *err)
{
    struct courier_answer *answer = x->answer;
    unsigned redirects = 0;
    CURLcode code;
    int rc;

    *again = false;
    if (address_join(answer->address, first, first, err) != 0)
        return ERR_INPUT;
    do {
        answer->status = 0;
        if (x->body != NULL)
            x->body->len = 0;
        code = ask(x, answer->address, headers);
        (void)curl_easy_getinfo(
            x->courier->curl, CURLINFO_RESPONSE_CODE, &answer->status);
        if (code != CURLE_OK)
            return asking_failed(x, code, again, err);
        rc = redirected(x, first, answer->address, &redirects, err);
    } while (rc > 0);
    return rc;
}

int courier_page(struct courier *courier, const char *address,
    struct buffer *body, struct courier_answer *out, struct error *err)
{
    struct exchange x = {
        .courier = courier, .answer = out, .body = body, .fd = -1};
    bool again;

    *out = (struct courier_answer){.status = 0};
    *body = (struct buffer){.max = COURIER_PAGE_MAX};
    return exchange_run(&x, address, NULL, &again, err);
}

int courier_file(struct courier *courier,
    const struct courier_question *question, int fd,
    void (*begin)(void *context, const struct courier_answer *answer),
    void *context, struct courier_answer *out, bool *again, struct error *err)
{
    struct exchange x = {.courier = courier,
        .answer = out,
        .question = question,
        .fd = fd,
        .begin = begin,
        .context = context};
    struct curl_slist *headers = NULL;
    bool failed = false;
    int rc;

    *out = (struct courier_answer){.status = 0};
    *again = false;
    headers = header(headers, "If-None-Match", question->etag, &failed);
    headers = header(headers, "If-Modified-Since", question->modified, &failed);
    if (question->from > 0)
        headers = header(headers, "If-Range", question->if_range, &failed);
    rc = failed ? error_memory(err)
                : exchange_run(&x, question->address, headers, again, err);
    curl_slist_free_all(headers);
    /* An empty file calls no write function. */
    if (rc == 0 && out->status == 200 && !x.begun && !begin_file(&x))
        rc = error_set(err, ERR_SYSTEM, x.failed, "cannot be written: %s",
            strerror(x.failed));
    return rc;
}
