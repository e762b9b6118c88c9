"""The PostgreSQL server of tests: where there is none, they are skipped, and say so."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

import psycopg
import pytest
from psycopg import sql

from starlette_new.databases import SERVER, VARIABLE

ADDRESS = os.environ.get(VARIABLE, SERVER)


def is_there() -> bool:
    try:
        psycopg.connect(ADDRESS, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


WHY_NOT = f"no PostgreSQL at {ADDRESS.rpartition('@')[2]}: set {VARIABLE}"
needs_server = pytest.mark.skipif(not is_there(), reason=WHY_NOT)


@contextmanager
def open_scratch(like: str = "template1") -> Iterator[str]:
    """Make a database, give its name, and drop it. like: the one that it is a copy of."""
    name = f"tried_{token_hex(8)}"
    with psycopg.connect(ADDRESS, autocommit=True) as connection:
        names = map(sql.Identifier, (name, like))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        try:
            yield name
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def list_databases() -> set[str]:
    with psycopg.connect(ADDRESS) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
