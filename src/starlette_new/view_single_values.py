"""The kinds of values in the single layout: how a body's are checked, and what is imported."""

import json
import re
from collections.abc import Sequence

from starlette_new.blueprint import Blueprint
from starlette_new.field_types import LONGEST_TEXT
from starlette_new.language import Field, Resource
from starlette_new.names import make_attribute

_READ_AS = (
    "import re",
    "from collections.abc import Callable",
    "from contextlib import suppress",
    "from pydantic import AfterValidator",
)
_DATES = ("import datetime as dt",)
_WHOLE = ("from pydantic import BeforeValidator",)
_JSON = ("from pydantic import AfterValidator, PlainSerializer",)

KINDS: dict[str, tuple[str, ...]] = {
    "read_whole": _WHOLE,
    "Int": (),
    "Id": (),
    "read_as": _READ_AS,
    "Decimals": ("from decimal import Decimal",),
    "Date": _DATES,
    "DateTime": _DATES,
    "Time": _DATES,
    "Uuid": ("from uuid import UUID",),
    "Email": (),
    "Url": (),
    "Color": (),
    "Json": _JSON,
    "today": (),
    "now": (),
    "time_now": (),
    "PageQuery": (),
}
"""The files in `kinds/` of the template, each after those it needs, and what they import."""

_NEEDED = {
    "int": ("read_whole", "Int"),
    "ref": ("read_whole", "Id"),
    "decimal": ("read_as", "Decimals"),
    "date": ("read_as", "Date"),
    "datetime": ("read_as", "DateTime"),
    "time": ("read_as", "Time"),
    "uuid": ("read_as", "Uuid"),
    "email": ("read_as", "Email"),
    "url": ("read_as", "Url"),
    "color": ("Color",),
    "json": ("Json",),
}
_CLOCKS = {"date": "today", "datetime": "now", "time": "time_now"}

ALWAYS = (
    "import signal",
    "from collections.abc import AsyncGenerator",
    "from contextlib import asynccontextmanager",
    "from pathlib import Path",
    "import uvicorn",
    "from starlette.applications import Starlette",
    "from starlette.config import Config",
    "from starlette.datastructures import CommaSeparatedStrings",
    "from starlette.exceptions import HTTPException",
    "from starlette.middleware import Middleware",
    "from starlette.middleware.trustedhost import TrustedHostMiddleware",
    "from starlette.requests import Request",
    "from starlette.responses import JSONResponse, Response",
    "from starlette.routing import Mount, Route",
    "from starlette.staticfiles import StaticFiles",
    "from starlette.types import Message, Receive, Scope, Send",
)
WITH_RESOURCES = (
    "import asyncio",
    "import json",
    "from collections.abc import Sequence",
    "from typing import Annotated",
    "from pydantic import BaseModel, Field, ValidationError",
    "from starlette.endpoints import HTTPEndpoint",
    "from starlette.requests import ClientDisconnect",
)
WITHOUT_DATABASE = (
    "from datetime import UTC, datetime",
    "from starlette.endpoints import HTTPEndpoint",
)


def list_imports(blueprint: Blueprint) -> list[str]:
    """List what `main.py` imports, each once; Ruff sorts them and joins them."""
    lines = [*ALWAYS, *WITH_RESOURCES * bool(blueprint.resources)]
    lines += ["import aiosqlite"] if blueprint.with_db != "none" else WITHOUT_DATABASE
    fields = _list_fields(blueprint.resources)
    sqlite3 = ["IntegrityError"] * any(field.unique or field.is_ref for field in fields)
    sqlite3 += ["PARSE_DECLTYPES"] * any(field.type in ("bool", "json") for field in fields)
    lines += [f"from sqlite3 import {name}" for name in sqlite3]
    lines += ["from typing import Literal"] * any(field.kind.choices for field in fields)
    for kind in list_kinds(blueprint.resources):
        lines += KINDS[kind]
    return list(dict.fromkeys(lines))


def list_kinds(resources: Sequence[Resource]) -> list[str]:
    """Name the kinds of values that the resources use, in the order in which they stand."""
    fields = _list_fields(resources)
    used = {kind for field in fields for kind in _NEEDED.get(field.type, ())}
    used |= {_CLOCKS[field.type] for field in fields if has_clock(field)}
    used |= {"PageQuery"} if resources else set()
    return [kind for kind in KINDS if kind in used]


def list_decimals(resources: Sequence[Resource]) -> list[dict[str, str]]:
    """Describe each kind of decimals: its name, its numbers, and its form."""
    decimals = [field for field in _list_fields(resources) if field.type == "decimal"]
    sizes = sorted({_read_size(field) for field in decimals})
    return [_view_decimal(digits, places) for digits, places in sizes]


def has_clock(field: Field) -> bool:
    """Tell whether only the clock knows the default."""
    return field.default is not None and not field.default.wire


def write_body_line(field: Field) -> str:
    """Write a field of the model that a body must fit."""
    attribute = make_attribute(field.name)
    kind = _annotate(field) + (" | None" if field.nullable else "")
    if attribute != field.name:
        kind = f'Annotated[{kind}, Field(alias="{field.name}")]'
    if field.default:
        return f"{attribute}: {kind} = {field.default.wire or field.default.python}"
    return f"{attribute}: {kind}" + (" = None" if field.nullable else "")


def write_detail(resources: Sequence[Resource]) -> str:
    """Write what tells a client why a value is wrong; our own checks go by ValueError."""
    own = {"read_as", "Json"} & set(list_kinds(resources))
    return 'e["msg"].removeprefix("Value error, ")' if own else 'e["msg"]'


def _annotate(field: Field) -> str:
    if field.kind.choices:
        return f"Literal[{', '.join(map(json.dumps, field.kind.choices))}]"
    if field.type in ("str", "text"):
        return f"Annotated[Text, Field(max_length={read_longest(field)})]"
    if field.type == "decimal":
        return "Decimal{}_{}".format(*_read_size(field))
    return _NEEDED[field.type][-1] if field.type in _NEEDED else field.type


def _list_fields(resources: Sequence[Resource]) -> list[Field]:
    return [field for resource in resources for field in resource.fields]


def read_longest(field: Field) -> str:
    """Give the length of the longest text that a field takes, as it is written in Python."""
    number = re.search(r"\d[\d_]*", field.kind.column)
    return number[0] if number else f"{LONGEST_TEXT:_}"


def _read_size(field: Field) -> tuple[int, int]:
    digits, places = re.findall(r"\d+", field.kind.column)
    return int(digits), int(places)


def _view_decimal(digits: int, places: int) -> dict[str, str]:
    wholes = digits - places
    whole = f"(0|[1-9][0-9]{{0,{wholes - 1}}})" if wholes else "0"
    fraction = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    return {
        "name": f"Decimal{digits}_{places}",
        "digits": str(digits),
        "places": str(places),
        "form": f"-?{whole}{fraction}",
    }
