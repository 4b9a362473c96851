#!/bin/sh
# The builds of a store: listed, switched, taken back, removed; the active one
# never goes, and what fails changes nothing.
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

active() {
    basename "$(readlink "$store/current")"
}

# is NAME ID: the active build.
is() {
    [ "$(active)" = "$2" ] || wrong "$1: $(active) is active, not $2"
}

# fails NAME STATUS PATTERN ARGUMENT...: with such a message, and nothing changed.
fails() {
    name=$1 wanted=$2 pattern=$3
    shift 3
    before=$(active) kept=$(ls "$store/builds")
    "$index" "$@" >"$work/out" 2>"$work/err"
    status=$?
    [ "$status" -eq "$wanted" ] || wrong "$name: exit status $status"
    grep -q -e "$pattern" "$work/err" || wrong "$name: $(cat "$work/err")"
    is "$name" "$before"
    [ "$(ls "$store/builds")" = "$kept" ] || wrong "$name: builds changed"
}

# The starter set three times, with options that make another build of it.
"$index" build --quiet --store "$store" >/dev/null || wrong 'first build'
one=$(active)
"$index" build --quiet --store "$store" --allow-partial >/dev/null
two=$(active)
"$index" build --quiet --store "$store" --no-activate --accept-ama-license >/dev/null
is 'not activated' "$two"
three=
for path in "$store"/builds/*; do
    case ${path##*/} in
    "$one" | "$two") ;;
    *) three=${path##*/} ;;
    esac
done
[ "$one" != "$two" ] || wrong 'two builds are one'
[ -n "$three" ] || wrong 'there is no third build'

"$index" list --store "$store" >"$work/list"
[ "$(wc -l <"$work/list")" -eq 3 ] || wrong "list: $(cat "$work/list")"
[ "$(grep -c "^\\* $two .* the starter set$" "$work/list")" -eq 1 ] ||
    wrong "the active one is not marked: $(cat "$work/list")"
"$index" list --json --store "$store" >"$work/list"
[ "$(grep -c '"active": true' "$work/list")" -eq 1 ] || wrong 'list --json'

# --- there and back -----------------------------------------------------------

"$index" rollback --store "$store" >"$work/out" || wrong rollback
is rollback "$one"
grep -q "coderef-index activate --store $store $two" "$work/out" ||
    wrong "rollback does not say how to undo it: $(cat "$work/out")"
fails 'nothing before the first' 1 'no other build was active before' \
    rollback --store "$store"
is 'nothing before the first' "$one"
"$index" activate --store "$store" "$two" >/dev/null || wrong 'forward again'
"$index" activate --store "$store" "$(echo "$three" | cut -c 1-6)" >/dev/null ||
    wrong activate
is 'activate by the beginning of an id' "$three"
"$index" activate --store "$store" "$three" >/dev/null || wrong 'activate again'
is 'activate again' "$three"
"$index" rollback --store "$store" >/dev/null
is 'back to the one before, though it was activated twice' "$two"
"$index" rollback --store "$store" >/dev/null || wrong 'a second rollback'
is 'a second rollback goes back one more' "$one"
"$index" activate --store "$store" "$three" >/dev/null
"$index" activate --store "$store" "$two" >/dev/null

fails 'no such build' 1 "no build's id begins with 'xxxx'" \
    activate --store "$store" xxxx
fails 'too short an id' 1 'at least 4 characters' activate --store "$store" a
fails 'no id' 2 'which build' activate --store "$store"
fails 'two ids' 2 'one word too many' activate --store "$store" "$one" "$two"
fails 'a number that is none' 2 'no number of builds' \
    prune --store "$store" --keep 0
fails 'a store that is none' 1 'holds no builds: make one with' list --store "$work/none"

# A build that does not pass its checks is not switched to, nor back to.
cp "$store/builds/$one/data.mdb" "$work/kept"
printf 'x' | dd of="$store/builds/$one/data.mdb" bs=1 seek=20000 conv=notrunc \
    2>/dev/null
fails 'a damaged build' 1 'not activated: ' activate --store "$store" "$one"
printf 'short' >"$store/builds/$one/data.mdb"
"$index" list --store "$store" | grep -q "^  $one .*damaged" ||
    wrong 'list does not tell of a damaged build'
cp "$work/kept" "$store/builds/$one/data.mdb"

# Somebody else is at it.
perl -e 'open F, ">>", $ARGV[0] or die; flock F, 2 or die; $| = 1;
    print "held\n"; sleep 60' "$store/.coderef.lock" >"$work/held" &
holder=$!
while ! grep -q held "$work/held"; do sleep 0.05; done
fails 'activate, locked' 1 'another build is being made' \
    activate --store "$store" "$one"
fails 'rollback, locked' 1 'another build' rollback --store "$store"
fails 'prune, locked' 1 'another build' prune --store "$store" --keep 1
kill "$holder"
wait "$holder" 2>/dev/null
holder=

# --- what may go --------------------------------------------------------------

mkdir "$store/builds/.gone.$three" # of a prune that was killed
"$index" prune --store "$store" >/dev/null || wrong 'prune, nothing to do'
[ "$(find "$store/builds" -mindepth 1 -maxdepth 1 | wc -l)" -eq 3 ] || wrong 'four are kept by default'
"$index" prune --store "$store" --keep 2 >"$work/out" || wrong 'prune to two'
grep -q "^build $one removed" "$work/out" || wrong "prune: $(cat "$work/out")"
is prune "$two"
"$index" rollback --store "$store" >/dev/null || wrong 'the way back is gone'
is 'rollback after prune' "$three"
"$index" prune --store "$store" --keep 1 >/dev/null || wrong 'prune to one'
[ "$(ls -A "$store/builds")" = "$three" ] || wrong 'one is kept'
is 'prune to one' "$three"
fails 'nothing to go back to' 1 'no other build was active' \
    rollback --store "$store"
"$index" verify --store "$store" >/dev/null || wrong 'verify at the end'

if [ -c /dev/full ]; then
    "$index" list --store "$store" >/dev/full 2>"$work/err" &&
        wrong 'a list that could not be written is no success'
    grep -q 'standard output' "$work/err" || wrong "list: $(cat "$work/err")"
fi

[ $failures -eq 0 ] || exit 1
echo 'builds are listed, switched, taken back and removed'
