"""The view of a resource's tests: rows that are good, and what must come of them."""

import ast
from typing import Any

import pytest

from starlette_new.language import parse_resource
from starlette_new.view_tests import view_tests

LINE = "BlogPost title:str notes:text?=x words:int?=0 done:bool=true"


def _view(*lines: str) -> dict[str, Any]:
    resources = [parse_resource(line) for line in lines]
    return view_tests(resources[0], resources)


def _read_orders(view: dict[str, Any]) -> dict[str, tuple[list[int], list[int]]]:
    orders: dict[str, tuple[list[int], list[int]]] = ast.literal_eval(
        "{" + "".join(view["order_lines"]) + "}"
    )
    return orders


def _read_found(view: dict[str, Any]) -> dict[tuple[str, str], list[int]]:
    return {
        (name, value): ids
        for name, value, ids in ast.literal_eval(f"[{''.join(view['found_lines'])}]")
    }


def test_samples_are_python_source() -> None:
    view = _view(LINE)

    first, _, last = map(ast.literal_eval, view["rows"])
    assert first == {"title": "Delta", "notes": "Many words", "words": 7, "done": True}
    assert (last["notes"], last["words"]) == (None, None)
    assert ast.literal_eval(view["shortest"]) == {"title": "Delta"}
    assert ast.literal_eval(view["defaults"]) == {"notes": "x", "words": 0, "done": True}
    assert view["required"]


def test_a_default_that_the_clock_gives_is_not_compared() -> None:
    view = _view("task placed:datetime=now day:date?=today labels:many(task)")

    assert ast.literal_eval(view["defaults"]) == {"label_ids": []}
    assert not view["required"]


def test_null_is_kept_or_refused() -> None:
    view = _view("task a:bool b:bool?")

    assert view["kept_lines"] == [
        '"a": [(True, True), (False, False)],',
        '"b": [(True, True), (False, False), (None, None)],',
    ]
    assert view["refused_lines"] == ['"a": ["yes", 1, None],', '"b": ["yes", 1],']


def test_what_comes_back_in_another_form_is_told_with_it() -> None:
    (line,) = _view("task at:time")["kept_lines"]

    assert '("09:30", "09:30:00")' in line


def test_rows_are_sorted_with_nulls_last_and_equal_values_by_their_id() -> None:
    orders = _read_orders(_view("task a:int? b:bool c:enum(z,y,x) d:decimal(4,1)"))

    assert orders["a"] == ([1, 0, 2], [0, 1, 2])
    assert orders["b"] == ([1, 0, 2], [2, 0, 1])
    assert orders["c"] == ([1, 2, 0], [0, 2, 1])
    assert orders["d"] == ([1, 0, 2], [2, 0, 1])
    assert orders["created_at"] == ([0, 1, 2], [2, 1, 0])


def test_filters_find_the_rows_that_have_the_value() -> None:
    found = _read_found(_view("task limit:int? done:bool title:str"))

    assert found["limit_", "7"] == [0]
    assert found["limit_min", "7"] == [0]
    assert found["limit_max", "7"] == [0, 1]
    assert found["done", "true"] == [0, 2]
    assert found["q", "DELTA"] == [0]
    assert found["q", "%"] == []
    assert found["created_at_max", "2000-01-01T00:00:00Z"] == []


def test_a_reference_that_no_row_has_is_not_looked_for() -> None:
    found = _read_found(_view("task parent:ref(task)?"))

    assert not [name for name, _ in found if name.startswith("parent")]


@pytest.mark.parametrize(
    ("lines", "needed"),
    [
        (["task title:str"], ""),
        (["task boss:ref(task)?"], ""),
        (["task project:ref?", "project a:str"], "projects=samples.PROJECTS"),
        (["task b:ref", "b c:ref", "c a:str"], "cs=samples.CS, bs=samples.BS"),
        (["task labels:many(label)", "label a:str"], "labels=samples.LABELS"),
        (["task b:ref?", "b task:ref"], ""),
    ],
)
def test_the_rows_that_it_needs_are_made_first(lines: list[str], needed: str) -> None:
    assert _view(*lines)["needed"] == needed


def test_a_unique_reference_points_at_another_row_each_time() -> None:
    view = _view("task project:ref:unique", "project a:str")

    assert view["rows"] == [f'{{"project_id": {n}}}' for n in (1, 2, 3)]
    assert view["unique"] == ""


def test_only_a_field_that_must_be_unique_is_taken_twice() -> None:
    assert _view("task a:int:unique b:str:unique c:int")["unique"] == '["a", "b"]'
    assert _view("task c:int")["unique"] == ""


@pytest.mark.parametrize(
    ("lines", "title", "claim"),
    [
        (["task boss:ref", "boss a:str"], "it_is_deleted_with_its_boss", "== 404"),
        (["task boss:ref?", "boss a:str"], "it_is_left_by_its_boss", "is None"),
        (["task boss:ref(task)?"], "it_is_left_by_its_boss", "is None"),
    ],
)
def test_a_row_goes_with_what_it_must_refer_to_or_is_left(
    lines: list[str], title: str, claim: str
) -> None:
    view = _view(*lines)

    (fate,) = view["fates"]
    assert fate["title"] == title
    assert fate["claim"].endswith(claim)
    assert fate["own"] == (len(lines) == 1)
    assert view["references"] == '["boss_id"]'


def test_a_reference_to_what_needs_the_row_itself_has_no_fate() -> None:
    view = _view("team lead:ref(member)?", "member team:ref")

    assert view["fates"] == []
    assert view["references"] == '["lead_id"]'


def test_a_list_of_references_follows_what_is_deleted() -> None:
    view = _view("task labels:many(label) blockers:many(task)", "label name:str")

    assert view["linked"] == [
        {"field": "label_ids", "parameter": "label_ids", "target": "labels", "own": False},
        {"field": "blocker_ids", "parameter": "blocker_ids", "target": "tasks", "own": True},
    ]
