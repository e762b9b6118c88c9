"""What smoke proves of somebody's own template: its answers, in combinations."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from starlette_new.cases import Case, Selection, choose_rows, take_shard
from starlette_new.combinations import Row, Space
from starlette_new.copying import check_names
from starlette_new.errors import UsageProblem, show
from starlette_new.foreign import ForeignQuestion, ForeignTemplate, describe
from starlette_new.processes import Processes
from starlette_new.questions import NO_YES
from starlette_new.recipes import ForeignRecipe


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
    _check_answers(template, space, data)
    rows = choose_rows(selection, space, partial(name_row, space)) if space.values else [{}]
    cases = [_make_case(source, template, space, row, data, trust=trust) for row in rows]
    return take_shard(cases, selection.shard)


def _check_answers(template: ForeignTemplate, space: Space, data: Mapping[str, str]) -> None:
    names = [question.name for question in template.questions]
    check_names(data, names)
    for question in template.questions:
        if question.required and question.name not in {*data, *space.values}:
            raise UsageProblem(
                f"The template's question {show(question.name)} has no default.",
                f"Give --data {question.name}=VALUE.",
                field="data",
            )
        given, choices = data.get(question.name), [*map(str, question.choices)]
        if given is not None and choices and given not in choices:
            raise UsageProblem(
                f"The template's question {show(question.name)} cannot be {show(given)}.",
                f"Choose {' or '.join(choices)}.",
                field="data",
            )


def make_space(template: ForeignTemplate, data: Mapping[str, str]) -> Space:
    """Give the questions with fixed choices, and those that are answered with yes or no."""
    asked = [one for one in template.questions if one.name not in data and not one.computed]
    return Space({one.name: values for one in asked if (values := _list_values(one))})


def _list_values(question: ForeignQuestion) -> tuple[str, ...]:
    if question.type == "bool":
        return NO_YES
    return tuple(str(choice) for choice in question.choices)


def name_row(space: Space, row: Row) -> str:
    """Name a combination by its answers; no two have the same name."""
    return "-".join(_name(space, key, value) for key, value in row.items()) or "defaults"


def _name(space: Space, key: str, value: str) -> str:
    """Name an answer; one with other characters also has its number among the answers."""
    if space.values[key] == NO_YES or value in NO_YES:
        return key if value == "true" else f"no_{key}"
    word = re.sub(r"[^A-Za-z0-9._]+", "_", value)
    return word if word == value else f"{word}~{space.values[key].index(value) + 1}"


def _make_case(
    source: str,
    template: ForeignTemplate,
    space: Space,
    row: Row,
    data: Mapping[str, str],
    *,
    trust: bool,
) -> Case:
    answers, name = {**data, **row}, name_row(space, row)
    target = Path(gettempdir()) / "project"  # where no Git repository is around it
    recipe = ForeignRecipe(name, source, answers, trust=trust, dry_run=False, target=target)
    return Case(name, answers, recipe, template)
