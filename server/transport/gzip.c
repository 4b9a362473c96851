#include "server/transport/gzip.h"

#include <limits.h>
#include <stdlib.h>

#include <zlib.h>

enum {
    GZIP_LEVEL = 4,        /* JSON: within 5 % of level 6 at half its time */
    GZIP_WINDOW = 15 + 16, /* 32 KiB, in a gzip wrapper */
    GZIP_MEMORY = 8,
};

struct gzip {
    z_stream stream;
};

struct gzip *gzip_new(void)
{
    struct gzip *gzip = calloc(1, sizeof *gzip);

    if (gzip != NULL &&
        deflateInit2(&gzip->stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW,
            GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(gzip);
        return NULL;
    }
    return gzip;
}

void gzip_free(struct gzip *gzip)
{
    if (gzip == NULL)
        return;
    (void)deflateEnd(&gzip->stream);
    free(gzip);
}

bool gzip_pack(struct gzip *gzip, struct buffer *out, const struct buffer *body)
{
    z_stream *stream = &gzip->stream;

    out->len = 0;
    out->failed = false;
    if (body->len > UINT_MAX || deflateReset(stream) != Z_OK ||
        !buffer_reserve(out, body->len))
        return false;
    stream->next_in = (Bytef *)body->data;
    stream->avail_in = (uInt)body->len;
    stream->next_out = (Bytef *)out->data;
    stream->avail_out = (uInt)body->len; /* no larger than it was */
    if (deflate(stream, Z_FINISH) != Z_STREAM_END)
        return false;
    out->len = body->len - stream->avail_out;
    return true;
}
