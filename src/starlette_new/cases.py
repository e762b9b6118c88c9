"""What smoke proves: projects, each with a name that tells its answers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from starlette_new.answers import LARGEST, list_answers, read_answers
from starlette_new.blueprint import Blueprint, list_uses, make_blueprint
from starlette_new.combinations import Row, Space, cover_pairs, draw, list_all
from starlette_new.errors import UsageProblem, show
from starlette_new.examples import list_examples, read_example
from starlette_new.foreign import ForeignTemplate
from starlette_new.questions import EXCLUSIONS, QUESTIONS, STARTER
from starlette_new.recipes import OwnRecipe, Recipe
from starlette_new.refusals import suggest

MOST = 100_000
"""Combinations that are listed; of more, some can be chosen."""
TYPES = (
    "customer name:str(20):unique email:email?:unique born:date?",
    "order number:int:index note:text? total:decimal(10,2)=0 weight:float? paid:bool=false "
    "placed:datetime=now at:time? code:uuid:unique extra:json? page:url? color:color? "
    "status:enum(new,paid)=new customer:ref parent:ref(order)?",
)
"""Resources with a field of every type that both layouts have."""


@dataclass(frozen=True)
class Case:
    """A project to prove.

    answers: what it is made from; recipe: how it is made; template: somebody's own, if it is one.
    """

    name: str
    answers: Mapping[str, object]
    recipe: Recipe
    template: ForeignTemplate | None = None


def make_case(name: str, blueprint: Blueprint) -> Case:
    """Make a case of a blueprint of ours."""
    return Case(name, list_answers(blueprint), OwnRecipe(blueprint))


@dataclass(frozen=True)
class Selection:
    """Which cases: at most one of `all` and `sample`; neither means every pair of answers.

    only: texts KEY=VALUE, or names of cases. shard: which part of how many, from 1 on.
    """

    all: bool = False
    sample: int | None = None
    seed: int = 1
    only: tuple[str, ...] = ()
    shard: tuple[int, int] = (1, 1)


def choose_cases(selection: Selection) -> list[Case]:
    """Choose among the combinations of answers; raise UsageProblem."""
    space = make_space()
    rows = choose_rows(selection, space, name_row)
    cases = [make_case(name_row(row), _make_blueprint(row)) for row in rows]
    return take_shard(cases, selection.shard)


def choose_rows(selection: Selection, space: Space, name: Callable[[Row], str]) -> list[Row]:
    """Choose among all combinations; name: gives each its name. Raises UsageProblem."""
    names = [text for text in selection.only if "=" not in text]
    only: dict[str, tuple[str, ...]] = {}
    for key, value in (_read_filter(text, space) for text in selection.only if "=" in text):
        only[key] = (*only.get(key, ()), value)
    space = space.restrict(only)
    if not all(space.values.values()):
        raise UsageProblem(
            f"No project has {' and '.join(t for t in selection.only if '=' in t)}: "
            "these answers exclude each other.",
            "Leave one of them out.",
            field="only",
        )
    if (names or selection.all) and space.size > MOST:
        raise UsageProblem(
            f"There are {space.size} combinations.",
            "Prove some with --pairwise, --sample N or --only KEY=VALUE.",
        )
    if names:
        by_name = {name(row): row for row in list_all(space)}
        for wanted in names:
            if wanted not in by_name:
                raise UsageProblem(
                    f"--only: there is no project {show(wanted)}.",
                    f"{suggest(wanted, by_name)}With --all, --list names them all.",
                    field="only",
                )
        return [by_name[wanted] for wanted in names]
    if selection.sample is not None:
        return draw(space, selection.sample, selection.seed)
    return list(list_all(space)) if selection.all else cover_pairs(space)


def read_cases(file: str, selection: Selection) -> list[Case]:
    """Read a file of blueprints, with `---` between them; raise UsageProblem."""
    try:
        with open(file, "rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise UsageProblem(
            f"The blueprints {show(file)} cannot be read: {error}.", "Name a file.", field="file"
        ) from None
    parts = [part for part in re.split(rb"(?m)^---[ \t]*\r?$", data) if part.strip()]
    cases = []
    for number, part in enumerate(parts, 1):
        where = f"{show(file)}, part {number}"
        answers = read_answers(part, where)
        try:
            blueprint = make_blueprint({"name": f"project-{number}", **answers})
        except UsageProblem as problem:
            message = f"{where}: {problem.message}"
            raise UsageProblem(message, problem.hint, field=problem.field) from None
        cases.append(make_case(blueprint.name, blueprint))
    names = [case.name for case in cases]
    for name in selection.only:
        if name not in names:
            raise UsageProblem(
                f"--only: the file {show(file)} has no project {show(name)}.",
                f"{suggest(name, names)}Its projects are {', '.join(names)}.",
                field="only",
            )
    if len({*names}) < len(names) or not names:
        raise UsageProblem(
            f"The file {show(file)} has {'two projects of one name' if names else 'no blueprint'}.",
            "Write blueprints with --- between them, each with a name of its own.",
        )
    wanted = [case for case in cases if case.name in (selection.only or names)]
    return take_shard(wanted, selection.shard)


@cache
def make_space() -> Space:
    """Give the questions with their answers, and what a project may begin with."""
    values = {question.key: question.choices for question in QUESTIONS if question.choices}
    values["resources"] = tuple(_list_beginnings())
    return Space(values, frozenset(_list_excluded(values)), once=frozenset(["resources"]))


@cache
def _list_beginnings() -> dict[str, list[object]]:
    """Give what a project may begin with: names, and their entries of `resources`."""
    examples = {name: list(read_example(name)["resources"]) for name in list_examples()}
    return {"nothing": [], "starter": [STARTER], "types": list(TYPES), **examples}


def _list_excluded(values: Mapping[str, Sequence[str]]) -> Iterator[frozenset[tuple[str, str]]]:
    used = {
        name: list_uses(make_blueprint({"name": "smoke", "resources": entries}).resources)
        for name, entries in _list_beginnings().items()
    }
    for exclusion in EXCLUSIONS:
        given = (exclusion.key, exclusion.answer)
        other, _, answer = exclusion.other.partition("=")
        if answer:
            yield frozenset([given, (other, answer)])
        for name in values["resources"]:
            if exclusion.other in used[name]:
                yield frozenset([given, ("resources", name)])


def _make_blueprint(row: Mapping[str, str]) -> Blueprint:
    resources = _list_beginnings()[row["resources"]]
    return make_blueprint({**row, "name": "smoke", "resources": resources})


def name_row(row: Mapping[str, str]) -> str:
    """Name a combination by its answers, without those that leave something out."""
    switches = {question.key for question in QUESTIONS if question.is_switch}
    words = []
    for key, value in row.items():
        word = key.removeprefix("with_").replace("_", "-")
        if key in switches:
            words += [word] * (value == "true")
        elif value != "none":
            words.append(value)
        elif key != "with_ci":
            words.append(f"no-{word}")
    return "-".join(words)


def _read_filter(text: str, space: Space) -> tuple[str, str]:
    key, _, value = text.partition("=")
    if key not in space.values:
        raise UsageProblem(
            f"--only {show(text)}: there is no question {show(key)}.",
            f"{suggest(key, space.values)}The questions are {', '.join(space.values)}.",
            field="only",
        )
    if value not in space.values[key]:
        raise UsageProblem(
            f"--only {show(text)}: {key} cannot be {show(value)}.",
            f"Choose {' or '.join(space.values[key])}.",
            field="only",
        )
    return key, value


def take_shard(cases: list[Case], shard: tuple[int, int]) -> list[Case]:
    """Take every nth of the cases."""
    number, of = shard
    return cases[number - 1 :: of]
