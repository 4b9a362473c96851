/* editions.h - the builds a worker has open.
 *
 * One build is active and answers new requests; others stay open only for
 * answers that began on them and still go on. */
#ifndef SERVER_EDITIONS_H
#define SERVER_EDITIONS_H
#include <stdbool.h>
#include "codesets/answer/answer.h"
#include "codesets/core/error.h"

struct edition;  /* one open build, counted */
struct editions; /* those of one worker */

int editions_new(struct editions **out, const char *dir, struct error *err);
/* A build at this path was checked already: its checksum is not asked again. */
void editions_trust(struct editions *editions, const char *path);
/* They are for who holds no licence: a build with licensed text is refused. */
void editions_unlicensed(struct editions *editions);
/* Is a build fit for that? Returns 0 or ERR_INPUT. */
int editions_check_unlicensed(
    const struct store *store, const char *path, struct error *err);
/* Nothing may be held any more. NULL is fine. */
void editions_free(struct editions *editions);

/* Looks where `current` points and opens that build if it is not the active
 * one. Returns 1 when it switched, 0 when nothing changed or the build must be
 * checked first, or an error; then the old build stays active. An error is
 * returned once: the same build is tried again only when it was elsewhere
 * meanwhile, or with retry. */
int editions_refresh(struct editions *editions, bool retry, struct error *err);

/* A build's checksum takes as long as some hundred answers; while another is
 * active it is made in steps, between which the caller answers. While
 * editions_checking(), editions_go_on() does one and returns as
 * editions_refresh(). */
bool editions_checking(const struct editions *editions);
int editions_go_on(struct editions *editions, struct error *err);

/* Opens a build that is not `current`, when none is open. */
int editions_fall_back(
    struct editions *editions, const char *path, struct error *err);
/* Why `current` is not what is answered from; NULL when it is. */
const char *editions_refused(const struct editions *editions);

/* When the file of the active build was written, seconds since 1970; 0: there
 * is none. */
int64_t editions_written(const struct editions *editions);

/* Takes a hold of the active build; NULL when there is none. */
struct edition *edition_hold(struct editions *editions);
void edition_release(struct editions *editions, struct edition *edition);

/* The folder of a build. */
const char *edition_path(const struct edition *edition);

/* What answers questions out of an edition, NULL for NULL. */
const struct answers *edition_answers(const struct edition *edition);

#endif
