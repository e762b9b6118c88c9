"""The command smoke, as a person, a program and a hosted CI use it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from starlette_new import cli, render, report
from starlette_new.errors import UsageProblem
from starlette_new.smoke_command import read_shard
from starlette_new.templates import find_templates

BLUEPRINTS = (
    "name: {}\nlayout: single\nwith_db: none\n---\nname: two\nlayout: single\nwith_db: none\n"
)
Tool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def file(folder: Path) -> str:
    """A file with two projects: that called red has a line that Ruff refuses."""
    (folder / "all.yml").write_text(BLUEPRINTS.format("one"))
    (folder / "red.yml").write_text(BLUEPRINTS.format("red"))
    return "all.yml"


@pytest.fixture
def planted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    templates = folder / "planted" / "templates"
    shutil.copytree(find_templates(), templates)
    main = templates / "single" / "template" / "main.py.jinja"
    main.write_text(main.read_text() + '{% if name == "red" %}\nimport os\n{% endif %}\n')
    monkeypatch.setattr(render, "find_templates", lambda: templates)


def test_a_person_sees_a_line_for_each_project(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["smoke", file, "-v"]) == 0

    shown = capsys.readouterr().out
    assert "one (" in shown
    assert "    ✓ types " in shown
    assert "2 of 2 projects are proven, on Starlette 1." in shown


@pytest.mark.usefixtures("planted")
def test_what_is_red_is_told_to_everybody(
    file: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = ["--junit", "junit.xml", "--markdown", "summary.md"]

    assert cli.run(["smoke", "red.yml", *reports]) == 5

    said = capsys.readouterr()
    assert "✗ red" in said.out
    assert "  starlette-new smoke red.yml --only red" in said.out.splitlines()
    assert "starlette-new: 1 of 2 projects are not proven." in said.err
    assert len(ElementTree.parse(folder / "junit.xml").getroot()) == 2  # noqa: S314
    assert "**lint** red" in (folder / "summary.md").read_text()
    assert os.listdir(folder / "smoke.failed") == ["red"]


@pytest.mark.usefixtures("planted")
def test_a_program_is_told_in_one_document(
    file: str, capsys: pytest.CaptureFixture[str], printed: Draft202012Validator
) -> None:
    assert cli.run(["smoke", "red.yml", "--json", "-o", "kept"]) == 5

    document = json.loads(capsys.readouterr().out)
    printed.validate(document)
    assert document["error"]["code"] == "proof"
    assert [project["proven"] for project in document["projects"]] == [False, True]
    assert document["projects"][0]["folder"] == "kept/red"


@pytest.mark.usefixtures("planted")
def test_quiet_says_only_what_is_red(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["smoke", file, "-q"]) == 0
    assert capsys.readouterr().out == ""


def test_at_a_terminal_it_shows_what_is_at_work(file: str) -> None:
    primary, secondary = os.openpty()
    command = [sys.executable, "-m", "starlette_new", "smoke", file, "--only", "two"]
    process = subprocess.Popen(command, stdin=secondary, stdout=secondary, stderr=secondary)
    os.close(secondary)
    shown = b""
    try:
        while part := os.read(primary, 4096):
            shown += part
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(primary)

    assert process.wait() == 0
    assert "0 of 1, at work: two" in shown.decode()
    assert "✓ two (" in shown.decode()


def test_a_terminal_gets_the_same_lines(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "is_terminal", lambda stream: True)

    assert cli.run(["smoke", file, "--only", "two"]) == 0

    assert " two (" in capsys.readouterr().out


def test_what_is_chosen_is_listed(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["smoke", file, "--list"]) == 0
    assert capsys.readouterr().out == "one\ntwo\n"
    assert cli.run(["smoke", file, "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["dry_run"]
    assert cli.run(["smoke", file, "--list", "--github"]) == 0
    assert json.loads(capsys.readouterr().out)["include"][0]["shard"] == "1/1"
    assert cli.run(["smoke", file, "--shard", "3/3"]) == 2
    assert cli.run(["smoke", file, "--only", "one", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["projects"][0]["proven"]


def test_what_would_be_proven_can_be_listed(tool: Tool) -> None:
    listed = tool("smoke", "--list").stdout.splitlines()
    matrix = json.loads(tool("smoke", "--list", "--github", "--shards", "3").stdout)
    part = tool("smoke", "--list", "--shard", "2/3").stdout.splitlines()

    assert len(listed) >= 8
    assert matrix["include"][1] == {"shard": "2/3", "projects": ", ".join(part)}
    assert part == listed[1::3]


@pytest.mark.parametrize("text", ["1/1", "2/3", "3/3"])
def test_a_shard_is_a_part_of_so_many(text: str) -> None:
    assert "/".join(map(str, read_shard(text))) == text


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "a/b", "1/", "1/2/3", "\u0661/2", "-1/2"])
def test_a_shard_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="--shard cannot be"):
        read_shard(text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("all.yml --all", "FILE and --all exclude each other."),
        ("--pairwise --sample 3", "--pairwise and --sample exclude each other."),
        ("--github", "--github is a way to list."),
        ("--list --shards 3", "--shards is for --list --github."),
        ("--sample 0", "0 is not in the range"),
        ("all.yml --shard 3/3", "There is nothing to prove."),
        ("-j 0 all.yml", "0 projects cannot be proven at a time."),
    ],
)
def test_options_that_make_no_sense_together_are_refused(
    file: str, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    assert cli.run(["smoke", *line.split()]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert len(printed.err.splitlines()) == 1
