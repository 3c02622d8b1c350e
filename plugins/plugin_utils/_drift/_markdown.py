# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as Markdown, for merge requests and chats."""

from __future__ import annotations

import re
import typing as t

from ._data import DIFFERENCES, drifts
from ._text import MEANING, clean, job_label, server_counts, value_text

Entry = t.Dict[str, t.Any]

MOST = 200  # jobs in full; what shows a merge request refuses long texts
_SPECIAL = re.compile(r"([\\`*_{}\[\]#!|~$^]|(?<=www)\.|:(?=//|\w+:))")
_MENTION = re.compile(r"(?<!\w)@(?=\w)")
_NAMES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def render_markdown(report: Entry) -> str:
    """The report as a page of GitHub-flavoured Markdown."""
    lines = ["# Drift report", "", f"{plain(report['summary'])} {plain(report['generated'])}", ""]
    troubled = [server for server in report["servers"] if server["state"] != "ok"]
    if troubled:
        lines += ["| server | state | missing | changed | unexpected |", "|---|---|--:|--:|--:|"]
        for server in troubled:
            counts = " | ".join(str(number) for number in server_counts(server).values())
            lines.append(f"| {plain(server['name'])} | {server['state']} | {counts} |")
        lines.append("")
    left = MOST
    for server in troubled:
        jobs = [job for job in server["jobs"] if drifts(job) or job["kind"] == "failed"]
        lines += [f"## {plain(server['name'])}", ""]
        if server["message"]:
            lines += [f"Not compared: {plain(server['message'])}", ""]
        for job in jobs[:left]:
            lines += _job(job)
        if len(jobs) > left:
            lines += [f"{len(jobs) - left} more jobs of this server are in the other formats of the report.", ""]
        left = max(0, left - len(jobs))
    if report["expired_rules"]:
        lines += ["## Expired ignore rules", "", "| until | rule | reason |", "|---|---|---|"]
        for rule in report["expired_rules"]:
            lines.append(f"| {plain(rule['until'])} | {plain(rule_text(rule))} | {plain(rule['reason'])} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def rule_text(rule: Entry) -> str:
    """What a rule covers."""
    return ", ".join(f"{key} {value}" for key, value in rule.items() if key not in ("reason", "until"))


def _job(job: Entry) -> list[str]:
    lines = [f"### {plain(job_label(job))}: {job['kind']}", ""]
    changes = [change for change in job["changes"] if "ignored" not in change]
    if job["kind"] == "failed":
        return [*lines, f"Not compared: {plain(job['message'])}", ""]
    if job["kind"] in DIFFERENCES and not changes:
        return [*lines, f"{MEANING[job['kind']].capitalize()}.", ""]
    lines += ["| field | on the server | declared |", "|---|---|---|"]
    for change in changes:
        lines.append(f"| {code(change['field'])} | {code(change['before'])} | {code(change['after'])} |")
    return [*lines, ""]


def plain(value: t.Any) -> str:
    """Text that stays text within a line: no markup, no HTML, no mention of a person, no link."""
    text = re.sub(r"[&<>]", lambda match: _NAMES[match[0]], " ".join(clean(value).split()))
    return _MENTION.sub("@<!-- -->", _SPECIAL.sub(r"\\\1", text))


def code(value: t.Any) -> str:
    """A value as code inside a table."""
    text = " ".join(value_text(value).split()).replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
