"""Combinations of answers: every pair is there, in few rows, and always in the same."""

from dataclasses import replace

import pytest

from starlette_new.cases import make_space
from starlette_new.combinations import (
    Pair,
    Row,
    Space,
    cover_pairs,
    draw,
    list_all,
    list_pairs,
    list_wanted,
)

SMALL = Space({"a": ("1", "2"), "b": ("1", "2", "3"), "c": ("1", "2")})
ODD = replace(SMALL, excluded=frozenset([frozenset([("a", "1"), ("b", "3")])]))


def _list_covered(rows: list[Row]) -> set[Pair]:
    alone = {frozenset([answer]) for row in rows for answer in row.items()}
    return alone | {pair for row in rows for pair in list_pairs(row)}


@pytest.mark.parametrize("space", [SMALL, ODD, make_space()], ids=["small", "odd", "ours"])
def test_every_pair_of_answers_that_can_be_is_there(space: Space) -> None:
    rows = cover_pairs(space)

    assert list_wanted(space) <= _list_covered(rows)
    assert all(space.allows(row) and row.keys() == space.values.keys() for row in rows)
    assert rows == cover_pairs(space)


def test_the_pairs_are_those_of_all_combinations() -> None:
    assert list_wanted(ODD) == {pair for row in list_all(ODD) for pair in list_pairs(row)}
    assert len(list_wanted(SMALL)) == 16


def test_a_question_that_is_asked_for_once_needs_no_pairs() -> None:
    once = replace(SMALL, once=frozenset("b"))

    rows = cover_pairs(once)

    assert len(rows) == 4
    assert {row["b"] for row in rows} == {"1", "2", "3"}
    assert len(cover_pairs(SMALL)) == 6


def test_a_question_that_is_the_only_one_has_all_its_answers() -> None:
    rows = cover_pairs(Space({"a": ("1", "2", "3")}))

    assert sorted(row["a"] for row in rows) == ["1", "2", "3"]


FEW = len(cover_pairs(make_space()))


@pytest.mark.parametrize("question", make_space().values)
def test_another_answer_makes_the_set_little_larger(question: str) -> None:
    space = make_space()
    more = replace(space, values={**space.values, question: (*space.values[question], "another")})

    assert len(cover_pairs(more)) < 1.15 * FEW


def test_another_question_makes_the_set_little_larger() -> None:
    space = make_space()
    more = replace(space, values={**space.values, "with_more": ("false", "true")})

    assert len(cover_pairs(more)) < 1.15 * FEW


def test_all_combinations_are_all_but_those_that_are_excluded() -> None:
    assert len(list(list_all(SMALL))) == SMALL.size == 12
    assert len(list(list_all(ODD))) == 10


def test_a_part_has_only_what_goes_with_the_answers_that_are_given() -> None:
    part = ODD.restrict({"b": ("3",)})

    assert part.values == {"a": ("2",), "b": ("3",), "c": ("1", "2")}
    assert ODD.restrict({"a": ("1",), "b": ("3",)}).values["b"] == ()
    assert ODD.restrict({"b": ("1", "3")}).values["b"] == ("1", "3")
    assert len(cover_pairs(part)) == 2


@pytest.mark.parametrize("number", [1, 5, 12, 100])
def test_what_is_drawn_by_chance_is_different_and_repeats_with_its_seed(number: int) -> None:
    rows = draw(ODD, number, seed=1)

    assert len({frozenset(row.items()) for row in rows}) == min(number, 10) == len(rows)
    assert rows == draw(ODD, number, seed=1)
    assert all(map(ODD.allows, rows))


def test_a_few_are_drawn_of_more_than_could_be_listed() -> None:
    huge = Space({f"q{n}": ("false", "true") for n in range(60)})

    rows = draw(huge, 20, seed=3)

    assert len({frozenset(row.items()) for row in rows}) == 20
    assert rows == draw(huge, 20, seed=3) != draw(huge, 20, seed=4)
