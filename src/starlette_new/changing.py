"""Commands that change a project: planned, written through the journal, and proven in place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette_new import __version__, adopted, merge
from starlette_new.answers import FILE_NAME, list_answers
from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.blueprint_file import BlueprintFile, read_blueprint_file
from starlette_new.chain import mentions
from starlette_new.commands import find_python
from starlette_new.databases import check_server
from starlette_new.environment import Environment
from starlette_new.errors import Problem, SurroundingsProblem, TargetProblem, show
from starlette_new.git import find_uncommitted
from starlette_new.journal import Journal
from starlette_new.left_names import list_left
from starlette_new.losses import check_losses
from starlette_new.merge import Action
from starlette_new.outcomes import Announce, Outcome, ToolOutput
from starlette_new.planning import Plan, make_plan
from starlette_new.processes import Processes, check_timeout
from starlette_new.prove import Tools
from starlette_new.recipes import summarize
from starlette_new.refusals import wrong
from starlette_new.releases import list_behaviour
from starlette_new.settling import settle
from starlette_new.versions import check_build, is_behind
from starlette_new.wishes import Make, Wish
from starlette_new.writing import check_conflicts, write


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
    with at_work(project, options, announce) as (journal, tools):
        recovered = journal.recover()
        with _told(recovered):
            _check_waiting(journal)
            file = read_blueprint_file(project)
            wish = make(file.answers, file.blueprint)
            _check_gone(project, wish)
            outcome = describe(command, project, make_blueprint(wish.answers), options)
            outcome.notes += [recovered] * bool(recovered)
            if _is_done(file, wish, command):
                outcome.notes += wish.there or [_say_nothing_to_do(command, file)]
            else:
                _carry_out(outcome, file, wish, journal, tools, options)
        outcome.seconds = time.monotonic() - started
        return outcome


def _carry_out(
    outcome: Outcome,
    file: BlueprintFile,
    wish: Wish,
    journal: Journal,
    tools: Tools,
    options: ChangeOptions,
) -> None:
    project = outcome.project
    edited = FILE_NAME if outcome.command == "apply" else ""
    check_committed(project, tools.processes, options, but=edited)
    tools.announce("Rendering")
    plan = make_plan(project, file, wish, tools, offline=options.offline)
    if plan.blueprint.with_db == "postgres" and options.verify:
        check_server()
    check_losses(project, file, plan, wish, allowed=options.allow_data_loss)
    _tell(outcome, plan, file, wish, options)
    if options.dry_run:
        check_conflicts(outcome, "Nothing was written: this was a dry run.")
    else:
        write(outcome, plan, wish, journal)
        settle(outcome, journal, plan.blueprint, tools, verify=options.verify, paste=plan.paste)


@contextmanager
def at_work(
    project: Path, options: ChangeOptions, announce: Announce
) -> Iterator[tuple[Journal, Tools]]:
    """Hold the journal of a project, and all that is needed to render and to prove it."""
    try:
        with (
            TemporaryDirectory() as folder,
            Journal(project) as journal,
            Processes(options.timeout, lambda text: announce(ToolOutput(text))) as processes,
        ):
            python = options.python or find_python(project)
            environment = Environment(project, Path(folder), python, options.offline, processes)
            yield journal, Tools(environment, processes, options.timeout, announce)
    except OSError as error:
        raise SurroundingsProblem(
            f"A file cannot be read or written: {error}.",
            "Make room, or give yourself the rights, and type the command again.",
        ) from error


@contextmanager
def _told(recovered: str) -> Iterator[None]:
    """Say first what became of a change that was interrupted, also where this one is refused."""
    try:
        yield
    except Problem as problem:
        problem.message = f"{recovered} {problem.message}".strip()
        raise


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


def _check_gone(project: Path, wish: Wish) -> None:
    """Raise UsageProblem about what was never there: what was, may be removed again."""
    for name, word in wish.gone:
        if not mentions(project, word):
            raise wrong(f"There is no {show(name)}.", f"There are {', '.join(wish.known)}.")


def check_committed(
    project: Path, processes: Processes, options: ChangeOptions, *, but: str = ""
) -> None:
    """Raise TargetProblem if Git has no copy of something in a project; but: of this file."""
    files = [] if options.allow_dirty else find_uncommitted(project, processes)
    files = [file for file in files if not but or not f"/{file}".endswith(f"/{but}")]
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
    outcome.notes += [*wish.there, *plan.notes, *list_left(outcome.project, plan, wish)]
    if is_behind(file.applied.version):
        since = file.applied.version
        outcome.notes.append(f"It comes from starlette-new {since} to {__version__}.")
        outcome.notes += list_behaviour(since, __version__)
    if options.shows_diff:
        outcome.diff = merge.diff(*_make_sides(plan))
        outcome.diff += adopted.describe(plan.share) if plan.share else ""


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
