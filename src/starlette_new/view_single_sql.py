"""The SQL of the single layout: tables and indexes, and the statements that write rows."""

from ast import literal_eval
from collections.abc import Sequence
from textwrap import wrap

from starlette_new.defaults import Default, make_source, quote_sql
from starlette_new.language import Field, Resource

LONGEST_PART = 80
"""Characters of a text that fit on one line of a method, with its quotes."""

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


def _break(text: str) -> str:
    """Write a text as Python source, in parts that fit on a line: Ruff joins or breaks them."""
    parts = wrap(text, LONGEST_PART, drop_whitespace=False, break_long_words=False)
    return " ".join(make_source(part) for part in parts)
