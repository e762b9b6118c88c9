"""Blueprints: the defaults, and every answer that is refused."""

from collections.abc import Mapping

import pytest

from starlette_new.blueprint import EXCLUSIONS, QUESTIONS, STARTER, make_blueprint
from starlette_new.errors import UsageProblem


def test_a_name_is_enough() -> None:
    blueprint = make_blueprint({"name": "demo"})

    assert (blueprint.name, blueprint.layout, blueprint.with_db) == ("demo", "standard", "sqlite")
    assert blueprint.resources == ()


def test_every_answer_is_kept() -> None:
    answers = {"name": "demo", "layout": "single", "with_db": "sqlite", "resources": [STARTER]}

    blueprint = make_blueprint(answers)

    assert (blueprint.layout, blueprint.with_db) == ("single", "sqlite")
    assert [resource.line for resource in blueprint.resources] == [STARTER]


def test_equal_answers_make_equal_blueprints() -> None:
    answers = {"name": "demo", "resources": [STARTER]}

    assert make_blueprint(answers) == make_blueprint(dict(answers))


@pytest.mark.parametrize(
    ("answers", "why", "field"),
    [
        ({}, "The project has no name", "name"),
        ({"name": 7}, '"7" is no name', "name"),
        ({"name": "class"}, "a word of Python", "name"),
        ({"name": "demo", "colour": "red"}, 'no question "colour"', "colour"),
        ({"name": "demo", 1: "red"}, 'no question "1"', "1"),
        ({"name": "demo", "layout": "big"}, '--layout cannot be "big"', "layout"),
        ({"name": "demo", "layout": ["single"]}, "--layout cannot be", "layout"),
        ({"name": "demo", "with_db": False}, '--with-db cannot be "False"', "with_db"),
        ({"name": "demo", "resources": "task"}, 'resources "task" are no list', "resources"),
        ({"name": "demo", "resources": 7}, 'resources "7" are no list', "resources"),
        ({"name": "demo", "resources": [7]}, 'resource "7" is no text', "resources"),
        ({"name": "demo", "resources": ["task"]}, "at least one field", "resources"),
        ({"name": "demo", "resources": [STARTER, STARTER]}, "share the table", "resources"),
        (
            {"name": "demo", "with_db": "none", "resources": [STARTER]},
            "--with-db none and --resource exclude each other",
            "resources",
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    answers: Mapping[str, object], why: str, field: str
) -> None:
    with pytest.raises(UsageProblem) as caught:
        make_blueprint(answers)

    assert why in str(caught.value)
    assert caught.value.field == field


def test_a_refused_choice_is_answered_with_the_choices() -> None:
    with pytest.raises(UsageProblem) as caught:
        make_blueprint({"name": "demo", "with_db": "oracle"})

    assert caught.value.hint == "Choose sqlite or none."


def test_exclusions_speak_of_questions_and_their_choices() -> None:
    choices = {question.key: question.choices for question in QUESTIONS}

    for exclusion in EXCLUSIONS:
        assert exclusion.answer in choices[exclusion.key]
        assert exclusion.other in choices
