#include "indexer/fetch/check.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "indexer/files/input.h"
#include "indexer/files/unpack.h"

enum { TEXT_LOOK = 64 << 10 /* bytes in which a NUL is looked for */ };

bool check_is_page(const char *text, size_t len)
{
    static const char *const beginnings[] = {"<!doctype html", "<html", "<head",
        "<body", "<script", "<title", "<meta"};
    const char *end = text + len;

    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    for (;;) {
        while (text < end && strchr(" \t\r\n", *text) != NULL && *text != '\0')
            text++;
        if (end - text < 4 || memcmp(text, "<!--", 4) != 0)
            break;
        text = memmem(text, (size_t)(end - text), "-->", 3);
        if (text == NULL)
            return true; /* a comment and nothing else */
        text += 3;
    }
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        const size_t n = strlen(beginnings[i]);

        if ((size_t)(end - text) >= n &&
            strncasecmp(text, beginnings[i], n) == 0)
            return true;
    }
    return false;
}

static bool ends_in(const char *name, const char *suffix)
{
    const size_t n = strlen(name), m = strlen(suffix);

    return n > m && strcasecmp(name + n - m, suffix) == 0;
}

/* Every member to its end. */
static int check_zip(const uint8_t *data, size_t len, struct error *err)
{
    struct unpack *unpack;
    struct member member;
    const uint8_t *chunk;
    uint64_t total = 0;
    size_t n, members = 0;
    int rc = unpack_open(&unpack, PACKED_ZIP, data, len, err);

    if (rc != 0)
        return rc;
    while ((rc = unpack_next(unpack, &member, err)) > 0) {
        size_t size = 0;

        members++;
        while ((rc = unpack_chunk(unpack, &chunk, &n, err)) > 0) {
            size += n;
            total += n;
            if (size > INPUT_LEAF_MAX || total > INPUT_TOTAL_MAX) {
                rc = error_set(err, ERR_LIMIT, 0,
                    "%s: unpacks to more than a build reads", member.name);
                break;
            }
        }
        if (rc < 0)
            break;
    }
    if (rc == 0 && members == 0)
        rc = error_set(err, ERR_INPUT, 0, "zip: holds no file");
    unpack_close(unpack);
    return rc;
}

static int check_stream(
    enum packing packing, const uint8_t *data, size_t len, struct error *err)
{
    struct buffer bytes = {.max = INPUT_LEAF_MAX};
    const int rc = unpack_stream(&bytes, packing, data, len, err);

    buffer_clear(&bytes);
    return rc;
}

static int check_text(const uint8_t *data, size_t len, struct error *err)
{
    if (memchr(data, 0, len < TEXT_LOOK ? len : TEXT_LOOK) != NULL)
        return error_set(err, ERR_INPUT, 0, "binary bytes, and no text");
    return 0;
}

static int check_bytes(
    const char *name, const uint8_t *data, size_t len, struct error *err)
{
    const enum packing packing = packing_of(data, len);

    if (check_is_page((const char *)data, len))
        return error_set(err, ERR_INPUT, 0, "a web page, and no file");
    if (ends_in(name, ".zip") || ends_in(name, ".xlsx")) {
        if (packing != PACKED_ZIP)
            return error_set(
                err, ERR_INPUT, 0, "no zip: it does not begin with PK");
        return check_zip(data, len, err);
    }
    if (packing == PACKED_NOT)
        return check_text(data, len, err);
    if ((ends_in(name, ".gz") && packing == PACKED_GZIP) ||
        (ends_in(name, ".xz") && packing == PACKED_XZ))
        return check_stream(packing, data, len, err);
    return error_set(err, ERR_INPUT, 0, "%s, which its name does not say",
        packing_name(packing));
}

static int hash(struct checked *out, const uint8_t *data, struct error *err)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    if (EVP_Digest(data, out->bytes, sum, &len, EVP_sha256(), NULL) != 1)
        return error_set(err, ERR_SYSTEM, 0, "SHA-256 failed");
    for (unsigned i = 0; i < CHECK_SHA256_LEN / 2; i++)
        (void)snprintf(out->sha256 + 2 * (size_t)i, 3, "%02x", sum[i]);
    return 0;
}

int check_file(struct checked *out, int fd, const char *name, struct error *err)
{
    struct stat st;
    void *data;
    int rc;

    if (fstat(fd, &st) != 0)
        return error_set(err, ERR_SYSTEM, errno, "%s", strerror(errno));
    if (st.st_size == 0)
        return error_set(err, ERR_INPUT, 0, "empty");
    if ((uint64_t)st.st_size > INPUT_LEAF_MAX)
        return error_set(
            err, ERR_LIMIT, 0, "larger than %zu bytes", INPUT_LEAF_MAX);
    /* The lock of the folder keeps others from cutting it short meanwhile. */
    data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return error_set(err, ERR_SYSTEM, errno, "%s", strerror(errno));
    out->bytes = (uint64_t)st.st_size;
    rc = check_bytes(name, data, (size_t)st.st_size, err);
    if (rc == 0)
        rc = hash(out, data, err);
    (void)munmap(data, (size_t)st.st_size);
    return rc;
}
