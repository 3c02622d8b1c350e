# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values from YAML, extra variables and surveys, through modules and roles, in real playbooks."""

from __future__ import annotations

import datetime
import json
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.backupops.vbo365.plugins.module_utils._input._argspec import ArgSpec
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._options import BULK_JOB_OPTIONS

from ..contract.documents import COLLECTION, MODULES, ROOT
from ..execution.playbooks import CONTROLLER, MODULE, Playbooks
from ..support.sandbox import PASSWORD, USERNAME, Sandbox, Server

CONTOSO = "contoso.onmicrosoft.com"
SECRET = "contoso"
TENANT = {"name": "Tenant", "organization": CONTOSO}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Sandbox]:
    servers = [{"name": name, "versions": ["v8"]} for name in ("a", "b")]
    with Sandbox(tmp_path_factory.mktemp("sandbox"), servers) as running:
        yield running


@pytest.fixture
def server(sandbox: Sandbox) -> Server:
    for one in sandbox.servers.values():
        one.reset()
    return sandbox.servers["a"]


@pytest.fixture
def playbooks(folder: Path, server: Server) -> Playbooks:
    return Playbooks(folder, server)


def role(name: str, **variables: t.Any) -> dict[str, t.Any]:
    return {"name": name, "ansible.builtin.include_role": {"name": f"{COLLECTION}.{name}"}, "vars": variables}


def jobs(server: Server) -> dict[str, t.Any]:
    return {job["name"]: job for job in server.state()["jobs"]}


# --- texts that YAML reads as something else -----------------------------------------------------------------------

#: off, 0755, 1.50 and 2026-11-03 without quotes
OTHERS = [False, 493, 1.5, datetime.date(2026, 11, 3)]


def texts(options: dict[str, t.Any], path: str = "") -> t.Iterator[str]:
    """Return the paths of all options of text types."""
    for name, option in options.items():
        here = f"{path}.{name}" if path else name
        several = "[0]" if option["type"] == "list" else ""
        if "options" in option:
            yield from texts(option["options"], here + several)
        elif option.get("elements", option["type"]) == "str" and "choices" not in option:
            yield here + several


def nested(path: str, value: t.Any) -> t.Any:
    """Return options in which only the one at this path is given."""
    name, _dot, rest = path.partition(".")
    inner = nested(rest, value) if rest else value
    return {name[:-3]: [inner]} if name.endswith("[0]") else {name: inner}


@pytest.mark.parametrize("execution", [CONTROLLER, MODULE])
def test_no_option_takes_what_is_no_text(playbooks: Playbooks, server: Server, execution: str) -> None:
    """Each module has one task in which all texts are wrong, and all of them are reported."""
    exempt = {"daily_time", "since"}
    tasks, expected = [], {}
    for module in MODULES:
        spec: ArgSpec = module.code.DEFINITION.spec
        paths = [path for path in texts(spec.options) if path.rsplit(".", 1)[-1] not in exempt]
        for start in range(0, len(paths), 8):  # a message contains at most ten
            options: dict[str, t.Any] = {}
            for number, path in enumerate(paths[start : start + 8]):
                merge(options, nested(path, OTHERS[number % 4]))
            title = f"{module.name} {start}"
            tasks.append({"name": title, f"{COLLECTION}.{module.name}": options, "ignore_errors": True})
            expected[title] = set(paths[start : start + 8])
    assert len(tasks) > 15
    run = playbooks.run(plays=[{**playbooks.play(*tasks), "module_defaults": {}}], vbo365_execution=execution)
    for title, wanted in expected.items():
        message = run.result(title)["msg"]
        assert {line.split(":")[0] for line in message.splitlines()} == wanted, message
        assert not any(line.startswith("password") and "493" in line for line in message.splitlines())
    assert not server.log()


def merge(below: t.Any, above: t.Any) -> None:
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            merge(below[key], value)
        elif isinstance(value, list) and isinstance(below.get(key), list) and isinstance(value[0], dict):
            merge(below[key][0], value[0])
        else:
            below[key] = value


def test_jobs_and_templates_with_what_is_no_text(playbooks: Playbooks, server: Server) -> None:
    """YAML as people write it, through the role: nothing is planned, and each mistake is reported with its path."""
    text = """
    - {name: off, organization: no}
    - {name: 0755, description: 12:30}
    - {name: 1_000, proxy: 1.0e+3}
    - {name: 0x1F}
    - {template: mine, vars: {org: no, number: 010}}
    """
    declared = yaml.safe_load(text)
    assert declared[1]["name"] == 493 and declared[0]["name"] is False
    folder = playbooks.folder / "vars.yml"
    folder.write_text(f"vbo_jobs_list:{text}", encoding="utf-8")
    run = playbooks.run(
        role(
            "vbo_jobs", vbo_jobs_connection=playbooks.connection(), vbo_job_templates_custom={"mine": {"name": "{org}"}}
        ),
        arguments=(f"-e@{folder}",),
        fails=True,
    )
    for path in (
        *("[0].name", "[0].organization", "[1].name", "[1].description", "[2].name", "[2].proxy", "[3].name"),
        *("[4].vars.org", "[4].vars.number"),
    ):
        assert f"jobs{path}: " in run.output
    assert not server.log()


# --- what is left out ----------------------------------------------------------------------------------------------


def test_omit_in_lists_of_jobs(playbooks: Playbooks, server: Server) -> None:
    """An option that a job omits is omitted at every depth, in the module and through the roles."""
    out = "{{ note | default(omit) }}"
    declared = {
        **TENANT,
        "description": out,
        "repository": out,
        "selected_items": out,
        "schedule_policy": {"daily_time": out, "retry_number": 4, "backup_window": out},
        "copy_job": out,
    }
    connection = playbooks.connection()
    before = jobs(server)["Tenant"]
    run = playbooks.run(
        role("vbo_jobs", vbo_jobs_connection=connection, vbo_jobs_list=[declared]),
        {"name": "module", f"{COLLECTION}.vbo_jobs": {"jobs": [declared]}},
        role("vbo_drift", vbo_drift_connection=connection, vbo_drift_jobs=[declared]),
        {"name": "report", "ansible.builtin.debug": {"var": "vbo_drift_report.totals"}},
    )
    assert not run.result("module")["changed"]
    totals = run.result("report")["vbo_drift_report.totals"]
    assert totals["jobs"] == totals["unexpected"] + 1 and not totals["changed"]
    after = jobs(server)["Tenant"]
    assert after["schedule_policy"]["retry_number"] == 4
    changed = {key for key in after if after[key] != before[key]}
    assert changed <= {"schedule_policy", "next_run", "e_tag"}, changed
    assert "omit" not in json.dumps(server.state()).casefold()


# --- extra variables and surveys -----------------------------------------------------------------------------------


def test_patterns_with_blanks_protect(playbooks: Playbooks, server: Server) -> None:
    """C(vbo_jobs_protected=Fin*, Tenant): the blank is ignored, and an empty text is rejected."""
    common = {
        "vbo_jobs_connection": json.dumps(playbooks.connection(password=PASSWORD)),
        "vbo_jobs_list": [{**TENANT, "state": "present"}],
        "vbo_jobs_max_deletions": "100",
        "vbo_jobs_scope": json.dumps({"organizations": [CONTOSO]}),
    }
    common["vbo_jobs_list"] = [{"name": "Everything selected", "organization": CONTOSO}]
    before = set(jobs(server))
    for wrong in ("", " ", "Tenant,,x"):
        run = playbooks.run(
            role("vbo_jobs", **common),
            arguments=("-e", "vbo_jobs_prune=true", "-e", f"vbo_jobs_protected='{wrong}'"),
            fails=True,
        )
        assert "protected[" in run.output
    assert set(jobs(server)) == before
    playbooks.run(
        role("vbo_jobs", **common), arguments=("-e", "vbo_jobs_prune=true", "-e", "vbo_jobs_protected='Fin*, Tenant'")
    )
    left = set(jobs(server))
    assert {"Finance mail", "Tenant", "Everything selected"} <= left and len(left) < len(before)


def test_role_variables_as_texts(playbooks: Playbooks, server: Server, tmp_path: Path) -> None:
    """C(-e KEY=VALUE) and surveys: all values are texts; a wrong one stops the play before any request."""
    connection = json.dumps(playbooks.connection(password=PASSWORD))
    drift = role("vbo_drift", vbo_drift_connection=connection, vbo_drift_jobs=[{**TENANT, "enabled": "yes"}])
    scope = json.dumps({"organizations": CONTOSO, "name": "Ten*"})
    folders = f"vbo_drift_directory={tmp_path}/drift vbo_export_directory={tmp_path}/export"
    for wrong in ("vbo_drift_formats=json,pdf", "vbo_drift_ignore=", "vbo_drift_scope=all"):
        run = playbooks.run(drift, arguments=("-e", wrong), fails=True)
        assert wrong.partition("=")[0] in run.output
    assert not server.log()
    playbooks.run(
        drift,
        role("vbo_export", vbo_export_connection=connection),
        arguments=("-e", "vbo_drift_formats=json,html", "-e", folders, "-e", f"vbo_drift_scope='{scope}'"),
    )
    assert sorted(path.name for path in (tmp_path / "drift").iterdir()) == ["drift.html", "drift.json"]
    report = json.loads((tmp_path / "drift" / "drift.json").read_text(encoding="utf-8"))
    assert report["totals"]["jobs"] == 1 and report["totals"]["ok"] == 1, report
    assert (tmp_path / "export" / "localhost.yml").exists()


# --- once for the whole run ----------------------------------------------------------------------------------------


@pytest.fixture
def inventory(sandbox: Sandbox, server: Server, tmp_path: Path) -> Path:
    hosts = {
        name: {
            "vbo_jobs_list": [{**TENANT, "description": "changed"}],
            "vbo365_connection": {"url": one.url, "ca_path": one.ca_path, "username": USERNAME, "password": PASSWORD},
        }
        for name, one in sandbox.servers.items()
    }
    path = tmp_path / "hosts.yml"
    path.write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    return path


def playbook(playbooks: Playbooks, name: str, *arguments: str, **keywords: t.Any) -> t.Any:
    """Run a playbook of the collection."""
    imported = [{"name": name, "ansible.builtin.import_playbook": f"{COLLECTION}.{name}"}]
    return playbooks.run(plays=imported, arguments=arguments, **keywords)


def test_the_name_of_a_rollout_is_evaluated_once(
    playbooks: Playbooks, sandbox: Sandbox, inventory: Path, tmp_path: Path
) -> None:
    """A template with the time gives one name for all servers and waves, so that a rollback finds its snapshots."""
    folder = tmp_path / "rollouts"
    clock = "CHG-{{ now(utc=true).strftime('%H%M%S%f') }}"
    playbook(
        playbooks,
        "rollout",
        "-i",
        str(inventory),
        "--limit",
        "a,b",
        "-e",
        json.dumps({"vbo_rollout_id": clock}),
        "-e",
        f"vbo_rollout_directory={folder}",
        "-e",
        '{"vbo_rollout_waves": [1, 1]}',
    )
    (only,) = folder.iterdir()
    assert sorted(path.name for path in only.iterdir()) == ["a.yml", "b.yml", "report.json", "report.md"]
    for one in sandbox.servers.values():
        assert jobs(one)["Tenant"]["description"] == "changed"
    playbook(
        playbooks,
        "rollout_restore",
        "-i",
        str(inventory),
        "--limit",
        "a,b",
        "-e",
        f"vbo_rollout_id={only.name}",
        "-e",
        f"vbo_rollout_directory={folder}",
    )
    for one in sandbox.servers.values():
        assert jobs(one)["Tenant"]["description"] != "changed"


# --- strategy ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((ROOT / "playbooks").glob("*.yml")), ids=lambda path: path.stem)
def test_playbooks_set_their_strategy(path: Path) -> None:
    for play in yaml.safe_load(path.read_text(encoding="utf-8")):
        assert play["strategy"] == "ansible.builtin.linear"


def test_a_strategy_that_does_not_wait(playbooks: Playbooks, server: Server, inventory: Path, tmp_path: Path) -> None:
    """One from ansible.cfg does not affect our playbooks; one in the user's play is rejected before any request."""
    playbooks.environment["ANSIBLE_STRATEGY"] = "free"
    common = ("-i", str(inventory), "--limit", "a,b", "-e", f"vbo_drift_directory={tmp_path}/drift")
    playbook(playbooks, "drift", *common)
    report = json.loads((tmp_path / "drift" / "drift.json").read_text(encoding="utf-8"))
    assert not report["totals"]["unreachable"] and report["totals"]["servers"] == 2
    asked = len(server.log())
    for name, variables in (("vbo_drift", {}), ("vbo_rollout", {"vbo_rollout_id": "one"})):
        play = {**playbooks.play(role(name, **variables), hosts="a,b"), "module_defaults": {}}
        run = playbooks.run(plays=[play], arguments=common, fails=True)
        assert "write strategy: linear" in run.output
    assert len(server.log()) == asked


# --- a password that is a part of names ----------------------------------------------------------------------------


def test_masked_names_reach_no_file_and_no_server(folder: Path, tmp_path: Path) -> None:
    """With such a password, nothing is exported, no snapshot is written, no report shows masked names as real ones."""
    with Sandbox(tmp_path / "sandbox", [{"name": "main", "versions": ["v8"]}], password=SECRET) as sandbox:
        server = sandbox.servers["main"]
        playbooks = Playbooks(folder, server, password=SECRET)
        connection = playbooks.connection()
        before = server.state()
        roles = [
            role("vbo_export", vbo_export_connection=connection, vbo_export_directory=f"{tmp_path}/export"),
            role(
                "vbo_rollout",
                vbo_rollout_connection=connection,
                vbo_rollout_id="one",
                vbo_rollout_directory=f"{tmp_path}/rollouts",
                vbo_rollout_jobs=[{**TENANT, "description": "changed"}],
            ),
        ]
        for one in roles:
            run = playbooks.run(one, arguments=(), fails=True, warns=True)
            assert "password" in run.output
        run = playbooks.run(
            role(
                "vbo_drift", vbo_drift_connection=connection, vbo_drift_directory=f"{tmp_path}/drift", vbo_drift_jobs=[]
            ),
            arguments=(),
            warns=True,
        )
        report = json.loads((tmp_path / "drift" / "drift.json").read_text(encoding="utf-8"))
        assert [(one["state"], one["jobs"]) for one in report["servers"]] == [("failed", [])]
        assert "password" in report["servers"][0]["message"]
        for execution in (CONTROLLER, MODULE):
            task = {"name": "masked", f"{COLLECTION}.vbo_job": {"name": "********-exchange", "description": "x"}}
            run = playbooks.run(task, fails=True, vbo365_execution=execution)
            assert run.result("masked")["error"]["option"] == "name"
            task = {"name": "read", f"{COLLECTION}.vbo_job_info": {}}
            run = playbooks.run(task, warns=True, arguments=(), vbo365_execution=execution)
            assert "occurs in names or other texts" in run.output
        assert not (tmp_path / "export").exists()
        assert not list((tmp_path / "rollouts").rglob("*.yml"))
        assert server.state()["jobs"] == before["jobs"]


def test_every_list_of_jobs_has_the_same_texts() -> None:
    assert "copy_job.repository" in set(texts(BULK_JOB_OPTIONS))
