"""Somebody's own Copier template: what it is, and what it makes of answers."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from starlette_new.errors import Problem, SurroundingsProblem, UsageProblem, show
from starlette_new.git import list_variables
from starlette_new.place import keep_log
from starlette_new.processes import Processes
from starlette_new.sources import hide_password

_PROBLEMS: dict[str, type[Problem]] = {
    kind.code: kind for kind in (UsageProblem, SurroundingsProblem)
}


@dataclass(frozen=True)
class ForeignQuestion:
    """What a template asks.

    type: as Copier names them, such as str, bool or yaml; default, help: may be Jinja templates.
    choices: the values it allows, if they are fixed. computed: it is never asked, only worked out.
    required: it has no default.
    """

    name: str
    type: str
    choices: tuple[object, ...]
    default: object
    help: str
    computed: bool
    required: bool


@dataclass(frozen=True)
class ForeignTemplate:
    """A template, and who wrote it.

    source: its absolute path or its address. version, commit, author: of a Git repository.
    runs: what it wants to run, each in words: its tasks and its Jinja extensions.
    """

    source: str
    version: str | None
    commit: str | None
    author: str | None
    questions: tuple[ForeignQuestion, ...]
    runs: tuple[str, ...]

    @property
    def facts(self) -> dict[str, str | None]:
        names = ("source", "version", "commit", "author")
        return {name: getattr(self, name) for name in names}

    @property
    def summary(self) -> str:
        commit = self.commit and f"commit {self.commit}"
        known = [self.version, commit, self.author and f"by {self.author}"]
        return ", ".join(filter(None, [f"template {self.source}", *known]))


@dataclass(frozen=True)
class ForeignTree:
    """What was copied. answers: to all questions that are no secrets; files: sorted paths."""

    template: ForeignTemplate
    answers: Mapping[str, object]
    files: list[str]


def describe(source: str, scratch: Path, processes: Processes) -> ForeignTemplate:
    """Look at a template, and run nothing of it; raise Problem.

    source: as `sources.find_source` gives it; scratch: an existing folder for what Git fetches.
    """
    job: dict[str, object] = {
        "source": source,
        "tree": None,
        "data": {},
        "trust": False,
        "tasks": False,
    }
    return _read_template(_run(job, scratch, processes)["template"])


def render_foreign(
    source: str,
    data: Mapping[str, str],
    tree: Path,
    scratch: Path,
    processes: Processes,
    *,
    trust: bool = False,
    tasks: bool = True,
) -> ForeignTree:
    """Copy a template to `tree`, which must not exist; raise Problem.

    data: answers; defaults answer the rest. trust: what it wants to run may run; `tasks` says
    whether its tasks do then.
    """
    job = {"source": source, "tree": str(tree), "data": data, "trust": trust, "tasks": tasks}
    done = _run(job, scratch, processes)
    return ForeignTree(_read_template(done["template"]), done["answers"], done["files"])


def _run(job: Mapping[str, Any], scratch: Path, processes: Processes) -> dict[str, Any]:
    folder = Path(mkdtemp(prefix="copy.", dir=scratch))
    asked, told = folder / "job.json", folder / "result.json"
    asked.write_text(json.dumps(job), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "starlette_new.copying", str(asked), str(told)]
    done = processes.run(command, folder, _list_variables(folder))
    if done.code is None or not told.exists():
        why = f"did not end within {done.seconds:.0f} s" if done.code is None else "was stopped"
        raise SurroundingsProblem(
            f"Copying the template {show(hide_password(job['source']))} {why}.",
            "Give it more time with --timeout, or see the log.",
            field="template",
            log=keep_log(processes.log),
        )
    result: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    if "problem" in result:
        raise _read_problem(result["problem"], processes)
    return result


def _list_variables(folder: Path) -> dict[str, str]:
    """The owner's variables; but Git asks nobody, and all that is fetched stays in `folder`."""
    number = int(os.environ.get("GIT_CONFIG_COUNT", 0))
    return list_variables() | {
        "GIT_ASKPASS": "",
        "SSH_ASKPASS_REQUIRE": "never",  # there is no terminal either: OpenSSH gives up at once
        "GIT_CONFIG_COUNT": str(number + 1),
        f"GIT_CONFIG_KEY_{number}": "core.fsmonitor",  # a repository can name a program there
        f"GIT_CONFIG_VALUE_{number}": "false",
        "COPIER_CACHE_DIR": str(folder),
        "TMPDIR": str(folder),
    }


def _read_problem(said: Mapping[str, Any], processes: Processes) -> Problem:
    kind = _PROBLEMS[said["code"]]
    problem = kind(said["message"], said["hint"], field=said["field"])
    if kind is SurroundingsProblem:
        problem.log = keep_log(processes.log)
    return problem


def _read_template(said: Mapping[str, Any]) -> ForeignTemplate:
    questions = (
        ForeignQuestion(**{**question, "choices": tuple(question["choices"])})
        for question in said["questions"]
    )
    return ForeignTemplate(
        **{**said, "questions": tuple(questions), "runs": tuple(said["runs"])},
    )
