"""Rows drawn by chance, written into a database of SQLite as the application keeps them."""

import datetime as dt
import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from starlette_new.language import Field, parse_resource
from starlette_new.relations import sort_by_need
from starlette_new.view_resource import view_links

Row = tuple[object, ...]
LETTERS = "abc é😀\t\n\\N'\"%\x01\x7f\u2028\ufffe{},;:"
FIRST, LAST = dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31)  # noqa: DTZ001
BATCH = 10_000


def add_rows(file: Path, lines: Sequence[str], count: int, chance: random.Random) -> None:
    """Add so many rows in all, a few of them to the tables that others refer to."""
    resources = sort_by_need([parse_resource(line) for line in lines])
    share = {one.name: 0.4 if len(one.fields) > 4 else 0.02 for one in resources}
    sizes = {one.name: max(5, int(count * share[one.name])) for one in resources}
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        for one in resources:
            fields = [field for field in one.fields if not field.is_many]
            names = ["id", "created_at", "updated_at", "lock_version", *(f.name for f in fields)]
            rows = (
                _make_row(number, fields, sizes, chance) for number in range(1, sizes[one.name] + 1)
            )
            _insert(database, one.plural, names, rows)
            for link in view_links(one, resources):
                target = next(r.name for r in resources if r.plural == link["target"])
                pairs = _make_links(sizes[one.name], sizes[target], count * 0.08, chance)
                _insert(database, link["table"], [link["row"], link["other"]], pairs)


def _insert(
    database: sqlite3.Connection, table: str, names: Sequence[str], rows: Iterator[Row]
) -> None:
    marks = ", ".join("?" * len(names))
    query = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    database.executemany(query, rows)
    database.commit()


def _make_row(
    number: int, fields: Sequence[Field], sizes: dict[str, int], chance: random.Random
) -> Row:
    values = [_make_value(field, number, sizes, chance) for field in fields]
    return (number, _make_moment(chance), _make_moment(chance), chance.randint(1, 9), *values)


def _make_value(field: Field, number: int, sizes: dict[str, int], chance: random.Random) -> object:
    if field.nullable and chance.random() < 0.3:
        return None
    if field.is_ref:
        return chance.randint(1, sizes[field.target])
    if field.kind.choices:
        return chance.choice(field.kind.choices)
    if field.unique:
        return f"{number} {_make_text(chance, 20)}"
    return _MAKERS[field.type](chance)


def _make_text(chance: random.Random, longest: int) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randint(1, longest)))


def _make_moment(chance: random.Random) -> str:
    seconds = chance.uniform(0, (LAST - FIRST).total_seconds())
    return f"{FIRST + dt.timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S.%f}".rjust(26, "0")


def _make_json(chance: random.Random) -> str:
    inner = {_make_text(chance, 5).replace("\0", ""): chance.choice([None, True, -(2**63), 0.1])}
    text = _make_text(chance, 10) + "\0"
    return json.dumps(chance.choice([inner, [1e300, 1, "x"], text, 5, 1e16, [], [inner, text]]))


def _make_links(rows: int, others: int, count: float, chance: random.Random) -> Iterator[Row]:
    seen = {(chance.randint(1, rows), chance.randint(1, others)) for _ in range(int(count))}
    yield from sorted(seen)


_MAKERS: dict[str, Callable[[random.Random], object]] = {
    "str": lambda chance: _make_text(chance, 40),
    "text": lambda chance: _make_text(chance, 200),
    "int": lambda chance: chance.randint(-(2**63), 2**63 - 1),
    "float": lambda chance: chance.choice([chance.random(), chance.gauss(0, 1e10), 1e-300, 2.0]),
    "decimal": lambda chance: chance.randint(-(10**10) + 1, 10**10 - 1),
    "bool": lambda chance: chance.randint(0, 1),
    "date": lambda chance: _make_moment(chance)[:10],
    "datetime": _make_moment,
    "time": lambda chance: _make_moment(chance)[11:],
    "uuid": lambda chance: f"{chance.getrandbits(128):032x}",
    "json": _make_json,
    "email": lambda chance: f"a{chance.getrandbits(30)}@example.org",
    "url": lambda chance: f"https://example.org/{chance.getrandbits(30)}",
    "color": lambda chance: f"#{chance.getrandbits(24):06x}",
}
