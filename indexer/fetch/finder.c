#include "indexer/fetch/finder.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "indexer/fetch/links.h"

enum { LEADS_MAX = 512, LOST_TEXT = 64 };

/* A page still to be read, for one place or for all (place NULL). */
struct lead {
    const struct place *place;
    struct named_release release;
    char *address;
};

struct finder {
    struct courier *courier;
    const struct finder_options *options;
    const struct place *place; /* all of the table */
    size_t places;
    bool chosen[PLACES_MAX]; /* asked for */
    bool seen[PLACES_MAX];   /* its page was read */
    struct findings *out;
    char **visited; /* addresses of pages, owned */
    size_t visits;
    struct error *err;
};

/* --- problems ---------------------------------------------------------------
 */

/* Says what is wrong and goes on. */
static void problem(struct finder *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void problem(struct finder *f, const char *format, ...)
{
    char text[ERROR_MESSAGE_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (f->out->problems++ == 0)
        (void)error_set(&f->out->first, ERR_INPUT, 0, "%s", text);
    if (f->options->report != NULL)
        (void)fprintf(f->options->report, "not found  %s\n", text);
}

/* --- what was found ---------------------------------------------------------
 */

void findings_clear(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        free(findings->item[i].address);
        free(findings->item[i].page);
    }
    free(findings->item);
    *findings = (struct findings){.count = 0};
}

static bool same_kind(const struct place *a, const struct place *b)
{
    return strcmp(a->source, b->source) == 0 && strcmp(a->set, b->set) == 0;
}

static bool is_known(
    const struct finder *f, const struct place *place, const char *name)
{
    for (size_t i = 0; i < f->out->count; i++)
        if (same_kind(f->out->item[i].place, place) &&
            strcmp(f->out->item[i].name, name) == 0)
            return true;
    return false;
}

/* Keeps a link that a place's pattern has found. Of two to one file the first
 * counts. */
static int add(struct finder *f, const struct place *place,
    const struct named_release *release, const char *subject,
    const char *address, const char *page)
{
    struct findings *out = f->out;
    struct wanted wanted = {.place = place, .release = *release};

    if (address_file_name(wanted.name, subject, NULL) != 0 ||
        is_known(f, place, wanted.name) ||
        (release->from != DAY_UNKNOWN &&
            release->from > f->options->today + FINDER_COMING_DAYS))
        return 0;
    if (out->count == FINDER_FILES_MAX)
        return error_set(f->err, ERR_LIMIT, 0,
            "%s: more than %d links to releases", page, FINDER_FILES_MAX);
    if (out->count == out->cap) {
        const size_t cap = out->cap == 0 ? 64 : out->cap * 2;
        struct wanted *item = realloc(out->item, cap * sizeof *item);

        if (item == NULL)
            return error_memory(f->err);
        out->item = item;
        out->cap = cap;
    }
    wanted.address = strdup(address);
    wanted.page = strdup(page);
    if (wanted.address == NULL || wanted.page == NULL) {
        free(wanted.address);
        free(wanted.page);
        return error_memory(f->err);
    }
    out->item[out->count++] = wanted;
    return 0;
}

/* --- pages ------------------------------------------------------------------
 */

/* True the first time that an address is met. */
static int visit(struct finder *f, const char *address)
{
    char **more;

    for (size_t i = 0; i < f->visits; i++)
        if (strcmp(f->visited[i], address) == 0)
            return 0;
    if (f->visits == FINDER_PAGES_MAX)
        return error_set(f->err, ERR_LIMIT, 0,
            "more than %d pages to read for one run", FINDER_PAGES_MAX);
    more = realloc(f->visited, (f->visits + 1) * sizeof *more);
    if (more == NULL)
        return error_memory(f->err);
    f->visited = more;
    more[f->visits] = strdup(address);
    if (more[f->visits] == NULL)
        return error_memory(f->err);
    f->visits++;
    return 1;
}

/* What the page at `address` links to. *status is 0 when it could not be had,
 * with the reason in *why; then *links is empty. */
static int load(struct finder *f, const char *address, struct links *links,
    char base[ADDRESS_MAX], long *status, struct error *why)
{
    char asked[ADDRESS_MAX];
    struct courier_answer answer;
    struct buffer body = {0};
    int rc = f->options->from != NULL
                 ? address_move(asked, address, f->options->from, f->err)
                 : address_join(asked, address, address, f->err);

    *links = (struct links){.count = 0};
    *status = 0;
    if (rc != 0)
        return rc;
    rc = courier_page(f->courier, asked, &body, &answer, why);
    if (rc == 0) {
        *status = answer.status;
        /* On a mirror links mean what they mean at the publisher's. */
        (void)snprintf(base, ADDRESS_MAX, "%s",
            f->options->from != NULL &&
                    !address_below(address, f->options->from)
                ? address
                : answer.address);
        if (answer.status == 200)
            rc = links_read(
                links, body.data != NULL ? body.data : "", body.len, f->err);
        else
            (void)error_set(
                why, ERR_INPUT, 0, "the server answers %ld", answer.status);
    } else if (why->cause == EINTR) {
        if (f->err != NULL)
            *f->err = *why;
    } else {
        rc = 0;
    }
    buffer_clear(&body);
    if (rc == 0 && links->base != 0) {
        char told[ADDRESS_MAX];

        if (address_join(told, base, links->bytes.data + links->base, NULL) ==
            0)
            memcpy(base, told, sizeof told);
    }
    return rc;
}

/* A link that would leave the encryption is asked for within it. */
static void encrypt(char address[ADDRESS_MAX], const char *base)
{
    const size_t len = strlen(address);

    if (address_downgrades(base, address) && len + 1 < ADDRESS_MAX) {
        memmove(address + 5, address + 4, len - 3);
        address[4] = 's';
    }
}

/* The address that a link means, and what patterns look at; false for one that
 * leads to another publisher, or nowhere. */
static bool follow(const struct finder *f, const char *base,
    const struct links *links, const struct link *link,
    char address[ADDRESS_MAX], char subject[ADDRESS_MAX])
{
    if (link->kind != LINK_ANCHOR ||
        address_join(address, base, link_address(links, link), NULL) != 0)
        return false;
    encrypt(address, base);
    return (address_same_site(base, address) ||
               (f->options->from != NULL &&
                   address_below(address, f->options->from))) &&
           address_subject(subject, address, NULL) == 0;
}

/* The address to ask for what stands at `address`. */
static int moved(
    const struct finder *f, char out[ADDRESS_MAX], const char *address)
{
    return f->options->from != NULL
               ? address_move(out, address, f->options->from, f->err)
               : address_join(out, address, address, f->err);
}

static int add_if_file(struct finder *f, const struct place *place,
    const char *address, const char *subject, const char *words,
    const char *page)
{
    struct named_release release;
    char asked[ADDRESS_MAX];

    if (!pattern_find(place->file, subject, &release) ||
        (place->text != NULL && !pattern_find(place->text, words, NULL)))
        return 0;
    return moved(f, asked, address) != 0
               ? ERR_INPUT
               : add(f, place, &release, subject, asked, page);
}

/* --- further pages ----------------------------------------------------------
 */

struct leads {
    struct lead item[LEADS_MAX];
    size_t count;
};

static void leads_clear(struct leads *leads)
{
    for (size_t i = 0; i < leads->count; i++)
        free(leads->item[i].address);
    leads->count = 0;
}

/* Pages of the releases in force or coming are kept; older ones need not be
 * asked for. */
static bool is_old(
    const struct leads *leads, const struct lead *lead, day_t since)
{
    day_t newest = DAY_UNKNOWN;

    for (size_t i = 0; i < leads->count; i++)
        if (leads->item[i].place == lead->place &&
            leads->item[i].release.from <= since &&
            leads->item[i].release.from > newest)
            newest = leads->item[i].release.from;
    return lead->release.from < newest;
}

static int add_lead(struct finder *f, struct leads *leads,
    const struct place *place, const struct named_release *release,
    const char *address)
{
    struct lead *lead = &leads->item[leads->count];

    for (size_t i = 0; i < leads->count; i++)
        if (leads->item[i].place == place &&
            strcmp(leads->item[i].address, address) == 0)
            return 0;
    if (leads->count == LEADS_MAX)
        return error_set(f->err, ERR_LIMIT, 0, "%s: more than %d further pages",
            place->page, LEADS_MAX);
    *lead = (struct lead){
        .place = place, .release = *release, .address = strdup(address)};
    if (lead->address == NULL)
        return error_memory(f->err);
    leads->count++;
    return 0;
}

/* Reads one page: for the place `only`, or for all that begin at `page`. */
static int read_page(struct finder *f, const char *page,
    const struct place *only, const char *address, int depth, struct error *why,
    long *status)
{
    struct links links;
    struct leads *leads = calloc(1, sizeof *leads);
    char base[ADDRESS_MAX] = "", to[ADDRESS_MAX], subject[ADDRESS_MAX];
    struct named_release release;
    int rc;

    if (leads == NULL)
        return error_memory(f->err);
    rc = load(f, address, &links, base, status, why);
    for (size_t i = 0; i < links.count && rc == 0; i++) {
        if (!follow(f, base, &links, &links.item[i], to, subject))
            continue;
        for (size_t p = 0; p < f->places && rc == 0; p++) {
            const struct place *place = &f->place[p];

            if (!f->chosen[p] || strcmp(place->page, page) != 0 ||
                (only != NULL && only != place))
                continue;
            rc = add_if_file(f, place, to, subject,
                link_text(&links, &links.item[i]), address);
            if (rc == 0 && place->through != NULL && depth < FINDER_DEPTH_MAX &&
                pattern_find(place->through, subject, &release))
                rc = add_lead(f, leads, place, &release, to);
        }
    }
    links_clear(&links);
    for (size_t i = 0; i < leads->count && rc == 0; i++) {
        const struct lead *lead = &leads->item[i];
        struct error cause = {0};
        long answered = 0;

        if (is_old(leads, lead, f->options->since) ||
            (rc = visit(f, lead->address)) <= 0)
            continue;
        rc = read_page(
            f, page, lead->place, lead->address, depth + 1, &cause, &answered);
        if (rc == 0 && answered != 200)
            problem(
                f, "%s: %s: %s", lead->place->source, lead->address, cause.msg);
    }
    leads_clear(leads);
    free(leads);
    return rc;
}

/* --- the publishers' pages --------------------------------------------------
 */

/* True when the page is the file itself, whose name never changes. */
static bool is_file(const struct place *place)
{
    char subject[ADDRESS_MAX];

    return *place->page != '\0' &&
           address_subject(subject, place->page, NULL) == 0 &&
           pattern_find(place->file, subject, NULL);
}

static int add_fixed(struct finder *f)
{
    int rc = 0;

    for (size_t p = 0; p < f->places && rc == 0; p++) {
        char subject[ADDRESS_MAX];

        if (!f->chosen[p] || !is_file(&f->place[p]))
            continue;
        f->seen[p] = true;
        rc = address_subject(subject, f->place[p].page, f->err);
        if (rc == 0)
            rc =
                add_if_file(f, &f->place[p], f->place[p].page, subject, "", "");
    }
    return rc;
}

/* Reads the page of each place. *pages says how many there were. */
static int read_pages(struct finder *f, size_t *pages)
{
    int rc = 0;

    *pages = 0;
    for (size_t p = 0; p < f->places && rc == 0; p++) {
        const struct place *place = &f->place[p];
        struct error why = {0};
        long status = 0;

        if (!f->chosen[p] || *place->page == '\0' || is_file(place) ||
            (rc = visit(f, place->page)) <= 0)
            continue;
        rc = read_page(f, place->page, NULL, place->page, 1, &why, &status);
        if (rc != 0)
            break;
        *pages += status == 200;
        for (size_t q = 0; q < f->places; q++)
            if (strcmp(f->place[q].page, place->page) == 0)
                f->seen[q] = status == 200;
        if (status != 200 && f->options->from == NULL)
            problem(f, "%s: %s: %s", place->source, place->page, why.msg);
        /* A mirror that cannot be reached need not be asked again. */
        else if (status == 0)
            rc = error_set(
                f->err, ERR_SYSTEM, 0, "%s: %s", f->options->from, why.msg);
    }
    return rc < 0 ? rc : 0;
}

/* --- folders of a mirror ----------------------------------------------------
 */

static int read_folder(struct finder *f, const char *folder, int depth);

static int read_entry(struct finder *f, const char *folder, const char *address,
    const char *subject, int depth)
{
    int rc;

    if (strchr(address, '?') != NULL || !address_below(address, folder))
        return 0; /* to sort the list by size, or to the folder above */
    if (address[strlen(address) - 1] == '/') {
        if (depth == FINDER_FOLDERS_MAX || (rc = visit(f, address)) == 0)
            return 0;
        return rc < 0 ? rc : read_folder(f, address, depth + 1);
    }
    rc = 0;
    for (size_t p = 0; p < f->places && rc == 0; p++)
        if (f->chosen[p])
            rc = add_if_file(f, &f->place[p], address, subject, "", folder);
    return rc;
}

static int read_folder(struct finder *f, const char *folder, int depth)
{
    struct links links;
    char base[ADDRESS_MAX] = "", to[ADDRESS_MAX], subject[ADDRESS_MAX];
    struct error why = {0};
    long status;
    int rc = load(f, folder, &links, base, &status, &why);

    if (rc == 0 && status != 200)
        problem(f, "%s: %s", folder, why.msg);
    for (size_t i = 0; i < links.count && rc == 0; i++)
        if (follow(f, base, &links, &links.item[i], to, subject))
            rc = read_entry(f, folder, to, subject, depth);
    links_clear(&links);
    return rc;
}

static int read_mirror(struct finder *f)
{
    char folder[ADDRESS_MAX];
    const size_t len = strlen(f->options->from);
    const int n = snprintf(folder, sizeof folder, "%s%s", f->options->from,
        len > 0 && f->options->from[len - 1] == '/' ? "" : "/");
    int rc;

    if (n < 0 || n >= (int)sizeof folder)
        return error_set(f->err, ERR_INPUT, 0, "--from: too long");
    if (address_join(folder, folder, folder, f->err) != 0)
        return ERR_INPUT;
    rc = visit(f, folder);
    return rc < 0 ? rc : read_folder(f, folder, 1);
}

/* --- choosing ---------------------------------------------------------------
 */

bool wanted_together(const struct wanted *a, const struct wanted *b)
{
    return same_kind(a->place, b->place) &&
           a->release.from == b->release.from &&
           strcmp(a->release.version, b->release.version) == 0;
}

void wanted_title(char out[WANTED_TITLE_MAX], const struct wanted *wanted)
{
    const struct place *place = wanted->place;

    (void)snprintf(out, WANTED_TITLE_MAX, "%s%s%s%s%s", place->source,
        *place->set != '\0' ? " " : "", place->set,
        *wanted->release.label != '\0' ? " " : "", wanted->release.label);
}

/* By kind, then the older release, the newer version, the lower part. */
static int wanted_order(const void *left, const void *right)
{
    const struct wanted *a = left, *b = right;
    int order = strcmp(a->place->source, b->place->source);

    if (order == 0)
        order = strcmp(a->place->set, b->place->set);
    if (order == 0)
        order = (a->release.from > b->release.from) -
                (a->release.from < b->release.from);
    if (order == 0)
        order = version_order(b->release.version, a->release.version);
    if (order == 0)
        order = strcmp(a->release.version, b->release.version);
    if (order == 0)
        order = a->release.part - b->release.part;
    return order != 0 ? order : strcmp(a->name, b->name);
}

/* "1, 2 and 4": the numbers that n items of one version do not have. */
static void lost_parts(char out[LOST_TEXT], const struct wanted *item, size_t n)
{
    int lost[PLACE_PARTS_MAX], count = 0;
    size_t len = 0;

    for (int part = 1; part <= item->place->parts; part++) {
        bool there = false;

        for (size_t i = 0; i < n; i++)
            there = there || item[i].release.part == part;
        if (!there)
            lost[count++] = part;
    }
    out[0] = '\0';
    for (int i = 0; i < count; i++)
        len += (size_t)snprintf(out + len, LOST_TEXT - len, "%s%d",
            i == 0           ? ""
            : i + 1 == count ? " and "
                             : ", ",
            lost[i]);
}

/* How many items from i on belong to one version; *parts of them differ. */
static size_t run_of(const struct findings *all, size_t i, int *parts)
{
    size_t n = 1;

    *parts = 1;
    for (; i + n < all->count &&
           wanted_together(&all->item[i], &all->item[i + n]);
         n++)
        *parts +=
            all->item[i + n].release.part != all->item[i + n - 1].release.part;
    return n;
}

/* The first day of the release in force. */
static day_t in_force(const struct findings *all, size_t i, day_t since)
{
    const struct place *place = all->item[i].place;
    day_t newest = DAY_UNKNOWN;

    for (; i < all->count && same_kind(all->item[i].place, place); i++)
        if (all->item[i].release.from <= since)
            newest = all->item[i].release.from;
    return newest;
}

/* Frees what is not to be fetched of n items of one version. */
static void leave(struct wanted *item, size_t n, bool chosen)
{
    for (size_t k = 0; k < n; k++)
        if (!chosen ||
            (k > 0 && item[k].release.part == item[k - 1].release.part)) {
            free(item[k].address);
            free(item[k].page);
            item[k].address = item[k].page = NULL;
        }
}

/* Leaves of the sorted list what is to be fetched. */
static void choose(struct finder *f)
{
    struct findings *all = f->out;
    const struct wanted *taken = NULL; /* of the release being looked at */
    day_t newest = DAY_UNKNOWN;
    size_t kept = 0, n;

    for (size_t i = 0; i < all->count; i += n) {
        const struct wanted *first = &all->item[i];
        bool chosen;
        int parts;

        n = run_of(all, i, &parts);
        if (i == 0 || !same_kind(first->place, all->item[i - 1].place))
            newest = in_force(all, i, f->options->since);
        if (taken != NULL && (!same_kind(taken->place, first->place) ||
                                 taken->release.from != first->release.from))
            taken = NULL;
        chosen = taken == NULL && first->release.from >= newest;
        if (chosen && parts != first->place->parts) {
            char title[WANTED_TITLE_MAX], lost[LOST_TEXT];

            wanted_title(title, first);
            lost_parts(lost, first, n);
            problem(f,
                "%s %s: %d of its %d parts are linked to, missing: %s; it is "
                "fetched when all are there%s%s",
                title, first->release.version, parts, first->place->parts, lost,
                first->page[0] != '\0' ? "; look at " : "", first->page);
            chosen = false;
        }
        leave(&all->item[i], n, chosen);
        if (chosen)
            taken = first;
    }
    for (size_t i = 0; i < all->count; i++)
        if (all->item[i].address != NULL)
            all->item[kept++] = all->item[i];
    all->count = kept;
}

/* Each kind whose page was read must have been found on it. A mirror need not
 * have everything, but what it lacks is said. */
static void tell_missing(struct finder *f)
{
    const bool mirror = f->options->from != NULL;

    for (size_t p = 0; p < f->places; p++) {
        const struct place *place = &f->place[p];
        bool found = false;

        if (!f->chosen[p] || (!f->seen[p] && !mirror))
            continue;
        for (size_t q = 0; q < p; q++)
            found = found || same_kind(&f->place[q], place);
        for (size_t i = 0; i < f->out->count; i++)
            found = found || same_kind(f->out->item[i].place, place);
        if (found)
            continue;
        if (!mirror)
            problem(f,
                "%s%s%s: no link to such a file on %s; the publisher may have "
                "changed the page or the names: look there in a browser",
                place->source, *place->set != '\0' ? " " : "", place->set,
                place->page);
        else if (f->options->report != NULL)
            (void)fprintf(f->options->report,
                "not there  %s%s%s: not on the mirror\n", place->source,
                *place->set != '\0' ? " " : "", place->set);
    }
}

/* --- the way through --------------------------------------------------------
 */

static bool names(const char *word, const struct place *place)
{
    const size_t len = strlen(place->source);

    return strncmp(word, place->source, len) == 0 &&
           (word[len] == '\0' ||
               (word[len] == ':' && strcmp(word + len + 1, place->set) == 0));
}

/* Which places are asked for; every word must name one. */
static int select_places(struct finder *f)
{
    const struct finder_options *options = f->options;

    for (size_t p = 0; p < f->places; p++)
        f->chosen[p] = options->source_count == 0;
    for (size_t s = 0; s < options->source_count; s++) {
        bool known = false;

        for (size_t p = 0; p < f->places; p++)
            if (names(options->sources[s], &f->place[p]))
                f->chosen[p] = known = true;
        if (!known)
            return error_set(f->err, ERR_INPUT, 0,
                "%.40s: no source that can be fetched", options->sources[s]);
    }
    return 0;
}

static int find(struct finder *f)
{
    size_t pages = 0;
    bool folders;
    int rc = select_places(f);

    if (rc == 0)
        rc = read_pages(f, &pages);
    folders = f->options->from != NULL && pages == 0;
    if (rc == 0)
        rc = folders ? read_mirror(f) : add_fixed(f);
    if (rc != 0)
        return rc;
    if (f->out->count > 0)
        qsort(f->out->item, f->out->count, sizeof *f->out->item, wanted_order);
    tell_missing(f);
    if (f->out->count == 0 && f->out->problems == 0)
        problem(f, "%s: no release is there",
            f->options->from != NULL ? f->options->from : "the pages");
    choose(f);
    return 0;
}

int finder_run(struct findings *out, struct courier *courier,
    const struct places *places, const struct finder_options *options,
    struct error *err)
{
    struct error unheard = {0};
    struct finder f = {.courier = courier,
        .options = options,
        .out = out,
        .err = err != NULL ? err : &unheard};
    int rc;

    *out = (struct findings){.count = 0};
    f.place = places_list(places, &f.places);
    rc = find(&f);
    for (size_t i = 0; i < f.visits; i++)
        free(f.visited[i]);
    free(f.visited);
    if (rc != 0)
        findings_clear(out);
    return rc;
}
