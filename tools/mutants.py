# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of mutation testing, where mutmut ran: ``make mutation``. With ``--again``: names of mutants to try again.

A mutant that survives needs an explanation in tests/mutation/survivors.yml, and an explanation needs such a mutant.
Both are brought together by the function and by the lines that differ, so numbers of mutants and lines do not matter.
"""

from __future__ import annotations

import collections
import sys
import typing as t
from pathlib import Path

import yaml
from mutmut.__main__ import status_by_exit_code
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

LEAST = 5.0  # percent of all mutants: as many survivors are too many
CAUGHT = ("killed", "timeout")


class Mutant(t.NamedTuple):
    """A mutation: the changed lines, with normalized blanks."""

    function: str
    was: str
    now: str


def results() -> t.Iterator[tuple[str, Path, str]]:
    """Yield the name in mutmut, the file and the result of each mutant."""
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for key, code in data.exit_code_by_key.items():
            yield key, path, status_by_exit_code[code]


def mutant(key: str, path: Path) -> Mutant:
    """Return the mutant with this name in mutmut."""
    name, owner = orig_function_and_class_names_from_key(key)
    lines = get_diff_for_mutant(key, path=path).splitlines()[2:]
    sides = (" ".join(" ".join(line[1:] for line in lines if line[:1] == sign).split()) for sign in "-+")
    return Mutant(".".join(filter(None, (path.parent.name, path.stem, owner, name))), *sides)


def explained(path: str) -> dict[Mutant, str]:
    """Read survivors.yml: each mutant with its reason."""
    with open(path, encoding="utf-8") as file:
        groups = yaml.safe_load(file) or []
    return {
        Mutant(entry["function"], entry["was"], entry["now"]): group["reason"].strip()
        for group in groups
        for entry in group["mutants"]
    }


def main() -> int:
    """Print the result; 1 when it is not good enough."""
    ended = list(results())
    loose = [entry for entry in ended if entry[2] not in CAUGHT]
    if sys.argv[1] == "--again":
        print("\n".join(key for key, _path, _status in loose))
        return 0
    reasons = explained(sys.argv[1])
    unfinished = sum(status == "not checked" for _key, _path, status in loose)
    found = [(status, mutant(key, path)) for key, path, status in loose if status != "not checked"]
    for status, one in sorted(found):
        print(f"\n{status}: {_text(one)}\n  {reasons.get(one, 'NOT EXPLAINED')}")
    stale = sorted(set(reasons) - {one for _status, one in found})
    for one in stale if not unfinished else ():
        print(f"\nSTALE, no such mutant survives: {_text(one)}")
    unexplained = sum(one not in reasons for _status, one in found)
    counts = collections.Counter(status for _key, _path, status in ended).most_common()
    share = 100 * len(loose) / len(ended)
    rows = [("mutants", len(ended)), *counts, ("not explained", unexplained), ("stale", len(stale))]
    print("\n" + "\n".join(f"{name:16}{number:6}" for name, number in rows))
    print(f"mutation: {share:.2f} % of all mutants were not caught, and less than {LEAST:g} % may be")
    return bool(unfinished or stale or unexplained or share >= LEAST)


def _text(one: Mutant) -> str:
    return f"{one.function}\n  - {one.was}\n  + {one.now}"


if __name__ == "__main__":
    sys.exit(main())
