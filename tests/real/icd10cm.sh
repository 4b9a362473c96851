#!/bin/sh
# ICD-10-CM by date: what changed from fiscal year 2025 to 2026 is answered on
# the last day of the one and the first of the other as the publisher's order
# files and his own account of the changes (addenda) have it; every note of the
# tabular list stands in the store, and every code of its indexes. The files are
# read by another program (lib/icd10cm.pl).
set -eu
: "${B:?folder of the programs}" "${REAL:?folder of the releases}"

store=$(sh tests/real/lib/store.sh)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read_by_other_means() {
    perl tests/real/lib/icd10cm.pl "$@"
}
failures=0
wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# --- from one year to the next ----------------------------------------------

read_by_other_means years "$REAL" 2>"$work/changed" || wrong 'the order files'
for day in 2025-09-30 2025-10-01; do
    xargs "$B/coderef" --store "$store" --json --date "$day" --system icd10cm \
        lookup <"$work/changed" || wrong "a code is not known on $day"
done >"$work/cards"
read_by_other_means check "$REAL" <"$work/cards" || wrong 'the changes'

# --- codes below a header, in the publisher's order --------------------------

read_by_other_means headers "$REAL" >"$work/headers"
xargs "$B/coderef" --store "$store" --json --date 2026-01-15 --system icd10cm \
    lookup <"$work/headers" >"$work/cards" || wrong 'a header is not known'
read_by_other_means children "$REAL" <"$work/cards" || wrong 'the children'

# --- the tabular list ---------------------------------------------------------

"$B/coderef-index" dump --store "$store" >"$work/dump"
notes_of() { # RELEASE, how many notes are excludes1 and excludes2
    read_by_other_means notes <"$work/xml" | LC_ALL=C sort >"$work/published"
    read_by_other_means dumped "$1" <"$work/dump" | LC_ALL=C sort >"$work/stored"
    if ! cmp -s "$work/published" "$work/stored"; then
        wrong "the notes of $1:"
        diff "$work/published" "$work/stored" | head -20
    fi
    found="$(grep -c '	excludes1	' "$work/published") \
$(grep -c '	excludes2	' "$work/published")"
    [ "$found" = "$2" ] || wrong "$1 has $found notes of both kinds, not $2"
}
# The figures of the folder's list of sources.
xz -dc "$REAL/icd10cm/2021/icd10cm_tabular_2021.xml.xz" >"$work/xml"
notes_of 2021 '5441 2253'

# --- the indexes ---------------------------------------------------------------

words_of() { # TABLE FILE
    published=$(xz -dc "$REAL/icd10cm/2026-04/$2" | read_by_other_means words)
    stored=$(grep -c "^$1	" "$work/dump")
    [ "$published" = "$stored" ] ||
        wrong "$1: $stored of the $published codes of $2"
}
words_of icd10cm_drug icd10cm-drug-April-1-2026-XML.xml.xz
words_of icd10cm_neoplasm icd10cm-neoplasm-April-1-2026-XML.xml.xz
words_of icd10cm_external icd10cm-eindex-April-1-2026-XML.xml.xz

[ "$failures" -eq 0 ]
