#!/bin/sh
# deb.sh - builds the Debian package of the tree it lies in, and checks it.
#
#   tools/packaging/deb.sh [FOLDER]     build/deb when not given
#
# The tree is copied as it stands, so that what is not committed is in the
# package too; build/ and a store at its top are left out.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
out=${1:-$top/build/deb}
say() { printf 'deb: %s\n' "$*"; }

for program in dpkg-buildpackage dh lintian; do
    command -v "$program" >/dev/null 2>&1 || {
        say "there is no $program: sh tools/setup.sh --package installs it" >&2
        exit 1
    }
done
mkdir -p "$out"
out=$(cd "$out" && pwd)
rm -rf "$out/tree"
mkdir "$out/tree"
tar -C "$top" --exclude=./build --exclude=./store --exclude=./.git -cf - . |
    tar -C "$out/tree" -xf -
cp -r "$out/tree/tools/packaging/debian" "$out/tree/debian"

say "building; the log is $out/log"
(cd "$out/tree" && dpkg-buildpackage --build=binary --no-sign --jobs=auto) \
    >"$out/log" 2>&1 || {
    tail -n 20 "$out/log" >&2
    say "failed; all of it is in $out/log" >&2
    exit 1
}
rm -rf "$out/tree"
package=$(find "$out" -maxdepth 1 -name 'coderef_*.deb')
lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$package"
say "lintian has no complaint"
say "$package: install it with apt-get install $package"
