# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The pipeline of every resource: read, compare, plan, apply, read again. Knows no particular resource.

Check mode is this pipeline without :func:`apply`; there is no other branch for it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing as t

from .._errors import Edited, LostAnswer, NotApplied, VboError
from .._types import Change, Data, Raw, View
from .._visible import exact
from ._changes import fields_of
from ._host import Host
from ._yaml import yaml_text

Seen = t.TypeVar("Seen")

#: seconds between the reads after a write; some servers show a change a moment later (assumed; not documented)
LOOKS = (0.0, 0.1, 0.3, 0.6, 1.0, 2.0, 4.0)


class Resource(t.Protocol):
    """The interface of a resource."""

    noun: str
    plans_again: bool  # if somebody else edits the object in the meantime

    def label(self) -> str:
        """The name of this object in a message: V(job 'Mail' in organization 'contoso')."""

    def header(self) -> str:
        """The name of this object in a diff: V(contoso / Mail)."""

    def find(self) -> Raw | None:
        """The server's object, or None."""

    def find_again(self, known: Raw) -> Raw | None:
        """Read the object of a plan again, after a concurrent edit; None if it no longer exists."""

    def read(self, identifier: str) -> Raw | None:
        """The server's object of this id, fresh, or None."""

    def view(self, raw: Raw) -> View:
        """The managed view of the server's object."""

    def desired(self, raw: Raw | None, view: View | None) -> View:
        """Return the desired view; fail for invalid input."""

    def changes(self, before: View, after: View) -> list[Change]:
        """The fields in which two views differ."""

    def diff_view(self, view: View | None) -> View | None:
        """Return a view in the form that C(--diff) shows."""

    def warnings(self, plan: Plan) -> list[str]:
        """Warnings about valid settings that are probably a mistake."""

    def check(self, plan: Plan) -> None:
        """Fail if the plan cannot be applied; called before the first write, also in check mode."""

    def create(self, plan: Plan) -> str:
        """Create the object and return its id."""

    def update(self, plan: Plan) -> None:
        """Send the differences."""

    def delete(self, plan: Plan) -> None:
        """Delete the object."""

    def result(self, raw: Raw | None, view: View | None) -> View:
        """Return the part of a task's result that describes the object; empty if it is absent."""


@dataclasses.dataclass
class Plan:
    """The changes of a run, complete before the first write."""

    action: str  # create, update, delete, none
    raw: Raw | None
    before: View | None
    after: View | None
    changes: list[Change]

    @property
    def fields(self) -> set[str]:
        """The top-level fields that differ."""
        return fields_of(self.changes)


#: the number of plans before edits by others are an error
TRIES = 3


def make_plan(resource: Resource, state: str, known: Raw | None = None) -> Plan:
    """Compare the current with the desired state.

    :arg known: the object of an earlier plan, which somebody has edited since
    """
    raw = resource.find() if known is None else resource.find_again(known)
    before = resource.view(raw) if raw is not None else None
    if state == "absent":
        after = None
        action = "none" if raw is None else "delete"
        changes: list[Change] = []
    else:
        after = resource.desired(raw, before)
        changes = resource.changes(before or {}, after)
        action = "create" if raw is None else "update" if changes else "none"
    plan = Plan(action, raw, before, after, changes)
    if action != "none":
        with _during(resource, plan):
            resource.check(plan)
    return plan


def send(resource: Resource, plan: Plan, state: str) -> tuple[Plan, str | None]:
    """Write a plan, or a new one if somebody has edited the object in the meantime.

    :return: the plan that counted, and the id of the object if there is one afterwards
    :raises Edited: if no newer plan is wanted, or somebody edits the object again and again
    """
    for attempt in range(1, TRIES + 1):
        try:
            return plan, _write(resource, plan)
        except Edited:
            if not resource.plans_again or attempt == TRIES:
                raise
            plan = make_plan(resource, state, plan.raw)
    raise AssertionError("the last try returns or raises")


def _write(resource: Resource, plan: Plan) -> str | None:
    with _during(resource, plan):
        if plan.action == "create":
            return resource.create(plan)
        if plan.action == "update":
            resource.update(plan)
        elif plan.action == "delete":
            resource.delete(plan)
            return None
        return plan.raw.get("id") if plan.raw else None


def confirm(resource: Resource, plan: Plan, identifier: str | None) -> Raw | None:
    """Read the object back after the write, and return it.

    :raises NotApplied: the server accepted the write and shows other values
    """
    with _during(resource, plan):
        if plan.action == "none":
            return plan.raw
        if plan.action == "delete":
            gone(resource, t.cast(Raw, plan.raw)["id"])
            return None
        return verified(resource, t.cast(str, identifier), plan)


@contextlib.contextmanager
def _during(resource: Resource, plan: Plan) -> t.Iterator[None]:
    try:
        yield
    except VboError as error:
        error.during(f"{plan.action} {resource.label()}")
        raise


def apply(resource: Resource, plan: Plan, state: str) -> tuple[Plan, Raw | None]:
    """Write a plan and read the object back; return the plan that was written, and the object."""
    plan, identifier = send(resource, plan, state)
    return plan, confirm(resource, plan, identifier)


def settle(write: t.Callable[[], t.Any], done: t.Callable[[], t.Any]) -> t.Any:
    """Send a write whose answer may get lost: check the server before repeating it, and repeat it only once.

    A write that was refused because the session had ended is sent again a second time.

    :arg done: reads the server; a true value means that the write has taken place
    """
    try:
        return write()
    except LostAnswer as error:
        alone = error.alone
    with alone:
        # The read may have used up the first token; the next one is new.
        for last in (False, True):
            found = done()
            if found:
                return found
            try:
                return write()
            except LostAnswer as error:
                if last or error.status != 401:
                    found = done()
                    if not found:
                        raise
                    return found
    raise AssertionError("the last try returns or raises")


def patiently(look: t.Callable[[], Seen], good: t.Callable[[Seen], t.Any], wait: float = 0.0) -> Seen:
    """Read until the result satisfies a condition, or until the time is over; return the last result.

    :arg wait: seconds after which reading ends, if the usual time is too short
    """
    seen = look()
    more = int(max(0.0, wait - sum(LOOKS)) // LOOKS[-1])
    for pause in (*LOOKS[1:], *LOOKS[-1:] * more):
        if good(seen):
            break
        time.sleep(pause)
        seen = look()
    return seen


def wait_of(resource: Resource) -> float:
    """Return the seconds within which a write of this resource must become visible."""
    return float(getattr(resource, "wait", 0.0))


def verified(resource: Resource, identifier: str, plan: Plan) -> Raw:
    """Read the object until it is as planned, and return it; fail if it does not become so."""
    raw = patiently(lambda: resource.read(identifier), lambda raw: as_planned(resource, plan, raw), wait_of(resource))
    if raw is None:
        raise NotApplied("the server accepted the request, but the object does not exist")
    wrong = _wrong_in(resource, plan, raw)
    if not wrong:
        return raw
    facts = "; ".join(f"{change['field']} is {change['after']!r}, expected {change['before']!r}" for change in wrong)
    raise NotApplied(f"the server accepted the change but did not apply it: {facts}")


def as_planned(resource: Resource, plan: Plan, raw: Raw | None) -> bool:
    """Whether the object on the server is as planned."""
    if plan.action == "delete":
        return raw is None
    return raw is not None and not _wrong_in(resource, plan, raw)


def _wrong_in(resource: Resource, plan: Plan, raw: Raw) -> list[Change]:
    planned = {change["field"] for change in plan.changes}
    shown = resource.changes(t.cast(View, plan.after), resource.view(raw))
    return [change for change in shown if change["field"] in planned]


def gone(resource: Resource, identifier: str) -> None:
    """Wait until the object no longer exists on the server."""
    if patiently(lambda: resource.read(identifier), lambda raw: raw is None, wait_of(resource)) is not None:
        raise NotApplied("the server accepted the request, but the object still exists")


def outcome(resource: Resource, plan: Plan, raw: Raw | None, carried_out: bool) -> dict[str, t.Any]:
    """Return the result of a task; the same in check mode, except for values that only the server sets."""
    if carried_out:
        shown = resource.result(raw, resource.view(raw)) if raw is not None else {}
    else:
        shown = resource.result(plan.raw, plan.after) if plan.after is not None else {}
    return {
        "changed": plan.action != "none",
        "action": plan.action,
        "changes": plan.changes,
        resource.noun: shown,
    }


def diff_of(resource: Resource, plan: Plan) -> dict[str, str]:
    """Return the diff for C(--diff): both sides as lines of YAML, in the order of the options.

    Ansible itself would print data as JSON in ASCII, which is hard to read.
    """
    label = exact(resource.header())
    before, after = (resource.diff_view(view) for view in (plan.before, plan.after))
    return {
        "before_header": label,
        "after_header": label,
        "before": yaml_text(before) if before else "",
        "after": yaml_text(after) if after else "",
    }


def run(resource: Resource, state: str, host: Host) -> Data:
    """Run the whole pipeline for one object, and return the task's result."""
    plan = make_plan(resource, state)
    for warning in resource.warnings(plan):
        host.warn(warning)
    raw = plan.raw
    if not host.check_mode:
        plan, raw = apply(resource, plan, state)
    result = outcome(resource, plan, raw, carried_out=not host.check_mode)
    if host.diff:
        result["diff"] = diff_of(resource, plan)
    return result
