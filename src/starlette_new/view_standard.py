"""What the template of the standard layout is given."""

import re
from collections.abc import Sequence

from starlette_new import job_tables
from starlette_new.blueprint import Blueprint
from starlette_new.engines import ENGINES
from starlette_new.fields import make_list
from starlette_new.language import Field
from starlette_new.migration import write_downgrade, write_upgrade
from starlette_new.relations import sort_by_need
from starlette_new.view_engine import view_engine, view_indexes
from starlette_new.view_jobs import COMMAND_IMPORTS, view_jobs
from starlette_new.view_jobs import PACKAGES as JOBS
from starlette_new.view_pages import list_form_kinds, view_pages
from starlette_new.view_paging import view_paging
from starlette_new.view_queries import view_queries
from starlette_new.view_resource import KINDS, View, list_kinds, view_resource
from starlette_new.view_seeds import view_seeds
from starlette_new.view_settings import view_settings
from starlette_new.view_shell import view_shell
from starlette_new.view_telemetry import PACKAGES as TELEMETRY
from starlette_new.view_telemetry import view_telemetry
from starlette_new.view_tests import name_samples
from starlette_new.view_wiring import view_wiring

STARLETTE = ["jinja2>=3.1,<4", "starlette>=1.10,<2", "uvicorn[standard]>=0.54,<1"]
DATABASE = ["alembic>=1.20,<2", "sqlalchemy>=2.1,<2.2"]
POSTGRES = ["psycopg[binary]>=3.3,<4"]
PAGES = ["sse-starlette>=3.7,<4"]
RESOURCES = ["msgspec>=0.22,<1", "pydantic>=2.14,<3", "typing-extensions>=4.14,<5"]


def view_standard(blueprint: Blueprint) -> View:
    """Work out the data of the standard layout's template."""
    resources = blueprint.resources
    has_database = blueprint.with_db != "none"
    is_postgres = blueprint.with_db == "postgres"
    used = set().union(*map(list_kinds, resources)) | {"DateTime"}
    fields = [field for resource in resources for field in resource.fields]
    has_pages = blueprint.has_pages
    if has_pages:
        used = used.union(*map(list_form_kinds, resources))
    upgrade = write_upgrade(resources) + job_tables.CREATE * blueprint.with_jobs
    return {
        "resources": [
            view_resource(one, resources)
            | view_indexes(one)
            | view_queries(one, resources, has_pages=has_pages)
            | (view_pages(one, resources) if has_pages else {})
            for one in resources
        ],
        "has_boards": any(resource.board for resource in resources),
        **view_shell(blueprint),
        **view_wiring(blueprint),
        **view_paging(blueprint),
        **view_engine(blueprint),
        **view_settings(blueprint),
        **view_telemetry(blueprint),
        **view_jobs(blueprint),
        "dependencies": sorted(
            STARLETTE
            + DATABASE * has_database
            + POSTGRES * is_postgres
            + RESOURCES * bool(resources)
            + PAGES * has_pages
            + TELEMETRY * blueprint.with_telemetry
            + JOBS * blueprint.with_jobs
        ),
        "kinds": [kind for kind in KINDS if kind in used],
        "value_imports": _list_value_imports(used),
        "decimals": _list_decimals(blueprint),
        "has_decimals": "Decimals" in used,
        "has_columns": bool(resources) and not is_postgres,
        "has_references": any(field.is_ref for field in fields),
        "has_links": any(field.is_many for field in fields),
        "has_json": any(field.type == "json" for field in fields),
        "adds_rows": has_pages or any(field.target for field in fields),
        "sample_lines": [f'"{one.plural}": {name_samples(one)}' for one in sort_by_need(resources)],
        "rows_imports": _list_rows_imports(fields),
        "conftest_imports": _list_conftest_imports(blueprint),
        **view_seeds(resources),
        "upgrade_lines": upgrade,
        "migration_imports": _DIALECT * ("postgresql.JSONB" in "".join(upgrade)),
        "downgrade_lines": job_tables.DROP * blueprint.with_jobs + write_downgrade(resources),
        "failures": [
            f"from sqlalchemy.exc import {error}" for error in ENGINES[blueprint.with_db].failures
        ],
        "commands": make_list(_list_commands(blueprint)),
        "command_imports": [
            *(_COMMANDS[command] for command in _list_commands(blueprint)[1:]),
            *_CREATING * is_postgres,
            *COMMAND_IMPORTS * blueprint.with_jobs,
            *["from app.live import Connection"] * has_pages,
            *["from app.telemetry import share_metrics"]
            * (is_postgres and blueprint.with_telemetry),
        ],
        **(
            _WITH_RESOURCES | (_WITH_PAGES if has_pages else {})
            if resources
            else _WITH_DATABASE
            if has_database
            else _WITH_NOTHING
        ),
    }


_WITH_NOTHING: View = {
    "home_endpoints": "home, live, ready, stats",
    "sources": '["app", "tests"]',
    "encode": "json.dumps({}).encode()",
    "web_imports": ["import json"],
    "main_imports": ["from datetime import UTC, datetime", "from app.web import answer_exception"],
}
_WITH_DATABASE: View = {
    "home_endpoints": "home, live, ready",
    "sources": '["app", "migrations", "tests"]',
    "encode": "json.dumps({}).encode()",
    "web_imports": ["import json", "import logging"],
    "main_imports": [
        "from app.database import Database, Overloaded, is_migrated",
        "from app.web import answer_exception, answer_unavailable",
    ],
}
_WITH_RESOURCES: View = _WITH_DATABASE | {
    "home_endpoints": "home, live, ready",
    "encode": "msgspec.json.encode({})",
    "web_imports": [
        "import logging",
        "from collections.abc import Sequence",
        "from typing import Protocol",
        "from urllib.parse import urlencode",
        "import msgspec",
    ],
    "main_imports": [
        "from sqlalchemy.exc import IntegrityError",
        "from starlette.requests import ClientDisconnect",
        "from app.database import Database, Overloaded, is_migrated",
        "from app.web import answer_conflict, answer_disconnect",
        "from app.web import answer_exception, answer_unavailable",
    ],
}


_WITH_PAGES: View = {"home_endpoints": "follow, home, live, ready, stats"}


_VALUE_IMPORTS = (
    ("from decimal import Decimal", {"Decimals"}),
    ("from typing import Any", {"text"}),
    ("from uuid import UUID", {"Uuid"}),
    ("from pydantic import AfterValidator", {"Ids", "Json"}),
    ("from app.reading import decode_json", {"JsonText"}),
    ("from pydantic import Field", {"text", "Int", "Float", "Id", "Ids", "Email", "Url", "Color"}),
    ("from pydantic import WithJsonSchema", {"Decimals", "Time", "Json"}),
)


def _list_value_imports(kinds: set[str]) -> list[str]:
    return [line for line, needed_by in _VALUE_IMPORTS if kinds & needed_by]


def _list_rows_imports(fields: Sequence[Field]) -> list[str]:
    lines = []
    if any(field.is_ref for field in fields):
        lines += ["from collections.abc import Mapping", "from sqlalchemy import exists"]
    if any(field.is_many for field in fields):
        lines += ["from collections.abc import Sequence", "from sqlalchemy import delete, insert"]
    return [*lines, "from app.web import Refusal"] if lines else []


_DIALECT = ["from sqlalchemy.dialects import postgresql"]
_CREATING = [
    "from app.settings import number_above_zero",
    "from app.database import create_database, migrate",
    "from app.main import create_app",
    "from app.settings import Settings",
]
_COMMANDS = {
    "work": "from app.worker import work",
    "migrate": "from app.database import migrate",
    "seed": "from app.seed import seed",
}


def _list_commands(blueprint: Blueprint) -> list[str]:
    commands = ["serve", *["work"] * blueprint.with_jobs]
    if blueprint.with_db != "none":
        commands.append("migrate")
    if any(resource.sample for resource in blueprint.resources):
        commands.append("seed")
    return commands


def _list_conftest_imports(blueprint: Blueprint) -> list[str]:
    lines = list(_FIXTURES[blueprint.with_db])
    fields = [field for resource in blueprint.resources for field in resource.fields]
    adds_rows = blueprint.has_pages or any(field.target for field in fields)
    if blueprint.resources:
        lines += ["from collections.abc import Iterator", "from sqlalchemy import Engine, event"]
    if adds_rows:
        lines.append("from tests.samples import AddRows")
    if blueprint.with_db == "postgres" and adds_rows:
        lines += ["from sqlalchemy import select", "from tests.samples import Start"]
    if blueprint.has_pages:
        lines.append("from app.middleware import ProblemPages")
    if blueprint.with_telemetry:
        lines.append("from app.telemetry import Metrics")
    return lines


_FIXTURES = {
    "none": (),
    "sqlite": (
        "from collections.abc import Iterator",
        "from pathlib import Path",
        "from shutil import copyfile",
        "from tempfile import TemporaryDirectory",
        "from sqlalchemy import URL",
        "from app.database import migrate",
    ),
    "postgres": (
        "import os",
        "from collections.abc import Iterator",
        "from secrets import token_hex",
        "from typing import Any",
        "from sqlalchemy import URL, Connection, Engine, create_engine",
        "from sqlalchemy.exc import OperationalError",
        "from app.database import Model, make_engine, migrate",
        "from app.settings import read_url",
    ),
}


def _list_decimals(blueprint: Blueprint) -> list[dict[str, str]]:
    names = {
        field.kind.write
        for resource in blueprint.resources
        for field in resource.fields
        if field.type == "decimal"
    }
    return [_view_decimal(*re.findall(r"\d+", name)) for name in sorted(names)]


def _view_decimal(digits: str, places: str) -> dict[str, str]:
    wholes = int(digits) - int(places)
    whole = f"(0|[1-9][0-9]{{0,{wholes - 1}}})" if wholes else "0"
    fraction = rf"(\.[0-9]{{1,{places}}})?" if int(places) else ""
    return {
        "name": f"Decimal{digits}_{places}",
        "digits": digits,
        "places": places,
        "form": f"-?{whole}{fraction}",
    }
