#!/bin/sh
# What changed, against the publisher's own accounts: HCPCS from July to October
# 2020 and in January 2026 beside his transaction reports, ICD-10-CM from fiscal
# year 2025 to 2026 beside the order files (which tests/real/icd10cm.sh lays
# beside the addenda), the edits from 2024Q2 to 2024Q3 beside a plain comparison
# of the files. These are read by another program (lib/changes.pl, icd10cm.pl).
set -eu
: "${B:?folder of the programs}" "${REAL:?folder of the releases}"

all=$(sh tests/real/lib/store.sh)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}
made() { # NAME PATH...
    name=$1
    shift
    "$B/coderef-index" build --quiet --store "$work/$name" "$@" >"$work/said" ||
        wrong "a build of $*"
}
differ() { # A B OPTION...
    one=$1 two=$2
    shift 2
    "$B/coderef-index" diff "$@" "$work/$one/current/" "$work/$two/current/"
}

# --- HCPCS --------------------------------------------------------------------

made july "$REAL/hcpcs/2020jul/anweb.xlsx"
made october "$REAL/hcpcs/2020oct/anweb.xlsx"
differ july october --json >"$work/hcpcs.json" || wrong 'HCPCS'
perl tests/real/lib/changes.pl quarter "$REAL" <"$work/hcpcs.json" ||
    wrong 'July to October 2020'

# The report of January 2026 lists 101 codes as discontinued; 95 rows carry the
# action code D. The six others are dental codes: CMS reports on them, but the
# alpha-numeric file has no dental code (they are the ADA's), so no row of it
# could tell. All other action codes are the report's, one by one.
"$B/coderef-index" diff --json --store "$all" current current \
    >"$work/january.json" || wrong 'January 2026'
perl tests/real/lib/changes.pl january "$REAL" <"$work/january.json" ||
    wrong 'January 2026 beside its report'

# --- ICD-10-CM ------------------------------------------------------------------

made icd25 "$REAL/icd10cm/2025/2025-code-descriptions-tabular-order.zip"
made icd26 "$REAL/icd10cm/2026/2026-code-descriptions-tabular-order.zip"
differ icd25 icd26 --json >"$work/icd.json" || wrong 'ICD-10-CM'
perl tests/real/lib/icd10cm.pl differ "$REAL" <"$work/icd.json" ||
    wrong 'fiscal year 2025 to 2026'

# --- edits ----------------------------------------------------------------------

for quarter in 2 3; do
    file=$REAL/ncci_ptp/2024q$quarter/ptp_practitioner_2024q$quarter.reexport.tsv.xz
    made "ptp$quarter" "$file"
    # Column 1, column 2, deletion, indicator, reason.
    xz -dc "$file" | sed 1d | cut -f1,2,5,6,7 |
        LC_ALL=C sort -S 256M >"$work/rows$quarter"
done
LC_ALL=C comm -23 "$work/rows2" "$work/rows3" >"$work/gone"
LC_ALL=C comm -13 "$work/rows2" "$work/rows3" >"$work/new"
differ ptp2 ptp3 --json >"$work/ptp.json" || wrong 'the edits'
perl tests/real/lib/changes.pl edits "$work/gone" "$work/new" \
    <"$work/ptp.json" || wrong '2024Q2 to 2024Q3'

# The same out of one build that was made of both: its rows have dates.
"$B/coderef-index" diff --json --store "$all" \
    --date-a 2024-06-30 --date-b 2024-07-01 current current >"$work/days.json" ||
    wrong 'two days'
perl tests/real/lib/changes.pl days "$work/gone" "$work/new" \
    <"$work/days.json" || wrong '30 June to 1 July 2024'

[ "$failures" -eq 0 ]
