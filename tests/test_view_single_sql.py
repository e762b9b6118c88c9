"""The SQL of the single layout, as SQLite itself understands it."""

import ast
import re
import sqlite3
from collections.abc import Sequence

import pytest

from starlette_new.language import Resource, parse_resource
from starlette_new.view_single_sql import (
    LONGEST_PART,
    list_columns,
    list_indexes,
    write_delete,
    write_insert,
    write_options,
    write_select,
    write_update,
)

TASK = "task title:str='it is \"it\"' rank:int=-3 done:bool=true status:enum(new,paid)=paid"
CLOCKS = "log placed:datetime=now day:date=today at:time=now"
STILL = (
    "log placed:datetime=2026-01-31T12:00:00Z day:date=2026-01-31 total:decimal(4,1)=1 a:json={}"
)


def _make(*lines: str) -> tuple[sqlite3.Connection, Sequence[Resource]]:
    resources = [parse_resource(line) for line in lines]
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    for resource in resources:
        db.execute(
            f'CREATE TABLE "{resource.plural}" ({", ".join(list_columns(resource, resources))})'
        )
        for index in list_indexes(resource):
            db.execute(index)
    return db, resources


def test_a_table_has_the_defaults_of_its_resource() -> None:
    db, _ = _make(TASK)

    db.execute("INSERT INTO tasks DEFAULT VALUES")

    row = dict(db.execute("SELECT * FROM tasks").fetchone())
    assert row == {"id": 1, "title": 'it is "it"', "rank": -3, "done": 1, "status": "paid"}


def test_defaults_are_kept_in_the_form_that_clients_send() -> None:
    db, _ = _make(STILL)

    db.execute("INSERT INTO logs DEFAULT VALUES")

    row = dict(db.execute("SELECT * FROM logs").fetchone())
    assert row["placed"] == "2026-01-31T12:00:00Z"
    assert (row["day"], row["a"], row["total"]) == ("2026-01-31", "{}", "1.0")


def test_the_clock_gives_defaults_in_the_form_that_clients_send() -> None:
    db, _ = _make(CLOCKS)

    db.execute("INSERT INTO logs DEFAULT VALUES")

    row = db.execute("SELECT placed GLOB '????-??-??T??:??:??Z', day, at FROM logs").fetchone()
    assert row[0] == 1
    assert (len(row["day"]), len(row["at"])) == (10, 8)


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("task a:str", "(1, NULL)"),
        ("task a:enum(x,y)", "(1, 'z')"),
        ("task a:int:unique", "(1, 7), (2, 7)"),
        ("task a:ref(task)", "(1, 999)"),
    ],
)
def test_a_table_refuses_what_its_resource_does_not_allow(line: str, row: str) -> None:
    db, _ = _make(line)

    with pytest.raises(sqlite3.IntegrityError):
        db.execute(f"INSERT INTO tasks VALUES {row}")  # noqa: S608


@pytest.mark.parametrize(("mark", "left"), [("", []), ("?", [(1, None)])])
def test_a_row_goes_with_what_it_must_refer_to_or_is_left(
    mark: str, left: list[tuple[object, ...]]
) -> None:
    db, _ = _make("project name:str", f"task project:ref{mark}")
    db.execute("INSERT INTO projects VALUES (1, 'a')")
    db.execute("INSERT INTO tasks VALUES (1, 1)")

    db.execute("DELETE FROM projects")

    assert [tuple(row) for row in db.execute("SELECT * FROM tasks")] == left


@pytest.mark.parametrize(
    ("field", "indexed"),
    [("a:int", []), ("a:int:index", ["a"]), ("a:int:unique:index", []), ("a:ref(task)?", ["a_id"])],
)
def test_a_column_has_one_index_at_most(field: str, indexed: list[str]) -> None:
    db, _ = _make(f"task {field}")

    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")
    assert [row["name"] for row in rows] == [f"ix_tasks_{name}" for name in indexed]


def test_a_row_is_written_and_changed_by_the_names_of_its_fields() -> None:
    db, (task,) = _make("task title:str rank:int")

    db.execute(ast.literal_eval(write_insert(task)), {"title": "a", "rank": 1})
    db.execute(ast.literal_eval(write_update(task)), {"id": 1, "title": "b", "rank": 2})

    assert [tuple(row) for row in db.execute("SELECT * FROM tasks")] == [(1, "b", 2)]


def test_a_long_statement_is_broken_into_parts_that_fit_on_a_line() -> None:
    task = parse_resource("task " + " ".join(f"a_rather_long_name_{n}:int" for n in range(20)))

    for source in (write_insert(task), write_update(task)):
        parts = re.findall(r'"(?:[^"\\]|\\.)*"', source)
        assert len(parts) > 5
        assert "".join(map(ast.literal_eval, parts)) == ast.literal_eval(source)
        assert all(len(ast.literal_eval(part)) <= LONGEST_PART for part in parts)


@pytest.mark.parametrize(
    ("target", "values", "shown"),
    [
        ("team name:str", "(1, 'Red')", "Red"),
        ("team motto:text? name:str?", "(1, 'Go', NULL)", 1),
        ("team size:int", "(1, 3)", 1),
    ],
)
def test_a_page_shows_the_name_of_a_row_that_is_referred_to(
    target: str, values: str, shown: object
) -> None:
    db, (member, team) = _make("member team:ref boss:ref(member)? extra:json", target)
    db.execute(f"INSERT INTO teams VALUES {values}")  # noqa: S608
    db.execute("INSERT INTO members (team_id, boss_id, extra) VALUES (1, 1, '{}')")

    (row,) = db.execute(ast.literal_eval(write_select(member, (member, team))))
    (option,) = db.execute(ast.literal_eval(write_options(team)))

    assert dict(row) == {"id": 1, "team": shown, "boss": 1, "extra": "{}"}
    assert tuple(option) == (1, shown)


def test_a_page_without_references_shows_rows_as_they_are() -> None:
    db, (task,) = _make(TASK)
    db.execute("INSERT INTO tasks DEFAULT VALUES")

    (row,) = db.execute(ast.literal_eval(write_select(task, (task,))))
    (deleted,) = db.execute(ast.literal_eval(write_delete(task)), {"id": 1})

    assert row.keys() == ["id", "title", "rank", "done", "status"]
    assert tuple(deleted) == (1,)
