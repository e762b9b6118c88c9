"""The resource language: what a line means, and what is wrong with one that means nothing."""

import pytest

from starlette_new.errors import UsageProblem
from starlette_new.language import Field, check_resources, parse_resource


def test_a_line_is_a_name_and_its_fields_in_order() -> None:
    resource = parse_resource("  task title:str notes:text? done:bool=false ")

    assert resource.line == "task title:str notes:text? done:bool=false"
    assert (resource.name, resource.plural, resource.class_name) == ("task", "tasks", "Task")
    assert resource.fields == (
        Field("title", "str"),
        Field("notes", "text", nullable=True),
        Field("done", "bool", has_default=True, default=False),
    )


@pytest.mark.parametrize("word", ["tasks", "Task", "TASK", "Tasks"])
def test_every_form_of_a_name_makes_the_same_resource(word: str) -> None:
    assert parse_resource(f"{word} title:str").name == "task"


@pytest.mark.parametrize(
    ("word", "nullable", "default"),
    [
        ("a:str=x", False, "x"),
        ("a:str?=x", True, "x"),
        ("a:str=a:b=c?", False, "a:b=c?"),
        ('a:str="two words"', False, "two words"),
        ("'a:text=it is'", False, "it is"),
        ("a:int=-3", False, -3),
        ("a:bool=true", False, True),
    ],
)
def test_the_rest_of_the_word_is_the_default(word: str, nullable: bool, default: object) -> None:
    (field,) = parse_resource(f"task {word}").fields

    assert field.has_default
    assert not field.required
    assert (field.nullable, field.default) == (nullable, default)


def test_only_a_field_without_a_default_that_may_not_be_null_is_required() -> None:
    fields = parse_resource("task a:str b:str? c:str=x").fields

    assert [field.required for field in fields] == [True, False, False]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "is blank"),
        ("   ", "is blank"),
        ("task", "needs a name and, after it, at least one field"),
        ("title:str done:bool", "needs a name and, after it"),
        ("task title:str\nx:str", "cannot be printed"),
        ('task title:str="x', "a quote that is never closed"),
        ("2task title:str", "The resource name"),
        ("doc title:str", "needs itself"),
        ("a title:str", "needs itself"),
        ("class title:str", "needs itself"),
        ("none title:str", "needs itself"),
        ("sqlite_thing title:str", "SQLite needs itself"),
        ("task title:str Title:text", 'two fields called "title"'),
        ("model title:str", "needs itself"),
        (f"task {' '.join(f'f{n}:int' for n in range(101))}", "more than 100 fields"),
        ("task title", "not written as name:type"),
        ("task :str", "not written as name:type"),
        ("task title:str?x", "not written as name:type"),
        ("task my-title:str", "The field name"),
        ("task id:int", "needs itself"),
        ("task class:str", "needs itself"),
        ("task CreatedAt:str", "needs itself"),
        ("task n:int=x", "a default that its type does not allow. Give a whole number"),
        ("task n:bool=yes", "a default that its type does not allow. Give true or false"),
        ("task n:str=", "Give a text of 1 to 60 characters"),
    ],
)
def test_a_line_that_cannot_be_is_refused(line: str, why: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        parse_resource(line)

    assert why in str(caught.value)
    assert caught.value.field == "resources"


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("task title:string", "Did you mean str?"),
        ("task title:Bool", "Did you mean bool?"),
        ("task title:zzz", "The types are str, text, int, bool"),
        ("task title:", "The types are str, text, int, bool"),
    ],
)
def test_an_unknown_type_is_answered_with_the_nearest_and_all(line: str, hint: str) -> None:
    with pytest.raises(UsageProblem, match="a type that is not known") as caught:
        parse_resource(line)

    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["task a:str", "tasks b:str"], 'share the table "tasks"'),
        (["blog2_post a:str", "blog2Post b:str"], 'share the table "blog2_posts"'),
        (["a_1b a:str", "a1b a:str"], 'make the class "A1b"'),
    ],
)
def test_two_resources_cannot_share_a_table_or_a_class(lines: list[str], why: str) -> None:
    resources = [parse_resource(line) for line in lines]

    with pytest.raises(UsageProblem) as caught:
        check_resources(resources)

    assert why in str(caught.value)


def test_different_resources_go_together() -> None:
    check_resources([parse_resource("task a:str"), parse_resource("person a:str")])


def test_there_is_an_end_to_resources() -> None:
    resources = [parse_resource(f"r{n} a:int") for n in range(101)]

    with pytest.raises(UsageProblem, match="There are 101 resources"):
        check_resources(resources)
