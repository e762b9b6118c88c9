"""A project's environment, made by uv: the cache first, the network only if that fails."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from starlette_new.errors import SurroundingsProblem, show
from starlette_new.processes import Finished, Processes

# What the owner set about uv's projects and environments would reach into ours. What they set
# about indexes, proxies, certificates and the cache stays.
_NOT_FOR_UV = (
    "VIRTUAL_ENV", "CONDA_PREFIX", "UV_ACTIVE", "UV_COMPILE_BYTECODE", "UV_FROZEN", "UV_ISOLATED",
    "UV_LOCKED", "UV_MANAGED_PYTHON", "UV_NO_DEV", "UV_NO_EDITABLE", "UV_NO_SYNC", "UV_PROJECT",
    "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY",
)  # fmt: skip
# All that a program of the project may know of its surroundings.
_FOR_PROJECT = (
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "USER", "LOGNAME", "LD_LIBRARY_PATH",
    "TEST_DATABASE_URL",
)  # fmt: skip

EVERYTHING = ("--all-extras", "--all-groups")
"""Options of `uv sync`: not only what a project needs, but all it may need."""


class Environment:
    """uv, as it is called for one project in `project`.

    python: the interpreter, as uv's --python takes it.
    offline: never use the network. newest: ask it first, for the newest versions there are.
    pre: take pre-releases too.
    scratch: an existing folder for temporary files, outside the project.
    """

    def __init__(
        self,
        project: Path,
        scratch: Path,
        python: str,
        offline: bool,
        processes: Processes,
        *,
        newest: bool = False,
        pre: bool = False,
    ) -> None:
        self._newest = newest and not offline
        self._pre = pre
        self.project = project
        self.scratch = scratch
        self._python = python
        self._offline = offline
        self._processes = processes
        self._groups: list[str] = []

    def create(self, prompt: str) -> None:
        """Make a `.venv` that may be moved with its folder, if none is there.

        Raises SurroundingsProblem.
        """
        if (self.project / ".venv").exists():
            return
        done = self._uv("venv", "--relocatable", "--prompt", prompt, ".venv")
        if not done.ok:
            lines = done.output.strip().splitlines() or ["it was stopped"]
            said = next((line for line in lines if line.startswith("error")), lines[-1])
            said = said.removeprefix("error: ").rstrip(".")
            raise SurroundingsProblem(
                f"uv makes no environment with the Python {show(self._python)}: {said}.",
                "Name another with --python, or make the project with --no-install.",
            )

    def lock_script(self, script: str) -> None:
        """Lock the dependencies that a script declares in itself."""
        self._cached_or_fetched("lock", "--script", script)

    def sync(self, *options: str) -> None:
        """Lock what is not locked, and install; raise SurroundingsProblem."""
        self._cached_or_fetched("sync", *options)
        self._groups = [option for option in options if option in EVERYTHING]

    def finish(self) -> None:
        """Install the project itself, where it has been placed; `uv run` would mend a failure."""
        self._uv("sync", "--frozen", "--offline", *self._groups)
        with suppress(OSError):
            (self.project / ".venv" / ".lock").chmod(0o644)  # which uv lets everybody write to

    def uv_command(self, *arguments: str) -> list[str]:
        """The command line of uv, always with the interpreter, which saves it a search."""
        from uv import find_uv_bin

        return [find_uv_bin(), *arguments, "--python", self._python, "--no-python-downloads"]

    def uv_variables(self) -> dict[str, str]:
        """The variables uv may see: the owner's settings, but not another project's."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in _NOT_FOR_UV and not name.startswith("PYTHON")
        }
        pre = {"UV_PRERELEASE": "allow"} if self._pre else {}
        return kept | pre | {"TMPDIR": str(self.scratch)}

    def variables(self, **more: str) -> dict[str, str]:
        """The variables a program of the project may see."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in _FOR_PROJECT or name.startswith(("LC_", "DYLD_"))
        }
        return kept | {"TMPDIR": str(self.scratch)} | more

    def python_command(self, *arguments: str) -> list[str]:
        """A command line of the project's own interpreter."""
        return [str(self.project / ".venv" / "bin" / "python"), *arguments]

    def _cached_or_fetched(self, *arguments: str) -> None:
        done = self._uv(*arguments, *["--offline"] * (not self._newest))
        if not done.ok and not self._offline and not self._newest:
            done = self._uv(*arguments)
        if not done.ok:
            raise SurroundingsProblem(
                f"The environment cannot be installed: uv {arguments[0]} failed.",
                "Mend what the log says, name another --python, or make it with --no-install.",
            )

    def _uv(self, *arguments: str) -> Finished:
        command = self.uv_command(*arguments)
        return self._processes.run(command, self.project, self.uv_variables())


def find_workspace(folder: Path) -> Path | None:
    """Find the uv workspace that would count `folder` as its member, if there is one."""
    import tomllib

    for parent in folder.parents:
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            settings = tomllib.loads((parent / "pyproject.toml").read_text(encoding="utf-8"))
            workspace = settings["tool"]["uv"]["workspace"]
            if _matches(folder, parent, workspace.get("members", [])) and not _matches(
                folder, parent, workspace.get("exclude", [])
            ):
                return parent
    return None


def _matches(folder: Path, root: Path, patterns: Sequence[str]) -> bool:
    return any(folder.relative_to(root).match(pattern) for pattern in patterns)
