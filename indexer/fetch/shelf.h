/* shelf.h - the folder in which the originals are kept.
 *
 *   DIR/<source>/<release>/<name>      an original, whole and checked
 *   DIR/.fetch/.coderef.lock           held by the one fetch that is at work
 *   DIR/.fetch/fetched.json            what was fetched, from where, when
 *   DIR/.fetch/part/<name>             a download that is not at its end
 *   DIR/.fetch/part/<name>.from        its address and its tag, a line each
 *   DIR/.fetch/replaced/<source>/…     what a file of the same release replaced
 *
 * DIR can be given to a build as it is: the lock marks .fetch as a folder that
 * is no release. Nothing ever has a final name before it is whole, checked and
 * synced; the list is written beside itself and renamed. */
#ifndef INDEXER_FETCH_SHELF_H
#define INDEXER_FETCH_SHELF_H
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"
#include "indexer/fetch/check.h"
#include "indexer/fetch/courier.h"

enum { SHELF_FILES_MAX = 20000, SHELF_PATH_MAX = PATH_MAX };

/* One file that was fetched. Strings live as long as the shelf. */
struct kept_file {
    const char *source, *set, *release, *version;
    int from; /* first day of its release, DAY_UNKNOWN when it has none */
    int part;
    const char *name;
    const char *path; /* below DIR: "ptp/2026q4/x.zip" */
    const char *address, *etag, *modified;
    const char *fetched; /* YYYY-MM-DDTHH:MM:SSZ */
    uint64_t bytes;
    const char *sha256;
};

struct shelf;

/* Makes the folder if need be and takes its lock. A dry run writes nothing,
 * needs no lock, and a folder that is not there is an empty one. Returns 0;
 * ERR_SYSTEM when another fetch is at work or the folder cannot be written;
 * ERR_INPUT when its list cannot be read. */
int shelf_open(
    struct shelf **out, const char *folder, bool dry_run, struct error *err);
void shelf_close(struct shelf *shelf); /* NULL is fine; gives the lock back */

/* The licences that were accepted (bits of enum licence), and to remember more.
 */
unsigned shelf_licences(const struct shelf *shelf);
int shelf_accept(struct shelf *shelf, unsigned licences, struct error *err);

/* What was last fetched as this file, whether or not it is still there. */
const struct kept_file *shelf_find(const struct shelf *shelf,
    const char *source, const char *set, int from, const char *name);
/* True when the file of a record lies there in its size. */
bool shelf_has(const struct shelf *shelf, const struct kept_file *file);

/* A download that is not at its end. */
struct shelf_part {
    int fd;
    uint64_t len;              /* bytes that are there already */
    char tag[COURIER_TAG_MAX]; /* to go on from there; "" when one cannot */
    char path[SHELF_PATH_MAX];
};
/* Opens the part of an address, begun earlier or new. */
int shelf_part_open(struct shelf_part *out, struct shelf *shelf,
    const char *name, const char *address, struct error *err);
/* Before its first byte is written: how to go on should it break off. Only a
 * strong ETag will do, or else the day of the last change. */
void shelf_part_tag(struct shelf_part *part, const char *address,
    const struct courier_answer *answer);
/* Keeps the part for a later run, or drops it. */
void shelf_part_close(struct shelf_part *part, bool keep);

/* Gives a whole, checked part its place; path and fetched of *file are filled
 * in here. What lay there goes to `replaced`. On failure the part is still
 * open. */
int shelf_place(struct shelf *shelf, struct shelf_part *part,
    const struct kept_file *file, struct error *err);
/* Takes away what another version of the same release has left. */
int shelf_retire(struct shelf *shelf, const char *source, const char *set,
    int from, const char *version, struct error *err);
/* The same file was met again, elsewhere or under another tag. */
void shelf_touch(struct shelf *shelf, const struct kept_file *file,
    const char *address, const struct courier_answer *answer);
/* Writes the list, when something in it has changed. */
int shelf_save_changes(struct shelf *shelf, struct error *err);

/* Parts that nobody will ask for any more. */
void shelf_sweep(struct shelf *shelf);

#endif
