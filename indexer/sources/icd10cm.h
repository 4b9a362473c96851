/* icd10cm.h - what the ICD-10-CM files share: which release a name tells.
 *
 * The classification follows the fiscal year: the files of 2026 hold from
 * 2025-10-01 to 2026-09-30. An update in April (in 2021, in January) keeps the
 * year in its members' names, so the month of any part of the name counts:
 *   2025-code-descriptions-tabular-order-april.zip/icd10cm_order_2025.txt */
#ifndef INDEXER_SOURCES_ICD10CM_H
#define INDEXER_SOURCES_ICD10CM_H
#include "indexer/plan/batch.h"
#include "indexer/sources/source.h"

/* Fills an identity; banner is text of the file that may tell the year, such as
 * "This FY 2025 (October 1, 2024 Update) Conversion Table", or NULL. */
void icd10cm_identity(struct identity *id, const struct probe *probe,
    enum table table, int rank, const char *banner);

/* The head of an XML file of the classification, as text. */
enum { ICD10CM_XML_HEAD = 4096 };
struct xml_head {
    char text[ICD10CM_XML_HEAD + 1];
};
/* False when it is no XML, or its first element is another. */
bool icd10cm_xml_head(
    struct xml_head *out, const struct probe *probe, const char *root);
/* Fills an identity from the year in <version>, which names the fiscal year,
 * and the month that the name may tell. */
void icd10cm_xml_identity(struct identity *id, const struct probe *probe,
    enum table table, const struct xml_head *head);

/* Appends text with every run of blanks and line ends as one blank, as if it
 * followed what stands there already: begin with an empty buffer. */
struct buffer;
void icd10cm_add_text(struct buffer *out, const char *text, size_t len);
/* Drops the blank that it may have left at the end. */
void icd10cm_end_text(struct buffer *out);

#endif
