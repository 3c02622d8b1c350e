# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Server sessions in the controller: one for a task, and one for all items of a loop.

Ansible forks one worker process for each task and host and runs all items of a loop in it. A session that a loop
opened therefore lives until that process ends, and logs out then.
"""

from __future__ import annotations

import contextlib
import os
import signal
import typing as t
from multiprocessing.util import Finalize

from ..module_utils._api._client import Client
from ..module_utils._api._settings import Settings

_kept: dict[tuple[int, Settings, bool], Client] = {}


@contextlib.contextmanager
def session(settings: Settings, read_only: bool, keep: bool, again: bool = False) -> t.Iterator[Client]:
    """Open a session with a server; it is closed at the end of the block, or kept for the next item of the loop.

    :arg again: the task was tried before, so cached data of the server is outdated
    """
    key = (os.getpid(), settings, read_only)
    client = _kept.get(key) or Client(settings, read_only=read_only)
    if again:
        client.cache.clear()
    if keep and key not in _kept:
        _close_at_exit()
        _kept[key] = client
    try:
        yield client
    except BaseException:
        client.cache.clear()
        raise
    finally:
        if not keep:
            client.close()


def close_all() -> None:
    """Log out of every session that this process keeps."""
    mine = [key for key in _kept if key[0] == os.getpid()]
    if mine:
        # The process ends after this; a SIGTERM in the middle would end it before the answer. Log-outs are bounded.
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for key in mine:
        _kept.pop(key).close()


def _close_at_exit() -> None:
    if any(key[0] == os.getpid() for key in _kept):
        return
    Finalize(None, close_all, exitpriority=10)
    # The controller ends the workers of its last task with SIGTERM, often before they are through.
    previous = signal.getsignal(signal.SIGTERM)

    def log_out_first(number: int, frame: t.Any) -> None:
        close_all()
        signal.signal(number, previous if previous is not None else signal.SIG_DFL)
        if callable(previous):
            previous(number, frame)
        else:
            os.kill(os.getpid(), number)

    with contextlib.suppress(ValueError):  # only the main thread may
        signal.signal(signal.SIGTERM, log_out_first)
