#include "codesets/data/embedded.h"

#include <string.h>

/* Written for the assembler, because only .incbin takes a file as it is and
 * only the assembler knows its length in time for a table. gcc and clang both
 * understand it, on machines of either word size (.dc.a is a word the size of
 * an address).
 *
 *   list    per file: name, data, length, then one entry of zeros
 *   .rodata the names and the bytes, a NUL after each
 *
 * Paths are taken from the folder the compiler runs in, the top of the tree.
 * The Makefile rebuilds this object when a file changes; a test compares the
 * lists with the folders. */
#define FILE_ENTRY(folder, name)                                               \
    "  .dc.a 1f, 2f, 3f - 2f\n"                                                \
    "  .pushsection .rodata\n"                                                 \
    "1: .asciz \"" name "\"\n"                                                 \
    "  .balign 16\n"                                                           \
    "2: .incbin \"" folder name "\"\n"                                         \
    "3: .byte 0\n"                                                             \
    "  .popsection\n"
#define LIST(symbol, entries)                                                  \
    __asm__("  .pushsection .data.rel.ro,\"aw\"\n"                             \
            "  .balign 16\n"                                                   \
            "  .globl " #symbol "\n"                                           \
            "  .type " #symbol ", %object\n" #symbol ":\n" entries             \
            "  .dc.a 0, 0, 0\n"                                                \
            "  .size " #symbol ", . - " #symbol "\n"                           \
            "  .popsection\n")

/* One file a line. */
/* clang-format off */
#define TABLE(name) FILE_ENTRY("codesets/data/", name)
LIST(embedded_data,
    TABLE("abbreviations.tsv")
    TABLE("claim_facts.tsv")
    TABLE("concepts.tsv")
    TABLE("kx_thresholds.tsv")
    TABLE("modifier_places.tsv")
    TABLE("modifiers.tsv")
    TABLE("sources.tsv")
    TABLE("synonyms.tsv")
    TABLE("timed_codes.tsv"));

#define STARTER(name) FILE_ENTRY("codesets/data/starter/", name)
LIST(embedded_starter,
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
