"""`copy-rows`, as it is typed: what it prints, what it refuses, and how each way to end is told."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from jsonschema import Draft202012Validator
from server import ADDRESS, needs_server, open_scratch
from small_apps import write_app

from starlette_new import cli
from starlette_new.adopted import mark
from starlette_new.answers import write_answers
from starlette_new.blueprint import make_blueprint
from starlette_new.chain import KEPT
from starlette_new.environment import Environment
from starlette_new.errors import Interrupted, SurroundingsProblem
from starlette_new.journal import Journal, Step
from starlette_new.processes import Processes

CLOSED = "postgresql://postgres@127.0.0.1:9/demo"
Print = pytest.CaptureFixture[str]


@pytest.fixture
def project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project for PostgreSQL that was one for SQLite; its interpreter is that of these tests."""
    project = folder / "demo"
    write_app(project)
    write_blueprint(project, "postgres")
    (project / KEPT).mkdir(parents=True)
    (project / KEPT / "0001_initial.py").write_text('revision = "0001"\n', encoding="utf-8")
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    fill(project / "demo.db")
    monkeypatch.chdir(project)
    monkeypatch.setattr(Environment, "sync", lambda *arguments: None)
    monkeypatch.setenv("DATABASE_URL", CLOSED)
    return project


def write_blueprint(project: Path, with_db: str) -> None:
    blueprint = make_blueprint({"name": "demo", "with_db": with_db})
    (project / ".copier-answers.yml").write_text(write_answers(blueprint, "x"), encoding="utf-8")


def fill(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(
            "CREATE TABLE alembic_version AS SELECT '0001' AS version_num;"
            "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title VARCHAR);"
            "CREATE TABLE tags (id INTEGER PRIMARY KEY);"
            "INSERT INTO tasks VALUES (1, 'a'), (2, NULL);"
        )


def execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(statement)


@pytest.fixture
def address(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of its database, which is migrated, as far as that can be."""
    with open_scratch() as name:
        address = f"{ADDRESS.rpartition('/')[0]}/{name}"
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE tasks (id bigint PRIMARY KEY, title text)")
            connection.execute("CREATE TABLE tags (id bigint PRIMARY KEY)")
        monkeypatch.setenv("DATABASE_URL", address)
        yield address


def count(address: str) -> int:
    with psycopg.connect(address) as connection:
        return len(connection.execute("SELECT * FROM tasks").fetchall())


@needs_server
def test_what_was_copied_is_told_on_one_screen(project: Path, address: str, capsys: Print) -> None:
    assert cli.run(["copy-rows", "-n"]) == 0
    planned = capsys.readouterr().out
    assert (planned.endswith("2 rows of 2 tables. Nothing was written.\n"), count(address)) == (
        True,
        0,
    )

    assert cli.run(["copy-rows"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [str(project), f"{project}/demo.db into {address}", ""]
    assert [line.split()[:2] for line in lines[3:5]] == [["tags", "0"], ["tasks", "2"]]
    assert len(lines[4].split()[2]) == 12
    assert lines[6].startswith("Copied and compared: 2 rows of 2 tables, in ")
    assert lines[7].endswith("demo")
    assert count(address) == 2


@needs_server
@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_it_prints_one_document(
    address: str, capsys: Print, printed: Draft202012Validator, more: list[str], project: Path
) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add x", [Step("a.txt", None, b"a")])

    assert cli.run(["copy-rows", "demo.db", "--json", *more]) == 0

    document = json.loads(capsys.readouterr().out)
    printed.validate(document)
    assert (document["command"], document["rows"]) == ("copy-rows", 2)
    assert document["database"] == address
    assert document["dry_run"] == bool(more) == (not document["next"])
    assert all((table["checksum"] is None) == bool(more) for table in document["tables"])
    assert document["notes"] == ['The change "add x", which was interrupted, is finished.']


@needs_server
def test_a_project_of_somebody_else_is_started_by_its_owner(
    project: Path, address: str, capsys: Print
) -> None:
    file = project / ".copier-answers.yml"
    file.write_bytes(mark(file.read_bytes(), ["README.md"], is_placed=True))
    with psycopg.connect(address) as connection:
        connection.execute("ALTER TABLE tasks RENAME TO others")
    assert cli.run(["copy-rows"]) == 3
    assert capsys.readouterr().err.endswith("Type: uv run python -m app migrate\n")
    with psycopg.connect(address) as connection:
        connection.execute("ALTER TABLE others RENAME TO tasks")

    assert cli.run(["copy-rows"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(" s.")


@needs_server
@pytest.mark.usefixtures("address")
def test_in_silence_it_says_nothing(capsys: Print) -> None:
    assert cli.run(["copy-rows", "-q"]) == 0
    assert capsys.readouterr() == ("", "")


def refuse(capsys: Print, printed: Draft202012Validator, *words: str) -> tuple[int, dict[str, Any]]:
    """Type it, and give how it ended, and why."""
    code = cli.run(["copy-rows", *words, "--json"])
    document = json.loads(capsys.readouterr().out)
    printed.validate(document)
    return code, document["error"]


@needs_server
@pytest.mark.parametrize(
    ("statement", "code", "kind", "said"),
    [
        ("UPDATE tasks SET title = 'a' || char(0)", 3, "target", "row 1 of tasks"),
        ("CREATE TABLE mine AS SELECT 1 AS a", 3, "loss", "table mine of SQLite has 1 rows"),
        ("UPDATE alembic_version SET version_num = '0000'", 3, "target", "at the migration 0000"),
        ("DROP TABLE alembic_version", 3, "target", "at the migration none, and the last"),
    ],
)
def test_what_cannot_be_copied_is_refused(
    project: Path,
    address: str,
    capsys: Print,
    printed: Draft202012Validator,
    statement: str,
    code: int,
    kind: str,
    said: str,
) -> None:
    execute(project / "demo.db", statement)

    ended, error = refuse(capsys, printed)

    assert (ended, error["code"], said in error["message"]) == (code, kind, True), error
    assert count(address) == 0


@needs_server
def test_rows_that_came_out_otherwise_are_a_proof_that_is_red(
    address: str, capsys: Print, printed: Draft202012Validator
) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE RULE r AS ON INSERT TO tasks DO INSTEAD NOTHING")
        connection.execute(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;"
            "CREATE TRIGGER t BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION no()"
        )

    code, error = refuse(capsys, printed)

    assert (code, error["code"]) == (5, "proof")
    assert "gives back other rows of tasks than were copied: 0" in error["message"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("nowhere.db", "nowhere.db"),
        (".", "cannot be read: Is a directory"),
        (".copier-answers.yml", "is no database of SQLite"),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_file_that_has_no_rows_is_no_use(
    capsys: Print, printed: Draft202012Validator, file: str, said: str
) -> None:
    code, error = refuse(capsys, printed, file)

    assert (code, error["field"], said in error["message"]) == (2, "file", True), error


def test_without_a_server_nothing_can_be_copied(
    project: Path, capsys: Print, printed: Draft202012Validator
) -> None:
    code, error = refuse(capsys, printed)

    assert (code, error["code"]) == (4, "surroundings")
    assert "Connection refused" in error["message"]


def test_only_a_project_for_postgresql_takes_rows(
    project: Path, capsys: Print, printed: Draft202012Validator
) -> None:
    write_blueprint(project, "sqlite")

    code, error = refuse(capsys, printed)

    assert (code, error["hint"]) == (3, "Type first: starlette-new add --with-db postgres")


def test_a_project_that_fails_by_itself_has_a_log(project: Path, capsys: Print) -> None:
    (project / "app" / "settings.py").write_text("import nothing_of_this_name\n")

    assert cli.run(["copy-rows"]) == 3

    told = capsys.readouterr().err
    assert "No module named 'nothing_of_this_name'" in told
    assert "No row was copied: the project itself does not get as far as that." in told


@pytest.mark.usefixtures("project")
def test_what_cannot_be_installed_copies_nothing(
    capsys: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise SurroundingsProblem(
            "The environment cannot be installed: uv sync failed.", "Mend it."
        )

    monkeypatch.setattr(Environment, "sync", fail)

    assert cli.run(["copy-rows"]) == 4
    assert "uv sync failed" in capsys.readouterr().err


def test_what_takes_too_long_is_stopped(project: Path, capsys: Print) -> None:
    (project / "app" / "settings.py").write_text("import time\ntime.sleep(60)\n")

    assert cli.run(["copy-rows", "--timeout", "0.5"]) == 4
    assert "within 0.5 s, and was stopped: all rows are there, or none" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_who_stops_it_is_told_so(capsys: Print, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: object) -> None:
        raise Interrupted(2)

    monkeypatch.setattr(Processes, "run", stop)

    assert cli.run(["copy-rows"]) == 130
    assert "Nothing half-made is left" in capsys.readouterr().err


def test_outside_of_a_project_there_is_nothing_to_copy(
    folder: Path, capsys: Print, printed: Draft202012Validator
) -> None:
    code, _ = refuse(capsys, printed)

    assert (code, list(folder.iterdir())) == (3, [])
