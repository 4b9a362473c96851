#include "codesets/rules/modifier_place.h"

#include <string.h>

#include "codesets/core/code.h"

struct code_range {
    char first[PROC_LEN + 1], last[PROC_LEN + 1];
};

struct code_ranges {
    const struct code_range *range;
    size_t count;
};

/* What modifiers 24, 25 and 57 are for. */
static const struct code_range visits[] = {
    {"92002", "92014"}, /* eye examinations */
    {"98000", "98016"}, /* visits at a distance, from 2025 */
    {"99201", "99499"}, {"G0402", "G0402"}, /* preventive visits of Medicare */
    {"G0438", "G0439"}, {"G0463", "G0463"}, /* hospital clinic visit */
};

/* What modifier 91 is for. PLA and MAAA codes are known by their last letter.
 */
static const struct code_range laboratory[] = {
    {"80047", "89398"},
    {"G0103", "G0103"},
    {"G0123", "G0148"},
    {"G0306", "G0307"},
    {"G0327", "G0328"},
    {"G0432", "G0435"},
    {"G0472", "G0483"},
    {"G0499", "G0499"},
    {"G0659", "G0659"},
    {"P2028", "P7001"},
    {"U0001", "U0005"},
};

/* 58, 78 and 79. */
static const struct code_range surgery[] = {
    {"10004", "69990"}, {"92920", "92998"}, /* coronary vessels */
    {"93451", "93598"},                     /* heart catheters */
};

/* LT and RT. */
static const struct code_range sides[] = {
    {"19000", "19499"}, /* breast */
    {"20500", "20615"}, /* injections of joints and tendons */
    {"23000", "28899"}, /* limbs */
    {"29000", "29799"}, /* casts and straps */
    {"29805", "29916"}, /* joints through a scope */
    {"30000", "31299"}, /* nose and sinuses */
    {"32035", "32999"}, /* lungs */
    {"49491", "49659"}, /* hernias */
    {"50010", "50980"}, /* kidneys and ureters */
    {"58600", "58960"}, /* ovaries and tubes */
    {"64400", "64999"}, /* nerves outside the spine */
    {"65091", "69990"}, /* eyes and ears */
    {"73000", "73725"}, /* pictures of limbs */
    {"76510", "76529"}, /* ultrasound of the eye */
    {"77046", "77067"}, /* pictures of the breast */
    {"92018", "92499"}, /* tests and lenses of the eye */
    {"L1600", "L4631"}, /* orthotics and prostheses of limbs */
    {"L5000", "L7499"}, {"V2020", "V2799"}, /* glasses */
    {"V5030", "V5267"},                     /* hearing aids */
};

static const struct code_range eyelids[] = {
    {"11200", "11646"}, /* lesions of the skin */
    {"15820", "15823"}, {"67700", "67999"}, {"68700", "68850"}, /* tear ducts */
};

static const struct code_range fingers[] = {
    {"11055", "11765"}, /* lesions of the skin, nails */
    {"12001", "13160"}, /* repairs of wounds */
    {"20500", "20612"},
    {"26010", "26989"},
    {"29086", "29086"},
    {"29130", "29131"},
    {"73140", "73140"},
};

static const struct code_range toes[] = {
    {"11055", "11765"},
    {"12001", "13160"},
    {"20500", "20612"},
    {"28001", "28899"},
    {"29550", "29550"},
    {"73660", "73660"},
};

static const struct code_range coronary[] = {
    {"92920", "92998"},
    {"C9600", "C9608"},
};

#define RANGES(array)                                                          \
    {                                                                          \
        (array), sizeof(array) / sizeof *(array)                               \
    }

static const struct code_ranges ranges[PLACE_COUNT] = {
    [PLACE_LAB] = RANGES(laboratory),
    [PLACE_VISIT] = RANGES(visits),
    [PLACE_SURGERY] = RANGES(surgery),
    [PLACE_SIDE] = RANGES(sides),
    [PLACE_EYELID] = RANGES(eyelids),
    [PLACE_FINGER] = RANGES(fingers),
    [PLACE_TOE] = RANGES(toes),
    [PLACE_CORONARY] = RANGES(coronary),
};

static const char *const names[PLACE_COUNT] = {NULL, "lab", "visit", "service",
    "surgery", "side", "eyelid", "finger", "toe", "coronary"};

enum modifier_place place_parse(const char *name)
{
    for (int i = PLACE_ANY + 1; i < PLACE_COUNT; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum modifier_place)i;
    return PLACE_ANY;
}

const char *place_name(enum modifier_place place)
{
    return (unsigned)place < PLACE_COUNT ? names[place] : NULL;
}

static bool in_ranges(const char *code, const struct code_ranges *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (memcmp(code, list->range[i].first, PROC_LEN) >= 0 &&
            memcmp(code, list->range[i].last, PROC_LEN) <= 0)
            return true;
    return false;
}

bool place_fits(enum modifier_place place, const char *code, size_t len)
{
    if (place == PLACE_ANY)
        return true;
    if (len != PROC_LEN)
        return false;
    if (place == PLACE_SERVICE)
        return !in_ranges(code, &ranges[PLACE_VISIT]);
    if (place == PLACE_LAB && (code[4] == 'U' || code[4] == 'M'))
        return true;
    return in_ranges(code, &ranges[place]);
}
