# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter for paths on the controller."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError

from ..plugin_utils._file_set import absolute


def absolute_path(path: t.Any) -> str:
    """Return a path, relative to the folder in which Ansible was started, as an absolute path."""
    try:
        return absolute(str(path), "absolute_path")
    except InputError as error:
        raise AnsibleFilterError(error.message) from None  # Ansible would print the cause again


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[[t.Any], str]]:
        return {"absolute_path": absolute_path}
