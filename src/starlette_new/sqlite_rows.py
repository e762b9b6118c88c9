"""The rows of a database of SQLite, read as they were at one moment; nothing is written to it.

This runs in the environment of a project: it needs nothing but Python.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

NOT_ROWS = ("alembic_version",)
"""Tables that tell of the database itself."""
_TABLES = """
SELECT name FROM pragma_table_list JOIN sqlite_schema USING (name)
WHERE schema = 'main' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND (
    pragma_table_list.type = 'table'
    OR pragma_table_list.type = 'virtual' AND replace(sql, ' ', '') NOT LIKE '%,content=%'
)
ORDER BY name
"""
"""Virtual tables with contents of other tables have no rows of their own."""


class Source:
    """An open database, and its tables."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def list_tables(self) -> list[str]:
        """Give the names of its tables, but for SQLite's own, Alembic's, and indexes of texts."""
        found = self._connection.execute(_TABLES)
        return [name for (name,) in found if name not in NOT_ROWS]

    def read_columns(self, table: str) -> dict[str, str]:
        """Give the columns of a table, each with the type that SQLite was told."""
        found = self._connection.execute("SELECT name, type FROM pragma_table_info(?)", [table])
        return dict(found.fetchall())

    def count(self, table: str, column: str = "") -> int:
        """Count the rows of a table, or those with a value in a column."""
        what = quote(column) if column else "*"
        query = f"SELECT count({what}) FROM {quote(table)}"  # noqa: S608
        return int(self._connection.execute(query).fetchone()[0])

    def read(
        self, table: str, columns: Sequence[str], keys: Sequence[str]
    ) -> Iterator[tuple[object, ...]]:
        """Give the rows of a table, in the order of their keys."""
        names, order = (", ".join(map(quote, names)) for names in (columns, keys))
        yield from self._connection.execute(
            f"SELECT {names} FROM {quote(table)} ORDER BY {order}"  # noqa: S608
        )

    def read_last_ids(self) -> Mapping[str, int]:
        """Give the highest id that each table has had; those without a counter are left out."""
        try:
            return dict(self._connection.execute("SELECT name, seq FROM sqlite_sequence"))
        except sqlite3.OperationalError:
            return {}


@contextmanager
def open_source(file: Path) -> Iterator[Source]:
    """Open a database, and keep what others write from showing; raise sqlite3.Error."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        yield Source(connection)


def quote(name: str) -> str:
    """Quote a name, for SQLite and for PostgreSQL."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
