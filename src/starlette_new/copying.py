"""Copy somebody's Copier template, in a process of its own: `-m starlette_new.copying JOB RESULT`.

It runs apart because it may take long, and because what a template brings may be trusted code.
"""

import json
import os
import re
import shlex
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette_new.errors import Problem, SurroundingsProblem, UsageProblem, show
from starlette_new.refusals import suggest
from starlette_new.sources import hide_password

if TYPE_CHECKING:
    from copier._template import Template

LONGEST = 2000
"""Characters that are shown of a template's path, and of each command it wants to run."""
_TYPES = frozenset({"bool", "float", "int", "json", "path", "str", "yaml"})
_DRAFT = "^Copier automated commit for draft changes$"
_PREFIX = re.compile(r"(?:Validation error for question|Invalid choice for) '[^']*': ")


def main(arguments: list[str]) -> int:
    """Carry out the job in one file, and write its result, or its problem, into another."""
    job, result = map(Path, arguments)
    done: dict[str, Any]
    try:
        done = copy(**json.loads(job.read_text(encoding="utf-8")))
    except Problem as problem:
        said = {name: getattr(problem, name) for name in ("code", "message", "hint", "field")}
        done = {"problem": said}
    result.write_text(json.dumps(done, default=str), encoding="utf-8")
    return int("problem" in done)


def copy(
    source: str, tree: str | None, data: Mapping[str, str], trust: bool, tasks: bool
) -> dict[str, Any]:
    """Describe the template at `source`, and copy it to `tree`, if that is given; raise Problem.

    source: an absolute path, or an address of Git as Copier takes it. data: answers; the other
    questions are answered by their defaults. trust: its Jinja extensions may be loaded, and, with
    `tasks`, its tasks run.
    """
    from copier._main import Worker
    from copier._settings import SettingsModel

    shown = hide_password(source)
    required: list[str] = []
    with (
        _translated(shown, data, required),
        Worker(
            src_path=source,
            vcs_ref="HEAD" if os.path.isdir(source) else None,  # a folder is taken as it is now
            dst_path=Path(tree or "."),
            data=dict(data),
            settings=SettingsModel(),  # nobody's own: they could hold a list of whom to trust
            defaults=True,
            quiet=True,
            unsafe=trust,
            skip_tasks=not tasks,
        ) as worker,
    ):
        template = _describe(worker.template, shown)
        if tree is None:
            return {"template": template}
        if template["runs"] and not trust:
            raise _refuse(template)
        questions = template["questions"]
        check_names(data, [question["name"] for question in questions])
        required += [q["name"] for q in questions if q["required"] and q["name"] not in data]
        worker.jinja_env  # noqa: B018 - raises here, rather than within the first question
        worker.run_copy()
        remembered = worker._answers_to_remember()
        answers = {key: value for key, value in remembered.items() if key[0] != "_"}
        return {"template": template, "answers": answers, "files": _list_files(Path(tree))}


def _describe(template: "Template", source: str) -> dict[str, Any]:
    root = template.local_abspath
    if not any((root / name).is_file() for name in ("copier.yml", "copier.yaml")):
        raise UsageProblem(
            f"{show(source)} is no Copier template: it has no copier.yml.",
            "Give the folder, or the Git repository, with the file copier.yml.",
            field="template",
        )
    template.config_data  # noqa: B018 - raises if it needs a later version of Copier
    commands = [t.cmd if isinstance(t.cmd, str) else shlex.join(t.cmd) for t in template.tasks]
    runs = [f"the task {show(command, LONGEST)}" for command in commands]
    runs += [f"the Jinja extension {show(name)}" for name in template.jinja_extensions]
    questions = [_describe_question(*item) for item in template.questions_data.items()]
    return {"source": source, **_ask_git(template), "questions": questions, "runs": runs}


def _ask_git(template: "Template") -> dict[str, str | None]:
    """Tell who wrote a template that is kept in Git, in which commit and version."""
    if template.vcs != "git":
        return {"version": None, "commit": None, "author": None}
    from copier._vcs import get_git

    # Copier commits what is not committed in a folder, in its own name, to its own clone.
    log = ("log", "-1", "--invert-grep", f"--grep={_DRAFT}", "--format=%h%n%an <%ae>")
    commit, author = get_git(template.local_abspath)(*log).splitlines()
    described = template.commit or ""
    is_hash = (template.commit_hash or "").startswith(described)
    version = None if is_hash else _make_plain(described)
    return {"version": version, "commit": commit, "author": _make_plain(author)}


def _make_plain(text: str) -> str:
    """Escape what could do something to a terminal."""
    return show(text, LONGEST)[1:-1]


def _describe_question(name: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a question; what is a Jinja template in it stays one."""
    default = details.get("default")
    guessed = type(default).__name__
    choices = details.get("choices") or []
    return {
        "name": name,
        "type": details.get("type") or (guessed if guessed in _TYPES else "yaml"),
        "choices": [_get_value(c) for c in _pairs(choices)] if _is_one_of(details) else [],
        "default": default,
        "help": details.get("help", ""),
        "computed": details.get("when") is False,
        "required": "default" not in details and details.get("when") is not False,
    }


def _is_one_of(details: Mapping[str, Any]) -> bool:
    """Tell whether one of fixed choices is asked for."""
    return not isinstance(details.get("choices"), str) and not details.get("multiselect")


def _pairs(choices: Any) -> list[Any]:
    """Give choices as a list; Copier takes a mapping of labels to values as well."""
    return list(choices.items()) if isinstance(choices, dict) else choices


def _get_value(choice: Any) -> Any:
    value = choice[1] if isinstance(choice, tuple | list) else choice
    return value["value"] if isinstance(value, dict) else value


def _refuse(template: Mapping[str, Any]) -> UsageProblem:
    author = f" by {template['author']}" if template["author"] else ""
    commit = f"commit {template['commit']}" if template["commit"] else None
    known = ", ".join(filter(None, [template["version"], commit]))
    who = f"{show(template['source'], LONGEST)}{author}{known and f' ({known})'}"
    return UsageProblem(
        f"The template {who} wants to run code: {', '.join(template['runs'])}.",
        "Read it, and give --trust if you trust who wrote it.",
        field="trust",
    )


def check_names(data: Mapping[str, str], names: list[str]) -> None:
    """Raise UsageProblem if an answer is to a question that the template does not ask."""
    for name in data:
        if name not in names:
            asked = f"It asks {', '.join(names)}." if names else "It asks nothing."
            raise UsageProblem(
                f"The template has no question {show(name)}.",
                f"{suggest(name, names)}{asked}",
                field="data",
            )


def _list_files(tree: Path) -> list[str]:
    paths = (path.relative_to(tree) for path in tree.rglob("*") if not _is_folder(path))
    files = sorted(path.as_posix() for path in paths if path.parts[0] not in (".git", ".venv"))
    if not files:
        raise UsageProblem(
            "The template made no file.", "Give other answers with --data.", field="data"
        )
    return files


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


@contextmanager
def _translated(source: str, data: Mapping[str, str], required: list[str]) -> Iterator[None]:
    """Turn whatever Copier, Jinja, Git and the disk raise into a Problem.

    required: the questions without default that have no answer.
    """
    from copier.errors import ExtensionNotFoundError, TaskError
    from plumbum import ProcessExecutionError

    try:
        yield
    except Problem:
        raise
    except ProcessExecutionError as error:
        raise SurroundingsProblem(
            f"Git cannot give the template {show(source)}: {_choose_line(str(error.stderr))}.",
            "Mend the address, or see whether you may read it.",
            field="template",
        ) from None
    except TaskError as error:
        command = error.cmd if isinstance(error.cmd, str) else shlex.join(error.cmd)
        raise SurroundingsProblem(
            f"The template's task {show(command, LONGEST)} failed with exit code "
            f"{error.returncode}.",
            "What it printed is in the log.",
        ) from None
    except ExtensionNotFoundError as error:
        missing = re.findall(r"No module named '([^']+)'", str(error))
        raise SurroundingsProblem(
            f"The template's Jinja extensions cannot be loaded: there is no {', '.join(missing)}.",
            "Install it beside starlette-new, for example with uvx --with PACKAGE starlette-new.",
            field="template",
        ) from None
    except OSError as error:
        raise SurroundingsProblem(
            f"The template cannot be copied: {error.strerror}.",
            "Make room, or choose another folder with -o DIR.",
        ) from None
    except Exception as error:
        raise _blame(error, source, data, required) from None


def _choose_line(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()] or ["it said nothing"]
    chosen = next((line for line in lines if line.startswith("fatal:")), lines[-1])
    return chosen.removeprefix("fatal: ").rstrip(".")


def _blame(
    error: Exception, source: str, data: Mapping[str, str], required: list[str]
) -> UsageProblem:
    """Blame the answer, or else the template, for an error of Copier or Jinja."""
    text = " ".join(str(error).split()) or type(error).__name__
    why = _PREFIX.sub("", text).rstrip(".")
    name = _find_question(error)
    if name is None:
        return UsageProblem(
            f"The template {show(source)} cannot be copied: {why}.",
            "Mend it, or give other answers with --data.",
            field="template",
        )
    if name in data:
        message = f"The template's question {show(name)} refuses {show(data[name])}: {why}."
    elif text.endswith("is required"):
        message = f"The template's question {show(name)} has no default."
    else:
        message = f"The template's question {show(name)} refuses its own default: {why}."
    others = [other for other in required if other != name]
    hint = f" Without default are also {', '.join(others)}." if others else ""
    return UsageProblem(message, f"Give --data {name}=VALUE.{hint}", field="data")


def _find_question(error: Exception) -> str | None:
    """Find which question Copier was at; what it raises does not always say so."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_name == "_ask":
            name: str | None = frame.f_locals.get("var_name")
            return name
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
