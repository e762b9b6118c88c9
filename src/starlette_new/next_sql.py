"""The SQL that brings the database of a single-file project along, for a person to run."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from starlette_new.conversions import SAME
from starlette_new.language import Field, Resource
from starlette_new.plain_conversions import convert_plain
from starlette_new.schema_changes import ColumnChange, SchemaChange, TableChange
from starlette_new.sql_source import make_free, order_moves, quote
from starlette_new.view_single_sql import list_columns, list_indexes

_BEGIN = ("PRAGMA foreign_keys = OFF;", "BEGIN IMMEDIATE;")
_CHECK = (
    'CREATE TEMP TABLE looks ("rows that do not fit" INTEGER CHECK ("rows that do not fit" = 0));'
)


def write_sql(change: SchemaChange, old: Sequence[Resource], new: Sequence[Resource]) -> list[str]:
    """Write the statements for `sqlite3 -bail`, which stops at the first that fails.

    New tables need none: the application makes what is missing when it starts.
    """
    checks = [line for table in change.tables for line in _write_checks(table)]
    lines = [f"DROP TABLE {quote(one.plural)};" for one in change.removed]
    lines += [line for table in change.tables for line in _drop_indexes(table, new)]
    moves = {t.old.plural: t.new.plural for t in change.tables if t.old.plural != t.new.plural}
    for before, after in order_moves(moves, {table.old.plural for table in change.tables}):
        lines.append(f"ALTER TABLE {quote(before)} RENAME TO {quote(after)};")
    for table in change.tables:
        lines += _change_table(table, new)
    if not checks and not lines:
        return []
    return [*_BEGIN, *[_CHECK] * bool(checks), *checks, *lines, "COMMIT;"]


def _write_checks(table: TableChange) -> Iterator[str]:
    name = quote(table.old.plural)
    for one in table.kept:
        if bad := convert_plain(one).bad:
            condition = bad.replace(SAME, quote(one.old.name))
            yield f"INSERT INTO looks SELECT count(*) FROM {name} WHERE {condition};"  # noqa: S608


def _change_table(table: TableChange, new: Sequence[Resource]) -> Iterator[str]:
    name = quote(table.new.plural)
    if _needs_copy(table, new):
        yield from _copy(table, new)
    else:
        yield from (f"ALTER TABLE {name} DROP COLUMN {quote(one.name)};" for one in table.removed)
        moves = {c.old.name: c.new.name for c in table.kept if c.old.name != c.new.name}
        for before, after in order_moves(moves, {one.old.name for one in table.kept}):
            yield f"ALTER TABLE {name} RENAME COLUMN {quote(before)} TO {quote(after)};"
        for field in table.added:
            yield f"ALTER TABLE {name} ADD COLUMN {_write_column(field, table.new, new)};"
    stay = _list_kept_indexes(table, new)
    for line in list_indexes(table.new):
        if line not in stay:
            yield line


def _needs_copy(table: TableChange, new: Sequence[Resource]) -> bool:
    """Tell whether SQLite cannot change the table as it stands."""
    added = any(
        field.unique or (field.default is not None and not field.default.wire)
        for field in table.added
    )
    removed = any(one.unique or one.is_ref or one.kind.choices for one in table.removed)
    return added or removed or any(_differs(one, table.new, new) for one in table.kept)


def _differs(change: ColumnChange, resource: Resource, new: Sequence[Resource]) -> bool:
    before = replace(change.old, name=change.new.name, target=change.new.target)
    lines = [_write_column(field, resource, new) for field in (before, change.new)]
    return lines[0] != lines[1] or convert_plain(change).value != SAME


def _write_column(field: Field, resource: Resource, new: Sequence[Resource]) -> str:
    return list_columns(replace(resource, fields=(field,)), new)[1]


def _copy(table: TableChange, new: Sequence[Resource]) -> Iterator[str]:
    """Make the table anew beside the old one, so that the ids go on from where they were."""
    name = table.new.plural
    beside = make_free(f"new_{name}", {one.plural for one in new})
    old, columns = quote(name), ", ".join(list_columns(table.new, new))
    names = ", ".join(["id", *(quote(one.new.name) for one in table.kept)])
    values = ", ".join(["id", *(_write_value(one, table.new, new) for one in table.kept)])
    yield f"CREATE TABLE {quote(beside)} ({columns});"
    yield (
        f"INSERT INTO sqlite_sequence (name, seq) SELECT '{beside}', seq FROM sqlite_sequence "  # noqa: S608
        f"WHERE name = '{name}';"
    )
    yield f"INSERT INTO {quote(beside)} ({names}) SELECT {values} FROM {old};"  # noqa: S608
    yield f"DROP TABLE {old};"
    yield f"ALTER TABLE {quote(beside)} RENAME TO {old};"


def _write_value(change: ColumnChange, resource: Resource, new: Sequence[Resource]) -> str:
    way = convert_plain(change)
    value = way.value.replace(SAME, quote(change.old.name))
    if change.lacks_value and change.new.default:
        bare = replace(change.new.kind, choices=())
        column = _write_column(replace(change.new, unique=False, kind=bare), resource, new)
        value = f"coalesce({value}, {column.partition(' DEFAULT ')[2]})"
    return value


def _list_kept_indexes(table: TableChange, new: Sequence[Resource]) -> set[str]:
    if table.old.plural != table.new.plural or _needs_copy(table, new):
        return set()
    kept = {one.new.name for one in table.kept if one.old.name == one.new.name}
    fields = tuple(field for field in table.old.fields if field.name in kept)
    return set(list_indexes(replace(table.old, fields=fields))) & set(list_indexes(table.new))


def _drop_indexes(table: TableChange, new: Sequence[Resource]) -> Iterator[str]:
    stay = _list_kept_indexes(table, new)
    copied = _needs_copy(table, new) and table.old.plural == table.new.plural
    for line in list_indexes(table.old):
        if line not in stay and not copied:
            yield f"DROP INDEX {line.split()[5]};"
