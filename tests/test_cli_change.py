"""The commands inside a project: what can be typed, what is printed, and how each ends."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from starlette_new import cli, planning, updating
from starlette_new.answers import FILE_NAME
from starlette_new.blueprint import make_blueprint
from starlette_new.environment import Environment
from starlette_new.errors import Interrupted, SurroundingsProblem
from starlette_new.journal import FOLDER, Journal, Step
from starlette_new.prove import Check, Prover
from starlette_new.render import render

GREEN = [Check("suite", True, 1.0, "3 passed"), Check("start", True, 1.0, "it answered")]
RED = [Check("suite", False, 1.0, "1 failed"), Check("start", True, 1.0, "it answered")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project as it is made."""
    tree = tmp_path_factory.mktemp("made") / "demo"
    render(make_blueprint({"name": "demo", "ui": "none", "resources": ["task title:str"]}), tree)
    return tree


@pytest.fixture
def project(made: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same in the current folder; installing it and proving it are green at once."""
    project = shutil.copytree(made, folder / "demo")
    monkeypatch.chdir(project)
    monkeypatch.setattr(Environment, "create", lambda *arguments: None)
    monkeypatch.setattr(Environment, "sync", lambda *arguments: None)
    monkeypatch.setattr(Prover, "prove_it_works", lambda self: list(GREEN))
    monkeypatch.setattr(Prover, "prove_it_is_clean", lambda self, **options: [])
    return project


Print = pytest.CaptureFixture[str]


def test_what_was_done_is_told_on_one_screen(project: Path, capsys: Print) -> None:
    assert cli.run(["add", "comment body:text task:ref"]) == 0

    shown = capsys.readouterr().out
    assert shown.startswith(f"{project}\nlayout standard, database sqlite, resources: task, comm")
    assert re.search(r"\n  Files: created \d+, changed \d+\.\n", shown)
    assert "\n  create   migrations/versions/0002_add_comments.py  (the next migration)\n" in shown
    assert "✓ suite" in shown
    assert re.search(r"Type next:\n  .*\bdemo\n", shown)
    assert not (project / FOLDER).exists()


def test_a_plan_is_told_file_by_file(project: Path, capsys: Print) -> None:
    (project / "README.md").unlink()

    assert cli.run(["add", "comment body:text", "-n", "--diff"]) == 0

    shown = capsys.readouterr().out
    assert "\n  create   app/resources/comments/models.py\n" in shown
    assert "\n  keep     README.md  (deleted by you)\n" in shown
    assert "\n+++ b/app/resources/comments/models.py\n" in shown
    assert shown.endswith("Nothing was written.\n")


def test_conflicts_are_told_with_what_to_do(project: Path, capsys: Print) -> None:
    routes = project / "app" / "routes.py"
    routes.write_text("routes = []\n", encoding="utf-8")

    assert cli.run(["add", "comment body:text"]) == 3

    told = capsys.readouterr().err
    assert "\n  conflict app/routes.py  (" in told
    assert "starlette-new add --continue; or put everything back with --abort" in told
    assert cli.run(["diff", "-q"]) == 0
    assert cli.run(["check"]) == 0
    assert "is not finished: type starlette-new add --continue" in capsys.readouterr().out
    routes.write_text("routes = []\n", encoding="utf-8")
    assert cli.run(["add", "--continue"]) == 0
    assert "Proven" in capsys.readouterr().out


def test_more_conflicts_than_a_sentence_holds_are_counted(project: Path, capsys: Print) -> None:
    for file in project.rglob("*"):
        if file.suffix in (".py", ".html", ".md") and "versions" not in file.parts:
            file.write_text("# mine\n", encoding="utf-8")

    assert cli.run(["add", "comment body:text task:ref"]) == 3

    told = capsys.readouterr().err.splitlines()[-1]
    assert re.search(r" and \d more\. Decide", told)


def test_a_red_proof_waits_and_can_be_put_back(
    project: Path, capsys: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Prover, "prove_it_works", lambda self: list(RED))
    before = (project / "app" / "routes.py").read_bytes()

    assert cli.run(["add", "comment body:text"]) == 5

    assert "starlette-new add --continue; or put everything back" in capsys.readouterr().err
    assert cli.run(["apply"]) == 3
    assert cli.run(["add", "--continue"]) == 5
    assert cli.run(["add", "--abort"]) == 0
    assert "Everything is as it was before: add comment." in capsys.readouterr().out
    assert (project / "app" / "routes.py").read_bytes() == before


def test_what_cannot_be_installed_is_put_back(
    project: Path, capsys: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise SurroundingsProblem("The environment cannot be installed: uv sync failed.", "")

    monkeypatch.setattr(Environment, "sync", fail)
    before = (project / "app" / "routes.py").read_bytes()

    assert cli.run(["add", "comment body:text"]) == 4

    assert "Everything is as it was. Mend what the log says" in capsys.readouterr().err
    assert (project / "app" / "routes.py").read_bytes() == before
    assert not (project / FOLDER).exists()


def test_who_stops_a_proof_has_everything_as_it_was(
    project: Path, capsys: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: Prover) -> None:
        raise Interrupted(2)

    monkeypatch.setattr(Prover, "prove_it_works", stop)

    assert cli.run(["add", "comment body:text"]) == 130

    assert "Interrupted. Everything is as it was." in capsys.readouterr().err
    assert not (project / "app" / "resources" / "comments").exists()
    assert not (project / FOLDER).exists()


def test_who_stops_the_proof_of_what_was_decided_keeps_it(
    project: Path, capsys: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: Prover) -> None:
        raise Interrupted(15)

    routes = project / "app" / "routes.py"
    routes.write_text("routes = []\n", encoding="utf-8")
    assert cli.run(["add", "comment body:text"]) == 3
    routes.write_text("routes = [1]\n", encoding="utf-8")
    monkeypatch.setattr(Prover, "prove_it_works", stop)

    assert cli.run(["remove", "--continue"]) == 143

    assert "The change still waits: starlette-new add --continue, or --abort." in (
        capsys.readouterr().err
    )
    assert routes.read_text(encoding="utf-8") == "routes = [1]\n"


def test_who_keeps_their_own_lines_keeps_them(project: Path) -> None:
    routes = project / "app" / "routes.py"
    routes.write_text("routes = []\n", encoding="utf-8")
    assert cli.run(["add", "comment body:text"]) == 3
    routes.write_text("routes = []\n", encoding="utf-8")
    (project / "app" / "rows.py").unlink()

    assert cli.run(["add", "--continue"]) == 0

    assert routes.read_text(encoding="utf-8") == "routes = []\n"
    assert not (project / "app" / "rows.py").exists()


def test_one_line_of_a_marker_is_enough_to_wait(project: Path, capsys: Print) -> None:
    routes = project / "app" / "routes.py"
    routes.write_text("routes = []\n", encoding="utf-8")
    assert cli.run(["add", "comment body:text"]) == 3
    text = routes.read_text(encoding="utf-8")
    routes.write_text(text.replace("<<<<<<< yours\n", ""), encoding="utf-8")

    assert cli.run(["add", "--continue"]) == 3
    assert "conflict markers in app/routes.py" in capsys.readouterr().err


def test_what_could_not_be_written_is_named_and_kept(project: Path, capsys: Print) -> None:
    readme = project / "README.md"
    readme.write_bytes(readme.read_text(encoding="utf-8").encode("utf-16"))

    assert cli.run(["add", "comment body:text"]) == 3
    assert "README.md (not text). What could not be written is in .starlette-new/new" in (
        capsys.readouterr().err
    )
    assert cli.run(["add", "--continue"]) == 0
    assert "What README.md could have become is in .starlette-new/new/README.md." in (
        capsys.readouterr().out
    )
    assert "comments" in (project / FOLDER / "new" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line", ["add --abort -n", "apply --continue --dry-run", "update --check --continue"]
)
@pytest.mark.usefixtures("project")
def test_what_is_put_back_or_continued_takes_no_other_way(line: str, capsys: Print) -> None:
    assert cli.run(line.split()) == 2
    assert "exclude each other" in capsys.readouterr().err


def test_old_names_in_lines_of_the_owner_are_named(project: Path, capsys: Print) -> None:
    (project / "app" / "mine.py").write_text("x = 1\ny = 'tasks'\n", encoding="utf-8")
    routes = project / "app" / "routes.py"
    text = routes.read_text(encoding="utf-8")
    routes.write_text(f"{text}mine: list[Task] = []\n", encoding="utf-8")

    assert cli.run(["rename", "task", "todo"]) == 0

    shown = capsys.readouterr().out
    assert "These lines of yours say the old name: app/mine.py:2, app/routes.py:" in shown
    for number in range(6):
        (project / "app" / f"mine{number}.py").write_text("title\n", encoding="utf-8")
    assert cli.run(["rename", "todo.title", "name"]) == 0
    assert " and 1 more." in capsys.readouterr().out


def test_a_copy_of_the_rows_on_this_machine_is_migrated(
    project: Path,
    capsys: Print,
    monkeypatch: pytest.MonkeyPatch,
    printed: Draft202012Validator,
) -> None:
    seen: list[Path] = []

    def prove(self: Prover, database: Path) -> list[Check]:
        seen.append(database)
        return [Check("rows", False, 1.0, "2 rows of tasks have no size")]

    (project / "demo.db").touch()
    monkeypatch.setattr(Prover, "prove_it_migrates", prove)

    assert cli.run(["add", "comment body:text", "--json"]) == 5

    document = json.loads(capsys.readouterr().out)
    printed.validate(document)
    assert "rows (2 rows of tasks have no size)" in document["error"]["message"]
    assert seen == [project / "demo.db"]


def test_a_word_that_is_no_command_makes_no_project_in_a_project(
    project: Path, capsys: Print
) -> None:
    assert cli.run(["renam", "--no-install"]) == 2

    assert 'This folder is a project, and "renam" is no command. Did you mean rename?' in (
        capsys.readouterr().err
    )
    assert not (project / "renam").exists()


def test_what_was_interrupted_is_told_before_a_refusal(
    project: Path, capsys: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add x", [Step("a.txt", None, b"a")])

    assert cli.run(["remove", "nothing"]) == 2

    assert 'starlette-new: The change "add x", which was interrupted, is finished. There is no' in (
        capsys.readouterr().err
    )
    assert (project / "a.txt").read_bytes() == b"a"


def test_a_change_that_was_being_written_is_continued(project: Path) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add x", [Step("a.txt", None, b"a")])

    assert cli.run(["add", "--continue"]) == 0
    assert (project / "a.txt").read_bytes() == b"a"


def test_a_disk_that_is_full_is_told_of(
    project: Path, capsys: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(planning, "render_both", fail)
        assert cli.run(["add", "comment body:text"]) == 4
    assert "No space left on device" in capsys.readouterr().err
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "carry_out", fail)
        patch.setattr(Journal, "put_back", fail)
        assert cli.run(["add", "comment body:text"]) == 4
    assert "The next command puts everything back as it was." in capsys.readouterr().err


def test_a_single_file_is_locked_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Print
) -> None:
    render(make_blueprint({"name": "one", "layout": "single"}), folder / "one")
    monkeypatch.chdir(folder / "one")
    locked: list[str] = []
    monkeypatch.setattr(Environment, "create", lambda *arguments: None)
    monkeypatch.setattr(Environment, "sync", lambda *arguments: None)
    monkeypatch.setattr(Environment, "lock_script", lambda self, name: locked.append(name))
    monkeypatch.setattr(Prover, "prove_it_works", lambda self: list(GREEN))

    assert cli.run(["add", "task title:str"]) == 0
    assert locked == ["main.py"]


@pytest.mark.parametrize(
    ("line", "code", "key", "value"),
    [
        ("add|comment body:text|--no-verify", 0, "proven", False),
        ("add|comment body:text", 0, "proven", True),
        ("add|comment body:text|--dry-run|--diff", 0, "dry_run", True),
        ("add|task title:str", 0, "changes", 0),
        ("add|task title:int", 2, "code", "usage"),
        ("add", 2, "code", "usage"),
        ("add|x y:int|--continue", 2, "code", "usage"),
        ("add|--with-ci|github", 0, "proven", True),
        ("remove|task.nope", 2, "code", "usage"),
        ("remove|task", 0, "proven", True),
        ("rename|task|todo", 0, "proven", True),
        ("rename|task", 2, "code", "usage"),
        ("rename|task.title|name|--no-verify", 0, "proven", False),
        ("apply", 0, "changes", 0),
        ("apply|--continue", 3, "code", "target"),
        ("apply|--abort|--continue", 2, "code", "usage"),
        ("apply|--timeout|0", 2, "code", "usage"),
        ("update", 0, "changes", 0),
        ("update|--check", 0, "changes", 0),
        ("update|--to|nope", 2, "code", "usage"),
        ("diff", 0, "changes", 0),
    ],
)
@pytest.mark.usefixtures("project")
def test_each_prints_one_document(
    capsys: Print, printed: Draft202012Validator, line: str, code: int, key: str, value: object
) -> None:
    assert cli.run([*line.split("|"), "--json"]) == code

    document = json.loads(capsys.readouterr().out)
    printed.validate(document)
    assert document["command"] == line.split("|")[0]
    found = {**document, **document.get("error", {}), "changes": len(document.get("plan", []))}
    assert found[key] == value
    if "--diff" in line:
        assert "+++ b/app/routes.py" in document["diff"]


def test_a_conflict_and_a_project_that_is_behind_are_documents_too(
    project: Path, capsys: Print, printed: Draft202012Validator
) -> None:
    (project / "app" / "routes.py").write_text("routes = []\n", encoding="utf-8")
    assert cli.run(["add", "comment body:text", "--json"]) == 3
    conflict = json.loads(capsys.readouterr().out)
    assert cli.run(["add", "--abort", "--json"]) == 0
    abort = json.loads(capsys.readouterr().out)
    file = project / FILE_NAME
    file.write_text(file.read_text(encoding="utf-8").replace("version: 0.1.0", "version: 0.0.9"))
    assert cli.run(["update", "--check", "--json"]) == 6
    behind = json.loads(capsys.readouterr().out)

    for document in (conflict, abort, behind):
        printed.validate(document)
    assert conflict["error"]["code"] == "conflict"
    assert {"app/routes.py"} == {
        one["path"] for one in conflict["plan"] if one["action"] == "conflict"
    }
    assert behind["error"]["code"] == "behind"


@pytest.mark.usefixtures("project")
def test_another_version_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def become(version: str, options: object) -> None:
        asked.append(version)
        raise SystemExit

    monkeypatch.setattr(updating, "update_to", become)

    with pytest.raises(SystemExit):
        cli.run(["update", "--to", "0.2.0"])
    assert asked == ["0.2.0"]


def test_what_differs_is_printed_as_a_patch(project: Path, capsys: Print) -> None:
    assert cli.run(["diff"]) == 0
    assert capsys.readouterr().out == "Nothing was changed since it was made.\n"
    (project / "app" / "mine.py").write_text("x = 1\n", encoding="utf-8")

    assert cli.run(["diff"]) == 0
    assert capsys.readouterr().out.endswith("+++ b/app/mine.py\n@@ -0,0 +1 @@\n+x = 1\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_told_of(project: Path, capsys: Print) -> None:
    project.chmod(0o500)

    assert cli.run(["add", "comment body:text"]) == 4
    assert "Make the project's folder writable" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["add|a b:int", "remove|a", "apply", "update", "diff"])
def test_outside_of_a_project_there_is_nothing_to_change(
    folder: Path, capsys: Print, command: str
) -> None:
    assert cli.run(command.split("|")) == 3

    assert "holds no project of starlette-new" in capsys.readouterr().err
    assert list(folder.iterdir()) == []
