"""The end of a change: it is proven in its place, and finished, or waits for its owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette_new.blueprint import Blueprint
from starlette_new.chain import KEPT
from starlette_new.engine_change import list_copying
from starlette_new.errors import Interrupted, InterruptedProblem, SurroundingsProblem
from starlette_new.interrupts import held
from starlette_new.journal import RED, Journal
from starlette_new.outcomes import Outcome, RedProof
from starlette_new.pasting import Paste
from starlette_new.place import keep_log
from starlette_new.prove import Check, Prover, Tools
from starlette_new.recipes import list_starts
from starlette_new.stored_rows import find_database


def settle(
    outcome: Outcome,
    journal: Journal,
    blueprint: Blueprint,
    tools: Tools,
    *,
    verify: bool,
    paste: Paste | None = None,
) -> None:
    """Install what changed, prove the project, and finish; raise RedProof, which waits.

    paste: of an adopted project, what is to do by hand; what waits for that cannot be proven.
    """
    copying = list_copying(outcome.project, blueprint) if journal.writes_below(KEPT) else []
    outcome.next = _list_next(outcome.project, blueprint, paste, copying)
    verify = verify and (paste is None or paste.is_ready)
    if verify:
        with _taken_back(journal, tools):
            _install(blueprint, tools)
            tools.announce("Proving")
            outcome.checks += _prove(blueprint, tools)
        outcome.proven = all(check.ok for check in outcome.checks)
    if outcome.proven or not verify:
        journal.finish(keeps_wanted=bool(journal.wanted))
        return
    journal.set_state(RED)
    log = keep_log(tools.processes.log)
    raise RedProof(
        outcome,
        log,
        f"See {log}. Mend it, and type: starlette-new {journal.command} --continue; or put "
        "everything back with --abort.",
    )


def _list_next(
    project: Path, blueprint: Blueprint, paste: Paste | None, copying: list[str]
) -> list[str]:
    if paste:
        return [*paste.commands, *copying]
    start = list_starts(blueprint, project)[-1]
    return [f"{start} migrate", *copying, start] if copying else [start]


def _prove(blueprint: Blueprint, tools: Tools) -> list[Check]:
    prover = Prover(tools, blueprint.layout, blueprint.with_db)
    checks = prover.prove_it_works()
    database = find_database(tools.environment.project, blueprint)
    if blueprint.has_migrations and database is not None and database.is_file():
        checks += prover.prove_it_migrates(database.absolute())
    return checks


def _install(blueprint: Blueprint, tools: Tools) -> None:
    tools.announce("Installing")
    tools.environment.create(blueprint.name)
    tools.environment.sync("--inexact")
    if blueprint.layout == "single":
        tools.environment.lock_script("main.py")


@contextmanager
def _taken_back(journal: Journal, tools: Tools) -> Iterator[None]:
    """Put everything back where it cannot be proven, unless its owner has worked on it."""
    try:
        yield
    except SurroundingsProblem as problem:
        problem.log = keep_log(tools.processes.log)
        problem.hint = f"{_put_back(journal)} Mend what the log says, or give --no-verify."
        raise
    except Interrupted as interrupted:
        raise InterruptedProblem(interrupted.exit_code, _put_back(journal)) from None


def _put_back(journal: Journal) -> str:
    if journal.waits:
        return f"The change still waits: starlette-new {journal.command} --continue, or --abort."
    with held():
        journal.put_back()
    return "Everything is as it was."
