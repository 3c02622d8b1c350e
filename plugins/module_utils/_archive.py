# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Makes modules start faster: each file of the archive that Ansible sends is compiled once instead of twice.

Python compiles a file of a ZIP archive to find out its name, and again to run it
(https://github.com/python/cpython/issues/141276).
"""

from __future__ import annotations

import sys
import zipimport


class Importer(zipimport.zipimporter):
    """Python's importer of ZIP archives, which derives names of files from those of modules."""

    def get_filename(self, fullname: str) -> str:
        """Return the path of a module's file, without compiling it."""
        ending = "/__init__.py" if self.is_package(fullname) else ".py"
        return f"{self.archive}/{self.prefix}{fullname.rpartition('.')[2]}{ending}"


def compile_once() -> None:
    """Load everything that is not loaded yet from archives with :class:`Importer`."""
    sys.path_hooks.insert(0, Importer)
    for path, importer in list(sys.path_importer_cache.items()):
        if isinstance(importer, zipimport.zipimporter):
            del sys.path_importer_cache[path]


if isinstance(getattr(__spec__, "loader", None), zipimport.zipimporter):
    compile_once()
