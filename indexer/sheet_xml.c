#include "indexer/sheet_xml.h"

#include <expat.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "indexer/unpack.h"

struct part {
    const struct xml_reader *reader;
    const char *name;
    XML_Parser parser;
    struct error *err;
    int rc; /* what ended the reading, or 0 */
    int depth;
    size_t quiet;   /* bytes since the last element or text */
    uint64_t bytes; /* of the part, so far */
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

static void stop(struct part *part, int rc)
{
    if (rc == 0 || part->rc != 0)
        return;
    part->rc = rc;
    (void)XML_StopParser(part->parser, XML_FALSE);
}

static int refuse(struct part *part, const char *what)
{
    return error_set(part->err, ERR_LIMIT, 0, "%s: line %lu: %s", part->name,
        (unsigned long)XML_GetCurrentLineNumber(part->parser), what);
}

static int learn(struct part *part, const char *name)
{
    const size_t len = strlen(name);
    size_t i;

    if (len == 1) /* r, c, v, s, t: nearly all of a sheet */
        return 0;
    for (i = 0; i < part->names; i++) {
        if (strcmp(part->known[i], name) == 0)
            return 0;
    }
    if (len >= XML_NAME_LEN_MAX)
        return refuse(part, "a name is too long");
    if (part->names == XML_NAMES_MAX)
        return refuse(part, "too many different names");
    memcpy(part->known[part->names++], name, len + 1);
    return 0;
}

static void XMLCALL on_start(
    void *context, const char *name, const char **attributes)
{
    struct part *part = context;
    size_t i;
    int rc;

    if (part->rc != 0)
        return;
    part->quiet = 0;
    rc = ++part->depth > XML_DEPTH_MAX ? refuse(part, "elements too deep")
                                       : learn(part, name);
    for (i = 0; rc == 0 && attributes[i] != NULL; i += 2)
        rc = learn(part, attributes[i]);
    if (rc == 0 && part->reader->start != NULL)
        rc = part->reader->start(
            part->reader->context, without_prefix(name), attributes, part->err);
    stop(part, rc);
}

static void XMLCALL on_end(void *context, const char *name)
{
    struct part *part = context;

    if (part->rc != 0)
        return;
    part->quiet = 0;
    part->depth--;
    if (part->reader->end != NULL)
        stop(part, part->reader->end(
                       part->reader->context, without_prefix(name), part->err));
}

static void XMLCALL on_text(void *context, const char *text, int len)
{
    struct part *part = context;

    if (part->rc != 0)
        return;
    part->quiet = 0;
    if (part->reader->text != NULL)
        stop(part, part->reader->text(
                       part->reader->context, text, (size_t)len, part->err));
}

static void XMLCALL on_doctype(void *context, const char *name,
    const char *system, const char *public, int internal)
{
    struct part *part = context;

    stop(part, error_set(part->err, ERR_INPUT, 0,
                   "%s: a DOCTYPE, which no workbook has", part->name));
}

/* One piece of the part; the last one is empty. */
static int parse(struct part *part, const uint8_t *bytes, size_t len)
{
    part->bytes += len;
    part->quiet += len;
    if (part->bytes > XML_PART_MAX)
        return refuse(part, "the part is too large");
    if (XML_Parse(part->parser, (const char *)bytes, (int)len, len == 0) ==
        XML_STATUS_OK) {
        if (part->quiet > XML_TAG_MAX)
            return refuse(part, "a tag or comment is too long");
        return part->rc;
    }
    if (part->rc != 0)
        return part->rc;
    if (XML_GetErrorCode(part->parser) == XML_ERROR_NO_MEMORY)
        return error_memory(part->err);
    return error_set(part->err, ERR_INPUT, 0, "%s: line %lu: %s", part->name,
        (unsigned long)XML_GetCurrentLineNumber(part->parser),
        XML_ErrorString(XML_GetErrorCode(part->parser)));
}

static int parse_all(struct part *part, struct unpack *unpack)
{
    const uint8_t *chunk;
    size_t len, n;
    int rc, parsed;

    while ((rc = unpack_chunk(unpack, &chunk, &len, part->err)) > 0) {
        for (; len > 0; chunk += n, len -= n) {
            n = len < XML_TAG_MAX / 4 ? len : XML_TAG_MAX / 4;
            parsed = parse(part, chunk, n);
            if (parsed != 0)
                return parsed;
        }
    }
    return rc != 0 ? rc : parse(part, NULL, 0);
}

/* 1 with *unpack at the part, 0 when there is none, or an error. */
static int part_open(struct unpack **out, const uint8_t *zip, size_t len,
    const char *name, struct error *err)
{
    struct unpack *unpack = NULL;
    struct member member;
    int rc = unpack_open(&unpack, PACKED_ZIP, zip, len, err);

    if (rc != 0)
        return rc;
    while ((rc = unpack_next(unpack, &member, err)) > 0 &&
           strcasecmp(member.name, name) != 0)
        ;
    if (rc > 0)
        *out = unpack;
    else
        unpack_close(unpack);
    return rc;
}

int xml_read_part(const uint8_t *zip, size_t len, const char *name,
    const struct xml_reader *reader, struct error *err)
{
    struct unpack *unpack = NULL;
    struct part *part;
    int rc = part_open(&unpack, zip, len, name, err);

    if (rc <= 0)
        return rc == 0 ? ERR_NOTFOUND : rc;
    part = calloc(1, sizeof *part);
    if (part == NULL || (part->parser = XML_ParserCreate(NULL)) == NULL) {
        rc = error_memory(err);
    } else {
        part->reader = reader;
        part->name = name;
        part->err = err;
        XML_SetUserData(part->parser, part);
        XML_SetElementHandler(part->parser, on_start, on_end);
        XML_SetCharacterDataHandler(part->parser, on_text);
        XML_SetStartDoctypeDeclHandler(part->parser, on_doctype);
        rc = parse_all(part, unpack);
        XML_ParserFree(part->parser);
    }
    free(part);
    unpack_close(unpack);
    return rc;
}
