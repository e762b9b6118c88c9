"""How resources refer to one another: what exists, what comes first, and what goes in a circle."""

from collections.abc import Mapping, Sequence

from starlette_new.errors import show
from starlette_new.language import MOST, Field, Resource
from starlette_new.refusals import blaming, suggest, wrong

MOST_SHOWN = 20
"""Names in a hint."""


def check_resources(resources: Sequence[Resource]) -> None:
    """Raise UsageProblem if these resources cannot be built together."""
    if len(resources) > MOST:
        raise wrong(f"There are {len(resources)} resources.", f"Make at most {MOST}.")
    taken: set[str] = set()
    for resource in resources:
        with blaming(resource.line):
            _take(taken, resource)
    by_name = {resource.name: resource for resource in resources}
    for resource in resources:
        with blaming(resource.line):
            for field in list_references(resource):
                _check_target(field, list(by_name))
    for resource in resources:
        with blaming(resource.line):
            _check_circle(resource, by_name)


def list_references(resource: Resource) -> list[Field]:
    """Give the fields that point at rows, of this resource or another."""
    return [field for field in resource.fields if field.target]


def name_link(resource: Resource, field: Field) -> str:
    """Name the table that keeps a many-to-many field."""
    return f"{resource.plural}_{field.name.removesuffix('_ids')}_links"


def sort_by_need(resources: Sequence[Resource]) -> list[Resource]:
    """Put each resource after those whose rows its own rows cannot do without."""
    by_name = {resource.name: resource for resource in resources}
    found: dict[str, Resource] = {}

    def visit(resource: Resource) -> None:
        if resource.name not in found:
            for name in _list_required(resource):
                if name in by_name:
                    visit(by_name[name])
            found[resource.name] = resource

    for resource in resources:
        visit(resource)
    return list(found.values())


def list_needed(resource: Resource, resources: Sequence[Resource]) -> list[Resource]:
    """Give the resources that must have rows before a row can refer to all it may refer to.

    What itself needs a row of the resource is left out: that row comes first.
    """
    targets = {f.target for f in list_references(resource) if not needs(f, resource, resources)}
    needed = close(targets, resources)
    return [one for one in sort_by_need(resources) if one.name in needed]


def needs(field: Field, resource: Resource, resources: Sequence[Resource]) -> bool:
    """Tell whether the target of a reference cannot be without a row of the resource."""
    return resource.name in close({field.target}, resources)


def close(names: set[str], resources: Sequence[Resource]) -> set[str]:
    """Give these resources, and all that their rows cannot do without."""
    by_name = {resource.name: resource for resource in resources}
    found, waiting = set(names), list(names)
    while waiting:
        for name in _list_required(by_name[waiting.pop()]):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def is_circular(resource: Resource, field: Field, resources: Sequence[Resource]) -> bool:
    """Tell whether the target of a reference refers, in some steps, back to the resource."""
    by_name = {resource.name: resource for resource in resources}
    seen = {field.target}
    waiting = [field.target]
    while waiting:
        for other in by_name[waiting.pop()].fields:
            if other.is_ref and other.target not in seen:
                seen.add(other.target)
                waiting.append(other.target)
    return field.target != resource.name and resource.name in seen


def _list_required(resource: Resource) -> list[str]:
    return [field.target for field in resource.fields if field.is_ref and field.required]


def _take(taken: set[str], resource: Resource) -> None:
    """Claim the names that all resources share: of tables, of their indexes, and of classes."""
    links = [name_link(resource, field) for field in resource.fields if field.is_many]
    indexes = [f"ix_{resource.plural}_{f.name}" for f in resource.fields if f.index or f.is_ref]
    indexes += [
        f"ix_{name_link(resource, field)}_{field.name.removesuffix('s')}"
        for field in resource.fields
        if field.is_many
    ]
    for what, names in (
        ("share the table", [resource.plural, *links]),
        ("make the class", [resource.class_name]),
        ("share the index", indexes),
    ):
        for name in names:
            if name in taken:
                raise wrong(f"Two resources would {what} {show(name)}.", "Rename one of them.")
            taken.add(name)


def _check_target(field: Field, names: list[str]) -> None:
    if field.target not in names:
        known = ", ".join(names[:MOST_SHOWN]) + (", …" if len(names) > MOST_SHOWN else "")
        raise wrong(
            f"The field {show(field.word)} refers to {show(field.target)}, which is no resource.",
            f"{suggest(field.target, names)}The resources are {known}; "
            f"write {field.word}:{field.type}(NAME) where the names differ.",
        )


def _check_circle(start: Resource, by_name: Mapping[str, Resource]) -> None:
    seen: set[str] = set()
    waiting = [start.name]
    while waiting:
        for name in _list_required(by_name[waiting.pop()]):
            if name == start.name:
                raise wrong(
                    f"The resource {show(start.name)} refers to itself in a circle in which every "
                    "reference is required: no row could be the first.",
                    "Make one of them optional with ?.",
                )
            if name not in seen:
                seen.add(name)
                waiting.append(name)
