#!/usr/bin/env bash
# Sourced by script/server and script/test: finds Python and keeps the checkout's .venv in order.
# Needs nothing but bash, coreutils and a Python that is new enough.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
venv=$root/.venv
python=$venv/bin/python

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# Installs Debian packages where that is possible without asking anybody.
install_packages() {
    is_root && command -v apt-get >/dev/null || return 1
    say "Installing $* with apt-get ..."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"; } \
        </dev/null >/dev/null
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

can_make_environments() { "$1" -c 'import venv, ensurepip' 2>/dev/null; }

# Prefers a Python that brings venv: Debian splits that off into a package of its own.
find_python() {
    local name found=
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && is_new_enough "$name"; then
            found=${found:-$name}
            can_make_environments "$name" && { found=$name; break; }
        fi
    done
    [ -n "$found" ] || stop "Tuneboard needs Python 3.11 or newer; install it with your" \
        "system's package manager (apt-get install python3) and start again."
    command -v "$found"
}

make_environment() {
    local base package
    base=$(find_python) || exit 1
    if ! can_make_environments "$base"; then
        package=$("$base" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        install_packages "$package" || install_packages python3-venv ||
            stop "Python's venv module is missing; install it with: sudo apt-get install $package"
    fi
    rm -rf "$venv"
    "$base" -m venv "$venv" || stop "The environment $venv could not be made; see above."
}

# install_requirements FILE...: only when one of the files changed since the last time.
install_requirements() {
    local wanted stamp=$venv/.$1.installed
    if ! is_new_enough "$python"; then make_environment; fi
    wanted=$(cd "$root" && "$python" -V && cat "$@")
    [ -f "$stamp" ] && [ "$(<"$stamp")" = "$wanted" ] && return
    "$python" -c 'import pip' 2>/dev/null || make_environment  # its making was interrupted
    say "Installing the Python packages of $1 (only when they changed) ..."
    "$python" -m pip install --quiet --disable-pip-version-check --no-input -r "$root/$1" ||
        stop "The packages of $1 could not be installed; see pip's message above."
    printf '%s' "$wanted" >"$stamp"
}
