#!/bin/sh
# The capture of the coverage database: every row of its procedures and of its
# noncovered diagnoses is in the store, in its article, version and group and
# with its line in the file, and the store holds no others. The rows are told
# from the files by a CSV reader of its own (awk), not by the indexer.
#
# The placeholder XX000 is no code: a group that has it is marked. Rows that
# stand twice count once. Ranges are written out in the files.
set -eu
: "${B:?folder of the programs}" "${REAL:?folder of the releases}"

store=$(sh tests/real/lib/store.sh)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# The cells of a CSV, tab-separated, behind the line on which their record
# begins. Cells may run over lines; quotes in them are doubled.
cells() {
    awk '
        {
            sub(/\r$/, "")
            if (open) {
                record = record "\n" $0
            } else {
                record = $0
                line = NR
            }
            quotes = gsub(/"/, "\"", record)
            open = quotes % 2
            if (open)
                next
            out = line
            n = length(record)
            cell = ""
            inside = 0
            for (i = 1; i <= n; i++) {
                c = substr(record, i, 1)
                if (c == "\"")
                    inside = !inside
                else if (c == "," && !inside) {
                    out = out "\t" cell
                    cell = ""
                } else
                    cell = cell (c == "\n" || c == "\t" ? " " : c)
            }
            print out "\t" cell
        }'
}

# article, version, list, group, code, letter of the range, line; a placeholder
# without the last two.
wanted() { # file list columns of code, group, range (after the line)
    xz -dc "$REAL/mcd/2026-08/$1" | cells | awk -F '\t' -v OFS='\t' \
        -v list="$2" -v code="$3" -v group="$4" -v range="$5" '
        NR == 1 { next }
        {
            id = $code
            gsub(/\./, "", id)
            key = $2 OFS $3 OFS list OFS $group OFS id
            if (seen[key]++)
                next
            print id == "XX000" ? key : key OFS $range OFS $1
        }'
}
wanted CMS_HCPC_code.csv.xz procedures 4 6 9 >"$work/rows"
wanted icd10_noncovered_all_articles.csv.xz noncovered 4 6 7 >>"$work/rows"
LC_ALL=C sort "$work/rows" >"$work/wanted"

"$B/coderef-index" dump --store "$store" | awk -F '\t' -v OFS='\t' '
    $2 != "article" || $5 != "2026-08-07" { next }
    $7 != "procedures" && $7 != "noncovered" { next }
    $1 == "coverage_code" {
        line = $11
        sub(/.*:/, "", line)
        print $3, $4, $7, $8, $9, $10, line
    }
    $1 == "coverage_group" && $10 == "placeholder" {
        print $3, $4, $7, $8, "XX000"
    }' | LC_ALL=C sort >"$work/stored"

# 14,098 procedures less none that stands twice, 24,449 noncovered diagnoses
# less four (SOURCES-diagnosis.md).
rows=$(wc -l <"$work/wanted")
[ "$rows" -eq $((14098 + 24449 - 4)) ] || wrong "$rows rows in the files"
if ! cmp -s "$work/wanted" "$work/stored"; then
    diff "$work/wanted" "$work/stored" | head -20
    wrong 'the store differs from the files'
fi
printf '%s rows compared\n' "$rows"

[ "$failures" -eq 0 ]
