"""The command line: what can be typed, what is refused, and what each end prints."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.main

from starlette_new import __version__, cli, commands, preparing
from starlette_new.cli import run
from starlette_new.errors import Interrupted
from starlette_new.examples import list_examples
from starlette_new.names import COMMANDS
from starlette_new.questions import QUESTIONS, STARTER

QUICK = ("--no-install", "--no-git")
Tool = Callable[..., subprocess.CompletedProcess[str]]


def _read_resources(project: Path) -> str:
    return (project / ".copier-answers.yml").read_text().partition("_applied")[0]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "The project has no name. Type: starlette-new NAME"),
        ("new", "The project has no name."),
        ("--layout single", "The project has no name."),
        ("update --json-nope", "No such option: --json-nope"),
        ("class", "is a word of Python itself"),
        ("demo other", "extra argument"),
        ("--nope", "No such option: --nope"),
        ("demo --nope", "No such option: --nope"),
        ("-rf", '"-rf": No such option: -r'),
        ("demo --layout", "requires an argument"),
        ("demo --layout big", '--layout cannot be "big". Choose standard or single.'),
        ("demo --with-db mysql", '--with-db cannot be "mysql". Choose sqlite or postgres or none.'),
        ("demo --layout single --layout standard", "--layout is given twice"),
        ("demo --layout single --layout single", "--layout is given twice"),
        ("demo --git --no-git", "is given twice"),
        ("demo --no-git --no-git", "is given twice"),
        ("demo -n --dry-run", "--dry-run is given twice"),
        ("demo --resource task", "at least one field"),
        ("demo --timeout soon", "--timeout"),
        ("demo --timeout 0", "--timeout"),
        ("demo --timeout nan", "--timeout"),
        ("demo --answers missing.yml", "cannot be read"),
        ("demo --resources missing.txt", '"missing.txt" cannot be read'),
        ("demo --resources a.txt --resources a.txt", "--resources is given twice"),
        ("demo -i", "There is no terminal to ask at."),
        ("demo -i --answers a.yml", "-i and --answers exclude each other."),
        ("demo --example tasklow", 'no example "tasklow". Did you mean taskflow? The examples are'),
        ("demo --example shop --example blog", "--example is given twice"),
        ("demo --example shop --answers a.yml", "--example and --answers exclude each other."),
        ("demo --example shop --starter", "--example and --starter exclude each other."),
        ("demo --example shop -i", "There is no terminal to ask at."),
        ("demo --example shop --layout big", '--layout cannot be "big".'),
        ("demo --example blog --layout single", "--layout single and --example blog exclude each"),
        ("demo --example shop --with-db none", "--with-db none and --example shop exclude each"),
        ("--example shop", "The project has no name."),
        ("--template .", "The project has no name. Type: starlette-new NAME --template"),
        ("demo --template tmpl", 'There is no template "tmpl". Give a folder or an address'),
        ("demo --template . --template .", "--template is given twice"),
        ("demo --template . --data a", '--data cannot be "a". Write it like --data key=value.'),
        ("demo --template . --data a=1 --data a=2", "--data a is given twice."),
        ("demo --template . --layout single", "--template and --layout exclude each other."),
        ("demo --template . --with-db none", "--template and --with-db exclude each other."),
        ("demo --template . --ui none", "--template and --ui exclude each other."),
        ("demo --template . --resource a", "--template and --resource exclude each other."),
        ("demo --template . --resources a", "--template and --resources exclude each other."),
        ("demo --template . --starter", "--template and --starter exclude each other."),
        ("demo --template . --no-starter", "--template and --starter exclude each other."),
        ("demo --template . --answers a", "--template and --answers exclude each other."),
        ("demo --template . --example blog", "--template and --example exclude each other."),
        ("demo --template . -i", "--template and -i exclude each other."),
        ("demo --template gh:a/b --offline", '--offline and the address "gh:a/b" exclude each'),
        ("a/b --template .", '"a/b" is no name for the folder of a project.'),
        ("demo --trust", "--trust needs --template."),
        ("demo --data a=1", "--data needs --template."),
        ("options demo", "extra argument"),
        ("check demo", "extra argument"),
        ("new --version", "No such option: --version"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], line: str, why: str
) -> None:
    assert run(line.split()) == 2

    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("starlette-new: ")
    assert shown.err.count("\n") == 1
    assert why in shown.err
    assert list(folder.iterdir()) == []


def test_resources_without_a_database_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--with-db", "none", "--resource", STARTER]) == 2
    assert "use --with-db sqlite" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_project_with_the_name_of_a_command_needs_new(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert run(["new", name, "--dry-run", "--quiet"]) == 0
    assert run(["--dry-run", name]) == 2
    assert f"starlette-new new {name}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", *QUICK, "-q"],
        ["new", "demo", *QUICK, "-q"],
        [*QUICK, "-q", "demo"],
        [*QUICK, "--quiet", "--", "demo"],
        ["new", *QUICK, "--layout=standard", "-q", "--", "demo"],
        [*QUICK, "-q", "-o", ".", "demo"],
    ],
)
def test_a_name_may_stand_before_between_or_after_options(
    folder: Path, arguments: list[str]
) -> None:
    assert run(arguments) == 0

    assert os.listdir(folder) == ["demo"]
    assert STARTER in _read_resources(folder / "demo")


def test_every_option_of_what_to_make_reaches_the_project(folder: Path) -> None:
    arguments = ["--layout", "single", "--with-db", "sqlite", "--starter"]

    code = run(
        ["demo", *arguments, "--resource", "item b:str", "--resource", "part d:int", *QUICK, "-q"]
    )

    assert code == 0
    answers = _read_resources(folder / "demo")
    assert "layout: single" in answers
    assert [answers.count(line) for line in (STARTER, "- item b:str", "- part d:int")] == [1, 1, 1]


def test_a_project_is_made_from_a_file_under_another_name(folder: Path) -> None:
    (folder / "blueprint.yml").write_text("name: file\nresources: [item b:str]\n")

    assert run(["demo", "--answers", "blueprint.yml", *QUICK, "-q"]) == 0
    assert run(["--answers", "blueprint.yml", *QUICK, "-q"]) == 0

    assert sorted(os.listdir(folder)) == ["blueprint.yml", "demo", "file"]
    assert "- item b:str" in _read_resources(folder / "demo")


def test_resources_are_read_from_a_file_before_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "shop.txt").write_text("# what is sold\nitem b:str\n")
    (folder / "blueprint.yml").write_text("resources: [part d:int]\n")
    files = ["--resources", "shop.txt", "--answers", "blueprint.yml"]

    assert run(["demo", *files, "--resource", "tag e:str", "-n", "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    lines = ["part d:int", "item b:str", "tag e:str"]
    assert document["project"]["answers"]["resources"] == lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# x\n\nitem b:strr\n", 3),
        ("item b:str\nitems c:str\n", 2),
        ("item b:str c:ref\npart d:str\n", 1),
        ("a b:ref\nb a:ref\n", 1),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, line: int
) -> None:
    (folder / "shop.txt").write_text(text)

    assert run(["demo", "--resources", "shop.txt", "-n"]) == 2
    assert f'starlette-new: "shop.txt", line {line}: ' in capsys.readouterr().err


def test_a_file_without_resources_is_an_answer_as_well(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "shop.txt").write_text("# nothing yet\n")

    assert run(["demo", "--resources", "shop.txt", "-n", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["project"]["answers"]["resources"] == []


def test_an_example_is_made_under_a_name_with_what_else_was_typed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "more.txt").write_text("team name:str\n")
    more = ["--resource", "meeting day:date task:ref?", "--resources", "more.txt", "--ui", "none"]

    assert run(["demo", "--example", "taskflow", *more, "-n", "--json"]) == 0

    answers = json.loads(capsys.readouterr().out)["project"]["answers"]
    lines = [r if isinstance(r, str) else r["line"].split()[0] for r in answers["resources"]]
    assert (answers["name"], answers["layout"], answers["ui"]) == ("demo", "standard", "none")
    assert lines[:4] == ["project", "label", "task", "comment"]
    assert lines[4:] == ["team name:str", "meeting day:date task:ref?"]


def test_a_problem_with_an_example_names_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--example", "blog", "--layout", "single", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["field"] == "example"


def test_a_blueprint_is_read_from_standard_input(folder: Path, tool: Tool) -> None:
    done = tool("--answers", "-", *QUICK, typed="name: demo\nresources: []\n")

    assert done.returncode == 0
    assert "resources: []" in _read_resources(folder / "demo")


def test_a_project_is_made_elsewhere(folder: Path) -> None:
    (folder / "else").mkdir()

    assert run(["demo", "-o", "else", *QUICK, "-q"]) == 0
    assert os.listdir(folder / "else") == ["demo"]
    assert run(["demo", "-o", "missing", *QUICK, "-q"]) == 3


def test_a_dry_run_shows_every_file_and_writes_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--dry-run"]) == 0

    assert "pyproject.toml" in capsys.readouterr().out
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("mask", "mode"), [(0o000, 0o644), (0o077, 0o600), (0o002, 0o644)])
def test_nobody_else_may_write_what_is_made_now(folder: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        assert run(["options"]) == 0
        (folder / "file").touch()
    finally:
        os.umask(before)

    assert (folder / "file").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["new", "--help"], ["check", "-h"]])
def test_help_is_given(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(arguments) == 0
    assert "Usage: starlette-new" in capsys.readouterr().out


def test_one_page_of_help_shows_every_question(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])

    page = capsys.readouterr().out
    assert all(question.flag in page for question in QUESTIONS)
    assert all(command in page for command in ("new", "check", "options"))


def test_the_version_is_printed_among_other_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version", "check"]) == 0
    assert capsys.readouterr().out == f"starlette-new {__version__}\n"


def test_the_questions_are_listed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["options", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)["properties"]) == [
        question.key for question in QUESTIONS
    ]


def test_the_questions_are_listed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["options"]) == 0
    assert "--with-db" in capsys.readouterr().out


def test_every_example_can_be_completed_and_is_named_in_the_help() -> None:
    group: Any = typer.main.get_command(cli.app)
    (option,) = [param for param in group.commands["new"].params if param.name == "example"]

    assert [item.value for item in option.shell_complete(None, "")] == list_examples()
    assert set(list_examples()) <= set(re.findall(r"\w+", option.help))


def test_whatever_can_be_switched_off_can_be_switched_on() -> None:
    group: Any = typer.main.get_command(cli.app)

    for command in group.commands.values():
        names = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
        switches = {name for name in names if name.startswith("--no-")}
        assert {f"--{name.removeprefix('--no-')}" for name in switches} <= names
        assert {name.replace("--without-", "--with-") for name in names} <= names


def test_every_choice_can_be_completed() -> None:
    group: Any = typer.main.get_command(cli.app)
    params = {param.name: param for param in group.commands["new"].params}

    for question in QUESTIONS:
        if question.choices and not question.is_switch:
            completed = params[question.key].shell_complete(None, "")
            assert [item.value for item in completed] == list(question.choices)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Interrupted(2), 130, "Interrupted. Nothing"),
        (Interrupted(15), 143, "Interrupted. Nothing"),
        (RuntimeError("oh"), 1, "a bug of ours"),
    ],
)
def test_other_ends_have_their_exit_codes(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    def end(*_: object) -> None:
        raise error

    monkeypatch.setattr(commands, "new", end)

    assert run(["demo"]) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "ci"), [(["--json"], None), ([], "true")])
def test_nobody_is_asked_who_is_not_there(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], ci: str | None
) -> None:
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", terminal)
    if ci:
        monkeypatch.setenv("CI", ci)

    assert run(["-i", *arguments]) == 2


def test_no_streams_at_all_are_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    assert run([]) == 2


def test_the_options_of_new_can_be_completed_without_its_name() -> None:
    group: Any = typer.main.get_command(cli.app)
    context = group.make_context("starlette-new", [], resilient_parsing=True)

    assert "--with-db" in {item.value for item in group.shell_complete(context, "--wi")}


def test_whoever_leaves_the_questions_makes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def leave(_: str = "") -> str:
        raise EOFError

    monkeypatch.setattr(preparing, "may_ask", lambda as_json: True)
    monkeypatch.setattr("builtins.input", leave)

    assert run([]) == 130
    assert "Interrupted" in capsys.readouterr().err
    assert not any(folder.iterdir())


def test_a_person_sees_the_plan(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--dry-run"]) == 0

    assert "  create   pyproject.toml" in capsys.readouterr().out
    assert not any(folder.iterdir())


def test_a_program_gets_the_plan_as_one_document(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--dry-run", "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert (document["dry_run"], document["files"]) == (True, [])
    assert {"action": "create", "path": "pyproject.toml", "why": ""} in document["plan"]
