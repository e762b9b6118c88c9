"""The database: its engine, its migrations, and whole units of work in a worker thread."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Concatenate, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, MetaData, Table, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session
{{ database_imports | join("\n") }}

P = ParamSpec("P")
T = TypeVar("T")
Query = Callable[Concatenate[Session, P], T]

THREADS = 8
LONGEST_WAIT = 10
"""Seconds that a write waits for those before it; then it fails, rather than pile up."""


class Model(DeclarativeBase):
    __table__: ClassVar[Table]

    # SQLite cannot drop a constraint that has no name.
{% include "engines/naming.py" %}
    # The id of a deleted row is never given to another row.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012


class Overloaded(Exception):
    """More requests wait for the database than may."""


class Database:
    """Runs a query function in a worker thread, as one transaction, and returns its result."""

    {{ database_init | join("\n        ") }}
        self.engine = make_engine(url)
        self._most_waiting, self._waiting = most_waiting, 0
        self._writing_engine = self.engine.execution_options(write=True)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="database")
        # SQLite has one writer at a time: the others wait here, where they block no reader.
        self._writer = asyncio.Lock()

    async def read(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def work() -> T:
            with Session(self.engine) as session:
                return query(session, *args, **kwargs)

        with self._admit():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def write(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
{% include "engines/sqlite/work_" ~ ("pages" if has_pages else "none") ~ ".py" %}

        with self._admit():
            async with asyncio.timeout(LONGEST_WAIT):
                await self._writer.acquire()
            # Whoever waits for it may be cancelled; the work goes on, and the next waits for it.
            done = asyncio.get_running_loop().run_in_executor(self._threads, work)
{% include "engines/sqlite/done_" ~ ("pages" if has_pages else "none") ~ ".py" %}

    @contextmanager
    def _admit(self) -> Iterator[None]:
        """Let a request wait, unless too many others do already."""
        if self._waiting >= self._most_waiting:
            raise Overloaded
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._threads.shutdown()
        self.engine.dispose()


def make_engine(url: URL) -> Engine:
    # What rows hold belongs in no log.
    engine = create_engine(url, pool_size=THREADS, max_overflow=0, hide_parameters=True)
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions start in _begin, not in the driver
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 5000")


def _begin(connection: Connection) -> None:
    # A write that begins as a read loses its changes to another writer, or fails at once.
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def migrate(url: URL) -> None:
    """Bring the database to the newest migration, and let SQLite learn which index serves what."""
    command.upgrade(alembic_config(url), "head")
    engine = make_engine(url)
    with engine.execution_options(write=True).begin() as connection:
        connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def is_migrated(url: URL) -> bool:
    """Tell whether the database is there, and at the newest migration."""
    if not Path(url.database or "").is_file():  # or SQLite would make an empty one
        return False
    newest = ScriptDirectory.from_config(alembic_config(url)).get_current_head()
    engine = make_engine(url)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return current == newest


def alembic_config(url: URL) -> Config:
    config = Config(toml_file=Path(__file__).parents[1] / "pyproject.toml")
    config.attributes["url"] = url
    return config
