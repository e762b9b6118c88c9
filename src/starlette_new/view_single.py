"""What the template of the single layout is given."""

from collections.abc import Sequence

from starlette_new.blueprint import Blueprint
from starlette_new.fields import make_list
from starlette_new.language import Resource
from starlette_new.names import make_attribute
from starlette_new.parts import Part, make_parts, write_rows
from starlette_new.view_controls import name_title
from starlette_new.view_single_pages import (
    NO_PAGES,
    PAGE_IMPORTS,
    PAGE_ROUTES,
    PAGE_SETTINGS,
    view_pages,
)
from starlette_new.view_single_sql import list_columns, list_indexes, write_insert, write_update
from starlette_new.view_single_tests import view_tests
from starlette_new.view_single_values import (
    list_decimals,
    list_imports,
    list_kinds,
    write_body_line,
    write_detail,
)

View = dict[str, object]

STARLETTE = ["starlette>=1.10,<2", "uvicorn[standard]>=0.54,<1"]
JINJA2 = ["jinja2>=3.1,<4"]
AIOSQLITE = ["aiosqlite>=0.22,<1"]
PYDANTIC = ["pydantic>=2.14,<3"]

_FILE = """DB_FILE = config("DATABASE_URL", default="sqlite:///{}.db").removeprefix("sqlite:///")"""
_STATE = "State = dict[str, aiosqlite.Connection]"
_TEXT = r"""Text = Annotated[str, Field(min_length=1, pattern=r"^[^\x00]*$")]"""
_SETUP = [
    "db.row_factory = aiosqlite.Row",
    'await db.executescript(Path(__file__).with_name("schema.sql").read_text("utf-8"))',
]
_CONVERTERS = {
    "bool": 'aiosqlite.register_converter("BOOLEAN", b"1".__eq__)  # SQLite keeps 0 or 1',
    "json": 'aiosqlite.register_converter("JSON", json.loads)',
}
_CONFLICTS = {
    (True, True): "A value is taken, or a row that is referred to is missing.",
    (True, False): "A value is taken that only one row may have.",
    (False, True): "A row that is referred to is missing.",
}
_WRONG = '"detail": "Some values are not allowed."'


def view_single(blueprint: Blueprint) -> View:
    """Work out the data of the single layout's template."""
    resources = blueprint.resources
    has_database = blueprint.with_db != "none"
    has_pages = blueprint.has_pages
    parts = _list_parts(blueprint, has_pages)
    conflict = _describe_conflict(resources)
    return {
        "resources": [_view_resource(resource, resources, has_pages) for resource in resources],
        "parts": parts,
        "part_rows": write_rows(parts),
        "file_rows": _list_files(blueprint),
        "paths": make_list(["/", *(part["path"] for part in parts), "/health/live"]),
        "dependencies": sorted(
            STARLETTE + AIOSQLITE * has_database + PYDANTIC * bool(resources) + JINJA2 * has_pages
        ),
        "import_lines": list(dict.fromkeys([*list_imports(blueprint), *PAGE_IMPORTS * has_pages])),
        "setting_lines": [*_list_settings(blueprint), *PAGE_SETTINGS * has_pages],
        **_view_connection(resources),
        "beginnings": [
            f"lifespans/{blueprint.with_db}.py",
            *(f"kinds/{kind}.py" for kind in list_kinds(resources)),
        ],
        "endings": ["rows.py", f"ui/{blueprint.ui}.py"] * bool(resources),
        "decimals": list_decimals(resources),
        "route_lines": [*_list_routes(blueprint), *PAGE_ROUTES * has_pages],
        "handled": ", ".join(_list_handled(bool(resources), bool(conflict))),
        "answer_lines": _write_answer(resources, conflict),
        **(view_pages(resources, bool(conflict)) if has_pages else NO_PAGES),
        **view_tests(blueprint),
    }


def _list_parts(blueprint: Blueprint, has_pages: bool) -> list[Part]:
    parts = []
    for resource in blueprint.resources:
        label = name_title(resource.plural)
        parts += [(label, f"/{resource.plural}")] * has_pages
        parts.append((f"{label} as JSON" if has_pages else label, f"/api/{resource.plural}"))
    if blueprint.with_db == "none":
        parts.append(("Statistics", "/api/stats"))
    parts.append(("Health", "/health/ready"))
    return make_parts(parts)


def _list_files(blueprint: Blueprint) -> list[str]:
    """Write the rows of the README's table of files that not every project has, and its first."""
    files = [("main.py", "the whole application: settings, endpoints, errors, routes")]
    if blueprint.resources:
        tables = "the tables; it is run at each start and makes those that are missing"
        files.append(("schema.sql", tables))
    if blueprint.has_pages:
        files.append(
            ("page.html", "the template of all pages: lists, and how fields are asked for")
        )
        files.append(("forms.html", "the form of each resource, which `page.html` includes"))
    return [f"| `{name}` | {what} |" for name, what in files]


def _list_settings(blueprint: Blueprint) -> list[str]:
    types = {field.type for resource in blueprint.resources for field in resource.fields}
    if blueprint.with_db == "none":
        return ["State = dict[str, datetime]"]
    return [_FILE.format(blueprint.name), _STATE, *[_TEXT] * bool(types & {"str", "text"})]


def _view_connection(resources: Sequence[Resource]) -> View:
    types = {field.type for resource in resources for field in resource.fields}
    converters = [line for name, line in _CONVERTERS.items() if name in types]
    return {
        "connect_arguments": [
            "DB_FILE",
            *["isolation_level=None"] * bool(resources),
            *["detect_types=PARSE_DECLTYPES"] * bool(converters),
        ],
        "setup_lines": [*_SETUP * bool(resources), *converters, 'yield {"database": db}'],
    }


def _list_routes(blueprint: Blueprint) -> list[str]:
    routes = ['Route("/api/stats", Stats),'] if blueprint.with_db == "none" else []
    for resource in blueprint.resources:
        path, name = f"/api/{resource.plural}", resource.class_name
        routes.append(f'Route("{path}", {name}Collection),')
        routes.append(f'Route("{path}/{{id}}", {name}Item),')
    return routes


def _describe_conflict(resources: Sequence[Resource]) -> str:
    """Say what a constraint of these tables refuses; nothing where they have none."""
    fields = [field for resource in resources for field in resource.fields]
    taken = any(field.unique for field in fields)
    missing = any(field.is_ref for field in fields)
    return _CONFLICTS.get((taken, missing), "")


def _list_handled(has_resources: bool, has_conflict: bool) -> list[str]:
    return [
        "HTTPException",
        *["ValidationError"] * has_resources,
        *["IntegrityError"] * has_conflict,
        "Exception",
    ]


def _write_answer(resources: Sequence[Resource], conflict: str) -> list[str]:
    """Write what an answer says about the errors that the resources can bring about."""
    wrong = f"""{{"field": ".".join(map(str, e["loc"])), "detail": {write_detail(resources)}}}"""
    lines = []
    if resources:
        lines += [
            "if isinstance(exc, ValidationError):",
            f"    wrong = [{wrong} for e in exc.errors()]",
            f'    status, problem = 422, {{{_WRONG}, "errors": wrong}}',
        ]
    if conflict:
        lines += [
            "if isinstance(exc, IntegrityError):",
            f'    status, problem = 409, {{"detail": "{conflict}"}}',
        ]
    return [*lines, 'problem |= {"title": HTTPException(status).detail, "status": status}']


def _view_resource(resource: Resource, resources: Sequence[Resource], has_pages: bool) -> View:
    renamed = any(make_attribute(field.name) != field.name for field in resource.fields)
    dump, insert = f"model_dump({'by_alias=True' if renamed else ''})", write_insert(resource)
    post = [
        f"data = {resource.class_name}Write.model_validate(await read_json(request))",
        f"sql = {insert}",
        f'row = await fetch_one(request, f"{{sql}} RETURNING *", **data.{dump})',
    ]
    if has_pages:
        post = [f"row = await create_{resource.name}(request, await read_json(request))"]
    return {
        "name": resource.name,
        "plural": resource.plural,
        "class_name": resource.class_name,
        "write_lines": [write_body_line(field) for field in resource.fields],
        "dump": dump,
        "post_lines": post,
        "insert_sql": insert,
        "update_sql": write_update(resource),
        "table_lines": list_columns(resource, resources),
        "index_lines": list_indexes(resource),
    }
