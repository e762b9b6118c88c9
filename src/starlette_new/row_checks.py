"""What the next migration looks for first: rows that would not come through it."""

from collections.abc import Iterator, Sequence

from starlette_new.column_values import write_value
from starlette_new.conversions import SAME, Conversion
from starlette_new.language import Resource
from starlette_new.schema_changes import ColumnChange, TableChange
from starlette_new.sql_source import quote

Check = tuple[str, str]
"""A query that counts such rows in the database as it is, and what is wrong with them."""


def list_checks(table: TableChange, old: Sequence[Resource]) -> Iterator[Check]:
    """Give the queries for a table, by the names that it has before."""
    for change in table.kept:
        if change.conversion.bad:
            yield _find_bad(table, change)
        if change.new.unique and _may_repeat(change):
            yield _find_repeated(table, change, old)
    for field in table.added:
        if field.unique and field.default:
            yield (
                f"SELECT count(*) - 1 FROM {quote(table.old.plural)} HAVING count(*) > 1",  # noqa: S608
                f"rows of {table.old.plural} would have the {field.name} of another row. "
                "Give it no default, and make it optional.",
            )


def _find_bad(table: TableChange, change: ColumnChange) -> Check:
    name, column = table.old.plural, change.old.name
    bad = change.conversion.bad.replace(SAME, quote(column))
    return (
        f"SELECT count(*) FROM {quote(name)} WHERE {bad}",  # noqa: S608
        f"rows of {name} have in {column} what is not {change.conversion.wanted}. "
        "Change them first.",
    )


def _may_repeat(change: ColumnChange) -> bool:
    if change.old.is_ref and change.lacks_value:
        return False  # the database refuses what repeats, for who they will refer to is not known
    return not change.old.unique or change.lacks_value or change.conversion != Conversion()


def _find_repeated(table: TableChange, change: ColumnChange, old: Sequence[Resource]) -> Check:
    name, column = table.old.plural, change.old.name
    value = write_value(change, column, table.old, old)
    return (
        f"SELECT count({value}) - count(DISTINCT {value}) FROM {quote(name)}",  # noqa: S608
        f"rows of {name} would have the {column} of another row. Change them first.",
    )
