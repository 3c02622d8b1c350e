# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the README and the guides show is correct: plays run, differences and messages appear, links work."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import subprocess
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..contract.documents import COLLECTION, CONTROLLER_ONLY, MODULES
from ..execution.playbooks import HERE
from ..support.playbook_command import Done, binaries
from ..support.playbook_command import ansible_playbook as run_playbook
from ..support.sandbox import PASSWORD, USERNAME, Sandbox, Server
from .pages import (
    BLOCKS,
    FAILING,
    GUIDE_PAGES,
    LANGUAGES,
    MODES,
    PAGES,
    PLAYED,
    ROOT,
    WITH_REASON,
    Block,
    Page,
    reads,
)

#: the address that stands for the server of the reader
URL = "https://vbo.example.com:4443"
DOCSITE = f"ansible_collections.{COLLECTION}.docsite"
REPOSITORY = "https://github.com/backupops/vbo365"
#: the number of blocks that are not played, by mode; a change of a number must be intended
NOT_PLAYED = {"syntax": 3, "data": 9}
SPECS = {f"{COLLECTION}.{module.name}": module.code.DEFINITION.spec for module in MODULES}
INVENTORY = {
    "vbo365": {
        "hosts": {"localhost": {"ansible_connection": "local"}},
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
    }
}


@dataclasses.dataclass
class Phase:
    """One block, played in one way."""

    block: Block
    way: str  # check, real, again, fails

    @property
    def title(self) -> str:
        return f"@ {self.block.where} {self.way}"

    def plays(self) -> list[dict[str, t.Any]]:
        """Return the plays of the block for this phase, each with its title as its name."""
        plays = [{**play, "name": self.title} for play in self.block.plays()]
        for play in plays:
            if self.way in ("check", "fails"):
                play["check_mode"] = True
            if self.way == "fails":
                rescue = [{"name": "Go on", "ansible.builtin.debug": {"msg": "It failed"}}]
                play["tasks"] = [{"name": "Try", "block": play["tasks"], "rescue": rescue}]
        return plays


def phases(page: Page) -> list[Phase]:
    ways = {"": ("check", "real", "again"), "once": ("check", "real"), "real": ("real", "again"), "fails": ("fails",)}
    return [Phase(block, way) for block in page.of(*PLAYED) for way in ways[block.mode]]


@dataclasses.dataclass
class Played:
    """The output of a page that was played, and the results of each phase."""

    output: str
    results: dict[str, list[dict[str, t.Any]]]


def ansible_playbook(folder: Path, arguments: list[str], server: Server, record: Path) -> Done:
    """Run in the folder without settings of this machine, and with the account of the server in the environment."""
    foreign = ("ANSIBLE_", "VBO365_", "PYTHON", "VIRTUAL_ENV", "REQUESTS_", "CURL_CA")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    environment.update(
        LC_ALL="C.UTF-8",
        HOME=str(folder),
        PATH=f"{binaries()}{os.pathsep}{os.environ['PATH']}",
        ANSIBLE_CONFIG=str(folder.parent / "ansible.cfg"),
        ANSIBLE_HOME=str(folder.parent / "home"),
        ANSIBLE_COLLECTIONS_PATH=str(folder.parent / "collections"),
        ANSIBLE_CALLBACKS_ENABLED="record",
        ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callback"),
        ANSIBLE_NOCOLOR="1",
        COLUMNS="1000",
        VBO365_TEST_RECORD=str(record),
        VBO365_URL=server.url,
        VBO365_CA_PATH=server.ca_path,
        VBO365_USERNAME=USERNAME,
        VBO365_PASSWORD=PASSWORD,
    )
    (folder / "inventory.yml").write_text(yaml.safe_dump(INVENTORY), encoding="utf-8")
    return run_playbook(["-i", "inventory.yml", *arguments], environment, folder, timeout=120)


def play(page: Page, server: Server, folder: Path) -> Played:
    """Play all blocks of a page in order, in one run."""
    folder.mkdir()
    record = folder / "record.jsonl"
    record.touch()
    book = [entry for phase in phases(page) for entry in phase.plays()]
    text = yaml.safe_dump(book, sort_keys=False, width=1000).replace(URL, server.url)
    (folder / "page.yml").write_text(text, encoding="utf-8")
    done = ansible_playbook(folder, ["--diff", "page.yml"], server, record)
    results: dict[str, list[dict[str, t.Any]]] = {}
    for line in record.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        results.setdefault(entry["play"], []).append(entry)
    assert done.returncode == 0, done.stdout
    assert "[WARNING]" not in done.stdout and "[DEPRECATION" not in done.stdout, done.stdout
    return Played(done.stdout, results)


def changed(results: list[dict[str, t.Any]]) -> list[tuple[str, bool]]:
    return [(entry["task"], bool(entry["result"].get("changed"))) for entry in results if entry["status"] != "skipped"]


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_what_a_page_shows_happens(page: Page, sandbox: Sandbox, folder: Path) -> None:
    if not page.of(*PLAYED):
        assert not page.of("", language="diff") + page.of("", language="text"), "nothing shows this"
        return
    played = play(page, sandbox.servers[page.name], folder / page.name)
    for phase in phases(page):
        results, where = played.results[phase.title], f"{phase.title}\n{played.output}"
        assert results, where
        if phase.way == "fails":
            failed = [entry["result"]["msg"] for entry in results if entry["status"] == "failed"]
            # a role may have rescued an earlier failure
            assert failed and reads(page.message(phase.block), failed[-1]), (
                f"{page.message(phase.block)}\n{failed}\n{where}"
            )
            continue
        if phase.way == "real" and phase.block.mode != "real":
            assert changed(results) == changed(played.results[Phase(phase.block, "check").title]), where
        if phase.way == "again":
            assert not any(now for _task, now in changed(results)), where
    messages = {page.blocks.index(block) + 1 for block in page.of(*FAILING)}
    for number, block in enumerate(page.blocks):
        if block.language in ("diff", "text") and number not in messages:
            assert block.text.strip("\n") in played.output, f"{block.where} is not what Ansible shows\n{played.output}"


def test_what_is_not_played_is_valid(sandbox: Sandbox, folder: Path) -> None:
    """Ansible can parse it, and every option of a module of this collection exists and has a permitted value."""
    blocks = [block for page in PAGES for block in page.of("syntax")]
    place = folder / "syntax"
    place.mkdir()
    for number, block in enumerate(blocks):
        (place / f"{number}.yml").write_text(yaml.safe_dump(block.plays(), sort_keys=False), encoding="utf-8")
        for task in tasks_of(block.plays()):
            for name in SPECS.keys() & task.keys():
                given = {key: value for key, value in (task[name] or {}).items() if "{{" not in str(value)}
                options = {"url": URL, "token": "x", **given}
                checked = ArgumentSpecValidator(SPECS[name].options).validate(options)
                assert not checked.error_messages, (block.where, checked.error_messages)
    files = [f"{number}.yml" for number in range(len(blocks))]
    if files:
        done = ansible_playbook(place, ["--syntax-check", *files], sandbox.servers["readme"], place / "none")
        assert done.returncode == 0, done.stdout


def tasks_of(entries: t.Iterable[dict[str, t.Any]]) -> t.Iterator[dict[str, t.Any]]:
    for entry in entries:
        sections = [key for key in ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always") if key in entry]
        for section in sections:
            yield from tasks_of(entry[section])
        if not sections:
            yield entry


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_no_block_is_passed_over(block: Block) -> None:
    assert block.language in LANGUAGES, "a language that no test knows"
    assert block.mode in MODES
    assert block.text.strip()
    if block.language != "yaml":
        assert not block.mode, "only YAML can be marked"
        return
    assert block.data, "empty"
    if block.mode != "mistake":  # whose reasons are listed in test_mistakes.py
        assert bool(block.reason) == (block.mode in WITH_REASON), "say why, in parentheses, or do not mark it"
    if block.mode != "data":
        for task in tasks_of(block.plays()):
            assert task.get("name") or "hosts" in task, task


def test_how_many_blocks_are_not_played() -> None:
    counts = {mode: sum(len(page.of(mode)) for page in PAGES) for mode in NOT_PLAYED}
    assert counts == NOT_PLAYED
    assert sum(len(page.of(*PLAYED)) for page in PAGES) > 20


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_commands_name_files_that_exist(page: Page) -> None:
    captions = {block.caption for block in page.blocks} | set(re.findall(r"`+([\w./-]+\.yml)`+", page.text))
    for block in page.of("", language="console"):
        for line in block.text.splitlines():
            match = re.match(r"\$ (?:\S+=\S+ )*ansible-playbook (.*)", line)
            for word in match[1].split() if match else []:
                if word.startswith(f"{COLLECTION}."):
                    assert (ROOT / "playbooks" / f"{word.rsplit('.', 1)[1]}.yml").exists(), word
                elif word.endswith(".yml"):
                    assert word in captions, f"{block.where}: {word} is nowhere on the page"
        for target in re.findall(r"^\$ make ([\w-]+)", block.text, re.MULTILINE):
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), target
        for tool in re.findall(r"^\$ (tools/[\w-]+)", block.text, re.MULTILINE):
            assert (ROOT / tool).exists(), tool


def test_a_log_in_with_curl(sandbox: Sandbox, tmp_path: Path) -> None:
    """The commands are those of other clients, followed by the answers of the server."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    (page,) = (page for page in PAGES if page.name == "sandbox_reference")
    (commands,) = (block for block in page.of("", language="console") if "curl" in block.text)
    lines = commands.text.splitlines()
    server = sandbox.servers[page.name]
    address = {"VBO365_URL": server.url, "VBO365_CA_PATH": server.ca_path}
    done = subprocess.run(
        ["bash", "-euc", "\n".join(line[2:] for line in lines if line.startswith("$ "))],
        cwd=tmp_path,
        env={**os.environ, **address, "VBO365_USERNAME": USERNAME, "VBO365_PASSWORD": PASSWORD},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    shown = [line for line in lines if not line.startswith("$ ")]
    assert shown and done.stdout.splitlines() == shown


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_links_into_the_repository_lead_to_files(page: Page) -> None:
    for link in re.findall(rf"{re.escape(REPOSITORY)}[^\s)>`\"']*", page.text):
        rest = link.removeprefix(REPOSITORY)
        match = re.match(r"/(?:blob|tree)/main/(.+)", rest)
        if match:
            assert (ROOT / match[1].split("#")[0]).exists(), link
        else:
            assert rest in ("", ".git", "/issues", "/issues/new"), link


def test_links_of_the_readme_are_absolute() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGES[0].text)
    assert links and all(link.startswith("https://") for link in links), links


@pytest.mark.parametrize("page", GUIDE_PAGES, ids=repr)
def test_references_of_guides_resolve(page: Page) -> None:
    labels = {match for other in GUIDE_PAGES for match in re.findall(r"^\.\. _([\w.]+):$", other.text, re.MULTILINE)}
    assert f"{DOCSITE}.{page.name}" in labels, "a page begins with its label"
    for label in re.findall(r":ref:`(?:[^`<]*<)?([^`>]+)>?`", page.text):
        assert label in labels, label
    kinds = {
        "module": MODULES_BY_NAME | set(CONTROLLER_ONLY),
        "filter": {path.stem for path in (ROOT / "plugins/filter").glob("*.yml")},
    }
    kinds["role"] = {path.name for path in (ROOT / "roles").iterdir()}
    for name, kind in re.findall(rf":ansplugin:`{COLLECTION}\.(\w+)#(\w+)`", page.text):
        assert name in kinds[kind], (name, kind)
    for name, option in re.findall(rf":ansopt:`{COLLECTION}\.(\w+)#module:([\w.\[\]]+)", page.text):
        options: t.Any = SPECS[f"{COLLECTION}.{name}"].options
        for part in option.replace("[]", "").split("."):
            assert part in options, (name, option)
            options = options[part].get("options") or {}


MODULES_BY_NAME = {module.name for module in MODULES}


def test_every_guide_is_in_the_table_of_contents_and_in_the_readme() -> None:
    data = yaml.safe_load((ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))
    listed = [name for section in data["sections"] for name in section["toctree"]]
    assert sorted(listed) == sorted(page.name for page in GUIDE_PAGES)
    for page in GUIDE_PAGES:
        assert f"docs/docsite/rst/{page.name}.rst" in PAGES[0].text, page.name


def test_the_page_of_contents_names_what_there_is() -> None:
    """Each module, filter, role and playbook is in exactly one table."""
    (page,) = (page for page in PAGES if page.name == "content")
    wanted = [
        *(f"`{COLLECTION}.{path.stem}#module`" for path in (ROOT / "plugins" / "modules").glob("*.py")),
        *(f"`{COLLECTION}.{path.stem}#filter`" for path in (ROOT / "plugins" / "filter").glob("*.yml")),
        *(f"`{COLLECTION}.{path.name}#role`" for path in (ROOT / "roles").iterdir()),
        *(f"``{COLLECTION}.{path.stem}``" for path in (ROOT / "playbooks").glob("*.yml")),
    ]
    assert {name: page.text.count(name) for name in wanted} == dict.fromkeys(wanted, 1)
