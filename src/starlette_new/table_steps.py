"""The statements of the next migration that change one table, with its rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from starlette_new.column_values import (
    fill,
    is_copied,
    make_placeholders,
    update_in_place,
    write_value,
)
from starlette_new.language import Field, Resource
from starlette_new.migration import (
    create_index,
    list_indexed,
    list_indexed_stamps,
    write_column,
    write_type,
)
from starlette_new.schema_changes import ColumnChange, TableChange, write_default
from starlette_new.sql_source import make_free, order_moves, quote, write_execute
from starlette_new.text_indexes import create_text_index, drop_text_index, list_indexed_texts
from starlette_new.view_resource import has_index, write_check

_PARAMETER = re.compile(r"(?<![:\w]):\w")
STAMPS = ("id", "created_at", "updated_at", "lock_version")


@dataclass(frozen=True)
class TableSteps:
    """Writes the statements for one table, which has its new name and has lost its old indexes."""

    change: TableChange
    resources: Sequence[Resource]

    @cached_property
    def lines(self) -> list[str]:
        """The statements, in their order."""
        batch = self._batch
        drops = [f'table.drop_column("{self._name_gone(one)}")' for one in self._gone]
        if batch:
            batch = [*batch, *([] if self._is_postgres else self._restate_defaults())]
            body = "\n".join(f"    {line}" for line in [*batch, *drops])
            begin = "op.batch_alter_table" if self._is_postgres else "rebuild"
            after = [f'with {begin}("{self._table}") as table:\n{body}']
        else:
            names = [self._name_gone(one) for one in self._gone]
            after = [f'op.drop_column("{self._table}", "{name}")' for name in names]
        moves = order_moves(self._moves, self._old_names)
        return [
            *(f'op.alter_column("{self._table}", "{a}", new_column_name="{b}")' for a, b in moves),
            *self._move_values(),
            *after,
            *self._create_indexes(),
        ]

    def drop_references(self) -> list[str]:
        """Write the statements that PostgreSQL needs before a target can go."""
        table = self.change.old.plural
        return [
            f'op.drop_constraint({name}, "{table}", type_="foreignkey")'
            for name in self._list_dropped()
            if self._is_postgres and _is_reference(name)
        ]

    @property
    def copies(self) -> bool:
        """Tell whether the table is copied, and with it loses its triggers."""
        return bool(self._batch) and not self._is_postgres

    @cached_property
    def _batch(self) -> list[str]:
        return [*self._drop_constraints(), *self._alter(), *self._create_constraints()]

    @cached_property
    def _is_postgres(self) -> bool:
        return self.change.new.engine == "postgres"

    @cached_property
    def _table(self) -> str:
        return self.change.new.plural

    @cached_property
    def _old_names(self) -> set[str]:
        return {field.name for field in self.change.old.fields if not field.is_many} | {*STAMPS}

    @cached_property
    def _copied(self) -> list[ColumnChange]:
        resource = self.change.new
        return [c for c in self.change.kept if is_copied(c, resource, self.resources)]

    @cached_property
    def _staying(self) -> list[ColumnChange]:
        return [change for change in self.change.kept if change not in self._copied]

    @cached_property
    def _gone(self) -> list[Field]:
        return [*self.change.removed, *(change.old for change in self._copied)]

    @cached_property
    def _moves(self) -> dict[str, str]:
        """The columns that get another name: for good, or to stand aside for a new one."""
        moves = {c.old.name: c.new.name for c in self._staying if c.old.name != c.new.name}
        wanted = {field.name for field in self.change.new.fields}
        for field in self._gone:
            if field.name in wanted:
                taken = wanted | self._old_names | set(moves.values())
                moves[field.name] = make_free(f"old_{field.name}", taken)
        return moves

    def _name_gone(self, field: Field) -> str:
        return self._moves.get(field.name, field.name)

    def _move_values(self) -> Iterator[str]:
        new, resources = self.change.new, self.resources
        for change in self._staying:
            yield from update_in_place(change, new, resources)
        for change in self._copied:
            yield f'op.add_column("{self._table}", {_write_bare(change.new)})'
            value = write_value(change, self._name_gone(change.old), new, resources)
            yield self._update(change.new, value)
        for field in self.change.added:
            if field.required:
                yield f'op.add_column("{self._table}", {_write_bare(field)})'
                yield from make_placeholders(field, new, resources)
                yield self._update(field, fill(field, new, resources))
            elif not _has_clock(field):
                yield f'op.add_column("{self._table}", {write_column(field)})'

    def _update(self, field: Field, value: str) -> str:
        column = quote(field.name)
        return write_execute(f"UPDATE {quote(self._table)} SET {column} = {value}")  # noqa: S608

    def _drop_constraints(self) -> Iterator[str]:
        for name in self._list_dropped():
            if not (self._is_postgres and _is_reference(name)):
                yield _drop_constraint(name)

    def _list_dropped(self) -> Iterator[str]:
        """List the constraints that go, or become others."""
        old, new = self.change.old.plural, self._table
        for change in self._staying:
            before, after = self._constrain(old, change.old), self._constrain(new, change.new)
            yield from (name for name in before if before[name] != after.get(name))
        for field in self._gone:
            yield from self._constrain(old, field)

    def _create_constraints(self) -> Iterator[str]:
        old, new = self.change.old.plural, self._table
        for change in self._staying:
            before, after = self._constrain(old, change.old), self._constrain(new, change.new)
            yield from (line for name, line in after.items() if line != before.get(name))
        for field in [*(change.new for change in self._copied), *self.change.added]:
            yield from self._constrain(new, field).values()

    def _constrain(self, table: str, field: Field) -> dict[str, str]:
        """Write the calls that make a column's constraints, by their names."""
        lines, end = {}, f"{table}_{field.name}"
        if field.kind.choices:
            name = f'"ck_{end}"'
            lines[name] = f"table.create_check_constraint(op.f({name}), {write_check(field)})"
        if field.unique:
            lines[f'"uq_{end}"'] = f'table.create_unique_constraint("uq_{end}", ["{field.name}"])'
        if field.is_ref:
            targets = [one.plural for one in self.resources if one.name == field.target]
            fate = "SET NULL" if field.nullable else "CASCADE"
            lines[f'"fk_{end}"'] = (
                f'table.create_foreign_key("fk_{end}", "{"".join(targets)}", ["{field.name}"], '
                f'["id"], ondelete="{fate}")'
            )
        return lines

    def _alter(self) -> Iterator[str]:
        for change in self._staying:
            yield from _alter(change.old, change.new)
        for change in self._copied:
            yield from _alter(None, change.new)
        for field in self.change.added:
            if field.required:
                yield from _alter(None, field)
            elif _has_clock(field):
                yield f"table.add_column({write_column(field)})"

    def _restate_defaults(self) -> Iterator[str]:
        """Write again what SQLAlchemy misreads where it stands: `:word` in it for a parameter."""
        same = [c.new for c in self._staying if write_default(c.old) == write_default(c.new)]
        for field in [*same, *self.change.added]:
            default, kind = write_default(field), write_type(field)
            if _PARAMETER.search(default):
                yield (
                    f'table.alter_column("{field.name}", existing_type={kind}, '
                    f"server_default={default})"
                )

    def _create_indexes(self) -> Iterator[str]:
        kept = list_kept_indexes(self.change, self.resources)
        for column in list_indexed(self.change.new):
            name = f"ix_{self._table}_{column}"
            if name not in kept:
                yield create_index(self._table, column)
        if not keeps_text_index(self.change, self.resources):
            yield from create_text_index(self.change.new, has_rows=True)


def list_kept_indexes(change: TableChange, resources: Sequence[Resource]) -> set[str]:
    """Give the names of the indexes that stay as they are."""
    table = change.new.plural
    if change.old.plural != table:
        return set()
    kept = [
        one.new.name
        for one in change.kept
        if one.old.name == one.new.name
        and has_index(one.old)
        and has_index(one.new)
        and not is_copied(one, change.new, resources)
    ]
    stamps = {*list_indexed_stamps(change.old)} & {*list_indexed_stamps(change.new)}
    return {f"ix_{table}_{name}" for name in (*kept, *stamps)}


def keeps_text_index(change: TableChange, resources: Sequence[Resource]) -> bool:
    """Tell whether the index of `q`, if there is one, stays as it is."""
    names = list_indexed_texts(change.new)
    same = {
        one.new.name
        for one in change.kept
        if one.old.name == one.new.name and not is_copied(one, change.new, resources)
    }
    return (
        change.old.plural == change.new.plural
        and names == list_indexed_texts(change.old)
        and same >= set(names)
        and not TableSteps(change, resources).copies
    )


def drop_indexes(change: TableChange, resources: Sequence[Resource]) -> list[str]:
    """Write the statements that drop the other indexes, by the names that all has before."""
    table, kept = change.old.plural, list_kept_indexes(change, resources)
    names = [f"ix_{table}_{name}" for name in list_indexed(change.old)]
    texts = [] if keeps_text_index(change, resources) else drop_text_index(change.old)
    return [*(f'op.drop_index("{name}", "{table}")' for name in names if name not in kept), *texts]


def _has_clock(field: Field) -> bool:
    """Tell whether the default is not the same for ever: SQLite adds no such column by itself."""
    return field.default is not None and not field.default.wire


def _write_bare(field: Field) -> str:
    return f'sa.Column("{field.name}", {write_type(field)}, nullable=True)'


def _is_reference(name: str) -> bool:
    return name.startswith('"fk_')


def _drop_constraint(name: str) -> str:
    kind = {"ck": "check", "uq": "unique", "fk": "foreignkey"}[name[1:3]]
    shown = f"op.f({name})" if kind == "check" else name
    return f'table.drop_constraint({shown}, type_="{kind}")'


def _alter(old: Field | None, new: Field) -> Iterator[str]:
    """Write the call that changes a column; None: one that may be null, and nothing more."""
    kind, nullable, default = ("", True, "None")
    if old:
        kind, nullable, default = write_type(old), old.nullable, write_default(old)
    parts = [f"existing_type={kind or write_type(new)}"]
    changes = [
        *[f"type_={write_type(new)}"] * (kind not in ("", write_type(new))),
        *[f"nullable={new.nullable}"] * (nullable != new.nullable),
        *[f"server_default={write_default(new)}"] * (default != write_default(new)),
    ]
    if changes:
        if nullable == new.nullable:
            parts.append(f"existing_nullable={nullable}")
        yield f'table.alter_column("{new.name}", {", ".join([*parts, *changes])})'
