#!/bin/sh
# The units command says what the rule says, in words and in JSON, and misuse is
# told by the exit status.
set -eu

command=$B/coderef
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$B/coderef-index" build --store "$folder/store" >"$folder/log" 2>&1 ||
    { cat "$folder/log"; exit 1; }
export CODEREF_STORE="$folder/store"

fail() {
    echo "units.sh: $*" >&2
    exit 1
}

# says WANTED ARGUMENT...: the words hold the wanted line.
says() {
    wanted=$1
    shift
    "$command" units --date 2024-07-01 "$@" >"$folder/said" ||
        fail "$* ended with $?"
    grep -qF -- "$wanted" "$folder/said" ||
        { cat "$folder/said"; fail "$*: no '$wanted'"; }
}

# misused WHY ARGUMENT...: exit status 2, and why on stderr.
misused() {
    why=$1
    shift
    status=0
    "$command" units "$@" >"$folder/said" 2>"$folder/why" || status=$?
    [ "$status" -eq 2 ] || fail "$*: exit status $status"
    [ ! -s "$folder/said" ] || fail "$*: words on stdout"
    grep -qF -- "$why" "$folder/why" || { cat "$folder/why"; fail "$*"; }
}

says '97110      24 min   2 units' 97110=24 97140=15
says 'total               3 units' 97110=24 97140=15
says 'total 24 + 15 = 39 min → 3 units (38–52)' 97110=24 97140=15
says 'total               4 units' --rule midpoint 97112=24 97110=23
says '97130               2 units' 97129=38
says '97530      20 min   1 unit   OT' 97530:GP=20 97530:GO=20
says 'timed_pool_units":3' --json --pool-cognitive 97129=20 97110=20
misused 'write CODE=MINUTES' 97110
misused 'no loaded release has a code 99999' 99999=15
misused 'no whole number' 97110=1.5
misused 'cms or midpoint' --rule eights 97110=15
misused 'not enough to ask about'
