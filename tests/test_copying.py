"""Copying somebody's template: what it is, what it may do, what each mistake is answered with."""

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from starlette_new import copying
from starlette_new.copying import copy, main
from starlette_new.errors import Problem, SurroundingsProblem, UsageProblem

ASKED = """\
title: {type: str, default: Hello}
license: {type: str, choices: {The MIT: mit, The BSD: {value: bsd}}, default: mit}
python: {choices: ["3.11", ["new", "3.12"]], default: "3.11"}
tests: true
size: {type: int, default: 3, validator: "{% if size < 1 %}It is too small.{% endif %}"}
ci: {type: str, choices: "{{ [title] }}", default: "{{ title }}"}
slug: {type: str, default: "{{ title|lower }}", when: false}
key: {type: str, default: none, secret: true}
"""
FILES = {"{{ slug }}.txt.jinja": "{{ title }} {{ license }} {{ size }}\n"}
Template = Callable[..., Path]

# Copier leaves a folder open that it was reading when it failed.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"
)


def _copy(
    source: object,
    data: Mapping[str, str] | None = None,
    *,
    trust: bool = False,
    tasks: bool = True,
) -> dict[str, Any]:
    return copy(str(source), str(Path("demo").absolute()), data or {}, trust, tasks)


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    return done.stdout.strip()


def _commit(repository: Path, tag: str | None = None) -> None:
    _git(repository, "init", "--quiet")
    _git(repository, "add", "--all")
    _git(repository, "commit", "--quiet", "--message", "Change it")
    if tag:
        _git(repository, "tag", tag)


def test_questions_are_answered_by_data_or_their_defaults(folder: Path, template: Template) -> None:
    source = template(ASKED, FILES)

    done = _copy(source, {"title": "Hi", "size": "5", "tests": "no"})

    assert done["files"] == ["hi.txt"]
    assert (folder / "demo" / "hi.txt").read_text() == "Hi mit 5\n"
    assert done["answers"] == {
        "title": "Hi",
        "license": "mit",
        "python": "3.11",
        "tests": False,
        "size": 5,
        "ci": "Hi",
    }


def test_a_template_is_described_without_being_copied(folder: Path, template: Template) -> None:
    done = copy(str(template(ASKED, FILES)), None, {}, False, False)

    asked = {question["name"]: question for question in done["template"]["questions"]}
    assert list(folder.iterdir()) == []
    assert asked["title"] == {
        "name": "title",
        "type": "str",
        "choices": [],
        "default": "Hello",
        "help": "",
        "computed": False,
        "required": False,
    }
    assert asked["license"]["choices"] == ["mit", "bsd"]
    assert asked["python"]["choices"] == ["3.11", "3.12"]
    assert asked["ci"]["choices"] == []
    assert [asked[name]["type"] for name in ("tests", "size", "slug")] == ["bool", "int", "str"]
    assert [name for name in asked if asked[name]["computed"]] == ["slug"]


def test_a_folder_has_no_author(template: Template) -> None:
    described = copy(str(template("a: 1\n")), None, {}, False, False)["template"]

    assert [described[key] for key in ("version", "commit", "author")] == [None, None, None]


def test_at_an_address_of_git_the_latest_version_is_copied(
    folder: Path, template: Template
) -> None:
    source = template("a: 1\n", {"a.txt": "old\n"})
    _commit(source, "1.0")
    _git(source, "config", "user.name", "Eve\033[2J")
    template("a: 1\n", {"a.txt": "new\n"})
    _commit(source)

    described = _copy(f"git+file://{source}")["template"]

    assert (folder / "demo" / "a.txt").read_text() == "old\n"
    assert described["version"] == "1.0"
    assert described["commit"] == _git(source, "log", "-1", "--format=%h", "1.0")
    assert described["author"] == "Ada <ada@example.com>"


@pytest.mark.filterwarnings("ignore:Dirty template changes")
def test_what_is_not_committed_is_copied_too(folder: Path, template: Template) -> None:
    source = template("a: 1\n", {"a.txt": "old\n"})
    _commit(source)
    template("a: 1\n", {"a.txt": "new\n"})

    described = _copy(source)["template"]

    assert (folder / "demo" / "a.txt").read_text() == "new\n"
    assert described["version"] is None
    assert described["author"] == "Ada <ada@example.com>"


def test_a_name_does_nothing_to_a_terminal(template: Template) -> None:
    source = template("a: 1\n")
    _git(source, "init", "--quiet")
    _git(source, "config", "user.name", "Eve\033[2J")
    _commit(source)

    described = copy(str(source), None, {}, False, False)["template"]

    assert described["author"] == "Eve\\x1b[2J <ada@example.com>"


def test_code_is_refused_with_its_author_and_all_of_it(folder: Path, template: Template) -> None:
    source = template(
        "_tasks: [touch ../ran, [touch, a b], {command: 'x\ny'}]\n"
        "_jinja_extensions: [jinja2.ext.do]\n"
    )
    _commit(source, "2.0")

    with pytest.raises(UsageProblem) as caught:
        _copy(source)

    commit = _git(source, "log", "-1", "--format=%h")
    assert caught.value.message == (
        f'The template "{source}" by Ada <ada@example.com> (2.0, commit {commit}) wants to run '
        'code: the task "touch ../ran", the task "touch \'a b\'", the task "x y", '
        'the Jinja extension "jinja2.ext.do".'
    )
    assert "--trust" in caught.value.hint
    assert list(folder.iterdir()) == []


def test_code_of_a_folder_is_refused_with_its_path(template: Template) -> None:
    source = template("_tasks: [touch a]\n")

    with pytest.raises(UsageProblem, match=f'The template "{source}" wants to run code: the task'):
        _copy(source)


@pytest.mark.parametrize(("tasks", "made"), [(True, ["a.txt", "ran"]), (False, ["a.txt"])])
def test_code_that_is_trusted_runs_unless_it_is_a_dry_run(
    template: Template, tasks: bool, made: list[str]
) -> None:
    source = template(
        "_tasks: [touch ran, mkdir .git, touch .git/x]\n_jinja_extensions: [jinja2.ext.do]\n"
    )

    assert _copy(source, trust=True, tasks=tasks)["files"] == made


def test_migrations_are_for_updates_and_need_no_trust(template: Template) -> None:
    source = template("_migrations: [touch ran]\n")

    assert _copy(source)["files"] == ["a.txt"]


def test_a_link_is_a_file(template: Template) -> None:
    source = template("_preserve_symlinks: true\n", {"there/a.txt": "a\n"})
    (source / "here").symlink_to("there")

    assert _copy(source)["files"] == ["here", "there/a.txt"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"titel": "Hi"}, 'no question "titel". Did you mean title? It asks title, license'),
        ({"license": "gpl"}, "\"license\" refuses \"gpl\": 'gpl' is not in ['mit', 'bsd']. Give"),
        ({"size": "many"}, '"size" refuses "many": invalid literal'),
        ({"size": "0"}, '"size" refuses "0": It is too small. Give --data size=VALUE.'),
    ],
)
def test_an_answer_that_is_refused_is_named(
    folder: Path, template: Template, data: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageProblem) as caught:
        _copy(template(ASKED, FILES), data)

    assert said in str(caught.value)
    assert caught.value.field == "data"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("a: {type: str}\n", '"a" has no default. Give --data a=VALUE.'),
        ("a: {type: str}\nb: {type: str}\n", "a=VALUE. Without default are also b."),
        ("a: {type: int, default: x}\n", '"a" refuses its own default: invalid literal'),
        ("a: {default: '{{ 1 / 0 }}'}\n", '"a" refuses its own default: division by zero'),
        ("_exclude: ['*']\n", "The template made no file."),
        ("_min_copier_version: '99'\n", "requires Copier version >= 99"),
        ("_subdirectory: missing\na: [", "INVALID CONFIG FILE|cannot be copied"),
        ("_envops: {undefined: other}\n", "Unsupported envops.undefined"),
    ],
)
def test_a_template_that_is_wrong_is_answered_with_a_sentence(
    folder: Path, template: Template, asked: str, said: str
) -> None:
    with pytest.raises(UsageProblem) as caught:
        _copy(template(asked))

    assert any(part in str(caught.value) for part in said.split("|"))
    assert "\n" not in str(caught.value)
    assert list(folder.iterdir()) == [] or said.startswith("The template made")


def test_a_file_that_cannot_be_rendered_is_answered_with_a_sentence(
    folder: Path, template: Template
) -> None:
    source = template("a: 1\n", {"a.txt.jinja": "{% if %}\n"})

    with pytest.raises(UsageProblem, match=r"cannot be copied: Expected an expression") as caught:
        _copy(source)

    assert caught.value.field == "template"
    assert list(folder.iterdir()) == []


def test_no_question_at_all_is_known_too(template: Template) -> None:
    with pytest.raises(UsageProblem) as caught:
        _copy(template("_subdirectory: .\n"), {"a": "1"})

    assert caught.value.hint == "It asks nothing."


def test_a_folder_without_copier_yml_is_no_template(folder: Path) -> None:
    with pytest.raises(UsageProblem, match="is no Copier template: it has no copier"):
        _copy(folder)


def test_an_extension_that_is_not_here_is_named(template: Template) -> None:
    source = template("_jinja_extensions: [nowhere.Extension]\n")

    with pytest.raises(
        SurroundingsProblem, match="cannot be loaded: there is no nowhere"
    ) as caught:
        _copy(source, trust=True)

    assert "uvx --with" in caught.value.hint


def test_an_extension_that_is_wrong_is_no_fault_of_a_question(template: Template) -> None:
    source = template("_jinja_extensions: [json.JSONDecoder]\na: 1\n")

    with pytest.raises(UsageProblem, match="cannot be copied"):
        _copy(source, trust=True)


@pytest.mark.parametrize("task", ["exit 3", "[sh, -c, exit 3]"])
def test_a_task_that_fails_is_named(folder: Path, template: Template, task: str) -> None:
    source = template(f"_tasks: [{task}]\n")

    with pytest.raises(SurroundingsProblem, match=r'task ".*exit 3.*" failed with exit code 3'):
        _copy(source, trust=True)

    assert list(folder.iterdir()) == []


def test_a_repository_that_is_not_there_is_told_in_the_words_of_git() -> None:
    with pytest.raises(SurroundingsProblem, match=r"Git cannot give the template .* not appear to"):
        _copy("git+file:///nowhere/at/all")


def test_git_may_say_nothing() -> None:
    assert copying._choose_line("") == "it said nothing"
    assert copying._choose_line("warning: a\nerror: b.\n") == "error: b"


def test_a_disk_that_fails_is_told(template: Template) -> None:
    source = template("a: 1\n", {"{{ 'a' * 300 }}.txt": ""})

    with pytest.raises(SurroundingsProblem, match="cannot be copied: File name too long"):
        _copy(source)


def _write_job(folder: Path, source: Path) -> list[str]:
    nothing: dict[str, str] = {}
    job = {"source": str(source), "tree": None, "data": nothing, "trust": False, "tasks": False}
    (folder / "job").write_text(json.dumps(job))
    return [str(folder / "job"), str(folder / "result")]


def test_a_job_has_a_result_or_a_problem(folder: Path, template: Template) -> None:
    arguments = _write_job(folder, folder)

    assert main(arguments) == 1
    problem = json.loads((folder / "result").read_text())["problem"]
    assert (problem["code"], problem["field"]) == (UsageProblem.code, "template")

    _write_job(folder, template("a: 2026-01-31\n"))
    assert main(arguments) == 0
    done = json.loads((folder / "result").read_text())
    assert done["template"]["questions"][0]["default"] == "2026-01-31"


def test_it_is_a_program(folder: Path, template: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["copying", *_write_job(folder, template("a: 1\n"))])

    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(copying.__file__), run_name="__main__")

    assert caught.value.code == 0
    assert os.path.exists("result")
    assert issubclass(UsageProblem, Problem)
