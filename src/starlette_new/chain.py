"""The migrations that a project has: which is the last, and what the next one is called."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette_new.errors import TargetProblem, show

FOLDER = "migrations/versions"
KEPT = "migrations/sqlite"
"""Where the migrations of SQLite are kept when a project has come to PostgreSQL."""


@dataclass(frozen=True)
class Chain:
    """last: the revision that the next one follows; None if there is none. next: its name."""

    last: str | None
    next: str


def read_chain(project: Path, folder: str = FOLDER) -> Chain:
    """Read a project's migrations, whoever wrote them; raise TargetProblem."""
    files = sorted((project / folder).glob("*.py"))
    found = [one for file in files if (one := _read_revision(file, folder)) is not None]
    names = {name for name, _ in found}
    heads = sorted(names - {before for _, befores in found for before in befores})
    if len(heads) > 1:
        raise TargetProblem(
            f"The migrations have {len(heads)} ends: {', '.join(heads)}.",
            'Join them first: uv run alembic merge heads -m "join"',
        )
    if names and not heads:
        raise TargetProblem(
            f"The migrations in {folder} go in a circle.", "Mend their down_revision."
        )
    numbers = [_read_number(text) for text in (*names, *(file.name for file in files))]
    return Chain(heads[0] if heads else None, f"{max(numbers, default=0) + 1:04}")


def mentions(project: Path, word: str) -> bool:
    """Tell whether a migration says a word; true where there are none to ask."""
    files = [file for folder in (FOLDER, KEPT) for file in (project / folder).glob("*.py")]
    texts = (file.read_text(encoding="utf-8", errors="replace") for file in files)
    return not files or any(f'"{word}"' in text for text in texts)


def _read_revision(file: Path, folder: str) -> tuple[str, list[str]] | None:
    """Read the names of a migration and of those it follows."""
    try:
        tree = ast.parse(file.read_bytes())
        values = dict(_list_values(tree))
        name, before = values.get("revision"), values.get("down_revision")
    except (OSError, SyntaxError, ValueError):
        raise TargetProblem(
            f"The migration {show(file.name)} cannot be read.", f"Mend it: it is in {folder}."
        ) from None
    befores = before if isinstance(before, tuple | list) else [before]
    named = [one for one in befores if isinstance(one, str)]
    return (name, named) if isinstance(name, str) else None


def _list_values(tree: ast.Module) -> Iterator[tuple[str, object]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        if name in ("revision", "down_revision"):
            yield name, ast.literal_eval(value)


def _read_number(text: str) -> int:
    """Read the number of four digits that a name begins with, or 0."""
    found = re.match(r"([0-9]{4})(_|$)", text)
    return int(found[1]) if found else 0
