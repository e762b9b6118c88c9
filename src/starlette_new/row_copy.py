"""Copies the rows of a database of SQLite into that of a project, and compares what is there then.

The interpreter of the project runs it, in its folder: `python -m starlette_new.row_copy FILE ANSWER
MIGRATE [--dry-run]`. ANSWER: the file to say in how it ended. MIGRATE: the command that migrates.
"""

import json
import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from starlette_new.postgres_rows import Target
from starlette_new.row_tables import Checksum, Refusal, Table, match_tables
from starlette_new.row_values import Json
from starlette_new.sqlite_rows import Source, open_source

ROWS_ARE_WRONG = ("22", "23")
"""What the codes of PostgreSQL begin with where what is copied is at fault."""

Told = list[dict[str, object]]
"""For each table its name, how many rows it has, and their checksum; None where none was made."""


def main(arguments: Sequence[str]) -> None:
    """Copy, and write how it ended."""
    file, answer, migrate, *more = arguments
    try:
        with _refusing(Path(file)):
            ended = _carry_out(Path(file), migrate, is_dry="--dry-run" in more)
    except Refusal as refusal:
        ended = vars(refusal)
    Path(answer).write_text(json.dumps(ended), encoding="utf-8")


def _carry_out(file: Path, migrate: str, *, is_dry: bool) -> dict[str, object]:
    engine, dialect = _open_project(migrate)
    try:
        with open_source(file) as source, engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            told = (plan if is_dry else copy)(source, driver, dialect)
    finally:
        engine.dispose()
    address = engine.url.set(drivername="postgresql", query={})
    return {"database": address.render_as_string(), "tables": told}


def _open_project(migrate: str) -> tuple[Engine, Json]:
    """Open the database that the project's own settings name."""
    database, settings = import_module("app.database"), import_module("app.settings")
    try:
        url = settings.read_settings().database_url
        if url.get_backend_name() != "postgresql":
            raise SystemExit(f"DATABASE_URL names no database of PostgreSQL: {url}.")
        is_migrated = database.is_migrated(url)
    except SystemExit as end:
        hint = f"Set DATABASE_URL, or make the database that it names: {migrate}"
        raise Refusal("surroundings", str(end), hint) from None
    if not is_migrated:
        raise Refusal(
            "target", f"The database {url.database} lacks a migration.", f"Type: {migrate}"
        )
    engine = database.make_engine(url).execution_options(isolation_level="READ COMMITTED")
    write, read = (getattr(database, name, None) for name in ("write_json", "read_json"))
    return engine, Json(write or json.dumps, read or json.loads)


@contextmanager
def _refusing(file: Path) -> Iterator[None]:
    """Turn what a database says into a Refusal."""
    try:
        yield
    except sqlite3.Error as error:
        said = f"The database {file.name} cannot be read: {str(error).splitlines()[0]}."
        raise Refusal("target", said, "Nothing was copied.") from None
    except (DBAPIError, psycopg.Error) as error:
        said = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise Refusal("surroundings", f"PostgreSQL: {said}.", "Nothing was copied.") from None


def plan(source: Source, connection: psycopg.Connection, dialect: Json) -> Told:
    """Tell what would be copied; raise Refusal."""
    target = Target(connection)
    tables = list(match_tables(source, target.read_tables(), dialect))
    _check_empty(tables, target)
    return [{"name": table.name, "rows": table.rows, "checksum": None} for table in tables]


def copy(source: Source, connection: psycopg.Connection, dialect: Json) -> Told:
    """Copy all rows, compare them, and commit; raise Refusal, and nothing was copied."""
    target = Target(connection)
    tables = list(match_tables(source, target.read_tables(), dialect))
    target.lock([table.name for table in tables])
    _check_empty(tables, target)
    with _referring(), target.unreferenced():
        sums = {table.name: _fill(table, source, target) for table in tables}
    last_ids = source.read_last_ids()
    for table in tables:
        for column in table.columns:
            is_id = [column] == [key.name for key in table.keys]
            target.number(table.name, column, last_ids.get(table.name, 0) if is_id else 0)
        _compare(table, sums[table.name], target)
    _commit(connection)
    return [{"name": name, "rows": one.rows, "checksum": str(one)} for name, one in sums.items()]


def _commit(connection: psycopg.Connection) -> None:
    try:
        connection.commit()
    except psycopg.OperationalError as error:
        raise Refusal(
            "surroundings",
            f"PostgreSQL: {str(error).strip().splitlines()[0]}.",
            "That was at the very end: all rows are there, or none is. Look which.",
        ) from None


def _check_empty(tables: Sequence[Table], target: Target) -> None:
    for table in tables:
        if target.has_rows(table.name):
            raise Refusal(
                "target",
                f"The table {table.name} of PostgreSQL has rows already.",
                "Nothing was copied. Copy into a database that was only migrated.",
            )


def _fill(table: Table, source: Source, target: Target) -> Checksum:
    seen = Checksum()
    if not table.rows:
        return seen
    try:
        target.write(table.name, list(table.columns), table.convert(source, seen))
    except psycopg.Error as error:
        place = re.search(rf"COPY {re.escape(table.name)},\D*(\d+)", error.diag.context or "")
        if place is None or not (error.sqlstate or "").startswith(ROWS_ARE_WRONG):
            raise
        raise table.refuse_row(source, int(place[1]), str(error.diag.message_primary)) from None
    return seen


@contextmanager
def _referring() -> Iterator[None]:
    """Refuse rows that refer to rows which are not there."""
    try:
        yield
    except psycopg.errors.ForeignKeyViolation as error:
        raise Refusal(
            "target",
            f"A row of {error.diag.table_name} refers to one that is not there: "
            f"{error.diag.message_detail}",
            "Nothing was copied. Mend it in the database of SQLite, or in a copy of that.",
        ) from None


def _compare(table: Table, wanted: Checksum, target: Target) -> None:
    found = table.read_back(target) if table.rows else Checksum()
    if (found.rows, str(found)) != (wanted.rows, str(wanted)):
        raise Refusal(
            "proof",
            f"PostgreSQL gives back other rows of {table.name} than were copied: {found.rows} "
            f"({str(found)[:12]}), not {wanted.rows} ({str(wanted)[:12]}).",
            "Nothing was copied. Tell us what is in them.",
        )


if __name__ == "__main__":
    main(sys.argv[1:])
