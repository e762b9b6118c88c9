"""A project that comes to PostgreSQL: what may change with it, and where its history is kept."""

import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.chain import FOLDER, KEPT, read_chain
from starlette_new.errors import TargetProblem, UsageProblem, show
from starlette_new.ignored import Ignored, list_files
from starlette_new.merge import Action, Change, Tree
from starlette_new.moves import find_obstacles, read_tree
from starlette_new.relations import name_link
from starlette_new.schema_changes import Renames, SchemaChange, compare
from starlette_new.stored_rows import find_database, read_address, read_revision


def comes(old: Blueprint, new: Blueprint) -> bool:
    """Tell whether a project comes to PostgreSQL; raise UsageProblem if it would leave it."""
    if old.with_db == "postgres" != new.with_db:
        raise UsageProblem(
            f"The database {old.with_db} of a project cannot become {new.with_db}.",
            "Make a new project, and move what you wrote.",
            field="with_db",
        )
    return old.with_db != new.with_db == "postgres"


def compare_tables(
    old: Blueprint, new: Blueprint, answers: Mapping[str, object], renames: Renames
) -> SchemaChange:
    """Find what changes in the tables, the engine aside; raise UsageProblem.

    answers: that make the new blueprint.
    """
    if not comes(old, new):
        return compare(old.resources, new.resources, renames)
    alike = make_blueprint({**answers, "with_db": "sqlite", "with_jobs": "false"})
    change = compare(old.resources, alike.resources, renames)
    for name in _list_changed(change):
        raise UsageProblem(
            f"The table {name} changes while the database becomes {new.with_db}: its rows could "
            "not follow.",
            "Change one, and then the other; what is only added may come along.",
            field="with_db",
        )
    return change


def _list_changed(change: SchemaChange) -> Iterator[str]:
    """List the tables that do not stay as they are, but for what is added to them."""
    yield from (resource.plural for resource in change.removed)
    for table in change.tables:
        if table.removed or any(table.kept) or table.old.plural != table.new.plural:
            yield table.old.plural
    yield from (before["table"] for before, after in change.links if before and before != after)


def begin_again(
    project: Path, old: Blueprint, first: Sequence[Change]
) -> tuple[Tree, list[Change]]:
    """Give the migrations that a project has, and what becomes of them; raise TargetProblem.

    first: what PostgreSQL begins with.
    """
    _check_rows(project, old)
    history = _read_history(project)
    return history, [*_keep_history(history, {change.path for change in first}), *first]


def _read_history(project: Path) -> Tree:
    """Read the migrations of a project, and what lies beside them; raise TargetProblem.

    Whatever cannot be moved is refused: half a history is none.
    """
    paths = [p for p in list_files(project, Ignored(project)) if p.startswith(f"{FOLDER}/")]
    found = read_tree(project, paths)
    for file in sorted((project / FOLDER).glob("*.py")):
        if f"{FOLDER}/{file.name}" not in found:
            raise TargetProblem(
                f"The migration {show(file.name)} cannot be moved to {KEPT}.",
                "It is a link, or ignored by .gitignore: make it a file that Git knows.",
            )
    targets = list(map(_keep, paths))
    taken = {**find_obstacles(project, targets), **read_tree(project, targets)}
    for path in sorted(taken):
        raise TargetProblem(
            f"{path} is in the way: the migrations of SQLite are to be kept there.",
            "Move it elsewhere.",
        )
    return found


def _keep_history(history: Tree, written: set[str]) -> list[Change]:
    """Move the migrations to where Alembic does not look. written: paths where others come."""
    return [
        Change(
            _keep(path),
            Action.MODIFY,
            file,
            f"moved from {path}",
            source="" if path in written else path,
        )
        for path, file in history.items()
    ]


def _keep(path: str) -> str:
    return f"{KEPT}{path.removeprefix(FOLDER)}"


def _check_rows(project: Path, old: Blueprint) -> None:
    """Raise TargetProblem if the rows on this machine are not as the last migration leaves them."""
    file, last = find_database(project, old), read_chain(project).last
    if file and file.is_file() and last and read_revision(file) != last:
        raise TargetProblem(
            f"The database {file.name} is not at the last migration, {last}: afterwards its rows "
            "could not be copied.",
            "Type: uv run python -m app migrate; or move it elsewhere. Then type this again.",
        )


def tell(project: Path, blueprint: Blueprint, history: Tree) -> Iterator[str]:
    """Say what the owner of a project that came to PostgreSQL should know."""
    if history:
        yield f"The migrations of SQLite are in {KEPT} now; PostgreSQL begins with its own."
    own = sorted(_list_tables(project) - _name_tables(blueprint))
    if own:
        yield (
            f"They do not make {', '.join(own)}, which the blueprint does not know: the tests are "
            "red until you write the next migration. Type: uv run python -m app migrate, and then: "
            "uv run alembic revision --autogenerate -m own"
        )
    if history and not list_copying(project, blueprint):
        yield "Rows of SQLite that are elsewhere are copied by: starlette-new copy-rows FILE"
    if read_address(project).startswith("sqlite"):
        where = "the environment" if os.environ.get("DATABASE_URL") else ".env"
        yield (
            f"DATABASE_URL in {where} names a database of SQLite: let it name one of PostgreSQL, "
            "as .env.example does, or take it out."
        )


def _list_tables(project: Path) -> set[str]:
    """List the tables that the code of an application names."""
    paths = [p for p in list_files(project, Ignored(project)) if re.fullmatch(r"app/.*\.py", p)]
    return {
        name.decode()
        for file in read_tree(project, paths).values()
        for name in re.findall(rb"(?:__tablename__ *= *|\bTable\(\s*)[\"'](\w+)[\"']", file.data)
    }


def _name_tables(blueprint: Blueprint) -> set[str]:
    links = {
        name_link(r, field) for r in blueprint.resources for field in r.fields if field.is_many
    }
    return {*links, *(resource.plural for resource in blueprint.resources)}


def list_copying(project: Path, blueprint: Blueprint) -> list[str]:
    """Give the command that copies the rows that are on this machine; none if there are none."""
    usual = project / f"{blueprint.name}.db"
    file = find_database(project, replace(blueprint, with_db="sqlite")) or usual
    named = [] if file == usual else [os.path.relpath(file, project)]
    return [shlex.join(["starlette-new", "copy-rows", *named])] * file.is_file()
