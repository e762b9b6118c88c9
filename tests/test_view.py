"""The view: plain values, and ready lines of source, in which a template decides nothing."""

import json
from typing import Any

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.view import make_view

LINES = [
    "BlogPost title:str notes:text?=x words:int?=0 done:bool=true total:decimal(10,2):unique",
    "comment blog_post:ref reply:ref(comment)? status:enum(new,shown):index written:datetime=now",
]


def _view(**answers: object) -> dict[str, Any]:
    blueprint = make_blueprint({"name": "demo", **answers})
    return make_view(blueprint, "name: demo\n")


@pytest.mark.parametrize("layout", ["standard", "single"])
@pytest.mark.parametrize("answers", [{"with_db": "none"}, {}, {"resources": LINES}])
def test_a_view_holds_plain_values(layout: str, answers: dict[str, object]) -> None:
    view = _view(layout=layout, **answers)

    assert json.loads(json.dumps(view)) == view
    assert view["dependencies"] == sorted(view["dependencies"])


@pytest.mark.parametrize("layout", ["standard", "single"])
@pytest.mark.parametrize(
    ("answers", "database", "resources"),
    [
        ({"with_db": "none"}, False, False),
        ({}, True, False),
        ({"resources": LINES}, True, True),
    ],
)
def test_booleans_are_computed_once(
    layout: str, answers: dict[str, object], database: bool, resources: bool
) -> None:
    view = _view(layout=layout, **answers)

    assert (view["has_database"], view["has_resources"]) == (database, resources)


@pytest.mark.parametrize(
    ("layout", "answers", "packages"),
    [
        ("standard", {"with_db": "none"}, {"jinja2", "starlette", "uvicorn"}),
        ("standard", {}, {"alembic", "jinja2", "sqlalchemy", "starlette", "uvicorn"}),
        (
            "standard",
            {"resources": LINES},
            {"alembic", "jinja2", "msgspec", "pydantic", "sqlalchemy", "starlette"}
            | {"sse-starlette", "typing-extensions", "uvicorn"},
        ),
        (
            "standard",
            {"resources": LINES, "ui": "none"},
            {"alembic", "jinja2", "msgspec", "pydantic", "sqlalchemy", "starlette"}
            | {"typing-extensions", "uvicorn"},
        ),
        (
            "standard",
            {"with_db": "none", "with_telemetry": True},
            {"jinja2", "opentelemetry-exporter-otlp-proto-http", "opentelemetry-sdk"}
            | {"prometheus-client", "starlette", "uvicorn"},
        ),
        (
            "standard",
            {"resources": LINES, "ui": "none", "with_db": "postgres", "with_jobs": True},
            {"alembic", "jinja2", "msgspec", "procrastinate", "psycopg", "pydantic", "sqlalchemy"}
            | {"starlette", "typing-extensions", "uvicorn"},
        ),
        ("single", {"with_db": "none"}, {"starlette", "uvicorn"}),
        ("single", {}, {"aiosqlite", "starlette", "uvicorn"}),
        (
            "single",
            {"resources": LINES},
            {"aiosqlite", "jinja2", "pydantic", "starlette", "uvicorn"},
        ),
        (
            "single",
            {"resources": LINES, "ui": "none"},
            {"aiosqlite", "pydantic", "starlette", "uvicorn"},
        ),
    ],
)
def test_a_project_depends_on_what_it_uses(
    layout: str, answers: dict[str, object], packages: set[str]
) -> None:
    dependencies = _view(layout=layout, **answers)["dependencies"]

    assert {line.split(">")[0].split("[")[0] for line in dependencies} == packages


def test_the_blueprint_file_is_passed_on_as_it_is() -> None:
    assert _view()["answers"] == "name: demo"
