"""What programs rely on: the schema of blueprints, and that of all that is printed as JSON."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from starlette_new import cli, commands, errors
from starlette_new.blueprint import make_blueprint
from starlette_new.errors import UsageProblem
from starlette_new.examples import describe_examples, list_examples, read_example
from starlette_new.fields import TYPES
from starlette_new.prove import Check
from starlette_new.questions import EXCLUSIONS, QUESTIONS
from starlette_new.recipes import OwnRecipe
from starlette_new.schema import make_schema

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.yml"))
Tool = Callable[..., subprocess.CompletedProcess[str]]


BLUEPRINT = Draft202012Validator(make_schema())


def test_the_schema_of_blueprints_has_every_question() -> None:
    schema = json.loads(json.dumps(make_schema()))

    Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]) == [question.key for question in QUESTIONS]
    for question in QUESTIONS:
        described = schema["properties"][question.key]
        assert described["x-flag"] == question.flag
        assert described["title"] == question.help
        if question.is_switch:
            assert (described["type"], described["default"]) == ("boolean", False)
        elif question.choices:
            assert tuple(described["enum"]) == question.choices
            assert described["default"] == question.default
    assert schema["x-field-types"] == list(TYPES)
    assert schema["x-examples"] == describe_examples()


@pytest.mark.parametrize("name", list_examples())
def test_an_example_is_a_blueprint_but_for_its_name(name: str) -> None:
    BLUEPRINT.validate({"name": "demo", **read_example(name)})


@pytest.mark.parametrize("file", GOLDEN, ids=lambda path: path.stem)
def test_a_blueprint_file_is_a_blueprint(file: Path) -> None:
    BLUEPRINT.validate(yaml.safe_load(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "answers",
    [
        {"layout": "standard"},
        {"name": "9demo"},
        {"name": "demo", "layout": "big"},
        {"name": "demo", "with_skill": "maybe"},
        {"name": "demo", "nope": 1},
        {"name": "demo", "resources": "task a:int"},
        {"name": "demo", "resources": ["task"]},
        {"name": "demo", "resources": [{"label": "a"}]},
        {"name": "demo", "resources": [{"line": "task a:int", "nope": "a"}]},
        {"name": "demo", "with_db": "none", "resources": ["task a:int"]},
        {"name": "demo", "layout": "single", "resources": ["a b:many(a)"]},
        {"name": "demo", "layout": "single", "resources": [{"line": "a b:many(a)"}]},
        {"name": "demo", "layout": "single", "resources": [{"line": "a b:int", "sort": "b"}]},
        {"name": "demo", "layout": "single", "with_telemetry": True},
        {"name": "demo", "with_jobs": True, "resources": ["task a:int"]},
        {"name": "demo", "with_db": "postgres", "with_jobs": True},
        {"name": "demo", "with_db": "postgres", "with_jobs": True, "resources": []},
    ],
    ids=str,
)
def test_what_the_schema_refuses_a_blueprint_refuses_too(answers: dict[str, Any]) -> None:
    assert not BLUEPRINT.is_valid(answers)
    with pytest.raises(UsageProblem):
        make_blueprint(answers)


@pytest.mark.parametrize(
    "answers",
    [
        {"with_db": "postgres", "with_jobs": True, "resources": ["task a:int"]},
        {"layout": "single", "with_jobs": False, "resources": []},
    ],
    ids=str,
)
def test_what_the_schema_takes_a_blueprint_takes_too(answers: dict[str, Any]) -> None:
    BLUEPRINT.validate({"name": "demo", **answers})
    make_blueprint({"name": "demo", **answers})


def test_every_exclusion_is_in_the_schema() -> None:
    assert [rule["description"] for rule in make_schema()["allOf"]] == [e.hint for e in EXCLUSIONS]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("options", 0),
        ("options --nope", 2),
        ("demo --no-install --no-git", 0),
        ("demo --dry-run", 0),
        ("new demo --layout big", 2),
        ("class", 2),
        ("--nope", 2),
        ("demo -o nowhere", 3),
        ("demo --python 2.7", 4),
        ("check", 3),
        ("check --timeout 0", 2),
        ("skill", 0),
        ("skill file", 4),
        ("skill skills", 3),
        ("smoke --list", 0),
        ("smoke --only nope=1", 2),
        ("smoke --all --sample 3", 2),
        ("smoke nowhere.yml", 2),
        ("smoke one.yml --python 2.7", 4),
        ("smoke one.yml", 0),
    ],
)
def test_each_command_prints_one_document_as_its_schema_says(
    folder: Path, tool: Tool, printed: Draft202012Validator, line: str, code: int
) -> None:
    (folder / "file").touch()
    (folder / "skills" / "starlette").mkdir(parents=True)
    (folder / "one.yml").write_text("name: one\nlayout: single\nwith_db: none\n")

    done = tool(*line.split(), "--json")

    document = json.loads(done.stdout)
    printed.validate(document)
    assert done.returncode == code, done.stderr
    if "error" in document:
        kinds = {kind.code: kind.exit_code for kind in errors.Problem.__subclasses__()}
        assert kinds[document["error"]["code"]] == code
        assert document["command"] == (
            line.split()[0] if line[0] in "ocs" and "class" not in line else "new"
        )


def _fail(*arguments: object) -> None:
    raise RuntimeError("oh")


def _interrupt(*arguments: object) -> None:
    raise errors.Interrupted(15)


@pytest.mark.parametrize(("end", "code"), [(_fail, 1), (_interrupt, 143)])
def test_a_bug_and_a_signal_are_documents_too(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    printed: Draft202012Validator,
    end: Callable[..., None],
    code: int,
) -> None:
    monkeypatch.setattr(commands, "new", end)

    assert cli.run(["demo", "--json"]) == code
    printed.validate(json.loads(capsys.readouterr().out))


def test_a_red_proof_is_a_document_too(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    printed: Draft202012Validator,
) -> None:
    red = [Check("suite", False, 1.0, "1 failed")]
    monkeypatch.setattr(OwnRecipe, "install", lambda *arguments: None)
    monkeypatch.setattr(OwnRecipe, "prove", lambda *arguments: red)

    assert cli.run(["demo", "--layout", "single", "--json"]) == 5
    document = json.loads(capsys.readouterr().out)
    printed.validate(document)
    assert document["error"]["code"] == "proof"


def test_a_check_is_a_document_green_or_red(
    folder: Path, tool: Tool, monkeypatch: pytest.MonkeyPatch, printed: Draft202012Validator
) -> None:
    tool("demo", "--layout", "single", "--with-db", "none")
    monkeypatch.chdir(folder / "demo")

    green = tool("check", "--json")
    main = folder / "demo" / "main.py"
    main.write_text(main.read_text() + "import os\n")
    red = tool("check", "--json")

    assert (green.returncode, red.returncode) == (0, 5)
    for done in (green, red):
        printed.validate(json.loads(done.stdout))


def test_a_template_of_somebody_else_is_in_the_document(
    folder: Path, tool: Tool, printed: Draft202012Validator
) -> None:
    (folder / "template").mkdir()
    (folder / "template" / "copier.yml").write_text("title: A title\n")
    (folder / "template" / "a.txt.jinja").write_text("{{ title }}\n")

    made = tool("demo", "--template", "template", "--data", "title=B", "--json")
    listed = tool("smoke", "--template", "template", "--list", "--json")
    refused = tool("other", "--template", "template", "--data", "titel=B", "--json")

    assert [done.returncode for done in (made, listed, refused)] == [0, 0, 2]
    for done in (made, listed, refused):
        printed.validate(json.loads(done.stdout))
    assert json.loads(made.stdout)["project"]["answers"] == {"title": "B"}
    assert json.loads(made.stdout)["template"]["source"] == str(folder / "template")
