"""A plan is written into a project: through its journal, whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

from starlette_new.errors import SurroundingsProblem
from starlette_new.interrupts import held
from starlette_new.journal import FOLDER, Journal, Step
from starlette_new.merge import Action, Change
from starlette_new.outcomes import ConflictProblem, Outcome
from starlette_new.planning import Plan
from starlette_new.recipes import LOCKS
from starlette_new.wishes import Wish


def write(outcome: Outcome, plan: Plan, wish: Wish, journal: Journal) -> None:
    """Write what is planned; raise ConflictProblem where its owner has to decide."""
    steps = [step for change in plan.changes for step in _list_steps(change, plan)]
    steps += [
        Step(lock, _read(outcome.project / lock), None, is_watched=True)
        for lock in LOCKS[plan.blueprint.layout]
    ]
    conflicts = [change for change in plan.changes if change.action is Action.CONFLICT]
    wanted = [(c.path, c.theirs.data) for c in conflicts if c.theirs and not c.file]
    try:
        with held():
            journal.begin(
                outcome.command,
                wish.title,
                steps,
                conflicts=[change.path for change in conflicts],
                wanted=wanted,
            )
            skipped = journal.carry_out()
    except OSError as error:
        raise SurroundingsProblem(
            f"The project cannot be written to: {error.strerror}.",
            f"Make room there, or make its files writable. {_take_back(journal)}",
        ) from None
    outcome.notes += [f"{path} was edited meanwhile, and left alone." for path in skipped]
    check_conflicts(outcome, _explain(outcome.command, [path for path, _ in wanted]))


def check_conflicts(outcome: Outcome, hint: str) -> None:
    """Raise ConflictProblem if there is a conflict."""
    if any(change.action is Action.CONFLICT for change in outcome.changes):
        raise ConflictProblem(outcome, hint)


def _explain(command: str, wanted: list[str]) -> str:
    where = ""
    if wanted:
        where = f"What could not be written is in {FOLDER}/new: take from there what you want. "
    return (
        f"{where}Decide between the markers, where there are some, and type: "
        f"starlette-new {command} --continue; or put everything back with --abort."
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
            like=change.source,
        )


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
