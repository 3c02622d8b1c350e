# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The data model of a server, independent of any API version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ..loader import DataError

ZERO = "00000000-0000-0000-0000-000000000000"

DailyType = Literal[
    "Everyday", "Workdays", "Weekends", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
]
Every = Literal["Minutes5", "Minutes10", "Minutes15", "Minutes30", "Hours1", "Hours2", "Hours4", "Hours8", "Hours12"]
Status = Literal["Stopped", "Running", "Success", "Failed", "Warning", "NotConfigured", "Disconnected", "Queued"]
Outcome = Literal["Success", "Warning", "Failed", "Stopped"]
Kind = Literal["scheduled", "retry", "copy", "manual"]
ItemType = Literal["User", "Group", "Site", "Team", "PartialOrganization", "PersonalSites", "OneDriveFolders"]

#: flags of each item type, under version-independent names
ITEM_FLAGS: dict[str, tuple[str, ...]] = {
    "PartialOrganization": ("mailbox", "archive_mailbox", "one_drive", "sites", "teams", "teams_chats"),
    "User": ("mailbox", "archive_mailbox", "one_drive", "personal_site"),
    "Group": (
        "members",
        "member_mailbox",
        "member_archive_mailbox",
        "member_onedrive",
        "member_site",
        "mailbox",
        "group_site",
    ),
    "Site": (),
    "Team": ("teams_chats",),
    "PersonalSites": (),
    "OneDriveFolders": (),
}


@dataclass
class Window:
    """A weekly backup window, Sunday first: seven strings of 24 characters, 1 = permitted hour."""

    hours: list[str] | str
    minute_offset: int | None = 0

    def __post_init__(self) -> None:
        bits = self.hours if isinstance(self.hours, str) else "".join(self.hours)
        bits = bits.replace(" ", "")
        if len(bits) != 168 or set(bits) - {"0", "1"}:
            raise DataError("hours: expected 7 strings of 24 characters, each 0 or 1, Sunday first")
        self.hours = [bits[day * 24 : day * 24 + 24] for day in range(7)]

    @property
    def bits(self) -> str:
        """All 168 hours of the week as one string."""
        return "".join(self.hours)


@dataclass
class Schedule:
    """The schedule of a backup job or a copy job."""

    schedule_enabled: bool = True
    type: Literal["Daily", "Periodically", "ManualOnly", "Immediate", "DailyAtTime"] = "Daily"
    daily_type: DailyType = "Everyday"
    daily_time: str = "15:00:00"
    periodically_every: Every = "Minutes5"
    periodically_offset_minutes: int = 0
    periodically_window_enabled: bool = False
    periodically_window: Window | None = None
    backup_window_enabled: bool = False
    backup_window: Window | None = None
    retry_enabled: bool = False
    retry_number: int = 3
    retry_wait_interval: int = 10


@dataclass
class User:
    """A user, shared mailbox or public mailbox."""

    name: str
    id: str = ""
    display_name: str = ""
    type: Literal["User", "Shared", "Public"] = "User"
    location_type: Literal["OnPremises", "Cloud", "Hybrid"] = "Cloud"
    office: str = ""

    @staticmethod
    def from_text(text: str) -> dict[str, Any]:
        """Return the short form as a mapping: the string is the display name of the user."""
        return {"name": text if "@" in text else ".".join(text.lower().split()), "display_name": text}


@dataclass
class Group:
    """A group; its members are user names."""

    name: str
    id: str = ""
    display_name: str = ""
    type: Literal["Office365", "Security", "Distribution", "DynamicDistribution"] = "Office365"
    location_type: Literal["OnPremises", "Cloud", "Hybrid"] = "Cloud"
    managed_by: str = ""
    site: str = ""
    members: list[str] = field(default_factory=list)


@dataclass
class Site:
    """A site; its id is two concatenated GUIDs."""

    url: str
    id: str = ""
    title: str = ""
    name: str = ""
    parent_url: str = ""
    is_personal: bool = False
    is_cloud: bool = True

    @staticmethod
    def from_text(text: str) -> dict[str, Any]:
        """Return the short form as a mapping: the string is the title of the site."""
        return {"url": text if "://" in text else "sites/" + text.lower().replace(" ", "-"), "title": text}


@dataclass
class Team:
    """A team."""

    mail: str
    id: str = ""
    display_name: str = ""
    description: str = ""

    @staticmethod
    def from_text(text: str) -> dict[str, Any]:
        """Return the short form as a mapping: the string is the display name of the team."""
        return {"mail": text.lower().replace(" ", "-"), "display_name": text}


@dataclass
class Organization:
    """A Microsoft 365 organization (tenant)."""

    id: str
    name: str
    office_name: str = ""
    display_name: str = ""
    type: Literal["Office365", "OnPremises", "Hybrid"] = "Office365"
    region: Literal["Worldwide", "Germany", "China", "USDefence", "USGovernment"] = "Worldwide"
    description: str = ""
    msid: str = ""
    application_id: str = ""
    is_teams_online: bool = True
    is_teams_chats_online: bool = False
    mail_domain: str = ""
    share_point: str = ""
    first_backup_time: str | None = None
    last_backup_time: str | None = None
    users: list[User] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)


@dataclass
class Proxy:
    """A backup proxy."""

    id: str
    host_name: str
    description: str = ""
    port: int = 9193
    type: Literal["Local", "Domain", "Workgroup"] = "Workgroup"
    operating_system: Literal["Windows", "Linux"] = "Windows"
    status: Literal["Online", "Offline"] = "Online"
    threads_number: int = 64
    is_default: bool = False
    proxy_pool: str | None = None


@dataclass
class ProxyPool:
    """A proxy pool (v8)."""

    id: str
    name: str
    description: str = ""


@dataclass
class Repository:
    """A backup repository on a proxy or, in v8, on a proxy pool."""

    id: str
    name: str
    description: str = ""
    path: str = ""
    proxy: str | None = None
    proxy_pool: str | None = None
    retention_type: Literal["ItemLevel", "SnapshotBased"] = "ItemLevel"
    retention_period_type: Literal["Daily", "Monthly", "Yearly"] = "Yearly"
    daily_retention_period: int = 30
    monthly_retention_period: int = 12
    yearly_retention_period: Literal["Year1", "Years2", "Years3", "Years5", "Years7", "Years10", "Years25", "Keep"] = (
        "Years3"
    )
    object_storage: bool = False
    cloud_account: str | None = None
    encryption_key: str | None = None
    immutable: bool = False
    is_long_term: bool = False
    is_out_of_sync: bool = False
    capacity_bytes: int = 1099511627776
    free_space_bytes: int = 549755813888


@dataclass
class CloudAccount:
    """The credentials of an object storage; only the SHA-256 of the secret is stored."""

    id: str
    account_type: Literal["azureBlobAccount", "amazonS3Account", "amazonS3CompatibleAccount"] = "amazonS3Account"
    user_name: str = ""
    description: str = ""
    organization: str | None = None
    secret: str = ""


@dataclass
class EncryptionKey:
    """A password that encrypts repositories, identified by its hint; only its SHA-256 is stored."""

    id: str
    description: str = ""
    organization: str | None = None
    secret: str = ""


@dataclass
class Item:
    """A selected or excluded item; ``object`` is the id (in a state file also the name) of the object it refers to."""

    type: ItemType
    object: str = ""
    snapshot: dict[str, Any] | None = None
    folders: list[str] = field(default_factory=list)
    mailbox: bool = False
    archive_mailbox: bool = False
    one_drive: bool = False
    personal_site: bool = False
    members: bool = False
    member_mailbox: bool = False
    member_archive_mailbox: bool = False
    member_onedrive: bool = False
    member_site: bool = False
    group_site: bool = False
    sites: bool = False
    teams: bool = False
    teams_chats: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """The identity of an item: its type and object id."""
        return (self.type, self.object.lower())


@dataclass
class Retry:
    """A planned retry: its time (seconds since 1970), the session it retries, and its number."""

    due: float
    main_session: str
    number: int
    session: str


@dataclass
class Job:
    """A backup job; organization and repository are ids (in a state file also names)."""

    id: str
    name: str
    organization: str
    repository: str
    description: str = ""
    backup_type: Literal["EntireOrganization", "SelectedItems"] = "SelectedItems"
    is_enabled: bool = True
    schedule_policy: Schedule = field(default_factory=Schedule)
    selected_items: list[Item] = field(default_factory=list)
    excluded_items: list[Item] = field(default_factory=list)
    last_run: str | None = None
    last_backup: str | None = None
    last_status: Status = "Stopped"
    next_run_override: str | None = None
    retry: Retry | None = None
    e_tag: int = 0
    pending_enabled: tuple[float, bool] | None = field(default=None, init=False)
    planned: float | None = field(default=None, init=False)


@dataclass
class CopyJob:
    """A backup copy job."""

    id: str
    backup_job: str
    repository: str
    is_enabled: bool = True
    schedule_policy: Schedule = field(default_factory=lambda: Schedule(type="Immediate"))
    last_run: str | None = None
    last_backup: str | None = None
    last_status: Status = "Stopped"
    retry: Retry | None = None
    e_tag: int = 0
    pending_enabled: tuple[float, bool] | None = field(default=None, init=False)
    planned: float | None = field(default=None, init=False)


@dataclass
class LogItem:
    """One line of a session log."""

    id: str
    type: Literal["Running", "Warning", "Error", "Success", "Stop"]
    message: str
    creation_time: str
    end_time: str


@dataclass(slots=True)
class Session:
    """A run of a job or copy job; without its own log, one is generated from the other fields."""

    id: str
    job: str
    creation_time: str
    end_time: str | None = None
    status: Status = "Success"
    job_type: Literal["Backup", "Copy"] = "Backup"
    #: what started the run
    kind: Kind = "scheduled"
    full: bool = False
    progress: int = 0
    details: str = ""
    repository: str = ""
    #: for a retry: its number, and the session that is retried
    retry_count: int = 0
    main_session: str = ""
    will_be_retried: bool = False
    e_tag: int = 0
    log: list[LogItem] = field(default_factory=list)
    #: for a run in progress: when it will end, when it would end if nothing interrupts it, its result in that case,
    #: when a stop was requested (times in seconds since 1970), and whether the backup window can end it
    due: float | None = None
    natural_end: float | None = None
    outcome: Outcome | None = None
    stop_requested: float | None = None
    bound: bool = True
    created: float = field(default=0.0, init=False)
    ended: float | None = field(default=None, init=False)


@dataclass
class RestoreSession:
    """A restore session (read-only in the sandbox)."""

    id: str
    organization: str
    creation_time: str
    end_time: str | None = None
    name: str = ""
    type: Literal["Vex", "Veod", "Vesp", "Vet"] = "Vex"
    result: Literal["Success", "Warning", "Failed"] = "Success"
    initiated_by: str = ""
    details: str = ""
    scope_name: str = ""
    client_host: str = ""
    reason: str = ""


@dataclass
class License:
    """The licence."""

    licensed_to: str = "Contoso Ltd"
    type: Literal["Subscription", "Evaluation", "NFR", "Rental", "Community", "AwsPrivateOffer"] = "Subscription"
    status: Literal["Valid", "Expired"] = "Valid"
    expires: str = "2035-12-31T00:00:00Z"
    total_number: int = 500
    #: None: the number of licensed users
    used_number: int | None = None
    new_number: int = 0


@dataclass
class Model:
    """All data of one server."""

    installation_id: str = "6a0f8a4e-1f59-4b4d-9a53-0c3f6f0f7d11"
    license: License = field(default_factory=License)
    proxies: list[Proxy] = field(default_factory=list)
    proxy_pools: list[ProxyPool] = field(default_factory=list)
    cloud_accounts: list[CloudAccount] = field(default_factory=list)
    encryption_keys: list[EncryptionKey] = field(default_factory=list)
    repositories: list[Repository] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    copy_jobs: list[CopyJob] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    restore_sessions: list[RestoreSession] = field(default_factory=list)
