# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exported jobs as templates with differences: the choice of the template, the output, and its meaning."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.export import FilterModule
from ansible_collections.backupops.vbo365.plugins.filter.jobs import expand_jobs
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ...support.tasks import Tasks
from .test_export import apply, delete_all, exported, leave_what_can_be_made

Job = dict[str, t.Any]
export_jobs = FilterModule().filters()["export_jobs"]

#: in another spelling than that of servers
TEMPLATES: dict[str, Job] = {
    "common": {
        "description": "Managed by Git",
        "enabled": True,
        "schedule_policy": {"retry_number": "3", "retry_wait_interval": 20, "backup_window": []},
    },
    "nightly": {
        "extends": "common",
        "name": "{org}-mail",
        "backup_type": "selected_items",
        "schedule_policy": {"type": "daily", "daily_type": "everyday", "daily_time": "9:30"},
    },
    "hourly": {
        "extends": "common",
        "schedule_policy": {
            "type": "periodically",
            "periodically_every": "hours1",
            "backup_window": "mon-fri 19:00-7:00",
        },
    },
    "everything": {
        "extends": "common",
        "once_per_organization": True,
        "backup_type": "entire_organization",
        "schedule_policy": {"type": "daily", "daily_type": "everyday", "daily_time": "04:00"},
    },
    "copied": {"copy_job": {"repository": "{copies}", "schedule_policy": {"type": "immediate"}}},
    "paused": {"requires": {"reason": "text"}, "description": "Paused: {reason}", "enabled": False},
}
NIGHTLY: Job = {
    "name": "Mail",
    "organization": "contoso.onmicrosoft.com",
    "repository": "repo-01",
    "description": "Managed by Git",
    "enabled": True,
    "backup_type": "selected_items",
    "schedule_policy": {
        "type": "daily",
        "schedule_enabled": True,
        "daily_type": "everyday",
        "daily_time": "09:30",
        "backup_window_enabled": False,
        "retry_enabled": True,
        "retry_number": 3,
        "retry_wait_interval": 20,
    },
}
IDENTITY = {key: NIGHTLY[key] for key in ("name", "organization", "repository")}


def changed(job: Job, policy: Job | None = None, **fields: t.Any) -> Job:
    """Return a changed job; None removes a value."""
    merged = {**job, **fields, "schedule_policy": {**job["schedule_policy"], **(policy or {})}}
    merged["schedule_policy"] = {key: value for key, value in merged["schedule_policy"].items() if value is not None}
    return {key: value for key, value in merged.items() if value is not None}


def written(job: Job, templates: dict[str, Job] | None = None, copies: t.Sequence[Job] = ()) -> Job:
    (result,) = export_jobs([job], copies, TEMPLATES if templates is None else templates)
    return result


def test_what_a_template_says_is_not_repeated() -> None:
    """Also in other spellings, and on versions without some of the options."""
    assert written(NIGHTLY) == {"template": "nightly", **IDENTITY}
    old = changed(NIGHTLY, {"schedule_enabled": None})
    assert written(old) == {"template": "nightly", **IDENTITY}
    more = changed(old, {"retry_number": 5})
    assert written(more) == {"template": "nightly", **IDENTITY, "schedule_policy": {"retry_number": 5}}


@pytest.mark.parametrize(
    ("policy", "difference"),
    [
        ({"retry_number": 5}, {"retry_number": 5}),
        ({"retry_enabled": False, "retry_number": None, "retry_wait_interval": None}, {"retry_enabled": False}),
        (
            {"backup_window_enabled": True, "backup_window": ["Sat-Sun"]},
            {"backup_window_enabled": True, "backup_window": ["Sat-Sun"]},
        ),
    ],
)
def test_what_differs(policy: Job, difference: Job) -> None:
    job = changed(NIGHTLY, policy, description="Mine", selected_items=[{"type": "user", "name": "a@b.c"}])
    expected = {"description": "Mine", "selected_items": job["selected_items"], "schedule_policy": difference}
    assert written(job) == {"template": "nightly", **IDENTITY, **expected}


def test_a_template_that_is_not_meant() -> None:
    """A job with another start time or other kinds of items does not match this template."""
    later = changed(NIGHTLY, {"daily_time": "10:30"})
    start = {"type": "daily", "daily_type": "everyday", "daily_time": "10:30"}
    common = {"template": "common", **IDENTITY, "backup_type": "selected_items"}
    assert written(later) == {**common, "schedule_policy": {**start, "schedule_enabled": True}}
    old = changed(later, {"schedule_enabled": None})
    assert written(old) == {**common, "schedule_policy": start}, "this version does not know the option"
    templates = {name: template for name, template in TEMPLATES.items() if name == "nightly"}
    templates["nightly"] = {**templates["nightly"], "extends": []}
    assert written(NIGHTLY, templates)["template"] == "nightly"
    assert written(later, templates) == later
    assert written(changed(NIGHTLY, backup_type="entire_organization"), templates).get("template") is None


@pytest.mark.parametrize(
    ("start", "used"),
    [("09:00", True), ("09:30", True), ("10:00", True), ("09:35", False), ("08:50", False), ("10:10", False)],
)
def test_a_template_with_a_range_of_starts(start: str, used: bool) -> None:
    """A job that starts in one of its places matches, and the export has the time of the job."""
    policy = {"daily_time": {"between": ["09:00", "10:00"], "step": 10}}
    templates = {"spread": changed(NIGHTLY, policy, name=None, organization=None, repository=None)}
    job = changed(NIGHTLY, {"daily_time": start})
    short = {"template": "spread", **IDENTITY, "schedule_policy": {"daily_time": start}}
    assert written(job, templates) == (short if used else job)


def test_a_window_of_a_template_that_the_job_does_not_have() -> None:
    policy = {"type": "periodically", "periodically_every": "hours1", "daily_type": None, "daily_time": None}
    hourly = changed(NIGHTLY, {**policy, "backup_window_enabled": True, "backup_window": ["Mon-Fri 19:00-07:00"]})
    assert written(hourly) == {"template": "hourly", **IDENTITY, "backup_type": "selected_items"}
    without = changed(NIGHTLY, policy)
    assert written(without)["schedule_policy"] == {"backup_window_enabled": False}


def test_one_job_of_an_organization() -> None:
    """The job most similar to the template uses it, whatever its name; the others are written in full."""
    jobs = [
        changed(
            NIGHTLY, {"daily_time": "04:00", **more}, name=name, backup_type="entire_organization", organization=owner
        )
        for owner, name, more in (
            ("contoso", "a", {"retry_number": 9}),
            ("contoso", "b", {}),
            ("contoso", "c", {}),
            ("fabrikam", "d", {"retry_number": 9}),
        )
    ]
    result = export_jobs(jobs, [], TEMPLATES)
    assert [job.get("template") for job in result] == ["common", "everything", "common", "everything"]
    assert [job["name"] for job in expand_jobs(result, TEMPLATES)] == ["a", "b", "c", "d"]
    extending = {**TEMPLATES, "special": {"extends": ["everything"], "schedule_policy": {"retry_number": 9}}}
    result = export_jobs(jobs, [], extending)
    assert [job.get("template") for job in result] == ["special", "common", "common", "special"]
    expand_jobs(result, extending)


def test_copy_jobs() -> None:
    policy = {"type": "immediate", "backup_copy_window_enabled": False}
    copied = {"job": "Mail", "organization": IDENTITY["organization"], "repository": "s3", "enabled": True}
    copies = [{**copied, "schedule_policy": policy}]
    assert written(NIGHTLY, copies=copies)["copy_job"] == {
        "repository": "s3",
        "enabled": True,
        "schedule_policy": policy,
    }
    templates = {"copied": {**NIGHTLY, "name": "{org}", "copy_job": copies[0] | {"repository": "{copies}"}}}
    templates["copied"]["copy_job"] = {
        key: value for key, value in templates["copied"]["copy_job"].items() if key not in ("job", "organization")
    }
    assert written(NIGHTLY, templates, copies) == {
        "template": "copied",
        "name": "Mail",
        "copy_job": {"repository": "s3"},
    }
    assert written(NIGHTLY, templates) == {"template": "copied", "name": "Mail", "copy_job": None}


@pytest.mark.parametrize(
    "more",
    [
        {"state": "absent"},
        {"run_now": True},
        {"id": "3c407448-4d05-432f-a651-144827bed5ce"},
        {"requires": {"reason": "text"}},
        {"schedule_policy": {"daily_time": "nonsense"}},
    ],
)
def test_templates_that_are_never_used(more: Job) -> None:
    """Templates that would act on a job, that need data a server does not have, or that no job can use."""
    templates = {"other": {**TEMPLATES["nightly"], "extends": None, **more}}
    assert written(NIGHTLY, templates) == NIGHTLY


def test_placeholders_of_templates() -> None:
    """The job sets options with placeholders itself; a template with an unknown placeholder is not used."""
    items = [{"type": "user", "name": "a@b.c"}]
    templates = {
        "other": {**TEMPLATES["nightly"], "extends": None, "selected_items": [{"type": "user", "name": "{who}"}]}
    }
    short = {"template": "other", **IDENTITY, "description": "Managed by Git", "enabled": True, "selected_items": items}
    found = written(changed(NIGHTLY, selected_items=items), templates)
    assert {key: value for key, value in found.items() if key != "schedule_policy"} == short
    templates["other"]["description"] = "{reason}"
    assert written(changed(NIGHTLY, description=None, selected_items=items), templates).get("template") is None


def test_a_copy_job_that_a_template_takes_away() -> None:
    copies = [{"job": "Mail", "organization": IDENTITY["organization"], "repository": "s3", "enabled": True}]
    templates = {"alone": {**NIGHTLY, "copy_job": {"state": "absent"}}}
    assert "template" not in written(NIGHTLY, templates, copies)


@pytest.mark.parametrize(
    ("templates", "message"),
    [
        ({"a": {"extends": "a"}}, "circular reference"),
        ({"a": {"extends": "b"}}, "there is no template 'b'"),
        ({"a": {"descripton": "x"}}, "Did you mean description"),
        ({"a": 3}, "must be a dictionary"),
        ([], "templates must be a dictionary"),
    ],
)
def test_wrong_templates(templates: t.Any, message: str) -> None:
    if templates == []:
        templates = ["a"]
    with pytest.raises(AnsibleFilterError, match=f"export_jobs: .*{message}"):
        export_jobs([NIGHTLY], [], templates)


def test_a_server_that_is_newer() -> None:
    """A value that no option supports is written unchanged."""
    job = changed(NIGHTLY, {"daily_type": "every_other_day"})
    assert written(job) == job


TIMES = st.sampled_from(["04:00", "9:30", "09:30", "22:00"])
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["daily", "periodically", "manual_only"]),
        "daily_type": st.sampled_from(["everyday", "monday"]),
        "daily_time": TIMES,
        "periodically_every": st.sampled_from(["hours1", "minutes15"]),
        "retry_number": st.sampled_from([3, 5]),
        "retry_enabled": st.booleans(),
        "backup_window": st.sampled_from([[], "Sat-Sun", ["Mon-Fri 19:00-07:00"]]),
        "backup_window_enabled": st.booleans(),
    },
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["{org}-a", "a"]),
        "description": st.sampled_from(["Managed by Git", "{reason}"]),
        "enabled": st.booleans(),
        "backup_type": st.sampled_from(["entire_organization", "selected_items"]),
        "extends": st.lists(st.sampled_from(["low", "middle"]), max_size=2, unique=True),
        "once_per_organization": st.booleans(),
        "vars": st.just({"org": "x"}),
        "schedule_policy": POLICIES,
        "selected_items": st.just([{"type": "user", "name": "a@b.c"}]),
    },
)


@st.composite
def template_sets(draw: st.DrawFn) -> dict[str, Job]:
    low, middle, high = (draw(FIELDS) for _unused in range(3))
    low.pop("extends", None)
    middle["extends"] = [name for name in middle.get("extends", []) if name != "middle"]
    return {"low": low, "middle": middle, "high": high}


@settings(max_examples=300, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
@given(
    templates=template_sets(),
    changes=st.lists(st.tuples(st.sampled_from(["04:00", "09:30"]), st.booleans(), st.booleans()), max_size=4),
)
def test_it_means_the_same(templates: dict[str, Job], changes: list[tuple[str, bool, bool]]) -> None:
    """With any templates, jobs are the same after they are expanded again and exported without templates."""
    jobs = []
    for number, (time, retry, enabled) in enumerate(changes):
        policy = {} if retry else {"retry_enabled": False, "retry_number": None, "retry_wait_interval": None}
        jobs.append(changed(NIGHTLY, {"daily_time": time, **policy}, name=f"{number}", enabled=enabled))
    before = copy.deepcopy(templates)
    result = export_jobs(jobs, [], templates)
    assert templates == before
    again = expand_jobs(result, templates)
    assert [effective(job) for job in again] == [effective(job) for job in jobs]


def effective(job: Job) -> Job:
    """Return a job without options that have several spellings or no effect."""
    policy = dict(job["schedule_policy"])
    if policy.get("backup_window") == [] or policy.get("backup_window_enabled") is False:
        policy.pop("backup_window", None)
        policy["backup_window_enabled"] = False
    if policy.get("retry_enabled") is False:
        policy = {key: value for key, value in policy.items() if key not in ("retry_number", "retry_wait_interval")}
    policy["daily_time"] = policy["daily_time"].zfill(5)
    policy.setdefault("schedule_enabled", True)
    policy.setdefault("retry_enabled", True)
    return {**job, "schedule_policy": policy}


@pytest.mark.parametrize("host", ["controller"])
def test_on_a_server(tasks: Tasks) -> None:
    """Applying it changes nothing and recreates the same jobs, on every version."""
    leave_what_can_be_made(tasks.server, tasks.number)
    items = [{"type": "partial_organization", "mailbox": True}]
    extra = changed(NIGHTLY, name="Made of a template", repository="repo-fra-01", selected_items=items)
    if tasks.number < 5:
        extra["schedule_policy"].pop("schedule_enabled")
    apply(tasks, [extra])
    jobs = exported(tasks)
    copies = tasks.raw("vbo_copy_job_info")["config"] if tasks.number >= 6 else []
    result = export_jobs(tasks.raw("vbo_job_info", items=True)["config"], copies, TEMPLATES)
    assert next(job for job in result if job["name"] == extra["name"]) == {
        "template": "nightly",
        **{key: extra[key] for key in ("name", "organization", "repository", "selected_items")},
        "excluded_items": [],
    }
    expanded = expand_jobs(result, TEMPLATES)
    assert not apply(tasks, expanded)["changed"]
    delete_all(tasks.server)
    apply(tasks, expanded)
    assert exported(tasks) == jobs
