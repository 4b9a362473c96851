#!/bin/sh
# The page over HTTP: what its answers say of themselves, that what has not
# changed is not sent again, and that every address answers a page.
set -eu

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait; rm -rf "$folder"' EXIT

fail() {
    echo "page.sh: $*" >&2
    exit 1
}

"$B/coderef-index" build --store "$folder/store" >"$folder/log" 2>&1 ||
    { cat "$folder/log"; exit 1; }
: >"$folder/server.log" # it is looked into before the server has begun
"$B/coderef-server" --store "$folder/store" --port 0 --workers 1 \
    2>>"$folder/server.log" &
server=$!
origin=
tries=0
while [ -z "$origin" ]; do
    origin=$(sed -n 's/^event=listening .*url=\(.*\)\/$/\1/p' "$folder/server.log")
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ] || ! kill -0 "$server" 2>/dev/null; then
        cat "$folder/server.log"
        fail 'the server does not listen'
    fi
    [ -n "$origin" ] || sleep 0.1
done

# ask PATH OPTION...: head and body of an answer, each in a file.
ask() {
    path=$1
    shift
    : >"$folder/body"
    curl -sS -D "$folder/head" -o "$folder/body" "$@" "$origin$path"
    tr -d '\r' <"$folder/head" >"$folder/lines"
}
status() {
    said=$(sed -n '1s/[^ ]* \([0-9]*\).*/\1/p' "$folder/lines")
    [ "$said" = "$1" ] || { cat "$folder/lines"; fail "$path: $said, not $1"; }
}
header() { sed -n "s/^$1: //p" "$folder/lines"; }
says() {
    grep -qF -- "$1" "$folder/body" || { cat "$folder/body"; fail "$path: no '$1'"; }
}

# Every address is a page of its own, under one policy.
for path in / '/search?q=therap' /code/97110 /code/97530/edits /releases /my \
    '/pairs?codes=97530,97150' '/units?minutes=97110:24,97140:15' /claim \
    '/claim?codes=97110:GP&icd10=M54.50'; do
    ask "$path"
    status 200
    [ "$(header Content-Type)" = 'text/html; charset=utf-8' ] || fail "$path: type"
    policy=$(header Content-Security-Policy)
    case $policy in
    "default-src 'none'; script-src 'self'; style-src 'self'; "*) ;;
    *) fail "$path: policy '$policy'" ;;
    esac
    case $policy in *unsafe*) fail "$path: policy '$policy'" ;; esac
    [ "$(header X-Content-Type-Options)" = nosniff ] || fail "$path: sniffing"
    [ "$(header Referrer-Policy)" = no-referrer ] || fail "$path: referrer"
    says '<main id="main"'
    grep -qE '<[^>]+ (style|on[a-z]+)=|<style|<script[^>]*>[^<]' "$folder/body" &&
        fail "$path: script or style in the HTML"
    grep -q '{{' "$folder/body" && fail "$path: a name of the shell is left"
    tag=$(header ETag)
    ask "$path" -H "If-None-Match: $tag"
    status 304
    [ ! -s "$folder/body" ] || fail "$path: 304 with a body"
done
# What a hit has in the place of the words, and what it lacks.
ask '/search?q=gait+problem'
says '· gait problem: abnormalities of gait</span>'
ask '/search?q=gait+xyzzyplugh'
says '· without “xyzzyplugh”</span>'

# Every facet is counted, and narrows.
facets='system section billable timed status setting'
ask "/v1/search?q=gait&timed=true&facets=$(echo "$facets" | tr ' ' ',')"
status 200
for facet in $facets; do
    says "\"$facet\":{"
done
says '"timed":{"true":2}'
says '"97010-97799":1'
ask '/v1/search?q=gait&timed=false'
status 200
says '"total":0,'

ask '/search?q=gait+t'
says '“t” may go on, not looked for yet'

# A page's setting narrows no search.
for path in '/search?q=low+back+pain' '/search?q=low+back+pain&setting=dme'; do
    ask "$path"
    status 200
    says 'M54.50'
done
ask '/code/97110' -I
status 200
[ "$(header Content-Length)" -gt 1000 ] || fail 'HEAD: no length'

# What the page is made of: kept for good, under names that change with it.
ask /
root=$(sed -n 's/.*href="\(\/web\/[0-9a-f]*\)\/app\.css".*/\1/p' "$folder/body")
[ -n "$root" ] || fail 'no style in the page'
bytes=$(wc -c <"$TOP/server/web/shell.html")
for file in "$TOP"/server/web/*; do
    name=${file##*/}
    [ "$name" = shell.html ] && continue
    ask "$root/$name"
    status 200
    # What is for people is not sent (see server/web.h): each line is the
    # beginning of one of the file, in the file's order, blanks aside.
    cp "$folder/body" "$folder/sent"
    awk '{ gsub(/[ \t]+/, "") }
        NR == FNR { line[++lines] = $0; next }
        { while (++at <= lines && index(line[at], $0) != 1) continue }
        END { exit at == 0 || at > lines }' "$file" "$folder/sent" ||
        fail "$name is another than in the folder"
    [ "$(header Cache-Control)" = 'public, max-age=31536000, immutable' ] ||
        fail "$name: kept otherwise"
    tag=$(header ETag)
    case $tag in W/*) fail "$name: weak tag" ;; '"'*) ;; *) fail "$name: no tag" ;; esac
    ask "$root/$name" -H "If-None-Match: $tag"
    status 304
    bytes=$((bytes + $(wc -c <"$folder/sent")))
    ask "$root/$name" -H 'Accept-Encoding: gzip'
    if [ "$(header Content-Encoding)" = gzip ]; then
        gzip -dc <"$folder/body" | cmp -s - "$folder/sent" || fail "$name: gzip"
        [ "$(header ETag)" != "$tag" ] || fail "$name: one tag for other bytes"
    else
        [ "$(wc -c <"$folder/sent")" -lt 1000 ] || fail "$name: not compressed"
    fi
done
[ "$bytes" -lt 150000 ] || fail "the page weighs $bytes bytes"
ask "/web/0000000000000000/app.js"
status 200
[ "$(header Cache-Control)" = no-cache ] || fail 'another version is kept'
ask "$root/shell.html"
status 404

# The box, without script.
goes() {
    to=$(curl -sS -o "$folder/body" -G --data-urlencode "q=$1" \
        -w '%{http_code} %{redirect_url}' "$origin/ask")
    [ "$to" = "302 $origin$2" ] || fail "'$1' goes to '$to', not to '$2'"
}
goes 97110 /code/97110
goes 'm54.50' /code/M54.50
goes '97530 97116-59 97140:GP+KX' '/pairs?codes=97530,97116:59,97140:GP%2BKX'
goes '97116 59 97530' '/pairs?codes=97116:59,97530'
goes '97110:24, 97140 15 min' '/units?minutes=97110:24,97140:15'
goes '97110=24 97140=9' '/units?minutes=97110:24,97140:9'
goes '97110 x2 97140' '/pairs?codes=97110,97140'
goes 'low back pain' '/search?q=low%20back%20pain'
goes '97110 telehealth' '/search?q=97110%20telehealth'
goes '97010-97799' '/search?q=97010-97799'
goes '"><script>' '/search?q=%22%3E%3Cscript%3E'
goes '' /

# A whole claim: the form goes to the address of its lines, and that answers.
goes_claim() {
    to=$(curl -sS -o "$folder/body" -w '%{http_code} %{redirect_url}' \
        -d "$1" "$origin/claim")
    [ "$to" = "303 $origin/claim?$2" ] ||
        fail "'$1' goes to '$to', not to '$2'"
}
goes_claim 'date=2024-07-01&icd10=M54.50+M54.2&payer=&code=97110&modifiers=GP+59&units=2&minutes=30&dx=BA&code=&units=&code=97150&units=+1+' \
    'codes=97110:GP%2B59,97150&icd10=M54.50,M54.2&minutes=97110:30&units=97110:2,97150:1&pointers=2%2B1&date=2024-07-01'
# A line without units stands in their list before another of its code.
goes_claim 'code=97110&units=&code=97110&units=3' \
    'codes=97110,97110&units=97110:,97110:3'
goes_claim 'code=%3Cb%3E&units=%22many%22' 'codes=%3Cb%3E&units=%3Cb%3E:%22many%22'
refuses() {
    ask /claim -d "$1"
    status "$2"
    says '<main id="main"'
    says "$3"
}
refuses 'code=97110,97140' 400 'Line 1: &#39;97110,97140&#39; is more than one word'
refuses 'code=97110&dx=A%3F' 400 'Line 1: &#39;A?&#39; are no letters of diagnoses'
refuses 'code=97110&code=&units=1' 400 'Line 2 has no code'
refuses 'code=%ff' 400 'not UTF-8'
refuses "code=$(printf '%600s' '' | tr ' ' 9)" 400 'more than 512 bytes'
refuses "$(printf '%26s' '' | sed 's/ /code=97110\&/g')" 422 '25 lines at a time'
ask /claim -H 'Content-Type: application/json' -d '{}'
status 415
ask '/claim?codes=97110:GP,97150:GP&units=97110:2,97150:1&date=2024-07-01'
status 200
says 'name="code" aria-label="Code of line 2"'
says '97110 is denied: an edit pays 97150 only'
says 'starter_ptp_practitioner_2024q3.txt, row'
ask '/claim?codes=97110&units=97110:many'
status 400
says 'Line 1: &#39;many&#39; is no whole number of units'
says 'value="many"'
ask "/claim?codes=$(printf '%27s' '' | sed 's/ /97110,/g')"
status 400
says '2 are left out'

# Errors are pages too.
ask '/code/99999'
status 404
says '<main id="main"'
says 'role="alert"'
ask '/code/97110?date=31.12.2024'
status 400
says '31.12.2024'
