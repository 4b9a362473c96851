/* gzip.h - answers made smaller. One compressor is used again and again, so
 * that its 256 KiB are cleared and not allocated for each answer. */
#ifndef SERVER_TRANSPORT_GZIP_H
#define SERVER_TRANSPORT_GZIP_H
#include <stdbool.h>
#include "codesets/core/buffer.h"

struct gzip;

struct gzip *gzip_new(void); /* NULL: no memory */
void gzip_free(struct gzip *gzip);

/* Replaces what is in out by body, compressed. False when that would not be
 * smaller, or could not be done. */
bool gzip_pack(
    struct gzip *gzip, struct buffer *out, const struct buffer *body);

#endif
