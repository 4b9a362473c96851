/* sheet_xml.h - one XML part of a workbook. */
#ifndef INDEXER_FILES_SHEET_XML_H
#define INDEXER_FILES_SHEET_XML_H
#include "indexer/files/xml.h"

/* Reads one part of a workbook held in memory. The name's case does not
 * matter. Returns 0, the reader's number, ERR_NOTFOUND (no such part, no
 * message), ERR_INPUT or ERR_LIMIT. */
int xml_read_part(const uint8_t *zip, size_t len, const char *part,
    const struct xml_reader *reader, struct error *err);

#endif
