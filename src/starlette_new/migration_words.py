"""What a migration does, in sentences: the docstring of its file."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from starlette_new.language import Resource
from starlette_new.row_checks import list_checks
from starlette_new.schema_changes import SchemaChange, TableChange

WIDTH = 96


def describe(change: SchemaChange, back: SchemaChange, old: Sequence[Resource]) -> str:
    """Say what changes, when it stops, and what the way back cannot restore."""
    title, *more = [*_list_changes(change)] or ["Change nothing."]
    parts = [" ".join(more), _tell_checks(change, old), *_tell_back(change, back)]
    paragraphs = [fill(title, WIDTH), *(fill(part, WIDTH) for part in parts if part)]
    return "\n\n".join(paragraphs) + "\n" * (len(paragraphs) > 1 or "\n" in paragraphs[0])


def _list_changes(change: SchemaChange) -> Iterator[str]:
    yield from (f"Add the table {one.plural}." for one in change.added)
    yield from (f"Remove the table {one.plural}." for one in change.removed)
    for table in change.tables:
        if table.old.plural != table.new.plural:
            yield f"Rename the table {table.old.plural} to {table.new.plural}."
        yield from _list_columns(table)
    for old, new in change.links:
        if new and not old:
            yield f"Add the lists {new['owner']}.{new['field']}."
        elif old and not new:
            yield f"Remove the lists {old['owner']}.{old['field']}."
        elif old and new and old["field"] != new["field"]:
            yield f"Rename the lists {new['owner']}.{old['field']} to {new['field']}."
    yield from {1: ["Add background work."], -1: ["Remove background work."]}.get(change.jobs, [])


def _list_columns(table: TableChange) -> Iterator[str]:
    name = table.new.plural
    yield from (f"Add {name}.{field.name}." for field in table.added)
    yield from (f"Remove {name}.{field.name}." for field in table.removed)
    for change in filter(None, table.kept):
        if change.old.name != change.new.name:
            yield f"Rename {name}.{change.old.name} to {change.new.name}."
        else:
            yield f"Change {name}.{change.new.name}."
    if table.indexes_anew and not any((table.added, table.removed, *table.kept)):
        yield f"Index {name} anew."


def _tell_checks(change: SchemaChange, old: Sequence[Resource]) -> str:
    if not any(list(list_checks(table, old)) for table in change.tables):
        return ""
    return "It looks first for rows that it would ruin, and stops if there are any."


def _tell_back(change: SchemaChange, back: SchemaChange) -> Iterator[str]:
    lost = [loss.what for loss in change.losses]
    if lost:
        yield f"It loses {_join(lost)}; the way back cannot restore that."
    gone = [loss.what for loss in back.losses]
    if gone:
        yield f"The way back loses {_join(gone)}."
    if back.needs_default:
        fields = _join(back.needs_default)
        yield f"On the way back, rows without a value get a meaningless one: {fields}."


def _join(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
