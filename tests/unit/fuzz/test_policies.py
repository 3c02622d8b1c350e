# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times, numbers, words, items and patterns: a canonical form, or a readable error that names the option."""

from __future__ import annotations

import difflib
import re
import typing as t

from ansible_collections.backupops.vbo365.plugins.module_utils._api._references import pick
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError, NotFound, VboError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._model import parse_copy_job
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._items import match
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._model import parse_job
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._schedule import (
    overlay_policy,
    write_policy,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._clock import parse_time, wire_time
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._instant import instant, parse_since
from ansible_collections.backupops.vbo365.plugins.module_utils._spelling import matches
from hypothesis import example, given
from hypothesis import strategies as st

from .options import COPY_JOBS, JOBS, checked
from .search import is_readable, search
from .values import ANYTHING, DIGITS, ODD_TEXTS, long, made, phrases

TIMES = phrases(["22:00", "7:30", "23:59:59", "24:00", "1320", ":", "0", "00:00:00.000", "12"], ["", ":", " "])
STAMPS = phrases(["2026-02-03", "T", "22:00:00", ".1234567", "Z", "+05:45", "0001-01-01", "9999-12-31"], [""])
PATTERNS = phrases(["*", "?", "a", "Mail", "[a]", "(", "\\"], [""])


@search(200)
@given(st.one_of(TIMES, ODD_TEXTS, long(TIMES), ANYTHING))
@example("²")
@example("①②:③④")
@example("1" * 5000)
@example(DIGITS)
def test_a_time_of_day(value: t.Any) -> None:
    value = made(value)
    try:
        text = parse_time(value, "p.daily_time")
    except InputError as error:
        assert error.option == "p.daily_time" and is_readable(error.message)
    else:
        assert re.fullmatch(r"[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?", text)
        assert parse_time(wire_time(text), "") == text


@search(100)
@given(st.one_of(STAMPS, ODD_TEXTS, long(STAMPS)))
def test_a_point_in_time(value: str) -> None:
    assert instant(value) >= instant(None)
    try:
        parse_since(value, "since")
    except InputError as error:
        assert error.option == "since" and is_readable(error.message)


@search(60)
@given(JOBS, st.sampled_from(sorted(VERSIONS)))
@example({"name": "Mail", "schedule_policy": {"retry_number": 10**4000}}, "v8")
def test_a_job_is_what_can_be_written_or_an_error(options: t.Any, version: str) -> None:
    given_options = checked(made(options))
    if given_options is None:
        return
    try:
        job = parse_job(given_options)
        policy = job.get("schedule_policy")
        if policy is not None:
            wanted = overlay_policy(None, policy, None, VERSIONS[version], "schedule_policy")
            write_policy(wanted, None, None, policy, VERSIONS[version])
    except InputError as error:
        assert error.option.split(".")[0].split("[")[0] in given_options and is_readable(error.message), error.message
    else:
        assert parse_job({**given_options, **job}) == job


@search(100)
@given(COPY_JOBS)
def test_a_copy_job_is_what_can_be_written_or_an_error(options: t.Any) -> None:
    given_options = checked(made({"name": "x", "copy_job": options}))
    if given_options is None or given_options["copy_job"] is None:
        return
    try:
        parse_copy_job(given_options["copy_job"])
    except InputError as error:
        assert error.option.startswith("schedule_policy") and is_readable(error.message)


@search(100)
@given(PATTERNS, st.one_of(PATTERNS, ODD_TEXTS, long(st.sampled_from(["a", "Mail", "\n"]))))
@example("*a" * 30, "a" * 30_000 + "b")
@example("*" * 100, "a" * 200)
@example("*a?" * 20 + "x", "ab" * 10_000)
def test_a_pattern_takes_no_longer_than_its_text(pattern: str, text: str) -> None:
    assert matches(pattern, text) in (True, False)
    assert matches(f"*{text.replace('*', '?')}*", text)
    if len(pattern) + len(text) < 30:
        naive = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
        assert matches(pattern, text) == (not pattern or bool(re.fullmatch(naive, text, re.IGNORECASE | re.DOTALL)))


@search(100)
@given(
    st.one_of(ODD_TEXTS, long(ODD_TEXTS)),
    st.lists(st.one_of(ODD_TEXTS, long(ODD_TEXTS, 5_000)), max_size=5),
    st.sampled_from([1, 1, 100]),
)
@example("a" * 50_000, ["a" * 49_000 + "b", "ba" * 25_000], 2)
@example("same", ["same"], 100)
def test_a_name_is_found_or_near_ones_are_told(name: str, names: list[str], times: int) -> None:
    things = [{"id": f"{number}", "name": known} for number, known in enumerate(names * times)]
    for find in (
        lambda: pick("repository", name, things, ("name",)),
        lambda: match({"type": "user", "name": name or "x"}, things, "selected_items[0]"),
    ):
        try:
            found = find()
        except VboError as error:
            assert is_readable(error.message), error.message[:300]
        else:
            assert found is None or found in things


def test_near_matches_compare_short_texts_only(monkeypatch: t.Any) -> None:
    """The time of a comparison grows with the square of the length."""
    lengths = []
    real = difflib.get_close_matches

    def watched(word: str, known: list[str], **options: t.Any) -> list[str]:
        lengths.extend(map(len, [word, *known]))
        return real(word, known, **options)

    monkeypatch.setattr(difflib, "get_close_matches", watched)
    try:
        pick("repository", "ab" * 50_000, [{"id": "1", "name": "ba" * 50_000}], ("name",))
    except NotFound as error:
        assert is_readable(error.message)
    assert lengths and max(lengths) <= 300
