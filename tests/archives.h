/* archives.h - small zips, streams and workbooks, made while a test runs. */
#ifndef TESTS_ARCHIVES_H
#define TESTS_ARCHIVES_H
#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <string.h>
#include "codesets/core/buffer.h"

struct part {
    const char *name; /* NULL ends a list; "folder/" is a folder */
    const char *text;
    size_t len; /* of text; 0 for a string */
};

static inline la_ssize_t archives_write(
    struct archive *archive, void *context, const void *bytes, size_t len)
{
    buffer_add(context, bytes, len);
    return (la_ssize_t)len;
}

static inline void archives_add(
    struct archive *archive, const struct part *part)
{
    const size_t name_len = strlen(part->name);
    const size_t len = part->len != 0       ? part->len
                       : part->text != NULL ? strlen(part->text)
                                            : 0;
    struct archive_entry *entry = archive_entry_new();

    archive_entry_set_pathname(entry, part->name);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_filetype(
        entry, part->name[name_len - 1] == '/' ? AE_IFDIR : AE_IFREG);
    archive_entry_set_size(entry, (la_int64_t)len);
    assert(archive_write_header(archive, entry) == ARCHIVE_OK);
    if (len > 0)
        assert(archive_write_data(archive, part->text, len) == (la_ssize_t)len);
    archive_entry_free(entry);
}

/* format: "zip" or "ustar"; options as archive_write_set_options() has them,
 * or NULL. Encryption asks for the word "secret". */
static inline void archives_pack(struct buffer *out, const char *format,
    const char *options, const struct part *parts)
{
    struct archive *archive = archive_write_new();

    assert(archive_write_set_format_by_name(archive, format) == ARCHIVE_OK);
    assert(archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK);
    assert(archive_write_set_passphrase(archive, "secret") == ARCHIVE_OK);
    assert(archive_write_set_options(archive, options) == ARCHIVE_OK);
    assert(archive_write_open(archive, out, NULL, archives_write, NULL) ==
           ARCHIVE_OK);
    for (; parts->name != NULL; parts++)
        archives_add(archive, parts);
    assert(archive_write_close(archive) == ARCHIVE_OK);
    assert(archive_write_free(archive) == ARCHIVE_OK);
}

static inline void archives_zip(struct buffer *out, const struct part *parts)
{
    archives_pack(out, "zip", NULL, parts);
}

/* filter: "gzip", "xz", "bzip2" or "zstd". */
static inline void archives_stream(
    struct buffer *out, const char *filter, const void *bytes, size_t len)
{
    struct archive *archive = archive_write_new();
    const struct part part = {"stream", bytes, len};

    assert(archive_write_set_format_raw(archive) == ARCHIVE_OK);
    assert(archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK);
    assert(archive_write_add_filter_by_name(archive, filter) == ARCHIVE_OK);
    assert(archive_write_open(archive, out, NULL, archives_write, NULL) ==
           ARCHIVE_OK);
    archives_add(archive, &part);
    assert(archive_write_close(archive) == ARCHIVE_OK);
    assert(archive_write_free(archive) == ARCHIVE_OK);
}

#define WORKBOOK_TYPES                                                         \
    {                                                                          \
        "[Content_Types].xml",                                                 \
            "<?xml version=\"1.0\"?><Types "                                   \
            "xmlns=\"http://schemas.openxmlformats.org/package/2006/"          \
            "content-types\"/>",                                               \
            0                                                                  \
    }

/* A workbook of one sheet: what stands inside <sheetData> and inside <sst>. */
static inline void archives_workbook(
    struct buffer *out, const char *rows, const char *strings)
{
    struct buffer sheet = {0}, shared = {0};

    buffer_addf(&sheet,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<worksheet><sheetData>%s"
        "</sheetData></worksheet>",
        rows);
    buffer_addf(&shared, "<?xml version=\"1.0\"?><sst>%s</sst>", strings);
    {
        const struct part parts[] = {
            WORKBOOK_TYPES,
            {"xl/workbook.xml",
                "<workbook><sheets><sheet name=\"Sheet1\" sheetId=\"1\" "
                "r:id=\"rId1\"/></sheets></workbook>",
                0},
            {"xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id=\"rId1\" "
                "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                "relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                "</Relationships>",
                0},
            {"xl/worksheets/sheet1.xml", sheet.data, sheet.len},
            {"xl/sharedStrings.xml", shared.data, shared.len},
            {NULL, NULL, 0},
        };

        archives_zip(out, parts);
    }
    buffer_clear(&shared);
    buffer_clear(&sheet);
}

#endif
