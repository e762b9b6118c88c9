"""Projects from somebody's template: what is proven, what is not, and what is left on disk."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from starlette_new import commands
from starlette_new.cli import run
from starlette_new.commands import Options
from starlette_new.errors import UsageProblem
from starlette_new.outcomes import Outcome, RedProof
from starlette_new.place import LOG_NAME

PROJECT = """\
[project]
name = "thing"
version = "1"
requires-python = ">=3.11"
{more}
[build-system]
requires = ["uv_build>=0.9"]
build-backend = "uv_build"
"""
IN_A_GROUP = '[dependency-groups]\ndev = ["pytest"]\n'
IN_ANOTHER = '[dependency-groups]\ntest = ["pytest"]\n'
IN_AN_EXTRA = '[project.optional-dependencies]\ntest = ["pytest"]\n'
APART = """\
[project.optional-dependencies]
a = ["pytest"]
b = ["anyio"]
[tool.uv]
conflicts = [[{extra = "a"}, {extra = "b"}]]
"""
GREEN = """\
import thing
from pathlib import Path

def test_it():
    Path("left").mkdir()
    for name in ("left/a", "b"):
        Path(name).touch()
    Path("c").symlink_to("left")
"""
RED = "def test_it():\n    assert False\n"
Template = Callable[..., Path]


def _files(more: str = IN_A_GROUP, test: str = GREEN) -> dict[str, str]:
    project = PROJECT.replace("{more}", more)
    return {
        "pyproject.toml": project,
        "src/thing/__init__.py": "name='{{ not rendered }}'\n",
        "tests/test_it.py": test,
        ".gitignore": ".venv\n__pycache__\n",
    }


def _make(source: Path, *, trust: bool = False, **more: object) -> Outcome:
    options = Options(**{"folder": Path(), "python": sys.executable, **more})  # type: ignore[arg-type]
    return commands.new_from_template(
        "my.app", str(source), {}, options, lambda _: None, trust=trust
    )


def _git(*arguments: str) -> str:
    command = ["git", "-C", "my.app", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("more", [IN_A_GROUP, IN_ANOTHER, IN_AN_EXTRA])
def test_a_template_with_tests_is_proven(folder: Path, template: Template, more: str) -> None:
    outcome = _make(template("a: 1\n", _files(more)))

    assert outcome.proven
    assert [check.name for check in outcome.checks] == ["render", "install", "suite"]
    assert outcome.answers == {"a": 1}
    assert outcome.next == ["cd my.app"]
    assert outcome.notes == ["A Git repository with one commit."]
    assert os.listdir(folder) == ["my.app"]
    assert _git("status", "--porcelain", "--ignored") == "!! .venv/\n"
    assert sorted(_git("ls-files").split()) == sorted(outcome.files)
    assert "{{ not rendered }}" in Path("my.app/src/thing/__init__.py").read_text()


def test_a_proven_project_works_where_it_was_placed(folder: Path, template: Template) -> None:
    _make(template("a: 1\n", _files(IN_AN_EXTRA, "import thing\n\ndef test_it(): pass\n")))

    python = str(folder / "my.app" / ".venv" / "bin" / "python")
    command = [python, "-c", "import pytest, thing; print(thing.__file__)"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)

    assert done.stdout.strip() == str(folder / "my.app" / "src" / "thing" / "__init__.py")


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.txt": ""}, "Not installed and not proven: there is no pyproject.toml."),
        ({"pyproject.toml": "[tool.x]\n"}, "its pyproject.toml has no [project]."),
        ({"pyproject.toml": "[tool"}, "its pyproject.toml cannot be read."),
    ],
)
def test_what_cannot_be_installed_is_placed_unproven(
    folder: Path, template: Template, files: dict[str, str], why: str
) -> None:
    outcome = _make(template("a: 1\n", files))

    assert not outcome.proven
    assert why in outcome.notes[0]
    assert outcome.files == sorted(files)
    assert [check.name for check in outcome.checks] == ["render"]
    assert os.listdir(folder) == ["my.app"]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (_files(""), "Not proven: pytest is not among what the project installs."),
        (_files(APART), "Not proven: pytest is not among what the project installs."),
        (_files(test="import thing\n"), "Not proven: pytest found no tests."),
    ],
)
def test_what_has_no_suite_is_installed_unproven(
    folder: Path, template: Template, files: dict[str, str], why: str
) -> None:
    outcome = _make(template("a: 1\n", files), repository=False)

    assert not outcome.proven
    assert outcome.notes == [why]
    assert "uv.lock" in outcome.files
    assert [check.name for check in outcome.checks] == ["render", "install"]
    assert (folder / "my.app" / ".venv").is_dir()
    assert not (folder / "my.app" / ".git").exists()


def test_a_red_suite_leaves_the_project_aside(folder: Path, template: Template) -> None:
    with pytest.raises(RedProof, match=r'The project "my.app" is not proven: suite \(1 failed'):
        _make(template("a: 1\n", _files(test=RED)))

    assert os.listdir(folder) == ["my.app.failed"]
    assert "assert False" in (folder / "my.app.failed" / LOG_NAME).read_text()


def test_a_dry_run_plans_the_same_files_and_runs_nothing(folder: Path, template: Template) -> None:
    source = template(f"_tasks: [touch {folder}/ran]\n", _files(test="import thing\n"))

    planned = _make(source, dry_run=True, trust=True)

    assert list(folder.iterdir()) == []
    made = _make(source, verify=False, trust=True)
    assert sorted(os.listdir(folder)) == ["my.app", "ran"]
    assert planned.files == made.files
    assert planned.template == made.template


def test_a_refused_template_leaves_nothing(folder: Path, template: Template) -> None:
    source = template("_tasks: [touch ran]\n")

    for dry_run in (False, True):
        with pytest.raises(UsageProblem, match="wants to run code"):
            _make(source, dry_run=dry_run)

    assert list(folder.iterdir()) == []


def test_a_lock_of_the_template_is_listed_once(template: Template) -> None:
    source = template("a: 1\n", {**_files(), "uv.lock": "version = 1\n"})

    assert _make(source, dry_run=True).files.count("uv.lock") == 1


def test_a_repository_of_the_template_is_left_alone(folder: Path, template: Template) -> None:
    source = template("_tasks: [git init -q, git add ., git commit -qm Mine]\n")

    outcome = _make(source, trust=True)

    assert "A Git repository, made by the template." in outcome.notes
    assert _git("log", "--format=%s") == "Mine\n"


def test_a_version_that_is_read_from_git_can_be_built(folder: Path, template: Template) -> None:
    files = _files(test="import thing\n\ndef test_it(): pass\n")
    backend = "import subprocess\nsubprocess.run(['git', 'describe', '--always'])\n"
    files["in_git.py"] = (
        "from uv_build import *\nimport pathlib\nassert pathlib.Path('.git').is_dir()\n" + backend
    )
    files["pyproject.toml"] = files["pyproject.toml"].replace(
        'build-backend = "uv_build"', 'build-backend = "in_git"\nbackend-path = ["."]'
    )

    assert _make(template("a: 1\n", files)).proven


def test_the_command_says_where_the_template_is_from(
    folder: Path, template: Template, capsys: pytest.CaptureFixture[str]
) -> None:
    source = str(template("title: x\n", {"{{ title }}.txt": ""}))
    line = ["demo", "--template", source, "--data", "title=b", "--no-install", "--no-git"]

    assert run([*line, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["project"]["answers"] == {"title": "b"}
    assert document["template"] == {
        "source": source,
        "version": None,
        "commit": None,
        "author": None,
    }
    assert document["files"] == ["b.txt"]

    assert run([*line, "--dry-run", "-o", "demo"]) == 0
    assert f"template {source}" in capsys.readouterr().out


def test_a_secret_is_not_told(template: Template, capsys: pytest.CaptureFixture[str]) -> None:
    source = str(template("key: {type: str, default: '', secret: true}\n"))

    assert run(["demo", "--template", source, "--data", "key=abc", "-n", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["project"]["answers"] == {}
