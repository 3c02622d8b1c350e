# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows: every notation, every mistake with its advice, canonical output, and properties of random weeks."""

from __future__ import annotations

import itertools
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import (
    canonical_window,
    covers,
    format_window,
    parse_window,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=60, database=None)
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
FULL_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

#: the window of the vendor's reference of /v3/Jobs/{id}, Sunday first
DOCUMENTED = (
    "111111111111111111111111",
    "111111000111111111101111",
    "111111000111110000001111",
    "111111111111111111111111",
    "111001111111111111001111",
    "111110000000000000111111",
    "111111111111111111111111",
)
#: the meaning of the examples in words
HELP = "write for example 'Mon-Fri 19:00-07:00', 'Sat', 'Fri 19:00 - Mon 07:00', 'always' or 'never'"


def mask(*days: str) -> list[bool]:
    """Return 168 booleans from seven strings of digits."""
    assert [len(day) for day in days] == [24] * 7
    return [digit == "1" for digit in "".join(days)]


def hours(*spans: tuple[int, int, int]) -> list[bool]:
    """Return 168 booleans from (day, first hour, number of hours); 0 is Sunday, and the week wraps around."""
    week = [False] * 168
    for day, first, length in spans:
        for step in range(length):
            week[(day * 24 + first + step) % 168] = True
    return week


def runs(week: t.Sequence[bool]) -> int:
    """Return the number of connected periods of permitted hours; the week wraps around."""
    return 1 if all(week) else sum(week[hour] and not week[hour - 1] for hour in range(168))


WORKDAYS = range(1, 6)
SPELLINGS: list[tuple[str, t.Any, list[bool]]] = [
    ("always", "always", [True] * 168),
    ("never", "never", [False] * 168),
    ("always in a list", ["always"], [True] * 168),
    ("never in any case", [" NEVER "], [False] * 168),
    ("no range", [], [False] * 168),
    ("a day", "Sat", hours((6, 0, 24))),
    ("a day in a list", ["Sat"], hours((6, 0, 24))),
    ("a tuple", ("Sat", "Sun"), hours((6, 0, 48))),
    ("days of a range", ["Sat-Sun"], hours((6, 0, 48))),
    ("a range of one day", ["Sat-Sat"], hours((6, 0, 24))),
    ("a range of the whole week", ["Mon-Sun"], [True] * 168),
    ("wrapped days", ["Fri-Mon"], hours((5, 0, 96))),
    ("wrapped days from Sunday", ["Sun-Sat"], [True] * 168),
    ("wrapped days with hours", ["Sat-Mon 08:00-09:00"], hours((6, 8, 1), (0, 8, 1), (1, 8, 1))),
    ("days and hours", ["Mon,Wed 08:00-12:00"], hours((1, 8, 4), (3, 8, 4))),
    ("days, ranges of days, and hours", ["Mon, Wed-Fri 8:00-12:00"], hours(*((day, 8, 4) for day in (1, 3, 4, 5)))),
    ("blanks round the dash of days", ["Mon - Wed 08:00-12:00"], hours(*((day, 8, 4) for day in (1, 2, 3)))),
    ("blanks everywhere", ["  mon  -  wed   08:00  -  12:00 "], hours(*((day, 8, 4) for day in (1, 2, 3)))),
    ("over midnight", ["Mon-Fri 19:00-07:00"], hours(*((day, 19, 12) for day in WORKDAYS))),
    ("over midnight on Saturday", ["Sat 22:00-02:00"], hours((6, 22, 4))),
    ("to midnight as 24:00", ["Mon 20:00-24:00"], hours((1, 20, 4))),
    ("to midnight as 00:00", ["Mon 20:00-00:00"], hours((1, 20, 4))),
    ("a whole day in hours", ["Mon 00:00-24:00"], hours((1, 0, 24))),
    ("from midnight", ["Mon 00:00-01:00"], hours((1, 0, 1))),
    ("a span", ["Fri 19:00 - Mon 07:00"], hours((5, 19, 60))),
    ("a span without blanks", ["Fri 19:00-Mon 07:00"], hours((5, 19, 60))),
    ("a span within a day", ["Fri 19:00 - Fri 21:00"], hours((5, 19, 2))),
    ("a span round the week", ["Fri 19:00 - Fri 07:00"], hours((5, 19, 156))),
    ("a span to the end of a day", ["Fri 19:00 - Sun 24:00"], hours((5, 19, 53))),
    ("a span to midnight", ["Fri 19:00 - Mon 00:00"], hours((5, 19, 53))),
    ("a span to the end of the week on the wire", ["Fri 19:00 - Sat 24:00"], hours((5, 19, 29))),
    ("a span of 24 hours", ["Fri 19:00 - Sat 19:00"], hours((5, 19, 24))),
    ("full names", ["monday-FRIDAY 19:00-07:00"], hours(*((day, 19, 12) for day in WORKDAYS))),
    ("full names in a span", ["Friday 19:00 - Monday 07:00"], hours((5, 19, 60))),
    ("several ranges", ["Mon-Fri 19:00-07:00", "Sat", "Sun"], hours(*((day, 19, 12) for day in WORKDAYS), (6, 0, 48))),
    ("overlapping ranges", ["Mon 08:00-12:00", "Mon 10:00-14:00"], hours((1, 8, 6))),
    ("the same range twice", ["Sat", "sat"], hours((6, 0, 24))),
    ("one digit hours", ["Mon 7:00-9:00"], hours((1, 7, 2))),
    (
        "a range for each hour of the week",
        [f"{day} 05:00-06:00" for day in DAYS * 24],
        hours(*((d, 5, 1) for d in range(7))),
    ),
    ("168 booleans", [True, False] * 84, [True, False] * 84),
    ("168 booleans in a tuple", (True, False) * 84, [True, False] * 84),
]


@pytest.mark.parametrize(("value", "week"), [row[1:] for row in SPELLINGS], ids=[row[0] for row in SPELLINGS])
def test_spellings(value: t.Any, week: list[bool]) -> None:
    assert parse_window(value) == week


@pytest.mark.parametrize("number", range(7))
def test_every_name_of_a_day(number: int) -> None:
    """Short or full, in any case: the same 24 hours, Sunday first."""
    week = hours((number, 0, 24))
    for name in (DAYS[number], FULL_NAMES[number]):
        for text in (name, name.lower(), name.upper()):
            assert parse_window(text) == week
    assert parse_window([f"{DAYS[number]} 13:00-14:00"]).index(True) == number * 24 + 13


SAME = "starts and ends at the same hour"
MISTAKES: list[tuple[t.Any, str, str]] = [
    ("", "w", f"'' is not a range of hours; {HELP}"),
    ("   ", "w", f"'   ' is not a range of hours; {HELP}"),
    (None, "w", f"null is not a window; {HELP}"),
    (7, "w", f"7 is not a window; {HELP}"),
    (True, "w", f"true is not a window; {HELP}"),
    ({"Mon": 1}, "w", f"a dictionary is not a window; {HELP}"),
    (["Sat", 5], "w[1]", f"5 is not a range of hours; {HELP}"),
    (["Sat", None], "w[1]", f"null is not a range of hours; {HELP}"),
    (["Sat", True], "w[1]", f"true is not a range of hours; {HELP}"),
    ([["Sat"]], "w[0]", f"a list is not a range of hours; {HELP}"),
    ([True] * 167, "w", "a window as booleans must have exactly 168 entries, Sunday 00:00 first (got 167)"),
    ([False], "w", "a window as booleans must have exactly 168 entries, Sunday 00:00 first (got 1)"),
    ([True] * 169, "w", "a window as booleans must have exactly 168 entries, Sunday 00:00 first (got 169)"),
    (["Sat"] * 169, "w", "must have at most 168 ranges, one for each hour of the week (got 169)"),
    ([1, 0] * 84, "w[0]", f"1 is not a range of hours; {HELP}"),
    (["always", "Sat"], "w[0]", "'always' cannot be combined with other ranges; remove 'always' or the other ranges"),
    (["Sat", "never"], "w[1]", "'never' cannot be combined with other ranges; remove 'never' or the other ranges"),
    (
        ["always", "always"],
        "w[0]",
        "'always' cannot be combined with other ranges; remove 'always' or the other ranges",
    ),
    ("Sat; Sun", "w", f"'Sat; Sun' is not a range of hours; {HELP}"),
    ("Sat, 8-10", "w", f"'Sat, 8-10' is not a range of hours; {HELP}"),
    (
        "Mon 08:00-10:00, Tue 09:00-11:00",
        "w",
        "'Mon 08:00-10:00, Tue 09:00-11:00' contains several ranges; "
        "write each as a separate list entry, for example [Mon-Fri 19:00-07:00, Sat]",
    ),
    ("08:00-10:00", "w", "'08:00-10:00' has no days; write for example 'Mon-Sun 08:00-10:00'"),
    ("Mon 08:00", "w", f"'Mon 08:00' is not a range of hours; {HELP}"),
    ("Mon 8-10", "w", f"'Mon 8-10' is not a range of hours; {HELP}"),
    ("Mon 108:00-10:00", "w", f"'Mon 108:00-10:00' is not a range of hours; {HELP}"),
    ("Caturday", "w", "'caturday' is not a day of the week; write Sun, Mon, Tue, Wed, Thu, Fri, Sat, or the full name"),
    ("Mon-Fry", "w", "'fry' is not a day of the week; write Sun, Mon, Tue, Wed, Thu, Fri, Sat, or the full name"),
    (
        "Fri 19:00 - Mo 07:00",
        "w",
        "'mo' is not a day of the week; write Sun, Mon, Tue, Wed, Thu, Fri, Sat, or the full name",
    ),
    ("Mon-Wed-Fri", "w", "'mon-wed-fri' is not a range of days; write for example 'Mon-Fri'"),
    (
        "Mon-Fri 19:30-07:00",
        "w",
        "'19:30' is not a whole hour; windows consist of whole hours, for example 19:00",
    ),
    (
        "Fri 19:00 - Mon 07:59",
        "w",
        "'07:59' is not a whole hour; windows consist of whole hours, for example 07:00",
    ),
    ("Mon 25:00-26:00", "w", "'25:00' is not an hour of a day; write 00:00 to 23:00, or 24:00 as the end"),
    ("Mon 24:00-02:00", "w", "'24:00' is not an hour of a day; write 00:00 to 23:00, or 24:00 as the end"),
    ("Mon 24:00 - Tue 02:00", "w", "'24:00' is not an hour of a day; write 00:00 to 23:00, or 24:00 as the end"),
    ("Mon 20:00-25:00", "w", "'25:00' is not an hour of a day; write 00:00 to 23:00, or 24:00 as the end"),
    ("Mon 07:00-07:00", "w", f"'Mon 07:00-07:00' {SAME}; for whole days, leave the hours out"),
    ("Mon 00:00-00:00", "w", f"'Mon 00:00-00:00' {SAME}; for whole days, leave the hours out"),
    ("Fri 19:00 - Fri 19:00", "w", f"'Fri 19:00 - Fri 19:00' {SAME}; for the whole week, write 'always'"),
    ("Mon 00:00 - Sun 24:00", "w", f"'Mon 00:00 - Sun 24:00' {SAME}; for the whole week, write 'always'"),
    ("Sun 00:00 - Sat 24:00", "w", f"'Sun 00:00 - Sat 24:00' {SAME}; for the whole week, write 'always'"),
]


@pytest.mark.parametrize(("value", "path", "text"), MISTAKES, ids=[str(row[0])[:40] for row in MISTAKES])
def test_mistakes_are_named_with_advice(value: t.Any, path: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_window(value, "w")
    assert (caught.value.option, caught.value.text) == (path, text)


def test_the_path_of_the_option_is_in_the_sentence() -> None:
    with pytest.raises(InputError) as caught:
        parse_window(["Sat", "Mon 07:30-08:00"], "schedule_policy.backup_window")
    assert caught.value.message == (
        "schedule_policy.backup_window[1]: '07:30' is not a whole hour; "
        "windows consist of whole hours, for example 07:00."
    )


PRINTED: list[tuple[list[str], list[str]]] = [
    (["always"], ["always"]),
    (["never"], ["never"]),
    (["Mon-Sun"], ["always"]),
    (["Sat"], ["Sat"]),
    (["sun", "SAT"], ["Sat-Sun"]),
    (["Sun", "Mon"], ["Mon,Sun"]),
    (["Fri-Mon"], ["Mon,Fri-Sun"]),
    (["Mon", "Wed", "Fri"], ["Mon,Wed,Fri"]),
    (["Mon-Fri 19:00-07:00"], ["Mon-Fri 19:00-07:00"]),
    (["Mon 20:00-00:00"], ["Mon 20:00-24:00"]),
    (["Mon 00:00-24:00"], ["Mon"]),
    (["Mon-Sun 22:00-24:00"], ["Mon-Sun 22:00-24:00"]),
    (["Mon-Sun 22:00-06:00"], ["Mon-Sun 22:00-06:00"]),
    (["Mon 08:00-12:00", "Wed 08:00-12:00"], ["Mon,Wed 08:00-12:00"]),
    (["Sun 08:00-12:00", "Mon 08:00-12:00"], ["Mon,Sun 08:00-12:00"]),
    (["Mon 8:00-10:00", "Mon 10:00-12:00"], ["Mon 08:00-12:00"]),
    (
        ["Tue 10:00-12:00", "Mon 14:00-15:00", "Mon 08:00-09:00"],
        ["Mon 08:00-09:00", "Mon 14:00-15:00", "Tue 10:00-12:00"],
    ),
    (["Fri 19:00 - Mon 07:00"], ["Fri 19:00 - Mon 07:00"]),
    (["Fri 19:00 - Sat 19:00"], ["Fri 19:00 - Sat 19:00"]),
    (["Fri 19:00 - Mon 00:00"], ["Fri 19:00 - Sun 24:00"]),
    (["Fri 19:00 - Sun 00:00"], ["Fri 19:00 - Sat 24:00"]),
    (["Sat 19:00 - Sun 19:00"], ["Sat 19:00 - Sun 19:00"]),
    (["Tue 19:00 - Wed 19:00", "Fri 19:00 - Sat 19:00"], ["Tue 19:00 - Wed 19:00", "Fri 19:00 - Sat 19:00"]),
    (
        ["Wed-Fri 19:00-01:00", "Tue-Wed 08:00-20:00", "Fri-Mon 09:00-20:00", "Sun 00:00-01:00"],
        ["Mon,Fri-Sun 09:00-20:00", "Tue-Wed 08:00-20:00", "Wed-Fri 19:00-01:00", "Sun 00:00-01:00"],
    ),
    (["Mon 05:00 - Tue 06:00"], ["Mon 05:00 - Tue 06:00"]),
    (["Sat 19:00 - Sat 18:00"], ["Sat 19:00 - Sat 18:00"]),
    (["Mon-Fri 19:00-07:00", "Sat", "Sun"], ["Mon-Thu 19:00-07:00", "Fri 19:00 - Sun 24:00"]),
    (["Mon-Sun 00:00-12:00", "Sat"], ["Mon-Fri 00:00-12:00", "Sat 00:00 - Sun 12:00"]),
    (["Mon-Fri 06:00-22:00"], ["Mon-Fri 06:00-22:00"]),
    (
        ["Mon 05:00 - Wed 05:00", "Thu 05:00 - Sat 05:00", "Sun 05:00-06:00"],
        ["Mon 05:00 - Wed 05:00", "Thu 05:00 - Sat 05:00", "Sun 05:00-06:00"],
    ),
    (  # one range of the first attempt is contained in the others
        ["Tue 06:00-17:00", "Fri 06:00-05:00", "Fri-Mon 12:00-09:00", "Sun-Tue 13:00-05:00"],
        ["Mon,Fri-Sun 12:00-09:00", "Tue,Fri 06:00-05:00"],
    ),
    (
        ["Wed-Fri 19:00-01:00", "Tue-Wed 08:00-20:00", "Fri-Mon 09:00-20:00"],
        ["Mon,Fri-Sun 09:00-20:00", "Tue-Wed 08:00-20:00", "Wed-Fri 19:00-01:00"],
    ),
    (
        ["Tue-Sun 02:00-05:00", "Fri-Fri 14:00-17:00", "Tue-Mon 00:00-04:00", "Sun-Tue 05:00-19:00"],
        ["Mon 00:00-04:00", "Mon-Tue,Sun 05:00-19:00", "Tue-Sun 00:00-05:00", "Fri 14:00-17:00"],
    ),
]


@pytest.mark.parametrize(("written", "printed"), PRINTED, ids=[" + ".join(row[0]) for row in PRINTED])
def test_canonical_printing(written: list[str], printed: list[str]) -> None:
    """Readable, starting on Monday, and with no more ranges than expected; the hours are the same."""
    shown = canonical_window(written, "w")
    assert parse_window(shown) == parse_window(written)
    assert len(shown) == len(printed)
    assert shown == printed


@pytest.mark.parametrize("length", [0, 1, 167, 169])
def test_printing_takes_a_whole_week_only(length: int) -> None:
    with pytest.raises(InputError) as caught:
        format_window([True] * length)
    expected = f"window: must have exactly 168 booleans, Sunday 00:00 first (got {length})."
    assert caught.value.message == expected


def test_a_window_has_a_name_of_its_own() -> None:
    with pytest.raises(InputError, match="is not a window") as caught:
        parse_window(7)
    assert caught.value.option == "window"


@pytest.mark.parametrize(
    ("value", "option"), [("", "w"), (["Sat", "x"], "w[1]"), (7, "w"), (["Foo 19:00 - Mon 07:00"], "w[0]")]
)
def test_canonical_text_of_what_is_none(value: t.Any, option: str) -> None:
    with pytest.raises(InputError) as caught:
        canonical_window(value, "w")
    assert caught.value.option == option


def test_the_documented_example_survives_bit_for_bit() -> None:
    week = mask(*DOCUMENTED)
    assert sum(week) == 138
    printed = format_window(week)
    assert parse_window(printed) == week
    assert canonical_window(week, "w") == printed
    assert all(isinstance(entry, str) for entry in printed)
    assert len(printed) <= runs(week)
    # Sunday is the first group in the API: on Monday the hours 6 to 8 are closed, on Sunday none
    assert covers(printed, [0], 6) and not covers(printed, [1], 6) and not covers(printed, [1], 8)
    assert covers(printed, [1], 9)


def test_covers() -> None:
    assert covers(["Mon 08:00-10:00"], [0, 1], 9)
    assert not covers(["Mon 08:00-10:00"], [0, 1], 10)
    assert not covers(["Mon 08:00-10:00"], [], 9)
    assert covers(["Sat 22:00-02:00"], [0], 1)
    assert not covers(["never"], range(7), 0)


# --- properties -------------------------------------------------------------------------------------------------------

any_week = st.integers(0, 2**168 - 1).map(lambda bits: [bool(bits >> hour & 1) for hour in range(168)])


@st.composite
def lumpy_week(draw: st.DrawFn) -> list[bool]:
    """A week of few long periods, as people plan them."""
    edges = sorted(draw(st.sets(st.integers(0, 167), max_size=10)))
    week, state = [], draw(st.booleans())
    for hour in range(168):
        if hour in edges:
            state = not state
        week.append(state)
    return week


@st.composite
def regular_week(draw: st.DrawFn) -> list[bool]:
    """A week of a few kinds of days."""
    kinds = draw(st.lists(st.integers(0, 2**24 - 1) | st.sampled_from([0, 2**24 - 1, 127]), min_size=1, max_size=3))
    return [
        bool(kinds[number] >> hour & 1)
        for number in (draw(st.integers(0, len(kinds) - 1)) for _unused in range(7))
        for hour in range(24)
    ]


@st.composite
def overlapping_week(draw: st.DrawFn) -> list[bool]:
    """A week of overlapping ranges that repeat on several days."""
    spans: list[tuple[int, int, int]] = []
    for _unused in range(draw(st.integers(2, 5))):
        days, first, length = (
            draw(st.sets(st.integers(0, 6), min_size=2)),
            draw(st.integers(0, 23)),
            draw(st.integers(1, 14)),
        )
        spans += [(day, first, length) for day in days]
    return hours(*spans)


weeks = st.one_of(any_week, lumpy_week(), regular_week(), overlapping_week())


@QUICK
@given(weeks)
@example([True] * 168)
@example([False] * 168)
@example([True, *[False] * 167])
@example([*[False] * 167, True])
@example([True, *[False] * 166, True])
@example([False, *[True] * 167])
def test_what_is_printed_parses_to_the_same_hours(week: list[bool]) -> None:
    printed = format_window(week)
    assert parse_window(printed) == week
    assert format_window(parse_window(printed)) == printed
    assert 1 <= len(printed) <= max(1, runs(week))


@QUICK
@given(overlapping_week())
def test_no_day_is_named_without_need(week: list[bool]) -> None:
    """Every day of every range opens an hour that no other range, and no other day of it, opens."""
    pieces: list[list[bool]] = []
    for entry in format_window(week):
        names, _unused, clock = entry.partition(" ")
        if " - " in entry or entry in ("always", "never"):
            pieces.append(parse_window(entry))
            continue
        named = [parse_window(part) for part in names.split(",")]
        for number in range(7):
            if any(part[number * 24] for part in named):
                pieces.append(parse_window(f"{DAYS[number]} {clock}".strip()))
    for left_out in range(len(pieces)):
        rest = [any(hour) for hour in zip(*(pieces[:left_out] + pieces[left_out + 1 :]), strict=True)] or [False] * 168
        assert len(pieces) == 1 or rest != week


@QUICK
@given(weeks)
def test_every_printed_range_is_right_alone(week: list[bool]) -> None:
    """Each range can be parsed alone, opens no closed hour, and is needed."""
    printed = format_window(week)
    parts = [parse_window(entry) for entry in printed]
    for part in parts:
        assert all(whole or not piece for whole, piece in zip(week, part, strict=True))
    if len(parts) > 1:
        for left_out in range(len(parts)):
            rest = parse_window(printed[:left_out] + printed[left_out + 1 :])
            assert rest != week, f"{printed[left_out]} is superfluous in {printed}"


@QUICK
@given(weeks, st.randoms(use_true_random=False))
def test_printing_depends_on_the_hours_alone(week: list[bool], random: t.Any) -> None:
    """However the hours were written."""
    cells = [f"{DAYS[hour // 24]} {hour % 24:02d}:00-{hour % 24 + 1:02d}:00" for hour in range(168) if week[hour]]
    random.shuffle(cells)
    if cells:
        assert canonical_window(cells, "w") == format_window(week) == canonical_window(week, "w")


@QUICK
@given(weeks)
def test_printed_ranges_stand_in_week_order(week: list[bool]) -> None:
    """They begin on Monday, ordered by the first day and then by hour."""
    order = [*DAYS[1:], DAYS[0]]
    printed = format_window(week)
    if printed[0] in ("always", "never"):
        return
    keys = [(order.index(entry[:3]), int(entry.split(" ")[1][:2]) if ":" in entry else 0) for entry in printed]
    assert keys == sorted(keys)


words = st.sampled_from(
    [
        *DAYS,
        *FULL_NAMES,
        "-",
        " - ",
        ",",
        ", ",
        " ",
        "  ",
        "19:00",
        "7:00",
        "24:00",
        "00:00",
        "19:30",
        "99:99",
        "always",
        "never",
        ":",
        "\u0661\u0662:00",
        "\u00df",
    ]
)
scraps = st.lists(words, max_size=9).map("".join)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | scraps,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=8,
)


@settings(QUICK, max_examples=250)
@given(scraps | st.lists(scraps, max_size=4) | anything)
def test_parsing_never_fails_otherwise_than_with_an_input_error(value: t.Any) -> None:
    try:
        week = parse_window(value, "w")
    except InputError as error:
        assert error.option == "w" or error.option.startswith("w[")
        assert len(error.text) > 10
    else:
        assert len(week) == 168 and all(isinstance(hour, bool) for hour in week)


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, list[bool]]:
    """A range as people write it, and its hours, counted separately."""
    first, last = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    start, end = draw(st.integers(0, 23)), draw(st.integers(0, 24))
    if draw(st.booleans()):
        begin, finish = first * 24 + start, (last * 24 + end) % 168
        if begin == finish:
            return "always", [True] * 168
        inside = itertools.takewhile(lambda hour: hour % 168 != finish, itertools.count(begin))
        week = [False] * 168
        for hour in inside:
            week[hour % 168] = True
        return f"{DAYS[first]} {start:02d}:00 - {DAYS[last]} {end}:00", week
    count = (last - first) % 7 + 1
    if start == end % 24:
        return f"{DAYS[first]}-{DAYS[last]}", hours(*(((first + step) % 7, 0, 24) for step in range(count)))
    length = (end - start) % 24 or 24
    text = f"{FULL_NAMES[first]}-{DAYS[last].upper()} {start}:00-{end:02d}:00"
    return text, hours(*(((first + step) % 7, start, length) for step in range(count)))


@settings(QUICK, max_examples=150)
@given(st.lists(spans().filter(lambda span: span[0] != "always"), min_size=1, max_size=4))
def test_ranges_mean_what_they_say(ranges: list[tuple[str, list[bool]]]) -> None:
    union = [any(hour) for hour in zip(*(week for _unused, week in ranges), strict=True)]
    assert parse_window([text for text, _unused in ranges]) == union
