"""What a new project is made from: a blueprint of ours, or somebody's own template."""

import os
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from starlette_new.answers import list_answers
from starlette_new.blueprint import Blueprint
from starlette_new.environment import EVERYTHING, Environment
from starlette_new.errors import SurroundingsProblem
from starlette_new.foreign import ForeignTemplate, render_foreign
from starlette_new.git import begin_repository
from starlette_new.place import remove
from starlette_new.processes import Processes
from starlette_new.prove import Check, Prover, Tools, prove_lint, prove_suite

LOCKS = {"standard": ["uv.lock"], "single": ["main.py.lock", "uv.lock"]}
"""What uv writes into a project of each layout."""
_NOT_OURS = (".git", ".venv")


@dataclass(frozen=True)
class Rendered:
    """What was rendered.

    locks: what uv will write when it installs the project; detail: what was done, in words.
    answers: to the questions that make it; summary: the project in one line.
    template: where it is somebody's own.
    """

    files: list[str]
    locks: list[str]
    detail: str
    answers: Mapping[str, object]
    summary: str
    template: ForeignTemplate | None = None


class Unproven(Exception):
    """A project that cannot be installed or proven, though nothing is wrong; it says why."""


class Recipe(Protocol):
    """How a kind of project is made. name: of its folder."""

    name: str

    def render(self, tree: Path, scratch: Path, processes: Processes) -> Rendered:
        """Render into `tree`, which must not exist; raise Problem, or OSError for the disk."""

    def install(self, environment: Environment) -> None:
        """Install into a new environment; raise Unproven before that is made, or Problem."""

    def prove(self, tools: Tools) -> list[Check]:
        """Run its checks; raise Unproven."""

    def prove_it_is_clean(self, tools: Tools) -> list[Check]:
        """Run the checks of its code."""

    def list_next_steps(self, project: Path) -> list[str]:
        """Give the commands to type next."""


class OwnRecipe:
    """A project of ours."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.name = blueprint.name
        self._blueprint = blueprint

    def render(self, tree: Path, scratch: Path, processes: Processes) -> Rendered:
        from starlette_new.render import render

        files = render(self._blueprint, tree)
        return Rendered(
            files=files,
            locks=LOCKS[self._blueprint.layout],
            detail=f"{len(files)} files, each parsed and formatted",
            answers=list_answers(self._blueprint),
            summary=summarize(self._blueprint),
        )

    def install(self, environment: Environment) -> None:
        environment.create(self.name)
        environment.sync("--no-install-project")
        if self._blueprint.layout == "single":
            environment.lock_script("main.py")

    def prove(self, tools: Tools) -> list[Check]:
        return self._make_prover(tools).prove_it_works()

    def prove_it_is_clean(self, tools: Tools) -> list[Check]:
        has_migrations = self._blueprint.has_migrations
        return self._make_prover(tools).prove_it_is_clean(has_migrations=has_migrations)

    def _make_prover(self, tools: Tools) -> Prover:
        return Prover(tools, self._blueprint.layout, self._blueprint.with_db)

    def list_next_steps(self, project: Path) -> list[str]:
        return [_enter(project), *list_starts(self._blueprint, project)]


def list_starts(blueprint: Blueprint, project: Path) -> list[str]:
    """Give the commands that start a project, after those that give it something to show."""
    run, script = {
        "standard": (blueprint.name, blueprint.name),
        "single": ("main.py", "python main.py"),
    }[blueprint.layout]
    if shutil.which("uv"):
        start = f"uv run {run}"
    elif (project / ".venv").is_dir():
        start = f".venv/bin/{script}"
    else:
        start = f"{shlex.quote(sys.executable)} -m uv run {run}"
    has_samples = any(resource.sample for resource in blueprint.resources)
    return [f"{start} seed", start] if has_samples else [start]


def summarize(blueprint: Blueprint) -> str:
    """Put a blueprint into one line."""
    names = ", ".join(resource.name for resource in blueprint.resources) or "none"
    return f"layout {blueprint.layout}, database {blueprint.with_db}, resources: {names}"


class ForeignRecipe:
    """A project from somebody's own template.

    source: as `sources.find_source` gives it. target: where it will stand, if it is to have a
    Git repository: builds that take their version from Git need one. dry_run: run no tasks.
    """

    def __init__(
        self,
        name: str,
        source: str,
        data: Mapping[str, str],
        *,
        trust: bool,
        dry_run: bool,
        target: Path | None,
    ) -> None:
        self.name = name
        self._source = source
        self._data = data
        self._trust = trust
        self._dry_run = dry_run
        self._target = target

    def render(self, tree: Path, scratch: Path, processes: Processes) -> Rendered:
        done = render_foreign(
            self._source,
            self._data,
            tree,
            scratch,
            processes,
            trust=self._trust,
            tasks=not self._dry_run,
        )
        if self._target:
            begin_repository(tree, self._target, processes)
        locks = [] if _why_not_installed(tree) else ["uv.lock"]
        return Rendered(
            files=done.files,
            locks=[name for name in locks if name not in done.files],
            detail=f"{len(done.files)} files, as the template made them",
            answers=done.answers,
            summary=done.template.summary,
            template=done.template,
        )

    def install(self, environment: Environment) -> None:
        why_not = _why_not_installed(environment.project)
        if why_not:
            raise Unproven(f"Not installed and not proven: {why_not}.")
        environment.create(self.name)
        environment.sync()

    def prove(self, tools: Tools) -> list[Check]:
        environment = tools.environment
        if not _has_pytest(environment):
            with suppress(SurroundingsProblem):  # extras may exclude each other
                environment.sync(*EVERYTHING)
        if not _has_pytest(environment):
            raise Unproven("Not proven: pytest is not among what the project installs.")
        with _cleaned(environment.project):
            check = prove_suite(tools)
        if check is None:
            raise Unproven("Not proven: pytest found no tests.")
        tools.announce(check)
        return [check]

    def prove_it_is_clean(self, tools: Tools) -> list[Check]:
        check = prove_lint(tools)
        tools.announce(check)
        return [check]

    def list_next_steps(self, project: Path) -> list[str]:
        return [_enter(project)]


def _why_not_installed(project: Path) -> str | None:
    try:
        settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "there is no pyproject.toml"
    except (OSError, ValueError):
        return "its pyproject.toml cannot be read"
    return None if "project" in settings else "its pyproject.toml has no [project]"


def _has_pytest(environment: Environment) -> bool:
    return any(environment.project.glob(".venv/lib/*/site-packages/pytest/__init__.py"))


@contextmanager
def _cleaned(project: Path) -> Iterator[None]:
    """Remove what appears in the project meanwhile: reports and caches of its tests."""
    before = _list_paths(project)
    yield
    for path in sorted(_list_paths(project) - before, reverse=True):
        if path.is_dir() and not path.is_symlink():
            remove(path)
        else:
            path.unlink()


def _list_paths(project: Path) -> set[Path]:
    """List what tests may leave behind: all files and folders but those of Git and uv."""
    found = set()
    for folder, subfolders, files in os.walk(project):
        subfolders[:] = [name for name in subfolders if name not in _NOT_OURS]
        found |= {Path(folder, name) for name in (*subfolders, *files)}
    return found


def _enter(project: Path) -> str:
    return f"cd {shlex.quote(os.path.relpath(project))}"
