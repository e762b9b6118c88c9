"""The table of field types: every row is whole, and says what Pydantic and SQLite then do."""

import ast

import pytest

from starlette_new.fields import TYPES, make_source


@pytest.mark.parametrize("row", TYPES.values(), ids=TYPES)
@pytest.mark.parametrize("part", ["python", "schema", "column", "sample", "kept", "refused"])
def test_what_a_row_holds_is_python_source(row: object, part: str) -> None:
    value = getattr(row, part)
    sources = [value] if isinstance(value, str) else value

    assert [ast.parse(source, mode="eval") for source in sources]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("str", "x", "x"),
        ("str", "x" * 60, "x" * 60),
        ("text", "true", "true"),
        ("int", "0", 0),
        ("int", "-9223372036854775808", -(2**63)),
        ("int", "9223372036854775807", 2**63 - 1),
        ("bool", "true", True),
        ("bool", "false", False),
    ],
)
def test_a_default_is_read_as_its_type(name: str, text: str, value: object) -> None:
    assert TYPES[name].parse(text) == value


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("str", "", "a text of 1 to 60 characters"),
        ("text", "x" * 61, "a text of 1 to 60 characters"),
        ("int", "", "a whole number"),
        ("int", "1.5", "a whole number"),
        ("int", "+1", "a whole number"),
        ("int", "1_000", "a whole number"),
        ("int", "\u0663", "a whole number"),
        ("int", "9223372036854775808", "a whole number"),
        ("int", "-9223372036854775809", "a whole number"),
        ("bool", "True", "true or false"),
        ("bool", "1", "true or false"),
    ],
)
def test_a_default_of_another_type_is_refused(name: str, text: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        TYPES[name].parse(text)


@pytest.mark.parametrize(
    ("name", "source", "server", "sql"),
    [
        ("str", '"it\'s"', '"it\'s"', "'it''s'"),
        ("int", "-3", 'sa.text("-3")', "-3"),
        ("bool", "True", "sa.true()", "TRUE"),
        ("bool", "False", "sa.false()", "FALSE"),
    ],
)
def test_a_default_is_written_for_the_database(
    name: str, source: str, server: str, sql: str
) -> None:
    assert TYPES[name].server_default(source) == server
    assert TYPES[name].sql_default(source) == sql


@pytest.mark.parametrize("value", ["x", 'say "é"\\', "a'b", 7, -1, True, None])
def test_a_value_survives_as_source(value: object) -> None:
    assert ast.literal_eval(make_source(value)) == value
