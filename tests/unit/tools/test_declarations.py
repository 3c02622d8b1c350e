# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files derived from declarations are up to date: C(tools/run-in-env python tools/declarations.py)."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.tools import declarations

from ..plugins.modules.samples import SAMPLES


def test_everything_has_been_written() -> None:
    """The same as C(--check)."""
    assert [path.name for path in declarations.different()] == []


def test_declarations_are_found() -> None:
    assert declarations.declared() == {noun: noun.upper() for noun in SAMPLES}


def test_a_module_gets_its_tail_again() -> None:
    path = declarations.MODULES / "vbo_cloud_account.py"
    text = path.read_text(encoding="utf-8")
    start = text.index('RETURN = r"""')
    end = text.index('"""\n', start + 14) + 4
    assert declarations.tail(text[:end], "cloud_account", "CLOUD_ACCOUNT", "manage") == text
    assert declarations.tail(text + "# more\n", "cloud_account", "CLOUD_ACCOUNT", "manage") == text


def test_rows_of_the_documentation_are_written_once() -> None:
    text = (declarations.ROOT / "docs" / "docsite" / "rst" / "content.rst").read_text(encoding="utf-8")
    row = (
        "   * - :ansplugin:`backupops.vbo365.vbo_cloud_account#module`\n"
        "     - manages cloud accounts (API v6 and later)\n"
    )
    assert row in text
    kinds = {"cloud_account": type("Kind", (), {"since": 6, "titles": "cloud accounts"})}
    assert declarations.contents(text.replace(row, ""), kinds).count(row) == 1
    assert declarations.contents(declarations.contents(text, kinds), kinds).count(row) == 1
    assert row not in declarations.contents(text, {})


def test_check_names_what_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "one.txt"
    file.write_text("old", encoding="utf-8")
    monkeypatch.setattr(declarations, "ROOT", tmp_path)
    monkeypatch.setattr(declarations, "wanted", lambda: {file: "new", tmp_path / "two.txt": "more"})
    monkeypatch.setattr("sys.argv", ["declarations.py", "--check"])
    assert declarations.main() == 1
    assert file.read_text(encoding="utf-8") == "old" and capsys.readouterr().out == "one.txt\ntwo.txt\n"
    monkeypatch.setattr("sys.argv", ["declarations.py"])
    assert declarations.main() == 0 and file.read_text(encoding="utf-8") == "new"
    monkeypatch.setattr("sys.argv", ["declarations.py", "--check"])
    assert declarations.main() == 0
