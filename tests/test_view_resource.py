"""The view of a resource: its names, and the lines of its models, schemas and queries."""

import ast
from collections.abc import Sequence
from typing import Any

import pytest

from starlette_new.language import parse_resource
from starlette_new.names import UNSAFE_ATTRIBUTES
from starlette_new.templates import find_templates
from starlette_new.view_resource import KINDS, list_kinds, view_links, view_resource

HARD = "person metadata:str self:int str:str l:int? model_config:str? now:datetime=now json:json"


def _view(*lines: str) -> dict[str, Any]:
    resources = [parse_resource(line) for line in lines]
    return view_resource(resources[0], resources)


def _name_members(lines: Sequence[str]) -> list[str]:
    return [line.partition(":")[0] for line in lines]


def test_the_names_of_a_resource_are_worked_out() -> None:
    view = _view("BlogPost title:str")

    assert (view["name"], view["plural"]) == ("blog_post", "blog_posts")
    assert view["class_name"] == "BlogPost"
    assert (view["label"], view["labels"]) == ("blog post", "blog posts")


def test_only_what_a_schema_uses_is_imported() -> None:
    assert _view("flag on:bool")["schema_imports"] == []
    assert _view("task title:str")["schema_imports"] == ["from typing import Annotated"]
    assert _view("task a:bool b:enum(Decimal,Any)")["schema_imports"] == []
    assert _view("task extra:json")["model_imports"] == ["from typing import Any"]
    assert "from uuid import UUID" in _view("task code:uuid")["schema_imports"]


@pytest.mark.parametrize(
    ("field", "write", "patch"),
    [
        ("a:int", "a: Int", "a: Int"),
        ("a:int?", "a: Int | None = None", "a: Int | None"),
        ("a:int=3", "a: Int = 3", "a: Int"),
        ("a:int?=3", "a: Int | None = 3", "a: Int | None"),
        ("a:date=today", "a: Date = Field(default_factory=today)", "a: Date"),
        ("a:ref(task)?", "a_id: Id | None = None", "a_id: Id | None"),
        ("bs:many(task)", "b_ids: Ids = Field(default_factory=list)", "b_ids: Ids"),
        ("a:enum(x,y)=y", 'a: TaskA = "y"', "a: TaskA"),
    ],
)
def test_a_body_says_what_may_be_left_out_and_a_patch_leaves_out_anything(
    field: str, write: str, patch: str
) -> None:
    view = _view(f"task {field}")

    assert view["write_lines"] == [write]
    assert view["patch_lines"] == [patch]


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("a:str(20):unique", "a: orm.Mapped[str] = orm.mapped_column(sa.String(20), unique=True)"),
        ("a:int?:index", "a: orm.Mapped[int | None] = orm.mapped_column(sa.BigInteger())"),
        (
            "a:int:unique:index",
            "a: orm.Mapped[int] = orm.mapped_column(sa.BigInteger(), unique=True)",
        ),
        (
            "a:bool=true",
            "a: orm.Mapped[bool] = orm.mapped_column(sa.Boolean(), server_default=sa.tr",
        ),
        (
            "a:json",
            "a: orm.Mapped[Any] = orm.mapped_column(sa.JSON(none_as_null=True), nullable=Fa",
        ),
        ("a:json?", "a: orm.Mapped[Any | None] = orm.mapped_column(sa.JSON(none_as_null=True))"),
        ("a:enum(x,y)", "a: orm.Mapped[str] = orm.mapped_column(sa.String(1), sa.CheckConstraint("),
        ("a:decimal(9,2)", "a: orm.Mapped[Decimal] = orm.mapped_column(ExactDecimal(9, 2))"),
    ],
)
def test_a_column_has_the_type_and_the_marks_of_its_field(field: str, column: str) -> None:
    (line,) = _view(f"task {field}")["model_lines"]

    assert line.startswith(column)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (["task project:ref", "project a:str"], '"projects.id", ondelete="CASCADE")'),
        (["task project:ref?", "project a:str"], '"projects.id", ondelete="SET NULL")'),
        (["task boss:ref(task)?"], '"tasks.id", ondelete="SET NULL")'),
        (["task b:ref", "b task:ref?"], '"bs.id", ondelete="CASCADE", use_alter=True)'),
        (["task b:ref?", "b task:ref?"], '"bs.id", ondelete="SET NULL", use_alter=True)'),
        (["task b:ref", "b tasks:many(task)"], '"bs.id", ondelete="CASCADE")'),
    ],
)
def test_a_reference_is_a_foreign_key_and_a_circle_of_them_is_closed_later(
    lines: list[str], key: str
) -> None:
    (line,) = _view(*lines)["model_lines"]

    assert f"sa.ForeignKey({key}" in line


def test_an_attribute_that_would_do_harm_is_renamed_and_its_column_is_not() -> None:
    view = _view(HARD)

    attributes = _name_members([*view["model_lines"], *view["write_lines"], *view["read_lines"]])
    assert not {*attributes} & {*UNSAFE_ATTRIBUTES, "model_config"}
    assert 'metadata_: orm.Mapped[str] = orm.mapped_column("metadata"' in view["model_lines"][0]
    assert 'Field(alias="metadata")' in view["write_lines"][0]
    assert view["read_lines"][0] == 'metadata_: str = msgspec.field(name="metadata")'
    assert "by_alias=True" in view["dump"]


def test_clients_see_every_field_by_its_own_name() -> None:
    view = _view(HARD)
    names = {"metadata", "self", "str", "l", "model_config", "now", "json"}

    assert set(_name_members(view["patch_lines"])) == names
    assert set(_name_members(view["query_lines"])) >= names - {"json"}


def test_a_member_that_hides_a_type_comes_after_those_that_need_it() -> None:
    view = _view("task str:str bool:bool title:str done:bool")

    assert _name_members(view["patch_lines"]) == ["title", "done", "str", "bool"]
    assert set(_name_members(view["query_lines"])[-2:]) == {"str", "bool"}


def test_a_name_that_ruff_confuses_is_excused() -> None:
    view = _view("task l:int")

    assert view["patch_lines"] == ["l: Int  # noqa: E741"]
    assert view["query_lines"][0] == "l: IntText  # noqa: E741"


def test_a_column_that_sqlalchemy_hides_is_asked_for_by_its_key() -> None:
    lines = _view("task keys:int items:str title:str")["equal_lines"]

    assert lines == [
        '"keys": TABLE.c["keys"],',
        '"items": TABLE.c["items"],',
        '"title": TABLE.c.title,',
    ]


def test_a_parameter_never_takes_the_name_of_another() -> None:
    view = _view("task limit:int q:str sort:bool")

    assert '"limit_": TABLE.c.limit,' in view["equal_lines"]
    assert "limit_: IntText" in view["query_lines"]
    assert {"q: Annotated[str, text(100)]", "q_: Annotated[str, text(200)]"} < {
        *view["query_lines"]
    }
    assert len(set(_name_members(view["query_lines"]))) == len(view["query_lines"])


def test_there_is_no_search_where_there_is_no_text() -> None:
    assert "q" not in _name_members(_view("task a:int b:uuid c:color")["query_lines"])
    assert _view("task a:int")["listing_lines"] == []


def test_enums_are_sorted_in_their_declared_order() -> None:
    lines = _view("task status:enum(new,done,dropped)")["listing_lines"]

    assert 'ranks={"status": ["new", "done", "dropped"]},' in lines


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("task status:enum(a,b)", "TaskStatus"),
        ("task write:enum(a,b)", "TaskWriteValue"),
        ("task read:enum(a,b)", "TaskReadValue"),
        ("date time:enum(a,b)", "DateTimeValue"),
        ("base model:enum(a,b)", "BaseModelValue"),
    ],
)
def test_the_type_of_an_enum_hides_nothing_that_the_schemas_have(line: str, name: str) -> None:
    assert _view(line)["enum_lines"] == [f'{name} = Literal["a", "b"]']


def test_a_list_can_be_sorted_both_ways_by_each_column() -> None:
    kind = _view("task a:int extra:json note:text")["sort_kind"]

    sorts = ast.literal_eval(kind.removeprefix("Literal"))
    assert sorts == [
        sign + name for name in ("id", "a", "created_at", "updated_at") for sign in ("", "-")
    ]


def test_links_are_read_with_the_rows() -> None:
    lines = ["task labels:many(label) tasks:many(task)", "label name:str"]
    resources = [parse_resource(line) for line in lines]

    labels, tasks = view_links(resources[0], resources)

    assert labels == {
        "field": "label_ids",
        "table": "tasks_label_links",
        "constant": "LABEL_LINKS",
        "row": "task_id",
        "other": "label_id",
        "target": "labels",
    }
    assert (tasks["row"], tasks["other"]) == ("task_id", "other_task_id")
    assert "Read(*row)" not in _view(*lines)["read_one"]


def test_a_kind_brings_along_what_it_needs() -> None:
    assert list_kinds(parse_resource("task others:many(task)")) >= {"Id", "Ids"}
    assert list_kinds(parse_resource("task a:float b:decimal(3,1)")) >= {"Float", "Decimals"}


def test_every_kind_is_a_file_of_the_template() -> None:
    files = {path.stem for path in (find_templates() / "standard" / "kinds").glob("*.py")}

    assert files == {*KINDS}


def test_enums_of_like_names_have_types_of_their_own() -> None:
    lines = _view("x a1:enum(p,q) a_1:enum(r,s)")["enum_lines"]

    assert _name_members([line.replace(" =", ":") for line in lines]) == ["XA1", "XA1Value1"]


def test_a_long_check_is_broken_into_lines() -> None:
    long = "a" * 40
    (line,) = _view(f"x {'f' * 40}:enum({long},b)")["model_lines"]

    assert f'"\\"{"f" * 40}\\" IN " ' in line
