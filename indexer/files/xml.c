#include "indexer/files/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

struct xml {
    const struct xml_reader *reader;
    const char *name;
    XML_Parser parser;
    struct error *err;
    int rc; /* what ended the reading, or 0 */
    int depth;
    size_t quiet;   /* bytes since the last element or text */
    uint64_t bytes; /* so far */
    size_t names;
    char known[XML_NAMES_MAX][XML_NAME_LEN_MAX];
};

static const char *without_prefix(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon != NULL ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (; attributes[0] != NULL; attributes += 2) {
        if (strcmp(without_prefix(attributes[0]), name) == 0 &&
            strncmp(attributes[0], "xmlns", 5) != 0)
            return attributes[1];
    }
    return NULL;
}

static void stop(struct xml *xml, int rc)
{
    if (rc == 0 || xml->rc != 0)
        return;
    xml->rc = rc;
    (void)XML_StopParser(xml->parser, XML_FALSE);
}

static int refuse(struct xml *xml, const char *what)
{
    return error_set(xml->err, ERR_LIMIT, 0, "%s: line %lu: %s", xml->name,
        (unsigned long)XML_GetCurrentLineNumber(xml->parser), what);
}

static int learn(struct xml *xml, const char *name)
{
    const size_t len = strlen(name);
    size_t i;

    if (len == 1) /* r, c, v, s, t: nearly all of a sheet */
        return 0;
    for (i = 0; i < xml->names; i++) {
        if (strcmp(xml->known[i], name) == 0)
            return 0;
    }
    if (len >= XML_NAME_LEN_MAX)
        return refuse(xml, "a name is too long");
    if (xml->names == XML_NAMES_MAX)
        return refuse(xml, "too many different names");
    memcpy(xml->known[xml->names++], name, len + 1);
    return 0;
}

static void XMLCALL on_start(
    void *context, const char *name, const char **attributes)
{
    struct xml *xml = context;
    const struct xml_reader *reader = xml->reader;
    size_t i;
    int rc;

    if (xml->rc != 0)
        return;
    xml->quiet = 0;
    rc = ++xml->depth > XML_DEPTH_MAX ? refuse(xml, "elements too deep")
                                      : learn(xml, name);
    for (i = 0; rc == 0 && attributes[i] != NULL; i += 2)
        rc = learn(xml, attributes[i]);
    if (reader->line != NULL)
        *reader->line = (uint32_t)XML_GetCurrentLineNumber(xml->parser);
    if (rc == 0 && reader->start != NULL)
        rc = reader->start(
            reader->context, without_prefix(name), attributes, xml->err);
    stop(xml, rc);
}

static void XMLCALL on_end(void *context, const char *name)
{
    struct xml *xml = context;

    if (xml->rc != 0)
        return;
    xml->quiet = 0;
    xml->depth--;
    if (xml->reader->end != NULL)
        stop(xml, xml->reader->end(
                      xml->reader->context, without_prefix(name), xml->err));
}

static void XMLCALL on_text(void *context, const char *text, int len)
{
    struct xml *xml = context;

    if (xml->rc != 0)
        return;
    xml->quiet = 0;
    if (xml->reader->text != NULL)
        stop(xml, xml->reader->text(
                      xml->reader->context, text, (size_t)len, xml->err));
}

static void XMLCALL on_doctype(void *context, const char *name,
    const char *system, const char *public, int internal)
{
    struct xml *xml = context;

    stop(xml, error_set(xml->err, ERR_INPUT, 0,
                  "%s: a DOCTYPE, which no published file has", xml->name));
}

int xml_open(struct xml **out, const char *name,
    const struct xml_reader *reader, struct error *err)
{
    struct xml *xml = calloc(1, sizeof *xml);

    if (xml == NULL || (xml->parser = XML_ParserCreate(NULL)) == NULL) {
        free(xml);
        return error_memory(err);
    }
    xml->reader = reader;
    xml->name = name;
    xml->err = err;
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    *out = xml;
    return 0;
}

void xml_close(struct xml *xml)
{
    if (xml != NULL)
        XML_ParserFree(xml->parser);
    free(xml);
}

static int feed(struct xml *xml, const uint8_t *bytes, size_t len)
{
    xml->bytes += len;
    xml->quiet += len;
    if (xml->bytes > XML_PART_MAX)
        return refuse(xml, "the part is too large");
    if (XML_Parse(xml->parser, (const char *)bytes, (int)len, len == 0) ==
        XML_STATUS_OK) {
        if (xml->quiet > XML_TAG_MAX)
            return refuse(xml, "a tag or comment is too long");
        return xml->rc;
    }
    if (xml->rc != 0)
        return xml->rc;
    if (XML_GetErrorCode(xml->parser) == XML_ERROR_NO_MEMORY)
        return error_memory(xml->err);
    return error_set(xml->err, ERR_INPUT, 0, "%s: line %lu: %s", xml->name,
        (unsigned long)XML_GetCurrentLineNumber(xml->parser),
        XML_ErrorString(XML_GetErrorCode(xml->parser)));
}

int xml_feed(struct xml *xml, const uint8_t *bytes, size_t len)
{
    int rc;

    do {
        const size_t n = len < XML_TAG_MAX / 4 ? len : XML_TAG_MAX / 4;

        rc = feed(xml, bytes, n);
        len -= n;
        if (len > 0) /* bytes may be NULL when there are none */
            bytes += n;
    } while (rc == 0 && len > 0);
    return rc;
}

int xml_read(const uint8_t *data, size_t len, const char *name,
    const struct xml_reader *reader, struct error *err)
{
    struct xml *xml = NULL;
    int rc = xml_open(&xml, name, reader, err);

    if (xml == NULL)
        return rc;
    if (len > 0)
        rc = xml_feed(xml, data, len);
    if (rc == 0)
        rc = xml_feed(xml, data + len, 0);
    xml_close(xml);
    return rc;
}
