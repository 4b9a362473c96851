/* test_source_mcd.c - exports and captures of the coverage database, from their
 * bytes into a build. */
#include "tests/builds.h"

#include "codesets/store/coverage.h"
#include "codesets/store/store.h"
#include "tests/coverage_export.h"

static void put_export(
    struct coverage_export *e, const char *file, const char *name)
{
    struct buffer zip = {0};

    export_pack(&zip, e, name);
    put_buffer(file, &zip);
}

static void put_example(const char *file)
{
    struct coverage_export e;

    export_example(&e);
    put_export(&e, file, "current_article");
    export_end(&e);
}

#define IN(table) "current_article.zip/current_article_csv.zip/" table ".csv"

static void an_export_is_read_table_by_table(void **state)
{
    struct made made;

    put_example("current_article.zip");
    build(&made);
    file_is(&made, IN("article_x_icd10_covered"), "kept 3 3 0 0 0");
    file_is(&made, IN("article"), "kept 1 1 0 0 0");
    file_is(&made, IN("contractor_jurisdiction"), "kept 5 5 0 0 0");
    dump_has(&made, "coverage\t",
        "article\t10001\t4\t2026-08-06\t2026-08-06\t" IN(
            "article") ":2\tstatus=A\tpublished=2023-12-01\teffective="
                       "2024-01-01\tupdated=2026-08-06\ttitle=Billing and "
                       "Coding: Invented 10001\ttype=Billing and Coding\t"
                       "keywords=word one\tdescription=Invented & short.\n");
    dump_has(&made,
        "coverage_group\tarticle\t10001\t4\t2026-08-06\t2026-08-06\t",
        "procedures\t1\t1\t" IN(
            "article_x_hcpc_code_group") ":2\tparagraph="
                                         "These codes:\n"
                                         "covered\t1\t3"
                                         "\t" IN(
                                             "article_x_"
                                             "icd10_"
                                             "covered_"
                                             "group") ":2\t"
                                                      "para"
                                                      "grap"
                                                      "h="
                                                      "Thes"
                                                      "e "
                                                      "supp"
                                                      "ort "
                                                      "medi"
                                                      "cal "
                                                      "nece"
                                                      "ssit"
                                                      "y "
                                                      "of "
                                                      "G028"
                                                      "3:\t"
                                                      "aste"
                                                      "risk"
                                                      "=Onl"
                                                      "y "
                                                      "as "
                                                      "a "
                                                      "seco"
                                                      "ndar"
                                                      "y "
                                                      "diag"
                                                      "nosi"
                                                      "s\n"
                                                      "nonc"
                                                      "over"
                                                      "ed\t"
                                                      "1\t1"
                                                      "\t" IN("article_x_icd10_"
                                                              "noncovered_"
                                                              "group") ":2\tpar"
                                                                       "agraph="
                                                                       "These "
                                                                       "do "
                                                                       "not:\n"
                                                                       "contrac"
                                                                       "tors\t0"
                                                                       "\t2\n");
    dump_has(&made,
        "coverage_code\tarticle\t10001\t4\t2026-08-06\t2026-08-06\tcovered\t",
        "1\tM5450\tN\t" IN(
            "article_x_icd10_covered") ":2\n"
                                       "1\tM5451\tN\t" IN(
                                           "article_x_icd10_"
                                           "covered") ":3\n"
                                                      "1\tM5459"
                                                      "\tN*"
                                                      "\t" IN("artic"
                                                              "le_x_"
                                                              "icd10"
                                                              "_cove"
                                                              "red") ":4\n");
    dump_has(&made, "coverage_state\t2026-08-06\t",
        "22\tKY\tKY\tKentucky\t" IN(
            "state_lookup") ":3\n"
                            "41\tNY\tNY\tNew York - Entire State\t" IN(
                                "state_lookup") ":4\n"
                                                "42\tOH\tOH\tOhio\t" IN(
                                                    "state_lookup") ":2\n"
                                                                    "64\tQN\tNY"
                                                                    "\tNew "
                                                                    "York - "
                                                                    "Queens"
                                                                    "\t" IN(
                                                                        "state_"
                                                                        "looku"
                                                                        "p") ":"
                                                                             "5"
                                                                             "\n");
    dump_has(&made, "coverage_jurisdiction\t2026-08-06\t2026-08-06\t300.9.2\t",
        "42\t2001-01-01\t2011-10-16\t" IN(
            "contractor_jurisdiction") ":6\n"
                                       "64\t2013-01-01\t\t" IN(
                                           "contractor_jurisdiction") ":5\n");
    assert_int_equal(verify_build(made.result.path, NULL, NULL), 0);
    forget(&made);
}

static void a_store_knows_what_was_loaded(void **state)
{
    struct made made;
    struct store *opened;
    const struct coverage *c;

    put_example("current_article.zip");
    build(&made);
    assert_int_equal(store_open(&opened, made.result.path, NULL), 0);
    c = store_coverage(opened);
    assert_non_null(c);
    assert_true(coverage_loaded(c, 0, COVERAGE_ARTICLES));
    assert_true(coverage_loaded(c, 0, COVERAGE_ARTICLE_COVERED_GROUPS));
    assert_true(coverage_loaded(c, 0, COVERAGE_JURISDICTIONS));
    assert_false(coverage_loaded(c, 0, COVERAGE_LCDS));
    assert_false(coverage_release(c, 0).history);
    store_close(opened);
    forget(&made);
}

static void an_export_that_lacks_a_table_is_partial(void **state)
{
    static const struct build_options allowed = {.allow_partial = true};
    struct coverage_export e;
    struct made made;

    export_example(&e);
    e.left_out[EXPORT_COVERED_GROUP] = true;
    e.left_out[EXPORT_JURISDICTION] = true;
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build_fails(IN("article") ": partial: the export lacks "
                              "article_x_icd10_covered_group, "
                              "contractor_jurisdiction; --allow-partial "
                              "leaves it out; to have it, load it whole, "
                              "with all its parts, downloaded anew if need be");
    build_with(&made, &allowed);
    assert_int_equal(made.rc, 0);
    assert_non_null(strstr(made.dump, "coverage_release\t2026-08-06\t"));
    assert_null(strstr(made.dump, "These support medical necessity"));
    forget(&made);
}

static void a_needed_table_without_rows_is_damaged(void **state)
{
    struct coverage_export e;

    export_example(&e);
    buffer_clear(&e.table[EXPORT_COVERED]);
    buffer_addf(&e.table[EXPORT_COVERED], "%s\r\n",
        export_layouts[EXPORT_COVERED].heading);
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build_fails(IN("article_x_icd10_covered") ": damaged: a heading without "
                                              "any row");
}

static void columns_are_bound_by_name(void **state)
{
    struct coverage_export e;
    struct made made;

    export_example(&e);
    buffer_clear(&e.table[EXPORT_NONCOVERED]);
    buffer_adds(&e.table[EXPORT_NONCOVERED],
        "new_column,ICD10_CODE_ID,icd10_noncovered_group,article_version,"
        "article_id\r\nx,e11.9,1,4,10001\r\n\"a\r\nb\",E11.9,2,4,10001\r\n");
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build(&made);
    file_is(&made, IN("article_x_icd10_noncovered"), "kept 2 1 1 0 0");
    dump_has(&made,
        "coverage_code\tarticle\t10001\t4\t2026-08-06\t2026-08-06\tnoncovered",
        "\t2\tE119\tN\t" IN("article_x_icd10_noncovered") ":3\n");
    forget(&made);
}

static void rows_that_cannot_be_are_refused_with_a_reason(void **state)
{
    struct coverage_export e;
    struct made made;

    export_example(&e);
    export_code(&e, EXPORT_PROCEDURE, 10001, 4, 1, "G028");
    export_code(&e, EXPORT_COVERED, 10001, 4, 1, "54.5");
    export_row(&e, EXPORT_COVERED, "10001,4,M54.2,17");
    export_row(&e, EXPORT_COVERED, "x,4,M54.2,17,1,N,2026-08-06,1,,");
    export_row(&e, EXPORT_JURISDICTION, "236,9,1,42,2026-08-06,2011-13-01,");
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build(&made);
    file_is(&made, IN("article_x_hcpc_code"), "kept 2 1 1 0 0");
    file_is(&made, IN("article_x_icd10_covered"), "kept 6 3 3 0 0");
    file_is(&made, IN("contractor_jurisdiction"), "kept 6 5 1 0 0");
    assert_non_null(strstr(
        made.report, "row 3, hcpc_code_id: not of a procedure code's shape"));
    assert_non_null(strstr(
        made.report, "row 5, icd10_code_id: not of an ICD-10-CM code's shape"));
    assert_non_null(
        strstr(made.report, "row 6, row: not as many cells as the heading"));
    assert_non_null(strstr(made.report, "row 7, article_id: not a number"));
    assert_non_null(strstr(
        made.report, "row 7, active_date: not a date of any known form"));
    forget(&made);
}

static void placeholders_are_no_codes(void **state)
{
    struct coverage_export e;
    struct made made;

    export_example(&e);
    export_article(&e, 10002, 1, "A", "2024-01-01", "");
    export_code(&e, EXPORT_PROCEDURE, 10002, 1, 1, "XX000");
    export_code(&e, EXPORT_COVERED, 10002, 1, 1, "XX000");
    export_code(&e, EXPORT_COVERED, 10002, 1, 1, "XX000");
    export_code(&e, EXPORT_BILL_TYPE, 10002, 1, 0, "999");
    export_code(&e, EXPORT_BILL_TYPE, 10002, 1, 0, "013");
    export_code(&e, EXPORT_REVENUE, 10002, 1, 0, "99999");
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build(&made);
    file_is(&made, IN("article_x_icd10_covered"), "kept 5 4 0 0 1");
    dump_has(&made,
        "coverage_group\tarticle\t10002\t1\t2026-08-06\t2026-08-06\t",
        "procedures\t1\t0\tplaceholder\n"
        "covered\t1\t0\tplaceholder\n"
        "bill_types\t0\t1\tplaceholder\n"
        "revenue\t0\t0\tplaceholder\n");
    forget(&made);
}

static void a_row_twice_counts_once(void **state)
{
    struct coverage_export e;
    struct made made;

    export_example(&e);
    export_asterisked(&e, 10001, 4, 1, "M54.50");
    export_article_contractor(&e, 10001, 4, 236, 9, 1);
    export_article_contractor(&e, 10001, 4, 236, 9, 2);
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build(&made);
    file_is(&made, IN("article_x_icd10_covered"), "kept 4 3 0 0 1");
    file_is(&made, IN("article_x_contractor"), "kept 4 3 0 0 1");
    /* the asterisk is not lost */
    dump_has(&made,
        "coverage_code\tarticle\t10001\t4\t2026-08-06\t2026-08-06\tcovered\t1"
        "\tM5450\t",
        "N*\t" IN("article_x_icd10_covered") ":2\n");
    forget(&made);
}

static void statuses_drafts_and_dates_are_kept(void **state)
{
    struct coverage_export e;
    struct made made;

    export_example(&e);
    export_row(&e, EXPORT_ARTICLE,
        "10003,2,7,Draft,,3/1/2026,12/31/9999,,,,p,07/30/2026 09:15:00,,,,,,,"
        "2026-06-30T00:00:00,,,,,,,DA10003,");
    export_row(&e, EXPORT_ARTICLE,
        "10004,9,99,Retired,,2020-01-01,2025-12-31,,,,R,2026-01-02,,,,,,,,,"
        "2025-12-31,,,,,,");
    export_row(&e, EXPORT_RETIRE, "10001,2026-12-31");
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build(&made);
    dump_has(&made, "coverage\tarticle\t10003\t",
        "2\t2026-08-06\t2026-08-06\t" IN(
            "article") ":3\tstatus=P\tdraft\teffective=2026-03-01\t"
                       "revision_ended=2026-06-30\tupdated=2026-07-30\ttitle="
                       "Draft\tdisplay_id=DA10003\ttype=Billing and Coding\n");
    dump_has(&made, "coverage\tarticle\t10004\t",
        "9\t2026-08-06\t2026-08-06\t" IN(
            "article") ":4\tstatus=R\teffective=2020-01-01\tended=2025-12-31\t"
                       "retired=2025-12-31\tupdated=2026-01-02\ttitle=Retired"
                       "\ttype=99\n");
    assert_non_null(strstr(made.dump, "\tretires=2026-12-31\t"));
    forget(&made);
}

static void long_fields_in_two_encodings_are_read(void **state)
{
    enum { LONG = 200 << 10 };
    struct coverage_export e;
    struct made made;
    char *text = malloc(LONG + 64);

    assert_non_null(text);
    memset(text, 'x', LONG);
    memcpy(text, "<p>", 3);
    (void)snprintf(text + LONG, 64,
        "</p>\r\n<p>\xC3\xA9 2\x96"
        "3 &ge;4</p>");
    export_example(&e);
    export_paragraph(&e, EXPORT_PROCEDURE_GROUP, 10001, 4, 2, text, NULL);
    export_paragraph(&e, EXPORT_PROCEDURE_GROUP, 10001, 4, 3,
        "5\xE2\x80\x93"
        "6\n7",
        NULL);
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build(&made);
    assert_non_null(strstr(made.dump, "x\\n\xC3\xA9 2\xE2\x80\x93"
                                      "3 \xE2\x89\xA5"
                                      "4\n"));
    assert_non_null(strstr(made.dump, "paragraph=5\xE2\x80\x93"
                                      "6 7\n"));
    free(text);
    forget(&made);
}

static void an_export_of_all_versions_is_a_history(void **state)
{
    struct coverage_export e;
    struct made made;
    struct store *opened;

    export_example(&e);
    export_article(&e, 10001, 3, "A", "2022-01-01", "2023-12-31");
    export_code(&e, EXPORT_PROCEDURE, 10001, 3, 1, "A9900");
    put_export(&e, "all_article.zip", "all_article");
    export_end(&e);
    build(&made);
    assert_int_equal(store_open(&opened, made.result.path, NULL), 0);
    assert_true(coverage_release(store_coverage(opened), 0).history);
    store_close(opened);
    forget(&made);
}

/* An export of what is in force has now and then a coming version beside the
 * present one (domain.md 7.1): it is a snapshot all the same, and says nothing
 * of the days before it. */
static void a_coming_version_makes_no_history(void **state)
{
    struct coverage_export e;
    struct made made;
    struct store *opened;

    export_example(&e);
    for (uint32_t id = 20001; id <= 20040; id++)
        export_article(&e, id, 4, "A", "2024-01-01", "");
    export_article(&e, 20040, 5, "A", "2026-10-01", "");
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build(&made);
    assert_int_equal(store_open(&opened, made.result.path, NULL), 0);
    assert_false(coverage_release(store_coverage(opened), 0).history);
    store_close(opened);
    forget(&made);
}

/* A table of which a week later most is missing is noticed, in one build or
 * beside the build before. */
static void a_table_cut_short_is_noticed(void **state)
{
    enum { WHOLE = 300, PART = 100 };
    struct coverage_export e;
    struct made made;

    for (int week = 0; week < 2; week++) {
        export_example(&e);
        e.updated = week == 0 ? "2026-08-06" : "2026-08-13";
        export_article(&e, 10009, 1, "A", "2024-01-01", "");
        for (int i = 0; i < (week == 0 ? WHOLE : PART); i++) {
            char code[16];

            (void)snprintf(code, sizeof code, "M%02u.%u", (unsigned)i / 10,
                (unsigned)i % 10);
            export_code(&e, EXPORT_COVERED, 10009, 1, 1, code);
        }
        put_export(&e, "current_article.zip", "current_article");
        export_end(&e);
        if (week == 0) {
            build(&made);
            forget(&made);
        }
    }
    build_fails(IN(
        "article") ": partial: 103 rows of "
                   "article_x_icd10_covered where release "
                   "2026-08-06 has 303: only a part of a release; "
                   "--allow-partial leaves it out; to have it, load it whole, "
                   "with all its parts, downloaded anew if need be");
}

/* Two weeks: a snapshot each; what did not change is kept once. */
static void weekly_exports_are_snapshots(void **state)
{
    struct coverage_export e;
    struct made made;

    export_example(&e);
    put_export(&e, "w1/current_article.zip", "current_article");
    export_end(&e);
    export_example(&e);
    e.updated = "2026-08-13";
    export_article(&e, 10009, 1, "A", "2026-08-13", "");
    put_export(&e, "w2/current_article.zip", "current_article");
    export_end(&e);
    build(&made);
    dump_has(&made, "coverage_release\t2026-08-06",
        "\tarticle\tarticle_future_retire\tarticle_related_documents\tarticle_"
        "related_ncd_documents\tarticle_x_hcpc_code\tarticle_x_hcpc_code_"
        "group\tarticle_x_icd10_covered\tarticle_x_icd10_covered_"
        "group\tarticle_x_icd10_noncovered\tarticle_x_icd10_noncovered_"
        "group\tarticle_x_hcpc_modifier\tarticle_x_hcpc_modifier_"
        "group\tarticle_x_bill_code\tarticle_x_revenue_code\tarticle_x_"
        "contractor\tarticle_x_primary_jurisdiction\tcontractor\tcontractor_"
        "jurisdiction\tstate_lookup\n");
    assert_non_null(strstr(made.dump,
        "coverage\tarticle\t10001\t4\t2026-08-06\t2026-08-13\t"
        "w2/"));
    assert_non_null(strstr(
        made.dump, "coverage\tarticle\t10009\t1\t2026-08-13\t2026-08-13\t"));
    assert_int_equal(verify_build(made.result.path, NULL, NULL), 0);
    forget(&made);
}

/* LCDs are downloaded apart, and were last changed on another day. */
static void lcds_join_the_articles_of_their_week(void **state)
{
    struct coverage_export e;
    struct made made;

    export_example(&e);
    export_related_lcd(&e, 10001, 4, 30001, 7);
    put_export(&e, "current_article.zip", "current_article");
    e.updated = "2026-08-04";
    export_lcd(&e, 30001, 7, "2019-10-01");
    export_row(&e, EXPORT_LCD_CONTRACTOR, "30001,7,236,9,1,2026-08-04");
    put_export(&e, "current_lcd.zip", "current_lcd");
    export_end(&e);
    build(&made);
    assert_non_null(
        strstr(made.dump, "coverage\tlcd\t30001\t7\t2026-08-06\t2026-08-06\t"));
    assert_non_null(strstr(made.dump,
        "coverage_relation\tarticle\t10001\t4\t2026-08-06\t2026-08-06\tlcd\t"
        "30001\t7\t0\n"));
    /* its look-ups are those that came with the articles */
    file_is(&made, "current_lcd.zip/current_lcd_csv.zip/state_lookup.csv",
        "duplicate 4 0 0 0 4");
    forget(&made);
}

static void a_capture_may_lack_tables_and_says_so(void **state)
{
    struct made made;

    put("cap/codes.csv",
        "article_id,article_version,hcpc_code_id,hcpc_code_version,"
        "hcpc_code_group,long_description,short_description,range,"
        "last_updated\n57000,2,G0283,102,1,,Invented,N,08/07/2026\n");
    put("cap/groups.csv",
        "article_id,article_version,hcpc_code_group,paragraph,last_updated\n"
        "57000,2,1,\"&lt;p&gt;One&lt;&sol;p&gt;\n&lt;p&gt;Two&lt;&sol;p&gt;\","
        "08/06/2026\n");
    put("cap/revenue_codes.csv",
        "57000,2,,05/29/2026,X,0510,15\n57000,2,,05/29/2026,Z,0519,15\n"
        "article_id,article_version,description,last_updated,range,"
        "revenue_code_id,revenue_code_version\n57000,2,,05/29/2026,N,0420,15"
        "\n");
    build(&made);
    file_is(&made, "cap/revenue_codes.csv", "kept 3 3 0 0 0");
    dump_has(&made, "coverage_release\t",
        "2026-08-07\tarticle_x_hcpc_code\tarticle_x_hcpc_code_group\t"
        "article_x_revenue_code\n");
    dump_has(&made,
        "coverage_group\tarticle\t57000\t2\t2026-08-07\t2026-08-07\t",
        "procedures\t1\t1\tcap/groups.csv:2\tparagraph=One\\nTwo\n"
        "revenue\t0\t3\n");
    dump_has(&made,
        "coverage_code\tarticle\t57000\t2\t2026-08-07\t2026-08-07\trevenue\t0",
        "\t0420\tN\tcap/revenue_codes.csv:4\n"
        "\t0510\tB\tcap/revenue_codes.csv:1\n"
        "\t0519\tE\tcap/revenue_codes.csv:2\n");
    assert_non_null(strstr(note_of(&made, "cap/codes.csv"),
        "a capture without article, article_x_icd10_covered"));
    forget(&made);
}

static void a_told_release_dates_what_tells_no_day(void **state)
{
    static const struct build_options told = {
        .collect = {.release = "2026-08-20"}};
    static const char rows[] =
        "state_id,state_abbrev,description\n42,OH,Ohio\n";
    struct made made;

    put("state_lookup.csv", rows);
    build_with(&made, NULL);
    assert_int_equal(made.rc, ERR_INPUT);
    assert_non_null(strstr(made.err.msg, "--release 2026-08-07"));
    forget(&made);
    build_with(&made, &told);
    assert_int_equal(made.rc, 0);
    dump_has(&made, "coverage_release\t", "2026-08-20\tstate_lookup\n");
    forget(&made);
}

/* The size of the whole database: 250,000 covered rows of 2,000 articles. */
static void a_database_of_full_size_is_loaded(void **state)
{
    enum { ARTICLES = 2000, CODES = 125, FIRST = 50000 };
    struct coverage_export e;
    struct made made;
    struct store *opened;
    const struct coverage *c;
    struct coverage_uses uses;
    uint32_t code, group, count = 0;

    export_example(&e);
    for (unsigned a = 0; a < ARTICLES; a++) {
        const unsigned id = FIRST + a;

        export_article(&e, id, 1, "A", "2024-01-01", "");
        export_article_contractor(&e, id, 1, 236, 9, 1);
        for (unsigned i = 0; i < CODES; i++) {
            const unsigned n = (a * 37 + i * 11) % 90000;
            char text[16];

            (void)snprintf(text, sizeof text, "%c%02u.%u%u",
                'A' + (int)(n / 10000), n / 100 % 100, n / 10 % 10, n % 10);
            export_code(&e, EXPORT_COVERED, id, 1, 1, text);
        }
        export_code(&e, EXPORT_PROCEDURE, id, 1, 1, "G0283");
    }
    put_export(&e, "current_article.zip", "current_article");
    export_end(&e);
    build(&made);
    file_is(&made, IN("article_x_icd10_covered"), "kept 250003 250003 0 0 0");
    assert_int_equal(store_open(&opened, made.result.path, NULL), 0);
    c = store_coverage(opened);
    assert_int_equal(coverage_documents(c), ARTICLES + 1);
    code = coverage_code(
        c, COVERAGE_CODE_PROCEDURE, coverage_key_text("G0283", 5));
    coverage_uses_begin(c, code, &uses);
    while (coverage_uses_next(c, &uses, &group))
        count++;
    assert_int_equal(count, ARTICLES + 1);
    store_close(opened);
    forget(&made);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, builds_begin, builds_end)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(an_export_is_read_table_by_table),
        TEST(a_store_knows_what_was_loaded),
        TEST(an_export_that_lacks_a_table_is_partial),
        TEST(a_needed_table_without_rows_is_damaged),
        TEST(columns_are_bound_by_name),
        TEST(rows_that_cannot_be_are_refused_with_a_reason),
        TEST(placeholders_are_no_codes),
        TEST(a_row_twice_counts_once),
        TEST(statuses_drafts_and_dates_are_kept),
        TEST(long_fields_in_two_encodings_are_read),
        TEST(an_export_of_all_versions_is_a_history),
        TEST(a_coming_version_makes_no_history),
        TEST(a_table_cut_short_is_noticed),
        TEST(weekly_exports_are_snapshots),
        TEST(lcds_join_the_articles_of_their_week),
        TEST(a_capture_may_lack_tables_and_says_so),
        TEST(a_told_release_dates_what_tells_no_day),
        TEST(a_database_of_full_size_is_loaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
