#!/bin/sh
# necessity.sh - a small export of the coverage database, as the publisher lays
# it out, from its files to the answers: on the shell and over HTTP.
set -u

B=${B:-build}
dir=$(mktemp -d "${TMPDIR:-/tmp}/coderef-necessity-XXXXXX") || exit 1
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0

fail() {
    echo "FAILED: $1" >&2
    failed=1
}
says() {
    grep -q -e "$1" "$dir/out" || fail "'$1' is not in: $(cat "$dir/out")"
}

mkdir -p "$dir/files"
table() { cat >"$dir/files/$1.csv"; }

table article <<'CSV'
article_id,article_version,article_type,title,article_pub_date,article_eff_date,article_end_date,status,last_updated,date_retired,display_id
57067,34,7,"Outpatient Therapy, Invented",2026-06-01,2019-10-01,,A,2026-07-30,,
60000,2,7,Low Back,2026-06-01,2019-10-01,,A,2026-07-30,,
CSV
table article_x_hcpc_code <<'CSV'
article_id,article_version,hcpc_code_id,hcpc_code_version,hcpc_code_group,range,last_updated,long_description,short_description
57067,34,97035,1,1,N,2026-07-30,,
57067,34,97110,1,1,N,2026-07-30,,
60000,2,97110,1,1,N,2026-07-30,,
CSV
table article_x_hcpc_code_group <<'CSV'
article_id,article_version,hcpc_code_group,paragraph,last_updated
57067,34,1,<p>These are the codes.</p>,2026-07-30
60000,2,1,,2026-07-30
CSV
table article_x_icd10_noncovered <<'CSV'
article_id,article_version,icd10_code_id,icd10_code_version,icd10_noncovered_group,range,last_updated,sort_order,description
57067,34,M25.511,1,1,N,2026-07-30,1,
57067,34,E84.0,1,1,N,2026-07-30,2,
CSV
table article_x_icd10_noncovered_group <<'CSV'
article_id,article_version,icd10_noncovered_group,paragraph,last_updated
57067,34,1,"<p>The following do <b>not</b> support medical necessity for CPT&reg; 97035:</p>",2026-07-30
CSV
table article_x_icd10_covered <<'CSV'
article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group,range,last_updated,sort_order,description,asterisk
60000,2,M54.50,1,1,N,2026-07-30,1,,*
60000,2,M54.51,1,1,N,2026-07-30,2,,
CSV
table article_x_icd10_covered_group <<'CSV'
article_id,article_version,icd10_covered_group,paragraph,last_updated,icd10_covered_ast
60000,2,1,<p>These codes support.</p>,2026-07-30,<p>Secondary only.</p>
CSV
table article_x_contractor <<'CSV'
article_id,article_version,article_type,contractor_id,contractor_type_id,contractor_version,last_updated
57067,34,7,228,9,2,2026-07-30
60000,2,7,228,9,2,2026-07-30
CSV
table article_x_primary_jurisdiction <<'CSV'
article_id,article_version,state_id,last_updated
57067,34,22,2026-07-30
CSV
table contractor <<'CSV'
contractor_id,contractor_type_id,contractor_version,contractor_bus_name,contractor_number,state_id,status,last_updated
228,9,2,Example Administrators,15102,22,A,2026-07-30
CSV
table contractor_jurisdiction <<'CSV'
contractor_id,contractor_type_id,contractor_version,state_id,last_updated,active_date,term_date
228,9,2,22,2026-07-30,2015-01-01,
CSV
table state_lookup <<'CSV'
state_id,state_abbrev,description
22,KY,Kentucky
CSV

"$B/coderef-index" build --store "$dir/store" "$dir/files" >"$dir/log" 2>&1 || {
    cat "$dir/log" >&2
    fail 'the export cannot be built'
    exit 1
}
"$B/coderef-index" verify --store "$dir/store" >"$dir/log" 2>&1 ||
    fail "verify: $(cat "$dir/log")"
CODEREF_STORE=$dir/store
export CODEREF_STORE

# The words above the list name 97035: it is for this one alone.
"$B/coderef" necessity 97035 m25511 --state KY --date 2026-07-30 --json >"$dir/out"
says '"verdict":"not_supported","reason":"listed_not_supporting","link":"named"'
says '"contractor":"15102"'
says '"article":"A57067"'
says '"file":"[^"]*article_x_icd10_noncovered.csv","row":2'
"$B/coderef" necessity 97110 M25.511 --article A57067 --date 2026-07-30 >"$dir/out"
says '^97110 + M25.511  unknown'
says 'listed_not_supporting'
says 'article_level'
"$B/coderef" necessity 97110 M54.50 --state KY --date 2026-07-30 >"$dir/out"
says '^97110 + M54.50  supported'
says 'Secondary only'
"$B/coderef" necessity 97110 M25.512 --contractor 15102 --date 2026-07-30 >"$dir/out"
says '^97110 + M25.512  not_supported'
says 'not_on_list'
"$B/coderef" necessity 97110 --state KY --prefix M54 --date 2026-07-30 >"$dir/out"
says '^  covered to  '
says '^M54.50\*  *covered'
"$B/coderef" policy A57067 --date 2026-07-30 >"$dir/out"
says '^A57067  Outpatient Therapy, Invented'
says 'do not support medical necessity for CPT'

# Over HTTP, and as a batch.
"$B/coderef-server" --store "$dir/store" --port 0 --workers 1 >"$dir/server" 2>&1 &
server=$!
port=
tries=0
while [ -z "$port" ] && [ "$tries" -lt 300 ]; do
    port=$(sed -n 's/.*port=\([0-9][0-9]*\).*/\1/p' "$dir/server" | head -n 1)
    tries=$((tries + 1))
    [ -n "$port" ] || sleep 0.1
done
[ -n "$port" ] || fail "the server does not say its port: $(cat "$dir/server")"
url=http://127.0.0.1:$port
ask() { curl -sS --max-time 60 "$@" >"$dir/out" || fail "curl $*"; }

tries=0
until curl -sf --max-time 10 "$url/readyz" >/dev/null || [ "$tries" -ge 300 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
ask "$url/v1/necessity?code=97035&icd10=M25.511&state=KY&date=2026-07-30"
says '"verdict":"not_supported"'
ask "$url/v1/necessity?code=97110&date=2026-07-30&q=x&prefix=E84"
says '"items":\['
ask "$url/v1/necessity?icd10=E84.0&date=2026-07-30"
says '"procedures":\[{"code":"97035","link":"named"'
ask "$url/v1/necessity?date=2026-07-30"
says '"status":400'
ask "$url/v1/necessity?code=97035&icd10=E84.0&article=A1&date=2026-07-30"
says '"status":404'
ask "$url/v1/policies/A57067?date=2026-07-30"
says '"url":"https://www.cms.gov/medicare-coverage-database/view/article.aspx?articleid=57067"'
ask "$url/v1/policies?q=back&state=KY&date=2026-07-30"
says '"id":"A60000"'
ask "$url/v1/codes/97035?date=2026-07-30"
says '"policies":{"total":1,'
printf 'code,icd10,state\r\n97035,M25.511,KY\r\n97035,,KY\r\n' >"$dir/body"
ask -H 'Content-Type: text/csv' --data-binary "@$dir/body" \
    "$url/v1/necessity?date=2026-07-30"
says '^97035,M25.511,2026-07-30,not_supported,listed_not_supporting,named,'
says ',3,"icd10: an ICD-10-CM code'
kill "$server"
wait "$server" 2>/dev/null
server=
exit $failed
