#!/bin/sh
# Keys as they are used: who may ask, how often, and what licensed text reaches
# whom, beside a second store without it and without one.
set -u
: "${B:?folder of the programs}"

work=$(mktemp -d)
pid=
trap 'if [ -n "$pid" ]; then kill "$pid"; fi; rm -rf "$work"' EXIT
failures=0
full='key-of-the-licensed-clinic'
open='key-of-the-public-kiosk'
slow='key-of-somebody-impatient'

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# TEXT: waits until it stands in the log.
wait_log() {
    waited=0
    until grep -q "$1" "$work/log"; do
        waited=$((waited + 1))
        [ "$waited" -le 300 ] || { cat "$work/log" && exit 1; }
        sleep 0.1
    done
}

start() {
    : >"$work/log"
    "$B/coderef-server" --store "$work/full" --port 0 --workers 2 \
        --access-log --keys "$work/keys" "$@" 2>"$work/log" &
    pid=$!
    wait_log event=listening
    port=$(sed -n 's/.*event=listening .* port=\([0-9]*\) .*/\1/p' "$work/log")
}

stop() {
    kill "$pid"
    wait "$pid" || wrong "it ended with $?"
    pid=
}

# PATH and options of curl: the status; head and body lie in files.
ask() {
    path=$1
    shift
    curl -s --max-time 20 -D "$work/head" -o "$work/body" -w '%{http_code}' \
        "$@" "http://127.0.0.1:$port$path"
}

# STATUS PATH and options.
expect() {
    status=$1
    shift
    got=$(ask "$@")
    [ "$got" = "$status" ] || wrong "$got, not $status, for $*: $(cat "$work/body")"
}

# WORDS: in the head of the last answer.
head_has() {
    grep -qi "^$1" "$work/head" || wrong "no '$1' in $(cat "$work/head")"
}

# KEY: a line of the file.
line() {
    printf %s "$2" | "$B/coderef-server" --hash-key |
        sed "s/^NAME\t\([0-9a-f]*\).*/$1 \1 $3/"
}

# An invented word that stands in the licensed text alone.
printf 'Code\tLong Descriptor\n97110\tZebrawork at the stripes, each 15 minutes\n' \
    >"$work/cpt.txt"
starter=${TOP:-.}/codesets/data/starter
"$B/coderef-index" build --accept-ama-license --store "$work/full" \
    "$starter" "$work/cpt.txt" >"$work/built" 2>&1 || { cat "$work/built" && exit 1; }
"$B/coderef-index" build --store "$work/public" "$starter" "$work/cpt.txt" \
    >"$work/built" 2>&1 || { cat "$work/built" && exit 1; }
{
    printf 'name sha256 rate burst text\n'
    line clinic "$full" '- - licensed'
    line kiosk "$open" '- - public'
    line slow "$slow" '0.01 2 licensed'
} >"$work/keys"
chmod 600 "$work/keys"

# --- a file that is no good is not begun with
cp "$work/keys" "$work/bad"
printf 'x y z\n' >>"$work/bad"
if "$B/coderef-server" --store "$work/full" --port 0 --keys "$work/bad" 2>"$work/said"; then
    wrong 'it began with a bad file of keys'
fi
grep -q 'bad: row 5: not the five words' "$work/said" || wrong "$(cat "$work/said")"

# --- one store: who has no licence gets nothing out of it
start
! grep -q keys_exposed "$work/log" || wrong 'it warns of a file that is closed'
expect 200 /healthz
expect 200 /readyz
expect 400 /v1/codes/97110 -H "Authorization: Bearer $full" \
    -H 'Authorization: Bearer another'
expect 400 /v1/codes/97110 -H "X-API-Key: $full" -H "X-API-Key: $full"
expect 401 /v1/codes/97110
grep -q '"title":"Unauthorized"' "$work/body" || wrong "$(cat "$work/body")"
head_has 'WWW-Authenticate: Bearer realm="coderef"'
head_has 'Content-Type: application/problem+json'
head_has 'Cache-Control: no-store'
! grep -qi 'Basic' "$work/head" || wrong 'a program is asked for Basic'
for path in /version /metrics / '/search?q=gait' /v1/releases '/v1/search?q=zebrawork'; do
    expect 401 "$path"
done
expect 401 / -H 'Accept: text/html'
head_has 'WWW-Authenticate: Basic realm='
expect 401 /v1/codes/97110 -H 'Authorization: Bearer nonsense'
head_has 'WWW-Authenticate: .*invalid_token'
expect 401 /v1/codes/97110 -u 'a:'
expect 204 /v1/codes/97110 -X OPTIONS
expect 200 /v1/codes/97110 -H "Authorization: Bearer $full"
grep -q Zebrawork "$work/body" || wrong 'the licensed text is not there'
head_has 'Cache-Control: private'
head_has 'Vary: .*Authorization'
tag=$(sed -n 's/^ETag: \(.*\)\r$/\1/p' "$work/head")
expect 304 /v1/codes/97110 -H "X-API-Key: $full" -H "If-None-Match: $tag"
expect 401 /v1/codes/97110 -H "If-None-Match: $tag"
expect 200 /v1/codes/97110 -u "anybody:$full"
expect 200 /version -H "X-API-Key: $open"
expect 403 /v1/codes/97110 -H "X-API-Key: $open"
grep -q '"title":"Forbidden".*licence_required' "$work/body" || wrong "$(cat "$work/body")"
expect 403 /v1/codes/97110 -H "X-API-Key: $open" -H "If-None-Match: $tag"
for path in '/v1/search?q=zebra' '/v1/codes?prefix=9711' '/search?q=zebra' \
    /code/97110 '/ask?q=zebra' '/v1/units?minutes=97110:24' /releases; do
    ask "$path" -H "X-API-Key: $open" >"$work/status"
    ! grep -qi '[zZ]ebrawork' "$work/body" || wrong "licensed text in $path"
done

# --- how often, over both workers
expect 200 /v1/codes/97110 -H "Authorization: Bearer $slow"
expect 200 /v1/codes/97110 -H "Authorization: Bearer $slow"
for _ in 1 2 3 4 5 6; do
    expect 429 /v1/codes/97110 -H "Authorization: Bearer $slow"
done
wait=$(sed -n 's/^Retry-After: \([0-9]*\)\r$/\1/p' "$work/head")
if [ "${wait:-0}" -lt 1 ] || [ "$wait" -gt 100 ]; then
    wrong "Retry-After: ${wait:-none}"
fi
expect 200 /healthz -H "Authorization: Bearer $slow"

# --- what is counted and written
expect 200 /metrics -H "X-API-Key: $full"
grep -q '^coderef_rate_limited_total 6$' "$work/body" || wrong 'not 6 limited'
grep -q '^coderef_unlicensed_total [1-9]' "$work/body" || wrong 'none unlicensed'
grep -q '^coderef_unauthorized_total [1-9]' "$work/body" || wrong 'none unauthorized'
# The starter set is of the third quarter of 2024, whose last second this is.
grep -q '^coderef_data_covered_until_timestamp_seconds{table="ptp",setting="practitioner",program="medicare"} 1727740799$' \
    "$work/body" || wrong 'not what the starter set covers'
grep -q '^coderef_data_release_info{table="mue",setting="outpatient",.*release="starter"} 1$' \
    "$work/body" || wrong 'not the release of the starter set'
grep -q '^coderef_data_stale_days{table="ptp",.*} [1-9]' "$work/body" ||
    wrong 'the starter set is not stale'
wait_log 'path=/v1/codes/97110 status=200 .*key=clinic'
! grep -q 'key-of-' "$work/log" || wrong 'a key stands in the log'

# --- the file changes, once badly
cp "$work/bad" "$work/keys"
wait_log 'event=keys_refused.*row 5'
expect 200 /version -H "X-API-Key: $full"
line late 'key-of-who-came-late' '- - public' >"$work/keys"
chmod 644 "$work/keys"
waited=0
until [ "$(grep -c 'event=keys_read .*keys=1' "$work/log")" -ge 2 ] || [ "$waited" -gt 300 ]; do
    waited=$((waited + 1))
    sleep 0.1
done
grep -q event=keys_exposed "$work/log" || wrong 'no warning of a file all can read'
expect 401 /version -H "X-API-Key: $full"
expect 200 /version -H "X-API-Key: key-of-who-came-late"
stop

# --- a second store for who has no licence
{
    line clinic "$full" '- - licensed'
    line kiosk "$open" '- - public'
} >"$work/keys"
start --public-store "$work/public"
expect 200 /v1/codes/97110 -H "X-API-Key: $full"
grep -q Zebrawork "$work/body" || wrong 'the licensed text is not there'
tag=$(sed -n 's/^ETag: \(.*\)\r$/\1/p' "$work/head")
expect 200 /v1/codes/97110 -H "X-API-Key: $open" -H "If-None-Match: $tag"
! grep -q Zebrawork "$work/body" || wrong 'licensed text for a public key'
expect 200 '/v1/search?q=zebrawork' -H "X-API-Key: $full"
grep -q '"total":1,' "$work/body" || wrong "not found: $(cat "$work/body")"
expect 200 '/v1/search?q=zebrawork' -H "X-API-Key: $open"
grep -q '"total":0,' "$work/body" || wrong "found: $(cat "$work/body")"
for path in /code/97110 '/search?q=97110' '/v1/units?minutes=97110:24' \
    '/v1/codes?prefix=9711' '/v1/search?q=zebra&limit=5'; do
    expect 200 "$path" -H "X-API-Key: $open"
    ! grep -qi 'zebrawork' "$work/body" || wrong "licensed text in $path"
done

# The public store gets licensed text: it stays with the build it has, and a
# server does not begin with it.
"$B/coderef-index" build --accept-ama-license --store "$work/public" "$starter" \
    "$work/cpt.txt" >"$work/built" 2>&1 || wrong "$(cat "$work/built")"
wait_log 'event=.*holds licensed descriptions'
expect 200 '/v1/search?q=zebrawork' -H "X-API-Key: $open"
grep -q '"total":0,' "$work/body" || wrong "found: $(cat "$work/body")"
stop
if "$B/coderef-server" --store "$work/full" --public-store "$work/public" --port 0 \
    --keys "$work/keys" 2>"$work/said"; then
    wrong 'it began with licensed text for the public'
fi
grep -q 'public store without --accept-ama-license' "$work/said" ||
    wrong "$(cat "$work/said")"

# --- keys over a network, unencrypted: told, but not here
! grep -q keys_in_plain_text "$work/log" || wrong 'it warns of the loopback'
start --address 0.0.0.0
wait_log event=keys_in_plain_text
stop
[ "$failures" -eq 0 ] || cat "$work/log"
exit "$failures"
