"""Runs the migrations, each in a transaction of its own."""

from alembic import context

from app import routes  # noqa: F401, for it imports the models of every resource
from app.database import Model, make_engine
from app.settings import read_settings

engine = make_engine(context.config.attributes.get("url") or read_settings().database_url)
{{ env_functions | join("\n") }}
try:
    with engine.connect() as connection:
        # One at a time, from wherever it is run; it may take long, but not wait long for others.
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("SELECT pg_advisory_lock(hashtext('alembic'))")
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            transaction_per_migration=True,
            {{ env_options | join("\n            ") }}
        )
        with context.begin_transaction():
            context.run_migrations()
finally:
    engine.dispose()
