#!/bin/sh
# What a person or the machine may do to a build: no rights, another build, a
# Ctrl-C, a kill. The message says what it was, the active build stays, and
# nothing is left behind. (tests/faults: no room, and calls that fail.)
set -u
: "${B:?folder of the programs}"

index=$B/coderef-index
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# An edit table of $2 rows in folder $1, for quarter $3.
edits() {
    mkdir -p "$1/$3"
    awk -v rows="$2" 'BEGIN {
        print "Column 1\tColumn 2\t*=in existence prior to 1996\tEffective " \
            "Date\tDeletion Date\tModifier\tPTP Edit Rationale"
        for (i = 0; i < rows; i++)
            printf "A%04d\tB%04d\t\t%d0101\t*\t1\tan invented reason\n",
                i / 1000, i % 1000, 1996 + i % 25
    }' >"$1/$3/ptp_practitioner.tsv"
}

active() {
    readlink "$1/current" || echo none
}

# The store $1 is in order: its active build passes all checks.
in_order() {
    "$index" verify --store "$1" >"$work/verified" 2>&1 || {
        cat "$work/verified"
        wrong "$2: the active build is not in order"
    }
}

# Nothing but the lock, the builds and the link; no unfinished build.
tidy() {
    left=$(cd "$1" && find . -name '.?*' ! -name .coderef.lock)
    [ -z "$left" ] || wrong "$2: left behind: $left"
}

# fails NAME PATTERN STORE COMMAND...: it ends with 1 and a message like that,
# and the store is as it was.
fails() {
    name=$1 pattern=$2 store=$3
    shift 3
    before=$(active "$store")
    "$@" >"$work/out" 2>"$work/err"
    status=$?
    [ "$status" -eq 1 ] || wrong "$name: exit status $status"
    printf '%s: %s\n' "$name" "$(cat "$work/err")"
    grep -q "$pattern" "$work/err" || wrong "$name: the message is another one"
    [ "$(active "$store")" = "$before" ] || wrong "$name: another active build"
    tidy "$store" "$name"
}

edits "$work/few" 100 2024q3
edits "$work/many" 120000 2024q3
edits "$work/other" 120000 2024q4
"$index" build --quiet --store "$work/store" "$work/few" >"$work/out" ||
    wrong 'the first build'
in_order "$work/store" 'the first build'

# --- paths ----------------------------------------------------------------------

fails 'no such path' 'nowhere: No such file or directory$' "$work/store" \
    "$index" build --store "$work/store" "$work/nowhere"

for label in bogus 2026q5 2026e 2025-13; do
    "$index" build --store "$work/store" --release "$label" "$work/few" \
        >"$work/out" 2>"$work/err"
    [ $? -eq 2 ] || wrong "--release $label passed"
    grep -q "^coderef-index: $label is not a release such as" "$work/err" ||
        wrong "--release $label: $(cat "$work/err")"
done

mkdir "$work/locked"
edits "$work/unreadable" 10 2024q3
chmod 000 "$work/unreadable/2024q3/ptp_practitioner.tsv"
chmod 755 "$work" # a person without rights must get as far as this folder
cp "$index" "$work/coderef-index"
as_nobody() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}
if as_nobody true 2>"$work/err"; then
    mkdir -m 777 "$work/theirs"
    as_nobody "$work/coderef-index" build --quiet --store "$work/theirs/store" \
        "$work/few" >"$work/out" || wrong 'a build without rights'
    fails 'unreadable file' 'ptp_practitioner.tsv: .*Permission denied$' \
        "$work/theirs/store" as_nobody "$work/coderef-index" build \
        --store "$work/theirs/store" "$work/unreadable"
    fails 'unreadable path' 'ptp_practitioner.tsv: Permission denied$' \
        "$work/theirs/store" as_nobody "$work/coderef-index" build \
        --store "$work/theirs/store" \
        "$work/unreadable/2024q3/ptp_practitioner.tsv"
    chmod 555 "$work/theirs/store" "$work/theirs/store/builds"
    fails 'read-only builds' 'Permission denied$' "$work/theirs/store" \
        as_nobody "$work/coderef-index" build --store "$work/theirs/store" \
        "$work/many"
    rm -f "$work/theirs/store/.coderef.lock"
    fails 'read-only store' 'store/.coderef.lock: Permission denied$' \
        "$work/theirs/store" as_nobody "$work/coderef-index" build \
        --store "$work/theirs/store" "$work/many"
    chmod 755 "$work/theirs/store" "$work/theirs/store/builds"
    fails 'no place for a store' 'locked/store: Permission denied$' \
        "$work/locked" as_nobody "$work/coderef-index" build \
        --store "$work/locked/store" "$work/few"
else
    echo 'rights: cannot become another user here'
fi

# --- another build ----------------------------------------------------------------

perl -e 'open F, ">>", $ARGV[0] or die; flock F, 2 or die; $| = 1;
    print "held\n"; sleep 60' "$work/store/.coderef.lock" >"$work/held" &
holder=$!
while ! grep -q held "$work/held"; do sleep 0.05; done
fails 'another build' 'store: another build is being made$' "$work/store" \
    "$index" build --store "$work/store" "$work/many"
kill "$holder"
wait "$holder" 2>/dev/null

# --- interrupted ----------------------------------------------------------------

# How long a whole build takes here, so that the moments are spread over it.
now() {
    perl -MTime::HiRes=time -e 'print time' 2>/dev/null ||
        perl -e 'print time'
}
began=$(now)
"$index" build --quiet --store "$work/store" "$work/many" >"$work/out"
whole=$(awk -v a="$began" -v b="$(now)" 'BEGIN {
    t = b - a
    print (t > 0.05 && t < 20) ? t : 0.5
}')

# interrupt SIGNAL TIMES: builds in turn, each stopped after a while.
interrupt() {
    i=0
    done=0
    while [ "$i" -lt "$2" ]; do
        i=$((i + 1))
        if [ $((i % 2)) -eq 0 ]; then input=$work/many; else input=$work/other; fi
        before=$(active "$work/store")
        : >"$work/err"
        "$index" build --quiet --store "$work/store" "$input" \
            >"$work/out" 2>"$work/err" &
        build=$!
        sleep "$(awk -v i="$i" -v n="$2" -v t="$whole" \
            'BEGIN { printf "%.3f", t * 1.3 * i / n }')"
        kill "-$1" "$build" 2>/dev/null
        wait "$build" 2>/dev/null
        status=$?
        if [ "$status" -eq 0 ]; then
            done=$((done + 1))
        else
            # 1, or by the signal itself before the program was under way
            if [ "$status" -le 128 ] || [ -s "$work/err" ]; then
                [ "$status" -eq 1 ] || wrong "$1: exit status $status"
                grep -q 'stopped' "$work/err" ||
                    wrong "$1: the message is $(cat "$work/err")"
            fi
            [ "$(active "$work/store")" = "$before" ] ||
                wrong "$1: another active build"
            tidy "$work/store" "$1"
        fi
        in_order "$work/store" "$1 $i"
    done
    printf '%s: %s builds, %s of them done before it\n' "$1" "$2" "$done"
}
interrupt INT 10
interrupt TERM 5

# The first build of all, killed: there is no store yet, and then there is.
"$index" build --quiet --store "$work/new" "$work/many" >"$work/out" 2>&1 &
build=$!
sleep "$(awk -v t="$whole" 'BEGIN { printf "%.3f", t / 2 }')"
kill -KILL "$build" 2>/dev/null
wait "$build" 2>/dev/null
"$index" build --quiet --store "$work/new" "$work/many" >"$work/out" ||
    wrong 'the build after a kill'
in_order "$work/new" 'the build after a kill'
tidy "$work/new" 'the build after a kill'

"$index" build --quiet --store "$work/store" "$work/many" >"$work/out" ||
    wrong 'the build after all kills'
in_order "$work/store" 'the build after all kills'
tidy "$work/store" 'the build after all kills'
set -- "$work/store/builds"/*
[ $# -eq 3 ] || wrong "builds: $*"

[ "$failures" -eq 0 ]
