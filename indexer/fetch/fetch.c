#include "indexer/fetch/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "indexer/fetch/finder.h"
#include "indexer/fetch/links.h"
#include "indexer/fetch/shelf.h"

enum {
    PAGE_LOOK = 4096, /* bytes of a file in which a web page shows itself */
    GATES_MAX = 2,    /* licence pages on the way to one file */
    DAY_SECONDS = 24 * 60 * 60
};

struct run {
    const struct fetch_options *options;
    struct fetch_result *out;
    struct courier *courier;
    struct shelf *shelf;
    unsigned licences; /* accepted */
    const char *name;  /* of the file on its way, for the progress line */
    uint64_t shown;
    time_t shown_at;
    struct error first; /* reason of the first refusal */
};

/* One file of a release, on its way. */
struct trip {
    const struct wanted *wanted;
    struct wanted named; /* with the release that an undated file got */
    struct shelf_part part;
    struct courier_answer answer;
    struct checked checked;
    const char *address; /* of the question under way */
    enum fetch_outcome outcome;
    struct error err;
};

/* --- saying -----------------------------------------------------------------
 */

static void show_progress(void *context, uint64_t now, uint64_t total)
{
    struct run *run = context;
    const time_t second = time(NULL);

    if (!run->options->progress || second == run->shown_at)
        return;
    run->shown_at = second;
    if (total > 0)
        (void)fprintf(stderr, "\r\033[K%s  %.1f of %.1f MB", run->name,
            (double)now / 1e6, (double)total / 1e6);
    else
        (void)fprintf(
            stderr, "\r\033[K%s  %.1f MB", run->name, (double)now / 1e6);
}

static void end_progress(const struct run *run)
{
    if (run->options->progress && run->shown_at != 0)
        (void)fputs("\r\033[K", stderr);
}

static const char *outcome_word(enum fetch_outcome outcome)
{
    switch (outcome) {
    case FETCH_NEW:
        return "fetched";
    case FETCH_UNCHANGED:
        return "unchanged";
    case FETCH_REFUSED:
        return "refused";
    case FETCH_LEFT_OUT:
        return "left out";
    case FETCH_PLANNED:
        return "to fetch";
    }
    return "";
}

static void count(struct fetch_result *out, enum fetch_outcome outcome)
{
    out->fetched += outcome == FETCH_NEW;
    out->unchanged += outcome == FETCH_UNCHANGED;
    out->refused += outcome == FETCH_REFUSED;
    out->left_out += outcome == FETCH_LEFT_OUT;
    out->planned += outcome == FETCH_PLANNED;
}

/* Counts, says and keeps what became of a file. below is its path in the
 * folder, or NULL. */
static int tell(struct run *run, const struct wanted *wanted,
    enum fetch_outcome outcome, const char *below, uint64_t bytes,
    const struct error *why, struct error *err)
{
    struct fetch_result *out = run->out;
    struct fetched_file file = {.outcome = outcome};
    struct fetched_file *more =
        realloc(out->file, (out->count + 1) * sizeof *more);

    if (more == NULL)
        return error_memory(err);
    out->file = more;
    wanted_title(file.title, wanted);
    file.name = strdup(wanted->name);
    file.reason = strdup(why != NULL ? why->msg : "");
    if (below == NULL)
        file.path = strdup("");
    else if (asprintf(&file.path, "%s/%s", run->options->releases, below) < 0)
        file.path = NULL;
    if (file.name == NULL || file.reason == NULL || file.path == NULL) {
        free(file.name);
        free(file.reason);
        free(file.path);
        return error_memory(err);
    }
    out->file[out->count++] = file;
    count(out, outcome);
    out->bytes += outcome == FETCH_NEW ? bytes : 0;
    if (outcome == FETCH_REFUSED && run->first.code == 0)
        (void)error_set(&run->first, ERR_INPUT, 0, "%s: %s", wanted->name,
            why != NULL ? why->msg : "");
    end_progress(run);
    if (run->options->report == NULL)
        return 0;
    (void)fprintf(run->options->report, "%-9s  %s  %s", outcome_word(outcome),
        file.title, file.name);
    if (bytes > 0)
        (void)fprintf(run->options->report, "  %.1f MB", (double)bytes / 1e6);
    if (why != NULL && why->msg[0] != '\0')
        (void)fprintf(run->options->report, ": %s", why->msg);
    (void)fputc('\n', run->options->report);
    (void)fflush(run->options->report);
    return 0;
}

/* --- licences ---------------------------------------------------------------
 */

static unsigned licences_of(const struct wanted *wanted)
{
    return wanted->place->licences |
           (address_asks_licence(wanted->address) ? LICENCE_AMA : 0);
}

/* What is accepted: before, by option, or now by whoever sits there. */
static int settle_licences(
    struct run *run, const struct findings *found, struct error *err)
{
    const struct fetch_options *options = run->options;
    unsigned needed = 0;
    char question[512];

    run->licences = shelf_licences(run->shelf);
    for (size_t i = 0; i < found->count; i++)
        needed |= licences_of(&found->item[i]);
    needed &= ~run->licences;
    if (needed == 0)
        return 0;
    if (!options->accept_licence) {
        (void)snprintf(question, sizeof question,
            "Some of these files hold texts and codes of %s. The publisher "
            "gives them out to whoever accepts their terms of use, which stand "
            "at https://www.cms.gov/license/ama and before the downloads of "
            "the coverage database. Have you read these terms, and do you "
            "accept them?",
            licences_text(needed));
        if (options->dry_run || options->ask == NULL ||
            !options->ask(options->ask_context, question))
            return 0;
    }
    run->licences |= needed;
    if (options->report != NULL && !options->dry_run)
        (void)fprintf(options->report,
            "accepted   the terms of %s; remembered in %s\n",
            licences_text(needed), options->releases);
    return shelf_accept(run->shelf, needed, err);
}

/* --- one file ---------------------------------------------------------------
 */

static void on_begin(void *context, const struct courier_answer *answer)
{
    struct trip *trip = context;

    if (answer->status == 200)
        shelf_part_tag(&trip->part, trip->address, answer);
}

static uint64_t part_len(const struct shelf_part *part)
{
    struct stat st;

    return fstat(part->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static bool part_is_page(const struct shelf_part *part)
{
    char head[PAGE_LOOK];
    const ssize_t n = pread(part->fd, head, sizeof head, 0);

    return n > 0 && check_is_page(head, (size_t)n);
}

/* The bytes of one address into the part, as often as each try brings some. */
static int download(struct run *run, struct trip *trip,
    const struct courier_question *asked, struct error *err)
{
    struct courier_question question = *asked;
    bool again = false;
    int rc = 0;

    trip->address = question.address;
    for (int tries = 0; tries < FETCH_TRIES; tries++) {
        uint64_t len;

        question.from = trip->part.len;
        question.if_range = trip->part.tag;
        if (question.from > 0)
            question.etag = question.modified = NULL;
        rc = courier_file(run->courier, &question, trip->part.fd, on_begin,
            trip, &trip->answer, &again, err);
        len = part_len(&trip->part);
        if (rc == 0 && trip->answer.status == 416) {
            /* All of it is there already, or it is another file now. */
            if (trip->answer.total == len && len > 0) {
                trip->answer.status = 206;
                return 0;
            }
            if (ftruncate(trip->part.fd, 0) != 0)
                return error_set(err, ERR_SYSTEM, errno, "%s", strerror(errno));
            trip->part.len = 0;
            continue;
        }
        if (rc == 0 || !again || len <= trip->part.len)
            return rc;
        /* Without a tag, or for what is no file, from its beginning. */
        trip->part.len =
            trip->part.tag[0] != '\0' && !part_is_page(&trip->part) ? len : 0;
    }
    return rc != 0 ? rc
                   : error_set(err, ERR_INPUT, 0,
                         "the server does not know its own length of the file");
}

/* The address that a licence page gives the file out at: its button, or else a
 * link to the very name. */
static int read_gate(
    const struct trip *trip, char out[ADDRESS_MAX], struct error *err)
{
    struct buffer page = {.max = COURIER_PAGE_MAX};
    struct links links = {.count = 0};
    char subject[ADDRESS_MAX], name[FILE_NAME_MAX + 1];
    const uint64_t len = part_len(&trip->part);
    int rc = ERR_NOTFOUND, read;

    if (len >= COURIER_PAGE_MAX || !buffer_reserve(&page, (size_t)len) ||
        pread(trip->part.fd, page.data, (size_t)len, 0) != (ssize_t)len) {
        buffer_clear(&page);
        return ERR_NOTFOUND;
    }
    read = links_read(&links, page.data, (size_t)len, err);
    for (int kind = LINK_ACCEPT; kind >= LINK_ANCHOR && read == 0; kind--)
        for (size_t i = 0; i < links.count && rc != 0; i++) {
            const struct link *link = &links.item[i];

            if ((int)link->kind != kind ||
                address_join(out, trip->answer.address,
                    link_address(&links, link), NULL) != 0 ||
                address_asks_licence(out) ||
                address_downgrades(trip->answer.address, out) ||
                !address_same_site(trip->answer.address, out))
                continue;
            if (kind == LINK_ACCEPT ||
                (address_subject(subject, out, NULL) == 0 &&
                    address_file_name(name, subject, NULL) == 0 &&
                    strcmp(name, trip->wanted->name) == 0))
                rc = 0;
        }
    links_clear(&links);
    buffer_clear(&page);
    return read != 0 ? read : rc;
}

static int no_file(const struct run *run, const struct trip *trip,
    const char *what, struct error *err)
{
    return error_set(err, ERR_INPUT, 0,
        "%s; open %.300s in a browser (accept the licence there if it asks), "
        "and "
        "put the file into %.100s",
        what, trip->wanted->address, run->options->releases);
}

/* Begins anew with the next address. */
static int empty_part(struct trip *trip, struct error *err)
{
    trip->part.len = 0;
    trip->part.tag[0] = '\0';
    return ftruncate(trip->part.fd, 0) == 0
               ? 0
               : error_set(err, ERR_SYSTEM, errno, "%s", strerror(errno));
}

/* From the link to the file, through a licence page if it stands in the way and
 * was accepted. */
static int reach(struct run *run, struct trip *trip,
    const struct kept_file *known, struct error *err)
{
    struct courier_question question = {.address = trip->wanted->address,
        .referer = *trip->wanted->page != '\0' ? trip->wanted->page : NULL};
    char gate[ADDRESS_MAX], next[ADDRESS_MAX] = "";
    int rc;

    for (int gates = 0;; gates++) {
        /* A licence page has a day of its own, which says nothing. */
        if (known != NULL && !address_asks_licence(question.address)) {
            question.etag = known->etag;
            question.modified = known->modified;
        }
        rc = download(run, trip, &question, err);
        if (rc != 0)
            return rc;
        if (trip->answer.status == 404 && gates > 0 &&
            strchr(next, '?') != NULL) {
            /* Older files are not given out with the button's words. */
            *strchr(next, '?') = '\0';
            rc = download(run, trip, &question, err);
            if (rc != 0)
                return rc;
        }
        if ((trip->answer.status != 200 && trip->answer.status != 206) ||
            !part_is_page(&trip->part))
            return 0;
        if (gates == GATES_MAX || (run->licences & LICENCE_AMA) == 0 ||
            (rc = read_gate(trip, next, err)) == ERR_NOTFOUND)
            return no_file(
                run, trip, "a web page came instead of the file", err);
        if (rc != 0 || (rc = empty_part(trip, err)) != 0)
            return rc;
        memcpy(gate, trip->answer.address, sizeof gate);
        question = (struct courier_question){.address = next, .referer = gate};
    }
}

static int check_part(
    const struct run *run, struct trip *trip, struct error *err)
{
    int rc;

    if (trip->answer.ranges && trip->answer.total > 0 &&
        trip->answer.total != part_len(&trip->part))
        return error_set(err, ERR_INPUT, 0, "%llu bytes came of %llu",
            (unsigned long long)part_len(&trip->part),
            (unsigned long long)trip->answer.total);
    rc = check_file(&trip->checked, trip->part.fd, trip->wanted->name, err);
    if (rc == ERR_INPUT) {
        char what[ERROR_MESSAGE_MAX / 2];

        (void)snprintf(
            what, sizeof what, "%.200s", err != NULL ? err->msg : "damaged");
        rc = no_file(run, trip, what, err);
    }
    return rc;
}

/* The release of a file that is always the newest: the day of its change. */
static void date_undated(struct trip *trip)
{
    const time_t changed = curl_getdate(trip->answer.modified, NULL);
    day_t day = day_today();

    if (trip->wanted->release.from != DAY_UNKNOWN ||
        trip->named.release.label[0] != '\0')
        return;
    if (changed > 0)
        day = (day_t)(changed / DAY_SECONDS);
    (void)day_format(trip->named.release.label, day);
}

/* Brings one file to its part, whole and checked, or finds that it is
 * unchanged. An error of *err stops the run; one of trip->err is this file's.
 */
static int travel(struct run *run, struct trip *trip, struct error *err)
{
    const struct wanted *wanted = trip->wanted;
    const struct kept_file *record =
        shelf_find(run->shelf, wanted->place->source, wanted->place->set,
            wanted->release.from, wanted->name);
    struct kept_file known = {.name = NULL};
    const bool there = record != NULL && shelf_has(run->shelf, record);
    int rc = shelf_part_open(
        &trip->part, run->shelf, wanted->name, wanted->address, err);

    if (rc != 0)
        return rc;
    if (record != NULL)
        known = *record;
    run->name = wanted->name;
    rc = reach(run, trip,
        there && strcmp(known.address, wanted->address) == 0 ? &known : NULL,
        &trip->err);
    if (rc == 0 && trip->answer.status == 304 && there) {
        trip->outcome = FETCH_UNCHANGED;
        return 0;
    }
    if (rc == 0 && trip->answer.status == 404 && run->options->from != NULL &&
        *wanted->page == '\0') {
        (void)error_set(&trip->err, ERR_NOTFOUND, 0, "not on the mirror");
        trip->outcome = FETCH_LEFT_OUT;
        return 0;
    }
    if (rc == 0 && trip->answer.status != 200 && trip->answer.status != 206)
        rc = error_set(&trip->err, ERR_INPUT, 0,
            "the server answers %ld for %.300s", trip->answer.status,
            trip->answer.address);
    if (rc == 0)
        rc = check_part(run, trip, &trip->err);
    date_undated(trip);
    trip->outcome = rc != 0 ? FETCH_REFUSED : FETCH_NEW;
    if (rc == 0 && there && strcmp(trip->checked.sha256, known.sha256) == 0) {
        trip->outcome = FETCH_UNCHANGED;
        shelf_touch(run->shelf, &known, wanted->address, &trip->answer);
    }
    if (trip->err.cause == EINTR && run->options->stop != NULL &&
        *run->options->stop)
        rc = error_set(err, ERR_SYSTEM, EINTR,
            "stopped; what came so far is kept for the next run");
    else
        rc = 0;
    return rc;
}

/* --- one release ------------------------------------------------------------
 */

/* What broke off may be gone on with; what was refused or cannot be written
 * goes, the latter so that the disk is not left full. */
static bool is_worth_keeping(const struct trip *trip)
{
    return trip->outcome == FETCH_NEW ||
           (trip->outcome == FETCH_REFUSED && trip->err.code == ERR_SYSTEM &&
               (trip->err.cause == 0 || trip->err.cause == EINTR) &&
               trip->part.tag[0] != '\0' && !part_is_page(&trip->part));
}

static int place(struct run *run, struct trip *trip, struct error *err)
{
    const struct wanted *named = &trip->named;
    const struct kept_file file = {.source = named->place->source,
        .set = named->place->set,
        .release = named->release.label,
        .version = named->release.version,
        .from = named->release.from,
        .part = named->release.part,
        .name = named->name,
        .address = named->address,
        .etag = trip->answer.etag,
        .modified = trip->answer.modified,
        .bytes = trip->checked.bytes,
        .sha256 = trip->checked.sha256};

    return shelf_place(run->shelf, &trip->part, &file, err);
}

/* All parts are whole: each gets its place, older versions go. */
static int place_all(
    struct run *run, struct trip *trip, size_t n, struct error *err)
{
    const struct wanted *wanted = trip[0].wanted;
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0; i++)
        if (trip[i].outcome == FETCH_NEW)
            rc = place(run, &trip[i], err);
    if (rc == 0 && wanted->release.from != DAY_UNKNOWN)
        rc = shelf_retire(run->shelf, wanted->place->source, wanted->place->set,
            wanted->release.from, wanted->release.version, err);
    return rc;
}

static int tell_trip(struct run *run, struct trip *trip, struct error *err)
{
    const struct wanted *wanted = trip->wanted;
    const struct kept_file *record =
        shelf_find(run->shelf, wanted->place->source, wanted->place->set,
            wanted->release.from, wanted->name);
    const bool there = record != NULL && shelf_has(run->shelf, record);

    return tell(run, &trip->named, trip->outcome, there ? record->path : NULL,
        trip->outcome == FETCH_NEW ? trip->checked.bytes : 0, &trip->err, err);
}

/* The parts of one release in one version. */
static int fetch_release(
    struct run *run, const struct wanted *wanted, size_t n, struct error *err)
{
    struct trip trip[PLACE_PARTS_MAX];
    size_t done = 0, fresh = 0;
    bool refused = false;
    int rc = 0;

    for (; done < n && rc == 0; done++) {
        trip[done] = (struct trip){.wanted = &wanted[done],
            .named = wanted[done],
            .part = {.fd = -1},
            .outcome = FETCH_REFUSED};
        rc = travel(run, &trip[done], err);
        fresh += trip[done].outcome == FETCH_NEW;
        refused = refused || trip[done].outcome == FETCH_REFUSED;
    }
    if (rc == 0 && !refused && fresh > 0)
        rc = place_all(run, trip, n, err);
    if (rc == 0)
        rc = shelf_save_changes(run->shelf, err);
    for (size_t i = 0; i < done; i++) {
        if (refused && trip[i].outcome == FETCH_NEW) {
            trip[i].outcome = FETCH_REFUSED;
            (void)error_set(&trip[i].err, ERR_SYSTEM, 0,
                "whole, but another part of the release is not; kept for the "
                "next run");
        }
        if (rc == 0)
            rc = tell_trip(run, &trip[i], err);
        shelf_part_close(&trip[i].part, is_worth_keeping(&trip[i]));
    }
    return rc;
}

static int leave_out(struct run *run, const struct wanted *wanted, size_t n,
    unsigned missing, struct error *err)
{
    struct error why = {0};
    int rc = 0;

    (void)error_set(&why, ERR_INPUT, 0,
        "behind the licence of %s; --accept-ama-license fetches it once you "
        "have read and accepted the terms (%.200s)",
        licences_text(missing), wanted->address);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = tell(run, &wanted[i],
            run->options->source_count > 0 ? FETCH_REFUSED : FETCH_LEFT_OUT,
            NULL, 0, &why, err);
    return rc;
}

static int plan_release(
    struct run *run, const struct wanted *wanted, size_t n, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0; i++) {
        const struct kept_file *record =
            shelf_find(run->shelf, wanted[i].place->source,
                wanted[i].place->set, wanted[i].release.from, wanted[i].name);
        const bool there = record != NULL && shelf_has(run->shelf, record);
        struct error where = {0};

        (void)error_set(&where, 0, 0, "%s%.300s",
            there ? "there, but ask whether it has changed: " : "",
            wanted[i].address);
        rc = tell(run, &wanted[i], there ? FETCH_UNCHANGED : FETCH_PLANNED,
            there ? record->path : NULL, 0, &where, err);
    }
    return rc;
}

/* --- the run ----------------------------------------------------------------
 */

static int fetch_all(
    struct run *run, const struct findings *found, struct error *err)
{
    int rc = settle_licences(run, found, err);

    for (size_t i = 0, n; i < found->count && rc == 0; i += n) {
        const struct wanted *wanted = &found->item[i];
        unsigned missing = licences_of(wanted) & ~run->licences;

        for (n = 1; i + n < found->count && n < PLACE_PARTS_MAX &&
                    wanted_together(wanted, &wanted[n]);
             n++)
            missing |= licences_of(&wanted[n]) & ~run->licences;
        if (missing != 0)
            rc = leave_out(run, wanted, n, missing, err);
        else if (run->options->dry_run)
            rc = plan_release(run, wanted, n, err);
        else
            rc = fetch_release(run, wanted, n, err);
    }
    return rc;
}

static int find_and_fetch(
    struct run *run, const struct places *places, struct error *err)
{
    const struct fetch_options *options = run->options;
    const day_t today = options->today != 0 ? options->today : day_today();
    const struct finder_options finder = {.from = options->from,
        .sources = options->sources,
        .source_count = options->source_count,
        .today = today,
        .since = options->since != 0 ? options->since : today,
        .report = options->report};
    struct findings found;
    int rc = finder_run(&found, run->courier, places, &finder, err);

    if (rc != 0)
        return rc;
    run->out->problems = found.problems;
    if (found.problems > 0)
        run->first = found.first;
    rc = fetch_all(run, &found, err);
    if (rc == 0 && !options->dry_run && options->source_count == 0 &&
        found.problems == 0 && run->out->refused == 0)
        shelf_sweep(run->shelf);
    findings_clear(&found);
    return rc;
}

static int sum_up(const struct run *run, struct error *err)
{
    const struct fetch_result *out = run->out;
    const size_t wrong = out->refused + out->problems;

    if (run->options->report != NULL)
        (void)fprintf(run->options->report,
            "%zu %s, %zu %s, %zu refused, %zu left out, %zu not found; %zu "
            "requests\n",
            run->options->dry_run ? out->planned : out->fetched,
            run->options->dry_run ? "to fetch" : "fetched", out->unchanged,
            run->options->dry_run ? "there" : "unchanged", out->refused,
            out->left_out, out->problems, out->requests);
    if (wrong == 0)
        return 0;
    return error_set(err, ERR_INPUT, 0,
        "%zu could not be fetched, %zu are there; the first: %s", wrong,
        out->fetched + out->unchanged, run->first.msg);
}

int fetch_run(struct fetch_result *out, const struct fetch_options *options,
    struct error *err)
{
    struct run run = {.options = options, .out = out};
    const struct courier_options asking = {
        .stall_seconds = options->stall_seconds,
        .file_max = options->file_max,
        .stop = options->stop,
        .progress = show_progress,
        .context = &run};
    struct places *places = NULL;
    int rc;

    *out = (struct fetch_result){.count = 0};
    if ((rc = places_open(&places, err)) == 0 &&
        (rc = courier_open(&run.courier, &asking, err)) == 0 &&
        (rc = shelf_open(
             &run.shelf, options->releases, options->dry_run, err)) == 0)
        rc = find_and_fetch(&run, places, err);
    end_progress(&run);
    if (run.courier != NULL)
        out->requests = courier_requests(run.courier);
    if (rc == 0)
        rc = sum_up(&run, err);
    shelf_close(run.shelf);
    courier_close(run.courier);
    places_close(places);
    return rc;
}

void fetch_result_clear(struct fetch_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        free(result->file[i].name);
        free(result->file[i].path);
        free(result->file[i].reason);
    }
    free(result->file);
    *result = (struct fetch_result){.count = 0};
}
