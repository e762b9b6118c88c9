"""Commands that change a project: planned, written through the journal, and proven in place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette_new import __version__, merge
from starlette_new.answers import list_answers
from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.blueprint_file import BlueprintFile, read_blueprint, read_blueprint_file
from starlette_new.commands import find_python
from starlette_new.environment import Environment
from starlette_new.errors import (
    SurroundingsProblem,
    TargetProblem,
    show,
)
from starlette_new.git import find_uncommitted
from starlette_new.interrupts import held
from starlette_new.journal import CONFLICT, Journal, Step
from starlette_new.losses import check_losses
from starlette_new.merge import Action, Change
from starlette_new.merge_text import has_markers
from starlette_new.outcomes import Announce, ConflictProblem, Outcome, ToolOutput
from starlette_new.planning import Plan, make_plan
from starlette_new.processes import Processes, check_timeout
from starlette_new.prove import Tools
from starlette_new.recipes import LOCKS, summarize
from starlette_new.releases import list_behaviour
from starlette_new.settling import settle
from starlette_new.versions import check_build, is_behind
from starlette_new.wishes import Make, Wish


@dataclass(frozen=True)
class ChangeOptions:
    """How to change a project.

    python: as uv's --python takes it; empty for the one it is installed with. timeout: seconds that
    each step may take. shows_diff: the outcome has the differences, line by line.
    """

    folder: Path
    python: str = ""
    offline: bool = False
    timeout: float = 120.0
    verify: bool = True
    dry_run: bool = False
    shows_diff: bool = False
    allow_dirty: bool = False
    allow_data_loss: bool = False

    def __post_init__(self) -> None:
        check_timeout(self.timeout)


def change(command: str, make: Make, options: ChangeOptions, announce: Announce) -> Outcome:
    """Change a project as `make` wishes, and prove it; raise Problem."""
    started = time.monotonic()
    project = options.folder.resolve()
    read_blueprint_file(project)
    with _at_work(project, options, announce) as (journal, tools):
        recovered = journal.recover()
        _check_waiting(journal)
        file = read_blueprint_file(project)
        wish = make(file.answers, file.blueprint)
        outcome = describe(command, project, make_blueprint(wish.answers), options)
        outcome.notes += [recovered] * bool(recovered)
        if _is_done(file, wish, command):
            outcome.notes += wish.there or [_say_nothing_to_do(command, file)]
        else:
            _check_committed(project, tools.processes, options)
            announce("Rendering")
            plan = make_plan(project, file, wish, tools, offline=options.offline)
            check_losses(project, file, plan, wish, allowed=options.allow_data_loss)
            _tell(outcome, plan, file, wish, options)
            if options.dry_run:
                _raise_planned(outcome)
            else:
                _write(outcome, plan, wish, journal)
                settle(outcome, journal, plan.blueprint, tools, verify=options.verify)
        outcome.seconds = time.monotonic() - started
        return outcome


def resume(command: str, options: ChangeOptions, announce: Announce) -> Outcome:
    """Prove and finish the change that waits for its owner; raise Problem."""
    started = time.monotonic()
    project = options.folder.resolve()
    blueprint = read_blueprint(project)
    with _at_work(project, options, announce) as (journal, tools):
        if not journal.state:
            raise TargetProblem("There is no change to continue.", "Begin one.")
        left = [path for path in journal.conflicts if _has_markers(project / path)]
        if left:
            raise TargetProblem(
                f"There are conflict markers in {', '.join(left)}.",
                f"Decide there, and type again: starlette-new {command} --continue",
            )
        outcome = describe(command, project, blueprint, options)
        with held():
            journal.carry_out()
        settle(outcome, journal, blueprint, tools, verify=options.verify)
        outcome.seconds = time.monotonic() - started
        return outcome


@contextmanager
def _at_work(
    project: Path, options: ChangeOptions, announce: Announce
) -> Iterator[tuple[Journal, Tools]]:
    """Hold the journal of a project, and all that is needed to render and to prove it."""
    with (
        TemporaryDirectory() as folder,
        Journal(project) as journal,
        Processes(options.timeout, lambda text: announce(ToolOutput(text))) as processes,
    ):
        python = options.python or find_python(project)
        environment = Environment(project, Path(folder), python, options.offline, processes)
        yield journal, Tools(environment, processes, options.timeout, announce)


def put_back(command: str, options: ChangeOptions) -> Outcome:
    """Put everything back as it was before the change that is not finished; raise Problem."""
    project = options.folder.resolve()
    read_blueprint(project)
    with Journal(project) as journal:
        if not journal.state:
            raise TargetProblem("There is no change to put back.", "Undo finished ones with Git.")
        title = journal.title
        with held():
            edited = journal.put_back()
    outcome = describe(command, project, read_blueprint(project), options)
    outcome.notes.append(f"Everything is as it was before: {title}.")
    outcome.notes += [f"What you edited meanwhile is in {path}." for path in edited]
    return outcome


def describe(command: str, project: Path, blueprint: Blueprint, options: ChangeOptions) -> Outcome:
    """Begin the outcome of a command that is about a project that exists."""
    return Outcome(
        command,
        blueprint.name,
        project,
        list_answers(blueprint),
        summarize(blueprint),
        dry_run=options.dry_run,
    )


def _check_waiting(journal: Journal) -> None:
    if journal.waits:
        raise TargetProblem(
            f"The change {show(journal.title)} is not finished.",
            f"Type: starlette-new {journal.command} --continue, or --abort to put it back.",
        )


def _check_committed(project: Path, processes: Processes, options: ChangeOptions) -> None:
    files = [] if options.allow_dirty else find_uncommitted(project, processes)
    if files:
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        raise TargetProblem(
            f"There are changes that are not committed: {', '.join(files[:3])}{more}.",
            "Commit them, so that Git can undo what is done now, or give --allow-dirty.",
        )


def _is_done(file: BlueprintFile, wish: Wish, command: str) -> bool:
    if is_behind(file.applied.version):
        return False
    applied = check_build(file.applied)
    return command == "update" or applied == make_blueprint(wish.answers)


def _say_nothing_to_do(command: str, file: BlueprintFile) -> str:
    if command == "update":
        return f"It is up to date: starlette-new {file.applied.version} made it."
    return "There is nothing to do: the project is as .copier-answers.yml says."


def _tell(
    outcome: Outcome, plan: Plan, file: BlueprintFile, wish: Wish, options: ChangeOptions
) -> None:
    outcome.changes = plan.changes
    outcome.notes += [*wish.there, *plan.notes]
    if is_behind(file.applied.version):
        since = file.applied.version
        outcome.notes.append(f"It comes from starlette-new {since} to {__version__}.")
        outcome.notes += list_behaviour(since, __version__)
    if options.shows_diff:
        outcome.diff = merge.diff(*_make_sides(plan))


def _make_sides(plan: Plan) -> tuple[dict[str, merge.File], dict[str, merge.File]]:
    touched = {path for change in plan.changes for path in (change.path, change.source)}
    before = {path: file for path, file in plan.before.items() if path in touched}
    after = dict(before)
    for change in plan.changes:
        if change.source:
            after.pop(change.source, None)
        if change.action is Action.DELETE:
            after.pop(change.path, None)
        if change.file is not None:
            after[change.path] = change.file
    return before, after


def _raise_planned(outcome: Outcome) -> None:
    if any(change.action is Action.CONFLICT for change in outcome.changes):
        raise ConflictProblem(outcome, "Nothing was written: this was a dry run.")


def _write(outcome: Outcome, plan: Plan, wish: Wish, journal: Journal) -> None:
    steps = [step for change in plan.changes for step in _list_steps(change, plan)]
    watched = [
        Step(lock, _read(outcome.project / lock), None, is_watched=True)
        for lock in LOCKS[plan.blueprint.layout]
    ]
    conflicts = [c for c in plan.changes if c.action is Action.CONFLICT]
    try:
        with held():
            journal.begin(
                outcome.command,
                wish.title,
                [*steps, *watched],
                conflicts=[change.path for change in conflicts],
                wanted=[(c.path, c.theirs.data) for c in conflicts if c.theirs and not c.file],
            )
            skipped = journal.carry_out()
            if conflicts:
                journal.set_state(CONFLICT)
    except OSError as error:
        raise SurroundingsProblem(
            f"The project cannot be written to: {error.strerror}.",
            f"Make room there, or make its files writable. {_take_back(journal)}",
        ) from None
    outcome.notes += [f"{path} was edited meanwhile, and left alone." for path in skipped]
    if conflicts:
        raise ConflictProblem(
            outcome,
            "Decide between the markers in each, and type: "
            f"starlette-new {outcome.command} --continue; or put everything back with --abort.",
        )


def _take_back(journal: Journal) -> str:
    """Take back what could not be written whole, and say so; the next command may have to."""
    try:
        if journal.state:
            journal.put_back()
    except OSError:
        return "The next command puts everything back as it was."
    return "Everything is as it was."


def _list_steps(change: Change, plan: Plan) -> Iterator[Step]:
    if change.source:
        yield Step(change.source, plan.before[change.source].data, None)
    if change.file is not None or change.action is Action.DELETE:
        before = plan.before.get(change.path)
        yield Step(
            change.path,
            before.data if before else None,
            change.file.data if change.file else None,
            executable=change.file.executable if change.file else False,
        )


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _has_markers(path: Path) -> bool:
    data = _read(path)
    return data is not None and has_markers(data)
