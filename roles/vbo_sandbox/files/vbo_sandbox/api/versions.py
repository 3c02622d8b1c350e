# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tables of the differences between the API versions."""

from __future__ import annotations

from dataclasses import dataclass

#: build number reported by each product version
BUILDS = {
    3: "3.0.0.422",
    4: "4.0.1.519",
    5: "5.0.3.1063",
    6: "6.1.0.222",
    7: "7.0.0.2911",
    8: "8.4.0.1457",
}

EVERY = ("Minutes5", "Minutes10", "Minutes15", "Minutes30", "Hours1", "Hours2", "Hours4", "Hours8")
DAILY = (
    "Everyday",
    "Workdays",
    "Weekends",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)

#: by item type: flag of the model -> pairs of (first version, name in the API)
FLAG_NAMES: dict[str, dict[str, tuple[tuple[int, str], ...]]] = {
    "PartialOrganization": {
        "mailbox": ((3, "mailbox"),),
        "archive_mailbox": ((3, "archiveMailbox"),),
        "one_drive": ((3, "oneDrive"),),
        "sites": ((3, "site"), (6, "sites")),
        "teams": ((5, "teams"),),
        "teams_chats": ((6, "teamsChats"),),
    },
    "User": {
        "mailbox": ((3, "mailbox"),),
        "archive_mailbox": ((3, "archiveMailbox"),),
        "one_drive": ((3, "oneDrive"),),
        "personal_site": ((3, "site"), (6, "personalSite")),
    },
    "Group": {
        "members": ((3, "members"),),
        "member_mailbox": ((3, "memberMailbox"),),
        "member_archive_mailbox": ((3, "memberArchiveMailbox"),),
        "member_onedrive": ((3, "memberOnedrive"),),
        "member_site": ((3, "memberSite"),),
        "mailbox": ((3, "mailbox"),),
        "group_site": ((3, "site"), (6, "groupSite")),
    },
    "Site": {},
    "Team": {"teams_chats": ((6, "chats"), (7, "teamsChats"))},
    "PersonalSites": {},
    "OneDriveFolders": {},
}

#: first version of each item type
TYPE_SINCE = {
    "User": 3,
    "Group": 3,
    "Site": 3,
    "PartialOrganization": 3,
    "PersonalSites": 3,
    "OneDriveFolders": 3,
    "Team": 5,
}


@dataclass(frozen=True)
class Version:
    """One API version."""

    number: int
    absolute_links: bool
    strict_casing: bool
    paged: frozenset[str]
    created: int
    job_edited: int
    job_deleted: int
    items_changed: int
    items_deleted: int
    action: int
    total_count: bool
    colon_ids: bool
    every: tuple[str, ...]

    @property
    def prefix(self) -> str:
        """The version as a path prefix, such as ``v8``."""
        return f"v{self.number}"

    def flag_name(self, item_type: str, flag: str) -> str | None:
        """Return the name of an item flag in this version, or None if the version does not have it."""
        name = None
        for since, text in FLAG_NAMES[item_type].get(flag, ()):
            if self.number >= since:
                name = text
        return name

    def knows_item(self, item_type: str) -> bool:
        """Return whether this version has an item type."""
        return self.number >= TYPE_SINCE[item_type]


_OBJECTS = frozenset(
    {"users", "groups", "sites", "log_items", "members", "one_drives", "used_repositories", "licensed_users"}
)
_V5 = _OBJECTS | {"teams", "sessions", "restore_sessions"}
_V7 = _V5 | {"restore_points"}
_V8 = _V7 | {
    "protected",
    "jobs",
    "items",
    "copy_jobs",
    "organizations",
    "repositories",
    "proxies",
    "proxy_pools",
    "processed_objects",
}


#: (first version, lists that are paged from it on)
PAGED = ((8, _V8), (7, _V7 | {"processed_objects"}), (5, _V5 | {"processed_objects"}), (3, _OBJECTS))


def _version(number: int) -> Version:
    return Version(
        number=number,
        absolute_links=number <= 5,
        strict_casing=number >= 6,
        paged=_V8
        if number >= 8
        else (_V7 if number == 7 else _V5) | {"processed_objects"}
        if number >= 5
        else _OBJECTS,
        created=201 if number >= 8 else 200,
        job_edited=204 if number >= 6 else 200,
        job_deleted=204 if number >= 5 else 200,
        items_changed=204 if number >= 6 else 200,
        items_deleted=204 if number >= 5 else 200,
        action=204 if number >= 6 else 200,
        total_count=5 <= number <= 7,
        colon_ids=number >= 7,
        every=EVERY + (("Hours12",) if number >= 8 else ()),
    )


VERSIONS: dict[int, Version] = {number: _version(number) for number in range(3, 9)}
