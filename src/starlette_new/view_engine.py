"""What the templates of the standard layout are given about the database engine."""

from starlette_new.blueprint import Blueprint
from starlette_new.engines import ENGINES
from starlette_new.language import Resource
from starlette_new.migration import list_indexed
from starlette_new.names import make_attribute
from starlette_new.text_indexes import list_indexed_texts, name_text_index, write_text_options
from starlette_new.view_jobs import DATABASE_IMPORTS, JOBS_OPTION

View = dict[str, object]


def view_engine(blueprint: Blueprint) -> View:
    """Work out the lines in which the engines differ."""
    engine = ENGINES[blueprint.with_db]
    return {
        "moment_type": engine.moment,
        **(_view_postgres if blueprint.with_db == "postgres" else _view_sqlite)(blueprint),
    }


def view_indexes(resource: Resource) -> View:
    """Work out the indexes of a table."""
    table, model = resource.plural, resource.class_name
    lines = [
        f'sa.Index("ix_{table}_{name}", {model}.{make_attribute(name)}, {model}.id)'
        for name in list_indexed(resource)
    ]
    return {"index_lines": [_WHY_ID, *lines, *_view_text_index(resource)]}


def _view_text_index(resource: Resource) -> list[str]:
    texts, name = list_indexed_texts(resource), name_text_index(resource)
    if not texts:
        return []
    if resource.engine == "sqlite":
        return [
            "",
            "",
            f'TEXTS = sa.table("{name}", sa.column("rowid"), sa.column("{name}"))',
            _WHAT,
        ]
    columns = ", ".join(f"{resource.class_name}.{make_attribute(one)}" for one in texts)
    return [f'sa.Index("{name}", {columns}, {write_text_options(texts)})']


_WHY_ID = "# Each ends in the id: rows with the same value stand there in the order of a list."
_WHAT = '"""The texts that `q` looks for, indexed: triggers of the table keep it."""'


def _view_sqlite(blueprint: Blueprint) -> View:
    """Work out the same lines for SQLite, and for no database."""
    has_database, has_pages = blueprint.with_db != "none", blueprint.has_pages
    return {
        "id_arguments": "primary_key=True",
        "moment_imports": ["from app.columns import UtcDateTime"],
        "run_note": "",
        "test_note": "",
        "search_note": " (for SQLite only ASCII letters are the same in upper and lower case)",
        "live_reach": "one process",
        "tests_use": "a database file for each test",
        "conflict_imports": ["import re"] * bool(blueprint.resources),
        "database_imports": _CHANGES * has_pages,
        "database_init": _ANNOUNCING
        if has_pages
        else ["def __init__(self, url: URL, most_waiting: int) -> None:"],
        "state_lines": _LIVE_SQLITE
        if has_pages
        else ["database = Database(settings.database_url, settings.most_waiting)"],
        "yield_lines": [f"yield {_write_state(blueprint)}"],
        "live_says": "Changes are told within this process, once they are committed.",
        "live_needs": ["import re", "from collections import deque", _SEQUENCE],
        "live_constants": [],
        "live_test_imports": ["import re", "from app.live import Change"],
        "more_options": [],
        "workers_lines": [],
        "preparing": "",
        "serve_arguments": "options.host, options.port",
        "serve_parameters": "host: str, port: int",
        "prepare_lines": _PREPARE * has_database,
        "migrate_lines": ["migrate(read_settings().database_url)"],
        "seed_preparing": [],
        "seeding_lines": _SEEDING,
        "seeding_import": "text",
        "start_lines": ["from pathlib import Path", "Start = Path"],
        "conftest_constants": [],
        "session_needs": "",
        "session_engine": 'sa.create_engine("sqlite://")',
        "session_imports": [],
        "database_test_imports": [
            "import sqlite3",
            "import time",
            "from pathlib import Path",
            "from sqlalchemy import URL",
            *["from app.live import Live"] * has_pages,
        ],
        "app_test_imports": [
            "from pathlib import Path",
            "from sqlalchemy.exc import OperationalError",
            "from app.database import Overloaded",
        ]
        * has_database,
        "command_test_imports": ["from app.database import is_migrated"] * has_database,
        "collision": "Exception",
        "taken_title": "UNIQUE constraint failed: things.title",
        "collision_imports": [],
        "unmade_lines": [f'assert not Path("{blueprint.name}.db").exists()'] * has_database,
        "unmigrate_lines": [],
    }


def _view_postgres(blueprint: Blueprint) -> View:
    """Work out the same lines for PostgreSQL."""
    has_pages = blueprint.has_pages
    fields = [field for resource in blueprint.resources for field in resource.fields]
    has_json = any(field.type == "json" for field in fields)
    adds_rows = has_pages or any(field.target for field in fields)
    return {
        "id_arguments": "sa.BigInteger(), sa.Identity(), primary_key=True",
        "moment_imports": [],
        "run_note": _RUN_NOTE,
        "test_note": _TEST_NOTE,
        "search_note": "",
        "live_reach": "every process",
        "tests_use": "a database of their own on a real server, filled anew for each test",
        "conflict_imports": [],
        "database_imports": [
            *["import json", "import re"] * has_json,
            *DATABASE_IMPORTS * blueprint.with_jobs,
        ],
        "engine_lines": ["json_serializer=write_json,", "json_deserializer=read_json,"] * has_json,
        "state_lines": [
            *["live = Live(settings.most_pages)"] * has_pages,
            "database = Database(",
            "    settings.database_url, settings.most_waiting, settings.connections",
            ")",
        ],
        "yield_lines": [
            "async with live.listening(settings.database_url):",
            f"    yield {_write_state(blueprint)}",
        ]
        if has_pages
        else [f"yield {_write_state(blueprint)}"],
        "live_says": "Each process hears from the server what was changed through any of them.",
        "live_needs": _LIVE_NEEDS,
        "live_constants": _LIVE_CONSTANTS,
        "live_test_imports": [
            "from sqlalchemy import MetaData, Table, text",
            "from app.database import Database",
            "from app.live import note_change",
            "from app.settings import Settings",
            "from tests.server import END_OTHERS",
        ],
        "more_options": [_WORKERS, *[JOBS_OPTION] * blueprint.with_jobs],
        "workers_lines": [
            "workers=workers,",
            "timeout_worker_healthcheck=30,  # of one that starts beside others under load",
        ],
        "preparing": _PREPARING,
        "serve_arguments": "options.host, options.port, options.workers",
        "serve_parameters": "host: str, port: int, workers: int",
        "prepare_lines": _PREPARE_POSTGRES + _SHARE * blueprint.with_telemetry,
        "migrate_lines": _MIGRATE_POSTGRES,
        "seed_preparing": ["create_database(settings.database_url)"],
        "seeding_lines": _SEEDING_POSTGRES,
        "seeding_import": "func",
        "start_lines": ["from typing import Any", "Start = dict[str, list[dict[str, Any]]]"],
        "conftest_constants": [
            "from tests.server import NUMBER, SERVER",
            *["Start = dict[str, list[dict[str, Any]]]"] * (not adds_rows),
        ],
        "session_needs": "settings: Settings",
        "session_engine": "make_engine(settings.database_url)",
        "session_imports": [
            "from app.database import make_engine",
            "from app.settings import Settings",
        ],
        "database_test_imports": [
            "from secrets import token_hex",
            "from sqlalchemy import Engine",
            "from sqlalchemy.exc import OperationalError",
            "from app.database import TRIES, create_database, make_engine",
            "from tests.server import END_OTHERS",
        ],
        "app_test_imports": [
            "from alembic import command",
            "from sqlalchemy.exc import OperationalError",
            "from app.database import Overloaded, alembic_config, migrate",
        ],
        "command_test_imports": [
            "from alembic import command as alembic",
            "from app.database import alembic_config, is_migrated",
            "from app.settings import Settings",
            *["import tempfile"] * blueprint.with_telemetry,
        ],
        "collision": "Collision",
        "taken_title": "uq_things_title",
        "collision_imports": ["from tests.server import Collision"],
        "unmade_lines": [],
        "unmigrate_lines": [
            'alembic.downgrade(alembic_config(read_settings().database_url), "base")'
        ],
    }


def _write_state(blueprint: Blueprint) -> str:
    live = ', "live": live' * blueprint.has_pages
    return f'{{"settings": settings, "database": database{live}}}'


_RUN_NOTE = """It needs PostgreSQL: the server at 127.0.0.1, or the one that `DATABASE_URL` names.
In development it makes its database where the server does not have it yet.

"""
_TEST_NOTE = """The tests make a database of their own, and drop it in the end. `TEST_DATABASE_URL`
says where, if not at 127.0.0.1: for example `postgresql://postgres:PASSWORD@HOST/postgres`.

"""
_SEQUENCE = "from collections.abc import Sequence"
_CHANGES = [_SEQUENCE, "from typing import Any", "from app.live import Change"]
_ANNOUNCING = [
    "def __init__(",
    "    self, url: URL, most_waiting: int, announce: Callable[[Sequence[Change]], None]",
    ") -> None:",
    "self._announce = announce",
]
_LIVE_SQLITE = [
    "live = Live(settings.most_pages)",
    "database = Database(settings.database_url, settings.most_waiting, live.publish)",
]
_PREPARE = ["if not settings.production:", "    migrate(settings.database_url)"]
_WORKERS = (
    'parser.add_argument("--workers", default=1, type=number_above_zero, '
    'help="processes that serve (1)")'
)
_PREPARING = """\
def prepare(settings: Settings) -> None:
    \"\"\"In development, make the database, and bring it to the newest migration.\"\"\"
    if not settings.production:
        create_database(settings.database_url)
        migrate(settings.database_url)


"""
_PREPARE_POSTGRES = [
    "prepare(settings)",
    "if settings.production and workers > 1:",
    "    create_app(settings)  # or each of them would fail, and be started again, for ever",
]
_SHARE = ["if workers > 1:", "    share_metrics()"]
_MIGRATE_POSTGRES = [
    "settings = read_settings()",
    "if not settings.production:",
    "    create_database(settings.database_url)",
    "migrate(settings.database_url)",
]
_SEEDING = [
    "# A row may refer to one that follows: what is missing shows when all are there.",
    'session.execute(text("PRAGMA defer_foreign_keys = ON"))',
    "add_rows(session)",
]
_SEEDING_POSTGRES = [
    "add_rows(session)",
    "for table in _TABLES:  # the next ids follow on those",
    "    rows = select(func.count()).select_from(table).scalar_subquery()",
    '    key = func.pg_get_serial_sequence(func.quote_ident(table.name), "id")',
    "    session.execute(select(func.setval(key, rows)))",
]
_LIVE_NEEDS = [
    "import logging",
    "from contextlib import aclosing, asynccontextmanager",
    "from psycopg import AsyncConnection, Error",
    "from psycopg.conninfo import make_conninfo",
    "from sqlalchemy import URL, text",
]
_LIVE_CONSTANTS = [
    "AGAIN = 1",
    '"""Seconds after which a process whose connection was lost listens again."""',
    "LONGEST_START = 5",
    '"""Seconds in which a start waits for the server; live updates may come later."""',
    "LOOKS = 20",
    '"""How often it is looked whether a change is heard of that a page knows already."""',
    'LISTEN = {"connect_timeout": 2, "keepalives_idle": 5, "keepalives_interval": 2}',
    "NOTIFY = text(\"SELECT pg_notify('changes', :told)\")",
    "logger = logging.getLogger(__name__)",
]
