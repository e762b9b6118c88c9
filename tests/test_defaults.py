"""Defaults: what a text is read as, and how the value is written in each language."""

import ast

import pytest

from starlette_new.defaults import Default, make_source, make_value, quote_sql, read_none
from starlette_new.fields import FORMS, TYPES

_UUID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(
    ("form", "text", "python", "wire", "column", "sql"),
    [
        ("str", "it's", '"it\'s"', '"it\'s"', '"it\'s"', "'it''s'"),
        ("int", "-03", "-3", "-3", 'sa.text("-3")', "-3"),
        ("int", "-0", "0", "0", 'sa.text("0")', "0"),
        ("float", "7", "7.0", "7.0", 'sa.text("7.0")', "7.0"),
        ("float", "-0", "0.0", "0.0", 'sa.text("0.0")', "0.0"),
        ("float", "1e300", "1e+300", "1e+300", 'sa.text("1e+300")', "1e+300"),
        ("bool", "true", "True", "True", "sa.true()", "TRUE"),
        ("bool", "false", "False", "False", "sa.false()", "FALSE"),
        ("decimal(10,2)", "7.5", 'Decimal("7.50")', '"7.50"', 'sa.text("750")', "750"),
        ("decimal(10,2)", "-0", 'Decimal("0.00")', '"0.00"', 'sa.text("0")', "0"),
        ("date", "2026-01-31", "dt.date(2026, 1, 31)", *('"2026-01-31"',) * 2, "'2026-01-31'"),
        (
            "date",
            "today",
            "Field(default_factory=today)",
            "",
            "sa.func.current_date()",
            "CURRENT_DATE",
        ),
        (
            "datetime",
            "2026-01-31 12:00:00.9+02:00",
            "dt.datetime(2026, 1, 31, 10, 0, 0, tzinfo=dt.UTC)",
            '"2026-01-31T10:00:00Z"',
            '"2026-01-31 10:00:00.000000"',
            "'2026-01-31 10:00:00.000000'",
        ),
        (
            "datetime",
            "0007-01-01T00:00:00Z",
            "dt.datetime(7, 1, 1, 0, 0, 0, tzinfo=dt.UTC)",
            '"0007-01-01T00:00:00Z"',
            '"0007-01-01 00:00:00.000000"',
            "'0007-01-01 00:00:00.000000'",
        ),
        (
            "datetime",
            "now",
            "Field(default_factory=now)",
            "",
            "sa.func.current_timestamp()",
            "CURRENT_TIMESTAMP",
        ),
        (
            "time",
            "09:30",
            "dt.time(9, 30, 0)",
            '"09:30:00"',
            '"09:30:00.000000"',
            "'09:30:00.000000'",
        ),
        (
            "time",
            "now",
            "Field(default_factory=time_now)",
            "",
            "sa.func.current_time()",
            "CURRENT_TIME",
        ),
        (
            "uuid",
            _UUID.upper(),
            f'UUID("{_UUID}")',
            f'"{_UUID}"',
            f'"{_UUID.replace("-", "")}"',
            f"'{_UUID.replace('-', '')}'",
        ),
        (
            "json",
            '{"a": "b"}',
            '{"a": "b"}',
            '{"a": "b"}',
            '"{\\"a\\": \\"b\\"}"',
            '\'{"a": "b"}\'',
        ),
        ("enum(new,paid)", "paid", '"paid"', '"paid"', '"paid"', "'paid'"),
        ("color", "#1A2b3c", '"#1A2b3c"', '"#1A2b3c"', '"#1A2b3c"', "'#1A2b3c'"),
    ],
)
def test_a_default_is_written_in_every_language(
    form: str, text: str, python: str, wire: str, column: str, sql: str
) -> None:
    assert FORMS[form].parse(text) == Default(python, wire, column, sql)


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("str", "x", "x"),
        ("str", "😀 K\u2028", "😀 K\u2028"),
        ("str(20)", "x" * 20, "x" * 20),
        ("text", "x" * 20_000, "x" * 20_000),
        ("text", "a\nb", "a\nb"),
        ("text", "true", "true"),
        ("int", "-9223372036854775808", -(2**63)),
        ("int", "9223372036854775807", 2**63 - 1),
        ("float", "-1.5e-3", -0.0015),
        ("decimal(10,2)", "99999999.99", "99999999.99"),
        ("date", "0001-01-01", "0001-01-01"),
        ("date", "9999-12-31", "9999-12-31"),
        ("time", "23:59:59", "23:59:59"),
        ("json", "[1, 2.5, null, true, {}]", [1, 2.5, None, True, {}]),
        ("json", '"NaN"', "NaN"),
        ("json", "[" * 20 + "]" * 20, [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]),
    ],
)
def test_a_default_is_read_as_its_type(form: str, text: str, value: object) -> None:
    assert ast.literal_eval(FORMS[form].parse(text).wire) == value


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("str", "", "a text of 1 to 200 characters"),
        ("str", "x" * 201, "a text of 1 to 200 characters"),
        ("text", "x" * 20_001, "a text of 1 to 20,000 characters"),
        ("text", "a\0", "a text of 1 to 20,000 characters"),
        ("text", "\ud800", "a text of 1 to 20,000 characters"),
        ("int", "", "a whole number"),
        ("int", "1.5", "a whole number"),
        ("int", "+1", "a whole number"),
        ("int", "1_000", "a whole number"),
        ("int", "\u0663", "a whole number"),
        ("int", "1\n", "a whole number"),
        ("int", "9223372036854775808", "a whole number"),
        ("int", "-9223372036854775809", "a whole number"),
        ("float", "", "a number such as 1.5"),
        ("float", "nan", "a number such as 1.5"),
        ("float", ".5", "a number such as 1.5"),
        ("float", "1e400", "a number that is not infinite"),
        ("decimal(10,2)", "1.234", "at most 8 digits, and 2 after the point"),
        ("decimal(10,2)", "123456789", "at most 8 digits, and 2 after the point"),
        ("decimal(10,2)", "1e1", "at most 8 digits, and 2 after the point"),
        ("bool", "True", "true or false"),
        ("bool", "1", "true or false"),
        ("date", "now", "today, or a date"),
        ("date", "2026-02-30", "today, or a date"),
        ("datetime", "today", "now, or a moment with its offset"),
        ("datetime", "2026-01-31", "now, or a moment with its offset"),
        ("datetime", "2026-01-31T12:00:00", "now, or a moment with its offset"),
        ("datetime", "0001-01-01T00:00:00+01:00", "now, or a moment with its offset"),
        ("time", "24:00", "now, or a time"),
        ("time", "12", "now, or a time"),
        ("time", "12:00:00.5", "now, or a time"),
        ("uuid", "x", "a UUID such as"),
        ("uuid", _UUID.replace("-", ""), "a UUID such as"),
        ("json", "", "JSON of at most 20 levels"),
        ("json", "null", "JSON of at most 20 levels"),
        ("json", "{a: 1}", "JSON of at most 20 levels"),
        ("json", "NaN", "JSON of at most 20 levels"),
        ("json", "[1e999]", "JSON of at most 20 levels"),
        ("json", "9223372036854775808", "JSON of at most 20 levels"),
        ("json", '{"a": "\\u0000"}', "JSON of at most 20 levels"),
        ("json", '{"\\ud800": 1}', "JSON of at most 20 levels"),
        ("json", "[" * 21 + "]" * 21, "JSON of at most 20 levels"),
        ("json", "[" * 100_000, "JSON of at most 20 levels"),
        ("email", "a@b", "an e-mail address"),
        ("url", "x", "an address that begins with http"),
        ("color", "#fff", "a color such as #1a2b3c"),
        ("enum(new,paid)", "sent", "one of new, paid"),
        ("ref", "1", "a reference has no default"),
        ("many(label)", "[]", "a reference has no default"),
    ],
)
def test_a_default_of_another_type_is_refused(form: str, text: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        FORMS[form].parse(text)


def test_a_decimal_without_places_has_no_point() -> None:
    parse = TYPES["decimal"](("3", "0")).parse

    assert parse("-12").wire == '"-12"'
    with pytest.raises(ValueError, match="at most 3 digits, and 0 after the point"):
        parse("1.0")


def test_a_decimal_that_is_all_places_begins_with_nought() -> None:
    parse = TYPES["decimal"](("2", "2")).parse

    assert parse("-0.75").column == 'sa.text("-75")'
    with pytest.raises(ValueError, match="at most 0 digits, and 2 after the point"):
        parse("1.5")


def test_no_default_is_none() -> None:
    with pytest.raises(ValueError, match="none at all"):
        read_none("x")


@pytest.mark.parametrize("text", ["x", 'say "é"\\', "a'b", "😀", "\u212a\u0430", "\x7f\x85\n"])
def test_a_text_survives_as_source(text: str) -> None:
    source = make_source(text)

    assert ast.literal_eval(source) == text
    assert all(ord(character) < 256 and character.isprintable() for character in source)


@pytest.mark.parametrize("value", [{"a": ["é", "😀", 1, -2.5, True, None]}, [], {}, "x", 0])
def test_a_value_survives_as_source(value: object) -> None:
    assert ast.literal_eval(make_value(value)) == value


def test_a_quote_is_doubled_in_sql() -> None:
    assert quote_sql("a'b\"") == "'a''b\"'"
