# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results of vbo_jobs as a comparison registers them, and reports of them."""

from __future__ import annotations

import typing as t

from ansible_collections.backupops.vbo365.plugins.filter.drift import drift_files, drift_merge, drift_report

Dict = dict[str, t.Any]

NOW = "2026-11-24T02:00:12Z"
CONTOSO = "contoso.onmicrosoft.com"
TIME = {"field": "schedule_policy.daily_time", "before": "22:00", "after": "23:30"}
WINDOW = {
    "field": "schedule_policy.backup_window",
    "before": ["Mon-Fri 18:00-07:00", "Sat"],
    "after": ["Mon-Fri 19:00-08:00", "Sat-Sun"],
}
TEXT = {"field": "description", "before": "by hand", "after": "Managed by Git"}
#: names that a server may have, and that each format must show unchanged
HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>' onload='alert(1)",
    "</title></style><style>*{display:none}</style>",
    "a|b`c``d*e_f[g](javascript:alert(1))",
    "]]><x/>&amp;&#60;",
    "{{ 7 * 7 }}{% raw %}{0}",
    "bell\x07 null\x00 right-to-left\u202e half\ud800",
    "@everyone https://example.com/ www.example.com",
    "two\nlines\r\nof text",
    "Zürich 東京 🗄",
    "javascript:alert(1)",
    "<!-- --!><b onmouseover=alert(1)>x</b>",
    "</textarea></svg></math><iframe src='https://example.com/'></iframe>",
    "<a href='https://example.com/'>x</a><meta http-equiv=refresh content='0;url=https://example.com/'>",
    "\x1b[31mred\x1b]0;title\x07\x9b2J",
)

#: names of hosts in inventories
HOSTS = [
    *(
        "vbo-fra-01",
        "vbo.example.com:4443",
        "fe80::1%eth0",
        "[2001:db8::1]",
        "Server 1 (Zürich)",
        "東京",
        "a/b\\c",
        "..",
    ),
    *(
        "../../../../etc/x",
        "..\\..\\..\\x",
        "/x",
        "100%",
        "a?b#c",
        "%2e%2e",
        "name\u200b",
        "half\ud800",
        "C:\\x",
        "'\"<>&",
        "_",
        ".",
    ),
]


def view(name: str, **policy: t.Any) -> Dict:
    """A job as details show it."""
    return {
        "name": name,
        "organization": CONTOSO,
        "repository": "repo-fra-01",
        "description": "Managed by Git",
        "enabled": True,
        "backup_type": "selected_items",
        "schedule_policy": {
            "type": "daily",
            "schedule_enabled": True,
            "daily_type": "everyday",
            "daily_time": "22:00",
            "backup_window_enabled": True,
            "backup_window": ["Mon-Fri 19:00-07:00", "Sat-Sun"],
            "retry_enabled": False,
            **policy,
        },
    }


def job(name: str, action: str = "none", *changes: Dict, **policy: t.Any) -> Dict:
    """A declared job of a result."""
    shown = view(name, **policy)
    return {
        "name": name,
        "organization": CONTOSO,
        "id": None if action == "create" else f"id of {name}",
        "action": action,
        "status": "ok",
        "changes": list(changes),
        "before": {} if action == "create" else shown,
        "after": {} if action == "delete" else shown,
        "next_run": None,
    }


def broken(name: str, message: str) -> Dict:
    """A declared job that could not be compared."""
    return {**job(name), "status": "failed", "msg": message, "error": {"message": message}}


def unmanaged(name: str) -> Dict:
    """A job that is not declared."""
    return {"name": name, "organization": CONTOSO, "id": f"id of {name}", "before": view(name)}


def result(*jobs: Dict, others: t.Sequence[Dict] = ()) -> Dict:
    """The result of a comparison."""
    return {"changed": False, "failed": False, "api_version": "v8", "jobs": list(jobs), "unmanaged": list(others)}


def failure(message: str, method: str | None = "GET", status: int | None = None, **more: t.Any) -> Dict:
    """The result of a comparison that failed; the play has removed its C(failed)."""
    return {"failed": False, "msg": message, "error": {"method": method, "status": status, "message": message}, **more}


DOWN = failure("No connection to https://vbo.example.com:4443: Connection refused (GET /v8/ServiceInstance).")


def report(name: str, found: Dict, ignore: t.Any = (), now: str = NOW) -> Dict:
    """The report of one server."""
    return drift_report(found, name, f"https://{name}.example.com:4443", list(ignore), now)


def everything() -> Dict:
    """A report with one entry of each kind."""
    rules = [
        {"job": "legacy-*", "field": "schedule_policy.*", "reason": "Migration, CHG-4711", "until": "2026-12-31"},
        {"job": "By hand 2", "kind": "unexpected", "reason": "Test of restores", "until": "2026-11-24"},
        {"server": "vbo-muc-*", "reason": "New hardware", "until": "2026-01-31"},
    ]
    many = [job(f"job-{number:02d}", daily_time=f"{18 + number % 6}:30") for number in range(20)]
    frankfurt = result(
        *many,
        job("Finance mail", "update", TIME, WINDOW),
        job("legacy-mail", "update", TIME),
        job("legacy-sites", "update", TIME, TEXT),
        job("vip-onedrive", "create"),
        job("Old tenant", "delete"),
        others=[unmanaged("By hand"), unmanaged("By hand 2")],
    )
    berlin = failure(
        "1 of 2 jobs failed.",
        None,
        jobs=[job("Berlin"), broken("Lost", "repository 'repo-x' does not exist.")],
        unmanaged=[],
        api_version="v7",
    )
    reports = [
        report("vbo-fra-01", frankfurt, rules),
        report("vbo-muc-01", result(*many)),
        report("vbo-ham-01", DOWN),
        report("vbo-ber-01", berlin),
    ]
    return drift_merge(reports, [], NOW)


def hostile() -> Dict:
    """A report in which every text that may come from a server is hostile."""
    reports = []
    for number, text in enumerate(HOSTILE):
        change = {"field": f"schedule_policy.{text}", "before": text, "after": [text, {text: text}]}
        wide = {"field": f"{text}_window", "before": [text], "after": ["Sat"]}
        found = result(job(text, "update", change, wide), job(text, "create"), others=[unmanaged(text)])
        for entry in [*found["jobs"], *found["unmanaged"]]:
            entry["organization"] = text
            (entry["before"] or entry["after"])["description"] = text
        found["api_version"] = text
        rules = [
            {"job": "*", "kind": "missing", "reason": text.replace("\x00", ""), "until": "2027-01-01"},
            {"job": text, "field": text, "reason": text, "until": "2020-01-01"},
        ]
        reports.append(drift_report(found, f"{number} {text}", f"https://{number}.example.com/{text}", rules, NOW))
        reports.append(drift_report(failure(text), f"down {number} {text}", text, [], NOW))
    return drift_merge(reports, [], NOW)


def fleet(servers: int, jobs: int) -> Dict:
    """A large report: one server in ten has drift."""
    reports = []
    for number in range(servers):
        found = [job(f"job-{index:03d}", daily_time=f"{(18 + index) % 24:02d}:15") for index in range(jobs)]
        if number % 10 == 0:
            found[:5] = [job(f"changed-{index}", "update", TIME, WINDOW, TEXT) for index in range(5)]
        reports.append(report(f"vbo-{number:03d}", result(*found)))
    return drift_merge(reports, [], NOW)


def text(found: Dict, name: str, *source: t.Any) -> str:
    """One file of a report."""
    (entry,) = drift_files(found, [name], *source)
    return entry["content"]


def same_field(servers: int, jobs: int = 1, **more: t.Any) -> Dict:
    """Servers that differ from the declaration in one field only."""
    found = [
        report(f"vbo-{number:03d}", result(*[job(f"mail-{index}", "update", TIME, **more) for index in range(jobs)]))
        for number in range(servers)
    ]
    return drift_merge(found, [], NOW)


def long_report(jobs: int, fields: int, length: int = 40, servers: int = 1) -> Dict:
    """Jobs in which many long values differ."""
    changes = [
        {"field": f"schedule_policy.field_{number}", "before": f"{number} " + "x" * length, "after": "ü" * length}
        for number in range(fields)
    ]
    return drift_merge(
        [
            report(f"server-{server}", result(*[job(f"job {number}", "update", *changes) for number in range(jobs)]))
            for server in range(servers)
        ],
        [],
        NOW,
    )


def twins() -> Dict:
    """Two jobs of the same name, on a server that allows it, and one whose name looks like the second of these."""
    return report("one", result(job("Mail", "update", TIME), job("Mail", "update", TEXT), job("Mail (2)"), job("Mail")))


#: reports of every kind
REPORTS: dict[str, t.Callable[[], Dict]] = {
    "everything": everything,
    "hostile": hostile,
    "nothing declared, nothing found": lambda: report("one", result()),
    "no server": lambda: drift_merge([], [], NOW),
    "no answer": lambda: report("one", {}),
    "down": lambda: report("one", DOWN),
    "failed": lambda: report("one", failure("line one\nline two", None, 500)),
    "not comparable": lambda: report("one", result(broken("Lost", "no\nrepository"))),
    "all ignored": lambda: report(
        "one",
        result(job("a", "update", TIME), job("b", "create"), others=[unmanaged("c")]),
        [{"job": "*", "reason": "r", "until": "2999-01-01"}],
    ),
    "twins": twins,
    "hosts": lambda: drift_merge([report(host, result(job(host, "update", TIME))) for host in HOSTS], [], NOW),
    "same field": lambda: same_field(37),
    "long": lambda: long_report(20, 40),
    "very long": lambda: long_report(3, 3, 100_000),
    "fleet": lambda: fleet(60, 10),
}
