#!/bin/sh
# The options of each command of coderef-index: its help shows those it takes, all
# others are refused by name, and the man page tells of the same.
set -u
: "${B:?folder of the programs}"

index=$B/coderef-index
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

wrong() {
    printf 'wrong: %s\n' "$*"
    failures=$((failures + 1))
}

# options: those of a help, with "=" where there is an argument.
options() {
    sed -n -e 's/^  --\([a-z-]*\) [A-Z].*/\1=/p' -e 's/^  --\([a-z-]*\) *\( .*\)\{0,1\}$/\1/p' |
        sort -u
}

commands=$("$index" --help | sed -n 's/^\(usage:\|      \) coderef-index \([a-z]*\).*/\2/p')
for command in $commands; do
    "$index" "$command" --help >"$work/$command" || wrong "$command --help"
    head -n 1 "$work/$command" | grep -q "^usage: coderef-index $command" ||
        wrong "$command --help: $(head -n 1 "$work/$command")"
    options <"$work/$command" >"$work/$command.options"
    grep -qx 'store=' "$work/$command.options" || wrong "$command: no --store"
done
[ "$(echo "$commands" | wc -w)" -eq 11 ] || wrong "commands: $commands"
cat "$work"/*.options | sort -u >"$work/all"
[ "$(wc -l <"$work/all")" -eq 27 ] || wrong "options: $(cat "$work/all")"

# Something that each argument may be, so that nothing but the command is at fault.
argument() {
    case $1 in
    date-a= | date-b= | since=) echo 2026-01-01 ;;
    release=) echo 2026-08-07 ;;
    setting=) echo dme ;;
    program=) echo medicaid ;;
    from=) echo http://127.0.0.1:9/ ;;
    *=) echo 7 ;;
    esac
}

for command in $commands; do
    for option in $(comm -13 "$work/$command.options" "$work/all"); do
        # shellcheck disable=SC2046
        "$index" "$command" "--${option%=}" $(argument "$option") \
            >"$work/out" 2>"$work/err"
        [ $? -eq 2 ] || wrong "$command --$option is not refused"
        grep -q "^coderef-index: $command takes no --${option%=}$" "$work/err" ||
            wrong "$command --$option: $(cat "$work/err")"
    done
    # Those it takes go on to what is wrong behind them.
    # shellcheck disable=SC2013,SC2046 # words without blanks
    for option in $(cat "$work/$command.options"); do
        CODEREF_STORE='' "$index" "$command" "--${option%=}" $(argument "$option") \
            nothing else here --store "$work/none" >"$work/out" 2>"$work/err"
        ! grep -q 'takes no\|nrecognized' "$work/err" || case $command-$option in
        refresh-releases= | refresh-source= | refresh-since= | refresh-from= | refresh-stall=)
            grep -q 'nothing is fetched' "$work/err"
            ;;
        *) false ;;
        esac || wrong "$command --$option: $(cat "$work/err")"
    done
done
"$index" diff --json --csv a b 2>"$work/err"
[ $? -eq 2 ] || wrong 'two forms at once'

# The man page.
sed -n 's/^\.B[IR]* //p' indexer/coderef-index.1 | sed 's/\\-/-/g' |
    grep -o -- '--[a-z][a-z-]*' | sed 's/^--//' | sort -u |
    grep -vx 'help\|version\|access-log\|log-queries' >"$work/manual"
sed 's/=$//' "$work/all" | diff - "$work/manual" >"$work/diff" ||
    wrong "help (<) and man page (>): $(cat "$work/diff")"

[ "$failures" -eq 0 ]
