"""Rows that a change would lose: refused, unless their owner said so."""

from collections.abc import Sequence
from pathlib import Path

from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.blueprint_file import BlueprintFile
from starlette_new.errors import TargetProblem
from starlette_new.planning import Plan
from starlette_new.schema_changes import JOBS, Loss, compare
from starlette_new.stored_rows import count_rows
from starlette_new.wishes import Wish

_AGREE = "To lose it, type the command again with --allow-data-loss."


class LossProblem(TargetProblem):
    """Rows would be lost."""

    code = "loss"


def check_losses(
    project: Path, file: BlueprintFile, plan: Plan, wish: Wish, *, allowed: bool
) -> None:
    """Raise LossProblem where a change loses rows without the consent of their owner.

    What was asked to be removed by its name may go, as long as there are no rows on this machine.
    """
    if allowed:
        return
    old = make_blueprint(file.applied.answers)
    meant = compare(old.resources, file.blueprint.resources).losses if wish.dropped else ()
    for loss in plan.schema.losses:
        if wish.dropped and loss not in meant:
            _check_rows(project, old, loss)
        else:
            _refuse(loss, plan.schema.losses)


def _check_rows(project: Path, old: Blueprint, loss: Loss) -> None:
    count = count_rows(project, old, loss.table, loss.column)
    if count is None:
        reason = "the database cannot be read"
        if old.with_db == "postgres":
            reason = "starlette-new does not look into PostgreSQL"
        raise LossProblem(
            f"Nobody can count the rows that {loss.what} has: {reason}.",
            f"Look for yourself. {_AGREE}",
        )
    if count:
        raise LossProblem(
            f"The database on this machine has {count} rows with a value in {loss.what}, which "
            "the next migration would lose.",
            f"Keep a copy of what you need. {_AGREE}",
        )


def _refuse(loss: Loss, losses: Sequence[Loss]) -> None:
    if loss.values:
        raise LossProblem(
            f"The next migration would lose {loss.what}: such rows take the default.", _AGREE
        )
    if loss.table == JOBS:
        raise LossProblem(f"The next migration would lose {loss.what}.", _AGREE)
    old = f"{loss.table}.{loss.column}" if loss.column else loss.table
    named = ", ".join(one.what for one in losses)
    raise LossProblem(
        f"The next migration would lose {named}.",
        f"If it only has another name now, take the change back and type: starlette-new rename "
        f"{old} NEW. {_AGREE}",
    )
