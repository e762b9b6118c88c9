"""The view of `test_main.py`: what its claims know about each list, and which claims there are."""

import ast
from typing import Any

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.view_single_tests import is_loose, view_tests

PROJECT = "project name:str:unique"
TASK = "task project:ref parent:ref(task)? at:time=now rank:int=3 title:str?"


def _view(*lines: str) -> dict[str, Any]:
    return view_tests(make_blueprint({"name": "demo", "layout": "single", "resources": lines}))


def _read(view: dict[str, Any], number: int, name: str) -> Any:
    return ast.literal_eval(_find(view, number, name))


def _find(view: dict[str, Any], number: int, name: str) -> ast.expr:
    call = ast.parse(view["samples"][number].rstrip(","), mode="eval").body
    assert isinstance(call, ast.Call)
    return next(keyword.value for keyword in call.keywords if keyword.arg == name)


def test_rows_refer_to_rows_that_are_made_first() -> None:
    view = _view(TASK, PROJECT)

    rows = _read(view, 0, "rows")
    assert [row["project_id"] for row in rows] == [1, 2, 3]
    assert [row["parent_id"] for row in rows] == [None] * 3
    assert _read(view, 0, "parents") == ["/api/projects"]
    assert "client" in view["sample_arguments"]


def test_a_chain_of_parents_begins_at_its_end() -> None:
    view = _view("c b:ref again:ref(b)", "b a:ref", "a x:str")

    assert _read(view, 0, "parents") == ["/api/a_rows", "/api/bs"]


def test_a_parent_takes_its_references_along() -> None:
    view = _view(TASK, PROJECT, "note task:ref project:ref?")

    assert _read(view, 2, "references") == {"task_id": "/api/tasks", "project_id": "/api/projects"}
    assert _read(view, 2, "goes") == {"task_id": True, "project_id": True}
    assert _read(view, 0, "goes") == {"project_id": True, "parent_id": False}


def test_null_is_kept_or_refused() -> None:
    view = _view("task a:bool b:bool?")

    assert _read(view, 0, "kept") == {"a": [True, False], "b": [True, False, None]}
    assert _read(view, 0, "refused") == {"a": ["yes", 1, None], "b": ["yes", 1], "not a field": [1]}


def test_a_default_that_the_clock_gives_can_be_anything() -> None:
    view = _view(TASK, PROJECT)

    assert (
        ast.unparse(_find(view, 0, "defaults"))
        == "{'parent_id': None, 'at': ANY, 'rank': 3, 'title': None}"
    )
    assert _read(view, 0, "clocks") == ["at"]
    assert "from unittest.mock import ANY" in view["test_imports"]


@pytest.mark.parametrize(
    ("lines", "used"),
    [
        (["task a:bool"], set()),
        (["task a:int"], {"rewritten"}),
        (["task a:bool", "project a:str:unique"], {"unique"}),
        (["task a:date=today"], {"clocks"}),
        (["task boss:ref(task)?"], {"references", "goes"}),
        (["task project:ref", "project a:bool"], {"references", "goes", "parents"}),
    ],
)
def test_only_claims_that_can_fail_are_written(lines: list[str], used: set[str]) -> None:
    view = _view(*lines)

    claims = {claim for claim in view["claims"] if not claim.startswith("page")}
    assert {*claims, *["parents"] * view["has_parents"]} == used
    assert {line.partition(":")[0] for line in view["sample_fields"]} >= used


@pytest.mark.parametrize(
    ("line", "claims"),
    [
        ("task a:bool", ["pages"]),
        ("task a:int:unique b:datetime", ["pages", "page_unique", "page_moments"]),
        ("task boss:ref(task)?", ["pages", "page_references"]),
    ],
)
def test_pages_are_claimed_to_do_what_their_fields_need(line: str, claims: list[str]) -> None:
    assert [claim for claim in _view(line)["claims"] if claim.startswith("page")] == claims


def test_a_form_is_typed_as_a_person_would() -> None:
    view = _view("task a:str(3) b:text? c:int=1 d:datetime boss:ref(task)? e:json")

    assert _read(view, 0, "form") == {
        "a": "Del",
        "b?": "Many words",
        "c:json": "7",
        "d:utc": "2026-02-28T12:00:00",
        "boss_id:json?": "",
        "e:json": '{"a": [1, 2.5, null]}',
    }
    assert _read(view, 0, "texts") == ["b"]


@pytest.mark.parametrize(
    ("lines", "loose"),
    [
        (["task boss:ref(task)?"], True),
        (["task boss:ref?", "boss task:ref?"], True),
        (["task boss:ref", "boss task:ref?"], False),
        (["task boss:ref?", "boss a:str"], False),
    ],
)
def test_a_reference_that_leads_back_is_left_out(lines: list[str], loose: bool) -> None:
    resources = make_blueprint({"name": "demo", "resources": lines}).resources

    assert is_loose(resources[0], resources[0].fields[0], resources) == loose


def test_without_a_database_there_is_nothing_to_set_up() -> None:
    view = view_tests(make_blueprint({"name": "demo", "layout": "single", "with_db": "none"}))

    assert view["samples"] == []
    assert view["fixture_lines"] == ["importlib.reload(main)"]
