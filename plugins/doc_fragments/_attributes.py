# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""What the modules support, in the words that Ansible's documentation uses."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled by the module has not changed in a relevant way.
  action:
    description:
      - Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
  async:
    description: Supports being used with the C(async) keyword.
"""

    # Used as an addition by modules that write
    WRITES = r"""
options: {}
attributes:
  check_mode:
    support: full
    details: The prediction is exact, and check mode sends only read requests and the login.
  diff_mode:
    support: full
    details: C(before) and C(after) are text, lines of YAML in the order of the options, with names readable in any script.
  idempotent:
    support: full
"""

    # The same for modules with a secret that the server never shows
    WRITES_SECRETS = r"""
options: {}
attributes:
  check_mode:
    support: full
    details: The prediction is exact, and check mode sends only read requests and the login.
  diff_mode:
    support: full
    details: C(before) and C(after) are text, lines of YAML in the order of the options. A secret that is sent is shown as C((secret)).
  idempotent:
    support: partial
    details: With O(update_password=always), a given secret is sent every time, which counts as a change.
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details: This module only reads.
  diff_mode:
    support: N/A
    details: This module does not change anything.
  idempotent:
    support: full
"""

    HOSTED = r"""
options: {}
attributes:
  action:
    support: full
    details:
      - With a local connection, the module runs in the controller's own process, which is many times faster in loops.
      - With another connection, C(async), C(become) or C(environment), it runs as a module process, with the same results.
      - The variable C(vbo365_execution) selects V(auto), the default, V(controller), or V(module).
  async:
    support: full
"""

    ACTIONGROUP_VBO365 = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/backupops.vbo365.vbo365) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - backupops.vbo365.vbo365
"""
