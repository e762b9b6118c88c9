"""What `test_main.py` of the single layout is given: rows, limits, references, ready to place."""

from collections.abc import Sequence

from starlette_new.blueprint import Blueprint
from starlette_new.defaults import make_source
from starlette_new.fields import make_dict, make_list
from starlette_new.language import Field, Resource
from starlette_new.relations import close, is_circular
from starlette_new.view_single_pages import write_name, write_text
from starlette_new.view_single_values import has_clock, read_longest

View = dict[str, object]
Samples = dict[str, str]

_ALWAYS = {
    "path": "str",
    "rows": "list[dict[str, object]]",
    "required": "list[str]",
    "defaults": "dict[str, object]",
    "kept": "dict[str, list[object]]",
    "refused": "dict[str, list[object]]",
}
_WHERE_USED = {
    "rewritten": "dict[str, list[tuple[object, object]]]",
    "clocks": "list[str]",
    "unique": "list[str]",
    "references": "dict[str, str]",
    "goes": "dict[str, bool]",
    "parents": "list[str]",
}
_WITH_PAGES = {"form": "dict[str, str]", "texts": "list[str]"}
_IMPORTS = [
    "import asyncio",
    "from dataclasses import dataclass",
    "from starlette.exceptions import HTTPException",
    "from starlette.types import Message",
]
_PAGE_IMPORTS = ["import re", "from markupsafe import escape"]
_HOSTILE = 4
"""Characters of the shortest text that could do harm."""
_DATABASE = """monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/it's 100 %#.db")"""
_BODY_SECONDS = 'monkeypatch.setenv("BODY_SECONDS", "20")'


def view_tests(blueprint: Blueprint) -> View:
    """Work out what the tests import and set up, what they know, and which claims they make."""
    has_database = blueprint.with_db != "none"
    resources = blueprint.resources
    has_pages = blueprint.has_pages
    samples = [_write_samples(resource, resources) for resource in resources]
    used = [name for name in _WHERE_USED if any(sample[name] not in "[]{}" for sample in samples)]
    known = _ALWAYS | {name: _WHERE_USED[name] for name in used}
    known |= _WITH_PAGES if has_pages else {}
    return {
        "test_imports": [
            *["from pathlib import Path"] * has_database,
            *_IMPORTS * bool(resources),
            *["from unittest.mock import ANY"] * ("clocks" in used),
            *_PAGE_IMPORTS * has_pages,
        ],
        "fixture_arguments": ", ".join(
            ["monkeypatch: pytest.MonkeyPatch", *["tmp_path: Path"] * has_database]
        ),
        "fixture_lines": [
            *[_DATABASE] * has_database,
            *[_BODY_SECONDS] * bool(resources),
            "importlib.reload(main)",
        ],
        **_view_fixture("parents" in used),
        "sample_fields": [f"{name}: {kind}" for name, kind in known.items()],
        "samples": [
            f"Sample({', '.join(f'{name}={sample[name]}' for name in known)},),"
            for sample in samples
        ],
        "claims": [
            *[name for name in used if name != "parents"],
            *_list_page_claims(resources, used) * has_pages,
        ],
        "has_parents": "parents" in used,
    }


def _list_page_claims(resources: Sequence[Resource], used: Sequence[str]) -> list[str]:
    """Name what is claimed of pages: `page_unique` where values can be taken, and so on."""
    types = {field.type for resource in resources for field in resource.fields}
    kinds = [name for name in ("unique", "references") if name in used]
    kinds += ["moments"] * ("datetime" in types)
    return ["pages", *(f"page_{kind}" for kind in kinds)]


def _view_fixture(has_parents: bool) -> View:
    """Write the fixture that gives a sample: the rows it refers to must be there."""
    if not has_parents:
        return {
            "sample_arguments": "request: pytest.FixtureRequest",
            "sample_setup": ["sample: Sample = request.param", "return sample"],
        }
    return {
        "sample_arguments": "request: pytest.FixtureRequest, client: AsyncClient",
        "sample_setup": [
            "sample: Sample = request.param",
            "for parent in sample.parents:",
            "    rows = next(other.rows for other in SAMPLES if other.path == parent)",
            "    for row in rows:",
            "        assert (await client.post(parent, json=row)).status_code == 201",
            "return sample",
        ],
    }


def _write_samples(resource: Resource, resources: Sequence[Resource]) -> Samples:
    """Write what the tests know about one list, as source."""
    fields = resource.fields
    filled = [field for field in fields if not is_loose(resource, field, resources)]
    plurals = {one.name: f"/api/{one.plural}" for one in resources}
    return {
        "path": make_source(plurals[resource.name]),
        "rows": make_list([_write_row(fields, filled, i) for i in range(3)], quote=False),
        "required": make_list([field.name for field in fields if field.required]),
        "defaults": make_dict({f.name: _write_default(f) for f in fields if not f.required}),
        "kept": make_dict({f.name: _write_kept(f) for f in fields if f.kind.kept or f.nullable}),
        "refused": make_dict({f.name: _write_refused(f) for f in fields} | {"not a field": "[1]"}),
        "rewritten": make_dict({f.name: _write_pairs(f) for f in fields if f.kind.rewritten}),
        "clocks": make_list([field.name for field in fields if has_clock(field)]),
        "unique": make_list([field.name for field in filled if field.unique]),
        "references": make_dict(
            {field.name: make_source(plurals[field.target]) for field in fields if field.is_ref}
        ),
        "goes": make_dict(
            {
                field.name: str(_goes(resource, field, resources))
                for field in fields
                if field.is_ref and (field in filled or field.target == resource.name)
            }
        ),
        "parents": make_list([plurals[name] for name in _list_parents(resource, resources)]),
        "form": make_dict({write_name(f): _write_typed(f, f in filled) for f in fields}),
        "texts": make_list([field.name for field in fields if _may_harm(field)]),
    }


def is_loose(resource: Resource, field: Field, resources: Sequence[Resource]) -> bool:
    """Tell whether the samples must leave a reference out: it leads back to where it starts."""
    back = field.target == resource.name or (
        field.is_ref and is_circular(resource, field, resources)
    )
    return back and not field.required


def _list_parents(resource: Resource, resources: Sequence[Resource]) -> list[str]:
    """Name the resources that the samples refer to, each after those it refers to itself."""
    by_name = {one.name: one for one in resources}
    found: dict[str, None] = {}

    def visit(one: Resource) -> None:
        for field in one.fields:
            loose = not field.is_ref or is_loose(one, field, resources)
            if not loose and field.target not in found:
                visit(by_name[field.target])
                found[field.target] = None

    visit(resource)
    return list(found)


def _goes(resource: Resource, field: Field, resources: Sequence[Resource]) -> bool:
    """Tell whether a row goes with what it refers to, directly or in some steps."""
    return field.target in close({resource.name}, resources) - {resource.name}


def _write_row(fields: Sequence[Field], filled: Sequence[Field], number: int) -> str:
    return make_dict({f.name: _write_sample(f, number) if f in filled else "None" for f in fields})


def _write_sample(field: Field, number: int) -> str:
    return str(number + 1) if field.is_ref else field.kind.samples[number]


def _write_typed(field: Field, is_filled: bool) -> str:
    """Write what someone types into a form for the first row."""
    return make_source(write_text(field, _write_sample(field, 0)) if is_filled else "")


def _may_harm(field: Field) -> bool:
    return field.type in ("str", "text") and int(read_longest(field)) >= _HOSTILE


def _write_default(field: Field) -> str:
    if has_clock(field):
        return "ANY"
    return field.default.wire if field.default else "None"


def _write_kept(field: Field) -> str:
    return make_list([*field.kind.kept, *["None"] * field.nullable], quote=False)


def _write_refused(field: Field) -> str:
    return make_list([*field.kind.refused, *["None"] * (not field.nullable)], quote=False)


def _write_pairs(field: Field) -> str:
    return make_list(
        [f"({sent}, {answered})" for sent, answered in field.kind.rewritten], quote=False
    )
