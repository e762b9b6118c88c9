"""Relations: what resources may refer to, what comes first, and which circles have no beginning."""

import pytest

from starlette_new.errors import UsageProblem
from starlette_new.language import Resource, parse_resource
from starlette_new.refusals import LineProblem
from starlette_new.relations import (
    check_resources,
    is_circular,
    list_needed,
    list_references,
    name_link,
    sort_by_need,
)


def parse(*lines: str) -> list[Resource]:
    return [parse_resource(line) for line in lines]


@pytest.mark.parametrize(
    ("lines", "why", "line"),
    [
        (["task a:str", "tasks b:str"], 'share the table "tasks"', 1),
        (["task a:str", "Task b:str"], 'share the table "tasks"', 1),
        (["person a:str", "people b:str"], 'share the table "people"', 1),
        (["blog2_post a:str", "blog2Post b:str"], 'share the table "blog2_posts"', 1),
        (["a_1b a:str", "a1b a:str"], 'make the class "A1b"', 1),
        (["label a:str", "task labels:many(label)", "tasks_label_link a:str"], "share the tab", 2),
        (["task notes_x:str:index", "tasks_note x:int:index"], 'index "ix_tasks_notes_x"', 1),
        (["task a:str", "note tsk:ref"], 'refers to "tsk", which is no resource. Did you mean', 1),
        (["note a:str x:ref(zzz)"], "The resources are note; write x:ref(NAME)", 0),
        (["note tags:many(tag)"], "write tags:many(NAME)", 0),
        (["node parent:ref(node)"], "refers to itself in a circle", 0),
        (["a b:ref", "b a:ref"], "Make one of them optional with ?", 0),
        (["x a:ref", "a b:ref", "b c:ref", "c a:ref"], 'The resource "a" refers to itself', 1),
    ],
)
def test_resources_that_do_not_go_together_are_refused(
    lines: list[str], why: str, line: int
) -> None:
    with pytest.raises(LineProblem) as caught:
        check_resources(parse(*lines))

    assert why in str(caught.value)
    assert caught.value.line == lines[line]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["task a:str", "person a:str"],
        ["task project:ref?", "project name:str"],
        ["node parent:ref(node)?"],
        ["a b:ref?", "b a:ref?"],
        ["a b:ref", "b c:ref", "c a:ref?"],
        ["task peers:many(task) others:many(task)"],
        ["a bs:many(b)", "b x:str items:many(a)"],
        ["top a:str", "left top:ref", "right top:ref", "end left:ref right:ref"],
    ],
)
def test_different_resources_go_together(lines: list[str]) -> None:
    check_resources(parse(*lines))


def test_there_is_an_end_to_resources() -> None:
    with pytest.raises(UsageProblem, match="There are 101 resources"):
        check_resources(parse(*(f"r{n} a:int" for n in range(101))))


def test_a_hint_does_not_name_a_hundred_resources() -> None:
    with pytest.raises(UsageProblem) as caught:
        check_resources(parse("task zzz:ref", *(f"r{n} a:int" for n in range(99))))

    assert caught.value.hint.startswith("The resources are task, r0,")
    assert "r18, …; write" in caught.value.hint


def test_a_link_has_a_table_for_each_field() -> None:
    (task,) = parse("task labels:many(label) tags:many(label)")

    assert list_references(task) == list(task.fields)
    assert [name_link(task, field) for field in task.fields] == [
        "tasks_label_links",
        "tasks_tag_links",
    ]


def test_a_resource_comes_after_those_it_cannot_do_without() -> None:
    resources = parse("c b:ref d:ref?", "b a:ref(a) e:many(c)", "a x:str c:ref?", "d x:int")

    assert [resource.name for resource in sort_by_need(resources)] == ["a", "b", "c", "d"]


def test_a_target_that_is_not_there_is_no_hindrance_to_sorting() -> None:
    resources = parse("c b:ref")

    assert sort_by_need(resources) == resources


def test_a_row_needs_rows_of_all_that_it_refers_to() -> None:
    resources = parse("a x:str", "b a:ref", "c b:ref? c:ref(c)? ds:many(d)", "d x:int", "e x:int")

    needed = list_needed(resources[2], resources)

    assert [resource.name for resource in needed] == ["a", "b", "d"]


def test_a_need_that_two_share_is_listed_once() -> None:
    resources = parse("top a:str", "left top:ref", "right top:ref", "end left:ref right:ref")

    needed = list_needed(resources[3], resources)

    assert [resource.name for resource in needed] == ["top", "left", "right"]


@pytest.mark.parametrize(
    ("lines", "circular"),
    [
        (["a b:ref?", "b x:str"], False),
        (["a b:ref?", "b a:ref?"], True),
        (["a b:ref?", "b c:ref?", "c a:ref? b:ref?"], True),
        (["a b:ref?", "b c:ref?", "c b:ref?"], False),
        (["a b:ref(a)?"], False),
        (["a b:ref?", "b items:many(a)"], False),
    ],
)
def test_a_circle_leads_back_over_another_resource(lines: list[str], circular: bool) -> None:
    resources = parse(*lines)

    assert is_circular(resources[0], resources[0].fields[0], resources) == circular


def test_the_index_of_a_link_is_claimed_too() -> None:
    lines = ["order tag_links_tag:ref(tag)? tags:many(tag)", "tag name:str"]

    with pytest.raises(UsageProblem, match="share the index"):
        check_resources([parse_resource(line) for line in lines])
