#include "indexer/sources/sources.h"

#include <stddef.h>

/* The first that recognises a file has it. Those that know their file by a
 * heading stand before those that go by the shape of its lines, and the
 * administrator's lists, which may look like nearly anything, are last. */
const struct source *const sources[] = {
    &source_own_timed,
    &source_own_modifiers,
    &source_own_kx,
    &source_own_claim_facts,
    &source_own_modifier_places,
    &source_own_sections,
    &source_hcpcs_sheet,
    &source_pfs_sheet,
    &source_ptp,
    &source_mue,
    &source_aoc_sheet,
    &source_icd10cm_poa,
    &source_icd10cm_conversion,
    &source_icd10cm_tabular,
    &source_icd10cm_index,
    &source_dhs,
    &source_mcd,
    &source_hcpcs_text,
    &source_pfs_text,
    &source_aoc_text,
    &source_icd10cm_order,
    &source_icd10cm_codes,
    &source_admin_local,
    &source_admin_synonyms,
    &source_admin_cpt,
    NULL,
};
