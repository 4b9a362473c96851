/* code.h - the shapes of codes (domain.md 1.1), and what people type.
 *
 * A procedure code (CPT, HCPCS Level II, CDT) is five characters: a digit or
 * letter, three digits, a digit or letter. Packed into a number it keeps its
 * order:  packed = (first * 1000 + middle) * 36 + last, where a character
 * counts 0-9 then A-Z, so any two packed codes compare as their bytes do. */
#ifndef CODESETS_CORE_CODE_H
#define CODESETS_CORE_CODE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum code_system {
    SYSTEM_CPT,      /* Category I, II (F), III (T), PLA (U), MAAA (M), 0001A */
    SYSTEM_HCPCS,    /* Level II: a letter and four digits, but not D */
    SYSTEM_CDT,      /* dental: D and four digits */
    SYSTEM_ICD10CM,  /* undotted, 3 to 7 characters */
    SYSTEM_MODIFIER, /* two characters */
    SYSTEM_LOCAL,    /* the administrator's own, any text of 1 to 32 bytes */
    SYSTEM_COUNT
};

enum {
    PROC_LEN = 5,             /* bytes of a procedure code */
    MODIFIER_LEN = 2,         /* bytes of a modifier */
    ICD_MAX = 7,              /* bytes of an undotted ICD-10-CM code */
    CODE_MAX = 32,            /* bytes of any code */
    CODE_TEXT = CODE_MAX + 2, /* room for a dot and a NUL */
};

#define PROC_PACKED_END                                                        \
    1296000u /* one more than the packed code ZZZZZ-like                       \
              */
#define PROC_NONE UINT32_MAX

/* "cpt", "hcpcs", "cdt", "icd10cm", "modifier", "local". */
const char *code_system_name(enum code_system system);
/* Returns 0, or ERR_INPUT for a name that is none of these. */
int code_system_parse(enum code_system *out, const char *name, size_t len);

/* Takes exactly five bytes, upper case. Returns PROC_NONE for any that are not
 * of a procedure code's shape ([0-9][0-9]{3}[0-9AFMTU] or [A-V][0-9]{4}). */
uint32_t proc_pack(const char text[PROC_LEN]);
void proc_unpack(char out[PROC_LEN + 1], uint32_t packed);
/* CPT, HCPCS or CDT, by the shape alone. */
enum code_system proc_system(uint32_t packed);

/* True for [A-Z][0-9][0-9AB][0-9A-Z]{0,4} in len bytes, undotted, upper case;
 * the third character may be a letter too (C4A, O9A, Z3A), and since 2026 the
 * second one before a digit (QA0). */
bool icd_shaped(const char *text, size_t len);
/* Writes the code with its dot (M5450 -> M54.50) and a NUL. Returns length. */
size_t icd_dotted(char out[CODE_TEXT], const char *text, size_t len);

/* What a person or a program typed, made plain: blanks around it dropped,
 * upper case; an ICD-10-CM dot is taken out and remembered, and a trailing dot
 * ("m54.") is forgiven. */
struct code_text {
    char text[CODE_TEXT]; /* NUL-ended */
    size_t len;
    bool dotted; /* had a dot after the third character: ICD-10-CM only */
};
/* Returns 0, or ERR_INPUT when it is empty, too long, holds a byte outside
 * printable ASCII, or a blank or dot where none can stand. */
int code_text_parse(struct code_text *out, const char *typed, size_t len);

#endif
