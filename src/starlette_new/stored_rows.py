"""The rows in the database that a project uses on this machine, counted before they are lost."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from starlette_new.blueprint import Blueprint

_SCHEME = "sqlite:///"


def count_rows(project: Path, blueprint: Blueprint, table: str, column: str = "") -> int | None:
    """Count the rows of a table, or those with a value in a column; None if they cannot be read.

    There are none where there is no database yet. blueprint: what the project was made from.
    """
    file = find_database(project, blueprint)
    if file is None:
        return None
    if not file.exists():
        return 0
    quoted = table.replace('"', '""')
    inner = column.replace('"', '""')
    where = f' WHERE "{inner}" IS NOT NULL' if column else ""
    query = f'SELECT count(*) FROM "{quoted}"{where}'  # noqa: S608
    try:
        return int(str(_ask(file, query)))
    except sqlite3.Error as error:
        return 0 if str(error).startswith("no such") else None


def read_revision(file: Path) -> str | None:
    """Read which migration a database is at; None if it is at none, or cannot be read."""
    try:
        found = _ask(file, "SELECT min(version_num) FROM alembic_version")
    except sqlite3.Error:
        return None
    return None if found is None else str(found)


def _ask(file: Path, query: str) -> object:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchone()[0]


def find_database(project: Path, blueprint: Blueprint) -> Path | None:
    """Find the file of the database, as the project's own settings do; None if it is no file."""
    default = f"{_SCHEME}{blueprint.name}.db"
    address = read_address(project) or default
    if blueprint.with_db == "postgres" or not address.startswith(_SCHEME):
        return None
    return project / address.removeprefix(_SCHEME).partition("?")[0]


def read_address(project: Path) -> str:
    """Read the address of the database as it is set here; empty where it is not."""
    return os.environ.get("DATABASE_URL") or _read_setting(project)


def _read_setting(project: Path) -> str:
    try:
        lines = (project / ".env").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        key, _, value = line.partition("=")
        if key.strip() == "DATABASE_URL":
            return value.strip().strip("\"'")
    return ""
