#include "indexer/sources/icd10cm.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codesets/core/buffer.h"
#include "indexer/sources/release.h"

enum { FISCAL_FIRST = 10, MONTH_OF_OCTOBER = 10 };

/* "FY26", "FY 2025", "FY2026". */
static bool find_fiscal_year(const char *text, int *year)
{
    for (; *text != '\0'; text++) {
        const char *digits = text + 2;

        if (strncasecmp(text, "FY", 2) != 0)
            continue;
        if (*digits == ' ' || *digits == '_' || *digits == '-')
            digits++;
        if (isdigit((unsigned char)*digits) && find_year(digits, year))
            return true;
    }
    return false;
}

/* A part of a name that is a year and a month: "2026-04". */
static bool is_year_month(const char *part, int *year, int *month)
{
    if (strlen(part) != 7 || part[4] != '-' ||
        strspn(part, "0123456789") != 4 || strspn(part + 5, "0123456789") != 2)
        return false;
    *year = atoi(part);
    *month = atoi(part + 5);
    return *month >= 1 && *month <= 12;
}

static bool year_of_name(const char *name, int *year)
{
    char part[NAME_PART_MAX];
    int month;

    for (size_t n = 0; name_part(name, n, part); n++)
        if (find_fiscal_year(part, year) || is_year_month(part, year, &month))
            return true;
    for (size_t n = 0; name_part(name, n, part); n++)
        if (find_full_year(part, year))
            return true;
    return false;
}

/* The month of an update; 0 for the release of October. */
static int update_of_name(const char *name)
{
    char part[NAME_PART_MAX];
    int year, month;

    for (size_t n = 0; name_part(name, n, part); n++)
        if ((find_month(part, &year, &month) ||
                is_year_month(part, &year, &month)) &&
            month != MONTH_OF_OCTOBER)
            return month;
    return 0;
}

void icd10cm_identity(struct identity *id, const struct probe *probe,
    enum table table, int rank, const char *banner)
{
    const char *name = probe->in->name;
    int year, month;

    *id = (struct identity){.table = table, .rank = rank};
    if ((banner != NULL && find_fiscal_year(banner, &year)) ||
        year_of_name(name, &year) ||
        year_of_name(probe->in->disk_path, &year)) {
        month = update_of_name(name);
        if (month == 0)
            identity_fiscal_year(id, year);
        else
            identity_update(id, month > 10 ? year - 1 : year, month);
    }
    identity_finish(id, probe);
}

/* ------------------------------------------------------------------- XML */

bool icd10cm_xml_head(
    struct xml_head *out, const struct probe *probe, const char *root)
{
    const struct input *in = probe->in;
    const size_t len = in->len < ICD10CM_XML_HEAD ? in->len : ICD10CM_XML_HEAD;
    const char *at;

    if (probe->form != FORM_XML)
        return false;
    memcpy(out->text, in->data, len);
    out->text[len] = '\0';
    at = strstr(out->text, root);
    return at != NULL && at > out->text && at[-1] == '<';
}

void icd10cm_xml_identity(struct identity *id, const struct probe *probe,
    enum table table, const struct xml_head *head)
{
    static const char version[] = "<version>";
    const char *year = strstr(head->text, version);
    char banner[16] = "";

    if (year != NULL)
        (void)snprintf(
            banner, sizeof banner, "FY %.4s", year + sizeof version - 1);
    icd10cm_identity(id, probe, table, 0, year != NULL ? banner : NULL);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void icd10cm_add_text(struct buffer *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t n = 0;

        while (i + n < len && !is_blank(text[i + n]))
            n++;
        buffer_add(out, text + i, n);
        i += n;
        if (i == len)
            break;
        if (out->len > 0 && out->data[out->len - 1] != ' ')
            buffer_addc(out, ' ');
        while (i < len && is_blank(text[i]))
            i++;
    }
}

void icd10cm_end_text(struct buffer *out)
{
    if (out->len > 0 && out->data[out->len - 1] == ' ')
        out->len--;
}
