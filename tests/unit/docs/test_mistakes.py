# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every mistake in a guide ends with the complete message shown there, and nothing is written."""

from __future__ import annotations

import copy
import dataclasses
import os
import typing as t

import pytest

from ..contract.documents import COLLECTION
from ..support.hosts import HOSTS, Result
from ..support.sandbox import PASSWORD, Sandbox, Server
from ..support.tasks import Tasks
from .conftest import VERSIONS
from .pages import FAILING, PAGES, Block, Page, reads

#: the address that stands for the server of the reader
URL = "https://vbo.example.com:4443"
#: the least number of mistakes; a lower one must be intended
LEAST = 100
#: codes of errors about the input of the user
INPUT = ("InvalidInput", "Unsupported")


def nothing(server: Server) -> None:
    del server


def twins(server: Server) -> None:
    """Give a job a second one with the same name."""
    state = server.state()
    twin = copy.deepcopy(next(job for job in state["jobs"] if job["name"] == "Finance mail"))
    state["jobs"].append({**twin, "id": "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d96"})
    server.replace(state)


def start(server: Server) -> None:
    """Start a job that runs longer than any test."""
    result = Tasks(server, "v8", "controller").raw("vbo_job_run", name="Finance mail", wait=False)
    assert result["changed"], result


def truth(server: Server) -> dict[str, t.Any]:
    """Return the state of the server, without the progress of a run."""
    return {key: value for key, value in server.state().items() if key != "sessions"}


@dataclasses.dataclass(frozen=True)
class Case:
    """The circumstances of a mistake.

    :arg asks: whether the server has to be asked to know that it is one
    :arg without: a connection option that the user has forgotten
    :arg prepare: brings the server to the state in which it is a mistake
    """

    asks: bool = False
    without: tuple[str, ...] = ()
    prepare: t.Callable[[Server], None] = nothing


#: by the reason in the comment before the block
CASES = {
    "": Case(),
    "the server is asked": Case(asks=True),
    "without url": Case(without=("url",)),
    "without password": Case(without=("password",)),
    "without account": Case(without=("username", "password")),
    "two jobs of this name": Case(asks=True, prepare=twins),
    "the job is running": Case(asks=True, prepare=start),
}

MISTAKES = [(page, block) for page in PAGES for block in page.of("mistake")]


@pytest.fixture(autouse=True)
def nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("VBO365_"):
            monkeypatch.delenv(name)


def task_of(block: Block) -> tuple[str, dict[str, t.Any]]:
    """Return the module and the options of the only task of the block."""
    (play,) = block.plays()
    (task,) = play["tasks"]
    (module,) = task.keys() - {"name"}
    assert module.startswith(f"{COLLECTION}."), block.where
    return module.rsplit(".", 1)[1], task[module]


def check(result: Result, shown: str, case: Case, server: Server) -> None:
    """The task failed with the message, and the message names the wrong option."""
    assert result.get("failed") and not result.get("changed"), result
    message = result["msg"].replace(server.url, URL)
    assert reads(shown, message), f"the guide shows\n{shown}\nand it is\n{message}"
    assert "Traceback" not in str(result) and "exception" not in result
    assert PASSWORD not in str(result) and not result.get("warnings")
    error = result["error"]
    if error["code"] in INPUT:
        assert error["option"] in message and error["message"].rstrip(".") in message
    else:
        assert case.asks, "without a request only the input can be wrong"


@pytest.mark.parametrize(("page", "block"), MISTAKES, ids=[block.where for _page, block in MISTAKES])
def test_mistakes(page: Page, block: Block, sandbox: Sandbox) -> None:
    server, case = sandbox.servers[page.name], CASES[block.reason]
    module, options = task_of(block)
    forgotten = dict.fromkeys(case.without)
    server.reset(VERSIONS, queued_seconds=0, running_seconds=3600, stopping_seconds=0)
    case.prepare(server)
    before = truth(server)
    server.forget()
    for host in HOSTS:
        for predicting in (True, False):
            result = Tasks(server, "v8", host).raw(module, check=predicting, **{"retries": 0, **forgotten, **options})
            check(result, page.message(block), case, server)
    assert server.writes() == []
    assert server.counts()["total"] == 0 or case.asks, "it could have been known before the first request"
    assert truth(server) == before


def test_the_catalogue_is_complete() -> None:
    (page,) = [page for page in PAGES if page.name == "mistakes"]
    entries = page.of(*FAILING)
    assert len(entries) >= LEAST
    assert entries == [block for block in page.blocks if block.language == "yaml"], "all of its tasks are mistakes"
    assert len(page.blocks) == 2 * len(entries), "each with its message, and nothing else"
    titles = [task["name"] for block in entries for play in block.plays() for task in play["tasks"]]
    assert len(set(titles)) == len(titles), "a title tells mistakes apart"


def test_every_case_is_used() -> None:
    assert {block.reason for _page, block in MISTAKES} == CASES.keys()
