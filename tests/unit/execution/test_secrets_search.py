# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The search for secrets finds planted ones: in every place, in every encoding, and in short-lived processes."""

from __future__ import annotations

import base64
import html
import json
import subprocess
import sys
import typing as t
import urllib.parse
from pathlib import Path

import pytest
import yaml

from .secrets_search import ProcessList, search

SECRET = "Tin'Drum88213\"<b>&{{ 1 }}%41+=Grüße\\n Lantern88213 "
OTHER = "Wrong'Harbor7741\"<&%+=\\ü Kite55217741"
#: ways in which programs encode a text
FORMS: dict[str, t.Callable[[str], str | bytes]] = {
    "as it is": str,
    "JSON": json.dumps,
    "JSON in JSON": lambda text: json.dumps(json.dumps({"password": text})),
    "JSON, not escaped": lambda text: json.dumps(text, ensure_ascii=False),
    "Python": repr,
    "Python, as bytes": lambda text: repr(text.encode()),
    "YAML": lambda text: yaml.safe_dump({"password": text}),
    "YAML, folded": lambda text: yaml.safe_dump({"password": f"{'x' * 70} {text}"}, width=20),
    "HTML": html.escape,
    "URL": urllib.parse.quote,
    "form": lambda text: urllib.parse.urlencode({"password": text}),
    "shell": lambda text: "'" + text.replace("'", "'\"'\"'") + "'",
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 of a log-in": lambda text: base64.b64encode(f"svc-ansible:{text}".encode()),
    "base64 of a log-in in lines": lambda text: base64.encodebytes(f"svc_ansible:{'-' * 40}{text}".encode()),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(f"svc:{text}".encode()),
    "bytes in hexadecimal": lambda text: text.encode().hex(),
    "wide characters": lambda text: text.encode("utf-16"),
    "half of it": lambda text: text[: len(text) // 2],
}
#: places where a run can leave traces, and their surroundings there
PLACES: dict[str, tuple[str, bytes]] = {
    "output": ("output", b"TASK [read] ****\nok: [one] => {%s}\n"),
    "log": ("ansible.log", b"2026-11-24 02:00:12,001 p=1 u=root n=ansible INFO| <one> (0, b'%s', b'')\n"),
    "result": ("record.jsonl", b'{"status": "ok", "result": {"msg": "%s"}}\n'),
    "fact cache": ("facts/s1_one", b'{"__payload__": "{\\"results\\": {\\"msg\\": \\"%s\\"}}"}'),
    "temporary file": ("user/.ansible/tmp/ansible-local-1/tmpx.yml", b"%s"),
    "hidden file": (".cache/.token", b"%s"),
    "binary file": ("core", b"\x7fELF\x00\xff%s\x00\xfe"),
    "process list": ("processes", b"/bin/sh -c VBO365_PASSWORD=%s python\n"),
    "report": ("drift/drift.html", b"<p>The log-in of %s was refused.</p>"),
    "export": ("exports/one.yml", b"vbo_jobs_list:\n  - name: %s\n"),
    "snapshot": ("rollouts/r1/one.yml", b'{"vbo_rollout_snapshot": [{"description": "%s"}]}'),
    "request log": ("sandbox/main.requests", b'[{"method": "POST", "path": "/v8/token", "body": "%s"}]'),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", PLACES)
def test_a_planted_secret_is_found(tmp_path: Path, place: str, form: str) -> None:
    name, text = PLACES[place]
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text % b"nothing of interest")
    assert search(tmp_path, [OTHER, SECRET]) == []
    written = FORMS[form](SECRET)
    path.write_bytes(text % (written.encode() if isinstance(written, str) else written))
    found = search(tmp_path, [OTHER, SECRET])
    assert [line.split(": ")[0] for line in found] == [str(path)]
    assert search(tmp_path, [OTHER]) == []


def test_names_of_files_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "Lantern88213.lock").touch()
    assert len(search(tmp_path, [SECRET])) == 1
    assert len(search(tmp_path, [SECRET], [tmp_path / "Lantern88213.lock"])) == 1, "an exception is for contents"


def test_only_the_very_file_is_excepted(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "settings.yml").write_text(SECRET, encoding="utf-8")
    found = search(tmp_path, [SECRET], [tmp_path / "a" / "settings.yml"])
    assert [line.split(": ")[0] for line in found] == [str(tmp_path / "b" / "settings.yml")]


@pytest.mark.parametrize("secret", ["", "short", "ü" * 20])
def test_a_secret_that_nobody_could_find_is_refused(tmp_path: Path, secret: str) -> None:
    with pytest.raises(AssertionError):
        search(tmp_path, [secret])


def test_the_list_of_processes(tmp_path: Path) -> None:
    """A process that lives for a twentieth of a second is seen; its environment is not searched."""
    command = [sys.executable, "-c", "import time; time.sleep(0.05)"]
    with ProcessList(tmp_path / "processes"):
        subprocess.run(command, env={"VBO365_PASSWORD": SECRET}, check=True)
    assert b"time.sleep(0.05)" in (tmp_path / "processes").read_bytes()
    assert search(tmp_path, [SECRET]) == []
    with ProcessList(tmp_path / "processes"):
        subprocess.run([*command, SECRET], check=True)
    assert len(search(tmp_path, [SECRET])) == 1
