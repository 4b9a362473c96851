#!/bin/sh
# store.sh - prints the folder of a store made of all published releases.
#
# It is made once for all tests of this room, and again when coderef-index is
# newer than it. What the build said lies beside it, in build.txt.
set -eu
: "${B:?folder of the programs}" "${REAL:?folder of the releases}"

room=$B/real
store=$room/store
mkdir -p "$room"
made=$store/current/data.mdb
if [ ! -e "$made" ] || [ -n "$(find "$B/coderef-index" -newer "$made")" ] ||
    [ "$(cat "$room/releases" 2>/dev/null)" != "$REAL" ]; then
    rm -rf "$store"
    if ! "$B/coderef-index" build --store "$store" "$REAL" \
        >"$room/build.txt" 2>"$room/build.err"; then
        cat "$room/build.err" >&2
        exit 1
    fi
    printf '%s\n' "$REAL" >"$room/releases"
fi
printf '%s\n' "$store"
