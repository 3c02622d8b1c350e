# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(JOB)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description:
      - Name of the job. It identifies the job within O(organization), whatever the case of its letters.
      - Together with O(id) it is the name that the job gets.
      - One of O(name) and O(id) is required.
    type: str
  id:
    description:
      - Id of the job. Use it to rename a job, or to address one of several with the same name.
    type: str
  organization:
    description:
      - Name or id of the organization that the job protects.
      - Required to create a job, and to tell jobs of the same name in several organizations apart. It cannot be changed.
    type: str
  repository:
    description:
      - Name or id of the backup repository. Required to create a job.
      - Backups that were made stay in the old repository when it changes.
    type: str
  proxy:
    description:
      - Name or id of the backup proxy that runs a new job. Only for API v3 to v5.
      - The default is the proxy of the repository, which is the only one that the product accepts.
      - The server does not tell it afterwards, so it is used at creation and never compared.
    type: str
  description:
    description:
      - A text of your own. Leave it out to let it be as it is, and give V("") to empty it.
    type: str
  enabled:
    description:
      - Whether the schedule of the job is followed. A disabled job can still be started by hand.
      - A new job is enabled unless this is V(false).
    type: bool
  backup_type:
    description:
      - What the job protects, the whole organization or selected items. Required to create a job.
      - There can be one job for the whole organization. It leaves out what other jobs of the organization protect.
    type: str
    choices: [entire_organization, selected_items]
  schedule_policy:
    description:
      - When the job runs. Suboptions that are left out stay as they are on the server.
      - Suboptions that have no meaning for the schedule's type are neither compared nor sent.
      - All times and hours are the server's wall clock. They are never converted.
    type: dict
    suboptions:
      type:
        description:
          - V(daily) runs once on the days of O(schedule_policy.daily_type), V(periodically) at intervals all day.
          - V(manual_only) switches the schedule off, like O(schedule_policy.schedule_enabled=false). From API v5 on.
          - When left out it stays as it is, or follows from the other suboptions of a new job.
        type: str
        choices: [daily, periodically, manual_only]
      schedule_enabled:
        description:
          - Whether the job runs by itself at all. From API v5 on. With older versions use O(enabled).
          - It is V(true) when O(schedule_policy.type) is V(daily) or V(periodically), unless it is given.
        type: bool
      daily_type:
        description: The days of a daily schedule. A new one runs V(everyday).
        type: str
        choices: [everyday, workdays, weekends, monday, tuesday, wednesday, thursday, friday, saturday, sunday]
      daily_time:
        description:
          - Start time of a daily schedule as V(HH:MM) or V(HH:MM:SS).
          - Write it in quotes. YAML reads a time without quotes as a number.
        type: str
      periodically_every:
        description: Interval of a periodic schedule, counted from midnight. V(hours12) exists from API v8 on.
        type: str
        choices: [minutes5, minutes10, minutes15, minutes30, hours1, hours2, hours4, hours8, hours12]
      periodically_offset_minutes:
        description:
          - Minutes, 0 to 59, by which a periodic schedule with an interval in hours starts later. From API v6 on.
          - Different values keep jobs from starting all at the same time.
        type: int
      periodically_window_enabled:
        description:
          - Whether O(schedule_policy.periodically_window) is in force. It follows from that list unless it is given.
        type: bool
      periodically_window:
        description:
          - Hours in which periodic runs may start, for intervals in hours. From API v6 on.
          - Written like O(schedule_policy.backup_window). An empty list means no restriction.
        type: raw
      periodically_window_minute_offset:
        description:
          - The offset to UTC in minutes that the product keeps with the window. From API v6 on.
          - What it does is not documented. Leave it out to keep it as it is.
        type: int
      backup_window_enabled:
        description:
          - Whether O(schedule_policy.backup_window) is in force. It follows from that list unless it is given.
        type: bool
      backup_window:
        description:
          - Hours in which the job may run. A run is terminated when it leaves them.
          - A list of ranges. V(Mon-Fri 19:00-07:00) are the hours from 19:00 of each of these days to 07:00 of the next day,
            V(Sat) is a whole day, V(Mon,Wed 08:00-12:00) names several days, and V(Fri 19:00 - Mon 07:00) is one span
            across days. V(always) and V(never) stand alone. V(24:00) ends a day.
          - The product plans in whole hours.
          - A list of exactly 168 booleans, Sunday 00:00 first, is accepted too. An empty list switches the window off.
        type: raw
      backup_window_minute_offset:
        description:
          - The offset to UTC in minutes that the product keeps with the window.
          - What it does is not documented. Leave it out to keep it as it is.
        type: int
      retry_enabled:
        description:
          - Whether a failed run is tried again.
          - It follows from O(schedule_policy.retry_number) and O(schedule_policy.retry_wait_interval) unless it is given.
        type: bool
      retry_number:
        description: How often a failed run is tried again, 1 to 777. The product's own default is 3.
        type: int
      retry_wait_interval:
        description: Minutes between the tries, 1 to 999. The product's own default is 10.
        type: int
  run_now:
    description:
      - Start the job right after it was created. It has no effect on a job that exists, and is never part of a diff.
    type: bool
    default: false
"""
