"""The version of a project: whether it is behind, and how to bring it to a certain one."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.version import InvalidVersion, Version

from starlette_new import __version__
from starlette_new.blueprint_file import read_blueprint_file
from starlette_new.changing import ChangeOptions, describe
from starlette_new.environment import Environment
from starlette_new.errors import BehindProblem, SurroundingsProblem, UsageProblem, show
from starlette_new.outcomes import Outcome
from starlette_new.place import keep_log
from starlette_new.processes import Processes
from starlette_new.versions import check_build, is_behind, run_version, version_command


def check_version(options: ChangeOptions) -> Outcome:
    """Raise BehindProblem if a project was made by an older version than this."""
    file = read_blueprint_file(options.folder.resolve())
    version = file.applied.version
    if is_behind(version):
        raise BehindProblem(
            f"The project was made by starlette-new {version}, and this is {__version__}.",
            "Type: starlette-new update",
        )
    check_build(file.applied)
    outcome = describe("update", options.folder.resolve(), file.blueprint, options)
    outcome.notes.append(f"It is up to date: starlette-new {version} made it.")
    return outcome


def update_to(version: str, options: ChangeOptions) -> Outcome:
    """Let a certain version update the project: this program becomes that one."""
    project = options.folder.resolve()
    file = read_blueprint_file(project)
    wanted = _read_version(version)
    if wanted < Version(file.applied.version):
        raise UsageProblem(
            f"--to cannot be {version}: the project was made by {file.applied.version}.",
            "There is no way back but Git's.",
            field="to",
        )
    with TemporaryDirectory() as folder, Processes(options.timeout) as processes:
        scratch = Path(folder)
        arguments = ["--version"]
        if not run_version(version, arguments, scratch, processes, offline=options.offline):
            raise SurroundingsProblem(
                f"starlette-new {version} cannot be installed.",
                "Mend what the log says, or name another version.",
                log=keep_log(processes.log),
            )
        environment = Environment(project, scratch, sys.executable, options.offline, processes)
        command = version_command(environment, version, _list_arguments(), ["--offline"])
        variables = environment.uv_variables()
    variables.pop("TMPDIR")
    os.execve(command[0], command, variables)  # noqa: S606


def _read_version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        raise UsageProblem(
            f"--to cannot be {show(text)}.", f"Give a version, such as {__version__}.", field="to"
        ) from None


def _list_arguments() -> list[str]:
    """List what was typed, without --to and its value."""
    kept, typed = [], iter(sys.argv[1:])
    for word in typed:
        if word == "--to":
            next(typed, None)
        elif not word.startswith("--to="):
            kept.append(word)
    return kept
