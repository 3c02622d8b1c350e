# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stale reads: for a time after each write, jobs and copy jobs are returned as they were before it."""

from __future__ import annotations

import copy
import time

from ..store.state import Moment
from .web import Context, Reply, Route

#: paths that the switch ``old_reads`` affects
_RESOURCES = ("jobs", "copyjobs")
_OF_ORGANIZATION = "Organizations/{organization}/Jobs"


def answered(route: Route, ctx: Context) -> Reply:
    """Handle a request; a read may be given an earlier state."""
    seconds = ctx.server.switches.old_reads
    concerned = route.template.split("/")[0].lower() in _RESOURCES or route.template == _OF_ORGANIZATION
    if not seconds or not concerned:
        return route.handler(ctx)
    state = ctx.server.state
    if ctx.method != "GET":
        jobs, copy_jobs = copy.deepcopy((state.jobs, state.copy_jobs))
        reply = route.handler(ctx)
        state.past.append(Moment(time.monotonic() + seconds, jobs, copy_jobs))
        return reply
    state.past = [moment for moment in state.past if moment.until > time.monotonic()]
    if not state.past:
        return route.handler(ctx)
    now = state.jobs, state.copy_jobs, state.copy_by_job
    state.jobs, state.copy_jobs = state.past[0].jobs, state.past[0].copy_jobs
    state.copy_by_job = {entry.backup_job.lower(): entry for entry in state.copy_jobs.values()}
    try:
        return route.handler(ctx)
    finally:
        state.jobs, state.copy_jobs, state.copy_by_job = now
