#include "codesets/answer/section.h"

#include <string.h>

/* Category I of CPT, by number. */
static const struct section cpt[] = {
    {"00100", "01999", "anesthesia"},
    {"10004", "19499", "surgery: skin and breast"},
    {"20100", "29999", "surgery: bones, joints and muscles"},
    {"30000", "32999", "surgery: airways and lungs"},
    {"33016", "37799", "surgery: heart and vessels"},
    {"38100", "38999", "surgery: blood and lymph"},
    {"39000", "39599", "surgery: chest wall and diaphragm"},
    {"40490", "49999", "surgery: digestive organs"},
    {"50010", "53899", "surgery: urinary organs"},
    {"54000", "55899", "surgery: male organs"},
    {"55920", "58999", "surgery: female organs"},
    {"59000", "59899", "surgery: pregnancy and birth"},
    {"60000", "60699", "surgery: glands"},
    {"61000", "64999", "surgery: nerves, brain and spine"},
    {"65091", "68899", "surgery: eye"},
    {"69000", "69990", "surgery: ear; operating microscope"},
    {"70010", "76499", "imaging: x-ray, CT and MRI"},
    {"76506", "76999", "imaging: ultrasound"},
    {"77001", "77799", "imaging: guidance, breast and bone; radiation therapy"},
    {"78012", "79999", "nuclear medicine"},
    {"80047", "89398", "laboratory and pathology"},
    {"90281", "90399", "medicine: immune globulins"},
    {"90460", "90759", "medicine: vaccines and giving them"},
    {"90785", "90899", "medicine: psychiatry"},
    {"90901", "90913", "medicine: biofeedback"},
    {"90935", "90999", "medicine: dialysis"},
    {"91010", "91299", "medicine: stomach and bowel"},
    {"92002", "92499", "medicine: eye"},
    {"92502", "92700", "medicine: ear, nose, throat; speech and hearing"},
    {"92920", "93799", "medicine: heart"},
    {"93880", "93998", "medicine: vessels"},
    {"94002", "94799", "medicine: lungs"},
    {"95004", "95199", "medicine: allergy"},
    {"95249", "95251", "medicine: glucose monitoring"},
    {"95700", "96020", "medicine: nerves and muscles"},
    {"96105", "96146", "medicine: tests of mind and nervous system"},
    {"96156", "96171", "medicine: health behavior"},
    {"96202", "96203", "medicine: training of caregivers"},
    {"96360", "96549", "medicine: infusions, injections, chemotherapy"},
    {"96567", "96999", "medicine: skin"},
    {"97010", "97799", "medicine: physical medicine and rehabilitation"},
    {"97802", "97804", "medicine: nutrition"},
    {"97810", "97814", "medicine: acupuncture"},
    {"98925", "98929", "medicine: osteopathic manipulation"},
    {"98940", "98943", "medicine: chiropractic manipulation"},
    {"98000", "98016", "visits: at a distance"},
    {"98960", "98986", "medicine: training, phone, online and remote care"},
    {"99000", "99082", "medicine: special services"},
    {"99100", "99140", "medicine: circumstances of anesthesia"},
    {"99151", "99157", "medicine: sedation"},
    {"99170", "99199", "medicine: other services"},
    {"99202", "99499", "visits (evaluation and management)"},
    {"99500", "99602", "medicine: home visits and infusions"},
    {"99605", "99607", "medicine: medication management"},
};

static const struct section hcpcs[] = {
    {"A0000", "A0999", "ambulance and transport"},
    {"A1000", "A8999", "medical and surgical supplies"},
    {"A9000", "A9999", "supplies and radiopharmaceuticals"},
    {"B4000", "B9999", "feeding by tube and vein"},
    {"C1000", "C9999", "hospital outpatient payment"},
    {"D0000", "D9999", "dental"},
    {"E0000", "E9999", "durable medical equipment"},
    {"G0000", "G9999", "procedures and services of Medicare"},
    {"H0000", "H9999", "alcohol, drug and behavioral services"},
    {"J0000", "J8999", "drugs, not by mouth or for chemotherapy"},
    {"J9000", "J9999", "chemotherapy drugs"},
    {"K0000", "K9999", "equipment, provisional"},
    {"L0000", "L4999", "orthotics"},
    {"L5000", "L9999", "prosthetics"},
    {"M0000", "M9999", "medical services and quality measures"},
    {"P0000", "P9999", "laboratory and blood"},
    {"Q0000", "Q9999", "provisional codes"},
    {"R0000", "R9999", "transport of imaging equipment"},
    {"S0000", "S9999", "codes of private payers"},
    {"T1000", "T5999", "codes of Medicaid agencies"},
    {"U0000", "U0999", "tests for coronavirus"},
    {"V0000", "V2999", "vision"},
    {"V5000", "V5999", "hearing and speech"},
};

/* By the first three characters. */
static const struct section icd10cm[] = {
    {"A00", "B99", "Certain infectious and parasitic diseases"},
    {"C00", "D49", "Neoplasms"},
    {"D50", "D89",
        "Diseases of the blood and blood-forming organs and certain disorders "
        "involving the immune mechanism"},
    {"E00", "E89", "Endocrine, nutritional and metabolic diseases"},
    {"F01", "F99", "Mental, behavioral and neurodevelopmental disorders"},
    {"G00", "G99", "Diseases of the nervous system"},
    {"H00", "H59", "Diseases of the eye and adnexa"},
    {"H60", "H95", "Diseases of the ear and mastoid process"},
    {"I00", "I99", "Diseases of the circulatory system"},
    {"J00", "J99", "Diseases of the respiratory system"},
    {"K00", "K95", "Diseases of the digestive system"},
    {"L00", "L99", "Diseases of the skin and subcutaneous tissue"},
    {"M00", "M99",
        "Diseases of the musculoskeletal system and connective tissue"},
    {"N00", "N99", "Diseases of the genitourinary system"},
    {"O00", "O9A", "Pregnancy, childbirth and the puerperium"},
    {"P00", "P96", "Certain conditions originating in the perinatal period"},
    {"Q00", "Q99",
        "Congenital malformations, deformations and chromosomal "
        "abnormalities"},
    {"R00", "R99",
        "Symptoms, signs and abnormal clinical and laboratory findings, not "
        "elsewhere classified"},
    {"S00", "T88",
        "Injury, poisoning and certain other consequences of external causes"},
    {"U00", "U85", "Codes for special purposes"},
    {"V00", "Y99", "External causes of morbidity"},
    {"Z00", "Z99",
        "Factors influencing health status and contact with health services"},
};

static const struct section cpt_letters[] = {
    {"0001A", "9999A", "giving of coronavirus vaccines"},
    {"0001F", "9999F", "performance measures (Category II)"},
    {"0001M", "9999M", "multianalyte assays (MAAA)"},
    {"0001T", "9999T", "emerging services (Category III)"},
    {"0001U", "9999U", "proprietary laboratory analyses (PLA)"},
};

static const struct section *find(
    const struct section *sections, size_t count, const char *code, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(code, sections[i].from, len) >= 0 &&
            memcmp(code, sections[i].to, len) <= 0)
            return &sections[i];
    return NULL;
}

#define FIND(sections, code, len)                                              \
    find(sections, sizeof(sections) / sizeof(sections)[0], code, len)

const struct section *section_of(const struct code_ref *code)
{
    switch (code->system) {
    case SYSTEM_CPT:
        if (code->len != PROC_LEN)
            return NULL;
        if (code->text[4] >= '0' && code->text[4] <= '9')
            return FIND(cpt, code->text, PROC_LEN);
        for (size_t i = 0; i < sizeof cpt_letters / sizeof cpt_letters[0]; i++)
            if (code->text[4] == cpt_letters[i].from[4])
                return &cpt_letters[i];
        return NULL;
    case SYSTEM_HCPCS:
    case SYSTEM_CDT:
        return code->len == PROC_LEN ? FIND(hcpcs, code->text, PROC_LEN) : NULL;
    case SYSTEM_ICD10CM:
        return code->len >= 3 ? FIND(icd10cm, code->text, 3) : NULL;
    default:
        return NULL;
    }
}
