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
      - Name of the job. It identifies the job within O(organization). Only case is ignored, so V(Straße) and V(Strasse) are
        different jobs.
      - A name that differs from an existing one only in leading or trailing spaces, invisible characters, or composed and
        decomposed letters is rejected.
      - Together with O(id), it is the new name of the job.
      - One of O(name) and O(id) is required.
    type: str
  id:
    description:
      - Id of the job. Use it to rename a job, or to select one of several with the same name.
    type: str
  organization:
    description:
      - Name or id of the organization that the job protects.
      - Required to create a job, and if jobs in several organizations have the same name. It cannot be changed.
    type: str
  repository:
    description:
      - Name or id of the backup repository. Required to create a job.
      - If it changes, existing backups stay in the old repository.
    type: str
  proxy:
    description:
      - Name or id of the backup proxy that runs a new job. Only for API v3 to v5.
      - The default is the proxy of the repository, which is the only one that the product accepts.
      - The server does not return it, so it is used only when the job is created and is never compared.
    type: str
  description:
    description:
      - A free text. Leave it out to keep the current text, and set V("") to clear it.
      - Leading and trailing spaces and line breaks, and the type of line breaks, are ignored when it is compared, because servers
        may change them.
    type: str
  enabled:
    description:
      - Whether the job runs on schedule. A disabled job can still be started manually.
      - A new job is enabled unless this is V(false).
    type: bool
  backup_type:
    description:
      - What the job protects, the entire organization or selected items. Required to create a job.
      - There can be only one job for the entire organization. It skips objects that other jobs of the organization protect.
    type: str
    choices: [entire_organization, selected_items]
  selected_items:
    description:
      - What a job of O(backup_type=selected_items) protects. Required when such a job is created.
      - The list is complete unless O(items_mode) is V(add) or V(remove).
      - Items are compared by type, name and flags. Their order does not matter.
      - Items that were deleted in Microsoft 365 stay valid here as long as the job has them.
    type: list
    elements: dict
    suboptions: &item
      type:
        description:
          - What the item is.
          - V(partial_organization) is the organization with the chosen services, V(personal_sites) all personal sites,
            V(one_drive_folders) the named folders in every OneDrive. These three have no name.
          - V(team) exists from API v5 on.
        type: str
        required: true
        choices: [user, group, site, team, partial_organization, personal_sites, one_drive_folders]
      name:
        description: Email address of a user, name or email address of a group or team.
        type: str
      id:
        description: Id of the user, group, site or team, instead of its name.
        type: str
      url:
        description: URL of a site, with plain or percent-encoded characters, V(R&D) or V(R%26D).
        type: str
      folders:
        description: Folders of an item of type V(one_drive_folders).
        type: list
        elements: str
      mailbox:
        description:
          - The mailbox of a user or group, or all mailboxes of the organization.
          - If one flag of an item is V(true), those that are left out are V(false). If none is, the item includes all of them.
        type: bool
      archive_mailbox:
        description: The archive mailbox of a user, or all of them.
        type: bool
      one_drive:
        description: The OneDrive of a user, or all of them.
        type: bool
      personal_site:
        description: The personal site of a user.
        type: bool
      members:
        description: The members of a group.
        type: bool
      member_mailbox:
        description: The mailboxes of a group's members.
        type: bool
      member_archive_mailbox:
        description: The archive mailboxes of a group's members.
        type: bool
      member_onedrive:
        description: The OneDrives of a group's members.
        type: bool
      member_site:
        description: The personal sites of a group's members.
        type: bool
      group_site:
        description: The site of a Microsoft 365 group.
        type: bool
      sites:
        description: All sites of the organization.
        type: bool
      teams:
        description: All teams of the organization. From API v5 on.
        type: bool
      teams_chats:
        description: The posts of a team, or of all teams. From API v6 on. Never included by default, because Microsoft charges for them by usage.
        type: bool
  excluded_items:
    description:
      - What the job excludes, written like O(selected_items). A flag excludes this part.
      - Set an empty list to exclude nothing.
    type: list
    elements: dict
    suboptions: *item
  items_mode:
    description:
      - V(exact) means that O(selected_items) and O(excluded_items) are complete.
      - V(add) adds the given items, or updates their flags. V(remove) removes them. Other items are not changed.
    type: str
    choices: [exact, add, remove]
    default: exact
  schedule_policy:
    description:
      - When the job runs. Suboptions that are left out keep their values on the server.
      - Suboptions that have no meaning for the schedule's type are neither compared nor sent.
      - All times and hours refer to the server's wall clock and are never converted.
    type: dict
    suboptions:
      type:
        description:
          - V(daily) runs once on the days of O(schedule_policy.daily_type), V(periodically) at intervals all day.
          - V(manual_only) disables the schedule, like O(schedule_policy.schedule_enabled=false). From API v5 on.
          - If left out, it is not changed; for a new job, it is derived from the other suboptions.
        type: str
        choices: [daily, periodically, manual_only]
      schedule_enabled:
        description:
          - Whether the job runs on schedule. From API v5 on. With older versions use O(enabled).
          - It is V(true) when O(schedule_policy.type) is V(daily) or V(periodically), unless it is set.
        type: bool
      daily_type:
        description: The days of a daily schedule. A new one runs V(everyday).
        type: str
        choices: [everyday, workdays, weekends, monday, tuesday, wednesday, thursday, friday, saturday, sunday]
      daily_time:
        description:
          - Start time of a daily schedule as V(HH:MM) or V(HH:MM:SS).
          - Write it in quotes. YAML reads a time without quotes as a number.
          - M(backupops.vbo365.vbo_jobs) also accepts a range and chooses a start in it. C(between) is a list of the earliest and the latest start,
            possibly across midnight, and C(step) the minutes between starts (10 by default).
        type: raw
      periodically_every:
        description: Interval of a periodic schedule, counted from midnight. V(hours12) exists from API v8 on.
        type: str
        choices: [minutes5, minutes10, minutes15, minutes30, hours1, hours2, hours4, hours8, hours12]
      periodically_offset_minutes:
        description:
          - Minutes, 0 to 59, by which a periodic schedule with an interval in hours starts later. From API v6 on.
          - Different values prevent jobs from starting at the same time.
          - M(backupops.vbo365.vbo_jobs) also accepts a range and chooses a value in it. C(between) is a list of the lowest and the highest value,
            and C(step) the minutes between values (5 by default).
        type: raw
      periodically_window_enabled:
        description:
          - Whether O(schedule_policy.periodically_window) is active. By default, it is derived from that list.
        type: bool
      periodically_window:
        description:
          - Hours in which periodic runs may start, for intervals in hours. From API v6 on.
          - Written like O(schedule_policy.backup_window). An empty list means no restriction.
        type: raw
      periodically_window_minute_offset:
        description:
          - The offset to UTC in minutes that the product stores with the window. From API v6 on.
          - Its effect is not documented. Leave it out to keep the current value.
        type: int
      backup_window_enabled:
        description:
          - Whether O(schedule_policy.backup_window) is active. By default, it is derived from that list.
        type: bool
      backup_window:
        description:
          - Hours in which the job may run. A run that is still active afterwards is terminated.
          - A list of ranges. V(Mon-Fri 19:00-07:00) are the hours from 19:00 of each of these days to 07:00 of the
            next day, V(Sat) is a whole day, V(Mon,Wed 08:00-12:00) means several days, and V(Fri 19:00 - Mon 07:00) is one span
            across days. V(always) and V(never) cannot be combined. V(24:00) ends a day.
          - Windows consist of whole hours.
          - A list of exactly 168 booleans, Sunday 00:00 first, is also accepted. An empty list disables the window.
        type: raw
      backup_window_minute_offset:
        description:
          - The offset to UTC in minutes that the product stores with the window.
          - Its effect is not documented. Leave it out to keep the current value.
        type: int
      retry_enabled:
        description:
          - Whether a failed run is retried.
          - By default, it is true if O(schedule_policy.retry_number) or O(schedule_policy.retry_wait_interval) is set.
        type: bool
      retry_number:
        description: Number of retries of a failed run, 1 to 777. The default of the product is 3.
        type: int
      retry_wait_interval:
        description: Minutes between retries, 1 to 999. The default of the product is 10.
        type: int
  run_now:
    description:
      - Start the job right after it was created. It has no effect on an existing job, and is never part of a diff.
    type: bool
    default: false
  when_running:
    description:
      - What to do if the job to be changed or deleted is running.
      - V(proceed) lets the server decide, V(wait) waits for the run to end, V(fail) fails before anything is sent.
      - By default, changes proceed and deletions fail.
    type: str
    choices: [proceed, wait, fail]
  when_edited:
    description:
      - What to do if somebody else changes the job after it was read and before it is changed.
      - V(retry) makes a new plan from the current state, up to three times. V(fail) fails before anything is sent.
      - In either case, options that are not declared keep the values that the other person set.
    type: str
    choices: [retry, fail]
    default: retry
  delete_copy_job:
    description:
      - With O(state=absent), delete the backup copy job of the job first.
      - Otherwise, a job that has a copy job cannot be deleted.
    type: bool
    default: false
"""
