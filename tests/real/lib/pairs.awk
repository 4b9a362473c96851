# pairs.awk - what domain.md 5.2 says of every pair, out of the rows alone.
#
#   … | LC_ALL=C sort | awk -v dates="20191231 20200101" -v seed=1 \
#       -f modifiers.awk -f pairs.awk
#
# Reads what edits.awk prints, of the newest release (3) and, when there is one,
# of the quarter before (2). quarter is the newest release's first day.
#
# For each pair it prints both codes and, for each date, two characters: the
# outcome (B blocked, M modifier needed, Y not yet, X expired, V never active, N
# no edit; b and m when two rows are in force at once) and column 1 (1 the lower
# code, 2 the higher, - none in force). Two more for each row answer the
# questions of modifiers.awk. The last line is "rows" and their number.
#
# The files have no effective days. By design.md 3 a row begins the day after
# the deletion of the row before it in the same ordered pair, the first one on
# an unknown day, and with the quarter when the release before did not have it.
# Every deletion ends a quarter, so "the day after" is only ever compared.

# The letter of a day; sets side, and both_sides where column 1 is not the same in
# all of the strictest rows.
function outcome(date,    i, live, strict, ever, coming) {
    live = ever = coming = 0
    strict = 9
    side = "-"
    both_sides = 0
    for (i = 1; i <= rows; i++) {
        if (indicator[i] == 9 || after[i] >= deleted[i])
            continue
        ever++
        # begins on the day after after[i]; 0 for an unknown day
        if (after[i] >= date) {
            coming++
            continue
        }
        if (date > deleted[i])
            continue
        live++
        if (indicator[i] < strict) {
            strict = indicator[i]
            side = direction[i]
            both_sides = 0
        } else if (indicator[i] == strict && direction[i] != side)
            both_sides = 1
    }
    if (live > 0)
        return strict == 0 ? (live > 1 ? "b" : "B") : (live > 1 ? "m" : "M")
    return rows == 0 ? "N" : ever == 0 ? "V" : coming > 0 ? "Y" : "X"
}

function flush_pair(    d, i, letter, out) {
    if (pair == "")
        return
    out = ""
    for (d = 1; d <= days; d++) {
        letter = outcome(day[d])
        out = out " " letter side
    }
    begin_draws(substr(pair, 1, 5), substr(pair, 7))
    for (i = 1; i <= rows; i++)
        out = out " " answer_drawn()
    print pair out
}

# The rows of one direction, by deletion day, are the newest ones read.
function begin_days(    i, before) {
    before = 0
    for (i = first; i <= rows; i++) {
        after[i] = 0
        if (indicator[i] == 9)
            continue
        after[i] = before
        if (compared && deleted[i] >= quarter &&
            !((indicator[i], deleted[i]) in had) &&
            !((indicator[i], 99999999) in had))
            after[i] = quarter - 1
        if (deleted[i] != 99999999) {
            if (before > 0 && deleted[i] - before == 1) {
                print "a row of one day: " pair >"/dev/stderr"
                exit 1
            }
            before = deleted[i]
        }
    }
    first = rows + 1
    split("", had)
}

BEGIN { days = split(dates, day, " ") }
{
    key = $1 " " $2
    if (key != pair || $3 != side_now)
        begin_days()
    if (key != pair) {
        flush_pair()
        pair = key
        rows = 0
        first = 1
    }
    side_now = $3
    if ($6 == 2) {
        had[$5, $4 + 0] = 1
        next
    }
    rows++
    total++
    direction[rows] = $3
    deleted[rows] = $4 + 0
    indicator[rows] = $5 + 0
}
END {
    begin_days()
    flush_pair()
    print "rows", total
}
