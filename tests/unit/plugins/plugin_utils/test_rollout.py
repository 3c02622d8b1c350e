# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rollouts without a server: undoing a plan, plausible results, and the report."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.rollout import FilterModule
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet import _rollout as model
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet import _rollout_report as pages

FILTERS = FilterModule().filters()
ORGANIZATION = "contoso.onmicrosoft.com"
NOW = datetime.datetime(2026, 2, 3, 21, 0, tzinfo=datetime.timezone.utc)
POLICY = {"type": "daily", "daily_type": "everyday", "daily_time": "22:00"}
ITEMS = [{"type": "user", "name": "cfo@contoso.com"}]
VIEW = {
    "name": "Mail",
    "organization": ORGANIZATION,
    "repository": "repo-fra-01",
    "description": "old",
    "enabled": True,
    "backup_type": "selected_items",
    "selected_items": ITEMS,
    "schedule_policy": POLICY,
}
COPY = {"job": "Mail", "repository": "repo-s3-copy", "enabled": True, "schedule_policy": {"type": "immediate"}}
ABSENT = {
    "name": "Mail",
    "organization": ORGANIZATION,
    "state": "absent",
    "delete_copy_job": True,
    "when_running": "proceed",
}
WHOLE = {**VIEW, "copy_job": {"repository": "repo-s3-copy"}}


def entry(action: str, *fields: str, **more: t.Any) -> dict[str, t.Any]:
    """An entry of the result of vbo_jobs, with details."""
    return {
        "name": "Mail",
        "organization": ORGANIZATION,
        "id": None if action == "create" else "ID-1",
        "action": action,
        "status": "ok",
        "changes": [{"field": field, "before": 1, "after": 2} for field in fields],
        "before": {} if action == "create" else VIEW,
        "after": {} if action == "delete" else VIEW,
        "next_run": "2026-02-03T22:00:00Z",
        **more,
    }


def copied(action: str, *fields: str, **more: t.Any) -> dict[str, t.Any]:
    changes = [{"field": field, "before": 1, "after": 2} for field in fields]
    return {"action": action, "changes": changes, "before": {} if action == "create" else COPY, "after": COPY, **more}


SAVED = {
    "nothing": (entry("none"), []),
    "a creation": (entry("create"), [ABSENT]),
    "a field": (
        entry("update", "description"),
        [{"id": "ID-1", "name": "Mail", "organization": ORGANIZATION, "description": "old"}],
    ),
    "a part of the schedule": (
        entry("update", "schedule_policy.daily_time", "schedule_policy.type"),
        [{"id": "ID-1", "name": "Mail", "organization": ORGANIZATION, "schedule_policy": POLICY}],
    ),
    "one item of a list": (
        entry("update", "selected_items[0].mailbox"),
        [{"id": "ID-1", "name": "Mail", "organization": ORGANIZATION, "selected_items": ITEMS}],
    ),
    "the name": (
        entry("update", "name", name="Post"),
        [{"id": "ID-1", "name": "Mail", "organization": ORGANIZATION}],
    ),
    "a deletion": (entry("delete"), [WHOLE]),
    "a copy job that is new": (
        entry("none", copy_job=copied("create")),
        [
            {
                "id": "ID-1",
                "name": "Mail",
                "organization": ORGANIZATION,
                "copy_job": {"state": "absent", "when_running": "proceed"},
            }
        ],
    ),
    "a copy job that goes": (
        entry("none", copy_job=copied("delete")),
        [
            {
                "id": "ID-1",
                "name": "Mail",
                "organization": ORGANIZATION,
                "copy_job": {key: COPY[key] for key in ("repository", "enabled", "schedule_policy")},
            }
        ],
    ),
    "a copy job that stays": (entry("none", copy_job=copied("none")), []),
}


@pytest.mark.parametrize("what", SAVED)
def test_what_is_saved(what: str) -> None:
    planned, saved = SAVED[what]
    assert model.snapshot_of([planned], [WHOLE], []) == saved


def test_a_deleted_job_that_was_not_read_whole_is_saved_as_far_as_it_is_known() -> None:
    assert model.snapshot_of([entry("delete")], [], []) == [VIEW]


@pytest.mark.parametrize("items", [{"selected_items": []}, {}])
def test_a_deleted_job_that_could_not_be_made_again_is_not_saved(items: dict[str, t.Any]) -> None:
    """Somebody else has deleted it between the reads of the list and of its items."""
    live = {**{key: value for key, value in WHOLE.items() if key != "selected_items"}, **items}
    for known in ([live], []):
        planned = entry("delete", before=live)
        with pytest.raises(
            ValueError, match=r"^job 'Mail' was changed by somebody else while it was read; run the rollout again$"
        ):
            model.snapshot_of([planned], known, [])
    with pytest.raises(AnsibleFilterError, match=r"^rollout_snapshot: job 'Mail' was changed"):
        FILTERS["rollout_snapshot"]({"jobs": [entry("delete")]}, [live])
    tenant = {**live, "backup_type": "entire_organization"}
    assert model.snapshot_of([entry("delete")], [tenant], []) == [tenant]


def test_jobs_are_in_order_and_nothing_is_shared_with_the_input() -> None:
    entries = [entry("create", name=name) for name in ("b", "A", "c")]
    live = [dict(WHOLE)]
    saved = model.snapshot_of([*entries, entry("delete")], live, [])
    assert [job["name"] for job in saved] == ["A", "b", "c", "Mail"]
    saved[-1]["state"] = "changed"
    assert live == [WHOLE]


UPDATED = {"id": "id-1", "name": "Mail", "organization": ORGANIZATION, "description": "oldest"}
#: a snapshot of an interrupted run, the plan of the next run, and the resulting snapshot
AGAIN: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], dict[str, t.Any]]] = {
    "it is as declared by now": (UPDATED, entry("none"), UPDATED),
    "the same field once more": (UPDATED, entry("update", "description"), UPDATED),
    "another field": (UPDATED, entry("update", "enabled"), {**UPDATED, "enabled": True}),
    "changed first, now deleted": (
        UPDATED,
        entry("delete"),
        {**WHOLE, "description": "oldest"},
    ),
    "created first, now changed": (ABSENT, entry("update", "enabled"), ABSENT),
    "created first, now deleted": (ABSENT, entry("delete"), ABSENT),
    "deleted first, now created": (WHOLE, entry("create"), WHOLE),
    "deleted first, made again, now changed": (WHOLE, entry("update", "description"), {**WHOLE, "id": "ID-1"}),
    "another name": (
        {**UPDATED, "name": "Mail of old"},
        entry("update", "enabled"),
        {**UPDATED, "name": "Mail of old", "enabled": True},
    ),
    "names differ in case": ({**ABSENT, "name": "MAIL"}, entry("update", "enabled"), {**ABSENT, "name": "MAIL"}),
}


@pytest.mark.parametrize("what", AGAIN)
def test_the_oldest_state_of_a_job_wins(what: str) -> None:
    earlier, planned, kept = AGAIN[what]
    assert model.snapshot_of([planned], [WHOLE], [earlier]) == [kept]


def test_a_job_that_only_the_first_run_changed_stays_in_the_snapshot() -> None:
    other = entry("update", "enabled", id="ID-2", before={**VIEW, "name": "Sites"})
    saved = model.snapshot_of([other], [], [UPDATED])
    assert [(job["name"], job["id"]) for job in saved] == [("Mail", "id-1"), ("Sites", "ID-2")]


OFF = {**VIEW, "enabled": False}
MANUAL = {**VIEW, "schedule_policy": {"type": "manual_only"}}
FOUND = {
    "all is well": (entry("none"), ""),
    "a moment ago": (entry("none", next_run="2026-02-03T20:59:59.1234567Z"), ""),
    "the time zone was left out": (entry("none", next_run="2026-02-03T10:00:00"), ""),
    "switched off": (entry("none", next_run=None, after=OFF), ""),
    "started by hand": (entry("none", next_run=None, after=MANUAL), ""),
    "no next run": (
        entry("none", next_run=None),
        "job 'Mail' is enabled and scheduled, but the server has planned no next run",
    ),
    "long ago": (
        entry("none", next_run="2026-01-01T22:00:00Z"),
        "job 'Mail': its next run 2026-01-01T22:00:00Z is in the past",
    ),
    "just within a day": (entry("none", next_run="2026-02-02T21:00:00Z"), ""),
    "no next run of a periodic schedule": (
        entry("none", next_run=None, after={**VIEW, "schedule_policy": {"type": "periodically"}}),
        "job 'Mail' is enabled and scheduled, but the server has planned no next run",
    ),
    "not a time": (entry("none", next_run="soon"), "job 'Mail': its next run soon is in the past"),
    "it could not be read": (entry("none", status="failed", msg="Cannot read it."), "job 'Mail': Cannot read it."),
    "a field still differs": (
        entry("update", "description", "enabled"),
        "job 'Mail' is not as declared after the write: description, enabled",
    ),
    "it is still there": (entry("delete"), "job 'Mail' is not as declared after the write: delete"),
    "its copy still differs": (
        entry("none", copy_job=copied("update", "repository")),
        "job 'Mail' is not as declared after the write: copy_job.repository",
    ),
    "its copy is still there": (
        entry("none", copy_job=copied("delete")),
        "job 'Mail' is not as declared after the write: copy_job: delete",
    ),
}


@pytest.mark.parametrize("what", FOUND)
def test_what_is_not_plausible(what: str) -> None:
    check, sentence = FOUND[what]
    assert model.problems_of([check], {(ORGANIZATION.upper(), "mail")}, NOW) == ([sentence] if sentence else [])


def test_every_problem_is_said() -> None:
    checks = [entry("none", status="failed", msg="No."), entry("none", next_run=None)]
    assert model.problems_of(checks, {(ORGANIZATION, "Mail")}, NOW) == [
        "job 'Mail': No.",
        "job 'Mail' is enabled and scheduled, but the server has planned no next run",
    ]


def test_next_runs_of_jobs_that_were_not_touched_are_not_judged() -> None:
    assert model.problems_of([entry("none", next_run=None)], (), NOW) == []


RUNS = {
    "it had a next run": (entry("update", "description", next_run="2026-02-04T22:00:00Z"), True),
    "it never ran, and will not": (entry("update", "description", next_run=None), False),
    "its schedule changes": (entry("update", "schedule_policy.daily_time", next_run=None), True),
    "its window changes": (entry("update", "schedule_policy.backup_window[Mon]", next_run=None), True),
    "it is switched on": (entry("update", "enabled", next_run=None), True),
    "it is new": (entry("create", next_run=None), True),
}


@pytest.mark.parametrize("what", RUNS)
def test_a_job_that_did_not_run_before_is_no_fault_of_another_change(what: str) -> None:
    planned, judged = RUNS[what]
    assert model.should_run(planned) is judged
    problems = FILTERS["rollout_problems"](
        {"jobs": [entry("none", next_run=None)]}, {"jobs": [planned]}, "2026-02-03T21:00:00Z"
    )
    assert bool(problems) is judged


def row(server: str, state: str, wave: int | None = 1, message: str = "", jobs: t.Sequence[str] = ()) -> t.Any:
    return {"server": server, "wave": wave, "state": state, "message": message, "jobs": list(jobs)}


REPORT = """\
# Rollout r1

5 servers: 1 restore failed, 1 restored, 2 changed, 1 not reached.

| server | wave | state | jobs | |
| --- | --- | --- | --- | --- |
| c | 2 | restore failed |  | no |
| b | 2 | restored |  |  |
| e | 1 | changed |  |  |
| a | 2 | changed | Mail, Sites |  |
| d |  | not reached |  |  |

- restore failed: not restored: apply the snapshot manually
- restored: changed, and then rolled back to its state before the rollout
- changed: changed and verified
- not reached: not touched, because the rollout stopped earlier
"""


def test_the_report_has_every_server_and_the_bad_ones_first() -> None:
    rows = [
        row("a", "changed", 2, jobs=["Mail", "Sites"]),
        row("b", "restored", 2),
        row("c", "restore_failed", 2, "no"),
    ]
    late = row("e", "changed", 1)
    report = pages.report_of("r1", ["a", "b", "c", "d", "e"], [*rows, late])
    assert report["servers"] == [*rows, row("d", "not_reached", None), late]
    assert report["totals"] == {"restore_failed": 1, "restored": 1, "changed": 2, "not_reached": 1}
    assert pages.markdown_of(report) == REPORT


def test_what_happened_before_the_first_wave_stands_before_it() -> None:
    rows = [row("a", "failed", 1), row("b", "failed", None)]
    lines = pages.markdown_of(pages.report_of("r1", ["a", "b"], rows)).splitlines()
    assert [line[:8] for line in lines if " failed " in line and line[0] == "|"] == ["| b |  |", "| a | 1 "]


def test_one_server() -> None:
    assert "1 server: 1 unchanged." in pages.markdown_of(pages.report_of("r1", ["a"], [row("a", "unchanged")]))


def test_texts_of_servers_are_text_in_the_report() -> None:
    hostile = "R&D a|b <script>`x`\\[y](javascript:z)\x1b[31m @all #1 <!--"
    text = (
        "R&amp;D a\\|b &lt;script&gt;\\`x\\`\\\\\\[y\\](javascript:z)\\\\x1b\\[31m @<!-- -->all \\#<!-- -->1 &lt;\\!--"
    )
    lines = pages.markdown_of(pages.report_of(hostile, ["a"], [row("a", "failed", 1, hostile, [hostile])])).splitlines()
    assert lines[0] == f"# Rollout {text}"
    assert f"| a | 1 | failed | {text} | {text} |" in lines
    odd = [row(name, "changed", 1, jobs=["Mail\u200b", "Mail "]) for name in ("a", "a\u200b")]
    text = pages.markdown_of(pages.report_of("r", ["a", "a\u200b"], odd))
    assert "| a | 1 |" in text and "| a\\\\u200b | 1 |" in text and "Mail\\\\u200b, Mail\\\\x20" in text


def test_the_report_fits_into_a_comment() -> None:
    names = [f"server-{number}" for number in range(2000)]
    rows = [row(name, "failed", 1, "m" * 3000, [f"job {job}" for job in range(50)]) for name in names]
    text = pages.markdown_of(pages.report_of("r", names, rows))
    shown = text.count("\n| server-")
    assert len(text.encode()) <= 65_536 and f"Left out to fit into a comment: {2000 - shown} servers." in text
    assert "and 30 more" in text and text.rstrip().endswith("- failed: failed before anything was changed")


def test_every_state_is_explained() -> None:
    rows = [row(state, state) for state in pages.STATES]
    text = pages.markdown_of(pages.report_of("r1", list(pages.STATES), rows))
    assert all(f"- {state.replace('_', ' ')}: {meaning}" in text for state, meaning in pages.STATES.items())


# --- the filters -----------------------------------------------------------------------------------------------------


def test_the_filters_take_results_of_tasks() -> None:
    plan = {"jobs": [entry("update", "description"), entry("none", name="Same"), entry("none", name="Copy")]}
    plan["jobs"][2]["copy_job"] = copied("create")
    assert FILTERS["rollout_changed"](plan) == ["Mail", "Copy"]
    plan["jobs"][2].update(id="ID-3", before={**VIEW, "name": "Copy"})
    assert [job["name"] for job in FILTERS["rollout_snapshot"](plan)] == ["Copy", "Mail"]
    check = {"jobs": [entry("none", next_run=None), entry("none", name="Same", next_run=None)]}
    (problem,) = FILTERS["rollout_problems"](check, plan, "2026-02-03T21:00:00Z")
    assert "'Mail'" in problem
    report = FILTERS["rollout_report"]([row("a", "changed")], 7, ["a"])
    assert report["rollout"] == "7" and report["markdown"].startswith("# Rollout 7\n")


def test_a_result_of_a_task_that_failed_early_has_no_jobs() -> None:
    assert FILTERS["rollout_changed"]({"failed": True, "msg": "no"}) == []
    assert FILTERS["rollout_problems"]({"failed": True}, {"jobs": []}, "2026-02-03T21:00:00Z") == []


def test_a_time_that_is_none() -> None:
    with pytest.raises(AnsibleFilterError, match="'soon' is not a time"):
        FILTERS["rollout_problems"]({"jobs": []}, {"jobs": []}, "soon")
