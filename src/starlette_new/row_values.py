"""Values as SQLite has them, in the form that PostgreSQL reads, and in one that both share.

This runs in the environment of a project: it needs nothing but Python.
"""

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, NoReturn
from uuid import UUID

_BITS = {"smallint": 16, "integer": 32, "bigint": 64}


@dataclass(frozen=True)
class Kind:
    """How the values of a column are copied and compared; null is not asked.

    write: gives the text that COPY takes for what SQLite has; raises ValueError with what is wrong
    with it. show: gives the same in the form in which it is compared. read: gives that form of what
    COPY gives back.
    """

    write: Callable[[Any], str]
    show: Callable[[Any], str]
    read: Callable[[str], str]


@dataclass(frozen=True)
class Json:
    """How a project writes and reads JSON."""

    write: Callable[[Any], str] = json.dumps
    read: Callable[[bytes], Any] = json.loads


def find_kind(type_: str, stored: str, dialect: Json) -> Kind | None:
    """Find how a column is copied; None if nobody here knows.

    type_: as PostgreSQL writes it; stored: as SQLite was told. dialect: of JSON.
    """
    name, _, arguments = type_.partition("(")
    numbers = [int(digits) for digits in re.findall("[0-9]+", arguments)]
    if name in _BITS:
        return Kind(partial(_write_whole, _BITS[name]), str, str)
    if name in ("text", "character varying"):
        return Kind(partial(_write_text, numbers[0] if numbers else None), str, str)
    if name == "numeric" and len(numbers) == 2:
        return _find_decimal(*numbers, is_whole="INT" in stored.upper())
    if name in ("json", "jsonb"):
        return Kind(
            lambda value: _write_json(value, dialect.write),
            lambda value: _show_json(_parse_json(value)),
            lambda text: _show_json(dialect.read(text.encode())),
        )
    return _KINDS.get(type_)


def _fail(why: str) -> NoReturn:
    raise ValueError(why)


def _write_whole(bits: int, value: object) -> str:
    limit = 2 ** (bits - 1)
    if isinstance(value, int) and -limit <= value < limit:
        return str(value)
    _fail(f"is no whole number of {bits} bits")


def _write_number(value: object) -> str:
    return repr(value) if isinstance(value, float) else _fail("is no number")


def _find_decimal(digits: int, places: int, *, is_whole: bool) -> Kind:
    """Find how decimals are copied: ours are whole numbers of their last place."""

    def write(value: object) -> str:
        if isinstance(value, int) and abs(value) < 10**digits:
            return f"{Decimal(value).scaleb(-places):f}"
        _fail(f"is no decimal of {digits} digits")

    if is_whole:
        return Kind(write, str, lambda text: str(int(text.replace(".", ""))))
    return Kind(_show_decimal, _show_decimal, _show_decimal)


def _show_decimal(value: object) -> str:
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except ArithmeticError:
        _fail("is no decimal")


def _write_truth(value: object) -> str:
    return "ft"[value] if isinstance(value, int) and value in (0, 1) else _fail("is no 0 or 1")


def _write_text(longest: int | None, value: object) -> str:
    if not isinstance(value, str):
        _fail("is no text")
    if "\0" in value:
        _fail("has a NUL, which PostgreSQL keeps in no text")
    if longest is not None and len(value) > longest:
        _fail(f"is longer than {longest} characters")
    return value


def _write_bytes(value: object) -> str:
    return rf"\x{value.hex()}" if isinstance(value, bytes) else _fail("is no row of bytes")


def _write_json(value: Any, write: Callable[[Any], str]) -> str:
    try:
        parsed = _parse_json(value)
        _show_json(parsed).encode()
        return write(parsed)
    except (TypeError, ValueError, OverflowError, RecursionError):
        _fail("is no JSON that PostgreSQL can keep")


def _parse_json(value: Any) -> object:
    """Read JSON as SQLite has it, which turns a text that is a number into that number."""
    text = repr(value) if isinstance(value, int | float) else value
    return json.loads(text, parse_constant=_fail)


def _show_json(value: object) -> str:
    """Write JSON with its keys sorted; a text that is half of a character cannot be encoded."""
    return json.dumps(_level(value), sort_keys=True, ensure_ascii=False)


def _level(value: object) -> object:
    """Give JSON in which equal numbers are the same: the engines write them in different ways."""
    if isinstance(value, dict):
        return {key: _level(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_level(one) for one in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    is_whole = -(2**63) <= value < 2**64 and value == int(value)
    return int(value) if is_whole else float(value)


def _show_date(value: object) -> str:
    try:
        return str(dt.date.fromisoformat(str(value)))
    except ValueError:
        _fail("is no date")


def _write_time(value: object) -> str:
    try:
        return str(dt.time.fromisoformat(str(value)))
    except ValueError:
        _fail("is no time")


def _write_moment(end: str, value: object) -> str:
    try:
        moment = dt.datetime.fromisoformat(str(value))
    except ValueError:
        _fail("is no moment")
    return f"{moment}{end}" if moment.tzinfo is None else _fail("is a moment with an offset")


def _shorten(text: str) -> str:
    """Leave out the zeros at the end of a part of a second."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _show_uuid(value: object) -> str:
    try:
        return UUID(str(value)).hex
    except ValueError:
        _fail("is no UUID")


_KINDS = {
    "boolean": Kind(_write_truth, str, {"f": "0", "t": "1"}.__getitem__),
    "bytea": Kind(_write_bytes, bytes.hex, lambda text: text.removeprefix(r"\x")),
    "date": Kind(_show_date, _show_date, str),
    "double precision": Kind(_write_number, repr, lambda text: repr(float(text))),
    "time without time zone": Kind(
        _write_time, lambda value: _shorten(_write_time(value)), _shorten
    ),
    "timestamp with time zone": Kind(
        partial(_write_moment, "+00"),
        lambda value: _shorten(_write_moment("", value)),
        lambda text: _shorten(text.removesuffix("+00")),
    ),
    "timestamp without time zone": Kind(
        partial(_write_moment, ""), lambda value: _shorten(_write_moment("", value)), _shorten
    ),
    "uuid": Kind(_show_uuid, _show_uuid, lambda text: text.replace("-", "")),
}
"""How each type of PostgreSQL is copied that has no parameters."""
