/* sheet_xml.h - one XML part of a workbook, streamed through expat.
 *
 * What a hostile part could grow has a ceiling here: bytes of the part, depth
 * of elements, bytes of one tag, and different names (expat keeps each name it
 * has ever seen). A part with a DOCTYPE is refused, so there are no entities
 * to expand. */
#ifndef INDEXER_SHEET_XML_H
#define INDEXER_SHEET_XML_H
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"

#define XML_PART_MAX ((uint64_t)512 << 20) /* bytes of one part */
enum {
    XML_DEPTH_MAX = 64,    /* elements inside elements */
    XML_TAG_MAX = 1 << 20, /* bytes without an element or text */
    XML_NAMES_MAX = 512,   /* different names of elements and attributes */
    XML_NAME_LEN_MAX = 64, /* bytes of one name */
};

/* What to do with a part. Names come without their prefix. Anything but 0 ends
 * the reading and is returned; a negative number is an error with err set.
 * text may come in pieces. Each may be NULL. */
struct xml_reader {
    int (*start)(void *context, const char *name, const char **attributes,
        struct error *err);
    int (*end)(void *context, const char *name, struct error *err);
    int (*text)(void *context, const char *text, size_t len, struct error *err);
    void *context;
};

/* Reads one part of a workbook held in memory. The name's case does not
 * matter. Returns 0, the reader's number, ERR_NOTFOUND (no such part, no
 * message), ERR_INPUT or ERR_LIMIT. */
int xml_read_part(const uint8_t *zip, size_t len, const char *part,
    const struct xml_reader *reader, struct error *err);

/* The value of an attribute, by its name without prefix; NULL if absent. */
const char *xml_attribute(const char **attributes, const char *name);

#endif
