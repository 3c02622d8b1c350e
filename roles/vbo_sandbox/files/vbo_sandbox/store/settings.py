# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Settings of the sandbox, read from a YAML file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

from ..faults.rules import Faults
from ..loader import DataError, load
from .clock import moment_of
from .outcomes import Outcomes
from .switches import Switches

DEFAULT_PASSWORD = "Vesper-Quiet-Lantern-7319-sandbox"
ALL_VERSIONS = (3, 4, 5, 6, 7, 8)
DEFAULT_VERSIONS = ["v6", "v7", "v8"]


@dataclass
class GenerateSettings:
    """Parameters of a generated state, used instead of a state file."""

    jobs: int = 50
    users: int = 100
    seed: int = 1


@dataclass
class ServerSettings:
    """Settings of one simulated server."""

    name: str = "main"
    port: int = 0
    versions: list[Any] = field(default_factory=lambda: list(DEFAULT_VERSIONS))
    time_zone: str = "Europe/Berlin"
    state: Any = None
    generate: GenerateSettings | None = None
    switches: dict[str, Any] = field(default_factory=dict)
    faults: list[Any] = field(default_factory=list)
    clock: Any = None
    seed: int | None = None
    outcomes: list[Any] = field(default_factory=list)
    tls: Literal["trusted", "expired", "other_host", "self_signed"] = "trusted"
    listens: bool = True

    def __post_init__(self) -> None:
        self.numbers = version_numbers(self.versions)
        if not self.name or "/" in self.name:
            raise DataError("name: must be a non-empty string without a slash")
        if not 0 <= self.port <= 65535:
            raise DataError(f"port: must be between 0 and 65535 (got {self.port})")
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise DataError(f"time_zone: {self.time_zone!r} is not a known time zone") from error
        self.start = None if self.clock is None else moment_of(self.clock, ZoneInfo(self.time_zone), "clock")
        self.run_seed = self.seed if self.seed is not None else self.generate.seed if self.generate else 1
        if self.state is not None and self.generate is not None:
            raise DataError("generate: cannot be combined with state")
        if self.state is not None and not isinstance(self.state, (str, dict)):
            raise DataError("state: must be a mapping or the path of a file")
        Switches(self.switches)
        Faults().replace(self.faults, "faults")
        Outcomes(self.outcomes)


@dataclass
class FleetSettings:
    """Settings of a fleet of generated servers."""

    servers: int = 10
    jobs: int = 50
    users: int = 100
    seed: int = 1
    versions: list[Any] = field(default_factory=lambda: list(DEFAULT_VERSIONS))
    name: str = "server-{number:03d}"
    time_zone: str = "Europe/Berlin"
    switches: dict[str, Any] = field(default_factory=dict)
    faults: list[Any] = field(default_factory=list)
    clock: Any = None

    def expand(self) -> list[ServerSettings]:
        """Return the settings of each server of the fleet."""
        return [
            ServerSettings(
                name=self.name.format(number=number),
                versions=list(self.versions),
                time_zone=self.time_zone,
                generate=GenerateSettings(self.jobs, self.users, self.seed * 100003 + number),
                switches=dict(self.switches),
                faults=list(self.faults),
                clock=self.clock,
            )
            for number in range(1, self.servers + 1)
        ]


@dataclass
class Settings:
    """The content of the settings file."""

    bind: str = "127.0.0.1"
    username: str = "administrator"
    password: str = DEFAULT_PASSWORD
    control: bool = True
    servers: list[ServerSettings] = field(default_factory=list)
    generate: FleetSettings | None = None

    def __post_init__(self) -> None:
        if self.generate is not None:
            self.servers = self.servers + self.generate.expand()
        if not self.servers:
            self.servers = [ServerSettings()]
        names = [server.name for server in self.servers]
        for name in names:
            if names.count(name) > 1:
                raise DataError(f"servers: the name {name!r} is used twice")
        if not self.username or not self.password:
            raise DataError("username and password must not be empty")


def version_numbers(versions: list[Any]) -> list[int]:
    """Return sorted version numbers: ``["v6", 8]`` becomes ``[6, 8]``."""
    numbers = set()
    for index, version in enumerate(versions):
        text = str(version).lower().removeprefix("v")
        if not text.isdigit() or int(text) not in ALL_VERSIONS:
            raise DataError(f"versions[{index}]: {version!r} is not one of v3 to v8")
        numbers.add(int(text))
    if not numbers:
        raise DataError("versions: must not be empty")
    return sorted(numbers)


def read_settings(path: Path | None) -> Settings:
    """Read and validate a settings file; without a path, return the defaults."""
    if path is None:
        return Settings()
    data = read_data(path)
    settings = load(Settings, data if data is not None else {})
    for server in settings.servers:
        if isinstance(server.state, str):
            server.state = str((path.parent / server.state).resolve())
    return settings


def read_data(path: Path) -> Any:
    """Read a YAML or JSON file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise DataError(f"{path}: not valid YAML or JSON: {error}") from error
