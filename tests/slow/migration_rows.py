"""Rows for the tables of a blueprint, as the database keeps them."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from starlette_new.conversions import measure_decimal, measure_text
from starlette_new.language import Field, Resource
from starlette_new.view_resource import view_links

Row = dict[str, object]
_STAMP = "2026-01-01 00:00:00.000000"


def make_rows(
    resources: Sequence[Resource], count: int, values: Mapping[str, Sequence[object]]
) -> dict[str, list[Row]]:
    """Make so many rows of each table, and links; no row refers to the last of a table."""
    tables: dict[str, list[Row]] = {}
    for resource in resources:
        table = resource.plural
        given = {f.name: values.get(f"{table}.{f.name}", ()) for f in resource.fields}
        tables[table] = [_make_row(resource, n, count, given) for n in range(1, count + 1)]
        for link in view_links(resource, resources):
            tables[link["table"]] = [
                {link["row"]: n, link["other"]: 1 + n * 3 % (count - 1)} for n in range(1, count)
            ]
    return tables


def _make_row(
    resource: Resource, number: int, count: int, values: Mapping[str, Sequence[object]]
) -> Row:
    row: Row = {"id": number, "created_at": _STAMP, "updated_at": _STAMP, "lock_version": number}
    for field in resource.fields:
        if given := values[field.name]:
            row[field.name] = given[number % len(given)]
        elif not field.is_many:
            row[field.name] = _make_value(field, number, count)
    return row


def _make_value(field: Field, number: int, count: int) -> object:
    if field.nullable and number % 3 == 0:
        return None
    if field.is_ref:
        return number if field.unique else 1 + number % (count - 1)
    if field.kind.choices:
        return field.kind.choices[number % len(field.kind.choices)]
    if field.type == "decimal":
        return number % 10 ** measure_decimal(field.kind)[0]
    day = dt.datetime(2000, 1, 1) + dt.timedelta(days=number)  # noqa: DTZ001
    texts: dict[str, object] = {
        "int": number * 7 - 300,
        "float": number + 0.5,
        "bool": number % 2,
        "date": str(day.date()),
        "datetime": f"{day}.{number % 10**6:06}",
        "time": f"12:{number // 60 % 60:02}:{number % 60:02}.{number % 10**6:06}",
        "uuid": f"{number:032x}",
        "json": f'{{"a": {number}}}',
        "email": f"a{number}@example.org",
        "url": f"https://example.org/{number}",
        "color": f"#{number:06x}",
    }
    return texts.get(field.type, f'{number} it\'s "x": é'[: measure_text(field)])


def name_plain(text: str) -> str:
    """Make a name of a case that a file can have."""
    return re.sub(r"\W+", "_", text)
