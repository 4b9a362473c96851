#!/bin/sh
# Past questions asked of two builds: out of a real server's log, and out of other
# forms; told are those whose answers differ, and the exit status says whether any
# does. A refresh asks them before it switches.
set -u
: "${B:?folder of the programs}"

index=$B/coderef-index
work=$(mktemp -d)
store=$work/store
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# release FOLDER INDICATOR LIMIT [MORE]: an edit of A0001 with A0002, and limits; of one
# quarter, as if the publisher had revised it. MORE puts a row before the others.
release() {
    mkdir -p "$1"
    {
        printf 'Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date\tModifier\tPTP Edit Rationale\n'
        [ $# -eq 3 ] || printf 'A0000\tA0009\t\t20200101\t*\t1\tan invented reason\n'
        printf 'A0001\tA0002\t\t20200101\t*\t%s\tan invented reason\n' "$2"
        printf 'A0003\tA0004\t\t20200101\t*\t1\tan invented reason\n'
    } >"$1/ptp_practitioner_2024q2.tsv"
    {
        echo 'HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale'
        echo "A0001,$3,3 Date of Service Edit: Clinical,an invented reason"
        echo "A0003,2,3 Date of Service Edit: Clinical,an invented reason"
    } >"$1/mue_PractitionerServices_2024q2.csv"
}

release "$work/one" 1 4
release "$work/two" 0 1 more
"$index" build --quiet --store "$store" "$work/one" >"$work/out" || wrong 'build one'

# --- a real server's log --------------------------------------------------------

"$B/coderef-server" --store "$store" --port 0 --workers 1 --access-log \
    --log-queries >"$work/said" 2>"$work/log" &
server=$!
for _ in $(seq 600); do
    port=$(sed -n 's/.*port=\([0-9][0-9]*\).*/\1/p' "$work/said" "$work/log" | head -n 1)
    [ -z "$port" ] || break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
[ -n "$port" ] || wrong "the server tells no port: $(cat "$work/said" "$work/log")"
ask() {
    curl -s -o "$work/answer" "$@" || wrong "no answer to $*"
}
ask "http://127.0.0.1:$port/v1/pairs?codes=A0001,A0002&date=2024-05-01"
ask "http://127.0.0.1:$port/v1/pairs?codes=A0004,A0003&date=2024-05-01"
ask "http://127.0.0.1:$port/v1/search?q=%22a%20b%5C%22&limit=2"
ask "http://127.0.0.1:$port/v1/codes/A0003?date=2024-05-01"
ask "http://127.0.0.1:$port/healthz"
ask -d '{"codes":["A0001","A0002"]}' -H 'Content-Type: application/x-ndjson' \
    "http://127.0.0.1:$port/v1/pairs"
kill "$server"
wait "$server" 2>/dev/null
server=

"$index" build --quiet --store "$store" "$work/two" >"$work/out" || wrong 'build two'
"$index" replay --store "$store" --log "$work/log" previous current \
    >"$work/out" 2>"$work/err"
[ $? -eq 3 ] || wrong "the server's log: $(cat "$work/out" "$work/err")"
grep -q '^line [0-9]*  /v1/pairs?codes=A0001,A0002&date=2024-05-01$' "$work/out" ||
    wrong 'the pair whose edit changed is not told'
grep -q '^    pairs\[0\].verdict  *modifier_required -> not_billable$' "$work/out" ||
    wrong 'its verdicts are not told'
[ "$(grep -c '^line ' "$work/out")" -eq 1 ] || wrong 'others are told, too'
grep -q '^replay  *4 questions, 1 answers differ' "$work/out" || wrong 'the sums'
grep -q 'not asked: 1 without_body' "$work/out" || wrong 'the POST is not counted'
[ $failures -eq 0 ] || cat "$work/out" "$work/log"

# --- other forms, and JSON ------------------------------------------------------

cat >"$work/questions" <<'END'
# two of one code, within the limit before, above it now
GET /v1/pairs?codes=A0001,A0001&date=2024-05-01
{"codes":["A0001","A0002"],"date":"2024-05-01"}
{"codes":["A0003","A0004"],"date":"2024-05-01"}
{"date":"2024-05-01","lines":[{"code":"A0001","units":2}]}
{"date":"2024-05-01","lines":[{"code":"A0003","units":2}]}
END
"$index" replay --json --store "$store" --log - previous current \
    <"$work/questions" >"$work/out" 2>"$work/err"
[ $? -eq 3 ] || wrong "NDJSON: $(cat "$work/err")"
[ "$(grep -c '^{"line":' "$work/out")" -eq 3 ] || wrong "NDJSON: $(cat "$work/out")"
for line in 2 3 5; do
    grep -q "^{\"line\":$line," "$work/out" || wrong "line $line is not told"
done
tail -n 1 "$work/out" | grep -q '^{"summary":.*"asked":5,"differ":3' ||
    wrong "the sums as JSON: $(tail -n 1 "$work/out")"

# The same build: nothing differs.
"$index" replay --store "$store" --log "$work/questions" current current \
    >"$work/out" 2>"$work/err" || wrong 'a build differs from itself'
grep -q '^replay  *5 questions, 0 answers differ' "$work/out" || wrong 'nothing differs'
# With what tells of the release: the edit that stands in another row, too.
"$index" replay --sources --store "$store" --log "$work/questions" previous current \
    >"$work/out" 2>"$work/err"
grep -q '^replay  *5 questions, 4 answers differ' "$work/out" ||
    wrong "releases, files and rows: $(cat "$work/out")"

# --- misuse ---------------------------------------------------------------------

# fails STATUS PATTERN ARGUMENT...
fails() {
    wanted=$1 pattern=$2
    shift 2
    "$index" replay "$@" >"$work/out" 2>"$work/err"
    [ $? -eq "$wanted" ] || wrong "replay $*: not $wanted"
    grep -q -e "$pattern" "$work/err" || wrong "replay $*: $(cat "$work/err")"
}
fails 2 'which two builds' --store "$store" --log "$work/questions" current
fails 2 -- '--log FILE' --store "$store" previous current
printf 'one word\nanother\n\n' >"$work/noise"
fails 1 'no line (of 2) is a question' --store "$store" --log "$work/noise" previous current
fails 1 'No such file' --store "$store" --log "$work/none" previous current
fails 1 "no build's id begins with" --store "$store" --log "$work/questions" \
    ffffffff current

# --- in a refresh ---------------------------------------------------------------

release "$work/three" 1 1 more
active=$(readlink "$store/current")
! "$index" refresh --store "$store" --log "$work/noise" "$work/three" \
    >"$work/out" 2>"$work/err" || wrong 'a refresh takes any file for a log'
grep -q 'no line (of 2) is a question' "$work/err" || wrong "$(cat "$work/err")"
[ "$(readlink "$store/current")" = "$active" ] || wrong 'it activates all the same'
"$index" refresh --store "$store" --log "$work/questions" "$work/three" \
    >"$work/out" 2>"$work/err" || wrong "refresh: $(cat "$work/err")"
grep -q '^replay  *5 questions, 1 answers differ' "$work/out" ||
    wrong "refresh: $(cat "$work/out")"
grep -q '^    *1 x verdict: not_billable -> modifier_required$' "$work/out" ||
    wrong 'a refresh does not tell what differs'
grep -q '"differ": 1,' "$store/refresh/$(basename "$(readlink "$store/current")").json" ||
    wrong 'the report as JSON does not tell of the replay'

[ "$failures" -eq 0 ] || exit 1
echo 'past questions are asked of both builds'
