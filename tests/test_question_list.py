"""The list of questions: the same for people and for programs."""

import pytest

from starlette_new.examples import describe_examples
from starlette_new.question_list import print_questions
from starlette_new.questions import QUESTIONS


def test_every_question_is_printed_on_one_screen(capsys: pytest.CaptureFixture[str]) -> None:
    print_questions()

    shown = capsys.readouterr().out
    assert len(shown.splitlines()) <= 54
    assert all(f"{q.flag}  (in a blueprint file: {q.key})" in shown for q in QUESTIONS)
    assert all(
        f"One of: {', '.join(q.choices)}" in shown
        for q in QUESTIONS
        if q.choices and not q.is_switch
    )
    assert shown.count("true or false; default: false.") == 6
    assert all(f"  {name}: {says}" in shown for name, says in describe_examples().items())
    assert "none excludes resources, with_jobs=true." in shown
    assert "single excludes with_db=postgres, " in shown
