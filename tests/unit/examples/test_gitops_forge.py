# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests of the example C(gitops) to GitHub and GitLab, answered by a script."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import typing as t
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

FORGE = Path(__file__).parents[3] / "examples" / "gitops" / "ci" / "forge.py"
COMMIT, HEAD = "c" * 40, "d" * 40
GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_API_URL": "https://api.example.com",
    "GITHUB_REPOSITORY": "contoso/backup",
    "GITHUB_SHA": COMMIT,
    "GITHUB_TOKEN": "not-a-token",
}
GITLAB = {
    "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
    "CI_PROJECT_ID": "7",
    "CI_COMMIT_SHA": COMMIT,
    "CI_MERGE_REQUEST_IID": "12",
    "VBO365_GITLAB_TOKEN": "not-a-token",
}
#: an answer: a status, and data or bytes
Answer = tuple[int, t.Any]


class Script:
    """Answers requests by method and path, and records them."""

    def __init__(self, answers: dict[str, t.Any]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, t.Any]] = []

    def answer(self, method: str, url: str, **arguments: t.Any) -> requests.Response:
        key = f"{method} {re.sub('^/(api/v4/projects/7|repos/contoso/backup)/', '', urlsplit(url).path)}"
        self.asked.append((key, arguments.get("json")))
        assert urlsplit(url).scheme == "https" and arguments["timeout"]
        page = (arguments.get("params") or {}).get("page", 1)
        found = self.answers.get(key, (404, {}))
        if isinstance(found, list):
            found = (200, found if page == 1 else [])
        elif not isinstance(found, tuple):
            found = (200, found)
        reply = requests.Response()
        reply.status_code, body = found
        reply._content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return reply


def archive(**files: str) -> bytes:
    """Return an archive as both services send it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return stream.getvalue()


PLAN = archive(**{"plan/plan.json": "{}", "plan/plan.md": "# Plan", "../../evil": "x", "plan/origin": "reviewed"})


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> t.Callable[..., Script]:
    """Run the program in a pipeline with these answers."""

    def call(variables: dict[str, str], answers: dict[str, t.Any], action: str, path: Path) -> Script:
        for name in (*GITHUB, *GITLAB):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        script = Script(answers)
        monkeypatch.setattr(requests.Session, "request", script.answer)
        spec = importlib.util.spec_from_file_location("gitops_forge", FORGE)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assert module.main(action, path) == 0
        return script

    return call


@pytest.mark.parametrize("other", [[], [{"id": 5, "body": "Looks good"}], [{"id": 6, "body": "MARK old"}]])
@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_a_comment_is_replaced_by_later_runs(
    forge: t.Callable[..., Script], tmp_path: Path, host: str, other: list[dict[str, t.Any]]
) -> None:
    (tmp_path / "plan.md").write_text("# Plan: Böblingen", encoding="utf-8")
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"number": 12}}), encoding="utf-8")
    variables = {"github": {**GITHUB, "GITHUB_EVENT_PATH": str(tmp_path / "event.json")}, "gitlab": GITLAB}[host]
    comments = {"github": "issues/12/comments", "gitlab": "merge_requests/12/notes"}[host]
    change = {"github": "PATCH issues/comments/6", "gitlab": "PUT merge_requests/12/notes/6"}[host]
    mark = re.search(r'^MARK = "(.*)"$', FORGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert mark is not None
    there = [{**entry, "body": entry["body"].replace("MARK", mark[1])} for entry in other]
    answers = {f"GET {comments}": there, f"POST {comments}": {}, change: {}}
    script = forge(variables, answers, "comment", tmp_path / "plan.md")
    [(key, body)] = [(key, body) for key, body in script.asked if not key.startswith("GET")]
    assert key == (change if other and "old" in other[0]["body"] else f"POST {comments}")
    assert body == {"body": f"{mark[1]}\n# Plan: Böblingen"}


def github(repository: str | None = "contoso/backup", merged: str | None = "2026-11-26", **artifact: t.Any) -> t.Any:
    """Answers of GitHub for a merged pull request with one run."""
    owner = {"full_name": repository} if repository else None
    return {
        f"GET commits/{COMMIT}/pulls": [{"merged_at": merged, "head": {"sha": HEAD}}],
        "GET actions/workflows/check.yml/runs": {"workflow_runs": [{"id": 3, "head_repository": owner}]},
        "GET actions/runs/3/artifacts": {"artifacts": [{"id": 4, "expired": False, **artifact}]},
        "GET actions/artifacts/4/zip": (200, PLAN),
    }


def gitlab(kind: str = "head", state: str = "merged", source: int = 7) -> t.Any:
    """Answers of GitLab for a merge request with one pipeline."""
    request = {"iid": 12, "state": state, "source_project_id": source, "target_project_id": 7}
    return {
        f"GET repository/commits/{COMMIT}/merge_requests": [request],
        f"GET jobs/artifacts/refs%2Fmerge-requests%2F12%2F{kind}/download": (200, PLAN),
    }


@pytest.mark.parametrize(
    ("variables", "answers", "found"),
    [
        (GITHUB, github(), True),
        (GITHUB, github(repository="somebody/fork"), False),
        (GITHUB, github(repository=None), False),
        (GITHUB, github(merged=None), False),
        (GITHUB, github(expired=True), False),
        (GITHUB, {f"GET commits/{COMMIT}/pulls": []}, False),
        (GITLAB, gitlab(), True),
        (GITLAB, gitlab("merge"), True),
        (GITLAB, gitlab("train"), False),
        (GITLAB, gitlab(state="opened"), False),
        (GITLAB, gitlab(source=8), False),
        (GITLAB, {f"GET repository/commits/{COMMIT}/merge_requests": []}, False),
    ],
)
def test_the_reviewed_plan_comes_from_the_merged_request_of_this_repository(
    forge: t.Callable[..., Script], tmp_path: Path, variables: dict[str, str], answers: t.Any, found: bool
) -> None:
    forge(variables, answers, "reviewed-plan", tmp_path / "reviewed")
    # nothing else of the archive: the evidence of a review never comes from it
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == (
        {"reviewed/plan.json", "reviewed/plan.md"} if found else set()
    )


def test_a_host_that_fails_is_no_host_without_a_plan(forge: t.Callable[..., Script], tmp_path: Path) -> None:
    answers = {**gitlab("none"), "GET jobs/artifacts/refs%2Fmerge-requests%2F12%2Fmerge/download": (500, {})}
    with pytest.raises(requests.HTTPError):
        forge(GITLAB, answers, "reviewed-plan", tmp_path / "reviewed")
