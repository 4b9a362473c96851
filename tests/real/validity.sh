#!/bin/sh
# On which days the codes of the published releases are valid equals what the
# rows of these releases say by the rules of design.md 3, worked out by another
# program (lib/validity.awk). So a pair that is "not valid on date" has a code
# that ended, had not begun, or is gone from the fee schedule.
set -eu
: "${B:?folder of the programs}" "${REAL:?folder of the releases}"

store=$(sh tests/real/lib/store.sh)
# Around the ends of releases, quarters and years; in gaps; and long after.
dates="1996-01-01 2015-06-30 2016-12-31 2017-01-01 2019-12-31 2020-01-01 \
2021-12-31 2022-01-01 2022-03-31 2022-04-01 2023-12-31 2024-01-01 2024-03-31 \
2024-04-01 2024-06-30 2024-07-01 2024-09-30 2024-10-01 2024-12-31 2025-01-01 \
2025-03-31 2025-04-01 2025-09-30 2025-10-01 2025-12-31 2026-01-01 2026-03-31 \
2026-04-01 2026-06-30 2026-07-01 2027-01-01 2027-01-02 2027-04-01 2027-04-02 \
2027-07-01 2027-07-02"
"$B/coderef-index" dump --store "$store" |
    awk -v dates="$dates" -f tests/real/lib/validity.awk \
        "$store/current/manifest.json" -
