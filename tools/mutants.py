# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of mutation testing, in the folder where mutmut ran: ``make mutation``.

A mutant that survives needs an explanation in tests/mutation/survivors.yml, and an explanation needs such a mutant. Both
are brought together by the function and by the lines that differ, so numbers of mutants and of lines do not matter.
"""

from __future__ import annotations

import collections
import sys
import typing as t

import yaml
from mutmut.__main__ import status_by_exit_code
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

LEAST = 5.0  # percent of all mutants: as many survivors are too many
CAUGHT = ("killed", "timeout")


class Mutant(t.NamedTuple):
    """What was changed: one line or more, blanks between them as one."""

    function: str
    was: str
    now: str


def read() -> tuple[collections.Counter[str], dict[str, list[Mutant]]]:
    """How many mutants ended in which way, and those that nothing caught."""
    counts: collections.Counter[str] = collections.Counter()
    loose: dict[str, list[Mutant]] = collections.defaultdict(list)
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for key, code in data.exit_code_by_key.items():
            status = status_by_exit_code[code]
            counts[status] += 1
            if status not in CAUGHT:
                loose[status].append(_mutant(key, path))
    return counts, loose


def _mutant(key: str, path: t.Any) -> Mutant:
    name, owner = orig_function_and_class_names_from_key(key)
    lines = get_diff_for_mutant(key, path=path).splitlines()[2:]
    sides = (" ".join(" ".join(line[1:] for line in lines if line[:1] == sign).split()) for sign in "-+")
    return Mutant(".".join(filter(None, (path.stem, owner, name))), *sides)


def explained(path: str) -> dict[Mutant, str]:
    """What survivors.yml says, each mutant with its reason."""
    with open(path, encoding="utf-8") as file:
        groups = yaml.safe_load(file) or []
    return {
        Mutant(entry["function"], entry["was"], entry["now"]): group["reason"].strip()
        for group in groups
        for entry in group["mutants"]
    }


def main() -> int:
    """Print the result; 1 when it is not good enough."""
    counts, loose = read()
    reasons = explained(sys.argv[1])
    total = sum(counts.values())
    found = [mutant for mutants in loose.values() for mutant in mutants]
    wrong = []
    for status, mutants in sorted(loose.items()):
        for mutant in mutants:
            print(f"\n{status}: {mutant.function}\n  - {mutant.was}\n  + {mutant.now}")
            print(f"  {reasons.get(mutant, 'NOT EXPLAINED')}")
    for mutant in sorted(set(reasons) - set(found)):
        print(f"\nSTALE, no such mutant survives: {mutant.function}\n  - {mutant.was}\n  + {mutant.now}")
        wrong.append("stale")
    unexplained = sum(mutant not in reasons for mutant in found)
    share = 100 * len(found) / total
    rows = [("mutants", total), *counts.most_common(), ("not explained", unexplained), ("stale", len(wrong))]
    print("\n" + "\n".join(f"{name:16}{number:6}" for name, number in rows))
    print(f"mutation: {share:.2f} % of all mutants were not caught, and less than {LEAST:g} % may be")
    return bool(wrong or unexplained or share >= LEAST)


if __name__ == "__main__":
    sys.exit(main())
