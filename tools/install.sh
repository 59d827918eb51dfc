#!/bin/sh
# Usage: tools/install.sh run|dev
# Makes .venv hold what requirements/<set>.txt locks, and this project in editable form.
# Does nothing when that was done before and neither the lock nor pyproject.toml changed.
set -eu

set_name=$1
cd "$(dirname "$0")/.."

checksum() {
    cat "requirements/$1.txt" pyproject.toml | cksum
}

is_installed() {
    [ -x .venv/bin/python ] && [ "$(cat ".venv/.installed-$1" 2>/dev/null)" = "$(checksum "$1")" ]
}

# The development set holds everything of the other one.
if is_installed "$set_name" || is_installed dev; then
    exit 0
fi

fail() {
    echo "maskline: $*" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python3"
}

provide_ensurepip() {
    "$1" -c 'import ensurepip' 2>/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "maskline: installing Debian's python3-venv"
        apt-get install -y -qq --no-install-recommends python3-venv >/dev/null ||
            { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; } ||
            true
    fi
    "$1" -c 'import ensurepip' 2>/dev/null ||
        fail "this Python cannot make virtual environments; as root: apt-get install python3-venv"
}

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    provide_ensurepip "$python"
    echo "maskline: making .venv with $("$python" -V)"
    "$python" -m venv --clear .venv
fi

echo "maskline: installing requirements/$set_name.txt"
rm -f .venv/.installed-*
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --require-hashes -r "requirements/$set_name.txt"
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
    --no-build-isolation --no-deps --editable .
checksum "$set_name" >".venv/.installed-$set_name"
