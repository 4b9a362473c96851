#include "tests/fuzz/ask.h"

#include <stdlib.h>
#include <string.h>
#include "server/routes/routes.h"
#include "server/web.h"
#include "tests/fuzz/require.h"
#include "tests/tiny_build.h"
#include "tests/tiny_coverage.h"

static struct tiny *tiny;

static void drop_others(void)
{
    tiny_close(tiny);
}

static uint8_t own(enum table table)
{
    return tiny_series(
        tiny, table, SETTING_NONE, PROGRAM_NONE, "own 1900-01-01 open");
}

static uint8_t year(enum table table)
{
    return tiny_series(tiny, table, SETTING_NONE, PROGRAM_NONE,
        "2024 2023-10-01 2024-09-30; 2025 2024-10-01 2025-09-30");
}

static void add_icd10cm(void)
{
    uint8_t id = year(TABLE_ICD10CM);

    tiny_row(tiny, id, 0, 1, "M54|0|Back|Pains of the back");
    tiny_row(tiny, id, 0, 1, "M545|0|Low back|Low back pain");
    tiny_row(tiny, id, 0, 1, "M5450|1|Low back|Low back pain, unspecified");
    tiny_row(tiny, id, 1, 1, "M5459|1|Low back, other|Other low back pain");
    tiny_row(tiny, id, 0, 0, "S0990XA|1|Invented|Invented injury, first");
    id = year(TABLE_POA);
    tiny_row(tiny, id, 0, 1, "M5450");
    id = tiny_series(tiny, TABLE_CONVERSION, SETTING_NONE, PROGRAM_NONE,
        "2025 2024-10-01 2025-09-30");
    tiny_row(tiny, id, 0, 0, "M5459|20241001|M54.5 and M54.50");
    id = year(TABLE_ICD10CM_TABULAR);
    tiny_cells(tiny, id, 0, 1, TABULAR_NODE, "13", TABULAR_TITLE, "Of the back",
        TABULAR_FIRST, "M00", TABULAR_LAST, "M99", TABULAR_EXCLUDES2,
        "what was invented (A00-B99)", -1);
    tiny_cells(tiny, id, 0, 1, TABULAR_NODE, "M50-M54", TABULAR_PARENT, "13",
        TABULAR_FIRST, "M50", TABULAR_LAST, "M54", TABULAR_CODE_FIRST,
        "the cause (S09.90)", -1);
    tiny_cells(tiny, id, 0, 1, TABULAR_NODE, "M54", TABULAR_PARENT, "M50-M54",
        TABULAR_EXCLUDES1, "old pain (M54.59)\nF45.4-", TABULAR_SEVENTH,
        "A\tfirst time\nD\tlater", -1);
    id = year(TABLE_ICD10CM_INDEX);
    tiny_row(tiny, id, 1, 1, "M5450|Ache (dull), back, low|manifestation");
    id = year(TABLE_ICD10CM_DRUG);
    tiny_row(tiny, id, 1, 1, "S0990XA|Zebraine|Poisoning Assault");
}

static void add_lists(void)
{
    static const char *const procs[] = {
        "97035", "97110", "97112", "97116", "97140", "97150", "G0283"};
    uint8_t id;

    for (size_t i = 0; i < sizeof procs / sizeof procs[0]; i++)
        tiny_proc(tiny, procs[i], "valid listed 0 0");
    id = own(TABLE_LOCAL);
    tiny_row(tiny, id, 0, 0, "POOL|Pool <b>& water|20240101|20241231|note");
    tiny_row(tiny, id, 0, 0, "97110|Own words, \"quoted\"|||");
    id = own(TABLE_CPT);
    tiny_row(tiny, id, 0, 0, "97110|own long words|own words|own|for all");
    id = own(TABLE_SYNONYM);
    tiny_row(tiny, id, 0, 0, "lbp|low back pain");
    id = tiny_series(tiny, TABLE_DHS, SETTING_NONE, PROGRAM_NONE,
        "2024 2024-01-01 2024-12-31");
    tiny_row(tiny, id, 0, 0, "97110|Invented");
    (void)tiny_series(tiny, TABLE_PTP, SETTING_PRACTITIONER, PROGRAM_MEDICARE,
        "2024q2 2024-04-01 2024-06-30; 2024q3 2024-07-01 2024-09-30");
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97110", "97112", "2010-01-01", "", 1);
    tiny_edit(
        tiny, SETTING_PRACTITIONER, "97150", "97110", "2024-07-01", "", 0);
}

const struct answers *ask_others(void)
{
    static struct answers *answers;

    if (answers != NULL)
        return answers;
    tiny = tiny_begin();
    add_lists();
    add_icd10cm();
    tiny_coverage(tiny,
        "2024-06-24 2024-06-24 2024-06-30; 2024-07-01 2024-07-01 2024-07-31",
        "release\n"
        "contractor 228/9/2 15102 MAC - Part B\n"
        "state 22 KY KY Kentucky\n"
        "jurisdiction 228/9/2 22 2015-01-01 open\n"
        "article 100 1 A from=2020-01-01 title=Therapy\n"
        "procedures 1: 97035 97110\n"
        "covered 1: M5450* | For 97035. ~ Secondary only.\n"
        "contractors: 228/9/2\n"
        "release\n"
        "contractor 228/9/2 15102 MAC - Part B\n"
        "state 22 KY KY Kentucky\n"
        "jurisdiction 228/9/2 22 2015-01-01 open\n"
        "article 100 2 A from=2024-07-01 title=Therapy services\n"
        "procedures 1: 97035 97140\n"
        "covered 1: M5450 M5459\n"
        "noncovered 1: S0990XA | These do not.\n"
        "relation lcd 34049 36\n"
        "contractors: 228/9/2\n"
        "lcd 34049 36 A from=2020-01-01 title=Of therapy\n");
    answers = tiny_open(tiny);
    (void)atexit(drop_others);
    return answers;
}

/* Calls the handler until its answer is whole; see reply_again(). */
static void answer(struct request *request, struct reply *reply)
{
    void (*work_free)(void *) = NULL;

    for (;;) {
        request->route->answer(request, reply);
        if (!reply->again)
            break;
        if (request->work == NULL) {
            request->work = reply->work;
            work_free = reply->work_free;
        }
        require(reply->work == request->work && reply->reason == NULL);
        reply_reset(reply);
    }
    if (work_free != NULL)
        work_free(request->work);
    request->work = NULL;
}

bool ask_route(struct reply *reply, const struct answers *answers,
    enum method method, const char *target, const char *type, const char *body,
    size_t len)
{
    /* All but those that ask the server itself. */
    static const struct route *const tables[] = {page_routes, code_routes,
        pair_routes, claim_routes, search_routes, unit_routes, necessity_routes,
        changes_routes, NULL};
    static struct request request;
    static struct routes *routes;
    static struct web *web;
    enum more more = MORE;
    size_t number;

    if (routes == NULL) {
        routes = routes_new(tables);
        require(routes != NULL && web_open(&web, NULL, NULL) == 0);
        reply_init(reply);
    }
    reply_reset(reply);
    request.method = method;
    request.http11 = true;
    request.answers = answers;
    request.web = web;
    request.today = ASK_TODAY;
    request.content_type = type;
    request.body = len > 0 ? body : "";
    request.body_len = len;
    if (request_parse_target(&request, target, reply) &&
        routes_find(routes, &request, reply, &number))
        answer(&request, reply);
    if (reply->reason != NULL)
        reply_render_problem(reply, target, "id");
    else
        while (reply->produce != NULL && more == MORE)
            more = reply->produce(reply->stream_state, &reply->body);
    if (reply->produce != NULL && reply->stream_free != NULL)
        reply->stream_free(reply->stream_state);
    reply->produce = NULL;
    return more != MORE_FAILED;
}
