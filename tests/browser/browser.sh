#!/bin/sh
# browser.sh - the browser tests: every *.test.mjs of this folder, or those named.
#
#   sh tests/browser/browser.sh [NAME...]     search for search.test.mjs
#
# They drive the system's Chromium, without a window, through playwright-core;
# `sh tools/setup.sh --test` installs both. Exit status 77: this system has no
# Chromium to install, so nothing was tested.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
TOP=${TOP:-$(cd "$here/../.." && pwd)}
B=${B:-$TOP/build}
export TOP B REAL="${REAL:-}"

for name in chromium chromium-browser google-chrome; do
    [ -z "${CHROMIUM:-}" ] || break
    CHROMIUM=$(command -v "$name" 2>/dev/null) || CHROMIUM=
done
export CHROMIUM
if [ -z "$CHROMIUM" ] || ! command -v node >/dev/null 2>&1; then
    # Debian has both, and setup.sh has installed them: there it is a failure.
    if [ -e /etc/os-release ] && grep -q '^ID=debian$' /etc/os-release; then
        echo 'no Chromium or no Node.js: run sh tools/setup.sh --test' >&2
        exit 1
    fi
    echo 'this system has no package of Chromium and Node.js; no browser test ran'
    exit 77
fi
if [ ! -d "$TOP/build/browser/node_modules" ]; then
    echo 'playwright-core is not installed: run sh tools/setup.sh --test' >&2
    exit 1
fi
exec node --test-reporter=tap "$here/lib/run.mjs" "$@"
