"""What the templates of pages are given for each resource: ready lines of HTML and Python."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from starlette_new.fields import make_dict
from starlette_new.language import Field, Resource
from starlette_new.names import make_attribute
from starlette_new.parameters import name_parameters
from starlette_new.relations import list_references
from starlette_new.view_controls import name_title, write_control
from starlette_new.view_related import list_imported, list_related, name_queries
from starlette_new.view_resource import (
    View,
    list_kinds,
    name_kinds,
    name_label,
    write_body,
    write_column,
)
from starlette_new.view_values import (
    HIDDEN,
    list_columns,
    list_facts,
    write_cell,
    write_detail,
    write_head,
    write_label,
)


def view_pages(resource: Resource, resources: Sequence[Resource]) -> View:
    """Work out the data of a resource's pages."""
    related = list(list_related(resource, resources))
    typed = [write_form_field(resource, field) for field in resource.fields if field.kind.form]
    return {
        "board": resource.board,
        "form_class": f"{resource.class_name}{'Form' if typed else 'Write'}",
        "form_members": typed,
        "kinds": ", ".join(
            sorted({*name_kinds(_as_form(resource)), *name_kinds(resource), "DateTime", "Moment"})
        ),
        **_view_templates(resource, resources),
        "references_source": make_dict(
            {
                make_attribute(f.name): f"{name_queries(f.target, resource)}.LISTING"
                for f in list_references(resource)
            }
        ),
        "related_source": make_dict({name: source for name, source, _ in related}),
        "form_values": _write_values(resource),
        "name_lines": list(_list_names(resource)),
        "page_imports": list(_list_imports(resource, resources)),
    }


def list_form_kinds(resource: Resource) -> set[str]:
    """Give the kinds of values that a resource's forms need, as files in `kinds/`."""
    needed = {"IdTexts": {"Ids", "IdText", "Id"}, "JsonText": {"Json"}}
    used = list_kinds(_as_form(resource))
    return used.union(*(needed.get(kind, set()) for kind in used))


def write_form_field(resource: Resource, field: Field) -> str:
    """Write the member of a form's schema, for a value that a form has in another way."""
    return write_body(resource, replace(field, kind=replace(field.kind, write=field.kind.form)))


def _as_form(resource: Resource) -> Resource:
    fields = [
        replace(f, kind=replace(f.kind, write=f.kind.form or f.kind.write)) for f in resource.fields
    ]
    return replace(resource, fields=tuple(fields))


def _view_templates(resource: Resource, resources: Sequence[Resource]) -> View:
    """Write the templates of the resource: what each sets, and the blocks that it fills."""
    columns = list_columns(resource)
    plural, one = name_title(resource.plural), name_label(resource.name)
    base = {"section": resource.plural, "plural": plural, "one": one}
    listed = {"title": plural, "address": f"/{resource.plural}"}
    title = f"row.{make_attribute(resource.label)} | named(row.id)"
    tables = _close({resource.name}, resources)
    referring = {r.name for r in resources if any(f.target == resource.name for f in r.fields)}
    live = {"live": _name_tables(tables, resources)}
    more = {"live": _name_tables(tables | _close(referring, resources), resources)}
    board = {
        "title": f"{plural}: board",
        "address": f"/{resource.plural}/board",
        "field": resource.board,
    }
    to_board = f'<a class="button" href="{board["address"]}">Board</a>'
    to_list = f'<a class="button" href="{listed["address"]}">List</a>'
    heads = [write_head(resource, n) for n in (resource.label, *(f.name for f in columns))]
    cells = [write_label(resource), *(write_cell(field, resources) for field in columns)]
    details = [
        write_detail(field, resources)
        for field in resource.fields
        if field.name != resource.label or field.type in HIDDEN
    ]
    return {
        "list_lines": [
            _write_set(base | listed | live),
            *_write_block("views", [to_board] * bool(resource.board)),
            *_write_block("filters", _list_filters(resource, "")),
            *_write_block("head", heads),
            *_write_block("row", cells),
        ],
        "detail_lines": [
            _write_set(base | more, title=title),
            *_write_block("warning", _write_warning(resource, resources)),
            *_write_block("fields", details),
            *_write_block(
                "related",
                [line for _, _, lines in list_related(resource, resources) for line in lines],
            ),
        ],
        "form_lines": [
            _write_set(base, title=f'({title}) if row else "New {one}"', **_list_labels(resource)),
            *_write_block("fields", map(write_control, resource.fields)),
        ],
        "board_lines": [
            _write_set(base | board | live),
            *_write_block("views", [to_list]),
            *_write_block("filters", _list_filters(resource, resource.board)),
            *_write_block("card", _list_card(resource, resources)),
        ],
    }


def _write_set(texts: dict[str, str], **sources: str) -> str:
    values = {name: json.dumps(text) for name, text in texts.items()} | sources
    return f"{{% set {', '.join(values)} = {', '.join(values.values())} %}}"


def _list_labels(resource: Resource) -> dict[str, str]:
    """Give the labels that are not what the names of the inputs say."""
    labels = {field.name: name_title(field.word) for field in list_references(resource)}
    return {"labels": json.dumps(labels)} if labels else {}


def _write_warning(resource: Resource, resources: Sequence[Resource]) -> list[str]:
    """Say what is deleted with a row: what needs it, and what needs that, in some steps."""
    needs = {r.name: {f.target for f in r.fields if f.is_ref and f.required} for r in resources}
    gone = {resource.name}
    while more := {name for name in needs if needs[name] & gone} - gone:
        gone |= more
    words = [name_label(one.plural) for one in resources if one.name in gone - {resource.name}]
    if not words:
        return []
    names = " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
    return [f"Its {names} are deleted with it. None of this can be brought back."]


def _close(names: set[str], resources: Sequence[Resource]) -> set[str]:
    """Give these resources, and all that they refer to in some steps."""
    found, waiting = set(names), list(names)
    targets = {one.name: [f.target for f in list_references(one)] for one in resources}
    while waiting:
        for name in targets[waiting.pop()]:
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _name_tables(names: set[str], resources: Sequence[Resource]) -> str:
    return " ".join(one.plural for one in resources if one.name in names)


def _list_names(resource: Resource) -> Iterator[str]:
    """Say what a row is called, and which color it has."""
    yield f"label={write_column(resource.label)},"
    for field in [field for field in resource.fields if field.type == "color"][:1]:
        yield f"color={write_column(field.name)},"


def _write_block(name: str, lines: Iterable[str]) -> list[str]:
    """Write a block, or nothing where nothing stands in it."""
    inner = [*lines]
    return [f"{{% block {name} %}}", *inner, "{% endblock %}"] if inner else []


def _list_filters(resource: Resource, board: str) -> Iterator[str]:
    equal, _ = name_parameters(resource)
    query = "request.query_params"
    if any(field.kind.searched for field in resource.fields):
        yield f"{{{{ macros.search({query}) }}}}"
    for field in resource.fields:
        if field.name == board or field.name not in equal:
            continue
        start = f'{query}, "{equal[field.name]}", {json.dumps(name_title(field.word))}'
        if field.kind.choices:
            yield f"{{{{ macros.filter({start}, {json.dumps(field.kind.choices)}) }}}}"
        elif field.type == "bool":
            yield f'{{{{ macros.filter({start}, ["true", "false"]) }}}}'
        elif field.target:
            yield f'{{{{ macros.rows({start}, names["{make_attribute(field.name)}"]) }}}}'


def _list_imports(resource: Resource, resources: Sequence[Resource]) -> Iterator[str]:
    plurals = {one.name: one.plural for one in resources}
    for name in sorted(list_imported(resource, resources)):
        yield f"from app.resources.{plurals[name]} import queries as {name}_queries"
    if resource.board:
        yield "from app.forms import move"
        yield "from app.reading import check"
    if any(field.type == "json" for field in resource.fields):
        yield "from app.forms import write_json"


def _list_card(resource: Resource, resources: Sequence[Resource]) -> Iterator[str]:
    label, *facts = list_facts(resource, resources, without=resource.board)
    yield f"<h3>{label}</h3>"
    if facts:
        yield from ('<div class="facts">', *facts, "</div>")


def _write_values(resource: Resource) -> str:
    """Write the expression that gives the values of a row as a form shows them."""
    texts = {
        field.name: f"write_json(row.{make_attribute(field.name)})"
        for field in resource.fields
        if field.type == "json"
    }
    return "to_builtins(row)" + (f" | {make_dict(texts)}" if texts else "")
