"""The view of the single layout: one file that holds what its resources need, and no more."""

from typing import Any

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.view_single import view_single
from starlette_new.view_single_pages import PAGE_IMPORTS, PAGE_ROUTES, PAGE_SETTINGS

PERSON = "person metadata:str age:int=3"


def _view(*lines: str, with_db: str = "sqlite", ui: str = "pages") -> dict[str, Any]:
    answers = {"name": "demo", "layout": "single", "with_db": with_db, "ui": ui}
    return view_single(make_blueprint(answers | {"resources": lines}))


def test_every_address_is_listed_for_the_home_page() -> None:
    assert [part["label"] for part in _view("BlogPost title:str")["parts"]] == [
        "Blog posts",
        "Blog posts as JSON",
        "Health",
    ]
    assert [part["label"] for part in _view("BlogPost title:str", ui="none")["parts"]] == [
        "Blog posts",
        "Health",
    ]
    assert [part["path"] for part in _view(with_db="none")["parts"]] == [
        "/api/stats",
        "/health/ready",
    ]


def test_each_resource_has_two_routes() -> None:
    assert _view(PERSON, ui="none")["route_lines"] == [
        'Route("/api/people", PersonCollection),',
        'Route("/api/people/{id}", PersonItem),',
    ]


def test_pages_share_two_routes_and_what_creates_a_row() -> None:
    view = _view(PERSON, "task a:str")

    assert view["route_lines"][4:] == PAGE_ROUTES
    assert view["resources"][0]["post_lines"] == [
        "row = await create_person(request, await read_json(request))"
    ]


def test_the_readme_lists_the_files_that_there_are() -> None:
    found = [
        [row.split("`")[1] for row in view["file_rows"]]
        for view in (_view(), _view(PERSON, ui="none"), _view(PERSON))
    ]

    files = ["main.py", "schema.sql", "page.html", "forms.html"]
    assert found == [files[:1], files[:2], files]


@pytest.mark.parametrize("view", [_view(), _view(PERSON, ui="none")])
def test_without_pages_there_is_nothing_of_them(view: dict[str, Any]) -> None:
    assert (view["guard_lines"], view["policy_lines"]) == ([], [])
    assert not {*PAGE_IMPORTS, *PAGE_SETTINGS} & {*view["import_lines"], *view["setting_lines"]}
    assert "pages" not in view["claims"]


@pytest.mark.parametrize(
    ("lines", "conflict"),
    [
        (["task a:str"], ""),
        (["task a:str:unique"], "A value is taken that only one row may have."),
        (["task boss:ref(task)?"], "A row that is referred to is missing."),
        (
            ["task a:str", "note task:ref code:uuid:unique"],
            "A value is taken, or a row that is referred to is missing.",
        ),
    ],
)
def test_a_conflict_is_answered_where_there_can_be_one(lines: list[str], conflict: str) -> None:
    view = _view(*lines)

    answer = " ".join(view["answer_lines"])
    assert ("IntegrityError" in view["handled"]) == bool(conflict)
    assert ("409" in answer) == bool(conflict)
    assert conflict in answer


def test_without_resources_no_body_is_checked() -> None:
    view = _view()

    assert view["handled"] == "HTTPException, Exception"
    assert view["setup_lines"] == ['yield {"database": db}']
    assert view["connect_arguments"] == ["DB_FILE"]


@pytest.mark.parametrize(
    ("line", "converted"), [("task a:bool", "BOOLEAN"), ("task a:json", "JSON"), ("task a:int", "")]
)
def test_what_sqlite_keeps_in_another_form_is_converted_back(line: str, converted: str) -> None:
    view = _view(line)

    converters = [text for text in view["setup_lines"] if "register_converter" in text]
    assert [converted in text for text in converters] == [True] * bool(converted)
    assert ("detect_types=PARSE_DECLTYPES" in view["connect_arguments"]) == bool(converted)


def test_a_text_type_is_written_where_there_are_texts() -> None:
    assert [line for line in _view(PERSON)["setting_lines"] if line.startswith("Text = ")]
    assert not [line for line in _view("task a:int")["setting_lines"] if line.startswith("Text")]


def test_an_attribute_that_would_do_harm_is_renamed_and_its_column_is_not() -> None:
    (person,) = _view(PERSON)["resources"]

    assert person["write_lines"][0].startswith("metadata_: ")
    assert 'alias="metadata"' in person["write_lines"][0]
    assert person["dump"] == "model_dump(by_alias=True)"
    assert person["table_lines"][1] == '"metadata" TEXT NOT NULL'
