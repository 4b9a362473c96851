/* What to do when a field of a list is another: a table, read from the top.
 * What the letters and numbers mean is told by the publisher's record layouts.
 */
#include "codesets/answer/changes/change_advice.h"

#include <string.h>

#define PAYMENT "payment changes{when}; nothing to do for coding"
#define OTHER_CODES                                                            \
    "payment beside other procedures of the day changes{when}; nothing to do " \
    "for coding"

static const struct {
    enum table table;
    const char *field; /* "pricing_*": all that begin so; "*": every other */
    const char *value; /* it begins so now; "": whatever it is */
    const char *words; /* {when}: " from 2026-01-01"; "": nothing to do */
} table[] = {
    {TABLE_PFS, "status", "A",
        "Medicare pays it by the schedule now, where it is covered"},
    {TABLE_PFS, "status", "B", "bundled: Medicare never pays it alone"},
    {TABLE_PFS, "status", "C", "the Medicare contractor sets the price"},
    {TABLE_PFS, "status", "E", "left out of Medicare payment by regulation"},
    {TABLE_PFS, "status", "I",
        "not valid for Medicare: another code is used; other payers may take "
        "this one"},
    {TABLE_PFS, "status", "J", "anaesthesia: paid by units"},
    {TABLE_PFS, "status", "M", "for measurement only: no payment"},
    {TABLE_PFS, "status", "N", "Medicare does not cover it"},
    {TABLE_PFS, "status", "P",
        "a bundled or excluded supply: no payment of its own"},
    {TABLE_PFS, "status", "R",
        "coverage is restricted: check before billing Medicare"},
    {TABLE_PFS, "status", "T",
        "paid only when nothing else is payable that day from the same "
        "provider"},
    {TABLE_PFS, "status", "X",
        "outside physician services: another fee schedule may pay it"},
    {TABLE_PFS, "status", "",
        "the status has another letter: check before billing Medicare"},
    {TABLE_PFS, "not_used_for_medicare", "",
        "whether Medicare uses this code changes: check before billing it"},
    {TABLE_PFS, "conversion_factor", "",
        "every payment of the schedule changes with it{when}; nothing to do "
        "for coding"},
    {TABLE_PFS, "nonfacility_na", "NA",
        "seldom or never done outside of a facility: check the place of "
        "service"},
    {TABLE_PFS, "facility_na", "NA",
        "seldom or never done in a facility: check the place of service"},
    {TABLE_PFS, "nonfacility_na", "",
        "done outside of a facility too, as the schedule has it now"},
    {TABLE_PFS, "facility_na", "",
        "done in a facility too, as the schedule has it now"},
    {TABLE_PFS, "pctc", "1",
        "modifiers 26 and TC part it now: bill the part that was done"},
    {TABLE_PFS, "pctc", "2", "professional part alone: no 26, no TC"},
    {TABLE_PFS, "pctc", "3", "technical part alone: no 26, no TC"},
    {TABLE_PFS, "pctc", "4",
        "both parts in one: bill the codes of the parts for one of them"},
    {TABLE_PFS, "pctc", "5",
        "incident to a physician's service: not paid for hospital patients"},
    {TABLE_PFS, "pctc", "7",
        "a therapy service: not payable to an independent therapist for "
        "hospital patients"},
    {TABLE_PFS, "pctc", "", "check whether modifiers 26 and TC are in use"},
    {TABLE_PFS, "global_days", "ZZZ",
        "belongs to another service: bill it beside that one"},
    {TABLE_PFS, "global_days", "XXX", "no global period: visits are billed"},
    {TABLE_PFS, "global_days", "",
        "the visits that the payment includes are others: check modifiers of "
        "visits around the procedure"},
    {TABLE_PFS, "multiple_procedure", "5",
        "therapy: the practice expense of further units of a day is halved; "
        "nothing to do for coding"},
    {TABLE_PFS, "multiple_procedure", "", OTHER_CODES},
    {TABLE_PFS, "endo_base", "", OTHER_CODES},
    {TABLE_PFS, "imaging_family", "", OTHER_CODES},
    {TABLE_PFS, "bilateral", "0",
        "modifier 50 brings no more payment: check how both sides are billed"},
    {TABLE_PFS, "bilateral", "1", "both sides with modifier 50: paid at 150%"},
    {TABLE_PFS, "bilateral", "2", "both sides are in the code: no modifier 50"},
    {TABLE_PFS, "bilateral", "3", "both sides: each is paid in full"},
    {TABLE_PFS, "bilateral", "", "modifier 50 has no meaning for it"},
    {TABLE_PFS, "assistant_surgeon", "2", "an assistant is paid"},
    {TABLE_PFS, "assistant_surgeon", "",
        "check whether an assistant at the operation is paid"},
    {TABLE_PFS, "co_surgeon", "2", "two surgeons are paid"},
    {TABLE_PFS, "co_surgeon", "", "check whether two surgeons are paid"},
    {TABLE_PFS, "team_surgeon", "2", "a team of surgeons is paid"},
    {TABLE_PFS, "team_surgeon", "", "check whether a team of surgeons is paid"},
    {TABLE_PFS, "supervision", "",
        "check who must supervise the diagnostic test, and how closely"},
    {TABLE_PFS, "*", "", PAYMENT},

    {TABLE_HCPCS, "coverage", "C", "the Medicare contractor judges coverage"},
    {TABLE_HCPCS, "coverage", "D",
        "special rules of coverage apply: read them before billing Medicare"},
    {TABLE_HCPCS, "coverage", "I", "not payable by Medicare"},
    {TABLE_HCPCS, "coverage", "M", "Medicare does not cover it"},
    {TABLE_HCPCS, "coverage", "S", "Medicare may not cover it, by statute"},
    {TABLE_HCPCS, "coverage", "",
        "what Medicare covers changes: check before billing it"},
    {TABLE_HCPCS, "cross_reference_*", "",
        "the publisher refers to another code: see which one fits"},
    {TABLE_HCPCS, "cim_*", "",
        "Medicare's rule of coverage stands elsewhere, or is another: read it"},
    {TABLE_HCPCS, "mcm_*", "",
        "Medicare's rule of billing stands elsewhere, or is another: read it"},
    {TABLE_HCPCS, "statute", "",
        "the statute on its coverage is another: check before billing "
        "Medicare"},
    {TABLE_HCPCS, "lab_certification_*", "",
        "check that the laboratory is certified for it"},
    {TABLE_HCPCS, "processing_note", "", "read the publisher's note on it"},
    {TABLE_HCPCS, "pricing_*", "", PAYMENT},
    {TABLE_HCPCS, "multiple_pricing", "", PAYMENT},
    {TABLE_HCPCS, "anesthesia_units", "", PAYMENT},
    {TABLE_HCPCS, "asc_group*", "",
        "check payment in an ambulatory surgery centre"},
    {TABLE_HCPCS, "betos", "", "a class for statistics: nothing to do"},
    {TABLE_HCPCS, "type_of_service_*", "",
        "a class for statistics: nothing to do"},
    {TABLE_HCPCS, "*", "", "nothing to do for coding"},

    {TABLE_MUE, "rationale", "",
        "the limit is the same, its reason is told otherwise: nothing to do"},
    {TABLE_AOC, "type", "",
        "an add-on of another type: check which primaries it takes"},
    {TABLE_AOC, "note", "", "read the note on this add-on"},
    {TABLE_ICD10CM_TABULAR, "*", "",
        "read what the tabular list says now of includes, excludes and "
        "sequence"},
    {TABLE_TIMED, "*", "", "units of time may be counted otherwise: ask anew"},
    {TABLE_MODIFIER, "*", "",
        "what the modifier does may be judged otherwise: ask anew"},
    {TABLE_COVERAGE, "*", "", "read the document"},
};

static bool is_field(const char *pattern, const char *field)
{
    const size_t len = strcspn(pattern, "*");

    return pattern[len] == '*' ? strncmp(pattern, field, len) == 0
                               : strcmp(pattern, field) == 0;
}

const char *change_field_advice(const struct change *change)
{
    const char *field = change->field == NULL ? "" : change->field;
    const char *value = change->after == NULL ? "" : change->after;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].table == change->series->table &&
            is_field(table[i].field, field) &&
            strncmp(table[i].value, value, strlen(table[i].value)) == 0)
            return table[i].words;
    return NULL;
}
