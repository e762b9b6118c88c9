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

    assert view["seeds"] == [{"plural": "customers", "samples": "CUSTOMERS"}]
    assert view["seed_tables"] == "[customer_models.Customer.__table__]"
    assert "note" not in str(view)
    assert _view("note title:str")["seeds"] == []


def _read_rows(source: str) -> object:
    return ast.literal_eval(source.rpartition(" = ")[2])


def test_rows_hold_what_was_given_and_links_stand_apart() -> None:
    view = _view(ORDER, CUSTOMER, TAG)

    _, orders, _, tags, others = view["seed_rows"]
    assert orders.startswith("ORDERS: list[dict[str, object]] = [")
    assert _read_rows(orders) == [
        {"number": "A", "customer_id": 1},
        {"number": "B", "metadata": 5, "customer_id": 1},
    ]
    assert tags == "ORDER_TAG_IDS = {1: [1, 2]}"
    assert _read_rows(others) == {1: []}
    lines = view["seed_lines"]
    assert 'del values["tag_ids"]' in " ".join(lines)
    assert lines[-2:] == [
        "for row_id, ids in ORDER_OTHER_IDS.items():",
        '    write_links(session, order_models.OTHER_LINKS, row_id, "other_ids", ids)',
    ]
    assert "from app.rows import write_links" in view["seed_imports"]
