# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors: the message for people and the fields for programs."""

from __future__ import annotations

import inspect
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils import _errors
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import (
    BulkFailed,
    ConnectionFailed,
    InputError,
    LostAnswer,
    PlanRefused,
    Timeout,
    Unsupported,
    VboError,
)

REQUEST: dict[str, t.Any] = {"method": "PUT", "path": "/v8/Jobs/51e0"}
SENTENCES: list[tuple[str, dict[str, t.Any], str, str]] = [
    ("It failed", {}, "", "It failed."),
    ("It failed. ", {}, "", "It failed."),
    ("It failed", {"advice": "Try again."}, "", "It failed. Try again."),
    ("It failed", REQUEST, "", "It failed (PUT /v8/Jobs/51e0)."),
    ("It failed", {**REQUEST, "status": 400}, "", "It failed (HTTP 400, PUT /v8/Jobs/51e0)."),
    ("It failed", {"code": "X"}, "", "It failed (X)."),
    ("It failed", {"path": "/v8/Jobs"}, "", "It failed."),
    (
        "Repository is out of sync.",
        {
            **REQUEST,
            "status": 400,
            "code": "InvalidOperation",
            "advice": "Retry after the repository has been synchronised.",
        },
        "update job 'Finance mailboxes' in organization 'contoso.onmicrosoft.com'",
        "Cannot update job 'Finance mailboxes' in organization 'contoso.onmicrosoft.com': Repository is out of sync "
        "(InvalidOperation, HTTP 400, PUT /v8/Jobs/51e0). Retry after the repository has been synchronised.",
    ),
]


@pytest.mark.parametrize(("text", "facts", "doing", "sentence"), SENTENCES)
def test_sentences(text: str, facts: dict[str, t.Any], doing: str, sentence: str) -> None:
    error = VboError(text, **facts)
    if doing:
        error.during(doing)
    assert error.message == sentence


def test_the_fields_for_programs() -> None:
    error = VboError("Nope.", status=409, code="OperationConflict", advice="Wait.", **REQUEST)
    assert error.result() == {
        "status": 409,
        "code": "OperationConflict",
        "message": "Nope.",
        "method": "PUT",
        "path": "/v8/Jobs/51e0",
    }
    assert VboError("Nope").result() == dict.fromkeys(("status", "code", "method", "path")) | {"message": "Nope"}
    assert error.extra == {}


def test_the_first_who_says_what_was_being_done_is_right() -> None:
    error = VboError("no")
    error.during("delete copy job")
    error.during("delete job")
    assert error.message == "Cannot delete copy job: no."


def test_input_errors_name_the_option() -> None:
    error = InputError("jobs[3].schedule_policy.daily_time", "'25:00' is not a time of day.")
    assert error.message == "jobs[3].schedule_policy.daily_time: '25:00' is not a time of day."
    assert error.result()["code"] == "InvalidInput"
    assert error.result()["option"] == "jobs[3].schedule_policy.daily_time"
    error.during("create job")
    assert error.message.startswith("jobs[3]"), "what is wrong with the input has nothing to do with an action"
    assert Unsupported("proxy", "x").result()["code"] == "Unsupported"


def test_one_family() -> None:
    """A host catches all of them, and a lost answer differs from a request that was never sent."""
    kinds = [
        kind for _unused, kind in inspect.getmembers(_errors, inspect.isclass) if kind.__module__ == _errors.__name__
    ]
    assert len(kinds) > 10 and all(issubclass(kind, VboError) for kind in kinds)
    assert issubclass(LostAnswer, ConnectionFailed) and issubclass(Timeout, ConnectionFailed)
    assert not issubclass(Timeout, LostAnswer) and not issubclass(LostAnswer, Timeout)
    for kind in kinds:
        arguments: tuple[t.Any, ...] = ("option", "text") if issubclass(kind, InputError) else ("text",)
        if kind is PlanRefused:  # reports the differences, one per line
            moved = {"name": "A", "organization": None, "now": None, "text": "text"}
            assert "text" in kind([moved], "v8").message and kind([moved], "v8").result()["code"] == "PlanRefused"
            of_no_job = {**moved, "name": None, "now": 3}
            assert kind([of_no_job], "v8").message.endswith("\ntext (now 3).")
            continue
        error = kind([("subject", VboError("text"))]) if kind is BulkFailed else kind(*arguments)
        assert "text" in error.message and error.result()["message"] == "text"


def test_many_failures_are_one_message() -> None:
    """Each on its own line, at most ten; an input error already contains its option."""
    failures = [
        ("jobs[0] 'A'", VboError("Busy", advice="Wait.")),
        ("jobs[1] 'B'", InputError("jobs[1].name", "is odd")),
    ]
    error = BulkFailed(failures, 5, ", and 1 were not started", {"jobs": []})
    assert error.message.splitlines() == [
        "2 of 5 jobs failed, and 1 were not started.",
        "jobs[0] 'A': Busy. Wait.",
        "jobs[1].name: is odd.",
    ]
    assert error.extra == {"jobs": []} and error.result()["message"] == "Busy"
    lines = BulkFailed([(f"jobs[{number}]", VboError("Busy")) for number in range(12)]).message.splitlines()
    assert len(lines) == 11 and lines[-1] == "and 2 more"
