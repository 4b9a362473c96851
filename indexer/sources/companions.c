/* Files that publishers put beside their releases, or whole releases of which
 * nothing is loaded: named, so that a report tells them from a file that nobody
 * knows. Content comes first; the name decides only where it says nothing. */
#include "indexer/sources/sources.h"

#include <ctype.h>
#include <string.h>

#include "codesets/core/code.h"
#include "indexer/sources/common.h"

/* What is looked for, and what the file then is. */
struct rule {
    const char *sign;
    const char *kind;
};

#define MCD(table) "Medicare Coverage Database table (" table ")"

/* Labels of one heading row, '|' between; all must stand there. */
static const struct rule heading_rules[] = {
    /* Those of the coverage database that are not loaded (see mcd.h). */
    {"article_id|icd10_pcs_code_id", MCD("article_x_icd10_pcs_code")},
    {"article_id|icd10_pcs_code_group", MCD("article_x_icd10_pcs_code_group")},
    {"article_id|code_table_row", MCD("article_x_code_table")},
    {"article_id|rev_hist_num", MCD("article_x_revision_history")},
    {"article_id|sticky_note", MCD("article_x_sticky_note")},
    {"article_id|url_id", MCD("article_x_urls")},
    {"article_id", MCD("of articles")},
    {"lcd_id|rev_hist_num", MCD("lcd_x_revision_history")},
    {"lcd_id|url_id", MCD("lcd_x_urls")},
    {"lcd_id", MCD("of LCDs")},
    {"NCD_id", MCD("of NCDs")},
    {"bnft_ctgry_cd|bnft_ctgry_desc", MCD("ncd_bnft_ctgry_ref")},
    {"pblctn_cd|pblctn_num", MCD("ncd_pblctn_ref")},
    {"contractor_id|region_id", MCD("contractor_oversight")},
    {"contractor_id", MCD("of contractors")},
    {"region_id|mac_description", MCD("dmerc_region_lookup")},
    {"state_id|region_id", MCD("state_x_region")},
    {"region_id|description", MCD("region_lookup")},
    {"period_id|begin_date", MCD("update_period")},
    {"url_type_id|description", MCD("article_url_type_lookup")},
    {"POAexemptCode", "POA-exempt change list"},
    {"HCPC|ACTION CD", "HCPCS transaction report"},
    {"HCPCS|MOD|PROCSTAT", "OPPS cap"},
    {"HCPCS|MOD|MOD2", "DMEPOS fee schedule"},
    {"YEAR|HCPCS|MOD|EFF_DATE|RATE", "CLFS fee schedule"},
    {"STATE|DMEPOS RURAL ZIP CODE", "DMEPOS rural ZIP codes"},
    {"HCPCS/MOD Code|Action|Effective Date", "HCPCS corrections"},
    {"Add-On_Code|Primary_Code|AOC_Edit_EffDT", "Medicaid add-on code edits"},
};

/* Words that stand somewhere in the first rows. */
static const struct rule word_rules[] = {
    {"TYPE OF CHANGE", "HCPCS transaction report"},
    {"CMS RIF REPORT", "HCPCS record layout"},
    {"PROCESSING NOTES", "HCPCS processing notes"},
    {"NOC CODES", "NOC code list"},
    {"LONG DESCRIPTION ADD DATE TERM DATE", "NOC code list"},
    {"HCPCS CORRECTIONS", "HCPCS corrections"},
    {"Alpha-Numeric HCPCS File Content", "read-me"},
    {"GEOGRAPHIC PRACTICE COST INDICES", "GPCI localities"},
    {"Anesthesia Conversion Factor", "anaesthesia conversion factors"},
    {"Anes CF", "anaesthesia conversion factors"},
    {"COUNTIES INCLUDED IN", "locality counties"},
    {"Record Layout", "record layout"},
    {"OPPS Payment by HCPCS Code", "OPPS addendum B"},
    {"ASC Covered", "ASC addendum"},
    {"ASC Payment Indicators", "ASC addendum"},
    {"ASC Comment Indicators", "ASC addendum"},
    {"Excluded from Payment in ASCs", "ASC addendum"},
    {"ASC Device Offset", "ASC addendum"},
    {"NDC - HCPCS Crosswalk", "NDC-HCPCS crosswalk"},
    {"Payment Allowance Limits for Medicare Part B", "ASP drug pricing"},
    {"Clinical Diagnostic Laboratory Fee Schedule", "CLFS fee schedule"},
    {"Parenteral and Enteral Nutrition", "DMEPOS fee schedule"},
    {"Durable Medical Equipment", "DMEPOS fee schedule"},
    {"in icd10cm", "ICD-10-CM addenda"},
    {"Present On Admission (POA) files", "read-me"},
    {"CMS-HCC and RxHCC", "HCC mapping"},
    {"CMS-HCC Model Category", "HCC mapping"},
    {"List of MS-DRGs Version", "MS-DRG appendix"},
    {"(MS-DRGs", "MS-DRG appendix"},
    {"Coverage API", "description of the Coverage API"},
};

/* How a line begins: 9 a digit, A a capital, X either of them, ? any byte. */
static const struct rule shape_rules[] = {
    {"99999 ??????? 9 ", "ICD-10-PCS order file"},
    {"Add:         ???????", "ICD-10-CM addenda"},
    {"Delete:      ???????", "ICD-10-CM addenda"},
    {"Revise from: ???????", "ICD-10-CM addenda"},
    {"AA999999999999 ", "ZIP to locality"},
    {"99999       99    ", "anaesthesia conversion factors"},
    {"XXXXX?? A 99999  99 ", "OPPS cap"},
    {"9999~XXXXX~??~99999999~", "CLFS fee schedule"},
    {"9999~XXXXX~??~??~", "DMEPOS fee schedule"},
    {"\"9999\",\"99999\",\"99\",\"XXXXX\",", "PFS payment amounts"},
};

/* The root or first title of an XML file. */
static const struct rule xml_rules[] = {
    {"XMLSchema", "XML schema"},
};

/* Within the last part of the name, in any case. */
static const struct rule name_rules[] = {
    {"readme", "read-me"},
    {"additions-deletions", "NCCI quarterly changes"},
    {".md", "read-me"},
    {"recordlayout", "record layout"},
    {"proc_notes", "HCPCS processing notes"},
    {"NOC_Codes", "NOC code list"},
    {"Corrections", "HCPCS corrections"},
    {"OPPSCAP", "OPPS cap"},
    {"GPCI", "GPCI localities"},
    {"LOCCO", "locality counties"},
    {"PFREV", "PFS payment amounts"},
    {"PFALL", "PFS payment amounts"},
    {"ASP Pricing", "ASP drug pricing"},
    {"DMEPOS", "DMEPOS fee schedule"},
    {"DMEPEN", "DMEPOS fee schedule"},
    {"requestor_letters", MCD("lcd_x_requestor_letters")},
    {".mdb", "Access database"},
    {".accdb", "Access database"},
    {"coverage_states.tsv", "the project's list of parts of states"},
    {"kx_thresholds.tsv", "the project's therapy thresholds"},
    {"sources.tsv", "the project's list of sources"},
};

#define COUNT(rules) (sizeof(rules) / sizeof *(rules))

enum { LINES_LOOKED_AT = 4, XML_HEAD = 2048, LABEL_MAX = 64 };

/* True when every label of "a|b" is a cell of the row. */
static bool row_has_labels(const struct probe_row *row, const char *labels)
{
    while (*labels != '\0') {
        const size_t len = strcspn(labels, "|");
        char label[LABEL_MAX];
        size_t i = 0;

        if (len >= sizeof label)
            return false;
        memcpy(label, labels, len);
        label[len] = '\0';
        while (i < row->count && !label_is(row->cell[i], label))
            i++;
        if (i == row->count)
            return false;
        labels += len + (labels[len] == '|');
    }
    return true;
}

static const char *by_heading(const struct probe *probe)
{
    for (size_t r = 0; r < COUNT(heading_rules); r++)
        for (size_t i = 0; i < probe->rows; i++)
            if (row_has_labels(&probe->row[i], heading_rules[r].sign))
                return heading_rules[r].kind;
    return NULL;
}

static const char *by_words(const struct probe *probe)
{
    for (size_t r = 0; r < COUNT(word_rules); r++)
        for (size_t i = 0; i < probe->rows; i++)
            for (size_t c = 0; c < probe->row[i].count; c++)
                if (label_has(probe->row[i].cell[c], word_rules[r].sign))
                    return word_rules[r].kind;
    return NULL;
}

static bool has_shape(const char *line, size_t len, const char *shape)
{
    for (size_t i = 0; shape[i] != '\0'; i++) {
        const unsigned char c = i < len ? (unsigned char)line[i] : 0;
        bool fits;

        switch (shape[i]) {
        case '9':
            fits = isdigit(c);
            break;
        case 'A':
            fits = isupper(c);
            break;
        case 'X':
            fits = isdigit(c) || isupper(c);
            break;
        case '?':
            fits = c >= ' ';
            break;
        default:
            fits = c == (unsigned char)shape[i];
        }
        if (!fits)
            return false;
    }
    return true;
}

static const char *by_shape(const struct probe *probe)
{
    const struct input *in = probe->in;
    size_t offset = 0, len;
    const char *line;

    for (int n = 0; probe_is_text(probe) && n < LINES_LOOKED_AT &&
                    next_line(in->data, in->len, &offset, &line, &len);
         n++)
        for (size_t r = 0; r < COUNT(shape_rules); r++)
            if (has_shape(line, len, shape_rules[r].sign))
                return shape_rules[r].kind;
    return NULL;
}

/* A diagnosis in the first column and in the second a model's category or a
 * rule of the Medicare code editor. */
static const char *by_diagnosis(const struct probe *probe)
{
    struct cell code, value;
    uint32_t category;

    if (probe->form != FORM_TSV || probe->rows == 0)
        return NULL;
    code = cell_at(probe->row[0].cell, probe->row[0].count, 0);
    value = cell_at(probe->row[0].cell, probe->row[0].count, 1);
    if (!icd_shaped(code.text, code.len))
        return NULL;
    if (cell_number(value, &category))
        return "HCC mapping";
    if (label_has(value, "maternity") || label_has(value, "male") ||
        label_has(value, "newborn") || label_has(value, "adult"))
        return "MCE edits";
    return NULL;
}

static const char *by_xml(const struct input *in)
{
    const size_t len = in->len < XML_HEAD ? in->len : XML_HEAD;
    char head[XML_HEAD + 1];

    memcpy(head, in->data, len);
    head[len] = '\0';
    for (size_t r = 0; r < COUNT(xml_rules); r++)
        if (strcasestr(head, xml_rules[r].sign) != NULL)
            return xml_rules[r].kind;
    return NULL;
}

static const char *by_name(const struct probe *probe)
{
    for (size_t r = 0; r < COUNT(name_rules); r++)
        if (name_has(probe->base, name_rules[r].sign))
            return name_rules[r].kind;
    return NULL;
}

const char *companion_name(const struct probe *probe)
{
    const char *kind;

    if (probe->form == FORM_PDF)
        return "PDF document";
    if (probe->form == FORM_XML)
        return by_xml(probe->in);
    if ((kind = by_heading(probe)) == NULL &&
        (kind = by_words(probe)) == NULL && (kind = by_shape(probe)) == NULL &&
        (kind = by_diagnosis(probe)) == NULL)
        kind = by_name(probe);
    if (kind != NULL && strcmp(kind, "ICD-10-CM addenda") == 0 &&
        name_has(probe->in->name, "pcs"))
        return "ICD-10-PCS addenda";
    return kind;
}
