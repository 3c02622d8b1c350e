# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User names and passwords of every kind log in unchanged, on the oldest and the newest API, and stay hidden."""

from __future__ import annotations

import json
import string
import typing as t
from pathlib import Path

import pytest

from ..support.hosts import HOSTS, run
from ..support.sandbox import USERNAME, Sandbox
from .secrets_search import search
from .test_secrets import STRANGE

#: user name and password; the server ignores case in user names and compares everything else exactly
KINDS: dict[str, tuple[str, str]] = {
    **{name: (USERNAME, f"{password}Tail9931Meadow") for name, password in STRANGE.items()},
    "signs of a form": (USERNAME, "a=b&pw=c;d+e f%20g%%+%2B Copper4471"),
    "all signs": (USERNAME, f"Copper4471{string.punctuation}"),
    "line breaks": (USERNAME, "Copper4471\r\nMeadow8820\tend\n"),
    "line break at the end": (USERNAME, "Copper4471Meadow\n"),
    "blanks at both ends": (USERNAME, "\t Copper4471Meadow  "),
    "thousand characters": (USERNAME, "Copper4471é" * 100),
    "a JSON text": (USERNAME, '{"pw": "Copper4471"}'),
    "a YAML tag": (USERNAME, "!vault | Copper4471"),
    "a number": (USERNAME, "44718820990013"),
    "beyond the basic plane": (USERNAME, "Copper4471🗄 e\u0301"),
    "domain": ("EXAMPLE\\nina.t", "Copper4471Meadow"),
    "principal": ("svc+ansible%1@example.com", "Copper4471Meadow"),
    "colon": ("a:b:svc", ":Copper4471:Meadow:"),
    "user with other letters": ("FIRMA\\jürgen groß&söhne", "Copper4471Meadow"),
    "user with quotes": ('O\'Brien "svc" <x>', "Copper4471Meadow"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_credentials(kind: str, tmp_path: Path) -> None:
    username, password = KINDS[kind]
    servers = [{"name": "main", "versions": ["v3", "v8"]}]
    with Sandbox(tmp_path / "sandbox", servers, username=username, password=password) as sandbox:
        server = sandbox.servers["main"]
        found: list[t.Any] = []
        for host in HOSTS:
            for version in ("v3", "v8"):
                given: dict[str, t.Any] = {
                    "url": server.url,
                    "ca_path": server.ca_path,
                    "api_version": version,
                    "username": username,
                    "password": password,
                }
                read = run(host, "vbo_job_info", {**given, "name": "Finance mail"})
                assert [job["name"] for job in read["jobs"]] == ["Finance mail"]
                almost = run(host, "vbo_job_info", {**given, "password": password[:-1]})
                assert almost["msg"].startswith(f"The server refused the login of '{username}'")
                found += [read, almost, server.log()]
    (tmp_path / "results").write_text(json.dumps(found), encoding="utf-8")
    assert search(tmp_path, [password], [tmp_path / "sandbox" / "settings.yml"]) == []
