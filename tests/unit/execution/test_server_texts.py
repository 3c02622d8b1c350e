# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of a server are only texts: Jinja, YAML, markup and terminal sequences in them have no effect."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import Text
from ansible_collections.backupops.vbo365.plugins.module_utils._spelling import snake

from ..contract.documents import KINDS, MODULES
from ..plugins.modules.samples import SAMPLES
from ..support.full import FULL
from .playbooks import CONTROLLER, JOB, MODULE, Playbooks, Run, Task

JOBS = "backupops.vbo365.vbo_jobs"
MARKER = "EvaluatedHere4711"
#: texts that Ansible, YAML, a browser, Markdown or a terminal could interpret
TEXTS = (
    "{{ 1/0 }}",
    f"{{{{ lookup('ansible.builtin.pipe', 'touch {MARKER}') }}}}",
    f"{{{{ '{MARKER[:9]}' ~ '{MARKER[9:]}' }}}}",
    "{{ not_a_variable }}{% for",
    "{# gone #}",
    f"#jinja2:variable_start_string:'[%',variable_end_string:'%]'\n[% '{MARKER[:9]}' ~ '{MARKER[9:]}' %]",
    "!unsafe x",
    f"!!python/object/apply:os.system ['touch {MARKER}']",
    "&a *a",
    "%",
    "- x",
    "yes",
    "1e3",
    "2020-01-01",
    "22:00",
    "null",
    "<script>document.title = 'ran'</script>",
    "\"><img src='https://127.0.0.1:9/x' onerror=\"document.title = 'ran'\">",
    "[a](javascript:alert(1))|`b``c",
    "]]></x>--!></textarea></title></style>",
    "\x1b[31mred\x1b]0;title\x07",
)
#: texts of a server that people have chosen, by their place in its state
PLACES: dict[str, tuple[str, ...]] = {
    "organizations": ("name", "office_name", "description"),
    "organizations.users": ("display_name", "office"),
    "organizations.groups": ("display_name",),
    "organizations.sites": ("title",),
    "organizations.teams": ("display_name",),
    "repositories": ("name", "description"),
    "proxies": ("host_name", "description"),
    "proxy_pools": ("name", "description"),
    "sessions.log": ("message",),
    **{
        SAMPLES[kind.noun].state[0]: tuple(snake(field.key) for field in kind.fields if isinstance(field, Text))
        for kind in (module.kind for module in KINDS if module.kind)
    },
}
OBJECTS, JOB_INFO = "vbo_organization_object_info", "vbo_job_info"
#: arguments of every module that only reads, jobs last; objects are requested for each type
INFO: dict[str, Task] = {
    **{
        module.name: {}
        for module in MODULES
        if module.name.endswith("_info") and module.name not in (OBJECTS, JOB_INFO)
    },
    "vbo_job_session_info": {"log_items": True},
    JOB_INFO: {"items": True, "last_session": True},
}


def spoil(state: Task) -> None:
    """A job with each text, and one of the texts everywhere else; names in a list stay different."""
    pattern = next(job for job in state["jobs"] if job["name"] == "Finance mail")
    jobs = [
        {**pattern, "id": f"00000000-0000-4000-8000-{number:012d}", "name": text, "description": text}
        for number, text in enumerate(TEXTS)
    ]
    state["jobs"] += json.loads(json.dumps(jobs))
    for place, keys in PLACES.items():
        things = [state]
        for part in place.split("."):
            things = [entry for thing in things for entry in thing.get(part, [])]
        assert things, place
        for number, thing in enumerate(things):
            text = TEXTS[number % len(TEXTS)] + " " * (number >= len(TEXTS)) + str(number // len(TEXTS) or "")
            thing.update(dict.fromkeys(keys, text))


@pytest.fixture
def spoilt(playbooks: Playbooks) -> Playbooks:
    """Playbooks against a server in which all texts are hostile."""
    state = playbooks.server.state()
    spoil(state)
    playbooks.server.replace(state)
    return playbooks


def assert_not_evaluated(run: Run, folder: Path) -> None:
    """Nothing was executed, and the output has no control sequences for terminals."""
    assert not [path for path in folder.rglob("*") if path.name == MARKER], "a command of a server has run"
    assert MARKER not in run.output.replace(f"touch {MARKER}", ""), "a template of a server was evaluated"
    for found in re.finditer("[\x00-\x08\x0b-\x1f\x7f-\x9f]", run.output):
        raise AssertionError(f"a terminal would obey: {run.output[found.start() - 300 :][:400]!r}")


@pytest.mark.parametrize("way", [CONTROLLER, MODULE] if FULL else [CONTROLLER], indirect=True)
def test_results_are_texts(spoilt: Playbooks, way: str) -> None:
    """They equal the texts of the server: registered, shown, in loops and as arguments."""
    objects = [
        {"name": f"objects {kind}", f"backupops.vbo365.{OBJECTS}": options}
        for kind in ("user", "group", "site", "team")
        for options in [{"organization": "{{ found.jobs[0].organization }}", "type": kind}]
    ]
    tasks: list[Task] = [
        *({"name": name, f"backupops.vbo365.{name}": given, "register": "found"} for name, given in INFO.items()),
        *objects,
        {"name": "show", "ansible.builtin.debug": {"var": "found"}},
        {"name": "show in a text", "ansible.builtin.debug": {"msg": "Found {{ found }}"}},
        {"name": "keep", "ansible.builtin.set_fact": {"kept": "{{ found.config }}"}},
        {"name": "give all back", JOBS: {"jobs": "{{ kept }}"}},
        {
            "name": "give each back",
            JOB: {key: f"{{{{ item.{key} }}}}" for key in ("name", "organization", "repository", "description")},
            "loop": "{{ kept }}",
            "loop_control": {"label": "a job"},
        },
        {
            "name": "write each",
            JOB: {
                "name": "{{ item.name }}",
                "organization": "{{ item.organization }}",
                "description": "Now {{ item.name }}",
            },
            "loop": "{{ kept[:8] }}",
        },
        {"name": "none", JOB: {"name": "{{ kept[0].organization }}", "repository": "x"}, "ignore_errors": True},
    ]
    run = spoilt.run(*tasks, arguments=("-vvv", "--diff"), vbo365_execution=way)
    assert_not_evaluated(run, spoilt.folder)
    names = {job["name"] for job in run.result("vbo_job_info")["config"]}
    assert set(TEXTS) < names == {entry["name"] for entry in run.result("give all back")["jobs"]}
    assert not run.result("give all back")["changed"] and not run.result("give each back")["changed"]
    truth = {job["name"]: job.get("description") for job in spoilt.server.state()["jobs"]}
    written = [entry["job"] for entry in run.result("write each")["results"]]
    assert [truth[job["name"]] for job in written] == [f"Now {job['name']}" for job in written]
    shown = json.dumps([record.result for record in run.records], ensure_ascii=False)
    assert all(json.dumps(text, ensure_ascii=False)[1:-1] in shown for text in TEXTS)


def texts_of(state: Task) -> Task:
    return {job["id"]: (job["name"], job.get("description")) for job in state["jobs"]}


def test_roles_keep_texts(spoilt: Playbooks, tmp_path: Path) -> None:
    """Exported and applied, compared, rolled out and rolled back: every text stays unchanged."""
    (tmp_path / "hosts.yml").write_text(
        yaml.safe_dump({"all": {"hosts": {"one": {"ansible_connection": "local"}}}}), encoding="utf-8"
    )
    variables = {
        "vbo365_hosts": "one",
        "vbo365_connection": spoilt.connection(),
        "vbo_export_directory": str(tmp_path / "host_vars"),
        "vbo_drift_directory": str(tmp_path / "drift"),
        "vbo_rollout_directory": str(tmp_path / "rollouts"),
        "vbo_rollout_id": "one",
    }
    before = spoilt.server.state()
    arguments = ("-vv", "--diff", f"--inventory={tmp_path}/hosts.yml")

    def run(*names: str, **more: t.Any) -> Run:
        plays = [{"name": name, "import_playbook": f"backupops.vbo365.{name}"} for name in names]
        done = spoilt.run(plays=plays, arguments=arguments, **{**variables, **more})
        assert_not_evaluated(done, tmp_path)
        return done

    run("export")
    applied = run("apply", "validate").result("backupops.vbo365.vbo_jobs : Apply the declared jobs to this server")
    assert not applied["changed"] and {job["name"] for job in applied["jobs"]} > set(TEXTS)
    assert spoilt.server.state() == before
    run("drift", vbo_jobs_list=[])
    (server,) = json.loads((tmp_path / "drift" / "drift.json").read_text(encoding="utf-8"))["servers"]
    assert {job["name"] for job in server["jobs"]} > set(TEXTS)
    described = "{{ vbo_jobs_list | map('combine', {'description': 'Rolled out'}) | list }}"
    run("rollout", vbo_rollout_jobs=described)
    assert {job.get("description") for job in spoilt.server.state()["jobs"]} == {"Rolled out"}
    run("rollout_restore", vbo_rollout_jobs=described)
    assert texts_of(spoilt.server.state()) == texts_of(before)


def test_messages_are_texts(playbooks: Playbooks, way: str) -> None:
    """Ansible prints them unchanged."""
    order = "\x1b[31mred\x1b]0;title\x07\x9b2J {{ 1/0 }}"
    server = playbooks.server
    state = server.state()
    state["jobs"][0]["name"] = order
    server.replace(state)
    refused = {"match": {"method": "PUT"}, "then": {"status": 400, "body": {"message": order}}}
    server.control("PUT", "faults", [refused])
    tasks: list[Task] = [
        {"name": "refused", JOB: {"name": "Tenant", "description": "x"}, "ignore_errors": True},
        {"name": "header", JOB: {"name": "{{ odd_name }}", "description": "x"}, "check_mode": True},
    ]
    playbooks.secrets = {"odd_name": order}
    run = playbooks.run(*tasks, arguments=("-vvv", "--diff"), vbo365_execution=way)
    seen = run.output.replace(json.dumps(order, ensure_ascii=False)[1:-1], "")  # as JSON data, by Ansible itself
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", seen), seen
    assert r"\x1b[31mred" in run.result("refused")["msg"]
    assert r"\x1b[31mred" in run.result("header")["diff"]["before_header"]
