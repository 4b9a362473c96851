/* mcd_layout.c - the columns of each table, by the publisher's names. Those
 * that are not named here are passed over: licensed wording among them. */
#include "indexer/sources/mcd.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define TEXT(label, which)                                                     \
    {                                                                          \
        label, MCD_D_TEXT + (which), VALUE_TEXT, false                         \
    }
#define ARTICLE                                                                \
    {"article_id", MCD_ID, VALUE_ID, true},                                    \
    {                                                                          \
        "article_version", MCD_VERSION, VALUE_ID, true                         \
    }
#define LCD                                                                    \
    {"lcd_id", MCD_ID, VALUE_ID, true},                                        \
    {                                                                          \
        "lcd_version", MCD_VERSION, VALUE_ID, true                             \
    }
/* Dates the file, and is kept of documents alone. */
#define UPDATED                                                                \
    {                                                                          \
        "last_updated", MCD_NOT_KEPT, VALUE_UPDATED, false                     \
    }
#define MEMBER(code, group)                                                    \
    {code, MCD_CODE, VALUE_CODE, true}, {group, MCD_GROUP, VALUE_ID, true},    \
        {"range", MCD_RANGE, VALUE_LETTER, false}, UPDATED
#define PARAGRAPH(group)                                                       \
    {group, MCD_GROUP, VALUE_ID, true},                                        \
        {"paragraph", MCD_PARAGRAPH, VALUE_TEXT, true}, UPDATED
#define TRIPLE                                                                 \
    {"contractor_id", MCD_C_ID, VALUE_ID, true},                               \
        {"contractor_type_id", MCD_C_TYPE, VALUE_ID, true},                    \
        {"contractor_version", MCD_C_VERSION, VALUE_ID, true}, UPDATED
#define RELATED                                                                \
    {"r_article_id", MCD_R_ARTICLE, VALUE_NUMBER, true},                       \
        {"r_article_version", MCD_R_ARTICLE_VERSION, VALUE_NUMBER, true},      \
        {"r_lcd_id", MCD_R_LCD, VALUE_NUMBER, true},                           \
        {"r_lcd_version", MCD_R_LCD_VERSION, VALUE_NUMBER, true},              \
        {"r_contractor_id", MCD_R_CONTRACTOR, VALUE_NUMBER, false}, UPDATED
#define RELATED_NCD                                                            \
    {"r_ncd_id", MCD_R_NCD, VALUE_NUMBER, true},                               \
        {"r_ncd_version", MCD_R_NCD_VERSION, VALUE_NUMBER, true}, UPDATED

static const struct mcd_column article[] = {ARTICLE,
    {"status", MCD_D_STATUS, VALUE_LETTER, true},
    {"article_pub_date", MCD_D_PUBLISHED, VALUE_DAY, false},
    {"article_eff_date", MCD_D_EFFECTIVE, VALUE_DAY, true},
    {"article_end_date", MCD_D_ENDED, VALUE_DAY, true},
    {"article_rev_end_date", MCD_D_REVISION_ENDED, VALUE_DAY, false},
    {"date_retired", MCD_D_RETIRED, VALUE_DAY, false},
    {"last_updated", MCD_D_UPDATED, VALUE_UPDATED, false},
    {"title", MCD_D_TEXT + COVERAGE_TITLE, VALUE_TEXT, true},
    {"display_id", MCD_D_TEXT + COVERAGE_DISPLAY_ID, VALUE_DISPLAY, false},
    TEXT("article_type", COVERAGE_TYPE), TEXT("keywords", COVERAGE_KEYWORDS),
    TEXT("description", COVERAGE_DESCRIPTION),
    TEXT("other_comments", COVERAGE_COMMENTS),
    TEXT("cms_cov_policy", COVERAGE_CMS_POLICY),
    TEXT("add_icd10_info", COVERAGE_ICD10_INFO)};

static const struct mcd_column article_retire[] = {
    {"article_id", MCD_ID, VALUE_ID, true},
    {"retire_dt", MCD_RETIRES, VALUE_DAY, true}};
static const struct mcd_column article_related[] = {ARTICLE, RELATED};
static const struct mcd_column article_ncd[] = {ARTICLE, RELATED_NCD};
static const struct mcd_column article_procedure[] = {
    ARTICLE, MEMBER("hcpc_code_id", "hcpc_code_group")};
static const struct mcd_column article_procedure_group[] = {
    ARTICLE, PARAGRAPH("hcpc_code_group")};
static const struct mcd_column article_covered[] = {ARTICLE,
    MEMBER("icd10_code_id", "icd10_covered_group"),
    {"asterisk", MCD_ASTERISK, VALUE_ASTERISK, false}};
static const struct mcd_column article_covered_group[] = {ARTICLE,
    PARAGRAPH("icd10_covered_group"),
    {"icd10_covered_ast", MCD_EXTRA, VALUE_TEXT, false}};
static const struct mcd_column article_noncovered[] = {ARTICLE,
    MEMBER("icd10_code_id", "icd10_noncovered_group"),
    {"asterisk", MCD_ASTERISK, VALUE_ASTERISK, false}};
static const struct mcd_column article_noncovered_group[] = {ARTICLE,
    PARAGRAPH("icd10_noncovered_group"),
    {"icd10_noncovered_ast", MCD_EXTRA, VALUE_TEXT, false}};
static const struct mcd_column article_modifier[] = {
    ARTICLE, MEMBER("hcpc_modifier_code_id", "hcpc_modifier_group")};
static const struct mcd_column article_modifier_group[] = {
    ARTICLE, PARAGRAPH("hcpc_modifier_group")};
static const struct mcd_column article_bill_type[] = {
    ARTICLE, {"bill_code_id", MCD_CODE, VALUE_CODE, true}, UPDATED};
static const struct mcd_column article_revenue[] = {ARTICLE,
    {"revenue_code_id", MCD_CODE, VALUE_CODE, true},
    {"range", MCD_RANGE, VALUE_LETTER, false}, UPDATED};
static const struct mcd_column article_other_group[] = {ARTICLE,
    PARAGRAPH("other_coding_group"), {"codes", MCD_EXTRA, VALUE_TEXT, false}};
static const struct mcd_column article_contractor[] = {ARTICLE, TRIPLE};
static const struct mcd_column article_state[] = {
    ARTICLE, {"state_id", MCD_CODE, VALUE_CODE, true}, UPDATED};

static const struct mcd_column lcd[] = {LCD,
    {"status", MCD_D_STATUS, VALUE_LETTER, true},
    {"mcd_publish_date", MCD_D_PUBLISHED, VALUE_DAY, false},
    {"orig_det_eff_date", MCD_D_EFFECTIVE, VALUE_DAY, true},
    {"ent_det_end_date", MCD_D_ENDED, VALUE_DAY, true},
    {"rev_eff_date", MCD_D_REVISION_EFFECTIVE, VALUE_DAY, false},
    {"rev_end_date", MCD_D_REVISION_ENDED, VALUE_DAY, false},
    {"date_retired", MCD_D_RETIRED, VALUE_DAY, false},
    {"last_updated", MCD_D_UPDATED, VALUE_UPDATED, false},
    {"title", MCD_D_TEXT + COVERAGE_TITLE, VALUE_TEXT, true},
    {"display_id", MCD_D_TEXT + COVERAGE_DISPLAY_ID, VALUE_DISPLAY, false},
    TEXT("keywords", COVERAGE_KEYWORDS),
    TEXT("indication", COVERAGE_INDICATION),
    TEXT("coding_guidelines", COVERAGE_CODING),
    TEXT("doc_reqs", COVERAGE_RECORDS),
    TEXT("util_guide", COVERAGE_UTILIZATION),
    TEXT("associated_info", COVERAGE_ASSOCIATED),
    TEXT("cms_cov_policy", COVERAGE_CMS_POLICY),
    TEXT("add_icd10_info", COVERAGE_ICD10_INFO)};

static const struct mcd_column lcd_retire[] = {
    {"lcd_id", MCD_ID, VALUE_ID, true},
    {"retire_dt", MCD_RETIRES, VALUE_DAY, true}};
static const struct mcd_column lcd_related[] = {LCD, RELATED};
static const struct mcd_column lcd_ncd[] = {LCD, RELATED_NCD};
static const struct mcd_column lcd_procedure[] = {
    LCD, MEMBER("hcpc_code_id", "hcpc_code_group")};
static const struct mcd_column lcd_procedure_group[] = {
    LCD, PARAGRAPH("hcpc_code_group")};
static const struct mcd_column lcd_contractor[] = {LCD, TRIPLE};
static const struct mcd_column lcd_state[] = {
    LCD, {"state_id", MCD_CODE, VALUE_CODE, true}, UPDATED};
static const struct mcd_column lcd_article[] = {LCD,
    {"article_id", MCD_R_ARTICLE, VALUE_ID, true},
    {"article_version", MCD_R_ARTICLE_VERSION, VALUE_NUMBER, true},
    {"contractor_id", MCD_R_CONTRACTOR, VALUE_NUMBER, false}, UPDATED};

static const struct mcd_column ncd[] = {
    {"NCD_id|document_id", MCD_ID, VALUE_ID, true},
    {"NCD_vrsn_num|document_version", MCD_VERSION, VALUE_ID, true},
    {"NCD_efctv_dt|effective_date", MCD_D_EFFECTIVE, VALUE_DAY, true},
    {"NCD_trmntn_dt|effective_end_date", MCD_D_ENDED, VALUE_DAY, true},
    {"last_updt_tmstmp", MCD_D_UPDATED, VALUE_UPDATED, false},
    {"NCD_mnl_sect|document_display_id", MCD_D_TEXT + COVERAGE_DISPLAY_ID,
        VALUE_TEXT, true},
    {"NCD_mnl_sect_title|title", MCD_D_TEXT + COVERAGE_TITLE, VALUE_TEXT, true},
    {"itm_srvc_desc|item_service_description",
        MCD_D_TEXT + COVERAGE_DESCRIPTION, VALUE_TEXT, true},
    {"indctn_lmtn|indications_limitations", MCD_D_TEXT + COVERAGE_INDICATION,
        VALUE_TEXT, true},
    {"xref_txt|cross_reference", MCD_D_TEXT + COVERAGE_ASSOCIATED, VALUE_TEXT,
        false},
    {"othr_txt|other_text", MCD_D_TEXT + COVERAGE_COMMENTS, VALUE_TEXT, false},
    {"ncd_keyword", MCD_D_TEXT + COVERAGE_KEYWORDS, VALUE_TEXT, false}};

static const struct mcd_column contractor[] = {TRIPLE,
    {"contractor_bus_name", MCD_C_NAME, VALUE_TEXT, true},
    {"contractor_number", MCD_C_NUMBER, VALUE_TEXT, false},
    {"contractor_subtype_id", MCD_C_SUBTYPE, VALUE_TEXT, false},
    {"status", MCD_C_STATUS, VALUE_TEXT, false},
    {"state_id", MCD_C_STATE, VALUE_NUMBER, false}};
static const struct mcd_column jurisdiction[] = {TRIPLE,
    {"state_id", MCD_J_STATE, VALUE_ID, true},
    {"active_date", MCD_J_ACTIVE, VALUE_DAY, true},
    {"term_date", MCD_J_TERMINATED, VALUE_DAY, true}};
static const struct mcd_column state[] = {{"state_id", MCD_ID, VALUE_ID, true},
    {"state_abbrev|abbr", MCD_S_ABBREVIATION, VALUE_TEXT, true},
    {"description|state_name", MCD_S_NAME, VALUE_TEXT, true}};
static const struct mcd_column article_type[] = {
    {"article_type_id", MCD_ID, VALUE_ID, true},
    {"description", MCD_LABEL, VALUE_TEXT, true}, UPDATED};
static const struct mcd_column contractor_type[] = {
    {"contractor_type_id", MCD_ID, VALUE_ID, true},
    {"description", MCD_LABEL, VALUE_TEXT, true}};
static const struct mcd_column contractor_subtype[] = {
    {"contractor_subtype_id", MCD_ID, VALUE_ID, true},
    {"description", MCD_LABEL, VALUE_TEXT, true}};
static const struct mcd_column documents[] = {
    {"document_id", MCD_ID, VALUE_ID, true},
    {"document_version", MCD_VERSION, VALUE_ID, true},
    {"document_type", MCD_D_KIND, VALUE_TEXT, true},
    {"contractor_name_type", MCD_NOT_KEPT, VALUE_TEXT, true},
    {"effective_date", MCD_D_EFFECTIVE, VALUE_DAY, true},
    {"retirement_date", MCD_D_RETIRED, VALUE_DAY, true},
    {"updated_on", MCD_D_UPDATED, VALUE_UPDATED, true},
    {"document_display_id", MCD_D_TEXT + COVERAGE_DISPLAY_ID, VALUE_DISPLAY,
        true},
    {"title", MCD_D_TEXT + COVERAGE_TITLE, VALUE_TEXT, true},
    TEXT("note", COVERAGE_NOTE)};
static const struct mcd_column contractor_reference[] = {
    {"contractor_id", MCD_ID, VALUE_ID, true},
    {"contract_type_id", MCD_C_TYPE, VALUE_NUMBER, true},
    {"contractor_name", MCD_C_NAME, VALUE_TEXT, true},
    {"contract_number", MCD_C_NUMBER, VALUE_TEXT, true}};

#define COLUMNS(table) table, sizeof(table) / sizeof *(table)

static const struct mcd_layout layouts[MCD_TABLES] = {
    [MCD_ARTICLE] = {"article", COLUMNS(article), MCD_DOCUMENT_SLOTS, true,
        false, 0},
    [MCD_ARTICLE_RETIRE] = {"article_future_retire", COLUMNS(article_retire),
        MCD_RETIRE_SLOTS, false, false, 0},
    [MCD_ARTICLE_RELATED] = {"article_related_documents",
        COLUMNS(article_related), MCD_RELATION_SLOTS, false, false, 0},
    [MCD_ARTICLE_NCD] = {"article_related_ncd_documents", COLUMNS(article_ncd),
        MCD_RELATION_SLOTS, false, false, 0},
    [MCD_ARTICLE_PROCEDURE] = {"article_x_hcpc_code",
        COLUMNS(article_procedure), MCD_MEMBER_SLOTS, true, false,
        COVERAGE_PROCEDURES},
    [MCD_ARTICLE_PROCEDURE_GROUP] = {"article_x_hcpc_code_group",
        COLUMNS(article_procedure_group), MCD_PARAGRAPH_SLOTS, true, false,
        COVERAGE_PROCEDURES},
    [MCD_ARTICLE_COVERED] = {"article_x_icd10_covered",
        COLUMNS(article_covered), MCD_MEMBER_SLOTS, true, false,
        COVERAGE_COVERED},
    [MCD_ARTICLE_COVERED_GROUP] = {"article_x_icd10_covered_group",
        COLUMNS(article_covered_group), MCD_PARAGRAPH_SLOTS, true, false,
        COVERAGE_COVERED},
    [MCD_ARTICLE_NONCOVERED] = {"article_x_icd10_noncovered",
        COLUMNS(article_noncovered), MCD_MEMBER_SLOTS, true, false,
        COVERAGE_NONCOVERED},
    [MCD_ARTICLE_NONCOVERED_GROUP] = {"article_x_icd10_noncovered_group",
        COLUMNS(article_noncovered_group), MCD_PARAGRAPH_SLOTS, true, false,
        COVERAGE_NONCOVERED},
    [MCD_ARTICLE_MODIFIER] = {"article_x_hcpc_modifier",
        COLUMNS(article_modifier), MCD_MEMBER_SLOTS, false, false,
        COVERAGE_MODIFIERS},
    [MCD_ARTICLE_MODIFIER_GROUP] = {"article_x_hcpc_modifier_group",
        COLUMNS(article_modifier_group), MCD_PARAGRAPH_SLOTS, false, false,
        COVERAGE_MODIFIERS},
    [MCD_ARTICLE_BILL_TYPE] = {"article_x_bill_code",
        COLUMNS(article_bill_type), MCD_MEMBER_SLOTS, false, false,
        COVERAGE_BILL_TYPES},
    [MCD_ARTICLE_REVENUE] = {"article_x_revenue_code", COLUMNS(article_revenue),
        MCD_MEMBER_SLOTS, false, false, COVERAGE_REVENUE},
    [MCD_ARTICLE_OTHER_GROUP] = {"article_x_other_coding_group",
        COLUMNS(article_other_group), MCD_PARAGRAPH_SLOTS, false, false,
        COVERAGE_OTHER},
    [MCD_ARTICLE_CONTRACTOR] = {"article_x_contractor",
        COLUMNS(article_contractor), MCD_TRIPLE_SLOTS, true, false,
        COVERAGE_DOCUMENT_CONTRACTORS},
    [MCD_ARTICLE_STATE] = {"article_x_primary_jurisdiction",
        COLUMNS(article_state), MCD_MEMBER_SLOTS, true, false,
        COVERAGE_DOCUMENT_STATES},
    [MCD_LCD] = {"lcd", COLUMNS(lcd), MCD_DOCUMENT_SLOTS, true, false, 0},
    [MCD_LCD_RETIRE] = {"lcd_future_retire", COLUMNS(lcd_retire),
        MCD_RETIRE_SLOTS, false, false, 0},
    [MCD_LCD_RELATED] = {"lcd_related_documents", COLUMNS(lcd_related),
        MCD_RELATION_SLOTS, false, false, 0},
    [MCD_LCD_NCD] = {"lcd_related_ncd_documents", COLUMNS(lcd_ncd),
        MCD_RELATION_SLOTS, false, false, 0},
    [MCD_LCD_PROCEDURE] = {"lcd_x_hcpc_code", COLUMNS(lcd_procedure),
        MCD_MEMBER_SLOTS, false, false, COVERAGE_PROCEDURES},
    [MCD_LCD_PROCEDURE_GROUP] = {"lcd_x_hcpc_code_group",
        COLUMNS(lcd_procedure_group), MCD_PARAGRAPH_SLOTS, false, false,
        COVERAGE_PROCEDURES},
    [MCD_LCD_CONTRACTOR] = {"lcd_x_contractor", COLUMNS(lcd_contractor),
        MCD_TRIPLE_SLOTS, true, false, COVERAGE_DOCUMENT_CONTRACTORS},
    [MCD_LCD_STATE] = {"lcd_x_primary_jurisdiction", COLUMNS(lcd_state),
        MCD_MEMBER_SLOTS, false, false, COVERAGE_DOCUMENT_STATES},
    [MCD_LCD_ARTICLE] = {"lcd_article_relationship", COLUMNS(lcd_article),
        MCD_RELATION_SLOTS, false, true, 0},
    [MCD_NCD] = {"ncd_trkg", COLUMNS(ncd), MCD_DOCUMENT_SLOTS, false, false, 0},
    [MCD_CONTRACTOR] = {"contractor", COLUMNS(contractor), MCD_CONTRACTOR_SLOTS,
        true, false, 0},
    [MCD_JURISDICTION] = {"contractor_jurisdiction", COLUMNS(jurisdiction),
        MCD_JURISDICTION_SLOTS, true, false, 0},
    [MCD_STATE] = {"state_lookup", COLUMNS(state), MCD_STATE_SLOTS, true, false,
        0},
    [MCD_ARTICLE_TYPE] = {"article_type_lookup", COLUMNS(article_type),
        MCD_LOOKUP_SLOTS, false, false, 0},
    [MCD_CONTRACTOR_TYPE] = {"contractor_type_lookup", COLUMNS(contractor_type),
        MCD_LOOKUP_SLOTS, false, false, 0},
    [MCD_CONTRACTOR_SUBTYPE] = {"contractor_subtype_lookup",
        COLUMNS(contractor_subtype), MCD_LOOKUP_SLOTS, false, false, 0},
    [MCD_DOCUMENTS] = {"list of documents", COLUMNS(documents),
        MCD_DOCUMENT_SLOTS, false, true, 0},
    [MCD_CONTRACTOR_REFERENCE] = {"contractor reference",
        COLUMNS(contractor_reference), MCD_CONTRACTOR_SLOTS, false, true, 0},
};

const struct mcd_layout *mcd_layout(enum mcd_table table)
{
    return &layouts[(unsigned)table < MCD_TABLES ? table : MCD_ARTICLE];
}

enum mcd_table mcd_table_of(const struct identity *id)
{
    return (enum mcd_table)(id->part - 1);
}

bool mcd_has_part(const char *name, const char *word)
{
    const size_t len = strlen(word);

    for (const char *part = name;; part++) {
        if (strncasecmp(part, word, len) == 0 &&
            !isalnum((unsigned char)part[len]))
            return true;
        if ((part = strchr(part, '/')) == NULL)
            return false;
    }
}

bool mcd_is_history(const char *name)
{
    return mcd_has_part(name, "all_article") || mcd_has_part(name, "all_lcd");
}
