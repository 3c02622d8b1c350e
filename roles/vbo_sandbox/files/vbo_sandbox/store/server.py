# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One simulated server."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from ..faults.rules import Faults
from .clock import Clock
from .generate import generated_state
from .journal import Journal
from .outcomes import Outcomes
from .settings import ServerSettings, Settings
from .state import State, initial_data
from .switches import Switches
from .tokens import Tokens


class Server:
    """One simulated server with its state, switches, tokens, faults and request log."""

    def __init__(self, settings: Settings, own: ServerSettings) -> None:
        self.settings = settings
        self.own = own
        self.zone = ZoneInfo(own.time_zone)
        self.numbers = list(own.numbers)
        self.switches = Switches(own.switches)
        self.tokens = Tokens()
        self.journal = Journal()
        self.faults = Faults(own.faults)
        self.sets: dict[str, list[Any]] = {}
        self.clock = Clock(own.start)
        self.seed = own.run_seed
        self.outcomes = Outcomes(own.outcomes)
        self.state = State(self.initial(), self.clock.now())

    def initial(self) -> Any:
        """Return the data of the initial state."""
        if self.own.generate is not None:
            made = self.own.generate
            return generated_state(self.own.name, made.jobs, made.users, made.seed, self.clock.now(), self.zone)
        return initial_data(self.own.state)

    @property
    def product(self) -> int:
        """Return the major version of the product, which is that of the newest API version served."""
        return max(self.numbers)

    def reset(self) -> None:
        """Restore everything to the initial state."""
        self.clock.restart()
        self.outcomes.replace(self.own.outcomes)
        self.state = State(self.initial(), self.clock.now())
        self.switches = Switches(self.own.switches)
        self.numbers = list(self.own.numbers)
        self.tokens.revoke_all()
        self.journal.clear()
        self.faults.replace(self.own.faults)
        self.sets.clear()
