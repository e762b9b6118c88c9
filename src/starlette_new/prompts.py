"""The questions, asked at a terminal one after the other, with a summary at the end."""

import shlex
import signal
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.prompt import Confirm, Prompt

from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.errors import Interrupted, UsageProblem
from starlette_new.language import parse_resource
from starlette_new.names import check_project_name
from starlette_new.questions import EXCLUSIONS, QUESTIONS, STARTER, Question


def ask(given: Mapping[str, Any], example: str | None = None) -> dict[str, object]:
    """Ask what was not given, show the equivalent command, and return the answers.

    example: the one whose answers are among those given.
    Raises Interrupted where the person wants none of it, or closes the input.
    """
    console = Console()
    answers: dict[str, object] = dict(given)
    try:
        for question in QUESTIONS:
            if question.key not in answers:
                answers[question.key] = _ask_one(console, question, answers)
        blueprint = make_blueprint(answers)
        console.print(f"\n{_summarize(blueprint, example)}\n", highlight=False, markup=False)
        if not Confirm.ask("Make it?", console=console, default=True):
            raise Interrupted(signal.SIGINT)
    except EOFError:
        raise Interrupted(signal.SIGINT) from None
    return answers


def _ask_one(console: Console, question: Question, answers: Mapping[str, object]) -> object:
    if question.key == "ui" and answers["with_db"] == "none":
        return question.default  # there is nothing that pages could show
    choices = [one for one in question.choices if not _is_excluded(question, one, answers)]
    if len(choices) == 1:
        return False if question.is_switch else question.default
    if question.is_switch:
        return Confirm.ask(question.help, console=console, default=False)
    if choices:
        return Prompt.ask(question.help, console=console, choices=choices, default=question.default)
    if question.many:
        return _ask_resources(console, answers) if answers["with_db"] != "none" else []
    return _ask_until_right(console, question.help, "", check_project_name)


def _is_excluded(question: Question, choice: str, answers: Mapping[str, object]) -> bool:
    """Tell whether a choice cannot go together with what was answered before."""
    other = f"{question.key}={choice}"
    return any(one.other == other and answers.get(one.key) == one.answer for one in EXCLUSIONS)


def _ask_resources(console: Console, answers: Mapping[str, object]) -> list[str]:
    """Ask until the resources go together with one another, and with the other answers."""
    while True:
        lines = _ask_lines(console)
        try:
            make_blueprint({**answers, "resources": lines})
        except UsageProblem as problem:
            if problem.field != "resources":
                raise
            _print_problem(console, problem)
        else:
            return lines


def _ask_lines(console: Console) -> list[str]:
    lines: list[str] = []
    console.print('What is kept, a line each, as "name field:type field:type"; - ends the list.')
    default = STARTER
    while (line := _ask_until_right(console, "Resource", default, _check_line)) != "-":
        lines.append(line)
        default = "-"
    return lines


def _check_line(line: str) -> None:
    if line != "-":
        parse_resource(line)


def _ask_until_right(
    console: Console, text: str, default: str, check: Callable[[str], object]
) -> str:
    while True:
        answer = Prompt.ask(text, console=console, default=default, show_default=bool(default))
        try:
            check(answer)
        except UsageProblem as problem:
            _print_problem(console, problem)
        else:
            return answer


def _print_problem(console: Console, problem: UsageProblem) -> None:
    console.print(str(problem), style="red", markup=False, highlight=False)


def _summarize(blueprint: Blueprint, example: str | None) -> str:
    lines = [f"{one.help}: {_say(getattr(blueprint, one.key))}" for one in QUESTIONS[:-1]]
    lines += [f"Resource: {resource.line}" for resource in blueprint.resources]
    command = make_command(blueprint, example)
    return "\n".join([*lines, "", "The same without questions:", f"  {command}"])


def _say(answer: object) -> str:
    return ("yes" if answer else "no") if isinstance(answer, bool) else str(answer)


def make_command(blueprint: Blueprint, example: str | None = None) -> str:
    """Give the command that makes this blueprint without questions."""
    words = ["starlette-new", blueprint.name]
    for question in QUESTIONS:
        answer = getattr(blueprint, question.key)
        if question.is_switch:
            words += [question.flag] * answer
        elif question.choices and answer != question.default:
            words += [question.flag, answer]
    if example is not None:
        words += ["--example", example]
    lines = [resource.line for resource in blueprint.resources if not resource.entry]
    if not blueprint.resources and blueprint.with_db != "none":
        words.append("--no-starter")
    if example is not None or lines != [STARTER]:
        for line in lines:
            words += ["--resource", line]
    return shlex.join(words)
