#!/bin/sh
# A server that is begun with closed streams, as some supervisors do: it answers,
# and what it logs goes into no connection.
set -u
: "${B:?folder of the programs}"

work=$(mktemp -d)
pid=
trap 'if [ -n "$pid" ]; then kill "$pid"; fi; rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# The port that a process listens on, by its first worker.
port_of() {
    worker=$(cut -d ' ' -f 1 "/proc/$1/task/$1/children" 2>/dev/null)
    [ -n "$worker" ] || return 1
    # A listening socket of this worker, among those of the machine.
    for link in "/proc/$worker/fd/"*; do
        inode=$(readlink "$link" | sed -n 's/^socket:\[\([0-9]*\)\]$/\1/p')
        [ -n "$inode" ] || continue
        hex=$(awk -v inode="$inode" '$4 == "0A" && $10 == inode {
            sub(/.*:/, "", $2); print $2 }' /proc/net/tcp)
        [ -n "$hex" ] && printf '%d\n' "0x$hex" && return 0
    done
    return 1
}

check() {
    name=$1
    port=
    waited=0
    until port=$(port_of "$pid") || [ "$waited" -gt 300 ]; do
        waited=$((waited + 1))
        sleep 0.1
    done
    if [ -z "$port" ]; then
        wrong "$name: it does not listen"
    else
        curl -s -i "http://127.0.0.1:$port/healthz" >"$work/answer"
        head -n 1 "$work/answer" | grep -q ' 200 ' ||
            wrong "$name: $(cat "$work/answer")"
        ! grep -q 'event=' "$work/answer" || wrong "$name: the log is in it"
    fi
    kill "$pid"
    wait "$pid" || wrong "$name: it ended with $?"
    pid=
}

"$B/coderef-index" build --store "$work/store" >"$work/built" ||
    { cat "$work/built" && exit 1; }
set -- --store "$work/store" --port 0 --workers 1 --access-log
"$B/coderef-server" "$@" 2>&- &
pid=$!
check 'without standard error'
"$B/coderef-server" "$@" <&- >&- 2>&- &
pid=$!
check 'without any stream'
"$B/coderef-server" --store "$work/store" --workers 0 2>"$work/said"
grep -q -e "--workers: bad value '0'" "$work/said" || wrong "$(cat "$work/said")"
exit $((failures > 0))
