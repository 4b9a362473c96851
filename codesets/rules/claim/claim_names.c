/* claim_names.c - the words of findings that programs rely on. They stay. */
#include "codesets/rules/claim/claim.h"

const char *claim_check_name(enum claim_check check)
{
    static const char *const names[CHECK_COUNT] = {
        [CHECK_SYNTAX_CODE] = "syntax.code",
        [CHECK_SYNTAX_MODIFIER] = "syntax.modifier",
        [CHECK_SYNTAX_DIAGNOSIS] = "syntax.diagnosis",
        [CHECK_SYNTAX_POINTER] = "syntax.pointer",
        [CHECK_SYNTAX_UNITS] = "syntax.units",
        [CHECK_SYNTAX_MINUTES] = "syntax.minutes",
        [CHECK_SYNTAX_DATE] = "syntax.date",
        [CHECK_SYNTAX_PROGRAM] = "syntax.program",
        [CHECK_SYNTAX_REVENUE] = "syntax.revenue_code",
        [CHECK_VALIDITY_CODE] = "validity.code",
        [CHECK_VALIDITY_MODIFIER] = "validity.modifier",
        [CHECK_MODIFIER_TOGETHER] = "modifier.not_together",
        [CHECK_DIAGNOSIS] = "icd10cm.diagnosis",
        [CHECK_STATUS] = "pfs.status",
        [CHECK_UNITS_MINUTES] = "units.minutes",
        [CHECK_UNITS_OTHER_CODE] = "units.other_code",
        [CHECK_UNITS_BILATERAL] = "units.bilateral",
        [CHECK_MUE_EXCEEDED] = "mue.exceeded",
        [CHECK_MUE_NONE] = "mue.no_published_limit",
        [CHECK_PTP_BLOCKED] = "ptp.blocked",
        [CHECK_PTP_MODIFIER_NEEDED] = "ptp.modifier_needed",
        [CHECK_PTP_BYPASSED] = "ptp.bypassed",
        [CHECK_ADDON_WITHOUT_PRIMARY] = "addon.without_primary",
        [CHECK_ADDON_AT_RISK] = "addon.primary_at_risk",
        [CHECK_ADDON_NOT_DEFINED] = "addon.primary_not_defined",
        [CHECK_ADDON_UNKNOWN] = "addon.primary_unknown",
        [CHECK_FAMILY] = "family.choose_one",
        [CHECK_EVALUATIONS] = "family.evaluations",
        [CHECK_NECESSITY] = "necessity.diagnosis",
        [CHECK_THERAPY_MODIFIER] = "therapy.modifier",
        [CHECK_THERAPY_TWO] = "therapy.two_modifiers",
        [CHECK_THERAPY_DISCIPLINE] = "therapy.discipline",
        [CHECK_THERAPY_PARTNER] = "therapy.assistant",
        [CHECK_THERAPY_ORDER] = "therapy.modifier_order",
        [CHECK_THERAPY_THRESHOLD] = "therapy.threshold",
        [CHECK_THERAPY_REDUCTION] = "therapy.reduction",
        [CHECK_MODIFIER_NOTE] = "modifier.note",
        [CHECK_REVENUE] = "revenue.mismatch",
        [CHECK_DUPLICATE] = "duplicate.lines",
    };

    return (unsigned)check < CHECK_COUNT ? names[check] : "";
}

const char *claim_reason_name(enum claim_reason reason)
{
    static const char *const names[CLAIM_REASON_COUNT] = {
        [CLAIM_BAD_SYNTAX] = "bad_syntax",
        [CLAIM_IS_DIAGNOSIS] = "diagnosis_code",
        [CLAIM_IS_MODIFIER] = "modifier_code",
        [CLAIM_TOO_MANY] = "too_many",
        [CLAIM_OUT_OF_RANGE] = "out_of_range",
        [CLAIM_REPEATED] = "repeated",
        [CLAIM_MISSING] = "missing",
        [CLAIM_CONTRADICTION] = "contradiction",
        [CLAIM_NOT_POSITIVE] = "not_positive",
        [CLAIM_NEGATIVE] = "negative",
        [CLAIM_TOO_LARGE] = "too_large",
        [CLAIM_NOT_WHOLE] = "not_whole",
        [CLAIM_ASSUMED] = "assumed_one",
        [CLAIM_UNKNOWN_CODE] = "unknown_code",
        [CLAIM_NOT_VALID_ON_DATE] = "not_valid_on_date",
        [CLAIM_NOT_LISTED] = "not_listed",
        [CLAIM_UNKNOWN_MODIFIER] = "unknown_modifier",
        [CLAIM_NOT_TOGETHER] = "not_together",
        [CLAIM_NOT_BILLABLE] = "not_billable",
        [CLAIM_USE_ANOTHER_CODE] = "use_another_code",
        [CLAIM_NOT_COVERED] = "not_covered",
        [CLAIM_BUNDLED] = "bundled",
        [CLAIM_EXCLUDED] = "excluded_by_law",
        [CLAIM_MEASUREMENT_ONLY] = "measurement_only",
        [CLAIM_UNITS_ABOVE] = "units_above_minutes",
        [CLAIM_UNITS_BELOW] = "units_below_minutes",
        [CLAIM_MINUTES_INCOMPLETE] = "minutes_incomplete",
        [CLAIM_BILATERAL_UNITS] = "bilateral_units",
        [CLAIM_LINE_LIMIT] = "line_limit",
        [CLAIM_DAY_LIMIT_ABSOLUTE] = "day_limit_absolute",
        [CLAIM_DAY_LIMIT_REVIEWABLE] = "day_limit_reviewable",
        [CLAIM_NO_PUBLISHED_MUE] = "no_published_mue",
        [CLAIM_BLOCKED] = "blocked",
        [CLAIM_MODIFIER_NEEDED] = "modifier_needed",
        [CLAIM_BYPASSED] = "bypassed",
        [CLAIM_IMPLAUSIBLE_MODIFIER] = "implausible_modifier",
        [CLAIM_ADDON_WITHOUT_PRIMARY] = "addon_without_primary",
        [CLAIM_ADDON_CHAIN] = "addon_chain_without_primary",
        [CLAIM_PRIMARY_AT_RISK] = "primary_at_risk",
        [CLAIM_PRIMARY_NOT_DEFINED] = "primary_not_defined",
        [CLAIM_PRIMARY_UNKNOWN] = "unknown",
        [CLAIM_CHOOSE_ONE] = "choose_one",
        [CLAIM_NEEDED] = "modifier_missing",
        [CLAIM_SUGGESTED] = "modifier_suggested",
        [CLAIM_TWO_DISCIPLINES] = "two_disciplines",
        [CLAIM_OTHER_DISCIPLINE] = "other_discipline",
        [CLAIM_PARTNER_MISSING] = "partner_missing",
        [CLAIM_ORDER] = "order",
        [CLAIM_AMOUNT_OF_YEAR] = "amount_of_year",
        [CLAIM_AMOUNT_UNKNOWN] = "amount_unknown",
        [CLAIM_REDUCED] = "practice_expense_reduced",
        [CLAIM_TOLD] = "told",
        [CLAIM_REVENUE_MISMATCH] = "revenue_code_mismatch",
        [CLAIM_DUPLICATE] = "duplicate_line",
        [CLAIM_LISTED_NOT_SUPPORTING] = "listed_not_supporting",
        [CLAIM_NOT_ON_LIST] = "not_on_list",
        [CLAIM_COVERAGE_CONFLICT] = "conflict",
        [CLAIM_LISTED_SUPPORTING] = "supported",
        [CLAIM_POLICY_WITHOUT_LIST] = "policy_without_list",
        [CLAIM_NO_POLICY] = "no_policy",
    };

    return (unsigned)reason < CLAIM_REASON_COUNT ? names[reason] : "";
}

const char *claim_severity_name(enum claim_severity severity)
{
    static const char *const names[] = {"error", "warning", "information"};

    return (unsigned)severity <= SEVERITY_INFORMATION ? names[severity]
                                                      : names[0];
}

const char *claim_table_name(enum claim_table table)
{
    static const char *const names[CLAIM_TABLES] = {"syntax", "validity",
        "modifiers", "icd10cm", "pfs", "units", "mue", "ptp", "aoc",
        "necessity", "therapy"};

    return (unsigned)table < CLAIM_TABLES ? names[table] : "";
}

const char *claim_gap_name(enum claim_gap_reason reason)
{
    static const char *const names[GAP_REASONS] = {"data_not_loaded",
        "data_partial", "date_outside_data", "uncertain", "unknown",
        "bad_syntax", "too_many", "no_place", "no_diagnosis"};

    return (unsigned)reason < GAP_REASONS ? names[reason] : "";
}

const char *claim_rule_name(enum claim_check check)
{
    if (check <= CHECK_SYNTAX_REVENUE)
        return "claim form (837P, 837I)";
    if (check <= CHECK_MODIFIER_TOGETHER)
        return "code sets in force on the date of service";
    if (check <= CHECK_DIAGNOSIS)
        return "ICD-10-CM in force on the date of service";
    if (check <= CHECK_STATUS)
        return "Medicare physician fee schedule, status code";
    if (check <= CHECK_UNITS_OTHER_CODE)
        return "minutes to units (Medicare Claims Processing Manual, chapter "
               "5, section 20.2; or the midpoint rule)";
    if (check <= CHECK_MUE_NONE)
        return "NCCI medically unlikely edits";
    if (check <= CHECK_PTP_BYPASSED)
        return "NCCI procedure-to-procedure edits";
    if (check <= CHECK_ADDON_UNKNOWN)
        return "NCCI add-on code edits";
    if (check <= CHECK_EVALUATIONS)
        return "one code of a set a day";
    if (check == CHECK_NECESSITY)
        return "Medicare Coverage Database, articles of the contractor";
    if (check <= CHECK_MODIFIER_NOTE)
        return "Medicare therapy billing (Medicare Claims Processing Manual, "
               "chapter 5)";
    return check == CHECK_REVENUE ? "revenue code and discipline"
                                  : "duplicate lines";
}
