#!/bin/sh
# The claim command says of a file what the rules say, in words and in JSON, and
# tells by its exit status whether the claim is clean.
set -eu

command=$B/coderef
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$B/coderef-index" build --store "$folder/store" >"$folder/log" 2>&1 ||
    { cat "$folder/log"; exit 1; }
export CODEREF_STORE="$folder/store"

fail() {
    echo "claim.sh: $*" >&2
    exit 1
}

# ends STATUS ARGUMENT...: runs it, keeps what it said.
ends() {
    wanted=$1
    shift
    status=0
    "$command" claim "$@" >"$folder/said" 2>"$folder/why" || status=$?
    [ "$status" -eq "$wanted" ] ||
        { cat "$folder/said" "$folder/why"; fail "$*: exit status $status, not $wanted"; }
}

says() {
    grep -qF -- "$1" "$folder/said" || { cat "$folder/said"; fail "no '$1'"; }
}

complains() {
    grep -qF -- "$1" "$folder/why" || { cat "$folder/why"; fail "no '$1'"; }
    [ ! -s "$folder/said" ] || fail "words on stdout"
}

cat >"$folder/claim.json" <<'CLAIM'
{"date": "2024-07-15", "lines": [
  {"code": "97140", "units": 1, "modifiers": ["GP"]},
  {"code": "97124", "units": 1, "modifiers": ["GP"]}]}
CLAIM
ends 14 "$folder/claim.json"
says 'claim of 2024-07-15, practitioner, medicare, 2 lines: not clean'
says 'ptp.blocked  lines 1,2  denied 2'
says '97124 is denied: an edit pays 97140 only'
ends 14 --json "$folder/claim.json"
says '"id":"ptp.blocked","severity":"error","lines":[1,2],"denied":[2]'
ends 14 - <"$folder/claim.json"
says 'ptp.blocked'

printf 'code,units,minutes,modifiers,dx\n97110,7,,GP,1\n' >"$folder/lines.csv"
ends 14 "$folder/lines.csv" --date 2024-07-15 --dx M54.50
says 'mue.exceeded  line 1  denied 1'
says 'starter_mue_practitioner_2024q3.csv, row'
ends 14 "$folder/lines.csv" --date 2024-07-15 --payer commercial --dx M54.50
says 'warning'
# The starter set cannot show that a code is no add-on: not checked.
printf 'code,units,modifiers\n97110,2,GP\n' >"$folder/good.csv"
ends 12 "$folder/good.csv" --date 2024-07-15
says 'not checked'
says 'add-on code edits'
says 'The claim names no diagnosis, and needs at least one'

printf '{"lines":[{"code":"97110"}' >"$folder/cut.json"
ends 2 "$folder/cut.json"
complains 'not JSON: line 1, column 26'
printf 'code,price\n97110,1\n' >"$folder/odd.csv"
ends 2 "$folder/odd.csv"
complains "line 1: 'price' is no column of a claim"
: >"$folder/empty"
ends 2 "$folder/empty"
complains 'the file is empty'
ends 1 "$folder/none"
complains 'No such file'
ends 2 "$folder/claim.json" --dx M54.50
complains '--dx and --payer are for claims in CSV'
ends 2 "$folder/lines.csv" --payer nobody
complains 'medicare, medicaid, commercial or other'
ends 2 "$folder/lines.csv" "$folder/good.csv"
complains 'one file at a time'
ends 2
complains 'not enough to ask about'
