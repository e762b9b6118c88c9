"""A Starlette project that was not made by us gets a blueprint, so that `add` works there."""

import os
import time
from pathlib import Path
from tempfile import NamedTemporaryFile

from starlette_new.adopted import WHOLE, mark
from starlette_new.answers import FILE_NAME, read_record, write_answers
from starlette_new.applications import Application, find_applications
from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.changing import ChangeOptions, check_committed, describe
from starlette_new.errors import SurroundingsProblem, TargetProblem, UsageProblem, show
from starlette_new.git import find_uncommitted
from starlette_new.interrupts import held
from starlette_new.merge import Action, Change, File, diff
from starlette_new.names import check_project_name
from starlette_new.outcomes import Announce, Outcome, ToolOutput
from starlette_new.pasting import read_settings
from starlette_new.processes import Processes
from starlette_new.render import hash_templates, list_templates
from starlette_new.requirements import get_table

_TAKEN = {
    "app": ("app", "app.py", "src/app", "src/app.py"),
    "migrations": ("migrations", "alembic.ini", "alembic"),
}
"""Where what we place would be in the way of what the owner has, by our name for it."""

_COMMIT = [f"git add {FILE_NAME}", 'git commit -m "Adopt with starlette-new"']


def adopt(options: ChangeOptions, announce: Announce) -> Outcome:
    """Write a blueprint for a project of somebody else's, and nothing else; raise Problem."""
    started = time.monotonic()
    project = options.folder.resolve()
    _check_new(project)
    settings = _read_settings(project)
    _check_room(project, settings)
    applications = _find_applications(project)
    blueprint, note = _make_blueprint(project, settings)
    with Processes(options.timeout, lambda text: announce(ToolOutput(text))) as processes:
        check_committed(project, processes, options)
        data = _write_blueprint(blueprint)
        if not options.dry_run:
            _write(project / FILE_NAME, data)
        commit = _COMMIT if find_uncommitted(project, processes) else []
    outcome = describe("adopt", project, blueprint, options)
    outcome.changes = [Change(FILE_NAME, Action.CREATE, File(data))]
    outcome.notes += [*note, *_tell(applications)]
    outcome.next = [*commit, 'starlette-new add "comment body:text" -n']
    if options.shows_diff:
        outcome.diff = diff({}, {FILE_NAME: File(data)})
    outcome.seconds = time.monotonic() - started
    return outcome


def _check_new(project: Path) -> None:
    if not os.path.lexists(project / FILE_NAME):
        return
    try:
        record, _ = read_record((project / FILE_NAME).read_bytes())
    except (OSError, UsageProblem):
        record = None
    if record is None:
        raise TargetProblem(
            f"There is a {FILE_NAME} already, of another template.",
            "Only one template can keep its record there.",
        )
    raise TargetProblem(
        "This is a project of starlette-new already.", 'Type: starlette-new add "comment body:text"'
    )


def _read_settings(project: Path) -> dict[str, object]:
    settings = read_settings(project)
    if "project" not in settings:
        raise TargetProblem(
            f"The folder {show(project)} has no pyproject.toml with a table [project].",
            "Go to the folder of your project, or begin one there with: uv init --bare",
        )
    return settings


def _check_room(project: Path, settings: dict[str, object]) -> None:
    for ours, paths in _TAKEN.items():
        for path in paths:
            if os.path.lexists(project / path):
                raise TargetProblem(
                    f"Your {path} stands where starlette-new would need {ours}/ for its own files.",
                    "Rename yours, or make a new project and move what you wrote.",
                )
    if get_table(settings, "tool", "alembic"):
        raise TargetProblem(
            "Your pyproject.toml has a table [tool.alembic]: the migrations are yours.",
            "Two chains of migrations cannot share a project. Make a new one beside it.",
        )


def _find_applications(project: Path) -> list[Application]:
    applications = find_applications(project)
    if not applications:
        raise TargetProblem(
            f"No file of Python in {show(project)} calls Starlette(...).",
            "Go to the folder of a Starlette project, or make one: starlette-new NAME",
        )
    return applications


def _make_blueprint(project: Path, settings: dict[str, object]) -> tuple[Blueprint, list[str]]:
    """Make a blueprint without resources, and say so where it has not the project's own name."""
    given = str(get_table(settings, "project").get("name", ""))
    name = next(filter(_is_name, (given, project.name)), "service")
    blueprint = make_blueprint({"name": name, "ui": "none", "resources": []})
    note = f"The name {show(given)} cannot be taken: what is added calls the project {name}."
    return blueprint, [note] * (name != given)


def _is_name(name: str) -> bool:
    try:
        return bool(check_project_name(name))
    except UsageProblem:
        return False


def _write_blueprint(blueprint: Blueprint) -> bytes:
    text = write_answers(blueprint, hash_templates(list_templates(blueprint)))
    return mark(text.encode(), WHOLE, is_placed=False)


def _tell(applications: list[Application]) -> list[str]:
    found = "; ".join(one.where for one in applications[:3])
    more = f"; and {len(applications) - 3} more" if len(applications) > 3 else ""
    return [
        f"Starlette(...) is called in {found}{more}.",
        "What is added is placed in app/, migrations/ and tests/joined/, with a database of its "
        "own. Files that are there are yours: none is written to.",
        "Your own routes, tables and settings are not in the blueprint: nobody can tell them from "
        "outside.",
    ]


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        with held(), NamedTemporaryFile(dir=path.parent, prefix=".copier-", delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                os.replace(file.name, path)
            except OSError:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise SurroundingsProblem(
            f"The project cannot be written to: {error.strerror}.",
            "Make room there, or make the folder writable.",
        ) from None
