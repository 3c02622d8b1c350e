# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names are compared only in C(_spelling.py); no other file ignores the case of letters."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from .documents import PLUGINS, ROOT

FOLDING = {"lower", "upper", "casefold", "swapcase"}
#: file: expressions whose case is ignored there, none of which is the name of an object
WORDS = {
    "module_utils/_api/_connection.py": {"name"},  # of an option
    "module_utils/_errors.py": {"str(value)"},  # a boolean
    "module_utils/_api/_http.py": {"content", "kind"},
    "module_utils/_api/_route.py": {"name", "(parts['scheme'] or '')"},  # an environment variable
    "module_utils/_api/_settings.py": {"parts.path", "token"},
    "module_utils/_api/_broken.py": {"text[:1]"},
    "module_utils/_core/_describe.py": {"re.sub('(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])', '_', key)"},
    "module_utils/_resources/_job/_items.py": {"key", "_camel(flag)"},
    "module_utils/_input/_mistakes.py": {"word"},
    "module_utils/_resources/_times/_window.py": {"name", "entry.translate(_DASHES)"},
    "module_utils/_resources/_organization.py": {"str(params['extended'])"},  # a boolean
    "module_utils/_core/_yaml.py": {"text"},  # words that YAML knows
    "plugin_utils/_calendar/_zones.py": {"name", "known"},  # of a time zone
    "plugin_utils/_temporary/_freeze.py": {"text"},  # a boolean
    "plugin_utils/_lint/_findings.py": {"said[0]"},  # the first letter of a sentence
    "plugin_utils/_lint/_rules.py": {"str(value).strip()"},  # a duration
    "plugin_utils/_file_set.py": {"str(text)"},
}


def folded_in(path: Path) -> set[str]:
    """The expressions of a file whose case is ignored, as source code."""
    calls = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute))
    found = set()
    for node in calls:
        if node.attr in FOLDING:
            text = ast.unparse(node.value)
            found.add(f"({text})" if isinstance(node.value, ast.BoolOp) else text)
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PLUGINS.rglob("*.py")) if path.name != "_spelling.py"],
    ids=lambda path: str(path.relative_to(PLUGINS)),
)
def test_code_folds_words_only(path: Path) -> None:
    assert folded_in(path) <= WORDS.get(str(path.relative_to(PLUGINS)), set())


def test_roles_and_playbooks_fold_nothing() -> None:
    filters = re.compile(r"\|\s*(lower|upper|capitalize|title)\b")
    files = [path for folder in ("roles", "playbooks") for path in (ROOT / folder).rglob("*.yml")]
    assert files
    assert [path for path in files if filters.search(path.read_text(encoding="utf-8"))] == []
