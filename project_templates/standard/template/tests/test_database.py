"""Transactions and migrations."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, text
from sqlalchemy.orm import Session

from app.database import Database, Model, alembic_config, is_migrated, make_engine, migrate
from app.settings import Settings


@pytest.fixture
async def database(settings: Settings) -> AsyncGenerator[Database]:
    database = Database(settings.database_url)
    await database.write(lambda session: session.execute(text("CREATE TABLE counts (n INTEGER)")))
    yield database
    database.close()


def count(session: Session) -> list[int]:
    return list(session.scalars(text("SELECT n FROM counts")))


def add(session: Session, *, fail: bool = False) -> None:
    session.execute(text("INSERT INTO counts VALUES (:n)"), {"n": len(count(session))})
    if fail:
        raise RuntimeError("failed after the change")


async def test_writes_at_once_follow_one_another(database: Database) -> None:
    await asyncio.gather(*(database.write(add) for _ in range(40)))

    assert await database.read(count) == list(range(40))


async def test_a_failed_write_changes_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError, match="failed after"):
        await database.write(add, fail=True)

    assert await database.read(count) == []


async def test_a_write_that_waits_too_long_fails(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.LONGEST_WAIT", 0.01)
    slow = asyncio.create_task(database.write(lambda session: time.sleep(0.1)))
    await asyncio.sleep(0)

    with pytest.raises(TimeoutError):
        await database.write(add)

    await slow


def test_migrations_go_up_and_down(settings: Settings) -> None:
    command.downgrade(alembic_config(settings.database_url), "base")
    assert not is_migrated(settings.database_url)
    migrate(settings.database_url)
    assert is_migrated(settings.database_url)


def test_migrations_make_the_tables_of_the_models(settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Model.metadata)
    engine.dispose()
    assert differences == []


def test_a_migration_that_would_break_a_reference_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE _parents (id INTEGER PRIMARY KEY);"
        "CREATE TABLE _children (parent_id INTEGER REFERENCES _parents (id));"
        "INSERT INTO _children VALUES (1);"
    )
    connection.close()
    url = URL.create("sqlite", database=str(path))

    with pytest.raises(RuntimeError, match="1 rows refer"):
        migrate(url)
    assert not is_migrated(url)
