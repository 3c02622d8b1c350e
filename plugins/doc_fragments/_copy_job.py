# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(COPY_JOB)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  job:
    description: Name of the backup job whose backups are copied. One of O(job) and O(job_id) is required.
    type: str
  job_id:
    description: Id of the backup job whose backups are copied.
    type: str
  organization:
    description: Name or id of the organization, required if several jobs have the same name.
    type: str
  repository:
    description: Name or id of the repository to copy to. Required to create a copy job.
    type: str
  enabled:
    description: Whether the copy job runs. A new one is enabled unless this is V(false).
    type: bool
  schedule_policy:
    description:
      - When backups are copied. Suboptions that are left out keep their values on the server. By default, a new copy job copies immediately.
      - All times and hours refer to the server's wall clock and are never converted.
    type: dict
    suboptions:
      type:
        description: V(immediate) copies each backup as soon as it was made, the others at intervals or once a day.
        type: str
        choices: [immediate, periodically, daily_at_time]
      periodically_every:
        description: Interval of a periodic schedule. V(hours12) exists from API v8 on.
        type: str
        choices: [minutes5, minutes10, minutes15, minutes30, hours1, hours2, hours4, hours8, hours12]
      daily_type:
        description: The days of a daily schedule. A new one runs V(everyday).
        type: str
        choices: [everyday, workdays, weekends, monday, tuesday, wednesday, thursday, friday, saturday, sunday]
      daily_time:
        description: Start time of a daily schedule as V(HH:MM) or V(HH:MM:SS), in quotes.
        type: str
      backup_copy_window_enabled:
        description: Whether O(schedule_policy.backup_copy_window) is active. By default, it is derived from that list.
        type: bool
      backup_copy_window:
        description:
          - Hours in which the copy job may run, a list of ranges.
          - They are written as in O(backupops.vbo365.vbo_job#module:schedule_policy.backup_window).
        type: raw
      backup_copy_window_minute_offset:
        description:
          - The offset to UTC in minutes that the product stores with the window.
          - Its effect is not documented. Leave it out to keep the current value.
        type: int
  when_running:
    description:
      - What to do if the copy job to be changed or deleted is running.
      - V(proceed) lets the server decide, V(wait) waits for the run to end, V(fail) fails before anything is sent.
      - By default, changes proceed and deletions fail.
    type: str
    choices: [proceed, wait, fail]
  when_edited:
    description:
      - What to do if somebody else changes the copy job after it was read and before it is changed.
      - V(retry) makes a new plan from the current state, up to three times. V(fail) fails before anything is sent.
      - In either case, options that are not declared keep the values that the other person set.
    type: str
    choices: [retry, fail]
    default: retry
"""
