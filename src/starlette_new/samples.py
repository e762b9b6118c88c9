"""Samples: the rows that a blueprint gives its resources, checked as the API would check them."""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette_new.defaults import make_source
from starlette_new.entries import find_field
from starlette_new.errors import show
from starlette_new.language import Field, Resource
from starlette_new.refusals import blaming, suggest, wrong

Given = dict[str, object]
"""A row as it was written: texts, and lists of texts, by the names of fields."""
Row = dict[str, str]
"""A row by the names of fields, its values being Python source."""
LONGEST_VALUE = 86
"""Characters of a member and its value that leave their line shorter than a linter asks for."""
LONGEST_PIECE = 72


def read_samples(resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """Give the same resources with the samples of their entries; raise LineProblem.

    A reference may point at a row of any sample, so that all other values are read before.
    """
    given: dict[str, list[Given]] = {}
    rows: dict[str, list[Row]] = {}
    for resource in resources:
        with blaming(resource.line):
            written = enumerate(json.loads(resource.entry or "{}").get("sample", []), 1)
            given[resource.name] = [_name_values(resource, row, n) for n, row in written]
            numbered = enumerate(given[resource.name], 1)
            rows[resource.name] = [_read_values(resource, row, n) for n, row in numbered]
    by_name = {resource.name: resource for resource in resources}
    labels = {name: _list_labels(by_name[name], rows[name]) for name in by_name}
    return tuple(
        _read_references(resource, given[resource.name], rows[resource.name], by_name, labels)
        for resource in resources
    )


def _name_values(resource: Resource, given: Mapping[str, object], number: int) -> Given:
    place = _name_place(resource, number)
    named: Given = {}
    for name, value in given.items():
        field = find_field(resource, name)
        if field is None or field.name in named:
            names = [field.name for field in resource.fields]
            raise wrong(
                f"{place} has {'twice' if field else 'a field that is not known'}: {show(name)}.",
                f"{suggest(name, names)}The fields are {', '.join(names)}.",
            )
        named[field.name] = value
    for field in resource.fields:
        if field.required and field.name not in named:
            raise wrong(f"{place} has no {field.name}.", "Give each required field a value.")
    return named


def _read_values(resource: Resource, given: Given, number: int) -> Row:
    place = _name_place(resource, number)
    return {
        field.name: _read_value(place, field, given[field.name])
        for field in resource.fields
        if field.name in given and not field.target
    }


def _read_value(place: str, field: Field, value: object) -> str:
    try:
        if not isinstance(value, str):
            raise ValueError("one text")
        source = field.kind.parse(value).wire
        if not source:
            raise ValueError("a value that does not change with the clock")
    except ValueError as expected:
        raise wrong(
            f"{place} has a {field.name} that its type does not allow: {show(value)}.",
            f"Give {expected}.",
        ) from None
    return source


def _list_labels(resource: Resource, rows: Sequence[Row]) -> list[str]:
    """Give what each row is called, as source; empty where it has no name but its number."""
    field = find_field(resource, resource.label)
    default = field.default.wire if field and field.default else ""
    return [row.get(resource.label, default) for row in rows]


def _read_references(
    resource: Resource,
    given: Sequence[Given],
    rows: Sequence[Row],
    by_name: Mapping[str, Resource],
    labels: Mapping[str, Sequence[str]],
) -> Resource:
    sample = []
    with blaming(resource.line):
        for number, (written, row) in enumerate(zip(given, rows, strict=True), 1):
            place = _name_place(resource, number)
            found = dict(row)
            for field in resource.fields:
                if field.target and field.name in written:
                    target = by_name[field.target]
                    value = written[field.name]
                    found[field.name] = _refer(place, field, value, target, labels[target.name])
            sample.append({f.name: found[f.name] for f in resource.fields if f.name in found})
        for field in resource.fields:
            if field.unique:
                _check_unique(resource, field, sample)
    broken = ([(name, _break_text(name, row[name])) for name in row] for row in sample)
    return replace(resource, sample=tuple(map(tuple, broken)))


def _refer(place: str, field: Field, value: object, target: Resource, labels: Sequence[str]) -> str:
    if isinstance(value, str) and field.is_ref:
        return str(_find_row(place, field, value, target, labels))
    if not isinstance(value, list) or field.is_ref:
        raise wrong(
            f"{place} has a {field.name} that its type does not allow: {show(value)}.",
            "Give a list of rows, as [1, 2]." if field.is_many else "Give one row, as 1.",
        )
    numbers = [_find_row(place, field, text, target, labels) for text in value]
    if len(set(numbers)) < len(numbers):
        raise wrong(f"{place} has the same row twice in {field.name}.", "Give each row once.")
    return str(sorted(numbers))


def _find_row(place: str, field: Field, text: str, target: Resource, labels: Sequence[str]) -> int:
    if re.fullmatch("[1-9][0-9]{0,2}", text) and int(text) <= len(labels):
        return int(text)
    named = find_field(target, target.label)
    try:
        source = named.kind.parse(text).wire if named else ""
    except ValueError:
        source = ""
    found = [number for number, label in enumerate(labels, 1) if source and label == source]
    if len(found) != 1:
        raise wrong(
            f"{place} refers with {field.name} to {show(text)}, which is "
            f"{'more than one row' if found else 'no row'} of the sample of {show(target.name)}.",
            f"Give the number of a row, 1 for the first, or its {target.label}."
            if labels
            else f"Give {show(target.name)} a sample as well.",
        )
    return found[0]


def _check_unique(resource: Resource, field: Field, sample: Sequence[Row]) -> None:
    default = field.default.wire if field.default else ""
    values = [value for row in sample if (value := row.get(field.name, default))]
    for value in values:
        if values.count(value) > 1:
            raise wrong(
                f"The sample of {show(resource.name)} has the {field.name} {value} twice, which is "
                "unique.",
                "Give each row its own.",
            )


def _break_text(name: str, source: str) -> str:
    """Break the source of a long text into pieces, each of which fits onto a line."""
    if not source.startswith('"') or len(name) + len(source) <= LONGEST_VALUE:
        return source
    text = ast.literal_eval(source)
    tries = (_cut_text(text, LONGEST_PIECE // escape) for escape in (1, 2, 6, 10))
    return f"({' '.join(next(p for p in tries if max(map(len, p)) <= LONGEST_VALUE))})"


def _cut_text(text: str, most: int) -> list[str]:
    """Cut a text into pieces of so many characters, after lines and blanks, and write them."""
    some = f".{{1,{most}}}"
    form = rf".{{0,{most}}}\n{{1,4}}|{some}(?: {{1,4}}|\Z)|{some}"
    return list(map(make_source, re.findall(form, text)))


def _name_place(resource: Resource, number: int) -> str:
    return f"Row {number} of the sample of {show(resource.name)}"
