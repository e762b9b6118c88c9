"""A file of resources: what its lines are, and where an error is."""

from pathlib import Path

import pytest

from starlette_new.answers import LARGEST
from starlette_new.errors import UsageProblem
from starlette_new.language import parse_resource
from starlette_new.refusals import LineProblem
from starlette_new.resource_lines import locating, read_lines

TEXT = "\ufeff# A shop\r\n\r\n  customer name:str\r\n\t# more\norder a:str='#'\n"


def test_lines_are_resources_but_for_comments_and_blank_ones(folder: Path) -> None:
    (folder / "shop.txt").write_bytes(TEXT.encode())

    assert read_lines("shop.txt") == {3: "customer name:str", 5: "order a:str='#'"}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# nothing"])
def test_a_file_may_have_no_resource(folder: Path, data: bytes) -> None:
    (folder / "shop.txt").write_bytes(data)

    assert read_lines("shop.txt") == {}


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("missing.txt", "cannot be read: .*No such file"),
        ("task title:str", "one alone is --resource SPEC"),
        (".", "cannot be read"),
        ("a\0b", "cannot be read"),
        ("binary.txt", "cannot be read: it is not UTF-8"),
        ("large.txt", "is larger than 1 MB"),
    ],
)
def test_a_file_that_holds_no_lines_is_refused(folder: Path, file: str, why: str) -> None:
    (folder / "binary.txt").write_bytes(b"\xff\xfe")
    (folder / "large.txt").write_bytes(b"#" * (LARGEST + 1))

    with pytest.raises(UsageProblem, match=why) as caught:
        read_lines(file)

    assert caught.value.field == "resources"


def test_a_problem_is_told_with_its_file_and_line() -> None:
    lines = {2: "task a:x", 3: "note a:str", 4: "task a:x"}

    with pytest.raises(UsageProblem) as caught, locating("shop.txt", lines):
        parse_resource(" task a:x ")

    assert str(caught.value).startswith('"shop.txt", line 4: The field "a:x" has a type')


def test_a_problem_of_another_line_is_left_as_it_is() -> None:
    with pytest.raises(LineProblem) as caught, locating("shop.txt", {2: "note a:str"}):
        parse_resource("task a:x")

    assert str(caught.value).startswith('The field "a:x"')
