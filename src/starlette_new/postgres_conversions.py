"""How the values of a column become those of another type, in the SQL of PostgreSQL.

`{x}` stands for the value. What looks right and is not, like the 30th of February, PostgreSQL
refuses itself: the migration is taken back as a whole.
"""

from starlette_new.conversions import (
    SAME,
    TEXTS,
    Conversion,
    Ways,
    check_text,
    describe_decimal,
    list_removed,
    measure_decimal,
)
from starlette_new.defaults import quote_sql
from starlette_new.language import Field

FORMS = {
    "email": ("{x} !~ '^[^@ ]+@[^@ ]+[.][^@ ]+$'", "an address"),
    "url": ("{x} !~ '^https?://[^ ]+$'", "an address with http:// or https://"),
    "color": ("{x} !~ '^#[0-9a-fA-F]{6}$'", "a color such as #1a2b3c"),
}


def _write_text(old: Field, new: Field) -> Conversion:
    removed = ", ".join(map(quote_sql, list_removed(old, new)))
    if removed and new.default:
        return Conversion(f"CASE WHEN {{x}} IN ({removed}) THEN {new.default.sql} ELSE {{x}} END")
    value = SAME if old.type in TEXTS else _TO_TEXT.get(old.type, "CAST({x} AS text)")
    bad, wanted = check_text(old, new, FORMS)
    return Conversion(value, bad.replace(SAME, value), wanted if bad else "")


_TO_TEXT = {
    "datetime": "replace(to_char({x} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), "
    "'.000000', '') || 'Z'",
}


def _read_text(new: Field) -> Conversion | None:
    if new.type == "decimal":
        digits, places = measure_decimal(new.kind)
        fraction = f"([.][0-9]{{1,{places}}})?" if places else ""
        whole = f"[0-9]{{1,{digits - places}}}" if digits > places else "0"
        kind, wanted = f"numeric({digits}, {places})", describe_decimal(digits, places)
        return _read_form(f"-?{whole}{fraction}", kind, wanted)
    return _FROM_TEXT.get(new.type)


def _read_form(form: str, sql_type: str, wanted: str) -> Conversion:
    return Conversion(f"CAST({SAME} AS {sql_type})", f"{SAME} !~ '^{form}$'", wanted)


_FROM_TEXT = {
    "int": _read_form("-?[0-9]{1,18}", "bigint", "a whole number"),
    "float": _read_form(
        "-?[0-9]{1,30}([.][0-9]+)?([eE][+-]?[0-9]{1,2})?", "double precision", "a number"
    ),
    "bool": Conversion("{x} = 'true'", "{x} NOT IN ('true', 'false')", "true or false"),
    "date": _read_form("[0-9]{4}-[01][0-9]-[0-3][0-9]", "date", "a date such as 2026-01-31"),
    "datetime": _read_form(
        "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?Z",
        "timestamptz",
        "a moment in UTC such as 2026-01-31T12:00:00Z",
    ),
    "time": _read_form(
        "[0-2][0-9]:[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?", "time", "a time of day such as 12:00"
    ),
    "uuid": _read_form("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "uuid", "a UUID"),
}


def _convert_number(old: Field, new: Field) -> Conversion:
    if new.type == "bool":
        return Conversion("{x} = 1", "{x} NOT IN (0, 1)", "0 or 1")
    value = "CAST({x} AS integer)" if old.type == "bool" else SAME
    if new.type == "decimal":
        return _make_decimal(old, value, *measure_decimal(new.kind))
    if new.type == "int":
        bad = {"float": "{x} <> trunc({x}) OR abs({x}) > 9e15", "decimal": "{x} % 1 <> 0"}
        wanted = "a whole number" if old.type in bad else ""
        return Conversion(f"CAST({value} AS bigint)", bad.get(old.type, ""), wanted)
    bad = {
        "int": f"{{x}} NOT BETWEEN -{2**53} AND {2**53}",
        "decimal": "CAST(CAST({x} AS double precision) AS numeric) <> {x}",
    }
    wanted = "a number of 15 digits" if old.type in bad else ""
    return Conversion(f"CAST({value} AS double precision)", bad.get(old.type, ""), wanted)


def _make_decimal(old: Field, value: str, digits: int, places: int) -> Conversion:
    limit = f"abs({value}) >= {10 ** (digits - places)}"
    new = f"CAST({value} AS numeric({digits}, {places}))"
    exact = f"round(CAST({value} AS numeric), {places})"
    changed = {"float": f" OR CAST({exact} AS double precision) <> {{x}}", "int": "", "bool": ""}
    bad = f"{limit}{changed.get(old.type, f' OR {exact} <> {{x}}')}"
    return Conversion(new, bad, describe_decimal(digits, places))


_MOMENTS = {
    ("date", "datetime"): Conversion("CAST({x} AS timestamp) AT TIME ZONE 'UTC'"),
    ("datetime", "date"): Conversion(
        "CAST({x} AT TIME ZONE 'UTC' AS date)",
        "{x} <> date_trunc('day', {x}, 'UTC')",
        "the beginning of a day",
    ),
}
POSTGRES_WAYS = Ways(_write_text, _read_text, _convert_number, _MOMENTS)
