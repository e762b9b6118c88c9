"""What smoke proves of somebody's own template: its answers, in combinations."""

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from starlette_new.cases import Case, Selection, choose_rows, take_shard
from starlette_new.combinations import Row, Space
from starlette_new.errors import UsageProblem
from starlette_new.foreign import ForeignQuestion, ForeignTemplate, describe
from starlette_new.processes import Processes
from starlette_new.recipes import ForeignRecipe

NO_YES = ("false", "true")


def choose_foreign(
    source: str,
    data: Mapping[str, str],
    selection: Selection,
    *,
    trust: bool,
    timeout: float,
) -> list[Case]:
    """Choose among the answers to a template's questions that have few; raise Problem.

    source: as `sources.find_source` gives it. data: answers that all projects have. timeout: what
    looking at the template may take, in seconds.
    """
    with TemporaryDirectory() as scratch, Processes(timeout) as processes:
        template = describe(source, Path(scratch), processes)
    if template.runs and not trust:
        raise UsageProblem(
            f"The {template.summary} wants to run code: {', '.join(template.runs)}.",
            "Read it, and give --trust if you trust who wrote it.",
            field="trust",
        )
    space = make_space(template, data)
    rows = choose_rows(selection, space, name_row) if space.values else [{}]
    cases = [_make_case(source, row, data, trust=trust) for row in rows]
    return take_shard(cases, selection.shard)


def make_space(template: ForeignTemplate, data: Mapping[str, str]) -> Space:
    """Give the questions with fixed choices, and those that are answered with yes or no."""
    asked = [one for one in template.questions if one.name not in data and not one.computed]
    return Space({one.name: values for one in asked if (values := _list_values(one))})


def _list_values(question: ForeignQuestion) -> tuple[str, ...]:
    if question.type == "bool":
        return NO_YES
    return tuple(str(choice) for choice in question.choices)


def name_row(row: Row) -> str:
    """Name a combination by its answers."""
    words = [
        key if value == "true" else f"no {key}" if value == "false" else value
        for key, value in row.items()
    ]
    return "-".join(re.sub(r"[^A-Za-z0-9._]+", "_", word) for word in words) or "defaults"


def _make_case(source: str, row: Row, data: Mapping[str, str], *, trust: bool) -> Case:
    answers, name = {**data, **row}, name_row(row)
    target = Path(gettempdir()) / "project"  # where no Git repository is around it
    recipe = ForeignRecipe(name, source, answers, trust=trust, dry_run=False, target=target)
    return Case(name, answers, recipe, is_ours=False)
