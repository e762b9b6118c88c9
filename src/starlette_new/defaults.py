"""Defaults: what stands after `=` in a field, read once, and written in every language needed."""

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TypeVar, cast
from uuid import UUID

LONGEST = 60
"""Characters of a default, as it is written."""
DEEPEST_JSON = 20
INT_LIMIT = 2**63


@dataclass(frozen=True)
class Default:
    """One default, as source.

    python: in a schema. wire: as JSON gives it back, in Python; empty where only the clock knows.
    column: SQLAlchemy's server_default. sql: in SQLite's own language.
    """

    python: str
    wire: str
    column: str
    sql: str


T = TypeVar("T")
Parser = Callable[[str], Default]
"""Reads a value that is written as text; raises ValueError with what is expected."""


def make_source(text: str) -> str:
    """Write a text as Python source, with no character that only looks like an ASCII one."""
    return re.sub(
        r"[^\x00-\x7eÀ-ÖØ-öø-ÿ]",
        lambda match: f"\\U{code:08x}" if (code := ord(match[0])) > 0xFFFF else f"\\u{code:04x}",
        json.dumps(text, ensure_ascii=False),
    )


def make_value(value: object) -> str:
    """Write a value of JSON as Python source."""
    if isinstance(value, str):
        return make_source(value)
    if isinstance(value, list):
        return f"[{', '.join(map(make_value, value))}]"
    if isinstance(value, dict):
        items = (f"{make_source(key)}: {make_value(inner)}" for key, inner in value.items())
        return "{" + ", ".join(items) + "}"
    return repr(value)


def quote_sql(text: str) -> str:
    """Write a text in SQL."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def read_text(longest: int) -> Parser:
    """Make a parser of texts that have at most so many characters, which any database can keep."""
    form = rf"[^\0\ud800-\udfff]{{1,{longest}}}"
    return read_form(form, f"a text of 1 to {longest:,} characters")


def read_form(form: str, expected: str) -> Parser:
    """Make a parser of texts that match a regular expression."""

    def read(text: str) -> Default:
        _check_form(form, text, expected)
        source = make_source(text)
        return Default(source, source, source, quote_sql(text))

    return read


def read_choice(choices: Sequence[str]) -> Parser:
    """Make a parser of one of these words."""
    return read_form("|".join(map(re.escape, choices)), f"one of {', '.join(choices)}")


def read_int(text: str) -> Default:
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or not -INT_LIMIT <= int(text) < INT_LIMIT:
        raise ValueError("a whole number of at most 64 bits")
    number = str(int(text))
    return Default(number, number, f'sa.text("{number}")', number)


def read_float(text: str) -> Default:
    if not re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{1,20})?(e-?[0-9]{1,3})?", text):
        raise ValueError("a number such as 1.5")
    number = repr(float(text) + 0)
    if not isfinite(float(text)):
        raise ValueError("a number that is not infinite")
    return Default(number, number, f'sa.text("{number}")', number)


def read_bool(text: str) -> Default:
    if text not in ("true", "false"):
        raise ValueError("true or false")
    return Default(text.capitalize(), text.capitalize(), f"sa.{text}()", text.upper())


def read_decimal(digits: int, places: int) -> Parser:
    """Make a parser of decimals; the database keeps them as whole numbers of the last place."""
    whole_form = f"[0-9]{{1,{digits - places}}}" if digits > places else "0"
    form = whole_form.join(["-?", rf"(\.[0-9]{{1,{places}}})?" if places else ""])

    def read(text: str) -> Default:
        if not re.fullmatch(form, text):
            before = digits - places
            raise ValueError(f"a number of at most {before} digits, and {places} after the point")
        number = Decimal(text).quantize(Decimal(1).scaleb(-places)) + 0
        whole = str(int(number.scaleb(places)))
        return Default(f'Decimal("{number}")', f'"{number}"', f'sa.text("{whole}")', whole)

    return read


def read_date(text: str) -> Default:
    if text == "today":
        return Default("Field(default_factory=today)", "", "sa.func.current_date()", "CURRENT_DATE")
    expected = "today, or a date such as 2026-01-31"
    _check_form("[0-9]{4}-[0-9]{2}-[0-9]{2}", text, expected)
    day = _read(dt.date.fromisoformat, text, expected)
    return Default(f"dt.date({day.year}, {day.month}, {day.day})", *_same(str(day)))


def read_datetime(text: str) -> Default:
    if text == "now":
        now = "sa.func.current_timestamp()"
        return Default("Field(default_factory=now)", "", now, "CURRENT_TIMESTAMP")
    expected = "now, or a moment with its offset such as 2026-01-31T12:00:00Z"
    _check_form(r"[0-9-]{10}[T ][0-9:]{5,8}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})", text, expected)
    moment = _read(dt.datetime.fromisoformat, text, expected)
    moment = _read(lambda _: moment.astimezone(dt.UTC).replace(microsecond=0), text, expected)
    plain = moment.replace(tzinfo=None)
    arguments = f"{plain:%Y}, {plain.month}, {plain.day}, {plain.hour}, {plain.minute}"
    python = f"dt.datetime({arguments.lstrip('0')}, {plain.second}, tzinfo=dt.UTC)"
    stored = f"{plain.isoformat(' ')}.000000"
    return Default(python, f'"{plain.isoformat()}Z"', f'"{stored}"', quote_sql(stored))


def read_time(text: str) -> Default:
    if text == "now":
        now = "sa.func.current_time()"
        return Default("Field(default_factory=time_now)", "", now, "CURRENT_TIME")
    expected = "now, or a time such as 12:00"
    _check_form("[0-9]{2}:[0-9]{2}(:[0-9]{2})?", text, expected)
    time = _read(dt.time.fromisoformat, text, expected)
    stored = f"{time.isoformat()}.000000"
    python = f"dt.time({time.hour}, {time.minute}, {time.second})"
    return Default(python, f'"{time}"', f'"{stored}"', quote_sql(stored))


def read_uuid(text: str) -> Default:
    expected = "a UUID such as 123e4567-e89b-12d3-a456-426614174000"
    _check_form("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text, expected)
    value = UUID(text)
    return Default(f'UUID("{value}")', f'"{value}"', f'"{value.hex}"', quote_sql(value.hex))


def read_json(text: str) -> Default:
    expected = f"JSON of at most {DEEPEST_JSON} levels, but not null, such as [] or {{}}"
    value = _read(lambda text: json.loads(text, parse_constant=_refuse), text, expected)
    if value is None or not _is_kept(value, DEEPEST_JSON):
        raise ValueError(expected)
    stored = json.dumps(value)
    return Default(make_value(value), make_value(value), make_source(stored), quote_sql(stored))


def _is_kept(value: object, levels: int) -> bool:
    """Tell whether every database and every reader of JSON keeps a value as it is."""
    if isinstance(value, dict | list):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        return levels > 0 and all(_is_kept(one, levels - 1) for one in inner)
    if isinstance(value, str):
        return not re.search(r"[\0\ud800-\udfff]", value)
    if isinstance(value, int):
        return -INT_LIMIT <= value < INT_LIMIT
    return value is None or isfinite(cast(float, value))


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def read_none(text: str) -> Default:
    """Refuse every default."""
    raise ValueError("none at all: a reference has no default")


def _same(text: str) -> tuple[str, str, str]:
    return make_source(text), make_source(text), quote_sql(text)


def _check_form(form: str, text: str, expected: str) -> None:
    if not re.fullmatch(form, text):
        raise ValueError(expected)


def _read(read: Callable[[str], T], text: str, expected: str) -> T:
    try:
        return read(text)
    except (ValueError, OverflowError, RecursionError):
        raise ValueError(expected) from None
