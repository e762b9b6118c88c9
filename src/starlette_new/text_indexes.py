"""The index of what `q` looks for: one of trigrams, by which an engine finds parts of texts."""

from collections.abc import Iterator, Sequence

from starlette_new.fields import make_dict, make_list
from starlette_new.language import Resource
from starlette_new.sql_source import quote, write_execute

EXTENSION = 'op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")'
"""The statement that lets PostgreSQL make such an index."""


def list_indexed_texts(resource: Resource) -> list[str]:
    """Give the columns that `q` looks into, where an index serves it.

    PostgreSQL always has one; SQLite, whose writes it slows down, where a text is marked.
    """
    fields = [field for field in resource.fields if field.kind.searched]
    is_marked = any(field.type == "text" and field.index for field in fields)
    return [field.name for field in fields] * (resource.engine == "postgres" or is_marked)


def name_text_index(resource: Resource) -> str:
    """Name the index of PostgreSQL, or the virtual table of SQLite."""
    return f"{'ix_' * (resource.engine == 'postgres')}{resource.plural}__texts"


def write_text_options(names: Sequence[str]) -> str:
    """Write what makes an index of PostgreSQL one of trigrams."""
    classes = make_dict({name: '"gin_trgm_ops"' for name in names})
    return f'postgresql_using="gin", postgresql_ops={classes}'


def create_text_index(resource: Resource, *, has_rows: bool = False) -> list[str]:
    """Write the statements that make the index, if there is one. has_rows: of a table in use."""
    names = list_indexed_texts(resource)
    if not names:
        return []
    if resource.engine == "postgres":
        index = f'"{name_text_index(resource)}", "{resource.plural}", {make_list(names)}'
        return [f"op.create_index({index}, {write_text_options(names)})"]
    return [write_execute(sql) for sql in _make_virtual(resource, names, has_rows=has_rows)]


def drop_text_index(resource: Resource) -> list[str]:
    """Write the statements that drop the index, if there is one, of a table that stays."""
    name = name_text_index(resource)
    if not list_indexed_texts(resource):
        return []
    if resource.engine == "postgres":
        return [f'op.drop_index("{name}", "{resource.plural}")']
    triggers = (f"DROP TRIGGER {quote(f'{name}_{event}')}" for event in _EVENTS)
    return [*map(write_execute, triggers), f'op.drop_table("{name}")']


def drop_virtual_table(resource: Resource) -> list[str]:
    """Write the statement that drops what SQLite does not drop with the table itself."""
    is_virtual = resource.engine == "sqlite" and bool(list_indexed_texts(resource))
    return [f'op.drop_table("{name_text_index(resource)}")'] * is_virtual


_EVENTS = ("insert", "delete", "update")


def _make_virtual(resource: Resource, names: Sequence[str], *, has_rows: bool) -> Iterator[str]:
    """Write the SQL of a virtual table, and of the triggers that keep it."""
    virtual, table = quote(name_text_index(resource)), quote(resource.plural)
    add = f"INSERT INTO {virtual} (rowid, texts) "
    new = f"{add}VALUES (new.id, {_join(names, 'new.')});"
    remove = f"INSERT INTO {virtual} ({virtual}, rowid, texts) "
    old = f"{remove}VALUES ('delete', old.id, {_join(names, 'old.')});"
    columns = ", ".join(map(quote, names))
    yield (
        f"CREATE VIRTUAL TABLE {virtual} "
        "USING fts5 (texts, content='', detail='none', tokenize='trigram')"
    )
    for event, when, body in zip(
        _EVENTS,
        ("INSERT", "DELETE", f"UPDATE OF {columns}"),
        (new, old, f"{old} {new}"),
        strict=True,
    ):
        trigger = quote(f"{name_text_index(resource)}_{event}")
        yield f"CREATE TRIGGER {trigger} AFTER {when} ON {table} BEGIN {body} END"
    if has_rows:
        yield f"{add}SELECT id, {_join(names)} FROM {table}"  # noqa: S608


def _join(names: Sequence[str], row: str = "") -> str:
    """Write all the texts of a row as one, a line each."""
    return " || char(10) || ".join(f"coalesce({row}{quote(name)}, '')" for name in names)
