#!/bin/sh
# The same verdicts over HTTP: batches of 100,000 edits in force, taken from the
# raw files, and the vectors of pair_vectors.tsv, asked as CSV of a real server.
set -eu
: "${B:?folder of the programs}" "${REAL:?folder of the releases}"

store=$(sh tests/real/lib/store.sh)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

: >"$work/log"
"$B/coderef-server" --store "$store" --port 0 --workers 1 2>"$work/log" &
server=$!
waited=0
until url=$(grep -o 'url=[^ ]*' "$work/log"); do
    waited=$((waited + 1))
    if [ "$waited" -gt 200 ]; then
        cat "$work/log"
        exit 1
    fi
    sleep 0.1
done
url=${url#url=}

# Asks $1, a CSV file, and leaves the answer in $2.
ask() {
    curl -sS --fail -H 'Content-Type: text/csv' --data-binary "@$1" \
        -o "$2" "${url}v1/pairs"
}

# --- edits in force ---------------------------------------------------------

# batch SETTING FILE STRIDE: an edit without deletion day and with indicator 0
# or 1 is in force on the first day of its quarter. Every other question names
# column 2 first.
batch() {
    xz -dc "$REAL/ncci_ptp/$2" |
        awk -F '\t' -v stride="$3" -v setting="$1" \
            -v questions="$work/questions" -v expected="$work/expected" '
            BEGIN { print "code_a,code_b,date,setting" >questions }
            $5 == "*" && $6 != 9 && ++seen % stride == 0 && asked < 100000 {
                pair = ++asked % 2 ? $1 "," $2 : $2 "," $1
                print pair ",2024-07-01," setting >questions
                print pair "," ($6 == 0 ? "not_billable,blocked" \
                    : "modifier_required,modifier_needed") "," $1 "," $2 "," \
                    $6 >expected
            }'
    ask "$work/questions" "$work/answers"
    tr -d '\r' <"$work/answers" | awk -F ',' -v setting="$1" '
        FNR == NR { expected[FNR] = $0; asked = FNR; next }
        FNR == 1 { next }
        {
            answered++
            split(expected[FNR - 1], want, ",")
            said = $1 "," $2 "," $6 "," $7 "," $8 "," $9 "," $10
            if (said == expected[FNR - 1])
                next
            # a code that is not valid then; the edit is told all the same
            if ($6 == "not_checked" && $7 == "not_valid_on_date" &&
                $1 == want[1] && $2 == want[2] && $8 == want[5]) {
                invalid++
                next
            }
            if (differences++ < 20)
                print expected[FNR - 1] " is answered by " $0
        }
        END {
            print setting ": " answered + 0 " answers, " invalid + 0 \
                " with a code not valid then, " differences + 0 " differences"
            exit differences > 0 || answered != asked || asked < 90000
        }' "$work/expected" - || wrong "the batch of $1"
}
batch practitioner 2024q3/ptp_practitioner_2024q3.reexport.tsv.xz 16
batch hospital 2024q3/ptp_hospital_2024q3.reexport.tsv.xz 13

# --- vectors ----------------------------------------------------------------

vectors=$REAL/../reference/pair_vectors.tsv
if [ -f "$vectors" ]; then
    awk -F '\t' 'NR == 1 {
            print "code_a,code_b,date,setting,modifiers_a,modifiers_b"
            next
        }
        { print $4 "," $5 "," $3 "," $2 "," $6 "," $7 }' "$vectors" \
        >"$work/questions"
    ask "$work/questions" "$work/answers"
    tr -d '\r' <"$work/answers" >"$work/plain"
    awk -F '\t' '
        BEGIN {
            said["BLOCKED"] = "not_billable,blocked"
            said["MODIFIER_NEEDED"] = "modifier_required,modifier_needed"
            said["BYPASSED"] = "resolved_by_modifier,bypassed"
            said["NO_EDIT"] = "billable,no_edit"
            said["EDIT_NEVER_ACTIVE"] = "billable,edit_never_active"
            said["EDIT_EXPIRED"] = "billable,edit_expired"
        }
        FNR == 1 { next }
        FNR == NR { want[FNR] = $0; vectors++; next }
        {
            split(want[FNR], v, "\t")
            split($0, answer, ",")
            expected = said[v[8]] "," v[9] "," v[10]
            # two units: 97161 may have one a day, 97110 six (domain.md 5.5)
            if (v[8] == "SAME_CODE")
                expected = (v[4] == "97161" ? "not_billable" : "billable") \
                    ",same_code,,"
            told = answer[6] "," answer[7] "," answer[8] "," answer[9]
            if (told != expected) {
                print v[1] ": " expected " is answered by " told
                differences++
            }
            checked++
        }
        END {
            print checked + 0 " vectors, " differences + 0 " differences"
            exit differences > 0 || checked != vectors || vectors != 73
        }' "$vectors" "$work/plain" || wrong 'the vectors'
else
    echo 'no pair_vectors.tsv beside the releases'
fi

[ "$failures" -eq 0 ]
