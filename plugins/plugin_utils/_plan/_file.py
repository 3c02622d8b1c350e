# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Reading a plan from a file, once in a run of Ansible, however many hosts take their part of it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import typing as t

from ansible import constants

from ...module_utils._errors import VboError, shown_path
from ...module_utils._types import Data
from . import _data as data


def part_from(path: str, name: str, max_age: t.Any, now: str) -> Data:
    """Return the input for the option C(plan) of C(vbo_jobs) for a server, from a file.

    :arg path: an absolute path
    :raises VboError: when the file cannot be used for this server now
    """
    what = f"the plan {shown_path(path)}"
    index = _split(path, what)
    data.check_age(index["generated"], max_age, now, what)
    file = index["files"].get(name)
    server = None
    if file:
        with open(os.path.join(index["folder"], file), encoding="utf-8") as opened:
            server = json.load(opened)
    return data.part_of(server, name, what)


def _split(path: str, what: str) -> Data:
    """The servers of a plan as a file each, and a list of them; the first host of the run makes them.

    The processes that run tasks share them through the temporary folder of this run of Ansible.
    """
    text = _read(path, what)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    folder = os.path.join(constants.DEFAULT_LOCAL_TMP, f"vbo365_plan_{digest}")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with open(
        os.open(os.path.join(folder, "index.json"), os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8"
    ) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = file.read()
        if known:
            index: Data = json.loads(known)
            return index
        plan = parse(text, what)
        files = {}
        for number, server in enumerate(plan["servers"]):
            files[server["name"]] = f"{number}.json"
            with open(os.path.join(folder, f"{number}.json"), "w", encoding="utf-8") as part:
                json.dump(server, part)
        index = {"generated": plan["generated"], "folder": folder, "files": files}
        json.dump(index, file)
        return index


def parse(text: str, what: str) -> Data:
    """Return the plan in a text.

    :raises VboError: if it has none, or only a part of one
    """
    plan: t.Any
    try:
        plan = json.loads(text)
    except ValueError as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise VboError(f"{what} is not valid JSON, or is truncated{place}", advice="Make a new plan.") from None
    except RecursionError:
        plan = None
    data.check(plan, what)
    return t.cast(Data, plan)


def _read(path: str, what: str) -> str:
    if os.path.isdir(path):
        raise VboError(f"{what} is a folder", advice="Specify the plan.json in it.")
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return file.read()
    except FileNotFoundError:
        raise VboError(f"{what} does not exist", advice="Make it with backupops.vbo365.plan.") from None
    except UnicodeError:
        raise VboError(f"{what} is not UTF-8 text", advice="Make a new plan.") from None
    except OSError as error:
        raise VboError(f"cannot read {what}: {error.strerror}") from None
