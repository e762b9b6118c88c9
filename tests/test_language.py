"""The resource language: what a line means, and what is wrong with one that means nothing."""

import time

import pytest

from starlette_new.errors import UsageProblem
from starlette_new.fields import TYPES
from starlette_new.language import Field, parse_resource
from starlette_new.refusals import LineProblem


def parse_field(word: str) -> Field:
    (field,) = parse_resource(f"task {word}").fields
    return field


def test_a_line_is_a_name_and_its_fields_in_order() -> None:
    resource = parse_resource("  task title:str notes:text? done:bool=false ")

    assert resource.line == "task title:str notes:text? done:bool=false"
    assert (resource.name, resource.plural, resource.class_name) == ("task", "tasks", "Task")
    assert [(f.name, f.type, f.nullable) for f in resource.fields] == [
        ("title", "str", False),
        ("notes", "text", True),
        ("done", "bool", False),
    ]


@pytest.mark.parametrize(
    ("word", "name"),
    [("BlogPost", "BlogPost"), ("decimal", "DecimalRow"), ("UtcDateTime", "UtcDateTimeRow")],
)
def test_a_class_hides_nothing_that_its_module_imports(word: str, name: str) -> None:
    assert parse_resource(f"{word} a:int").class_name == name


@pytest.mark.parametrize("word", ["tasks", "Task", "TASK", "Tasks"])
def test_every_form_of_a_name_makes_the_same_resource(word: str) -> None:
    assert parse_resource(f"{word} title:str").name == "task"


@pytest.mark.parametrize(
    ("word", "nullable", "wire"),
    [
        ("a:str=x", False, '"x"'),
        ("a:str?=x", True, '"x"'),
        ("a:str=a:b=c?", False, '"a:b=c?"'),
        ("a:str=a:unique", False, '"a:unique"'),
        ('a:str="two words"', False, '"two words"'),
        ("a:text='say \"x\"'", False, '"say \\"x\\""'),
        ('a:text="it\'s"', False, '"it\'s"'),
        ("a:json={}", False, "{}"),
        ('a:json={"a":"b c"}', False, '{"a": "b c"}'),
        ("a:json='[1, 2]'", False, "[1, 2]"),
        ("a:int=-3", False, "-3"),
        ("a:bool=true", False, "True"),
        ("a:enum(x,y)=y", False, '"y"'),
        ("a:decimal(5,2)?:index=7.5", True, '"7.50"'),
        (f"a:text={'x' * 60}", False, f'"{"x" * 60}"'),
    ],
)
def test_the_rest_of_the_word_is_the_default(word: str, nullable: bool, wire: str) -> None:
    field = parse_field(word)

    assert field.default
    assert not field.required
    assert (field.nullable, field.default.wire) == (nullable, wire)


def test_only_a_field_without_a_default_that_may_not_be_null_is_required() -> None:
    fields = parse_resource("task a:str b:str? c:str=x d:str?=x e:many(task) f:ref(x)").fields

    assert [field.required for field in fields] == [True, False, False, False, False, True]


@pytest.mark.parametrize(
    ("word", "unique", "index"),
    [
        ("a:str", False, False),
        ("a:str:unique", True, False),
        ("a:str?:index=x", False, True),
        ("a:str:unique:index", True, True),
        ("a:str:index:unique", True, True),
        ("a:url:unique", True, False),
        ("a:bool:index", False, True),
        ("a:ref(x):unique", True, False),
    ],
)
def test_marks_stand_between_the_type_and_the_default(word: str, unique: bool, index: bool) -> None:
    field = parse_field(word)

    assert (field.unique, field.index) == (unique, index)


@pytest.mark.parametrize(
    ("word", "name", "target"),
    [
        ("project:ref", "project_id", "project"),
        ("author:ref(user)", "author_id", "user"),
        ("author:ref(Users)", "author_id", "user"),
        ("BlogPost:ref?", "blog_post_id", "blog_post"),
        ("id:ref(x)?", "id_id", "x"),
        ("labels:many(label)", "label_ids", "label"),
        ("people:many(Person)", "person_ids", "person"),
        ("news:many(news)", "news_ids", "news"),
        ("title:str", "title", ""),
    ],
)
def test_a_reference_is_named_after_what_it_holds(word: str, name: str, target: str) -> None:
    field = parse_field(word)

    assert (field.name, field.target) == (name, target)
    assert (field.is_ref, field.is_many) == (":ref" in word, ":many" in word)


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ("notes:text title:str name:str", "title"),
        ("n:int notes:text mail:email", "notes"),
        ("n:int mail:email", "mail"),
        ("n:int status:enum(a,b) key:uuid", "id"),
    ],
)
def test_the_first_str_names_a_row(fields: str, label: str) -> None:
    assert parse_resource(f"task {fields}").label == label


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "is blank"),
        ("   ", "is blank"),
        ("task", "needs a name and, after it, at least one field"),
        ("title:str done:bool", "needs a name and, after it"),
        ("task title:str\nx:str", "cannot be printed"),
        ("task title:str\tx:str", "cannot be printed"),
        ("task title:str\u00a0x:str", "cannot be printed"),
        ("task title:str=\udc80", "cannot be printed"),
        ('task title:str="x', "a quote that is never closed"),
        ("task title:str=it's", "Put quotes around the whole default"),
        ("2task title:str", "The resource name"),
        ("doc title:str", "needs itself. Call it my_doc"),
        ("live title:str", "needs itself"),
        ("class title:str", "Python needs itself. Call it my_class"),
        ("none title:str", "needs itself"),
        ("sqlite_thing title:str", "the database needs itself"),
        ("pg_class title:str", "the database needs itself"),
        ("task title:str Title:text", 'two fields called "title"'),
        ("task project:ref project_id:int", 'two fields called "project_id"'),
        ("task project:ref project:str", 'two fields called "project"'),
        ("task labels:many(x) label:many(x)", 'two fields called "label_ids"'),
        (f"task {' '.join(f'f{n}:int' for n in range(101))}", "more than 100 fields"),
        ("task title", "not written as name:type"),
        ("task title (20)", "not written as name:type"),
        ("task :str", "not written as name:type"),
        ("task title:str?x", "? comes right after the type"),
        ("task title?:str", "? comes right after the type"),
        ("task title:str??", "? comes right after the type"),
        ("task title:str:unique?", "? comes right after the type"),
        ("task title:decimal(10, 2)", "Leave no blank between the parentheses"),
        ("task 'title:str=it is'", "Quotes go around a default alone"),
        ('task "title":str', "Quotes go around a default alone"),
        ("task title:str ! ", "There is no mark !"),
        ("task title:str!", "There is no mark !"),
        ("task my-title:str", "The field name"),
        ("task näme:str", "The field name"),
        (f"task {'x' * 300}:str", "longer than 40 characters"),
        ("task id:int", "needs itself. Call it the_id"),
        ("task lock_version:int", "needs itself"),
        ("task class:str", "needs itself"),
        ("task class:ref(x)", "needs itself. Call it the_class,"),
        ("task None:str", "needs itself"),
        ("task CreatedAt:str", "needs itself"),
        ("task n:int=x", "a default that its type does not allow. Give a whole number"),
        ("task n:bool=yes", "a default that its type does not allow. Give true or false"),
        ("task n:str=", "Give a text of 1 to 200 characters"),
        ("task n:str(5)=sixsix", "Give a text of 1 to 5 characters"),
        (f"task n:text={'x' * 61}", "a default of more than 60 characters"),
        ('task n:str=a"b"', "Give quotes around all of it, or none"),
        ('task n:str="a"b', "Give quotes around all of it, or none"),
        ('task n:str="a"b"c"', "Give quotes around all of it, or none"),
        ("task n:ref=1", "a reference has no default"),
        ("task n:many(x)=1", "is a list, which takes no mark and no default. Write n:many(x)."),
        ("task n:many(x)?", "is a list, which"),
        ("task n:many(x):index", "is a list, which"),
        ("task n:ref(2x)", "The resource name"),
        ("task n:bool:unique", "cannot be unique"),
        ("task n:enum(a,b):unique", "cannot be unique"),
        ("task n:text:unique", "cannot be unique"),
        ("task n:json:unique", "cannot be unique"),
        ("task n:json:index", "cannot have an index"),
        ("task n:str:str", 'a mark that is not known: "str"'),
        ("task n:str:", 'a mark that is not known: ""'),
        ("task n:str:Uniq", "Did you mean unique?"),
        ("task n:str:unique:unique", "has a mark twice. Write :unique once."),
    ],
)
def test_a_line_that_cannot_be_is_refused(line: str, why: str) -> None:
    with pytest.raises(LineProblem) as caught:
        parse_resource(line)

    assert why in str(caught.value)
    assert caught.value.field == "resources"
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("str(0)", "a number of characters from 1 to 20,000"),
        ("str(-1)", "a number of characters from 1 to 20,000"),
        ("str()", "a number of characters from 1 to 20,000"),
        ("str(99999999999999999999)", "a number of characters from 1 to 20,000"),
        ("str(1,2)", "one number"),
        ("int(5)", "its name alone"),
        ("bool()", "its name alone"),
        ("decimal", "as in decimal(10,2)"),
        ("decimal(10)", "as in decimal(10,2)"),
        ("decimal(10,2,3)", "as in decimal(10,2)"),
        ("decimal(0,0)", "a number of digits from 1 to 18"),
        ("decimal(19,2)", "a number of digits from 1 to 18"),
        ("decimal(5,6)", "a number of places from 0 to 5"),
        ("decimal(10,7)", "a number of places from 0 to 6"),
        ("enum", "2 to 50 different values"),
        ("enum()", "2 to 50 different values"),
        ("enum(a)", "2 to 50 different values"),
        ("enum(a,a)", "2 to 50 different values"),
        (f"enum({','.join(f'v{n}' for n in range(51))})", "2 to 50 different values"),
        ("enum(a,,b)", "values of 1 to 40 letters"),
        ('enum(a,"b")', "values of 1 to 40 letters"),
        (f"enum(a,{'b' * 41})", "values of 1 to 40 letters"),
        ("ref()", "as in author:ref(user)"),
        ("ref(a,b)", "as in author:ref(user)"),
        ("many", "as in labels:many(label)"),
        ("many()", "as in labels:many(label)"),
    ],
)
def test_a_type_that_is_not_whole_is_answered_with_what_it_needs(type: str, expected: str) -> None:
    with pytest.raises(UsageProblem, match="a type that is not whole") as caught:
        parse_field(f"n:{type}")

    assert caught.value.hint.startswith(f"{type.partition('(')[0]} needs ")
    assert expected in caught.value.hint


@pytest.mark.parametrize(
    ("type", "near"),
    [
        ("STR", "str"),
        ("Bool", "bool"),
        ("string", "str"),
        ("varchar(20)", "str"),
        ("str[20]", "str"),
        ("integer", "int"),
        ("numeric", "decimal"),
        ("timestamp", "datetime"),
        ("references", "ref"),
        ("has_many", "many"),
    ],
)
def test_an_unknown_type_is_answered_with_the_nearest(type: str, near: str) -> None:
    with pytest.raises(UsageProblem, match="a type that is not known") as caught:
        parse_field(f"n:{type}")

    assert caught.value.hint.startswith(f"Did you mean {near}? The types are {', '.join(TYPES)};")


@pytest.mark.parametrize("type", ["zzzzzz", "", "x" * 300])
def test_an_unknown_type_that_is_near_to_none_is_answered_with_all(type: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        parse_field(f"n:{type}")

    assert caught.value.hint.startswith(f"The types are {', '.join(TYPES)};")


@pytest.mark.parametrize(
    "line",
    [
        f"task {'(' * 100_000}",
        f"task n:{'(' * 100_000}",
        f"task n:str{':unique' * 20_000}",
        f"task n:enum({',' * 100_000})",
        f"task n:str={chr(34) + chr(39)}" + "\"'" * 50_000,
        f"task {'n:' * 50_000}",
        f"task {'_a' * 50_000}:str",
        f"task {'aA' * 50_000}:str",
        f"task n:email={'a.' * 30}",
        f"task n:url=http://{'a.' * 25}!",
    ],
    ids=range(10),
)
def test_no_line_takes_long_to_refuse(line: str) -> None:
    started = time.monotonic()

    with pytest.raises(UsageProblem) as caught:
        parse_resource(line)

    assert time.monotonic() - started < 10
    assert len(str(caught.value)) < 500
