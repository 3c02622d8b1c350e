# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller searches a whole result for secrets once, and masks single values only if it may contain one."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.common.parameters import remove_values
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._controller import _masked
from ansible_collections.backupops.vbo365.plugins.module_utils._input._masking import with_numbers

#: a password may contain characters that JSON escapes
SECRETS = [
    "plain",
    'with"quote',
    "back\\slash",
    "line\nbreak",
    "tab\t",
    "\x01",
    "grüße",
    "日本",
    "\U0001f511",
    "/",
    "7",
    "*",
]


def texts_with(secret: str) -> list[t.Any]:
    """Results in which the secret is a text, part of one, at any depth, or only a key."""
    return [
        {"msg": secret},
        {"msg": f"a{secret}b"},
        {"jobs": [{"name": "x", "items": [{"title": f"{secret}!"}]}]},
        {secret: "only a name"},
        {"jobs": [{"window": [True, False, None, 7, 1.5]}]},
        {"bytes": secret.encode()},
        {"tuple": ("x", secret)},
        {"clean": 'a "quoted" \\ text\n'},
    ]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_result_is_masked_as_if_every_value_was_looked_at(secret: str) -> None:
    for result in texts_with(secret):
        every_value = with_numbers(result, remove_values(result, {secret}))

        assert _normal(_masked(result, {secret})) == _normal(every_value)


def test_what_holds_no_secret_is_not_copied() -> None:
    jobs = [{"name": "mail"}]
    result = {"jobs": jobs, "invocation": {"module_args": {"password": "hidden", "jobs": jobs}}}

    masked = _masked(result, {"hidden"})

    assert masked["jobs"] is jobs and masked["invocation"]["module_args"]["jobs"] is jobs
    assert "hidden" not in str(masked)


def _normal(value: t.Any) -> t.Any:
    """Tuples and lists are equal in a result."""
    if isinstance(value, dict):
        return {key: _normal(entry) for key, entry in value.items()}
    return [_normal(entry) for entry in value] if isinstance(value, (list, tuple)) else value
