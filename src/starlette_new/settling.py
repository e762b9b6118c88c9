"""The end of a change: it is proven in its place, and finished, or waits for its owner."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette_new.blueprint import Blueprint
from starlette_new.errors import Interrupted, InterruptedProblem, SurroundingsProblem
from starlette_new.interrupts import held
from starlette_new.journal import RED, Journal
from starlette_new.outcomes import Outcome, RedProof
from starlette_new.place import keep_log
from starlette_new.prove import Prover, Tools
from starlette_new.recipes import list_starts


def settle(
    outcome: Outcome, journal: Journal, blueprint: Blueprint, tools: Tools, *, verify: bool
) -> None:
    """Install what changed, prove the project, and finish; raise RedProof, which waits."""
    outcome.next = list_starts(blueprint, outcome.project)
    if verify:
        with _stoppable(outcome):
            _install(blueprint, journal, tools)
            tools.announce("Proving")
            outcome.checks += Prover(tools, blueprint.layout).prove_it_works()
        outcome.proven = all(check.ok for check in outcome.checks)
    if outcome.proven or not verify:
        journal.finish()
        return
    journal.set_state(RED)
    log = keep_log(tools.processes.log)
    raise RedProof(
        outcome,
        log,
        f"See {log}. Mend it, and type: starlette-new {outcome.command} --continue; or put "
        "everything back with --abort.",
    )


def _install(blueprint: Blueprint, journal: Journal, tools: Tools) -> None:
    tools.announce("Installing")
    environment = tools.environment
    try:
        environment.create(blueprint.name)
        environment.sync("--inexact")
        if blueprint.layout == "single":
            environment.lock_script("main.py")
    except SurroundingsProblem as problem:
        problem.log = keep_log(tools.processes.log)
        with held():
            journal.put_back()
        problem.hint = "Everything is as it was. Mend what the log says, or give --no-verify."
        raise


@contextmanager
def _stoppable(outcome: Outcome) -> Iterator[None]:
    try:
        yield
    except Interrupted as interrupted:
        raise InterruptedProblem(
            interrupted.exit_code,
            "The change is written, and not proven: prove it with starlette-new check, or put "
            f"everything back with starlette-new {outcome.command} --abort.",
        ) from None
