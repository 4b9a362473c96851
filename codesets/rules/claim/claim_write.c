/* claim_write.c - a claim as it was sent, written down with what is wrong in
 * its writing. */
#include <string.h>

#include "codesets/rules/claim/claim.h"

void claim_begin(struct claim *out, day_t day)
{
    out->day = day;
    out->setting = SETTING_PRACTITIONER;
    out->program = PROGRAM_MEDICARE;
    memset(&out->place, 0, sizeof out->place);
    out->lines = out->diagnoses = out->providers = 0;
    out->diagnoses_many = false;
    claim_set_payer(out, PAYER_MEDICARE);
}

void claim_set_payer(struct claim *claim, enum claim_payer payer)
{
    claim->payer = payer;
    claim->rule = payer == PAYER_MEDICARE || payer == PAYER_MEDICAID
                      ? UNITS_CMS
                      : UNITS_MIDPOINT;
}

struct claim_line *claim_add_line(struct claim *claim,
    const struct rules *rules, const char *code, size_t len)
{
    struct claim_line *line;

    if (claim->lines == CLAIM_LINES_MAX)
        return NULL;
    line = &claim->line[claim->lines++];
    pair_line_parse(&line->code, rules, code, len);
    line->day = claim->day;
    line->units = 1;
    line->minutes = 0;
    line->minutes_told = false;
    line->flaws = FLAW_UNITS_MISSING;
    line->modifiers = line->pointers = line->provider = 0;
    line->revenue[0] = line->bad_modifier[0] = '\0';
    return line;
}

static bool parts_modifiers(char c)
{
    return c == ' ' || c == '+' || c == ',' || c == '\t';
}

/* Keeps what can be shown of a text that is none of ours. */
static void keep_word(
    char out[CLAIM_WORD_LEN + 1], const char *text, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len && n < CLAIM_WORD_LEN; i++)
        out[n++] = text[i] > ' ' && text[i] <= '~' ? text[i] : '?';
    out[n] = '\0';
}

static void add_modifier(struct claim_line *line, const char *text, size_t len)
{
    char pair[2] = {'?', '?'};
    uint16_t packed;

    for (size_t i = 0; i < len && i < sizeof pair; i++)
        pair[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A')
                                                   : text[i];
    packed = len == sizeof pair ? modifier_pack(pair) : MODIFIER_NONE;
    if (packed == 0)
        return; /* "00" fills an empty place */
    if (line->modifiers < UINT16_MAX)
        line->modifiers++;
    if (packed == MODIFIER_NONE) {
        if ((line->flaws & FLAW_MODIFIER_SHAPE) == 0)
            keep_word(line->bad_modifier, text, len);
        line->flaws |= FLAW_MODIFIER_SHAPE;
        return;
    }
    if (line->code.modifiers < PAIR_MODIFIERS_MAX)
        line->code.modifier[line->code.modifiers++] = packed;
}

void claim_line_modifiers(struct claim_line *line, const char *text, size_t len)
{
    size_t at = 0;

    while (at < len) {
        size_t n = 0;

        if (parts_modifiers(text[at])) {
            at++;
            continue;
        }
        while (at + n < len && !parts_modifiers(text[at + n]))
            n++;
        add_modifier(line, text + at, n);
        at += n;
    }
}

void claim_line_pointer(struct claim_line *line, int64_t number)
{
    if (line->pointers < CLAIM_POINTERS_MAX)
        line->pointer[line->pointers] =
            (int16_t)(number < 0 || number > INT16_MAX ? 0 : number);
    if (line->pointers < UINT16_MAX)
        line->pointers++;
}

void claim_line_pointer_text(
    struct claim_line *line, const char *text, size_t len)
{
    int64_t number = 0;
    size_t i = 0;

    if (len == 1 && text[0] >= 'A' && text[0] <= 'L') {
        claim_line_pointer(line, text[0] - 'A' + 1);
        return;
    }
    if (len == 1 && text[0] >= 'a' && text[0] <= 'l') {
        claim_line_pointer(line, text[0] - 'a' + 1);
        return;
    }
    for (; i < len && i < 4 && text[i] >= '0' && text[i] <= '9'; i++)
        number = number * 10 + (text[i] - '0');
    if (len == 0 || i < len)
        line->flaws |= FLAW_POINTER_SHAPE;
    else
        claim_line_pointer(line, number);
}

void claim_line_revenue(struct claim_line *line, const char *text, size_t len)
{
    char code[sizeof line->revenue];
    size_t n = 0;

    while (len > 0 && text[0] == ' ') {
        text++;
        len--;
    }
    while (len > 0 && text[len - 1] == ' ')
        len--;
    if (len == 3)
        code[n++] = '0'; /* people leave the leading zero out */
    if (len < 3 || len > 4) {
        line->flaws |= FLAW_REVENUE;
        return;
    }
    for (size_t i = 0; i < len; i++) {
        const char c = text[i] == 'x' ? 'X' : text[i];

        if ((c < '0' || c > '9') && (c != 'X' || i + 1 < len)) {
            line->flaws |= FLAW_REVENUE;
            return;
        }
        code[n++] = c;
    }
    code[n] = '\0';
    memcpy(line->revenue, code, sizeof code);
}

int claim_line_provider(struct claim *claim, struct claim_line *line,
    const char *text, size_t len, struct error *err)
{
    uint16_t i = 0;

    if (len == 0 || len > CLAIM_PROVIDER_LEN)
        return error_set(err, ERR_INPUT, 0,
            "provider: 1 to %d bytes, such as an NPI", CLAIM_PROVIDER_LEN);
    while (
        i < claim->providers && (strlen(claim->provider[i]) != len ||
                                    memcmp(claim->provider[i], text, len) != 0))
        i++;
    if (i == CLAIM_PROVIDERS_MAX)
        return error_set(err, ERR_LIMIT, 0,
            "provider: at most %d different ones on a claim",
            CLAIM_PROVIDERS_MAX);
    if (i == claim->providers) {
        memcpy(claim->provider[i], text, len);
        claim->provider[i][len] = '\0';
        claim->providers++;
    }
    line->provider = (uint16_t)(i + 1);
    return 0;
}

void claim_add_diagnosis(struct claim *claim, const char *text, size_t len)
{
    struct claim_diagnosis *diagnosis;
    struct code_text code;

    if (claim->diagnoses == CLAIM_DIAGNOSES_ROOM) {
        claim->diagnoses_many = true;
        return;
    }
    diagnosis = &claim->diagnosis[claim->diagnoses++];
    diagnosis->shaped = code_text_parse(&code, text, len) == 0 &&
                        icd_shaped(code.text, code.len);
    if (diagnosis->shaped) {
        memcpy(diagnosis->code, code.text, code.len + 1);
        diagnosis->len = (uint8_t)code.len;
    } else {
        keep_word(diagnosis->code, text, len);
        diagnosis->len = (uint8_t)strlen(diagnosis->code);
    }
}

static const char *const payer_names[PAYER_COUNT] = {
    "medicare", "medicaid", "commercial", "other"};

int claim_payer_parse(enum claim_payer *out, const char *name, size_t len)
{
    for (int i = 0; i < PAYER_COUNT; i++)
        if (strlen(payer_names[i]) == len &&
            memcmp(payer_names[i], name, len) == 0) {
            *out = (enum claim_payer)i;
            return 0;
        }
    return ERR_INPUT;
}

const char *claim_payer_name(enum claim_payer payer)
{
    return (unsigned)payer < PAYER_COUNT ? payer_names[payer] : "";
}

uint16_t claim_diagnoses_allowed(enum setting setting)
{
    enum { OF_PROFESSIONAL_CLAIM = 12 };

    return setting == SETTING_OUTPATIENT ? CLAIM_DIAGNOSES_ROOM
                                         : OF_PROFESSIONAL_CLAIM;
}
