/* alarms.h - what looks wrong in a new build beside the active one.
 *
 * Read out of the two manifests: nothing of a table's content is compared here.
 *
 *   refuses    table_gone     a table of the active build is not in the new one
 *              release_back   its newest release is older than the active one's
 *              rows_fewer     its newest release has fewer than 85% of the rows
 *              license_lost   licensed texts were kept, and would be dropped
 *              unreadable     the active build's manifest: nothing to compare
 *                             with
 *   warns      rows_more      more than 115% of the rows
 *              release_gone   an older release is not there any more: its days
 *                             are answered "unknown"
 *              list_gone      a list of the coverage database is not there
 *              refused_more   many more rows of a table were refused
 *              not_recognised files that no reader knows, and were not there
 *              incomplete     files that are damaged or plainly partial, and
 *                             were let in by --allow-partial
 *
 * What takes answers away refuses, unless the administrator says --force; what
 * may well be the publisher's growth only warns. */
#ifndef INDEXER_REFRESH_ALARMS_H
#define INDEXER_REFRESH_ALARMS_H
#include <stdbool.h>
#include <stddef.h>
#include "codesets/core/error.h"

enum {
    ALARMS_MAX = 128,
    ALARM_ROWS_PERCENT = 15, /* rows of a release beside the one before */
    ALARM_REFUSED_TIMES = 2  /* refused rows of a table, and then some */
};

enum alarm_kind {
    ALARM_TABLE_GONE,
    ALARM_RELEASE_BACK,
    ALARM_ROWS_FEWER,
    ALARM_LICENSE_LOST,
    ALARM_UNREADABLE,
    ALARM_REFUSING, /* those above refuse */
    ALARM_ROWS_MORE = ALARM_REFUSING,
    ALARM_RELEASE_GONE,
    ALARM_LIST_GONE,
    ALARM_REFUSED_MORE,
    ALARM_NOT_RECOGNISED,
    ALARM_INCOMPLETE,
    ALARM_KINDS
};
const char *alarm_kind_name(enum alarm_kind kind);

struct alarm {
    enum alarm_kind kind;
    char text[240];
};

struct alarms {
    size_t count, refusing;
    struct alarm item[ALARMS_MAX]; /* the refusing ones stand where they are */
    size_t more;                   /* for which there was no room */
};

/* before is the folder of the active build, NULL when there is none. Returns 0,
 * ERR_CORRUPT when the new build has no manifest, or ERR_SYSTEM. */
int alarms_find(struct alarms *out, const char *before, const char *after,
    struct error *err);

#endif
