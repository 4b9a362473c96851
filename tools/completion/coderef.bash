# Completion of coderef, coderef-index and coderef-server for bash.
#
# Commands and options are read from each program's own --help, so that they
# cannot fall behind it; only the words that an option takes stand here.

# Of the command that stands in the line, if there is one.
_coderef_options()
{
    local command

    command=$(printf '%s\n' "${COMP_WORDS[@]:1}" |
        grep -m 1 -Fx -f <(_coderef_commands "$1"))
    "$1" ${command:+"$command"} --help 2>/dev/null |
        grep -oE -- '--[a-z][a-z-]+' | sort -u
}

# "usage: coderef lookup [OPTION…] CODE…" names a command a line.
_coderef_commands()
{
    "$1" --help 2>/dev/null |
        sed -nE "s/^(usage:|      ) ${1##*/} (\[options\] )?([a-z]+).*/\3/p"
}

# The builds of the store that the line, or the environment, names.
_coderef_builds()
{
    local store=${CODEREF_STORE:-} i

    for ((i = 1; i < COMP_CWORD; i++)); do
        if [ "${COMP_WORDS[i]}" = --store ]; then
            store=${COMP_WORDS[i + 1]}
        fi
    done
    "$1" list --store "$store" 2>/dev/null | grep -oE '^[* ] [0-9a-f]+' |
        cut -c 3-
}

_coderef()
{
    local program=$1 word=$2 before=$3 words=

    case $before in
    --store | --releases | --web)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        return
        ;;
    --setting) words='practitioner outpatient dme' ;;
    --program) words='medicare medicaid' ;;
    --system) words='cpt hcpcs cdt icd10cm modifier local' ;;
    --rule) words='cms midpoint' ;;
    --billable | --timed) words='true false' ;;
    --facets) words='system section billable timed status setting' ;;
    --order) words='billable headings length' ;;
    --kind) words='a b dme' ;;
    --payer) words='medicare medicaid commercial other' ;;
    activate | diff) words=$(_coderef_builds "$program") ;;
    *)
        case $word in
        -*) words=$(_coderef_options "$program") ;;
        *) [ "$COMP_CWORD" -gt 1 ] || words=$(_coderef_commands "$program") ;;
        esac
        ;;
    esac
    if [ -n "$words" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}

complete -F _coderef coderef coderef-index coderef-server
