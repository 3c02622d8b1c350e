# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of switches: configurable behaviour where the product's is unknown, optional or asynchronous."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..loader import DataError


@dataclass(frozen=True)
class Switch:
    """One row: name, default, allowed values and description."""

    name: str
    default: Any
    allowed: Any
    doc: str


#: ``allowed`` is ``bool``, ``int`` or ``float`` (not negative), or a tuple of choices.
TABLE: tuple[Switch, ...] = (
    # Editing
    Switch("full_put", False, bool, "PUT of a job resets the top-level fields that the body omits."),
    Switch("schedule_merge", True, bool, "PUT merges schedulePolicy into the stored one; false replaces it."),
    Switch(
        "schedule_needs_type",
        True,
        bool,
        "PUT with dailyType, dailyTime or periodicallyEvery must also contain schedulePolicy.type.",
    ),
    Switch(
        "items_needed_with_backup_type",
        True,
        bool,
        "PUT with backupType SelectedItems must also contain selectedItems.",
    ),
    Switch(
        "empty_items_on_put",
        "clear",
        ("clear", "ignore"),
        "Effect of an empty item list in PUT: clear the list, or ignore it.",
    ),
    Switch("remove_last_item", "reject", ("reject", "accept"), "Removing the last selected item of a job."),
    Switch("put_run_now_starts", True, bool, "runNow: true in PUT starts the job."),
    Switch("edit_running", "accept", ("accept", "reject"), "Editing a running job."),
    Switch("delete_running", "reject", ("reject", "accept"), "Deleting a running job."),
    Switch(
        "default_schedule",
        "none",
        ("none", "powershell"),
        "Schedule of a job created without one: off, or daily at 15:00.",
    ),
    Switch("default_description", True, bool, "A job created without a description gets one with user and time."),
    Switch(
        "texts",
        "keep",
        ("keep", "trim", "crlf", "lf"),
        "How descriptions are stored: unchanged, trimmed, with CR LF line breaks, or with LF line breaks.",
    ),
    Switch("old_reads", 0.0, float, "Seconds after each write during which reads return jobs as they were before it."),
    Switch("name_scope", "organization", ("organization", "server"), "Scope in which job names must be unique."),
    Switch("name_case_sensitive", False, bool, "Names that differ only in case are different names."),
    Switch(
        "leniency",
        "auto",
        ("auto", "strict", "documented", "lenient"),
        "How strictly request bodies are read, see below; auto is lenient up to v7 and documented in v8.",
    ),
    Switch(
        "strict_casing",
        True,
        bool,
        "v6+: keys and enum values must have the documented casing, and booleans must be booleans.",
    ),
    Switch("string_booleans", True, bool, "v2-v5: the strings true and false are accepted as booleans."),
    Switch("accept_manual_only", True, bool, "schedulePolicy.type ManualOnly is accepted in requests (v6+)."),
    # Items
    Switch(
        "item_object",
        "full",
        ("full", "id"),
        "What an item must contain about its object: id and names, or only the id.",
    ),
    Switch("duplicate_item", "reject", ("reject", "replace"), "Adding an item that the job already has."),
    Switch(
        "delete_items_form",
        "ids",
        ("ids", "path", "both"),
        "v4: form of the request that removes items (v3: path, v5+: ids).",
    ),
    # Replies
    Switch(
        "schedule_off_reply",
        "omit",
        ("omit", "manual_only", "keep"),
        "v7+, schedule off: schedulePolicy.type is omitted, ManualOnly, or kept.",
    ),
    Switch(
        "all_schedule_keys", False, bool, "Schedules contain the keys of every type, and windows that are switched off."
    ),
    Switch(
        "empty_items",
        "list",
        ("list", "array", "null", "null_results", "404"),
        "Response for an empty item list: as for other lists, [], null, a page with null results, or 404.",
    ),
    Switch("v3_v4_schedule_enabled", False, bool, "v3 and v4 have scheduleEnabled."),
    Switch("group_mailbox_key", "mailbox", ("mailbox", "mail"), "v3 and v4: key of the group mailbox flag."),
    Switch(
        "organization_name",
        "domain",
        ("domain", "display"),
        "Value of name of an organization: its domain, or its display name; officeName is the domain.",
    ),
    Switch("job_repository_id_in_old", True, bool, "v3-v5: responses contain repositoryId as well as the link."),
    Switch("null_instead_of_missing", False, bool, "Fields without a value are null instead of missing."),
    Switch("extra_fields", False, bool, "Responses contain unknown fields, and jobs an unknown lastStatus."),
    Switch("v8_next_links_v7", False, bool, "The next links of v8 pages start with /v7/."),
    Switch("set_id", False, bool, "Pages of organization objects contain a setId."),
    Switch(
        "end_time_bounds",
        "created",
        ("created", "ended"),
        "endTimeLowerBound and endTimeUpperBound apply to the start of a session, as documented, or to its end.",
    ),
    Switch("page_size_max", 10000, int, "Maximum page size; a larger limit is reduced to it."),
    Switch(
        "entire_organization_row",
        True,
        bool,
        "v8: the selected items of an entire-organization job are one PartialOrganization item.",
    ),
    Switch("unknown_copy_job", "404", ("404", "204"), "Status when the copy job of a job without one is requested."),
    Switch(
        "domain_error_status",
        "auto",
        ("auto", "400", "409", "422", "500"),
        "Status when a rule of the product is violated; auto is 500, in v8 400 or 409.",
    ),
    Switch("action_url_in_v6", False, bool, "v6 still supports POST /Jobs/{id}/Action."),
    # Accounts and keys
    Switch(
        "same_identity",
        "accept",
        ("accept", "reject"),
        "Creating a second cloud account with the same type and user name, or encryption key with the same hint.",
    ),
    Switch(
        "account_secret",
        "password",
        ("password", "old_and_new"),
        "Up to v7, fields that set the secret of a cloud account in PUT: password, or oldPassword and newPassword.",
    ),
    Switch(
        "immutable_change",
        "reject",
        ("reject", "ignore"),
        "PUT of a cloud account with another type, user name or organization.",
    ),
    Switch(
        "legacy_on_8",
        "served",
        ("served", "404"),
        "Whether product version 8 still serves what only v7 and older have: PUT of encryption keys, object storage.",
    ),
    # Running
    Switch("start_running", "reject", ("reject", "accept"), "Starting a job that is running."),
    Switch("stop_idle", "reject", ("reject", "accept"), "Stopping a job that is not running."),
    Switch("enable_delay", 0.0, float, "Seconds until enable or disable takes effect."),
    Switch("queued_seconds", 0.3, float, "Seconds that a session stays queued."),
    Switch("running_seconds", 1.0, float, "Seconds that a session started by a request runs."),
    Switch("stopping_seconds", 0.3, float, "Seconds until a stopped session ends."),
    Switch(
        "session_result",
        "auto",
        ("auto", "Success", "Warning", "Failed"),
        "Result of sessions; auto: Success if started by a request, otherwise random by the seed.",
    ),
    # Time
    Switch("automatic_runs", True, bool, "Jobs start by schedule, as a retry, or as a copy."),
    Switch(
        "scheduled_seconds",
        900.0,
        float,
        "Usual duration of automatic runs in seconds; each takes 1/4 to 4 times that.",
    ),
    Switch("warning_share", 0.1, float, "Share of automatic runs that end with a warning."),
    Switch("failed_share", 0.05, float, "Share of automatic runs that fail."),
    Switch(
        "retry_after",
        "warning",
        ("warning", "failed"),
        "Runs that are retried: failed runs and those with warnings, or failed runs only.",
    ),
    Switch("retry_manual", False, bool, "Runs started by a request are retried too."),
    Switch(
        "start_outside_window",
        "skip",
        ("skip", "stop", "run"),
        "Start of a job outside its backup window: skipped, started and stopped at once, or run normally.",
    ),
    Switch(
        "copy_outside_window",
        "wait",
        ("wait", "skip"),
        "Start of a copy job outside its window: delayed until the window opens, or skipped.",
    ),
    Switch(
        "opening_start",
        True,
        bool,
        "A periodic job with permitted hours also starts when a permitted period begins, as the guide says.",
    ),
    Switch(
        "skipped_time",
        "after",
        ("after", "span"),
        "Start at a local time that does not exist: first moment after the gap, or later by the length of the gap.",
    ),
    Switch(
        "repeated_time",
        "first",
        ("first", "both"),
        "Start at a local time that occurs twice: the first occurrence, or both.",
    ),
    # Access
    Switch(
        "antiforgery_required",
        True,
        bool,
        "v8: writes require the antiforgery token, unless the login sent disable_antiforgery_token=true.",
    ),
    Switch("token_lifetime", 3600, int, "Seconds that an access token is valid."),
    Switch("token_requests", 0, int, "Number of requests for which an access token is valid; 0 is unlimited."),
    Switch("refresh_lifetime", 86400, int, "Seconds that a refresh token is valid."),
    Switch("latency_ms", 0, int, "Milliseconds to wait before each response."),
    Switch("log_responses", False, bool, "The request log includes the responses."),
)

BY_NAME = {switch.name: switch for switch in TABLE}


def check(name: str, value: Any, path: str = "switches") -> Any:
    """Return the value of a switch in its proper type, or raise :class:`DataError`."""
    switch = BY_NAME.get(name)
    if switch is None:
        raise DataError(f"{path}.{name}: unknown switch (supported: {', '.join(sorted(BY_NAME))})")
    allowed = switch.allowed
    if allowed is bool:
        if isinstance(value, bool):
            return value
        raise DataError(f"{path}.{name}: expected true or false, found {value!r}")
    if allowed in (int, float):
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
            return allowed(value)
        raise DataError(f"{path}.{name}: expected a number of at least 0, found {value!r}")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value not in allowed:
        raise DataError(f"{path}.{name}: {value!r} is not one of {', '.join(allowed)}")
    return value


class Switches:
    """The switch values of one server, read as attributes."""

    def __init__(self, values: dict[str, Any] | None = None, path: str = "switches") -> None:
        self._values = {switch.name: switch.default for switch in TABLE}
        self.update(values or {}, path)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(name) from None

    def update(self, values: Any, path: str = "switches") -> None:
        """Set some switches; all values are validated before any is applied."""
        if not isinstance(values, dict):
            raise DataError(f"{path}: expected a mapping of switch names to values")
        checked = {name: check(str(name), value, path) for name, value in values.items()}
        self._values.update(checked)

    def as_dict(self) -> dict[str, Any]:
        """Return all switches with their current values."""
        return dict(self._values)
