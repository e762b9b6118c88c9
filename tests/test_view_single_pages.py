"""The view of the single layout's pages: forms that ask as the types need, and what reads them."""

from typing import Any

import jinja2
import pytest

from starlette_new.language import Field, parse_resource
from starlette_new.view_single_pages import view_pages, write_name, write_text

HEAD = "{% macro field() %}{{ varargs|join('|') }} {{ kwargs|dictsort }}{% endmacro %}"


def _view(*lines: str) -> dict[str, Any]:
    return view_pages([parse_resource(line) for line in lines], has_conflict=False)


def _find(line: str) -> Field:
    return parse_resource(f"task {line}").fields[0]


def _ask(field: str) -> str:
    """Give the arguments of a field's question, as the template gets them."""
    lines = "\n".join([HEAD, *_view(f"task {field}")["form_lines"]])
    return str(jinja2.Template(lines).render(path="/tasks", tasks_options="rows")).strip()


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("due_on:str", "due_on|Due on [('required', True)]"),
        ("a:text?", "a?|A|textarea []"),
        ("a:int=-3", "a:json|A|number [('default', '-3')]"),
        ("a:float?", "a:json?|A|number []"),
        ("a:decimal(4,2)=1.5", "a|A|number [('default', '1.50')]"),
        ("a:bool", "a:json|A|checkbox []"),
        ("a:bool=true", "a:json|A|checkbox [('default', 'true')]"),
        ("a:bool?", "a:json?|A|select [('choices', ['true', 'false'])]"),
        ("a:date=today", "a|A|date []"),
        ("a:time", "a|A|time [('required', True)]"),
        ("a:datetime", "a:utc|A (UTC)|datetime-local [('required', True)]"),
        ("a:uuid", "a|A [('required', True)]"),
        ("a:json='\"b\"'", "a:json|A (JSON)|textarea [('default', '\"b\"')]"),
        ("a:email", "a|A|email [('required', True)]"),
        ("a:url?", "a?|A|url []"),
        ("a:color", "a|A|color [('default', '#000000'), ('required', True)]"),
        ("a:color?", "a?|A []"),
        ("a:enum(b,c)=c", "a|A|select [('choices', ['b', 'c']), ('default', 'c')]"),
        ("boss:ref(task)?", "boss_id:json?|Boss|select [('choices', 'rows')]"),
        ("a:str='}} {% \"<b>'", "a|A [('default', '}} {% \"<b>')]"),
    ],
)
def test_a_form_asks_for_each_type_in_its_own_way(field: str, asked: str) -> None:
    assert _ask(field) == asked


def test_each_form_stands_on_its_own_page() -> None:
    lines = _view("task a:str", "note b:str")["form_lines"]

    assert [line for line in lines if "path" in line] == [
        '{%- if path == "/tasks" %}',
        '{%- if path == "/notes" %}',
    ]


def test_each_page_knows_what_creates_lists_and_deletes_its_rows() -> None:
    (line,) = _view("blog_post a:str")["page_lines"]

    assert line.startswith('"/blog_posts": Page(create_blog_post, "SELECT * FROM')
    assert "DELETE FROM" in line
    assert "{" not in line


def test_only_pages_with_references_are_offered_rows() -> None:
    view = _view("task project:ref again:ref(project)", "project name:str")

    assert view["has_references"]
    assert view["page_lines"][0].count("LIMIT 100") == 1
    assert view["page_lines"][1].endswith(", {}),")


@pytest.mark.parametrize(
    ("line", "moments", "references", "unique"),
    [
        ("task a:bool", False, False, False),
        ("task a:datetime", True, False, False),
        ("task boss:ref(task)?", False, True, False),
        ("task a:str:unique", False, False, True),
    ],
)
def test_only_what_is_used_is_written(
    line: str, moments: bool, references: bool, unique: bool
) -> None:
    view = _view(line)

    assert (view["has_moments"], "utc" in view["readers"]) == (moments, moments)
    assert (view["has_references"], bool(view["option_fields"])) == (references, references)
    assert view["has_unique"] == unique


@pytest.mark.parametrize(
    ("has_conflict", "refused"),
    [(False, "ValidationError"), (True, "(ValidationError, IntegrityError)")],
)
def test_a_conflict_comes_back_where_there_can_be_one(has_conflict: bool, refused: str) -> None:
    assert view_pages([parse_resource("task a:str")], has_conflict)["refused"] == refused


@pytest.mark.parametrize(
    ("field", "source", "text"),
    [
        ("a:str", '"b"', "b"),
        ("a:str?", "None", ""),
        ("a:bool", "True", "true"),
        ("a:json", '["é", None]', '["é", null]'),
        ("a:datetime", '"2026-01-31T12:00:00Z"', "2026-01-31T12:00:00"),
    ],
)
def test_a_value_is_typed_as_its_input_has_it(field: str, source: str, text: str) -> None:
    assert write_text(_find(field), source) == text


def test_the_name_of_an_input_says_how_it_is_read() -> None:
    fields = ["a:str", "a:str?", "a:int", "a:int?", "a:datetime?"]

    names = [write_name(_find(field)) for field in fields]

    assert names == ["a", "a?", "a:json", "a:json?", "a:utc?"]
