"""How the values of a column become those of another type, as SQLite carries it out."""

import sqlite3

import pytest

from starlette_new.conversions import SAME, Conversion, convert
from starlette_new.language import Field, parse_resource

UUID = "0123abcd-0123-4567-89ab-0123456789ab"
HEX = UUID.replace("-", "")


def read_field(words: str) -> Field:
    return parse_resource(f"task a:{words}").fields[0]


def find(old: str, new: str) -> Conversion | None:
    return convert(read_field(old), read_field(new))


def compute(sql: str, value: object) -> object:
    """Compute what SQL makes of a value."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE rows (x)")
    db.execute("INSERT INTO rows VALUES (?)", (value,))
    found = db.execute(f"SELECT {sql.replace(SAME, 'x')} FROM rows").fetchone()[0]  # noqa: S608
    db.close()
    return found


@pytest.mark.parametrize(
    ("old", "new", "value", "kept"),
    [
        ("int", "float", 2**53, 2.0**53),
        ("int", "str", -(2**63), "-9223372036854775808"),
        ("int", "decimal(10,2)", -3, -300),
        ("int", "bool", 1, 1),
        ("int", "enum(1,2)", 2, "2"),
        ("float", "int", -7.0, -7),
        ("float", "decimal(10,2)", 1.15, 115),
        ("float", "str", 0.1, "0.1"),
        ("float", "str", 0.1 + 0.2, "0.30000000000000004"),
        ("float", "bool", 1.0, 1),
        ("decimal(10,2)", "str", -5, "-0.05"),
        ("decimal(10,2)", "str", 12345, "123.45"),
        ("decimal(4,0)", "str", -12, "-12"),
        ("decimal(10,2)", "decimal(12,4)", -5, -500),
        ("decimal(10,2)", "decimal(8,1)", -50, -5),
        ("decimal(10,2)", "decimal(12,2)", 5, 5),
        ("decimal(10,2)", "float", -5, -0.05),
        ("decimal(10,2)", "int", -500, -5),
        ("decimal(4,0)", "int", 7, 7),
        ("decimal(10,2)", "bool", 100, 1),
        ("bool", "int", 1, 1),
        ("bool", "float", 1, 1.0),
        ("bool", "decimal(4,2)", 1, 100),
        ("bool", "str", 0, "false"),
        ("date", "str", "2026-01-31", "2026-01-31"),
        ("date", "datetime", "2026-01-31", "2026-01-31 00:00:00.000000"),
        ("datetime", "date", "2026-01-31 00:00:00.000000", "2026-01-31"),
        ("datetime", "date", "2026-01-31 00:00:00", "2026-01-31"),
        ("datetime", "str", "2026-01-31 12:00:00.000000", "2026-01-31T12:00:00Z"),
        ("datetime", "str", "2026-01-31 12:00:00", "2026-01-31T12:00:00Z"),
        ("datetime", "str", "2026-01-31 12:00:00.120000", "2026-01-31T12:00:00.120000Z"),
        ("time", "str", "12:00:00.500000", "12:00:00.500000"),
        ("time", "str", "12:00:00", "12:00:00"),
        ("uuid", "str", HEX, UUID),
        ("json", "text", '{"a": 1}', '{"a": 1}'),
        ("json", "text", 5, "5"),
        ("str", "int", "-9223372036854775808", -(2**63)),
        ("str", "float", "-1.5e300", -1.5e300),
        ("str", "decimal(10,2)", "-0.05", -5),
        ("str", "decimal(10,2)", "1.5", 150),
        ("str", "decimal(10,2)", "12345678", 1234567800),
        ("str", "decimal(2,2)", "0.75", 75),
        ("str", "decimal(4,0)", "12", 12),
        ("str", "bool", "true", 1),
        ("str", "bool", "false", 0),
        ("str", "date", "2024-02-29", "2024-02-29"),
        ("str", "datetime", "2026-01-31T12:00:00Z", "2026-01-31 12:00:00.000000"),
        ("str", "datetime", "2026-01-31T12:00:59.999999Z", "2026-01-31 12:00:59.999999"),
        ("str", "datetime", "2026-01-31T12:00:00.5Z", "2026-01-31 12:00:00.500000"),
        ("str", "time", "12:30", "12:30:00.000000"),
        ("str", "time", "12:30:15", "12:30:15.000000"),
        ("str", "time", "12:30:15.25", "12:30:15.250000"),
        ("str", "uuid", UUID.upper(), HEX),
        ("str", "json", "[1]", "[1]"),
        ("text", "str(3)", "abc", "abc"),
        ("str(3)", "text", "abc", "abc"),
        ("enum(a,b)", "str", "a", "a"),
        ("str", "email", "a@b.example", "a@b.example"),
        ("str", "url", "http://a.example", "http://a.example"),
        ("str", "color", "#1a2b3c", "#1a2b3c"),
        ("email", "text", "a@b.example", "a@b.example"),
        ("str", "enum(a,b)", "b", "b"),
        ("enum(a,b)", "enum(a,b,c)", "b", "b"),
        ("enum(a,b)", "enum(a,c)=c", "b", "c"),
        ("enum(a,b)", "enum(a,c)=c", "a", "a"),
        ("ref(task)", "ref(task)", 5, 5),
    ],
)
def test_a_value_is_kept_in_the_form_of_the_new_type(
    old: str, new: str, value: object, kept: object
) -> None:
    way = find(old, new)

    assert way is not None
    found = compute(way.value, value)
    assert (found, type(found)) == (kept, type(kept))
    assert not way.bad or not compute(way.bad, value)
    assert compute(way.value, None) is None
    assert not way.bad or not compute(way.bad, None)


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        *(
            ("str", "int", text)
            for text in ("abc", "12x", "", "007", "+1", " 1", "1.0", str(2**63))
        ),
        *(("str", "float", text) for text in ("abc", "nan", "1e999", "-1e999", ".5", "1,5", "")),
        *(
            ("str", "decimal(4,2)", text)
            for text in ("1.505", "100", "1e1", "x", "1.", ".5", "1.5 ")
        ),
        *(("str", "decimal(2,2)", text) for text in ("1.0", "0.123")),
        *(("str", "bool", text) for text in ("True", "1", "yes", "")),
        *(("str", "date", text) for text in ("2026-02-29", "now", "2026-1-1", "0000-01-01", "")),
        *(("str", "date", text) for text in ("2026-01-31 ", "20260131", "2451545")),
        *(
            ("str", "datetime", f"2026-01-31{text}")
            for text in (
                *(
                    "T12:00:00",
                    "T12:00Z",
                    "",
                    "T24:00:00Z",
                    "T12:60:00Z",
                    "T12:00:00.Z",
                    "T1:00:00Z",
                ),
                *("T12:00:00.1234567Z", "T12:00:00ZZ", "T12:00:00.1ZZ", "T12:00:00+01:00"),
                *("T12:00:00 Z", "T12:00:00.1aZ", "x12:00:00Z"),
            )
        ),
        *(("str", "datetime", text) for text in ("2026-02-30T12:00:00Z", "0000-01-01T00:00:00Z")),
        *(
            ("str", "time", text)
            for text in ("24:00", "12:60", "1:00", "12", "12:00Z", "12:00:00.")
        ),
        *(("str", "time", text) for text in ("12:00:00.1234567", "12:00:00x", "12:00:0", "now")),
        *(("str", "uuid", text) for text in (HEX, UUID[:-1], f"{UUID}0", UUID.replace("a", "g"))),
        *(("str", "uuid", text) for text in ("0123abcd0-123-4567-89ab-0123456789ab", "")),
        *(("str", "json", text) for text in ("{", "null", "nan", "")),
        ("text", "str(3)", "abcd"),
        ("json", "text", '"' + "x" * 20_000 + '"'),
        ("str", "enum(a,b)", "c"),
        ("enum(a,b)", "enum(a,c)", "b"),
        *(("str", "email", text) for text in ("a", "a@b", "a@b@c.d", "a b@c.d", "@b.c")),
        *(("str", "url", text) for text in ("ftp://a", "http://", "https://a b", "a")),
        ("text", "url", "http://" + "a" * 2000),
        *(("str", "color", text) for text in ("#12345g", "#1234567", "123456")),
        *(("float", "int", number) for number in (1.5, 1e300, -1e300, 2.0**63)),
        *(("float", "decimal(4,2)", number) for number in (1.125, 100.0, 1e300)),
        *(("float", "bool", number) for number in (2.0, 0.5)),
        *(("int", "decimal(4,2)", number) for number in (100, -100, -(2**63))),
        *(("int", "float", number) for number in (2**53 + 1, 2**63 - 1, -(2**63))),
        ("int", "bool", 2),
        ("int", "str(3)", 1000),
        ("int", "enum(1,2)", 3),
        ("bool", "decimal(2,2)", 1),
        ("decimal(10,2)", "int", 150),
        ("decimal(10,2)", "decimal(10,1)", -155),
        ("decimal(10,2)", "decimal(4,2)", 10000),
        ("decimal(10,2)", "bool", 50),
        ("decimal(18,2)", "float", 999999999999999999),
        ("decimal(10,2)", "str(3)", 12345),
        ("datetime", "date", "2026-01-31 12:00:00.000000"),
        ("uuid", "str(3)", HEX),
    ],
)
def test_a_value_that_cannot_be_converted_is_found(old: str, new: str, value: object) -> None:
    way = find(old, new)

    assert way is not None
    assert compute(way.bad, value)
    assert way.wanted


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("json", "int"),
        ("int", "json"),
        ("int", "date"),
        ("int", "uuid"),
        ("date", "time"),
        ("date", "int"),
        ("uuid", "int"),
        ("datetime", "time"),
        ("ref(task)", "int"),
        ("int", "ref(task)"),
        ("many(task)", "ref(task)"),
        ("ref(task)", "many(task)"),
        ("many(task)", "many(task)"),
        ("str", "ref(task)"),
    ],
)
def test_between_some_types_there_is_no_way(old: str, new: str) -> None:
    assert find(old, new) is None
