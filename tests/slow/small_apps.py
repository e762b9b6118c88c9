"""As much of an application as the copying of rows asks for: it needs nothing that tests lack."""

from pathlib import Path

_DATABASE = """
from sqlalchemy import create_engine, inspect

def make_engine(url):
    return create_engine(url)

def is_migrated(url):
    engine = make_engine(url)
    with engine.connect() as connection:
        found = inspect(connection).has_table("tasks")
    engine.dispose()
    return found
"""
_SETTINGS = """
import os, types
from sqlalchemy import make_url

def read_settings():
    if "DATABASE_URL" not in os.environ:
        raise SystemExit("A setting is wrong.")
    url = os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
    return types.SimpleNamespace(database_url=make_url(url))
"""


def write_app(project: Path) -> None:
    """Write an application that is migrated where there is a table `tasks`."""
    (project / "app").mkdir(parents=True)
    (project / "app" / "database.py").write_text(_DATABASE, encoding="utf-8")
    (project / "app" / "settings.py").write_text(_SETTINGS, encoding="utf-8")
