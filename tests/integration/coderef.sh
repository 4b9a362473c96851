#!/bin/sh
# coderef.sh - the coderef command over the starter set: what it prints, what
# it exits with, and that its manual names the options it has.
set -u

B=${B:-build}
TOP=${TOP:-.}
dir=$(mktemp -d "${TMPDIR:-/tmp}/coderef-test-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0

fail() {
    echo "FAILED: $1" >&2
    failed=1
}

# exits STATUS ARGUMENT...: runs coderef, keeps what it said.
exits() {
    wanted=$1
    shift
    "$B/coderef" "$@" >"$dir/out" 2>"$dir/err"
    status=$?
    [ "$status" -eq "$wanted" ] ||
        fail "coderef $*: exit status $status, not $wanted: $(cat "$dir/err")"
}

says() {
    grep -q -e "$1" "$dir/out" || fail "'$1' is not in: $(cat "$dir/out")"
}

complains() {
    grep -q -e "$1" "$dir/err" || fail "'$1' is not in: $(cat "$dir/err")"
}

unset CODEREF_STORE
exits 2 lookup 97110
complains 'CODEREF_STORE'
exits 1 --store "$dir/none" lookup 97110
complains 'coderef-index build'

"$B/coderef-index" build --store "$dir/store" >"$dir/log" 2>&1 || {
    cat "$dir/log" >&2
    fail 'the starter set cannot be built'
    exit 1
}
CODEREF_STORE=$dir/store
export CODEREF_STORE

exits 0 lookup 97110 --date 2024-07-01
says '^97110  cpt  '
says 'EACH, 15 minutes'
exits 0 lookup --json 97110 m54.50 --date 2024-07-01
[ "$(wc -l <"$dir/out")" -eq 2 ] || fail 'not one answer a line'
says '"code":"M54.50"'
exits 1 lookup 99999
complains 'none of the loaded releases'
exits 2 lookup 97-110
exits 1 lookup 99999 97110 --date 2024-07-01
says '^97110  cpt  '

exits 0 search gait train --limit 3
says '^97116 '
exits 0 search --json 97110
says '"matched":"code"'
exits 0 search gait trainnig
says '^read trainnig as training$'
says '^97116 '
exits 0 search gait training zzzzzz
says '^the first hit does without: zzzzzz$'
says 'LACKS'
says '^97116 .* zzzzzz  '
exits 0 search gait t
says '^not looked for, unless a blank follows: t$'
exits 0 search gait 't '
! grep -q 'not looked for' "$dir/out" || fail 'a finished word is not looked for'
exits 1 search zzzzzz
complains 'nothing found'
# What is wanted beside the words: 97116 and 0791T are timed, R26 is neither.
exits 0 search gait --facets timed,section
says '^timed  *true  *2$'
says '^section  *97010-97799  *1$'
! grep -q MUE "$dir/out" || fail 'a caution that nobody needs'
exits 0 search gait --facets setting
says '^A setting counts the codes whose units an MUE limits there'
exits 0 search gait --timed true
says '^Timed goes by the project'
exits 0 search gait --timed true --section 97010-97799 --order length
says '^97116 '
exits 1 search gait --timed false
complains 'nothing found'
exits 0 search gait --json --timed true --facets timed
says '"timed":{"true":2}'
exits 0 search gait
! grep -q 'FACET\|MUE' "$dir/out" || fail 'facets that nobody asked for'
exits 2 search gait --timed perhaps
complains 'timed: no code has the value perhaps'
exits 2 search gait --facets colour
complains 'facets: a list of system, section'
exits 2 search gait --order upwards
complains 'order: one of billable'

exits 0 pair 97110 97150 --date 2024-07-01
says 'modifier_required'
says '97150 > 97110'
exits 0 pair 97110,97150:59 --date 2024-07-01 --json
says '"verdict":"resolved_by_modifier"'
exits 0 pair 97110 97150 97140 97124 --date 2024-07-01
says 'all together: not_billable'
exits 11 pair --exit-verdict 97110 97150 --date 2024-07-01
exits 10 pair --exit-verdict 97110 97150:59 --date 2024-07-01
exits 13 pair --exit-verdict 97124 97140 --date 2024-07-01
exits 12 pair --exit-verdict 97110 99999 --date 2024-07-01
exits 0 pair --exit-verdict 97530 97116 --date 2024-07-01
exits 13 pair --exit-verdict 97161 97750:59 --date 2024-07-01
exits 10 pair --exit-verdict 97161 97750:59 --date 2024-07-01 \
    --setting hospital
exits 2 pair 97110
exits 2 pair 97110 97150:5

exits 2
exits 2 nonsense
exits 2 lookup
exits 2 --date 7/1/2024 lookup 97110
exits 2 --setting home pair 97110 97150
exits 2 --system cpt,icd9 lookup 97110
exits 2 --limit 0 search gait
exits 2 --limit 201 search gait
exits 2 --nonsense lookup 97110
# What a command would not heed it refuses.
exits 2 --setting dme lookup 97110
exits 2 --date 2024-07-01 changes
exits 2 --limit 5 pair 97110 97150
exits 2 --exit-verdict --rule cms pair 97110 97150
exits 2 changes --to 2024-07-01
exits 2 claim one.json two.json
exits 2 necessity 97110 M54.50 M25.511
exits 0 --version
says '^coderef [0-9]'
exits 0 --help

# Every long option of the help stands in the manual, and the other way round.
options() {
    tr -d '\134' <"$1" | grep -o -e '--[a-z][a-z-]*' | LC_ALL=C sort -u
}
options "$dir/out" >"$dir/help"
options "$TOP/tools/coderef/coderef.1" >"$dir/manual"
cmp -s "$dir/help" "$dir/manual" ||
    fail "help and manual differ: $(diff "$dir/help" "$dir/manual")"

exit "$failed"
