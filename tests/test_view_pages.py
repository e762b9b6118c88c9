"""What the templates of pages are given for each resource."""

from typing import Any

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.view_pages import list_form_kinds, view_pages

PROJECT = "project name:str color:color=#fff000"
TASK = (
    "task title:str notes:text? status:enum(new,done)=new rank:int? project:ref "
    "labels:many(label) extra:json?"
)
LABEL = "label name:str:unique"


def _view(name: str, *lines: str) -> dict[str, Any]:
    resources = make_blueprint({"name": "demo", "resources": lines}).resources
    return view_pages(next(one for one in resources if one.name == name), resources)


def test_a_form_has_members_of_its_own_where_it_has_texts() -> None:
    task, label = _view("task", TASK, PROJECT, LABEL), _view("label", TASK, PROJECT, LABEL)

    assert (task["form_class"], label["form_class"]) == ("TaskForm", "LabelWrite")
    assert task["form_members"] == [
        "rank: IntText | None = None",
        "project_id: IdText",
        "label_ids: IdTexts = Field(default_factory=list)",
        "extra: JsonText | None = None",
    ]
    assert task["form_values"] == 'to_builtins(row) | {"extra": write_json(row.extra)}'


def test_a_kind_of_a_form_brings_those_it_is_made_of() -> None:
    (task, *_) = make_blueprint({"name": "demo", "resources": [TASK, PROJECT, LABEL]}).resources

    assert list_form_kinds(task) >= {"IdTexts", "Ids", "IdText", "Id", "JsonText", "Json"}


def test_a_list_has_a_column_for_each_short_field() -> None:
    view = _view("task", TASK, PROJECT, LABEL)

    assert [line.split('"')[1] for line in view["list_lines"] if "macros.head" in line] == [
        "title",
        "status",
        "rank",
        "project_id",
    ]
    assert '<th scope="col">Labels</th>' in view["list_lines"]


def test_a_list_without_a_label_names_rows_by_their_number() -> None:
    view = _view("task", "task size:int")

    assert '{{ macros.head("id", "Number", sort, kept) }}' in view["list_lines"]
    assert "row.id | named(row.id)" in "".join(view["list_lines"])
    assert view["name_lines"] == ["label=TABLE.c.id,"]


def test_a_reference_shows_a_name() -> None:
    view = _view("task", TASK, PROJECT, LABEL)

    shown = '{{ macros.named("projects", names["project_id"], row.project_id) }}'
    assert f"<td>{shown}</td>" in view["list_lines"]
    assert view["references_source"] == (
        '{"project_id": project_queries.LISTING, "label_ids": label_queries.LISTING}'
    )


def test_a_form_calls_a_reference_in_its_errors_as_it_does_in_its_label() -> None:
    assert (
        '{"project_id": "Project", "label_ids": "Labels"} %}'
        in _view("task", TASK, PROJECT, LABEL)["form_lines"][0]
    )
    assert "labels" not in _view("label", LABEL)["form_lines"][0].partition("=")[0]


def test_a_page_warns_of_all_that_is_deleted_with_its_row() -> None:
    note = "note body:text task:ref"
    other = "other x:int task:ref? note:ref"
    lines = [
        "".join(_view(name, TASK, PROJECT, LABEL, note, other)["detail_lines"])
        for name in ("project", "note", "label")
    ]

    assert "Its tasks, notes and others are deleted with it." in lines[0]
    assert "Its others are deleted with it." in lines[1]
    assert "block warning" not in lines[2]


def test_plain_values_of_a_card_are_elements_of_their_own() -> None:
    lines = _view("task", "task title:str status:enum(a,b) size:int on:date?")["board_lines"]

    assert "<span><small>Size</small> {{ row.size }}</span>" in lines
    on = "{% if row.on is not none %}<small>On</small> {{ row.on }}{% endif %}"
    assert f"<span>{on}</span>" in lines


def test_a_page_shows_what_refers_to_its_row() -> None:
    view = _view("project", TASK, PROJECT, LABEL)

    assert view["related_source"] == (
        '{"tasks": pages.Related(task_queries.list_tasks, task_queries.LISTING, "project_id", '
        '{"label_ids": label_queries.LISTING})}'
    )
    for address in ("/tasks?project_id=", "/tasks/board?project_id=", "/tasks/new?project_id="):
        assert address in "".join(view["detail_lines"])
    assert '"tasks projects labels"' in view["detail_lines"][0]
    assert '"projects"' in view["list_lines"][0]


def test_links_are_followed_from_their_other_end() -> None:
    view = _view("label", TASK, PROJECT, LABEL)

    assert '"label_ids", {"project_id": project_queries.LISTING}' in view["related_source"]
    assert "from app.resources.projects import queries as project_queries" in view["page_imports"]


def test_two_references_to_one_table_are_told_apart() -> None:
    view = _view("person", "task author:ref(person) reviewer:ref(person)?", "person name:str")

    assert '"tasks_author": ' in view["related_source"]
    assert '"Tasks (reviewer)"' in "".join(view["detail_lines"])


def test_a_resource_that_refers_to_itself_asks_its_own_queries() -> None:
    view = _view("task", "task name:str parent:ref(task)? blockers:many(task)")

    assert '"tasks_parent": pages.Related(queries.list_tasks' in view["related_source"]
    assert '"tasks_blockers": pages.Related(queries.list_tasks' in view["related_source"]
    assert not [line for line in view["page_imports"] if "resources" in line]
    assert '"parent_id": queries.LISTING' in view["references_source"]


@pytest.mark.parametrize(
    ("line", "board"),
    [
        ("task a:enum(x,y) b:enum(x,y)", "a"),
        ("task a:enum(x,y)? b:enum(x,y)", "b"),
        ("task a:enum(x,y)?", ""),
    ],
)
def test_the_first_enum_that_every_row_has_makes_a_board(line: str, board: str) -> None:
    view = _view("task", line)

    assert view["board"] == board
    assert ("{% block views %}" in view["list_lines"]) == bool(board)


def test_filters_are_for_what_has_few_values() -> None:
    view = _view("task", TASK + " done:bool=false", PROJECT, LABEL)

    found = [
        [line.split("(")[0].removeprefix("{{ macros.") for line in view[lines] if "query" in line]
        for lines in ("list_lines", "board_lines")
    ]
    assert found == [
        ["search", "filter", "rows", "rows", "filter"],
        ["search", "rows", "rows", "filter"],
    ]


def test_a_label_is_shown_once_unless_it_is_long() -> None:
    short, long = _view("task", "task title:str"), _view("note", "note body:text")

    assert len(short["detail_lines"]) == 1
    assert '<div class="long"><dt>Body</dt><dd>{{ row.body }}</dd></div>' in long["detail_lines"]


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("x:bool", '{{ "Yes" if row.x else "No" }}'),
        ("x:url", '<a href="{{ row.x }}" rel="noopener noreferrer">{{ row.x }}</a>'),
        (
            "x:color?",
            "{% if row.x is not none %}{{ macros.swatch(row.x) }}{{ row.x }}{% else %}&ndash;",
        ),
        ("x:decimal(4,2)", '<td class="number">{{ row.x }}</td>'),
    ],
)
def test_each_type_is_shown_in_its_way(field: str, shown: str) -> None:
    assert shown in "".join(_view("task", f"task title:str {field}")["list_lines"])
