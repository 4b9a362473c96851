/* hcpcs.h - what the text and the sheet of an HCPCS Level II release share.
 *
 * Both give a code's first record and then, in some releases, one record more
 * for each further line of its long description (domain.md 2a). */
#ifndef INDEXER_SOURCES_HCPCS_H
#define INDEXER_SOURCES_HCPCS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/buffer.h"
#include "codesets/core/error.h"
#include "indexer/sources/record.h"

enum hcpcs_format { HCPCS_TEXT, HCPCS_XLSX, HCPCS_CSV }; /* the ranks */

/* One code being put together out of its records. */
struct hcpcs_entry {
    struct record record;
    bool open; /* record is begun and waits for more lines of text */
    char code[6];
    uint32_t sequence; /* of the last line */
    struct buffer text;
};

/* A record id: 3 and 7 for the first record of a procedure and of a modifier, 4
 * and 8 for further lines of their text. */
bool hcpcs_is_kind(char kind);
bool hcpcs_is_first(char kind);
/* Begins a code with its first record, adding the one before it to the batch.
 * After 0 the caller fills the other columns of entry->record when the kind is
 * that of a first record. */
int hcpcs_record(struct hcpcs_entry *entry, struct batch *batch, uint32_t line,
    char kind, struct cell code, struct cell sequence, struct cell text,
    struct error *err);
/* Adds the last code to the batch. */
int hcpcs_finish(struct hcpcs_entry *entry, struct error *err);
void hcpcs_clear(struct hcpcs_entry *entry);

/* Fills an identity: the quarter out of the name, else out of newest, the
 * latest YYYYMMDD by which the file added or changed a code (0: not known). */
void hcpcs_identity(struct identity *id, const struct probe *probe,
    enum hcpcs_format format, uint32_t newest);
/* True when the name tells the quarter, so that newest need not be looked for.
 */
bool hcpcs_name_tells(const struct probe *probe);

#endif
