#include "indexer/refresh/refresh.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "codesets/answer/changes/change_report.h"
#include "codesets/store/checksum.h"
#include "indexer/builds/store_folder.h"
#include "indexer/builds/verify.h"
#include "indexer/codes_file.h"
#include "indexer/refresh/keep.h"

enum { RETRY_MS = 100 };

const char *refresh_outcome_name(enum refresh_outcome outcome)
{
    static const char *const names[REFRESH_OUTCOMES] = {"failed", "nothing_new",
        "taken_back", "dry_run", "refused", "made", "activated"};

    return (unsigned)outcome < REFRESH_OUTCOMES ? names[outcome] : "";
}

static void asked_clear(struct asked *asked)
{
    expectations_clear(&asked->list);
    free(asked->result);
    *asked = (struct asked){0};
}

void refresh_clear(struct refresh *refresh)
{
    inputs_clear(&refresh->inputs);
    asked_clear(&refresh->probes);
    asked_clear(&refresh->expectations);
    free(refresh->table);
    free(refresh->changes);
    free(refresh->replay);
    free(refresh->replay_text);
    free(refresh->changes_text);
    free(refresh->impact_text);
    compare_codes_free(refresh->codes);
    store_close(refresh->store[BEFORE]);
    store_close(refresh->store[AFTER]);
    *refresh = (struct refresh){0};
}

static const char *store_of(const struct refresh *r)
{
    return r->options->build.store;
}

static void progress(const struct refresh *r, const char *what)
{
    if (r->options->build.collect.progress)
        (void)fprintf(stderr, "\r\033[K%s", what);
}

static bool stopped(const struct refresh *r, struct error *err)
{
    const volatile int *stop = r->options->build.collect.stop;

    if (stop == NULL || !*stop)
        return false;
    (void)error_set(err, ERR_SYSTEM, 0,
        r->after[0] != '\0' ? "stopped; the new build is made, not activated"
                            : "stopped; the store is as it was");
    return true;
}

/* The id of the active build, "" when there is none. */
static void read_active(char id[BUILD_ID_LEN + 1], const char *store)
{
    char path[BUILD_PATH_MAX];

    id[0] = '\0';
    if (builds_current(path, store, NULL) == 0)
        (void)snprintf(id, BUILD_ID_LEN + 1, "%s", strrchr(path, '/') + 1);
}

static int build_folder(char out[BUILD_PATH_MAX], const struct refresh *r,
    const char *id, struct error *err)
{
    if (snprintf(out, BUILD_PATH_MAX, "%s/builds/%s", store_of(r), id) >=
        BUILD_PATH_MAX)
        return error_set(
            err, ERR_INPUT, 0, "%.80s…: path too long", store_of(r));
    return 0;
}

/* --- lists of expectations --------------------------------------------------
 */

static int read_lists(struct refresh *r, struct error *err)
{
    const struct expectations *own = &r->expectations.list;
    int rc = expectations_read_probes(&r->probes.list, err);

    if (rc == 0 && r->options->codes != NULL)
        rc = codes_file_read(&r->codes, r->options->codes, err);
    if (rc == 0 && r->options->log != NULL)
        rc = replay_check(r->options->log, err);
    if (rc != 0 || r->options->expectations == NULL)
        return rc;
    rc = expectations_read_file(
        &r->expectations.list, r->options->expectations, err);
    if (rc != 0 || own->bad_count == 0 || r->options->force)
        return rc;
    return error_set(err, ERR_INPUT, 0,
        "%s: %zu lines cannot be read, the first is row %u: %s", own->name,
        own->bad_count, own->bad[0].row, own->bad[0].reason);
}

static int ask_list(
    struct asked *asked, const struct answers *answers, struct error *err)
{
    const size_t count = asked->list.count;
    int rc = 0;

    asked->result = calloc(count > 0 ? count : 1, sizeof *asked->result);
    if (asked->result == NULL)
        return error_memory(err);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = expectation_ask(
            &asked->result[i], answers, &asked->list.item[i], err);
        asked->outcomes[asked->result[i].outcome]++;
    }
    return rc;
}

static size_t unmet(const struct asked *asked)
{
    size_t held = asked->outcomes[EXPECT_HELD];

    return asked->result == NULL ? 0 : asked->list.count - held;
}

/* Asks a build what is expected of it. */
static int ask_build(struct refresh *r, const struct store *store, bool probes,
    struct error *err)
{
    struct answers *answers = NULL;
    int rc = answers_open(&answers, store, err);

    if (rc == 0 && probes)
        rc = ask_list(&r->probes, answers, err);
    if (rc == 0 && r->options->expectations != NULL)
        rc = ask_list(&r->expectations, answers, err);
    answers_close(answers);
    return rc;
}

/* --- the build --------------------------------------------------------------
 */

static int make_build(struct refresh *r, const char *const *paths, size_t count,
    struct error *err)
{
    struct build_options options = r->options->build;
    struct build_result made;
    struct error why = {0};
    size_t len;
    FILE *table = open_memstream(&r->table, &len);
    int rc;

    if (table == NULL)
        return error_memory(err);
    options.report = table;
    options.no_activate = true;
    rc = build_run(&made, paths, count, &options, err);
    if (fclose(table) != 0 && rc == 0)
        rc = error_memory(err);
    if (rc != 0 || options.dry_run)
        return rc;
    memcpy(r->after, made.id, sizeof r->after);
    r->made = true;
    memcpy(r->inputs.build, made.id, sizeof r->inputs.build);
    /* A note that cannot be written costs the next refresh some seconds. */
    if (inputs_remember(&r->inputs, store_of(r), &why) != 0)
        (void)fprintf(stderr, "coderef-index: %s\n", why.msg);
    return 0;
}

static bool is_there(const char *folder)
{
    char path[BUILD_PATH_MAX];
    struct stat st;

    return snprintf(path, sizeof path, "%s/manifest.json", folder) <
               (int)sizeof path &&
           stat(path, &st) == 0;
}

/* Is there a build of these very files? */
static bool find_build(struct refresh *r, const struct inputs *known)
{
    char folder[BUILD_PATH_MAX];

    if (known->build[0] == '\0' || !inputs_same(&r->inputs, known) ||
        build_folder(folder, r, known->build, NULL) != 0 || !is_there(folder) ||
        !inputs_made(&r->inputs, folder))
        return false;
    memcpy(r->after, known->build, sizeof r->after);
    memcpy(r->inputs.build, known->build, sizeof r->inputs.build);
    return true;
}

/* --- the decision -----------------------------------------------------------
 */

/* One comparison as a text that the report holds. */
static int tell_changes(const struct refresh *r, char **text,
    const struct compare_codes *codes, struct compare_summary *summary,
    struct error *err)
{
    struct change_report report = {
        .question.codes = codes, .most = codes == NULL ? CHANGES_SHOWN : 0};
    size_t len;
    FILE *out = open_memstream(text, &len);
    int rc;

    if (out == NULL)
        return error_memory(err);
    for (int side = 0; side < SIDES; side++)
        report.question.side[side] =
            (struct compare_side){r->store[side], COMPARE_NEWEST};
    rc = change_report_write(out, &report, summary, err);
    if (fclose(out) != 0 && rc == 0)
        rc = error_memory(err);
    return rc;
}

/* An active build that cannot be read, perhaps because the program is newer
 * than it, is no reason to keep it: the report says that nothing was
 * compared. */
static int compare(struct refresh *r, const char *before, struct error *err)
{
    struct error why = {0};
    int rc = store_open(&r->store[BEFORE], before, &why);

    if (rc == ERR_CORRUPT) {
        (void)snprintf(
            r->not_compared, sizeof r->not_compared, "%.199s", why.msg);
        return 0;
    }
    if (rc != 0)
        return error_set(err, rc, why.cause, "%s", why.msg);
    if ((r->changes = calloc(1, sizeof *r->changes)) == NULL)
        return error_memory(err);
    rc = tell_changes(r, &r->changes_text, NULL, r->changes, err);
    if (rc == 0 && r->codes != NULL)
        rc = tell_changes(r, &r->impact_text, r->codes, NULL, err);
    return rc;
}

static int replay(struct refresh *r, struct error *err)
{
    struct replay_options options = {.log = r->options->log,
        .most = REPLAYS_SHOWN,
        .day = day_today(),
        .progress = r->options->build.collect.progress,
        .stop = r->options->build.collect.stop};
    size_t len;
    int rc;

    if ((r->replay = malloc(sizeof *r->replay)) == NULL ||
        (options.out = open_memstream(&r->replay_text, &len)) == NULL)
        return error_memory(err);
    rc =
        replay_run(r->replay, r->store[BEFORE], r->store[AFTER], &options, err);
    if (fclose(options.out) != 0 && rc == 0)
        rc = error_memory(err);
    return rc;
}

static int compare_and_ask(struct refresh *r, struct error *err)
{
    char before[BUILD_PATH_MAX], after[BUILD_PATH_MAX];
    int rc = build_folder(after, r, r->after, err);

    if (rc != 0)
        return rc;
    /* What this refresh has made was checked when it was made. */
    progress(r, "checking the build");
    if (!r->made && (rc = verify_build(after, NULL, err)) != 0)
        return error_prefix(err, rc, "build %s", r->after);
    if (stopped(r, err))
        return ERR_SYSTEM;
    progress(r, "comparing with the active build");
    if ((rc = build_folder(before, r, r->before, err)) != 0 ||
        (rc = alarms_find(&r->alarms, r->before[0] != '\0' ? before : NULL,
             after, err)) != 0 ||
        (rc = store_open(&r->store[AFTER], after, err)) != 0 ||
        (r->before[0] != '\0' && (rc = compare(r, before, err)) != 0))
        return rc;
    if (stopped(r, err))
        return ERR_SYSTEM;
    if (r->options->log != NULL && r->store[BEFORE] != NULL &&
        (rc = replay(r, err)) != 0)
        return rc;
    progress(r, "asking what is expected");
    return ask_build(r, r->store[AFTER], true, err);
}

/* Says what speaks against it, in *err; 0 when nothing speaks against it. */
static int judge(const struct refresh *r, struct error *err)
{
    const size_t failed = unmet(&r->expectations);
    const size_t bad = r->expectations.list.bad_count;
    char text[200];
    size_t len = 0;

    if (failed + bad + r->alarms.refusing == 0)
        return 0;
    text[0] = '\0';
    if (r->alarms.refusing > 0)
        len += (size_t)snprintf(text + len, sizeof text - len, "%zu alarm%s",
            r->alarms.refusing, r->alarms.refusing > 1 ? "s" : "");
    if (failed + bad > 0)
        (void)snprintf(text + len, sizeof text - len,
            "%s%zu expectation%s not met", len > 0 ? ", " : "", failed + bad,
            failed + bad > 1 ? "s" : "");
    return error_set(err, ERR_INPUT, 0, "%s", text);
}

/* Another program may hold the store for a moment: a build by hand, a
 * rollback. */
static int lock_store(const struct refresh *r, int *lock, struct error *err)
{
    int waited = 0, rc;

    while ((rc = folder_lock(store_of(r), lock, err)) != 0 &&
           err->cause == EWOULDBLOCK && waited < ACTIVATE_WAIT_MS) {
        if (stopped(r, err))
            return ERR_SYSTEM;
        (void)poll(NULL, 0, RETRY_MS);
        waited += RETRY_MS;
    }
    return rc;
}

static int activate(const struct refresh *r, struct error *err)
{
    char active[BUILD_ID_LEN + 1], folder[BUILD_PATH_MAX];
    int lock = -1, rc = lock_store(r, &lock, err);

    if (rc != 0)
        return error_prefix(
            err, rc, "build %s is made, not activated", r->after);
    read_active(active, store_of(r));
    if (strcmp(active, r->before) != 0)
        rc = error_set(err, ERR_SYSTEM, 0,
            "build %s is made, not activated: meanwhile %s became the active "
            "one",
            r->after, active[0] != '\0' ? active : "none");
    else if ((rc = build_folder(folder, r, r->after, err)) == 0 &&
             !is_there(folder))
        rc = error_set(err, ERR_SYSTEM, 0,
            "build %s was removed by another program", r->after);
    if (rc == 0)
        rc = folder_activate(store_of(r), r->after, err);
    (void)close(lock);
    return rc;
}

/* The report is written before the switch, so that no build becomes active
 * without one. */
static int settle(struct refresh *r, struct error *err)
{
    struct error why = {0};
    int rc = judge(r, &why);

    progress(r, "");
    if (stopped(r, err))
        return ERR_SYSTEM;
    if (rc != 0 && !r->options->force)
        r->outcome = REFRESH_REFUSED;
    else if (r->options->build.no_activate)
        r->outcome = REFRESH_MADE;
    else
        r->outcome = REFRESH_ACTIVATED;
    (void)snprintf(r->why, sizeof r->why, "%s%.400s%s",
        r->outcome == REFRESH_REFUSED ? "not activated: " : "", why.msg,
        rc != 0 && r->outcome == REFRESH_ACTIVATED ? ", forced" : "");
    if (r->outcome == REFRESH_REFUSED) {
        (void)refresh_report_keep(r, NULL);
        return error_set(err, rc, 0, "%s", r->why);
    }
    if (r->outcome == REFRESH_ACTIVATED)
        memcpy(r->now, r->after, sizeof r->now);
    if ((rc = refresh_report_keep(r, err)) == 0 &&
        r->outcome == REFRESH_ACTIVATED)
        rc = activate(r, err);
    if (rc != 0) {
        r->outcome = REFRESH_FAILED;
        read_active(r->now, store_of(r));
        (void)snprintf(
            r->why, sizeof r->why, "%s", err != NULL ? err->msg : "");
        (void)refresh_report_keep(r, NULL);
    }
    return rc;
}

/* The active build is made of these files, or was and somebody went back. */
static bool to_leave_alone(const struct refresh *r)
{
    return strcmp(r->after, r->before) == 0 ||
           (folder_was_active(store_of(r), r->after) && !r->options->force);
}

/* Are the bytes of the build of these files those that were written? Says so
 * when they are not. */
static bool is_sound(const struct refresh *r)
{
    char folder[BUILD_PATH_MAX];
    struct error err = {0};

    if (build_folder(folder, r, r->after, &err) == 0 &&
        checksum_verify(folder, &err) == 0)
        return true;
    (void)fprintf(stderr, "coderef-index: %s\n", err.msg);
    return false;
}

static int leave_alone(struct refresh *r, struct error *err)
{
    char folder[BUILD_PATH_MAX];
    size_t failed;
    int rc;

    r->outcome = strcmp(r->after, r->before) == 0 ? REFRESH_NOTHING_NEW
                                                  : REFRESH_TAKEN_BACK;
    if (r->options->expectations == NULL || r->outcome == REFRESH_TAKEN_BACK)
        return 0;
    /* The list may be newer than the build. */
    if ((rc = build_folder(folder, r, r->before, err)) != 0 ||
        (rc = store_open(&r->store[AFTER], folder, err)) != 0 ||
        (rc = ask_build(r, r->store[AFTER], false, err)) != 0)
        return rc;
    failed = unmet(&r->expectations) + r->expectations.list.bad_count;
    if (failed == 0)
        return 0;
    rc = error_set(err, ERR_INPUT, 0,
        "nothing new; the active build does not meet %zu expectation%s", failed,
        failed > 1 ? "s" : "");
    (void)snprintf(r->why, sizeof r->why,
        "nothing new, but %zu expectation%s "
        "not met",
        failed, failed > 1 ? "s" : "");
    return rc;
}

/* What killed programs have left, unless another one is at work. */
static void sweep(const struct refresh *r)
{
    int lock = -1;

    keep_sweep(store_of(r));
    if (folder_lock(store_of(r), &lock, NULL) != 0)
        return;
    folder_sweep(store_of(r));
    (void)close(lock);
}

/* What could not be fetched now may be had next time; the rest is gone on
 * with. */
static int fetch(struct refresh *r, struct error *err)
{
    struct error why = {0};
    int rc = r->options->fetch == NULL
                 ? 0
                 : r->options->fetch(r->options->fetch_context, &why);

    if (rc == ERR_INPUT) {
        (void)snprintf(r->not_fetched, sizeof r->not_fetched, "%s", why.msg);
        return 0;
    }
    return rc == 0 ? 0 : error_set(err, rc, why.cause, "%s", why.msg);
}

/* With the refresh's lock held. */
static int run_locked(struct refresh *r, const char *const *paths, size_t count,
    struct error *err)
{
    struct inputs known;
    bool same;
    int rc;

    if (!r->options->build.dry_run)
        sweep(r);
    if ((rc = fetch(r, err)) != 0)
        return rc;
    inputs_remembered(&known, store_of(r));
    progress(r, "looking for new files");
    rc = inputs_look(&r->inputs, paths, count, &r->options->build, &known,
        r->options->check, err);
    if (rc == 0 && r->inputs.count == 0)
        rc = error_set(err, ERR_INPUT, 0, "%s: holds no file", paths[0]);
    r->remembered = known.build[0] != '\0';
    inputs_compare(&r->change, &known, &r->inputs);
    same = rc == 0 && find_build(r, &known);
    inputs_clear(&known);
    progress(r, "");
    if (rc != 0)
        return rc;
    if (same && r->inputs.rehashed > 0 && !r->options->build.dry_run)
        (void)inputs_remember(&r->inputs, store_of(r), NULL);
    if (same && !is_sound(r)) /* it is made again, in its place */
        same = r->options->build.dry_run;
    if (same && to_leave_alone(r))
        return leave_alone(r, err);
    if (!same && (rc = make_build(r, paths, count, err)) != 0)
        return rc;
    if (r->options->build.dry_run) {
        r->outcome = REFRESH_DRY_RUN;
        return 0;
    }
    /* The build may be one that was taken back and then removed. */
    if (to_leave_alone(r))
        return leave_alone(r, err);
    rc = compare_and_ask(r, err);
    return rc != 0 ? rc : settle(r, err);
}

int refresh_run(struct refresh *out, const char *const *paths, size_t count,
    const struct refresh_options *options, struct error *err)
{
    const time_t now = time(NULL);
    const char *store = options->build.store;
    struct error own = {0};
    struct tm utc;
    int lock = -1, rc;

    *out = (struct refresh){.options = options};
    if (err == NULL)
        err = &own;
    (void)gmtime_r(&now, &utc);
    (void)strftime(out->began, sizeof out->began, "%Y-%m-%dT%H:%M:%SZ", &utc);
    if ((rc = read_lists(out, err)) == 0 && !options->build.dry_run &&
        (rc = folder_make(store, err)) == 0)
        rc = folder_lock_refresh(store, &lock, err);
    read_active(out->before, store);
    memcpy(out->now, out->before, sizeof out->now);
    if (rc == 0)
        rc = run_locked(out, paths, count, err);
    if (rc == 0 && out->not_fetched[0] != '\0')
        rc = error_set(err, ERR_INPUT, 0,
            "not everything could be fetched: %.400s", out->not_fetched);
    progress(out, "");
    if (rc != 0 && out->why[0] == '\0')
        (void)snprintf(out->why, sizeof out->why, "%s", err->msg);
    if (lock >= 0)
        (void)close(lock);
    return rc;
}
