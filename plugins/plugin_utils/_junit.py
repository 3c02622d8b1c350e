# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Checks as JUnit XML, in the form that Jenkins, GitLab and others read."""

from __future__ import annotations

import itertools
import typing as t
import xml.etree.ElementTree as ET

from ..module_utils._visible import exact

#: the counters, and the elements that they count
_COUNTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


class Suite:
    """The test cases of a server, each with a unique name, because readers merge cases with the same name."""

    def __init__(self, name: str) -> None:
        self.element = ET.Element("testsuite", name=exact(name))
        self._taken: set[str] = set()

    def case(self, name: str) -> ET.Element:
        """Add a case, which passes unless it gets an outcome; a number is appended to a name that is in use."""
        names = (f"{name} ({number})" if number > 1 else name for number in itertools.count(1))
        free = next(free for free in names if free not in self._taken)
        self._taken.add(free)
        return ET.SubElement(self.element, "testcase", classname=self.element.get("name", ""), name=free, time="0")


def outcome(case: ET.Element, tag: str, message: str, kind: str = "", text: str | None = None) -> None:
    """Set the outcome of a case: C(failure), C(error) or C(skipped)."""
    element = ET.SubElement(case, tag, {"type": kind, "message": message} if kind else {"message": message})
    element.text = text


def document(name: str, suites: t.Iterable[Suite], generated: str) -> str:
    """The suites as XML."""
    root = ET.Element("testsuites", name=name)
    elements = [suite.element for suite in suites]
    root.extend(elements)
    for element in elements:
        _count(element)
        element.set("timestamp", exact(generated).rstrip("Z"))
    for key in ("tests", *_COUNTS):
        root.set(key, str(sum(int(element.get(key, "0")) for element in elements)))
    root.set("time", "0")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite)))
    for name, tag in _COUNTS.items():
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", "0")
