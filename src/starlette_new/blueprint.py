"""What to build: the answers to all questions, checked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette_new.engines import adapt
from starlette_new.entries import parse_entry
from starlette_new.errors import UsageProblem, show
from starlette_new.language import Resource
from starlette_new.names import check_project_name
from starlette_new.questions import EXCLUSIONS, QUESTIONS, STARTER, Exclusion, Question
from starlette_new.relations import check_resources
from starlette_new.samples import read_samples

JOB_TABLES = ("exports", "export_parts", "job_errors")
"""The tables of background work, beside those of its queue."""
_QUEUE_PREFIX = "procrastinate_"


class ExclusionProblem(UsageProblem):
    """Two answers that cannot go together. answer: the one of them that was chosen, as a flag."""

    def __init__(self, exclusion: Exclusion) -> None:
        flags = {question.key: question.flag for question in QUESTIONS}
        self.answer = f"{flags[exclusion.key]} {exclusion.answer}"
        key, _, answer = exclusion.other.partition("=")
        other = f"{flags.get(key, key)} {answer}".rstrip()
        field = key if answer else "resources"
        message = f"{self.answer} and {other} exclude each other."
        super().__init__(message, exclusion.hint, field=field)


@dataclass(frozen=True)
class Blueprint:
    """What to build. Two equal blueprints give the same bytes."""

    name: str
    layout: str
    with_db: str
    ui: str
    with_jobs: bool
    with_telemetry: bool
    with_ci: str
    with_pre_commit: bool
    with_devcontainer: bool
    with_docker: bool
    with_skill: bool
    resources: tuple[Resource, ...]

    @property
    def has_pages(self) -> bool:
        return self.ui == "pages" and bool(self.resources)

    @property
    def has_migrations(self) -> bool:
        return self.layout == "standard" and self.with_db != "none"

    @property
    def has_surroundings(self) -> bool:
        switches = (self.with_pre_commit, self.with_devcontainer, self.with_docker)
        return self.with_ci != "none" or any(switches)


def make_blueprint(answers: Mapping[str, object]) -> Blueprint:
    """Check answers, by the keys of QUESTIONS, and fill in the defaults; raise UsageProblem."""
    known = {question.key for question in QUESTIONS}
    for key in answers:
        if key not in known:
            raise UsageProblem(
                f"The blueprint has no question {show(key)}.",
                f"The questions are {', '.join(sorted(known))}.",
                field=str(key),
            )
    chosen = {q.key: _choose(q, answers.get(q.key)) for q in QUESTIONS if q.choices}
    resources = [parse_entry(entry) for entry in _list_entries(answers.get("resources"))]
    check_resources(resources)
    _check_exclusions(chosen, resources)
    name = answers.get("name")
    if not isinstance(name, str):
        raise UsageProblem(
            "The project has no name." if name is None else f"{show(name)} is no name.",
            "Type: starlette-new NAME, for example starlette-new taskflow.",
            field="name",
        )
    return Blueprint(
        name=check_project_name(name),
        layout=chosen["layout"],
        with_db=chosen["with_db"],
        ui=chosen["ui"],
        with_jobs=chosen["with_jobs"] == "true",
        with_telemetry=chosen["with_telemetry"] == "true",
        with_ci=chosen["with_ci"],
        with_pre_commit=chosen["with_pre_commit"] == "true",
        with_devcontainer=chosen["with_devcontainer"] == "true",
        with_docker=chosen["with_docker"] == "true",
        with_skill=chosen["with_skill"] == "true",
        resources=_adapt(read_samples(resources), chosen),
    )


def _adapt(resources: Sequence[Resource], chosen: Mapping[str, str]) -> tuple[Resource, ...]:
    """Give the resources as they are kept: `single` has the indexes that were asked for."""
    return tuple(resources) if chosen["layout"] == "single" else adapt(resources, chosen["with_db"])


def _choose(question: Question, answer: object) -> str:
    if answer is None:
        return question.default or ""
    if question.is_switch:
        answer = str(answer).lower()
    if answer not in question.choices:
        raise UsageProblem(
            f"{question.flag} cannot be {show(answer)}.",
            f"Choose {' or '.join(question.choices)}.",
            field=question.key,
        )
    return str(answer)


def _list_entries(answer: object) -> Sequence[object]:
    if not answer:
        return ()
    if not isinstance(answer, Sequence) or isinstance(answer, str):
        raise UsageProblem(
            f"The resources {show(answer)} are no list.",
            f"Write one line each: - {STARTER}",
            field="resources",
        )
    return answer


def _check_exclusions(chosen: Mapping[str, str], resources: Sequence[Resource]) -> None:
    used = {f"{key}={answer}" for key, answer in chosen.items()} | list_uses(resources)
    if chosen["with_jobs"] == "true":
        _check_tables(resources)
    for exclusion in EXCLUSIONS:
        if chosen[exclusion.key] == exclusion.answer and exclusion.other in used:
            raise ExclusionProblem(exclusion)


def list_uses(resources: Sequence[Resource]) -> set[str]:
    """Give what resources use, as exclusions name it."""
    used = {"resources" if resources else "resources: []"}
    for resource in resources:
        used |= {field.type for field in resource.fields}
        used |= {f"{field.type}:index" for field in resource.fields if field.index}
        used |= json.loads(resource.entry or "{}").keys()
    return used


def _check_tables(resources: Sequence[Resource]) -> None:
    for resource in resources:
        if resource.plural in JOB_TABLES or resource.plural.startswith(_QUEUE_PREFIX):
            raise UsageProblem(
                f"The resource {show(resource.name)} has a table that --with-jobs has, too.",
                "Give the resource another name.",
                field="resources",
            )
