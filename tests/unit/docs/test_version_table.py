# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table in the guide on API versions agrees with the table in the code."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import (
    NAMES,
    NUMBERS,
    VERSIONS,
    ApiVersion,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import Field
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._model import COPY_JOB
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._fields import FULL_RUNS, JOB
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._items import FLAG_SINCE, SINCE

from ..contract.documents import KINDS, options_in_versions, values_in_versions
from .pages import GUIDES

NEWEST = max(NUMBERS)
TEXT = (GUIDES / "api_versions.rst").read_text(encoding="utf-8")

#: abilities that users see, by their name in the guide
ABILITIES = {
    "has_extended_view": "vbo_organization_info:extended",
    "has_health": "Health in vbo_server_info",
    "has_licence": "Licence in vbo_server_info",
    "has_logout": "Logging out, and revoking tokens with vbo_auth_token",
    "has_proxy_pools": "Proxy pools in vbo_proxy_info",
    "has_service_instance": "Build and installation id in vbo_server_info",
}
#: abilities that appear as options or modules, or that the collection replaces
HIDDEN = {
    "has_antiforgery",
    "has_copy_jobs",
    "has_enabled_at_creation",
    "has_organization_in_copy_job",
    "has_periodically_window",
    "has_periodically_window_flag",
    "has_proxy_in_job",
    "has_schedule_enabled",
}


def shown() -> dict[str, tuple[str, str]]:
    """The rows of the guide without markup: subject, first version, last version."""
    rows = re.findall(r"^   \* - (.+)\n     - (v\d)\n     - (v\d)$", TEXT, re.MULTILINE)
    assert len(rows) == TEXT.count("   * - ") - 1, "a row that cannot be read"
    plain = [
        (re.sub(r":ans\w+:`backupops\.vbo365\.([^`#]+)#module(:)?([^`]*)`", r"\1\2\3", what), first, last)
        for what, first, last in rows
    ]
    assert len({what for what, *_unused in plain}) == len(plain), "a row twice"
    return {what: (first, last) for what, first, last in plain}


def declared(module: str, fields: t.Iterable[Field], first: int, last: int) -> dict[str, tuple[int, int]]:
    """The rows of a declaration: options, and values that were added later."""
    options = {f"{module}:{path}": span for path, span in options_in_versions(fields, first, last).items()}
    return {
        **options,
        **{f"{module}:{path}={value}": span for (path, value), span in values_in_versions(fields).items()},
    }


def known() -> dict[str, tuple[str, str]]:
    """The same rows from the code."""
    rows = {
        **declared("vbo_job", JOB.fields, NUMBERS[-1], NEWEST),
        **declared("vbo_copy_job", COPY_JOB.fields, COPY_JOB.since, COPY_JOB.until),
        "vbo_copy_job, vbo_copy_job_info": (COPY_JOB.since, COPY_JOB.until),
        "vbo_job_run:full": (FULL_RUNS, NEWEST),
    }
    rows.update({f"vbo_job:selected_items[].{flag}": (since, NEWEST) for flag, since in FLAG_SINCE.items()})
    rows.update({f"vbo_job:selected_items[].type={kind}": (since, NEWEST) for kind, since in SINCE.items()})
    for module in KINDS:
        kind = module.kind
        assert kind is not None
        rows[f"{module.name}, {module.name}_info"] = (kind.since, kind.until)
        rows.update(declared(module.name, kind.fields, kind.since, kind.until))
    for name, text in ABILITIES.items():
        numbers = [number for number in NUMBERS if getattr(VERSIONS[f"v{number}"], name)]
        assert sorted(numbers) == list(range(min(numbers), NEWEST + 1)), name
        rows[text] = (min(numbers), NEWEST)
    return {what: (f"v{first}", f"v{last}") for what, (first, last) in rows.items()}


def test_the_table_is_that_of_the_code() -> None:
    assert shown() == known()


def test_every_ability_is_in_the_table_or_known_to_be_hidden() -> None:
    abilities = {name for name in vars(ApiVersion) if name.startswith("has_")}
    assert abilities == ABILITIES.keys() | HIDDEN
    assert not ABILITIES.keys() & HIDDEN


def test_every_version_is_named() -> None:
    table = re.findall(r"^(\d) +(v\d)$", TEXT, re.MULTILINE)
    assert [version for _product, version in reversed(table)] == list(NAMES)
    assert all(version == f"v{product}" for product, version in table)
