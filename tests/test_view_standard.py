"""The view of the standard layout: what all resources share, and what only some need."""

import ast
import re
from typing import Any

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.view_resource import KINDS
from starlette_new.view_standard import view_standard

TASK = "task title:str done:bool"


def _view(*lines: str, with_db: str = "sqlite", ui: str = "none") -> dict[str, Any]:
    answers = {"name": "demo", "with_db": with_db, "ui": ui, "resources": lines}
    return view_standard(make_blueprint(answers))


def test_every_address_is_listed_for_the_home_page() -> None:
    parts = _view("BlogPost title:str")["parts"]

    assert parts == [
        {"label": "Blog posts", "path": "/api/blog_posts"},
        {"label": "The API, described", "path": "/docs"},
        {"label": "The same for programs", "path": "/openapi.json"},
        {"label": "Health", "path": "/health/ready"},
    ]
    assert {part["path"] for part in parts} < set(
        ast.literal_eval(_view("BlogPost a:str")["paths"])
    )


def test_a_project_without_a_database_has_statistics() -> None:
    view = _view(with_db="none")

    assert view["parts"][0]["path"] == "/api/stats"
    assert "stats" in view["route_lines"][0]
    assert view["handler_lines"] == []


def test_a_project_without_resources_describes_no_api() -> None:
    view = _view()

    assert view["route_lines"] == []
    assert "openapi" not in view["home_endpoints"]
    assert not [line for line in view["folder_lines"] if "resources" in line]


def test_each_resource_has_two_routes() -> None:
    routes = _view(TASK)["route_lines"]

    assert routes[:2] == [
        'Route("/api/tasks", TaskCollection, name="tasks"),',
        'Route("/api/tasks/{id:id}", TaskItem, name="tasks.item"),',
    ]


def test_pages_have_routes_of_their_own() -> None:
    view = _view("task title:str status:enum(new,done)=new", ui="pages")

    addresses = [line.split('"')[1] for line in view["route_lines"]]
    assert addresses == [
        "/live",
        "/tasks",
        "/tasks/new",
        "/tasks/board",
        "/tasks/{id:id}",
        "/tasks/{id:id}/edit",
        "/tasks/{id:id}/move",
        "/tasks/{id:id}/delete",
        "/api/tasks",
        "/api/tasks/{id:id}",
        "/api/stats",
        "/openapi.json",
        "/docs",
    ]
    assert [part["path"] for part in view["parts"]][:3] == ["/tasks", "/tasks/board", "/api/tasks"]
    assert view["boards_source"] == '[("tasks", "status", "new")]'
    assert "ProblemPages" in view["finished"]


def test_a_resource_without_an_enum_has_no_board() -> None:
    view = _view(TASK, ui="pages")

    assert "board" not in "".join(view["route_lines"])
    assert not view["has_boards"]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("task a:bool", {"BoolText"}),
        ("task a:int", {"Int", "IntText"}),
        ("task a:ref(task)?", {"Id", "IdText"}),
        ("task a:many(task)", {"Id", "IdText", "Ids"}),
        ("task a:decimal(10,2)", {"Decimals"}),
        ("task a:date=today", {"Date", "today"}),
        ("task a:time=now", {"Time", "time_now"}),
        ("task a:datetime=now", {"now"}),
        ('task a:str="Url Email"', {"text"}),
        ("task a:enum(Url,Date)", set()),
    ],
)
def test_only_the_kinds_that_are_used_are_written(line: str, kinds: set[str]) -> None:
    view = _view(line)

    assert {"DateTime"} | kinds == set(view["kinds"]) - {"Moment"}
    assert view["kinds"] == [kind for kind in KINDS if kind in view["kinds"]]


def test_a_kind_of_decimals_is_written_once_for_each_size() -> None:
    view = _view("a x:decimal(10,2) y:decimal(10,2)", "b x:decimal(3,0)", "c x:decimal(4,4)")

    assert [kind["name"] for kind in view["decimals"]] == [
        "Decimal10_2",
        "Decimal3_0",
        "Decimal4_4",
    ]
    assert view["has_decimals"]


@pytest.mark.parametrize(
    ("size", "good", "bad"),
    [
        (
            "10,2",
            ["0", "-0", "12345678.9", "-0.01"],
            ["123456789", "1.", ".5", "01", "1.234", "+1"],
        ),
        ("3,0", ["0", "999"], ["1000", "1.0", "00"]),
        ("4,4", ["0", "0.1234", "-0.5"], ["1", "1.0", "0.12345"]),
    ],
)
def test_a_decimal_has_the_form_of_its_size(size: str, good: list[str], bad: list[str]) -> None:
    (kind,) = _view(f"task x:decimal({size})")["decimals"]

    assert all(re.fullmatch(kind["form"], text) for text in good)
    assert not any(re.fullmatch(kind["form"], text) for text in bad)


@pytest.mark.parametrize(
    ("lines", "references", "links"),
    [
        ([TASK], False, False),
        (["task parent:ref(task)?"], True, False),
        (["task others:many(task)"], False, True),
        (["task others:many(task)", "note task:ref"], True, True),
    ],
)
def test_what_relations_need_is_written_where_there_are_relations(
    lines: list[str], references: bool, links: bool
) -> None:
    view = _view(*lines)

    imports = " ".join(view["rows_imports"])
    assert (view["has_references"], view["has_links"]) == (references, links)
    assert ("exists" in imports, "delete" in imports) == (references, links)
    assert ("Refusal" in imports) == (references or links)
    assert ("AddRows" in " ".join(view["conftest_imports"])) == (references or links)
