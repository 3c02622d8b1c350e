# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Templates: the resulting jobs, mistakes, and the way back."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import BulkFailed
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._options import BULK_JOB_OPTIONS
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet._templates import (
    LONGEST_FILLED,
    MOST_LAYERS,
    as_template,
    expand,
    laid_over,
)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

QUICK = settings(
    deadline=None,
    max_examples=200,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
Job = dict[str, t.Any]

TEMPLATES: dict[str, Job] = {
    "base": {"description": "Managed by Git", "schedule_policy": {"retry_number": 3, "retry_wait_interval": 20}},
    "nightly": {
        "extends": "base",
        "name": "{org}-mail",
        "schedule_policy": {"type": "daily", "daily_time": "{start}", "backup_window": ["Sat", "Sun"]},
        "vars": {"start": "20:00"},
    },
    "often": {
        "extends": ["base"],
        "schedule_policy": {"type": "periodically", "periodically_every": "hours4", "periodically_window": ["Mon"]},
    },
    "paused": {
        "requires": {"reason": "text", "until": "date"},
        "description": "Until {until}: {reason}",
        "enabled": False,
    },
    "only": {"once_per_organization": True, "backup_type": "entire_organization"},
    "listed": {"selected_items": [{"type": "user", "name": "{who}"}]},
    "manual": {"schedule_policy": {"type": "manual_only", "daily_time": "20:00", "periodically_every": "hours4"}},
    "any": {"extends": "manual", "schedule_policy": {"type": "{kind}"}},
    "copied": {"copy_job": {"repository": "r", "schedule_policy": {"type": "daily_at_time", "daily_time": "08:00"}}},
}


def one(job: Job, templates: dict[str, Job] | None = None) -> Job:
    (expanded,) = expand([job], TEMPLATES if templates is None else templates, BULK_JOB_OPTIONS)
    return expanded


CASES: list[tuple[str, Job, Job]] = [
    ("a job without a template", {"name": "a {b}", "enabled": True}, {"name": "a {b}", "enabled": True}),
    (
        "one that extends another, with its variables",
        {"template": "nightly", "vars": {"org": "c"}},
        {
            "name": "c-mail",
            "description": "Managed by Git",
            "schedule_policy": {
                "retry_number": 3,
                "retry_wait_interval": 20,
                "type": "daily",
                "daily_time": "20:00",
                "backup_window": ["Sat", "Sun"],
            },
        },
    ),
    (
        "the job's own values win, lists whole, and are taken as they are",
        {
            "template": "nightly",
            "name": "{org}",
            "schedule_policy": {"daily_time": "21:00", "backup_window": ["Mon"], "retry_number": 5},
        },
        {
            "name": "{org}",
            "description": "Managed by Git",
            "schedule_policy": {
                "retry_number": 5,
                "retry_wait_interval": 20,
                "type": "daily",
                "daily_time": "21:00",
                "backup_window": ["Mon"],
            },
        },
    ),
    (
        "another type of schedule leaves out what it has no use for",
        {
            "template": "nightly",
            "name": "x",
            "schedule_policy": {"type": "periodically", "periodically_every": "hours1"},
        },
        {
            "name": "x",
            "description": "Managed by Git",
            "schedule_policy": {
                "retry_number": 3,
                "retry_wait_interval": 20,
                "type": "periodically",
                "periodically_every": "hours1",
                "backup_window": ["Sat", "Sun"],
            },
        },
    ),
    (
        "the same in a chain of templates",
        {"template": ["often", "nightly"], "name": "x"},
        {
            "name": "x",
            "description": "Managed by Git",
            "schedule_policy": {
                "retry_number": 3,
                "retry_wait_interval": 20,
                "type": "daily",
                "daily_time": "20:00",
                "backup_window": ["Sat", "Sun"],
            },
        },
    ),
    (
        "null takes a value away",
        {"template": "nightly", "name": "x", "description": None, "schedule_policy": {"backup_window": None}},
        {
            "name": "x",
            "schedule_policy": {"retry_number": 3, "retry_wait_interval": 20, "type": "daily", "daily_time": "20:00"},
        },
    ),
    (
        "a copy that follows each backup has no time",
        {"template": "copied", "name": "x", "copy_job": {"schedule_policy": {"type": "immediate"}}},
        {"name": "x", "copy_job": {"repository": "r", "schedule_policy": {"type": "immediate"}}},
    ),
    (
        "placeholders in lists",
        {"template": "listed", "vars": {"who": "a@b.c"}},
        {"selected_items": [{"type": "user", "name": "a@b.c"}]},
    ),
    (
        "a type of schedule that is a placeholder",
        {"template": "any", "vars": {"kind": "daily"}},
        {"schedule_policy": {"type": "daily", "daily_time": "20:00", "periodically_every": "hours4"}},
    ),
    (
        "what a template requires",
        {"template": ["base", "paused"], "name": "x", "vars": {"reason": "move", "until": "2027-01-31"}},
        {
            "name": "x",
            "description": "Until 2027-01-31: move",
            "enabled": False,
            "schedule_policy": {"retry_number": 3, "retry_wait_interval": 20},
        },
    ),
    (
        "a variable that YAML has read as a date",
        {"template": "paused", "vars": {"reason": "move", "until": datetime.date(2027, 1, 31)}},
        {"description": "Until 2027-01-31: move", "enabled": False},
    ),
]


@pytest.mark.parametrize(("job", "plain"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_expansion(job: Job, plain: Job) -> None:
    assert one(job) == plain
    assert one(plain) == plain


LAID_OVER: list[tuple[str, Job, Job, Job]] = [
    ("nothing", {"name": "x", "copy_job": {"repository": "r"}}, {}, {"name": "x", "copy_job": {"repository": "r"}}),
    ("another value", {"name": "x", "enabled": True}, {"enabled": False}, {"name": "x", "enabled": False}),
    (
        "one key of a mapping",
        {"schedule_policy": {"type": "daily", "daily_time": "20:00"}},
        {"schedule_policy": {"daily_time": "21:00"}},
        {"schedule_policy": {"type": "daily", "daily_time": "21:00"}},
    ),
    (
        "a list",
        {"schedule_policy": {"backup_window": ["Sat", "Sun"]}},
        {"schedule_policy": {"backup_window": ["Mon"]}},
        {"schedule_policy": {"backup_window": ["Mon"]}},
    ),
    (
        "null",
        {"name": "x", "description": "y", "schedule_policy": {"type": "daily", "backup_window": ["Sat"]}},
        {"description": None, "schedule_policy": {"backup_window": None}},
        {"name": "x", "schedule_policy": {"type": "daily"}},
    ),
    (
        "another type of schedule",
        {"schedule_policy": {"type": "daily", "daily_time": "20:00", "retry_number": 3}},
        {"schedule_policy": {"type": "periodically", "periodically_every": "hours4"}},
        {"schedule_policy": {"type": "periodically", "periodically_every": "hours4", "retry_number": 3}},
    ),
]


@pytest.mark.parametrize(
    ("job", "above", "result"), [case[1:] for case in LAID_OVER], ids=[case[0] for case in LAID_OVER]
)
def test_options_laid_over_a_job(job: Job, above: Job, result: Job) -> None:
    assert laid_over(job, above) == result


def test_neither_jobs_nor_templates_are_touched() -> None:
    job = {"template": "nightly", "vars": {"org": "c"}, "schedule_policy": {"retry_number": 1}}
    before = (repr(job), repr(TEMPLATES))
    one(job)["schedule_policy"]["backup_window"].append("x")
    assert one(job)["schedule_policy"]["backup_window"] != [] and (repr(job), repr(TEMPLATES)) == before


WRONG: list[tuple[list[t.Any], dict[str, t.Any], list[str]]] = [
    ([{"template": "nightli"}], TEMPLATES, ["jobs[0].template: there is no template 'nightli'. Did you mean nightly?"]),
    ([{"template": 3}], TEMPLATES, ["jobs[0].template: must be the name of a template, or a list of names"]),
    (["x"], {}, ["jobs[0]: must be a dictionary, for example"]),
    (
        [{"name": "a"}, {"schedule_policy": {"daily_tme": "x"}}],
        {},
        ["jobs[1].schedule_policy.daily_tme: unsupported option. Did you mean daily_time?"],
    ),
    (
        [{"selected_items": [{"typ": "user"}]}],
        {},
        ["jobs[0].selected_items[0].typ: unsupported option. Did you mean type?"],
    ),
    ([{"selected_items": {"type": "user"}}], {}, ["jobs[0].selected_items: must be a list"]),
    ([{"backup_type": "everything"}], {}, ["jobs[0].backup_type: must be one of entire_organization, "]),
    (
        [],
        {"a": {"extends": "b"}, "b": {"extends": "a"}},
        [
            "templates.b.extends: circular reference: a -> b -> a",
            "templates.a.extends: circular reference: b -> a -> b",
        ],
    ),
    (
        [],
        {"a": {"extends": "b"}, "b": {"extends": "c"}},
        ["templates.b.extends: there is no template 'c'"],
    ),
    (
        [],
        {"a": {"extends": "b"}, "b": {"extends": 3}},
        ["templates.b.extends: must be the name of a template, or a list of names"],
    ),
    ([], {"a": {"extends": "a"}}, ["templates.a.extends: circular reference: a -> a"]),
    ([], {"a": {"extends": "c"}}, ["templates.a.extends: there is no template 'c'"]),
    ([], {"a": 7}, ["templates.a: must be a dictionary, for example"]),
    ([], {"a": {"template": "b"}}, ["templates.a.template: unsupported option"]),
    (
        [],
        {"a": {"template": "b"}, "c": {"template": "b"}},
        ["templates.a.template: unsupported option", "templates.c.template: unsupported option"],
    ),
    (
        [],
        {"a": {"requires": ["x"]}},
        ["templates.a.requires: must be a dictionary of variable names, each with text or date"],
    ),
    (
        [],
        {"a": {"requires": {"x": "number"}}},
        ["templates.a.requires: must be a dictionary of variable names, each with text or date"],
    ),
    (
        [{"template": "listed"}],
        TEMPLATES,
        ["jobs[0].selected_items[0].name: the template requires the variable 'who'; set it in vars"],
    ),
    (
        [{"template": "paused", "vars": {"reason": " ", "until": "2027-01-31"}}],
        TEMPLATES,
        ["jobs[0].vars.reason: required by the template"],
    ),
    ([{"template": "nightly"}], TEMPLATES, ["jobs[0].name: the template requires the variable 'org'; set it in vars"]),
    (
        [{"template": "paused", "vars": {"until": "2027-01-31"}}],
        TEMPLATES,
        ["jobs[0].vars.reason: required by the template"],
    ),
    (
        [{"template": "paused", "vars": {"reason": "x", "until": "soon"}}],
        TEMPLATES,
        ["jobs[0].vars.until: 'soon' is not a date; write YYYY-MM-DD, in quotes"],
    ),
    (
        [{"template": "base", "vars": "x"}],
        TEMPLATES,
        ["jobs[0].vars: must be a dictionary, for example \"name: value\" (got 'x')"],
    ),
    (
        [{"template": "paused", "vars": {"reason": 3, "until": False}}],
        TEMPLATES,
        [
            "jobs[0].vars.reason: 3 is a number, not text; write it in quotes",
            "jobs[0].vars.until: false is a boolean, not text; write it in quotes",
        ],
    ),
    (
        [{"description": 3, "vars": {"org": 4}}],
        {},
        [
            "jobs[0].description: 3 is a number, not text; write it in quotes",
            "jobs[0].vars.org: 4 is a number, not text; write it in quotes",
        ],
    ),
    ([], {"a": {"override": {}}}, ["templates.a.override: not supported in templates; set it in a job"]),
    (
        [
            {"template": "only", "organization": "C", "name": "a"},
            {"template": ["only"], "organization": "c", "name": "b"},
        ],
        TEMPLATES,
        ["jobs[1].template: only one job of an organization may use this template; jobs[0] uses it for 'c'"],
    ),
    (
        [{"name": "A", "organization": "c"}, {"name": "x"}, {"name": "a", "organization": "C"}],
        {},
        ["jobs[2].name: same job as jobs[0]; declare each job once"],
    ),
    (
        [{"description": "x"}, {"name": "A"}, {"name": "a"}],
        {},
        ["jobs[2].name: same job as jobs[1]; declare each job once"],
    ),
    ([{"nme": "a"}, {"template": "?"}], {}, ["jobs[0].nme: ", "jobs[1].template: "]),
]


@pytest.mark.parametrize(("jobs", "templates", "texts"), WRONG, ids=[case[2][0][:60] for case in WRONG])
def test_everything_that_is_wrong_is_said_with_its_path(
    jobs: list[t.Any], templates: dict[str, t.Any], texts: list[str]
) -> None:
    with pytest.raises(BulkFailed) as caught:
        expand(jobs, templates, BULK_JOB_OPTIONS)
    lines = caught.value.message.splitlines()
    assert len(lines) == len(texts)
    for line, text in zip(lines, texts, strict=True):
        assert text in line
    assert {subject for subject, _error in caught.value.failures} == {""}, "the path says it"


@pytest.mark.parametrize(
    "jobs",
    [
        [{"name": "a", "organization": "c"}, {"name": "a", "organization": "d"}],
        [{"name": "a"}, {"name": "a", "id": "1"}],
        [{"template": "only", "name": "a"}, {"template": "only", "name": "b", "state": "absent"}],
    ],
    ids=["of two organizations", "one by its id", "one that goes"],
)
def test_jobs_that_are_not_the_same(jobs: list[Job]) -> None:
    assert [job["name"] for job in expand(jobs, TEMPLATES, BULK_JOB_OPTIONS)] == [job["name"] for job in jobs]


TIMES = st.sampled_from(["20:00", "21:00", "{start}"])
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["daily", "periodically", "manual_only"]),
        "daily_time": st.sampled_from(["20:00", "21:00"]),
        "periodically_every": st.sampled_from(["hours1", "hours4"]),
        "backup_window": st.lists(st.sampled_from(["Mon", "Sat"]), max_size=2),
        "retry_number": st.integers(1, 3),
    },
)
OPTIONS: dict[str, t.Any] = {
    "description": st.sampled_from(["", "x", "y"]),
    "enabled": st.booleans(),
    "schedule_policy": POLICIES,
    "copy_job": st.fixed_dictionaries({}, optional={"repository": st.sampled_from(["r", "s"])}),
}
BODIES = st.fixed_dictionaries({}, optional=OPTIONS)
JOBS = st.fixed_dictionaries({"name": st.sampled_from(["a", "b"])}, optional=OPTIONS)


@QUICK
@given(JOBS, st.dictionaries(st.sampled_from(["t", "u", "v"]), BODIES))
def test_a_job_as_a_template_is_that_job(job: Job, templates: dict[str, Job]) -> None:
    plain = one(job, {})
    written = as_template(plain, templates)
    assert one(written, templates) == plain
    assert as_template(plain, dict(reversed(templates.items()))) == written


def test_the_template_with_the_smallest_difference_is_taken() -> None:
    job = one({"template": "often", "name": "x"})
    assert as_template(job, TEMPLATES) == {"template": "often", "name": "x"}
    assert as_template({**job, "enabled": True}, TEMPLATES) == {"template": "often", "name": "x", "enabled": True}
    assert as_template({"name": "x"}, TEMPLATES) == {"name": "x"}


SAVED: list[tuple[str, Job, Job, bool]] = [
    ("as much to read as before", {"enabled": True}, {"name": "x", "enabled": True}, False),
    ("less to read", {"enabled": True, "description": ""}, {"name": "x", "enabled": True, "description": ""}, True),
    ("every entry of a list counts", {"excluded_items": [1, 2]}, {"name": "x", "excluded_items": [1, 2]}, True),
    ("a list of one is as long as a text", {"excluded_items": [1]}, {"name": "x", "excluded_items": [1]}, False),
    ("an empty list is something", {"excluded_items": []}, {"name": "x", "excluded_items": []}, False),
    ("an empty mapping is something", {"copy_job": {}}, {"name": "x", "copy_job": {}}, False),
    ("a mapping is what is in it", {"copy_job": {"a": 1}}, {"name": "x", "copy_job": {"a": 1}}, False),
    ("a text counts once", {"description": "a b c"}, {"name": "x", "description": "a b c"}, False),
]


@pytest.mark.parametrize(("template", "job", "taken"), [row[1:] for row in SAVED], ids=[row[0] for row in SAVED])
def test_a_template_is_taken_when_it_saves_something(template: Job, job: Job, taken: bool) -> None:
    assert ("template" in as_template(job, {"t": template})) is taken


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["{org}", "daily", "base"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*BULK_JOB_OPTIONS, "template", "vars", "extends", "requires", "type", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@QUICK
@given(st.lists(JUNK, max_size=3), st.dictionaries(st.sampled_from(["base", "x", "{org}"]), JUNK, max_size=3))
def test_junk_is_refused_without_a_crash(jobs: list[t.Any], templates: dict[str, t.Any]) -> None:
    try:
        again = expand(jobs, templates, BULK_JOB_OPTIONS)
    except BulkFailed as error:
        assert error.message
    else:
        assert expand(again, {}, BULK_JOB_OPTIONS) == again


def tower(levels: int) -> dict[str, Job]:
    """Templates, each of which extends the next."""
    return {f"t{level}": {"extends": f"t{level + 1}"} if level + 1 < levels else {} for level in range(levels)}


def test_templates_stand_above_one_another_to_some_height() -> None:
    job = {"name": "x", "template": "t0"}
    assert one(job, tower(MOST_LAYERS + 1)) == {"name": "x"}
    with pytest.raises(BulkFailed) as caught:
        expand([job], tower(MOST_LAYERS + 2), BULK_JOB_OPTIONS)
    said = [(error.option, error.text) for _subject, error in caught.value.failures]  # type: ignore[attr-defined]
    text = f"must not extend more than {MOST_LAYERS} templates"
    assert (f"templates.t{MOST_LAYERS}.extends", text) in said


@pytest.mark.parametrize(("size", "fits"), [(LONGEST_FILLED - 10, True), (LONGEST_FILLED - 9, False)])
def test_a_text_with_its_variables_has_a_limit(size: int, fits: bool) -> None:
    """Both the written text and the values of its placeholders count."""
    templates = {"t": {"description": "{a} 12 {b}"}}
    job = {"name": "x", "template": "t", "vars": {"a": "y", "b": "z" * (size - 1)}}
    if fits:
        assert one(job, templates)["description"].startswith("y 12 zz")
        return
    with pytest.raises(BulkFailed) as caught:
        expand([job], templates, BULK_JOB_OPTIONS)
    ((_subject, error),) = caught.value.failures
    assert error.option == "jobs[0].description"  # type: ignore[attr-defined]
    assert error.text == f"must not be longer than {LONGEST_FILLED:,} characters with its variables"


def test_what_a_template_extends_is_named_by_its_own_path() -> None:
    with pytest.raises(BulkFailed) as caught:
        expand([{"name": "x", "template": "a"}], {"a": {"extends": 5}}, BULK_JOB_OPTIONS)
    assert {error.option for _subject, error in caught.value.failures} == {"templates.a.extends"}  # type: ignore[attr-defined]
