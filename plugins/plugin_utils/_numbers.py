# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Numbers in data from Ansible."""

from __future__ import annotations

import typing as t

from ..module_utils._errors import InputError, literal
from ._plain import plain


def number(value: t.Any, path: str, least: int, most: int) -> int:
    """Parse an integer within limits; Ansible passes numbers in extra variables as text.

    :raises InputError: for anything else
    """
    given = plain(value)
    try:
        found = given if isinstance(given, int) and not isinstance(given, bool) else int(str(given))
    except ValueError:
        raise InputError(path, f"must be a whole number (got {literal(given)})") from None
    if not least <= found <= most:
        raise InputError(path, f"must be between {least} and {most:,} (got {found})")
    return found
