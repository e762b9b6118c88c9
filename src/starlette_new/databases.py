"""The databases of proofs: each is made for one, and used by nobody else."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from urllib.parse import SplitResult, urlsplit

from starlette_new.environment import Environment
from starlette_new.errors import SurroundingsProblem
from starlette_new.interrupts import held
from starlette_new.processes import Processes

VARIABLE = "TEST_DATABASE_URL"
SERVER = "postgresql://postgres@127.0.0.1/postgres"
"""Where projects and their tests look for PostgreSQL, unless the variable names another server."""
SECONDS = 3.0
_CONNECT = """
import sys
import psycopg
try:
    connection = psycopg.connect(sys.argv[1], autocommit=True, connect_timeout=5)
except psycopg.Error as error:
    sys.exit(str(error).strip().splitlines()[0])
"""
_CREATE = """
connection.execute(f'CREATE DATABASE "{sys.argv[2]}"')
"""
_DROP = """
query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
for (name,) in connection.execute(query, [sys.argv[2]]).fetchall():
    connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
"""
"""Also drops what the tests have made beside it, whose names begin with its own."""


def check_server() -> None:
    """Raise SurroundingsProblem where no PostgreSQL server could be asked for a database."""
    address = _read_address()
    host, port = address.hostname, address.port or 5432
    if host is None or host.startswith("/"):
        return  # a socket in the file system: the server itself says what is wrong with it
    try:
        socket.create_connection((host, port), SECONDS).close()
    except OSError as error:
        reason = f"{host}:{port} does not answer ({error.strerror or error})"
        raise _explain(f"No PostgreSQL server to prove it on: {reason}.") from error


@contextmanager
def open_database(
    environment: Environment, processes: Processes, with_db: str
) -> Iterator[dict[str, str]]:
    """Give the variable that names a database for one proof; raise SurroundingsProblem.

    Tests that are told of it make theirs beside it.

    with_db: the answer of the project, which must be installed where that is postgres.
    """
    if with_db != "postgres":
        file = os.path.relpath(environment.scratch / "proof.db", environment.project)
        yield {"DATABASE_URL": f"sqlite:///{file}"}
        return
    address, name = _read_address(), f"proof_{token_hex(8)}"
    _run(environment, processes, _CREATE, name)
    try:
        yield {"DATABASE_URL": address._replace(path=f"/{name}").geturl()}
    finally:
        with held():  # also where a signal asks to stop
            _run(environment, processes, _DROP, name)


def _read_address() -> SplitResult:
    text = os.environ.get(VARIABLE) or SERVER
    try:
        address = urlsplit(re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql://", text))
        if address.scheme == "postgresql" and address.port != 0:
            return address
    except ValueError:
        pass
    raise SurroundingsProblem(
        f"{VARIABLE} is no address of a PostgreSQL server.",
        f"Write it like {SERVER}, or give --no-verify.",
    )


def _run(environment: Environment, processes: Processes, script: str, name: str) -> None:
    done = processes.run(
        environment.python_command("-c", _CONNECT + script, _read_address().geturl(), name),
        environment.project,
        environment.variables(),
    )
    if not done.ok:
        said = (done.output.strip().splitlines() or ["it did not answer"])[-1]
        reason = said.removeprefix("connection failed: ")[:200]
        raise _explain(f"PostgreSQL gives no database to prove it on: {reason}.")


def _explain(problem: str) -> SurroundingsProblem:
    return SurroundingsProblem(
        problem,
        f"Set {VARIABLE}, for example to {SERVER}, or give --no-verify.",
    )
