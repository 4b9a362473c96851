/* incbin.h - lists of files inside a program, for those who make one.
 *
 * Written for the assembler, because only .incbin takes a file as it is and
 * only the assembler knows its length in time for a table. gcc and clang both
 * understand it, on machines of either word size (.dc.a is a word the size of
 * an address).
 *
 *   list    per file: name, data, length, then one entry of zeros: what
 *           struct embedded_file says in C
 *   .rodata the names and the bytes, a NUL after each
 *
 * Paths are taken from the folder the compiler runs in, the top of the tree.
 * The Makefile rebuilds such an object when a file changes; a test compares
 * the list with the folder. */
#ifndef CODESETS_DATA_INCBIN_H
#define CODESETS_DATA_INCBIN_H
#include "codesets/data/embedded.h"

#define INCBIN_FILE(folder, name)                                              \
    "  .dc.a 1f, 2f, 3f - 2f\n"                                                \
    "  .pushsection .rodata\n"                                                 \
    "1: .asciz \"" name "\"\n"                                                 \
    "  .balign 16\n"                                                           \
    "2: .incbin \"" folder name "\"\n"                                         \
    "3: .byte 0\n"                                                             \
    "  .popsection\n"
#define INCBIN_LIST(symbol, entries)                                           \
    __asm__("  .pushsection .data.rel.ro,\"aw\"\n"                             \
            "  .balign 16\n"                                                   \
            "  .globl " #symbol "\n"                                           \
            "  .type " #symbol ", %object\n" #symbol ":\n" entries             \
            "  .dc.a 0, 0, 0\n"                                                \
            "  .size " #symbol ", . - " #symbol "\n"                           \
            "  .popsection\n")
#endif
