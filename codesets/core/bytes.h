/* bytes.h - little-endian numbers at any address. The map promises no
 * alignment, and a store moves between machines. */
#ifndef CODESETS_CORE_BYTES_H
#define CODESETS_CORE_BYTES_H
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t load_u16(const uint8_t *p)
{
    uint16_t v;

    memcpy(&v, p, sizeof v);
    return le16toh(v);
}

static inline uint32_t load_u24(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
}

static inline uint32_t load_u32(const uint8_t *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return le32toh(v);
}

static inline uint64_t load_u64(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return le64toh(v);
}

static inline int32_t load_i32(const uint8_t *p)
{
    return (int32_t)load_u32(p);
}

static inline void store_u16(uint8_t *p, uint16_t v)
{
    v = htole16(v);
    memcpy(p, &v, sizeof v);
}

static inline void store_u24(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
}

static inline void store_u32(uint8_t *p, uint32_t v)
{
    v = htole32(v);
    memcpy(p, &v, sizeof v);
}

static inline void store_u64(uint8_t *p, uint64_t v)
{
    v = htole64(v);
    memcpy(p, &v, sizeof v);
}

static inline void store_i32(uint8_t *p, int32_t v)
{
    store_u32(p, (uint32_t)v);
}

enum { VARINT_MAX = 5 }; /* bytes of the longest 32-bit varint */

/* Seven bits a byte, lowest first, the top bit says that more follow. */
static inline size_t store_varint(uint8_t out[VARINT_MAX], uint32_t v)
{
    size_t n = 0;

    for (; v >= 0x80; v >>= 7)
        out[n++] = (uint8_t)(v | 0x80);
    out[n++] = (uint8_t)v;
    return n;
}

/* Moves *at on. False when the bytes end first or say more than 32 bits. */
static inline bool load_varint(
    const uint8_t **at, const uint8_t *end, uint32_t *out)
{
    uint32_t v = 0;

    for (unsigned shift = 0; *at < end && shift < 35; shift += 7) {
        const uint8_t byte = *(*at)++;

        if (shift == 28 && byte > 0x0F)
            return false;
        v |= (uint32_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *out = v;
            return true;
        }
    }
    return false;
}

#endif
