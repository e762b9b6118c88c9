"""What `add`, `remove` and `rename` make of a blueprint file."""

from collections.abc import Sequence

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.errors import UsageProblem
from starlette_new.wishes import Make, Wish, add, keep, remove, rename

TASK = "task title:str(80) notes:text?=x done:bool=false"
COMMENT = "comment body:text task:ref"


def wish(make: Make, *resources: object) -> Wish:
    answers = {"name": "demo", "resources": list(resources)}
    return make(answers, make_blueprint(answers))


def list_resources(made: Wish) -> object:
    make_blueprint(made.answers)
    return made.answers["resources"]


def test_what_the_file_says_can_be_wished() -> None:
    assert wish(keep("apply"), TASK).answers == {"name": "demo", "resources": [TASK]}


def test_a_resource_and_an_option_are_added_to_what_is_there() -> None:
    made = wish(add([COMMENT], {"with_ci": "github", "with_skill": True}), TASK)

    assert list_resources(made) == [TASK, COMMENT]
    assert made.answers["with_ci"] == "github"
    assert made.title == "add comment --with-ci github --with-skill true"
    assert made.there == []


def test_an_option_alone_adds_no_resources() -> None:
    assert (
        "resources" not in add([], {"with_db": "sqlite"})({}, make_blueprint({"name": "a"})).answers
    )


def test_a_resource_that_is_there_is_not_added_again() -> None:
    made = wish(add([f"  {COMMENT} "], {}), TASK, COMMENT)

    assert list_resources(made) == [TASK, COMMENT]
    assert made.there == ["The resource comment is there already."]


@pytest.mark.parametrize("with_db", ["sqlite", "postgres"])
def test_what_an_engine_adds_to_it_makes_it_no_other(with_db: str) -> None:
    answers = {"name": "demo", "with_db": with_db, "resources": [TASK]}

    made = add([TASK], {})(answers, make_blueprint(answers))

    assert made.there == ["The resource task is there already."]


def test_a_resource_that_is_there_otherwise_is_changed_in_the_file() -> None:
    with pytest.raises(UsageProblem, match=r"there already, with other fields.*apply"):
        wish(add(["task title:str"], {}), TASK)


@pytest.mark.parametrize(
    ("names", "left", "dropped"),
    [
        (["comment"], [TASK], ["comment"]),
        (["Comments"], [TASK], ["comment"]),
        (["task.notes"], ["task title:str(80) done:bool=false", COMMENT], ["task.notes"]),
        (["comment.task_id"], [TASK, "comment body:text"], ["comment.task"]),
        (["task", "comment"], [], ["task", "comment"]),
        (["comment", "task.done"], ["task title:str(80) notes:text?=x"], ["comment", "task.done"]),
        (["nope", "task.nope", "nope.notes"], [TASK, COMMENT], []),
    ],
)
def test_resources_and_fields_are_removed(
    names: Sequence[str], left: Sequence[str], dropped: Sequence[str]
) -> None:
    made = wish(remove(names), TASK, COMMENT)

    assert list_resources(made) == left
    assert made.dropped == dropped


def test_what_is_not_there_is_said_to_be_gone() -> None:
    made = wish(remove(["commnt", "task.zzz"]), TASK, COMMENT)

    assert made.there == [
        'There is no "commnt" any more.',
        'There is no "task.zzz" any more.',
    ]
    assert made.gone == [("commnt", "commnts"), ("task.zzz", "zzz")]
    assert made.known == ["task", "comment"]


def test_what_others_refer_to_stays() -> None:
    with pytest.raises(UsageProblem, match=r"comment\.task refers to task.*remove task comment"):
        wish(remove(["task"]), TASK, COMMENT)

    assert list_resources(wish(remove(["task", "comment"]), TASK, COMMENT)) == []


def test_the_only_field_of_a_resource_stays() -> None:
    with pytest.raises(UsageProblem, match=r"only one of .*Remove the resource"):
        wish(remove(["a.b"]), "a b:int")


def test_a_field_takes_what_is_said_about_it_along() -> None:
    entry = {
        "line": "task title:str notes:text? status:enum(a,b)=a",
        "label": "title",
        "sort": "-status",
        "board": "status",
        "sample": [{"title": "A", "status": "b"}],
    }

    removed = wish(remove(["task.status"]), entry)
    renamed = wish(rename("task.status", "state"), entry)

    assert list_resources(removed) == [
        {"line": "task title:str notes:text?", "label": "title", "sample": [{"title": "A"}]}
    ]
    assert list_resources(renamed) == [
        {
            "line": "task title:str notes:text? state:enum(a,b)=a",
            "label": "title",
            "sort": "-state",
            "board": "state",
            "sample": [{"title": "A", "state": "b"}],
        }
    ]


@pytest.mark.parametrize(
    ("old", "new", "resources", "after"),
    [
        ("task.title", "name", ["task title:str(9)?=a:b"], ["task name:str(9)?=a:b"]),
        ("task.title", "tasks.name", ["task title:str"], ["task name:str"]),
        ("Task.Title", "Name", ["task Title:str"], ["task name:str"]),
        ("comment.task", "about", [TASK, COMMENT], [TASK, "comment body:text about:ref(task)"]),
        ("a.b", "c", ["a b:ref(x)?", "x y:int"], ["a c:ref(x)?", "x y:int"]),
        ("a.tags", "marks", ["a tags:many(tag)", "tag y:int"], ["a marks:many(tag)", "tag y:int"]),
        ("task", "todo", [TASK, COMMENT], ["todo" + TASK[4:], "comment body:text task:ref(todo)"]),
        ("a", "b", ["a x:ref(a)? n:int"], ["b x:ref(b)? n:int"]),
        ("tag", "mark", ["a tags:many(tag)", "tag y:int"], ["a tags:many(mark)", "mark y:int"]),
    ],
)
def test_a_name_changes_and_all_that_refers_to_it(
    old: str, new: str, resources: list[str], after: list[str]
) -> None:
    made = wish(rename(old, new), *resources)

    assert list_resources(made) == after


def test_a_new_name_is_told_to_whoever_writes_the_migration() -> None:
    assert wish(rename("task", "todo"), TASK).resources == {"task": "todo"}
    assert wish(rename("task.notes", "text"), TASK).fields == {("task", "notes"): "text"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tsk", "todo", r'no resource "tsk".*Did you mean task\?'),
        ("task.titel", "name", r'no field "task.titel".*Did you mean title\?'),
        ("task", "comment", r'There is a resource "comment" already'),
        ("task.title", "notes", r'"task" has a field "notes" already'),
        ("task.title", "comment.title", "cannot move to another resource"),
        ("task.a.b", "c", "neither a resource nor a field"),
        ("", "c", "neither a resource nor a field"),
        ("task", "new name", "is not a word"),
    ],
)
def test_a_name_that_cannot_be_given_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        wish(rename(old, new), TASK, COMMENT)
