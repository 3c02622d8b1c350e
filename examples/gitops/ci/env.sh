# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# shellcheck shell=bash
# Sourced by the scripts: they run in the repository's root, with what ci/setup has installed if it was run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ -d .venv ]; then PATH=$PWD/.venv/bin:$PATH; fi

play() { # PLAYBOOK... [OPTION...]: on all servers
    ansible-playbook "$@" -e vbo365_hosts=vbo365
}

summary() { # FILE: shown on the page of the run, where GitHub is
    if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$1" ]; then cat "$1" >>"$GITHUB_STEP_SUMMARY"; fi
}
