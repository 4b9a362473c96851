#!/bin/sh
# fetch on the command line: what it is told, what it answers, and that a folder
# that could not be filled is no folder of releases. test_fetch.c has the rest.
set -u
: "${B:?folder of the programs}"

index=$B/coderef-index
work=$(mktemp -d)
pid=
trap 'if [ -n "$pid" ]; then kill "$pid"; fi; rm -rf "$work"' EXIT
failures=0
# Nothing here may leave the machine: no proxy, and a port where nobody answers.
export no_proxy=127.0.0.1
nobody=http://127.0.0.1:9

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# fails NAME STATUS PATTERN ARGUMENT...
fails() {
    name=$1 wanted=$2 pattern=$3
    shift 3
    env -u CODEREF_STORE "$index" fetch "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    [ "$status" -eq "$wanted" ] || wrong "$name: exit status $status"
    grep -q -e "$pattern" "$work/err" || wrong "$name: $(cat "$work/err")"
}

fails 'no folder' 2 'or --releases DIR is needed' --from $nobody
fails 'no folder on a dry run' 2 'is needed' --dry-run --from $nobody
fails 'no date' 2 'is no date' --releases "$work/r" --since yesterday
fails 'no address' 2 'takes an address' --releases "$work/r" --from ftp://127.0.0.1/
fails 'a password' 2 'without a password' --releases "$work/r" \
    --from http://me:word@127.0.0.1/
fails 'no seconds' 2 'no number of seconds' --releases "$work/r" --stall 0
fails 'a word' 2 'one word too many' --releases "$work/r" hcpcs
fails 'no source' 1 'no source that can be fetched' --releases "$work/r" \
    --from $nobody --source hcpcs,cpt
fails 'nobody there' 1 "$nobody: " --releases "$work/r" --from $nobody
[ -z "$(find "$work/r" -name '*.zip')" ] || wrong 'something was fetched'
fails 'below the store' 1 "$nobody: " --store "$work/store" --from $nobody
[ -d "$work/store/releases/.fetch" ] || wrong 'not below the store'
fails 'a dry run' 1 "$nobody: " --dry-run --releases "$work/dry" --from $nobody
fails 'a dry run' 1 "$nobody: " --dry-run --store "$work/dry" --from $nobody
[ ! -e "$work/dry" ] || wrong 'a dry run made a folder'

# What fetch keeps beside the originals is no release to a build.
"$index" build --store "$work/store" --dry-run "$work/r" >"$work/out" 2>&1
grep -q 'fetched.json\|coderef.lock' "$work/out" &&
    wrong "a build reads what fetch keeps: $(cat "$work/out")"

# A certificate that nobody vouches for is not believed, not even of a mirror.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -keyout "$work/key" -out "$work/pem" -days 2 -subj /CN=localhost \
    -addext 'subjectAltName=IP:127.0.0.1' 2>"$work/openssl" ||
    { cat "$work/openssl" && exit 1; }
"$index" build --quiet --store "$work/served" >"$work/out" || wrong 'no store'
: >"$work/log"
"$B/coderef-server" --store "$work/served" --port 0 --tls-cert "$work/pem" \
    --tls-key "$work/key" 2>"$work/log" &
pid=$!
waited=0
until grep -q 'event=listening' "$work/log"; do
    waited=$((waited + 1))
    [ "$waited" -le 300 ] || { cat "$work/log" && exit 1; }
    sleep 0.1
done
port=$(sed -n 's/.*event=listening .* port=\([0-9]*\) .*/\1/p' "$work/log")
fails 'a certificate' 1 'certificate' --releases "$work/r" \
    --from "https://127.0.0.1:$port/" --source hcpcs
fails 'plain words to TLS' 1 "http://127.0.0.1:$port: " --releases "$work/r" \
    --from "http://127.0.0.1:$port" --source hcpcs

[ $failures -eq 0 ] || exit 1
echo 'fetch does as it is told, and says when it cannot'
