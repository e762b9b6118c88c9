"""The questions at a terminal: what is asked, asked again, and never asked."""

import io
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.errors import Interrupted, UsageProblem
from starlette_new.examples import read_example
from starlette_new.prompts import ask, make_command
from starlette_new.questions import STARTER

NO_MORE = ("", "", "", "", "", "")
"""Enter, for each question about what a project may have besides."""
OFF = {
    "with_jobs": False,
    "with_telemetry": False,
    "with_ci": "none",
    "with_pre_commit": False,
    "with_devcontainer": False,
    "with_docker": False,
    "with_skill": False,
}


def _type(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_enter_takes_every_default(monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, "demo", "", "", "", *NO_MORE, "", "", "")

    answers = ask({})

    assert answers == {
        "name": "demo",
        "layout": "standard",
        "with_db": "sqlite",
        "ui": "pages",
        **OFF,
        "resources": [STARTER],
    }


def test_a_resource_that_refers_to_a_later_one_is_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["item name:str maker:ref", "maker name:str:unique"]
    _type(monkeypatch, "demo", "", "", "", *NO_MORE, *lines, "-", "y")

    assert ask({})["resources"] == lines
    command = f"--resource '{lines[0]}' --resource '{lines[1]}'"
    assert command in " ".join(capsys.readouterr().out.split())


def test_resources_that_do_not_go_together_are_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ["item a:ref(itm)?", "-", "item x:many(item)", "-"]
    _type(monkeypatch, "single", "", "", *NO_MORE[2:], *wrong, "-", "y")

    assert ask({"name": "demo"})["resources"] == []
    shown = " ".join(capsys.readouterr().out.split())
    assert "Did you mean item?" in shown
    assert "--layout single and many exclude each other." in shown


def test_another_answer_that_is_wrong_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, "", "", *NO_MORE, "", "-")

    with pytest.raises(UsageProblem, match='--layout cannot be "big"'):
        ask({"name": "demo", "layout": "big"})


def test_resources_are_asked_until_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["item name:str", "part size:int"]
    _type(monkeypatch, "demo", "single", "sqlite", "none", *NO_MORE[2:], *lines, "-", "y")

    assert ask({})["resources"] == ["item name:str", "part size:int"]


def test_what_was_given_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _type(monkeypatch, "single", "github", "y", "n", "", "y")

    answers = ask({"name": "demo", "with_db": "none"})

    assert answers == {
        "name": "demo",
        "with_db": "none",
        "layout": "single",
        "ui": "pages",
        **OFF,
        "with_ci": "github",
        "with_pre_commit": True,
        "resources": [],
    }
    shown = " ".join(capsys.readouterr().out.split())
    command = "starlette-new demo --layout single --with-db none --with-ci github --with-pre-commit"
    assert command in shown
    assert "Hooks that run Ruff and mypy before each commit: yes" in shown


def test_a_wrong_answer_is_explained_and_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _type(
        monkeypatch,
        "class",
        "",
        "demo",
        "big",
        "standard",
        "sqlite",
        "pages",
        *NO_MORE,
        "task",
        "-",
        "y",
    )

    answers = ask({})

    shown = " ".join(capsys.readouterr().out.split())
    assert answers["name"] == "demo"
    assert answers["resources"] == []
    assert "is a word of Python itself" in shown
    assert "is empty" in shown
    assert "at least one field" in shown


@pytest.mark.parametrize("lines", [[], ["demo"], ["demo", "", "", "", *NO_MORE, "-", "n"]])
def test_no_and_a_closed_input_make_nothing(
    monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    _type(monkeypatch, *lines)

    with pytest.raises(Interrupted):
        ask({})


@pytest.mark.parametrize(
    ("answers", "command"),
    [
        ({"resources": [STARTER]}, "starlette-new demo"),
        ({}, "starlette-new demo --no-starter"),
        ({"with_db": "none"}, "starlette-new demo --with-db none"),
        (
            {"layout": "single", "resources": ["a_b c:str"]},
            "starlette-new demo --layout single --resource 'a_b c:str'",
        ),
    ],
)
def test_a_blueprint_has_its_command(answers: dict[str, Any], command: str) -> None:
    assert make_command(make_blueprint({"name": "demo", **answers})) == command


def test_with_an_example_neither_its_layout_nor_its_resources_are_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _type(monkeypatch, "demo", "none", *NO_MORE, "y")
    given = read_example("blog")

    answers = ask({**given, "resources": [*given["resources"], STARTER]}, "blog")

    assert answers["resources"] == [*given["resources"], STARTER]
    shown = " ".join(capsys.readouterr().out.split())
    assert f"starlette-new demo --ui none --example blog --resource '{STARTER}' Make it?" in shown


def test_an_example_alone_needs_no_other_words() -> None:
    blueprint = make_blueprint({"name": "demo", **read_example("shop")})

    assert make_command(blueprint, "shop") == "starlette-new demo --example shop"


def _talk(typed: str, *arguments: str) -> tuple[int, str]:
    primary, secondary = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "starlette_new", *arguments],
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
    )
    os.close(secondary)
    os.write(primary, typed.encode())
    shown = b""
    try:
        while part := os.read(primary, 4096):
            shown += part
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(primary)
    return process.wait(), shown.decode(errors="replace")


def test_a_person_at_a_terminal_is_asked(folder: Path) -> None:
    code, shown = _talk("demo\n\nnone\n\n\n\n\n\n\ny\n", "--no-install", "--no-git")

    assert code == 0
    assert shlex.join(["starlette-new", "demo", "--with-db", "none"]) in shown
    assert os.listdir(folder) == ["demo"]


@pytest.mark.parametrize("typed", ["demo\n\nnone\n\n\n\n\n\n\nn\n", "\x04"])
def test_a_person_may_leave_at_any_question(folder: Path, typed: str) -> None:
    code, _ = _talk(typed, "-i", "--no-install")

    assert code == 130
    assert os.listdir(folder) == []


@pytest.mark.parametrize("name", ["CI", "AGENT", "AI_AGENT", "CURSOR_AGENT"])
def test_a_program_at_a_terminal_is_not_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")

    code, shown = _talk("demo\n", "--no-install")

    assert (code, os.listdir(folder)) == (2, [])
    assert "The project has no name." in shown
