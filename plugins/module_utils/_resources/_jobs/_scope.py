# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The scope of a list of jobs, and the safeguards of prune."""

from __future__ import annotations

import typing as t

from ..._api._references import Catalog
from ..._errors import InputError
from ..._spelling import id_key, matches
from ..._types import Raw
from .._job._model import organization_id


class Scope:
    """The jobs that belong to a list of declarations.

    :arg options: C(organizations), C(name) and C(description), each optional; without any, the whole server
    """

    def __init__(self, options: dict[str, t.Any] | None, catalog: Catalog) -> None:
        given = {key: value for key, value in (options or {}).items() if value}
        self.given = bool(given)
        self.organizations = {
            id_key(catalog.organization(wanted)["id"]): wanted for wanted in given.get("organizations", [])
        }
        self._name = given.get("name")
        self._description = given.get("description", "")

    def holds(self, raw: Raw) -> bool:
        """Whether a job is in the scope."""
        owner = id_key(organization_id(raw))
        return (
            (not self.organizations or owner in self.organizations)
            and matches(self._name, raw.get("name"))
            and self._description in (raw.get("description") or "")
        )


def check_prune(scope: Scope, declared: t.Collection[str]) -> None:
    """Refuse to prune if a mistake could delete jobs that are needed (design: guarded prune).

    :arg declared: ids of the organizations that have a declared job
    :raises InputError: with what is missing
    """
    if not scope.given:
        raise InputError(
            "scope", "required with prune: define which jobs are yours by organizations, name or description"
        )
    if not declared:
        raise InputError("jobs", "must not be empty with prune: every job in the scope would be deleted")
    for identifier, wanted in scope.organizations.items():
        if identifier not in declared:
            raise InputError(
                "scope.organizations",
                f"no job of '{wanted}' is declared, so prune would delete all of its jobs; "
                "to delete them, declare each with state: absent",
            )


def check_number(to_delete: t.Sequence[Raw], most: int) -> None:
    """Refuse to delete more jobs than allowed; names them."""
    if len(to_delete) > most:
        names = ", ".join(f"'{job.get('name')}'" for job in to_delete[:10]) + (" …" if len(to_delete) > 10 else "")
        raise InputError(
            "max_deletions",
            f"prune would delete {len(to_delete)} jobs, but the limit is {most}. Raise it to delete: {names}",
        )
