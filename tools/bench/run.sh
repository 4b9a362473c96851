#!/bin/sh
# run.sh - every benchmark of this folder, and one table of what came out.
#
# make bench calls it with B (the programs), REAL (published releases, or
# nothing) and TOP (the source tree) in the environment. BENCH_ROUNDS=1 makes
# it short, BENCH_SWAPS counts the changes of build, BENCH_SOAK the minutes of the
# long run, which is left out without it. It fails when a benchmark
# cannot run or gives a wrong answer, never because something took long.
set -eu

B=${B:-build}
REAL=${REAL:-}
work=$B/bench/work
table=$work/table.tsv
status=0
mkdir -p "$work"
: >"$table"

say() { printf '== %s\n' "$*" >&2; }
load() { cut -d ' ' -f 1-3 /proc/loadavg 2>/dev/null || echo unknown; }

# bench NAME ARGUMENT...: its lines go into the table, what it has to say comes
# out, and what the servers log stays in a file.
bench() {
    program=$1
    shift
    say "$program"
    failed=no
    "$B/bench/$program" "$@" >>"$table" 2>"$work/$program.log" || failed=yes
    grep -v '^event=' "$work/$program.log" >&2 || :
    [ $failed = no ] || {
        say "$program failed: its message stands above"
        status=1
    }
}

began=$(load)
for program in wrk sqlite3; do
    command -v "$program" >/dev/null 2>&1 || {
        say "skipped, $program is missing: tools/setup.sh --bench installs it"
        exit 1
    }
done

if [ -n "$REAL" ] && [ -d "$REAL/ncci_ptp/2024q3" ]; then
    bench bench_build "$B/coderef-index" "$REAL" "$work"
    whole=yes
else
    say 'no published releases in ../shared/cms. Skipped: the builds and the swaps.'
    say 'The rest runs over the starter set, whose few edits flatter both sides.'
    rm -rf "$work/store"
    "$B/coderef-index" build --quiet --store "$work/store"
    whole=no
fi
rm -f "$work/pairs.db"
bench bench_pair "$work/store" "$work/pairs.db"
bench bench_claim "$work/store"
bench bench_necessity "$work/store"
bench bench_http "$B/coderef-server" "$B/bench/bare_evhttp" "$work/store" "$work"
bench bench_start "$B/coderef-server" "$work/store"

# The texts of procedures of the AMA are searched when you hold the licence for
# them and say so: BENCH_BUILD_FLAGS=--accept-ama-license.
searched=$work/store
if [ $whole = yes ] && [ -n "${BENCH_BUILD_FLAGS:-}" ]; then
    searched=$work/search-store
    rm -rf "$searched"
    # shellcheck disable=SC2086
    "$B/coderef-index" build --quiet --store "$searched" $BENCH_BUILD_FLAGS "$REAL"
fi
bench bench_search "$searched" "$work"
bench bench_search_http "$B/coderef-server" "$searched" "$work"
[ $whole = no ] ||
    bench bench_swap "$B/coderef-server" "$work/store" "${BENCH_SWAPS:-50}" "$work"
[ $whole = no ] || [ -z "${BENCH_SOAK:-}" ] ||
    bench bench_soak "$B/coderef-server" "$work/store" "$BENCH_SOAK"

echo
awk -F '\t' '
    { for (i = 1; i <= NF; i++) { cell[NR, i] = $i
          if (length($i) > width[i]) width[i] = length($i) }
      if (NF > columns) columns = NF }
    END { for (r = 1; r <= NR; r++) { line = ""
          for (i = 1; i <= columns; i++)
              line = line sprintf(i == 1 ? "%-*s" : "  %*s", width[i], cell[r, i])
          print line } }' - "$table" <<HEADING
what	ours	peer	ratio	target		CPU time	memory
HEADING
if [ $whole = yes ]; then
    echo
    say 'search_eval'
    "$B/bench/search_eval" --tsv "$work/search_eval.tsv" "$searched" "$work" \
        "${TOP:-.}/tools/eval/dev.tsv" "${TOP:-.}/tools/eval/held.tsv" \
        "${TOP:-.}/tools/eval/fresh.tsv" "${TOP:-.}/tools/eval/last.tsv" || status=1
    # The entries of the indexes of ICD-10-CM are asked of a build without them.
    say 'search_eval, the publisher'"'"'s indexes'
    rm -rf "$work/silver-store"
    mkdir -p "$work/silver"
    find "$REAL" -type f ! -name '*Full_XML*' ! -name 'icd10cm[-_]drug*' \
        ! -name 'icd10cm[-_]eindex*' ! -name 'icd10cm[-_]neoplasm*' \
        ! -name '*.md' -print0 >"$work/silver-files"
    # shellcheck disable=SC2086
    xargs -0 "$B/coderef-index" build --quiet --store "$work/silver-store" \
        ${BENCH_BUILD_FLAGS:-} <"$work/silver-files"
    "$B/bench/search_eval" --silver "$searched" "$work/silver-store" \
        "$work/silver" || status=1
fi
printf '\nload at the beginning %s, at the end %s; %s cores\n' \
    "$began" "$(load)" "$(getconf _NPROCESSORS_ONLN)"
exit $status
