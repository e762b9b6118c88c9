"""What changes in the database when resources change, what is lost, and what is missing."""

import pytest

from starlette_new.language import Resource, parse_resource
from starlette_new.schema_changes import Loss, Renames, SchemaChange, compare

LABEL = "label name:str"
PLAN = "plan name:str"


def parse(*lines: str) -> list[Resource]:
    return [parse_resource(line) for line in lines]


def change_field(old: str, new: str) -> SchemaChange:
    others = (PLAN, LABEL)
    return compare(parse(f"task z:int {old}", *others), parse(f"task z:int {new}", *others))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a:int b:str", "b:str a:int"),
        ("a:decimal(10,2)", "a:decimal(12,2)"),
        ("a:int:unique", "a:int:unique:index"),
        ("a:enum(x,y)=x", "a:enum(x,y)=x"),
        ("a:many(label)", "a:many(label)"),
        ("a:str(7)", "a:str(7)"),
        ("color:color", "color:str(7)"),
    ],
)
def test_what_the_database_does_not_see_is_no_change(old: str, new: str) -> None:
    assert not change_field(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a:int", "a:int?"),
        ("a:int", "a:int=1"),
        ("a:int", "a:int:index"),
        ("a:int", "a:int:unique"),
        ("a:int", "a:float"),
        ("a:str(3)", "a:str(4)"),
        ("a:enum(x,y)", "a:enum(y,x)"),
        ("a:decimal(10,2)", "a:decimal(10,3)"),
        ("a:decimal(10,2)", "a:decimal(9,2)"),
        ("a:ref(plan)", "a:ref(plan)?"),
        ("a:many(label)", "a:many(plan)"),
        ("", "a:int?"),
        ("a:int", ""),
        ("", "a:many(label)"),
    ],
)
def test_what_the_database_sees_is_a_change(old: str, new: str) -> None:
    assert change_field(old, new)


@pytest.mark.parametrize(
    ("old", "new", "loss"),
    [
        ("a:int", "", Loss("tasks", "a", "the column tasks.a")),
        ("a:ref(plan)", "", Loss("tasks", "a_id", "the column tasks.a_id")),
        ("a:json", "a:int?", Loss("tasks", "a", "the column tasks.a")),
        ("a:ref(plan)", "a:ref(label)?", Loss("tasks", "a_id", "the column tasks.a_id")),
        ("a:many(label)", "", Loss("tasks_a_links", "", "the lists tasks.a_ids")),
        ("a:many(label)", "a:many(plan)", Loss("tasks_a_links", "", "the lists tasks.a_ids")),
        (
            "a:enum(x,y,z)",
            "a:enum(x,q)=x",
            Loss("tasks", "a", "the values y, z of tasks.a", ("y", "z")),
        ),
    ],
)
def test_what_cannot_be_kept_is_named(old: str, new: str, loss: Loss) -> None:
    assert change_field(old, new).losses == (loss,)


def test_a_table_goes_with_its_columns_and_lists() -> None:
    old = parse("task a:int labels:many(label)", LABEL)

    assert compare(old, parse(LABEL)).losses == (Loss("tasks", "", "the table tasks"),)


@pytest.mark.parametrize(
    ("old", "new"),
    [("a:int", "a:str"), ("a:str", "a:int"), ("a:enum(x,y)", "a:enum(x,z)"), ("", "a:int?")],
)
def test_what_is_converted_or_refused_row_by_row_is_not_lost(old: str, new: str) -> None:
    assert change_field(old, new).losses == ()


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("", "a:int", ("task.a",)),
        ("", "a:ref(plan)", ("task.a",)),
        ("a:int?", "a:int", ("task.a",)),
        ("a:int?", "a:str", ("task.a",)),
        ("a:json", "a:int", ("task.a",)),
        ("", "a:int=1", ()),
        ("", "a:int?", ()),
        ("", "a:many(label)", ()),
        ("a:int?", "a:int=1", ()),
        ("a:int", "a:str", ()),
    ],
)
def test_a_required_field_of_rows_that_exist_needs_a_default(
    old: str, new: str, missing: tuple[str, ...]
) -> None:
    assert change_field(old, new).needs_default == missing


def test_a_new_table_needs_no_defaults() -> None:
    assert compare([], parse("task a:int")).needs_default == ()


def test_what_is_renamed_is_not_lost() -> None:
    old = parse("task a:int plan:ref labels:many(label)", PLAN, LABEL)
    new = parse("todo b:int by:ref(idea) tags:many(label)", "idea name:str", LABEL)
    words = {("todo", "a"): "b", ("todo", "plan"): "by", ("todo", "labels"): "tags"}

    change = compare(old, new, Renames({"task": "todo", "plan": "idea"}, words))

    assert (change.losses, change.needs_default) == ((), ())
    pairs = [(table.old.name, table.new.name) for table in change.tables]
    assert pairs == [("task", "todo"), ("plan", "idea"), ("label", "label")]


def test_a_rename_turned_back_is_the_way_back() -> None:
    renames = Renames({"task": "todo"}, {("todo", "a"): "b", ("plan", "c"): "d"})

    back = renames.turn_back()

    assert back == Renames({"todo": "task"}, {("task", "b"): "a", ("plan", "d"): "c"})
    assert back.turn_back() == renames


def test_what_takes_the_name_of_another_does_not_get_its_rows() -> None:
    tables = compare(
        parse("task a:int", "todo b:int?"), parse("task b:int?"), Renames({"todo": "task"})
    )
    columns = compare(
        parse("task a:int b:str"), parse("task a:str"), Renames(fields={("task", "b"): "a"})
    )

    assert [loss.what for loss in tables.losses] == ["the table tasks"]
    assert [loss.what for loss in columns.losses] == ["the column tasks.a"]


@pytest.mark.parametrize(
    ("old", "new", "renames", "slug"),
    [
        ([PLAN], [PLAN, "task a:int"], Renames(), "add_tasks"),
        ([PLAN, LABEL], [PLAN], Renames(), "remove_labels"),
        (["task a:int"], ["task a:int b:int?"], Renames(), "add_tasks_b"),
        (["task a:int b:int"], ["task a:int"], Renames(), "remove_tasks_b"),
        (["task a:int"], ["task a:float"], Renames(), "change_tasks_a"),
        (["task a:int b:int"], ["task a:str b:str"], Renames(), "change_tasks"),
        (["task a:int"], ["todo a:int"], Renames({"task": "todo"}), "rename_tasks_to_todos"),
        (
            ["task a:int"],
            ["task b:int"],
            Renames(fields={("task", "a"): "b"}),
            "rename_tasks_a_to_b",
        ),
        ([LABEL], [PLAN], Renames(), "add_plans_and_more"),
        (["task a:int"], ["task a:int b:many(task)"], Renames(), "add_tasks_b"),
        (["task a:int b:many(task)"], ["task a:int"], Renames(), "remove_tasks_b"),
        (
            ["task a:many(task)"],
            ["task b:many(task)"],
            Renames(fields={("task", "a"): "b"}),
            "rename_tasks_a_to_b",
        ),
        ([PLAN], [PLAN, f"{'x' * 39} a:int", LABEL], Renames(), f"add_{'x' * 27}_and_more"),
        ([PLAN], [PLAN], Renames(), "nothing"),
    ],
)
def test_a_change_has_a_short_name(
    old: list[str], new: list[str], renames: Renames, slug: str
) -> None:
    change = compare(parse(*old), parse(*new), renames)

    assert change.slug == slug
    assert len(slug) <= 40


def test_the_lists_of_a_renamed_resource_stay() -> None:
    old, new = parse("task a:many(label)", LABEL), parse("todo a:many(label)", LABEL)

    change = compare(old, new, Renames({"task": "todo"}))

    assert change.slug == "rename_tasks_to_todos"
    assert change.losses == ()
