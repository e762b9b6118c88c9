"""Entries of `resources:`: a line of the language, or a mapping with the line and more about it."""

import json
from collections.abc import Mapping
from dataclasses import replace

from starlette_new.errors import show
from starlette_new.language import Field, Resource, parse_resource
from starlette_new.parameters import list_sorts
from starlette_new.refusals import blaming, suggest, wrong

KEYS = ("line", "label", "board", "sort", "sample")
"""What an entry may say. Only the line must be there."""
MOST_ROWS = 100
"""Rows in a sample."""
NEVER_LABELS = ("ref", "many", "json")


def parse_entry(entry: object) -> Resource:
    """Read one entry but for the values of its sample; raise UsageProblem."""
    if isinstance(entry, str):
        return parse_resource(entry)
    if not isinstance(entry, Mapping):
        raise wrong(
            f"The resource {show(entry)} is neither a line nor a mapping.",
            "Write each as one line, in quotes where YAML asks for it: - task title:str",
        )
    line = entry.get("line")
    if not isinstance(line, str):
        raise wrong(f"The resource {show(dict(entry))} has no line.", 'Add one: line: "task a:str"')
    with blaming(line):
        return _read_keys(parse_resource(line), entry)


def find_field(resource: Resource, given: object) -> Field | None:
    """Find a field by the name of its member, or by the word it was given as."""
    return next((f for f in resource.fields if given in (f.name, f.word)), None)


def _read_keys(resource: Resource, entry: Mapping[object, object]) -> Resource:
    for key in entry:
        if key not in KEYS:
            raise wrong(
                f"The resource {show(resource.name)} has no key {show(key)}.",
                f"{suggest(str(key), KEYS)}The keys are {', '.join(KEYS)}.",
            )
    _check_sample(resource, entry.get("sample", []))
    return replace(
        resource,
        label=_read_label(resource, entry["label"]) if "label" in entry else resource.label,
        board=_read_board(resource, entry["board"]) if "board" in entry else resource.board,
        sort=_read_sort(resource, entry["sort"]) if "sort" in entry else "id",
        entry=json.dumps(entry),
    )


def _read_label(resource: Resource, given: object) -> str:
    names = ["id", *(f.name for f in resource.fields if f.type not in NEVER_LABELS)]
    return _choose(resource, "label", given, names)


def _read_board(resource: Resource, given: object) -> str:
    return _choose(
        resource,
        "board",
        given,
        [f.name for f in resource.fields if f.kind.choices and not f.nullable],
    )


def _read_sort(resource: Resource, given: object) -> str:
    sign = "-" if isinstance(given, str) and given.startswith("-") else ""
    name = given[1:] if isinstance(given, str) and sign else given
    return sign + _choose(resource, "sort", name, list_sorts(resource))


def _choose(resource: Resource, key: str, given: object, names: list[str]) -> str:
    field = find_field(resource, given)
    name = field.name if field else given
    if not isinstance(name, str) or name not in names:
        near = suggest(name, names) if isinstance(name, str) else ""
        raise wrong(
            f"The resource {show(resource.name)} has the {key} {show(given)}, which is no field "
            f"that can be the {key}.",
            f"{near}It can be {', '.join(names)}."
            if names
            else f"Leave the {key} out: there is no field of the type enum.",
        )
    return name


def _check_sample(resource: Resource, sample: object) -> None:
    """Raise UsageProblem unless a sample is made of lists, mappings and texts in their places."""
    if not isinstance(sample, list) or not all(isinstance(row, Mapping) for row in sample):
        raise wrong(
            f"The sample of {show(resource.name)} is no list of rows.",
            'Write each row as a mapping: - title: "Buy milk"',
        )
    if len(sample) > MOST_ROWS:
        raise wrong(
            f"The sample of {show(resource.name)} has {len(sample)} rows.",
            f"Give at most {MOST_ROWS}.",
        )
    for number, row in enumerate(sample, 1):
        for name, value in row.items():
            inner = value if isinstance(value, list) else [name, value]
            if not all(isinstance(text, str) for text in inner):
                raise wrong(
                    f"Row {number} of the sample of {show(resource.name)} has a value that is no "
                    f"text: {show(value)}.",
                    "Put quotes around it, also around JSON.",
                )
