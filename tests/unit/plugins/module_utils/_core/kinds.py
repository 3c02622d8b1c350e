# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invented kinds that use every feature of a declaration, and a server in memory for them."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import threading
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._core._blocks import Block, Part
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import (
    ALWAYS,
    CREATE,
    READ,
    Choice,
    Flag,
    Number,
    Ref,
    Request,
    Secret,
    Text,
    Texts,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._core._kind import ONLY, Kind, Use, Write
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError, LostAnswer, NotFound, VboError
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._declared import manage

Values = dict[str, t.Any]
SLOOP: Values = {"name": "Möwe", "harbour": "kiel", "drive": "sail", "sails": 2}
MOTOR: Values = {"name": "Otter", "harbour": "h2", "drive": "motor", "power": 90}


class Colours:
    """A hand-written part: a text with words for people, a number for the API."""

    words = ("red", "green", "blue")

    def options(self) -> Values:
        return {"type": "str"}

    def parse(self, value: str, path: str) -> str:
        if value not in self.words:
            raise InputError(path, f"'{value}' is no colour")
        return value

    def read(self, value: int, names: t.Any, version: int) -> str:
        return self.words[value]

    def write(self, value: str, names: t.Any, version: int) -> int:
        return self.words.index(value)


def no_green_boats(plan: t.Any, server: t.Any) -> None:
    if (plan.after or {}).get("colour") == "green":
        raise InputError("colour", "boats are not green")


def scrap(write: Write) -> Request:
    """A deletion with its own path and body."""
    return Request("POST", f"{write.path}/Remove", {"force": False})


def launch(write: Write) -> Request:
    """A creation below another collection."""
    return Request("POST", f"Harbours/{write.body['harbourId']}/Boats", write.body)


def float_or_sink(identifier: str, value: bool, before: bool, version: int) -> list[Request]:
    return [Request("POST", f"Boats/{identifier}/{'float' if value else 'sink'}")]


def guests(identifier: str, value: list[str], before: list[str], version: int) -> list[Request]:
    """A list that is read and written separately, below the object: entries are added before others are removed."""
    path = f"Boats/{identifier}/Guests"
    new = [Request("POST", path, {"id": name}) for name in value if name not in (before or [])]
    return [*new, *(Request("DELETE", f"{path}/{name}") for name in before or [] if name not in value)]


def with_guests(raw: Values, listed: t.Callable[[str], t.Sequence[Values]]) -> Values:
    return {**raw, "guests": [guest["id"] for guest in listed(f"Boats/{raw['id']}/Guests")]}


HARBOUR = Kind("harbour", "Harbours", [Text("name", required=CREATE)])
BOAT = Kind(
    "boat",
    "Boats",
    [
        Text("name", required=CREATE),
        Text("description", clear=""),
        Ref("harbour", "harbourId", HARBOUR, on=CREATE, required=CREATE),
        Choice("drive", "sail motor electric", required=CREATE, new={"electric": 8}),
        Number("sails", 1, 9, when=("drive", "sail"), required=CREATE),
        Number("power", 1, 5000, "powerKW", when=("drive", "motor", "electric")),
        Texts("crew", clear=[]),
        Flag("afloat", "isAfloat", by=float_or_sink),
        Texts("guests", by=guests, on=ALWAYS, clear=[]),
        Text("anchor", "anchorTypeName", was=("anchorType", 7)),
        Part("colour", Colours()),
        Flag("leaking", "isLeaking", on=READ),
        Block(
            "radio",
            [
                Text("host", "hostName", required=CREATE),
                Number("port", 1, 65535),
                Secret("password", "userPassword"),
            ],
            since=8,
        ),
        Text("rope", until=7),
    ],
    rules=[no_green_boats],
    more=with_guests,
    used_by=[Use("race", "Races", "winner.boatId", names=("title",))],
    wait=60,
    create=launch,
    delete=scrap,
)
BUOY = Kind(
    "buoy",
    "Buoys",
    [Text("code", exact=True, on=CREATE), Choice("shape", "cone can spar", on=CREATE)],
    identity=("code", "shape"),
)
SETTINGS = Kind(
    "tide_settings",
    "TideSettings",
    [
        Flag("notify", "enableNotification"),
        Text("server", "smtpServer", clear=""),
        Number("weeks", 1, 99, "keeponlyLast"),
        Secret("mail_password", "userPassword"),
        Text("signed_in", "isAuthenticated", on=READ),
    ],
    identity=ONLY,
    titles="tide settings",
)


@dataclasses.dataclass
class Sea:
    """A server in memory: collections by path, and the writes that it received."""

    number: int = 8
    things: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    writes: list[tuple[str, str, t.Any]] = dataclasses.field(default_factory=list)
    #: seconds that each write may take
    slow: list[float] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        self.version = VERSIONS[f"v{self.number}"]
        self.cache: Values = {}
        self.lock = threading.RLock()
        self.warnings: list[str] = []
        self.check_mode, self.diff = False, True
        self.params: Values = {}
        harbours = [{"id": "h1", "name": "Kiel"}, {"id": "h2", "name": "Bremen"}, {"id": "h3", "name": "Bremen"}]
        self.things = {"Harbours": harbours, "Boats": [], "Races": [], **self.things}

    # --- the client

    def list(self, path: str, query: t.Any = None, may_be_null: bool = False) -> t.Iterator[Values]:
        if path not in self.things:
            raise NotFound("404", status=404)
        yield from copy.deepcopy(self.things[path])

    def get(self, path: str) -> t.Any:
        collection, _slash, identifier = path.partition("/")
        found = self.things.get(collection)
        if isinstance(found, list):
            found = next((thing for thing in found if thing["id"] == identifier), None)
        if found is None:
            raise NotFound("404", status=404)
        return copy.deepcopy(found)

    def find(self, path: str) -> t.Any:
        try:
            return self.get(path)
        except NotFound:
            return None

    def request(self, method: str, path: str, *, body: t.Any = None, slow: float = 0.0) -> t.Any:
        self.slow.append(slow)
        assert not self.check_mode, "a write in check mode"
        self.writes.append((method, path, copy.deepcopy(body)))
        kept = {key: value for key, value in (body or {}).items() if "assword" not in key}
        if "radio" in kept:
            kept["radio"] = {key: value for key, value in kept["radio"].items() if "assword" not in key}
        parts = path.split("/")
        if path == "TideSettings":
            self.things[path] = {**self.things[path], **kept}
        elif method == "POST" and parts[-1] == "Boats":
            made = {"id": f"b{len(self.writes)}", "isAfloat": False, "isLeaking": True, **kept}
            made["isAfloat"] = False  # a new boat is launched in a separate request
            made.pop("guests", None)
            self.things["Boats"].append(made)
            return made
        elif "Guests" in parts:
            listed = self.things.setdefault("/".join(parts[:3]), [])
            if method == "POST":
                listed.append(kept)
            else:
                listed.remove({"id": parts[3]})
        elif parts[-1] in ("float", "sink"):
            self._boat(parts[1])["isAfloat"] = parts[-1] == "float"
        elif parts[-1] == "Remove":
            self.things["Boats"].remove(self._boat(parts[1]))
        else:
            self._boat(parts[1]).update(kept)
        return None

    def _boat(self, identifier: str) -> Values:
        return next(boat for boat in self.things["Boats"] if boat["id"] == identifier)

    # --- the host

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    @contextlib.contextmanager
    def client(self) -> t.Iterator[Sea]:
        yield self


def lose_answers(sea: Sea, monkeypatch: t.Any, method: str, carried_out: bool = True) -> None:
    """The next request of a method is carried out, or not, and its answer is lost."""
    request, left = sea.request, [1]

    def losing(verb: str, path: str, *, body: t.Any = None, slow: float = 0.0) -> t.Any:
        lose = verb == method and left and left.pop()
        answer = request(verb, path, body=body) if carried_out or not lose else sea.writes.append((verb, path, body))
        if lose:
            raise LostAnswer("gone")
        return answer

    monkeypatch.setattr(sea, "request", losing)


class Names:
    """The names of harbours."""

    known: t.ClassVar[Values] = {"h1": "Kiel"}

    def name(self, target: t.Any, identifier: str | None) -> str | None:
        return self.known.get(str(identifier), identifier)

    def identifier(self, target: t.Any, wanted: str) -> str:
        return {name: key for key, name in self.known.items()}.get(wanted, wanted)


def apply(sea: Sea, kind: Kind = BOAT, check: bool = False, **options: t.Any) -> Values:
    """Run one task."""
    sea.check_mode = check
    sea.cache.clear()
    known = manage(kind).spec.options
    sea.params = {name: options.get(name, option.get("default")) for name, option in known.items()}
    assert set(options) <= set(known)
    return manage(kind).work(sea)


def refused(sea: Sea, error: type[VboError] = InputError, kind: Kind = BOAT, **options: t.Any) -> VboError:
    """Run a task that must fail without a write, also in check mode."""
    writes = list(sea.writes)
    messages = []
    for check in (True, False):
        with pytest.raises(error) as caught:
            apply(sea, kind, check, **options)
        messages.append(caught.value.message)
    assert sea.writes == writes and messages[0] == messages[1]
    return caught.value
