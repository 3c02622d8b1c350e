# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Talk to GitHub or GitLab from a pipeline: ``comment FILE`` or ``reviewed-plan FOLDER``.

``comment`` shows a plan in the merge request, as one comment that later runs replace. ``reviewed-plan`` fetches the
plan that was made for the merge request from which the commit came; without one there is no folder.
"""

from __future__ import annotations

import io
import json
import os
import sys
import typing as t
import zipfile
from pathlib import Path

import requests

#: by this a later run finds its comment
MARK = "<!-- backup jobs: plan -->"
#: the largest plan that is taken from an archive
LARGEST = 200_000_000


class Forge:
    """What both have in common: a session, and lists that come in pages."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers.update(headers)

    def call(self, method: str, path: str, **arguments: t.Any) -> requests.Response:
        """Send a request; the answer must be a good one."""
        reply = self._session.request(method, f"{self._url}/{path}", timeout=60, **arguments)
        reply.raise_for_status()
        return reply

    def pages(self, path: str) -> t.Iterator[dict[str, t.Any]]:
        """All entries of a list."""
        parameters: dict[str, int] = {"per_page": 100, "page": 1}
        while entries := self.call("GET", path, params=parameters).json():
            yield from entries
            parameters["page"] += 1

    def say(self, comments: str, text: str, change: str, method: str) -> None:
        """Replace the comment of an earlier run, or add one."""
        body = {"body": f"{MARK}\n{text}"}
        for comment in self.pages(comments):
            if comment["body"].startswith(MARK):
                self.call(method, change.format(comment["id"]), json=body)
                return
        self.call("POST", comments, json=body)


class GitHub(Forge):
    """GitHub, with the token and the variables of a workflow run."""

    def __init__(self) -> None:
        token = os.environ["GITHUB_TOKEN"]
        super().__init__(
            f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}",
            {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"},
        )

    def comment(self, text: str) -> None:
        """Show a text in the pull request of this run."""
        event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
        number = event["pull_request"]["number"]
        self.say(f"issues/{number}/comments", text, "issues/comments/{}", "PATCH")

    def archive(self) -> bytes | None:
        """The artifact with the plan of the pull request that the commit came from."""
        repository, commit = os.environ["GITHUB_REPOSITORY"], os.environ["GITHUB_SHA"]
        for request in self.pages(f"commits/{commit}/pulls"):
            if not request["merged_at"]:
                continue
            parameters = {"head_sha": request["head"]["sha"], "event": "pull_request", "status": "success"}
            runs = self.call("GET", "actions/workflows/check.yml/runs", params=parameters).json()["workflow_runs"]
            # a fork can change the workflow, and call anything a plan
            own = [run for run in runs if (run["head_repository"] or {}).get("full_name") == repository]
            for run in own:
                found = self.call("GET", f"actions/runs/{run['id']}/artifacts", params={"name": "plan"}).json()
                for artifact in found["artifacts"]:
                    if not artifact["expired"]:
                        return self.call("GET", f"actions/artifacts/{artifact['id']}/zip").content
        return None


class GitLab(Forge):
    """GitLab, with a project access token, because the token of a job may not write comments."""

    def __init__(self) -> None:
        super().__init__(
            f"{os.environ['CI_API_V4_URL']}/projects/{os.environ['CI_PROJECT_ID']}",
            {"PRIVATE-TOKEN": os.environ["VBO365_GITLAB_TOKEN"]},
        )

    def comment(self, text: str) -> None:
        """Show a text in the merge request of this pipeline."""
        notes = f"merge_requests/{os.environ['CI_MERGE_REQUEST_IID']}/notes"
        self.say(notes, text, f"{notes}/{{}}", "PUT")

    def archive(self) -> bytes | None:
        """The artifacts of the job "plan" of the merge request that the commit came from."""
        for request in self.pages(f"repository/commits/{os.environ['CI_COMMIT_SHA']}/merge_requests"):
            if request["state"] != "merged" or request["source_project_id"] != request["target_project_id"]:
                continue
            # "merge" is the pipeline of merged results, "head" the one of the branch
            for kind in ("merge", "head"):
                reference = f"refs%2Fmerge-requests%2F{request['iid']}%2F{kind}"
                try:
                    return self.call("GET", f"jobs/artifacts/{reference}/download", params={"job": "plan"}).content
                except requests.HTTPError as error:
                    if error.response.status_code != 404:
                        raise
        return None


def unpack(archive: bytes, folder: Path) -> None:
    """Take the plan out of an archive, and nothing else."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for entry in opened.infolist():
            name = Path(entry.filename).name
            if name in ("plan.json", "plan.md", "plan.html") and entry.file_size <= LARGEST:
                folder.mkdir(exist_ok=True)
                (folder / name).write_bytes(opened.read(entry))


def main(action: str, path: Path) -> int:
    """Do what was asked for."""
    forge = GitHub() if os.environ.get("GITHUB_ACTIONS") else GitLab()
    if action == "comment":
        forge.comment(path.read_text(encoding="utf-8"))
    elif action == "reviewed-plan":
        archive = forge.archive()
        if archive is not None:
            unpack(archive, path)
        print("The reviewed plan was fetched." if archive else "There is no reviewed plan.")
    else:
        print(f"{action}: comment or reviewed-plan", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
