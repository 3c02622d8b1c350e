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
      - The default port is 4443, the default of the product. Do not include the API version.
      - If not set, the environment variable E(VBO365_URL) is used.
    type: str
    required: true
  username:
    description:
      - Account for the login, as V(DOMAIN\\user), V(host\\user) or V(user@domain).
      - The REST API does not support multi-factor authentication; use a service account without it.
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
      - An access token of the server. With a token, the module neither logs in nor out. A line break at its end is removed.
      - If not set, the environment variable E(VBO365_TOKEN) is used.
      - It is used instead of O(username) and O(password).
    type: str
  api_version:
    description:
      - Version of the REST API to use.
      - V(auto) asks the server once, without credentials, and uses the newest version that it supports.
        A fixed version saves that request and keeps results the same when the product is upgraded.
      - If not set, the environment variable E(VBO365_API_VERSION) is used.
    type: str
    choices: [auto, v3, v4, v5, v6, v7, v8]
    default: auto
  validate_certs:
    description:
      - Whether the server's certificate must be trusted. Setting O(ca_path) is better than disabling this.
      - If not set, the environment variable E(VBO365_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File in PEM format, or folder prepared by C(openssl rehash), with the certificates of the certificate authorities
        that are trusted for the server.
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
      - How often a request is repeated if the connection or a gateway fails, or the server is busy, 0 to 100.
      - Only requests that are safe to repeat are repeated, each time with a warning.
      - If not set, the environment variable E(VBO365_RETRIES) is used.
    type: int
    default: 3
  read_only:
    description:
      - Allow only read requests and the login. A task that would have to write fails.
      - Use it with check mode to make sure that a drift check cannot change anything.
      - If not set, the environment variable E(VBO365_READ_ONLY) is used. If it is true on the controller, it
        applies however the task runs, and V(false) does not override it.
    type: bool
    default: false
  allow_http:
    description:
      - Allow an O(url) with plain HTTP, which sends password and token unencrypted.
      - If not set, the environment variable E(VBO365_ALLOW_HTTP) is used.
    type: bool
    default: false
requirements:
  - requests >= 2.28
notes:
  - An empty environment variable counts as not set. The variables are read where the module runs.
  - A session is opened by the first request that needs one and closed at the end of the task.
    In a loop that runs on the controller, all items share one session.
"""
