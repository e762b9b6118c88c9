"""The list of questions: the same for people and for programs."""

import json

import pytest

from starlette_new.blueprint import QUESTIONS
from starlette_new.entries import KEYS
from starlette_new.examples import describe_examples
from starlette_new.fields import TYPES
from starlette_new.questions import describe_questions, print_questions


def test_every_question_is_described_in_plain_values() -> None:
    described = json.loads(json.dumps(describe_questions()))

    assert [question["key"] for question in described["questions"]] == [q.key for q in QUESTIONS]
    assert [question["type"] for question in described["questions"]] == [
        "text",
        "choice",
        "choice",
        "choice",
        "list",
    ]
    assert described["field_types"] == list(TYPES)
    assert described["examples"] == [
        {"name": name, "description": sentence} for name, sentence in describe_examples().items()
    ]


def test_an_exclusion_stands_with_its_question() -> None:
    described = json.loads(json.dumps(describe_questions()))

    excluded = {question["key"]: question["excludes"] for question in described["questions"]}

    assert [row["answer"] for row in excluded["with_db"]] == ["none"]
    assert [row["other"] for row in excluded["layout"]] == ["many", *KEYS[1:]]
    assert excluded["resources"] == []


def test_every_question_is_printed_on_one_screen(capsys: pytest.CaptureFixture[str]) -> None:
    print_questions()

    shown = capsys.readouterr().out
    assert len(shown.splitlines()) <= 36
    assert all(f"{q.flag}  (in a blueprint file: {q.key})" in shown for q in QUESTIONS)
    assert all(f"One of: {', '.join(q.choices)}" in shown for q in QUESTIONS if q.choices)
    assert all(f"  {name}: {says}" in shown for name, says in describe_examples().items())
    assert "none excludes resources" in shown
    assert "single excludes many: Lists of references need --layout standard." in shown
