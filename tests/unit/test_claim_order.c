/* test_claim_order.c - the order of a claim's lines changes nothing but the
 * numbers of the lines: random claims, each asked in several orders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/claim_store.h"

enum { CLAIMS = 400, ORDERS = 4, LINES = 24, TEXT = 64, SAID = 512 };

static uint32_t seed = 20240701;

static uint32_t draw(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static void draw_line(char out[TEXT])
{
    static const char *const codes[] = {"97110", "97112", "97113", "97116",
        "97124", "97140", "97150", "97530", "97161", "97164", "97165", "97010",
        "97014", "97129", "97130", "90834", "90837", "90838", "90785", "99213",
        "0887T", "99199", "69990", "97001", "99999", "M54.50", "97032", "G0283",
        "19301"};
    static const char *const modifiers[] = {"", "", "GP", "GO", "GP+59",
        "59+GP", "GP+GO", "CQ+GO", "KX+GP", "XE+59", "50", "25", "RT", "LT"};
    static const char *const days[] = {
        "", "", "", "@2024-07-16", "@2024-11-15"};
    static const char *const providers[] = {"", "", "by1", "by2"};
    char minutes[16] = "";

    if (draw(3) == 0)
        (void)snprintf(minutes, sizeof minutes, "m%u", draw(4) * 15 + draw(15));
    (void)snprintf(out, TEXT, "%s %u %s %s %s %s dx%u",
        codes[draw(sizeof codes / sizeof *codes)], 1 + draw(4),
        modifiers[draw(sizeof modifiers / sizeof *modifiers)], minutes,
        days[draw(sizeof days / sizeof *days)],
        providers[draw(sizeof providers / sizeof *providers)], 1 + draw(3));
}

/* One finding with its lines under the numbers they had at first. */
static void write_finding(char out[SAID], const struct claim_finding *finding,
    const unsigned *original)
{
    bool is_there[2][LINES] = {{false}};
    const uint16_t *ref = claim_work->report.ref + finding->first_ref;
    size_t used;

    for (unsigned i = 0; i < finding->lines; i++)
        is_there[0][original[ref[i]]] = true;
    for (unsigned i = 0; i < finding->denied; i++)
        is_there[1][original[ref[finding->lines + i]]] = true;
    used = (size_t)snprintf(out, SAID, "%s %s %s",
        claim_check_name(finding->check),
        claim_severity_name(finding->severity),
        claim_reason_name(finding->reason));
    for (int part = 0; part < 2; part++) {
        used += (size_t)snprintf(out + used, SAID - used, " /");
        for (unsigned i = 0; i < LINES; i++)
            if (is_there[part][i])
                used += (size_t)snprintf(out + used, SAID - used, " %u", i);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

struct told {
    bool clean;
    uint16_t gaps;
    size_t count;
    char (*text)[SAID];
};

static void ask(struct told *out, char (*line)[TEXT], const unsigned *original,
    size_t lines)
{
    const struct claim_report *report = &claim_work->report;

    claim_of("2024-07-15");
    claim_add_diagnosis(&claim_work->claim, "M54.50", 6);
    claim_add_diagnosis(&claim_work->claim, "M54.2", 5);
    for (size_t i = 0; i < lines; i++)
        claim_with(line[original[i]]);
    claim_check_it();
    out->clean = report->clean;
    out->gaps = report->gaps;
    out->count = report->findings;
    for (uint16_t i = 0; i < report->findings; i++)
        write_finding(out->text[i], claim_finding_at(report, i), original);
    qsort(out->text, out->count, sizeof *out->text, by_text);
}

static void permuted_lines_give_the_same_findings(void **state)
{
    static char room[2][CLAIM_FINDINGS_MAX][SAID];
    struct told first = {.text = room[0]}, other = {.text = room[1]};
    size_t findings = 0;

    for (int c = 0; c < CLAIMS; c++) {
        const size_t lines = 2 + draw(LINES - 1);
        char line[LINES][TEXT];
        unsigned original[LINES];

        for (size_t i = 0; i < lines; i++) {
            draw_line(line[i]);
            original[i] = (unsigned)i;
        }
        ask(&first, line, original, lines);
        findings += first.count;
        for (int o = 0; o < ORDERS; o++) {
            for (size_t i = lines - 1; i > 0; i--) {
                const size_t k = draw((uint32_t)i + 1);
                const unsigned kept = original[i];

                original[i] = original[k];
                original[k] = kept;
            }
            ask(&other, line, original, lines);
            assert_int_equal(first.count, other.count);
            assert_int_equal(first.clean, other.clean);
            assert_int_equal(first.gaps, other.gaps);
            for (size_t i = 0; i < first.count; i++)
                assert_string_equal(first.text[i], other.text[i]);
        }
    }
    assert_true(findings > CLAIMS * 10); /* the claims were worth it */
}

/* Every finding a permutation leaves alone is in the same place, too, when its
 * lines are the same. */
static void findings_stand_in_the_order_of_the_steps(void **state)
{
    claim_of("2024-07-15");
    claim_with("90785 1");
    claim_with("97124 9 GP");
    claim_with("97140 1");
    claim_with("99999 1");
    claim_check_it();
    for (uint16_t i = 1; i < claim_work->report.findings; i++)
        assert_true(claim_finding_at(&claim_work->report, i - 1)->check <=
                    claim_finding_at(&claim_work->report, i)->check);
}

/* The same claim asked again and again gives the same report: nothing is left
 * over from the one before. */
static void a_report_is_used_again_without_traces(void **state)
{
    uint16_t findings;

    claim_of("2024-07-15");
    claim_with("97140 1 GP");
    claim_check_it();
    findings = claim_work->report.findings;
    claim_of("2024-07-15");
    for (int i = 0; i < 60; i++)
        claim_with("97110 9 GP m9999");
    claim_check_it();
    claim_of("2024-07-15");
    claim_with("97140 1 GP");
    claim_check_it();
    assert_int_equal(claim_work->report.findings, findings);
    lines_are_clean();
    denied_are("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(permuted_lines_give_the_same_findings),
        cmocka_unit_test(findings_stand_in_the_order_of_the_steps),
        cmocka_unit_test(a_report_is_used_again_without_traces),
    };

    return cmocka_run_group_tests(tests, claim_store_open, claim_store_close);
}
