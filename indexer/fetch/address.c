#include "indexer/fetch/address.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What libcurl will not take apart, or hand out, is no address. */
static CURLU *parse(const char *address)
{
    CURLU *url = curl_url();

    if (url != NULL && curl_url_set(url, CURLUPART_URL, address,
                           CURLU_URLENCODE) != CURLUE_OK) {
        curl_url_cleanup(url);
        url = NULL;
    }
    return url;
}

/* Copies one part; false when it is not there or too long. */
static bool part(
    char *out, size_t size, CURLU *url, CURLUPart which, unsigned flags)
{
    char *text = NULL;
    bool fits = false;

    if (curl_url_get(url, which, &text, flags) == CURLUE_OK && text != NULL) {
        fits = strlen(text) < size;
        if (fits)
            memcpy(out, text, strlen(text) + 1);
    }
    curl_free(text);
    return fits;
}

static bool is_web(CURLU *url)
{
    char scheme[8], user[2];

    return part(scheme, sizeof scheme, url, CURLUPART_SCHEME, 0) &&
           (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
           curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
           !part(user, sizeof user, url, CURLUPART_USER, 0) &&
           !part(user, sizeof user, url, CURLUPART_PASSWORD, 0);
}

static int no_address(const char *text, struct error *err)
{
    return error_set(err, ERR_INPUT, 0, "%.200s: no address of the web", text);
}

int address_join(char out[ADDRESS_MAX], const char *base, const char *link,
    struct error *err)
{
    CURLU *url = parse(base);
    char *user = NULL;
    bool good =
        url != NULL &&
        curl_url_set(url, CURLUPART_URL, link, CURLU_URLENCODE) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_USER, &user, 0) != CURLUE_OK &&
        is_web(url) && part(out, ADDRESS_MAX, url, CURLUPART_URL, 0);

    curl_free(user);
    curl_url_cleanup(url);
    return good ? 0 : no_address(link, err);
}

/* --- mirrors ----------------------------------------------------------------
 */

/* Length of "scheme://host". */
static size_t host_len(const char *address)
{
    const char *at = strstr(address, "://");

    return at == NULL ? 0 : (size_t)(at + 3 - address) + strcspn(at + 3, "/?#");
}

int address_move(char out[ADDRESS_MAX], const char *address, const char *from,
    struct error *err)
{
    size_t len = strlen(from);
    int n;

    if (address_below(address, from))
        n = snprintf(out, ADDRESS_MAX, "%s", address);
    else {
        while (len > host_len(from) && from[len - 1] == '/')
            len--;
        n = snprintf(out, ADDRESS_MAX, "%.*s%s", (int)len, from,
            address + host_len(address));
    }
    return n >= 0 && n < ADDRESS_MAX ? 0 : no_address(address, err);
}

bool address_below(const char *address, const char *folder)
{
    size_t len = strlen(folder);

    if (len > 0 && folder[len - 1] == '/')
        len--;
    return strncasecmp(address, folder, host_len(folder)) == 0 &&
           strncmp(address, folder, len) == 0 &&
           (address[len] == '\0' || address[len] == '/' || address[len] == '?');
}

/* --- comparing --------------------------------------------------------------
 */

static bool host_of(char out[256], const char *address)
{
    CURLU *url = parse(address);
    const bool found = url != NULL && part(out, 256, url, CURLUPART_HOST, 0);

    curl_url_cleanup(url);
    return found;
}

static const char *site_of(const char *host)
{
    const char *at = host + strlen(host);
    int dots = 0;

    /* An address of numbers has no site above it. */
    if (at == host || (at[-1] >= '0' && at[-1] <= '9') || at[-1] == ']')
        return host;
    while (at > host) {
        if (at[-1] == '.' && ++dots == 2)
            break;
        at--;
    }
    return at;
}

bool address_same_site(const char *a, const char *b)
{
    char left[256], right[256];

    return host_of(left, a) && host_of(right, b) &&
           strcasecmp(site_of(left), site_of(right)) == 0;
}

bool address_downgrades(const char *from, const char *to)
{
    return strncasecmp(from, "https:", 6) == 0 &&
           strncasecmp(to, "https:", 6) != 0;
}

/* --- what patterns see ------------------------------------------------------
 */

int address_subject(
    char out[ADDRESS_MAX], const char *address, struct error *err)
{
    const char *tail = address + host_len(address);
    char *plain;
    int len = 0;

    if (host_len(address) == 0 ||
        (plain = curl_easy_unescape(NULL, tail, 0, &len)) == NULL)
        return no_address(address, err);
    if (len < 0 || len >= ADDRESS_MAX) {
        curl_free(plain);
        return no_address(address, err);
    }
    for (int i = 0; i < len; i++)
        out[i] = plain[i] < ' ' || plain[i] > '~' ? '?' : plain[i];
    out[len] = '\0';
    curl_free(plain);
    return 0;
}

bool address_asks_licence(const char *address)
{
    char subject[ADDRESS_MAX];
    const char *query;

    if (address_subject(subject, address, NULL) != 0)
        return false;
    query = strchr(subject, '?');
    if (query != NULL)
        subject[query - subject] = '\0';
    return strcasestr(subject, "/license") != NULL ||
           strcasestr(subject, "/licence") != NULL;
}

int address_file_name(
    char out[FILE_NAME_MAX + 1], const char *subject, struct error *err)
{
    const char *slash = strrchr(subject, '/');
    const char *name = slash != NULL ? slash + 1 : subject;
    const size_t len = strlen(name);

    if (len == 0 || len > FILE_NAME_MAX)
        return error_set(
            err, ERR_INPUT, 0, "%.200s: no name for a file", subject);
    for (size_t i = 0; i <= len; i++) {
        const char c = name[i];
        const bool letter = ((c | 32) >= 'a' && (c | 32) <= 'z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                            c == '\0';

        out[i] = (char)(letter || (i > 0 && (c == '.' || c == ' ')) ? c : '_');
    }
    return 0;
}
