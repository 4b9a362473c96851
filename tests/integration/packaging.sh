#!/bin/sh
# What the package and the units say agrees with the programs: libraries,
# version, options; and bash completes what --help shows.
set -eu
cd "$TOP"
fail() { echo "packaging.sh: $*" >&2; exit 1; }

# The libraries of a build are those that setup.sh installs.
libraries() { tr -s ' ,' '\n' | grep -E '^(lib.*|zlib1g)-dev$' | grep -v libc6 | sort; }
sed -n "/^base=/,/'\$/p" tools/setup.sh | tr -d "'" | libraries >"$B/packaging.setup"
sed -n '/^Build-Depends:/,/^Standards/p' tools/packaging/debian/control |
    libraries >"$B/packaging.control"
[ -s "$B/packaging.setup" ] || fail "setup.sh: no libraries were found in it"
diff "$B/packaging.setup" "$B/packaging.control" ||
    fail "setup.sh (<) and debian/control (>) name other libraries"
rm "$B/packaging.setup" "$B/packaging.control"

version=$(sed -n 's/^VERSION := //p' Makefile)
grep -q "^coderef ($version) " tools/packaging/debian/changelog ||
    fail "debian/changelog does not begin with version $version"

# Every option that a unit or the settings give is one that the program has.
options() { grep -oE -- '(^|[ =])--[a-z][a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u; }
units=tools/packaging/systemd
for option in $(sed -n 's/^SERVER_OPTIONS=//p' $units/coderef.default | options) \
    $(sed -n 's/^ExecStart=//p' $units/coderef-server.service | options); do
    "$B/coderef-server" --help | grep -q -- "$option " ||
        fail "coderef-server has no $option"
done
for option in $(sed -n 's/^REFRESH_OPTIONS=//p' $units/coderef.default | options); do
    "$B/coderef-index" refresh --help | grep -q -- "$option " ||
        fail "coderef-index has no $option"
done
for unit in "$units"/*.service; do
    command=$(sed -n 's/^ExecStart=\/usr\/bin\/\([^ ]*\).*/\1/p' "$unit")
    [ -x "$B/$command" ] || fail "$unit starts $command, which is not built"
done

# completed LINE: what bash offers for the line's last word.
completed() {
    PATH="$B:$PATH" bash --norc -c '
        compopt() { :; } # outside of a completion it complains
        . tools/completion/coderef.bash
        COMP_WORDS=($1) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        case $1 in *" ") COMP_WORDS+=("") COMP_CWORD=$((COMP_CWORD + 1)) ;; esac
        _coderef "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" \
            "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$1"
}
offers() {
    completed "$1" | grep -qx -- "$2" || fail "'$1' does not complete to $2"
}
offers 'coderef lo' lookup
offers 'coderef ' necessity
offers 'coderef --se' --setting
offers 'coderef-index ro' rollback
offers 'coderef-index build --acc' --accept-ama-license
offers 'coderef-index --store x build --allow' --allow-partial
offers 'coderef-server --acc' --access-log
offers 'coderef pair --setting o' outpatient
offers 'coderef claim READ' README.md
# The words that stand in the completion are words that the program takes.
for word in $(completed 'coderef pair --setting '); do
    "$B/coderef" --store /nowhere --setting "$word" pair X Y 2>&1 |
        grep -q nowhere || fail "--setting takes no $word"
done
for word in $(completed 'coderef search --system '); do
    "$B/coderef" --store /nowhere --system "$word" lookup X 2>&1 |
        grep -q nowhere || fail "--system takes no $word"
done

store=$(mktemp -d)
trap 'rm -rf "$store"' EXIT
"$B/coderef-index" build --quiet --store "$store" >"$store/said"
id=$(sed 's/^build \([0-9a-f]*\) is active$/\1/' "$store/said")
offers "coderef-index --store $store activate " "$id"
for option in facets order; do
    for word in $(completed "coderef search --$option "); do
        "$B/coderef" --store "$store" search gait "--$option" "$word" \
            >/dev/null || fail "--$option takes no $word"
    done
done
echo 'packaging.sh: libraries, version, options and completion agree'
