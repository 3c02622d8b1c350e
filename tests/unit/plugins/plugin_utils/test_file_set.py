# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets of files: what is written, what is kept, and what others can read at any moment."""

from __future__ import annotations

import os
import stat
import typing as t
from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.plugins.action.write_files import file_set
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError, VboError
from ansible_collections.backupops.vbo365.plugins.plugin_utils import _file_set
from ansible_collections.backupops.vbo365.plugins.plugin_utils._file_set import FileSet, absolute, checked_name

MARK = "# ours"
#: folder names with special characters of patterns, templates, shells and addresses
ODD_FOLDERS = (
    "inventories [prod]",
    "a*b?c",
    "{{ 1 + 1 }}",
    "{x,y}",
    "100%41",
    "-rf",
    "tab\tand\nline",
    "Büro 日本",
    'it\'s "quoted"',
    "back\\slash",
    "$(touch x)",
    ";",
    ".hidden",
)


def write(folder: Path, files: dict[str, str], mode: int = 0o600, managed: t.Sequence[str] = ()) -> list[str]:
    """Write a set as the action does, and return the names that changed."""
    wanted = FileSet(str(folder), files, mode, MARK, tuple(managed))
    changes = wanted.plan()
    wanted.carry_out(changes)
    assert wanted.plan() == [], "a second run changes nothing"
    return [change.name for change in changes]


def tree(folder: Path) -> dict[str, tuple[str, int]]:
    """All files with text and permissions; folders have their own permissions only."""
    return {
        str(path.relative_to(folder)): (path.read_text(encoding="utf-8"), stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", ODD_FOLDERS)
def test_names_of_folders_are_texts(tmp_path: Path, name: str) -> None:
    """Files of others are protected, stale ones removed, and no neighbour that matches a pattern is touched."""
    folder = tmp_path / name
    neighbours = {"inventories p/h.yml": f"{MARK} 1", "aXbYc/h.yml": f"{MARK} 2", "x/h.yml": f"{MARK} 3"}
    for path, text in neighbours.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert write(folder, {"h.yml": f"{MARK} a", "h/one.yml": f"{MARK} b"}, managed=("h.yml", "h/"))
    assert write(folder, {"h/two.yml": f"{MARK} c"}, managed=("h.yml", "h/")) == ["h/two.yml", "h.yml", "h/one.yml"]
    assert tree(folder) == {"h/two.yml": (f"{MARK} c", 0o600)}
    (folder / "h" / "mine.yml").write_text("by hand", encoding="utf-8")
    with pytest.raises(VboError, match="was not written by this role"):
        write(folder, {"h/mine.yml": f"{MARK} d", "h/three.yml": f"{MARK} e"})
    assert sorted(os.listdir(folder / "h")) == ["mine.yml", "two.yml"], "nothing was written"
    assert {path: (tmp_path / path).read_text(encoding="utf-8") for path in neighbours} == neighbours


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_permissions_from_the_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int, mode: int
) -> None:
    """No file is ever more accessible than its mode allows, and new folders are private."""
    seen: list[int] = []
    replace = os.replace

    def look(source: str, target: str) -> None:
        seen.append(stat.S_IMODE(os.stat(source).st_mode))
        replace(source, target)

    monkeypatch.setattr(_file_set.os, "replace", look)
    opened: list[int] = []
    real = os.fdopen

    def before(handle: int, *rest: t.Any) -> t.Any:
        opened.append(stat.S_IMODE(os.fstat(handle).st_mode))
        return real(handle, *rest)

    monkeypatch.setattr(_file_set.os, "fdopen", before)
    old = os.umask(umask)
    try:
        write(tmp_path / "new" / "folder", {"a": MARK}, mode)
    finally:
        os.umask(old)
    assert opened and all(not bits & 0o077 for bits in opened)
    assert seen == [mode]
    assert tree(tmp_path)["new/folder/a"] == (MARK, mode)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("new", "new/folder")} == {0o700}


def test_other_permissions_are_a_change(tmp_path: Path) -> None:
    write(tmp_path, {"a": MARK})
    assert write(tmp_path, {"a": MARK}, 0o644) == ["a"]
    tmp_path.chmod(0o755)
    write(tmp_path, {"a": MARK}, 0o600)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755, "a folder that is there keeps its own"


def test_only_own_files_are_removed(tmp_path: Path) -> None:
    """Including empty ones, which an interrupted run may have left; nothing hidden, linked, or a folder."""
    folder = tmp_path / "h"
    folder.mkdir()
    texts = {"old.yml": MARK, "empty.yml": "", "foreign.yml": "text", "quoted.yml": f"---\n{MARK}", ".git": MARK}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "sub").mkdir()
    (tmp_path / "outside.yml").write_text(MARK, encoding="utf-8")
    (folder / "link.yml").symlink_to(tmp_path / "outside.yml")
    assert write(tmp_path, {}, managed=("h/", "missing.yml", "missing/")) == ["h/empty.yml", "h/old.yml"]
    assert sorted(os.listdir(folder)) == [".git", "foreign.yml", "link.yml", "quoted.yml", "sub"]
    assert (tmp_path / "outside.yml").exists()


def make_link(folder: Path) -> None:
    (folder / "target").write_text(MARK, encoding="utf-8")
    (folder / "a").symlink_to(folder / "target")


def make_folder(folder: Path) -> None:
    (folder / "a").mkdir()


def make_pipe(folder: Path) -> None:
    os.mkfifo(folder / "a")


def link_the_folder_below(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir()
    (folder / "b").symlink_to(folder.parent / "elsewhere")


def file_for_a_folder(folder: Path) -> None:
    (folder / "b").write_text(MARK, encoding="utf-8")


@pytest.mark.parametrize("prepare", [make_link, make_folder, make_pipe, link_the_folder_below, file_for_a_folder])
def test_what_is_in_the_way(tmp_path: Path, prepare: t.Callable[[Path], None]) -> None:
    """The message contains the path, and nothing is written."""
    folder = tmp_path / "set"
    folder.mkdir()
    prepare(folder)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with pytest.raises(VboError) as caught:
        write(folder, {"0": MARK, "a": f"{MARK} new", "b/c": MARK})
    assert str(folder) in caught.value.message
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a": f"{MARK} old"})

    def full(*_unused: t.Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_file_set.os, "fchmod", full)
    with pytest.raises(VboError, match="no space left") as caught:
        write(tmp_path, {"a": f"{MARK} new"})
    assert f"{tmp_path}/a" in caught.value.message
    assert tree(tmp_path) == {"a": (f"{MARK} old", 0o600)}


def test_leftovers_of_killed_runs_go(tmp_path: Path) -> None:
    """Only old ones, because another run may be writing at the same time."""
    for name, age in ((".vbo365-old", 7200), (".vbo365-new", 0)):
        path = tmp_path / name
        path.write_text("half", encoding="utf-8")
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    write(tmp_path, {"a": MARK})
    assert sorted(os.listdir(tmp_path)) == [".vbo365-new", "a"]


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/../b", "/etc/x", "a//b", "a/", "x\0y", None, 1, "ä" * 128])
def test_names_that_leave_the_folder(name: t.Any) -> None:
    with pytest.raises(InputError):
        checked_name(name, "files[0].name")


def test_names_with_odd_characters_are_names() -> None:
    for name in (*ODD_FOLDERS, "..a", "a..", "~", "$HOME"):
        assert checked_name(name, "files[0].name") == name


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("reports", "{cwd}/reports"),
        ("./reports/", "{cwd}/reports"),
        ("../reports", "{parent}/reports"),
        (".", "{cwd}"),
        ("/srv/[prod]/x", "/srv/[prod]/x"),
        ("~/reports", "{home}/reports"),
        ("$HOME/reports", "{home}/reports"),
        ("{{ x }}", "{cwd}/{{ x }}"),
        ("a b", "{cwd}/a b"),
    ],
)
@pytest.mark.parametrize("pwd", [None, "/", "/nowhere"])
def test_relative_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, expected: str, pwd: str | None
) -> None:
    """They are relative to the working folder of the process, whatever PWD contains."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    if pwd is None:
        monkeypatch.delenv("PWD", raising=False)
    else:
        monkeypatch.setenv("PWD", pwd)
    texts = {"{cwd}": str(tmp_path), "{parent}": str(tmp_path.parent), "{home}": "/home/somebody"}
    for mark, text in texts.items():
        expected = expected.replace(mark, text)
    assert absolute(path, "directory") == expected


@pytest.mark.parametrize("path", ["", " ", None, 7, "a\0b", []])
def test_no_paths(path: t.Any) -> None:
    with pytest.raises(InputError):
        absolute(path, "directory")


FILE = {"name": "a.yml", "content": "x"}


@pytest.mark.parametrize(
    ("args", "path"),
    [
        ({"files": [5]}, "files[0]"),
        ({"files": [FILE, None]}, "files[1]"),
        ({"files": ["problem"]}, "files[0]"),
        ({"files": [{"name": "a.yml"}]}, "files[0]"),
        ({"files": [{"name": "a.yml", "content": ["x"]}]}, "files[0]"),
        ({"files": [{"name": "../a.yml", "content": "x"}]}, "files[0].name"),
        ({"files": [FILE, FILE]}, "files[1].name"),
        ({"files": FILE}, "files"),
        ({"files": [], "mode": 644}, "mode"),
        ({"files": [], "managed": "a.yml"}, "managed"),
        ({"files": [], "managed": ["a.yml", "../b"]}, "managed[1]"),
        ({"files": [], "directory": 7}, "directory"),
        ({"files": [], "folder": "/x"}, "folder"),
    ],
    ids=str,
)
def test_the_action_names_the_option_that_is_wrong(args: dict[str, t.Any], path: str) -> None:
    with pytest.raises(InputError) as caught:
        file_set({"directory": "/x", **args})
    assert caught.value.option == path


def test_a_problem_in_place_of_a_file_leaves_the_others() -> None:
    wanted, problems = file_set({"directory": "/x", "files": [FILE, {"problem": "srv-2: unreachable"}]})
    assert (wanted.files, problems) == ({"a.yml": "x"}, ["srv-2: unreachable"])
