"""Runs the migrations, each in a transaction of its own."""

from typing import Literal
from alembic import context

from app import routes  # noqa: F401, for it imports the models of every resource
from sqlalchemy import TypeDecorator
from app.database import Model, make_engine
from app.settings import read_settings

engine = make_engine(context.config.attributes.get("url") or read_settings().database_url)


def check_references(*_: object, **__: object) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"{len(broken)} rows refer to a row that does not exist")


def render_item(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write a column as the database has it, so that a migration needs no class of ours."""
    return f"sa.{item.impl_instance!r}" if isinstance(item, TypeDecorator) else False


{{ env_functions | join("\n") }}
with engine.connect() as connection:
    # SQLite changes a table by copying it. While foreign keys are enforced, that empties the
    # tables that refer to it. They can be switched off before a transaction begins, not in one.
    connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        on_version_apply=check_references,
        render_item=render_item,
        {{ env_options | join("\n        ") }}
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
