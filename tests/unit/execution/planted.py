# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Differences of every kind, made on servers outside of Ansible, and what a report must say about them."""

from __future__ import annotations

import copy
import random
import typing as t
import uuid

State = dict[str, t.Any]
#: server, job, kind, and the beginnings of the names of all differing fields
Row = tuple[str, str, str, str]


class Plant(t.NamedTuple):
    """A difference: where it is possible, how to make it, and which fields then differ.

    :ivar change: is given the job, the state of its server and a source of randomness
    """

    fits: t.Callable[[State, State], bool]
    change: t.Callable[[State, State, random.Random], None]
    field: str


def _policy(job: State) -> State:
    return job.setdefault("schedule_policy", {})


def _is(kind: str) -> t.Callable[[State, State], bool]:
    return lambda job, _state: _policy(job).get("type", "Daily") == kind


def _has_window(job: State, _state: State) -> bool:
    return bool(_policy(job).get("backup_window_enabled"))


def _copy_of(job: State, state: State) -> State | None:
    return next((entry for entry in state.get("copy_jobs", []) if entry["backup_job"] == job["id"]), None)


def _anywhere(_job: State, _state: State) -> bool:
    return True


def _selects(job: State, _state: State) -> bool:
    return len(job.get("selected_items", [])) > 1


def _other_repository(entry: State, state: State) -> str:
    kinds = {repository["id"]: bool(repository.get("object_storage")) for repository in state["repositories"]}
    same_kind = [
        id_ for id_, kind in kinds.items() if kind == kinds[entry["repository"]] and id_ != entry["repository"]
    ]
    return same_kind[0]


def _set(**values: t.Any) -> t.Callable[[State, State, random.Random], None]:
    return lambda job, _state, _rng: job.update(values)


def _set_policy(**values: t.Any) -> t.Callable[[State, State, random.Random], None]:
    return lambda job, _state, _rng: _policy(job).update(values)


def _flip_an_hour(job: State, _state: State, rng: random.Random) -> None:
    hours = _policy(job)["backup_window"]["hours"]
    day, hour = rng.randrange(7), rng.randrange(24)
    flipped = "1" if hours[day][hour] == "0" else "0"
    hours[day] = hours[day][:hour] + flipped + hours[day][hour + 1 :]


def _exclude(job: State, state: State, rng: random.Random) -> None:
    user = rng.choice(state["organizations"][0]["users"])
    job["excluded_items"] = [{"type": "User", "object": user["id"], "mailbox": True}]


def _copy_repository(job: State, state: State, _rng: random.Random) -> None:
    entry = _copy_of(job, state)
    assert entry
    entry["repository"] = _other_repository(entry, state)


#: changes of a job that continues to exist
CHANGES: dict[str, Plant] = {
    "description": Plant(_anywhere, _set(description="Changed by hand"), "description"),
    "enabled": Plant(
        _anywhere, lambda job, _state, _rng: job.update(is_enabled=not job.get("is_enabled", True)), "enabled"
    ),
    "repository": Plant(
        _anywhere, lambda job, state, _rng: job.update(repository=_other_repository(job, state)), "repository"
    ),
    "time": Plant(_is("Daily"), _set_policy(daily_time="13:07:00"), "schedule_policy.daily_time"),
    "days": Plant(_is("Daily"), _set_policy(daily_type="Thursday"), "schedule_policy.daily_type"),
    "interval": Plant(
        _is("Periodically"), _set_policy(periodically_every="Minutes10"), "schedule_policy.periodically_"
    ),
    "type of schedule": Plant(
        _anywhere,
        lambda job, _state, _rng: _policy(job).update(
            {"type": "Periodically", "periodically_every": "Minutes10"}
            if _policy(job).get("type", "Daily") == "Daily"
            else {"type": "Daily", "daily_type": "Everyday", "daily_time": "13:07:00"}
        ),
        "schedule_policy.",
    ),
    "retries": Plant(
        lambda job, _state: bool(_policy(job).get("retry_enabled")),
        _set_policy(retry_number=7),
        "schedule_policy.retry_number",
    ),
    "no retries": Plant(
        lambda job, _state: bool(_policy(job).get("retry_enabled")),
        _set_policy(retry_enabled=False),
        "schedule_policy.retry_",
    ),
    "an hour of a window": Plant(_has_window, _flip_an_hour, "schedule_policy.backup_window"),
    "no window": Plant(_has_window, _set_policy(backup_window_enabled=False), "schedule_policy.backup_window"),
    "an item less": Plant(
        _selects, lambda job, _state, rng: job["selected_items"].pop(rng.randrange(2)), "selected_items"
    ),
    "a flag of an item": Plant(
        _selects,
        lambda job, _state, _rng: job["selected_items"][1].update(
            one_drive=not job["selected_items"][1].get("one_drive", False)
        ),
        "selected_items",
    ),
    "an excluded item": Plant(_selects, _exclude, "excluded_items"),
    "repository of the copy": Plant(
        lambda job, state: _copy_of(job, state) is not None, _copy_repository, "copy_job.repository"
    ),
    "no copy": Plant(
        lambda job, state: _copy_of(job, state) is not None,
        lambda job, state, _rng: state["copy_jobs"].remove(_copy_of(job, state)),
        "copy_job",
    ),
}
#: changes of whole jobs
OTHERS = ("gone", "new", "renamed")


def plant(states: dict[str, State], count: int, seed: int) -> list[Row]:
    """Change this many jobs of these servers, using each way at least once; return what a report must say."""
    rng = random.Random(seed)
    ways = [*CHANGES, *OTHERS]
    chosen = ways + [rng.choice(ways) for _unused in range(count - len(ways))]
    places = [(name, job) for name, state in sorted(states.items()) for job in state["jobs"]]
    rng.shuffle(places)
    rows: list[Row] = []
    for way in chosen:
        fits = CHANGES[way].fits if way in CHANGES else (lambda job, state: _copy_of(job, state) is None)
        number = next(number for number, (name, job) in enumerate(places) if fits(job, states[name]))
        server, job = places.pop(number)
        rows += _plant_one(way, server, job, states[server], rng)
    return rows


def _plant_one(way: str, server: str, job: State, state: State, rng: random.Random) -> list[Row]:
    name = job["name"]
    if way in CHANGES:
        CHANGES[way].change(job, state, rng)
        return [(server, name, "changed", CHANGES[way].field)]
    gone, new = (server, name, "missing", ""), (server, f"{name} by hand", "unexpected", "")
    if way == "gone":
        state["jobs"].remove(job)
        return [gone]
    if way == "new":
        state["jobs"].append({**copy.deepcopy(job), "id": str(uuid.UUID(int=rng.getrandbits(128))), "name": new[1]})
        return [new]
    job["name"] = new[1]
    return [gone, new]
