"""The next migration: what brings a database along when the resources changed, and back."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from starlette_new import job_tables
from starlette_new.language import Resource
from starlette_new.migration import (
    create_link,
    create_tables,
    drop_late_references,
    list_extensions,
)
from starlette_new.migration_words import describe
from starlette_new.relations import sort_by_need
from starlette_new.row_checks import list_checks
from starlette_new.schema_changes import Link, SchemaChange, compare
from starlette_new.sql_source import (
    order_moves,
    quote,
    write_execute,
    write_source,
    write_sql_source,
)
from starlette_new.table_steps import TableSteps, drop_indexes
from starlette_new.text_indexes import drop_virtual_table
from starlette_new.view_resource import view_links

_REBUILD = '''

@contextmanager
def rebuild(name: str) -> Iterator[BatchOperations]:
    """Change a table by copying it; its ids go on from where they were."""
    table = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
    last = sa.select(sa.literal(f"_alembic_tmp_{name}"), table.c.seq).where(table.c.name == name)
    op.execute(table.insert().from_select(["name", "seq"], last))
    with op.batch_alter_table(
        name,
        recreate="always",
        reflect_kwargs={"resolve_fks": False},
        table_kwargs={"sqlite_autoincrement": True},
    ) as batch:
        yield batch
'''
_CHECK = '''

def check(query: str, problem: str) -> None:
    """Stop where rows would be lost or changed, before anything is."""
    count = op.get_bind().scalar(sa.text(query))
    if count:
        raise SystemExit(f"{count} {problem}")
'''


def write_migration(
    change: SchemaChange,
    old: Sequence[Resource],
    new: Sequence[Resource],
    revision: str,
    down_revision: str | None,
) -> str:
    """Write the file of the migration. It is not formatted yet, and needs nothing of the project.

    change: what compare found between the two.
    """
    back = replace(compare(new, old, change.renames.turn_back()), jobs=-change.jobs)
    upgrade, downgrade = _write_steps(change, old, new), _write_steps(back, new, old)
    before = f'"{down_revision}"' if down_revision else None
    body = "\n".join([*upgrade, *downgrade])
    helpers = _REBUILD * ("rebuild(" in body) + _CHECK * ("check(" in body)
    return "".join(
        [
            f'"""{describe(change, back, old)}"""\n\n',
            "from collections.abc import Iterator\nfrom contextlib import contextmanager\n\n"
            * ("rebuild(" in body),
            "import sqlalchemy as sa\n" * ("sa." in body + helpers),
            "from alembic import op\n",
            "from sqlalchemy.dialects import postgresql\n" * ("postgresql.JSONB" in body),
            "from alembic.operations import BatchOperations\n" * ("rebuild(" in body),
            f'\nrevision = "{revision}"\ndown_revision = {before}\n',
            helpers,
            _write_function("upgrade", upgrade),
            _write_function("downgrade", downgrade),
        ]
    )


def _write_function(name: str, lines: Sequence[str]) -> str:
    body = "\n".join(lines or ["pass"]).rstrip().replace("\n", "\n    ")
    return f"\n\ndef {name}() -> None:\n    {body}\n"


def _write_steps(
    change: SchemaChange, old: Sequence[Resource], new: Sequence[Resource]
) -> list[str]:
    """Write one way: look first, then make room, then build up."""
    by_name = {table.new.name: table for table in change.tables}
    ordered = [by_name[one.name] for one in sort_by_need(new) if one.name in by_name]
    lines = [
        *_write_checks(change, old),
        *(line for table in ordered for line in TableSteps(table, new).drop_references()),
        *job_tables.DROP * (change.jobs < 0),
        *_drop_tables(change, old),
        *(line for table in change.tables for line in drop_indexes(table, new)),
        *(line for pair in change.links for line in _drop_link_index(*pair)),
        *_rename_tables(change, is_postgres=_is_postgres(new)),
        *_create_tables(change, new),
        *(line for table in ordered for line in TableSteps(table, new).lines),
        *(
            line
            for pair in change.links
            for line in _change_link(*pair, is_postgres=_is_postgres(new))
        ),
        *job_tables.CREATE * (change.jobs > 0),
    ]
    return list_extensions(lines) + lines


def _is_postgres(resources: Sequence[Resource]) -> bool:
    return any(one.engine == "postgres" for one in resources)


def _write_checks(change: SchemaChange, old: Sequence[Resource]) -> Iterator[str]:
    for table in change.tables:
        for query, problem in list_checks(table, old):
            yield f"check({write_sql_source(query)}, {write_source(problem)})"


def _drop_tables(change: SchemaChange, old: Sequence[Resource]) -> Iterator[str]:
    gone = [one for one in sort_by_need(old) if one in change.removed]
    links = [link["table"] for one in gone for link in view_links(one, old)]
    links += [before["table"] for before, after in change.links if before and not after]
    yield from drop_late_references(gone)
    yield from (line for one in gone for line in drop_virtual_table(one))
    for name in reversed([*(one.plural for one in gone), *links]):
        yield f'op.drop_table("{name}")'


def _rename_tables(change: SchemaChange, *, is_postgres: bool) -> Iterator[str]:
    """Write the statements that rename tables, on PostgreSQL with their keys.

    Those of lists are made anew.
    """
    pairs = [(table.old.plural, table.new.plural) for table in change.tables]
    pairs += [(old["table"], new["table"]) for old, new in change.links if old and new]
    moves = {old: new for old, new in pairs if old != new}
    keyed = {table.old.plural for table in change.tables if is_postgres}
    for before, after in order_moves(moves, {old for old, _ in pairs}):
        yield f'op.rename_table("{before}", "{after}")'
        if before in keyed:
            keyed.add(after)
            old, new = quote(f"pk_{before}"), quote(f"pk_{after}")
            yield write_execute(f"ALTER INDEX {old} RENAME TO {new}")


def _create_tables(change: SchemaChange, new: Sequence[Resource]) -> Iterator[str]:
    added = [one for one in sort_by_need(new) if one in change.added]
    yield from create_tables(added, new)
    links = [(one, link) for one in added for link in view_links(one, new)]
    by_name = {one.name: one for one in new}
    links += [(by_name[link["name"]], link) for before, link in change.links if link and not before]
    for one, link in links:
        yield from create_link(one, link)


def _keys(link: Link) -> tuple[str, str, str]:
    return link["table"], link["row"], link["other"]


def _drop_link_index(old: Link | None, new: Link | None) -> Iterator[str]:
    if old and new and _keys(old) != _keys(new):
        table, _, other = _keys(old)
        yield f'op.drop_index("ix_{table}_{other}", "{table}")'


def _change_link(old: Link | None, new: Link | None, *, is_postgres: bool) -> Iterator[str]:
    """Write the statements that give a list's table, renamed by now, its new columns and names."""
    if not old or not new or _keys(old) == _keys(new):
        return
    before, *old_keys = _keys(old)
    table, *keys = _keys(new)
    moves = {a: b for a, b in zip(old_keys, keys, strict=True) if a != b}
    for a, b in order_moves(moves, set(old_keys)):
        yield f'op.alter_column("{table}", "{a}", new_column_name="{b}")'
    lines = [f'batch.drop_constraint("fk_{before}_{key}", type_="foreignkey")' for key in old_keys]
    lines.append(f'batch.drop_constraint("pk_{before}", type_="primary")')
    lines += [
        f'batch.create_foreign_key("fk_{table}_{key}", "{target}", ["{key}"], ["id"], '
        'ondelete="CASCADE")'
        for key, target in zip(keys, (new["owner"], new["target"]), strict=True)
    ]
    lines.append(f'batch.create_primary_key("pk_{table}", ["{keys[0]}", "{keys[1]}"])')
    body = "\n".join(f"    {line}" for line in lines)
    options = "" if is_postgres else ', recreate="always"'
    yield f'with op.batch_alter_table("{table}"{options}) as batch:\n{body}'
    yield f'op.create_index("ix_{table}_{keys[1]}", "{table}", ["{keys[1]}"])'
