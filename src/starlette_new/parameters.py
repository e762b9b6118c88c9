"""What a list can be asked: the names of its parameters, and by what it can be sorted."""

from collections.abc import Sequence

from starlette_new.language import Resource

STAMPS = ("created_at", "updated_at")
ENDINGS = ("_min", "_max")
OURS = ("limit", "cursor", "sort", "q")


def name_parameters(resource: Resource) -> tuple[dict[str, str], dict[str, str]]:
    """Name the parameter that filters by each field, and how the two of each range begin.

    The names are the fields' own, with as many _ after them as make them different from others.
    """
    taken = {*OURS, *(stamp + ending for stamp in STAMPS for ending in ENDINGS)}
    fields = resource.fields
    equal = {f.name: _add(taken, f.name, [""]) for f in fields if f.kind.query}
    ranges = {f.name: _add(taken, f.name, ENDINGS) for f in fields if f.kind.ranged}
    return equal, ranges | {stamp: stamp for stamp in STAMPS}


def list_sorts(resource: Resource) -> list[str]:
    """Give the columns that a list can be sorted by."""
    return ["id", *(field.name for field in resource.fields if field.kind.sorts), *STAMPS]


def _add(taken: set[str], name: str, endings: Sequence[str]) -> str:
    while any(name + ending in taken for ending in endings):
        name += "_"
    taken.update(name + ending for ending in endings)
    return name
