"""What changes in the database when resources change: tables, columns, lists, and what is lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from starlette_new.conversions import SQLITE_WAYS, Conversion, convert, list_removed
from starlette_new.language import Field, Resource
from starlette_new.migration import list_indexed_stamps, write_type
from starlette_new.postgres_conversions import POSTGRES_WAYS
from starlette_new.text_indexes import list_indexed_texts
from starlette_new.view_resource import has_index, view_links

Link = dict[str, str]
"""The table of a many-to-many field, as view_links describes it."""
JOBS = "exports"
"""What stands for all tables of background work, where they are lost."""
LONGEST_SLUG = 40


@dataclass(frozen=True)
class Renames:
    """What a comparison cannot know.

    resources: the new names by the old ones, in the singular. fields: the new words by the new
    name of the resource and the old word.
    """

    resources: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def turn_back(self) -> "Renames":
        """Give the renames of the way back."""
        old = {new: name for name, new in self.resources.items()}
        return Renames(old, {(old.get(r, r), new): word for (r, word), new in self.fields.items()})


NO_RENAMES = Renames()


@dataclass(frozen=True)
class Loss:
    """What cannot be kept. column: empty for a whole table. values: those of an enum that go."""

    table: str
    column: str
    what: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnChange:
    """A column that stays, with its values."""

    old: Field
    new: Field
    conversion: Conversion

    def __bool__(self) -> bool:
        return self.conversion != Conversion() or any(
            trait(self.old) != trait(self.new)
            for trait in (_name, write_type, list_rules, write_default, has_index)
        )

    @property
    def lacks_value(self) -> bool:
        """Tell whether rows may be without a value that they need now."""
        return self.old.nullable and not self.new.nullable


@dataclass(frozen=True)
class TableChange:
    """A table that stays: what comes, goes and stays in it."""

    old: Resource
    new: Resource
    kept: tuple[ColumnChange, ...]
    added: tuple[Field, ...]
    removed: tuple[Field, ...]

    def __bool__(self) -> bool:
        renamed = self.old.plural != self.new.plural
        return renamed or bool(self.added or self.removed) or any(self.kept) or self.indexes_anew

    @property
    def indexes_anew(self) -> bool:
        """Tell whether what the table is found by is not the same columns."""
        return any(
            trait(self.old) != trait(self.new)
            for trait in (list_indexed_texts, list_indexed_stamps)
        )


@dataclass(frozen=True)
class SchemaChange:
    """The whole difference; true if there is one.

    added, removed: resources. tables: those that stay, changed or not. links: the tables of lists
    of those, before and after; None where there is none. jobs: 1 if background work comes, -1 if
    it goes.
    """

    renames: Renames
    added: tuple[Resource, ...]
    removed: tuple[Resource, ...]
    tables: tuple[TableChange, ...]
    links: tuple[tuple[Link | None, Link | None], ...]
    jobs: int = 0

    def __bool__(self) -> bool:
        changed = any(old != new for old, new in self.links)
        return changed or bool(self.added or self.removed or self.jobs) or any(self.tables)

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Give what cannot be kept, by the names that the database has before."""
        tables = [Loss(r.plural, "", f"the table {r.plural}") for r in self.removed]
        columns = [loss for table in self.tables for loss in _list_lost(table)]
        lists = [
            Loss(old["table"], "", f"the lists {old['owner']}.{old['field']}")
            for old, new in self.links
            if old and not new
        ]
        jobs = [Loss(JOBS, "", "the exports, and what went wrong with jobs")] * (self.jobs < 0)
        return (*tables, *columns, *lists, *jobs)

    @property
    def needs_default(self) -> tuple[str, ...]:
        """Give the fields, as task.size, for which the rows that exist have no value."""
        return tuple(
            f"{table.new.name}.{one.word}"
            for table in self.tables
            for one in table.new.fields
            if one.required
            and (one in table.added or any(c.lacks_value for c in table.kept if c.new == one))
        )

    @property
    def slug(self) -> str:
        """Name the change, for a file."""
        first, *more = list(_list_names(self)) or ["nothing"]
        end = "_and_more" if more else ""
        return f"{first[: LONGEST_SLUG - len(end)].rstrip('_')}{end}"


WAYS = {"sqlite": SQLITE_WAYS, "postgres": POSTGRES_WAYS}


def compare(
    old: Sequence[Resource],
    new: Sequence[Resource],
    renames: Renames = Renames(),
) -> SchemaChange:
    """Find what changes in the database; what is renamed stays."""
    names = _follow([one.name for one in old], renames.resources)
    by_name = {one.name: one for one in new}
    pairs = [(one, by_name[names[one.name]]) for one in old if names[one.name] in by_name]
    stay = {after.name for _, after in pairs}
    return SchemaChange(
        renames,
        added=tuple(one for one in new if one.name not in stay),
        removed=tuple(one for one in old if names[one.name] not in by_name),
        tables=tuple(_compare_table(before, after, names, renames) for before, after in pairs),
        links=tuple(
            link
            for before, after in pairs
            for link in _pair_links((before, old), (after, new), names, renames)
        ),
    )


def list_rules(one: Field) -> tuple[object, ...]:
    """Give what constraints of a column follow from, names and targets aside."""
    return (one.nullable, one.unique, one.kind.choices)


def write_default(one: Field) -> str:
    """Write a column's default; None where it has none."""
    return one.default.column if one.default else "None"


def _follow(names: Sequence[str], renames: Mapping[str, str]) -> dict[str, str]:
    """Give the new names by the old ones; empty where another takes the name."""
    kept = {name: "" if name in renames.values() else name for name in names}
    return {name: renames.get(name, kept[name]) for name in names}


def _follow_words(old: Resource, new: Resource, renames: Renames) -> dict[str, str]:
    named = {word: to for (name, word), to in renames.fields.items() if name == new.name}
    return _follow([one.word for one in old.fields], named)


def _name(one: Field) -> str:
    return one.name


def _compare_table(
    old: Resource, new: Resource, names: Mapping[str, str], renames: Renames
) -> TableChange:
    words = _follow_words(old, new, renames)
    fields = [one for one in old.fields if not one.is_many]
    before = {words[one.word]: one for one in fields if words[one.word]}
    kept, added = [], []
    for one in new.fields:
        source = before.get(one.word)
        way = convert(source, one, WAYS[new.engine]) if source else None
        if source and way and names.get(source.target, "") == one.target:
            kept.append(ColumnChange(source, one, way))
        elif not one.is_many:
            added.append(one)
    stay = {change.old.name for change in kept}
    removed = tuple(one for one in fields if one.name not in stay)
    return TableChange(old, new, tuple(kept), tuple(added), removed)


def _pair_links(
    old: tuple[Resource, Sequence[Resource]],
    new: tuple[Resource, Sequence[Resource]],
    names: Mapping[str, str],
    renames: Renames,
) -> Iterator[tuple[Link | None, Link | None]]:
    before, after = _describe_links(*old), _describe_links(*new)
    words = _follow_words(old[0], new[0], renames)
    targets = {one.word: one.target for one in new[0].fields if one.is_many}
    for one in old[0].fields:
        if one.is_many:
            word = words[one.word]
            same = targets.get(word) == names[one.target] != ""
            yield before[one.word], after.pop(word) if same else None
    for link in after.values():
        yield None, link


def _describe_links(resource: Resource, resources: Sequence[Resource]) -> dict[str, Link]:
    words = [one.word for one in resource.fields if one.is_many]
    links = view_links(resource, resources)
    return {
        word: {"name": resource.name, "word": word, "owner": resource.plural, **link}
        for word, link in zip(words, links, strict=True)
    }


def _list_lost(table: TableChange) -> Iterator[Loss]:
    name = table.old.plural
    for one in table.removed:
        yield Loss(name, one.name, f"the column {name}.{one.name}")
    for change in table.kept:
        values = list_removed(change.old, change.new)
        if values and change.new.default:
            column = f"{name}.{change.old.name}"
            yield Loss(name, change.old.name, f"the values {', '.join(values)} of {column}", values)


def _list_names(change: SchemaChange) -> Iterator[str]:
    for resource in change.added:
        yield f"add_{resource.plural}"
    for resource in change.removed:
        yield f"remove_{resource.plural}"
    for table in change.tables:
        if table.old.plural != table.new.plural:
            yield f"rename_{table.old.plural}_to_{table.new.plural}"
        yield from _name_columns(table, change)
    yield from {1: ["add_jobs"], -1: ["remove_jobs"]}.get(change.jobs, [])


def _name_columns(table: TableChange, change: SchemaChange) -> Iterator[str]:
    """Name what happens within a table: the one thing it is, or that it changes."""
    name = table.new.plural
    things = [f"add_{name}_{one.word}" for one in table.added]
    things += [f"remove_{name}_{one.word}" for one in table.removed]
    for one in filter(None, table.kept):
        renamed = one.old.word != one.new.word
        names = f"{one.old.word}_to_{one.new.word}"
        things.append(f"rename_{name}_{names}" if renamed else f"change_{name}_{one.new.word}")
    for old, new in change.links:
        if table.new.name == (new or {}).get("name") or table.old.name == (old or {}).get("name"):
            things += _name_link(name, old, new)
    things += [f"index_{name}"] * (table.indexes_anew and not things)
    yield from things if len(things) < 2 else [f"change_{name}"]


def _name_link(table: str, old: Link | None, new: Link | None) -> list[str]:
    if old and new:
        words = (old["word"], new["word"])
        return [f"rename_{table}_{words[0]}_to_{words[1]}"] if words[0] != words[1] else []
    return [f"add_{table}_{new['word']}"] if new else [f"remove_{table}_{(old or {})['word']}"]
