"""Every argument and flag of the command line, declared once for the commands that share it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from starlette_new.blueprint import QUESTIONS
from starlette_new.examples import list_examples

_BY_KEY = {question.key: question for question in QUESTIONS}


def _ask(key: str) -> Any:
    question = _BY_KEY[key]
    return typer.Option(
        question.flag,
        metavar="|".join(question.choices) or "SPEC",
        help=question.help + (f" [{question.default}]" if question.default else ""),
        autocompletion=lambda: list(question.choices),
    )


def _tell(*names: str, help: str, metavar: str | None = None) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


Name = Annotated[
    str | None, typer.Argument(metavar="NAME", help=_BY_KEY["name"].help, show_default=False)
]
Layout = Annotated[str | None, _ask("layout")]
WithDb = Annotated[str | None, _ask("with_db")]
Ui = Annotated[str | None, _ask("ui")]
Resources = Annotated[list[str] | None, _ask("resources")]
ResourceFile = Annotated[
    str | None,
    _tell("--resources", metavar="FILE", help="A text file of resources, one on each line"),
]
Starter = Annotated[
    bool | None,
    _tell("--starter/--no-starter", help="Begin with a sample if no resource is given"),
]
Answers = Annotated[
    str | None,
    _tell("--answers", metavar="FILE|-", help="A blueprint file, as .copier-answers.yml is"),
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
    _tell("--template", metavar="PATH|GIT-URL|NAME", help="Somebody's own Copier template"),
]
Data = Annotated[
    list[str] | None,
    _tell("--data", metavar="KEY=VALUE", help="An answer to a question of --template"),
]
Trust = Annotated[bool, _tell("--trust", help="Let --template run tasks and load extensions")]
Interactive = Annotated[
    bool,
    _tell("-i", "--interactive", help="Ask what to make"),
]
OutputDir = Annotated[
    Path, _tell("-o", "--output-dir", metavar="DIR", help="The folder to make it in [.]")
]
Python = Annotated[
    str,
    _tell("--python", metavar="PYTHON", help="Version or path of its Python [this one's]"),
]
Install = Annotated[
    bool, _tell("--install/--no-install", help="Install its environment, which proving needs")
]
Verify = Annotated[bool, _tell("--verify/--no-verify", help="Run its tests and start it")]
Git = Annotated[bool, _tell("--git/--no-git", help="Make a Git repository with one commit")]
Offline = Annotated[bool, _tell("--offline", help="Never use the network")]
Timeout = Annotated[
    float,
    _tell("--timeout", metavar="SECONDS", help="What each step may take [120]"),
]
DryRun = Annotated[
    bool, _tell("-n", "--dry-run", help="Show the plan, file by file; write nothing")
]
AsJson = Annotated[bool, _tell("--json", help="One JSON document")]
Quiet = Annotated[bool, _tell("-q", "--quiet", help="Nothing but problems")]
Version = Annotated[bool, _tell("--version", help="Print the version")]
Verbose = Annotated[bool, _tell("-v", "--verbose", help="Each step, and what tools print")]
