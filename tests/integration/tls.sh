#!/bin/sh
# HTTPS as it is asked by curl and openssl: what is spoken, what is refused, and
# a certificate that changes while the server runs.
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

# NAME: a certificate for this machine and its key.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -keyout "$work/$1.key" -out "$work/$1.pem" -days 2 -subj "/CN=$1" \
        -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' 2>"$work/openssl" ||
        { cat "$work/openssl" && exit 1; }
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

# PATH CERTIFICATE and more: asks with curl.
ask() {
    path=$1 trusted=$2
    shift 2
    curl -s --max-time 20 --cacert "$work/$trusted.pem" "$@" \
        "https://127.0.0.1:$port$path"
}

# WORDS and options: the server must say this and end with 1.
refused() {
    words=$1
    shift
    if "$B/coderef-server" --store "$work/store" --port 0 "$@" 2>"$work/said"; then
        wrong "it began with $*"
    fi
    grep -q "$words" "$work/said" || wrong "for $*: $(cat "$work/said")"
}

"$B/coderef-index" build --store "$work/store" >"$work/built" ||
    { cat "$work/built" && exit 1; }
certificate one
certificate two
printf 'no certificate\n' >"$work/junk"
openssl ec -in "$work/one.key" -aes128 -passout pass:secret \
    -out "$work/locked.key" 2>"$work/openssl" || cat "$work/openssl"

refused 'nowhere.pem: No such file' --tls-cert "$work/nowhere.pem" --tls-key "$work/one.key"
refused 'nowhere.key: No such file' --tls-cert "$work/one.pem" --tls-key "$work/nowhere.key"
refused 'holds no certificate' --tls-cert "$work/junk" --tls-key "$work/one.key"
refused 'holds no private key' --tls-cert "$work/one.pem" --tls-key "$work/junk"
refused 'holds no private key' --tls-cert "$work/one.pem" --tls-key "$work/locked.key"
refused 'is not the key of the certificate' --tls-cert "$work/one.pem" --tls-key "$work/two.key"
refused 'go together' --tls-cert "$work/one.pem"

cp "$work/one.pem" "$work/live.pem"
cp "$work/one.key" "$work/live.key"
"$B/coderef-server" --store "$work/store" --port 0 --workers 2 --timeout 5 \
    --tls-cert "$work/live.pem" --tls-key "$work/live.key" 2>"$work/log" &
pid=$!
wait_log 'event=listening.*url="\{0,1\}https://'
port=$(sed -n 's/.*event=listening .* port=\([0-9]*\) .*/\1/p' "$work/log")

# Answers of every kind: short, long, streamed, refused, many on one connection.
[ "$(ask /healthz one)" = '{"status":"ok"}' ] || wrong 'no answer'
for i in 1 2 3; do
    ask '/v1/codes?prefix=9&limit=1000' one --compressed >"$work/list$i"
    [ "$(tail -c 1 "$work/list$i")" = '}' ] || wrong "a list that is not whole"
done
cmp -s "$work/list1" "$work/list2" || wrong 'two lists of one question differ'
i=0
while [ $i -lt 3000 ]; do
    printf '{"codes":["97530","97116"],"date":"2024-07-01"}\n'
    i=$((i + 1))
done >"$work/batch"
ask /v1/pairs one -H 'Content-Type: application/x-ndjson' \
    --data-binary "@$work/batch" >"$work/pairs"
[ "$(grep -c '"verdict":' "$work/pairs")" = 3000 ] || wrong 'a stream that is not whole'
[ "$(ask /nowhere one -o "$work/body" -w '%{http_code} %{content_type}')" = \
    '404 application/problem+json' ] || wrong 'no problem for 404'
[ "$(ask / one -X BREW -o "$work/body" -w '%{http_code} %{content_type}')" = \
    '501 application/problem+json' ] || wrong 'no problem for a method of its own'
[ "$(ask /healthz one -H 'Content-Length: 0' -H 'Transfer-Encoding: chunked' \
    -o "$work/body" -w '%{http_code} %{content_type}')" = \
    '400 application/problem+json' ] || wrong 'no problem for two framings'
curl -s --cacert "$work/one.pem" "https://127.0.0.1:$port/healthz" \
    "https://127.0.0.1:$port/version" -w '%{num_connects}\n' >"$work/body"
grep -q '^0$' "$work/body" || wrong 'a connection is not kept'

# Nothing old is spoken, and nothing plain.
for old in -tls1 -tls1_1; do
    ! openssl s_client -connect "127.0.0.1:$port" "$old" -cipher 'ALL:@SECLEVEL=0' \
        </dev/null >"$work/body" 2>&1 || wrong "it speaks $old"
done
openssl s_client -connect "127.0.0.1:$port" -tls1_2 </dev/null 2>&1 |
    grep -q 'Cipher is ECDHE' || wrong 'it does not speak TLS 1.2'
openssl s_client -connect "127.0.0.1:$port" -alpn http/1.1 </dev/null 2>&1 |
    grep -q 'ALPN protocol: http/1.1' || wrong 'no ALPN'
[ "$(curl -s --max-time 20 -o "$work/body" -w '%{http_code}' \
    "http://127.0.0.1:$port/healthz")" = 000 ] || wrong 'it speaks plain HTTP'
ask /metrics one >"$work/body"
sum=$(sed -n 's/^coderef_tls_handshake_failures_total //p' "$work/body")
[ "${sum:-0}" -ge 1 ] || wrong "failed handshakes: ${sum:-none} counted"

# Another certificate, after one that is no good.
cp "$work/two.pem" "$work/live.pem"
kill -HUP "$pid"
wait_log 'event=tls_refused.*is not the key'
[ "$(ask /healthz one)" = '{"status":"ok"}' ] || wrong 'the old certificate is gone'
cp "$work/two.key" "$work/live.key"
kill -HUP "$pid"
waited=0
until [ "$(grep -c 'event=tls_reloaded' "$work/log")" -ge 2 ] || [ "$waited" -gt 300 ]; do
    waited=$((waited + 1))
    sleep 0.1
done
[ "$(ask /healthz two)" = '{"status":"ok"}' ] || wrong 'the new certificate is not used'

kill "$pid"
wait "$pid" || wrong "it ended with $?"
pid=
[ "$failures" -eq 0 ] || cat "$work/log"
exit "$failures"
