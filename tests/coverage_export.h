/* coverage_export.h - small exports of the coverage database, packed as the
 * publisher packs them: a zip with a read-me and an inner zip of one CSV a
 * table, columns in the publisher's order (domain.md 2f).
 *
 *     struct coverage_export e;
 *
 *     export_begin(&e);
 *     export_article(&e, 10001, 4, "A", "2024-01-01", "");
 *     export_code(&e, EXPORT_PROCEDURE, 10001, 4, 1, "G0283");
 *     …
 *     export_pack(&zip, &e, "current_article");
 *
 * Texts are put between quotes as they are given: without quotes in them. */
#ifndef TESTS_COVERAGE_EXPORT_H
#define TESTS_COVERAGE_EXPORT_H
#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codesets/core/buffer.h"
#include "tests/archives.h"

enum export_table {
    EXPORT_ARTICLE,
    EXPORT_PROCEDURE,
    EXPORT_PROCEDURE_GROUP,
    EXPORT_COVERED,
    EXPORT_COVERED_GROUP,
    EXPORT_NONCOVERED,
    EXPORT_NONCOVERED_GROUP,
    EXPORT_MODIFIER,
    EXPORT_MODIFIER_GROUP,
    EXPORT_BILL_TYPE,
    EXPORT_REVENUE,
    EXPORT_ARTICLE_CONTRACTOR,
    EXPORT_ARTICLE_STATE,
    EXPORT_RELATED,
    EXPORT_RELATED_NCD,
    EXPORT_RETIRE,
    EXPORT_ARTICLE_TYPE,
    EXPORT_LCD,
    EXPORT_LCD_CONTRACTOR,
    EXPORT_CONTRACTOR,
    EXPORT_JURISDICTION,
    EXPORT_STATE,
    EXPORT_TABLES
};

static const struct export_layout {
    const char *name, *heading;
} export_layouts[EXPORT_TABLES] = {
    [EXPORT_ARTICLE] = {"article",
        "article_id,article_version,article_type,title,article_pub_date,"
        "article_eff_date,article_end_date,description,other_comments,sad_url,"
        "status,last_updated,history_exp,key_article,icd9_covered_para,"
        "icd9_noncovered_para,revenue_para,thirty_percent,"
        "article_rev_end_date,source_article_id,date_retired,keywords,"
        "icd10_doc,add_icd10_info,cms_cov_policy,display_id,"
        "reference_article"},
    [EXPORT_PROCEDURE] = {"article_x_hcpc_code",
        "article_id,article_version,hcpc_code_id,hcpc_code_version,"
        "hcpc_code_group,range,last_updated,long_description,"
        "short_description"},
    [EXPORT_PROCEDURE_GROUP] = {"article_x_hcpc_code_group",
        "article_id,article_version,hcpc_code_group,paragraph,last_updated"},
    [EXPORT_COVERED] = {"article_x_icd10_covered",
        "article_id,article_version,icd10_code_id,icd10_code_version,"
        "icd10_covered_group,range,last_updated,sort_order,description,"
        "asterisk"},
    [EXPORT_COVERED_GROUP] = {"article_x_icd10_covered_group",
        "article_id,article_version,icd10_covered_group,paragraph,"
        "last_updated,icd10_covered_ast"},
    [EXPORT_NONCOVERED] = {"article_x_icd10_noncovered",
        "article_id,article_version,icd10_code_id,icd10_code_version,"
        "icd10_noncovered_group,range,last_updated,sort_order,description"},
    [EXPORT_NONCOVERED_GROUP] = {"article_x_icd10_noncovered_group",
        "article_id,article_version,icd10_noncovered_group,paragraph,"
        "last_updated"},
    [EXPORT_MODIFIER] = {"article_x_hcpc_modifier",
        "article_id,article_version,hcpc_modifier_code_id,"
        "hcpc_modifier_code_version,hcpc_modifier_group,last_updated,"
        "description"},
    [EXPORT_MODIFIER_GROUP] = {"article_x_hcpc_modifier_group",
        "article_id,article_version,hcpc_modifier_group,paragraph,"
        "last_updated"},
    [EXPORT_BILL_TYPE] = {"article_x_bill_code",
        "article_id,article_version,bill_code_id,bill_code_version,"
        "last_updated,description"},
    [EXPORT_REVENUE] = {"article_x_revenue_code",
        "article_id,article_version,revenue_code_id,revenue_code_version,"
        "range,last_updated,description"},
    [EXPORT_ARTICLE_CONTRACTOR] = {"article_x_contractor",
        "article_id,article_version,article_type,contractor_id,"
        "contractor_type_id,contractor_version,last_updated"},
    [EXPORT_ARTICLE_STATE] = {"article_x_primary_jurisdiction",
        "article_id,article_version,state_id,last_updated"},
    [EXPORT_RELATED] = {"article_related_documents",
        "article_id,article_version,related_num,r_article_id,"
        "r_article_version,r_lcd_id,r_lcd_version,r_contractor_id,"
        "last_updated"},
    [EXPORT_RELATED_NCD] = {"article_related_ncd_documents",
        "article_id,article_version,related_num,r_ncd_id,r_ncd_version,"
        "last_updated"},
    [EXPORT_RETIRE] = {"article_future_retire", "article_id,retire_dt"},
    [EXPORT_ARTICLE_TYPE] = {"article_type_lookup",
        "article_type_id,description,last_updated"},
    [EXPORT_LCD] = {"lcd",
        "lcd_id,lcd_version,title,determination_number,orig_det_eff_date,"
        "ent_det_end_date,rev_eff_date,rev_end_date,indication,status,"
        "last_updated,display_id,date_retired,keywords"},
    [EXPORT_LCD_CONTRACTOR] = {"lcd_x_contractor",
        "lcd_id,lcd_version,contractor_id,contractor_type_id,"
        "contractor_version,last_updated"},
    [EXPORT_CONTRACTOR] = {"contractor",
        "contractor_id,contractor_type_id,contractor_version,"
        "contractor_bus_name,contractor_number,dmerc_rgn,address1,address2,"
        "address3,city,state_id,zipcode,phone,fax,status,last_updated,url,"
        "email,ignore,status_flag,cmd_name,cmd_title,contractor_subtype_id"},
    [EXPORT_JURISDICTION] = {"contractor_jurisdiction",
        "contractor_id,contractor_type_id,contractor_version,state_id,"
        "last_updated,active_date,term_date"},
    [EXPORT_STATE] = {"state_lookup", "state_id,state_abbrev,description"},
};

struct coverage_export {
    struct buffer table[EXPORT_TABLES]; /* with its heading */
    bool left_out[EXPORT_TABLES];
    const char *updated; /* last_updated of the rows that follow */
};

static inline void export_begin(struct coverage_export *e)
{
    *e = (struct coverage_export){.updated = "2026-08-06"};
    for (int t = 0; t < EXPORT_TABLES; t++)
        buffer_addf(&e->table[t], "%s\r\n", export_layouts[t].heading);
}

static inline void export_end(struct coverage_export *e)
{
    for (int t = 0; t < EXPORT_TABLES; t++)
        buffer_clear(&e->table[t]);
}

/* One more row as it is, without its line end. */
static inline void export_row(
    struct coverage_export *e, enum export_table table, const char *row)
{
    buffer_addf(&e->table[table], "%s\r\n", row);
}

static inline void export_article(struct coverage_export *e, unsigned id,
    unsigned version, const char *status, const char *effective,
    const char *ended)
{
    buffer_addf(&e->table[EXPORT_ARTICLE],
        "%u,%u,7,\"Billing and Coding: Invented %u\",2023-12-01 00:00:00,%s,%s,"
        "\"<p>Invented &amp; short.</p>\",,,%s,%s,,,,,,,,,,\"word "
        "one\",,,,,\r\n",
        id, version, id, effective, ended, status, e->updated);
}

/* A code in a group of a list: EXPORT_PROCEDURE, EXPORT_COVERED, … */
static inline void export_code(struct coverage_export *e,
    enum export_table table, unsigned id, unsigned version, unsigned group,
    const char *code)
{
    struct buffer *out = &e->table[table];

    switch (table) {
    case EXPORT_PROCEDURE:
        buffer_addf(out, "%u,%u,%s,102,%u,N,%s,,\r\n", id, version, code, group,
            e->updated);
        break;
    case EXPORT_COVERED:
        buffer_addf(out, "%u,%u,%s,17,%u,N,%s,1,Invented,\r\n", id, version,
            code, group, e->updated);
        break;
    case EXPORT_NONCOVERED:
        buffer_addf(out, "%u,%u,%s,17,%u,N,%s,1,Invented\r\n", id, version,
            code, group, e->updated);
        break;
    case EXPORT_MODIFIER:
        buffer_addf(out, "%u,%u,%s,16,%u,%s,\r\n", id, version, code, group,
            e->updated);
        break;
    case EXPORT_BILL_TYPE:
        buffer_addf(out, "%u,%u,%s,7,%s,\r\n", id, version, code, e->updated);
        break;
    default:
        assert_int_equal(table, EXPORT_REVENUE);
        buffer_addf(
            out, "%u,%u,%s,15,N,%s,\r\n", id, version, code, e->updated);
    }
}

/* A covered code with an asterisk. */
static inline void export_asterisked(struct coverage_export *e, unsigned id,
    unsigned version, unsigned group, const char *code)
{
    buffer_addf(&e->table[EXPORT_COVERED],
        "%u,%u,%s,17,%u,N,%s,1,Invented,*\r\n", id, version, code, group,
        e->updated);
}

/* The paragraph of a group: EXPORT_PROCEDURE_GROUP, …; asterisk only of covered
 * groups, or NULL. */
static inline void export_paragraph(struct coverage_export *e,
    enum export_table table, unsigned id, unsigned version, unsigned group,
    const char *paragraph, const char *asterisk)
{
    buffer_addf(&e->table[table], "%u,%u,%u,\"%s\",%s", id, version, group,
        paragraph, e->updated);
    if (table == EXPORT_COVERED_GROUP)
        buffer_addf(
            &e->table[table], ",\"%s\"", asterisk != NULL ? asterisk : "");
    buffer_adds(&e->table[table], "\r\n");
}

static inline void export_article_contractor(struct coverage_export *e,
    unsigned id, unsigned version, unsigned contractor, unsigned type,
    unsigned contractor_version)
{
    buffer_addf(&e->table[EXPORT_ARTICLE_CONTRACTOR], "%u,%u,7,%u,%u,%u,%s\r\n",
        id, version, contractor, type, contractor_version, e->updated);
}

static inline void export_article_state(
    struct coverage_export *e, unsigned id, unsigned version, unsigned state)
{
    buffer_addf(&e->table[EXPORT_ARTICLE_STATE], "%u,%u,%u,%s\r\n", id, version,
        state, e->updated);
}

static inline void export_related_lcd(struct coverage_export *e, unsigned id,
    unsigned version, unsigned lcd, unsigned lcd_version)
{
    buffer_addf(&e->table[EXPORT_RELATED], "%u,%u,1,,,%u,%u,,%s\r\n", id,
        version, lcd, lcd_version, e->updated);
}

static inline void export_contractor(struct coverage_export *e, unsigned id,
    unsigned type, unsigned version, const char *name)
{
    buffer_addf(&e->table[EXPORT_CONTRACTOR],
        "%u,%u,%u,\"%s\",1%u,,,,,,42,,,,A,%s,,,,,,,1\r\n", id, type, version,
        name, id, e->updated);
}

static inline void export_jurisdiction(struct coverage_export *e, unsigned id,
    unsigned type, unsigned version, unsigned state, const char *active,
    const char *terminated)
{
    buffer_addf(&e->table[EXPORT_JURISDICTION], "%u,%u,%u,%u,%s,%s,%s\r\n", id,
        type, version, state, e->updated, active, terminated);
}

static inline void export_state(struct coverage_export *e, unsigned id,
    const char *abbreviation, const char *name)
{
    buffer_addf(
        &e->table[EXPORT_STATE], "%u,%s,\"%s\"\r\n", id, abbreviation, name);
}

static inline void export_lcd(struct coverage_export *e, unsigned id,
    unsigned version, const char *effective)
{
    buffer_addf(&e->table[EXPORT_LCD],
        "%u,%u,\"Invented LCD %u\",,%s,,,,\"<p>Invented</p>\",A,%s,,,\r\n", id,
        version, id, effective, e->updated);
}

static inline bool export_is_lcd(int table)
{
    return table == EXPORT_LCD || table == EXPORT_LCD_CONTRACTOR;
}

/* Packs the tables of articles, or for a name with "lcd" those of LCDs, with
 * the look-ups, as "name.zip" holds them. */
static inline void export_pack(
    struct buffer *out, struct coverage_export *e, const char *name)
{
    struct buffer inner = {0};
    struct part parts[EXPORT_TABLES + 1];
    char file[EXPORT_TABLES][64], inner_name[64], readme[64];
    size_t n = 0;

    for (int t = 0; t < EXPORT_TABLES; t++) {
        if (e->left_out[t] ||
            (t < EXPORT_CONTRACTOR &&
                export_is_lcd(t) != (strstr(name, "lcd") != NULL)))
            continue;
        (void)snprintf(
            file[n], sizeof file[n], "%s.csv", export_layouts[t].name);
        parts[n] = (struct part){file[n], e->table[t].data, e->table[t].len};
        n++;
    }
    parts[n] = (struct part){NULL, NULL, 0};
    archives_zip(&inner, parts);
    (void)snprintf(inner_name, sizeof inner_name, "%s_csv.zip", name);
    (void)snprintf(readme, sizeof readme, "%s_readme.txt", name);
    {
        const struct part outer[] = {
            {readme, "How this download is laid out.\n", 0},
            {inner_name, inner.data, inner.len}, {NULL, NULL, 0}};

        archives_zip(out, outer);
    }
    buffer_clear(&inner);
}

/* Three states, two contractors and a third for New York's Queens, and one
 * article (10001, version 4, since 2024-01-01) with a procedure, one covered
 * and one noncovered list and their paragraphs: what tests begin with. */
static inline void export_example(struct coverage_export *e)
{
    export_begin(e);
    export_row(e, EXPORT_ARTICLE_TYPE, "7,Billing and Coding,2026-01-01");
    export_state(e, 42, "OH", "Ohio");
    export_state(e, 22, "KY", "Kentucky");
    export_state(e, 41, "NY", "New York - Entire State");
    export_state(e, 64, "QN", "New York - Queens");
    export_contractor(e, 236, 9, 1, "Example Administrators, LLC");
    export_contractor(e, 238, 8, 1, "Example Administrators, LLC");
    export_contractor(e, 300, 9, 2, "Other Example, Inc.");
    export_jurisdiction(e, 236, 9, 1, 42, "2011-10-17", "");
    export_jurisdiction(e, 236, 9, 1, 22, "2011-10-17", "");
    export_jurisdiction(e, 238, 8, 1, 42, "2011-10-17", "");
    export_jurisdiction(e, 300, 9, 2, 64, "2013-01-01 00:00:00", "");
    export_jurisdiction(e, 300, 9, 2, 42, "2001-01-01", "2011-10-16");
    export_article(e, 10001, 4, "A", "2024-01-01", "");
    export_article_contractor(e, 10001, 4, 236, 9, 1);
    export_article_contractor(e, 10001, 4, 238, 8, 1);
    export_code(e, EXPORT_PROCEDURE, 10001, 4, 1, "G0283");
    export_paragraph(
        e, EXPORT_PROCEDURE_GROUP, 10001, 4, 1, "<p>These codes:</p>", NULL);
    export_code(e, EXPORT_COVERED, 10001, 4, 1, "M54.50");
    export_code(e, EXPORT_COVERED, 10001, 4, 1, "M54.51");
    export_asterisked(e, 10001, 4, 1, "M54.59");
    export_paragraph(e, EXPORT_COVERED_GROUP, 10001, 4, 1,
        "<p>These support medical necessity of G0283:</p>",
        "Only as a secondary diagnosis");
    export_code(e, EXPORT_NONCOVERED, 10001, 4, 1, "I10");
    export_paragraph(
        e, EXPORT_NONCOVERED_GROUP, 10001, 4, 1, "<p>These do not:</p>", NULL);
}

#endif
