"""The SQL of the single layout: tables, indexes, and statements."""

from ast import literal_eval
from collections.abc import Mapping, Sequence
from textwrap import wrap

from starlette_new.defaults import Default, make_source, quote_sql
from starlette_new.language import Field, Resource

LONGEST_PART = 80
"""Characters of a text that fit on one line of a method, with its quotes."""

MOST_OPTIONS = 100
"""Rows that a form offers for a reference."""

_CLOCKS = {
    "date": "CURRENT_DATE",
    "datetime": "(strftime('%Y-%m-%dT%H:%M:%SZ'))",
    "time": "CURRENT_TIME",
}
_AS_THEY_ARE = ("int", "float", "bool", "json")


def list_columns(resource: Resource, resources: Sequence[Resource]) -> list[str]:
    """Write the columns of a table, its key first."""
    plurals = {one.name: one.plural for one in resources}
    columns = [
        " ".join([f'"{field.name}"', field.kind.sql, *_constrain(field, plurals)])
        for field in resource.fields
    ]
    return ["id INTEGER PRIMARY KEY AUTOINCREMENT", *columns]


def _constrain(field: Field, plurals: dict[str, str]) -> list[str]:
    constraints = [] if field.nullable else ["NOT NULL"]
    if field.unique:
        constraints.append("UNIQUE")
    if field.default:
        constraints.append(f"DEFAULT {_write_default(field.type, field.default)}")
    if field.kind.choices:
        choices = ", ".join(map(quote_sql, field.kind.choices))
        constraints.append(f'CHECK ("{field.name}" IN ({choices}))')
    if field.is_ref:
        fate = "SET NULL" if field.nullable else "CASCADE"
        constraints.append(f'REFERENCES "{plurals[field.target]}" (id) ON DELETE {fate}')
    return constraints


def _write_default(name: str, default: Default) -> str:
    if not default.wire:
        return _CLOCKS[name]
    return default.sql if name in _AS_THEY_ARE else quote_sql(literal_eval(default.wire))


def list_indexes(resource: Resource) -> list[str]:
    """Write the indexes of a table; what is unique has one already."""
    return [
        f'CREATE INDEX IF NOT EXISTS "ix_{resource.plural}_{field.name}" '
        f'ON "{resource.plural}" ("{field.name}");'
        for field in resource.fields
        if (field.index or field.is_ref) and not field.unique
    ]


# The names in these two are checked words, and the values are parameters.
def write_insert(resource: Resource) -> str:
    names = ", ".join(f'"{field.name}"' for field in resource.fields)
    values = ", ".join(f":{field.name}" for field in resource.fields)
    return _break(f'INSERT INTO "{resource.plural}" ({names}) VALUES ({values})')  # noqa: S608


def write_update(resource: Resource) -> str:
    changes = ", ".join(f'"{field.name}" = :{field.name}' for field in resource.fields)
    return _break(f'UPDATE "{resource.plural}" SET {changes} WHERE id = :id')  # noqa: S608


def write_delete(resource: Resource) -> str:
    return _break(f'DELETE FROM "{resource.plural}" WHERE id = :id RETURNING id')  # noqa: S608


def write_select(resource: Resource, resources: Sequence[Resource]) -> str:
    """Write what a page lists: references as the names of their rows, and JSON as its text."""
    if not any(field.is_ref or field.type == "json" for field in resource.fields):
        return _break(f'SELECT * FROM "{resource.plural}"')  # noqa: S608
    by_name = {one.name: one for one in resources}
    columns = [_write_shown(resource, field, by_name) for field in resource.fields]
    return _break(f'SELECT {", ".join(["id", *columns])} FROM "{resource.plural}"')  # noqa: S608


def _write_shown(resource: Resource, field: Field, by_name: Mapping[str, Resource]) -> str:
    column = f'"{field.name}"'
    if field.type == "json":
        return f"CAST({column} AS TEXT) AS {column}"
    if field.is_ref:
        target = by_name[field.target]
        column = (
            f'(SELECT {_write_label(target, "target.")} FROM "{target.plural}" AS target '  # noqa: S608
            f'WHERE target.id = "{resource.plural}".{column}) AS "{field.word}"'
        )
    return column


def write_options(target: Resource) -> str:
    """Write what a form offers for a reference: ids and names of the newest rows."""
    label = _write_label(target, "")
    text = f'SELECT id, {label} FROM "{target.plural}" ORDER BY id DESC LIMIT {MOST_OPTIONS}'  # noqa: S608
    return _break(text, LONGEST_PART // 2)


def _write_label(resource: Resource, table: str) -> str:
    label = next((field for field in resource.fields if field.name == resource.label), None)
    if label is None:
        return f"{table}id"
    column = f'{table}"{label.name}"'
    return f"COALESCE({column}, {table}id)" if label.nullable else column


def _break(text: str, longest: int = LONGEST_PART) -> str:
    """Write a text as Python source, in parts that fit on a line: Ruff joins or breaks them."""
    parts = wrap(text, longest, drop_whitespace=False, break_long_words=False)
    return " ".join(make_source(part) for part in parts)
