"""The kinds of values in the single layout: only those that are used, each with its imports."""

import re
from collections.abc import Sequence

import pytest

from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.language import Resource, parse_resource
from starlette_new.templates import find_templates
from starlette_new.view_single_values import (
    KINDS,
    has_clock,
    list_decimals,
    list_imports,
    list_kinds,
    write_body_line,
    write_detail,
)


def _parse(*lines: str) -> list[Resource]:
    return [parse_resource(line) for line in lines]


def _make(lines: Sequence[str]) -> Blueprint:
    return make_blueprint({"name": "demo", "layout": "single", "resources": lines})


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("task a:str b:text c:bool d:float e:enum(x,y)", []),
        ("task a:int", ["read_whole", "Int"]),
        ("task a:ref(task)?", ["read_whole", "Id"]),
        ("task a:decimal(3,1)", ["read_as", "Decimals"]),
        ("task a:date=today b:time", ["read_as", "Date", "Time", "today"]),
        ("task a:datetime=now b:time=now", ["read_as", "DateTime", "Time", "now", "time_now"]),
        ("task a:uuid b:email c:url", ["read_as", "Uuid", "Email", "Url"]),
        ("task a:color b:json", ["Color", "Json"]),
    ],
)
def test_only_the_kinds_that_are_used_are_written(line: str, kinds: list[str]) -> None:
    assert list_kinds(_parse(line)) == [*kinds, "PageQuery"]
    assert list_kinds([]) == []


@pytest.mark.parametrize("layout_lines", [[], ["task a:uuid b:json c:enum(x,y)"], ["task a:bool"]])
def test_nothing_is_imported_twice(layout_lines: list[str]) -> None:
    imports = list_imports(_make(layout_lines))

    assert len(set(imports)) == len(imports)
    assert ("from typing import Literal" in imports) == ("enum" in str(layout_lines))
    assert ("from uuid import UUID" in imports) == ("uuid" in str(layout_lines))
    assert ("from sqlite3 import PARSE_DECLTYPES" in imports) == bool(layout_lines)


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("a:str(20)", "a: Annotated[Text, Field(max_length=20)]"),
        ("a:text?", "a: Annotated[Text, Field(max_length=20_000)] | None = None"),
        ("a:int=3", "a: Int = 3"),
        ("a:bool?=true", "a: bool | None = True"),
        ("a:decimal(10,2)=1", 'a: Decimal10_2 = "1.00"'),
        ("a:date=2026-01-31", 'a: Date = "2026-01-31"'),
        ("a:datetime=now", "a: DateTime = Field(default_factory=now)"),
        ("a:enum(x,y)", 'a: Literal["x", "y"]'),
        ("a:ref(task)", "a_id: Id"),
        ("json:json", 'json_: Annotated[Json, Field(alias="json")]'),
    ],
)
def test_a_body_says_what_a_field_may_be(field: str, line: str) -> None:
    (task,) = _parse(f"task {field}")

    assert write_body_line(task.fields[0]) == line


def test_a_kind_of_decimals_is_written_once_for_each_size() -> None:
    kinds = list_decimals(
        _parse("a x:decimal(10,2) y:decimal(3,0)", "b x:decimal(10,2) y:decimal(4,4)")
    )

    assert [kind["name"] for kind in kinds] == ["Decimal3_0", "Decimal4_4", "Decimal10_2"]
    assert [bool(re.fullmatch(kind["form"], "0.5")) for kind in kinds] == [False, True, True]


def test_only_the_clock_knows_some_defaults() -> None:
    (task,) = _parse("task a:date=today b:date=2026-01-31 c:date")

    assert [has_clock(field) for field in task.fields] == [True, False, False]


def test_our_own_checks_tell_what_is_wrong_without_a_prefix() -> None:
    assert "removeprefix" in write_detail(_parse("task a:date"))
    assert "removeprefix" not in write_detail(_parse("task a:int"))


def test_every_kind_is_a_file_of_the_template() -> None:
    files = {path.stem for path in (find_templates() / "single" / "kinds").glob("*.py")}

    assert files == KINDS.keys()
