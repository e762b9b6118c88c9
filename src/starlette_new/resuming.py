"""A change that waits for its owner: it is continued, or everything is put back."""

import time
from pathlib import Path

from starlette_new.blueprint_file import read_blueprint
from starlette_new.changing import ChangeOptions, at_work, describe
from starlette_new.errors import TargetProblem
from starlette_new.interrupts import held
from starlette_new.journal import FOLDER, READY, Journal
from starlette_new.merge_text import has_marker
from starlette_new.outcomes import Announce, Outcome
from starlette_new.planning import find_paste_now
from starlette_new.settling import settle


def resume(command: str, options: ChangeOptions, announce: Announce) -> Outcome:
    """Prove and finish the change that waits for its owner; raise Problem."""
    started = time.monotonic()
    project = options.folder.resolve()
    with at_work(project, options, announce) as (journal, tools):
        if not journal.state:
            raise TargetProblem("There is no change to continue.", "Begin one.")
        if journal.state == READY:
            with held():
                journal.carry_out()
        _check_decided(project, journal)
        blueprint = read_blueprint(project)
        outcome = describe(command, project, blueprint, options)
        outcome.notes += [
            f"What {path} could have become is in {FOLDER}/new/{path}." for path in journal.wanted
        ]
        found = find_paste_now(project, tools.environment.scratch)
        outcome.notes += found.notes if found else []
        settle(outcome, journal, blueprint, tools, verify=options.verify, paste=found)
        outcome.seconds = time.monotonic() - started
        return outcome


def _check_decided(project: Path, journal: Journal) -> None:
    left = [path for path in journal.conflicts if _has_marker(project / path)]
    if left:
        raise TargetProblem(
            f"There are conflict markers in {', '.join(left)}.",
            f"Decide there, and type again: starlette-new {journal.command} --continue",
        )


def _has_marker(path: Path) -> bool:
    return path.is_file() and has_marker(path.read_bytes())


def put_back(command: str, options: ChangeOptions, announce: Announce) -> Outcome:
    """Put everything back as it was before the change that is not finished; raise Problem."""
    project = options.folder.resolve()
    with at_work(project, options, announce) as (journal, _):
        if not journal.state:
            raise TargetProblem("There is no change to put back.", "Undo finished ones with Git.")
        title = journal.title
        with held():
            edited = journal.put_back()
    outcome = describe(command, project, read_blueprint(project), options)
    outcome.notes.append(f"Everything is as it was before: {title}.")
    outcome.notes += [f"What you edited meanwhile is in {path}." for path in edited]
    return outcome
