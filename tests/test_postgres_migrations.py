"""The next migration on PostgreSQL: run there and back, with rows."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from deltas import make_delta
from migration_cases import RESOURCE_CASES, Case
from server import ADDRESS, needs_server, open_scratch

from starlette_new.blueprint import make_blueprint
from starlette_new.language import Resource
from starlette_new.migration import write_downgrade, write_upgrade
from starlette_new.next_migration import write_migration
from starlette_new.schema_changes import Renames, compare

pytestmark = needs_server
STAMPS = ("created_at", "updated_at", "lock_version")
DAY, MOMENT = dt.date(2026, 1, 31), dt.datetime(2026, 1, 31, 12, 30, tzinfo=dt.UTC)
HEX = UUID("0a0b0c0d-0000-4000-8000-000000000001")
CHANGED = [  # of a field: its old type and its new one, with values before and after
    ("str", "text", [("a", "a")]),
    ("str(20)", "str(40)", [("a" * 20, "a" * 20)]),
    ("text", "str(20)", [("é" * 20, "é" * 20)]),
    ("str?", "str=none", [("a", "a"), (None, "none")]),
    ("str", "email", [("a@b.example", "a@b.example")]),
    ("str", "url", [("https://b/c?d", "https://b/c?d")]),
    ("str", "color", [("#a0B1c2", "#a0B1c2")]),
    ("str", "enum(a,b)", [("a", "a"), ("b", "b")]),
    ("enum(a,b,c)=a", "enum(a,b)=b", [("a", "a"), ("c", "b")]),
    ("enum(a,b)=a", "enum(b,c)=c", [("a", "c"), ("b", "b")]),
    ("enum(a,b)", "str", [("a", "a")]),
    ("str", "int", [("-12", -12)]),
    ("str", "float", [("1.5e3", 1500.0)]),
    ("str", "bool", [("true", True), ("false", False)]),
    ("str", "decimal(5,2)", [("-1.50", Decimal("-1.50")), ("999", Decimal("999.00"))]),
    ("str", "date", [("2026-01-31", DAY)]),
    ("str", "datetime", [("2026-01-31T12:30:00Z", MOMENT)]),
    ("str", "time", [("12:30", dt.time(12, 30))]),
    ("str", "uuid", [(str(HEX), HEX)]),
    ("int", "str", [(-12, "-12")]),
    ("int", "float", [(5, 5.0)]),
    ("int", "bool", [(1, True), (0, False)]),
    ("int", "decimal(5,2)", [(-5, Decimal("-5.00"))]),
    ("float", "int", [(-7.0, -7)]),
    ("float", "decimal(5,2)", [(1.15, Decimal("1.15"))]),
    ("float?", "text?", [(0.5, "0.5"), (None, None)]),
    ("bool", "int", [(True, 1), (False, 0)]),
    ("bool", "float", [(True, 1.0)]),
    ("bool", "decimal(3,1)", [(True, Decimal("1.0"))]),
    ("bool", "str", [(True, "true")]),
    ("decimal(5,2)", "decimal(7,3)", [(Decimal("-1.50"), Decimal("-1.500"))]),
    ("decimal(5,2)", "decimal(4,1)", [(Decimal("1.50"), Decimal("1.5"))]),
    ("decimal(5,2)", "int", [(Decimal("3.00"), 3)]),
    ("decimal(5,2)", "float", [(Decimal("1.50"), 1.5)]),
    ("decimal(5,2)", "bool", [(Decimal("1.00"), True)]),
    ("decimal(5,2)", "str", [(Decimal("-0.05"), "-0.05")]),
    ("date", "datetime", [(DAY, dt.datetime(2026, 1, 31, tzinfo=dt.UTC))]),
    ("datetime", "date", [(dt.datetime(2026, 1, 31, tzinfo=dt.UTC), DAY)]),
    ("date", "str", [(DAY, "2026-01-31")]),
    ("datetime", "str", [(MOMENT, "2026-01-31T12:30:00Z")]),
    ("time", "str", [(dt.time(12, 30), "12:30:00")]),
    ("uuid", "str", [(HEX, str(HEX))]),
]
REFUSED = [  # a value that would be lost or changed
    ("str", "int", "1.5", "a whole number"),
    ("str", "bool", "yes", "true or false"),
    ("str", "decimal(5,2)", "1.555", "at most 3 digits"),
    ("str", "date", "31.1.2026", "a date"),
    ("str", "enum(a,b)", "c", "one of a, b"),
    ("str", "email", "a b@c.d", "an address"),
    ("text", "str(2)", "abc", "at most 2 characters"),
    ("int", "bool", 2, "0 or 1"),
    ("int", "decimal(5,2)", 1000, "at most 3 digits"),
    ("float", "int", 1.5, "a whole number"),
    ("float", "decimal(5,2)", 1.555, "2 after the point"),
    ("decimal(5,2)", "int", Decimal("1.50"), "a whole number"),
    ("decimal(5,2)", "decimal(3,1)", Decimal("1.55"), "1 after the point"),
    ("datetime", "date", MOMENT, "the beginning of a day"),
]
TABLES = [  # lines before and after, and what is renamed
    (["task a:str"], ["task a:str", "note b:text task:ref"], Renames()),
    (["task a:str"], ["task a:str b:int c:str? d:decimal(4,2)=1.5 e:datetime?=now"], Renames()),
    (["task a:str"], ["job a:str"], Renames({"task": "job"})),
    (["task a:str", "note b:str task:ref"], ["job a:str", "note b:str job:ref"],
     Renames({"task": "job"}, {("note", "task"): "job"})),
    (["task a:str b:str"], ["task a:str c:str"], Renames({}, {("task", "b"): "c"})),
    (["task a:str b:int"], ["task a:str b:int:unique"], Renames()),
    (["task a:str b:int?"], ["task a:str b:int"], Renames()),
    (["task a:str", "tag b:str"], ["task a:str t:many(tag)", "tag b:str"], Renames()),
    (["task a:str t:many(tag)", "tag b:str"], ["job a:str t:many(tag)", "tag b:str"],
     Renames({"task": "job"})),
]  # fmt: skip
OPTIONAL = [
    Case("refer to what follows", ["a x:int b:ref?", "b y:int a:ref?"], ["b y:int", "a x:int"]),
    Case("add a circle", ["c z:int"], ["a x:int b:ref c:ref?", "b y:int a:ref?", "c z:int a:ref?"]),
    Case("add two more", ["c z:int"], ["c z:int a:ref?", "a x:int b:ref?", "b y:int"]),
]
BY_CHANCE = [make_delta(f"by chance {seed}", Random(seed)) for seed in range(20)]  # noqa: S311
SHAPES = [*OPTIONAL, *(case for case in RESOURCE_CASES if not case.own), *BY_CHANCE]


def test_what_stays_is_no_change() -> None:
    types = {one: None for row in CHANGED for one in row[:2]}
    resources = parse([f"task {' '.join(f'f{n}:{one}' for n, one in enumerate(types))}"])

    assert not compare(resources, resources)


@pytest.fixture(scope="module")
def database() -> Iterator[sa.Engine]:
    with open_scratch() as name:
        url = sa.make_url(ADDRESS).set(drivername="postgresql+psycopg", database=name)
        engine = sa.create_engine(url, connect_args={"options": "-c timezone=UTC"})
        yield engine
        engine.dispose()


@pytest.fixture
def connection(database: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to an empty database: all that a test does there is taken back."""
    with database.connect() as connection:
        yield connection
        connection.rollback()


def parse(lines: Sequence[str]) -> Sequence[Resource]:
    answers = {"name": "demo", "with_db": "postgres", "resources": lines}
    return make_blueprint(answers).resources


def migrate(connection: sa.Connection, text: str, way: str = "upgrade") -> None:
    names: dict[str, Any] = {}
    with Operations.context(MigrationContext.configure(connection)):
        exec(compile(text, "migration.py", "exec"), names)  # noqa: S102
        names[way]()


def make_tables(connection: sa.Connection, resources: Sequence[Resource]) -> None:
    migrate(connection, write_migration(compare([], resources), [], resources, "0001", None))


def insert(connection: sa.Connection, name: str, values: dict[str, object]) -> None:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    stamps = {"created_at": MOMENT, "updated_at": MOMENT, "lock_version": 1}
    connection.execute(table.insert(), values | stamps)


def read(connection: sa.Connection, name: str, column: str) -> list[object]:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    return list(connection.scalars(sa.select(table.c[column]).order_by(table.c.id)))


def show_schema(connection: sa.Connection) -> dict[str, list[Any]]:
    """Tell all that the database knows of its tables, the order of columns aside."""
    queries = {
        "columns": "SELECT table_name, column_name, data_type, character_maximum_length, "
        "numeric_precision, numeric_scale, is_nullable, column_default, is_identity "
        "FROM information_schema.columns WHERE table_schema = 'public'",
        "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'",
        "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    return {
        name: sorted(map(str, connection.execute(sa.text(query.replace("::", "\\:\\:")))))
        for name, query in queries.items()
    }


@pytest.mark.parametrize(("old", "new", "values"), CHANGED, ids=lambda one: str(one)[:20])
def test_values_become_those_of_another_type_and_come_back(
    connection: sa.Connection, old: str, new: str, values: list[tuple[object, object]]
) -> None:
    before, after = parse([f"task z:{old}"]), parse([f"task z:{new}"])
    text = write_migration(compare(before, after), before, after, "0002", "0001")
    make_tables(connection, before)
    schema = show_schema(connection)
    for value, _ in values:
        insert(connection, "tasks", {"z": value})

    migrate(connection, text)

    assert read(connection, "tasks", "z") == [value for _, value in values]
    migrate(connection, text, "downgrade")
    assert show_schema(connection) == schema
    assert len(read(connection, "tasks", "z")) == len(values)


@pytest.mark.parametrize(("old", "new", "value", "said"), REFUSED, ids=lambda one: str(one)[:20])
def test_a_value_that_would_be_lost_stops_it(
    connection: sa.Connection, old: str, new: str, value: object, said: str
) -> None:
    before, after = parse([f"task z:{old}"]), parse([f"task z:{new}"])
    make_tables(connection, before)
    insert(connection, "tasks", {"z": value})

    with pytest.raises(SystemExit, match=said):
        migrate(connection, write_migration(compare(before, after), before, after, "2", "1"))


@pytest.mark.parametrize(
    ("old", "new"), [(old, new) for old, new, _ in CHANGED] + [("json", "text")]
)
def test_the_schema_is_that_of_a_new_project(connection: sa.Connection, old: str, new: str) -> None:
    before, after = parse([f"task z:{old}"]), parse([f"task z:{new}"])
    with connection.begin_nested() as tried:
        make_tables(connection, after)
        wanted = show_schema(connection)
        tried.rollback()
    make_tables(connection, before)

    migrate(connection, write_migration(compare(before, after), before, after, "0002", "0001"))

    assert show_schema(connection) == wanted


@pytest.mark.parametrize(("old", "new", "renames"), TABLES)
def test_tables_and_columns_come_and_go_with_their_rows(
    connection: sa.Connection, old: list[str], new: list[str], renames: Renames
) -> None:
    before, after = parse(old), parse(new)
    change = compare(before, after, renames)
    text = write_migration(change, before, after, "0002", "0001")
    with connection.begin_nested() as tried:
        make_tables(connection, after)
        wanted = show_schema(connection)
        tried.rollback()
    make_tables(connection, before)
    schema = show_schema(connection)
    others: dict[str, dict[str, object]] = {"b:int": {"b": 1}, "b:str": {"b": "x"}}
    values: dict[str, object] = {"a": "one"}
    values |= next((others[one] for one in others if one in old[0]), {})
    insert(connection, before[0].plural, values)

    migrate(connection, text)

    assert show_schema(connection) == wanted
    assert read(connection, after[0].plural, "a") == ["one"]
    migrate(connection, text, "downgrade")
    assert show_schema(connection) == schema
    assert read(connection, before[0].plural, "a") == ["one"]


@pytest.mark.parametrize("case", SHAPES, ids=lambda case: case.name)
def test_tables_that_refer_to_one_another_come_and_go(
    connection: sa.Connection, case: Case
) -> None:
    before, after = parse(case.old), parse(case.new)
    change = compare(before, after, Renames(case.resources, case.fields))
    text = write_migration(change, before, after, "0002", "0001")
    with connection.begin_nested() as tried:
        first = write_migration(compare([], after), [], after, "0001", None)
        migrate(connection, first)
        wanted = show_schema(connection)
        migrate(connection, first, "downgrade")
        assert not any(show_schema(connection).values())
        tried.rollback()
    make_tables(connection, before)
    schema = show_schema(connection)

    migrate(connection, text)

    assert show_schema(connection) == wanted
    migrate(connection, text, "downgrade")
    assert show_schema(connection) == schema


@pytest.mark.parametrize("lines", [case.new for case in SHAPES if case.new])
def test_the_first_migration_makes_all_tables_and_drops_them(
    connection: sa.Connection, lines: list[str]
) -> None:
    resources = parse(lines)
    steps = {"upgrade": write_upgrade(resources), "downgrade": write_downgrade(resources)}
    imports = "import sqlalchemy as sa\nfrom alembic import op\n"
    text = f"{imports}from sqlalchemy.dialects import postgresql\n" + "".join(
        f"def {name}():\n    " + "\n    ".join(lines) + "\n" for name, lines in steps.items()
    )

    migrate(connection, text)

    assert show_schema(connection)["columns"]
    migrate(connection, text, "downgrade")
    assert not any(show_schema(connection).values())
