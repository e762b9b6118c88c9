"""The commands, each one line through the stages: blueprint, render, place, prove, report."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette_new.answers import list_answers
from starlette_new.blueprint import Blueprint
from starlette_new.blueprint_file import read_applied, read_blueprint
from starlette_new.databases import check_server
from starlette_new.environment import Environment, find_workspace
from starlette_new.errors import SurroundingsProblem, TargetProblem
from starlette_new.git import make_repository
from starlette_new.interrupts import held
from starlette_new.journal import recover
from starlette_new.outcomes import Announce, Outcome, RedProof, ToolOutput
from starlette_new.place import Staging, check_target, keep_log, remove
from starlette_new.processes import Processes, check_timeout
from starlette_new.prove import Check, Prover, Tools
from starlette_new.recipes import ForeignRecipe, OwnRecipe, Recipe, Rendered, Unproven, summarize
from starlette_new.versions import describe_age


@dataclass(frozen=True)
class Options:
    """How to make a project, whatever the project is.

    timeout: seconds that each step may take. python: as uv's --python takes it; empty for the one a
    project is installed with.
    """

    folder: Path
    python: str
    install: bool = True
    verify: bool = True
    repository: bool = True
    offline: bool = False
    timeout: float = 120.0
    dry_run: bool = False

    def __post_init__(self) -> None:
        check_timeout(self.timeout)


def new(blueprint: Blueprint, options: Options, announce: Announce) -> Outcome:
    """Make a project, and leave nothing of it behind unless it is whole; raise Problem."""
    target = check_target(options.folder, blueprint.name)
    if blueprint.with_db == "postgres" and options.install and options.verify:
        check_server()
    return _carry_out(OwnRecipe(blueprint), target, options, announce)


def new_from_template(
    name: str,
    source: str,
    data: Mapping[str, str],
    options: Options,
    announce: Announce,
    *,
    trust: bool = False,
) -> Outcome:
    """Make a project from somebody's own template, in the same way; raise Problem.

    source: as `sources.find_source` gives it; data: answers to the template's questions; trust:
    what it wants to run may run.
    """
    target = check_target(options.folder, name)
    recipe = ForeignRecipe(
        name,
        source,
        data,
        trust=trust,
        dry_run=options.dry_run,
        target=target if options.repository and not options.dry_run else None,
    )
    return _carry_out(recipe, target, options, announce)


def _carry_out(recipe: Recipe, target: Path, options: Options, announce: Announce) -> Outcome:
    started = time.monotonic()
    outcome = Outcome("new", recipe.name, target, dry_run=options.dry_run)
    if options.dry_run:
        _plan(outcome, recipe, options, announce)
    else:
        _make(outcome, recipe, options, announce)
        outcome.next = recipe.list_next_steps(target)
    outcome.seconds = time.monotonic() - started
    return outcome


def _plan(outcome: Outcome, recipe: Recipe, options: Options, announce: Announce) -> None:
    with TemporaryDirectory() as folder, _start_processes(options, announce) as processes:
        scratch = Path(folder) / "scratch"
        scratch.mkdir()
        rendered = _render(outcome, recipe, Path(folder) / recipe.name, scratch, processes)
    if options.install:
        outcome.files += rendered.locks


def check(options: Options, announce: Announce) -> Outcome:
    """Prove the project in `options.folder` as it is now; raise Problem."""
    started = time.monotonic()
    project = options.folder.resolve()
    blueprint = read_blueprint(project)
    if blueprint.with_db == "postgres":
        check_server()
    outcome = Outcome(
        "check", blueprint.name, project, list_answers(blueprint), summarize(blueprint)
    )
    outcome.notes += filter(None, [recover(project), _describe_age(project)])
    with TemporaryDirectory() as scratch, _start_processes(options, announce) as processes:
        python = options.python or find_python(project)
        environment = Environment(project, Path(scratch), python, options.offline, processes)
        tools = Tools(environment, processes, options.timeout, announce)
        prover = Prover(tools, blueprint.layout, blueprint.with_db)
        with log_kept(processes):
            announce("Installing")
            environment.sync("--inexact")
            announce("Proving")
            outcome.checks += prover.prove_it_works()
            if not is_adopted(project):  # how their code looks is the owner's matter
                outcome.checks += prover.prove_it_is_clean(has_migrations=blueprint.has_migrations)
        outcome.proven = all(check.ok for check in outcome.checks)
        outcome.seconds = time.monotonic() - started
        if not outcome.proven:
            raise RedProof(outcome, keep_log(processes.log))
    return outcome


def _describe_age(project: Path) -> str:
    with suppress(TargetProblem):  # what was applied may be lost: proving does not need it
        return describe_age(read_applied(project))
    return ""


def is_adopted(project: Path) -> bool:
    """Tell whether a project was not made by us."""
    with suppress(TargetProblem):
        return bool(read_applied(project).owner)
    return False


def find_python(project: Path) -> str:
    """The interpreter a project is installed with, so that checking it changes nothing there."""
    installed = project / ".venv" / "bin" / "python"
    return str(installed) if installed.exists() else sys.executable


def _make(outcome: Outcome, recipe: Recipe, options: Options, announce: Announce) -> None:
    target = outcome.project
    workspace = find_workspace(target) if options.install else None
    with (
        Staging(target, apart=workspace is not None) as staging,
        _start_processes(options, announce) as processes,
    ):
        announce("Rendering")
        started = time.monotonic()
        rendered = _render(outcome, recipe, staging.project, staging.scratch, processes)
        seconds = time.monotonic() - started
        _add_check(outcome, Check("render", True, seconds, rendered.detail), announce)
        announce(f"Rendered {outcome.summary}")
        environment = Environment(
            staging.project, staging.scratch, options.python, options.offline, processes
        )
        if options.install:
            with log_kept(processes):
                _install_and_prove(outcome, recipe, environment, processes, options, announce)
        is_installed = (staging.project / ".venv").is_dir()
        outcome.files += rendered.locks if is_installed else []
        if not all(check.ok for check in outcome.checks):
            with log_kept(processes):
                staging.check_room()
            raise RedProof(outcome, staging.place_failed(processes.log))
        _remove_bytecode(staging.project)
        if options.repository:
            outcome.notes.append(make_repository(staging.project, target, processes))
        with held():
            staging.place()
            if workspace:
                outcome.notes.append(f"It lies in the uv workspace {workspace}: run uv sync there.")
            elif is_installed:
                environment.project = target
                environment.finish()


def _render(
    outcome: Outcome, recipe: Recipe, tree: Path, scratch: Path, processes: Processes
) -> Rendered:
    try:
        rendered = recipe.render(tree, scratch, processes)
    except OSError as error:
        raise SurroundingsProblem(
            f"The project cannot be written: {error.strerror}.",
            "Make room there, or choose another folder with -o DIR.",
        ) from error
    outcome.files = list(rendered.files)
    outcome.answers, outcome.summary = rendered.answers, rendered.summary
    outcome.template = rendered.template
    return rendered


def _install_and_prove(
    outcome: Outcome,
    recipe: Recipe,
    environment: Environment,
    processes: Processes,
    options: Options,
    announce: Announce,
) -> None:
    try:
        announce("Installing")
        started = time.monotonic()
        recipe.install(environment)
        packages = len(list(environment.project.glob(".venv/lib/*/site-packages/*.dist-info")))
        seconds = time.monotonic() - started
        _add_check(outcome, Check("install", True, seconds, f"{packages} packages"), announce)
        if options.verify:
            announce("Proving")
            tools = Tools(environment, processes, options.timeout, announce)
            outcome.checks += recipe.prove(tools)
            outcome.proven = all(check.ok for check in outcome.checks)
    except Unproven as why:
        outcome.notes.append(str(why))


def _start_processes(options: Options, announce: Announce) -> Processes:
    return Processes(options.timeout, lambda text: announce(ToolOutput(text)))


def _add_check(outcome: Outcome, check: Check, announce: Announce) -> None:
    outcome.checks.append(check)
    announce(check)


@contextmanager
def log_kept(processes: Processes) -> Iterator[None]:
    """Keep what the tools said, where one of them failed."""
    try:
        yield
    except SurroundingsProblem as problem:
        problem.log = keep_log(processes.log)
        raise


def _remove_bytecode(project: Path) -> None:
    for folder, subfolders, _ in os.walk(project):
        subfolders[:] = [name for name in subfolders if name != ".venv"]
        if folder.endswith("__pycache__"):
            remove(Path(folder))
