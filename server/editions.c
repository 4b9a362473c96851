#include "server/editions.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "codesets/store/builds.h"
#include "codesets/store/checksum.h"

struct edition {
    struct edition *next;
    struct store *store;
    struct answers *answers;
    unsigned holds; /* requests, and one for being active */
    char path[BUILD_PATH_MAX];
};

struct editions {
    struct edition *active; /* NULL before the first build */
    struct edition *first;  /* all that are open */
    char *dir;
    char trusted[BUILD_PATH_MAX]; /* checked before, or "" */
    struct checksum *check;       /* NULL: none is being checked */
    char checked[BUILD_PATH_MAX]; /* the build that is */
    char refused[BUILD_PATH_MAX]; /* the build that failed, or "" */
    bool lost;       /* `current` could not be read, and that was said */
    bool unlicensed; /* without licensed text */
    char why[sizeof((struct error *)0)->msg]; /* it is not active, or "" */
};

int editions_new(struct editions **out, const char *dir, struct error *err)
{
    struct editions *editions = calloc(1, sizeof *editions);

    if (editions == NULL || (editions->dir = strdup(dir)) == NULL) {
        free(editions);
        return error_memory(err);
    }
    *out = editions;
    return 0;
}

static void close_build(struct edition *edition)
{
    answers_close(edition->answers);
    store_close(edition->store);
    free(edition);
}

void editions_trust(struct editions *editions, const char *path)
{
    (void)snprintf(editions->trusted, sizeof editions->trusted, "%s", path);
}

void editions_unlicensed(struct editions *editions)
{
    editions->unlicensed = true;
}

int editions_check_unlicensed(
    const struct store *store, const char *path, struct error *err)
{
    if (!store_licensed(store))
        return 0;
    return error_set(err, ERR_INPUT, 0,
        "%s: holds licensed descriptions, which users without a licence must "
        "not get: build the public store without --accept-ama-license",
        path);
}

void edition_release(struct editions *editions, struct edition *edition)
{
    struct edition **link;

    if (edition == NULL || --edition->holds > 0)
        return;
    link = &editions->first;
    while (*link != edition)
        link = &(*link)->next;
    *link = edition->next;
    close_build(edition);
#ifdef __GLIBC__
    /* What a build held lies between what requests hold. Given back, a worker
     * is as large after a hundred builds as after one. */
    (void)malloc_trim(0);
#endif
}

static void end_check(struct editions *editions)
{
    checksum_end(editions->check);
    editions->check = NULL;
}

void editions_free(struct editions *editions)
{
    if (editions == NULL)
        return;
    end_check(editions);
    edition_release(editions, editions->active);
    assert(editions->first == NULL);
    free(editions->dir);
    free(editions);
}

/* NULL: it is not open. */
static struct edition *find_open(struct editions *editions, const char *path)
{
    struct edition *edition = editions->first;

    while (edition != NULL && strcmp(edition->path, path) != 0)
        edition = edition->next;
    return edition;
}

/* The build at path, open: one that is still held from earlier, because LMDB
 * must not map one file twice in a process, or opened now. Counted. */
static int open_build(struct edition **out, struct editions *editions,
    const char *path, struct error *err)
{
    struct edition *edition = find_open(editions, path);
    int rc;

    if (edition == NULL) {
        const bool trusted = strcmp(path, editions->trusted) == 0;

        edition = calloc(1, sizeof *edition);
        if (edition == NULL)
            return error_memory(err);
        /* What was checked at the start may be damaged when it comes back. */
        editions->trusted[0] = '\0';
        if ((!trusted && (rc = checksum_verify(path, err)) != 0) ||
            (rc = store_open(&edition->store, path, err)) != 0 ||
            (editions->unlicensed && (rc = editions_check_unlicensed(
                                          edition->store, path, err)) != 0) ||
            (rc = answers_open(&edition->answers, edition->store, err)) != 0) {
            close_build(edition);
            return rc;
        }
        memcpy(edition->path, path, strlen(path) + 1);
        edition->next = editions->first;
        editions->first = edition;
    }
    edition->holds++;
    *out = edition;
    return 0;
}

/* A build that others are answered from meanwhile can be checked in steps. */
static bool must_check(struct editions *editions, const char *path)
{
    return editions->active != NULL && find_open(editions, path) == NULL &&
           strcmp(path, editions->trusted) != 0;
}

static int begin_check(
    struct editions *editions, const char *path, struct error *err)
{
    if (editions->check != NULL && strcmp(editions->checked, path) == 0)
        return 0;
    end_check(editions);
    memcpy(editions->checked, path, strlen(path) + 1);
    return checksum_begin(&editions->check, path, err);
}

static int refresh(struct editions *editions, bool retry, struct error *err)
{
    struct edition *fresh = NULL;
    char path[BUILD_PATH_MAX];
    int rc = builds_current(path, editions->dir, err);

    if (rc != 0) {
        if (editions->lost && !retry)
            return 0;
        editions->lost = true;
        return rc;
    }
    editions->lost = false;
    if (editions->active != NULL && strcmp(editions->active->path, path) == 0) {
        end_check(editions);
        editions->refused[0] = '\0';
        return 0;
    }
    if (!retry && strcmp(editions->refused, path) == 0)
        return 0;
    if (must_check(editions, path)) {
        rc = begin_check(editions, path, err);
        if (rc == 0)
            return 0;
    } else {
        rc = open_build(&fresh, editions, path, err);
    }
    if (rc != 0) {
        memcpy(editions->refused, path, strlen(path) + 1);
        return rc;
    }
    editions->refused[0] = '\0';
    edition_release(editions, editions->active);
    editions->active = fresh;
    return 1;
}

/* Remembers why a build is not active. */
static int keep_why(struct editions *editions, int rc, const struct error *mine,
    struct error *err)
{
    if (rc < 0)
        (void)snprintf(editions->why, sizeof editions->why, "%s", mine->msg);
    else if (!editions->lost && editions->refused[0] == '\0')
        editions->why[0] = '\0';
    if (rc < 0 && err != NULL)
        *err = *mine;
    return rc;
}

int editions_refresh(struct editions *editions, bool retry, struct error *err)
{
    struct error mine = {0};
    const int rc = refresh(editions, retry, &mine);

    return keep_why(editions, rc, &mine, err);
}

bool editions_checking(const struct editions *editions)
{
    return editions->check != NULL;
}

int editions_go_on(struct editions *editions, struct error *err)
{
    struct error mine = {0};
    int rc = checksum_step(editions->check, &mine);

    if (rc > 0)
        return 0;
    end_check(editions);
    if (rc == 0) {
        /* `current` may point elsewhere by now. */
        editions_trust(editions, editions->checked);
        rc = refresh(editions, true, &mine);
        editions->trusted[0] = '\0';
    } else {
        memcpy(editions->refused, editions->checked, sizeof editions->refused);
    }
    return keep_why(editions, rc, &mine, err);
}

int editions_fall_back(
    struct editions *editions, const char *path, struct error *err)
{
    return editions->active != NULL
               ? 0
               : open_build(&editions->active, editions, path, err);
}

const char *editions_refused(const struct editions *editions)
{
    return editions->why[0] != '\0' ? editions->why : NULL;
}

int64_t editions_written(const struct editions *editions)
{
    char path[BUILD_PATH_MAX + sizeof "/data.mdb"];
    struct stat st;

    if (editions->active == NULL)
        return 0;
    (void)snprintf(path, sizeof path, "%s/data.mdb", editions->active->path);
    return stat(path, &st) == 0 ? (int64_t)st.st_mtime : 0;
}

const char *edition_path(const struct edition *edition)
{
    return edition->path;
}

struct edition *edition_hold(struct editions *editions)
{
    if (editions->active != NULL)
        editions->active->holds++;
    return editions->active;
}

const struct answers *edition_answers(const struct edition *edition)
{
    return edition != NULL ? edition->answers : NULL;
}
