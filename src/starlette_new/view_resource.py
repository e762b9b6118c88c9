"""What the templates of the standard layout are given for each resource."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill, wrap

from starlette_new.defaults import make_source
from starlette_new.fields import make_dict
from starlette_new.language import Field, Resource
from starlette_new.names import COLLECTION_METHODS, make_attribute, make_class, singularize
from starlette_new.parameters import ENDINGS, list_sorts, name_parameters
from starlette_new.relations import is_circular, name_link
from starlette_new.text_indexes import list_indexed_texts
from starlette_new.view_tests import view_tests

View = dict[str, object]

BUILTINS = ("str", "bool")
"""Types that a class can use only before it has a member of the name."""
IMPORTS = (
    (r"\bAnnotated\[", "from typing import Annotated"),
    (r"\bField\(", "from pydantic import Field"),
    (r"\bDecimal\b", "from decimal import Decimal"),
    (r"\bUUID\b", "from uuid import UUID"),
    (r"\bdt\.", "import datetime as dt"),
    (r"\bAny\b", "from typing import Any"),
    (r"\bpostgresql\.", "from sqlalchemy.dialects import postgresql"),
    (r"\bExactDecimal\(", "from app.columns import ExactDecimal"),
)
KINDS = (
    "text", "Int", "IntText", "Float", "FloatText", "BoolText", "Id", "IdText", "Ids", "Decimals",
    "Date", "DateTime", "Time", "Uuid", "Json", "Email", "Url", "Color", "now", "today", "time_now",
    "IdTexts", "MomentText", "JsonText",
)  # fmt: skip
"""The files in `kinds/` of the template, each after those it needs."""


def view_resource(resource: Resource, resources: Sequence[Resource]) -> View:
    """Work out names, types and lines of source for one resource."""
    columns = [field for field in resource.fields if not field.is_many]
    links = view_links(resource, resources)
    name = resource.class_name
    model_lines = [_write_model(field, resource, resources) for field in columns]
    write_lines = [write_body(resource, field) for field in resource.fields]
    patch_lines = _list_members(
        f"{field.name}: {_annotate_body(resource, field)}" for field in resource.fields
    )
    equal, ranges = name_parameters(resource)
    query_lines = _list_members(_list_parameters(resource))
    read_lines = [_write_read(field) for field in columns]
    enum_lines = [f"{name_enum(resource, f)} = {f.kind.write}" for f in columns if f.kind.choices]
    dump = f"data.{write_dump(resource)}"
    one = f"schemas.{name}Read(*row)"
    schema_lines = [*enum_lines, *write_lines, *patch_lines, *query_lines, *read_lines]
    return {
        "name": resource.name,
        "plural": resource.plural,
        "class_name": name,
        "label": name_label(resource.name),
        "labels": name_label(resource.plural),
        "links": links,
        "model_imports": _import(model_lines),
        "model_lines": model_lines,
        "schema_imports": _import(schema_lines),
        "kinds": ", ".join(sorted({*name_kinds(resource), "DateTime", "Moment"})),
        "enum_lines": enum_lines,
        "write_lines": write_lines,
        "patch_lines": patch_lines,
        "query_lines": query_lines,
        "sort_kind": _write_sorts(resource),
        "read_lines": read_lines,
        "equal_lines": [
            f'"{equal[field.name]}": {write_column(field.name)},'
            for field in columns
            if field.name in equal
        ],
        "range_lines": [f'"{ranges[name]}": {write_column(name)},' for name in ranges],
        "listing_lines": list(_list_listing(resource, resources)),
        "dump": dump,
        "read_one": "_read(session, [row])[0]" if links else one,
        "read_many": "_read(session, found)" if links else f"[{one} for row in found]",
        **view_tests(resource, resources),
    }


def write_dump(resource: Resource) -> str:
    """Write the call that gives a body's values by the names of their columns."""
    renamed = any(make_attribute(field.name) != field.name for field in resource.fields)
    return f"model_dump({'by_alias=True' if renamed else ''})"


def list_kinds(resource: Resource) -> set[str]:
    """Give the kinds of values that a resource's schemas need, as files in `kinds/`."""
    used = {re.sub(r"Decimal\d.*", "Decimals", name) for name in name_kinds(resource)}
    needed = {"IntText": "Int", "FloatText": "Float", "IdText": "Id", "Ids": "Id"}
    return used | {needed[kind] for kind in used & needed.keys()}


def name_kinds(resource: Resource) -> list[str]:
    """Name the kinds that a resource's schemas import."""
    sources = ["text"] if any(field.kind.searched for field in resource.fields) else []
    for field in resource.fields:
        default = field.default.python if field.default else ""
        sources += [field.kind.write, field.kind.query, default]
    words = set(re.findall(r"\w+", re.sub(r'"[^"]*"', "", " ".join(sources))))
    return sorted(word for word in words if word in KINDS or re.match(r"Decimal\d", word))


def view_links(resource: Resource, resources: Sequence[Resource]) -> list[dict[str, str]]:
    """Describe the tables of a resource's many-to-many fields."""
    return [_view_link(resource, f, resources) for f in resource.fields if f.is_many]


def _view_link(resource: Resource, field: Field, resources: Sequence[Resource]) -> dict[str, str]:
    row, other = f"{resource.name}_id", field.name.removesuffix("s")
    return {
        "field": field.name,
        "table": name_link(resource, field),
        "constant": f"{singularize(field.word).upper()}_LINKS",
        "row": row,
        "other": f"other_{other}" if other == row else other,
        "target": next(one.plural for one in resources if one.name == field.target),
    }


def name_label(name: str) -> str:
    return name.replace("_", " ")


def name_enum(resource: Resource, field: Field) -> str:
    """Name the type of an enum: the class and the field, and never what the schemas have."""
    name = resource.class_name + make_class(field.name)
    taken = [f"{resource.class_name}{part}" for part in ("Write", "Patch", "Query", "Read")]
    alike = [f.name for f in resource.fields if make_class(f.name) == make_class(field.name)]
    if name in (*taken, *KINDS, "BaseModel", "TypedDict") or alike[0] != field.name:
        return f"{name}Value{alike.index(field.name) or ''}"
    return name


def has_index(field: Field) -> bool:
    """Tell whether a column has an index of its own: a unique one has one already.

    That of a text is one with the other texts of its table.
    """
    return (field.index or field.is_ref) and not field.unique and field.type != "text"


def write_check(field: Field) -> str:
    """Write the condition that an enum's column must meet, as source."""
    values = ", ".join(f"'{choice}'" for choice in field.kind.choices)
    parts = wrap(f'"{field.name}" IN ({values})', 60, drop_whitespace=False)
    return " ".join(map(make_source, parts))


def _list_members(lines: Iterable[str]) -> list[str]:
    """Put the members of a TypedDict in an order in which none hides a type that others need."""
    ordered = sorted(lines, key=lambda line: line.partition(":")[0] in BUILTINS)
    return [f"{line}  # noqa: E741" if line.startswith("l:") else line for line in ordered]


def _list_parameters(resource: Resource) -> Iterator[str]:
    equal, ranges = name_parameters(resource)
    kinds = {
        field.name: name_enum(resource, field) if field.kind.choices else field.kind.query
        for field in resource.fields
    }
    if any(field.kind.searched for field in resource.fields):
        yield "q: Annotated[str, text(100)]"
    for name, parameter in equal.items():
        yield f"{parameter}: {kinds[name]}"
    for name, beginning in ranges.items():
        for end in ENDINGS:
            yield f"{beginning}{end}: {kinds.get(name, 'DateTime')}"


def _list_listing(resource: Resource, resources: Sequence[Resource]) -> Iterator[str]:
    searched = [write_column(field.name) for field in resource.fields if field.kind.searched]
    if searched:
        yield f"searched=[{', '.join(searched)}],"
    equal, _ = name_parameters(resource)
    linked = {
        equal[link["field"]]: f"models.{link['constant']}"
        for link in view_links(resource, resources)
    }
    if linked:
        yield f"linked={make_dict(linked)},"
    if resource.engine == "sqlite" and list_indexed_texts(resource):
        yield "texts=models.TEXTS,"
    ranks = {f.name: json.dumps(f.kind.choices) for f in resource.fields if f.kind.choices}
    if ranks:
        yield f"ranks={make_dict(ranks)},"
    if resource.sort != "id":
        yield f'sort="{resource.sort}",'


def _write_sorts(resource: Resource) -> str:
    """Write the type of an order: as few lines as hold it."""
    both = [json.dumps(sign + name) for name in list_sorts(resource) for sign in ("", "-")]
    line = f"Literal[{', '.join(both)}]"
    if len(line) <= 90:
        return line
    words = fill(", ".join(both) + ",", 96, initial_indent=" " * 8, subsequent_indent=" " * 8)
    return f"Literal[\n{words}\n    ]  # fmt: skip"


def write_column(name: str) -> str:
    return f'TABLE.c["{name}"]' if name in COLLECTION_METHODS else f"TABLE.c.{name}"


def _annotate_body(resource: Resource, field: Field) -> str:
    kind = name_enum(resource, field) if field.kind.choices else field.kind.write
    return kind + (" | None" if field.nullable else "")


def _annotate_value(field: Field) -> str:
    python = field.kind.python.replace("dt.datetime", "Moment")
    return python + (" | None" if field.nullable else "")


def _write_read(field: Field) -> str:
    attribute, kind = make_attribute(field.name), _annotate_value(field)
    renamed = f' = msgspec.field(name="{field.name}")' if attribute != field.name else ""
    return f"{attribute}: {kind}{renamed}"


def write_body(resource: Resource, field: Field) -> str:
    attribute, kind = make_attribute(field.name), _annotate_body(resource, field)
    if attribute != field.name:
        kind = f'Annotated[{kind}, Field(alias="{field.name}")]'
    if field.default:
        return f"{attribute}: {kind} = {field.default.python}"
    if field.is_many:
        return f"{attribute}: {kind} = Field(default_factory=list)"
    return f"{attribute}: {kind}" + (" = None" if field.nullable else "")


def _write_model(field: Field, resource: Resource, resources: Sequence[Resource]) -> str:
    attribute = make_attribute(field.name)
    python = "str" if field.kind.choices else field.kind.python
    arguments = [f'"{field.name}"'] if attribute != field.name else []
    arguments.append(field.kind.column)
    if field.is_ref:
        arguments.append(_write_foreign_key(field, resource, resources))
    if field.kind.choices:
        arguments.append(f'sa.CheckConstraint({write_check(field)}, name="{field.name}")')
    arguments += ["unique=True"] * field.unique
    if field.type == "json" and not field.nullable:
        arguments.append("nullable=False")
    if field.default:
        arguments.append(f"server_default={field.default.column}")
    kind = python + (" | None" if field.nullable else "")
    return f"{attribute}: orm.Mapped[{kind}] = orm.mapped_column({', '.join(arguments)})"


def _write_foreign_key(field: Field, resource: Resource, resources: Sequence[Resource]) -> str:
    target = next(one.plural for one in resources if one.name == field.target)
    fate = "SET NULL" if field.nullable else "CASCADE"
    circle = ", use_alter=True" if is_circular(resource, field, resources) else ""
    return f'sa.ForeignKey("{target}.id", ondelete="{fate}"{circle})'


def _import(lines: Iterable[str]) -> list[str]:
    source = re.sub(r'"[^"]*"', "", " ".join(lines))
    return [line for pattern, line in IMPORTS if re.search(pattern, source)]
