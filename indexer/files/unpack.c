#include "indexer/files/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "indexer/files/input.h"

enum { CHUNK = 128 << 10, TAR_MAGIC_AT = 257 };

struct unpack {
    struct archive *archive;
    enum packing packing;
    size_t members;
    uint64_t at;                   /* bytes of the member handed out so far */
    char name[INPUT_NAME_MAX + 1]; /* of the member being read */
};

enum packing packing_of(const uint8_t *data, size_t len)
{
    static const struct {
        enum packing packing;
        size_t at, len;
        const char *magic;
    } known[] = {
        {PACKED_ZIP, 0, 4, "PK\3\4"},
        {PACKED_ZIP, 0, 4, "PK\5\6"}, /* without a member */
        {PACKED_GZIP, 0, 3, "\x1f\x8b\x08"},
        {PACKED_XZ, 0, 6,
            "\xfd"
            "7zXZ\0"},
        {PACKED_BZIP2, 4, 6, "1AY&SY"},
        {PACKED_ZSTD, 0, 4, "\x28\xb5\x2f\xfd"},
        {PACKED_TAR, TAR_MAGIC_AT, 5, "ustar"},
        {PACKED_FOREIGN, 0, 6, "7z\xbc\xaf\x27\x1c"},
        {PACKED_FOREIGN, 0, 6, "Rar!\x1a\x07"},
    };
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (len >= known[i].at + known[i].len &&
            memcmp(data + known[i].at, known[i].magic, known[i].len) == 0 &&
            (known[i].packing != PACKED_BZIP2 || memcmp(data, "BZh", 3) == 0))
            return known[i].packing;
    }
    return PACKED_NOT;
}

const char *packing_name(enum packing packing)
{
    switch (packing) {
    case PACKED_GZIP:
        return "gzip";
    case PACKED_XZ:
        return "xz";
    case PACKED_BZIP2:
        return "bzip2";
    case PACKED_ZSTD:
        return "zstd";
    case PACKED_ZIP:
        return "zip";
    case PACKED_TAR:
        return "tar";
    case PACKED_FOREIGN:
        return "7z or rar";
    case PACKED_NOT:
        break;
    }
    return "";
}

bool packing_is_stream(enum packing packing)
{
    return packing == PACKED_GZIP || packing == PACKED_XZ ||
           packing == PACKED_BZIP2 || packing == PACKED_ZSTD;
}

/* What libarchive says of its last failure, as an error of ours. */
static int archive_failed(
    struct archive *archive, const char *what, struct error *err)
{
    const char *said = archive_error_string(archive);
    const int cause = archive_errno(archive);

    if (cause == ENOMEM)
        return error_memory(err);
    return error_set(err, ERR_INPUT, 0, "%s: %s", what,
        said != NULL ? said : "cannot be unpacked");
}

static int full(const struct buffer *out, struct error *err)
{
    if (out->max != 0 && out->len + CHUNK > out->max)
        return error_set(
            err, ERR_LIMIT, 0, "more than %zu bytes unpacked", out->max);
    return error_memory(err);
}

/* gzip goes by zlib: libarchive does not check a gzip's CRC. Several gzip
 * files in a row are one, as gunzip has it; other bytes after them are padding
 * and ignored. */
static int unpack_gzip(
    struct buffer *out, const uint8_t *data, size_t len, struct error *err)
{
    z_stream z = {.next_in = (z_const Bytef *)data, .avail_in = (uInt)len};
    int rc, result = 0;

    if (len > UINT_MAX)
        return error_set(err, ERR_LIMIT, 0, "gzip: %zu bytes packed", len);
    if (inflateInit2(&z, MAX_WBITS + 16) != Z_OK) /* 16: with gzip header */
        return error_memory(err);
    do {
        if (!buffer_reserve(out, CHUNK)) {
            result = full(out, err);
            break;
        }
        z.next_out = (Bytef *)out->data + out->len;
        z.avail_out = CHUNK;
        rc = inflate(&z, Z_NO_FLUSH);
        out->len += CHUNK - z.avail_out;
        if (rc == Z_STREAM_END) {
            if (packing_of(z.next_in, z.avail_in) != PACKED_GZIP)
                break;
            (void)inflateReset(&z); /* fails on a broken z alone */
        } else if (rc == Z_MEM_ERROR)
            result = error_memory(err);
        else if (rc != Z_OK)
            result = error_set(err, ERR_INPUT, 0, "gzip: %s",
                z.msg != NULL ? z.msg : "cut short");
    } while (result == 0);
    inflateEnd(&z);
    return result;
}

static int unpack_raw(struct buffer *out, struct archive *archive,
    const char *what, const uint8_t *data, size_t len, struct error *err)
{
    struct archive_entry *entry;
    la_ssize_t n;

    if (archive_read_open_memory(archive, data, len) != ARCHIVE_OK ||
        archive_read_next_header(archive, &entry) != ARCHIVE_OK)
        return archive_failed(archive, what, err);
    for (;;) {
        if (!buffer_reserve(out, CHUNK))
            return full(out, err);
        n = archive_read_data(archive, out->data + out->len, CHUNK);
        if (n == 0)
            return 0;
        if (n < 0)
            return archive_failed(archive, what, err);
        out->len += (size_t)n;
    }
}

int unpack_stream(struct buffer *out, enum packing packing, const uint8_t *data,
    size_t len, struct error *err)
{
    struct archive *archive;
    int rc;

    if (packing == PACKED_GZIP)
        return unpack_gzip(out, data, len, err);
    archive = archive_read_new();
    if (archive == NULL)
        return error_memory(err);
    switch (packing) {
    case PACKED_XZ:
        rc = archive_read_support_filter_xz(archive);
        break;
    case PACKED_BZIP2:
        rc = archive_read_support_filter_bzip2(archive);
        break;
    case PACKED_ZSTD:
        rc = archive_read_support_filter_zstd(archive);
        break;
    default:
        rc = ARCHIVE_FATAL;
        break;
    }
    /* A warning here means that libarchive would run an outside program. */
    if (rc != ARCHIVE_OK ||
        archive_read_support_format_raw(archive) != ARCHIVE_OK)
        rc = error_set(err, ERR_INPUT, 0,
            "%s: not supported by this libarchive", packing_name(packing));
    else
        rc = unpack_raw(out, archive, packing_name(packing), data, len, err);
    archive_read_free(archive);
    return rc;
}

/* An archive is told by its first bytes; when libarchive then does not know
 * it, the end of it is missing. */
static int open_failed(
    struct unpack *unpack, const uint8_t *data, size_t len, struct error *err)
{
    if (unpack->packing != PACKED_ZIP || archive_format(unpack->archive) != 0)
        return archive_failed(
            unpack->archive, packing_name(unpack->packing), err);
    if (len >= 4 && memcmp(data, "PK\5\6", 4) == 0)
        return error_set(err, ERR_INPUT, 0, "zip: holds no file");
    return error_set(err, ERR_INPUT, 0,
        "zip: no end-of-central-directory record; the file is cut short");
}

int unpack_open(struct unpack **out, enum packing packing, const uint8_t *data,
    size_t len, struct error *err)
{
    struct unpack *unpack = calloc(1, sizeof *unpack);
    int rc;

    if (unpack == NULL || (unpack->archive = archive_read_new()) == NULL) {
        unpack_close(unpack);
        return error_memory(err);
    }
    unpack->packing = packing;
    /* Not the streaming zip reader: it would take the whole members of a zip
     * that was cut short. */
    rc = packing == PACKED_ZIP
             ? archive_read_support_format_zip_seekable(unpack->archive)
             : archive_read_support_format_tar(unpack->archive);
    if (rc != ARCHIVE_OK ||
        archive_read_open_memory(unpack->archive, data, len) != ARCHIVE_OK) {
        rc = open_failed(unpack, data, len, err);
        unpack_close(unpack);
        return rc;
    }
    *out = unpack;
    return 0;
}

void unpack_close(struct unpack *unpack)
{
    if (unpack == NULL)
        return;
    archive_read_free(unpack->archive);
    free(unpack);
}

static int set_name(
    struct unpack *unpack, struct archive_entry *entry, struct error *err)
{
    const char *name = archive_entry_pathname_utf8(entry);

    if (name == NULL)
        name = archive_entry_pathname(entry);
    if (name == NULL)
        (void)snprintf(
            unpack->name, sizeof unpack->name, "member %zu", unpack->members);
    else if (strlen(name) >= sizeof unpack->name)
        return error_set(err, ERR_LIMIT, 0, "member %zu: a name of %zu bytes",
            unpack->members, strlen(name));
    else
        memcpy(unpack->name, name, strlen(name) + 1);
    return 0;
}

int unpack_next(struct unpack *unpack, struct member *out, struct error *err)
{
    struct archive_entry *entry;
    int rc;

    do {
        rc = archive_read_next_header(unpack->archive, &entry);
        if (rc == ARCHIVE_EOF)
            return 0;
        /* A warning is about what we do not use: owners, spellings. */
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
            return archive_failed(
                unpack->archive, packing_name(unpack->packing), err);
        if (++unpack->members > INPUT_MEMBERS_MAX)
            return error_set(
                err, ERR_LIMIT, 0, "more than %d members", INPUT_MEMBERS_MAX);
        rc = set_name(unpack, entry, err);
        if (rc != 0)
            return rc;
    } while (archive_entry_filetype(entry) == AE_IFDIR);
    if (archive_entry_is_encrypted(entry))
        return error_set(
            err, ERR_INPUT, 0, "%s: the member is encrypted", unpack->name);
    if (archive_entry_filetype(entry) != AE_IFREG ||
        archive_entry_hardlink(entry) != NULL)
        return error_set(err, ERR_INPUT, 0,
            "%s: the member is a link or a device", unpack->name);
    unpack->at = 0;
    out->name = unpack->name;
    out->size = archive_entry_size_is_set(entry)
                    ? (uint64_t)archive_entry_size(entry)
                    : 0;
    return 1;
}

int unpack_chunk(struct unpack *unpack, const uint8_t **chunk, size_t *len,
    struct error *err)
{
    const void *bytes;
    la_int64_t offset;
    int rc;

    *len = 0;
    rc = archive_read_data_block(unpack->archive, &bytes, len, &offset);
    if (rc == ARCHIVE_EOF)
        return 0;
    if (rc != ARCHIVE_OK)
        return archive_failed(unpack->archive, unpack->name, err);
    if (offset < 0 || (uint64_t)offset != unpack->at)
        return error_set(
            err, ERR_INPUT, 0, "%s: the member has holes", unpack->name);
    unpack->at += *len;
    *chunk = bytes;
    return 1;
}
