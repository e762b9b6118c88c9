"""A project's first commit. Git is welcome, and never needed."""

import os
import shutil
from pathlib import Path

from starlette_new.processes import Finished, Processes

# What `git rev-parse --local-env-vars` lists, and templates: they would lead to another repository.
_NOT_FOR_GIT = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE", "GIT_TEMPLATE_DIR", "GIT_WORK_TREE", "GIT_CEILING_DIRECTORIES",
)  # fmt: skip


PATIENCE = 10.0
"""Seconds that Git may take for each step: it has a few small files to keep."""


def make_repository(project: Path, target: Path, processes: Processes) -> str:
    """Make a repository of `project`, which will stand at `target`, and say what was done."""
    existed = (project / ".git").exists()
    why_not = begin_repository(project, target, processes)
    if why_not:
        return why_not
    git = _Git(project, processes)
    if existed and git.run("rev-parse", "--verify", "--quiet", "HEAD").ok:
        return "A Git repository, made by the template."
    if not git.run("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT").ok:
        return "A Git repository, nothing committed: Git knows no user.name and user.email."
    done = git.run("add", "--all").ok and git.run(
        "-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0",
        "commit", "--quiet", "--no-verify", "--message", "Begin with starlette-new",
    ).ok  # fmt: skip
    return "A Git repository with one commit." if done else "A Git repository, nothing committed."


def begin_repository(project: Path, target: Path, processes: Processes) -> str | None:
    """Begin a repository with nothing committed, if there is none; say why if there cannot be."""
    if shutil.which("git") is None:
        return "No Git repository: there is no git here."
    git = _Git(project, processes)
    inside = git.run("rev-parse", "--is-inside-work-tree", cwd=target.parent)
    if inside.code is None:
        return "No Git repository: git did not answer."
    if inside.ok and inside.output.strip() == "true":
        return "No Git repository: the folder lies in one."
    if (project / ".git").exists():
        return None
    branch = git.run("config", "init.defaultBranch").output.strip() or "main"
    if not git.run("init", "--quiet", "--template=", f"--initial-branch={branch}").ok:
        return "No Git repository: git init failed."
    return None


def find_uncommitted(project: Path, processes: Processes) -> list[str]:
    """List what Git has no copy of in the folder of a project; nothing where there is no Git."""
    if shutil.which("git") is None:
        return []
    git = _Git(project, processes)
    done = git.run("status", "--porcelain", "-z", "--no-renames", "--", ".")
    if not done.ok:
        return []
    return [line[3:] for line in done.output.split("\0") if len(line) > 3]


def list_variables() -> dict[str, str]:
    """The owner's variables for Git, without those that lead to another repository."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_GIT}
    return kept | {"GIT_TERMINAL_PROMPT": "0"}


class _Git:
    def __init__(self, project: Path, processes: Processes) -> None:
        self._project = project
        self._processes = processes
        self._variables = list_variables()

    def run(self, *arguments: str, cwd: Path | None = None) -> Finished:
        command = ["git", "-c", "core.fsmonitor=false", *arguments]  # or it starts a program
        return self._processes.run(command, cwd or self._project, self._variables, PATIENCE)
