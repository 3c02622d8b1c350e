# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages in a real browser: Debian's headless chromium, controlled through a pair of pipes."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
import typing as t
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TIMEOUT = 60


class Browser:
    """A browser process; a context manager.

    :arg directory: where it keeps its profile
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._number = 0
        self._buffer = b""
        self.events: list[dict[str, t.Any]] = []

    def __enter__(self) -> Browser:
        commands, self._out = os.pipe()
        self._in, answers = os.pipe()
        # it reads from descriptor 3 and writes to descriptor 4, which must not be taken
        theirs = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (commands, answers)]
        os.close(commands)
        os.close(answers)
        command = [
            str(CHROMIUM),
            "--headless=new",
            "--no-sandbox",  # root, as in containers
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--no-first-run",
            "--hide-scrollbars",
            "--remote-debugging-pipe",
            f"--user-data-dir={self.directory}",
            "about:blank",
        ]
        script = 'exec "$@" 3<&{0} 4>&{1} {0}<&- {1}>&-'.format(*theirs)
        environment = {**os.environ, "HOME": str(self.directory)}
        self._process = subprocess.Popen(
            ["bash", "-c", script, "bash", *command],
            pass_fds=theirs,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        for end in theirs:
            os.close(end)
        return self

    def __exit__(self, *exc: object) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            self.call("Browser.close")
        os.close(self._out)
        os.close(self._in)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=20)

    def call(self, method: str, session: str | None = None, **params: t.Any) -> dict[str, t.Any]:
        """Send a command and return its result; events that arrive meanwhile are added to :attr:`events`."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + TIMEOUT
        while True:
            answer = self._read(end)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method: str) -> None:
        """Wait until an event has come."""
        end = time.monotonic() + TIMEOUT
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self._read(end))

    def _read(self, end: float) -> dict[str, t.Any]:
        while b"\0" not in self._buffer:
            ready, _unused_writable, _unused_failed = select.select([self._in], [], [], max(0, end - time.monotonic()))
            data = os.read(self._in, 1 << 20) if ready else b""
            if not data:
                raise RuntimeError("chromium does not answer")
            self._buffer += data
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, url: str, width: int = 1200, dark: bool = False, media: str = "", scripts: bool = True) -> Page:
        """Open a page and wait until it is loaded.

        :arg media: V(print), or empty for the screen
        :arg scripts: whether the page might run scripts
        """
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Network", "Log", "Runtime", "Audits"):
            page.call(f"{domain}.enable")
        page.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.call("Emulation.setEmulatedMedia", media=media, features=[scheme])
        page.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.events.clear()
        page.call("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")
        time.sleep(0.2)  # for what comes after the load, if anything does
        page.evaluate("document.title")
        return page


class Page:
    """A page of the browser."""

    def __init__(self, browser: Browser, session: str) -> None:
        self.browser = browser
        self.session = session

    def call(self, method: str, **params: t.Any) -> dict[str, t.Any]:
        return self.browser.call(method, self.session, **params)

    def evaluate(self, expression: str) -> t.Any:
        """Evaluate an expression in an isolated context, which scripts of the page cannot affect."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def requests(self) -> list[str]:
        """Return the requested addresses."""
        return [
            event["params"]["request"]["url"]
            for event in self.browser.events
            if event.get("method") == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[dict[str, t.Any]]:
        """Return all console messages and all problems that the browser reports for the page."""
        kinds = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Audits.issueAdded")
        return [event for event in self.browser.events if event.get("method") in kinds]

    def screenshot(self, path: Path) -> None:
        """Take a screenshot of the whole page."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12000), "scale": 1}
        answer = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(answer["data"]))

    def roles(self) -> list[tuple[str, str]]:
        """Return the accessibility tree: role and name of each node that a screen reader does not ignore."""
        self.call("Accessibility.enable")
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [
            (node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored")
        ]
