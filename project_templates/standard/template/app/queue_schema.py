"""The tables of the queue. Procrastinate brings them; they stand in a schema of their own."""

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, text

READ_VERSION = text("SELECT obj_description(to_regnamespace('procrastinate'), 'pg_namespace')")


def migrate_queue(engine: Engine) -> None:
    """Bring the tables to those of the installed Procrastinate. The schema tells its version."""
    engine = engine.execution_options(isolation_level="AUTOCOMMIT", no_parameters=True)
    with engine.connect() as connection:
        run = connection.exec_driver_sql
        run("SET statement_timeout = 0; SELECT pg_advisory_lock(hashtext('procrastinate'))")
        version = connection.scalar(READ_VERSION)
        run("SET search_path = procrastinate")
        steps = {file.stem: file.read_text("utf-8") for file in _list_migrations() if version}
        if version is None:
            steps = {newest_version(): f"CREATE SCHEMA procrastinate; {SchemaManager.get_schema()}"}
        for name, step in steps.items():
            if name > (version or ""):
                run(f"{step}; COMMENT ON SCHEMA procrastinate IS '{name}'")


def is_queue_migrated(connection: Connection) -> bool:
    version: str | None = connection.scalar(READ_VERSION)
    return version == newest_version()


def newest_version() -> str:
    return _list_migrations()[-1].stem


def _list_migrations() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
