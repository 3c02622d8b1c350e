# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role vbo_drift: every server is in the report whatever happens to it, and nothing is written to any server."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from .playbooks import Playbooks, Run, Task

CONTOSO = "contoso.onmicrosoft.com"
FILES = ("drift.html", "drift.json", "drift.junit.xml", "drift.md", "drift.sarif")
#: the jobs of the small company of the sandbox, unchanged
SAME: Task = {"name": "Tenant", "organization": CONTOSO, "schedule_policy": {"daily_time": "03:00"}}
OTHER: Task = {"name": "Finance mail", "organization": CONTOSO, "schedule_policy": {"daily_time": "23:45"}}
NEW: Task = {
    "name": "New",
    "organization": CONTOSO,
    "repository": "repo-fra-01",
    "backup_type": "entire_organization",
    "schedule_policy": {"daily_time": "01:00"},
}
TENANT = {"organizations": [CONTOSO], "name": "Tenant"}
NOWHERE = "https://127.0.0.1:9"


@pytest.fixture
def drift(playbooks: Playbooks, tmp_path: Path) -> t.Callable[..., Run]:
    """Run the role; localhost is a good server, and the arguments describe the others."""

    def run(jobs: t.Sequence[Task], hosts: str = "localhost", **variables: t.Any) -> Run:
        keywords = {key: variables.pop(key) for key in ("fails", "arguments") if key in variables}
        entry = variables.pop("tasks_from", "main")
        servers = {
            "localhost": playbooks.connection(),
            "second": playbooks.connection(url=NOWHERE, retries=0),
            "third": playbooks.connection(password="wrong-Harbor-Kite-5521"),
        }
        play = {
            "name": "Drift",
            "hosts": hosts,
            "gather_facts": False,
            "vars": {
                "vbo365_connection": "{{ servers[inventory_hostname] }}",
                "servers": servers,
                "vbo_jobs_list": jobs,
            },
            "tasks": [
                {
                    "name": "Drift",
                    "ansible.builtin.include_role": {"name": "backupops.vbo365.vbo_drift", "tasks_from": entry},
                }
            ],
        }
        variables.setdefault("vbo_drift_directory", str(tmp_path / "report"))
        return playbooks.run(plays=[play], **keywords, **variables)

    return run


def read(folder: Path) -> dict[str, t.Any]:
    return json.loads((folder / "drift.json").read_text(encoding="utf-8"))


def states(found: dict[str, t.Any]) -> dict[str, str]:
    return {server["name"]: server["state"] for server in found["servers"]}


def test_every_server_is_in_the_report(drift: t.Callable[..., Run], playbooks: Playbooks, tmp_path: Path) -> None:
    run = drift([SAME, OTHER, NEW], "localhost,second,third")
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == list(FILES)
    found = read(tmp_path / "report")
    assert states(found) == {"localhost": "drift", "second": "unreachable", "third": "failed"}
    kinds = {job["name"]: job["kind"] for job in found["servers"][0]["jobs"]}
    assert (kinds["Tenant"], kinds["Finance mail"], kinds["New"]) == ("same", "changed", "missing")
    assert kinds["Engineering sites"] == "unexpected"
    assert found["servers"][0]["url"] == playbooks.server.url and found["servers"][0]["api_version"] == "v8"
    assert found["servers"][1]["message"].startswith(f"No connection to {NOWHERE}")
    assert found["summary"] in run.output
    assert playbooks.server.writes() == []
    assert not any(
        record.result.get("changed") for record in run.of("Compare the jobs of this server with the declared ones")
    )
    text = "".join((tmp_path / "report" / name).read_text(encoding="utf-8") for name in FILES)
    assert playbooks.password not in text and "wrong-Harbor" not in text


def test_a_second_run_says_the_same(drift: t.Callable[..., Run], tmp_path: Path) -> None:
    drift([SAME], vbo_drift_scope=TENANT)
    first = read(tmp_path / "report")
    drift([SAME], vbo_drift_scope=TENANT)
    second = read(tmp_path / "report")
    assert {**first, "generated": ""} == {**second, "generated": ""}
    assert states(first) == {"localhost": "ok"} and first["totals"]["jobs"] == 1


@pytest.mark.parametrize(
    ("policy", "jobs", "hosts", "fails"),
    [
        ("none", [OTHER], "localhost,second", False),
        ("drift", [SAME], "localhost,second", False),
        ("drift", [OTHER], "localhost", True),
        ("unreachable", [SAME], "localhost", False),
        ("unreachable", [SAME], "localhost,second", True),
        ("unreachable", [SAME], "localhost,third", True),
        ("unreachable", [OTHER], "localhost", True),
    ],
)
def test_what_makes_the_run_fail(
    drift: t.Callable[..., Run], tmp_path: Path, policy: str, jobs: list[Task], hosts: str, fails: bool
) -> None:
    drift(jobs, hosts, fails=fails, vbo_drift_fail_on=policy, vbo_drift_scope=TENANT)
    assert (tmp_path / "report" / "drift.html").exists(), "the report is there in any case"


def test_names_of_a_server_are_only_text(drift: t.Callable[..., Run], playbooks: Playbooks, tmp_path: Path) -> None:
    """Neither Jinja nor markup in the texts of a server is evaluated."""
    marker = tmp_path / "evaluated"
    evil = f"{{{{ lookup('ansible.builtin.pipe', 'touch {marker}') }}}}<script>alert(1)</script>"
    state = playbooks.server.state()
    for job in state["jobs"]:
        if job["name"] == "Finance mail":
            job["name"], job["description"] = evil[:250], evil
    playbooks.server.replace(state)
    drift([SAME])
    names = [job["name"] for job in read(tmp_path / "report")["servers"][0]["jobs"]]
    assert evil[:250] in names and not marker.exists()
    page = (tmp_path / "report" / "drift.html").read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page


def test_ignore_rules(drift: t.Callable[..., Run], tmp_path: Path) -> None:
    rules = [
        {"job": "Finance*", "field": "schedule_policy.daily_time", "reason": "CHG-4711", "until": "2999-12-31"},
        {"server": "*", "kind": "unexpected", "reason": "not ours yet", "until": "2999-12-31"},
        {"job": "Tenant", "reason": "done", "until": "2020-12-31"},
    ]
    drift([SAME, OTHER], fails=False, vbo_drift_ignore=rules, vbo_drift_fail_on="drift")
    found = read(tmp_path / "report")
    assert states(found) == {"localhost": "ok"} and found["totals"]["ignored"] > 1
    assert found["expired_rules"] == [{"job": "Tenant", "reason": "done", "until": "2020-12-31"}]


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        ({"vbo_drift_ignore": [{"job": "x", "until": "2999-01-01"}]}, "missing required arguments: reason"),
        ({"vbo_drift_ignore": [{"reason": "x", "until": "2999-01-01"}]}, "ignore[0]: needs at least one of"),
        ({"vbo_drift_ignore": [{"job": "x", "reason": "x", "until": "soon"}]}, "ignore[0].until: 'soon' is not a date"),
        ({"vbo_drift_formats": ["pdf"]}, "value of vbo_drift_formats must be one or more of"),
        ({"vbo_drift_fail_on": "always"}, "value of vbo_drift_fail_on must be one of"),
        ({"vbo_drift_source": "/etc/{host}.yml"}, "source: '/etc/{host}.yml' is not relative; write a path inside"),
    ],
)
def test_wrong_variables(drift: t.Callable[..., Run], variables: dict[str, t.Any], text: str) -> None:
    assert text in drift([SAME], fails=True, **variables).output


def test_a_wrong_path_is_told_before_servers_are_asked(
    drift: t.Callable[..., Run], playbooks: Playbooks, tmp_path: Path
) -> None:
    for source in ("../{host}.yml", "", "host_vars/"):
        run = drift([SAME], fails=True, vbo_drift_source=source)
        assert "source: " in run.output and not (tmp_path / "report").exists()
    assert playbooks.server.counts()["total"] == 0


def test_findings_name_the_file_of_their_server(drift: t.Callable[..., Run], tmp_path: Path) -> None:
    drift([OTHER], vbo_drift_scope={"name": "Finance mail"}, vbo_drift_source="sites/{host}/jobs.yml")
    (run,) = json.loads((tmp_path / "report" / "drift.sarif").read_text(encoding="utf-8"))["runs"]
    (place,) = run["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "sites/localhost/jobs.yml"}


def test_templates_that_cannot_be_expanded(drift: t.Callable[..., Run], tmp_path: Path) -> None:
    drift([{**SAME, "template": "no_such_template"}])
    (server,) = read(tmp_path / "report")["servers"]
    assert server["state"] == "failed" and "no_such_template" in server["message"]


def test_formats_are_chosen(drift: t.Callable[..., Run], tmp_path: Path) -> None:
    drift([SAME], vbo_drift_formats=["markdown"])
    assert [path.name for path in (tmp_path / "report").iterdir()] == ["drift.md"]


def test_permissions(drift: t.Callable[..., Run], tmp_path: Path) -> None:
    """Only the owner may read, unless configured otherwise; an existing folder keeps its permissions, files do not."""
    drift([SAME], vbo_drift_file_mode="0644", vbo_drift_formats=["json"])
    folder = tmp_path / "report"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o644]
    folder.chmod(0o755)
    drift([SAME], vbo_drift_formats=["json", "html"])
    assert folder.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_check_mode_writes_no_file(drift: t.Callable[..., Run], playbooks: Playbooks, tmp_path: Path) -> None:
    run = drift([OTHER], arguments=["--check"])
    assert not (tmp_path / "report").exists()
    assert "1 changed" in run.output and playbooks.server.writes() == []


def test_reports_of_slices_are_merged(drift: t.Callable[..., Run], tmp_path: Path) -> None:
    drift([SAME], "localhost", vbo_drift_directory=str(tmp_path / "slices" / "1"), vbo_drift_scope=TENANT)
    drift([SAME], "second", vbo_drift_directory=str(tmp_path / "slices" / "2"))
    slices = [str(tmp_path / "slices")]
    (tmp_path / "slices" / "cut_off").mkdir()
    (tmp_path / "slices" / "cut_off" / "drift.json").touch()
    drift([], tasks_from="merge", vbo_drift_slices=slices)
    found = read(tmp_path / "report")
    assert states(found) == {"localhost": "ok", "second": "unreachable"}
    drift([], tasks_from="merge", vbo_drift_slices=slices, vbo_drift_fail_on="unreachable", fails=True)


def test_there_must_be_something_to_merge(drift: t.Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    run = drift([], tasks_from="merge", vbo_drift_slices=[str(tmp_path / "empty")], fails=True)
    assert "there is no drift.json in or below" in run.output
