"""README.md, `--help`, the questions and the templates say the same."""

import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from starlette_new import errors, outcomes
from starlette_new.answers import read_answers
from starlette_new.blueprint import make_blueprint
from starlette_new.cli import app
from starlette_new.entries import KEYS
from starlette_new.fields import FORMS, TYPES
from starlette_new.questions import EXCLUSIONS, QUESTIONS, STARTER

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GROUP: Any = typer.main.get_command(app)


def list_flags(command: str) -> set[str]:
    names = (name for p in GROUP.commands[command].params for name in [*p.opts, *p.secondary_opts])
    return {name for name in names if name.startswith("-")}


def test_its_first_two_commands_need_nothing_but_python() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv ")]

    assert len(lines) == 2
    assert lines[0].endswith("starlette-new taskflow")
    assert "'.[test]'" in lines[1]


def test_its_table_has_every_option_of_new_and_no_other() -> None:
    table = README[README.index("| option of `new`") : README.index("The starter appears")]
    rows = re.findall(r"^\| (`-.*?`) \|", table.replace("\\|", "¦"), re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"`(-[\w-]*)", row)} == list_flags("new")


def test_its_table_of_smoke_has_every_option_and_no_other() -> None:
    table = README[README.index("| option of `smoke`") : README.index("FILE holds blueprints")]
    rows = re.findall(r"^\| (`-.*?`) \|", table.replace("\\|", "¦"), re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"`(-[\w-]*)", row)} == list_flags("smoke")


CHANGES = ["add", "remove", "rename", "apply", "update"]
OWN = {
    "add": {flag for flag in list_flags("new") if re.match("--(with|ui)", flag)},
    "update": {"--to", "--check"},
}


@pytest.mark.parametrize("command", CHANGES)
def test_its_table_of_changes_has_every_option_and_no_other(command: str) -> None:
    table = README[README.index("| option of `add`") : README.index("`add` takes, instead")]
    rows = re.findall(r"^\| (`-.*?`) \|", table, re.MULTILINE)

    shared = {name for row in rows for name in re.findall(r"`(-[\w-]*)", row)}
    assert shared | OWN.get(command, set()) == list_flags(command)


def test_it_names_the_options_that_only_one_change_takes() -> None:
    sentences = README[README.index("`add` takes, instead") : README.index("### Many projects")]

    for flag in {"--with-ci", "--with-db", "--ui", "--to", "--check"} | {
        flag for flag in OWN["add"] if "--with-" in flag
    }:
        assert flag in sentences


@pytest.mark.parametrize("command", ["check", "options", "skill", "diff", "adopt"])
def test_it_names_the_options_of_the_other_commands(command: str) -> None:
    short = {"--quiet": "-q", "--verbose": "-v"}
    sentence = re.search(rf"`{command}` takes\s+(.*?)[;.]", README, re.DOTALL)
    assert sentence

    named = set(re.findall(r"`(-[\w-]*)`", sentence[1]))
    assert named == list_flags(command) - set(short)


def test_it_explains_every_command() -> None:
    for name in GROUP.commands:
        assert f"`starlette-new {name}" in README


def write_types() -> list[str]:
    rows = [(list(forms), kind) for kind, forms in groupby(FORMS, FORMS.__getitem__)]
    return [
        f"| {', '.join(f'`{form}`' for form in forms)} | {kind.accepts} | {kind.limits} "
        f"| {f'`{kind.column}`' if kind.column else 'a table of its own'} "
        f"| {f'`{kind.sql}`' if kind.sql else 'refused'} |"
        for forms, kind in rows
    ]


def test_its_table_of_types_is_the_table_of_types() -> None:
    table = README[README.index("| type |") : README.index("With `--resources FILE`")]

    assert table.splitlines()[2:-1] == write_types()
    assert {form.partition("(")[0] for form in FORMS} == set(TYPES)


def test_its_table_of_entries_has_every_key() -> None:
    table = README[README.index("| key | value |") : README.index("What is typed wins")]

    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(KEYS)


def test_its_resources_and_its_blueprint_can_be_made() -> None:
    lines = re.findall(r'--resource "([^"]+)"', README)
    (file,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)

    assert make_blueprint({"name": "shop", "resources": lines})
    assert make_blueprint(read_answers(file.encode(), "README.md"))


def test_it_names_the_starter_and_every_question() -> None:
    assert f"`{STARTER}`" in README
    for question in QUESTIONS:
        assert question.flag in README
        for choice in () if question.is_switch else question.choices:
            assert choice in README


def test_it_names_every_exit_code_and_every_kind_of_error() -> None:
    for kind in errors.Problem.__subclasses__():
        assert re.search(rf"^\|.*\| .*\b{kind.exit_code}\b", README, re.MULTILINE)
        assert f"`{kind.code}`" in README


def test_it_names_every_key_of_the_json_document() -> None:
    for name in ("proven", "dry_run", "checks", "notes", "next", "seconds", "files"):
        assert name in outcomes.Outcome.__dataclass_fields__
        assert f"`{name}`" in README


@pytest.mark.parametrize("layout", ["standard", "single"])
def test_the_questions_of_a_template_are_the_questions_of_the_tool(layout: str) -> None:
    text = (ROOT / "project_templates" / layout / "copier.yml").read_text(encoding="utf-8")
    asked = {key: value for key, value in yaml.safe_load(text).items() if key[0] != "_"}
    refused = {e.other for e in EXCLUSIONS if (e.key, e.answer) == ("layout", layout)}

    for question in QUESTIONS:
        if question.key in asked:
            choices = () if question.is_switch else question.choices
            left = [one for one in choices if f"{question.key}={one}" not in refused]
            assert list(asked[question.key].get("choices", ())) == left
    assert {"name", "with_db", "resources"} <= asked.keys()
