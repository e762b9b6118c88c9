"""What other packages bring: templates and examples, found without importing those packages."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starlette_new.errors import UsageProblem, show

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

TEMPLATES = "starlette_new.templates"
EXAMPLES = "starlette_new.examples"


def list_brought(group: str) -> dict[str, str]:
    """Give the names in a group of entry points, in order, each with the package that brings it."""
    return {entry.name: _get_package(entry) for entry in _load(group)}


def find_brought(group: str, name: str, suffix: str = "") -> Path | None:
    """Find the folder, or with `suffix` the file, that an entry point names; raise UsageProblem.

    Its value is `package:path`, and the path is looked for within the package's own folder.
    """
    entry = next((entry for entry in _load(group) if entry.name == name), None)
    if entry is None:
        return None
    package, _, inside = entry.value.partition(":")
    top, *below = package.strip().split(".")
    for folder in _list_folders(top):
        path = folder.joinpath(*below, f"{inside.strip()}{suffix}").resolve()
        if path.exists() and path.is_relative_to(folder):
            return path
    raise UsageProblem(
        f"The package {_get_package(entry)} brings {show(name)}, but not {show(entry.value)}.",
        f"Tell who wrote it: the entry point in {group} must be package:path.",
        field="template" if group == TEMPLATES else "example",
    )


def _list_folders(package: str) -> Iterator[Path]:
    from importlib.util import find_spec

    with suppress(ValueError):  # what is no name at all
        spec = find_spec(package)
        for location in (spec and spec.submodule_search_locations) or ():
            yield Path(location).resolve()


def _load(group: str) -> "list[EntryPoint]":
    from importlib.metadata import entry_points

    return sorted(entry_points(group=group), key=lambda entry: (entry.name, _get_package(entry)))


def _get_package(entry: "EntryPoint") -> str:
    return entry.dist.name if entry.dist else "?"
