"""The command skill: it writes the document, and overwrites nobody's."""

import json
from pathlib import Path

import pytest

from starlette_new import cli
from starlette_new.templates import find_templates

SKILL = find_templates() / "skills" / "starlette"
Capture = pytest.CaptureFixture[str]


def _read(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.md")}


def test_it_is_written_where_agents_look_for_it(folder: Path, capsys: Capture) -> None:
    assert cli.run(["skill"]) == 0

    assert _read(folder / ".agents" / "skills" / "starlette") == _read(SKILL)
    assert capsys.readouterr().out.startswith("Written: .agents/skills/starlette (")


def test_twice_is_the_same_as_once(folder: Path, capsys: Capture) -> None:
    cli.run(["skill", "elsewhere"])
    capsys.readouterr()

    assert cli.run(["skill", "elsewhere", "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["written"]) == (True, False)
    assert document["path"] == "elsewhere/starlette"
    assert document["files"] == sorted(_read(SKILL))


def test_what_somebody_changed_is_not_overwritten(folder: Path, capsys: Capture) -> None:
    cli.run(["skill", "mine"])
    capsys.readouterr()
    changed = folder / "mine" / "starlette" / "SKILL.md"
    changed.write_text("mine")

    assert cli.run(["skill", "mine"]) == 3

    said = capsys.readouterr()
    assert said.out == ""
    assert "is there already, and is not what would be written" in said.err
    assert changed.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_told(folder: Path, capsys: Capture) -> None:
    (folder / "file").touch()

    assert cli.run(["skill", "file"]) == 4

    assert "cannot be written" in capsys.readouterr().err
