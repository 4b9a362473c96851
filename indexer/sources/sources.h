/* sources.h - the readers there are, one per published layout. */
#ifndef INDEXER_SOURCES_SOURCES_H
#define INDEXER_SOURCES_SOURCES_H
#include "indexer/sources/source.h"

extern const struct source source_hcpcs_text;
extern const struct source source_hcpcs_sheet;
extern const struct source source_pfs_sheet;
extern const struct source source_pfs_text;
extern const struct source source_ptp;
extern const struct source source_mue;
extern const struct source source_aoc_sheet;
extern const struct source source_aoc_text;
extern const struct source source_icd10cm_order;
extern const struct source source_icd10cm_codes;
extern const struct source source_icd10cm_poa;
extern const struct source source_icd10cm_conversion;
extern const struct source source_icd10cm_tabular;
extern const struct source source_icd10cm_index;
extern const struct source source_dhs;
extern const struct source source_mcd;
extern const struct source source_own_timed;
extern const struct source source_own_modifiers;
extern const struct source source_own_kx;
extern const struct source source_own_claim_facts;
extern const struct source source_own_modifier_places;
extern const struct source source_own_sections;
extern const struct source source_admin_cpt;
extern const struct source source_admin_local;
extern const struct source source_admin_synonyms;

/* The name of a publisher's file that is known and carries nothing to load,
 * such as "HCPCS record layout"; NULL for a file that is not known. */
const char *companion_name(const struct probe *probe);

#endif
