"""The PostgreSQL server: where it is, and what it does and says."""

from types import SimpleNamespace

from sqlalchemy import text

SERVER = "postgresql://postgres@127.0.0.1/postgres"
"""Where the tests make a database of their own, unless TEST_DATABASE_URL says otherwise."""
NUMBER = text("SELECT setval(pg_get_serial_sequence(quote_ident(:name), 'id'), :next, false)")
"""Sets the id that the next row of a table gets."""
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
"""Ends the other connections to the database, as a server does that stops, and waits for that."""


class Collision(Exception):
    """A statement that broke a constraint, whose name tells its kind, its table and its column."""

    def __init__(self, constraint: str) -> None:
        table = constraint.split("_")[1]
        self.diag = SimpleNamespace(constraint_name=constraint, table_name=table)
