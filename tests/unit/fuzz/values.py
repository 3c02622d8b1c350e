# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that people and servers may write in place of others."""

from __future__ import annotations

import typing as t

from hypothesis import strategies as st

#: digits of other scripts, invisible characters, surrogates, letters that get longer in lower case
ODD = "٣४߁²①½\x00\x07\x1b[2J\x7f\u0085\u200b\u200e\u202e\u2028\ufeff\ud800\udfffßİﬁ🗄東'\"\\{}%\n\r\t "
ODD_TEXTS = st.one_of(st.text(ODD, max_size=8), st.text(st.characters(), max_size=12))
HUGE = 10**4000  # more digits than anybody writes, but few enough for Python to print
ODD_NUMBERS = st.one_of(
    st.integers(),
    st.sampled_from([0, -1, 2**31, 2**63, -(2**63) - 1, 10**19, HUGE, -HUGE]),
    st.floats(),
)
SCALARS = st.one_of(st.none(), st.booleans(), ODD_NUMBERS, ODD_TEXTS)


def phrases(words: t.Sequence[str], separators: t.Sequence[str] = (" ",)) -> st.SearchStrategy[str]:
    """Texts made of the words of a grammar, and of similar ones."""
    word = st.one_of(
        st.sampled_from(words), st.sampled_from(words), st.builds(_near, st.sampled_from(words), ODD_TEXTS)
    )
    pieces = st.lists(st.tuples(word, st.sampled_from(separators)), max_size=8)
    return pieces.map(lambda pairs: "".join(part for pair in pairs for part in pair))


def _near(word: str, odd: str) -> str:
    """Return a word with a change at one place."""
    middle = len(odd) % (len(word) + 1)
    return word[:middle] + odd + word[middle + len(odd) % 2 :]


def long(texts: st.SearchStrategy[str], most: int = 50_000) -> st.SearchStrategy[str]:
    """Very long texts, made of one repeated part."""
    return st.builds(
        lambda piece, times: (piece * times)[:most] if piece else "",
        texts,
        st.sampled_from([100, 5_000, most]),
    )


def values(leaves: st.SearchStrategy[t.Any], keys: st.SearchStrategy[str] = ODD_TEXTS) -> st.SearchStrategy[t.Any]:
    """Values of JSON or YAML with these leaves."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
        max_leaves=12,
    )


class Made(t.NamedTuple):
    """A value that is too deep or too long to print with a failing example; see :func:`made`."""

    label: str
    make: t.Callable[[], t.Any]

    def __repr__(self) -> str:
        return f"Made({self.label!r})"


def made(value: t.Any) -> t.Any:
    """Return a value with all values of C(Made) in it built."""
    if isinstance(value, Made):
        return value.make()
    if isinstance(value, dict):
        return {key: made(entry) for key, entry in value.items()}
    return [made(entry) for entry in value] if isinstance(value, list) else value


def nested(value: t.Any, levels: int, key: str = "") -> Made:
    """A value within this many lists or objects with this key."""

    def make() -> t.Any:
        inner = value
        for _unused in range(levels):
            inner = {key: inner} if key else [inner]
        return inner

    return Made(f"{value!r} in {levels} {key or 'lists'}", make)


DIGITS = Made("a number that Python refuses to print", lambda: 10**5000)
ANYTHING = st.one_of(
    values(st.one_of(SCALARS, long(ODD_TEXTS, 5_000))),
    st.builds(nested, SCALARS, st.sampled_from([30, 200, 700]), st.sampled_from(["", "type", "x"])),
)


def mixed(options: dict[str, st.SearchStrategy[t.Any]]) -> st.SearchStrategy[dict[str, t.Any]]:
    """Mappings with some of these keys: mostly with valid values, sometimes with arbitrary values or other keys."""
    return st.builds(
        lambda proper, odd, more: {**proper, **odd, **more},
        st.fixed_dictionaries({}, optional=options),
        st.one_of(st.just({}), st.dictionaries(st.sampled_from(list(options)), ANYTHING, max_size=2)),
        st.one_of(st.just({}), st.just({}), st.dictionaries(ODD_TEXTS, ANYTHING, max_size=1)),
    )
