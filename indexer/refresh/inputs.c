#include "indexer/refresh/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "codesets/store/store.h"
#include "indexer/files/input.h"
#include "indexer/refresh/keep.h"

enum { HASH_CHUNK = 1 << 16, NANOSECONDS = 1000000000 };

static int64_t nanoseconds(struct timespec at)
{
    return (int64_t)at.tv_sec * NANOSECONDS + at.tv_nsec;
}

static int64_t now(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_REALTIME, &at);
    return nanoseconds(at);
}

void inputs_clear(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        free(inputs->file[i].path);
        free(inputs->file[i].name);
    }
    free(inputs->file);
    *inputs = (struct inputs){0};
}

static struct input_stamp *add(
    struct inputs *inputs, const char *path, const char *name)
{
    struct input_stamp *file;

    if (inputs->count == inputs->capacity) {
        const size_t capacity =
            inputs->capacity == 0 ? 64 : 2 * inputs->capacity;

        file = realloc(inputs->file, capacity * sizeof *file);
        if (file == NULL)
            return NULL;
        inputs->file = file;
        inputs->capacity = capacity;
    }
    file = &inputs->file[inputs->count];
    *file = (struct input_stamp){.path = strdup(path), .name = strdup(name)};
    if (file->path == NULL || file->name == NULL) {
        free(file->path);
        free(file->name);
        return NULL;
    }
    inputs->count++;
    return file;
}

/* --- looking ----------------------------------------------------------------
 */

struct looking {
    struct inputs *out;
    const struct inputs *known;
    const volatile int *stop;
    bool all;
    size_t next; /* where the walk would meet the next known file */
};

/* The walk meets files in the same order each time, so the next one remembered
 * is nearly always the one. */
static const struct input_stamp *known_file(
    struct looking *looking, const char *path)
{
    const struct inputs *known = looking->known;

    for (size_t i = 0; i < known->count; i++) {
        const size_t at = (looking->next + i) % known->count;

        if (strcmp(known->file[at].path, path) == 0) {
            looking->next = at + 1;
            return &known->file[at];
        }
    }
    return NULL;
}

static bool trusted(
    const struct input_stamp *known, const struct input_stamp *file)
{
    return known->size == file->size && known->inode == file->inode &&
           known->device == file->device && known->mtime == file->mtime &&
           known->ctime == file->ctime &&
           known->ctime < known->hashed - RACY_NS &&
           known->mtime < known->hashed - RACY_NS;
}

static int hash_open(
    struct input_stamp *file, int fd, const volatile int *stop, EVP_MD_CTX *ctx)
{
    unsigned char bytes[HASH_CHUNK], sum[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    ssize_t n;

    if (EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
        return ENOMEM;
    while ((n = read(fd, bytes, sizeof bytes)) != 0) {
        if (n < 0 && errno != EINTR)
            return errno;
        if (stop != NULL && *stop)
            return EINTR;
        if (n > 0)
            (void)EVP_DigestUpdate(ctx, bytes, (size_t)n);
    }
    (void)EVP_DigestFinal_ex(ctx, sum, &len);
    for (size_t i = 0; i < SHA256_TEXT_LEN / 2; i++)
        (void)snprintf(file->sha256 + 2 * i, 3, "%02x", sum[i]);
    return 0;
}

/* What cannot be read has no hash: a build says what is wrong with it. */
static void hash(struct input_stamp *file, const volatile int *stop)
{
    const int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    file->hashed = now();
    if (fd < 0 || ctx == NULL || hash_open(file, fd, stop, ctx) != 0)
        file->sha256[0] = '\0';
    EVP_MD_CTX_free(ctx);
    if (fd >= 0)
        (void)close(fd);
}

static int look_at(
    void *context, const char *path, const char *name, struct error *err)
{
    struct looking *looking = context;
    struct input_stamp *file = add(looking->out, path, name);
    const struct input_stamp *known;
    struct stat st;

    if (file == NULL)
        return error_memory(err);
    if (looking->stop != NULL && *looking->stop)
        return error_set(err, ERR_SYSTEM, 0, "stopped; the store is as it was");
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    file->size = (uint64_t)st.st_size;
    file->inode = st.st_ino;
    file->device = st.st_dev;
    file->mtime = nanoseconds(st.st_mtim);
    file->ctime = nanoseconds(st.st_ctim);
    known = looking->all ? NULL : known_file(looking, path);
    if (known != NULL && trusted(known, file)) {
        memcpy(file->sha256, known->sha256, sizeof file->sha256);
        file->hashed = known->hashed;
        return 0;
    }
    hash(file, looking->stop);
    looking->out->rehashed++;
    return 0;
}

int inputs_look(struct inputs *out, const char *const *paths, size_t count,
    const struct build_options *options, const struct inputs *known, bool all,
    struct error *err)
{
    struct looking looking = {
        .out = out, .known = known, .stop = options->collect.stop, .all = all};
    int rc;

    *out = (struct inputs){0};
    if ((rc = build_terms(out->terms, options, err)) != 0)
        return rc;
    return input_list(paths, count, look_at, &looking, err);
}

/* --- comparing --------------------------------------------------------------
 */

bool inputs_same(const struct inputs *a, const struct inputs *b)
{
    if (a->count != b->count || strcmp(a->terms, b->terms) != 0)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->file[i].sha256[0] == '\0' ||
            strcmp(a->file[i].sha256, b->file[i].sha256) != 0 ||
            strcmp(a->file[i].name, b->file[i].name) != 0)
            return false;
    return true;
}

static const struct input_stamp *named(
    const struct inputs *inputs, const char *name, size_t from)
{
    for (size_t i = 0; i < inputs->count; i++) {
        const struct input_stamp *file =
            &inputs->file[(from + i) % inputs->count];

        if (strcmp(file->name, name) == 0)
            return file;
    }
    return NULL;
}

void inputs_compare(struct inputs_change *out, const struct inputs *before,
    const struct inputs *now_)
{
    *out = (struct inputs_change){0};
    for (size_t i = 0; i < now_->count; i++) {
        const struct input_stamp *old = named(before, now_->file[i].name, i);

        if (old == NULL)
            out->added++;
        else if (strcmp(old->sha256, now_->file[i].sha256) != 0)
            out->changed++;
    }
    for (size_t i = 0; i < before->count; i++)
        out->gone += named(now_, before->file[i].name, i) == NULL;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool inputs_made(const struct inputs *inputs, const char *folder)
{
    char path[BUILD_PATH_MAX];
    const char **sums = calloc(inputs->count + 1, sizeof *sums);
    json_t *manifest = NULL, *file;
    bool made = false;
    size_t i;

    if (sums != NULL && snprintf(path, sizeof path, "%s/manifest.json",
                            folder) < (int)sizeof path)
        manifest = json_load_file(path, 0, NULL);
    if (manifest != NULL) {
        for (i = 0; i < inputs->count; i++)
            sums[i] = inputs->file[i].sha256;
        qsort(sums, inputs->count, sizeof *sums, by_text);
        made = json_integer_value(json_object_get(manifest, "format")) ==
               (json_int_t)STORE_FORMAT;
        json_array_foreach(json_object_get(manifest, "files"), i, file)
        {
            const char *sum =
                json_string_value(json_object_get(file, "sha256"));

            /* The project's own tables have none. */
            if (sum == NULL ||
                (*sum != '\0' && bsearch(&sum, sums, inputs->count,
                                     sizeof *sums, by_text) == NULL))
                made = false;
        }
    }
    json_decref(manifest);
    free(sums);
    return made;
}

/* --- remembering ------------------------------------------------------------
 */

static bool read_stamp(struct inputs *out, const json_t *json)
{
    const char *path, *name, *sha256;
    json_int_t size, mtime, changed, inode, device, hashed;
    struct input_stamp *file;

    if (json_unpack((json_t *)(uintptr_t)json,
            "{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "path", &path,
            "name", &name, "size", &size, "mtime", &mtime, "ctime", &changed,
            "inode", &inode, "device", &device, "hashed", &hashed, "sha256",
            &sha256) != 0 ||
        strlen(sha256) > SHA256_TEXT_LEN)
        return false;
    if ((file = add(out, path, name)) == NULL)
        return false;
    file->size = (uint64_t)size;
    file->inode = (uint64_t)inode;
    file->device = (uint64_t)device;
    file->mtime = mtime;
    file->ctime = changed;
    file->hashed = hashed;
    (void)snprintf(file->sha256, sizeof file->sha256, "%s", sha256);
    return true;
}

void inputs_remembered(struct inputs *out, const char *store)
{
    char path[BUILD_PATH_MAX];
    const char *terms, *build;
    json_t *json = NULL, *files, *file;
    bool sound = false;
    size_t i;

    *out = (struct inputs){0};
    if (keep_path(path, store, "inputs.json", NULL) == 0)
        json = json_load_file(path, 0, NULL);
    if (json != NULL &&
        json_unpack(json, "{s:s, s:s, s:o}", "terms", &terms, "build", &build,
            "files", &files) == 0 &&
        strlen(terms) < sizeof out->terms && strlen(build) == BUILD_ID_LEN) {
        sound = true;
        (void)snprintf(out->terms, sizeof out->terms, "%s", terms);
        (void)snprintf(out->build, sizeof out->build, "%s", build);
        json_array_foreach(files, i, file) sound &= read_stamp(out, file);
    }
    json_decref(json);
    if (!sound)
        inputs_clear(out);
}

int inputs_remember(
    const struct inputs *inputs, const char *store, struct error *err)
{
    json_t *files = json_array();
    json_t *json = json_pack("{s:s, s:s, s:o}", "terms", inputs->terms, "build",
        inputs->build, "files", files);
    char *text = NULL;
    int rc = 0;

    for (size_t i = 0; json != NULL && i < inputs->count; i++) {
        const struct input_stamp *file = &inputs->file[i];

        /* A name that is no UTF-8 cannot be written down: the next refresh
         * finds one file fewer here, and builds. */
        (void)json_array_append_new(files,
            json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "path",
                file->path, "name", file->name, "size", (json_int_t)file->size,
                "mtime", (json_int_t)file->mtime, "ctime",
                (json_int_t)file->ctime, "inode", (json_int_t)file->inode,
                "device", (json_int_t)file->device, "hashed",
                (json_int_t)file->hashed, "sha256", file->sha256));
    }
    if (json != NULL)
        text = json_dumps(json, JSON_INDENT(1));
    if (text == NULL)
        rc = error_memory(err);
    else
        rc = keep_file(store, "inputs.json", text, strlen(text), err);
    free(text);
    json_decref(json);
    return rc;
}
