/* ptp_layout.h - sizes in the edit blob that its reader and writer share. */
#ifndef CODESETS_STORE_PTP_LAYOUT_H
#define CODESETS_STORE_PTP_LAYOUT_H
#include "codesets/store/ptp.h"

static inline uint64_t ptp_blocks(uint32_t rows)
{
    return ((uint64_t)rows + PTP_BLOCK - 1) / PTP_BLOCK;
}

/* Zeros before the blocks, when what stands before takes so many bytes. */
static inline uint64_t ptp_padding(uint64_t bytes)
{
    return (PTP_BLOCK_LEN + 48 - bytes % PTP_BLOCK_LEN) % PTP_BLOCK_LEN;
}

/* Bytes of one code's bits of near codes. */
static inline size_t ptp_near_len(uint32_t codes)
{
    return (codes / PTP_NEAR + 8) / 8;
}

#endif
