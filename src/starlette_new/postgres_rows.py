"""The tables of a database of PostgreSQL that rows are copied into, in one transaction.

This runs in the environment of a project, which has psycopg.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import Connection, sql

Texts = Sequence[str | None]
"""A row as COPY takes it and gives it back."""

_SETTINGS = {
    "bytea_output": "hex",
    "datestyle": "ISO, YMD",
    "extra_float_digits": "1",
    "idle_in_transaction_session_timeout": "0",
    "lock_timeout": "10s",
    "statement_timeout": "0",
    "timezone": "UTC",
}
"""What the forms of values rely on, and how long it waits: only for others, and not for long."""
_COLUMNS = """
SELECT c.relname, a.attname,
    CASE t.typtype WHEN 'e' THEN 'text' ELSE format_type(a.atttypid, a.atttypmod) END,
    a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', a.attgenerated <> '',
    coalesce(a.attnum = ANY (i.indkey), false)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
    AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum
"""
_REFERENCES = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND connamespace = current_schema()::regnamespace
ORDER BY conrelid, conname
"""


@dataclass(frozen=True)
class Column:
    """A column. type: as PostgreSQL writes it; lacks: a row that leaves it out has no value for it.

    is_computed: nobody else may write it. is_key: it is one of the primary key.
    """

    name: str
    type: str
    lacks: bool
    is_computed: bool
    is_key: bool


class Target:
    """The tables of one connection; whoever has it commits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        for name, value in _SETTINGS.items():
            connection.execute("SELECT set_config(%s, %s, true)", [name, value])

    def read_tables(self) -> Mapping[str, list[Column]]:
        """Give the columns of every table."""
        found: dict[str, list[Column]] = {}
        for table, *column in self._connection.execute(_COLUMNS):
            found.setdefault(table, []).append(Column(*column))
        return found

    def lock(self, tables: Iterable[str]) -> None:
        """Keep everybody else from these tables until the end."""
        for table in tables:
            query = sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table))
            self._connection.execute(query)

    def has_rows(self, table: str) -> bool:
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
        return bool(self._fetch(query))

    @contextmanager
    def unreferenced(self) -> Iterator[None]:
        """Leave out the foreign keys, and make them again, which looks at every row once.

        Rows refer to rows that follow, and tables to one another in circles.
        """
        found = self._connection.execute(_REFERENCES).fetchall()
        for table, name, _ in found:
            self._connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
        yield
        for table, name, definition in found:
            statement = f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
            self._connection.execute(statement.encode())

    def write(self, table: str, columns: Sequence[str], rows: Iterable[Texts]) -> None:
        """Copy rows into a table."""
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with self._connection.cursor().copy(query) as copy:
            for row in rows:
                copy.write_row(row)

    def read(self, table: str, columns: Sequence[str], keys: Sequence[Column]) -> Iterator[Texts]:
        """Give the rows of a table as texts, in the order of their keys, as SQLite has it."""
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        order = sql.SQL(", ").join(map(_sort, keys))
        query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT")
        with self._connection.cursor().copy(
            query.format(names, sql.Identifier(table), order)
        ) as copy:
            yield from copy.rows()

    def number(self, table: str, column: str, last: int) -> None:
        """Let the ids of a table go on after its own, and after this one, if it gives any.

        The statement is part of the transaction, which setval() is not.
        """
        query = "SELECT pg_get_serial_sequence(quote_ident(%s), %s)"
        sequence = self._fetch(query, table, column)
        if sequence is None:
            return
        names = sql.Identifier(column), sql.Identifier(table)
        highest = self._fetch(sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(*names))
        number = min(max(int(str(highest)), last, 0) + 1, 2**63 - 1)
        self._connection.execute(f"ALTER SEQUENCE {sequence} RESTART WITH {number}".encode())

    def _fetch(self, query: sql.Composed | bytes | str, *values: object) -> object:
        row = self._connection.execute(query, values or None).fetchone()
        return row[0] if row else None


def _sort(key: Column) -> sql.Composable:
    """Sort by a column: texts by their characters, whatever the language of the database."""
    is_text = key.type.startswith(("text", "character"))
    return sql.Identifier(key.name) + sql.SQL('::text COLLATE "C"' if is_text else "")
