# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of an archive are compiled once, and their modules are the same as without the collection's importer."""

from __future__ import annotations

import collections
import subprocess
import sys
import zipfile
import zipimport
from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._archive import Importer

ROOT = Path(__file__).parents[4]
PACKAGE = "ansible_collections/backupops/vbo365"
#: what is loaded before the importer acts
FIRST = {"vbo_job.py", "_connection.py", "_archive.py", "__init__.py"}
#: prints the name of each file that is compiled
CHILD = f"""
import sys
sys.path.insert(0, sys.argv[1])
sys.addaudithook(lambda event, given: print(given[1]) if event == "compile" and sys.argv[1] in str(given[1]) else None)
import {PACKAGE.replace("/", ".")}.plugins.modules.vbo_job
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules as Ansible sends them: an archive of sources, with an empty file for each package."""
    path = tmp_path_factory.mktemp("archive") / "files.zip"
    sources = [*ROOT.glob("plugins/modules/*.py"), *ROOT.glob("plugins/module_utils/**/*.py")]
    names = {f"{PACKAGE}/{source.relative_to(ROOT)}": source.read_text(encoding="utf-8") for source in sources}
    packages = {str(folder) for name in names for folder in list(Path(name).parents)[:-1]}
    with zipfile.ZipFile(path, "w") as file:
        for name, text in {**{f"{folder}/__init__.py": "" for folder in packages}, **names}.items():
            file.writestr(name, text)
    return path


def test_each_file_is_compiled_once(archive: Path) -> None:
    command = [sys.executable, "-c", CHILD, str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    times = collections.Counter(done.stdout.splitlines())
    twice = {Path(name).name for name, count in times.items() if count > 1}
    assert twice <= FIRST, "imported before plugins/module_utils/_archive.py"
    assert len(times) > 40 and any(name.endswith("_object.py") for name in times)


def test_names_of_files_are_those_of_python(archive: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        for name in file.namelist():
            folder, _slash, last = name.rpartition("/")
            if last == "__init__.py":
                folder, _slash, last = folder.rpartition("/")
            ours, pythons = (kind(f"{archive}/{folder}".rstrip("/")) for kind in (Importer, zipimport.zipimporter))
            module = f"{folder.replace('/', '.')}.{last.removesuffix('.py')}"
            assert ours.get_filename(module) == pythons.get_filename(module) == f"{archive}/{name}"


def test_what_is_no_archive_is_left_to_python(tmp_path: Path) -> None:
    with pytest.raises(ImportError):
        Importer(str(tmp_path))
    with pytest.raises(ImportError):
        Importer(__file__)
