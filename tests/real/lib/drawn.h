/* drawn.h - questions drawn at random from a fixed seed, the same ones that
 * modifiers.awk draws. What the modifiers mean is told there and not here. */
#ifndef TESTS_REAL_DRAWN_H
#define TESTS_REAL_DRAWN_H
#include "tests/harness.h"

#include <stdint.h>
#include <string.h>
#include "codesets/core/code.h"
#include "codesets/core/day.h"

enum {
    DRAWN_FROM = 9496, /* 1996-01-01 */
    DRAWN_DAYS = 10866,
    DRAWN_EDGES = 12,
    DRAWN_POOL = 256,
    DRAWN_TEXT = 16
};

struct draws {
    uint32_t seed;
    day_t edge[DRAWN_EDGES];
    char pool[DRAWN_POOL][3];
    uint32_t pool_size;
};

struct draw_state {
    const struct draws *draws;
    uint32_t x;
};

struct drawn {
    day_t day;
    char modifiers[2][DRAWN_TEXT]; /* of the lower and of the higher code */
};

static inline void draws_add(struct draws *draws, const char *list, int times)
{
    for (; times > 0; times--)
        for (const char *at = list; *at != '\0'; at += at[2] == ' ' ? 3 : 2) {
            assert_true(draws->pool_size < DRAWN_POOL);
            memcpy(draws->pool[draws->pool_size++], at, 2);
        }
}

static inline void draws_open(struct draws *draws, uint32_t seed)
{
    static const char edges[] =
        "19960101 19961231 19970101 20121231 20130101 20141231 20150101 "
        "20190630 20190701 20191231 20200101 20250930";

    *draws = (struct draws){.seed = seed};
    for (int i = 0; i < DRAWN_EDGES; i++)
        assert_int_equal(
            day_parse_compact(&draws->edge[i], &edges[9 * i], 8), 0);
    draws_add(draws,
        "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 "
        "T9 LT RT LC LD LM RC RI 24 25 57 58 78 79 27 91",
        1);
    draws_add(draws, "59 XE XP XS XU", 4);
    draws_add(draws, "76 77 50 51 52 53 GP GO GN KX 26 TC 22 QQ", 6);
}

static inline uint32_t draw(struct draw_state *state, uint32_t n)
{
    state->x = state->x * 69069u + 1u;
    return (state->x >> 16) % n;
}

static inline uint32_t draws_hash(uint32_t seed, const char *code)
{
    for (int i = 0; i < PROC_LEN; i++)
        seed = seed * 69069u +
               (uint32_t)(code[i] <= '9' ? code[i] - '0' : code[i] - 'A' + 10);
    return seed;
}

static inline void draws_begin(struct draw_state *state,
    const struct draws *draws, const char *lower, const char *higher)
{
    state->draws = draws;
    state->x = draws_hash(draws->seed, lower) * 69069u +
               draws_hash(draws->seed, higher);
    (void)draw(state, 2);
    (void)draw(state, 2);
}

static inline void draws_line(
    char out[DRAWN_TEXT], struct draw_state *state, uint32_t n)
{
    for (; n > 0; n--) {
        memcpy(
            out, state->draws->pool[draw(state, state->draws->pool_size)], 2);
        out += 2;
        if (n > 1)
            *out++ = ' ';
    }
    *out = '\0';
}

static inline void draws_next(struct drawn *out, struct draw_state *state)
{
    uint32_t n;

    out->day = draw(state, 8) == 0
                   ? state->draws->edge[draw(state, DRAWN_EDGES)]
                   : DRAWN_FROM + (day_t)draw(state, DRAWN_DAYS);
    n = draw(state, 25);
    draws_line(out->modifiers[0], state, n % 5);
    draws_line(out->modifiers[1], state, n / 5);
}

#endif
