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
    lines = create_tables(ordered, resources)
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
    drops = [f'op.drop_table("{table}")' for table in reversed(tables)]
    return [*drop_late_references(ordered), *virtual, *drops] or ["pass"]


def create_tables(ordered: Sequence[Resource], resources: Sequence[Resource]) -> list[str]:
    """Write the statements that make some tables, in this order, and their indexes."""
    late = _list_late_references(ordered)
    lines = [line for one in ordered for line in _create_table(one, resources, late)]
    by_name = {one.name: one for one in resources}
    for resource, field in late:
        names = f'"fk_{resource.plural}_{field.name}", "{resource.plural}"'
        target = by_name[field.target].plural
        fate = _write_fate(field)
        lines.append(
            f'op.create_foreign_key({names}, "{target}", ["{field.name}"], ["id"], {fate})'
        )
    return lines


def drop_late_references(ordered: Sequence[Resource]) -> list[str]:
    """Write the statements that drop what the tables made later are referred to by."""
    return [
        f'op.drop_constraint("fk_{one.plural}_{field.name}", "{one.plural}", type_="foreignkey")'
        for one, field in _list_late_references(ordered)
    ]


def _list_late_references(ordered: Sequence[Resource]) -> list[tuple[Resource, Field]]:
    """List the references to tables that are made later; SQLite makes them as it pleases."""
    names = [one.name for one in ordered]
    return [
        (one, field)
        for number, one in enumerate(ordered)
        for field in one.fields
        if field.is_ref and field.target in names[number + 1 :] and one.engine == "postgres"
    ]


def _create_table(
    resource: Resource, resources: Sequence[Resource], late: Sequence[tuple[Resource, Field]]
) -> list[str]:
    table, engine = resource.plural, ENGINES[resource.engine]
    columns = [write_column(field) for field in resource.fields if not field.is_many]
    constraints = [
        line
        for field in resource.fields
        if not field.is_many
        for line in _constraints(table, field, resources, is_late=(resource, field) in late)
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


def _constraints(
    table: str, field: Field, resources: Sequence[Resource], *, is_late: bool
) -> list[str]:
    name, lines = field.name, []
    if field.kind.choices:
        lines.append(f'sa.CheckConstraint({write_check(field)}, name=op.f("ck_{table}_{name}"))')
    if field.unique:
        lines.append(f'sa.UniqueConstraint("{name}", name="uq_{table}_{name}")')
    if field.is_ref and not is_late:
        target = next(one.plural for one in resources if one.name == field.target)
        lines.append(
            f'sa.ForeignKeyConstraint(["{name}"], ["{target}.id"], name="fk_{table}_{name}", '
            f"{_write_fate(field)})"
        )
    return lines


def _write_fate(field: Field) -> str:
    """Write what becomes of a row whose target is deleted."""
    return f'ondelete="{"SET NULL" if field.nullable else "CASCADE"}"'


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
