"""The SQL that brings a database of the single layout along, run on tables with rows."""

import ast
import json
import sqlite3
from collections.abc import Mapping, Sequence

import pytest

from starlette_new.language import Field, Resource, parse_resource
from starlette_new.next_sql import write_sql
from starlette_new.schema_changes import Renames, compare
from starlette_new.view_single_sql import list_columns, list_indexes

NOTE = "note body:text task:ref"
PLAN = "plan name:str"
ROWS = 3
UUID = "0123abcd-0123-4567-89ab-0123456789ab"


def parse(lines: Sequence[str]) -> list[Resource]:
    return [parse_resource(line) for line in lines]


def write(old: Sequence[str], new: Sequence[str], renames: Renames | None = None) -> list[str]:
    before, after = parse(old), parse(new)
    return write_sql(compare(before, after, renames or Renames()), before, after)


def make(lines: Sequence[str], rows: int = 0) -> sqlite3.Connection:
    """Make the tables as the application does, with rows, and one that was deleted."""
    resources = parse(lines)
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.row_factory = sqlite3.Row
    for resource in resources:
        columns = ", ".join(list_columns(resource, resources))
        db.execute(f'CREATE TABLE IF NOT EXISTS "{resource.plural}" ({columns})')
        for index in list_indexes(resource):
            db.execute(index)
        for number in range(1, rows + 1):
            values = [number, *(pick(field, number) for field in resource.fields)]
            marks = ", ".join("?" * len(values))
            db.execute(f'INSERT INTO "{resource.plural}" VALUES ({marks})', values)  # noqa: S608
    db.execute("UPDATE sqlite_sequence SET seq = 9")
    return db


def pick(field: Field, number: int) -> object:
    """Give a value that the table holds, another one for each row where that can be."""
    if field.nullable and number == 2:
        return None
    if field.is_ref:
        return number
    value = ast.literal_eval(field.kind.samples[number - 1])
    return json.dumps(value) if field.type == "json" else value


def read_schema(db: sqlite3.Connection) -> dict[str, object]:
    found: dict[str, object] = {}
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        sql = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        if not name.startswith("sqlite_"):
            columns = {
                row["name"]: tuple(row)[2:5] for row in db.execute(f'PRAGMA table_info("{name}")')
            }
            keys = {tuple(row)[2:7] for row in db.execute(f'PRAGMA foreign_key_list("{name}")')}
            uniques = {
                tuple(tuple(one)[2:] for one in db.execute(f'PRAGMA index_info("{row["name"]}")'))
                for row in db.execute(f'PRAGMA index_list("{name}")')
                if row["unique"]
            }
            found[name] = (columns, keys, uniques, sql.count("CHECK"), "AUTOINCREMENT" in sql)
    indexes = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    return found | {"indexes": {tuple(row) for row in db.execute(indexes)}}


def read_rows(db: sqlite3.Connection, table: str) -> list[dict[str, object]]:
    return list(map(dict, db.execute(f'SELECT * FROM "{table}" ORDER BY id')))  # noqa: S608


CHANGES = [
    ("a:str", "a:str b:int=1"),
    ("a:str", "a:str b:int?:index"),
    ("a:str", "a:str b:int?:unique"),
    ("a:str", "a:str b:datetime=now c:date=today d:time=now"),
    ("a:str", "a:str b:ref(plan)?"),
    ("a:str", "a:str b:enum(x,y)=x"),
    ("a:str b:int:index", "a:str"),
    ("a:str b:int:unique c:enum(x,y) d:ref(plan)", "a:str"),
    ("a:str b:int?", "a:str b:int=4"),
    ("a:str b:enum(x,y)?", "a:str b:enum(x,y,z)=z"),
    ("a:str b:date?", "a:str b:date=today"),
    ("a:str b:time?", "a:str b:time=12:00"),
    ("a:str b:bool?", "a:str b:bool=true"),
    ("a:str b:int", "a:str b:int:unique"),
    ("a:str b:int:index", "a:str b:int"),
    ("a:str b:int", "a:str b:int:index=3"),
    ("a:str b:ref(plan)", "a:str b:ref(plan)?"),
    ("a:str b:ref(plan)?", "a:str b:ref(note)?"),
    ("a:str(20)", "a:str(40)"),
    ("a:str b:json?", "a:str b:int?"),
    ("a:str order:int", "a:text order:float"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_a_table_becomes_what_the_application_would_make(old: str, new: str) -> None:
    before, after = ([f"task {fields}", PLAN, NOTE] for fields in (old, new))
    db = make(before, ROWS)
    rows = read_rows(db, "tasks")

    db.executescript("\n".join(write(before, after)))

    assert read_schema(db) == read_schema(make(after))
    assert [row["a"] for row in read_rows(db, "tasks")] == [row["a"] for row in rows]
    assert len(read_rows(db, "notes")) == ROWS
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'tasks'").fetchall()[0][0] == 9


RENAMES: list[tuple[list[str], list[str], dict[str, str], dict[tuple[str, str], str]]] = [
    (["task a:int", NOTE], ["todo a:int", "note body:text task:ref(todo)"], {"task": "todo"}, {}),
    (
        ["task a:int:index b:ref(task)?", NOTE],
        ["todo a:str:index b:ref(todo)?", "note body:text task:ref(todo)"],
        {"task": "todo"},
        {},
    ),
    (
        ["task a:int:index b:int:index"],
        ["task b:int:index a:int:index"],
        {},
        {("task", "a"): "b", ("task", "b"): "a"},
    ),
    (
        ["task a:int:index", "todo b:str:index"],
        ["todo a:int:index", "task b:str:index"],
        {"task": "todo", "todo": "task"},
        {},
    ),
    (["task plan:ref order:str", PLAN], ["task by:ref(plan) group:str", PLAN], {}, {
        ("task", "plan"): "by", ("task", "order"): "group",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "resources", "fields"), RENAMES)
def test_what_is_renamed_keeps_its_rows(
    old: list[str],
    new: list[str],
    resources: Mapping[str, str],
    fields: Mapping[tuple[str, str], str],
) -> None:
    db = make(old, ROWS)

    db.executescript("\n".join(write(old, new, Renames(resources, fields))))

    assert read_schema(db) == read_schema(make(new))
    for resource in parse(new):
        assert len(read_rows(db, resource.plural)) == ROWS
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("old", "new", "value", "kept"),
    [
        ("int", "str", 5, "5"),
        ("bool", "str", 1, "true"),
        ("str", "int", "5", 5),
        ("str", "bool", "true", 1),
        ("str", "date", "2026-01-31", "2026-01-31"),
        ("str", "datetime", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("str", "time", "12:00", "12:00:00"),
        ("str", "time", "12:00:00.5", "12:00:00.5"),
        (
            "str",
            "uuid",
            "0123ABCD-0123-4567-89ab-0123456789ab",
            "0123abcd-0123-4567-89ab-0123456789ab",
        ),
        ("str", "json", "[1]", "[1]"),
        ("str", "decimal(10,2)", "-1.5", "-1.50"),
        ("decimal(10,2)", "str", "1.50", "1.50"),
        ("decimal(10,2)", "decimal(12,4)", "-1.50", "-1.5000"),
        ("decimal(10,2)", "int", "3.00", 3),
        ("decimal(10,2)", "float", "3.25", 3.25),
        ("int", "decimal(10,2)", 3, "3.00"),
        ("date", "datetime", "2026-01-31", "2026-01-31T00:00:00Z"),
        ("datetime", "date", "2026-01-31T00:00:00Z", "2026-01-31"),
        ("datetime", "str", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("uuid", "text", "0123abcd", "0123abcd"),
        ("enum(a,b)=a", "enum(a,c)=c", "b", "c"),
        ("int", "float", 1, 1.0),
        ("decimal(10,2)", "decimal(10,2)=1", "1.50", "1.50"),
    ],
)
def test_a_value_is_converted(old: str, new: str, value: object, kept: object) -> None:
    before, after = [f"task a:{old}"], [f"task a:{new}"]
    db = make(before)
    db.execute("INSERT INTO tasks (a) VALUES (?)", (value,))

    db.executescript("\n".join(write(before, after)))

    found = read_rows(db, "tasks")[0]["a"]
    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("str", "int", "5x"),
        ("text", "str(3)", "abcd"),
        ("decimal(10,2)", "str(3)", "10.50"),
        ("decimal(10,2)", "int", "3.50"),
        ("datetime", "date", "2026-01-31T12:00:00Z"),
        ("enum(a,b)", "enum(a,c)", "b"),
    ],
)
def test_a_value_that_does_not_fit_stops_it(old: str, new: str, value: str) -> None:
    before, after = [f"task a:{old}"], [f"task a:{new}"]
    db = make(before)
    db.execute("INSERT INTO tasks (a) VALUES (?)", (value,))

    with pytest.raises(sqlite3.IntegrityError, match="rows that do not fit"):
        db.executescript("\n".join(write(before, after)))

    db.execute("ROLLBACK")
    assert read_schema(db) == read_schema(make(before))
    assert read_rows(db, "tasks")[0]["a"] == value


def test_what_goes_is_dropped_and_what_comes_is_left_to_the_application() -> None:
    old, new = ["task a:int", PLAN], ["task a:int", "label b:str"]

    assert write(old, new)[2:-1] == ['DROP TABLE "plans";']
    assert write(["task a:int"], ["task a:int", PLAN]) == []
    assert write(["task a:int"], ["task a:int"]) == []
