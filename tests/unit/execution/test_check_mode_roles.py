# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In check mode, roles write nothing to servers or folders, wherever a playbook sets it."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from .playbooks import COLLECTION, Playbooks, Task

APPLY = "backupops.vbo365.vbo_jobs : Apply the declared jobs to this server"
JOBS = [{"name": "Tenant", "organization": "contoso.onmicrosoft.com", "description": "Look only"}]
ROLES: dict[str, dict[str, t.Any]] = {
    "vbo_jobs": {"vbo_jobs_list": JOBS},
    "vbo_rollout": {"vbo_jobs_list": JOBS, "vbo_rollout_id": "r1"},
}


def use(role: str, playbooks: Playbooks, folder: Path, how: str = "include", **more: t.Any) -> Task:
    given = {f"{role}_connection": playbooks.connection(), **ROLES[role]}
    if role == "vbo_rollout":
        given["vbo_rollout_directory"] = str(folder)
    name = {"name": f"backupops.vbo365.{role}", **more}
    return {"name": "Role", f"ansible.builtin.{how}_role": name, "vars": given}


@pytest.mark.parametrize("role", ROLES)
def test_check_mode_of_play_block_and_include(playbooks: Playbooks, tmp_path: Path, role: str) -> None:
    plays = [
        playbooks.play(use(role, playbooks, tmp_path / "files"), check_mode=True),
        playbooks.play({"name": "Block", "check_mode": True, "block": [use(role, playbooks, tmp_path / "files")]}),
        playbooks.play({**use(role, playbooks, tmp_path / "files", "import"), "check_mode": True}),
        playbooks.play(use(role, playbooks, tmp_path / "files", apply={"check_mode": True})),
    ]
    run = playbooks.run(plays=plays, arguments=())
    server = playbooks.server
    assert server.counts()["total"] > 0 and server.writes() == [] and not (tmp_path / "files").exists()
    if role == "vbo_rollout":
        assert run.output.count("1 planned") == len(plays)
    else:
        assert [record.result["summary"]["update"] for record in run.of(APPLY)] == [1] * len(plays)


@pytest.mark.parametrize("role", ROLES)
def test_check_mode_of_a_play_wins_over_the_command_line(playbooks: Playbooks, tmp_path: Path, role: str) -> None:
    play = playbooks.play(use(role, playbooks, tmp_path / "files"), check_mode=False)
    playbooks.run(plays=[play], arguments=["--check"])
    truth = playbooks.server.job("Tenant")
    assert truth is not None and truth["description"] == "Look only"
    assert (tmp_path / "files").exists() == (role == "vbo_rollout")


def test_roles_ask_their_tasks_whether_they_are_in_check_mode() -> None:
    """The variable ansible_check_mode reflects only the command line."""
    files = sorted((COLLECTION / "roles").glob("*/*/*.yml"))
    assert len(files) > 30
    assert [str(path) for path in files if "ansible_check_mode" in path.read_text(encoding="utf-8")] == []
