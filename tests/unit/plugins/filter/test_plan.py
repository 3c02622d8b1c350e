# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans as data: merged, written, read on another machine, and rejected if they are invalid."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import jsonschema
import pytest
from ansible import constants
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.plan import (
    plan_files,
    plan_fleet,
    plan_merge,
    plan_report,
    plan_server,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import VboError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs import _planned as saved
from ansible_collections.backupops.vbo365.plugins.plugin_utils._plan._file import part_from
from markdown_it import MarkdownIt

from .plan_samples import CONTOSO, HOSTILE, NOW, change, everything, fleet, hostile, job, part, server

SCHEMA = json.loads((Path(__file__).parents[4] / "docs" / "schemas" / "plan.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def text_of(plan: t.Any, form: str = "json") -> str:
    return plan_files(plan, [form])[0]["content"]


def test_the_schema_describes_plans() -> None:
    VALIDATOR.check_schema(SCHEMA)
    for plan in (everything(), hostile(), fleet(2, 4), plan_merge([])):
        VALIDATOR.validate(json.loads(text_of(plan)))
    spoiled = json.loads(text_of(everything()))
    spoiled["servers"][0]["plan"]["jobs"][0]["surprise"] = 1
    assert not VALIDATOR.is_valid(spoiled), "the schema would take anything"


def test_what_a_plan_says() -> None:
    plan = everything()
    assert plan["summary"] == "7 jobs on 5 servers: 1 to create, 3 to update, 1 to delete; not planned: 2 unreachable."
    states = {entry["name"]: entry["state"] for entry in plan["servers"]}
    assert states == {
        "vbo-1": "changes",
        "vbo-2": "changes",
        "vbo-3": "unchanged",
        "vbo-4": "unreachable",
        "vbo-5": "unreachable",
    }
    assert "secret" not in text_of(plan)


def test_the_newest_plan_of_a_server_counts_and_the_oldest_tells_the_age() -> None:
    old = server("a", job("Mail", "update", [change("enabled", True, False)]), now="2026-11-26T08:00:00Z")
    new = server("a", job("Mail"), now="2026-11-26T09:00:00Z")
    for plans in ([old, new], [new, old]):
        merged = plan_merge(plans)
        assert merged["servers"][0]["state"] == "unchanged" and merged["generated"] == "2026-11-26T08:00:00Z"
    assert text_of(plan_merge([old, server("b")])) == text_of(plan_merge([server("b"), old])), "deterministic"


@pytest.mark.parametrize(
    ("result", "state"),
    [
        ({}, "unreachable"),
        ({"msg": "no", "error": {"code": "InvalidInput"}}, "failed"),
        ({"msg": "1 of 2 jobs failed.", "jobs": [], "error": {"code": None}}, "failed"),
        ({"jobs": [{"name": "********-mail"}], "plan": {"jobs": []}}, "failed"),
    ],
)
def test_a_server_that_cannot_be_planned_is_in_the_plan(result: dict[str, t.Any], state: str) -> None:
    (entry,) = plan_report(result, "a", "", NOW)["servers"]
    assert entry["state"] == state and entry["message"] and entry["plan"] is None


# --- read on another machine -----------------------------------------------------------------------------------------


def test_order_of_keys_and_spaces_do_not_matter() -> None:
    plan = hostile()
    again = json.dumps(json.loads(text_of(plan)), sort_keys=True, separators=(",", ":"))
    assert plan_server(again, HOSTILE) == plan_server(plan, HOSTILE) == plan_server(text_of(plan), HOSTILE)


def test_half_a_character_survives_the_file() -> None:
    plan = server("a", job("half \ud83d of one"))
    assert plan_server(text_of(plan), "a")["jobs"][0]["name"] == "half \ud83d of one"


def test_hashes_are_the_same_in_every_process() -> None:
    view = {"name": "Ünï \U0001f600", "enabled": True, "schedule_policy": {"backup_window": ["Sat"], "n": 3}, "e": None}
    code = (
        f"import json; from {saved.__package__} import _planned as p;"
        f"print(json.dumps(p.fingerprint(json.loads({json.dumps(json.dumps(view))}), None), sort_keys=True))"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    assert json.loads(done.stdout) == saved.fingerprint(dict(reversed(view.items())), None)
    assert saved.hashed("22:00") == "fa922afd4f15", "plans that exist already would not fit any more"


# --- what cannot be trusted ------------------------------------------------------------------------------------------


def spoiled(**fields: t.Any) -> str:
    return json.dumps({**json.loads(text_of(everything())), **fields})


TEXTS: dict[str, tuple[t.Callable[[], str], str]] = {
    "cut in half": (lambda: text_of(everything())[:900], "is not valid JSON, or is truncated"),
    "empty": (lambda: "", "is not valid JSON, or is truncated"),
    "something else": (lambda: '{"format": 1, "servers": []}', "is not a plan of backupops.vbo365"),
    "a list": (lambda: "[]", "is not a plan of backupops.vbo365"),
    "too deep": (lambda: "[" * 100_000, "is not"),
    "another format": (lambda: spoiled(format=2), "has format '2', but this release reads format 1"),
    "edited": (lambda: text_of(everything()).replace("23:30", "23:45"), "was changed after it was made"),
    "another server": (lambda: text_of(everything()), "does not contain the server 'vbo-9'"),
}


@pytest.mark.parametrize("what", TEXTS)
def test_what_cannot_be_trusted_is_refused(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given as a text and as a file."""
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    text, message = TEXTS[what]
    with pytest.raises(AnsibleFilterError, match=r"^plan_server: the plan ") as error:
        plan_server(text(), "vbo-9")
    assert message in str(error.value)
    (tmp_path / "plan.json").write_text(text(), encoding="utf-8")
    for _again in range(2):
        with pytest.raises(VboError, match=r"plan\.json") as other:
            part_from(str(tmp_path / "plan.json"), "vbo-9", "", NOW)
        assert message in other.value.message


def test_a_server_that_was_not_planned_is_refused_with_the_reason() -> None:
    with pytest.raises(AnsibleFilterError, match="'vbo-4', which was unreachable: Cannot connect to vbo-4"):
        plan_server(everything(), "vbo-4")


@pytest.mark.parametrize(
    ("most", "now", "message"),
    [
        ("", "2036-01-01T00:00:00Z", ""),
        ("2h", "2026-11-26T12:00:00Z", ""),
        ("2h", "2026-11-26T12:00:01Z", "was made 2026-11-26T10:00:00Z and is older than 2h"),
        ("90m", "2026-11-26T12:00:00Z", "is older than 90m"),
        ("7d", "2026-12-03T09:59:00Z", ""),
        ("2h", "2026-11-26T09:56:00Z", ""),
        ("2h", "2026-11-26T09:50:00Z", "is in the future"),
        ("soon", NOW, "max_age: 'soon' is not a duration"),
        ("0h", NOW, "max_age: '0h' is not a duration"),
        ("2", NOW, "max_age: '2' is not a duration"),
        ("2h", "yesterday", "unknown format"),
    ],
)
def test_the_age_of_a_plan(most: str, now: str, message: str) -> None:
    if not message:
        assert plan_server(everything(), "vbo-1", most, now)["jobs"]
        return
    with pytest.raises(AnsibleFilterError) as error:
        plan_server(everything(), "vbo-1", most, now)
    assert message in str(error.value)


def test_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path / "tmp"))
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "marked.json").write_text("\ufeff" + text_of(everything()), encoding="utf-8")
    for name, message in {
        "": "is a folder. Specify the plan.json in it.",
        "none.json": "does not exist",
        "bytes.json": "is not UTF-8 text",
    }.items():
        with pytest.raises(VboError) as error:
            part_from(str(tmp_path / name), "vbo-1", "", NOW)
        assert message in error.value.message
    assert part_from(str(tmp_path / "marked.json"), "vbo-1", "", NOW)["jobs"], "editors add a mark"


def test_a_file_is_read_whole_once_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred hosts read their part of a plan for ten thousand jobs in a few seconds."""
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path / "tmp"))
    plan = fleet(200, 50)
    path = tmp_path / "plan.json"
    path.write_text(text_of(plan), encoding="utf-8")
    begin = time.process_time()
    for number in range(200):
        assert len(part_from(str(path), f"vbo-{number:03d}", "", NOW)["jobs"]) == 50
    assert time.process_time() - begin < 10
    path.write_text(text_of(everything()), encoding="utf-8")
    assert part_from(str(path), "vbo-1", "", NOW)["jobs"], "another plan in the same file is another plan"


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_markdown_shows_what_is_the_same_once_and_deletions_first() -> None:
    text = text_of(everything(), "markdown")
    assert text.index("## Delete 1 job on 1 server") < text.index("## Update 2 jobs on 1 server")
    assert "| `schedule_policy.daily_time` | `22:00` | `23:30` |" in text
    assert "- vbo-2: contoso.onmicrosoft.com / Mail, contoso.onmicrosoft.com / Tenant" in text
    assert "## Create 1 job on 1 server" in text and "`copy_job.repository`" in text
    assert "| vbo-4 | unreachable | Cannot connect to vbo-4. |" in text and "## Warnings" in text
    assert "Left out" not in text


def test_markdown_fits_into_a_comment_and_says_what_it_leaves_out() -> None:
    text = text_of(fleet(200, 50), "markdown")
    assert len(text) < 65_536 and len(text.encode("utf-8")) <= 60_000
    assert "Left out to fit into a comment: " in text and " jobs" in text.rsplit("Left out", 1)[1]


def test_markdown_of_hostile_names_is_text() -> None:
    page = MarkdownIt("commonmark").enable("table").render(text_of(hostile(), "markdown"))
    tags = set(re.findall(r"<(\w+)", page))
    assert tags <= {"h1", "h2", "p", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
    assert "\u202e" not in page and "<script" not in page


def test_unknown_formats_are_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="format must be one of json, markdown, html"):
        plan_files(everything(), ["pdf"])
    with pytest.raises(AnsibleFilterError, match="is not a plan"):
        plan_files({"servers": []}, ["json"])


# --- the comparison --------------------------------------------------------------------------------------------------


def seen(
    view: dict[str, t.Any] | None, changes: t.Sequence[dict[str, t.Any]] = (), action: str = "update"
) -> saved.Seen:
    return saved.Seen("1" if view else None, view, {"raw": 1}, action, changes)


VIEW = {"name": "Mail", "organization": CONTOSO, "enabled": True, "schedule_policy": {"type": "daily"}}


def test_a_change_that_is_done_has_not_moved_and_one_that_is_half_done_has() -> None:
    off = change("enabled", True, False)
    text = change("description", None, "x")
    planned = json.loads(json.dumps(saved.kept(seen(VIEW, [off, text]))))
    assert saved.moved_object(planned, seen(VIEW, [off, text])) == []
    assert saved.moved_object(planned, seen({**VIEW, "enabled": False}, [text])) == []
    assert saved.moved_object(planned, seen({**VIEW, "enabled": False, "description": "x"}, [], "none")) == []
    other = change("description", "y", "x")
    (moved,) = saved.moved_object(planned, seen({**VIEW, "description": "y"}, [off, other]))
    assert (moved.field, moved.reason, moved.now) == ("description", "edited", "y")


def test_what_the_server_keeps_for_another_type_of_schedule_counts() -> None:
    planned = saved.kept(seen(VIEW, [], "none"))
    moved = saved.moved_object(planned, seen(VIEW, [], "none")._replace(policy={"raw": 2}))
    assert [each.field for each in moved] == ["schedule_policy"]


def test_a_fleet_is_read_from_what_was_registered() -> None:
    """The plan is as old as the first read of a server, so that its age is never too low."""
    begun = {"options": {}, "url": "https://a.example.com:4443", "begun": NOW}
    planned = {"api_version": "v8", "jobs": [], "plan": part(job("mail", "update"))}
    hostvars = {
        "a": {"__vbo_plan": begun, "__vbo_plan_result": planned},
        "b": {"__vbo_plan": {**begun, "begun": "2999-01-01T00:00:00Z", "problem": "no"}, "__vbo_plan_result": {}},
        "gone": {},
    }
    found = plan_fleet(hostvars, list(hostvars))
    VALIDATOR.validate(json.loads(text_of(found)))
    assert [entry["state"] for entry in found["servers"]] == ["changes", "failed", "unreachable"]
    assert found["generated"] == NOW and found["servers"][1]["message"] == "no"
    assert found["servers"][0] == plan_report(planned, "a", begun["url"], NOW)["servers"][0]
