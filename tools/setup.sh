#!/bin/sh
# setup.sh - installs what coderef needs to be built, on Debian and Ubuntu.
#
#   tools/setup.sh [--test] [--bench] [--dev] [--package] [--dry-run]
#
#   (nothing)  compiler, make and libraries: enough for `make run`
#   --test     and what `make test` needs; that is on Debian also a browser,
#              and two packages of the npm registry, into build/browser/
#   --bench    and what `make bench` needs
#   --dev      and what `make lint`, `make fuzz` and `make coverage` need
#   --package  and what `make deb` needs
#   --dry-run  only say what would be installed
#
# It says what it will install before it does, asks for the rights through sudo
# when it is not root, and does nothing, at once, when all is there. On another
# system it checks, and says what is missing.
set -eu

base='gcc libc6-dev make pkg-config curl ca-certificates liblmdb-dev libevent-dev
    libutf8proc-dev libxxhash-dev libarchive-dev libcsv-dev libexpat1-dev libjansson-dev
    libssl-dev zlib1g-dev libcurl4-openssl-dev'
test='libcmocka-dev xz-utils perl'
browser='chromium nodejs npm'
bench='libsqlite3-dev sqlite3 wrk g++ libxapian-dev'
dev='clang clang-format clang-tidy cppcheck shellcheck gcovr'
package='debhelper dpkg-dev fakeroot lintian systemd'
modules='lmdb libevent libevent_openssl libssl libutf8proc libxxhash libarchive expat jansson libcrypto zlib libcurl'

say() { printf 'setup: %s\n' "$*" >&2; }

top=$(dirname "$0")/..
wanted=$base
testing=no
dry_run=no
for option; do
    case $option in
    --test) wanted="$wanted $test" modules="$modules cmocka" testing=yes ;;
    --bench) wanted="$wanted $bench" modules="$modules sqlite3 xapian-core" ;;
    --dev) wanted="$wanted $dev" ;;
    --package) wanted="$wanted $package" ;;
    --dry-run) dry_run=yes ;;
    -h | --help)
        sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    *)
        say "unknown option '$option'; --help lists them"
        exit 2
        ;;
    esac
done

# Ubuntu's Chromium is a snap, which a test cannot start: there the browser tests
# run with a browser that was put there by hand, or not at all.
if [ "$testing" = yes ] && grep -qs '^ID=debian$' /etc/os-release; then
    wanted="$wanted $browser"
fi

# What drives the browser: as the lock file says, no more and no other.
install_drivers() {
    lock=$top/tests/browser/package-lock.json
    drivers=$top/build/browser
    [ "$testing" = yes ] || return 0
    cmp -s "$lock" "$drivers/installed" && return 0
    say 'missing, from the npm registry, into build/browser/:' \
        "$(sed -n 's/.*"node_modules\/\(.*\)": {/\1/p' "$lock" | tr '\n' ' ')"
    if [ "$dry_run" = yes ]; then
        say 'nothing was installed (--dry-run)'
        return 0
    fi
    if ! command -v npm >/dev/null 2>&1; then
        say 'there is no npm; the browser tests will be left out'
        return 0
    fi
    # Debian's Node.js trusts a list of its own; npm is told the system's, which
    # knows what a company's network may put in between.
    if [ -z "${npm_config_cafile:-}" ] && [ -r /etc/ssl/certs/ca-certificates.crt ]; then
        export npm_config_cafile=/etc/ssl/certs/ca-certificates.crt
    fi
    mkdir -p "$drivers"
    cp "$lock" "$top/tests/browser/package.json" "$drivers/"
    (cd "$drivers" && npm ci --ignore-scripts --no-audit --no-fund >&2) || {
        say 'npm could not install them; its message above says why'
        exit 1
    }
    cp "$lock" "$drivers/installed"
}

# Without apt: is everything there all the same?
if ! command -v dpkg-query >/dev/null 2>&1 ||
    ! command -v apt-get >/dev/null 2>&1; then
    missing=
    for program in cc make pkg-config; do
        command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
    done
    for module in $modules; do
        pkg-config --exists "$module" 2>/dev/null || missing="$missing $module"
    done
    if ! printf '#include <csv.h>\n' | cc -E - >/dev/null 2>&1; then
        missing="$missing libcsv"
    fi
    if [ -z "$missing" ]; then
        install_drivers
        exit 0
    fi
    say 'this system has no apt; install with its own means what is missing'
    say "(a C11 compiler, make, and these libraries with their headers):$missing"
    exit 1
fi

# Names of packages have no blanks, so the lists may be split. One call tells
# all; a package that dpkg never heard of is an error there, and missing here.
# shellcheck disable=SC2016,SC2086
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted \
    2>/dev/null | sed -n 's/ installed$//p') || true
missing=
for package in $wanted; do
    printf '%s\n' "$installed" | grep -qxF "$package" && continue
    # The compiler and the programs may come from elsewhere.
    case $package in
    gcc) command -v cc >/dev/null 2>&1 && continue ;;
    xz-utils) command -v xz >/dev/null 2>&1 && continue ;;
    nodejs) command -v node >/dev/null 2>&1 && continue ;;
    make | pkg-config | curl | g++ | chromium | npm | clang | clang-format | clang-tidy | cppcheck | shellcheck | gcovr)
        command -v "$package" >/dev/null 2>&1 && continue
        ;;
    esac
    missing="$missing $package"
done
if [ -z "$missing" ]; then
    install_drivers
    exit 0
fi

say "missing, from the system's own archive:$missing"
if [ "$dry_run" = yes ]; then
    say 'nothing was installed (--dry-run)'
    install_drivers
    exit 0
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        say 'this needs root, and there is no sudo. As root:'
        say "  apt-get update && apt-get install --no-install-recommends$missing"
        exit 1
    fi
    as_root=sudo
    say 'sudo may ask for your password'
fi

# An archive that cannot be reached is no matter when the lists are there.
$as_root apt-get update -q >&2 ||
    say 'the package lists could not be brought up to date; trying with those there are'
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $missing >&2 || {
    say 'apt-get could not install them; its message above says why'
    exit 1
}
install_drivers
say 'done'
