/* snapshot.h - the builds a worker has open.
 *
 * One build is active and answers new requests; others stay open only for
 * answers that began on them and still go on. */
#ifndef SERVER_SNAPSHOT_H
#define SERVER_SNAPSHOT_H
#include <stdbool.h>
#include "codesets/core/error.h"
#include "codesets/store/store.h"

struct snapshot;  /* one open build, counted */
struct snapshots; /* those of one worker */

int snapshots_new(struct snapshots **out, const char *dir, struct error *err);
/* Nothing may be held any more. NULL is fine. */
void snapshots_free(struct snapshots *snapshots);

/* Looks where `current` points and opens that build if it is not the active
 * one. Returns 1 when it switched, 0 when nothing changed, or an error; then
 * the old build stays active. An error is returned once: the same build is
 * tried again only when it was elsewhere meanwhile, or with retry. */
int snapshots_refresh(
    struct snapshots *snapshots, bool retry, struct error *err);

/* Takes a hold of the active build; NULL when there is none. */
struct snapshot *snapshot_hold(struct snapshots *snapshots);
void snapshot_release(struct snapshots *snapshots, struct snapshot *snapshot);

/* The store of a snapshot, NULL for NULL. */
const struct store *snapshot_store(const struct snapshot *snapshot);

#endif
