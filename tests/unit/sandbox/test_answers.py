# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Switches for variants of answers: texts, old reads, keys of schedules, empty lists, and the case of names."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from sandbox_client import Client, Sandbox, create

FINANCE = "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95"
TEXT = " two\nlines\r\n"
KEPT = {"keep": TEXT, "trim": "two\nlines", "crlf": " two\r\nlines\r\n", "lf": " two\nlines\n"}


def put(client: Client, **fields: Any) -> Any:
    reply = client.call("PUT", f"Jobs/{FINANCE}", json=fields)
    assert reply.status_code in (200, 204), reply.text
    return reply


@pytest.mark.parametrize("kept", KEPT)
def test_descriptions(sandbox: Sandbox, kept: str) -> None:
    sandbox.switch(texts=kept)
    client = sandbox.client(8)
    put(client, description=TEXT)
    assert client.get(f"Jobs/{FINANCE}")["description"] == KEPT[kept]
    put(client, isEnabled=True)
    assert client.get(f"Jobs/{FINANCE}")["description"] == KEPT[kept]
    assert create(client, description=TEXT).json()["description"] == KEPT[kept]


def test_reads_of_the_past(sandbox: Sandbox) -> None:
    """Each write becomes visible after a delay; the answer to the write itself is current."""
    sandbox.switch(old_reads=1.5)
    client = sandbox.client(8)
    before = client.get(f"Jobs/{FINANCE}")
    put(client, description="first")
    time.sleep(0.5)
    put(client, description="second", excludedItems=[])
    made = create(client).json()["id"]
    assert client.get(f"Jobs/{FINANCE}") == before
    assert client.results(f"Jobs/{FINANCE}/ExcludedItems")
    assert client.call("GET", f"Jobs/{made}").status_code == 404
    assert made not in [job["id"] for job in client.results("Jobs")]
    seen = [before["description"]]
    wait_until(lambda: sees(client, seen) == "second")
    assert seen == [before["description"], "first", "second"]
    wait_until(lambda: made in [job["id"] for job in client.results("Jobs")])
    assert client.results(f"Jobs/{FINANCE}/ExcludedItems") == []
    assert client.call("DELETE", f"Jobs/{made}").status_code == 204
    assert client.get(f"Jobs/{made}")
    wait_until(lambda: client.call("GET", f"Jobs/{made}").status_code == 404)


def sees(client: Client, seen: list[str]) -> str:
    """Return the current description; each new one is added to those that were seen."""
    now = str(client.get(f"Jobs/{FINANCE}")["description"])
    if now != seen[-1]:
        seen.append(now)
    return now


def wait_until(holds: Callable[[], bool]) -> None:
    """Ask again until the condition holds."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("version", [3, 5, 6, 7, 8])
def test_keys_of_every_schedule(sandbox: Sandbox, version: int) -> None:
    client = sandbox.client(version)
    path = f"Jobs/{FINANCE}"
    hours = [True] * 84 + [False] * 84
    window = {"backupWindow": hours, "minuteOffset": 15}
    daily = {"type": "Daily", "dailyType": "Everyday", "dailyTime": "22:00:00", "retryEnabled": False}
    put(client, schedulePolicy={**daily, "backupWindowEnabled": True, "backupWindowSettings": window})
    put(client, schedulePolicy={**daily, "backupWindowEnabled": False})
    usual = client.get(path)["schedulePolicy"]
    assert usual.keys().isdisjoint(("periodicallyEvery", "retryNumber", "backupWindowSettings"))
    sandbox.switch(all_schedule_keys=True)
    every = client.get(path)["schedulePolicy"]
    assert {key: every[key] for key in usual} == usual
    assert every["backupWindowSettings"] == window and every["retryNumber"] and every["periodicallyEvery"]
    assert ("periodicallyOffsetMinutes" in every) == (version >= 6)


@pytest.mark.parametrize("version", [3, 8])
@pytest.mark.parametrize("form", ["list", "array", "null", "null_results", "404"])
def test_empty_lists_of_items(sandbox: Sandbox, version: int, form: str) -> None:
    sandbox.switch(empty_items=form)
    client = sandbox.client(version)
    assert client.results(f"Jobs/{FINANCE}/SelectedItems"), "other lists stay as they are"
    put(client, excludedItems=[])
    reply = client.call("GET", f"Jobs/{FINANCE}/ExcludedItems")
    assert reply.status_code == (404 if form == "404" else 200)
    body = reply.json()
    if form == "list":
        body = body if isinstance(body, list) else body["results"]
    assert form == "404" or body == {"null": None, "null_results": {"offset": 0, "results": None}}.get(form, [])


@pytest.mark.parametrize(
    ("name", "same"), [("STRASSE", True), ("straße", False), ("\uff33trasse", False), ("\u017ftrasse", False)]
)
def test_names_without_the_case_of_their_letters(sandbox: Sandbox, name: str, same: bool) -> None:
    client = sandbox.client(8)
    assert create(client, name="Strasse").status_code == 201
    reply = client.call("PUT", f"Jobs/{FINANCE}", json={"name": name})
    assert reply.status_code == (409 if same else 204), reply.text
