# shellcheck shell=bash
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Sourced by the other scripts: where things are, and the functions that make environments.
# All generated files are in one build folder outside the checkout.

set -euo pipefail
umask 022

die() {
    printf 'vbo365: %s\n' "$*" >&2
    exit 1
}

need() { # COMMAND DEBIAN-PACKAGE
    command -v "$1" >/dev/null 2>&1 || die "'$1' is missing: install the Debian package '$2' (apt-get install $2)."
}

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
if [ -z "${VBO365_BUILD:-}" ]; then
    [ -n "${XDG_CACHE_HOME:-${HOME:-}}" ] || die "HOME is not set: set it, or name a build folder in VBO365_BUILD."
    # a blank in the path would break the scripts that some packages install
    name=$(basename "$ROOT" | tr -c 'A-Za-z0-9._\n-' -)
    VBO365_BUILD=${XDG_CACHE_HOME:-$HOME/.cache}/backupops-vbo365/$name-$(printf %s "$ROOT" | sha256sum | cut -c 1-8)
fi
BUILD=$(realpath -m "$VBO365_BUILD")
VENV=$BUILD/venv-dev
FARM=$BUILD/farm

# Ansible refuses every other kind of locale.
export LC_ALL=C.UTF-8

make_build_folder() {
    case $BUILD/ in
    "$ROOT"/*) die "The build folder $BUILD lies inside the checkout: name another one in VBO365_BUILD." ;;
    esac
    if [ ! -e "$BUILD/.vbo365-build" ]; then
        # `make clean` removes the whole folder, so it must never be one that holds something else.
        [ -z "$(ls -A "$BUILD" 2>/dev/null)" ] || die "The build folder $BUILD is not empty and was not made here: name another one in VBO365_BUILD."
        mkdir -p "$BUILD" || die "The build folder $BUILD cannot be created: name another one in VBO365_BUILD."
        touch "$BUILD/.vbo365-build"
    fi
}

is_python() { # PYTHON MINOR: does it really run (pyenv has shims that do not), and is it at least 3.MINOR?
    "$1" -c "import sys; sys.exit(sys.version_info < (3, $2))" >/dev/null 2>&1
}

find_python() { # prints the Python that the environments are made from
    local python reason="Python 3.11 or newer is missing: install the Debian packages 'python3' and 'python3-venv' (apt-get install python3-venv)."
    for python in /usr/bin/python3 python3; do
        is_python "$python" 11 || continue
        if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            printf '%s\n' "$python"
            return
        fi
        reason="The Python modules 'venv' and 'ensurepip' are missing: install the Debian package 'python3-venv' (apt-get install python3-venv)."
    done
    die "$reason"
}

make_venv() { # NAME [PYTHON]: an environment with exactly what requirements/NAME.txt says, made again when that changes
    local name=$1 python=${2:-} venv=$BUILD/venv-$1 stamp
    [ -n "$python" ] || python=$(find_python)
    stamp="$("$python" -c 'import sys; print(sys.executable, sys.version)' | tr '\n' ' ') $(sha256sum <"$ROOT/requirements/$name.txt")"
    (
        if command -v flock >/dev/null 2>&1; then flock 9; fi
        [ "$(cat "$venv/.stamp" 2>/dev/null)" != "$stamp" ] || exit 0
        printf 'vbo365: making the environment %s (once)\n' "$venv" >&2
        rm -rf "$venv"
        "$python" -m venv "$venv"
        "$venv/bin/python" -m pip --disable-pip-version-check install -qq --require-hashes -r "$ROOT/requirements/$name.txt" ||
            die "Installing the packages of requirements/$name.txt failed (see above): is the Python package index reachable?"
        printf '%s\n' "$stamp" >"$venv/.stamp"
    ) 9>"$BUILD/lock-$name"
}

make_farm() { # Ansible finds a collection only below .../ansible_collections/NAMESPACE/NAME
    local link=$FARM/ansible_collections/backupops/vbo365
    mkdir -p "${link%/*}" "$BUILD/home"
    [ "$(readlink "$link" || true)" = "$ROOT" ] || ln -sfn "$ROOT" "$link"
    [ -e "$BUILD/ansible.cfg" ] || printf '[defaults]\n' >"$BUILD/ansible.cfg"
}

clean_environment() { # what the user set for real servers and other projects must not reach tests
    local name
    for name in $(compgen -e); do
        case $name in
        VBO365_BUILD | VBO365_OPENAPI_DIR | VBO365_BENCH_* | VBO365_TEST_*) ;;
        ANSIBLE_* | VBO365_* | MOLECULE_* | PYTHONPATH | PYTHONHOME) unset "$name" ;;
        esac
    done
}

enter() { # the development environment, made when needed
    local python
    python=$(find_python)
    make_build_folder
    make_venv dev "$python"
    make_farm
    clean_environment
    export VBO365_BUILD=$BUILD
    export VIRTUAL_ENV=$VENV PATH=$VENV/bin:$PATH
    # the overlay holds packages in other versions than the environment has
    export PYTHONPATH=${VBO365_TEST_OVERLAY:+$VBO365_TEST_OVERLAY:}$FARM:$ROOT/roles/vbo_sandbox/files
    export ANSIBLE_COLLECTIONS_PATH=$FARM ANSIBLE_HOME=$BUILD/home/.ansible ANSIBLE_CONFIG=$BUILD/ansible.cfg
}

project_files() { # what Git knows or would take, separated by NUL, without what is deleted but not committed yet
    local file
    need git git
    # safe.directory: the checkout may belong to another user
    git -c safe.directory="$ROOT" -C "$ROOT" ls-files -z --cached --others --exclude-standard 2>/dev/null |
        while IFS= read -r -d '' file; do
            if [ -e "$ROOT/$file" ] || [ -L "$ROOT/$file" ]; then printf '%s\0' "$file"; fi
        done || die "$ROOT is not a Git checkout: clone the repository, or run 'git init' in it."
}

stage() { # DIR: a copy of the project below DIR/ansible_collections, for tools that refuse symbolic links
    local target=$1/ansible_collections/backupops/vbo365
    rm -rf "$target"
    mkdir -p "$target"
    project_files | tar -C "$ROOT" --null -T - -cf - | tar -C "$target" -xf -
}

# shellcheck disable=SC2034 # pip is used by the script that sources this
core_python() { # CORE: sets python, minor and pip for a version of ansible-core; fails when no Python for it is installed
    local core=$1 minors folder candidate search='' folders
    # the Python versions that the core's controller side supports, and the pip that its ansible-test installs
    case $core in
    2.17) minors="11 12 10" pip=23.1.2 ;;
    2.19) minors="11 12 13" pip=24.2 ;;
    2.21) minors="13 12 14" pip=25.2 ;;
    *) die "ansible-core $core is not one of 2.17, 2.19, 2.21." ;;
    esac
    # pyenv's shims exist for every version but run only for the chosen one; use the real folders behind them.
    IFS=: read -ra folders <<<"$PATH"
    for folder in "${folders[@]}"; do
        case $folder in
        */shims) ;;
        *) search=$search:$folder ;;
        esac
    done
    for folder in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.*/bin; do
        [ ! -d "$folder" ] || search=$search:$folder
    done
    export PATH=${search#:}
    for minor in $minors; do
        for candidate in "/usr/bin/python3.$minor" "$(command -v "python3.$minor" || true)"; do
            if [ -n "$candidate" ] && is_python "$candidate" "$minor" && "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
                python=$candidate
                return
            fi
        done
    done
    printf 'SKIPPED: ansible-core %s: none of Python 3.%s is installed with venv.\n' "$core" "${minors// /, 3.}" >&2
    return 77
}
