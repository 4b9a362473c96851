#!/bin/sh
# A refresh: looks, builds, compares, asks, and activates only if nothing speaks
# against it; a second one finds nothing new; whatever stops it, the active build
# is the old one or the new one, and is in order.
set -u
: "${B:?folder of the programs}"

index=$B/coderef-index
work=$(mktemp -d)
store=$work/store
holder=
trap '[ -z "$holder" ] || kill "$holder" 2>/dev/null; rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# --- small releases in the publishers' layouts ---------------------------------

# edits FOLDER QUARTER ROWS [INDICATOR]: an edit table.
edits() {
    mkdir -p "$1/$2"
    awk -v rows="$3" -v indicator="${4:-1}" 'BEGIN {
        print "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective " \
            "Date\tDeletion Date\tModifier\tPTP Edit Rationale"
        for (i = 0; i < rows; i++)
            printf "A%04d\tB%04d\t\t20200101\t*\t%d\tan invented reason\n",
                i / 1000, i % 1000, indicator
    }' >"$1/$2/ptp_practitioner.tsv"
}

# limits FOLDER QUARTER VALUE: an MUE table.
limits() {
    mkdir -p "$1/$2"
    {
        echo 'HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale'
        echo "A0001,$3,3 Date of Service Edit: Clinical,an invented reason"
        echo "A0002,2,2 Date of Service Edit: Policy,an invented reason"
    } >"$1/$2/mue_PractitionerServices.csv"
}

active() {
    basename "$(readlink "$store/current" || echo none)"
}

builds() {
    find "$store/builds" -mindepth 1 -maxdepth 1 -name '[0-9a-f]*' | wc -l
}

# refresh NAME STATUS PATTERN ARGUMENT...: such an exit status, and such a line
# in what it says.
refresh() {
    name=$1 wanted=$2 pattern=$3
    shift 3
    "$index" refresh --store "$store" "$@" >"$work/out" 2>"$work/err"
    status=$?
    [ "$status" -eq "$wanted" ] || {
        cat "$work/out" "$work/err"
        wrong "$name: exit status $status"
    }
    cat "$work/out" "$work/err" >"$work/said"
    grep -q -e "$pattern" "$work/said" || {
        cat "$work/said"
        wrong "$name: nothing says '$pattern'"
    }
}

# stays NAME ID: the active build.
stays() {
    [ "$(active)" = "$2" ] || wrong "$1: $(active) is active, not $2"
}

# in_order NAME: the active build passes all checks.
in_order() {
    "$index" verify --store "$store" >"$work/verified" 2>&1 ||
        wrong "$1: $(cat "$work/verified")"
}

# --- something new, and nothing new --------------------------------------------

files=$work/files
edits "$files" 2024q2 300
limits "$files" 2024q2 4
refresh 'the first' 0 '^activated  ' "$files"
first=$(active)
[ -s "$store/refresh/$first.txt" ] || wrong 'there is no report'
grep -q '"outcome": "activated"' "$store/refresh/$first.json" ||
    wrong 'there is no report as JSON'
grep -q 'ptp_practitioner.tsv .* 2024q2 ' "$store/refresh/$first.txt" ||
    wrong 'the report does not tell of the files'

refresh 'nothing new' 0 '^nothing new' "$files"
stays 'nothing new' "$first"
touch "$files/2024q2/mue_PractitionerServices.csv"
refresh 'touched' 0 '^nothing new' "$files"
(cd "$work" && refresh 'by another way' 0 '^nothing new' files)
refresh 'all hashed again' 0 '"hashed": 2' --check --json "$files"
grep -q '"outcome": "nothing_new"' "$work/out" || wrong 'check: not nothing new'
[ "$(builds)" -eq 1 ] || wrong 'nothing new, but another build'

# The same size, and the modification time put back: other bytes all the same.
touch -r "$files/2024q2/mue_PractitionerServices.csv" "$work/stamp"
limits "$files" 2024q2 5
touch -r "$work/stamp" "$files/2024q2/mue_PractitionerServices.csv"
refresh 'the times put back' 0 '0 new, 1 changed, 0 gone' "$files"
[ "$(active)" != "$first" ] || wrong 'changed bytes were not noticed'
second=$(active)

# --- there and back -------------------------------------------------------------

limits "$files" 2024q3 6
edits "$files" 2024q3 310
refresh 'dry run' 0 '^dry run: nothing written' --dry-run "$files"
stays 'dry run' "$second"
[ "$(builds)" -eq 2 ] || wrong 'a dry run made a build'
refresh 'not activated' 0 '^made, not activated' --no-activate "$files"
stays 'not activated' "$second"
refresh 'the third' 0 '(made before)' "$files"
third=$(active)
[ "$third" != "$second" ] || wrong 'what was made is not activated'
grep -q 'coderef-index rollback --store' "$work/out" ||
    wrong 'the way back is not told'

printf 'noise\nand more\n' >"$work/noise"
made=$(builds)
refresh 'a log that is none' 1 'no line (of 2) is a question' \
    --log "$work/noise" --force "$files"
refresh 'a log that is not there' 1 'No such file' --log "$work/none" "$files"
[ "$(builds)" -eq "$made" ] || wrong 'built before the log was looked at'

"$index" rollback --store "$store" >"$work/out" || wrong 'rollback'
refresh 'taken back' 0 'was taken back' "$files"
stays 'taken back' "$second"
rm -r "$store/builds/$third"
refresh 'taken back and removed' 0 'was taken back' "$files"
stays 'taken back and removed' "$second"
refresh 'taken back, by force' 0 '^activated' --force "$files"
stays 'taken back, by force' "$third"

# --- an active build that was damaged is made again ------------------------------

data=$store/current/data.mdb
chmod u+w "$data"
printf 'X' | dd of="$data" bs=1 seek=9000 conv=notrunc 2>/dev/null
"$index" verify --store "$store" >/dev/null 2>&1 && wrong 'no damage was done'
refresh 'damaged' 0 'data.mdb: not the file that was written' "$files"
stays 'damaged' "$third"
in_order 'damaged, and made again'

# --- what is expected -----------------------------------------------------------

own=$work/own.tsv
edits "$files" 2024q4 320 0
{
    printf '# of this practice\nask\tof\texpect\tdate\n'
    printf 'mue\tA0001\t6\n'
    printf 'pair\tA0000 B0001\tmodifier_required\t2024-10-01\n'
} >"$own"
refresh 'not met' 1 "own.tsv row 4: pair A0000 B0001, practitioner, 2024-10-01: expected modifier_required, got not_billable (blocked)" \
    --expectations "$own" "$files"
stays 'not met' "$third"
grep -q "not activated: 1 expectation not met$" "$work/err" ||
    wrong "not met: $(cat "$work/err")"
refused=$(sed -n 's/^new  *\([0-9a-f]*\)$/\1/p' "$work/out")
grep -q '^not activated: ' "$store/refresh/$refused.txt" ||
    wrong 'the report of what was refused is not kept'
refresh 'still not met' 1 '(made before)' --expectations "$own" "$files"
stays 'still not met' "$third"
refresh 'not met, by force' 0 '^activated .*; 1 expectation not met, forced$' \
    --force --expectations "$own" "$files"
stays 'not met, by force' "$refused"
refresh 'active, and not met' 1 'nothing new; the active build does not meet 1' \
    --expectations "$own" "$files"
sed -i 's/modifier_required/blocked/' "$own"
refresh 'active, and met' 0 '2 held, 0 failed' --expectations "$own" "$files"

printf 'mue\tA0001\tmany\n' >>"$own"
limits "$files" 2024q4 6
refresh 'a line that cannot be read' 1 \
    "own.tsv: 1 lines cannot be read, the first is row 5: expect 'many': mue takes" \
    --expectations "$own" "$files"
stays 'a line that cannot be read' "$refused"
refresh 'no such list' 1 'none.tsv: No such file' \
    --expectations "$work/none.tsv" "$files"
sed -i '$d' "$own"
refresh 'all met' 0 '^activated' --expectations "$own" "$files"
fourth=$(active)

# --- alarms ---------------------------------------------------------------------

mkdir "$work/fewer"
edits "$work/fewer" 2024q4 320 0
refresh 'a table is gone' 1 'refuses table_gone .*mue practitioner: 2024q4' \
    "$work/fewer"
edits "$work/older" 2024q2 320
limits "$work/older" 2024q2 4
refresh 'an older release' 1 'refuses release_back .*from release 2024q4 to 2024q2' \
    "$work/older"
stays alarms "$fourth"
grep -q 'not activated: 2 alarms$' "$work/err" || wrong "$(cat "$work/err")"
edits "$work/more" 2025q1 400
limits "$work/more" 2025q1 4
printf 'no layout of anybody\n' >"$work/more/odd.txt"
refresh 'more rows, an odd file' 0 'warns   rows_more .*320 rows in 2024q4, 400 in 2025q1' \
    "$work/more"
grep -q 'warns   not_recognised odd.txt is not recognised' "$work/out" ||
    wrong 'the odd file is not told'
grep -q 'warns   release_gone .*mue practitioner: release 2024q2 is not' "$work/out" ||
    wrong 'the releases that are gone are not told'
fifth=$(active)
[ "$fifth" != "$fourth" ] || wrong 'a warning refused'

# A build that fails its own checks changes nothing, and says why.
edits "$work/part" 2025q2 300
limits "$work/part" 2025q2 4
refresh 'plainly partial' 1 'plainly partial\|partial' "$work/part"
stays 'plainly partial' "$fifth"
refresh 'no such folder' 1 'nowhere: No such file' "$work/nowhere"
mkdir "$work/empty"
refresh 'no file' 1 'empty: holds no file' "$work/empty"

stays 'what cannot be' "$fifth"

# --- two at once ----------------------------------------------------------------

perl -e 'open F, ">>", $ARGV[0] or die; flock F, 2 or die; $| = 1;
    print "held\n"; sleep 60' "$store/.refresh.lock" >"$work/held" &
holder=$!
while ! grep -q held "$work/held"; do sleep 0.05; done
refresh 'another refresh' 1 'another refresh is running' "$files"
"$index" rollback --store "$store" >"$work/out" ||
    wrong 'no way back while a refresh runs'
stays 'back while a refresh runs' "$fourth"
"$index" activate --store "$store" "$fifth" >"$work/out" || wrong 'and forth'
kill "$holder"
wait "$holder" 2>/dev/null
holder=

edits "$work/one" 2025q2 400
limits "$work/one" 2025q2 5
edits "$work/two" 2025q3 400
limits "$work/two" 2025q3 5
"$index" refresh --store "$store" "$work/one" >"$work/out1" 2>&1 &
one=$!
"$index" refresh --store "$store" "$work/two" >"$work/out2" 2>&1 &
two=$!
wait "$one"
one=$?
wait "$two"
two=$?
[ "$one" -eq 0 ] || [ "$two" -eq 0 ] || wrong 'two at once: none was made'
in_order 'two at once'

# --- killed at any moment -------------------------------------------------------

# Long enough to be met: two tables, taken in turn.
edits "$work/even" 2025q4 60000
limits "$work/even" 2025q4 6
edits "$work/odd" 2025q4 60001
limits "$work/odd" 2025q4 7
rm -rf "$store"
began=$(date +%s%N)
refresh 'before the kills' 0 '^activated' "$work/even"
whole=$((($(date +%s%N) - began) / 1000))
done=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    case $((i % 2)) in
    0) next=$work/even ;;
    *) next=$work/odd ;;
    esac
    before=$(active)
    "$index" refresh --store "$store" "$next" >"$work/out" 2>"$work/err" &
    pid=$!
    sleep "$(awk -v i=$i -v t="$whole" 'BEGIN { printf "%.3f", t * 0.8e-6 * i / 12 }')"
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null && done=$((done + 1))
    in_order "kill $i"
    [ "$(active)" = "$before" ] || [ -s "$store/refresh/$(active).txt" ] ||
        wrong "kill $i: the active build has no report"
done
refresh 'after the kills' 0 '' --force "$work/odd"
in_order 'after the kills'
grep -q '"mue practitioner"\|outcome' "$store/refresh/$(active).json" ||
    wrong 'the report after the kills'
left=$(cd "$store" && find . -name '.?*' ! -name .coderef.lock ! -name .refresh.lock)
[ -z "$left" ] || wrong "left behind: $left"
printf '12 kills, %s refreshes done before them\n' "$done"

# A person's Ctrl-C: said, and the active build is the one before.
limits "$work/odd" 2025q4 8
before=$(active)
"$index" refresh --store "$store" "$work/odd" >"$work/out" 2>"$work/err" &
pid=$!
sleep "$(awk -v t="$whole" 'BEGIN { printf "%.3f", t * 0.4e-6 }')"
kill -INT $pid 2>/dev/null
wait $pid 2>/dev/null
status=$?
if [ "$status" -eq 1 ]; then
    grep -q stopped "$work/err" || wrong "INT: $(cat "$work/err")"
    stays INT "$before"
fi
in_order INT

# Reports go with their builds.
"$index" prune --store "$store" --keep 1 >"$work/out"
refresh 'after prune' 0 '' --force "$work/odd"
for report in "$store"/refresh/*.txt; do
    [ -d "$store/builds/$(basename "$report" .txt)" ] ||
        wrong "$report has no build"
done

[ "$failures" -eq 0 ] || exit 1
echo 'a refresh activates what passes, and nothing else'
