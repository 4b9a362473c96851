#!/bin/sh
# run.sh - runs test programs one after the other and adds up.
#
#   tests/run.sh [--skip 'name: reason']... PROGRAM...
#
# A cmocka program counts as many tests as it names in its closing lines, and so
# do the tests of Node.js. Any other program is one test: 0 passes, 77 is skipped,
# everything else fails. A fuzzer is called with its corpus folder. A test that is
# skipped says why (skip_because() of harness.h, the SKIP of TAP, or for 77 the
# last line), and is shown with that; without a reason it fails. What a failing
# program wrote is shown in full; the last line is
#   N passed, N failed[, N skipped]
# and the exit status is 1 when a test failed or none ran. TEST_TIMEOUT is the
# time each program has, in seconds.
set -u

limit=${TEST_TIMEOUT:-900}
logs=${B:-build}/logs
passed=0 failed=0 skipped=0
mkdir -p "$logs" || exit 1

# The sum of the numbers in a log's closing lines of one kind, by its names in
# cmocka (PASSED, FAILED, SKIPPED) and in TAP.
count() {
    sed -n -e "s/.*\\[  *$2  *\\] \\([0-9][0-9]*\\) test(s).*/\\1/p" \
        -e "s/^# $3 \\([0-9][0-9]*\\)\$/\\1/p" "$1" |
        awk '{ sum += $1 } END { print sum + 0 }'
}

# Each test of a log that was skipped, with the reason it gave.
reasons() {
    sed -n -e 's/^\[ RUN *\] \(.*\)$/run \1/p' -e 's/^skipped: \(..*\)$/why \1/p' \
        -e 's/^ *ok [0-9]* - \(.*\) # SKIP \(..*\)$/tap \1: \2/p' "$1" |
        awk '$1 == "run" { name = $2 }
            $1 == "why" { sub(/^why /, ""); print name ": " $0 }
            $1 == "tap" { sub(/^tap /, ""); print }'
}

run() {
    name=${1##*/}
    log=$logs/$name.log
    started=$(date +%s)
    case $1 in
    *.sh)
        if [ -x "$1" ]; then
            timeout "$limit" "$1"
        else
            timeout "$limit" sh "$1"
        fi
        ;;
    */fuzz_*) timeout "$limit" "$1" "tests/corpus/${name#fuzz_}" ;;
    *) timeout "$limit" "$1" ;;
    esac >"$log" 2>&1
    status=$?
    seconds=$(($(date +%s) - started))

    good=$(count "$log" PASSED pass)
    bad=$(count "$log" FAILED fail)
    left=$(count "$log" SKIPPED skipped)
    if [ "$status" -eq 77 ] && [ ! -s "$log" ]; then
        echo 'skipped without a reason' >"$log"
    elif [ "$status" -eq 77 ]; then
        skipped=$((skipped + 1))
        printf 'skip  %s: %s\n' "$name" "$(tail -n 1 "$log")"
        return
    fi
    unsaid=$((left - $(reasons "$log" | wc -l)))
    if [ "$unsaid" -gt 0 ]; then
        printf '%d skipped without a reason\n' "$unsaid" >>"$log"
        left=$((left - unsaid))
        bad=$((bad + unsaid))
    fi
    if [ "$((good + bad + left))" -eq 0 ]; then
        if [ "$status" -eq 0 ]; then good=1; else bad=1; fi
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1 # it ended badly after its tests, or in the middle of one
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + left))
    if [ "$bad" -eq 0 ]; then
        printf 'ok    %s (%d, %d s)\n' "$name" "$good" "$seconds"
        reasons "$log" | sed 's/^/skip        /'
        return
    fi
    printf 'FAIL  %s\n' "$name"
    if [ "$status" -eq 124 ]; then
        printf '      ended after %d seconds\n' "$limit"
    fi
    sed 's/^/      /' "$log"
}

while [ $# -gt 0 ]; do
    case $1 in
    --skip)
        skipped=$((skipped + 1))
        printf 'skip  %s\n' "$2"
        shift
        ;;
    *) run "$1" ;;
    esac
    shift
done

if [ "$skipped" -gt 0 ]; then
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
else
    printf '%d passed, %d failed\n' "$passed" "$failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
