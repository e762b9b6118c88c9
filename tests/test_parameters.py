"""Parameters of lists: named like the fields they ask for, and never like one another."""

import pytest

from starlette_new.language import parse_resource
from starlette_new.parameters import list_sorts, name_parameters

STAMPS = {"created_at": "created_at", "updated_at": "updated_at"}


@pytest.mark.parametrize(
    ("line", "equal", "ranges"),
    [
        ("task title:str done:bool", {"title": "title", "done": "done"}, {}),
        ("task rank:int", {"rank": "rank"}, {"rank": "rank"}),
        ("task extra:json labels:many(label)", {"label_ids": "label_ids"}, {}),
        ("task project:ref", {"project_id": "project_id"}, {}),
        ("task limit:int", {"limit": "limit_"}, {"limit": "limit"}),
        ("task q:str sort:str cursor:str", {"q": "q_", "sort": "sort_", "cursor": "cursor_"}, {}),
        ("task created_at_min:date", {"created_at_min": "created_at_min_"}, None),
        ("task a:int a_min:str", {"a": "a", "a_min": "a_min"}, {"a": "a_"}),
        ("task a_max:str a:int", {"a_max": "a_max", "a": "a"}, {"a": "a_"}),
    ],
)
def test_a_parameter_is_named_like_its_field(
    line: str, equal: dict[str, str], ranges: dict[str, str] | None
) -> None:
    names, beginnings = name_parameters(parse_resource(line))

    assert names == equal
    if ranges is not None:
        assert beginnings == ranges | STAMPS


@pytest.mark.parametrize(
    "line",
    [
        "task limit:int limit_min:int limit_max:int limit_min_min:date",
        "task created_at_min:datetime created_at_max:datetime updated_at_min:time",
        "task a:int a_min:int a_min_max:int a_max:int q:str q_min:float",
    ],
)
def test_no_two_parameters_share_a_name(line: str) -> None:
    equal, ranges = name_parameters(parse_resource(line))

    all_names = [*equal.values(), "limit", "cursor", "sort", "q"]
    all_names += [name + end for name in ranges.values() for end in ("_min", "_max")]
    assert len(set(all_names)) == len(all_names)


def test_a_list_is_sorted_by_columns_that_have_an_order() -> None:
    sorts = list_sorts(parse_resource("task a:str b:text c:json d:int e:ref f:many(e) g:url"))

    assert sorts == ["id", "a", "d", "e_id", "created_at", "updated_at"]
