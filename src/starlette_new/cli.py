"""The command line: what can be typed, and what each way to end prints."""

import copy
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from starlette_new import __version__, interrupts
from starlette_new.answers import complete_answers
from starlette_new.blueprint import make_blueprint
from starlette_new.cli_smoke import skill_command, smoke_command
from starlette_new.errors import (
    BugProblem,
    Interrupted,
    InterruptedProblem,
    Problem,
    UsageProblem,
    show,
)
from starlette_new.examples import join_example, naming
from starlette_new.flags import (
    Answers,
    AsJson,
    DryRun,
    Example,
    Git,
    Install,
    Interactive,
    Layout,
    Name,
    Offline,
    OutputDir,
    Python,
    Quiet,
    ResourceFile,
    Resources,
    Starter,
    Timeout,
    Ui,
    Verbose,
    Verify,
    Version,
    WithCi,
    WithDb,
    WithDevcontainer,
    WithPreCommit,
    WithSkill,
)
from starlette_new.names import COMMANDS
from starlette_new.resource_lines import locating, read_lines

if TYPE_CHECKING:
    from starlette_new.commands import Outcome
    from starlette_new.report import Progress

IMPLICIT = "starlette_new.implicit"


class Front(TyperGroup):
    """`starlette-new NAME` is `starlette-new new NAME`, and one page of help shows both."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = {name for param in self.params for name in param.opts} | {"--help"}
        if (args or not ctx.resilient_parsing) and not {*args[:1]} & {*self.commands, *own}:
            ctx.meta[IMPLICIT] = True
            args = ["new", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        new = self.commands["new"]
        inner = new.make_context("new", [], parent=ctx, resilient_parsing=True)
        return [*super().shell_complete(ctx, incomplete), *new.shell_complete(inner, incomplete)]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        page = copy.copy(self)
        page.params = [*self.commands["new"].params, *self.params]
        super(Front, page).format_help(ctx, formatter)


class Once(TyperCommand):
    """A command whose options may each be given once, but for those that take many values."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _, _, given = self.make_parser(ctx).parse_args(list(args))
        for param in given:
            if given.count(param) > 1 and getattr(param, "multiple", True) is False:
                raise UsageProblem(
                    f"{param.opts[-1]} is given twice.", "Give it once.", field=param.name
                )
        return super().parse_args(ctx, args)


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
    with_ci: WithCi = None,
    with_pre_commit: WithPreCommit = None,
    with_devcontainer: WithDevcontainer = None,
    with_skill: WithSkill = None,
    resource: Resources = None,
    resources: ResourceFile = None,
    starter: Starter = None,
    answers: Answers = None,
    example: Example = None,
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
            f"{show(name)} is the name of a command, now or in a later version.",
            f"For a project with this name type: starlette-new new {name}",
            field="name",
        )
    lines = read_lines(resources) if resources is not None else {}
    if resources is not None:
        resource = [*lines.values(), *(resource or [])]
    typed = {
        "name": name,
        "layout": layout,
        "with_db": with_db,
        "ui": ui,
        "with_ci": with_ci,
        "with_pre_commit": with_pre_commit,
        "with_devcontainer": with_devcontainer,
        "with_skill": with_skill,
        "resources": resource,
    }
    given: dict[str, object] = {k: v for k, v in typed.items() if v is not None}
    if example is not None:
        given = join_example(example, given, file=answers, starter=starter)
    asked = interactive or (name is None and answers is None and may_ask(as_json))
    with locating(resources, lines), naming(example):
        if asked:
            _check_asking(as_json, answers)
            from starlette_new.prompts import ask

            given = ask(given, example)
        else:
            given = complete_answers(given, answers, starter)
        blueprint = make_blueprint(given)
    from starlette_new import commands

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
    _carry_out(
        lambda announce: commands.new(blueprint, options, announce),
        as_json=as_json,
        quiet=quiet,
        verbose=verbose,
    )


def _check_asking(as_json: bool, answers: str | None) -> None:
    if answers is not None:
        raise UsageProblem(
            "-i and --answers exclude each other.",
            "Leave one of them out: the file has the answers.",
            field="interactive",
        )
    if not may_ask(as_json):
        raise UsageProblem(
            "There is no terminal to ask at.",
            "Type the answers: starlette-new NAME --layout standard --with-db sqlite",
            field="interactive",
        )


@app.command("check", cls=Once, help="Prove the project in this folder as it is now")
def check_command(
    python: Python = "",
    offline: Offline = False,
    timeout: Timeout = 120.0,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Prove the project in the current folder."""
    from starlette_new import commands

    options = commands.Options(folder=Path(), python=python, offline=offline, timeout=timeout)
    _carry_out(
        lambda announce: commands.check(options, announce),
        as_json=as_json,
        quiet=quiet,
        verbose=verbose,
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
        from starlette_new.questions import print_questions

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
    elif problem.log:
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


def _carry_out(
    work: Callable[["Progress"], "Outcome"], *, as_json: bool, quiet: bool, verbose: bool
) -> None:
    from starlette_new import report

    with report.Progress(quiet=quiet or as_json, verbose=verbose) as progress:
        outcome = work(progress)
    if as_json:
        report.print_document(report.make_document(outcome))
    elif not quiet:
        report.print_outcome(outcome)


def may_ask(as_json: bool) -> bool:
    """Tell whether there is a person at a terminal to ask."""
    streams = (sys.stdin, sys.stdout)
    return not as_json and "CI" not in os.environ and all(s and s.isatty() for s in streams)
