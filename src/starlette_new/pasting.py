"""What the owner of an adopted project does by hand, for no file of theirs is written to."""

import json
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette_new.applications import Application, find_applications, list_sources
from starlette_new.requirements import (
    allows,
    get_table,
    list_dependencies,
    list_development,
    list_lacking,
)

_NOT_FOR_TESTS = ("mypy", "ruff")
_OLDER = "3.10"
"""A version of Python that is too old for what is placed."""
_IMPORT = "from app.joining import join"


@dataclass(frozen=True)
class Paste:
    """What is to do by hand: sentences with lines to paste, and commands.

    is_ready: whether the tests that are placed can run without it.
    """

    notes: list[str]
    commands: list[str]
    is_ready: bool


def find_paste(project: Path, tree: Path) -> Paste:
    """Find what a project lacks that what is placed there needs.

    tree: the project as it would be if all of it were ours.
    """
    theirs, ours = read_settings(project), read_settings(tree)
    commands = [*_list_installs(theirs, ours)]
    needed = [*_list_lines(theirs, ours)]
    notes = [*needed, *_list_joining(project)]
    is_ready = not (commands or needed)
    if not is_ready:
        notes.append("Its tests need what is named here: they are not run before that.")
        commands.append("starlette-new check")
    return Paste(notes, [*commands, "uv run python -m app migrate"], is_ready)


def read_settings(project: Path) -> dict[str, Any]:
    """Read the pyproject.toml of a project; one that cannot be read says nothing."""
    try:
        return tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _list_installs(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[str]:
    has = list_dependencies(theirs)
    tests = [one for one in list_development(ours) if not one.startswith(_NOT_FOR_TESTS)]
    lacking = list_lacking(list_dependencies(ours), has)
    if lacking:
        yield shlex.join(["uv", "add", *lacking])
    lacking = list_lacking(tests, [*has, *list_development(theirs)])
    if lacking:
        yield shlex.join(["uv", "add", "--dev", *lacking])


def _list_lines(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[str]:
    """List the lines that pyproject.toml lacks, each table below a sentence."""
    needed = ours["project"]["requires-python"]
    if allows(get_table(theirs, "project").get("requires-python", needed), _OLDER):
        yield "Write into pyproject.toml, for what is added needs that Python:"
        yield f'    requires-python = "{needed}"'
    pytest = get_table(theirs, "tool", "pytest").keys() - {"ini_options"}
    yield from _list_keys(theirs, ours, ("tool", "alembic"), ("script_location",))
    yield from _list_keys(
        theirs,
        ours,
        ("tool", "pytest", "ini_options"),
        ("pythonpath", "anyio_mode"),
        ("tool", "pytest") if pytest else (),
    )


def _list_keys(
    theirs: Mapping[str, Any],
    ours: Mapping[str, Any],
    path: tuple[str, ...],
    keys: tuple[str, ...],
    place: tuple[str, ...] = (),
) -> Iterator[str]:
    """List the keys of a table that are not as we need them. place: where they go, if elsewhere."""
    place = place or path
    has, wanted = get_table(theirs, *place), get_table(ours, *path)
    lines = [
        f"    {key} = {json.dumps(wanted[key])}"
        for key in keys
        if key in wanted and not _holds(has.get(key), wanted[key])
    ]
    if lines and has:
        yield f"Paste into pyproject.toml, below [{'.'.join(place)}]:"
    elif lines:
        yield "Paste into pyproject.toml:"
        yield f"    [{'.'.join(place)}]"
    yield from lines


def _holds(has: object, wanted: object) -> bool:
    if isinstance(has, list) and isinstance(wanted, list):
        return all(one in has for one in wanted)
    return has == wanted


def _list_joining(project: Path) -> Iterator[str]:
    """Say how the owner's application gets our addresses, if it has not got them."""
    sources = [path for path in list_sources(project) if not path.startswith("app/")]
    if any(b"app.joining" in (project / path).read_bytes() for path in sources):
        return
    applications = [one for one in find_applications(project) if one.path in sources]
    for one in applications[:1]:
        yield from _tell_joining(one)
    if not applications:
        yield f"Where your application is made: {_IMPORT}; then call join with it."
    others = "; ".join(one.where for one in applications[1:])
    if others:
        yield f"Starlette is called elsewhere too: {others}. Join the one that is served."
    yield "What is joined answers to the names in ALLOWED_HOSTS (localhost, 127.0.0.1), as set."


def _tell_joining(one: Application) -> Iterator[str]:
    if one.name:
        yield f"Paste into {one.path}, below line {one.last}:"
        yield f"    {one.margin}join({one.name})"
    else:
        yield f"In {one.path}, line {one.line}, put join(...) around Starlette(...)."
    yield f"Paste into {one.path}, with the imports:"
    yield f"    {_IMPORT}"
