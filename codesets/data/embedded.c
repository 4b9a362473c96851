#include "codesets/data/embedded.h"

#include <string.h>

#include "codesets/data/incbin.h"

/* One file a line. */
/* clang-format off */
#define TABLE(name) INCBIN_FILE("codesets/data/", name)
INCBIN_LIST(embedded_data,
    TABLE("abbreviations.tsv")
    TABLE("claim_facts.tsv")
    TABLE("concepts.tsv")
    TABLE("coverage_states.tsv")
    TABLE("kx_thresholds.tsv")
    TABLE("modifier_places.tsv")
    TABLE("modifiers.tsv")
    TABLE("places.tsv")
    TABLE("probes.tsv")
    TABLE("sections.tsv")
    TABLE("sources.tsv")
    TABLE("synonyms.tsv")
    TABLE("timed_codes.tsv"));

#define STARTER(name) INCBIN_FILE("codesets/data/starter/", name)
INCBIN_LIST(embedded_starter,
    STARTER("starter_aoc_2024q3.csv")
    STARTER("starter_hcpcs_2024q3.txt")
    STARTER("starter_icd10cm_order_2024.txt")
    STARTER("starter_mue_outpatient_2024q3.csv")
    STARTER("starter_mue_practitioner_2024q3.csv")
    STARTER("starter_pfs_2024c.csv")
    STARTER("starter_ptp_hospital_2024q3.txt")
    STARTER("starter_ptp_practitioner_2024q3.txt"));
/* clang-format on */

const struct embedded_file *embedded_find(
    const struct embedded_file *list, const char *name)
{
    for (; list->name != NULL; list++)
        if (strcmp(list->name, name) == 0)
            return list;
    return NULL;
}
