"""The first migration: the tables of all resources, as Alembic makes them."""

import re
from collections.abc import Sequence

from starlette_new.engines import ENGINES
from starlette_new.language import Field, Resource
from starlette_new.parameters import STAMPS
from starlette_new.relations import name_link, sort_by_need
from starlette_new.text_indexes import EXTENSION, create_text_index, drop_virtual_table
from starlette_new.view_resource import has_index, view_links, write_check


def write_upgrade(resources: Sequence[Resource]) -> list[str]:
    """Write the statements that make the tables, each after those it cannot do without."""
    ordered = sort_by_need(resources)
    lines = [line for resource in ordered for line in create_table(resource, resources)]
    for resource in ordered:
        for link in view_links(resource, resources):
            lines += create_link(resource, link)
    return list_extensions(lines) + lines or ["pass"]


def write_downgrade(resources: Sequence[Resource]) -> list[str]:
    """Write the statements that drop the tables."""
    ordered = sort_by_need(resources)
    virtual = [line for resource in ordered for line in drop_virtual_table(resource)]
    links = [name_link(r, field) for r in ordered for field in r.fields if field.is_many]
    tables = [*(resource.plural for resource in ordered), *links]
    return [*virtual, *(f'op.drop_table("{table}")' for table in reversed(tables))] or ["pass"]


def create_table(resource: Resource, resources: Sequence[Resource]) -> list[str]:
    """Write the statements that make a table and its indexes."""
    table, engine = resource.plural, ENGINES[resource.engine]
    columns = [write_column(field) for field in resource.fields if not field.is_many]
    constraints = [
        line
        for field in resource.fields
        if not field.is_many
        for line in _constraints(table, field, resources)
    ]
    stamps = [
        f'sa.Column("created_at", {engine.stored}, nullable=False)',
        f'sa.Column("updated_at", {engine.stored}, nullable=False)',
        'sa.Column("lock_version", sa.Integer(), nullable=False)',
    ]
    parts = [f'sa.Column("id", {engine.id}, nullable=False)', *columns, *stamps, *constraints]
    key = f'sa.PrimaryKeyConstraint("id", name="pk_{table}")'
    return [
        f'op.create_table("{table}", {", ".join([*parts, key])}, {engine.table})',
        *(create_index(table, name) for name in list_indexed(resource)),
        *create_text_index(resource),
    ]


def create_index(table: str, name: str) -> str:
    """Write the statement that makes an index: of rows with the same value in a list's order."""
    return f'op.create_index("ix_{table}_{name}", "{table}", ["{name}", "id"])'


def list_indexed(resource: Resource) -> list[str]:
    """Give the columns that have an index of their own."""
    names = [field.name for field in resource.fields if has_index(field) and not field.is_many]
    return [*names, *list_indexed_stamps(resource)]


def list_indexed_stamps(resource: Resource) -> list[str]:
    """Give those of the moments of a row that have an index."""
    wanted = (*ENGINES[resource.engine].indexed, resource.sort.removeprefix("-"))
    return [name for name in STAMPS if name in wanted]


def list_extensions(lines: Sequence[str]) -> list[str]:
    """Give the statements that these need before them."""
    return [EXTENSION] * any("gin_trgm_ops" in line for line in lines)


def write_type(field: Field) -> str:
    """Write the type of a column as the database has it."""
    kind = re.sub(r"ExactDecimal\(.*\)", "sa.BigInteger()", field.kind.column)
    return kind.replace("UtcDateTime()", "sa.DateTime()")


def write_column(field: Field) -> str:
    """Write a column, without its constraints."""
    kind = write_type(field)
    default = f"server_default={field.default.column}, " if field.default else ""
    return f'sa.Column("{field.name}", {kind}, {default}nullable={field.nullable})'


def _constraints(table: str, field: Field, resources: Sequence[Resource]) -> list[str]:
    name, lines = field.name, []
    if field.kind.choices:
        lines.append(f'sa.CheckConstraint({write_check(field)}, name=op.f("ck_{table}_{name}"))')
    if field.unique:
        lines.append(f'sa.UniqueConstraint("{name}", name="uq_{table}_{name}")')
    if field.is_ref:
        target = next(one.plural for one in resources if one.name == field.target)
        fate = "SET NULL" if field.nullable else "CASCADE"
        lines.append(
            f'sa.ForeignKeyConstraint(["{name}"], ["{target}.id"], name="fk_{table}_{name}", '
            f'ondelete="{fate}")'
        )
    return lines


def create_link(resource: Resource, link: dict[str, str]) -> list[str]:
    """Write the statements that make the table of a list."""
    table, keys = link["table"], [link["row"], link["other"]]
    targets = zip(keys, [resource.plural, link["target"]], strict=True)
    reference = ENGINES[resource.engine].reference
    columns = [f'sa.Column("{key}", {reference}, nullable=False)' for key in keys]
    foreign = [
        f'sa.ForeignKeyConstraint(["{key}"], ["{target}.id"], name="fk_{table}_{key}", '
        'ondelete="CASCADE")'
        for key, target in targets
    ]
    key = f'sa.PrimaryKeyConstraint("{keys[0]}", "{keys[1]}", name="pk_{table}")'
    return [
        f'op.create_table("{table}", {", ".join([*columns, *foreign, key])},)',
        f'op.create_index("ix_{table}_{keys[1]}", "{table}", ["{keys[1]}"])',
    ]
