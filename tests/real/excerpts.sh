#!/bin/sh
# Pieces of releases beside the releases: a build refuses them by name, and with
# --allow-partial leaves them out, so that no code's validity changes.
set -eu
: "${B:?folder of the programs}" "${REAL:?folder of the releases}"

excerpts=$REAL/../excerpts
if [ ! -d "$excerpts" ]; then
    echo 'no excerpts beside the releases'
    exit 77
fi
store=$(sh tests/real/lib/store.sh)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# The dump begins with validity; what comes after it is not wanted.
validity() {
    "$B/coderef-index" dump --store "$1" 2>/dev/null |
        awk '$1 != "validity" { exit } { print }'
}

# A store of its own with the same active build.
cp -R "$store" "$work/store"
before=$(readlink "$work/store/current")
if "$B/coderef-index" build --store "$work/store" "$REAL" "$excerpts" \
    >"$work/refused" 2>"$work/why"; then
    wrong 'the excerpts passed for releases'
fi
cat "$work/why"
grep -q ': partial: .*; --allow-partial leaves it out; to have it' "$work/why" ||
    wrong 'the message names no partial file'
named=$(sed -n 's/^coderef-index: \(.*\): partial: .*/\1/p' "$work/why")
[ -f "$excerpts/$named" ] || wrong "the message names '$named'"
[ "$(readlink "$work/store/current")" = "$before" ] ||
    wrong 'the active build changed'

"$B/coderef-index" build --allow-partial --store "$work/store" "$REAL" \
    "$excerpts" >"$work/built" || wrong 'the build with --allow-partial failed'
(cd "$excerpts" && find . -type f | sed 's/^\.\///' | LC_ALL=C sort) |
    while IFS= read -r name; do
        # A long name is shown by its end.
        short=$(printf '%s' "$name" | tail -c 55)
        line=$(grep -F -- "$short " "$work/built" || echo "$name is not told")
        printf '%s\n' "$line" | cut -c 1-120
        case $line in
        *' partial '* | *'not recognised'*) ;;
        *) echo "$name" >>"$work/passed" ;;
        esac
    done
[ ! -e "$work/passed" ] || wrong "neither partial nor unknown: $(cat "$work/passed")"

validity "$store" >"$work/validity"
validity "$work/store" >"$work/validity-after"
lines=$(wc -l <"$work/validity")
[ "$lines" -gt 20000 ] || wrong "only $lines lines of validity"
cmp "$work/validity" "$work/validity-after" || wrong 'validity changed'
printf '%s lines of validity are the same\n' "$lines"

[ "$failures" -eq 0 ]
