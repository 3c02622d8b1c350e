# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(UPDATE_PASSWORD)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  update_password:
    description:
      - When a secret of this task is sent. The server never shows a secret, so a given one cannot be compared.
      - V(on_create) sends it when the object is created. For an object that exists, the result has
        RV(ignore:secret_not_compared) and the secret is not sent.
      - V(always) sends it to an object that exists too. That is a change every time, in check mode as well.
    type: str
    choices: [on_create, always]
    default: on_create
"""
