# edits.awk - the rows of a PTP file, ready to be sorted by pair.
#
#   xz -dc FILE | awk -v release=3 -f edits.awk
#
# Prints: lower code, higher code, which of them is column 1 (1 the lower, 2
# the higher), deletion day (99999999 for none), indicator, release.
BEGIN { FS = "\t" }
NR == 1 { next }
{
    deleted = $5 == "*" || $5 == "" ? "99999999" : $5
    if ($1 "" < $2 "")
        print $1, $2, 1, deleted, $6, release
    else
        print $2, $1, 2, deleted, $6, release
}
