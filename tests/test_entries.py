"""Entries: a resource as a line or a mapping, and every mapping that says something impossible."""

import json

import pytest

from starlette_new.entries import KEYS, MOST_ROWS, find_field, parse_entry
from starlette_new.errors import UsageProblem
from starlette_new.language import parse_resource

LINE = "order number:str(20) status:enum(new,paid)=new notes:text? customer:ref tags:many(tag)"


def test_a_line_is_an_entry() -> None:
    assert parse_entry(LINE) == parse_resource(LINE)


def test_a_mapping_with_nothing_but_a_line_means_the_same() -> None:
    resource = parse_entry({"line": LINE})

    assert (resource.label, resource.board, resource.sort) == ("number", "status", "id")
    assert (resource.sample, json.loads(resource.entry)) == ((), {"line": LINE})


def test_a_mapping_says_more_about_a_resource() -> None:
    entry = {"line": LINE, "label": "notes", "board": "status", "sort": "-number", "sample": []}

    resource = parse_entry(entry)

    assert (resource.label, resource.board, resource.sort) == ("notes", "status", "-number")
    assert list(json.loads(resource.entry)) == list(KEYS)


@pytest.mark.parametrize(
    ("sort", "column"),
    [
        ("id", "id"),
        ("-created_at", "-created_at"),
        ("updated_at", "updated_at"),
        ("status", "status"),
        ("customer_id", "customer_id"),
        ("-customer", "-customer_id"),
    ],
)
def test_lists_can_be_sorted_by_what_has_an_order(sort: str, column: str) -> None:
    assert parse_entry({"line": LINE, "sort": sort}).sort == column


def test_a_row_may_be_named_by_its_number() -> None:
    assert parse_entry({"line": LINE, "label": "id"}).label == "id"


def test_a_field_is_found_by_both_of_its_names() -> None:
    resource = parse_resource(LINE)

    assert find_field(resource, "customer") == find_field(resource, "customer_id")
    assert find_field(resource, "tags") == find_field(resource, "tag_ids")
    assert find_field(resource, "nothing") is None


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (7, '"7" is neither a line nor a mapping'),
        (["task a:str"], "is neither a line nor a mapping"),
        ({}, "has no line"),
        ({"line": 7}, "has no line"),
        ({"label": "number"}, "has no line"),
        ({"line": "task"}, "at least one field"),
        (
            {"line": LINE, "lable": "number"},
            'no key "lable". Did you mean label? The keys are line',
        ),
        ({"line": LINE, 7: "number"}, 'no key "7". The keys are line, label'),
        ({"line": LINE, "label": "numbr"}, 'label "numbr", which is no field'),
        ({"line": LINE, "label": "numbr"}, "Did you mean number? It can be id, number, status, n"),
        ({"line": LINE, "label": ["number"]}, "It can be id, number"),
        ({"line": LINE, "label": "customer"}, "It can be id, number"),
        ({"line": LINE, "label": "tags"}, "It can be id, number"),
        ({"line": "a b:json", "label": "b"}, "It can be id."),
        ({"line": LINE, "board": "number"}, "It can be status."),
        ({"line": LINE, "board": ""}, "It can be status."),
        ({"line": "a b:str", "board": "b"}, "Leave the board out: there is no field of the type"),
        ({"line": LINE, "sort": "notes"}, "It can be id, number, status, customer_id, created_at"),
        ({"line": LINE, "sort": "tags"}, 'sort "tags", which is no field that can be the sort'),
        ({"line": LINE, "sort": "--id"}, 'sort "-id"'),
        ({"line": LINE, "sort": "-"}, 'sort ""'),
        ({"line": LINE, "sort": 7}, 'sort "7"'),
        ({"line": LINE, "sample": ""}, "is no list of rows"),
        ({"line": LINE, "sample": {"number": "1"}}, "is no list of rows"),
        ({"line": LINE, "sample": ["number"]}, "is no list of rows"),
        ({"line": LINE, "sample": [{"number": 7}]}, "Row 1 of the sample of"),
        ({"line": LINE, "sample": [{"number": {"a": "b"}}]}, "a value that is no text"),
        ({"line": LINE, "sample": [{}, {"tags": [["1"]]}]}, "Row 2 of the sample of"),
        ({"line": LINE, "sample": [{7: "x"}]}, "Put quotes around it"),
        ({"line": LINE, "sample": [{}] * (MOST_ROWS + 1)}, "has 101 rows. Give at most 100."),
    ],
)
def test_an_entry_that_cannot_be_is_refused(entry: object, why: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        parse_entry(entry)

    assert why in str(caught.value)
    assert caught.value.field == "resources"
