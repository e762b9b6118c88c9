"""What is to be made: read from what was typed, and made ready to be carried out."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette_new.answers import complete_answers
from starlette_new.blueprint import make_blueprint
from starlette_new.errors import UsageProblem
from starlette_new.examples import join_example, naming
from starlette_new.names import check_folder_name
from starlette_new.resource_lines import locating, read_lines
from starlette_new.sources import find_source, read_data

if TYPE_CHECKING:
    from starlette_new.commands import Options
    from starlette_new.outcomes import Announce, Outcome

    Make = Callable[[Options, Announce], Outcome]


PROGRAMS = (
    "CI", "AGENT", "AI_AGENT", "CLAUDECODE", "CODEX_SANDBOX", "CURSOR_AGENT", "GEMINI_CLI",
    "OPENCODE",
)  # fmt: skip
"""Variables that hosted CI and coding agents set: who runs us there answers no question."""


def prepare_own(
    given: dict[str, Any],
    *,
    file: str | None,
    example: str | None,
    answers: str | None,
    starter: bool | None,
    interactive: bool,
    as_json: bool,
) -> "Make":
    """Read the blueprint of a project of ours; file: of more resources."""
    lines = read_lines(file) if file is not None else {}
    if file is not None:
        given["resources"] = [*lines.values(), *given.get("resources", [])]
    asked = interactive or ("name" not in given and answers is None and may_ask(as_json))
    if example is not None:
        given = join_example(example, given, file=answers, starter=starter)
    with locating(file, lines), naming(example):
        if asked:
            _check_asking(as_json, answers)
            from starlette_new.prompts import ask

            given = ask(given, example)
        else:
            given = complete_answers(given, answers, starter)
        blueprint = make_blueprint(given)
    from starlette_new import commands

    return lambda options, announce: commands.new(blueprint, options, announce)


def prepare_foreign(
    name: str | None, template: str, pairs: list[str], *, trust: bool, offline: bool
) -> "Make":
    """Find somebody's own template, without looking into it."""
    folder = check_folder_name(name)
    data = read_data(pairs)
    source = find_source(template, offline=offline)
    from starlette_new import commands

    return lambda options, announce: commands.new_from_template(
        folder, source, data, options, announce, trust=trust
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


def may_ask(as_json: bool) -> bool:
    """Tell whether there is a person at a terminal to ask."""
    streams = (sys.stdin, sys.stdout)
    is_program = as_json or any(name in os.environ for name in PROGRAMS)
    return not is_program and all(s and s.isatty() for s in streams)
