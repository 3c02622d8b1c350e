# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exported jobs without a server: fields, their order, texts and names."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible_collections.backupops.vbo365.plugins.module_utils._core._yaml import is_template, yaml_text
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet import _export as model
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

quick = settings(max_examples=300, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
#: without surrogates, which no file can contain
CHARACTERS = st.characters(exclude_categories=("Cs",))
TEXTS = st.one_of(st.text(CHARACTERS, max_size=20), st.text(" -:#'\"{}[]%!&*|>@`,?\\\n\tyesnoYN0.1eE_~=ß", max_size=12))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=12,
)
#: texts that YAML 1.1, YAML 1.2 or Ansible read as something else, or not at all
TRAPS = (
    *("yes", "No", "ON", "off", "y", "N", "true", "False", "null", "Null", "~", "", " ", "none", "nan", ".inf", "Inf"),
    *(
        "1",
        "1.5",
        "1e3",
        "0x1f",
        "0o17",
        "1_000",
        "12:30",
        "22:00:00",
        "2026-01-31",
        "=",
        "<<",
        "-",
        "?",
        ":",
        "- x: y",
    ),
    *(
        "a: b",
        "a #b",
        "#a",
        "a:",
        "a::b",
        ":a",
        "[a]",
        "{a: 1}",
        "a, b",
        "*a",
        "&a",
        "!a",
        "!unsafe a",
        "%a",
        "@a",
        "`a",
    ),
    *("|", ">", "---", "...", "--- a", "'a'", '"a"', "a'b", 'a"b', "a\\b", "a\nb", "a\n", "\ta", "a ", " a", "a  b"),
    *("\x00", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff", "\u200b", "a\u0301", "😀", "Größe", "\U0001f1e9\U0001f1ea"),
    *(
        "{{ 1/0 }}",
        "{{",
        "{% raw %}",
        "{#",
        "#jinja2:variable_start_string:'[%'\n[% 1/0 %]",
        "$ANSIBLE_VAULT;1.1;AES256",
    ),
)


class Loader(yaml.SafeLoader):
    """Reads YAML 1.1 like Ansible, without Ansible."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@pytest.mark.parametrize("text", TRAPS)
def test_texts_stay_texts(text: str) -> None:
    written = yaml_text({"key": text, "list": [text, {"key": text}], text: 1})
    for loaded in (yaml.load(written, Loader), DataLoader().load(written)):
        assert loaded == {"key": text, "list": [text, {"key": text}], text: 1}, written
    assert written.startswith("key: !unsafe ") is is_template(text)


@quick
@given(VALUES)
def test_any_value_comes_back(value: t.Any) -> None:
    written = yaml_text(value)
    assert yaml.load(written, Loader) == value
    assert written == yaml_text(yaml.load(written, Loader)), "the order is kept"
    assert written.isprintable() or set(re.findall(r"[^\S ]", written)) == {"\n"}


@pytest.mark.parametrize(
    "text",
    ["Finance mail", "daily", "Mon-Fri 19:00-07:00", "https://contoso.sharepoint.com/sites/hr", "cfo@contoso.com"],
)
def test_what_is_surely_a_text_stands_without_quotes(text: str) -> None:
    assert yaml_text([text]) == f"- {text}\n"


def test_what_has_no_shape_is_a_number() -> None:
    assert yaml_text('"\x00\u2028\U0001f600\U000e0001') == '"\\"\\x00\\u2028😀\\U000e0001"\n'


JOB: dict[str, t.Any] = {
    "name": "Finance mail",
    "organization": "contoso.onmicrosoft.com",
    "repository": "repo-fra-01",
    "description": "{{ 1/0 }}",
    "enabled": True,
    "backup_type": "selected_items",
    "selected_items": [{"type": "user", "name": "cfo@contoso.com", "mailbox": True}],
    "excluded_items": [],
    "schedule_policy": {
        "type": "daily",
        "daily_time": "22:00",
        "backup_window": ["Mon-Fri 19:00-07:00", "Sat-Sun"],
        "retry_number": 3,
    },
}
COPY = {
    "job": "finance MAIL",
    "organization": "Contoso.onmicrosoft.com",
    "repository": "repo-s3-copy",
    "enabled": False,
    "schedule_policy": {"type": "immediate"},
}
TEXT = """\
# Exported by a test
---
vbo_jobs_list:
  - name: Finance mail
    organization: contoso.onmicrosoft.com
    repository: repo-fra-01
    description: !unsafe "{{ 1/0 }}"
    enabled: true
    backup_type: selected_items
    selected_items:
      - type: user
        name: cfo@contoso.com
        mailbox: true
    excluded_items: []
    schedule_policy:
      type: daily
      daily_time: "22:00"
      backup_window:
        - Mon-Fri 19:00-07:00
        - Sat-Sun
      retry_number: 3
    copy_job:
      repository: repo-s3-copy
      enabled: false
      schedule_policy:
        type: immediate

  - name: Tenant
    organization: fabrikam.onmicrosoft.com
"""


def test_the_text_of_a_file() -> None:
    tenant = {"organization": "fabrikam.onmicrosoft.com", "name": "Tenant"}
    jobs = model.exported_jobs([tenant, dict(reversed(JOB.items()))], [COPY, {**COPY, "job": "Other"}])
    assert model.jobs_text(jobs, "Exported by a test") == TEXT
    assert model.jobs_text(list(map(dict, jobs)), "Exported by a test") == TEXT
    assert model.jobs_text([], "", "jobs") == "---\njobs: []\n"


def test_what_is_not_known_is_left_out() -> None:
    """An organization that no longer exists has no name; unknown options are omitted."""
    (job,) = model.exported_jobs([{**JOB, "organization": None, "id": "x", "status": {}}], [])
    assert job == {key: value for key, value in JOB.items() if key != "organization"}


def test_two_jobs_of_one_name() -> None:
    other = {**JOB, "organization": "fabrikam.onmicrosoft.com"}
    assert len(model.exported_jobs([JOB, other], [])) == 2
    with pytest.raises(InputError) as caught:
        model.exported_jobs([JOB, other, {**JOB, "name": "FINANCE MAIL"}], [])
    assert caught.value.message == (
        "jobs: two jobs of the organization 'contoso.onmicrosoft.com' have the name 'FINANCE MAIL', "
        "which a list of jobs cannot tell apart; rename one of them."
    )


def test_a_header_is_a_comment() -> None:
    text = model.jobs_text([], "One\n\n  two: three\r\n---\n{{ 1/0 }}")
    assert text == "# One\n#\n# two: three\n# ---\n# {{ 1/0 }}\n---\nvbo_jobs_list: []\n"


@pytest.mark.parametrize(
    ("name", "organization", "file"),
    [
        ("Finance mail", "Contoso.onmicrosoft.com", "contoso.onmicrosoft.com+finance_mail"),
        ("Finance_mail", "contoso.onmicrosoft.com", "contoso.onmicrosoft.com+finance%5fmail"),
        ("R&D/../x", "..", "%2e.+r%26d%2f..%2fx"),
        ("Größe", None, "+gr%c3%b6%c3%9fe"),
        (".", "con", "con+%2e"),
        ("a+b", "x", "x+a%2bb"),
        (None, "x", "x+"),
        ("n" * 148, "x", f"x+{'n' * 148}"),
    ],
)
def test_names_of_files(name: str | None, organization: str | None, file: str) -> None:
    assert model.file_name({"name": name, "organization": organization}) == f"{file}.yml"


@quick
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=2, max_size=2, unique_by=lambda pair: tuple(map(str.casefold, pair))))
def test_every_job_has_a_file_and_a_variable_of_its_own(pairs: list[tuple[str, str]]) -> None:
    one, other = ({"organization": organization, "name": name} for organization, name in pairs)
    assert model.file_name(one) != model.file_name(other)
    assert model.variable_name(one) != model.variable_name(other)
    for job in (one, other):
        assert re.fullmatch(r"[a-z0-9_%+-][a-z0-9_%.+-]*\.yml", model.file_name(job))
        assert re.fullmatch(r"[a-z][a-z0-9_]*", model.variable_name(job))


def test_long_names() -> None:
    """File systems allow 255 bytes; the removed part still makes a difference."""
    jobs = [{"organization": "o" * 100, "name": "ä" * 300 + end} for end in ("a", "b")]
    names = [model.file_name(job) for job in jobs]
    assert len(set(names)) == 2 and max(map(len, names)) < 200
    assert len({model.variable_name(job) for job in jobs}) == 2
    assert model.file_name(jobs[0]) == names[0]


def test_names_of_files_and_variables_stay_as_they_are() -> None:
    """Otherwise, a repository with an earlier export would contain every job twice."""
    long = {"organization": "o" * 100, "name": "ä" * 300}
    assert model.file_name(long) == f"{'o' * 100}+{'%c3%a4' * 8}+465576c12c5c.yml"
    assert model.variable_name(JOB) == "vbo_exported_contoso_onmicrosoft_com_finance_mail_6b71750afaee"
    assert model.variable_name({"organization": "1", "name": "!X!"}) == "vbo_exported_1_x_17165c7659c0"


def test_one_file_for_each_job() -> None:
    files = model.job_files([JOB], "Exported by a test")
    index, (name, text) = files.pop("vbo_jobs_list.yml"), *files.items()
    assert name == "contoso.onmicrosoft.com+finance_mail.yml"
    assert list(yaml.load(text, Loader)) == [model.variable_name(JOB)]
    assert yaml.load(text, Loader)[model.variable_name(JOB)] == JOB
    assert yaml.safe_load(index) == {"vbo_jobs_list": model.LIST_OF_FILES}
    assert "{{ query(" in index, "the only template, and it is ours"


def test_halves_of_characters_do_not_break_it() -> None:
    job = {"organization": "o", "name": "\ud800"}
    assert model.file_name(job) == "o+%ed%a0%80.yml"
    assert model.variable_name(job) == "vbo_exported_o_022fa3edb4d0"
    model.jobs_text([job], "").encode("utf-8")


def test_options_of_newer_collections_come_last() -> None:
    assert model.jobs_text([{"new": 1, "name": "x", "copy_job": None}], "") == (
        "---\nvbo_jobs_list:\n  - name: x\n    copy_job: null\n    new: 1\n"
    )
