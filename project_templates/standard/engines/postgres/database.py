"""The database: its engine, its migrations, and whole units of work in a worker thread."""

import asyncio
import select
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import uniform
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import Connection as PsycopgConnection
from sqlalchemy import URL, Engine, MetaData, Table, create_engine, event, text
from sqlalchemy.exc import DisconnectionError, OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase, Session
{{ database_imports | join("\n") }}

P = ParamSpec("P")
T = TypeVar("T")
Query = Callable[Concatenate[Session, P], T]

CONNECTIONS = 8
"""To the server, and the threads that use them, where nobody says how many."""
LONGEST_WAIT = 5
"""Seconds that a request waits for the database; then it fails, rather than pile up."""
TRIES = 5
"""How often a write is begun, where all that hinders it are other writes at the same time."""
TRY_AGAIN = ("40001", "40P01")
"""What the server answers to a transaction that others got in the way of; it changed nothing."""
OPTIONS = {
    "timezone": "UTC",
    {{ '"search_path": "public,procrastinate",' if with_jobs }}
    "statement_timeout": "4s",
    "idle_in_transaction_session_timeout": "10s",
    # A plan made for any value would pass by the index of a search.
    "plan_cache_mode": "force_custom_plan",
}
CONNECT = {
    "connect_timeout": 2,
    "tcp_user_timeout": 4000,
    "options": " ".join(f"-c {name}={value}" for name, value in OPTIONS.items()),
}


class Model(DeclarativeBase):
    __table__: ClassVar[Table]

{% include "engines/naming.py" %}


class Overloaded(Exception):
    """More requests wait for the database than may."""


class Database:
    """Runs a query function in a worker thread, as one transaction, and returns its result."""

    def __init__(self, url: URL, most_waiting: int, connections: int = CONNECTIONS) -> None:
        self.engine = make_engine(url, connections)
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="database")
        self._free = asyncio.Semaphore(connections)
        self._most_waiting, self._waiting = most_waiting, 0

    async def read(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def work() -> T:
            with Session(self.engine) as session:
                return query(session, *args, **kwargs)

        return await self._run(work)

    async def write(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def work(tries: int = TRIES) -> T:
            try:
                with Session(self.engine) as session, session.begin():
                    return query(session, *args, **kwargs)
            except OperationalError as error:
                if tries == 1 or getattr(error.orig, "sqlstate", None) not in TRY_AGAIN:
                    raise
            time.sleep(uniform(0, 0.02))  # noqa: S311, no secret: only so that two do not meet again
            return work(tries - 1)

        return await self._run(work)

    async def _run(self, work: Callable[[], T]) -> T:
        """Wait for a thread and its work: not for long, and not behind too many others."""
        if self._waiting >= self._most_waiting:
            raise Overloaded
        self._waiting += 1
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await self._free.acquire()
                # Who waits for it may be cancelled; the work goes on, and keeps its thread.
                done = asyncio.get_running_loop().run_in_executor(self._threads, work)
                done.add_done_callback(lambda _: self._free.release())
                return await asyncio.shield(done)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._threads.shutdown()
        self.engine.dispose()


def make_engine(url: URL, connections: int = CONNECTIONS) -> Engine:
    engine = create_engine(
        url,
        connect_args=CONNECT,
        hide_parameters=True,  # what rows hold belongs in no log
        isolation_level="REPEATABLE READ",
        max_overflow=0,
        pool_size=connections,
        {{ engine_lines | join("\n        ") }}
    )
    event.listen(engine, "checkout", _check_open)
    return engine


def _check_open(connection: PsycopgConnection[Any], *_: object) -> None:
    """Have the pool exchange a connection that the server has closed.

    It sees that at no cost, where `pool_pre_ping` asks the server before every transaction.
    """
    socket = select.poll()
    socket.register(connection, getattr(select, "POLLRDHUP", 0))
    if connection.closed or socket.poll(0):
        raise DisconnectionError


{% if has_json %}
def write_json(value: object) -> str:
    """Write JSON for the server, which keeps any text but NUL: U+FFFE stands before what it was."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\\u(0000|fffe)", r"\1\\ufffe\2", json.dumps(value))


def read_json(source: bytes) -> object:
    text = re.sub("\ufffe(0000|fffe)", r"\\u\1", source.decode())
    return json.loads(text, parse_int=read_number)


def read_number(digits: str) -> int | float:
    """Read a whole number of JSON: the server writes out all the digits of 1e300."""
    number = int(digits)
    return number if -(2**63) <= number < 2**64 else float(number)


{% endif %}
@contextmanager
def reaching(url: URL) -> Iterator[None]:
    """End with a sentence where the database cannot be used."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SystemExit(f"The database {url.database} cannot be used. {reason}") from None


def create_database(url: URL) -> None:
    """Make the database where the server does not have it yet, and lets us."""
    server = make_engine(url.set(database="postgres"))
    server = server.execution_options(isolation_level="AUTOCOMMIT")
    named = text("SELECT 1 FROM pg_database WHERE datname = :name").bindparams(name=url.database)
    with suppress(OperationalError, ProgrammingError), server.connect() as connection:
        if connection.scalar(named) is None:
            connection.exec_driver_sql("SET statement_timeout = 0")
            name = server.dialect.identifier_preparer.quote(url.database or "")
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    server.dispose()


def migrate(url: URL) -> None:
    """Bring the database to the newest migration."""
    with reaching(url):
        command.upgrade(alembic_config(url), "head"){{ migrate_queue }}


def is_migrated(url: URL) -> bool:
    """Tell whether the database is at the newest migration."""
    newest = ScriptDirectory.from_config(alembic_config(url)).get_current_head()
    engine = make_engine(url)
    with reaching(url), engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        {{- "\n        has_queue = is_queue_migrated(connection)" if with_jobs }}
    engine.dispose()
    return current == newest{{ " and has_queue" if with_jobs }}


def alembic_config(url: URL) -> Config:
    config = Config(toml_file=Path(__file__).parents[1] / "pyproject.toml")
    config.attributes["url"] = url
    return config
