/* sheet.h - rows of cells, out of delimited text or a spreadsheet.
 *
 * Cells arrive trimmed of nothing, in UTF-8: a byte order mark is dropped, text
 * that is not valid UTF-8 is taken for Windows-1252 (0xFF, which CMS leaves in
 * place of a no-break space, becomes a blank). */
#ifndef INDEXER_FILES_SHEET_H
#define INDEXER_FILES_SHEET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"

enum {
    SHEET_COLUMNS_MAX = 1024,    /* cells of one row */
    SHEET_CELL_MAX = 4 << 20,    /* bytes of one cell */
    SHEET_ROW_MAX = 16 << 20,    /* bytes of one row */
    SHEET_STRINGS_MAX = 8 << 20, /* shared strings of one workbook */
    SHEET_TEXT_MAX = 256 << 20,  /* bytes of these strings together */
};

struct cell {
    const char *text; /* not NUL-ended; borrowed for the call */
    size_t len;
};

/* row: the line on which the record starts, from 1; for a spreadsheet, the
 * sheet's own row number. Rows without any cell are not reported. Returning a
 * positive number ends the reading early, without an error; a negative one is
 * an error and ends it too. */
typedef int sheet_fn(void *context, uint32_t row, const struct cell *cells,
    size_t count, struct error *err);

/* Quoted text (RFC 4180, newlines inside quotes), by libcsv, which drops the
 * blanks around a cell outside its quotes. Lines of all these readers end in
 * CRLF or LF, or in CR in a file that has no LF. A NUL byte, UTF-16 and a
 * quote that is never closed are errors.
 * Returns 0, the callback's number, ERR_INPUT with the line, or ERR_LIMIT. */
int sheet_read_csv(const uint8_t *data, size_t len, char delimiter,
    sheet_fn *each, void *context, struct error *err);

/* Tab-separated lines in which a quote is a character like any other. */
int sheet_read_tsv(const uint8_t *data, size_t len, sheet_fn *each,
    void *context, struct error *err);

/* The first visible worksheet of an .xlsx, by libarchive and expat. Numbers
 * come as the file writes them, dates as serial numbers; text in shared and
 * inline strings. */
int sheet_read_xlsx(const uint8_t *data, size_t len, sheet_fn *each,
    void *context, struct error *err);

/* True when the zip has the parts of a workbook, whether readable or not. */
bool sheet_is_xlsx(const uint8_t *data, size_t len);

/* A cell without blanks (also U+00A0) at its ends. */
struct cell cell_trim(struct cell cell);

/* One line of text: sets *line and *line_len (without CR, LF) and moves
 * *offset on. Returns 1, or 0 at the end of the data. A byte order mark before
 * the first line is dropped. */
int next_line(const uint8_t *data, size_t len, size_t *offset,
    const char **line, size_t *line_len);

/* Appends text that may be Windows-1252 as UTF-8: what is valid UTF-8 already
 * stays, byte by byte the rest is taken for Windows-1252. */
struct buffer;
void text_to_utf8(struct buffer *out, const char *text, size_t len);

/* ERR_INPUT when the data begins as UTF-16 does. */
int refuse_utf16(const uint8_t *data, size_t len, struct error *err);
/* Bytes of a UTF-8 byte order mark that the data begins with: 3 or 0. */
size_t mark_length(const uint8_t *data, size_t len);

#endif
