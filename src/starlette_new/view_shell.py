"""What joins the parts of a project: its routes, its state, and the lists of its parts."""

from collections.abc import Iterator, Sequence

from starlette_new.blueprint import Blueprint
from starlette_new.engines import ENGINES
from starlette_new.fields import make_dict, make_list
from starlette_new.language import Resource
from starlette_new.parts import Part, make_parts, write_rows
from starlette_new.view_controls import name_title
from starlette_new.view_jobs import list_job_routes

View = dict[str, object]


def view_shell(blueprint: Blueprint) -> View:
    """Work out the URL map, what the lifespan makes, and what lists the parts."""
    has_pages, parts = blueprint.has_pages, _list_parts(blueprint)
    database = ["from app.database import Database"] * (blueprint.with_db != "none")
    live = ["from app.live import Live"] * has_pages
    return {
        "parts": parts,
        "part_rows": [
            *write_rows(parts),
            *[_JOBS_ROW] * (blueprint.with_jobs and blueprint.has_pages),
            *[_METRICS_ROW] * blueprint.with_telemetry,
        ],
        "paths": make_list([*(p["path"] for p in parts), "/health/live", "/static/style.css"]),
        "folder_lines": _list_folders(blueprint),
        "route_lines": _list_routes(blueprint),
        "handler_lines": _list_handlers(blueprint),
        "boards_source": _list_boards(blueprint.resources),
        "boardless": _list_boardless(blueprint.resources),
        "state_imports": [*database, *live] or ["from datetime import datetime"],
        "state_fields": [*["database: Database"] * bool(database), *["live: Live"] * has_pages]
        or ["started_at: datetime"],
        "live_imports": ["from app.live import Live"] * has_pages,
        "finished": _wrap(blueprint),
        "middleware_names": "AnswerHeaders, ProblemAnswers"
        + ", ProblemPages" * has_pages
        + ", SameOrigin",
        "nav_lines": [
            f'{{{{ macros.entry(section, "{one.plural}", "{name_title(one.plural)}") }}}}'
            for one in blueprint.resources
        ]
        + ['{{ macros.entry(section, "-/jobs", "Jobs") }}'] * blueprint.with_jobs,
        **_view_home(blueprint),
        "ready_lines": [
            *['await request.state["database"].read(ask)'] * (blueprint.with_db != "none"),
            'return answer_json({"status": "ready"})',
        ],
        "stats_source": make_dict(
            {one.plural: f"{one.name}_queries.LISTING" for one in blueprint.resources}
        ),
    }


_JOBS_ROW = "| `/-/jobs` | what waits for a worker, and what failed |"
_METRICS_ROW = "| `/-/metrics` | metrics for Prometheus |"


def _wrap(blueprint: Blueprint) -> str:
    """Write the finished application: what is built, in the middleware that sees every answer."""
    pages = "ProblemPages(build(settings))" if blueprint.has_pages else "build(settings)"
    return f"AnswerHeaders({f'Metrics({pages})' if blueprint.with_telemetry else pages})"


def _view_home(blueprint: Blueprint) -> View:
    """Say what `app/home.py` is made of: files in `home/`, and what they import."""
    has_database = blueprint.with_db != "none"
    imports = [
        "from starlette.requests import Request",
        "from starlette.responses import Response",
        "from app.web import State, answer_json",
    ]
    if has_database:
        imports += ["from sqlalchemy import text", "from sqlalchemy.orm import Session"]
    if blueprint.has_pages:
        return {
            "home_says": "The home page with what it tells, live updates, and the health checks.",
            "home_imports": [*imports, *_HOME_IMPORTS, *_import_queries(blueprint.resources)],
            "home_begins": "pages",
            "home_ends": ["ask", "stats"],
        }
    return {
        "home_says": "The pages of no resource, and the health checks: does it live, and can it do "
        "its work?",
        "home_imports": [*imports, *_PLAIN_IMPORTS],
        "home_begins": "plain",
        "home_ends": ["ask" if has_database else "started"],
    }


_HOME_IMPORTS = (
    "import msgspec",
    "from sqlalchemy import func, select",
    "from app.pages import NEWEST, name_row, read, show",
    "from app.paging import Listing, count_rows",
    "from app.values import Moment",
)
_PLAIN_IMPORTS = (
    "from pathlib import Path",
    "from starlette.templating import Jinja2Templates",
)


def _import_queries(resources: Sequence[Resource]) -> list[str]:
    return [f"from app.resources.{r.plural} import queries as {r.name}_queries" for r in resources]


def _list_parts(blueprint: Blueprint) -> list[Part]:
    parts = []
    for resource in blueprint.resources:
        title = name_title(resource.plural)
        if blueprint.has_pages:
            parts.append((title, f"/{resource.plural}"))
        if blueprint.has_pages and resource.board:
            parts.append((f"{title}: board", f"/{resource.plural}/board"))
        parts.append((f"{title}: API" if blueprint.has_pages else title, f"/api/{resource.plural}"))
    if blueprint.resources:
        parts += [("The API, described", "/docs"), ("The same for programs", "/openapi.json")]
    if blueprint.has_pages or blueprint.with_db == "none":
        parts.append(("Statistics", "/api/stats"))
    parts.append(("Health", "/health/ready"))
    return make_parts(parts)


def _list_folders(blueprint: Blueprint) -> list[str]:
    lines = ["app/templates/     the pages", "app/static/        what they need, served as it is"]
    if blueprint.has_pages:
        lines += [
            "app/pages.py       what pages share: how they are shown, and how rows are named",
            "app/forms.py       forms: read, checked, saved, and shown again",
            "app/live.py        live updates: who follows, and what they missed",
        ]
    if blueprint.resources:
        lines += [
            "app/resources/     a folder for each resource: models, schemas, queries, endpoints"
            + ", pages" * blueprint.has_pages,
            "app/reading.py     how bodies, query strings and If-Match are read",
            "app/values.py      the kinds of values that clients send",
            "app/paging.py      lists: filtered, sorted, a page at a time",
            "app/rows.py        what the queries of all tables share",
            *["app/columns.py     types of columns"] * (blueprint.with_db == "sqlite"),
            "app/openapi.py     the description of the API",
        ]
    if blueprint.with_telemetry:
        lines.append("app/telemetry.py   traces and metrics")
    if blueprint.with_jobs:
        lines += [
            "app/queue.py       tasks, and how they are deferred",
            "app/worker.py      what does them",
            "app/failures.py    jobs that failed for good",
            "app/exports.py     a task to begin with: a table as CSV",
            "app/queue_schema.py  the tables of the queue",
        ]
        lines += ["app/backlog.py     the page of jobs"] * blueprint.has_pages
    if blueprint.with_db != "none":
        lines.append("app/database.py    the engine, transactions in worker threads, migrations")
        lines.append("migrations/        the changes of the database, in order")
    return lines


def _list_routes(blueprint: Blueprint) -> list[str]:
    routes = ['Route("/-/metrics", metrics, name="metrics"),'] * blueprint.with_telemetry
    routes += list_job_routes(blueprint)
    if blueprint.with_db == "none":
        routes.append('Route("/api/stats", stats, name="stats"),')
    if blueprint.has_pages:
        routes.append('Route("/live", follow, name="follow"),')
        for resource in blueprint.resources:
            routes += _list_page_routes(resource)
    for resource in blueprint.resources:
        plural, name = resource.plural, resource.class_name
        routes.append(f'Route("/api/{plural}", {name}Collection, name="{plural}"),')
        routes.append(f'Route("/api/{plural}/{{id:id}}", {name}Item, name="{plural}.item"),')
    if blueprint.has_pages:
        routes.append('Route("/api/stats", stats, name="stats"),')
    if blueprint.resources:
        routes.append('Route("/openapi.json", openapi, name="openapi"),')
        routes.append('Route("/docs", docs, name="docs"),')
    return routes


def _list_page_routes(resource: Resource) -> Iterator[str]:
    """Give the pages of a resource; an id is a number, so that no word is taken for one."""
    plural, name, title = resource.plural, resource.name, resource.class_name
    pages = [("", f"list_{plural}"), ("/new", f"New{title}")]
    if resource.board:
        pages.append(("/board", "show_board"))
    pages += [("/{id:id}", f"show_{name}"), ("/{id:id}/edit", f"Edit{title}")]
    for path, endpoint in pages:
        yield f'Route("/{plural}{path}", {name}_pages.{endpoint}),'
    actions = ["move"] * bool(resource.board) + ["delete"]
    for action in actions:
        path = f"/{plural}/{{id:id}}/{action}"
        yield f'Route("{path}", {name}_pages.{action}_{name}, methods=["POST"]),'


def _list_handlers(blueprint: Blueprint) -> list[str]:
    handlers = []
    if blueprint.resources:
        handlers += ["ClientDisconnect: answer_disconnect,", "IntegrityError: answer_conflict,"]
    if blueprint.with_db != "none":
        handlers += ["Overloaded: answer_unavailable,", "TimeoutError: answer_unavailable,"]
        handlers += [
            f"{error}: answer_unavailable," for error in ENGINES[blueprint.with_db].failures
        ]
    return handlers


def _list_boards(resources: Sequence[Resource]) -> str:
    """Write each board with a value that a card of the first sample can move to."""
    boards = [
        f'("{resource.plural}", "{field.name}", "{field.kind.choices[0]}")'
        for resource in resources
        for field in resource.fields
        if field.name == resource.board
    ]
    return make_list(boards, quote=False)


def _list_boardless(resources: Sequence[Resource]) -> list[str]:
    """Give the templates of boards that are not rendered."""
    folders = [f"{resource.plural}/" for resource in resources if not resource.board]
    shared = [""] * all(not resource.board for resource in resources)
    return [f"app/templates/{folder}board.html" for folder in [*folders, *shared]]
