"""The database engines: how each writes the columns and indexes of resources."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette_new.errors import UsageProblem, show
from starlette_new.field_types import LONGEST_SORTED
from starlette_new.language import Field, Resource
from starlette_new.relations import name_link, sort_by_need

LONGEST_NAME = 63


@dataclass(frozen=True)
class Engine:
    """How an engine writes tables, as source.

    moment: the type of moments in a model; stored: the same in a migration. id: what follows the
    name of the column `id` in a migration; reference: the type of a column that refers to it.
    table: what follows the columns of a table. failures: what SQLAlchemy raises where the engine
    fails, and not the statement. indexed: columns of every table that have an index, beside those
    of its fields.
    """

    moment: str
    stored: str
    id: str
    reference: str
    table: str
    failures: tuple[str, ...]
    indexed: tuple[str, ...]


SQLITE = Engine(
    moment="UtcDateTime()",
    stored="sa.DateTime()",
    id="sa.Integer()",
    reference="sa.Integer()",
    table="sqlite_autoincrement=True,",
    failures=("OperationalError",),
    indexed=("updated_at",),
)
POSTGRES = Engine(
    moment="sa.DateTime(timezone=True)",
    stored="sa.DateTime(timezone=True)",
    id="sa.BigInteger(), sa.Identity()",
    reference="sa.BigInteger()",
    table="",
    failures=("InterfaceError", "InternalError", "OperationalError"),
    indexed=("created_at", "updated_at"),
)
ENGINES = {"sqlite": SQLITE, "postgres": POSTGRES, "none": replace(SQLITE, failures=())}
_NATIVE = (
    (r"UtcDateTime\(\)", POSTGRES.moment),
    (r"ExactDecimal\(", "sa.Numeric("),
    (r"sa\.JSON\(", "postgresql.JSONB("),
    (r"sa\.Integer\(", "sa.BigInteger("),
)


def adapt(resources: Sequence[Resource], with_db: str) -> tuple[Resource, ...]:
    """Give the resources with the columns that an engine has: the table of types has SQLite's.

    Each column by which rows are found has an index: on PostgreSQL that is every filter. Raises
    UsageProblem for what PostgreSQL cannot keep.
    """
    if with_db != "postgres":
        return tuple(map(_index, resources))
    for resource in resources:
        _check(resource)
        _check_sample(resource, resources)
    return tuple(
        replace(resource, fields=tuple(map(_adapt_field, resource.fields)), engine=with_db)
        for resource in resources
    )


def _index(resource: Resource) -> Resource:
    """Give a resource that has an index for its order, for its board, and for its names."""
    wanted = {resource.sort.removeprefix("-"), resource.board, resource.label}
    return replace(
        resource,
        fields=tuple(
            replace(field, index=field.index or (field.name in wanted and field.kind.sorts))
            for field in resource.fields
        ),
    )


def _check(resource: Resource) -> None:
    """Raise where a name would be cut, or a key would not fit into a page of its index."""
    for field in resource.fields:
        name = f"pk_{name_link(resource, field)}" if field.is_many else ""
        name = name or f"ck_{resource.plural}_{field.name}"
        if len(name) > LONGEST_NAME:
            raise UsageProblem(
                f"The field {show(field.word)} of {show(resource.name)} makes the name {name}, "
                f"which is longer than PostgreSQL's {LONGEST_NAME} characters.",
                "Give the field or the resource a shorter name.",
                field="resources",
            )
        is_long = field.type == "str" and not field.kind.sorts
        if is_long and (field.unique or field.index):
            raise UsageProblem(
                f"The field {show(field.word)} of {show(resource.name)} may be too long for an "
                "index of PostgreSQL.",
                f"Make it a str of at most {LONGEST_SORTED} characters, or leave out unique and "
                "index.",
                field="resources",
            )


def _check_sample(resource: Resource, resources: Sequence[Resource]) -> None:
    """Raise where a row refers to one that is not there yet: its key is checked at once."""
    order = {one.name: number for number, one in enumerate(sort_by_need(resources))}
    references = {field.name: field.target for field in resource.fields if field.is_ref}
    for number, row in enumerate(resource.sample, 1):
        for name, target in references.items():
            value = dict(row).get(name, "None")
            place = (order[resource.name], number)
            if value != "None" and (order[target], int(value)) > place:
                raise UsageProblem(
                    f"Row {number} of the sample of {show(resource.name)} refers to a row that "
                    "PostgreSQL does not have yet.",
                    "Put that row before it, or leave the reference out.",
                    field="resources",
                )


def _adapt_field(field: Field) -> Field:
    """Give a field its native column, and an index where lists are filtered by it."""
    column = field.kind.column
    for pattern, native in _NATIVE:
        column = re.sub(pattern, native, column)
    index = field.index or bool(field.kind.query and (field.kind.sorts or field.type == "url"))
    field = replace(field, kind=replace(field.kind, column=column), index=index)
    if field.type != "decimal" or field.default is None:
        return field
    number = field.default.wire.strip('"')
    return replace(field, default=replace(field.default, column=f'sa.text("{number}")', sql=number))
