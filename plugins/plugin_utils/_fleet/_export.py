# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Exported jobs: the jobs of a server as input for C(vbo_jobs), and as the text of files."""

from __future__ import annotations

import hashlib
import re
import typing as t

from ...module_utils._core._yaml import yaml_text
from ...module_utils._errors import InputError
from ...module_utils._resources._job._model import FIELDS
from ...module_utils._spelling import job_key
from ...module_utils._types import View

JOBS = "vbo_jobs_list"
#: the fields of a copy job besides its job
COPY_FIELDS = ("repository", "enabled", "schedule_policy")
ORDER = ("template", *FIELDS, "copy_job")

#: prefix of variables with one job each, and the file that combines them into a list
ONE_JOB = "vbo_exported_"
LIST_FILE = f"{JOBS}.yml"
LIST_OF_FILES = f"{{{{ query('ansible.builtin.vars', *(query('ansible.builtin.varnames', '^{ONE_JOB}') | sort)) }}}}"

_LONGEST = 150  # file systems end names at 255 bytes
_KEPT = re.compile(r"[a-z0-9-]|(?<!^)\.")


def exported_jobs(jobs: t.Sequence[View], copy_jobs: t.Sequence[View]) -> list[View]:
    """The jobs of a server as input for C(vbo_jobs), each with its copy job, in the order of organization and name.

    :arg jobs: C(config) of C(vbo_job_info)
    :arg copy_jobs: C(config) of C(vbo_copy_job_info); those of other jobs are left out
    :raises InputError: when two jobs of an organization share a name
    """
    copies = {job_key(copy.get("organization"), copy.get("job")): copy for copy in copy_jobs}
    found: dict[tuple[str, str], View] = {}
    for job in jobs:
        identity = job_key(job.get("organization"), job.get("name"))
        if identity in found:
            raise InputError(
                "jobs",
                f"two jobs of the organization '{job.get('organization')}' have the name '{job.get('name')}', "
                "which a list of jobs cannot tell apart; rename one of them",
            )
        copy = copies.get(identity)
        found[identity] = {key: job[key] for key in FIELDS if job.get(key) is not None}
        if copy is not None:
            found[identity]["copy_job"] = {key: copy[key] for key in COPY_FIELDS if copy.get(key) is not None}
    return [found[identity] for identity in sorted(found)]


def jobs_text(jobs: t.Sequence[View], header: str, variable: str = JOBS) -> str:
    """Return a variables file with a list of jobs; exporting the same jobs again gives the same text."""
    entries = [yaml_text([_ordered(job)], 2) for job in jobs]
    return _file(header, f"{variable}:\n" + "\n".join(entries) if entries else f"{variable}: []\n")


def job_files(jobs: t.Sequence[View], header: str) -> dict[str, str]:
    """File names with their texts: a variables file for each job, and one that makes the list of them."""
    files = {LIST_FILE: _file(header, f'{JOBS}: "{LIST_OF_FILES}"\n')}
    for job in jobs:
        files[file_name(job)] = _file(header, yaml_text({variable_name(job): _ordered(job)}))
    return files


def file_name(job: View) -> str:
    """The name of a job's own file. It depends on nothing but the job's identity, and no two jobs share it.

    What file systems treat in different ways is written as in addresses; spaces become underscores.
    """
    parts = job_key(job.get("organization"), job.get("name"))
    stem = "+".join("".join(_safe(part, place) for place in range(len(part))) for part in parts)
    if len(stem) > _LONGEST:
        stem = f"{stem[:_LONGEST].rstrip('%')}+{_digest(job)}"
    return f"{stem}.yml"


def variable_name(job: View) -> str:
    """The name of the variable in a job's own file."""
    parts = job_key(job.get("organization"), job.get("name"))
    readable = re.sub(r"[^a-z0-9]+", "_", "_".join(parts)[:_LONGEST]).strip("_")
    return f"{ONE_JOB}{readable}_{_digest(job)}"


def _safe(text: str, place: int) -> str:
    char = text[place]
    if _KEPT.match(text, place):
        return char
    return "_" if char == " " else "".join(f"%{byte:02x}" for byte in char.encode(errors="surrogatepass"))


def _digest(job: View) -> str:
    identity = "\0".join(job_key(job.get("organization"), job.get("name")))
    return hashlib.sha256(identity.encode(errors="surrogatepass")).hexdigest()[:12]


def _ordered(job: View) -> View:
    known = {key: job[key] for key in ORDER if key in job}
    return {**known, **{key: job[key] for key in job if key not in known}}


def _file(header: str, body: str) -> str:
    comment = "".join(f"# {' '.join(line.split())}".rstrip() + "\n" for line in header.splitlines())
    return f"{comment}---\n{body}"
