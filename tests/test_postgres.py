"""A project for PostgreSQL: proven on a real server, changed, and refused where there is none."""

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from server import ADDRESS, needs_server, open_scratch

from starlette_new.cli import run
from starlette_new.databases import VARIABLE

EVERY_TYPE = (
    "task title:str(40):unique notes:text? n:int f:float d:decimal(10,2)=1.5 done:bool=false "
    "on:date at:datetime=now t:time u:uuid j:json e:email? l:url? c:color s:enum(new,paid)=new "
    "owner:ref seen:many(owner)"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with every type."""
    folder = tmp_path_factory.mktemp("postgres")
    words = ["demo", "-o", str(folder), "--with-db", "postgres", "--no-git", "--no-verify"]
    code = run([*words, "--resource", EVERY_TYPE, "--resource", "owner name:str"])
    assert code == 0
    return folder / "demo"


@needs_server
def test_it_is_proven_and_changed_and_clean(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project)
    capsys.readouterr()

    added = run(["add", "note body:text? task:ref?", "--with-telemetry", "--no-verify", "-q"])
    capsys.readouterr()
    refused = run(["remove", "note", "--json"])
    why = json.loads(capsys.readouterr().out)["error"]["message"]
    removed = run(["remove", "note", "--allow-data-loss", "--no-verify"])
    capsys.readouterr()
    checked = run(["check", "--json"])
    told = json.loads(capsys.readouterr().out)

    assert (added, refused, removed, checked) == (0, 3, 0, 0), told
    assert "Nobody can count the rows" in why
    assert {check["name"]: check["ok"] for check in told["checks"]}["migrations"]


@needs_server
def test_background_work_comes_to_a_project_that_is_there(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project)
    versions = project / "migrations" / "versions"
    before = {path.name for path in versions.iterdir()}
    capsys.readouterr()

    assert run(["add", "--with-jobs", "--no-verify"]) == 0

    (made,) = [path.name for path in versions.iterdir() if path.name not in before]
    assert made.endswith("_add_jobs.py")
    assert run(["check"]) == 0, capsys.readouterr()
    with open_scratch() as name:
        monkeypatch.setenv("DATABASE_URL", f"{ADDRESS.rpartition('/')[0]}/{name}")
        call(project, "migrate")
        for way in ("downgrade -1", "upgrade +1"):
            alembic = [str(project / ".venv/bin/alembic"), *way.split()]
            subprocess.run(alembic, cwd=project, check=True, capture_output=True)
        with psycopg.connect(f"{ADDRESS.rpartition('/')[0]}/{name}") as connection:
            connection.execute("INSERT INTO exports (resource, created_at) VALUES ('x', now())")
    assert run(["add", "--without-jobs", "--no-verify"]) == 3
    assert "would lose the exports, and what went wrong with jobs" in capsys.readouterr().err
    assert run(["add", "--without-jobs", "--no-verify", "--allow-data-loss"]) == 0
    assert not (project / "app" / "worker.py").exists()
    assert any(path.name.endswith("_remove_jobs.py") for path in versions.iterdir())


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_without_a_server_nothing_is_made(
    folder: Path,
    more: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://postgres@127.0.0.1:9/postgres")

    code = run(["demo", "-o", str(folder), "--with-db", "postgres", *more])

    said = capsys.readouterr().err
    assert (code, list(folder.iterdir())) == (4, [])
    assert VARIABLE in said
    assert "--no-verify" in said


def test_unproven_it_needs_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://postgres@127.0.0.1:9/postgres")
    words = ["-o", str(folder), "--with-db", "postgres", "--no-install", "--no-git"]
    assert run(["demo", *words]) == 0
    monkeypatch.chdir(folder / "demo")
    capsys.readouterr()

    assert run(["check"]) == 4
    assert run(["add", "note body:text", "--no-verify"]) == 0
    assert run(["add", "thing body:text"]) == 4
    assert not (folder / "demo" / "app/resources/things").exists()


OWN = """\"\"\"A table of its owner's.\"\"\"

import sqlalchemy as sa
from sqlalchemy import orm

from app import database


class Note(database.Model):
    __tablename__ = "notes"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    said: orm.Mapped[str] = orm.mapped_column(sa.String(80))
"""
MIGRATION = """\"\"\"Notes.\"\"\"

import sqlalchemy as sa
from alembic import op

revision = "12ab"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )


def downgrade() -> None:
    op.drop_table("notes")
"""


@needs_server
def test_one_for_sqlite_comes_with_its_edits_its_tables_and_its_rows(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["--resource", "task title:str price:decimal(6,2)=1.5 j:json? after:ref(task)?"]
    assert run(["demo", "--no-git", "--no-verify", "--ui", "none", *lines]) == 0
    project = folder / "demo"
    monkeypatch.chdir(project)
    (project / "app" / "notes.py").write_text(OWN)
    (project / "migrations/versions/12ab_notes.py").write_text(MIGRATION)
    routes = project / "app" / "routes.py"
    mark = "from app.home import"
    routes.write_text(
        routes.read_text().replace(mark, f"from app import notes  # noqa: F401\n{mark}")
    )
    (project / ".env").write_text("DATABASE_URL=sqlite:///demo.db\n")
    call(project, "migrate")
    with closing(sqlite3.connect("demo.db")) as database:
        values = "'t', 750, '{}', '2026-01-31 12:00:00.000000', '2026-01-31 12:00:00.000000', 1"
        names = "title, price, j, created_at, updated_at, lock_version"
        database.execute(f"INSERT INTO tasks ({names}) VALUES ({values})")  # noqa: S608
        database.execute("INSERT INTO notes (said) VALUES ('mine')")
        database.commit()
    capsys.readouterr()

    changed = run(["add", "--with-db", "postgres", "--no-verify"])
    (project / "migrations/versions/12ab_notes.py").write_text(MIGRATION)
    assert (changed, run(["check"])) == (0, 0), capsys.readouterr()
    assert (project / ".env").read_text() == "DATABASE_URL=sqlite:///demo.db\n"
    with open_scratch() as name:
        monkeypatch.setenv("DATABASE_URL", f"{ADDRESS.rpartition('/')[0]}/{name}")
        call(project, "migrate")
        assert run(["copy-rows"]) == 0
        with psycopg.connect(f"{ADDRESS.rpartition('/')[0]}/{name}") as connection:
            found = connection.execute("SELECT price::text, said FROM tasks, notes").fetchall()
    assert found == [("7.50", "mine")]


def call(project: Path, command: str) -> None:
    """Run the project's own command."""
    subprocess.run([project / ".venv/bin/demo", command], cwd=project, check=True)


def test_without_a_server_many_projects_are_red_for_no_fault_of_theirs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://postgres@127.0.0.1:9/postgres")
    name = "standard-postgres-no-ui-nothing"

    code = run(["smoke", "--only", name, "-o", str(folder / "kept"), "--json"])

    (project,) = json.loads(capsys.readouterr().out)["projects"]
    assert (code, project["checks"][-1]["name"]) == (4, "database")
