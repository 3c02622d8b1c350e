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
      - Name of the job. It identifies the job within O(organization), whatever the case of its letters, and nothing else is
        ignored, so V(Straße) and V(Strasse) are two jobs.
      - A name that differs from an existing one only in what nobody sees is refused. That are blanks at the ends, invisible
        characters, and composed or decomposed letters.
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
      - Required to create a job, and to tell jobs of the same name in several organizations apart. It cannot change.
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
      - Blanks and line breaks at its ends, and the kind of its line breaks, are no difference, as servers may change them.
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
  selected_items:
    description:
      - What a job of O(backup_type=selected_items) protects. Required when such a job is created.
      - The list is the whole list unless O(items_mode) says otherwise.
      - Items are compared by type, name and flags. Their order has no meaning.
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
        description: Mail address of a user, name or mail address of a group or team.
        type: str
      id:
        description: Id of the user, group, site or team, in place of its name.
        type: str
      url:
        description: Address of a site, with its characters as they are or as a browser copies them, V(R&D) or V(R%26D).
        type: str
      folders:
        description: Folders of an item of type V(one_drive_folders).
        type: list
        elements: str
      mailbox:
        description:
          - The mailbox of a user or group, or all mailboxes of the organization.
          - Of the flags of an item, those left out are V(false) if one is V(true). If none is, the item means all of them.
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
        description: The posts of a team, or of all teams. From API v6 on. Never implied, because Microsoft meters them.
        type: bool
  excluded_items:
    description:
      - What the job leaves out, written like O(selected_items). A flag means that this part is left out.
      - Give an empty list to exclude nothing.
    type: list
    elements: dict
    suboptions: *item
  items_mode:
    description:
      - V(exact) makes O(selected_items) and O(excluded_items) the whole lists.
      - V(add) adds the items given, or gives them other flags. V(remove) removes them. The others stay as they are.
    type: str
    choices: [exact, add, remove]
    default: exact
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
          - M(backupops.vbo365.vbo_jobs) also takes a range and chooses a start in it. C(between) is a list of the first and the last start,
            which may go over midnight, and C(step) the minutes from one to the next (10 by default).
        type: raw
      periodically_every:
        description: Interval of a periodic schedule, counted from midnight. V(hours12) exists from API v8 on.
        type: str
        choices: [minutes5, minutes10, minutes15, minutes30, hours1, hours2, hours4, hours8, hours12]
      periodically_offset_minutes:
        description:
          - Minutes, 0 to 59, by which a periodic schedule with an interval in hours starts later. From API v6 on.
          - Different values keep jobs from starting all at the same time.
          - M(backupops.vbo365.vbo_jobs) also takes a range and chooses a value in it. C(between) is a list of the first and the last value,
            and C(step) the minutes from one to the next (5 by default).
        type: raw
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
          - A list of ranges. V(Mon-Fri 19:00-07:00) are the hours from 19:00 of each of these days to 07:00 of the
            next day, V(Sat) is a whole day, V(Mon,Wed 08:00-12:00) names several days, and V(Fri 19:00 - Mon 07:00) is one span
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
          - It follows from O(schedule_policy.retry_number) and O(schedule_policy.retry_wait_interval) unless given.
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
  when_running:
    description:
      - What to do when the job is running and is to be changed or deleted.
      - V(proceed) leaves it to the server, V(wait) waits for the end of the run, V(fail) fails before anything is sent.
      - If not given, changes proceed and deletions fail.
    type: str
    choices: [proceed, wait, fail]
  when_edited:
    description:
      - What to do when somebody else changes the job between the moment it was read and the moment it is to be changed.
      - V(retry) plans again from what it is then, up to three times. V(fail) fails before anything is sent.
      - What nobody declared is left as the other one set it, in either case.
    type: str
    choices: [retry, fail]
    default: retry
  delete_copy_job:
    description:
      - With O(state=absent), delete the backup copy job of the job first.
      - A job that has a copy job cannot be deleted otherwise.
    type: bool
    default: false
"""
