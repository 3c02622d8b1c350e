# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: write_files
short_description: Write a set of text files on the controller
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Writes, compares and removes a whole set of files in one task. The roles of this collection use it for exports, reports, snapshots and plans.
  - Everything happens in the process of Ansible itself, whatever the connection, C(become) or delegation of the task.
  - Nothing is written before all files have been checked. Each file is replaced at once, so that a run that is cut off leaves the old or the new file.
  - Files have their permissions from the first moment on. Folders that do not exist are made with permissions C(0700).
options:
  directory:
    description:
      - The folder of the files. A relative one lies where Ansible was started.
      - C(~) and environment variables are expanded. All other characters stand for themselves.
    type: path
    required: true
  files:
    description: The files that are wanted.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name of the file, or its path below O(directory). Required without O(files[].problem).
        type: str
      content:
        description: The text of the file. Required without O(files[].problem).
        type: str
      problem:
        description: In place of a file, the reason why one cannot be written. The task fails with it once the other files are written.
        type: str
  mode:
    description: Permissions of the files.
    type: str
    choices: ["0600", "0640", "0644", "0660", "0664"]
    default: "0600"
  mark:
    description:
      - The text with which each own file begins. A file that begins otherwise belongs to somebody else and is never overwritten or removed.
      - Without a mark every file in O(files) is an own one.
    type: str
    default: ""
  managed:
    description:
      - Names of files, and of folders with C(/) at the end. Own files among them that are not in O(files) are removed.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying files.
    support: full
  diff_mode:
    description: Returns details on what has changed, when in diff mode.
    support: full
  action:
    description: This is an action plugin, which runs only on the controller.
    support: full
"""

EXAMPLES = r"""
- name: Write two files
  backupops.vbo365.write_files:
    directory: reports
    files:
      - name: mail.yml
        content: "vbo_jobs_list: []\n"
      - name: notes/today.txt
        content: "Nothing to do.\n"
"""

RETURN = r"""
directory:
  description: The folder of the files, as an absolute path.
  returned: success
  type: str
  sample: /srv/backup/reports
written:
  description: The files that have been made, changed, or given other permissions.
  returned: success
  type: list
  elements: str
  sample: [mail.yml]
removed:
  description: The files that have been removed.
  returned: success
  type: list
  elements: str
  sample: []
"""
