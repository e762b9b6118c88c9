"""How requests are read: a body, a query string, and the condition in If-Match."""

import asyncio
import json
import re
from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.web import Refusal, State

T = TypeVar("T")
WRONG = "The request has values that are not allowed."
WORDS = {
    "missing": "Must be given",
    "extra_forbidden": "Is not known here",
    "model_type": "Should be an object",
    "dict_type": "Should be an object",
}


async def read_body(request: Request[State], kind: type[T]) -> T:
    """Read a JSON body as `kind`; raise 400, 408, 413, 415 or 422."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_patch = request.method == "PATCH" and media_type == "application/merge-patch+json"
    if media_type != "application/json" and not is_patch:
        raise HTTPException(415, "Send the body as application/json.")
    try:
        value = decode_json(await read_bytes(request))
    except ValueError as error:
        raise HTTPException(400, "The body is not valid JSON.") from error
    return check(kind, value)


async def read_bytes(request: Request[State]) -> bytes:
    """Read the whole body; raise 408 or 413."""
    try:
        async with asyncio.timeout(request.state["settings"].body_seconds):
            return await request.body()
    except TimeoutError as error:
        raise HTTPException(408, "The body took too long.", {"Connection": "close"}) from error


def read_query(request: Request[State], kind: type[T]) -> T:
    """Read the query string as `kind`; raise 422."""
    given = request.query_params.multi_items()
    values = dict(given)
    if len(values) < len(given):
        names = [name for name, _ in given]
        twice = sorted(name for name in values if names.count(name) > 1)
        raise Refusal(422, WRONG, [{"field": name, "detail": "Is given twice"} for name in twice])
    return check(kind, values)


def read_if_match(request: Request[State]) -> frozenset[int] | None:
    """Give the versions that If-Match allows; None where it allows any, or is absent."""
    headers = request.headers.getlist("if-match")
    return None if not headers or headers == ["*"] else read_tags(",".join(headers))


def read_tags(text: str) -> frozenset[int]:
    """Give the versions that tags name, as in "1", "2"."""
    tags = [re.fullmatch(r'\s*"([^"]*)"\s*', tag) for tag in text.split(",")]
    if not all(tags):
        return frozenset()  # it is malformed, or weak, and matches nothing
    return frozenset(int(tag[1]) for tag in tags if tag and re.fullmatch("[1-9][0-9]{0,17}", tag[1]))


_adapt: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def check(kind: type[T], value: object) -> T:
    """Give the value as `kind`; raise 422."""
    try:
        checked: T = _adapt(kind).validate_python(value, strict=True)
        return checked
    except ValidationError as error:
        wrong = [
            {
                "field": ".".join(map(str, part["loc"])),
                "detail": WORDS.get(part["type"], part["msg"].removeprefix("Value error, ")),
            }
            for part in error.errors()[:100]
        ]
        raise Refusal(422, WRONG, wrong) from error


def decode_json(body: bytes) -> object:
    """Decode JSON as strictly as its specification has it; raise ValueError."""
    try:
        value: object = _decoder.decode(body.decode())
        if rb"\u" in body:  # it may be half of a surrogate pair, which no text can hold
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("It is too deep") from error
    return value


def _decode_object(members: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(members)
    if len(value) < len(members):
        raise ValueError("A name is given twice")
    return value


def _decode_float(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError("A number is not finite")
    return number


def _decode_number(text: str) -> float | int:
    number = _decode_float(text)
    if number.is_integer() and -(2**63) <= number < 2**63:  # in JSON, 1.0 is an integer
        return int(number)
    return number


def _decode_integer(text: str) -> float | int:
    number = int(text)
    return number if -(2**63) <= number < 2**63 else _decode_float(text)


_decoder = json.JSONDecoder(
    object_pairs_hook=_decode_object,
    parse_float=_decode_number,
    parse_int=_decode_integer,
    parse_constant=_decode_float,
)
