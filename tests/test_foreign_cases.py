"""Somebody's own template, proven with its answers in combinations."""

import json
import subprocess
from pathlib import Path

import pytest

from starlette_new import cli
from starlette_new.cases import Selection
from starlette_new.errors import UsageProblem
from starlette_new.foreign_cases import choose_foreign

TEMPLATE = {
    "copier.yml": """
_subdirectory: template
title:
  type: str
  default: A title
database:
  type: str
  choices: [none, sqlite, post/gres]
with_docs:
  type: bool
  default: false
worked_out:
  type: bool
  default: true
  when: false
""",
    "template/pyproject.toml.jinja": """
[project]
name = "demo"
version = "0"
requires-python = ">=3.11"
[dependency-groups]
dev = ["pytest"]
[tool.uv]
package = false
""",
    "template/test_demo.py.jinja": """
def test_demo():
    assert "{{ database }}" != "sqlite"
""",
}


@pytest.fixture
def template(folder: Path) -> Path:
    """A template whose projects are red with one of three databases."""
    for name, text in TEMPLATE.items():
        path = folder / "template" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "template"


def _choose(template: Path, selection: Selection, **data: str) -> list[str]:
    cases = choose_foreign(str(template), data, selection, trust=False, timeout=60.0)
    return [case.name for case in cases]


def test_every_pair_of_its_answers_is_chosen(template: Path) -> None:
    assert sorted(_choose(template, Selection())) == [
        "none-no_with_docs",
        "none-with_docs",
        "post_gres~3-no_with_docs",
        "post_gres~3-with_docs",
        "sqlite-no_with_docs",
        "sqlite-with_docs",
    ]


def test_a_part_of_them_can_be_chosen(template: Path) -> None:
    assert len(_choose(template, Selection(sample=2))) == 2
    assert len(_choose(template, Selection(shard=(1, 3)))) == 2
    assert _choose(template, Selection(only=("none-with_docs",))) == ["none-with_docs"]
    assert len(_choose(template, Selection(only=("with_docs=true",)))) == 3


def test_an_answer_that_is_given_is_not_varied(template: Path) -> None:
    assert len(_choose(template, Selection(), with_docs="true")) == 3
    assert _choose(template, Selection(), with_docs="true", database="none") == ["defaults"]


def test_a_template_that_wants_to_run_code_is_refused(template: Path) -> None:
    with (template / "copier.yml").open("a") as file:
        file.write("_tasks: [make everything]\n")

    with pytest.raises(UsageProblem, match='wants to run code: the task "make everything"'):
        _choose(template, Selection())


def test_more_combinations_than_can_be_listed_are_refused(template: Path) -> None:
    with (template / "copier.yml").open("a") as file:
        file.writelines(f"more_{n}: false\n" for n in range(20))

    assert 0 < len(_choose(template, Selection())) < 30
    with pytest.raises(UsageProblem, match="There are 6291456 combinations"):
        _choose(template, Selection(all=True))


def test_its_projects_are_proven_by_their_own_tests(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["smoke", "--template", "template", "--data", "with_docs=false", "-j", "2"]

    assert cli.run([*line, "-o", "kept"]) == 5

    shown = capsys.readouterr().out
    assert "2 of 3 projects are proven" in shown
    assert "✗ sqlite" in shown
    command = "  starlette-new smoke --template template --data=with_docs=false --only sqlite"
    assert command in shown.splitlines()
    assert (template.parent / "kept" / "sqlite" / "test_demo.py").is_file()


@pytest.mark.parametrize(
    ("file", "text", "check"),
    [
        ("broken.py", "def (:\n", "lint"),
        ("undefined.py", "print(nobody)\n", "lint"),
        ("test_more.py", "import not_a_dependency\n", "suite"),
        ("test_more.py", "def test_hang():\n    while True:\n        pass\n", "suite"),
        ("ruff.toml", 'lint.select = ["D100"]\n', "lint"),
        (".ruff.toml", 'lint.select = ["D100"]\n', "lint"),
    ],
)
def test_a_defect_of_a_template_is_red_by_its_name(
    template: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, check: str
) -> None:
    (template / "template" / file).write_text(text)
    line = ["smoke", "--template", "template", "--only", "none-with_docs", "--timeout", "15"]

    assert cli.run([*line, "--json"]) == 5

    (project,) = json.loads(capsys.readouterr().out)["projects"]
    assert next(one["name"] for one in project["checks"] if not one["ok"]) == check
    assert project["command"].startswith("starlette-new smoke --template template --only")


def test_another_starlette_is_nothing_to_a_project_without_dependencies(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (template / "template" / "pyproject.toml.jinja").unlink()
    line = ["smoke", "--template", "template", "--only", "none-with_docs"]

    assert cli.run([*line, "--starlette", "starlette>=1.10"]) == 5
    assert "there is no pyproject.toml" in capsys.readouterr().out


def test_what_cannot_be_proven_is_not_green(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (template / "template" / "test_demo.py.jinja").unlink()

    assert cli.run(["smoke", "--template", "template", "--only", "none-with_docs"]) == 5

    shown = capsys.readouterr().out
    assert "Not proven: pytest found no tests." in shown
    assert "0 of 1 projects are proven" in shown


def test_no_two_combinations_have_one_name(template: Path) -> None:
    (template / "copier.yml").write_text(
        'a:\n  choices: ["x y", "x_y", "x~y", "é"]\n  default: "é"\n'
    )

    assert sorted(_choose(template, Selection())) == ["_~4", "x_y", "x_y~1", "x_y~3"]


def test_answers_that_it_refuses_are_left_out(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (template / "copier.yml").open("a") as file:
        file.write(
            "more:\n  type: str\n  choices: [a, b]\n  default: a\n"
            "  validator: \"{% if more == 'b' %}Never b.{% endif %}\"\n"
            "many:\n  type: yaml\n  choices: [p, q]\n  multiselect: true\n  default: [p]\n"
        )
    line = ["smoke", "--template", "template", "--data", "database=none"]
    line += ["--data", "with_docs=true"]

    assert cli.run([*line, "--json"]) == 0
    projects = json.loads(capsys.readouterr().out)["projects"]
    assert {one["name"]: one["proven"] for one in projects} == {"a": True, "b": None}
    assert cli.run([*line, "--only", "b"]) == 2
    assert "Never b." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"nope": "1"}, "has no question"),
        ({"database": "oracle"}, "cannot be"),
        ({}, "has no default"),
    ],
)
def test_answers_are_checked_before_anything_is_proven(
    template: Path, data: dict[str, str], said: str
) -> None:
    with (template / "copier.yml").open("a") as file:
        file.write("needed:\n  type: str\n")

    with pytest.raises(UsageProblem, match=said):
        _choose(template, Selection(), **data)


def test_a_folder_is_taken_as_it_is_now(template: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=template, check=True, capture_output=True)  # noqa: S607

    git("init")
    git("add", ".")
    git("commit", "--message", "First")
    git("tag", "v1.0.0")
    with (template / "copier.yml").open("a") as file:
        file.write("newer: true\n")

    assert len(_choose(template, Selection(all=True))) == 12


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("all.yml --template a", "--template and FILE exclude each other."),
        ("--data a=b", "--data needs --template."),
        ("--trust", "--trust needs --template."),
        ("--template nowhere", "There is no template"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    assert cli.run(["smoke", *line.split()]) == 2
    assert said in capsys.readouterr().err
