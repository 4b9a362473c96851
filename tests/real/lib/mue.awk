# mue.awk - what domain.md 2d says of the units of every code of one setting,
# out of the rows alone.
#
#   … | awk -v days="2024-06-30 2024-07-01 …" -v kinds="O1G2S" -f mue.awk
#
# Reads "release code value mai", releases 1 and 2 (2 may be missing), in any
# order. kinds has one letter a day: which release answers. O none, 1 or 2 that
# one, S the newest although its period is over, G both, which must agree.
#
# For each code it asks: one line of the value (of 1 where it is 0), one of a
# unit more, and two lines of the value and of one unit. It prints the code, the
# units of the lines, and a word for each day: O not checked, N no published
# limit, U the two differ, W within, or E and the units denied.
BEGIN {
    day_count = split(kinds, kind, "")
}
{
    codes[$2] = 1
    has[$1, $2] = 1
    value[$1, $2] = $3 + 0
    mai[$1, $2] = $4 + 0
    newest = $1 > newest ? $1 : newest
}
# Units denied of each line into denied[]; their sum.
function deny(release, code, denied,    i, sum, total) {
    for (i = 1; i <= lines; i++)
        total += units[i]
    for (i = 1; i <= lines; i++) {
        denied[i] = 0
        if (!((release, code) in has))
            continue
        if (mai[release, code] == 1) {
            if (units[i] > value[release, code])
                denied[i] = units[i]
        } else if (total > value[release, code]) {
            denied[i] = units[i]
        }
        sum += denied[i]
    }
    return sum + 0
}
function word(release, code,    one) {
    if (!((release, code) in has))
        return "N"
    deny(release, code, one)
    return deny(release, code, one) > 0 ? "E" deny(release, code, one) : "W"
}
function both(code,    one, two, i) {
    if (!((1, code) in has) && !((2, code) in has))
        return "N"
    deny(1, code, one)
    deny(2, code, two)
    for (i = 1; i <= lines; i++)
        if ((one[i] > 0) != (two[i] > 0))
            return "U"
    i = deny(1, code, one)
    if (i == 0)
        i = deny(2, code, two)
    return i > 0 ? "E" i : "W"
}
function ask(code,    d, out, i) {
    out = code " " lines
    for (i = 1; i <= lines; i++)
        out = out " " units[i]
    for (d = 1; d <= day_count; d++) {
        if (kind[d] == "O")
            out = out " O"
        else if (kind[d] == "G")
            out = out " " both(code)
        else
            out = out " " word(kind[d] == "S" ? newest : kind[d], code)
    }
    print out
}
END {
    for (code in codes) {
        v = ((1, code) in has) ? value[1, code] : value[2, code]
        w = ((2, code) in has) ? value[2, code] : v
        lines = 1
        units[1] = v > 0 ? v : 1
        ask(code)
        units[1] = v + 1
        ask(code)
        if (w != v) {
            units[1] = w + 1
            ask(code)
        }
        lines = 2
        units[1] = v > 0 ? v : 1
        units[2] = 1
        ask(code)
    }
}
