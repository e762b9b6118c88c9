"""How pages show values: in lists, on the page of a row, and on cards."""

import json
from collections.abc import Sequence

from starlette_new.language import Field, Resource
from starlette_new.names import make_attribute
from starlette_new.view_controls import name_title

MOST_COLUMNS = 6
"""Fields that a list shows beside the label."""
ELEMENTS = ("enum", "email", "url", "ref", "many")
"""Types of fields that are shown as elements of their own: badges and links."""
BARE = ("bool", "int", "float", "decimal", "date", "datetime", "time")
"""Types of fields whose values say nothing without a label."""
HIDDEN = ("text", "json")
"""Types of fields that only the page of a row shows."""


def list_columns(resource: Resource) -> list[Field]:
    """Give the fields that a list shows beside the label."""
    shown = [f for f in resource.fields if f.name != resource.label and f.type not in HIDDEN]
    return shown[:MOST_COLUMNS]


def list_facts(resource: Resource, resources: Sequence[Resource], without: str) -> list[str]:
    """Write what tells a row from others at a glance: its link, and what its columns have."""
    link = f'<a href="/{resource.plural}/{{{{ row.id }}}}">{_name(resource)}</a>'
    fields = [field for field in list_columns(resource) if field.name != without]
    return [link, *(_show_fact(field, resources) for field in fields)]


def _show_fact(field: Field, resources: Sequence[Resource]) -> str:
    """Write a value as an element: side by side, plain texts would be one."""
    label = f"<small>{name_title(field.word)}</small> " if field.type in BARE else ""
    shown = _show(field, resources, "", label)
    return shown if field.type in ELEMENTS else f"<span>{shown}</span>"


def list_texts(resource: Resource, resources: Sequence[Resource]) -> list[str]:
    """Write the long texts of a row, but for the one that is its label."""
    fields = [f for f in resource.fields if f.type == "text" and f.name != resource.label]
    return [f'<p class="text">{_show(field, resources, "")}</p>' for field in fields]


def write_head(resource: Resource, name: str) -> str:
    field = next((field for field in resource.fields if field.name == name), None)
    title = json.dumps(name_title(field.word) if field else "Number")
    if field and not field.kind.sorts:
        return f'<th scope="col">{json.loads(title)}</th>'
    return f'{{{{ macros.head("{name}", {title}, sort, kept) }}}}'


def write_label(resource: Resource) -> str:
    link = f'<a href="/{resource.plural}/{{{{ row.id }}}}">{_name(resource)}</a>'
    return f'<th scope="row">{link}</th>'


def _name(resource: Resource) -> str:
    return f"{{{{ row.{make_attribute(resource.label)} | named(row.id) }}}}"


def write_cell(field: Field, resources: Sequence[Resource]) -> str:
    number = ' class="number"' if field.type in ("int", "float", "decimal") else ""
    return f"<td{number}>{_show(field, resources)}</td>"


def write_detail(field: Field, resources: Sequence[Resource]) -> str:
    long = ' class="long"' if field.type in HIDDEN else ""
    return f"<div{long}><dt>{name_title(field.word)}</dt><dd>{_show(field, resources)}</dd></div>"


def _show(
    field: Field, resources: Sequence[Resource], nothing: str = "&ndash;", label: str = ""
) -> str:
    """Write how a value is shown, with its label if it needs one, and what stands for null."""
    value = f"row.{make_attribute(field.name)}"
    shown = label + _show_value(field, value, resources, nothing)
    if not field.nullable:
        return shown
    otherwise = f"{{% else %}}{nothing}" if nothing else ""
    return f"{{% if {value} is not none %}}{shown}{otherwise}{{% endif %}}"


def _show_value(field: Field, value: str, resources: Sequence[Resource], nothing: str) -> str:
    text = f"{{{{ {value} }}}}"
    if field.target:
        plural = next(one.plural for one in resources if one.name == field.target)
        names = f'"{plural}", names["{make_attribute(field.name)}"]'
        if field.is_ref:
            return f"{{{{ macros.named({names}, {value}) }}}}"
        otherwise = f"{{% else %}}{nothing}" if nothing else ""
        each = f"{{{{ macros.named({names}, id) }}}}"
        return f"{{% for id in {value} %}}{each} {otherwise}{{% endfor %}}"
    if field.kind.choices:
        rank = f'{{{{ ranks["{field.name}"].index({value}) }}}}'
        return f'<span class="badge b{rank}">{{{{ {value} | words }}}}</span>'
    return {
        "bool": f'{{{{ "Yes" if {value} else "No" }}}}',
        "datetime": f'{{{{ {value}.strftime("%Y-%m-%d %H:%M") }}}} UTC',
        "email": f'<a href="mailto:{text}">{text}</a>',
        "url": f'<a href="{text}" rel="noopener noreferrer">{text}</a>',
        "color": f"{{{{ macros.swatch({value}) }}}}{text}",
        "json": f"<code>{{{{ {value} | to_json }}}}</code>",
    }.get(field.type, text)
