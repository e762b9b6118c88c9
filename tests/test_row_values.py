"""Values as SQLite has them: what PostgreSQL is given, and what is refused with its reason."""

import json
from uuid import UUID

import pytest

from starlette_new.row_values import Json, Kind, find_kind

HEX = "0123456789abcdef0123456789abcdef"


def find(kind: str, stored: str = "") -> Kind:
    found = find_kind(kind, stored, Json())
    assert found
    return found


@pytest.mark.parametrize(
    ("kind", "stored", "value", "written", "given_back"),
    [
        ("bigint", "BIGINT", -(2**63), str(-(2**63)), str(-(2**63))),
        ("integer", "INTEGER", 2**31 - 1, "2147483647", "2147483647"),
        ("smallint", "SMALLINT", 5, "5", "5"),
        ("double precision", "DOUBLE", 1e300, "1e+300", "1e+300"),
        ("double precision", "DOUBLE", 0.1, "0.1", "0.1"),
        ("double precision", "DOUBLE", 7.0, "7.0", "7"),
        ("numeric(10,2)", "BIGINT", 150, "1.50", "1.50"),
        ("numeric(10,2)", "BIGINT", -5, "-0.05", "-0.05"),
        ("numeric(18,6)", "BIGINT", 10**18 - 1, "999999999999.999999", "999999999999.999999"),
        ("numeric(3,0)", "BIGINT", -7, "-7", "-7"),
        ("numeric(10,2)", "NUMERIC(10, 2)", 1.5, "1.5", "1.50"),
        ("numeric(10,2)", "NUMERIC(10, 2)", 100, "100", "100.00"),
        ("boolean", "BOOLEAN", 1, "t", "t"),
        ("boolean", "BOOLEAN", 0, "f", "f"),
        ("date", "DATE", "0001-01-01", "0001-01-01", "0001-01-01"),
        ("time without time zone", "TIME", "12:00:00.000000", "12:00:00", "12:00:00"),
        ("time without time zone", "TIME", "23:59:59.500000", "23:59:59.500000", "23:59:59.5"),
        (
            "timestamp with time zone",
            "DATETIME",
            "2026-01-31 12:00:00.000000",
            "2026-01-31 12:00:00+00",
            "2026-01-31 12:00:00+00",
        ),
        (
            "timestamp with time zone",
            "DATETIME",
            "9999-12-31 23:59:59.999990",
            "9999-12-31 23:59:59.999990+00",
            "9999-12-31 23:59:59.99999+00",
        ),
        (
            "timestamp without time zone",
            "DATETIME",
            "2026-01-31T12:00",
            "2026-01-31 12:00:00",
            "2026-01-31 12:00:00",
        ),
        ("uuid", "CHAR(32)", HEX, HEX, str(UUID(HEX))),
        ("text", "TEXT", "a\n\\é", "a\n\\é", "a\n\\é"),
        ("character varying(3)", "VARCHAR(3)", "äöü", "äöü", "äöü"),
        ("bytea", "BLOB", b"\x00\xff", r"\x00ff", r"\x00ff"),
        ("jsonb", "JSON", '{"b": 1e300, "a": [1.50, true]}', '{"b": 1e+300, "a": [1.5, true]}',
         '{"a": [1.5, true], "b": 1' + "0" * 300 + "}"),
        ("jsonb", "JSON", "1e16", "1e+16", "10000000000000000"),
        ("jsonb", "JSON", "-0.0", "-0.0", "0.0"),
        ("jsonb", "JSON", str(2**70), str(2**70), str(2**70)),
        ("jsonb", "JSON", "9007199254740993", "9007199254740993", "9007199254740993"),
        ("jsonb", "JSON", r'"\ud83d\ude00"', r'"\ud83d\ude00"', '"😀"'),
        ("json", "JSON", "null", "null", "null"),
        ("jsonb", "JSON", 5, "5", "5"),
        ("jsonb", "JSON", 1e300, "1e+300", "1" + "0" * 300),
    ],
)  # fmt: skip
def test_a_value_is_written_and_compared_in_one_form(
    kind: str, stored: str, value: object, written: str, given_back: str
) -> None:
    found = find(kind, stored)

    assert found.write(value) == written
    assert found.read(given_back) == found.show(value)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("bigint", 1, "2"),
        ("double precision", 0.1, "0.10000000000000002"),
        ("boolean", 1, "f"),
        ("timestamp with time zone", "2026-01-31 12:00:00", "2026-01-31 12:00:00.1+00"),
        ("jsonb", '{"a": 1}', '{"a": true}'),
        ("jsonb", "[1]", "[1.5]"),
        ("jsonb", "9007199254740993", "9007199254740992"),
        ("text", "a ", "a"),
    ],
)
def test_what_differs_is_not_the_same(kind: str, one: object, other: str) -> None:
    assert find(kind).show(one) != find(kind).read(other)


@pytest.mark.parametrize(
    ("kind", "stored", "value", "why"),
    [
        ("bigint", "BIGINT", "x", "is no whole number of 64 bits"),
        ("integer", "INTEGER", 2**31, "is no whole number of 32 bits"),
        ("double precision", "DOUBLE", "x", "is no number"),
        ("numeric(4,2)", "BIGINT", 10**4, "is no decimal of 4 digits"),
        ("numeric(4,2)", "BIGINT", 1.5, "is no decimal of 4 digits"),
        ("numeric(4,2)", "NUMERIC", "x", "is no decimal"),
        ("boolean", "BOOLEAN", 2, "is no 0 or 1"),
        ("boolean", "BOOLEAN", "yes", "is no 0 or 1"),
        ("date", "DATE", "31.1.2026", "is no date"),
        ("time without time zone", "TIME", "noon", "is no time"),
        ("timestamp with time zone", "DATETIME", "now", "is no moment"),
        (
            "timestamp with time zone",
            "DATETIME",
            "2026-01-31 12:00:00+02:00",
            "is a moment with an offset",
        ),
        ("uuid", "CHAR(32)", "0", "is no UUID"),
        ("text", "TEXT", b"x", "is no text"),
        ("text", "TEXT", "a\0b", "has a NUL, which PostgreSQL keeps in no text"),
        ("character varying(2)", "VARCHAR(2)", "abc", "is longer than 2 characters"),
        ("bytea", "BLOB", "x", "is no row of bytes"),
        ("jsonb", "JSON", b"1\xff", "is no JSON that PostgreSQL can keep"),
        ("jsonb", "JSON", "{", "is no JSON that PostgreSQL can keep"),
        ("jsonb", "JSON", "NaN", "is no JSON that PostgreSQL can keep"),
        ("jsonb", "JSON", r'{"a": "\ud800"}', "is no JSON that PostgreSQL can keep"),
        ("jsonb", "JSON", "1" * 400, "is no JSON that PostgreSQL can keep"),
        ("jsonb", "JSON", "[" * 5000 + "]" * 5000, "is no JSON that PostgreSQL can keep"),
        ("jsonb", "JSON", float("inf"), "is no JSON that PostgreSQL can keep"),
    ],
)
def test_what_cannot_be_kept_says_why(kind: str, stored: str, value: object, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        find(kind, stored).write(value)


@pytest.mark.parametrize("kind", ["interval", "numeric", "real", "character(3)", "integer[]"])
def test_a_type_that_nobody_here_knows_is_not_guessed(kind: str) -> None:
    assert find_kind(kind, "TEXT", Json()) is None


def test_json_is_written_and_read_as_the_project_does() -> None:
    dialect = Json(lambda value: json.dumps({"kept": value}), lambda data: json.loads(data)["kept"])
    found = find_kind("jsonb", "JSON", dialect)
    assert found

    assert found.write("[1]") == '{"kept": [1]}'
    assert found.read('{"kept": [1.0]}') == found.show("[1]")
