"""How the values of a column become those of another type, in the SQL of SQLite.

`{x}` stands for the value. SQLite reads 'abc' as 0 where a number is asked for, and says nothing:
what cannot be converted must be found before.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette_new.defaults import quote_sql
from starlette_new.field_types import LONGEST_TEXT, FieldType
from starlette_new.language import Field

TEXTS = ("str", "text", "email", "url", "color", "enum")
"""What the database keeps as the text that a client sent."""
NUMBERS = ("int", "float", "decimal", "bool")
SAME = "{x}"
Forms = Mapping[str, tuple[str, str]]
"""By type, what is true for a text that has not its form, and what the form is."""


@dataclass(frozen=True)
class Conversion:
    """One way from a type to another.

    value: the new value. bad: true for a value that cannot be converted; empty where all can.
    wanted: what a value must be, to end the sentence "... a value that is not".
    """

    value: str = SAME
    bad: str = ""
    wanted: str = ""


@dataclass(frozen=True)
class Ways:
    """How one engine converts: to a text, from a text, among numbers, and among moments."""

    write_text: Callable[[Field, Field], Conversion]
    read_text: Callable[[Field], Conversion | None]
    convert_number: Callable[[Field, Field], Conversion]
    moments: Mapping[tuple[str, str], Conversion]


def convert(old: Field, new: Field, ways: Ways | None = None) -> Conversion | None:
    """Find the way from a column's type to another; None where there is none.

    ways: the engine's own; if none are given, SQLite's.
    """
    ways = ways or SQLITE_WAYS
    if "many" in (old.type, new.type) or "ref" in (old.type, new.type):
        return Conversion() if old.type == new.type == "ref" else None
    if old.type == new.type and old.kind.column == new.kind.column and not new.kind.choices:
        return Conversion()
    if new.type in TEXTS:
        fits = old.type in TEXTS and _fits(old, new)
        return Conversion() if fits else ways.write_text(old, new)
    if old.type in TEXTS:
        return ways.read_text(new)
    if {old.type, new.type} <= set(NUMBERS):
        return ways.convert_number(old, new)
    return ways.moments.get((old.type, new.type))


def measure_decimal(kind: FieldType) -> tuple[int, int]:
    """Give the digits of a decimal, and how many of them follow the point."""
    digits, places = re.findall(r"\d+", kind.column)
    return int(digits), int(places)


def _write_text(old: Field, new: Field) -> Conversion:
    removed = ", ".join(map(quote_sql, list_removed(old, new)))
    if removed and new.default:
        return Conversion(f"CASE WHEN {{x}} IN ({removed}) THEN {new.default.sql} ELSE {{x}} END")
    value = _TO_TEXT.get(old.type, "CAST({x} AS TEXT)")
    if old.type == "decimal":
        value = write_decimal(measure_decimal(old.kind)[1])
    bad, wanted = check_text(old, new)
    return Conversion(value, bad.replace(SAME, value), wanted if bad else "")


def list_removed(old: Field, new: Field) -> tuple[str, ...]:
    """Give the values of an enum that it has no more."""
    kept = new.kind.choices
    return tuple(one for one in old.kind.choices if one not in kept) if kept else ()


def _fits(old: Field, new: Field) -> bool:
    """Tell whether every text of a type is one of another."""
    if new.kind.choices:
        return bool(old.kind.choices) and set(old.kind.choices) <= set(new.kind.choices)
    return new.type in ("str", "text", old.type) and measure_text(old) <= measure_text(new)


def measure_text(field: Field) -> int:
    """Give the most characters that a column of texts is made for."""
    size = re.search(r"\d[\d_]*", field.kind.column)
    return int(size[0]) if size else LONGEST_TEXT


def check_text(old: Field, new: Field, forms: Forms | None = None) -> tuple[str, str]:
    """Give what is true for a text that a type does not allow, and what it does allow."""
    forms = forms or _FORMS
    if new.kind.choices:
        return (
            f"{{x}} NOT IN ({', '.join(map(quote_sql, new.kind.choices))})",
            f"one of {', '.join(new.kind.choices)}",
        )
    longest = measure_text(new)
    checks, wanted = [], f"a text of at most {longest:,} characters"
    if new.type in forms and new.type != old.type:
        form, wanted = forms[new.type]
        checks.append(form)
    if old.type in TEXTS and measure_text(old) <= longest:
        return " OR ".join(checks), wanted
    if _LONGEST.get(old.type, LONGEST_TEXT + 1) > longest:
        checks.append(f"length({{x}}) > {longest}")
    return " OR ".join(checks), wanted


_LONGEST = {
    "int": 20, "float": 24, "decimal": 20, "bool": 5, "date": 10, "datetime": 28, "time": 15,
    "uuid": 36,
}  # fmt: skip
"""Characters of such a value as a text."""
_FORMS = {
    "email": ("{x} NOT GLOB '?*@?*.?*' OR {x} GLOB '*[@ ]*@*' OR {x} LIKE '% %'", "an address"),
    "url": (
        "({x} NOT GLOB 'http://?*' AND {x} NOT GLOB 'https://?*') OR {x} LIKE '% %'",
        "an address with http:// or https://",
    ),
    "color": ("{x} NOT GLOB '#" + "[0-9a-fA-F]" * 6 + "'", "a color such as #1a2b3c"),
}
_TO_TEXT = {
    "float": "CASE WHEN CAST(CAST({x} AS TEXT) AS REAL) <> {x} THEN printf('%!.17g', {x}) "
    "ELSE CAST({x} AS TEXT) END",
    "bool": "CASE {x} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END",
    **dict.fromkeys((*TEXTS, "date"), SAME),
    "datetime": "replace(replace({x}, ' ', 'T'), '.000000', '') || 'Z'",
    "time": "replace({x}, '.000000', '')",
    "uuid": "substr({x}, 1, 8) || '-' || substr({x}, 9, 4) || '-' || substr({x}, 13, 4) || '-' || "
    "substr({x}, 17, 4) || '-' || substr({x}, 21)",
}


def write_decimal(places: int) -> str:
    """Write the text of a whole number of the last place."""
    if not places:
        return "CAST({x} AS TEXT)"
    return (
        f"CASE WHEN {{x}} < 0 THEN '-' ELSE '' END || (abs({{x}}) / {10**places}) || "
        f"printf('.%0{places}d', abs({{x}}) % {10**places})"
    )


_NO_NUMBER = (
    "CASE WHEN {x} IS NULL THEN 0 WHEN NOT json_valid({x}) THEN 1 "
    "ELSE json_type({x}) NOT IN ('integer', 'real') END"
)
_POINT = "instr({x} || '.', '.')"
_FRACTION = (
    "substr({{x}}, {place}) <> '{end}' AND (substr({{x}}, {place}) NOT GLOB '.[0-9]*{end}' OR "
    "substr({{x}}, {place} + 1) GLOB '*[^0-9]*{end}' OR length({{x}}) > {longest})"
)
"""Whether what follows the seconds is none of a fraction and an end."""
_FROM_TEXT = {
    "int": Conversion(
        "CAST({x} AS INTEGER)",
        "CAST(CAST({x} AS INTEGER) AS TEXT) <> {x}",
        "a whole number",
    ),
    "float": Conversion(
        "CAST({x} AS REAL)",
        f"{_NO_NUMBER} OR abs(CAST({{x}} AS REAL)) > 1.7976931348623157e308",
        "a number",
    ),
    "bool": Conversion("{x} = 'true'", "{x} NOT IN ('true', 'false')", "true or false"),
    "date": Conversion(
        SAME, "date({x}, '+0 days') IS NOT {x} OR {x} < '0001'", "a date such as 2026-01-31"
    ),
    "datetime": Conversion(
        "substr({x}, 1, 10) || ' ' || substr({x}, 12, 8) || '.' || "
        "substr(rtrim(substr({x}, 21), 'Z') || '000000', 1, 6)",
        "datetime(substr({x}, 1, 19), '+0 days') IS NOT replace(substr({x}, 1, 19), 'T', ' ') "
        f"OR {{x}} < '0001' OR {_FRACTION.format(place=20, end='Z', longest=27)}",
        "a moment in UTC such as 2026-01-31T12:00:00Z",
    ),
    "time": Conversion(
        "substr({x} || ':00', 1, 8) || '.' || substr(substr({x}, 10) || '000000', 1, 6)",
        "time(substr({x} || ':00', 1, 8), '+0 days') IS NOT substr({x} || ':00', 1, 8) OR "
        f"{_FRACTION.format(place=9, end='', longest=15)}",
        "a time of day such as 12:00",
    ),
    "uuid": Conversion(
        "lower(replace({x}, '-', ''))",
        "length({x}) <> 36 OR length(replace({x}, '-', '')) <> 32 OR replace({x}, '-', '') GLOB "
        "'*[^0-9a-fA-F]*' OR {x} NOT GLOB '????????-????-????-????-????????????'",
        "a UUID",
    ),
    "json": Conversion(
        SAME,
        "CASE WHEN {x} IS NULL THEN 0 WHEN NOT json_valid({x}) THEN 1 "
        "ELSE json_type({x}) = 'null' END",
        "JSON but null",
    ),
}


def read_text(new: Field) -> Conversion:
    """Find the way from a text to another type."""
    if new.type != "decimal":
        return _FROM_TEXT[new.type]
    digits, places = measure_decimal(new.kind)
    fraction = f"substr({{x}}, {_POINT} + 1)"
    whole = f"ltrim(substr({{x}}, 1, {_POINT} - 1), '-')"
    value = (
        f"CAST(substr({{x}}, 1, {_POINT} - 1) || substr({fraction} || '000000', 1, {places}) AS "
    )
    most = digits - places or 1
    extra = "" if digits > places else f" OR {whole} <> '0'"
    return Conversion(
        value + "INTEGER)",
        f"{_NO_NUMBER} OR {{x}} GLOB '*[^0-9.-]*' OR length({fraction}) > {places} OR "
        f"length({whole}) > {most}{extra}",
        describe_decimal(digits, places),
    )


def describe_decimal(digits: int, places: int) -> str:
    """Say what a decimal must be, to end the sentence "... a value that is not"."""
    return f"a number of at most {digits - places} digits, and {places} after the point"


def _convert_number(old: Field, new: Field) -> Conversion:
    if new.type == "decimal":
        return _make_decimal(old, *measure_decimal(new.kind))
    if old.type != "decimal":
        return _AMONG_NUMBERS[old.type, new.type]
    one = 10 ** measure_decimal(old.kind)[1]
    if new.type == "float":
        back = f"CAST(round({{x}} / {one}.0 * {one}) AS INTEGER)"
        return Conversion(f"{{x}} / {one}.0", f"{back} <> {{x}}", "a number of 15 digits")
    if new.type == "bool":
        return Conversion(f"{{x}} / {one}", f"{{x}} NOT IN (0, {one})", "0 or 1")
    return Conversion(f"{{x}} / {one}", f"{{x}} % {one} <> 0" if one > 1 else "", "a whole number")


def _make_decimal(old: Field, digits: int, places: int) -> Conversion:
    wanted, one, most = describe_decimal(digits, places), 10**places, 10**digits
    if old.type == "bool":
        fits = digits > places
        return Conversion(f"{{x}} * {one}", "" if fits else "{x} <> 0", wanted)
    if old.type == "int":
        limit = 10 ** (digits - places)
        return Conversion(f"{{x}} * {one}", f"{{x}} <= -{limit} OR {{x}} >= {limit}", wanted)
    if old.type == "float":
        value = f"CAST(round({{x}} * {one}) AS INTEGER)"
        return Conversion(
            value, f"abs({{x}}) * {one} >= {most} OR {value} / {one}.0 <> {{x}}", wanted
        )
    old_digits, old_places = measure_decimal(old.kind)
    bad = []
    if places < old_places:
        bad.append(f"{{x}} % {10 ** (old_places - places)} <> 0")
    if digits - places < old_digits - old_places:
        bad.append(f"abs({{x}}) >= {10 ** (digits - places + old_places)}")
    value = SAME
    if places > old_places:
        value = f"{{x}} * {10 ** (places - old_places)}"
    elif places < old_places:
        value = f"{{x}} / {10 ** (old_places - places)}"
    return Conversion(value, " OR ".join(bad), wanted if bad else "")


_WHOLE = Conversion("CAST({x} AS INTEGER)", "CAST({x} AS INTEGER) <> {x}", "a whole number")
_AMONG_NUMBERS = {
    ("int", "float"): Conversion(
        "CAST({x} AS REAL)",
        f"{{x}} NOT BETWEEN -{2**53} AND {2**53}",
        "a number of 15 digits",
    ),
    ("int", "bool"): Conversion(SAME, "{x} NOT IN (0, 1)", "0 or 1"),
    ("float", "int"): _WHOLE,
    ("float", "bool"): Conversion("CAST({x} AS INTEGER)", "{x} NOT IN (0, 1)", "0 or 1"),
    ("bool", "int"): Conversion(),
    ("bool", "float"): Conversion("CAST({x} AS REAL)"),
}
_MOMENTS = {
    ("date", "datetime"): Conversion("{x} || ' 00:00:00.000000'"),
    ("datetime", "date"): Conversion(
        "substr({x}, 1, 10)",
        "replace(substr({x}, 11), '.000000', '') <> ' 00:00:00'",
        "the beginning of a day",
    ),
}
SQLITE_WAYS = Ways(_write_text, read_text, _convert_number, _MOMENTS)
