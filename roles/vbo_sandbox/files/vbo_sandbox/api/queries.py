# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Typed query parameters: a value of the wrong type is rejected, as the product does."""

from __future__ import annotations

import re
from datetime import timezone

from ..store.schedule import parse_stamp
from .rules import guid
from .web import Context, Invalid, Route

LARGEST = 2**31 - 1
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LISTS = "users groups sites teams"
WHERE = ("Cloud", "OnPremises", "Hybrid", "CloudOrHybrid", "OnPremisesOrHybrid", "Any")
SOURCES = ("PreferLocal", "Production", "PreferLocalResynced")
LINES = ("Running", "Warning", "Error", "Success", "Stop")
STATUSES = ("Stopped", "Running", "Succeeded", "Failed", "Warning")

#: first version, name, type or choices, and the lists that have it, by the last fixed segment of their path (none: all)
TABLE: tuple[tuple[int, str, str | tuple[str, ...], str], ...] = (
    (3, "offset", "number", ""),
    (3, "limit", "number", ""),
    (3, "includePersonalSites", "flag", "sites"),
    (4, "proxyId", "guid", "backuprepositories"),
    (6, "longTerm", "flag", "backuprepositories objectstoragerepositories"),
    (6, "accountType", ("azureBlobAccount", "amazonS3Account", "amazonS3CompatibleAccount"), "accounts"),
    (8, "proxyPoolId", "guid", "backuprepositories"),
    (6, "extendedView", "flag", "organizations proxies"),
    (6, "repositoryId", "guid", "copyjobs"),
    (8, "repositoryId", "guid", "jobs"),
    (8, "organizationId", "guid", "jobs copyjobs backuprepositories accounts encryptionkeys"),
    (8, "msid", "guid", "organizations"),
    (6, "endTimeLowerBound", "moment", "jobsessions"),
    (7, "endTimeUpperBound", "moment", "jobsessions"),
    (7, "jobId", "guid", "jobsessions"),
    (6, "jobType", ("Backup", "Copy"), "jobsessions"),
    (8, "status", STATUSES, "jobsessions"),
    (8, "type", LINES, "logitems"),
    (8, "orderAsc", "flag", "logitems"),
    (7, "dataSource", SOURCES, f"{LISTS} members"),
    (6, "locationFilter", WHERE, "users groups"),
    (6, "locationFilter", ("Cloud", "OnPremises", "Any"), "sites"),
    (8, "detectedSkuType", ("Other", "Education"), "users"),
    (8, "includeSearchSites", "flag", "sites"),
    (6, "organizationId", "guid", "restorepoints protectedusers protectedgroups protectedsites protectedteams"),
    (6, "jobId", "guid", "restorepoints"),
    (6, "repositoryId", "guid", "restorepoints protectedusers protectedgroups protectedsites protectedteams"),
    (6, "isLongTermCopy", "flag", "restorepoints"),
    (6, "isRetrieved", "flag", "restorepoints"),
    (7, "isCopy", "flag", "restorepoints"),
    (7, "orderAsc", "flag", "restorepoints"),
    (8, "teamId", "guid", "restorepoints"),
    (6, "backupTime", "moment", "restorepoints"),
    (7, "from", "moment", "restorepoints"),
    (7, "to", "moment", "restorepoints"),
    (6, "startTimeFrom", "moment", "restoresessions"),
    (6, "startTimeTo", "moment", "restoresessions"),
    (8, "endTimeFrom", "moment", "restoresessions"),
    (8, "endTimeTo", "moment", "restoresessions"),
    (8, "orderAsc", "flag", "restoresessions"),
    (8, "orderBy", ("CreationTime", "EndTime"), "restoresessions"),
    (8, "timeoutSeconds", "number", "events"),
    (6, "setId", "guid", f"{LISTS} members onedrives"),
)


def check(ctx: Context, entry: Route) -> None:
    """Reject values of the wrong type, and convert choices to their documented casing."""
    if not ctx.query_string:
        return
    place = [part for part in entry.template.lower().split("/") if not part.startswith("{")][-1]
    for since, name, kind, places in TABLE:
        text = ctx.query.get(name.lower())
        if not text or ctx.version.number < since or (places and place not in places.split()):
            continue
        if isinstance(kind, tuple):
            known = {choice.lower(): choice for choice in kind}
            good = text.lower() in known
            ctx.query[name.lower()] = known.get(text.lower(), text)
        else:
            good = fits(kind, text)
        if not good:
            raise Invalid(f"The value '{text}' is not valid for {name}.")


def fits(kind: str, text: str) -> bool:
    """Return whether a string is a valid value of a type."""
    if kind == "number":
        return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST
    if kind == "flag":
        return text.lower() in ("true", "false")
    if kind == "guid":
        return bool(GUID.fullmatch(guid(text)))
    try:
        return parse_stamp(text.replace(" ", "+")).astimezone(timezone.utc).year > 1
    except (ValueError, OverflowError):
        return False
