#include "indexer/fetch/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "codesets/core/day.h"
#include "indexer/builds/store_folder.h"
#include "indexer/fetch/places.h"

#define LIST_NAME ".fetch/fetched.json"
#define PART_FOLDER ".fetch/part"
#define REPLACED_FOLDER ".fetch/replaced"
enum { LIST_FORMAT = 1, TIME_LEN = 21, SHA_BEGIN = 12 };

struct shelf {
    char folder[SHELF_PATH_MAX];
    bool dry_run, changed;
    int lock;
    json_t *root;           /* owned */
    json_t *files;          /* an array in it */
    struct kept_file found; /* what shelf_find() gave out last */
};

/* --- paths ------------------------------------------------------------------
 */

static int system_error(struct error *err, const char *path)
{
    return error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
}

static int join(char out[SHELF_PATH_MAX], const char *folder, const char *name,
    struct error *err)
{
    const int n = snprintf(out, SHELF_PATH_MAX, "%s/%s", folder, name);

    if (n < 0 || n >= SHELF_PATH_MAX)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", folder);
    return 0;
}

/* Makes the folder and those above it. */
static int make_folders(const char *path, struct error *err)
{
    char part[SHELF_PATH_MAX];
    const size_t len = strlen(path);

    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++)
        if (path[i] == '/' || path[i] == '\0') {
            part[i] = '\0';
            if (mkdir(part, 0755) != 0 && errno != EEXIST)
                return system_error(err, part);
            part[i] = path[i];
        }
    return 0;
}

static int sync_above(const char *path, struct error *err)
{
    char folder[SHELF_PATH_MAX];
    const char *slash = strrchr(path, '/');

    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    return folder_sync(folder, err);
}

static int make_above(const char *path, struct error *err)
{
    char folder[SHELF_PATH_MAX];
    const char *slash = strrchr(path, '/');

    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    return make_folders(folder, err);
}

static void now_text(char out[TIME_LEN])
{
    const time_t now = time(NULL);
    struct tm utc;

    (void)gmtime_r(&now, &utc);
    (void)strftime(out, TIME_LEN, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* --- the list ---------------------------------------------------------------
 */

static int no_list(const char *path, const char *why, struct error *err)
{
    return error_set(err, ERR_INPUT, 0,
        "%s: %s; move it away to begin a new list (files that are there will "
        "be "
        "fetched again)",
        path, why);
}

static int new_list(struct shelf *shelf, struct error *err)
{
    shelf->root = json_pack(
        "{s:i, s:[], s:[]}", "format", LIST_FORMAT, "licences", "files");
    return shelf->root != NULL ? 0 : error_memory(err);
}

static int read_list(struct shelf *shelf, struct error *err)
{
    char path[SHELF_PATH_MAX];
    json_error_t wrong;
    FILE *file;
    int rc = join(path, shelf->folder, LIST_NAME, err);

    if (rc != 0)
        return rc;
    file = fopen(path, "re");
    if (file == NULL && errno != ENOENT)
        return system_error(err, path);
    if (file == NULL) {
        rc = new_list(shelf, err);
    } else {
        shelf->root = json_loadf(file, 0, &wrong);
        (void)fclose(file);
        if (shelf->root == NULL)
            return no_list(path, wrong.text, err);
        if (json_integer_value(json_object_get(shelf->root, "format")) !=
            LIST_FORMAT)
            return no_list(path, "written by another version", err);
    }
    shelf->files = json_object_get(shelf->root, "files");
    if (rc == 0 && !json_is_array(shelf->files))
        rc = no_list(path, "no list of files", err);
    return rc;
}

static int save(struct shelf *shelf, struct error *err)
{
    char path[SHELF_PATH_MAX], fresh[SHELF_PATH_MAX];
    int fd, rc;

    if ((rc = join(path, shelf->folder, LIST_NAME, err)) != 0 ||
        (rc = join(fresh, shelf->folder, LIST_NAME ".new", err)) != 0)
        return rc;
    fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return system_error(err, fresh);
    errno = EIO; /* should libjansson not say why */
    if (json_dumpfd(shelf->root, fd, JSON_INDENT(1) | JSON_PRESERVE_ORDER) !=
            0 ||
        fsync(fd) != 0)
        rc = system_error(err, fresh);
    if (close(fd) != 0 && rc == 0)
        rc = system_error(err, fresh);
    if (rc == 0 && rename(fresh, path) != 0)
        rc = system_error(err, path);
    if (rc != 0) {
        (void)unlink(fresh);
        return rc;
    }
    shelf->changed = false;
    return sync_above(path, err);
}

int shelf_save_changes(struct shelf *shelf, struct error *err)
{
    return shelf->changed && !shelf->dry_run ? save(shelf, err) : 0;
}

static const char *text_of(const json_t *record, const char *key)
{
    const char *text = json_string_value(json_object_get(record, key));

    return text != NULL ? text : "";
}

static int from_of(const json_t *record)
{
    const char *text = text_of(record, "from");
    day_t day;

    return day_parse_iso(&day, text, strlen(text)) == 0 ? day : DAY_UNKNOWN;
}

/* True for a record of the release that still lies in its place. */
static bool is_of(
    const json_t *record, const char *source, const char *set, int from)
{
    return json_object_get(record, "replaced") == NULL &&
           strcmp(text_of(record, "source"), source) == 0 &&
           strcmp(text_of(record, "set"), set) == 0 && from_of(record) == from;
}

const struct kept_file *shelf_find(const struct shelf *shelf,
    const char *source, const char *set, int from, const char *name)
{
    /* A cast for the place to answer from; the shelf is nobody else's. */
    struct kept_file *out = &((struct shelf *)shelf)->found;

    for (size_t i = json_array_size(shelf->files); i-- > 0;) {
        const json_t *r = json_array_get(shelf->files, i);

        if (!is_of(r, source, set, from) ||
            strcmp(text_of(r, "name"), name) != 0)
            continue;
        *out = (struct kept_file){.source = text_of(r, "source"),
            .set = text_of(r, "set"),
            .release = text_of(r, "release"),
            .version = text_of(r, "version"),
            .from = from,
            .part = (int)json_integer_value(json_object_get(r, "part")),
            .name = text_of(r, "name"),
            .path = text_of(r, "path"),
            .address = text_of(r, "address"),
            .etag = text_of(r, "etag"),
            .modified = text_of(r, "last_modified"),
            .fetched = text_of(r, "fetched"),
            .bytes = (uint64_t)json_integer_value(json_object_get(r, "bytes")),
            .sha256 = text_of(r, "sha256")};
        return out;
    }
    return NULL;
}

bool shelf_has(const struct shelf *shelf, const struct kept_file *file)
{
    char path[SHELF_PATH_MAX];
    struct stat st;

    return join(path, shelf->folder, file->path, NULL) == 0 &&
           stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           (uint64_t)st.st_size == file->bytes;
}

/* --- opening ----------------------------------------------------------------
 */

static int take_lock(struct shelf *shelf, struct error *err)
{
    char path[SHELF_PATH_MAX];
    int rc = join(path, shelf->folder, ".fetch/part", err);

    if (rc != 0 || (rc = make_folders(path, err)) != 0 ||
        (rc = join(path, shelf->folder, ".fetch/.coderef.lock", err)) != 0)
        return rc;
    shelf->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (shelf->lock < 0)
        return system_error(err, path);
    if (flock(shelf->lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    if (errno == EWOULDBLOCK)
        return error_set(err, ERR_SYSTEM, errno,
            "%s: another fetch is at work there", shelf->folder);
    return system_error(err, path);
}

int shelf_open(
    struct shelf **out, const char *folder, bool dry_run, struct error *err)
{
    struct shelf *shelf = calloc(1, sizeof *shelf);
    size_t len = strlen(folder);
    int rc;

    if (shelf == NULL)
        return error_memory(err);
    shelf->lock = -1;
    shelf->dry_run = dry_run;
    while (len > 1 && folder[len - 1] == '/')
        len--;
    /* Room for the longest name below it is checked where it is joined. */
    if (len == 0 || len >= sizeof shelf->folder)
        rc = error_set(err, ERR_INPUT, 0, "no folder for the releases");
    else {
        memcpy(shelf->folder, folder, len);
        rc = dry_run ? 0 : take_lock(shelf, err);
    }
    if (rc == 0)
        rc = read_list(shelf, err);
    if (rc != 0)
        shelf_close(shelf);
    else
        *out = shelf;
    return rc;
}

void shelf_close(struct shelf *shelf)
{
    if (shelf == NULL)
        return;
    if (shelf->lock >= 0)
        (void)close(shelf->lock);
    json_decref(shelf->root);
    free(shelf);
}

/* --- licences ---------------------------------------------------------------
 */

static const struct {
    const char *name;
    unsigned bit;
} licence_names[] = {
    {"AMA", LICENCE_AMA}, {"ADA", LICENCE_ADA}, {"AHA", LICENCE_AHA}};

unsigned shelf_licences(const struct shelf *shelf)
{
    const json_t *list = json_object_get(shelf->root, "licences");
    const json_t *entry;
    unsigned licences = 0;
    size_t i;

    json_array_foreach(list, i, entry)
    {
        for (size_t n = 0; n < sizeof licence_names / sizeof *licence_names;
             n++)
            if (strcmp(text_of(entry, "licence"), licence_names[n].name) == 0)
                licences |= licence_names[n].bit;
    }
    return licences;
}

int shelf_accept(struct shelf *shelf, unsigned licences, struct error *err)
{
    json_t *list = json_object_get(shelf->root, "licences");
    char now[TIME_LEN];

    licences &= ~shelf_licences(shelf);
    if (licences == 0 || shelf->dry_run)
        return 0;
    now_text(now);
    if (!json_is_array(list)) {
        list = json_array();
        (void)json_object_set_new(shelf->root, "licences", list);
    }
    for (size_t n = 0; n < sizeof licence_names / sizeof *licence_names; n++)
        if ((licences & licence_names[n].bit) != 0 &&
            json_array_append_new(
                list, json_pack("{s:s, s:s}", "licence", licence_names[n].name,
                          "accepted", now)) != 0)
            return error_memory(err);
    return save(shelf, err);
}

/* --- parts ------------------------------------------------------------------
 */

/* The path of what stands beside a part. */
static int from_path(
    char out[SHELF_PATH_MAX], const struct shelf_part *part, struct error *err)
{
    const int n = snprintf(out, SHELF_PATH_MAX, "%s.from", part->path);

    if (n < 0 || n >= SHELF_PATH_MAX)
        return error_set(
            err, ERR_INPUT, 0, "%.80s…: path too long", part->path);
    return 0;
}

/* How far an earlier run came with the same address, and its tag. */
static void read_tag(struct shelf_part *part, const char *address)
{
    char path[SHELF_PATH_MAX], line[ADDRESS_MAX + 2];
    FILE *file;
    bool same = false;

    part->tag[0] = '\0';
    if (from_path(path, part, NULL) != 0 || (file = fopen(path, "re")) == NULL)
        return;
    if (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        same = strcmp(line, address) == 0;
    }
    if (same && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strlen(line) < sizeof part->tag)
            memcpy(part->tag, line, strlen(line) + 1);
    }
    (void)fclose(file);
}

int shelf_part_open(struct shelf_part *out, struct shelf *shelf,
    const char *name, const char *address, struct error *err)
{
    char folder[SHELF_PATH_MAX];
    struct stat st;
    int rc;

    *out = (struct shelf_part){.fd = -1};
    if ((rc = join(folder, shelf->folder, PART_FOLDER, err)) != 0 ||
        (rc = join(out->path, folder, name, err)) != 0)
        return rc;
    out->fd = open(out->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (out->fd < 0 || fstat(out->fd, &st) != 0) {
        rc = system_error(err, out->path);
        shelf_part_close(out, true);
        return rc;
    }
    read_tag(out, address);
    if (out->tag[0] != '\0')
        out->len = (uint64_t)st.st_size;
    else if (ftruncate(out->fd, 0) != 0) {
        rc = system_error(err, out->path);
        shelf_part_close(out, true);
    }
    return rc;
}

void shelf_part_tag(struct shelf_part *part, const char *address,
    const struct courier_answer *answer)
{
    char path[SHELF_PATH_MAX];
    const char *tag =
        answer->etag[0] != '\0' && strncmp(answer->etag, "W/", 2) != 0
            ? answer->etag
            : answer->modified;
    FILE *file;

    part->tag[0] = '\0';
    if (from_path(path, part, NULL) != 0)
        return;
    /* A part without a tag is begun anew; so a failure here costs time alone.
     */
    (void)unlink(path);
    if (*tag == '\0' || !answer->ranges || (file = fopen(path, "we")) == NULL)
        return;
    if (fprintf(file, "%s\n%s\n", address, tag) > 0 && fflush(file) == 0)
        memcpy(part->tag, tag, strlen(tag) + 1);
    if (fclose(file) != 0 || part->tag[0] == '\0')
        (void)unlink(path);
}

void shelf_part_close(struct shelf_part *part, bool keep)
{
    char path[SHELF_PATH_MAX];

    if (part->fd >= 0)
        (void)close(part->fd);
    part->fd = -1;
    if (keep || part->path[0] == '\0')
        return;
    (void)unlink(part->path);
    if (from_path(path, part, NULL) == 0)
        (void)unlink(path);
}

void shelf_sweep(struct shelf *shelf)
{
    char folder[SHELF_PATH_MAX], path[SHELF_PATH_MAX];
    const struct dirent *entry;
    DIR *dir;

    if (join(folder, shelf->folder, PART_FOLDER, NULL) != 0 ||
        (dir = opendir(folder)) == NULL)
        return;
    while ((entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0 &&
            join(path, folder, entry->d_name, NULL) == 0)
            (void)unlink(path);
    (void)closedir(dir);
}

/* --- originals --------------------------------------------------------------
 */

/* Moves what lies at DIR/path to `replaced`, its name begun with the beginning
 * of its digest, so that no two meet there. */
static int move_away(
    struct shelf *shelf, json_t *record, const char *path, struct error *err)
{
    char from[SHELF_PATH_MAX], to[SHELF_PATH_MAX], below[SHELF_PATH_MAX];
    char now[TIME_LEN];
    const char *slash = strrchr(path, '/');
    const char *sha = record != NULL ? text_of(record, "sha256") : "";
    int n = snprintf(below, sizeof below, REPLACED_FOLDER "/%.*s/%.*s-%s",
        (int)(slash - path), path, SHA_BEGIN, *sha != '\0' ? sha : "unknown",
        slash + 1);
    int rc;

    if (n < 0 || n >= (int)sizeof below)
        return error_set(err, ERR_INPUT, 0, "%.80s…: path too long", path);
    if ((rc = join(from, shelf->folder, path, err)) != 0 ||
        (rc = join(to, shelf->folder, below, err)) != 0)
        return rc;
    if (access(from, F_OK) == 0) {
        if ((rc = make_above(to, err)) != 0)
            return rc;
        if (rename(from, to) != 0)
            return system_error(err, from);
        if ((rc = sync_above(to, err)) != 0 ||
            (rc = sync_above(from, err)) != 0)
            return rc;
    }
    if (record != NULL) {
        shelf->changed = true;
        now_text(now);
        if (json_object_set_new(record, "path", json_string(below)) != 0 ||
            json_object_set_new(record, "replaced", json_string(now)) != 0)
            return error_memory(err);
    }
    return 0;
}

/* The record of what lies at a path. */
static json_t *record_at(const struct shelf *shelf, const char *path)
{
    for (size_t i = json_array_size(shelf->files); i-- > 0;) {
        json_t *record = json_array_get(shelf->files, i);

        if (json_object_get(record, "replaced") == NULL &&
            strcmp(text_of(record, "path"), path) == 0)
            return record;
    }
    return NULL;
}

int shelf_place(struct shelf *shelf, struct shelf_part *part,
    const struct kept_file *file, struct error *err)
{
    char below[SHELF_PATH_MAX], path[SHELF_PATH_MAX], now[TIME_LEN];
    char from[DAY_TEXT_LEN] = "", tag[SHELF_PATH_MAX];
    json_t *record;
    int n = snprintf(below, sizeof below, "%s/%s/%s", file->source,
        file->release, file->name);
    int rc;

    if (n < 0 || n >= (int)sizeof below)
        return error_set(err, ERR_INPUT, 0, "%s: path too long", file->name);
    if ((rc = join(path, shelf->folder, below, err)) != 0 ||
        (rc = make_above(path, err)) != 0 ||
        (rc = move_away(shelf, record_at(shelf, below), below, err)) != 0)
        return rc;
    if (fsync(part->fd) != 0)
        return system_error(err, part->path);
    if (rename(part->path, path) != 0)
        return system_error(err, path);
    if (from_path(tag, part, NULL) == 0)
        (void)unlink(tag);
    (void)close(part->fd);
    part->fd = -1;
    part->path[0] = '\0';
    if ((rc = sync_above(path, err)) != 0)
        return rc;
    shelf->changed = true;
    now_text(now);
    (void)day_format(from, file->from);
    record = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:s, "
                       "s:s, s:s, s:I, s:s}",
        "source", file->source, "set", file->set, "release", file->release,
        "version", file->version, "from", from, "part", file->part, "name",
        file->name, "path", below, "address", file->address, "etag", file->etag,
        "last_modified", file->modified, "fetched", now, "bytes",
        (json_int_t)file->bytes, "sha256", file->sha256);
    return record != NULL && json_array_append_new(shelf->files, record) == 0
               ? 0
               : error_memory(err);
}

void shelf_touch(struct shelf *shelf, const struct kept_file *file,
    const char *address, const struct courier_answer *answer)
{
    json_t *record = record_at(shelf, file->path);

    if (record == NULL)
        return;
    (void)json_object_set_new(record, "address", json_string(address));
    (void)json_object_set_new(record, "etag", json_string(answer->etag));
    (void)json_object_set_new(
        record, "last_modified", json_string(answer->modified));
    shelf->changed = true;
}

int shelf_retire(struct shelf *shelf, const char *source, const char *set,
    int from, const char *version, struct error *err)
{
    json_t *record;
    size_t i;
    int rc = 0;

    json_array_foreach(shelf->files, i, record)
    {
        if (is_of(record, source, set, from) &&
            strcmp(text_of(record, "version"), version) != 0)
            rc = move_away(shelf, record, text_of(record, "path"), err);
        if (rc != 0)
            break;
    }
    return rc;
}
