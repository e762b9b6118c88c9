"""The view of `seed`: the rows of a blueprint, each after those it refers to."""

import ast
from typing import Any

from starlette_new.blueprint import make_blueprint
from starlette_new.view_seeds import view_seeds

ORDER = {
    "line": "order number:str metadata:int=1 customer:ref tags:many(tag) others:many(order)",
    "sample": [
        {"number": "A", "customer": "Ada", "tags": ["gift", "2"], "others": []},
        {"number": "B", "customer": "1", "metadata": "5"},
    ],
}
CUSTOMER = {"line": "customer name:str", "sample": [{"name": "Ada"}]}
TAG = {"line": "tag name:str=gift", "sample": [{}, {"name": "urgent"}]}


def _view(*entries: object) -> dict[str, Any]:
    return view_seeds(make_blueprint({"name": "demo", "resources": entries}).resources)


def test_a_row_is_made_after_the_rows_it_refers_to() -> None:
    seeds = _view(ORDER, CUSTOMER, TAG)["seeds"]

    assert [seed["plural"] for seed in seeds] == ["customers", "orders", "tags"]


def test_a_resource_without_rows_is_left_out() -> None:
    view = _view(CUSTOMER, "note title:str others:many(note)")

    assert [seed["name"] for seed in view["seeds"]] == ["customer"]
    assert view["seed_links"] == []
    assert _view("note title:str")["seeds"] == []


def test_rows_hold_what_was_given_and_links_stand_apart() -> None:
    view = _view(ORDER, CUSTOMER, TAG)

    rows = [ast.literal_eval(row) for row in view["seeds"][1]["rows"]]
    assert rows == [
        {"number": "A", "customer_id": 1},
        {"number": "B", "metadata": 5, "customer_id": 1},
    ]
    tags, others = view["seed_links"]
    assert (tags["field"], tags["samples"]) == ("tag_ids", "ORDER_TAG_IDS")
    assert ast.literal_eval(tags["ids"]) == {1: [1, 2]}
    assert ast.literal_eval(others["ids"]) == {1: []}
