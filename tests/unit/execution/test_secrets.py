# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Password and token are in no result and no output, whatever they look like and wherever they come from."""

from __future__ import annotations

import json
import subprocess
import typing as t
from pathlib import Path

import pytest

from ..support.sandbox import PASSWORD, USERNAME, Sandbox, Server
from .playbooks import CONTROLLER, JOB, JOB_INFO, MODULE, Playbooks, Run, Vault, binaries, task

MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
#: passwords of each kind that some layer could misinterpret
STRANGE = {
    "quotes": "Tin'Drum\"Lantern`4471",
    "backslashes": "Maple\\River\\\\n\\t\\u0041-Cedar",
    "unicode": "Grüße-Ελλάδα-雪-7719",
    "template": "Opal{{ lookup('env', 'HOME') }}{% raw %}Stone",
    # ansible-core before 2.19 turns a text like {"a": 1} into a mapping, for every module
    "json": 'x{"Amber": ["Falcon", 9931]}',
    "blanks": "  Granite & Willow $HOME #22 ",
}
FAILS: dict[str, t.Any] = {"ignore_errors": True}


def assert_hidden(run: Run, *secrets: str) -> None:
    """None of the secrets is anywhere, neither literally nor as JSON or Python writes it."""
    text = run.output + json.dumps([record.result for record in run.records], ensure_ascii=False)
    for secret in secrets:
        for form in (
            secret,
            json.dumps(secret)[1:-1],
            json.dumps(secret, ensure_ascii=False)[1:-1],
            repr(secret)[1:-1],
        ):
            for each in (form, form.replace("\\", "\\\\"), json.dumps(form)[1:-1]):
                assert each not in text, f"{each} is in\n{text[max(0, text.find(each) - 300) :][:700]}"


def log_in(server: Server) -> str:
    reply = server.session.post(
        f"{server.url}/v8/token",
        data={
            "grant_type": "password",
            "username": USERNAME,
            "password": PASSWORD,
            "disable_antiforgery_token": "true",
        },
        verify=server.ca_path,
        timeout=10,
    )
    return reply.json()["access_token"]


def tasks_with(**secrets: t.Any) -> list[dict[str, t.Any]]:
    """Return tasks that succeed, fail early, fail late, and repeat their input."""
    return [
        task("read", JOB_INFO, name="Finance mail", **secrets),
        task("change", name="Finance mail", description="By a secret", **secrets),
        task("loop", JOB_INFO, keywords={"loop": [1, 2]}, name="Job {{ item }}", **secrets),
        task("unsupported", keywords=FAILS, name="Finance mail", colour="blue", **secrets),
        task("bad choice", keywords=FAILS, name="Finance mail", state="gone", **secrets),
        task("late", keywords=FAILS, name="Finance mail", repository="repo-fra-O1", **secrets),
    ]


@pytest.mark.parametrize("kind", list(STRANGE))
def test_strange_passwords(kind: str, folder: Path, tmp_path: Path) -> None:
    """They log in and are hidden, in both ways to run."""
    secret = STRANGE[kind]
    with Sandbox(tmp_path / "sandbox", [{"name": "main", "versions": ["v8"]}], password=secret) as sandbox:
        playbooks = Playbooks(folder, sandbox.servers["main"], password=secret)
        for way in (CONTROLLER, MODULE):
            run = playbooks.run(
                task("read", JOB_INFO, name="Finance mail"),
                task("wrong", JOB_INFO, keywords=FAILS, username="Nobody"),
                arguments=("-vvvv",),
                vbo365_execution=way,
            )
            assert len(run.result("read")["jobs"]) == 1, way
            assert "refused the login" in run.result("wrong")["msg"], way
            assert run.result("read")["invocation"]["module_args"]["password"] == MASK, way
            assert_hidden(run, secret.strip())


def test_password_of_a_task(playbooks: Playbooks, way: str) -> None:
    run = playbooks.run(
        *tasks_with(password="{{ vbo365_password }}"), arguments=("-vvvv", "--diff"), vbo365_execution=way
    )
    assert run.result("change")["changed"]
    for record in run.records:
        arguments = [record.result, *record.result.get("results", [])]
        assert all(
            entry["invocation"]["module_args"]["password"] == MASK for entry in arguments if "invocation" in entry
        )
    assert_hidden(run, PASSWORD)


def test_secrets_and_a_bad_type(playbooks: Playbooks, way: str) -> None:
    """They are also hidden if the options cannot be parsed."""
    bad = [
        task("policy", keywords=FAILS, name="Tenant", schedule_policy=["daily"]),
        task("items", keywords=FAILS, name="Tenant", selected_items=5),
        task("token", keywords=FAILS, name="Tenant", token={"no": "text"}),
    ]
    run = playbooks.run(*bad, arguments=("-vvvv",), vbo365_execution=way)
    assert {record.status for record in run.records} == {"ignored"}
    assert_hidden(run, PASSWORD)


def test_token(playbooks: Playbooks, way: str) -> None:
    """A given token is used and hidden, without a login or logout."""
    token = log_in(playbooks.server)
    playbooks.server.forget()
    playbooks.password = token
    play = playbooks.play(*tasks_with(token="{{ vbo365_password }}", username="{{ omit }}", password="{{ omit }}"))
    run = playbooks.run(plays=[play], arguments=("-vvvv", "--diff"), vbo365_execution=way)
    assert run.result("change")["changed"]
    assert run.result("read")["invocation"]["module_args"]["token"] == MASK
    assert_hidden(run, token, PASSWORD)
    counts = playbooks.server.counts()
    assert (counts["logins"], counts["logouts"]) == (0, 0)


def test_environment(playbooks: Playbooks, way: str) -> None:
    """Options from the environment are found in both ways, and hidden."""
    playbooks.environment.update(
        VBO365_URL=playbooks.server.url,
        VBO365_USERNAME=USERNAME,
        VBO365_PASSWORD=PASSWORD,
        VBO365_CA_PATH=playbooks.server.ca_path,
        VBO365_API_VERSION="v7",
    )
    play = playbooks.play(*tasks_with(), module_defaults={})
    run = playbooks.run(plays=[play], arguments=("-vvvv",), vbo365_execution=way)
    assert run.result("read")["api_version"] == "v7"
    assert run.result("read")["invocation"]["module_args"]["password"] == MASK
    assert_hidden(run, PASSWORD)


def test_vaulted_password(playbooks: Playbooks, tmp_path: Path, way: str) -> None:
    """An inline C(!vault) is opened in both ways, in the task and in C(module_defaults), and hidden."""
    key = tmp_path / "key"
    key.write_text("a-key-of-the-test", encoding="utf-8")
    done = subprocess.run(
        [str(binaries() / "ansible-vault"), "encrypt_string", f"--vault-password-file={key}", "--stdin-name=password"],
        input=PASSWORD,
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={"PATH": str(binaries()), "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)},
    )
    secret = Vault("".join(line.strip() + "\n" for line in done.stdout.splitlines()[1:]))
    defaults = {"group/backupops.vbo365.vbo365": playbooks.connection(password=secret)}
    play = playbooks.play(
        task("group", JOB_INFO, name="Finance mail"),
        *tasks_with(password=secret),
        task("variable", JOB_INFO, name="Finance mail", password="{{ secret }}"),
        {"name": "loop of secrets", JOB: {"name": "Tenant", "password": "{{ item }}"}, "loop": ["{{ secret }}"]},
        module_defaults=defaults,
        vars={"secret": secret},
    )
    run = playbooks.run(plays=[play], arguments=("-vvvv", f"--vault-password-file={key}"), vbo365_execution=way)
    assert len(run.result("group")["jobs"]) == len(run.result("variable")["jobs"]) == 1
    looped = run.result("loop of secrets")["results"][0]
    assert looped["invocation"]["module_args"]["password"] == MASK
    run.records = [record for record in run.records if record.task != "loop of secrets"]
    run.output = run.output.replace(run.section("loop of secrets"), "")  # an item is shown as in any loop
    assert_hidden(run, PASSWORD)


def test_server_repeats_the_password(playbooks: Playbooks, way: str) -> None:
    """A secret that is returned as data is masked as in any module; the rest of the value stays."""
    run = playbooks.run(
        task("write", name="Finance mail", description="The password is {{ vbo365_password }}."),
        task("read", JOB_INFO, name="Finance mail"),
        arguments=("-vvvv", "--diff"),
        warns=True,
        vbo365_execution=way,
    )
    assert run.result("read")["jobs"][0]["description"] == "The password is ********."
    assert run.result("write")["changes"][0]["after"] == "The password is ********."
    assert_hidden(run, PASSWORD)
