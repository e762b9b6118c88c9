"""The databases of proofs: made on the server that is named, and dropped."""

import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from server import list_databases, needs_server

from starlette_new.databases import VARIABLE, check_server, open_database
from starlette_new.environment import Environment
from starlette_new.errors import SurroundingsProblem
from starlette_new.processes import Processes

CLOSED = "postgresql://postgres@127.0.0.1:9/postgres"


@pytest.fixture
def processes() -> Iterator[Processes]:
    with Processes(30, lambda text: None) as processes:
        yield processes


@pytest.fixture
def environment(tmp_path: Path, processes: Processes) -> Environment:
    """An environment whose interpreter is that of these tests, which has psycopg."""
    bin_folder = tmp_path / "project" / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").symlink_to(sys.executable)
    (tmp_path / "scratch").mkdir()
    environment = Environment(tmp_path / "project", tmp_path / "scratch", "", True, processes)
    (bin_folder / "python").unlink()
    (bin_folder / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (bin_folder / "python").chmod(0o755)
    return environment


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (CLOSED, "127.0.0.1:9 does not answer (Connection refused)"),
        ("postgres://u:secret@nowhere.invalid/x", "nowhere.invalid:5432 does not answer"),
        ("sqlite:///x.db", f"{VARIABLE} is no address of a PostgreSQL server"),
        ("postgresql://h:port/x", f"{VARIABLE} is no address of a PostgreSQL server"),
    ],
)
def test_a_server_that_is_not_there_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv(VARIABLE, address)

    with pytest.raises(SurroundingsProblem) as caught:
        check_server()

    assert said in str(caught.value)
    assert "--no-verify" in caught.value.hint
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_a_socket_in_a_folder_is_asked_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql:///postgres?host=/nowhere")

    check_server()


def test_a_file_is_the_database_of_sqlite(environment: Environment, processes: Processes) -> None:
    with open_database(environment, processes, "sqlite") as variables:
        assert variables == {"DATABASE_URL": "sqlite:///../scratch/proof.db"}


@needs_server
def test_a_database_is_made_and_dropped(environment: Environment, processes: Processes) -> None:
    check_server()

    with (
        open_database(environment, processes, "postgres") as variables,
        psycopg.connect(variables["DATABASE_URL"], autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE things (n int)")
        made = connection.info.dbname
        connection.execute(f'CREATE DATABASE "{made}_test_1"')  # as tests do that are killed

    assert not [name for name in list_databases() if name.startswith(made)]


def test_what_the_server_says_is_told(
    environment: Environment, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, CLOSED)

    with (
        pytest.raises(SurroundingsProblem, match="Connection refused"),
        open_database(environment, processes, "postgres"),
    ):
        pass
