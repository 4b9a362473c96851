# validity.awk - is a procedure code valid on a day? Worked out from the rows.
#
#   coderef-index dump | awk -v dates="2020-01-01 …" -f validity.awk \
#       manifest.json -
#
# The rules of design.md 3, from the rows that the dump prints of HCPCS, PFS,
# MUE, PTP and the table of timed codes, compared with its validity lines. Prints each difference, then
# for each date how many codes are not valid and by which evidence. Fails when
# there was a difference or nothing to compare.

function day_number(date,    y, m, d) {
    y = substr(date, 1, 4) + 0
    m = substr(date, 6, 2) + 0
    d = substr(date, 9, 2) + 0
    if (m <= 2) {
        y--
        m += 12
    }
    return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) \
        + int((153 * (m - 3) + 2) / 5) + d
}

function text_of(line) {
    sub(/^[^:]*: "/, "", line)
    sub(/",?$/, "", line)
    return line
}

function dated(compact) {
    return substr(compact, 1, 4) "-" substr(compact, 5, 2) "-" \
        substr(compact, 7, 2)
}

# What one list of releases says: "listed", "agreed", "stale", "gone", "gap" or
# "" for nothing. name is "pfs" or an MUE setting.
function ask_list(name, code, date,    at, i, had, here) {
    at = 0
    for (i = 1; i <= releases[name] && from[name, i] <= date; i++)
        at = i
    if (at == 0)
        return ""
    here = ((name, code, at) in listed)
    had = 0
    for (i = 1; i < at; i++)
        had = had || ((name, code, i) in listed)
    if (date <= to[name, at])
        return here ? "listed" : had ? "gone" : ""
    if (at == releases[name]) {
        if (day_number(date) - day_number(to[name, at]) > 366)
            return ""
        return here ? "stale" : had ? "gone" : ""
    }
    if (here != ((name, code, at + 1) in listed))
        return "gap"
    return here ? "agreed" : had ? "gone" : ""
}

function ask_lists(code, date,    i, said, pfs, best) {
    best = 0
    for (i in lists) {
        said = ask_list(i, code, date)
        if (said == "listed")
            return "valid listed"
        if (said == "agreed")
            best = 2
        else if (said == "stale" && best < 1)
            best = 1
        if (i == "pfs")
            pfs = said
    }
    if (code !~ /^[0-9][0-9][0-9][0-9][0-9TF]$/ && (pfs == "gone" || pfs == "gap"))
        pfs = ""
    if (pfs == "gone")
        return "not_valid not_listed"
    if (best == 2)
        return "valid agreed"
    if ((code in edited) && edits_from <= date && date <= edits_to)
        return "valid edits"
    if (pfs == "gap")
        return "unknown gap"
    if (best == 1)
        return "valid stale"
    # The project's own table of timed codes: all rows have an end.
    return (code in own_end) && own_end[code] < date ? "not_valid ended" \
        : "unknown none"
}

# The life that began last; of equal beginnings the newest release speaks.
function ask_dates(code, date,    i, n, life, at) {
    n = lives[code]
    life = 0
    for (i = 1; i <= n; i++)
        if (added[code, i] <= date &&
            (life == 0 || added[code, i] > added[code, life] ||
                (added[code, i] == added[code, life] &&
                    newest[code, i] > newest[code, life])))
            life = i
    if (life == 0)
        return "not_valid not_yet"
    if (ended[code, life] != "")
        return date > ended[code, life] ? "not_valid ended" : "valid dates"
    at = newest[code, life]
    if (at < releases["hcpcs"] && from["hcpcs", at + 1] <= date)
        return "not_valid not_listed"
    if (date <= to["hcpcs", at])
        return "valid dates"
    if (at < releases["hcpcs"])
        return "unknown gap"
    return day_number(date) - day_number(to["hcpcs", at]) <= 366 \
        ? "valid stale" : "unknown none"
}

BEGIN {
    FS = "\t"
    days = split(dates, day, " ")
}

# The manifest: which releases a table has, oldest first.
FILENAME != "-" && /^ "tables"/ { in_tables = 1 }
FILENAME != "-" {
    if (!in_tables)
        next
    if ($0 ~ /^   "table"/)
        table = text_of($0)
    else if ($0 ~ /^   "setting"/) {
        name = table == "mue" ? "mue " text_of($0) : table
        if (table == "pfs" || table == "mue")
            lists[name] = 1
    } else if ($0 ~ /^     "release"/)
        label = text_of($0)
    else if ($0 ~ /^     "from"/) {
        place[name, label] = ++releases[name]
        from[name, releases[name]] = text_of($0)
    } else if ($0 ~ /^     "to"/) {
        to[name, releases[name]] = text_of($0)
        if (name == "ptp") {
            edits_from = from[name, releases[name]]
            edits_to = text_of($0)
        }
    }
    next
}

$1 == "validity" {
    codes[$2] = 1
    spans[$2] = spans[$2] $3 " " $4 " " $5 "\n"
    next
}
$1 == "timed" {
    own = "9999-12-31"
    for (i = 7; i <= NF; i++)
        if ($i ~ /^valid_to=/)
            own = dated(substr($i, 10))
    if (!($4 in own_end) || own_end[$4] < own)
        own_end[$4] = own
    next
}
$1 == "ptp" {
    if ($7 == "" && $8 != 9)
        edited[$4] = edited[$5] = 1
    next
}
$1 == "hcpcs" && length($4) == 5 {
    n = ++lives[$4]
    newest[$4, n] = place["hcpcs", $6]
    for (i = 7; i <= NF; i++) {
        if ($i ~ /^added=/)
            added[$4, n] = dated(substr($i, 7))
        else if ($i ~ /^terminated=/)
            ended[$4, n] = dated(substr($i, 12))
    }
    next
}
$1 == "pfs" || $1 == "mue" {
    name = $1 == "mue" ? "mue " $2 : $1
    for (i = place[name, $5]; i <= place[name, $6]; i++)
        listed[name, substr($4, 1, 5), i] = 1
    next
}

END {
    for (code in codes) {
        count = split(spans[code], span, "\n")
        for (d = 1; d <= days; d++) {
            said = ""
            for (i = 1; i < count; i++)
                if (span[i] ~ /^ / || substr(span[i], 1, 10) <= day[d])
                    said = substr(span[i], index(span[i], " ") + 1)
            want = (code in lives) ? ask_dates(code, day[d]) \
                : ask_lists(code, day[d])
            if (said != want && differences++ < 20)
                print code " on " day[d] ": the rows say " want \
                    ", the build says " said
            tally[d, want]++
            compared++
        }
    }
    for (d = 1; d <= days; d++)
        print day[d] ": valid " tally[d, "valid listed"] \
            + tally[d, "valid agreed"] + tally[d, "valid stale"] \
            + tally[d, "valid edits"] + tally[d, "valid dates"] ", not " \
            tally[d, "not_valid ended"] + 0 " ended + " \
            tally[d, "not_valid not_yet"] + 0 " not yet + " \
            tally[d, "not_valid not_listed"] + 0 " gone from the list, " \
            tally[d, "unknown gap"] + tally[d, "unknown none"] " unknown"
    print compared + 0 " answers, " differences + 0 " differences"
    exit differences > 0 || compared == 0
}
