"""The tables that two databases share: what of them is copied, and what nobody can copy.

This runs in the environment of a project, which has psycopg.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

from starlette_new.postgres_rows import Column, Target, Texts
from starlette_new.row_values import Json, Kind, find_kind
from starlette_new.sqlite_rows import Source


class Refusal(Exception):
    """Rows that cannot be copied.

    code: of the problem: target, loss, surroundings or proof. hint: what to do.
    """

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


@dataclass
class Checksum:
    """Counts rows, and makes a SHA-256 of all of their values."""

    rows: int = 0
    _hash: Any = field(default_factory=sha256)

    def add(self, values: Texts) -> None:
        texts = ["\0" if value is None else f"={value}\0" for value in values]
        self._hash.update("".join(texts).encode())
        self.rows += 1

    def __str__(self) -> str:
        return str(self._hash.hexdigest())


@dataclass(frozen=True)
class Table:
    """A table that both have.

    rows: how many SQLite has. columns: those that are copied, each with its kind. keys: of it.
    """

    name: str
    rows: int
    columns: Mapping[str, Kind]
    keys: Sequence[Column]

    def convert(self, source: Source, seen: Checksum) -> Iterator[Texts]:
        """Give the rows as COPY takes them, and note what they hold; raise Refusal."""
        kinds = list(self.columns.values())
        for row in source.read(self.name, list(self.columns), self._key_names):
            pairs = list(zip(kinds, row, strict=True))
            try:
                texts = [None if value is None else kind.write(value) for kind, value in pairs]
            except ValueError:
                raise self._blame(row) from None
            seen.add([None if value is None else kind.show(value) for kind, value in pairs])
            yield texts

    def read_back(self, target: Target) -> Checksum:
        """Read what the table holds in PostgreSQL."""
        seen, kinds = Checksum(), list(self.columns.values())
        for row in target.read(self.name, list(self.columns), self.keys):
            pairs = zip(kinds, row, strict=True)
            seen.add([None if text is None else kind.read(text) for kind, text in pairs])
        return seen

    def refuse_row(self, source: Source, number: int, why: str) -> Refusal:
        """Refuse the row that is copied as the one with this number."""
        rows = source.read(self.name, self._key_names, self._key_names)
        return _refuse_row(self.name, next(islice(rows, number - 1, None), ()), why)

    @property
    def _key_names(self) -> list[str]:
        return [key.name for key in self.keys]

    def _blame(self, row: Sequence[object]) -> Refusal:
        """Refuse a row, and say which of its values cannot be copied."""
        values = dict(zip(self.columns, row, strict=True))
        reasons = {name: _find_fault(kind, values[name]) for name, kind in self.columns.items()}
        column, why = next((name, why) for name, why in reasons.items() if why)
        key = [values[name] for name in self._key_names]
        return _refuse_row(self.name, key, f"its {column} {why}")


def _find_fault(kind: Kind, value: object) -> str:
    try:
        _ = value is None or kind.write(value)
    except ValueError as error:
        return str(error)
    return ""


def _refuse_row(table: str, key: Sequence[object], why: str) -> Refusal:
    return Refusal(
        "target",
        f"The row {', '.join(map(str, key))} of {table} cannot be copied: {why}.",
        "Nothing was copied. Mend it in the database of SQLite, or in a copy of that.",
    )


def match_tables(
    source: Source, tables: Mapping[str, Sequence[Column]], dialect: Json
) -> Iterator[Table]:
    """Give the tables of SQLite that PostgreSQL has too; raise Refusal where rows would be lost."""
    for name in source.list_tables():
        rows = source.count(name)
        if name in tables:
            yield _match(source, name, rows, tables[name], dialect)
        elif rows:
            raise _lose(f"table {name}", f"{rows} rows")


def _match(source: Source, name: str, rows: int, columns: Sequence[Column], dialect: Json) -> Table:
    stored = source.read_columns(name)
    _check_columns(source, name, rows, columns, stored)
    shared = [one for one in columns if one.name in stored and not one.is_computed]
    kinds = {one.name: find_kind(one.type, stored[one.name], dialect) for one in shared}
    for one in shared:
        if kinds[one.name] is None and source.count(name, one.name):
            raise _refuse(f"Nobody here can copy {name}.{one.name}, which is {one.type}.")
    keys = [one for one in shared if one.is_key]
    if rows and not keys:
        raise _refuse(f"The table {name} has no primary key, by which its rows are compared.")
    return Table(name, rows, {one: kind for one, kind in kinds.items() if kind}, keys)


def _check_columns(
    source: Source, name: str, rows: int, columns: Sequence[Column], stored: Mapping[str, str]
) -> None:
    """Raise Refusal where values have no place, or a place has no value."""
    for column in sorted(stored.keys() - {one.name for one in columns}):
        if source.count(name, column):
            raise _lose(f"column {name}.{column}", "values")
    for one in columns:
        if one.lacks and rows and one.name not in stored:
            raise _refuse(f"The rows of {name} have no value for {one.name}, which needs one.")


def _lose(what: str, how_much: str) -> Refusal:
    return Refusal(
        "loss",
        f"The {what} of SQLite has {how_much}, and PostgreSQL has no such {what.split()[0]}.",
        "Nothing was copied. Write the migration that makes it, or copy from a file without it.",
    )


def _refuse(message: str) -> Refusal:
    return Refusal("target", message, "Nothing was copied. Change that, and type this again.")
