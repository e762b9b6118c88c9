"""What to build: every question there is, what excludes what, and the answers, checked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette_new.engines import adapt
from starlette_new.entries import KEYS, parse_entry
from starlette_new.errors import UsageProblem, show
from starlette_new.language import Resource
from starlette_new.names import check_project_name
from starlette_new.relations import check_resources
from starlette_new.samples import read_samples

STARTER = "task title:str notes:text? done:bool=false"
"""The resource of a project whose owner named none."""


NO_YES = ("false", "true")


@dataclass(frozen=True)
class Question:
    """One question: its key in the blueprint file, its flag, and the answers it allows.

    choices: NO_YES where it is answered with yes or no.
    implies: what follows when it is not answered. details: what an answer means, in sentences.
    """

    key: str
    flag: str
    help: str
    choices: tuple[str, ...] = ()
    default: str | None = None
    many: bool = False
    implies: str = ""
    details: str = ""

    @property
    def is_switch(self) -> bool:
        return self.choices == NO_YES


QUESTIONS = (
    Question("name", "NAME", "The project's name, and its folder's"),
    Question(
        "layout",
        "--layout",
        "A package with migrations, or one file",
        choices=("standard", "single"),
        default="standard",
        details="single is a JSON API and, for each resource, one page with its rows, a form to "
        "add one, and a button to delete each. It leaves out editing, search, filters, sorting, "
        "boards, live updates, PATCH, ETags, OpenAPI, migrations and lists of references.",
    ),
    Question(
        "with_db",
        "--with-db",
        "Where the data is kept",
        choices=("sqlite", "postgres", "none"),
        default="sqlite",
    ),
    Question(
        "ui",
        "--ui",
        "Pages for people beside the JSON API, or the API alone",
        choices=("pages", "none"),
        default="pages",
    ),
    Question(
        "with_telemetry",
        "--with-telemetry",
        "Traces for OpenTelemetry, metrics for Prometheus",
        choices=NO_YES,
        default="false",
    ),
    Question(
        "with_ci",
        "--with-ci",
        "What proves it on every push, and each week against the newest Starlette",
        choices=("none", "github"),
        default="none",
        details="github is two workflows of GitHub Actions, in .github/workflows/.",
    ),
    Question(
        "with_pre_commit",
        "--with-pre-commit",
        "Hooks that run Ruff and mypy before each commit",
        choices=NO_YES,
        default="false",
    ),
    Question(
        "with_devcontainer",
        "--with-devcontainer",
        "A container to develop it in",
        choices=NO_YES,
        default="false",
    ),
    Question(
        "with_docker",
        "--with-docker",
        "An image to run it from, with Docker Compose",
        choices=NO_YES,
        default="false",
        details="Compose starts the database, then the migrations, then the application.",
    ),
    Question(
        "with_skill",
        "--with-skill",
        "A document about Starlette 1.x for coding agents",
        choices=NO_YES,
        default="false",
        details="It is written to .agents/skills/; starlette-new skill writes it elsewhere.",
    ),
    Question(
        "resources",
        "--resource",
        'What is kept: "task title:str done:bool=false"',
        many=True,
        implies=f'Without it, and with a database: "{STARTER}".',
    ),
)


@dataclass(frozen=True)
class Exclusion:
    """Two answers that cannot go together: `key` being `answer`, and any use of `other`.

    other: a question, or one of its answers after =, a type of fields, with a mark after :, or a
    key of the entries of resources.
    """

    key: str
    answer: str
    other: str
    hint: str


EXCLUSIONS = (
    Exclusion("with_db", "none", "resources", "Resources need a database: use --with-db sqlite."),
    Exclusion("layout", "single", "with_db=postgres", "PostgreSQL needs --layout standard."),
    Exclusion("layout", "single", "with_telemetry=true", "Telemetry needs --layout standard."),
    Exclusion("layout", "single", "with_docker=true", "An image needs --layout standard."),
    Exclusion("layout", "single", "many", "Lists of references need --layout standard."),
    Exclusion("layout", "single", "text:index", "An index of texts needs --layout standard."),
    *(
        Exclusion("layout", "single", key, f"The key {key} needs --layout standard.")
        for key in KEYS
        if key != "line"
    ),
)


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
    used = {f"{key}={answer}" for key, answer in chosen.items()}
    used |= {"resources"} if resources else set()
    for resource in resources:
        used |= {field.type for field in resource.fields}
        used |= {f"{field.type}:index" for field in resource.fields if field.index}
        used |= json.loads(resource.entry or "{}").keys()
    for exclusion in EXCLUSIONS:
        if chosen[exclusion.key] == exclusion.answer and exclusion.other in used:
            raise ExclusionProblem(exclusion)
