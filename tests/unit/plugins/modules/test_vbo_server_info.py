# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_server_info): properties of a server, as far as each API version returns them."""

from __future__ import annotations

import pytest

from ...support.sandbox import PASSWORD
from ...support.tasks import Tasks

MODULE = "vbo_server_info"
ALL = ["v3", "v4", "v5", "v6", "v7", "v8"]

one_host = pytest.mark.parametrize("host", ["controller"])


def test_what_is_returned(tasks: Tasks) -> None:
    """Versions, build, health and licence where the version has them; never a change."""
    before = tasks.server.state()
    result = tasks.run(MODULE)
    assert (result["changed"], result["api_version"], result["api_versions"]) == (False, tasks.version, ALL)
    if tasks.number >= 6:
        assert result["build"].startswith("8.")
        assert result["installation_id"] == "6a0f8a4e-1f59-4b4d-9a53-0c3f6f0f7d11"
    else:
        assert (result["build"], result["installation_id"]) == (None, None)
    if tasks.number >= 8:
        assert result["health"]["status"] == "healthy"
        assert len(result["health"]["entries"]) == 2
    else:
        assert result["health"] is None
    if tasks.number >= 5:
        assert (result["license"]["status"], result["license"]["type"]) == ("valid", "subscription")
        assert (result["license"]["total_number"], result["license"]["used_number"]) == (500, 39)
    else:
        assert result["license"] is None
    assert tasks.server.state() == before and tasks.server.writes() == []


@pytest.mark.parametrize("served", [["v6", "v7", "v8"], ["v5", "v6"], ["v4"], ["v3", "v8"]], ids="+".join)
def test_the_versions_that_are_served(v8: Tasks, served: list[str]) -> None:
    """They are requested without credentials; the newest is used unless one is configured."""
    v8.server.reset(served)
    v8.server.forget()
    result = v8.raw(MODULE, api_version="auto")
    assert (result["api_version"], result["api_versions"]) == (served[-1], served)
    assert v8.server.counts()["writes"] == 0
    oldest = v8.raw(MODULE, api_version=served[0])
    assert (oldest["api_version"], oldest["api_versions"]) == (served[0], served)


def test_health_names_stay(v8: Tasks) -> None:
    """The parts of the server keep their names."""
    entries = v8.run(MODULE)["health"]["entries"]
    assert {entry["status"] for entry in entries.values()} == {"healthy"}
    assert all("description" in entry for entry in entries.values())


@pytest.mark.parametrize("status", [403, 404])
def test_a_licence_that_cannot_be_read(v8: Tasks, status: int) -> None:
    """404 means no licence; any other refusal is an error."""
    rule = {"match": {"method": "GET", "path": "/License$"}, "then": {"status": status}}
    v8.server.control("PUT", "faults", [rule])
    result = v8.raw(MODULE)
    v8.server.control("DELETE", "faults")
    if status == 404:
        assert result["license"] is None and not result.get("failed")
    else:
        assert result["failed"] and result["error"]["status"] == 403


@pytest.mark.parametrize("version", ["v4", "v6", "v8"])
@one_host
@pytest.mark.parametrize("switch", ["extra_fields", "null_instead_of_missing", "set_id", "v8_next_links_v7"])
def test_what_servers_may_do(tasks: Tasks, switch: str) -> None:
    """No variant makes a difference."""
    expected = tasks.run(MODULE)
    tasks.server.switch(**{switch: True})
    found = tasks.run(MODULE)
    assert {key: found[key] for key in ("build", "api_versions", "license")} == {
        key: expected[key] for key in ("build", "api_versions", "license")
    }


def test_no_secret(v8: Tasks) -> None:
    """Neither the password nor a token is part of the result."""
    text = str(v8.run(MODULE))
    assert PASSWORD not in text and "Bearer" not in text
