# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User names in guides, examples and module documentation are valid: one backslash, no invisible characters."""

from __future__ import annotations

import re

import yaml
from ansible_collections.backupops.vbo365.plugins.module_utils._api._settings import Settings

from ..contract.documents import PLUGINS

ROOT = PLUGINS.resolve().parent
FIELD = re.compile(r"^\s*(?:- )?(?:vbo_sandbox_)?username: +(\S.*)$", re.MULTILINE)
FOLDERS = (
    "*.md",
    "docs/docsite/rst/*.rst",
    "examples/**/*.*",
    "playbooks/*.yml",
    "roles/**/*.[my]*",
    "plugins/**/*.py",
)


def test_user_names() -> None:
    files = [path for folder in FOLDERS for path in ROOT.glob(folder) if path.is_file() and path.name != "mistakes.rst"]
    found = []
    for path in files:
        for text in FIELD.findall(path.read_text(encoding="utf-8")):
            value = yaml.safe_load(text)
            if not isinstance(value, str) or "{{" in value:
                continue
            found.append(value)
            assert value.count("\\") <= 1, (path, text)
            Settings.from_params({"url": "https://vbo.example.com", "username": value, "password": "x"})
    assert found.count("EXAMPLE\\svc-ansible") > 5
