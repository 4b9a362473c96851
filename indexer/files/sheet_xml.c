#include "indexer/files/sheet_xml.h"

#include <strings.h>
#include "indexer/files/unpack.h"

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
    struct xml *xml = NULL;
    const uint8_t *chunk;
    size_t chunk_len;
    int rc = part_open(&unpack, zip, len, name, err);

    if (rc <= 0)
        return rc == 0 ? ERR_NOTFOUND : rc;
    rc = xml_open(&xml, name, reader, err);
    if (xml == NULL)
        goto done;
    while (rc == 0 && (rc = unpack_chunk(unpack, &chunk, &chunk_len, err)) > 0)
        rc = chunk_len > 0 ? xml_feed(xml, chunk, chunk_len) : 0;
    if (rc == 0)
        rc = xml_feed(xml, NULL, 0);
    xml_close(xml);
done:
    unpack_close(unpack);
    return rc;
}
