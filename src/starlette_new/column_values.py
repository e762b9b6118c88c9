"""The values of a column in the next migration: converted, filled in, and found wanting."""

from collections.abc import Iterator, Sequence

from starlette_new.conversions import SAME, TEXTS, list_removed
from starlette_new.defaults import quote_sql
from starlette_new.language import Field, Resource
from starlette_new.relations import close, sort_by_need
from starlette_new.schema_changes import ColumnChange
from starlette_new.sql_source import quote, write_execute

_NOTHING = {
    "date": "'2000-01-01'",
    "datetime": "'2000-01-01 00:00:00.000000'",
    "time": "'00:00:00.000000'",
    "uuid": f"'{'0' * 32}'",
    "json": "'{}'",
    "bool": "FALSE",
    **dict.fromkeys(("int", "float", "decimal"), "0"),
}
_OF_ITS_OWN = {
    "date": "date('2000-01-01', \"id\" || ' days')",
    "datetime": "datetime('2000-01-01', \"id\" || ' seconds') || '.000000'",
    "time": 'printf(\'%02d:%02d:%02d.%06d\', "id" / 3600000000 % 24, "id" / 60000000 % 60, '
    '"id" / 1000000 % 60, "id" % 1000000)',
    "uuid": "printf('%032x', \"id\")",
    "email": "\"id\" || '@example.org'",
    "url": "'https://example.org/' || \"id\"",
    "color": "printf('#%06x', \"id\")",
    **dict.fromkeys(("int", "float", "decimal"), '"id"'),
}
_OF_ITS_OWN_NATIVELY = {
    "date": "DATE '2000-01-01' + CAST(\"id\" AS integer)",
    "datetime": "TIMESTAMPTZ '2000-01-01 00:00:00Z' + \"id\" * INTERVAL '1 second'",
    "time": "TIME '00:00' + \"id\" * INTERVAL '1 microsecond'",
    "uuid": "CAST(lpad(to_hex(\"id\"), 32, '0') AS uuid)",
    "color": "'#' || lpad(to_hex(\"id\"), 6, '0')",
}
"""The same for PostgreSQL, where it is not the same."""


def fill(field: Field, resource: Resource, resources: Sequence[Resource]) -> str:
    """Write a value for the rows that have none: the default, or on the way back, anything."""
    if field.default:
        return field.default.sql
    if field.is_ref:
        return _refer(field, resource, resources)
    if field.unique:
        own = _OF_ITS_OWN | (_OF_ITS_OWN_NATIVELY if resource.engine == "postgres" else {})
        return own.get(field.type, 'CAST("id" AS TEXT)')
    return _fill_alike(field)


def _fill_alike(field: Field) -> str:
    if field.kind.choices:
        return quote_sql(field.kind.choices[0])
    return _NOTHING.get(field.type, "''")


def _refer(field: Field, resource: Resource, resources: Sequence[Resource]) -> str:
    target = quote(next(one.plural for one in resources if one.name == field.target))
    if not field.unique:
        return f'(SELECT min("id") FROM {target})'  # noqa: S608
    table = quote(resource.plural)
    before = f'SELECT count(*) FROM {table} AS "one" WHERE "one"."id" < {table}."id"'  # noqa: S608
    return f'(SELECT "id" FROM {target} ORDER BY "id" LIMIT 1 OFFSET ({before}))'  # noqa: S608


def write_value(
    change: ColumnChange, column: str, resource: Resource, resources: Sequence[Resource]
) -> str:
    """Write what a value becomes that stands in a column of this name."""
    value = change.conversion.value.replace(SAME, quote(column))
    if change.lacks_value:
        return f"coalesce({value}, {fill(change.new, resource, resources)})"
    return value


def is_copied(change: ColumnChange, resource: Resource, resources: Sequence[Resource]) -> bool:
    """Tell whether the values need a new column.

    The old one would make other values of them, or its own constraint refuses those to come.
    """
    kinds = (change.old.type, change.new.type)
    alike = kinds[0] == kinds[1] or all(kind in TEXTS for kind in kinds)
    removed = list_removed(change.old, change.new)
    if not alike or (change.conversion.value != SAME and not removed):
        return True
    if not change.old.kind.choices or not (change.lacks_value or change.conversion.value != SAME):
        return False
    allowed = map(quote_sql, change.old.kind.choices)
    return fill(change.new, resource, resources) not in allowed


def update_in_place(
    change: ColumnChange, resource: Resource, resources: Sequence[Resource]
) -> Iterator[str]:
    """Write the statements that change values in the column where they stand."""
    table, column = quote(resource.plural), quote(change.new.name)
    value = fill(change.new, resource, resources)
    update = f"UPDATE {table} SET {column} = {value} WHERE {column}"  # noqa: S608
    if change.conversion.value != SAME:
        removed = ", ".join(map(quote_sql, list_removed(change.old, change.new)))
        yield write_execute(f"{update} IN ({removed})")
    if change.lacks_value:
        yield from make_placeholders(change.new, resource, resources)
        yield write_execute(f"{update} IS NULL")


def make_placeholders(
    field: Field, resource: Resource, resources: Sequence[Resource]
) -> Iterator[str]:
    """Write the statements that make a row to refer to, where rows need one and there is none."""
    if field.is_ref and not field.default:
        needed = close({field.target}, resources)
        for one in sort_by_need(resources):
            if one.name in needed:
                yield write_execute(_insert_placeholder(one, resource, resources))


def _insert_placeholder(target: Resource, resource: Resource, resources: Sequence[Resource]) -> str:
    columns = [field for field in target.fields if field.required]
    values = [
        fill(field, target, resources) if field.is_ref else _fill_alike(field) for field in columns
    ]
    stamps = ("created_at", "updated_at", "lock_version")
    names = ", ".join(quote(name) for name in (*(field.name for field in columns), *stamps))
    clock = "CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1"
    table = quote(target.plural)
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join([*values, clock])} "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM {table}) "
        f"AND EXISTS (SELECT 1 FROM {quote(resource.plural)})"
    )
