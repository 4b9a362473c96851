#!/bin/sh
# One build over all published releases: what is read of each file equals the
# publisher's figures (SOURCES-billing.md and SOURCES-diagnosis.md beside the
# files, counted from their bytes), every row is accounted for, every file has a
# name, and a second build gives the same bytes.
set -eu
: "${B:?folder of the programs}" "${REAL:?folder of the releases}"

store=$(sh tests/real/lib/store.sh)
manifest=$store/current/manifest.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# One line a file: name, kind, status, read, kept, refused, superseded,
# duplicate, and how many refusals are explained.
awk '
    function text_of(line) {
        sub(/^[^:]*: "/, "", line)
        sub(/",?$/, "", line)
        gsub(/\\\//, "/", line)
        return line
    }
    /^ "tables"/ { exit }
    /^   "file": / { name = text_of($0); n = refusals = 0 }
    /^   "kind": / { kind = text_of($0) }
    /^   "status": / { status = text_of($0) }
    /^   "(read|kept|refused|superseded|duplicate)": / {
        gsub(/[^0-9]/, "")
        number[++n] = $0
    }
    /^     "row": / { refusals++ }
    /^  }/ {
        printf "%s\t%s\t%s", name, kind, status
        for (i = 1; i <= n; i++)
            printf "\t%s", number[i]
        if (n > 0)
            printf "\t%d", refusals
        printf "\n"
    }' "$manifest" >"$work/files"

# --- what the publishers' files hold ---------------------------------------

# The figure of HCPCS 2019 is 11,621 records of 320 bytes and one of 317; that
# of a conversion table is its sheet rows less the notice and the heading.
cat >"$work/figures" <<'END'
hcpcs/2017/2017-Alpha-Numeric-HCPCS-File.zip/HCPC17_CONTR_ANWEB.txt	kept	10828
hcpcs/2019/2019-Alpha-Numeric-HCPCS-File.zip/HCPC2019_CONTR_ANWEB.txt	kept	11622
hcpcs/2020jul/anweb.xlsx	kept	7159
hcpcs/2020oct/anweb.xlsx	kept	7197
hcpcs/2026jan/january-2026-alpha-numeric-hcpcs-file.zip/HCPC2026_JAN_ANWEB_01122026.txt	kept	16615
hcpcs/2026jan/january-2026-alpha-numeric-hcpcs-file.zip/HCPC2026_JAN_ANWEB_01122026.xlsx	duplicate	9006
icd10cm/2021/icd10cm-order-Jan-2021.txt.xz	kept	95358
icd10cm/2025/2025-code-descriptions-tabular-order.zip/icd10cm_order_2025.txt	kept	97584
icd10cm/2025/2025-code-descriptions-tabular-order.zip/icd10cm_codes_2025.txt	duplicate	74260
icd10cm/2025-04/2025-code-descriptions-tabular-order-april.zip/Code Descriptions/icd10cm_order_2025.txt	kept	97584
icd10cm/2025-04/2025-code-descriptions-tabular-order-april.zip/Code Descriptions/icd10cm_codes_2025.txt	duplicate	74260
icd10cm/2026/2026-code-descriptions-tabular-order.zip/icd10cm_order_2026.txt	kept	98186
icd10cm/2026/2026-code-descriptions-tabular-order.zip/icd10cm_codes_2026.txt	duplicate	74719
icd10cm/2026/icd10cm-Code Descriptions-2026.zip/icd10cm-order-2026.txt	duplicate	98186
icd10cm/2026/icd10cm-Code Descriptions-2026.zip/icd10cm-codes-2026.txt	duplicate	74719
icd10cm/2026/POAexemptCodesFY26.zip/POAexemptCodesFY26.txt	kept	38349
icd10cm/2025/2025-poa-exempt-codes.zip/POAexemptCodesFY25.txt	kept	38154
icd10cm/2025/2025-conversion-table.zip/508_Compliant_Version_of_ICD-10-CM-Conversion-Table-FY25.csv	kept	5405
icd10cm/2026/ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx	kept	5892
mcd/2025-08/documents_latest.csv.xz	kept	3133
mcd/2026-08/CMS_HCPC_code.csv.xz	kept	14098
mcd/2026-08/CMS_HCPCS_Code_Groups_All_Articles.csv.xz	kept	1945
mcd/2026-08/icd10_noncovered_all_articles.csv.xz	kept	24449
mcd/2026-08/CMS_HCPCS_Modifiers_All_Articles.csv.xz	kept	579
mcd/2026-08/CMS_HCPCS_Modifier_Groups_All_Articles.csv	kept	1286
mcd/2026-08/CMS_Other_Coding_Information_All_Articles.csv	kept	1221
mcd/2026-08/article_bill_codes.csv	kept	1376
mcd/2026-08/revenue_codes.csv	kept	355
mcd/2026-08/article_related_lcds.csv	kept	856
mcd/2026-08/article_related_ncd_documents_data.csv.xz	kept	2515
mcd/2026-08/cms_article_jurisdiction.csv.xls	kept	258
mcd/2026-08/lcd_documents.csv.xz	kept	975
mcd/2026-08/CMS_LCD_HCPCS_All_LCDs (1).csv.xz	kept	1910
mcd/2026-08/CMS_LCD_HCPCS_Code_Groups_All_LCDs.csv	kept	95
mcd/2026-08/lcd_contractor.csv.xz	kept	13968
mcd/2026-08/lcd_article_relationship.csv	kept	2172
mcd/2026-08/lcd_related_documents.csv.xz	kept	1805
mcd/2026-08/lcd_related_ncd_documents.csv	kept	1553
mcd/2026-08/cms_lcd_primary_jurisdiction.csv.xls	kept	240
mcd/2026-08/ncd_documents_data.csv.xz	kept	357
mcd/2026-lookups/contractor_reference.csv	kept	144
mcd/2026-lookups/state_reference.csv	kept	63
ncci_aoc/2026q2/AOC_V2026Q2-MCR.xlsx	kept	9000
ncci_mue/2024q3/mue_PractitionerServices_2024-07-01.reexport.csv.xz	kept	14677
ncci_mue/2024q3/mue_OutpatientHospitalServices_2024-07-01.reexport.csv.xz	kept	14628
ncci_mue/2024q3/mue_DMESupplierServices_2024-07-01.reexport.csv.xz	kept	2928
ncci_mue/2026q2/MCR_MUE_PractitionerServices_Eff_04-01-2026.csv.xz	kept	15095
ncci_mue/2026q2/MCR_MUE_PractitionerServices_Eff_04-01-2026.xlsx	duplicate	15095
ncci_ptp/2024q2/ptp_practitioner_2024q2.reexport.tsv.xz	superseded	2545089
ncci_ptp/2024q3/ptp_practitioner_2024q3.reexport.tsv.xz	kept	2546017
ncci_ptp/2024q3/ptp_hospital_2024q3.reexport.tsv.xz	kept	1775818
other/dhs_list/2025/2025_DHS_Code_List_Addendum_11_26_2024.txt	kept	106
other/dhs_list/2025/2025_DHS_Code_List_Addendum_11_26_2024.xlsx	duplicate	106
pfs/2022a/RVU22A.zip/PPRRVU22_JAN.csv	kept	17600
pfs/2022a/RVU22A.zip/PPRRVU22_JAN.txt	duplicate	17600
pfs/2022a/RVU22A.zip/PPRRVU22_JAN.xlsx	duplicate	17600
pfs/2024a/RVU24A.zip/PPRRVU24_JAN.csv	kept	18499
pfs/2024a/RVU24A.zip/PPRRVU24_JAN.txt	duplicate	18499
pfs/2024a/RVU24A.zip/PPRRVU24_JAN.xlsx	duplicate	18499
pfs/2025a/rvu25a-updated-01_10_2025.zip/PPRRVU25_JAN.csv	kept	18865
pfs/2025a/rvu25a-updated-01_10_2025.zip/PPRRVU25_JAN.txt	duplicate	18865
pfs/2025a/rvu25a-updated-01_10_2025.zip/PPRRVU25_JAN.xlsx	duplicate	18865
pfs/2025d/PPRRVU2025_Oct.csv.xz	kept	19090
pfs/2025d/PPRRVU2025_Oct.txt.xz	duplicate	19090
END
awk -F '\t' '
    FNR == NR { said[$1] = $3 "\t" $4; next }
    { checked++ }
    said[$1] != $2 "\t" $3 {
        print $1 ": " ($1 in said ? said[$1] : "not there") ", not " $2 "\t" $3
    }
    END { print checked " files compared with the figures" >"/dev/stderr" }
' "$work/files" "$work/figures" >"$work/differences"
if [ -s "$work/differences" ]; then
    cat "$work/differences"
    wrong 'rows read differ from the figures'
fi

# --- every row is accounted for ---------------------------------------------

awk -F '\t' '
    NF > 3 {
        files++
        rows += $4
        if ($4 != $5 + $6 + $7 + $8)
            print $1 ": " $4 " read, " $5 " + " $6 " + " $7 " + " $8
        if ($9 < ($6 < 20 ? $6 : 20))
            print $1 ": " $6 " refused, " $9 " explained"
        if ($6 > 0 && $1 !~ /HCPC2026_JAN_ANWEB_01122026.txt$/ &&
            !($6 == 1 && $1 ~ /neoplasm[^\/]*xml(\.xz)?$/))
            print $1 ": " $6 " refused"
    }
    END { print files " tables, " rows " rows" >"/dev/stderr" }
' "$work/files" >"$work/sums"
if [ -s "$work/sums" ]; then
    cat "$work/sums"
    wrong 'rows are not accounted for'
fi
# Each table of neoplasms has a line (1954 of April 2026) with a note where a
# code belongs. The last record of HCPCS January 2026 is 296 blanks.
[ "$(grep -c "\"reason\": \"not of an ICD-10-CM code's shape\"" "$manifest")" -eq 3 ] ||
    wrong 'the notes in the tables of neoplasms are not explained'
grep -A 2 '"row": 16615' "$manifest" | grep -q '"reason": "blank"' ||
    wrong 'the blank record of HCPCS January 2026 is not explained'

# --- every file has a name ----------------------------------------------------

awk -F '\t' '
    { count[$3]++ }
    NF <= 3 && $3 != "companion" && $3 != "not recognised" { print }
    $3 == "companion" && $2 == "" { print }
    END {
        for (status in count)
            print count[status], status >"/dev/stderr"
    }' "$work/files" >"$work/others"
if [ -s "$work/others" ]; then
    cat "$work/others"
    wrong 'files without rows must be companions or not recognised'
fi
(cd "$REAL" && find . -type f | sed 's/^\.\///' | LC_ALL=C sort) >"$work/disk"
awk -F '\t' '
    FNR == NR {
        name = $1
        told[name] = 1
        while (sub(/\/[^\/]*$/, "", name))
            told[name] = 1
        next
    }
    !($0 in told) { print $0 ": not in the report" }
' "$work/files" "$work/disk" >"$work/silent"
if [ -s "$work/silent" ]; then
    cat "$work/silent"
    wrong 'files were skipped in silence'
fi

# --- the store ----------------------------------------------------------------

"$B/coderef-index" verify --store "$store" || wrong 'verify'
kib=$(du -sk "$store/builds" | cut -f 1)
[ "$kib" -le $((120 * 1024)) ] || wrong "the build takes $kib KiB"
ls -A "$store/builds" >"$work/builds"
[ "$(wc -l <"$work/builds")" -eq 1 ] || wrong 'something was left behind'

began=$(date +%s)
"$B/coderef-index" build --quiet --store "$work/again" "$REAL" ||
    wrong 'the second build failed'
printf 'build: %s KiB, made again in %s s\n' "$kib" $(($(date +%s) - began))
for file in data.mdb manifest.json; do
    cmp "$store/current/$file" "$work/again/current/$file" ||
        wrong "$file differs between two builds"
done

[ "$failures" -eq 0 ]
