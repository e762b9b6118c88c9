"""What the generated tests of a resource are given: good rows, and what becomes of them."""

import ast
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from starlette_new.fields import make_dict
from starlette_new.language import Field, Resource
from starlette_new.parameters import STAMPS, list_sorts, name_parameters
from starlette_new.relations import list_needed

LONG_AGO = "2000-01-01T00:00:00Z"


def view_tests(resource: Resource, resources: Sequence[Resource]) -> dict[str, object]:
    """Work out the data of a resource's tests."""
    fields = resource.fields
    rows = [make_row(resource, n) for n in range(3)]
    needed = list_needed(resource, resources)
    plurals = {one.name: one.plural for one in resources}
    there = [f for f in fields if f.target == resource.name or f.target in {n.name for n in needed}]
    return {
        "samples": name_samples(resource),
        "rows": [make_dict(row) for row in rows],
        "needed": ", ".join(f"{one.plural}=samples.{name_samples(one)}" for one in needed),
        "required": any(field.required for field in fields),
        "shortest": make_dict({f.name: rows[0][f.name] for f in fields if f.required}),
        "defaults": make_dict(dict(_list_defaults(resource))),
        "kept_lines": list(_list_kept(resource)),
        "refused_lines": list(_list_refused(resource)),
        "order_lines": [f'"{sort}": {orders},' for sort, orders in _list_orders(resource, rows)],
        "found_lines": list(_list_found(resource, rows)),
        "unique": _list_names(f for f in fields if f.unique and not f.is_ref),
        "references": _list_names(f for f in fields if f.is_ref),
        "fates": [_view_fate(f, plurals, resource) for f in there if f.is_ref],
        "linked": [
            {
                "field": f.name,
                "parameter": name_parameters(resource)[0][f.name],
                "target": plurals[f.target],
                "own": f.target == resource.name,
            }
            for f in there
            if f.is_many
        ],
    }


def _view_fate(field: Field, plurals: dict[str, str], resource: Resource) -> dict[str, object]:
    """Describe what becomes of a row when what it refers to is deleted."""
    lost = "answer.status_code == 404"
    left = f'answer.json()["{field.name}"] is None'
    return {
        "field": field.name,
        "target": plurals[field.target],
        "own": field.target == resource.name,
        "target_id": 1 if field.required else 2,
        "title": f"it_is_{'deleted_with' if field.required else 'left_by'}_its_{field.word}",
        "claim": lost if field.required else left,
    }


def _list_names(fields: Iterator[Field]) -> str:
    """Write a list of names, or nothing where there are none."""
    names = [field.name for field in fields]
    return json.dumps(names) if names else ""


def name_samples(resource: Resource) -> str:
    """Name the constant that holds good rows."""
    return resource.plural.upper()


def make_row(resource: Resource, n: int) -> dict[str, str]:
    """Give the n-th good row, as source by field; the last has every null that it may have."""
    return {field.name: _make_value(field, n) for field in resource.fields}


def _make_value(field: Field, n: int) -> str:
    if field.nullable and (n == 2 or field.is_ref):
        return "None"
    if field.is_ref and field.unique:
        return str(n + 1)
    return field.kind.samples[n]


def _list_defaults(resource: Resource) -> Iterator[tuple[str, str]]:
    for field in resource.fields:
        if field.default and field.default.wire:
            yield field.name, field.default.wire
        elif field.is_many:
            yield field.name, "[]"
        elif field.nullable and not field.default:
            yield field.name, "None"


def _list_kept(resource: Resource) -> Iterator[str]:
    """Give what is sent and what comes back, for each field."""
    for field in resource.fields:
        pairs = [(value, value) for value in field.kind.kept]
        pairs += [*field.kind.rewritten, *[("None", "None")] * field.nullable]
        if pairs:
            yield f'"{field.name}": [{", ".join(f"({sent}, {back})" for sent, back in pairs)}],'


def _list_refused(resource: Resource) -> Iterator[str]:
    for field in resource.fields:
        null = [] if field.nullable or "None" in field.kind.refused else ["None"]
        yield f'"{field.name}": [{", ".join([*field.kind.refused, *null])}],'


def _list_orders(
    resource: Resource, rows: Sequence[dict[str, str]]
) -> Iterator[tuple[str, tuple[list[int], list[int]]]]:
    """Give for each sort the numbers of the rows, rising and falling, the nulls always last."""
    fields = {field.name: field for field in resource.fields}
    for name in list_sorts(resource):
        values = {n: _rank(fields.get(name), row.get(name, "0")) for n, row in enumerate(rows)}
        there = [n for n, value in values.items() if value is not None]
        nulls = [n for n, value in values.items() if value is None]
        rising = sorted(there, key=lambda n: (values[n], n))
        yield name, (rising + nulls, rising[::-1] + nulls[::-1])


def _rank(field: Field | None, source: str) -> Any:
    """Give what a value of a field is sorted and compared by."""
    value = ast.literal_eval(source)
    if value is None or field is None:
        return value
    if field.kind.choices:
        return field.kind.choices.index(value)
    return Decimal(value) if field.type == "decimal" else value


def _list_found(resource: Resource, rows: Sequence[dict[str, str]]) -> Iterator[str]:
    """Give queries, and the numbers of the rows that each finds."""
    equal, ranges = name_parameters(resource)
    fields = {field.name: field for field in resource.fields}
    for name, parameter in equal.items():
        if fields[name].is_many:
            yield _write_found(parameter, "1", [])
            continue
        ranks = [_rank(fields[name], row[name]) for row in rows]
        if ranks[0] is not None:
            found = [n for n, rank in enumerate(ranks) if rank == ranks[0]]
            yield _write_found(parameter, rows[0][name], found)
        if ranks[0] is not None and name in ranges:
            least = [n for n, rank in enumerate(ranks) if rank is not None and rank >= ranks[0]]
            most = [n for n, rank in enumerate(ranks) if rank is not None and rank <= ranks[0]]
            yield _write_found(f"{ranges[name]}_min", rows[0][name], least)
            yield _write_found(f"{ranges[name]}_max", rows[0][name], most)
    for stamp in STAMPS:
        yield _write_found(f"{stamp}_min", json.dumps(LONG_AGO), [0, 1, 2])
        yield _write_found(f"{stamp}_max", json.dumps(LONG_AGO), [])
    yield from _list_searches(resource, rows)


def _list_searches(resource: Resource, rows: Sequence[dict[str, str]]) -> Iterator[str]:
    searched = [field.name for field in resource.fields if field.kind.searched]
    if searched:
        texts = [[str(ast.literal_eval(row[name])) for name in searched] for row in rows]
        text = texts[0][0].upper()
        found = [n for n, row in enumerate(texts) if any(text in one.upper() for one in row)]
        yield _write_found("q", json.dumps(text), found)
        yield _write_found("q", '"%"', [])


def _write_found(parameter: str, source: str, found: list[int]) -> str:
    value = ast.literal_eval(source)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'("{parameter}", {json.dumps(text)}, {found}),'
