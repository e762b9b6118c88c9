"""The examples: each is a blueprint that can be made, shown, read and copied."""

import re

import pytest

from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.entries import KEYS
from starlette_new.errors import UsageProblem
from starlette_new.examples import describe_examples, join_example, list_examples, read_example
from starlette_new.questions import QUESTIONS
from starlette_new.templates import find_templates

EXAMPLES = ["blog", "shop", "taskflow"]
EASY = "[\n -~À-ÖØ-öø-ÿ]*"
"""What Python source shows as it is: anything else would be escaped in `app/seed.py`."""


def _make(example: str) -> Blueprint:
    return make_blueprint({"name": "demo", **read_example(example)})


def _list_sample(example: str, name: str) -> list[dict[str, str]]:
    (resource,) = [one for one in _make(example).resources if one.name == name]
    return [dict(row) for row in resource.sample]


def test_the_examples_are_all_the_files_in_their_folder() -> None:
    files = sorted((find_templates() / "examples").iterdir())

    assert list_examples() == EXAMPLES
    assert [file.name for file in files] == [f"{name}.yml" for name in EXAMPLES]


def test_each_is_described_by_its_first_sentence() -> None:
    described = describe_examples()

    assert list(described) == EXAMPLES
    for sentence in described.values():
        assert re.fullmatch(r"A [^.#]+\.", sentence)
        assert len(sentence) < 80


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_has_known_keys_alone_and_no_name(example: str) -> None:
    answers = read_example(example)

    assert answers.keys() <= {question.key for question in QUESTIONS} - {"name"}
    for entry in answers["resources"]:
        assert {"line", "sample"} <= entry.keys() <= set(KEYS)


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_resource_has_rows_that_are_easy_to_read(example: str) -> None:
    for resource in _make(example).resources:
        assert len(resource.sample) >= 3
        assert re.fullmatch(EASY, resource.entry)


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_says_what_one_can_learn_from_it(example: str) -> None:
    text = (find_templates() / "examples" / f"{example}.yml").read_text(encoding="utf-8")

    assert text.startswith("# A ")
    assert text.index("# What to learn from it: ") < text.index("resources:")


def test_together_they_show_almost_every_kind_of_field() -> None:
    fields = [f for name in EXAMPLES for one in _make(name).resources for f in one.fields]

    assert {field.type for field in fields} >= {"decimal", "date", "datetime", "many", "enum"}
    assert any(field.unique and field.type == "str" for field in fields)
    assert any(field.target == "comment" for field in fields)


def test_taskflow_shows_every_status_and_every_priority() -> None:
    tasks = _list_sample("taskflow", "task")

    assert {task.get("status", '"todo"') for task in tasks} == {'"todo"', '"in_progress"', '"done"'}
    assert {task["priority"] for task in tasks} == {'"low"', '"medium"', '"high"', '"urgent"'}
    assert {task["due_date"][:5] for task in tasks if "due_date" in task} == {'"2027'}
    assert any("due_date" not in task for task in tasks)


def test_taskflow_has_a_board_and_puts_the_urgent_first() -> None:
    (task,) = [one for one in _make("taskflow").resources if one.name == "task"]

    assert (task.label, task.board, task.sort) == ("title", "status", "-priority")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageProblem) as caught:
        read_example("tasklow")

    assert str(caught.value) == (
        'There is no example "tasklow". Did you mean taskflow? '
        "The examples are blog, shop, taskflow."
    )
    assert caught.value.field == "example"


@pytest.mark.parametrize("name", ["", "../examples/shop", "shop.yml", "Shop", "a\0b"])
def test_a_path_is_no_name(name: str) -> None:
    with pytest.raises(UsageProblem, match="There is no example"):
        read_example(name)


def test_what_was_typed_wins_and_its_resources_follow() -> None:
    typed = {"name": "demo", "layout": "single", "resources": ["note a:str"]}

    joined = join_example("shop", typed, file=None, starter=False)

    assert (joined["name"], joined["layout"], joined["with_db"]) == ("demo", "single", "sqlite")
    assert joined["resources"] == [*read_example("shop")["resources"], "note a:str"]


@pytest.mark.parametrize(
    ("file", "starter", "other"), [("a.yml", None, "--answers"), (None, True, "--starter")]
)
def test_it_goes_with_no_other_beginning(
    file: str | None, starter: bool | None, other: str
) -> None:
    with pytest.raises(UsageProblem, match=f"--example and {other} exclude each other") as caught:
        join_example("shop", {}, file=file, starter=starter)

    assert caught.value.field == "example"
