"""The list of all questions, for people and for programs."""

from textwrap import fill

from starlette_new.blueprint import EXCLUSIONS, QUESTIONS, Question
from starlette_new.examples import describe_examples
from starlette_new.fields import TYPES
from starlette_new.plugins import EXAMPLES, TEMPLATES, list_brought


def describe_questions() -> dict[str, object]:
    """Describe every question as plain values."""
    return {
        "schema": 1,
        "questions": [_describe(question) for question in QUESTIONS],
        "field_types": list(TYPES),
        "examples": [
            {"name": name, "description": description}
            for name, description in describe_examples().items()
        ],
        "brought": {
            kind: [{"name": n, "package": package} for n, package in list_brought(group).items()]
            for kind, group in (("templates", TEMPLATES), ("examples", EXAMPLES))
        },
    }


def _describe(question: Question) -> dict[str, object]:
    return {
        "key": question.key,
        "flag": question.flag,
        "type": "list" if question.many else "choice" if question.choices else "text",
        "choices": list(question.choices),
        "default": question.default,
        "help": question.help,
        "implies": question.implies,
        "details": question.details,
        "excludes": [
            {"answer": exclusion.answer, "other": exclusion.other, "hint": exclusion.hint}
            for exclusion in EXCLUSIONS
            if exclusion.key == question.key
        ],
    }


def print_questions() -> None:
    """Print every question with its answers, a few lines each, and the examples."""
    for question in QUESTIONS:
        print(f"{question.flag}  (in a blueprint file: {question.key})")
        print(f"  {question.help}.")
        if question.choices:
            print(f"  One of: {', '.join(question.choices)}; default: {question.default}.")
        if question.details:
            print(fill(question.details, 98, initial_indent="  ", subsequent_indent="  "))
        for exclusion in EXCLUSIONS:
            if exclusion.key == question.key:
                print(f"  {exclusion.answer} excludes {exclusion.other}: {exclusion.hint}")
        print()
    print("--example")
    for name, description in describe_examples().items():
        print(f"  {name}: {description}")
    for flag, group in (("--example", EXAMPLES), ("--template", TEMPLATES)):
        for name, package in list_brought(group).items():
            print(f"{flag} {name}: brought by the package {package}")
    print()
    print(f"Types of fields: {', '.join(TYPES)}. README.md explains the language of resources.")
