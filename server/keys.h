/* keys.h - who may ask: the keys of a file, one a line.
 *
 *   # name      sha256 of the key, in hex   rate  burst  text
 *   clinic-a    2bb80d53…                   20    40     licensed
 *   kiosk       9b74c989…                   5     10     public
 *
 * Words are parted by blanks or tabs; '#' begins a comment; a first line that
 * begins with "name" is a heading. The key itself never stands there, so who
 * can read the file cannot ask with it. The rate is requests a second, the
 * burst how many may come at once after a rest; "-" for both is no limit.
 * "licensed" users may see descriptions that the administrator licensed,
 * "public" ones never. */
#ifndef SERVER_KEYS_H
#define SERVER_KEYS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "codesets/core/error.h"

enum {
    KEY_NAME_MAX = 40,        /* bytes: letters, digits and ._- */
    KEY_DIGEST = 32,          /* bytes of a SHA-256 */
    KEY_HEX = 2 * KEY_DIGEST, /* characters of it */
    KEYS_MAX = 4096,
    KEYS_FILE_MAX = 1 << 20, /* bytes */
    KEY_SECRET_MIN = 16,     /* bytes of a key that --hash-key takes */
    KEY_SECRET_MAX = 512,    /* bytes of a key that is sent */
    KEY_BURST_MAX = 1000000,
    KEY_RATE_MAX = 1000000, /* a second; the least is 0.001 */
};

struct key {
    char name[KEY_NAME_MAX + 1];
    uint8_t digest[KEY_DIGEST];
    double rate;    /* requests a second; 0: no limit */
    uint32_t burst; /* requests */
    bool licensed;
};

struct keys;

/* From the text of a file, called by this name in messages. ERR_INPUT with the
 * row at fault, or ERR_LIMIT. A file without a key is at fault too: nobody
 * could ask. */
int keys_parse(struct keys **out, const char *text, size_t len,
    const char *name, struct error *err);
/* The same from a file. *exposed: others than owner and group can read it. */
int keys_read(
    struct keys **out, const char *path, bool *exposed, struct error *err);
void keys_free(struct keys *keys); /* NULL is fine */

size_t keys_count(const struct keys *keys);

/* The key with this secret, or NULL; takes the same time wherever it stands
 * and however much of it is right. */
const struct key *keys_find(
    const struct keys *keys, const char *secret, size_t len);

/* The SHA-256 of a key as it stands in the file, NUL-ended. False: no memory.
 */
bool key_hash(char out[KEY_HEX + 1], const char *secret, size_t len);

#endif
