/* xml.h - XML, streamed through expat: a file, or a part of a workbook.
 *
 * What hostile bytes could grow has a ceiling here: bytes of the whole, depth
 * of elements, bytes of one tag, and different names (expat keeps each name it
 * has ever seen). A DOCTYPE is refused, so there are no entities to expand. */
#ifndef INDEXER_FILES_XML_H
#define INDEXER_FILES_XML_H
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"

#define XML_PART_MAX ((uint64_t)512 << 20) /* bytes of a file or part */
enum {
    XML_DEPTH_MAX = 64,    /* elements inside elements */
    XML_TAG_MAX = 1 << 20, /* bytes without an element or text */
    XML_NAMES_MAX = 512,   /* different names of elements and attributes */
    XML_NAME_LEN_MAX = 64, /* bytes of one name */
};

/* What to do with it. Names come without their prefix. Anything but 0 ends the
 * reading and is returned; a negative number is an error with err set. text may
 * come in pieces. Each may be NULL. */
struct xml_reader {
    int (*start)(void *context, const char *name, const char **attributes,
        struct error *err);
    int (*end)(void *context, const char *name, struct error *err);
    int (*text)(void *context, const char *text, size_t len, struct error *err);
    void *context;
    uint32_t *line; /* NULL, or told the line of each tag that begins */
};

/* Bytes that arrive piece by piece. name stands before each message and is
 * borrowed, like the reader, until the close. */
struct xml;
int xml_open(struct xml **out, const char *name,
    const struct xml_reader *reader, struct error *err);
void xml_close(struct xml *xml); /* NULL is fine */
/* One piece; an empty one is the end. Returns 0, the reader's number, ERR_INPUT
 * or ERR_LIMIT. */
int xml_feed(struct xml *xml, const uint8_t *bytes, size_t len);

/* Bytes that lie in memory. */
int xml_read(const uint8_t *data, size_t len, const char *name,
    const struct xml_reader *reader, struct error *err);

/* The value of an attribute, by its name without prefix; NULL if absent. */
const char *xml_attribute(const char **attributes, const char *name);

#endif
