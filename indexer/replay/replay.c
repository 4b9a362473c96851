#include "indexer/replay/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct replay {
    struct replay_summary *summary;
    const struct replay_options *options;
    const struct answers *answers[2];
    struct question_work *work;
    struct buffer text[2]; /* the answers to the question at hand */
    char *line, *scratch;  /* QUESTION_MAX and a NUL each */
    struct question question;
    /* Of the question at hand: */
    size_t shown;
    bool tell;
    json_t *differences; /* when JSON is asked for */
};

static double now(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* --- what differs -----------------------------------------------------------
 */

static bool is_verdict(const char *kind)
{
    static const char ending[] = "verdict";
    const size_t len = strlen(kind), n = sizeof ending - 1;

    return len >= n && strcmp(kind + len - n, ending) == 0;
}

static void sum_up(struct replay_summary *summary, const char *kind,
    const char *a, const char *b)
{
    struct replay_what what = {.count = 1};

    (void)snprintf(what.kind, sizeof what.kind, "%s", kind);
    if (is_verdict(kind)) {
        (void)snprintf(
            what.a, sizeof what.a, "%.*s", REPLAY_VERDICT_MAX - 1, a);
        (void)snprintf(
            what.b, sizeof what.b, "%.*s", REPLAY_VERDICT_MAX - 1, b);
    }
    for (size_t i = 0; i < summary->whats; i++) {
        struct replay_what *known = &summary->what[i];

        if (strcmp(known->kind, what.kind) == 0 &&
            strcmp(known->a, what.a) == 0 && strcmp(known->b, what.b) == 0) {
            known->count++;
            return;
        }
    }
    if (summary->whats < REPLAY_WHAT_MAX)
        summary->what[summary->whats++] = what;
}

static json_t *text_json(const char *text, size_t len)
{
    json_t *json = json_stringn(text, len);

    /* A value may be cut inside a character; a log may hold any bytes. */
    while (json == NULL && len > 0)
        json = json_stringn(text, --len);
    return json != NULL ? json : json_string("");
}

/* A log may hold what a terminal would obey. */
static void print_plain(FILE *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            (void)fprintf(out, "\\x%02X", (unsigned char)text[i]);
        else
            (void)fputc(text[i], out);
}

static void on_difference(void *context, const char *place, const char *kind,
    const char *a, const char *b)
{
    struct replay *r = context;
    FILE *out = r->options->out;

    sum_up(r->summary, kind, a, b);
    if (r->shown++ >= REPLAY_SHOWN_MAX || !r->tell)
        return;
    if (r->options->json) {
        (void)json_array_append_new(r->differences,
            json_pack("{s:o, s:o, s:o}", "place",
                text_json(place, strlen(place)), "a", text_json(a, strlen(a)),
                "b", text_json(b, strlen(b))));
        return;
    }
    if (r->shown == 1) {
        (void)fprintf(
            out, "line %llu  ", (unsigned long long)r->summary->lines);
        print_plain(out, r->question.shown.text, r->question.shown.len);
        (void)fputc('\n', out);
    }
    (void)fprintf(out, "    %-28s ", place);
    print_plain(out, a, strlen(a));
    (void)fputs(" -> ", out);
    print_plain(out, b, strlen(b));
    (void)fputc('\n', out);
}

static int tell_rest(struct replay *r, size_t count, struct error *err)
{
    json_t *json;
    int rc = 0;

    if (!r->options->json) {
        if (count > REPLAY_SHOWN_MAX)
            (void)fprintf(r->options->out, "    and %zu more\n",
                count - REPLAY_SHOWN_MAX);
        return 0;
    }
    json = json_pack("{s:I, s:s, s:o, s:I, s:O}", "line",
        (json_int_t)r->summary->lines, "kind",
        question_kind_name(r->question.kind), "question",
        text_json(r->question.shown.text, r->question.shown.len), "count",
        (json_int_t)count, "differences", r->differences);
    if (json == NULL || json_dumpf(json, r->options->out, JSON_COMPACT) != 0)
        rc = error_memory(err);
    (void)fputc('\n', r->options->out);
    json_decref(json);
    return rc;
}

static json_t *parsed(const struct buffer *text, struct error *err)
{
    struct json_error_t why;
    json_t *json = json_loadb(
        text->data != NULL ? text->data : "", text->len, JSON_DECODE_ANY, &why);

    if (json == NULL)
        (void)error_set(
            err, ERR_CORRUPT, 0, "an answer is no JSON: %s", why.text);
    return json;
}

static int compare_answers(struct replay *r, struct error *err)
{
    json_t *a, *b = NULL;
    size_t count;
    int rc = ERR_CORRUPT;

    /* Nearly all are the same to the byte. */
    if (r->text[0].len == r->text[1].len &&
        memcmp(r->text[0].data, r->text[1].data, r->text[0].len) == 0)
        return 0;
    a = parsed(&r->text[0], err);
    if (a != NULL)
        b = parsed(&r->text[1], err);
    if (b != NULL) {
        rc = 0;
        r->shown = 0;
        r->tell =
            r->options->most == 0 || r->summary->differing < r->options->most;
        if (r->options->json && (r->differences = json_array()) == NULL)
            rc = error_memory(err);
        count = differ(a, b, r->options->sources, on_difference, r);
        if (count > 0) {
            r->summary->differing++;
            r->summary->differ[r->question.kind]++;
            if (rc == 0 && r->tell)
                rc = tell_rest(r, count, err);
        }
        json_decref(r->differences);
        r->differences = NULL;
    }
    json_decref(a);
    json_decref(b);
    return rc;
}

/* --- the log ----------------------------------------------------------------
 */

/* The next line, without its end; -1 at the end of the log, QUESTION_MAX + 1
 * for one that is too long, which is read over. */
static long read_line(FILE *log, char *line)
{
    size_t len = 0;
    int c;

    while ((c = getc_unlocked(log)) != EOF && c != '\n')
        if (len < QUESTION_MAX)
            line[len++] = (char)c;
        else
            len = QUESTION_MAX + 1;
    if (c == EOF && len == 0)
        return -1;
    if (len <= QUESTION_MAX)
        line[len] = '\0';
    return (long)len;
}

static int ask_both(struct replay *r, struct error *err)
{
    int rc = 0;

    for (int side = 0; rc == 0 && side < 2; side++) {
        r->text[side].len = 0;
        rc = question_ask(&r->text[side], r->answers[side], &r->question,
            r->options->day, r->work, err);
    }
    if (rc == 0)
        rc = compare_answers(r, err);
    return rc == 0 ? 0
                   : error_prefix(err, rc, "line %llu",
                         (unsigned long long)r->summary->lines);
}

static void progress(const struct replay_summary *s, double seconds)
{
    (void)fprintf(stderr,
        "\r\033[Kreplay: %llu questions, %llu answers differ, %.0f a second",
        (unsigned long long)s->asked, (unsigned long long)s->differing,
        seconds > 0 ? (double)s->asked / seconds : 0.0);
}

static int read_log(struct replay *r, FILE *log, struct error *err)
{
    struct replay_summary *s = r->summary;
    const double began = now();
    double told = began;
    long len;
    int rc = 0;

    while (rc == 0 && (len = read_line(log, r->line)) >= 0) {
        enum question_kind kind = QUESTION_TOO_LONG;

        s->lines++;
        if (r->options->stop != NULL && *r->options->stop)
            return error_set(err, ERR_SYSTEM, 0, "replay: stopped");
        if (len <= QUESTION_MAX)
            kind =
                question_read(&r->question, r->line, (size_t)len, r->scratch);
        s->questions[kind]++;
        if (kind < QUESTION_KINDS) {
            s->asked++;
            rc = ask_both(r, err);
        }
        s->seconds = now() - began;
        if (r->options->progress && began + s->seconds - told > 0.2) {
            told = began + s->seconds;
            progress(s, s->seconds);
        }
    }
    if (r->options->progress)
        (void)fputs("\r\033[K", stderr);
    if (rc == 0 && ferror(log))
        rc = error_set(
            err, ERR_SYSTEM, errno, "%s: %s", r->options->log, strerror(errno));
    return rc;
}

/* A file that is no log at all is not one whose answers are all the same. */
static int check_log(
    const struct replay_summary *s, const char *log, struct error *err)
{
    const uint64_t told = s->lines - s->questions[QUESTION_BLANK];
    const uint64_t not_read =
        s->questions[QUESTION_UNKNOWN] + s->questions[QUESTION_TOO_LONG];

    if (told == 0 || not_read < told)
        return 0;
    return error_set(err, ERR_INPUT, 0,
        "%s: no line (of %llu) is a question or one of the server's "
        "access log",
        log, (unsigned long long)told);
}

/* Lines up to the first that is a question, or one passed over on purpose. */
static int look_for_one(const char *path, FILE *log, struct error *err)
{
    struct replay_summary s = {0};
    char *line = malloc(QUESTION_MAX + 1), *scratch = malloc(QUESTION_MAX + 1);
    enum question_kind kind = QUESTION_UNKNOWN;
    struct question question;
    long len;
    int rc = line == NULL || scratch == NULL ? error_memory(err) : 0;

    while (rc == 0 &&
           (kind == QUESTION_UNKNOWN || kind == QUESTION_TOO_LONG ||
               kind == QUESTION_BLANK) &&
           (len = read_line(log, line)) >= 0) {
        kind = len > QUESTION_MAX
                   ? QUESTION_TOO_LONG
                   : question_read(&question, line, (size_t)len, scratch);
        s.lines++;
        s.questions[kind]++;
    }
    free(line);
    free(scratch);
    if (rc == 0 && ferror(log))
        rc = error_set(err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    return rc == 0 ? check_log(&s, path, err) : rc;
}

int replay_check(const char *path, struct error *err)
{
    struct stat st;
    FILE *log;
    int rc;

    if (strcmp(path, "-") == 0 ||
        (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
        return 0;
    log = fopen(path, "rbe");
    if (log == NULL)
        return error_set(
            err, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
    rc = look_for_one(path, log, err);
    (void)fclose(log);
    return rc;
}

static int most_first(const void *a, const void *b)
{
    const struct replay_what *x = a, *y = b;

    /* Verdicts lead. */
    if ((x->a[0] != '\0') != (y->a[0] != '\0'))
        return x->a[0] != '\0' ? -1 : 1;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return strcmp(x->kind, y->kind);
}

static int run(struct replay *r, const struct store *const store[2],
    struct answers *opened[2], struct error *err)
{
    const bool piped = strcmp(r->options->log, "-") == 0;
    FILE *log = piped ? stdin : fopen(r->options->log, "rbe");
    int rc = 0;

    if (log == NULL)
        return error_set(
            err, ERR_SYSTEM, errno, "%s: %s", r->options->log, strerror(errno));
    r->work = question_work_new();
    r->line = malloc(QUESTION_MAX + 1);
    r->scratch = malloc(QUESTION_MAX + 1);
    if (r->work == NULL || r->line == NULL || r->scratch == NULL)
        rc = error_memory(err);
    for (int side = 0; rc == 0 && side < 2; side++) {
        rc = answers_open(&opened[side], store[side], err);
        r->answers[side] = opened[side];
    }
    if (rc == 0)
        rc = read_log(r, log, err);
    if (rc == 0)
        rc = check_log(r->summary, r->options->log, err);
    if (!piped)
        (void)fclose(log);
    return rc;
}

int replay_run(struct replay_summary *summary, const struct store *a,
    const struct store *b, const struct replay_options *options,
    struct error *err)
{
    struct replay *r = calloc(1, sizeof *r);
    struct answers *opened[2] = {NULL, NULL};
    int rc;

    *summary = (struct replay_summary){0};
    if (r == NULL)
        return error_memory(err);
    r->summary = summary;
    r->options = options;
    rc = run(r, (const struct store *const[2]){a, b}, opened, err);
    qsort(summary->what, summary->whats, sizeof *summary->what, most_first);
    for (int side = 0; side < 2; side++) {
        answers_close(opened[side]);
        buffer_clear(&r->text[side]);
    }
    question_work_free(r->work);
    free(r->line);
    free(r->scratch);
    free(r);
    return rc;
}

/* --- the sums ---------------------------------------------------------------
 */

static double percent(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0.0 : 100.0 * (double)part / (double)whole;
}

void replay_report(const struct replay_summary *s, FILE *out)
{
    bool over = false;

    (void)fprintf(out,
        "replay      %llu questions, %llu answers differ (%.2f%%), %.0f "
        "questions a second\n",
        (unsigned long long)s->asked, (unsigned long long)s->differing,
        percent(s->differing, s->asked),
        s->seconds > 0 ? (double)s->asked / s->seconds : 0.0);
    for (int k = 0; k < QUESTION_KINDS; k++)
        if (s->questions[k] > 0)
            (void)fprintf(out, "    %-20s %9llu, %llu differ\n",
                question_kind_name((enum question_kind)k),
                (unsigned long long)s->questions[k],
                (unsigned long long)s->differ[k]);
    for (size_t i = 0; i < s->whats && i < REPLAY_WHAT_SHOWN; i++) {
        const struct replay_what *what = &s->what[i];

        (void)fprintf(out, "    %9llu x %s%s%s%s%s\n",
            (unsigned long long)what->count, what->kind,
            what->a[0] != '\0' ? ": " : "", what->a,
            what->b[0] != '\0' ? " -> " : "", what->b);
    }
    for (int k = QUESTION_NO_QUERY; k < QUESTION_OUTCOMES; k++) {
        if (s->questions[k] == 0)
            continue;
        (void)fprintf(out, "%s%llu %s", over ? ", " : "    not asked: ",
            (unsigned long long)s->questions[k],
            question_kind_name((enum question_kind)k));
        over = true;
    }
    if (over)
        (void)fputc('\n', out);
}

json_t *replay_json(const struct replay_summary *s)
{
    json_t *kinds = json_object(), *passed = json_object();
    json_t *what = json_array();

    for (int k = 0; k < QUESTION_KINDS; k++)
        (void)json_object_set_new(kinds,
            question_kind_name((enum question_kind)k),
            json_pack("{s:I, s:I}", "asked", (json_int_t)s->questions[k],
                "differ", (json_int_t)s->differ[k]));
    for (int k = QUESTION_NO_QUERY; k < QUESTION_OUTCOMES; k++)
        (void)json_object_set_new(passed,
            question_kind_name((enum question_kind)k),
            json_integer((json_int_t)s->questions[k]));
    for (size_t i = 0; i < s->whats; i++)
        (void)json_array_append_new(
            what, json_pack("{s:o, s:o, s:o, s:I}", "place",
                      text_json(s->what[i].kind, strlen(s->what[i].kind)), "a",
                      text_json(s->what[i].a, strlen(s->what[i].a)), "b",
                      text_json(s->what[i].b, strlen(s->what[i].b)), "count",
                      (json_int_t)s->what[i].count));
    return json_pack("{s:I, s:I, s:I, s:f, s:o, s:o, s:o}", "lines",
        (json_int_t)s->lines, "asked", (json_int_t)s->asked, "differ",
        (json_int_t)s->differing, "seconds", s->seconds, "kinds", kinds,
        "not_asked", passed, "what", what);
}
