"""Every argument and flag of the command line, declared once for the commands that share it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from starlette_new.examples import list_examples
from starlette_new.questions import QUESTIONS

_BY_KEY = {question.key: question for question in QUESTIONS}


def ask(key: str, *, is_new: bool = True) -> Any:
    """Declare the option of a question; only of a new project it has a default."""
    question = _BY_KEY[key]
    default = f" [{question.default}]" if question.default and is_new else ""
    return typer.Option(
        question.flag,
        metavar="|".join(question.choices) or "SPEC",
        help=question.help + default,
        show_default=False,
        autocompletion=lambda: list(question.choices),
    )


def _switch(key: str) -> Any:
    flag = _BY_KEY[key].flag
    return tell(f"{flag}/{flag.replace('with', 'without', 1)}", help=_BY_KEY[key].help)


def tell(*names: str, help: str, metavar: str | None = None, min: int | None = None) -> Any:
    """Declare an option whose default its help tells, if it has one."""
    return typer.Option(*names, metavar=metavar, help=help, show_default=False, min=min)


Name = Annotated[
    str | None, typer.Argument(metavar="NAME", help=_BY_KEY["name"].help, show_default=False)
]
Layout = Annotated[str | None, ask("layout")]
WithDb = Annotated[str | None, ask("with_db")]
Ui = Annotated[str | None, ask("ui")]
WithJobs = Annotated[bool | None, _switch("with_jobs")]
WithTelemetry = Annotated[bool | None, _switch("with_telemetry")]
WithCi = Annotated[str | None, ask("with_ci")]
WithPreCommit = Annotated[bool | None, _switch("with_pre_commit")]
WithDevcontainer = Annotated[bool | None, _switch("with_devcontainer")]
WithDocker = Annotated[bool | None, _switch("with_docker")]
WithSkill = Annotated[bool | None, _switch("with_skill")]
Resources = Annotated[list[str] | None, ask("resources")]
ResourceFile = Annotated[
    str | None,
    tell("--resources", metavar="FILE", help="A text file of resources, one on each line"),
]
Starter = Annotated[
    bool | None,
    tell("--starter/--no-starter", help="Begin with a sample if no resource is given"),
]
Answers = Annotated[
    str | None,
    tell("--answers", metavar="FILE|-", help="A blueprint file, as .copier-answers.yml is"),
]
Example = Annotated[
    str | None,
    typer.Option(
        "--example",
        metavar="NAME",
        help="Begin with a blueprint that is ready: taskflow, shop or blog",
        autocompletion=list_examples,
    ),
]
Template = Annotated[
    str | None,
    tell("--template", metavar="PATH|GIT-URL|NAME", help="Somebody's own Copier template"),
]
Data = Annotated[
    list[str] | None,
    tell("--data", metavar="KEY=VALUE", help="An answer to a question of --template"),
]
Trust = Annotated[bool, tell("--trust", help="Let --template run tasks and load extensions")]
Interactive = Annotated[
    bool,
    tell("-i", "--interactive", help="Ask what to make"),
]
OutputDir = Annotated[
    Path, tell("-o", "--output-dir", metavar="DIR", help="The folder to make it in [.]")
]
Python = Annotated[
    str,
    tell("--python", metavar="PYTHON", help="Version or path of its Python [this one's]"),
]
OwnPython = Annotated[
    str,
    tell("--python", metavar="PYTHON", help="Version or path of its Python [the project's own]"),
]
Install = Annotated[
    bool, tell("--install/--no-install", help="Install its environment, which proving needs")
]
Verify = Annotated[bool, tell("--verify/--no-verify", help="Run its tests and start it")]
Git = Annotated[bool, tell("--git/--no-git", help="Make a Git repository with one commit")]
Offline = Annotated[bool, tell("--offline", help="Never use the network")]
Timeout = Annotated[
    float,
    tell("--timeout", metavar="SECONDS", help="What each step may take [120]"),
]
DryRun = Annotated[bool, tell("-n", "--dry-run", help="Show the plan, file by file; write nothing")]
AsJson = Annotated[bool, tell("--json", help="One JSON document")]
Quiet = Annotated[bool, tell("-q", "--quiet", help="Nothing but problems")]
Version = Annotated[bool, tell("--version", help="Print the version")]
Verbose = Annotated[bool, tell("-v", "--verbose", help="Each step, and what tools print")]
