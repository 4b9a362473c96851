# modifiers.awk - questions with modifiers, and what domain.md says of them.
#
# To be read with pairs.awk. For each row of a pair one question is drawn: a day
# from 1996-01-01 to 2025-09-30 and up to four modifiers for either code. drawn.h
# draws the same ones, out of the same seed: the setting and the two codes.
#
# The answer is worked out here: the list of domain.md 2c and step 8 of 5.2, the
# first days of the coronary and the X modifiers out of CMS's HCPCS file.

# The numbers stay below 2^53, so that they are exact.
function draw(n) {
    state = (state * 69069 + 1) % 4294967296
    return int(state / 65536) % n
}

function hash_of(code,    i, h) {
    if (!(code in hash)) {
        h = seed
        for (i = 1; i <= 5; i++)
            h = (h * 69069 + index(characters, substr(code, i, 1)) - 1) \
                % 4294967296
        hash[code] = h
    }
    return hash[code]
}

function begin_draws(lower, higher) {
    state = (hash_of(lower) * 69069 + hash_of(higher)) % 4294967296
    draw(2)
    draw(2)
}

function add_to_pool(list, times,    i, n, name) {
    n = split(list, name, " ")
    for (; times > 0; times--)
        for (i = 1; i <= n; i++)
            pool[pool_size++] = name[i]
}

# Fills either[side] and narrow[side]: the line has a modifier that counts, on
# any column; one of those that count on column 1 only from 2019-07-01.
function draw_modifiers(side, n, date,    m) {
    either[side] = narrow[side] = 0
    for (; n > 0; n--) {
        m = draw(pool_size)
        if (kind[m] == 0 || date < valid_from[m])
            continue
        if (kind[m] == 1)
            either[side] = 1
        else
            narrow[side] = 1
    }
}

# P bypassed, O needed, as one came too early on column 1, M needed.
function opened(column1, date) {
    if (either[1] || either[2] || narrow[3 - column1])
        return "P"
    if (narrow[column1])
        return date >= 20190701 ? "P" : "O"
    return "M"
}

# Two characters, as pairs.awk prints them; ? where two rows of both directions
# are in force and are not opened alike.
function answer_drawn(    date, n, said) {
    date = draw(8) == 0 ? edge[1 + draw(edges)] : calendar[draw(calendar_size)]
    n = draw(25)
    draw_modifiers(1, n % 5, date)
    draw_modifiers(2, int(n / 5), date)
    said = outcome(date)
    if (said == "M")
        return opened(side, date) side
    if (said != "m")
        return said side
    said = opened(side, date)
    if (both_sides && opened(3 - side, date) != said)
        return "?" side
    return tolower(said) side
}

BEGIN {
    characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    listed = "E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6" \
        " T7 T8 T9 LT RT LC LD LM RC RI 24 25 57 58 78 79 27 91"
    distinct = "59 XE XP XS XU"
    add_to_pool(listed, 1)
    add_to_pool(distinct, 4)
    add_to_pool("76 77 50 51 52 53 GP GO GN KX 26 TC 22 QQ", 6)
    for (i = 0; i < pool_size; i++) {
        kind[i] = index(" " distinct " ", " " pool[i] " ") > 0 ? 2 \
            : index(" " listed " ", " " pool[i] " ") > 0
        valid_from[i] = pool[i] ~ /^X/ ? 20150101 \
            : pool[i] ~ /^(LM|RI)$/ ? 20130101 \
            : pool[i] ~ /^(LC|LD|RC)$/ ? 19970101 : 0
    }
    edges = split("19960101 19961231 19970101 20121231 20130101 20141231" \
        " 20150101 20190630 20190701 20191231 20200101 20250930", edge, " ")
    split("31 28 31 30 31 30 31 31 30 31 30 31", month_days, " ")
    for (y = 1996; y <= 2025; y++)
        for (m = 1; m <= (y == 2025 ? 9 : 12); m++)
            for (d = 1; d <= month_days[m] + (m == 2 && y % 4 == 0); d++)
                calendar[calendar_size++] = y * 10000 + m * 100 + d
}
