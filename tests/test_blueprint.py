"""Blueprints: the defaults, and every answer that is refused."""

from collections.abc import Mapping

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.entries import KEYS
from starlette_new.errors import UsageProblem
from starlette_new.fields import TYPES
from starlette_new.questions import EXCLUSIONS, QUESTIONS, STARTER

_EXTRAS: dict[str, dict[str, object]] = {
    "label": {"label": "b"},
    "board": {"line": "a b:str c:enum(x,y)", "board": "c"},
    "sort": {"sort": "-b"},
    "sample": {"sample": [{"b": "x"}]},
}
JOBS = {"with_db": "postgres", "with_jobs": True}


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
        ({"name": "demo", "resources": [7]}, "neither a line nor a mapping", "resources"),
        ({"name": "demo", "resources": [{"line": "a b:x"}]}, "is not known", "resources"),
        ({"name": "demo", "resources": ["a b:ref"]}, "which is no resource", "resources"),
        ({"name": "demo", "resources": ["task"]}, "at least one field", "resources"),
        ({"name": "demo", "resources": [STARTER, STARTER]}, "share the table", "resources"),
        (
            {"name": "demo", "with_db": "none", "resources": [STARTER]},
            "--with-db none and --resource exclude each other. Resources need a database",
            "resources",
        ),
        (
            {"name": "demo", "layout": "single", "resources": ["a b:str cs:many(a)"]},
            "--layout single and many exclude each other. Lists of references need --layout stand",
            "resources",
        ),
        (
            {"name": "demo", "layout": "single", "with_telemetry": True},
            "--with-telemetry true exclude each other. Telemetry needs --layout standard.",
            "with_telemetry",
        ),
        (
            {"name": "demo", "with_db": "sqlite", "with_jobs": True},
            "--with-db sqlite and --with-jobs true exclude each other. The queue is PostgreSQL's",
            "with_jobs",
        ),
        (
            {"name": "demo", **JOBS, "resources": []},
            "--with-jobs true and resources: [] exclude each other. It exports their rows: name",
            "resources",
        ),
        (
            {"name": "demo", **JOBS, "resources": ["export a:str"]},
            'The resource "export" has a table that --with-jobs has, too. Give the resource',
            "resources",
        ),
        *(
            (
                {"name": "demo", "layout": "single", "resources": [{"line": "a b:str"} | more]},
                f"--layout single and {key} exclude each other. The key {key} needs --layout stan",
                "resources",
            )
            for key, more in _EXTRAS.items()
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


def test_an_entry_with_nothing_but_a_line_goes_into_one_file() -> None:
    entries = [{"line": "a b:str c:ref(a)?"}]

    blueprint = make_blueprint({"name": "demo", "layout": "single", "resources": entries})

    assert [field.name for field in blueprint.resources[0].fields] == ["b", "c_id"]


def test_a_sample_is_part_of_the_blueprint() -> None:
    entries = [{"line": "a b:str", "sample": [{"b": "x"}]}]

    blueprint = make_blueprint({"name": "demo", "resources": entries})

    assert blueprint.resources[0].sample == ((("b", '"x"'),),)


def test_a_refused_choice_is_answered_with_the_choices() -> None:
    with pytest.raises(UsageProblem) as caught:
        make_blueprint({"name": "demo", "with_db": "oracle"})

    assert caught.value.hint == "Choose sqlite or postgres or none."


def test_exclusions_speak_of_questions_and_their_choices() -> None:
    choices = {question.key: question.choices for question in QUESTIONS}

    for exclusion in EXCLUSIONS:
        assert exclusion.answer in choices[exclusion.key]
        other, _, answer = exclusion.other.partition("=")
        others = {*choices, *TYPES, *KEYS, "resources: []"}
        assert other in others | {f"{kind}:index" for kind in TYPES}
        assert not answer or answer in choices[other]
