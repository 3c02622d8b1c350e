# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arbitrary values as jobs and templates: plain jobs or an error, in limited time and memory."""

from __future__ import annotations

import resource
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.export import FilterModule
from ansible_collections.backupops.vbo365.plugins.filter.jobs import expand_jobs
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._options import BULK_JOB_OPTIONS
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet import _templates as model
from hypothesis import example, given
from hypothesis import strategies as st

from .options import of_options
from .search import is_readable, patience, search
from .values import ANYTHING, DIGITS, ODD_TEXTS, Made, made, mixed, nested, phrases

#: KiB that one example may add to the peak memory of the process
MEMORY = 1 << 20
EXPORT_JOBS = FilterModule().filters()["export_jobs"]
NAMES = ["base", "nightly", "t2", "t3"]
PLACEHOLDERS = phrases(["{org}", "{start}", "{", "}", "{{org}}", "{0}", "{org.x}", "%s", "{% raw %}", "x"], [""])
MODEL = of_options(BULK_JOB_OPTIONS)
REFERENCES = st.one_of(
    st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4), st.sampled_from(["gone", "nightli", "", None])
)
VARIABLES = st.dictionaries(
    st.sampled_from(["org", "start"]), st.one_of(ODD_TEXTS, st.integers(), ANYTHING), max_size=2
)
TEXT_OPTIONS = st.fixed_dictionaries({}, optional={"name": PLACEHOLDERS, "description": PLACEHOLDERS})
OWN_KEYS = {
    "extends": REFERENCES,
    "vars": VARIABLES,
    "requires": st.dictionaries(st.sampled_from(["org", "until"]), st.sampled_from(["text", "date", "x"]), max_size=2),
    "once_per_organization": st.booleans(),
}
TEMPLATES = st.builds(lambda own, options, texts: {**options, **texts, **own}, mixed(OWN_KEYS), MODEL, TEXT_OPTIONS)
PLAIN_TEMPLATES = st.builds(
    lambda own, texts: {**texts, **own}, st.fixed_dictionaries({}, optional=OWN_KEYS), TEXT_OPTIONS
)
CATALOGUES = st.one_of(
    st.dictionaries(st.sampled_from(NAMES), PLAIN_TEMPLATES, max_size=4),
    st.dictionaries(st.one_of(st.sampled_from(NAMES), ODD_TEXTS), st.one_of(TEMPLATES, ANYTHING), max_size=3),
    ANYTHING,
)
JOBS = st.one_of(
    st.lists(
        st.builds(
            lambda options, template, variables: {**options, "template": template, "vars": variables},
            st.one_of(MODEL, TEXT_OPTIONS),
            REFERENCES,
            VARIABLES,
        ),
        max_size=3,
    ),
    st.lists(MODEL, max_size=3),
    ANYTHING,
)


def circle() -> t.Any:
    """An anchor that contains itself in YAML."""
    loop: list[t.Any] = []
    loop.append({"name": "x", "backup_window": loop})
    return loop


def laughs() -> t.Any:
    """Thirty anchors, each used ten times in the next one: little YAML that expands exponentially."""
    value: t.Any = "x"
    for _unused in range(30):
        value = [value] * 10
    return value


def tower(height: int, width: int) -> dict[str, t.Any]:
    """Templates, each of which extends the previous one several times."""
    return {
        "t0": {"name": "x"},
        **{f"t{number}": {"extends": [f"t{number - 1}"] * width} for number in range(1, height)},
    }


@search(60)
@given(JOBS, CATALOGUES)
@example([{"template": "t39"}], tower(40, 10))
@example([{"template": "t2999"}], Made("a tower of 3000", lambda: tower(3000, 1)))
@example([{"template": "a"}], {"a": {"extends": "b"}, "b": {"extends": ["b", "a"]}})
@example(Made("a circle", circle), {})
@example([{"name": "x", "description": Made("laughs", laughs)}], {})
@example([{"name": "x", "schedule_policy": {"backup_window": nested("Mon", 5000)}}], {})
@example(nested({"name": "x"}, 5000, "name"), {})
@example([{"name": DIGITS, "template": "base"}], {"base": {"vars": {"org": DIGITS}, "name": "{org}"}})
@example(
    [{"template": "base", "vars": {"org": Made("a long text", lambda: "x" * 1_000_000)}}],
    {"base": {"description": Made("many placeholders", lambda: "{org}" * 100_000)}},
)
@example([{1: 2, "name": "x"}], {3: {4: 5}})
def test_templates_expand_or_say_why_not(jobs: t.Any, templates: t.Any) -> None:
    jobs, templates = made(jobs), made(templates)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        expanded = expand_jobs(jobs, templates)
    except AnsibleFilterError as error:
        assert is_readable(str(error)), str(error)[:500]
    else:
        assert all(set(job) <= set(BULK_JOB_OPTIONS) for job in expanded)
        assert expand_jobs(expanded, {}) == expanded, "plain jobs are what they are"
        assert expand_jobs(expanded, templates) == expanded
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY


@search(25)
@given(st.lists(MODEL, max_size=3), CATALOGUES)
@example([{"name": "x"}], tower(40, 10))
@example([{"name": "x"}], Made("a tower of 1000", lambda: tower(1000, 1)))
def test_jobs_are_exported_by_templates_or_as_they_are(jobs: t.Any, templates: t.Any) -> None:
    jobs, templates = made(jobs), made(templates)
    try:
        exported = EXPORT_JOBS(jobs, (), templates)
    except AnsibleFilterError as error:
        assert is_readable(str(error)), str(error)[:500]
    else:
        assert len(exported) == len(jobs)


@st.composite
def extending(draw: st.DrawFn) -> dict[str, t.Any]:
    """Templates that extend some of the previous ones, and set some keys of a schedule."""
    policies = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["daily", "periodically", None]),
            "daily_time": st.sampled_from(["01:00", "02:00", None]),
            "periodically_every": st.sampled_from(["hours1", None]),
            "retry_number": st.integers(1, 3),
        },
    )
    found: dict[str, t.Any] = {}
    for number in range(draw(st.integers(1, 5))):
        above = draw(st.lists(st.sampled_from(list(found)), max_size=3)) if found else []
        policy = draw(st.one_of(policies, st.none()))
        found[f"t{number}"] = {"extends": above, "schedule_policy": policy, "vars": {"org": number}}
    return found


@search(100)
@given(extending())
def test_a_template_in_several_places_counts_where_it_stands_last(templates: dict[str, t.Any]) -> None:
    """The layers without repetitions make the same job as all of them."""
    name = list(templates)[-1]

    def naive(wanted: str) -> list[dict[str, t.Any]]:
        return [layer for above in templates[wanted]["extends"] for layer in naive(above)] + [templates[wanted]]

    layers = model.layers_of(name, templates, "template")
    assert len(layers) <= len(templates)
    assert model._expanded({}, layers, "x") == model._expanded({}, naive(name), "x")


def test_the_bounds_are_found_out() -> None:
    """The example of exponential growth is one: without a limit it does not end."""
    with pytest.raises(BaseException, match="processor time"), patience(0.1):
        while True:
            pass


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_numbers_that_are_none(number: float) -> None:
    job = {"name": "a", "schedule_policy": {"type": "daily", "daily_time": "22:00", "retry_number": number}}
    with pytest.raises(AnsibleFilterError, match=r"jobs\[0\]\.schedule_policy\.retry_number"):
        expand_jobs([job])
