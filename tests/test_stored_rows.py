"""The rows of the database on this machine, counted."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.stored_rows import count_rows, read_revision

DEMO = make_blueprint({"name": "demo"})


def fill(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(
            'CREATE TABLE tasks (id INTEGER, "order" TEXT);'
            "INSERT INTO tasks VALUES (1, 'a'), (2, NULL), (3, 'b');"
        )


def test_the_database_is_found_by_the_name_of_the_project(tmp_path: Path) -> None:
    fill(tmp_path / "demo.db")

    assert count_rows(tmp_path, DEMO, "tasks") == 3
    assert count_rows(tmp_path, DEMO, "tasks", "order") == 2


@pytest.mark.parametrize(
    "line", ["DATABASE_URL=sqlite:///data/x.db", "DATABASE_URL = 'sqlite:///data/x.db?timeout=5'"]
)
def test_its_settings_may_name_another(tmp_path: Path, line: str) -> None:
    (tmp_path / "data").mkdir()
    fill(tmp_path / "data" / "x.db")
    (tmp_path / ".env").write_text(f"A=1\n{line}\n", encoding="utf-8")

    assert count_rows(tmp_path, DEMO, "tasks") == 3


def test_so_may_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "y.db")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/y.db")

    assert count_rows(tmp_path, DEMO, "tasks") == 3


def test_where_nothing_is_there_are_no_rows(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n", encoding="utf-8")
    assert count_rows(tmp_path, DEMO, "tasks") == 0

    fill(tmp_path / "demo.db")
    assert count_rows(tmp_path, DEMO, "others") == 0


def test_what_cannot_be_read_is_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo.db").write_text("no database", encoding="utf-8")
    assert count_rows(tmp_path, DEMO, "tasks") is None

    monkeypatch.setenv("DATABASE_URL", "postgresql://example.org/x")
    assert count_rows(tmp_path, DEMO, "tasks") is None


def test_the_migration_it_is_at_is_known(tmp_path: Path) -> None:
    fill(tmp_path / "demo.db")
    assert read_revision(tmp_path / "demo.db") is None
    with closing(sqlite3.connect(tmp_path / "demo.db")) as database:
        database.execute("CREATE TABLE alembic_version (version_num)")
    assert read_revision(tmp_path / "demo.db") is None

    with closing(sqlite3.connect(tmp_path / "demo.db")) as database:
        database.execute("INSERT INTO alembic_version VALUES ('0002')")
        database.commit()
    assert read_revision(tmp_path / "demo.db") == "0002"


def test_a_database_on_a_server_cannot_be_counted(tmp_path: Path) -> None:
    fill(tmp_path / "demo.db")
    blueprint = make_blueprint({"name": "demo", "with_db": "postgres"})

    assert count_rows(tmp_path, blueprint, "tasks") is None
