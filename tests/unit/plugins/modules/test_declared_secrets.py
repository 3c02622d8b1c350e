# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets of declared resources: when they are sent, the messages about them, and that they never leak."""

from __future__ import annotations

import hashlib
import json
import re
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import HIDDEN, READ, Field, Secret
from ansible_collections.backupops.vbo365.plugins.module_utils._core._kind import Kind
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import secrets_in

from ...contract.documents import KINDS
from ...support.hosts import HOSTS
from ...support.sandbox import PASSWORD, Server
from ...support.tasks import Tasks
from ..module_utils._core.kinds import BOAT, SETTINGS, Names
from .samples import SAMPLES, Values

OLD, NEW = "Alder-Causeway-6641", "Rowan-Estuary-2283"
ACCOUNT: Values = {"name": "AKIAsample", "account_type": "amazon_s3_account", "description": "x"}
KEY: Values = {"description": "Sample 2026"}
CASES = {
    f"vbo_{noun}": ({**sample.identity, **sample.creation}, next(iter(sample.secrets)), sample)
    for noun, sample in SAMPLES.items()
    if sample.secrets
}
modules = pytest.mark.parametrize("module", CASES)
versions = pytest.mark.parametrize("version", ["v6", "v7", "v8"])
one_host = pytest.mark.parametrize("host", ["controller"])


def stored(server: Server, module: str) -> str:
    """Return the hash in the state of the server."""
    _options, secret, sample = CASES[module]
    collection, key, value = sample.state
    (found,) = [entry for entry in server.state()[collection] if entry[key] == value]
    return found[sample.secrets[secret]]


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@modules
@versions
@one_host
def test_on_create_is_silent_and_says_so_once(tasks: Tasks, module: str) -> None:
    options, secret, _sample = CASES[module]
    created = tasks.run(module, **options, **{secret: OLD})
    assert created["changed"] and "secret_not_compared" not in created
    again = tasks.run(module, **options, **{secret: NEW})
    assert not again["changed"] and again["secret_not_compared"] is True
    assert json.dumps(again).count("secret_not_compared") == 1 and not again.get("warnings")
    assert stored(tasks.server, module) == digest(OLD), "sent all the same"
    without = tasks.run(module, **options)
    assert "secret_not_compared" not in without
    gone = tasks.run(module, **options, **{secret: NEW}, state="absent")
    assert gone["changed"] and "secret_not_compared" not in gone


@pytest.mark.parametrize("host", HOSTS)
@versions
def test_always_sends_the_secret_of_an_account_every_time(tasks: Tasks) -> None:
    tasks.run("vbo_cloud_account", **ACCOUNT, secret_key=OLD)
    for _time in range(2):
        result = tasks.run("vbo_cloud_account", **ACCOUNT, secret_key=NEW, update_password="always")
        assert result["changed"] and result["action"] == "update"
        assert result["changes"] == [{"field": "secret_key", "before": None, "after": "(secret)"}]
        assert 'secret_key: "(secret)"' in result["diff"]["after"] and "secret" not in result["diff"]["before"]
        assert "secret_not_compared" not in result and "secret_key" not in result["cloud_account"]
        assert stored(tasks.server, "vbo_cloud_account") == digest(NEW)
    nothing = tasks.run("vbo_cloud_account", **ACCOUNT, update_password="always")
    assert not nothing["changed"]


@versions
@one_host
def test_servers_that_ask_for_the_old_secret_too(tasks: Tasks) -> None:
    tasks.run("vbo_cloud_account", **ACCOUNT, secret_key=OLD)
    tasks.server.switch(account_secret="old_and_new")
    options = {**ACCOUNT, "secret_key": NEW, "update_password": "always"}
    if tasks.number >= 8:
        assert tasks.fails("vbo_cloud_account", **options, old_secret_key=OLD)["error"]["option"] == "old_secret_key"
        return
    refused = tasks.raw("vbo_cloud_account", **options)
    assert refused["failed"] and refused["error"]["status"] == 400
    tasks.run("vbo_cloud_account", **options, old_secret_key=OLD)
    assert stored(tasks.server, "vbo_cloud_account") == digest(NEW)
    silent = tasks.run("vbo_cloud_account", **ACCOUNT, secret_key=OLD, old_secret_key=NEW)
    assert not silent["changed"] and tasks.server.writes() == []


@versions
@one_host
def test_the_password_of_a_key_is_replaced_where_the_api_can(tasks: Tasks) -> None:
    """It is never deleted and created again."""
    module = "vbo_encryption_key"
    tasks.run(module, **KEY, encryption_password=OLD)
    options = {**KEY, "encryption_password": NEW, "update_password": "always"}
    if tasks.number >= 8:
        failed = tasks.fails(module, **options)
        assert failed["error"]["option"] == "update_password" and failed["error"]["code"] == "Unsupported"
        assert "Create a key" in failed["msg"] and "delete this one" in failed["msg"]
        assert stored(tasks.server, module) == digest(OLD)
        return
    assert tasks.fails(module, **options)["error"]["option"] == "old_encryption_password"
    wrong = tasks.raw(module, **options, old_encryption_password="Not-The-Old-One-11")
    assert wrong["failed"] and "old password" in wrong["msg"]
    result = tasks.raw(module, **options, old_encryption_password=OLD)  # the documents of v6 and v7 lack this edit
    assert result["action"] == "update", result
    assert stored(tasks.server, module) == digest(NEW)
    tasks.server.switch(legacy_on_8="404")
    gone = tasks.raw(module, **{**options, "encryption_password": OLD}, old_encryption_password=NEW)
    assert gone["failed"] and gone["error"]["status"] == 404
    assert stored(tasks.server, module) == digest(NEW)


def shape(value: t.Any) -> t.Any:
    """Return keys and types."""
    if isinstance(value, dict):
        return {key: shape(entry) for key, entry in value.items()}
    return [shape(entry) for entry in value] if isinstance(value, list) else type(value).__name__


@modules
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("version", ["v8"])
def test_no_secret_changes_the_shape_of_a_result(tasks: Tasks, module: str) -> None:
    options, secret, _sample = CASES[module]
    name = next(iter(options.values()))
    plain = tasks.raw(module, **options, **{secret: OLD})
    tasks.raw(module, **options, state="absent")
    for odd in ("true", "True", "false", "1", "0", "None", "null", name, "create", "secret", "e"):
        result = tasks.raw(module, **options, **{secret: odd})
        assert not result.get("failed"), result
        result.pop("warnings", None)  # that the result contains a mask
        assert shape(result) == shape(plain), odd
        assert result["changed"] is True
        assert stored(tasks.server, module) == digest(odd)
        again = tasks.raw(module, **options, **{secret: odd})
        assert again["changed"] is False and again["secret_not_compared"] is True, odd
        tasks.raw(module, **options, state="absent")


@modules
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("version", ["v8"])
def test_secrets_are_nowhere(tasks: Tasks, module: str) -> None:
    """Neither in results, good or bad, nor in the log and the state of the sandbox."""
    options, secret, _sample = CASES[module]
    runs = [
        {**options, secret: OLD},
        {**options, secret: OLD, "update_password": "always"},
        {**options, secret: OLD, "update_password": "never"},
        {**options, secret: [OLD]},
        {**options, secret: OLD, f"old_{secret}": NEW},  # no option of v8
        {**options, secret: OLD, "state": "absent"},
        {**options, secret: ""},
        {**options, secret: 12345},
        {"id": "nothing", secret: OLD},
    ]
    results = [tasks.raw(module, check=check, **run) for run in runs for check in (True, False)]
    assert sum(bool(result.get("failed")) for result in results) >= 10
    log, state = tasks.server.log(), tasks.server.state()
    text = json.dumps([results, log, state])
    assert OLD not in text and NEW not in text and "12345" not in text
    text = json.dumps([results, log])
    assert digest(OLD) not in text and digest(NEW) not in text, "what the server keeps tells a weak secret, too"


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("version", ["v8"])
@pytest.mark.parametrize("module", [name for case in CASES for name in (case, f"{case}_info")])
def test_the_password_of_a_proxy_is_nowhere(tasks: Tasks, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is that of the account, if the connection fails."""
    monkeypatch.setenv("https_proxy", f"http://svc:{NEW}@127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    options = {} if module.endswith("_info") else {**CASES[module][0], CASES[module][1]: OLD}
    for check in (True, False):
        failed = tasks.raw(module, check=check, retries=0, **options)
        assert failed["failed"] and "127.0.0.1:1" in failed["msg"]
        assert not [secret for secret in (OLD, NEW, PASSWORD) if secret in json.dumps(failed)]


#: names of values that must stay hidden
SOUNDS = re.compile(r"password|passphrase|secret|token|certificate|private|user_code")
DECLARED = [*(module.kind for module in KINDS if module.kind), BOAT, SETTINGS]


@pytest.mark.parametrize("kind", DECLARED, ids=repr)
def test_what_sounds_like_a_secret_is_one(kind: Kind) -> None:
    """Ansible masks the option at every level; of a certificate, only the thumbprint is public."""
    for path, field in kind.paths.items():
        sounds = SOUNDS.search(path.rpartition(".")[2]) and not path.endswith("thumbprint")
        assert not sounds or isinstance(field, Secret) or field.on == READ, path
        assert field.option().get("no_log", False) == isinstance(field, Secret), path


def leaked(fields: t.Iterable[Field], value: t.Any) -> Values:
    """Return secrets in answers of a server, at every level."""
    return {
        field.key: leaked(field.fields, value) if field.fields else value
        for field in fields
        if field.fields or isinstance(field, Secret)
    }


@pytest.mark.parametrize("kind", DECLARED, ids=repr)
def test_a_server_that_shows_secrets_is_not_repeated(kind: Kind) -> None:
    """They are in no views, facts or errors, and results contain nothing of what a view says about secrets."""
    number = kind.until
    for value in (OLD, {"x": OLD}, [OLD]):
        raw = {"id": "1", **leaked(kind.fields, value)}
        shown = [kind.view(raw, Names(), number), kind.facts(raw, Names(), number), kind.complaint(raw)]
        assert OLD not in str(shown)
    planned = leaked(kind.fields, HIDDEN)
    names = {field.key: field.name for field in kind.paths.values()}
    view = {names[key]: value if value == HIDDEN else {"password": HIDDEN} for key, value in planned.items()}
    assert HIDDEN in str(view) and HIDDEN not in str(kind.without_secrets(view))


def test_secrets_below_the_first_level_are_known() -> None:
    inner = {"password": {"type": "str", "no_log": True}, "host": {"type": "str"}}
    options = {"proxy": {"type": "dict", "options": inner}, "all": {"type": "list", "options": inner}}
    given = {"proxy": {"password": OLD, "host": "h"}, "all": [{"password": NEW}, "x"]}
    assert secrets_in(options, given) == {OLD, NEW}


# --- identities ------------------------------------------------------------------------------------------------------


@pytest.fixture
def version() -> str:
    return "v8"


@one_host
def test_a_user_name_that_differs_in_case_is_no_new_account(tasks: Tasks) -> None:
    tasks.run("vbo_cloud_account", **ACCOUNT, secret_key=OLD)
    failed = tasks.fails("vbo_cloud_account", **{**ACCOUNT, "name": "akiaSAMPLE"}, secret_key=OLD)
    assert failed["error"]["option"] == "name" and "'AKIAsample'" in failed["msg"]
    elsewhere = {**ACCOUNT, "name": "akiaSAMPLE", "account_type": "amazon_s3_compatible_account"}
    assert tasks.run("vbo_cloud_account", **elsewhere, secret_key=OLD)["action"] == "create"
    tasks.run("vbo_encryption_key", **KEY, encryption_password=OLD)
    failed = tasks.fails("vbo_encryption_key", description="sample\u00a02026", encryption_password=OLD)
    assert failed["error"]["option"] == "description"


@one_host
def test_a_changed_user_name_is_said_to_be_another_account(tasks: Tasks) -> None:
    tasks.run("vbo_cloud_account", **ACCOUNT, secret_key=OLD)
    rotated = tasks.run("vbo_cloud_account", warnings=True, **{**ACCOUNT, "name": "AKIAnext"}, secret_key=NEW)
    assert rotated["action"] == "create"
    (warning,) = rotated["warnings"]
    assert "'AKIAsample'" in warning and "different account" in warning


@modules
@one_host
def test_what_identifies_an_object_cannot_be_changed_by_its_id(tasks: Tasks, module: str) -> None:
    options, secret, _sample = CASES[module]
    noun = module.removeprefix("vbo_")
    identifier = tasks.run(module, **options, **{secret: OLD})[noun]["id"]
    first = next(iter(options))
    failed = tasks.fails(module, id=identifier, **{first: "Other"})
    assert failed["error"]["option"] == first and "cannot be changed" in failed["msg"]
    assert not tasks.run(module, id=identifier, **options)["changed"]
    assert tasks.fails(module, id="5d2e8c71-4b9f-4a06-b3d8-91c7f0e6a255")["error"]["code"] is None
    assert tasks.run(module, id=identifier, state="absent")["action"] == "delete"


@modules
@one_host
def test_two_that_are_called_the_same_need_an_id(tasks: Tasks, module: str) -> None:
    options, secret, sample = CASES[module]
    tasks.run(module, **options, **{secret: OLD})
    state, everything = sample.state[0], tasks.server.state()
    twin = {**everything[state][-1], "id": "5d2e8c71-4b9f-4a06-b3d8-91c7f0e6a255"}
    tasks.server.replace({**everything, state: [*everything[state], twin]})
    failed = tasks.fails(module, **options, **{secret: OLD})
    assert twin["id"] in failed["msg"] and "Use id" in failed["msg"]
    assert tasks.run(module, id=twin["id"], state="absent")["action"] == "delete"


@one_host
def test_all_that_cannot_be_changed_is_named_at_once(tasks: Tasks) -> None:
    tasks.run("vbo_cloud_account", **ACCOUNT, secret_key=OLD)
    identifier = tasks.raw("vbo_cloud_account_info", name="AKIAsample")["cloud_accounts"][0]["id"]
    failed = tasks.fails(
        "vbo_cloud_account", id=identifier, name="Other", account_type="azure_blob_account", description="y"
    )
    assert "name: cannot" in failed["msg"] and "account_type: cannot" in failed["msg"]


@modules
@one_host
def test_an_organization_is_given_by_name(tasks: Tasks, module: str) -> None:
    options, secret, _sample = CASES[module]
    noun = module.removeprefix("vbo_")
    result = tasks.run(module, **options, **{secret: OLD}, organization="CONTOSO.onmicrosoft.com")
    assert result[noun]["organization"] == "contoso.onmicrosoft.com"
    again = tasks.run(module, **options, organization="contoso.onmicrosoft.com")
    assert not again["changed"]
    assert "cannot be changed" in tasks.fails(module, **options, organization="fabrikam.onmicrosoft.com")["msg"]
    assert "does not exist" in tasks.fails(module, **options, organization="nowhere")["msg"]
