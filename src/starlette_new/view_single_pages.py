"""What the pages of the single layout are given: for each resource, its list and its form."""

import json
from ast import literal_eval
from collections.abc import Sequence

from starlette_new.defaults import make_source
from starlette_new.fields import make_dict, make_list
from starlette_new.language import Field, Resource
from starlette_new.view_controls import name_title
from starlette_new.view_single_sql import write_delete, write_options, write_select

View = dict[str, object]

PAGE_IMPORTS = [
    "from collections.abc import Awaitable, Callable, Mapping",
    "from typing import Any, NamedTuple",
    "from urllib.parse import parse_qsl",
    "from jinja2 import Environment, FileSystemLoader",
    "from starlette.datastructures import Headers",
    "from starlette.responses import HTMLResponse, RedirectResponse",
]
PAGE_SETTINGS = [
    "TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)"
]
PAGE_ROUTES = [
    "*(Route(path, PageEndpoint, name=path) for path in PAGES),",
    '*(Route(path + "/{id}/delete", delete_row, methods=["POST"], name=path) for path in PAGES),',
]
NO_PAGES: View = {"guard_lines": [], "policy_lines": []}

_GUARD = [
    "if is_foreign(scope):",
    '    raise HTTPException(403, "A page of another site may not ask for this.")',
]
_POLICY = """(b"content-security-policy", b"form-action 'self'"),"""
_CONTROLS = {
    "area": "textarea",
    "int": "number",
    "float": "number",
    "decimal": "number",
    "bool": "checkbox",
    "moment": "datetime-local",
    "json": "textarea",
    "choice": "select",
    "reference": "select",
}
"""By what a type calls its control, what HTML does, where that is another word."""
_WHERE_EMPTY = {"checkbox": "select", "color": "text"}
"""A checkbox is never empty, and neither is an input of colors."""
_UNITS = {"moment": " (UTC)", "json": " (JSON)"}


def view_pages(resources: Sequence[Resource], has_conflict: bool) -> View:
    """Work out the pages of resources, and what protects them."""
    fields = [field for resource in resources for field in resource.fields]
    has_moments = any(field.type == "datetime" for field in fields)
    has_references = any(field.is_ref for field in fields)
    return {
        "guard_lines": _GUARD,
        "policy_lines": [_POLICY],
        "has_moments": has_moments,
        "readers": '{"json": read_value' + ', "utc": read_moment' * has_moments + "}",
        "option_fields": ["options: Mapping[str, str]"] * has_references,
        "refused": "(ValidationError, IntegrityError)" if has_conflict else "ValidationError",
        "has_references": has_references,
        "has_unique": any(field.unique for field in fields),
        "page_lines": [_write_page(one, resources, has_references) for one in resources],
        "form_lines": [line for one in resources for line in _write_form(one, resources)],
    }


def _write_page(resource: Resource, resources: Sequence[Resource], has_references: bool) -> str:
    targets = {field.target for field in resource.fields if field.is_ref}
    options = {one.plural: write_options(one) for one in resources if one.name in targets}
    arguments = [
        f"create_{resource.name}",
        write_select(resource, resources),
        write_delete(resource),
        *[make_dict(options)] * has_references,
    ]
    return f'"/{resource.plural}": Page({", ".join(arguments)}),'


def _write_form(resource: Resource, resources: Sequence[Resource]) -> list[str]:
    """Write the part of the template that asks for a row of one resource."""
    plurals = {one.name: one.plural for one in resources}
    inputs = [
        f"{{{{- field({', '.join(_list_arguments(field, plurals.get(field.target, '')))}) }}}}"
        for field in resource.fields
    ]
    return [f'{{%- if path == "/{resource.plural}" %}}', *inputs, "{%- endif %}"]


def _list_arguments(field: Field, plural: str) -> list[str]:
    control = _CONTROLS.get(field.kind.control, field.kind.control)
    if field.nullable:
        control = _WHERE_EMPTY.get(control, control)
    default, choices = _write_default(field), _write_choices(field, plural)
    return [
        make_source(write_name(field)),
        make_source(name_title(field.word) + _UNITS.get(field.kind.control, "")),
        *[make_source(control)] * (control != "text"),
        *[f"default={make_source(default)}"] * bool(default),
        *["required=true"] * (field.required and control != "checkbox"),
        *[f"choices={choices}"] * (control == "select"),
    ]


def write_name(field: Field) -> str:
    """Write what a form calls a field: the name says how its text is read."""
    reader = ":utc" if field.kind.control == "moment" else ":json" if field.kind.form else ""
    return field.name + reader + "?" * field.nullable


def _write_choices(field: Field, plural: str) -> str:
    if field.is_ref:
        return f"{plural}_options"
    return make_list(list(field.kind.choices or ("true", "false")))


def _write_default(field: Field) -> str:
    """Write a default as a form has it; what only the clock knows stays empty."""
    if field.default:
        return write_text(field, field.default.wire or "None")
    return "#000000" if field.type == "color" and not field.nullable else ""


def write_text(field: Field, source: str) -> str:
    """Write a value, given as Python source, as a form has it."""
    value = literal_eval(source)
    if value is None:
        return ""
    if field.type == "json" or not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value.removesuffix("Z") if field.type == "datetime" else value
