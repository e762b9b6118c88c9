"""Rows of SQLite are copied into PostgreSQL whole, the same, or not at all."""

import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from server import ADDRESS, needs_server, open_scratch
from small_apps import write_app

from starlette_new import postgres_rows, row_copy
from starlette_new.blueprint import make_blueprint
from starlette_new.next_migration import write_migration
from starlette_new.row_copy import copy, main, plan
from starlette_new.row_tables import Refusal
from starlette_new.row_values import Json
from starlette_new.schema_changes import compare
from starlette_new.sqlite_rows import open_source

pytestmark = needs_server
LINES = [
    "task title:str(20) price:decimal(6,2)? state:enum(new,paid)=new data:json? owner:ref? "
    "after:ref(task)? tags:many(tag)",
    "owner name:str(20):unique best:ref(task)? notes:text?:index",
    "tag name:str(20)",
]
STAMP = "2026-01-31 12:00:00.000000"
Row = Mapping[str, object]
Database = "psycopg.Connection[Any]"


def make_tables(engine: sa.Engine, with_db: str) -> None:
    answers = {"name": "demo", "with_db": with_db, "resources": LINES}
    resources = make_blueprint(answers).resources
    text = write_migration(compare([], resources), [], resources, "0001", None)
    names: dict[str, Any] = {}
    with (
        engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        exec(compile(text, "migration.py", "exec"), names)  # noqa: S102
        names["upgrade"]()
    engine.dispose()


@pytest.fixture(scope="module")
def template() -> Iterator[str]:
    """A database of PostgreSQL with the tables, to copy."""
    with open_scratch() as name:
        url = sa.make_url(ADDRESS).set(drivername="postgresql+psycopg", database=name)
        make_tables(sa.create_engine(url), "postgres")
        yield name


@pytest.fixture
def address(template: str) -> Iterator[str]:
    """The address of a fresh one."""
    with open_scratch(template) as name:
        yield f"{ADDRESS.rpartition('/')[0]}/{name}"


@pytest.fixture
def there(address: str) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(address) as connection:
        yield connection


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database of SQLite with the tables."""
    make_tables(sa.create_engine(f"sqlite:///{tmp_path / 'demo.db'}"), "sqlite")
    return tmp_path / "demo.db"


def insert(file: Path, table: str, *rows: Row) -> None:
    """Add rows as the application does, or as nobody should: nothing is checked."""
    with closing(sqlite3.connect(file)) as database:
        for row in rows:
            stamps = {"created_at": STAMP, "updated_at": STAMP, "lock_version": 1}
            values = dict(row) if table.endswith("links") else stamps | dict(row)
            marks = ", ".join("?" * len(values))
            query = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608
            database.execute("PRAGMA ignore_check_constraints = ON")
            database.execute(query, list(values.values()))
        database.commit()


def execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.executescript(statement)


def carry_out(file: Path, address: str) -> list[dict[str, Any]]:
    with open_source(file) as source, psycopg.connect(address) as connection:
        return copy(source, connection, Json())


def fetch(there: "psycopg.Connection[Any]", query: str) -> list[tuple[Any, ...]]:
    found = there.execute(query.encode()).fetchall()
    there.rollback()
    return found


def describe(there: "psycopg.Connection[Any]") -> list[object]:
    """Tell all that a copying may have left: rows, rules, and the numbers of ids."""
    rules = fetch(there, "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1")
    numbers = fetch(there, "SELECT sequencename, last_value, start_value FROM pg_sequences")
    tables = fetch(there, "SELECT relname FROM pg_stat_user_tables ORDER BY 1")
    rows = [fetch(there, f"SELECT * FROM {name}") for (name,) in tables]  # noqa: S608
    return [rules, sorted(numbers), rows]


def fill(file: Path) -> None:
    """Rows that refer to one another in a circle, to later ones, and to themselves."""
    odd = {"title": 'b\t\\N\n"é"', "data": '{"b": [1, 1e300], "a": null}'}
    insert(file, "tasks", {"id": 1, "title": "a", "price": -5, "owner_id": 2, "after_id": 3})
    insert(file, "tasks", odd | {"id": 3, "after_id": 3})
    insert(file, "owners", {"id": 2, "name": "Ada", "best_id": 1}, {"id": 9, "name": "Bo"})
    insert(file, "tags", {"id": 1, "name": "x"}, {"id": 2, "name": "y"})
    insert(file, "tasks_tag_links", {"task_id": 3, "tag_id": 1}, {"task_id": 1, "tag_id": 2})


def test_every_row_is_copied_and_compared(
    file: Path, address: str, there: "psycopg.Connection[Any]"
) -> None:
    fill(file)
    execute(file, "UPDATE owners SET notes = 'many words';")  # which the index of texts holds, too
    before, rules = file.read_bytes(), describe(there)[0]

    told = carry_out(file, address)

    assert [(one["name"], one["rows"]) for one in told] == [
        ("owners", 2),
        ("tags", 2),
        ("tasks", 2),
        ("tasks_tag_links", 2),
    ]
    assert len({one["checksum"] for one in told}) == 4
    assert file.read_bytes() == before
    assert describe(there)[0] == rules
    found = fetch(
        there, "SELECT id, title, price::text, data, owner_id, after_id, state FROM tasks"
    )
    assert found == [
        (1, "a", "-0.05", None, 2, 3, "new"),
        (3, 'b\t\\N\n"é"', None, {"a": None, "b": [1, 10**300]}, None, 3, "new"),
    ]
    assert fetch(there, "SELECT created_at::text FROM tags WHERE id = 1")[0][0].startswith(
        "2026-01-31 "
    )
    assert fetch(there, "SELECT * FROM tasks_tag_links ORDER BY 1") == [(1, 2), (3, 1)]


def test_the_same_rows_have_the_same_checksums_and_others_do_not(
    file: Path, address: str, template: str
) -> None:
    fill(file)
    first = carry_out(file, address)
    execute(file, "UPDATE tags SET name = NULL WHERE id = 9; VACUUM;")
    with open_scratch(template) as name:
        second = carry_out(file, f"{ADDRESS.rpartition('/')[0]}/{name}")
    execute(file, "UPDATE tags SET name = 'z' WHERE id = 1;")
    with open_scratch(template) as name:
        third = carry_out(file, f"{ADDRESS.rpartition('/')[0]}/{name}")

    assert first == second
    assert [one for one in third if one not in first] == [third[1]]


def test_ids_go_on_after_the_highest_there_ever_was(
    file: Path, address: str, there: "psycopg.Connection[Any]"
) -> None:
    fill(file)
    insert(file, "tags", {"id": 40, "name": "gone"})
    execute(file, "DELETE FROM tags WHERE id = 40; DELETE FROM owners WHERE id = 9;")
    insert(file, "tasks", {"id": 2**63 - 1, "title": "last"})

    carry_out(file, address)

    stamps = "created_at, updated_at, lock_version"
    for table in ("tags", "owners"):
        there.execute(
            f"INSERT INTO {table} (name, {stamps}) VALUES ('n', now(), now(), 1)".encode()  # noqa: S608
        )
    assert there.execute("SELECT max(id) FROM tags").fetchone() == (41,)
    assert there.execute("SELECT max(id) FROM owners").fetchone() == (10,)
    with pytest.raises(psycopg.errors.UniqueViolation):
        there.execute(f"INSERT INTO tasks (title, {stamps}) VALUES ('n', now(), now(), 1)".encode())  # noqa: S608


def test_where_all_rows_are_gone_their_ids_are_not_given_again(
    file: Path, address: str, there: "psycopg.Connection[Any]"
) -> None:
    insert(file, "tags", {"id": 7, "name": "x"})
    execute(file, "DELETE FROM tags;")

    told = carry_out(file, address)

    assert sum(one["rows"] for one in told) == 0
    assert fetch(there, "SELECT nextval('tags_id_seq'), nextval('owners_id_seq')") == [(8, 1)]


def test_a_plan_counts_and_writes_nothing(file: Path, there: "psycopg.Connection[Any]") -> None:
    fill(file)
    before = describe(there)

    with open_source(file) as source:
        told = plan(source, there, Json())

    there.rollback()
    assert {one["name"]: (one["rows"], one["checksum"]) for one in told}["tasks"] == (2, None)
    assert describe(there) == before


def test_what_is_written_meanwhile_is_not_seen(file: Path, address: str) -> None:
    fill(file)
    execute(file, "PRAGMA journal_mode = WAL;")
    with open_source(file) as source, psycopg.connect(address) as connection:
        assert source.count("tags") == 2
        insert(file, "tags", {"name": "later"})

        told = copy(source, connection, Json())

    assert [one["rows"] for one in told] == [2, 2, 2, 2]


WRONG: list[tuple[str, Sequence[Row], str]] = [
    ("tasks", [{"id": 5, "title": "a\0b"}], r"row 5 of tasks .*: its title has a NUL"),
    ("tasks", [{"id": 6, "title": "x" * 21}], "row 6 of tasks .*: its title is longer than 20"),
    ("tasks", [{"id": 7, "title": "x", "price": 10**6}], "row 7 .*: its price is no decimal of 6"),
    ("tasks", [{"id": 8, "title": "x", "data": "{"}], "row 8 .*: its data is no JSON"),
    ("tasks", [{"id": 9, "title": "x", "lock_version": 2**40}], "row 9 .*: its lock_version is no"),
    ("tasks", [{"id": 10, "title": "x", "state": "?"}], 'row 10 .*"ck_tasks_state"'),
    ("tasks", [{"id": 11, "title": "x", "created_at": "soon"}], "row 11 .*created_at is no moment"),
    (
        "tasks",
        [{"id": 12, "title": "x", "owner_id": 99}],
        r"row of tasks refers to .*\(owner_id\)=\(99\)",
    ),
    (
        "tasks_tag_links",
        [{"task_id": 3, "tag_id": "x"}],
        "row 3, x of tasks_tag_links .*: its tag_id",
    ),
]


@pytest.mark.parametrize(("table", "rows", "said"), WRONG, ids=lambda one: str(one)[:40])
def test_a_row_that_cannot_be_copied_is_named_and_nothing_is_copied(
    file: Path,
    address: str,
    there: "psycopg.Connection[Any]",
    table: str,
    rows: Sequence[Row],
    said: str,
) -> None:
    fill(file)
    insert(file, table, *rows)
    before = describe(there)

    with pytest.raises(Refusal, match=said) as caught:
        carry_out(file, address)

    assert (caught.value.code, caught.value.hint[:19]) == ("target", "Nothing was copied.")
    assert describe(there) == before


@pytest.mark.parametrize(
    ("statement", "code", "said"),
    [
        ("CREATE TABLE mine (a); INSERT INTO mine VALUES (1), (2);", "loss",
         "The table mine of SQLite has 2 rows, and PostgreSQL has no such table"),
        ("CREATE VIRTUAL TABLE mine USING fts5 (a); INSERT INTO mine VALUES ('x');", "loss",
         "The table mine of SQLite has 1 rows, and PostgreSQL has no such table"),
        ("ALTER TABLE tags ADD COLUMN mine; UPDATE tags SET mine = 1;", "loss",
         r"The column tags\.mine of SQLite has values, and PostgreSQL has no such column"),
        ("DROP INDEX ix_tasks_title; ALTER TABLE tasks DROP COLUMN title", "target",
         "rows of tasks have no value for title"),
    ],
)  # fmt: skip
def test_rows_that_have_no_place_are_not_left_behind_without_a_word(
    file: Path,
    address: str,
    there: "psycopg.Connection[Any]",
    statement: str,
    code: str,
    said: str,
) -> None:
    fill(file)
    execute(file, statement)
    before = describe(there)

    with pytest.raises(Refusal, match=said) as caught:
        carry_out(file, address)

    assert caught.value.code == code
    assert describe(there) == before


def test_what_holds_nothing_may_be_missing(file: Path, address: str) -> None:
    fill(file)
    execute(
        file,
        "CREATE TABLE mine (a); ALTER TABLE tags ADD COLUMN mine; ANALYZE;"
        "ALTER TABLE tasks DROP COLUMN data; CREATE TABLE alembic_version (version_num);",
    )

    assert [one["rows"] for one in carry_out(file, address)] == [2, 2, 2, 2]


OWN = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE own (
    name text PRIMARY KEY, mood mood, seen timestamp, price numeric(8, 3), picture bytea,
    long interval, number serial, twice text GENERATED ALWAYS AS (name || name) STORED
);
CREATE TABLE keyless (a text);
CREATE TABLE counted (id serial PRIMARY KEY, a smallint);
"""
OWN_SQLITE = """
CREATE TABLE own (name VARCHAR PRIMARY KEY, mood VARCHAR(4), seen DATETIME, price NUMERIC(8, 3),
    picture BLOB, long DATETIME, number INTEGER, twice GENERATED ALWAYS AS (name || name));
CREATE TABLE keyless (a TEXT);
CREATE TABLE counted (id INTEGER PRIMARY KEY, a SMALLINT);
INSERT INTO own VALUES ('b', 'bad', '2026-01-31 12:00:00', 1.5, x'00ff', NULL, 8),
    ('B', NULL, NULL, NULL, NULL, NULL, 3), ('ä', 'good', NULL, 2, x'', NULL, 4);
INSERT INTO counted VALUES (5, -1);
"""


@pytest.fixture
def own(file: Path, there: "psycopg.Connection[Any]") -> Path:
    """Tables of the owner's on both sides."""
    there.execute(OWN)
    there.commit()
    execute(file, OWN_SQLITE)
    return file


def test_tables_of_the_owner_are_copied_too(
    own: Path, address: str, there: "psycopg.Connection[Any]"
) -> None:
    told = carry_out(own, address)

    assert {one["name"]: one["rows"] for one in told}["own"] == 3
    query = "SELECT name, mood, price::text, picture, twice FROM own ORDER BY number"
    assert fetch(there, query) == [
        ("B", None, None, None, "BB"),
        ("ä", "good", "2.000", b"", "ää"),
        ("b", "bad", "1.500", b"\0\xff", "bb"),
    ]
    assert fetch(there, "SELECT nextval('counted_id_seq'), nextval('own_number_seq')") == [(6, 9)]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("INSERT INTO keyless VALUES (1)", "The table keyless has no primary key"),
        (
            "UPDATE own SET long = '1970-01-02'",
            r"Nobody here can copy own\.long, which is interval",
        ),
        (
            "INSERT INTO own (name) VALUES (x'ff')",
            "row b'.xff' of own cannot be copied: its name is",
        ),
    ],
)
def test_what_is_not_known_is_not_guessed(
    own: Path, address: str, statement: str, said: str
) -> None:
    execute(own, statement)

    with pytest.raises(Refusal, match=said):
        carry_out(own, address)


def test_a_row_that_came_out_otherwise_is_taken_back(
    file: Path, address: str, there: "psycopg.Connection[Any]"
) -> None:
    """A trigger of the owner's changes what is written."""
    there.execute(
        "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.name = upper(NEW.name); RETURN NEW; END $$;"
        "CREATE TRIGGER t BEFORE INSERT ON tags FOR EACH ROW EXECUTE FUNCTION shout()"
    )
    there.commit()
    fill(file)
    before = describe(there)

    with pytest.raises(
        Refusal, match="gives back other rows of tags than were copied: 2"
    ) as caught:
        carry_out(file, address)

    assert caught.value.code == "proof"
    assert describe(there) == before


def test_a_database_with_rows_is_left_alone(
    file: Path, address: str, there: "psycopg.Connection[Any]"
) -> None:
    fill(file)
    carry_out(file, address)
    before = describe(there)

    with pytest.raises(Refusal, match="The table owners of PostgreSQL has rows already"):
        carry_out(file, address)

    assert describe(there) == before


class Cut(psycopg.Connection[Any]):
    """A connection that the server ends as soon as all is to be kept."""

    def commit(self) -> None:
        with psycopg.connect(ADDRESS, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [self.info.backend_pid])
        super().commit()


def test_where_nobody_knows_whether_it_was_kept_it_is_said(file: Path, address: str) -> None:
    fill(file)

    with (
        open_source(file) as source,
        Cut.connect(address) as connection,
        pytest.raises(Refusal) as caught,
    ):
        copy(source, connection, Json())

    assert "all rows are there, or none is" in caught.value.hint


def test_a_role_that_only_owns_the_tables_may_copy(file: Path, address: str, there: Any) -> None:
    role = f"mover_{address.rpartition('_')[2]}"
    there.execute(f"CREATE ROLE {role}")
    try:
        there.execute(f"GRANT CREATE, USAGE ON SCHEMA public TO {role}")
        for (name,) in there.execute("SELECT relname FROM pg_stat_user_tables").fetchall():
            there.execute(f"ALTER TABLE {name} OWNER TO {role}")
        there.commit()
        fill(file)
        with open_source(file) as source, psycopg.connect(address) as connection:
            connection.execute(f"SET ROLE {role}".encode())
            assert len(copy(source, connection, Json())) == 4
    finally:
        there.rollback()
        there.execute(f"DROP OWNED BY {role}")
        there.execute(f"DROP ROLE {role}")
        there.commit()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As much of a project as is needed, in whose folder this is run."""
    write_app(tmp_path / "project")
    monkeypatch.syspath_prepend(tmp_path / "project")
    for name in ("app", "app.database", "app.settings"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path / "project"


def run_main(file: Path, tmp_path: Path, *more: str) -> dict[str, Any]:
    main([str(file), str(tmp_path / "answer"), "demo migrate", *more])
    answer: dict[str, Any] = json.loads((tmp_path / "answer").read_text(encoding="utf-8"))
    return answer


@pytest.mark.usefixtures("project")
def test_run_in_a_project_it_answers_with_what_it_copied(
    file: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(file)
    url = address.replace("@", ":secret@")
    monkeypatch.setenv("DATABASE_URL", f"{url}?application_name=x")

    planned = run_main(file, tmp_path, "--dry-run")
    done = run_main(file, tmp_path)

    assert planned["database"] == done["database"] == address.replace("@", ":***@")
    assert [one["rows"] for one in planned["tables"]] == [2, 2, 2, 2]
    assert all(one["checksum"] for one in done["tables"])
    assert run_main(file, tmp_path)["code"] == "target"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        (None, "surroundings", "A setting is wrong."),
        ("sqlite:///x.db", "surroundings", "DATABASE_URL names no database of PostgreSQL"),
        (
            "postgresql://postgres@127.0.0.1:9/x",
            "surroundings",
            "PostgreSQL: connection failed",
        ),
        ("postgres", "target", "The database postgres lacks a migration."),
    ],
)
def test_a_database_that_cannot_be_used_is_told_of(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    url: str | None,
    code: str,
    said: str,
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if url is not None:
        monkeypatch.setenv("DATABASE_URL", ADDRESS if url == "postgres" else url)

    answer = run_main(file, tmp_path)

    assert (answer["code"], said in answer["message"]) == (code, True), answer
    assert "demo migrate" in answer["hint"] or "Nothing" in answer["hint"]


@pytest.mark.usefixtures("project")
def test_who_uses_the_tables_is_waited_for_but_not_for_long(
    file: Path,
    tmp_path: Path,
    address: str,
    there: "psycopg.Connection[Any]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(postgres_rows._SETTINGS, "lock_timeout", "50ms")
    monkeypatch.setenv("DATABASE_URL", address)
    there.execute("SELECT * FROM tags")

    answer = run_main(file, tmp_path)

    assert answer["code"] == "surroundings"
    assert answer["message"] == "PostgreSQL: canceling statement due to lock timeout."


@pytest.mark.usefixtures("project")
def test_what_the_server_says_is_told(
    file: Path,
    tmp_path: Path,
    address: str,
    there: "psycopg.Connection[Any]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there.execute(
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'not here'; END $$;"
        "CREATE TRIGGER t BEFORE INSERT ON tags FOR EACH ROW EXECUTE FUNCTION no()"
    )
    there.commit()
    fill(file)
    monkeypatch.setenv("DATABASE_URL", address)

    answer = run_main(file, tmp_path)

    assert (answer["code"], answer["message"]) == ("surroundings", "PostgreSQL: not here.")


@pytest.mark.usefixtures("project")
def test_a_file_that_is_damaged_is_told_of(
    file: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(file)
    execute(file, "UPDATE tags SET name = CAST(x'ff' AS TEXT);")
    monkeypatch.setenv("DATABASE_URL", address)

    answer = run_main(file, tmp_path)

    assert answer["code"] == "target"
    assert "Could not decode to UTF-8 column 'name'" in answer["message"]


def test_a_file_whose_tables_count_nothing_has_no_last_ids(tmp_path: Path) -> None:
    execute(tmp_path / "plain.db", "CREATE TABLE a (id INTEGER PRIMARY KEY);")

    with open_source(tmp_path / "plain.db") as source:
        assert (source.list_tables(), source.read_last_ids()) == (["a"], {})


def test_it_is_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    monkeypatch.setattr(sys, "argv", ["row_copy"])

    with pytest.raises(ValueError, match="not enough values"):
        runpy.run_path(row_copy.__file__, run_name="__main__")
