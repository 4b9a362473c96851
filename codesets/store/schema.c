#include "codesets/store/schema.h"

#include <string.h>

#include "codesets/core/error.h"

/* The names stand in the order of the enums of schema.h; the sizes of the
 * arrays hold them together. */

static const char *const hcpcs_columns[HCPCS_COLUMNS] = {"code", "record_type",
    "long_description", "short_description", "pricing_1", "pricing_2",
    "pricing_3", "pricing_4", "multiple_pricing", "cim_1", "cim_2", "cim_3",
    "mcm_1", "mcm_2", "mcm_3", "statute", "lab_certification_1",
    "lab_certification_2", "lab_certification_3", "lab_certification_4",
    "lab_certification_5", "lab_certification_6", "lab_certification_7",
    "lab_certification_8", "cross_reference_1", "cross_reference_2",
    "cross_reference_3", "cross_reference_4", "cross_reference_5", "coverage",
    "asc_group", "asc_group_effective", "mog_group", "mog_policy",
    "mog_effective", "processing_note", "betos", "type_of_service_1",
    "type_of_service_2", "type_of_service_3", "type_of_service_4",
    "type_of_service_5", "anesthesia_units", "added", "action_effective",
    "terminated", "action"};

static const char *const pfs_columns[PFS_COLUMNS] = {"code_modifier",
    "description", "status", "not_used_for_medicare", "work_rvu",
    "nonfacility_pe_rvu", "nonfacility_na", "facility_pe_rvu", "facility_na",
    "mp_rvu", "nonfacility_total", "facility_total", "pctc", "global_days",
    "pre_op", "intra_op", "post_op", "multiple_procedure", "bilateral",
    "assistant_surgeon", "co_surgeon", "team_surgeon", "pricing", "endo_base",
    "conversion_factor", "supervision", "calculation_flag", "imaging_family",
    "nonfacility_pe_opps", "facility_pe_opps", "mp_opps"};

static const char *const mue_columns[MUE_COLUMNS] = {
    "code", "value", "mai", "rationale"};

static const char *const aoc_columns[AOC_COLUMNS] = {"addon", "type",
    "addon_deleted", "primary", "primary_deleted", "effective", "deleted",
    "note"};

static const char *const icd10cm_columns[ICD_COLUMNS] = {
    "code", "billable", "short_description", "long_description"};

static const char *const poa_columns[POA_COLUMNS] = {"code"};

static const char *const conversion_columns[CONVERSION_COLUMNS] = {
    "code", "effective", "previous"};

static const char *const tabular_columns[TABULAR_COLUMNS] = {"node", "parent",
    "title", "first", "last", "inclusion_terms", "includes", "excludes1",
    "excludes2", "code_first", "use_additional_code", "code_also", "notes",
    "seventh_character_note", "seventh_characters"};

static const char *const icd_index_columns[ICD_INDEX_COLUMNS] = {
    "code", "term", "aspect"};

static const char *const dhs_columns[DHS_COLUMNS] = {"code", "description"};

static const char *const timed_columns[TIMED_COLUMNS] = {"code", "label",
    "system", "kind", "timed", "unit_min", "min_minutes", "max_minutes",
    "step_min", "cms8_pool", "therapy", "therapy_cert", "addon", "primaries",
    "valid_from", "valid_to", "replaced_by", "cert", "notes", "family",
    "cms_min"};

static const char *const modifier_columns[MODIFIER_COLUMNS] = {"code", "label",
    "class", "effect", "bypass", "em_only", "setting", "family", "column1_from",
    "from", "to", "source", "notes"};

static const char *const cpt_columns[CPT_COLUMNS] = {
    "code", "long", "medium", "short", "consumer"};

static const char *const local_columns[LOCAL_COLUMNS] = {
    "local_code", "text", "from", "to", "notes"};

static const char *const synonym_columns[SYNONYM_COLUMNS] = {"term", "meaning"};

static const char *const kx_columns[KX_COLUMNS] = {
    "year", "pt_slp", "ot", "review", "cert", "source"};

static const char *const claim_fact_columns[CLAIM_FACT_COLUMNS] = {
    "subject", "fact", "value", "from", "to", "cert", "notes"};

static const char *const modifier_place_columns[MODIFIER_PLACE_COLUMNS] = {
    "place", "first", "last", "meaning"};

static const char *const section_columns[SECTION_COLUMNS] = {
    "system", "first", "last", "name"};

static const struct table_schema schemas[TABLE_COUNT] = {
    [TABLE_HCPCS] = {"hcpcs", SERIES_MERGED, false, 5, HCPCS_COLUMNS,
        hcpcs_columns},
    [TABLE_PFS] = {"pfs", SERIES_SNAPSHOT, false, 7, PFS_COLUMNS, pfs_columns},
    /* The pairs are packed, not kept as rows of text: see ptp.h. */
    [TABLE_PTP] = {"ptp", SERIES_HISTORY, true, 10, 0, NULL},
    [TABLE_MUE] = {"mue", SERIES_SNAPSHOT, true, 5, MUE_COLUMNS, mue_columns},
    [TABLE_AOC] = {"aoc", SERIES_HISTORY, false, 5, AOC_COLUMNS, aoc_columns},
    [TABLE_ICD10CM] = {"icd10cm", SERIES_SNAPSHOT, false, 7, ICD_COLUMNS,
        icd10cm_columns},
    [TABLE_POA] = {"poa", SERIES_SNAPSHOT, false, 7, POA_COLUMNS, poa_columns},
    [TABLE_CONVERSION] = {"conversion", SERIES_SNAPSHOT, false, 7,
        CONVERSION_COLUMNS, conversion_columns},
    [TABLE_DHS] = {"dhs", SERIES_SNAPSHOT, false, 5, DHS_COLUMNS, dhs_columns},
    [TABLE_TIMED] = {"timed", SERIES_UNDATED, false, 5, TIMED_COLUMNS,
        timed_columns},
    [TABLE_MODIFIER] = {"modifier", SERIES_UNDATED, false, 2, MODIFIER_COLUMNS,
        modifier_columns},
    [TABLE_CPT] = {"cpt", SERIES_UNDATED, false, 5, CPT_COLUMNS, cpt_columns},
    [TABLE_LOCAL] = {"local", SERIES_UNDATED, false, 32, LOCAL_COLUMNS,
        local_columns},
    [TABLE_SYNONYM] = {"synonym", SERIES_UNDATED, false, 64, SYNONYM_COLUMNS,
        synonym_columns},
    [TABLE_KX] = {"kx", SERIES_UNDATED, false, 4, KX_COLUMNS, kx_columns},
    [TABLE_CLAIM_FACT] = {"claim_facts", SERIES_UNDATED, false, 5,
        CLAIM_FACT_COLUMNS, claim_fact_columns},
    [TABLE_MODIFIER_PLACE] = {"modifier_places", SERIES_UNDATED, false, 8,
        MODIFIER_PLACE_COLUMNS, modifier_place_columns},
    /* Packed, as the pairs are: see coverage.h. */
    [TABLE_COVERAGE] = {"coverage", SERIES_SNAPSHOT, false, 8, 0, NULL},
    [TABLE_ICD10CM_TABULAR] = {"icd10cm_tabular", SERIES_SNAPSHOT, false, 7,
        TABULAR_COLUMNS, tabular_columns},
    [TABLE_ICD10CM_INDEX] = {"icd10cm_index", SERIES_HISTORY, false, 7,
        ICD_INDEX_COLUMNS, icd_index_columns},
    [TABLE_ICD10CM_EXTERNAL] = {"icd10cm_external", SERIES_HISTORY, false, 7,
        ICD_INDEX_COLUMNS, icd_index_columns},
    [TABLE_ICD10CM_DRUG] = {"icd10cm_drug", SERIES_HISTORY, false, 7,
        ICD_INDEX_COLUMNS, icd_index_columns},
    [TABLE_ICD10CM_NEOPLASM] = {"icd10cm_neoplasm", SERIES_HISTORY, false, 7,
        ICD_INDEX_COLUMNS, icd_index_columns},
    [TABLE_SECTION] = {"sections", SERIES_UNDATED, false, 8, SECTION_COLUMNS,
        section_columns},
};

static const char *const setting_names[SETTING_COUNT] = {
    "", "practitioner", "outpatient", "dme"};
static const char *const program_names[PROGRAM_COUNT] = {
    "", "medicare", "medicaid"};

const struct table_schema *table_schema(enum table table)
{
    return &schemas[(unsigned)table < TABLE_COUNT ? table : TABLE_HCPCS];
}

const char *setting_name(enum setting setting)
{
    return (unsigned)setting < SETTING_COUNT ? setting_names[setting] : "";
}

const char *program_name(enum program program)
{
    return (unsigned)program < PROGRAM_COUNT ? program_names[program] : "";
}

/* The index of a name from 1 to count - 1, or 0. */
static int find_name(
    const char *const *names, int count, const char *name, size_t len)
{
    for (int i = 1; i < count; i++)
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
            return i;
    return 0;
}

int setting_parse(enum setting *out, const char *name, size_t len)
{
    static const char hospital[] = "hospital";
    const int found = find_name(setting_names, SETTING_COUNT, name, len);

    if (found != 0)
        *out = (enum setting)found;
    else if (len == sizeof hospital - 1 && memcmp(name, hospital, len) == 0)
        *out = SETTING_OUTPATIENT;
    else
        return ERR_INPUT;
    return 0;
}

int program_parse(enum program *out, const char *name, size_t len)
{
    const int found = find_name(program_names, PROGRAM_COUNT, name, len);

    if (found == 0)
        return ERR_INPUT;
    *out = (enum program)found;
    return 0;
}
