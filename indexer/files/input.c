#include "indexer/files/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "codesets/core/buffer.h"
#include "indexer/files/sheet.h"
#include "indexer/files/unpack.h"

enum {
    SHA256_LEN = 32,
    SHA256_TEXT = 2 * SHA256_LEN + 1,
    READ_CHUNK = 1 << 20,
    FOLDER_DEPTH_MAX = 32
};

/* A folder being walked, and those it lies in: a link back to any of them is
 * a loop. */
struct folder {
    const struct folder *above;
    dev_t device;
    ino_t inode;
    int depth;
};

struct walk {
    input_fn *each;
    input_file_fn *list; /* in its place: files are named, not read */
    void *context;
    uint64_t unpacked; /* bytes handed out so far, of INPUT_TOTAL_MAX */
    size_t files;      /* files and folders met, of INPUT_FILES_MAX */
    /* Of the file on disk that is being read: */
    const char *disk_path;
    uint64_t disk_bytes;
    char sha256[SHA256_TEXT];
};

static int deliver(struct walk *walk, const char *name, struct buffer *bytes,
    int depth, struct error *err);

/* bytes is NULL when there is damage. */
static int hand_out(struct walk *walk, const char *name,
    const struct buffer *bytes, const char *damage, struct error *err)
{
    const struct input in = {
        .name = name,
        .disk_path = walk->disk_path,
        .sha256 = walk->sha256,
        .disk_bytes = walk->disk_bytes,
        .data = bytes != NULL ? (const uint8_t *)bytes->data : NULL,
        .len = bytes != NULL ? bytes->len : 0,
        .damage = damage,
    };

    return walk->each(walk->context, &in, err);
}

/* What went wrong inside a file is told to the callback; only the machine's
 * own failures end the walk. */
static int damaged(struct walk *walk, const char *name,
    const struct error *cause, struct error *err)
{
    if (cause->code == ERR_SYSTEM)
        return error_set(
            err, ERR_SYSTEM, cause->cause, "%s: %s", name, cause->msg);
    return hand_out(walk, name, NULL, cause->msg, err);
}

static int damaged_depth(struct walk *walk, const char *name, struct error *err)
{
    struct error cause = {0};

    (void)error_set(
        &cause, ERR_LIMIT, 0, "packed more than %d times", INPUT_DEPTH_MAX);
    return damaged(walk, name, &cause, err);
}

static int total_reached(struct error *err)
{
    return error_set(err, ERR_LIMIT, 0,
        "more than %llu GiB unpacked in one build",
        (unsigned long long)(INPUT_TOTAL_MAX >> 30));
}

/* Adds the NUL that follows every leaf and stays out of its length. */
static int end_with_nul(struct buffer *bytes, struct error *err)
{
    buffer_addc(bytes, '\0');
    if (bytes->failed)
        return error_memory(err);
    bytes->len--;
    return 0;
}

static int deliver_leaf(struct walk *walk, const char *name,
    struct buffer *bytes, struct error *err)
{
    struct error cause = {0};

    if (bytes->len > INPUT_TOTAL_MAX - walk->unpacked) {
        (void)total_reached(&cause);
        return damaged(walk, name, &cause, err);
    }
    walk->unpacked += bytes->len;
    if (end_with_nul(bytes, err) != 0)
        return ERR_SYSTEM;
    return hand_out(walk, name, bytes, NULL, err);
}

static int deliver_stream(struct walk *walk, const char *name,
    enum packing packing, const struct buffer *packed, int depth,
    struct error *err)
{
    struct buffer bytes = {.max = INPUT_LEAF_MAX};
    struct error cause = {0};
    int rc;

    if (depth >= INPUT_DEPTH_MAX)
        return damaged_depth(walk, name, err);
    rc = unpack_stream(
        &bytes, packing, (const uint8_t *)packed->data, packed->len, &cause);
    if (rc == 0)
        rc = deliver(walk, name, &bytes, depth + 1, err);
    else
        rc = damaged(walk, name, &cause, err);
    buffer_clear(&bytes);
    return rc;
}

/* Reads every member once, so that each CRC has been checked before the first
 * of them is handed out. Sets *document instead for an office document (.xlsx,
 * .docx), which stays whole: its reader checks the parts it uses. */
static int check_archive(const struct walk *walk, enum packing packing,
    const struct buffer *packed, bool *document, struct error *err)
{
    struct unpack *unpack;
    struct member member;
    const uint8_t *chunk;
    uint64_t total = walk->unpacked;
    size_t len, size, members = 0;
    int rc;

    rc = unpack_open(
        &unpack, packing, (const uint8_t *)packed->data, packed->len, err);
    if (rc != 0)
        return rc;
    while ((rc = unpack_next(unpack, &member, err)) > 0) {
        members++;
        if (strcmp(member.name, "[Content_Types].xml") == 0) {
            *document = true;
            rc = 0;
            break;
        }
        size = 0;
        while ((rc = unpack_chunk(unpack, &chunk, &len, err)) > 0) {
            size += len;
            total += len;
            if (size > INPUT_LEAF_MAX)
                rc = error_set(err, ERR_LIMIT, 0,
                    "%s: more than %zu bytes unpacked", member.name,
                    INPUT_LEAF_MAX);
            else if (total > INPUT_TOTAL_MAX)
                rc = total_reached(err);
            if (rc < 0)
                break;
        }
        if (rc < 0)
            break;
    }
    if (rc == 0 && members == 0)
        rc = error_set(
            err, ERR_INPUT, 0, "%s: holds no file", packing_name(packing));
    unpack_close(unpack);
    return rc;
}

static int read_member(struct unpack *unpack, const struct member *member,
    struct buffer *bytes, struct error *err)
{
    const uint8_t *chunk;
    size_t len;
    int rc;

    if (member->size < INPUT_LEAF_MAX)
        (void)buffer_reserve(bytes, (size_t)member->size + 1);
    while ((rc = unpack_chunk(unpack, &chunk, &len, err)) > 0)
        buffer_add(bytes, chunk, len);
    if (rc == 0 && bytes->failed)
        rc = error_memory(err); /* the check has seen that it fits */
    return rc;
}

/* "name/member", in UTF-8 and without control characters. */
static void join_name(struct buffer *out, const char *name, const char *member)
{
    size_t i;

    if (name[0] != '\0') {
        buffer_adds(out, name);
        buffer_addc(out, '/');
    }
    text_to_utf8(out, member, strlen(member));
    for (i = 0; i < out->len; i++) {
        if ((unsigned char)out->data[i] < 0x20 || out->data[i] == 0x7f)
            out->data[i] = '?';
    }
    buffer_addc(out, '\0');
}

static int deliver_member(struct walk *walk, const char *name,
    struct unpack *unpack, const struct member *member, int depth,
    struct error *err)
{
    struct buffer path = {.max = INPUT_NAME_MAX + 1};
    struct buffer bytes = {.max = INPUT_LEAF_MAX + 1};
    struct error cause = {0};
    int rc;

    join_name(&path, name, member->name);
    if (path.failed) {
        (void)error_set(&cause, ERR_LIMIT, 0,
            "a member's name makes more than %d bytes", INPUT_NAME_MAX);
        rc = damaged(walk, name, &cause, err);
    } else if (read_member(unpack, member, &bytes, &cause) != 0) {
        rc = damaged(walk, path.data, &cause, err);
    } else {
        rc = deliver(walk, path.data, &bytes, depth + 1, err);
    }
    buffer_clear(&bytes);
    buffer_clear(&path);
    return rc;
}

static int deliver_archive(struct walk *walk, const char *name,
    enum packing packing, struct buffer *packed, int depth, struct error *err)
{
    struct unpack *unpack = NULL;
    struct member member;
    struct error cause = {0};
    bool document = false;
    int rc;

    if (check_archive(walk, packing, packed, &document, &cause) != 0)
        return damaged(walk, name, &cause, err);
    if (document)
        return deliver_leaf(walk, name, packed, err);
    if (depth >= INPUT_DEPTH_MAX)
        return damaged_depth(walk, name, err);
    rc = unpack_open(
        &unpack, packing, (const uint8_t *)packed->data, packed->len, &cause);
    if (rc != 0)
        return damaged(walk, name, &cause, err);
    do {
        rc = unpack_next(unpack, &member, &cause);
        if (rc == 0)
            break;
        if (rc < 0)
            rc = damaged(walk, name, &cause, err);
        else
            rc = deliver_member(walk, name, unpack, &member, depth, err);
    } while (rc == 0);
    unpack_close(unpack);
    return rc;
}

/* Hands out a leaf, or what is packed in it. depth counts the packings it came
 * out of. */
static int deliver(struct walk *walk, const char *name, struct buffer *bytes,
    int depth, struct error *err)
{
    const enum packing packing =
        packing_of((const uint8_t *)bytes->data, bytes->len);
    struct error cause = {0};

    if (packing == PACKED_NOT)
        return deliver_leaf(walk, name, bytes, err);
    if (packing == PACKED_FOREIGN) {
        (void)error_set(&cause, ERR_INPUT, 0,
            "a %s archive; unpack it, or pack it as zip",
            packing_name(packing));
        return damaged(walk, name, &cause, err);
    }
    if (packing_is_stream(packing))
        return deliver_stream(walk, name, packing, bytes, depth, err);
    return deliver_archive(walk, name, packing, bytes, depth, err);
}

static void write_hex(char out[SHA256_TEXT], const unsigned char *bytes)
{
    static const char digit[] = "0123456789abcdef";
    size_t i;

    for (i = 0; i < SHA256_LEN; i++) {
        out[2 * i] = digit[bytes[i] >> 4];
        out[2 * i + 1] = digit[bytes[i] & 15];
    }
    out[2 * (size_t)SHA256_LEN] = '\0';
}

/* The whole file, read once: what is hashed is what is parsed, even when
 * somebody writes to the file meanwhile. */
static int read_disk(int fd, struct buffer *bytes, struct error *err)
{
    struct stat st;
    ssize_t n;

    if (fstat(fd, &st) != 0)
        return error_set(err, ERR_INPUT, errno, "%s", strerror(errno));
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERR_INPUT, 0, "neither a file nor a folder");
    if ((uint64_t)st.st_size > INPUT_LEAF_MAX)
        return error_set(
            err, ERR_LIMIT, 0, "larger than %zu bytes", INPUT_LEAF_MAX);
    (void)buffer_reserve(bytes, (size_t)st.st_size + 1);
    for (;;) {
        if (bytes->cap - bytes->len < 2)
            (void)buffer_reserve(bytes, READ_CHUNK);
        if (bytes->failed)
            return bytes->len + READ_CHUNK > INPUT_LEAF_MAX
                       ? error_set(err, ERR_LIMIT, 0, "larger than %zu bytes",
                             INPUT_LEAF_MAX)
                       : error_memory(err);
        n = read(fd, bytes->data + bytes->len, bytes->cap - bytes->len - 1);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return error_set(err, ERR_INPUT, errno, "%s", strerror(errno));
        if (n > 0)
            bytes->len += (size_t)n;
    }
}

static int walk_file(
    struct walk *walk, const char *path, const char *name, struct error *err)
{
    /* Not to wait for a writer, should it be a pipe. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct buffer bytes = {.max = INPUT_LEAF_MAX + 2};
    unsigned char hash[SHA256_LEN];
    struct error cause = {0};
    int rc;

    walk->disk_path = path;
    walk->disk_bytes = 0;
    walk->sha256[0] = '\0';
    if (fd < 0)
        rc = error_set(&cause, ERR_INPUT, errno, "%s", strerror(errno));
    else
        rc = read_disk(fd, &bytes, &cause);
    if (fd >= 0)
        (void)close(fd);
    if (rc == 0) {
        walk->disk_bytes = bytes.len;
        if (EVP_Digest(bytes.data, bytes.len, hash, NULL, EVP_sha256(), NULL) !=
            1)
            rc = error_memory(&cause); /* nothing else can go wrong */
        else
            write_hex(walk->sha256, hash);
    }
    if (rc == 0)
        rc = deliver(walk, name, &bytes, 0, err);
    else
        rc = damaged(walk, name, &cause, err);
    buffer_clear(&bytes);
    return rc;
}

static int walk_one(
    struct walk *walk, const char *path, const char *name, struct error *err)
{
    return walk->list != NULL ? walk->list(walk->context, path, name, err)
                              : walk_file(walk, path, name, err);
}

static int not_dots(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int byte_order(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool is_loop(const struct folder *folder, const struct stat *st)
{
    for (; folder != NULL; folder = folder->above) {
        if (folder->device == st->st_dev && folder->inode == st->st_ino)
            return true;
    }
    return false;
}

static int walk_folder(struct walk *walk, const char *path, const char *name,
    const struct folder *above, const struct stat *st, struct error *err);

/* A store of ours holds builds, not releases: one that lies among the releases
 * is passed over. */
static bool is_store(const char *folder)
{
    struct buffer path = {0};
    bool store;

    buffer_adds(&path, folder);
    buffer_add(&path, "/.coderef.lock", sizeof "/.coderef.lock");
    store = !path.failed && access(path.data, F_OK) == 0;
    buffer_clear(&path);
    return store;
}

/* One entry of a folder: path and name are those of the folder. */
static int walk_entry(struct walk *walk, const char *path, const char *name,
    const char *entry, const struct folder *folder, struct error *err)
{
    struct buffer full_path = {0}, full_name = {.max = INPUT_NAME_MAX + 1};
    struct stat st;
    int rc = 0;

    buffer_adds(&full_path, path);
    buffer_addc(&full_path, '/');
    buffer_adds(&full_path, entry);
    buffer_addc(&full_path, '\0');
    join_name(&full_name, name, entry);
    if (full_path.failed)
        rc = error_memory(err);
    else if (full_name.failed)
        rc = error_set(err, ERR_LIMIT, 0, "%s: a name of more than %d bytes",
            full_path.data, INPUT_NAME_MAX);
    else if (++walk->files > INPUT_FILES_MAX)
        rc = error_set(err, ERR_LIMIT, 0,
            "%s: more than %d files and folders in one build", full_path.data,
            INPUT_FILES_MAX);
    else if (stat(full_path.data, &st) != 0 || !S_ISDIR(st.st_mode))
        rc = walk_one(walk, full_path.data, full_name.data, err);
    else if (!is_loop(folder, &st) && !is_store(full_path.data))
        rc =
            walk_folder(walk, full_path.data, full_name.data, folder, &st, err);
    buffer_clear(&full_name);
    buffer_clear(&full_path);
    return rc;
}

static int walk_folder(struct walk *walk, const char *path, const char *name,
    const struct folder *above, const struct stat *st, struct error *err)
{
    const struct folder folder = {
        .above = above,
        .device = st->st_dev,
        .inode = st->st_ino,
        .depth = above != NULL ? above->depth + 1 : 1,
    };
    struct dirent **entries;
    int rc = 0, count, i;

    if (folder.depth > FOLDER_DEPTH_MAX)
        return error_set(err, ERR_LIMIT, 0, "%s: folders more than %d deep",
            path, FOLDER_DEPTH_MAX);
    count = scandir(path, &entries, not_dots, byte_order);
    if (count < 0)
        return error_set(
            err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    for (i = 0; i < count; i++) {
        if (rc == 0)
            rc = walk_entry(walk, path, name, entries[i]->d_name, &folder, err);
        free(entries[i]);
    }
    free(entries);
    return rc;
}

static int walk_path(struct walk *walk, const char *path, struct error *err)
{
    struct buffer name = {.max = INPUT_NAME_MAX + 1};
    const char *slash = strrchr(path, '/');
    struct stat st;
    int rc;

    if (stat(path, &st) != 0)
        return error_set(
            err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return walk_folder(walk, path, "", NULL, &st, err);
    if (!S_ISREG(st.st_mode))
        return error_set(
            err, ERR_INPUT, 0, "%s: neither a file nor a folder", path);
    if (access(path, R_OK) != 0)
        return error_set(
            err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    if (++walk->files > INPUT_FILES_MAX)
        return error_set(
            err, ERR_LIMIT, 0, "%s: more than %d files", path, INPUT_FILES_MAX);
    join_name(&name, "", slash != NULL ? slash + 1 : path);
    if (name.failed)
        rc = error_set(err, ERR_LIMIT, 0, "%s: a name of more than %d bytes",
            path, INPUT_NAME_MAX);
    else
        rc = walk_one(walk, path, name.data, err);
    buffer_clear(&name);
    return rc;
}

static int walk_paths(struct walk *walk, const char *const *paths, size_t count,
    struct error *err)
{
    size_t i;
    int rc = 0;

    for (i = 0; i < count && rc == 0; i++)
        rc = walk_path(walk, paths[i], err);
    return rc;
}

int input_walk(const char *const *paths, size_t count, input_fn *each,
    void *context, struct error *err)
{
    struct walk walk = {.each = each, .context = context};

    return walk_paths(&walk, paths, count, err);
}

int input_list(const char *const *paths, size_t count, input_file_fn *each,
    void *context, struct error *err)
{
    struct walk walk = {.list = each, .context = context};

    return walk_paths(&walk, paths, count, err);
}
