"""The list of all questions, for people."""

from textwrap import fill

from starlette_new.examples import describe_examples
from starlette_new.fields import TYPES
from starlette_new.plugins import EXAMPLES, TEMPLATES, list_brought
from starlette_new.questions import EXCLUSIONS, QUESTIONS, Question


def print_questions() -> None:
    """Print every question with its answers, a few lines each, and the examples."""
    for question in QUESTIONS:
        print(f"{question.flag}  (in a blueprint file: {question.key})")
        print(f"  {question.help}.{_tell_answers(question)}")
        if question.details:
            _print_wrapped(question.details)
        for answer in question.choices:
            others = [e.other for e in EXCLUSIONS if (e.key, e.answer) == (question.key, answer)]
            if others:
                _print_wrapped(f"{answer} excludes {', '.join(others)}.")
        print()
    print("--example")
    for name, description in describe_examples().items():
        print(f"  {name}: {description}")
    for flag, group in (("--example", EXAMPLES), ("--template", TEMPLATES)):
        for name, package in list_brought(group).items():
            print(f"{flag} {name}: brought by the package {package}")
    print()
    print(f"Types of fields: {', '.join(TYPES)}. README.md explains the language of resources.")


def _print_wrapped(text: str) -> None:
    print(fill(text, 98, initial_indent="  ", subsequent_indent="  "))


def _tell_answers(question: Question) -> str:
    if question.is_switch:
        return " In a file: true or false; default: false."
    if not question.choices:
        return ""
    return f" One of: {', '.join(question.choices)}; default: {question.default}."
