# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(CONNECTION)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  url:
    description:
      - Address of the REST service, for example V(https://vbo.example.com:4443).
      - Port 4443, the product's default, is used when none is given. The API version is not part of it.
      - If not set, the environment variable E(VBO365_URL) is used.
    type: str
    required: true
  username:
    description:
      - Account to log in with, as V(DOMAIN\\user), V(host\\user) or V(user@domain).
      - Multi-factor authentication is not possible at the REST API; use a service account without it.
      - If not set, the environment variable E(VBO365_USERNAME) is used.
      - O(username) and O(password) are required unless O(token) is given.
    type: str
  password:
    description:
      - Password of O(username).
      - If not set, the environment variable E(VBO365_PASSWORD) is used.
      - Not used when O(token) is given.
    type: str
  token:
    description:
      - An access token of the server. The module then neither logs in nor out. A line break at its end is dropped.
      - If not set, the environment variable E(VBO365_TOKEN) is used.
      - It is used in place of O(username) and O(password).
    type: str
  api_version:
    description:
      - Version of the REST API to use.
      - V(auto) asks the server once, without credentials, and takes the newest version that it serves.
        A fixed version saves that request and keeps results the same when the product is upgraded.
      - If not set, the environment variable E(VBO365_API_VERSION) is used.
    type: str
    choices: [auto, v3, v4, v5, v6, v7, v8]
    default: auto
  validate_certs:
    description:
      - Whether the server's certificate must be trusted. Prefer O(ca_path) to switching this off.
      - If not set, the environment variable E(VBO365_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File in PEM format, or folder made by C(openssl rehash), with the certificate authorities that may have signed
        the server's certificate.
      - If not set, the environment variable E(VBO365_CA_PATH) is used.
    type: path
  timeout:
    description:
      - Seconds to wait for each answer of the server, 1 to 86400.
      - If not set, the environment variable E(VBO365_TIMEOUT) is used.
    type: int
    default: 60
  retries:
    description:
      - How often a request is sent again when the connection or a gateway fails, or the server is busy, 0 to 100.
      - Only what is safe to repeat is repeated; each repetition is announced by a warning.
      - If not set, the environment variable E(VBO365_RETRIES) is used.
    type: int
    default: 3
  read_only:
    description:
      - Let nothing but reads and the log-in leave the machine. A run that would have to write fails instead.
      - Together with check mode it makes sure that a run that looks for drift cannot change anything.
      - If not set, the environment variable E(VBO365_READ_ONLY) is used. When that is true where Ansible runs, it
        holds whatever way the task runs, and V(false) does not lift it.
    type: bool
    default: false
  allow_http:
    description:
      - Allow an O(url) with plain HTTP, which sends password and token readably through the network.
      - If not set, the environment variable E(VBO365_ALLOW_HTTP) is used.
    type: bool
    default: false
requirements:
  - requests >= 2.28
notes:
  - An empty environment variable counts as not set. The variables count where the module runs.
  - A session is opened at the first request that needs one and closed at the end of the task.
    In a loop that runs in the controller, all items share one session.
"""
