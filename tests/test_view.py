"""The view: ready lines of source, in which a template decides nothing."""

import ast
import json
from typing import Any

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.fields import make_dict, make_list
from starlette_new.view import make_view

LINE = "BlogPost title:str notes:text?=x words:int?=0 done:bool=true"


def _view(**answers: object) -> dict[str, Any]:
    blueprint = make_blueprint({"name": "demo", **answers})
    return make_view(blueprint, "name: demo\n")


@pytest.mark.parametrize("layout", ["standard", "single"])
@pytest.mark.parametrize("answers", [{"with_db": "none"}, {}, {"resources": [LINE, "a_b c:int"]}])
def test_a_view_holds_plain_values(layout: str, answers: dict[str, object]) -> None:
    view = _view(layout=layout, **answers)

    assert json.loads(json.dumps(view)) == view
    assert view["dependencies"] == sorted(view["dependencies"])


@pytest.mark.parametrize(
    ("answers", "database", "resources"),
    [
        ({"with_db": "none"}, False, False),
        ({}, True, False),
        ({"resources": [LINE]}, True, True),
    ],
)
def test_booleans_are_computed_once(
    answers: dict[str, object], database: bool, resources: bool
) -> None:
    view = _view(**answers)

    assert (view["has_database"], view["has_resources"]) == (database, resources)


def test_every_address_is_listed_for_the_home_page() -> None:
    parts = _view(resources=[LINE])["parts"]

    assert parts == [
        {"label": "Blog posts", "path": "/api/blog_posts"},
        {"label": "Health", "path": "/health/ready"},
    ]


def test_a_project_without_a_database_has_statistics() -> None:
    view = _view(with_db="none")

    assert view["parts"][0]["path"] == "/api/stats"
    assert "stats" in view["route_lines"][0]


@pytest.mark.parametrize(
    ("layout", "answers", "packages"),
    [
        ("standard", {"with_db": "none"}, {"jinja2", "starlette", "uvicorn"}),
        ("standard", {}, {"alembic", "jinja2", "sqlalchemy", "starlette", "uvicorn"}),
        ("single", {"with_db": "none"}, {"starlette", "uvicorn"}),
        ("single", {"resources": [LINE]}, {"aiosqlite", "pydantic", "starlette", "uvicorn"}),
    ],
)
def test_a_project_depends_on_what_it_uses(
    layout: str, answers: dict[str, object], packages: set[str]
) -> None:
    dependencies = _view(layout=layout, **answers)["dependencies"]

    assert {line.split(">")[0].split("[")[0] for line in dependencies} == packages


def test_the_names_of_a_resource_are_worked_out() -> None:
    (resource,) = _view(resources=[LINE])["resources"]

    assert resource["name"] == "blog_post"
    assert resource["plural"] == "blog_posts"
    assert resource["class_name"] == "BlogPost"
    assert (resource["label"], resource["labels"]) == ("blog post", "blog posts")


def test_samples_are_python_source() -> None:
    (resource,) = _view(resources=[LINE])["resources"]

    good = ast.literal_eval(resource["good"])
    assert good == {"title": "One line", "notes": "Many words", "words": 7, "done": True}
    assert ast.literal_eval(resource["shortest"]) == {"title": "One line"}
    assert ast.literal_eval(resource["defaults"]) == {"notes": "x", "words": 0, "done": True}
    assert resource["required"]


def test_null_is_kept_or_refused() -> None:
    (resource,) = _view(resources=["task a:bool b:bool?"])["resources"]

    assert resource["kept_lines"] == ['"a": [True, False],', '"b": [True, False, None],']
    assert resource["refused_lines"] == ['"a": ["yes", 1, None],', '"b": ["yes", 1],']


def test_only_what_a_schema_uses_is_imported() -> None:
    resources = _view(resources=["flag on:bool", "task title:str"])["resources"]

    assert [resource["schema_import"] for resource in resources] == [
        "from pydantic import BaseModel",
        "from typing import Annotated\n\nfrom pydantic import BaseModel, Field",
    ]


def test_every_table_that_is_made_is_dropped_in_reverse() -> None:
    view = _view(resources=["task a:str", "flag b:bool"])

    assert [line.split('"')[1] for line in view["upgrade_lines"]] == ["tasks", "flags"]
    assert view["downgrade_lines"] == ['op.drop_table("flags")', 'op.drop_table("tasks")']
    assert _view()["upgrade_lines"] == _view()["downgrade_lines"] == ["pass"]


def test_values_are_written_as_source() -> None:
    assert make_list(["a", 'say "b"']) == '["a", "say \\"b\\""]'
    assert make_list(["1", "None"], quote=False) == "[1, None]"
    assert make_dict({"a": "1", "b": "None"}) == '{"a": 1, "b": None}'
