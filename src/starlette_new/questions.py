"""Every question there is, with its answers, and what excludes what."""

from dataclasses import dataclass

from starlette_new.entries import KEYS

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
        "with_jobs",
        "--with-jobs",
        "Work that is deferred to a worker, with retries, and a page of what failed",
        choices=NO_YES,
        default="false",
        details="It begins with the export of a table. The queue is Procrastinate's.",
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

    other: a question, or one of its answers after =, a type of fields, with a mark after :, a key
    of the entries of resources, or that there are none.
    """

    key: str
    answer: str
    other: str
    hint: str


_QUEUE = "The queue is PostgreSQL's, which wakes workers on many machines: use --with-db postgres."
EXCLUSIONS = (
    Exclusion("with_db", "none", "resources", "Resources need a database: use --with-db sqlite."),
    Exclusion("layout", "single", "with_db=postgres", "PostgreSQL needs --layout standard."),
    Exclusion("layout", "single", "with_jobs=true", "Background work needs --layout standard."),
    *(Exclusion("with_db", one, "with_jobs=true", _QUEUE) for one in ("sqlite", "none")),
    Exclusion("with_jobs", "true", "resources: []", "It exports their rows: name one."),
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
