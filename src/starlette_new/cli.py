"""The command line: what can be typed, and what each way to end prints."""

import os
import sys
from pathlib import Path
from typing import Any

import typer

from starlette_new import __version__, interrupts
from starlette_new.answers import FILE_NAME
from starlette_new.cli_change import (
    add_command,
    adopt_command,
    apply_command,
    diff_command,
    remove_command,
    rename_command,
    update_command,
)
from starlette_new.cli_rows import copy_rows_command
from starlette_new.cli_smoke import skill_command, smoke_command
from starlette_new.errors import (
    BugProblem,
    Interrupted,
    InterruptedProblem,
    Problem,
    TargetProblem,
    UsageProblem,
    show,
)
from starlette_new.flags import (
    Answers,
    AsJson,
    Data,
    DryRun,
    Example,
    Git,
    Install,
    Interactive,
    Layout,
    Name,
    Offline,
    OutputDir,
    OwnPython,
    Python,
    Quiet,
    ResourceFile,
    Resources,
    Starter,
    Template,
    Timeout,
    Trust,
    Ui,
    Verbose,
    Verify,
    Version,
    WithCi,
    WithDb,
    WithDevcontainer,
    WithDocker,
    WithJobs,
    WithPreCommit,
    WithSkill,
    WithTelemetry,
)
from starlette_new.front import IMPLICIT, Front, Once
from starlette_new.names import COMMANDS
from starlette_new.preparing import prepare_foreign, prepare_own
from starlette_new.questions import QUESTIONS
from starlette_new.refusals import suggest
from starlette_new.sources import check_alone

app = typer.Typer(
    cls=Front,
    help="Make a Starlette project, installed and proven by its own tests.",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    options_metavar="[OPTIONS]",
    subcommand_metavar="| COMMAND",
)


@app.callback()
def front(
    version: Version = False,
) -> None:
    """Print the version, where it is not the only argument."""
    if version:
        print(f"starlette-new {__version__}")
        raise typer.Exit


@app.command("new", cls=Once, help="Make a project; NAME alone does the same")
def new_command(
    context: typer.Context,
    name: Name = None,
    layout: Layout = None,
    with_db: WithDb = None,
    ui: Ui = None,
    with_jobs: WithJobs = None,
    with_telemetry: WithTelemetry = None,
    with_ci: WithCi = None,
    with_pre_commit: WithPreCommit = None,
    with_devcontainer: WithDevcontainer = None,
    with_docker: WithDocker = None,
    with_skill: WithSkill = None,
    resource: Resources = None,
    resources: ResourceFile = None,
    starter: Starter = None,
    answers: Answers = None,
    example: Example = None,
    template: Template = None,
    data: Data = None,
    trust: Trust = False,
    interactive: Interactive = False,
    output_dir: OutputDir = Path(),
    python: Python = sys.executable,
    install: Install = True,
    verify: Verify = True,
    git: Git = True,
    offline: Offline = False,
    timeout: Timeout = 120.0,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Gather the answers, and make the project they describe."""
    if name in COMMANDS and context.meta.get(IMPLICIT):
        raise UsageProblem(
            f"{show(name)} is the name of a command, which comes first.",
            f"For a project with this name type: starlette-new new {name}",
            field="name",
        )
    if context.meta.get(IMPLICIT) and name is not None and Path(FILE_NAME).exists():
        raise UsageProblem(
            f"This folder is a project, and {show(name)} is no command.",
            f"{suggest(name, COMMANDS)}For a project inside of this one: starlette-new new {name}",
            field="name",
        )
    typed: dict[str, Any] = {
        "layout": layout,
        "with_db": with_db,
        "ui": ui,
        "with_jobs": with_jobs,
        "with_telemetry": with_telemetry,
        "with_ci": with_ci,
        "with_pre_commit": with_pre_commit,
        "with_devcontainer": with_devcontainer,
        "with_docker": with_docker,
        "with_skill": with_skill,
        "resources": resource,
    }
    check_alone(
        template,
        {
            **{question.flag: typed.get(question.key) for question in QUESTIONS},
            "--resources": resources,
            "--starter": starter,
            "--answers": answers,
            "--example": example,
            "-i": interactive or None,
        },
        [flag for flag, value in (("--data", data), ("--trust", trust)) if value],
    )
    if template is None:
        make = prepare_own(
            {key: value for key, value in {"name": name, **typed}.items() if value is not None},
            file=resources,
            example=example,
            answers=answers,
            starter=starter,
            interactive=interactive,
            as_json=as_json,
        )
    else:
        make = prepare_foreign(name, template, data or [], trust=trust, offline=offline)
    from starlette_new import commands, report

    options = commands.Options(
        folder=output_dir,
        python=python,
        install=install,
        verify=verify,
        repository=git,
        offline=offline,
        timeout=timeout,
        dry_run=dry_run,
    )
    report.carry_out(
        lambda announce: make(options, announce), report.Looks(as_json, quiet, verbose)
    )


app.command("add", cls=Once, help="Add resources, or what else this project can have")(add_command)
app.command("remove", cls=Once, help="Remove resources, or fields of them")(remove_command)
app.command("rename", cls=Once, help="Give a resource or a field another name")(rename_command)
app.command("apply", cls=Once, help="Make this project what .copier-answers.yml says")(
    apply_command
)
app.command("update", cls=Once, help="Bring this project to a newer version's templates")(
    update_command
)
app.command("diff", cls=Once, help="Show what you changed since this project was made")(
    diff_command
)
app.command(
    "copy-rows", cls=Once, help="Copy the rows of SQLite into PostgreSQL, and compare them"
)(copy_rows_command)
app.command("adopt", cls=Once, help="Let a Starlette project of yours be added to")(adopt_command)


@app.command("check", cls=Once, help="Prove the project in this folder as it is now")
def check_command(
    python: OwnPython = "",
    offline: Offline = False,
    timeout: Timeout = 120.0,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Prove the project in the current folder."""
    from starlette_new import commands, report

    options = commands.Options(folder=Path(), python=python, offline=offline, timeout=timeout)
    report.carry_out(
        lambda announce: commands.check(options, announce),
        report.Looks(as_json, quiet, verbose),
    )


app.command("smoke", cls=Once, help="Make many projects, and prove each")(smoke_command)
app.command("skill", cls=Once, help="Write what coding agents should know of Starlette")(
    skill_command
)


@app.command("options", cls=Once, help="List every question, its answers, and what excludes what")
def options_command(as_json: AsJson = False) -> None:
    """List the questions of a blueprint."""
    if as_json:
        import json

        from starlette_new.schema import make_schema

        print(json.dumps(make_schema(), indent=2))
    else:
        from starlette_new.question_list import print_questions

        print_questions()


def run(arguments: list[str]) -> int:
    """Carry out a command line and return its exit code; a problem is one sentence, or JSON."""
    os.umask(os.umask(0o022) | 0o022)
    try:
        with interrupts.raised():
            code = app(arguments, prog_name="starlette-new", standalone_mode=False)
        return int(code or 0)
    except Problem as problem:
        return _fail(problem, arguments)
    except typer.TyperException as error:
        return _fail(_translate(error, arguments), arguments)
    except Interrupted as interrupted:
        return _fail(InterruptedProblem(interrupted.exit_code), arguments)
    except Exception as error:
        import traceback

        traceback.print_exc()
        return _fail(BugProblem(error), arguments)


def _fail(problem: Problem, arguments: list[str]) -> int:
    if "--json" in arguments:
        from starlette_new import report

        command = arguments[0] if arguments[0] in COMMANDS else "new"
        report.print_document(report.make_problem_document(problem, command))
    elif problem.log or isinstance(problem, TargetProblem):
        from starlette_new import report

        report.print_problem(problem)
    else:
        print(f"starlette-new: {problem}", file=sys.stderr)
    return problem.exit_code


def _translate(error: typer.TyperException, arguments: list[str]) -> UsageProblem:
    message = error.format_message().splitlines()[0]
    option = getattr(error, "option_name", None)
    if option:
        written = next((a for a in arguments if a.startswith(option)), option)
        if written not in message:
            message = f"{show(written)}: {message}"
    return UsageProblem(message.rstrip(".") + ".", "See starlette-new --help.")
