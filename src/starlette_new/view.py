"""A blueprint as the templates see it: names, types and ready lines of source, worked out here.

Plain lists, dicts and texts only, so that a template can be rendered with them by hand as well.
"""

from textwrap import wrap

from starlette_new.blueprint import Blueprint
from starlette_new.fields import TYPES, FieldType, make_dict, make_list, make_source
from starlette_new.language import Field, Resource

View = dict[str, object]

STARLETTE = ["starlette>=1.10,<2", "uvicorn[standard]>=0.54,<1"]
PYDANTIC = ["pydantic>=2.14,<3"]
TOOLS = ["httpx2>=2.16,<3", "mypy>=2.4,<3", "pytest>=9.2,<10", "ruff>=0.17,<0.18"]

LONGEST_PART = 80
"""Characters of a text that fit on one line of a method, with its quotes."""


def make_view(blueprint: Blueprint, answers: str) -> View:
    """Work out the data of the layout's template; `answers` is the text of the blueprint file."""
    resources = [_view_resource(resource) for resource in blueprint.resources]
    layout = _view_standard if blueprint.layout == "standard" else _view_single
    return {
        "name": blueprint.name,
        "with_db": blueprint.with_db,
        "has_database": blueprint.with_db != "none",
        "has_resources": bool(resources),
        "resources": resources,
        "answers": answers.rstrip("\n"),
        "tools": TOOLS,
        "parts": _list_parts(blueprint),
        **layout(blueprint),
    }


def _list_parts(blueprint: Blueprint) -> list[dict[str, str]]:
    parts = [(_label(r.plural).capitalize(), f"/api/{r.plural}") for r in blueprint.resources]
    if blueprint.with_db == "none":
        parts.append(("Statistics", "/api/stats"))
    parts.append(("Health", "/health/ready"))
    return [{"label": label, "path": path} for label, path in parts]


def _view_standard(blueprint: Blueprint) -> View:
    has_database = blueprint.with_db != "none"
    has_resources = bool(blueprint.resources)
    paths = [part["path"] for part in _list_parts(blueprint)]
    return {
        "dependencies": sorted(
            ["jinja2>=3.1,<4", *STARLETTE]
            + (["alembic>=1.20,<2", "sqlalchemy>=2.1,<2.2"] if has_database else [])
            + (PYDANTIC if has_resources else [])
        ),
        "folder_lines": _list_folders(blueprint),
        "route_lines": _list_routes(blueprint),
        "paths": make_list([*paths, "/health/live", "/static/style.css"]),
        "upgrade_lines": [_create_table(r) for r in blueprint.resources] or ["pass"],
        "downgrade_lines": [f'op.drop_table("{r.plural}")' for r in reversed(blueprint.resources)]
        or ["pass"],
        **(_WITH_DATABASE if has_database else _WITHOUT_DATABASE),
    }


_WITH_DATABASE: View = {
    "home_endpoints": "home, live, ready",
    "state_import": "from app.database import Database",
    "state_field": "database: Database",
    "commands": '("serve", "migrate")',
    "sources": '["app", "migrations", "tests"]',
}
_WITHOUT_DATABASE: View = {
    "home_endpoints": "home, live, ready, stats",
    "state_import": "from datetime import datetime",
    "state_field": "started_at: datetime",
    "commands": '("serve",)',
    "sources": '["app", "tests"]',
}


def _list_folders(blueprint: Blueprint) -> list[str]:
    lines = ["app/templates/     the page", "app/static/        what it needs, served as it is"]
    if blueprint.resources:
        lines.append(
            "app/resources/     a folder for each resource: models, schemas, queries, endpoints"
        )
        lines.append("app/paging.py      lists, a page at a time")
    if blueprint.with_db != "none":
        lines.append("app/database.py    the engine, transactions in worker threads, migrations")
        lines.append("migrations/        the changes of the database, in order")
    return lines


def _list_routes(blueprint: Blueprint) -> list[str]:
    routes = []
    if blueprint.with_db == "none":
        routes.append('Route("/api/stats", stats, name="stats"),')
    for resource in blueprint.resources:
        plural, name = resource.plural, resource.class_name
        routes.append(f'Route("/api/{plural}", {name}Collection, name="{plural}"),')
        routes.append(f'Route("/api/{plural}/{{id:id}}", {name}Item, name="{plural}.item"),')
    return routes


def _create_table(resource: Resource) -> str:
    columns = [_column(field) for field in resource.fields]
    return (
        f'op.create_table("{resource.plural}", sa.Column("id", sa.Integer(), nullable=False), '
        f'{", ".join(columns)}, sa.PrimaryKeyConstraint("id", name="pk_{resource.plural}"), '
        "sqlite_autoincrement=True,)"
    )


def _column(field: Field) -> str:
    default = _server_default(field)
    return f'sa.Column("{field.name}", {_type(field).column}, {default}nullable={field.nullable})'


def _view_single(blueprint: Blueprint) -> View:
    has_database = blueprint.with_db != "none"
    has_resources = bool(blueprint.resources)
    has_bool = any(f.type == "bool" for r in blueprint.resources for f in r.fields)
    paths = [part["path"] for part in _list_parts(blueprint)]
    return {
        "dependencies": sorted(
            STARLETTE
            + (["aiosqlite>=0.22,<1"] if has_database else [])
            + (PYDANTIC if has_resources else [])
        ),
        "paths": make_list(["/", *paths, "/health/live"]),
        "import_lines": [
            *(["import aiosqlite"] if has_database else _STATS_IMPORTS),
            *(_RESOURCE_IMPORTS if has_resources else []),
            *(["from sqlite3 import PARSE_DECLTYPES"] if has_bool else []),
        ],
        "connect_arguments": [
            "DB_FILE",
            *(["isolation_level=None"] if has_resources else []),
            *(["detect_types=PARSE_DECLTYPES"] if has_bool else []),
        ],
        "setup_lines": [
            *(_RESOURCE_SETUP if has_resources else []),
            *(_BOOL_SETUP if has_bool else []),
            'yield {"database": db}',
        ],
        "route_lines": _list_single_routes(blueprint),
        "test_imports": [
            *(["from pathlib import Path"] if has_database else []),
            *(["from dataclasses import dataclass"] if has_resources else []),
        ],
        "fixture_arguments": ", ".join(
            ["monkeypatch: pytest.MonkeyPatch", *(["tmp_path: Path"] if has_database else [])]
        ),
        "fixture_lines": [
            *([_TEST_DATABASE] if has_database else []),
            "importlib.reload(main)",
        ],
        "handled": ", ".join(
            ["HTTPException", *(["ValidationError"] if has_resources else []), "Exception"]
        ),
    }


_TEST_DATABASE = """monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/it's 100 %#.db")"""
_STATS_IMPORTS = [
    "from datetime import UTC, datetime",
    "from starlette.endpoints import HTTPEndpoint",
]
_RESOURCE_IMPORTS = [
    "import json",
    "from collections.abc import Sequence",
    "from typing import Annotated",
    "from pydantic import BaseModel, Field, ValidationError",
    "from starlette.endpoints import HTTPEndpoint",
]
_RESOURCE_SETUP = [
    "db.row_factory = aiosqlite.Row",
    'await db.executescript(HERE.joinpath("schema.sql").read_text("utf-8"))',
]
_BOOL_SETUP = ['aiosqlite.register_converter("BOOLEAN", b"1".__eq__)  # SQLite keeps 0 or 1']


def _list_single_routes(blueprint: Blueprint) -> list[str]:
    routes = ['Route("/api/stats", Stats),'] if blueprint.with_db == "none" else []
    for resource in blueprint.resources:
        path, name = f"/api/{resource.plural}", resource.class_name
        routes.append(f'Route("{path}", {name}Collection),')
        routes.append(f'Route("{path}/{{id}}", {name}Item),')
    return routes


def _view_resource(resource: Resource) -> View:
    fields = resource.fields
    samples = {field.name: _type(field).sample for field in fields}
    name = resource.class_name
    return {
        "name": resource.name,
        "plural": resource.plural,
        "class_name": name,
        "label": _label(resource.name),
        "labels": _label(resource.plural),
        "model_lines": [_mapped_line(field) for field in fields],
        "schema_import": _import_schema(fields),
        "write_lines": [_write_line(field) for field in fields],
        "read_lines": [f"{field.name}: {_annotate(field)}" for field in fields],
        "columns": ", ".join(f"models.{name}.{column}" for column in _columns(resource)),
        "row_values": ", ".join(f"row.{column}" for column in _columns(resource)),
        "required": any(field.required for field in fields),
        "good": make_dict(samples),
        "shortest": make_dict({f.name: samples[f.name] for f in fields if f.required}),
        "defaults": make_dict({f.name: make_source(f.default) for f in fields if not f.required}),
        "kept_lines": [f'"{field.name}": {_kept(field)},' for field in fields],
        "refused_lines": [f'"{field.name}": {_refused(field)},' for field in fields],
        "table_lines": [
            "id INTEGER PRIMARY KEY AUTOINCREMENT",
            *(_table_line(field) for field in fields),
        ],
        "insert_sql": _insert(resource),
        "update_sql": _update(resource),
    }


def _type(field: Field) -> FieldType:
    return TYPES[field.type]


def _label(name: str) -> str:
    return name.replace("_", " ")


def _columns(resource: Resource) -> list[str]:
    return ["id", *(field.name for field in resource.fields)]


def _annotate(field: Field) -> str:
    return _type(field).python + (" | None" if field.nullable else "")


def _server_default(field: Field) -> str:
    if not field.has_default:
        return ""
    return f"server_default={_type(field).server_default(make_source(field.default))}, "


def _mapped_line(field: Field) -> str:
    default = _server_default(field).removesuffix(", ")
    column = _type(field).column
    if field.nullable and field.has_default:
        column += ".evaluates_none()"  # or SQLAlchemy puts the default where null is given
    arguments = ", ".join(filter(None, [column, default]))
    return f"{field.name}: Mapped[{_annotate(field)}] = mapped_column({arguments})"


def _write_line(field: Field) -> str:
    annotation = _type(field).schema + (" | None" if field.nullable else "")
    default = "" if field.required else f" = {make_source(field.default)}"
    return f"{field.name}: {annotation}{default}"


def _import_schema(fields: tuple[Field, ...]) -> str:
    annotated = any("Annotated" in _type(field).schema for field in fields)
    if not annotated:
        return "from pydantic import BaseModel"
    return "from typing import Annotated\n\nfrom pydantic import BaseModel, Field"


def _kept(field: Field) -> str:
    return make_list([*_type(field).kept, *(["None"] if field.nullable else [])], quote=False)


def _refused(field: Field) -> str:
    return make_list([*_type(field).refused, *([] if field.nullable else ["None"])], quote=False)


def _table_line(field: Field) -> str:
    null = "" if field.nullable else " NOT NULL"
    default = ""
    if field.has_default:
        default = f" DEFAULT {_type(field).sql_default(make_source(field.default))}"
    return f'"{field.name}" {_type(field).sql}{null}{default}'


# The names in these two are checked words, and the values are parameters.
def _insert(resource: Resource) -> str:
    names = ", ".join(f'"{field.name}"' for field in resource.fields)
    values = ", ".join(f":{field.name}" for field in resource.fields)
    return _make_lines(f'INSERT INTO "{resource.plural}" ({names}) VALUES ({values})')  # noqa: S608


def _update(resource: Resource) -> str:
    changes = ", ".join(f'"{field.name}" = :{field.name}' for field in resource.fields)
    return _make_lines(f'UPDATE "{resource.plural}" SET {changes} WHERE id = :id')  # noqa: S608


def _make_lines(text: str) -> str:
    """Write a text as Python source, in parts that fit on a line: Ruff joins or breaks them."""
    parts = wrap(text, LONGEST_PART, drop_whitespace=False, break_long_words=False)
    return " ".join(make_source(part) for part in parts)
