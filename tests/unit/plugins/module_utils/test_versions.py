# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of versions: paths, bodies, and rejected options with their advice."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import NAMES, NUMBERS, VERSIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._core._levels import walk
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import Unsupported
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._model import COPY_JOB as COPY
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._options import COPY_JOB
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._fields import JOB as KIND
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._fields import check_supported, supported
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._options import JOB

from ...contract.documents import options_in_versions, values_in_versions

FIELDS = KIND.fields
OPTIONS, VALUES = options_in_versions(FIELDS), values_in_versions(FIELDS)

SINCE = {
    "has_service_instance": 6,
    "has_logout": 7,
    "has_antiforgery": 7,
    "has_schedule_enabled": 5,
    "has_periodically_window": 6,
    "has_periodically_window_flag": 7,
    "has_enabled_at_creation": 6,
    "has_extended_view": 6,
    "has_proxy_pools": 8,
    "has_health": 8,
    "has_licence": 5,
    "has_organization_in_copy_job": 8,
    "has_copy_jobs": 6,
}


def test_the_newest_comes_first_and_names_go_upwards() -> None:
    assert NUMBERS == (8, 7, 6, 5, 4, 3)
    assert NAMES == ("v3", "v4", "v5", "v6", "v7", "v8")
    assert set(VERSIONS) == set(NAMES)
    assert all(VERSIONS[name].name == name for name in NAMES)


@pytest.mark.parametrize(("ability", "first"), SINCE.items())
def test_since_when(ability: str, first: int) -> None:
    assert [number for number in NUMBERS if getattr(VERSIONS[f"v{number}"], ability)] == [
        number for number in NUMBERS if number >= first
    ]


def test_every_ability_is_in_the_table_of_this_test() -> None:
    """A new ability needs a row in this test."""
    abilities = {name for name in dir(VERSIONS["v8"]) if name.startswith("has_")}
    assert abilities == {*SINCE, "has_proxy_in_job"}
    assert [number for number in NUMBERS if VERSIONS[f"v{number}"].has_proxy_in_job] == [5, 4, 3]


def test_probes() -> None:
    paths = {name: version.probe_path for name, version in VERSIONS.items()}
    assert paths == {
        **dict.fromkeys(("v3", "v4", "v5"), "Jobs"),
        **dict.fromkeys(("v6", "v7", "v8"), "ServiceInstance"),
    }


PAGES = [
    ("Jobs", 8),
    ("Organizations", 8),
    ("BackupRepositories", 8),
    ("Jobs/1/SelectedItems", 8),
    ("CopyJobs", 8),
    ("JobSessions", 5),
    ("Jobs/1/JobSessions", 5),
    ("Organizations/1/Users", 3),
    ("Organizations/1/Teams", 3),
    ("JobSessions/1/LogItems", 3),
    ("EncryptionKeys", 9),
]


@pytest.mark.parametrize(("resource", "first"), PAGES)
def test_which_lists_take_pages(resource: str, first: int) -> None:
    assert [number for number in NUMBERS if VERSIONS[f"v{number}"].pages(resource)] == [
        n for n in NUMBERS if n >= first
    ]


def test_paths_of_jobs() -> None:
    for name, version in VERSIONS.items():
        new = name == "v8"
        assert version.jobs_path(None) == ("Jobs", {})
        expected = ("Jobs", {"organizationId": "o"}) if new else ("Organizations/o/Jobs", {})
        assert version.jobs_path("o") == expected
        assert version.create_job("o") == expected


@pytest.mark.parametrize("action", ["enable", "disable", "start", "stop"])
def test_actions(action: str) -> None:
    for number in NUMBERS:
        for full in (False, True):
            path, body = VERSIONS[f"v{number}"].job_action("j", action, full)
            if number <= 5:
                assert (path, body) == ("Jobs/j/Action", {action: None})
            else:
                assert (path, body) == (f"Jobs/j/{action}", {"full": full} if action == "start" else None)


def test_paths_of_sessions() -> None:
    for number in NUMBERS:
        version = VERSIONS[f"v{number}"]
        assert version.sessions_path(None) == ("JobSessions", {})
        assert version.sessions_path("j") == (
            ("JobSessions", {"jobId": "j"}) if number >= 7 else ("Jobs/j/JobSessions", {})
        )


REFUSED: list[tuple[dict[str, t.Any], str, str, str]] = [
    (
        {"proxy": "p"},
        "v6",
        "proxy",
        "this option requires API v3 to v5 (in use: v6); leave it out: the job runs on its repository's proxy",
    ),
    (
        {"proxy": "p"},
        "v8",
        "proxy",
        "this option requires API v3 to v5 (in use: v8); leave it out: the job runs on its repository's proxy",
    ),
    (
        {"schedule_policy": {"schedule_enabled": False}},
        "v4",
        "schedule_policy.schedule_enabled",
        "this option requires API v5 or later (in use: v4); use 'enabled: false' to stop the schedule",
    ),
    (
        {"schedule_policy": {"type": "manual_only"}},
        "v3",
        "schedule_policy.type",
        "the value 'manual_only' (ManualOnly) requires API v5 or later (in use: v3); "
        "use 'enabled: false' to stop the schedule",
    ),
    (
        {"schedule_policy": {"periodically_every": "hours12"}},
        "v7",
        "schedule_policy.periodically_every",
        "the value 'hours12' (Hours12) requires API v8 or later (in use: v7); use hours8, or a daily schedule",
    ),
    (
        {"schedule_policy": {"periodically_offset_minutes": 0}},
        "v5",
        "schedule_policy.periodically_offset_minutes",
        "this option requires API v6 or later (in use: v5)",
    ),
    (
        {"schedule_policy": {"periodically_window": []}},
        "v5",
        "schedule_policy.periodically_window",
        "this option requires API v6 or later (in use: v5)",
    ),
    (
        {"schedule_policy": {"periodically_window_enabled": False}},
        "v5",
        "schedule_policy.periodically_window_enabled",
        "this option requires API v6 or later (in use: v5)",
    ),
    (
        {"schedule_policy": {"periodically_window_minute_offset": 0}},
        "v3",
        "schedule_policy.periodically_window_minute_offset",
        "this option requires API v6 or later (in use: v3)",
    ),
]


@pytest.mark.parametrize(("given", "version", "path", "text"), REFUSED)
def test_what_a_version_lacks(given: dict[str, t.Any], version: str, path: str, text: str) -> None:
    for prefix in ("", "jobs[3]."):
        with pytest.raises(Unsupported) as caught:
            check_supported(given, VERSIONS[version], prefix)
        assert (caught.value.option, caught.value.text) == (prefix + path, text)
        assert caught.value.result()["code"] == "Unsupported"


def test_the_table_holds_to_the_number() -> None:
    """Every row at its limits, for options and for values."""
    for option, (first, last) in OPTIONS.items():
        for number in NUMBERS:
            assert supported(option, VERSIONS[f"v{number}"]) == (first <= number <= last)
    for (option, value), (first, last) in VALUES.items():
        for number in NUMBERS:
            version = VERSIONS[f"v{number}"]
            assert supported(option, version, value) == (first <= number <= last)
            assert supported(option, version, "something else") and supported(option, version)


def test_what_is_left_out_is_not_checked() -> None:
    for version in VERSIONS.values():
        check_supported({}, version)
        check_supported({"proxy": None, "schedule_policy": None, "name": "x"}, version)
        check_supported(
            {"schedule_policy": {"type": "daily", "schedule_enabled": None, "periodically_window": None}}, version
        )
        check_supported(
            {"schedule_policy": {"backup_window": [True] * 168}, "selected_items": [{"type": "user"}]}, version
        )


def test_every_row_names_an_option_and_a_choice_that_exist() -> None:
    """A typing error in the table would silently disable a check."""
    known = {**JOB.options, **COPY_JOB.options}
    policy = JOB.options["schedule_policy"]["options"]
    advised = [path for path, field in walk(FIELDS) if field.instead]
    for option in [*OPTIONS, *(key[0] for key in VALUES), *advised]:
        head, _unused, tail = option.partition(".")
        assert tail in policy if tail else head in known
    for option, value in VALUES:
        assert value in policy[option.partition(".")[2]]["choices"]
    assert all(path in OPTIONS or path in {key[0] for key in VALUES} for path in advised)


def test_copy_jobs_are_refused_in_the_same_words() -> None:
    given = {"repository": None, "schedule_policy": {"type": "periodically", "periodically_every": "hours12"}}
    COPY.check_version(given, 8)
    for prefix in ("", "jobs[3].copy_job."):
        with pytest.raises(Unsupported) as caught:
            COPY.check_version(given, 7, prefix)
        assert caught.value.option == f"{prefix}schedule_policy.periodically_every"
        assert caught.value.text == (
            "the value 'hours12' (Hours12) requires API v8 or later (in use: v7); use hours8, or a daily schedule"
        )


def test_requirements() -> None:
    VERSIONS["v6"].require("backup copy jobs", 6, "job")
    with pytest.raises(Unsupported) as caught:
        VERSIONS["v5"].require("backup copy jobs", 6, "job")
    assert caught.value.message == "job: backup copy jobs require API v6 or later (in use: v5)."
