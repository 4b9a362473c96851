#include "server/transport/params.h"

bool param_setting(
    const struct request *request, struct reply *reply, enum setting *out)
{
    const struct text_ref text = request_text(request, "setting");

    *out = SETTING_PRACTITIONER;
    if (text.text == NULL ||
        (setting_parse(out, text.text, text.len) == 0 && *out != SETTING_NONE))
        return true;
    reply_bad_param(
        reply, "setting", "It takes practitioner, outpatient or dme.");
    return false;
}

bool param_program(
    const struct request *request, struct reply *reply, enum program *out)
{
    const struct text_ref text = request_text(request, "program");

    *out = PROGRAM_MEDICARE;
    if (text.text == NULL ||
        (program_parse(out, text.text, text.len) == 0 && *out != PROGRAM_NONE))
        return true;
    reply_bad_param(reply, "program", "It takes medicare or medicaid.");
    return false;
}

bool param_systems(
    const struct request *request, struct reply *reply, uint32_t *out)
{
    const struct text_ref text = request_text(request, "system");

    *out = 0;
    if (text.text == NULL || systems_parse(out, text.text, text.len, NULL) == 0)
        return true;
    reply_bad_param(reply, "system",
        "It takes a comma list of cpt, hcpcs, cdt, icd10cm, modifier and "
        "local.");
    return false;
}

bool param_limit(const struct request *request, struct reply *reply, long most,
    uint32_t *out)
{
    long limit = 0;

    if (!param_integer(request, reply, "limit", 1, most, &limit))
        return false;
    *out = (uint32_t)limit;
    return true;
}
