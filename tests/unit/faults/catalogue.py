# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The faults of the guide "What happens when something goes wrong", and how the sandbox causes them.

What the collection does then, and says, stands in the guide's table and nowhere else: :func:`documented` reads it.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t
from pathlib import Path

GUIDE = Path(__file__).parents[3] / "docs" / "docsite" / "rst" / "faults.rst"
MESSAGE = {"message": "The operation cannot be done now."}
PAGE = "<!DOCTYPE html>\n<html><body>Sorry</body></html>"
SHORT_PAGES = {"page_size_max": 3}


@dataclasses.dataclass(frozen=True)
class Fault:
    """One row of the table.

    :arg then: what the rule of the sandbox does; empty for a fault of the whole server
    :arg server: the server of the sandbox that has the fault
    :arg first: how many reads pass first, where the fault means something else at the beginning
    :arg lasting: whether it can go on for a whole run
    :arg slow: it takes a second or so: played at few places
    :arg options: connection options of the task
    :arg switches: switches of the sandbox
    """

    name: str
    then: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    server: str = "main"
    first: int = 0
    lasting: bool = True
    slow: bool = False
    options: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    switches: dict[str, t.Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Documented:
    """What the guide says about a fault: reactions to a read and to a write, and the messages of a failure."""

    read: str
    write: str
    messages: tuple[str, ...]

    def allows(self, text: str) -> bool:
        """Return whether a message is one of these; an ellipsis stands for any text."""
        return any(re.search(".*".join(map(re.escape, shown.split("…"))), text, re.DOTALL) for shown in self.messages)


def answer(status: int, body: t.Any = None, **headers: str) -> dict[str, t.Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"status": status, "body": body, "headers": named}


STATES = "^(lastStatus|status|region|retentionType|locationType|operatingSystem)$"
FAULTS = [
    Fault("Nothing listens at the address", server="silent"),
    Fault("The certificate has expired", server="expired"),
    Fault("The certificate is for another host", server="other_host"),
    Fault("The certificate is self-signed", server="self_signed"),
    Fault("The connection breaks before the request is carried out", {"reset_before": True}),
    Fault("The connection breaks after the request was carried out", {"reset_after": True}),
    Fault("The connection breaks in the middle of the answer", {"truncate": True}),
    Fault("No answer comes within ``timeout``", {"delay": 1.2}, slow=True, lasting=False, options={"timeout": 1}),
    Fault(
        "The request is carried out, and no answer comes within ``timeout``",
        {"delay_answer": 1.2},
        slow=True,
        lasting=False,
        options={"timeout": 1},
    ),
    Fault("The answer is late, yet in time", {"delay": 0.2}, slow=True),
    Fault("The answer comes in small pieces", {"bytes_per_second": 20000}, slow=True),
    Fault("HTTP 401, without a word", answer(401), first=1),
    Fault("The server has forgotten all sessions", {"forget_tokens": True}, first=1),
    Fault("HTTP 403", answer(403, MESSAGE)),
    Fault("HTTP 404 for what a list showed a moment ago", answer(404, MESSAGE)),
    Fault("HTTP 409", answer(409, {**MESSAGE, "errorCode": "OperationConflict"})),
    Fault("HTTP 429", answer(429)),
    Fault("HTTP 429 with ``Retry-After`` in seconds", answer(429, Retry_After="2")),
    Fault("HTTP 429 with ``Retry-After`` as a date", answer(429, Retry_After="{date+2}")),
    Fault("HTTP 503", answer(503, PAGE)),
    Fault("HTTP 503 with ``Retry-After`` in seconds", answer(503, MESSAGE, Retry_After="2")),
    Fault("HTTP 503 with ``Retry-After`` as a date", answer(503, MESSAGE, Retry_After="{date+2}")),
    Fault("HTTP 502", answer(502, PAGE)),
    Fault("HTTP 504", answer(504)),
    Fault("HTTP 500 with a message", answer(500, MESSAGE)),
    Fault("HTTP 500 with a web page", answer(500, PAGE, Content_Type="text/html")),
    Fault("HTTP 500 with nothing", answer(500)),
    Fault("The JSON ends in the middle", {"cut_text": True}),
    Fault("A web page instead of JSON", answer(200, PAGE, Content_Type="text/html")),
    Fault("JSON that is called something else", {"headers": {"Content-Type": "text/plain"}}),
    Fault("A list instead of an object, or the other way round", {"spoil": ["shape"]}),
    Fault("The same inside an object", {"spoil": ["shape"], "fields": "^(schedulePolicy|_links)$"}),
    Fault("An id or name is null", {"spoil": ["nulls"], "fields": "^(id|name)$"}),
    Fault("Every value is null", {"spoil": ["nulls"]}),
    Fault("Fields that nobody knows", {"spoil": ["unknown"]}),
    Fault("States that nobody knows", {"spoil": ["enums"], "fields": STATES}),
    Fault("Odd dates, and seven digits of a second", {"spoil": ["dates"]}),
    Fault("Somebody creates a job while the list is read", {"meanwhile": "create"}, switches=SHORT_PAGES),
    Fault(
        "Somebody deletes a job while the list is read", {"meanwhile": "delete"}, lasting=False, switches=SHORT_PAGES
    ),
    Fault("Several objects have the same name", {"spoil": ["duplicates"]}),
    Fault("An answer of 200 MB", {"size": 200_000_000}, slow=True),
    Fault("A redirect to another host", answer(302, Location="{other}/v8/Jobs")),
]


def documented() -> dict[str, Documented]:
    """Return the rows of the table in the guide by name."""
    text = GUIDE.read_text(encoding="utf-8").split(".. list-table:: Faults\n")[1]
    rows = [[" ".join(cell.split()) for cell in re.split(r"\n     - ", row)] for row in text.split("\n   * - ")[1:]]
    header, *body = rows
    assert header == ["Fault", "Read", "Write", "Message", "What to do"], header
    return {row[0]: Documented(row[1], row[2], tuple(re.findall(r"``([^`]+)``", row[3]))) for row in body}
