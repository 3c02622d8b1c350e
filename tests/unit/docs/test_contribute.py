# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The code that the guide for contributors shows exists."""

from __future__ import annotations

import re
import tokenize
from io import StringIO

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core import _blocks, _fields

from .pages import PAGES, ROOT, Block

(PAGE,) = [page for page in PAGES if page.name == "contribute"]
#: names of the API, of Python and of options, and other folders
WORDS = (
    "/_sandbox",
    "daily_time",
    "doc_fragments/_job",
    "PUT",
    "vbo_server_info",
)
SHOWN = [block for block in PAGE.blocks if block.language == "python"]


def test_something_is_shown() -> None:
    assert len(SHOWN) >= 2


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block.where)
def test_code_is_that_of_the_file(block: Block) -> None:
    assert block.text.rstrip("\n") in (ROOT / block.caption).read_text(encoding="utf-8")
    assert list(tokenize.generate_tokens(StringIO(block.text).readline))


def test_every_kind_of_field_is_named() -> None:
    kinds = {
        name
        for module in (_fields, _blocks)
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, _fields.Field) and value is not _fields.Field
    }
    assert {name for name in kinds if f"``{name}``" not in PAGE.text} == set()


def test_every_fact_of_a_field_is_named() -> None:
    facts = set(_fields.Field.__init__.__annotations__) - {"name", "key", "return"}
    named = set(re.findall(r"``(\w+)``", PAGE.text))
    assert facts <= named, facts - named


def test_what_the_page_names_is_there() -> None:
    """Packages and files are found by the end of their path, functions and classes by their definition."""
    utils = [path for name in ("module_utils", "plugin_utils") for path in (ROOT / "plugins" / name).rglob("*")]
    sandbox = ROOT / "roles/vbo_sandbox/files/vbo_sandbox"
    paths = {path.with_suffix("").as_posix() for path in [*utils, *sandbox.rglob("*")]}
    sources = [path for path in [*utils, *sandbox.rglob("*")] if path.suffix == ".py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    part = PAGE.text.partition("Where things are\n")[2].partition("Add a resource\n")[0]
    named = set(re.findall(r"``([\w/]+)``", part)) - {"mypy"}
    assert {"_core/_plan", "parse_policy", "api/"} <= named
    for name in named:
        there = any(path.endswith(f"/{name.rstrip('/')}") for path in paths) or (ROOT / name).is_dir()
        assert there or re.search(rf"^\s*(def|class) {name}\b|^{name}(: [^=]+)? = ", code, re.M) or name in WORDS, name
