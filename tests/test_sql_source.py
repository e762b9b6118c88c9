"""SQL in the files of a project: names that are free when they are given, and texts that fit."""

import ast

import pytest

from starlette_new.sql_source import make_free, order_moves, write_execute


@pytest.mark.parametrize(
    ("moves", "taken", "ordered"),
    [
        ({"a": "b"}, {"a"}, [("a", "b")]),
        ({"a": "b", "b": "c"}, {"a", "b"}, [("b", "c"), ("a", "b")]),
        (
            {"a": "b", "b": "a"},
            {"a", "b"},
            [("a", "moved_a"), ("b", "a"), ("moved_a", "b")],
        ),
        (
            {"a": "b", "b": "a"},
            {"a", "b", "moved_a"},
            [("a", "moved_a_"), ("b", "a"), ("moved_a_", "b")],
        ),
    ],
)
def test_names_change_when_the_new_one_is_free(
    moves: dict[str, str], taken: set[str], ordered: list[tuple[str, str]]
) -> None:
    assert order_moves(moves, taken) == ordered


def test_a_free_name_is_near_the_wanted_one() -> None:
    assert make_free("old_a", {"old_a", "old_a_"}) == "old_a__"


def test_sql_is_source_in_parts_that_fit_on_a_line() -> None:
    sql = " || ".join(['"it"', "'it''s :x'"] * 20)

    source = write_execute(sql)

    assert ast.literal_eval(source.removeprefix("op.execute")) == sql.replace(":", r"\:")
    assert all(len(line) < 100 for line in source.replace('" "', '"\n"').splitlines())
