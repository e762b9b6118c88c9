"""The list of all questions, for people and for programs."""

from starlette_new.blueprint import EXCLUSIONS, QUESTIONS, Question
from starlette_new.fields import TYPES


def describe_questions() -> dict[str, object]:
    """Describe every question as plain values."""
    return {
        "schema": 1,
        "questions": [_describe(question) for question in QUESTIONS],
        "field_types": list(TYPES),
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
        "excludes": [
            {"answer": exclusion.answer, "other": exclusion.other, "hint": exclusion.hint}
            for exclusion in EXCLUSIONS
            if exclusion.key == question.key
        ],
    }


def print_questions() -> None:
    """Print every question with its answers, a few lines each."""
    for question in QUESTIONS:
        print(f"{question.flag}  (in a blueprint file: {question.key})")
        print(f"  {question.help}.")
        if question.choices:
            print(f"  One of: {', '.join(question.choices)}; default: {question.default}.")
        for exclusion in EXCLUSIONS:
            if exclusion.key == question.key:
                print(f"  {exclusion.answer} excludes {exclusion.other}: {exclusion.hint}")
        print()
    print(f"Types of fields: {', '.join(TYPES)}. README.md explains the language of resources.")
