#include "codesets/core/code.h"

#include <string.h>

#include "codesets/core/error.h"

static const char *const system_names[SYSTEM_COUNT] = {
    "cpt", "hcpcs", "cdt", "icd10cm", "modifier", "local"};

const char *code_system_name(enum code_system system)
{
    return (unsigned)system < SYSTEM_COUNT ? system_names[system] : "unknown";
}

int code_system_parse(enum code_system *out, const char *name, size_t len)
{
    for (int i = 0; i < SYSTEM_COUNT; i++)
        if (strlen(system_names[i]) == len &&
            memcmp(system_names[i], name, len) == 0) {
            *out = (enum code_system)i;
            return 0;
        }
    return ERR_INPUT;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* 0-9 count 0 to 9, A-Z count 10 to 35: the order of their bytes. */
static uint32_t rank36(char c)
{
    return is_digit(c) ? (uint32_t)(c - '0') : (uint32_t)(c - 'A') + 10;
}

uint32_t proc_pack(const char text[PROC_LEN])
{
    const char first = text[0], last = text[4];
    bool shaped;

    if (!is_digit(text[1]) || !is_digit(text[2]) || !is_digit(text[3]))
        return PROC_NONE;
    if (is_digit(first))
        shaped = is_digit(last) || last == 'A' || last == 'F' || last == 'M' ||
                 last == 'T' || last == 'U';
    else
        shaped = first >= 'A' && first <= 'V' && is_digit(last);
    if (!shaped)
        return PROC_NONE;
    return (rank36(first) * 1000u + (uint32_t)(text[1] - '0') * 100u +
               (uint32_t)(text[2] - '0') * 10u + (uint32_t)(text[3] - '0')) *
               36u +
           rank36(last);
}

void proc_unpack(char out[PROC_LEN + 1], uint32_t packed)
{
    static const char character[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint32_t middle;

    if (packed >= PROC_PACKED_END) {
        memcpy(out, "?????", PROC_LEN + 1);
        return;
    }
    out[4] = character[packed % 36];
    packed /= 36;
    middle = packed % 1000;
    out[0] = character[packed / 1000];
    out[1] = character[middle / 100];
    out[2] = character[middle / 10 % 10];
    out[3] = character[middle % 10];
    out[5] = '\0';
}

enum code_system proc_system(uint32_t packed)
{
    char text[PROC_LEN + 1];

    proc_unpack(text, packed);
    if (is_digit(text[0]))
        return SYSTEM_CPT;
    return text[0] == 'D' ? SYSTEM_CDT : SYSTEM_HCPCS;
}

bool icd_shaped(const char *text, size_t len)
{
    bool digit = false;

    if (len < 3 || len > ICD_MAX || !is_upper(text[0]))
        return false;
    for (size_t i = 1; i < len; i++) {
        if (!is_digit(text[i]) && !is_upper(text[i]))
            return false;
        digit = digit || (i < 3 && is_digit(text[i]));
    }
    return digit;
}

size_t icd_dotted(char out[CODE_TEXT], const char *text, size_t len)
{
    if (len > CODE_MAX)
        len = CODE_MAX;
    if (len <= 3) {
        memcpy(out, text, len);
        out[len] = '\0';
        return len;
    }
    memcpy(out, text, 3);
    out[3] = '.';
    memcpy(out + 4, text + 3, len - 3);
    out[len + 1] = '\0';
    return len + 1;
}

int code_text_parse(struct code_text *out, const char *typed, size_t len)
{
    size_t n = 0;

    while (len > 0 && (typed[0] == ' ' || typed[0] == '\t'))
        typed++, len--;
    while (len > 0 && (typed[len - 1] == ' ' || typed[len - 1] == '\t'))
        len--;
    if (len == 0 || len > CODE_MAX)
        return ERR_INPUT;
    out->dotted = false;
    for (size_t i = 0; i < len; i++) {
        char c = typed[i];

        if (c <= ' ' || c > '~')
            return ERR_INPUT;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (c == '.' && i == 3) {
            out->dotted = true;
            continue;
        }
        if (c == '.' && i == len - 1 && i > 0)
            continue; /* "m5450." */
        out->text[n++] = c;
    }
    out->text[n] = '\0';
    out->len = n;
    return 0;
}
