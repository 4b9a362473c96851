#!/bin/sh
# Releases that nobody has seen yet, made out of published ones: another year loads
# without a change in the program; what cannot be read right is refused with a
# message that names the file and what to do.
set -u
: "${B:?folder of the programs}" "${REAL:?folder of the releases}"

index=$B/coderef-index
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# reads NAME STATUS PATTERN: a dry run over folder NAME says so.
reads() {
    "$index" build --dry-run "$work/$1" >"$work/out" 2>&1
    status=$?
    [ "$status" -eq "$2" ] || wrong "$1: exit status $status"
    grep -q -e "$3" "$work/out" || {
        grep -v '  own  ' "$work/out" | cut -c 1-200 | head -n 6
        wrong "$1: nothing says '$3'"
    }
}

mkdir "$work/pfs" "$work/pfs_more" "$work/pfs_lost" "$work/mue" "$work/mue_nameless" \
    "$work/aoc" "$work/icd" "$work/ptp" "$work/ptp_part"

# The fee schedule of 2027; with a column more; without one that is needed.
fees=PPRRVU2027_Jan_nonQPP.csv
xz -dc "$REAL/pfs/2025d/PPRRVU2025_Oct.csv.xz" |
    LC_ALL=C sed 's/2025/2027/g; s/October/January/g' >"$work/pfs/$fees"
LC_ALL=C sed 's/\r$//; /^HCPCS,/s/$/,NEW INDICATOR/; /^[0-9A-Z][0-9]/s/$/,9/' \
    "$work/pfs/$fees" >"$work/pfs_more/$fees"
LC_ALL=C sed 's/STATUS/PAYMENT/; /^HCPCS,/s/DESCRIPTION,CODE/DESCRIPTION,LETTER/' \
    "$work/pfs/$fees" >"$work/pfs_lost/$fees"
reads pfs 0 "$fees .* kept  *2027a  *2027-01-01..2027-03-31  *19090  *19090 "
reads pfs_more 0 "'NEW INDICATOR', is not known and not kept"
reads pfs_lost 1 "$fees: damaged: the heading has no column 'STATUS CODE'"

# Unit limits, and a file that nothing tells the quarter of.
xz -dc "$REAL/ncci_mue/2026q2/MCR_MUE_PractitionerServices_Eff_04-01-2026.csv.xz" \
    >"$work/limits"
cp "$work/limits" "$work/mue/MCR_MUE_PractitionerServices_Eff_01-01-2027.csv"
LC_ALL=C sed '1d' "$work/limits" >"$work/mue_nameless/limits.csv"
reads mue 0 'Eff_01-01-2027.csv .* kept  *2027q1  *2027-01-01..2027-03-31 '
reads mue_nameless 1 'limits.csv: damaged: .*say it with --release'

cp "$REAL/ncci_aoc/2026q2/AOC_V2026Q2-MCR.xlsx" "$work/aoc/AOC_V2027Q1-MCR.xlsx"
reads aoc 0 'AOC_V2027Q1-MCR.xlsx .* kept  *2027q1  *2027-01-01..2027-03-31  *9000  *9000 '

xz -dc "$REAL/icd10cm/2021/icd10cm-order-Jan-2021.txt.xz" \
    >"$work/icd/icd10cm_order_2028.txt"
reads icd 0 'icd10cm_order_2028.txt .* kept  *2028  *2027-10-01..2028-09-30  *95358 '

# Edits in four parts of the second quarter of 2027, and with a part missing.
xz -dc "$REAL/ncci_ptp/2024q3/ptp_practitioner_2024q3.reexport.tsv.xz" |
    head -n 40001 >"$work/edits"
for part in 1 2 3 4; do
    {
        head -n 1 "$work/edits"
        awk -v part=$part 'NR > 1 + (part - 1) * 10000 && NR <= 1 + part * 10000' \
            "$work/edits"
    } >"$work/ptp/ccipra-v331r0-f$part.TXT"
    [ $part -eq 3 ] || cp "$work/ptp/ccipra-v331r0-f$part.TXT" "$work/ptp_part"
done
reads ptp 0 'ccipra-v331r0-f4.TXT .* kept  *2027q2  *2027-04-01..2027-06-30  *10000  *10000 '
reads ptp_part 1 'ccipra-v331r0-f1.TXT: partial: missing: f3 (the table comes in 4 parts'

[ "$failures" -eq 0 ] || exit 1
echo 'another year of a known source loads, or is refused with what to do'
