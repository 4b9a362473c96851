/* bench_necessity - what coverage articles say, in process.
 *
 *   bench_necessity STORE
 *
 * Coverage data as large as the publisher's is drawn by lot over the codes of
 * the store: 2,000 articles, 18,000 rows of procedures, 431,000 of covered
 * diagnoses, 45,000 of noncovered ones, 120 contractors, 27,000 rows of whose
 * an article is, 291 of where a contractor is active; every list has words
 * above it, a third of which name procedures. It is laid over the open store,
 * which is not changed.
 *
 * A decision begins with two texts and a contractor's number, or a state, and
 * ends with a verdict; half the diagnoses stand on a list of one of the
 * procedure's articles. A page of a list is the JSON answer with its first 20
 * or 100 diagnoses, titles and sources. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codesets/answer/claim/claim_answer.h"
#include "codesets/answer/necessity/necessity_answer.h"
#include "codesets/rules/necessity/necessity_index.h"
#include "codesets/store/coverage_write.h"
#include "codesets/store/layout.h"
#include "tools/bench/support/measure.h"
#include "tools/bench/support/sample.h"

enum {
    ARTICLES = 2000,
    PROCEDURES = 9,   /* of an article, about */
    CODES = 3400,     /* different procedures in all articles */
    LISTED = 1200,    /* articles with covered lists, two each */
    COVERED = 180,    /* codes of one, about */
    NONCOVERED = 100, /* articles with a noncovered list */
    NONCOVERED_LEN = 450,
    CONTRACTORS = 120,
    OWNERS = 13, /* contractors of an article, about */
    STATES = 60,
    QUESTIONS = 20000,
    CLAIM_LINES = 50,
    CLAIM_DIAGNOSES = 12,
};

struct question {
    struct necessity_question by_contractor, by_state, by_article;
};

struct bench {
    struct sample sample;
    struct buffer blob, ties;
    struct coverage_key *icd;
    uint32_t icds;
    uint32_t code[CODES];
    struct question *question;
    struct necessity_answer *answer;
    struct answers *answers;
};

static uint32_t draw(struct bench *bench, uint32_t limit)
{
    return sample_draw(&bench->sample, limit);
}

static struct coverage_key procedure_key(struct bench *bench, uint32_t i)
{
    char text[PROC_LEN + 1];

    proc_unpack(text, proc_at(&bench->sample.store->proc, bench->code[i]));
    return coverage_key_text(text, PROC_LEN);
}

/* Every billable diagnosis, by its length: those of the deepest level. */
static bool find_diagnoses(struct bench *bench)
{
    const struct code_list *codes = &bench->sample.store->codes;

    bench->icd = calloc(codes->count + 1, sizeof *bench->icd);
    for (uint32_t i = 0; bench->icd != NULL && i < codes->count; i++) {
        const struct code_ref code = code_at(codes, i);

        if (code.system == SYSTEM_ICD10CM && code.len >= 5)
            bench->icd[bench->icds++] = coverage_key_text(code.text, code.len);
    }
    for (uint32_t i = 0; i < CODES; i++)
        bench->code[i] = bench->sample.code[draw(bench, bench->sample.codes)];
    return bench->icds > 0;
}

static struct coverage_key contractor_key(uint32_t i)
{
    return coverage_key_contractor(200 + i, (uint16_t)(8 + i % 2), 1);
}

static uint32_t fill(struct bench *bench, struct coverage_new_member *member,
    uint32_t count, uint32_t limit)
{
    /* Lists are neighbours of the code book, mostly. */
    uint32_t at = draw(bench, limit);

    for (uint32_t i = 0; i < count; i++) {
        member[i] =
            (struct coverage_new_member){bench->icd[at % limit], 0, 2 + i};
        at += 1 + draw(bench, 3);
    }
    return count;
}

static int add_article(
    struct bench *bench, struct coverage_writer *writer, uint32_t number)
{
    static struct coverage_new_member
        member[PROCEDURES * 3 + 2 * COVERED * 3 + 2 * NONCOVERED_LEN + 64];
    static char words[2][96];
    struct coverage_new_group group[8] = {0};
    struct coverage_new_document document;
    size_t used = 0, groups = 0;
    uint32_t n;

    coverage_begin_document(
        &document, COVERAGE_ARTICLE, 50000 + number, 1 + draw(bench, 60));
    document.status = 'A';
    document.effective = 18000;
    document.text[COVERAGE_TITLE] = "Billing and Coding: drawn by lot";
    n = 1 + draw(bench, 2 * PROCEDURES);
    for (uint32_t i = 0; i < n; i++)
        member[used + i] = (struct coverage_new_member){
            procedure_key(bench, draw(bench, CODES)), 0, 2 + i};
    group[groups++] = (struct coverage_new_group){.list = COVERAGE_PROCEDURES,
        .number = 1,
        .paragraph = "",
        .member = member,
        .members = n};
    used += n;
    for (uint32_t g = 0; g < 2 && number < LISTED; g++) {
        n = 1 + draw(bench, 2 * COVERED);
        (void)snprintf(words[g], sizeof words[g],
            "The following codes support %.5s.",
            number % 3 == 0 && group[0].members > 0
                ? (const char *)member[g % group[0].members].key.byte
                : "these");
        group[groups++] = (struct coverage_new_group){.list = COVERAGE_COVERED,
            .number = g + 1,
            .paragraph = words[g],
            .member = member + used,
            .members = fill(bench, member + used, n, bench->icds)};
        used += n;
    }
    if (number % (ARTICLES / NONCOVERED) == 0) {
        n = 1 + draw(bench, 2 * NONCOVERED_LEN);
        group[groups++] =
            (struct coverage_new_group){.list = COVERAGE_NONCOVERED,
                .number = 1,
                .paragraph = "These do not.",
                .member = member + used,
                .members = fill(bench, member + used, n, bench->icds)};
        used += n;
    }
    n = 1 + draw(bench, 2 * OWNERS);
    for (uint32_t i = 0; i < n; i++)
        member[used + i] = (struct coverage_new_member){
            contractor_key(draw(bench, CONTRACTORS)), 0, 2};
    group[groups++] =
        (struct coverage_new_group){.list = COVERAGE_DOCUMENT_CONTRACTORS,
            .member = member + used,
            .members = n};
    document.group = group;
    document.groups = groups;
    return coverage_add_document(writer, &document, NULL);
}

static int add_places(struct coverage_writer *writer)
{
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < CONTRACTORS; i++) {
        char number[8];

        (void)snprintf(number, sizeof number, "%05u", 10000 + i);
        rc = coverage_add_contractor(writer,
            &(struct coverage_new_contractor){.key = contractor_key(i),
                .number = number,
                .name = "Drawn by lot",
                .type_name = i % 2 == 0 ? "MAC - Part A" : "MAC - Part B"},
            NULL);
    }
    for (uint32_t i = 0; rc == 0 && i < STATES; i++) {
        const char name[3] = {(char)('A' + i / 26), (char)('A' + i % 26), '\0'};

        rc = coverage_add_state(writer,
            &(struct coverage_new_state){
                .id = i + 1, .abbreviation = name, .name = name},
            NULL);
    }
    /* About five a state. */
    for (uint32_t i = 0; rc == 0 && i < 291; i++)
        rc = coverage_add_jurisdiction(writer,
            &(struct coverage_new_jurisdiction){
                contractor_key(i * 7 % CONTRACTORS), i % STATES + 1, 15000,
                DAY_OPEN, 0, i},
            NULL);
    return rc;
}

static bool make_blob(struct bench *bench)
{
    const struct coverage_release all = {
        .tables = (uint32_t)(((uint64_t)1 << COVERAGE_TABLES) - 1)};
    struct coverage_writer *writer = NULL;
    struct coverage coverage;
    bool good = coverage_writer_open(&writer, NULL) == 0 &&
                coverage_add_release(writer, &all, NULL) == 0;

    for (uint32_t i = 0; good && i < ARTICLES; i++)
        good = add_article(bench, writer, i) == 0;
    good = good && add_places(writer) == 0 &&
           coverage_write(writer, &bench->blob, NULL) == 0 &&
           coverage_read(&coverage, (const uint8_t *)bench->blob.data,
               bench->blob.len, NULL) == 0 &&
           ties_of_coverage(&bench->ties, &coverage, NULL) == 0;
    coverage_writer_close(writer);
    return good;
}

/* Puts the drawn data where the store has its own. */
static bool lay_over(struct bench *bench)
{
    static struct release release;
    struct store *store = bench->sample.store;
    struct rules *rules = bench->answers->rules;
    size_t at = 0;

    while (
        at < store->series_count && store->series[at].table != TABLE_COVERAGE)
        at++;
    if (at == STORE_SERIES_MAX)
        return false;
    if (at == store->series_count)
        store->series_count++;
    release = (struct release){.label = "drawn",
        .from = bench->sample.day - 400,
        .to = bench->sample.day};
    store->series[at] = (struct series){.id = (uint8_t)at,
        .table = TABLE_COVERAGE,
        .releases = 1,
        .release = &release};
    if (coverage_read(&store->coverage, (const uint8_t *)bench->blob.data,
            bench->blob.len, NULL) != 0)
        return false;
    necessity_index_close(rules->necessity);
    rules->necessity = NULL;
    return necessity_index_open(&rules->necessity, store, NULL) == 0 &&
           ties_read(&rules->necessity->ties, (const uint8_t *)bench->ties.data,
               bench->ties.len, NULL) == 0;
}

/* A procedure of an article, a contractor of it, and a diagnosis, every second
 * time one of its lists'. */
static void draw_question(struct bench *bench, struct question *out)
{
    const struct coverage *coverage = store_coverage(bench->sample.store);
    const uint32_t number = draw(bench, ARTICLES);
    struct coverage_document document;
    struct coverage_member member;
    struct coverage_group group;
    struct necessity_question question = {
        .day = bench->sample.day, .place = {.kind = NECESSITY_PART_B}};
    char text[COVERAGE_KEY_LEN + 1];
    uint32_t first, end;

    coverage_document(coverage, number, &document);
    coverage_group(coverage, document.first_group, &group);
    coverage_member(coverage, &group, draw(bench, group.members), &member);
    (void)coverage_key_name(text, coverage_code_key(coverage, member.code));
    memcpy(question.procedure, text, PROC_LEN + 1);
    (void)coverage_key_name(text, bench->icd[draw(bench, bench->icds)]);
    coverage_list_groups(coverage, &document, COVERAGE_COVERED, &first, &end);
    if (first < end && draw(bench, 2) == 0) {
        coverage_group(coverage, first, &group);
        coverage_member(coverage, &group, draw(bench, group.members), &member);
        (void)coverage_key_name(text, coverage_code_key(coverage, member.code));
    }
    memcpy(question.diagnosis, text, sizeof text);
    out->by_contractor = out->by_state = out->by_article = question;
    (void)snprintf(out->by_contractor.place.contractor, NECESSITY_PLACE_TEXT,
        "%05u", 10000 + draw(bench, CONTRACTORS));
    (void)snprintf(out->by_state.place.state, NECESSITY_PLACE_TEXT, "%c%c", 'A',
        'A' + (char)draw(bench, 26));
    out->by_article.place.article = document.id;
}

static size_t count_rows(const struct bench *bench, enum coverage_list list)
{
    const struct coverage *coverage = store_coverage(bench->sample.store);
    size_t rows = 0;

    for (uint32_t i = 0; i < coverage_groups(coverage); i++) {
        struct coverage_group group;

        coverage_group(coverage, i, &group);
        if (group.list == list)
            rows += group.members;
    }
    return rows;
}

enum way { BY_CONTRACTOR, BY_STATE, BY_ARTICLE, WAYS };

static bool measure_decisions(struct bench *bench, enum way way)
{
    static const char *const names[WAYS] = {"necessity, one contractor",
        "necessity, one state", "necessity, one article"};
    struct result result = {.name = names[way],
        .wish = AT_MOST,
        .wanted = 2e-6,
        .target = {"2 us"}};
    const size_t times = rounds(9);
    size_t verdicts[NECESSITY_VERDICTS] = {0}, votes = 0;
    double seconds[ROUNDS_MAX];

    for (size_t r = 0; r < times; r++) {
        const double begun = cpu_seconds();

        for (size_t i = 0; i < QUESTIONS; i++) {
            const struct question *q = &bench->question[i];
            const struct necessity_question *question =
                way == BY_CONTRACTOR ? &q->by_contractor
                : way == BY_STATE    ? &q->by_state
                                     : &q->by_article;

            if (necessity_decide(
                    bench->answer, bench->answers->rules, question, NULL) != 0)
                return false;
            if (r == 0) {
                verdicts[bench->answer->verdict]++;
                votes += bench->answer->votes;
            }
        }
        seconds[r] = (cpu_seconds() - begun) / QUESTIONS;
    }
    result.got = median(seconds, times);
    result.ours = result.cpu = duration(result.got);
    (void)fprintf(stderr,
        "bench_necessity: %s: %zu supported, %zu not supported, %zu unknown, "
        "%.1f votes each\n",
        names[way], verdicts[NECESSITY_SUPPORTED],
        verdicts[NECESSITY_NOT_SUPPORTED], verdicts[NECESSITY_UNKNOWN],
        (double)votes / QUESTIONS);
    result_print(&result);
    return true;
}

static bool measure_lists(struct bench *bench, uint32_t limit)
{
    struct result result = {
        .name = limit == 20 ? "first page of a procedure's lists, 20 codes"
                            : "the same, 100 codes"};
    const size_t times = rounds(9), pages = 2000;
    double seconds[ROUNDS_MAX];
    struct buffer out = {0};
    size_t bytes = 0;

    if (limit == 20) {
        result.wish = AT_MOST;
        result.wanted = 20e-6;
        result.target = (struct figure){"20 us"};
    }
    for (size_t r = 0; r < times; r++) {
        const double begun = cpu_seconds();

        for (size_t i = 0; i < pages; i++) {
            const struct necessity_question *question =
                &bench->question[i].by_article;
            char id[16];
            const struct necessity_request request = {
                .code = {question->procedure, PROC_LEN},
                .article = {id, (size_t)snprintf(id, sizeof id, "A%u",
                                    question->place.article)},
                .day = question->day,
                .limit = limit};

            out.len = 0;
            if (answer_necessity(&out, bench->answers, &request, NULL) != 0)
                return false;
            bytes += out.len;
        }
        seconds[r] = (cpu_seconds() - begun) / (double)pages;
    }
    (void)fprintf(stderr, "bench_necessity: %.0f bytes a page\n",
        (double)bytes / (double)(times * pages));
    result.got = median(seconds, times);
    result.ours = result.cpu = duration(result.got);
    result_print(&result);
    buffer_clear(&out);
    return true;
}

/* A claim of 50 lines with two diagnoses each; with and without a place. */
static void write_claim(
    struct bench *bench, struct claim *claim, size_t number, bool placed)
{
    claim_begin(claim, bench->sample.day);
    for (size_t i = 0; i < CLAIM_DIAGNOSES; i++) {
        const char *code =
            bench->question[number * CLAIM_LINES + i].by_state.diagnosis;

        claim_add_diagnosis(claim, code, strlen(code));
    }
    for (size_t i = 0; i < CLAIM_LINES; i++) {
        const struct necessity_question *question =
            &bench->question[number * CLAIM_LINES + i].by_state;
        struct claim_line *line = claim_add_line(
            claim, bench->answers->rules, question->procedure, PROC_LEN);

        line->flaws = 0;
        claim_line_pointer(line, 1 + (int64_t)(i % CLAIM_DIAGNOSES));
        claim_line_pointer(line, 1 + (int64_t)((i + 1) % CLAIM_DIAGNOSES));
    }
    if (placed)
        claim->place = bench->question[number].by_state.place;
}

static bool measure_claims(struct bench *bench, bool placed)
{
    struct result result = {.name = placed ? "claim of 50 lines, diagnoses, a "
                                             "state"
                                           : "the same without a state"};
    const size_t times = rounds(9), claims = QUESTIONS / CLAIM_LINES;
    struct claim_work *work = malloc(sizeof *work);
    double seconds[ROUNDS_MAX];
    bool good = work != NULL;
    size_t checked = 0;

    for (size_t r = 0; good && r < times; r++) {
        double spent = 0;

        for (size_t i = 0; good && i < claims; i++) {
            double begun;

            write_claim(bench, &work->claim, i, placed);
            begun = cpu_seconds();
            good = claim_check(&work->report, bench->answers->rules,
                       &work->claim, NULL) == 0;
            spent += cpu_seconds() - begun;
            checked += claim_checked(&work->report, CLAIM_NECESSITY);
        }
        seconds[r] = spent / (double)claims;
    }
    if (good) {
        (void)fprintf(stderr, "bench_necessity: %zu of %zu claims asked\n",
            times > 0 ? checked / times : 0, claims);
        result.got = median(seconds, times);
        result.ours = result.cpu = duration(result.got);
        result_print(&result);
    }
    free(work);
    return good;
}

static bool measure(struct bench *bench)
{
    bool good = find_diagnoses(bench) && make_blob(bench) && lay_over(bench);

    if (!good)
        return false;
    (void)fprintf(stderr,
        "bench_necessity: %zu rows of procedures, %zu covered, %zu "
        "noncovered, %zu of contractors; %zu bytes, %zu of ties\n",
        count_rows(bench, COVERAGE_PROCEDURES),
        count_rows(bench, COVERAGE_COVERED),
        count_rows(bench, COVERAGE_NONCOVERED),
        count_rows(bench, COVERAGE_DOCUMENT_CONTRACTORS), bench->blob.len,
        bench->ties.len);
    for (size_t i = 0; i < QUESTIONS; i++)
        draw_question(bench, &bench->question[i]);
    for (int way = 0; good && way < WAYS; way++)
        good = measure_decisions(bench, (enum way)way);
    return good && measure_lists(bench, 20) && measure_lists(bench, 100) &&
           measure_claims(bench, false) && measure_claims(bench, true);
}

int main(int argc, char **argv)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bool good = false;

    if (argc != 2) {
        (void)fputs("usage: bench_necessity STORE\n", stderr);
    } else if (bench != NULL && sample_open(&bench->sample, argv[1])) {
        bench->question = calloc(QUESTIONS, sizeof *bench->question);
        bench->answer = malloc(sizeof *bench->answer);
        good = bench->question != NULL && bench->answer != NULL &&
               answers_open(&bench->answers, bench->sample.store, NULL) == 0 &&
               measure(bench);
        answers_close(bench->answers);
        sample_close(&bench->sample);
        free(bench->question);
        free(bench->answer);
        free(bench->icd);
        buffer_clear(&bench->blob);
        buffer_clear(&bench->ties);
    }
    free(bench);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
