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
    Switch("full_put", False, bool, "PUT of a job resets the top-level fields that the body leaves out."),
    Switch("schedule_merge", True, bool, "PUT merges schedulePolicy into the stored one; false replaces it."),
    Switch(
        "schedule_needs_type", True, bool, "dailyType, dailyTime or periodicallyEvery in PUT need schedulePolicy.type."
    ),
    Switch(
        "items_needed_with_backup_type", True, bool, "PUT with backupType SelectedItems must also bring selectedItems."
    ),
    Switch("empty_items_on_put", "clear", ("clear", "ignore"), "What an empty item list in PUT does."),
    Switch("remove_last_item", "reject", ("reject", "accept"), "Whether the last selected item of a job may go."),
    Switch("put_run_now_starts", True, bool, "runNow: true in PUT starts the job."),
    Switch("edit_running", "accept", ("accept", "reject"), "Whether a running job can be edited."),
    Switch("delete_running", "reject", ("reject", "accept"), "Whether a running job can be deleted."),
    Switch(
        "default_schedule",
        "none",
        ("none", "powershell"),
        "Schedule of a job created without one: off, or daily 15:00.",
    ),
    Switch("default_description", True, bool, "A job created without description gets a text with user and time."),
    Switch(
        "texts",
        "keep",
        ("keep", "trim", "crlf", "lf"),
        "What becomes of descriptions: nothing; without blanks at the ends; with CR LF, or LF alone, as line breaks.",
    ),
    Switch("old_reads", 0.0, float, "Seconds after each write for which reads show jobs as they were before it."),
    Switch("name_scope", "organization", ("organization", "server"), "Where a job name must be unique."),
    Switch("name_case_sensitive", False, bool, "Whether names that differ only in case are different."),
    Switch(
        "leniency",
        "auto",
        ("auto", "strict", "documented", "lenient"),
        "How bodies are read, see below; auto is lenient up to v7 and documented in v8.",
    ),
    Switch(
        "strict_casing", True, bool, "v6+: keys and enum values must have the documented casing, booleans be booleans."
    ),
    Switch("string_booleans", True, bool, "v2-v5: the texts true and false are accepted as booleans."),
    Switch("accept_manual_only", True, bool, "schedulePolicy.type ManualOnly is accepted in requests (v6+)."),
    # Items
    Switch(
        "item_object", "full", ("full", "id"), "What an item must tell about its object: id and names, or the id only."
    ),
    Switch("duplicate_item", "reject", ("reject", "replace"), "What adding an item does that the job already has."),
    Switch(
        "delete_items_form",
        "ids",
        ("ids", "path", "both"),
        "v4: the form in which items are removed (v3 is path, v5+ ids).",
    ),
    # Replies
    Switch(
        "schedule_off_reply",
        "omit",
        ("omit", "manual_only", "keep"),
        "Schedule off, v7+: type missing, ManualOnly, or kept.",
    ),
    Switch(
        "all_schedule_keys", False, bool, "Schedules carry the keys of every type, and windows that are switched off."
    ),
    Switch(
        "empty_items",
        "list",
        ("list", "array", "null", "null_results", "404"),
        "A list of items without entries: as other lists, [], null, a page whose results are null, or 404.",
    ),
    Switch("v3_v4_schedule_enabled", False, bool, "v3 and v4 know scheduleEnabled."),
    Switch("group_mailbox_key", "mailbox", ("mailbox", "mail"), "v3 and v4: name of the group mailbox flag."),
    Switch(
        "organization_name",
        "domain",
        ("domain", "display"),
        "name of an organization: its domain, or its display name; officeName is the domain.",
    ),
    Switch("job_repository_id_in_old", True, bool, "v3-v5 replies carry repositoryId next to the link."),
    Switch("null_instead_of_missing", False, bool, "Fields without value are explicit nulls instead of missing."),
    Switch("extra_fields", False, bool, "Replies carry unknown fields, and jobs an unknown lastStatus."),
    Switch("v8_next_links_v7", False, bool, "The next links of v8 pages start with /v7/."),
    Switch("set_id", False, bool, "Pages of organization objects carry a setId."),
    Switch(
        "end_time_bounds",
        "created",
        ("created", "ended"),
        "endTimeLowerBound and endTimeUpperBound: bounds of the start of a session, as documented, or of its end.",
    ),
    Switch("page_size_max", 10000, int, "Largest page; a larger limit is cut down."),
    Switch(
        "entire_organization_row",
        True,
        bool,
        "v8: selected items of an entire-organization job are one PartialOrganization row.",
    ),
    Switch("unknown_copy_job", "404", ("404", "204"), "Answer for the copy job of a job that has none."),
    Switch(
        "domain_error_status",
        "auto",
        ("auto", "400", "409", "422", "500"),
        "Status of broken rules; auto is 500, v8 400 or 409.",
    ),
    Switch("action_url_in_v6", False, bool, "v6 still answers POST /Jobs/{id}/Action."),
    # Accounts and keys
    Switch(
        "same_identity",
        "accept",
        ("accept", "reject"),
        "A second cloud account with the same type and user name, or a second encryption key with the same hint.",
    ),
    Switch(
        "account_secret",
        "password",
        ("password", "old_and_new"),
        "What an edit of a cloud account sets its secret from, up to v7: password, or oldPassword and newPassword.",
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
        "Whether a product of version 8 still has what v7 had alone: edits of encryption keys, object storage.",
    ),
    # Running
    Switch("start_running", "reject", ("reject", "accept"), "Starting a job that runs."),
    Switch("stop_idle", "reject", ("reject", "accept"), "Stopping a job that does not run."),
    Switch("enable_delay", 0.0, float, "Seconds until enable or disable shows."),
    Switch("queued_seconds", 0.3, float, "Seconds that a session stays queued."),
    Switch("running_seconds", 1.0, float, "Seconds that a session runs which a request started."),
    Switch("stopping_seconds", 0.3, float, "Seconds until a stopped session ends."),
    Switch(
        "session_result",
        "auto",
        ("auto", "Success", "Warning", "Failed"),
        "How sessions end; auto: by the seed, and well where a request started them.",
    ),
    # Time
    Switch("automatic_runs", True, bool, "Jobs start by schedule, for a retry, or to copy."),
    Switch("scheduled_seconds", 900.0, float, "Usual seconds of such a run; each takes a quarter to four times that."),
    Switch("warning_share", 0.1, float, "Share of such runs that end with a warning."),
    Switch("failed_share", 0.05, float, "Share of such runs that fail."),
    Switch("retry_after", "warning", ("warning", "failed"), "Retries follow failed runs only, or warnings too."),
    Switch("retry_manual", False, bool, "Runs that a request started are retried too."),
    Switch(
        "start_outside_window",
        "skip",
        ("skip", "stop", "run"),
        "A job's start outside of its backup window: left out, a run that is stopped at once, or an undisturbed run.",
    ),
    Switch(
        "copy_outside_window",
        "wait",
        ("wait", "skip"),
        "A copy job's start outside of its window: waits, or is left out.",
    ),
    Switch(
        "opening_start",
        True,
        bool,
        "A periodic job with permitted hours also starts when they open, as the guide says.",
    ),
    Switch(
        "skipped_time",
        "after",
        ("after", "span"),
        "A time that the clocks skip: the first moment after, or later by the skipped span.",
    ),
    Switch("repeated_time", "first", ("first", "both"), "A time that the clocks show twice: the first one, or both."),
    # Access
    Switch(
        "antiforgery_required",
        True,
        bool,
        "v8: writes want the antiforgery token too, unless disable_antiforgery_token=true came with the log-in.",
    ),
    Switch("token_lifetime", 3600, int, "Seconds that an access token is valid."),
    Switch("token_requests", 0, int, "Requests that an access token is good for; 0 is any number."),
    Switch("refresh_lifetime", 86400, int, "Seconds that a refresh token is valid."),
    Switch("latency_ms", 0, int, "Milliseconds before each answer."),
    Switch("log_responses", False, bool, "The request log keeps the answers too."),
)

BY_NAME = {switch.name: switch for switch in TABLE}


def check(name: str, value: Any, path: str = "switches") -> Any:
    """Return the value of a switch in its proper type, or raise :class:`DataError`."""
    switch = BY_NAME.get(name)
    if switch is None:
        raise DataError(f"{path}.{name}: unknown switch (known: {', '.join(sorted(BY_NAME))})")
    allowed = switch.allowed
    if allowed is bool:
        if isinstance(value, bool):
            return value
        raise DataError(f"{path}.{name}: expected true or false, found {value!r}")
    if allowed in (int, float):
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
            return allowed(value)
        raise DataError(f"{path}.{name}: expected a number from 0, found {value!r}")
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
