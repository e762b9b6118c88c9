"""Refusals: whose line it is, and which word may have been meant."""

import pytest

from starlette_new.errors import UsageProblem
from starlette_new.refusals import LineProblem, blaming, check_once, suggest, wrong


def test_a_problem_is_blamed_on_a_line() -> None:
    with pytest.raises(LineProblem) as caught, blaming("task a:x"):
        raise wrong("It is wrong.", "Mend it.")

    assert str(caught.value) == "It is wrong. Mend it."
    assert (caught.value.line, caught.value.field) == ("task a:x", "resources")


def test_a_bug_is_blamed_on_nobody() -> None:
    with pytest.raises(ZeroDivisionError), blaming("task a:x"):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("given", "hint"), [("titel", "Did you mean title? "), ("xyz", ""), ("", "")]
)
def test_the_nearest_word_is_suggested(given: str, hint: str) -> None:
    assert suggest(given, ("title", "done")) == hint


def test_a_name_that_is_there_twice_is_told() -> None:
    check_once(["a", "b"], "There are two")

    with pytest.raises(UsageProblem, match='There are two "b"'):
        check_once(["a", "b", "b"], "There are two")
