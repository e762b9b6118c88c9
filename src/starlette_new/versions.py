"""The version that made a project: rendered with, where it is another than this one."""

import json
import sys
from pathlib import Path

from packaging.version import Version

from starlette_new import __version__
from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.blueprint_file import Applied, check_not_newer, read_applied
from starlette_new.environment import Environment
from starlette_new.errors import SurroundingsProblem, TargetProblem, UsageProblem
from starlette_new.processes import Processes
from starlette_new.render import hash_templates, list_templates, render


def is_behind(version: str) -> bool:
    """Tell whether a project of this version can be brought to ours; raise if it is newer."""
    check_not_newer(version)
    return Version(version) < Version(__version__)


def describe_age(applied: Applied) -> str:
    """Say that a project is behind, or of a newer version than this; empty if it is neither."""
    if applied.version == __version__:
        return ""
    made = f"It was made by starlette-new {applied.version}, and this is {__version__}"
    if Version(applied.version) > Version(__version__):
        return f"{made}: install the newer one."
    return f"{made}: starlette-new update brings it here."


def check_build(applied: Applied) -> Blueprint:
    """Return what was applied; raise TargetProblem if our templates are not those of then."""
    try:
        blueprint = make_blueprint(applied.answers)
    except UsageProblem as problem:
        raise TargetProblem(
            f"The record in .copier-answers.yml is damaged: {problem.message}",
            "Take it back from Git, or from a copy.",
        ) from None
    _compare(applied, hash_templates(list_templates(blueprint)))
    return blueprint


def _compare(applied: Applied, templates: str) -> None:
    if templates != applied.templates:
        raise TargetProblem(
            f"The project was made by another build of starlette-new {applied.version}, with "
            "other templates: nobody can tell your changes from ours.",
            "Use the build that made it.",
        )


def render_applied(
    applied: Applied, tree: Path, scratch: Path, processes: Processes, *, offline: bool
) -> None:
    """Render what a project was when it was last changed, with the version that did; raise Problem.

    tree: a path where nothing is, whose name is the project's.
    """
    if is_behind(applied.version):
        _render_elsewhere(applied, tree, scratch, processes, offline=offline)
        _compare(applied, read_applied(tree).templates)
    else:
        render(check_build(applied), tree)


def _render_elsewhere(
    applied: Applied, tree: Path, scratch: Path, processes: Processes, *, offline: bool
) -> None:
    file = scratch / "applied.yml"
    file.write_text(json.dumps(applied.answers), encoding="utf-8")
    done = run_version(
        applied.version,
        ["new", "--answers", str(file), "-o", str(tree.parent), "--no-install", "--no-git"],
        scratch,
        processes,
        offline=offline,
    )
    if not done:
        raise SurroundingsProblem(
            f"starlette-new {applied.version}, which made the project, cannot be had or does not "
            "render it any more.",
            "Mend what the log says. What it wrote then is needed to tell your changes from ours.",
        )


def run_version(
    version: str, arguments: list[str], scratch: Path, processes: Processes, *, offline: bool
) -> bool:
    """Run another version of this program in an environment of its own; tell if it succeeded."""
    environment = Environment(scratch, scratch, sys.executable, offline, processes)
    variables = environment.uv_variables() | {"PYTHONDONTWRITEBYTECODE": "1"}
    for more in (["--offline"], *[[]] * (not offline)):
        command = version_command(environment, version, arguments, more)
        if processes.run(command, scratch, variables).ok:
            return True
    return False


def version_command(
    environment: Environment, version: str, arguments: list[str], options: list[str]
) -> list[str]:
    """The command line that runs another version of this program."""
    uv = environment.uv_command("run", "--isolated", "--no-project", *options)
    package = ["--with", f"starlette-new=={version}"]
    return [*uv, *package, "--", "python", "-P", "-m", "starlette_new", *arguments]
