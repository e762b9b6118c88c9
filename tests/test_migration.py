"""The first migration: every table, every constraint by its name, and the way back."""

import re
from collections.abc import Sequence

import pytest

from starlette_new.language import Resource, parse_resource
from starlette_new.migration import write_downgrade, write_upgrade


def parse(*lines: str) -> list[Resource]:
    return [parse_resource(line) for line in lines]


def name_tables(statements: Sequence[str]) -> list[str]:
    return re.findall(r'_table\("(\w+)"', " ".join(statements))


@pytest.mark.parametrize(
    ("lines", "tables"),
    [
        (["task a:str", "flag b:bool"], ["tasks", "flags"]),
        (["task project:ref", "project a:str"], ["projects", "tasks"]),
        (["x y:ref", "y z:ref", "z a:int x:ref?"], ["zs", "ys", "xes"]),
        (["task labels:many(label)", "label a:str"], ["tasks", "labels", "tasks_label_links"]),
        (["x y:ref? zs:many(z)", "y x:ref?", "z a:int"], ["xes", "ys", "zs", "xes_z_links"]),
    ],
)
def test_a_table_is_made_after_those_it_needs_and_dropped_before_them(
    lines: list[str], tables: list[str]
) -> None:
    resources = parse(*lines)

    assert name_tables(write_upgrade(resources)) == tables
    assert name_tables(write_downgrade(resources)) == tables[::-1]


def test_nothing_to_make_is_nothing_to_do() -> None:
    assert write_upgrade([]) == write_downgrade([]) == ["pass"]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("task a:str(20)", ['sa.Column("a", sa.String(20), nullable=False)']),
        ("task a:decimal(10,2)?", ['sa.Column("a", sa.BigInteger(), nullable=True)']),
        ("task a:datetime", ['sa.Column("a", sa.DateTime(), nullable=False)']),
        ("task a:int=3", ['sa.Column("a", sa.BigInteger(), server_default=sa.text("3"), nulla']),
        ("task a:int:unique", ['sa.UniqueConstraint("a", name="uq_tasks_a")']),
        ("task a:enum(x,y)", ['name=op.f("ck_tasks_a")', "IN ('x', 'y')"]),
        ("task a:int", ['name="pk_tasks"', '"lock_version"', "sqlite_autoincrement=True"]),
        ("task a:ref(task)?", ['["a_id"], ["tasks.id"], name="fk_tasks_a_id", ondelete="SET N']),
    ],
)
def test_a_column_is_as_the_model_says(line: str, parts: list[str]) -> None:
    table, *_ = write_upgrade(parse(line))

    for part in parts:
        assert part in table


def test_a_required_reference_goes_with_its_target() -> None:
    lines = write_upgrade(parse("task project:ref", "project a:str"))
    (task,) = [line for line in lines if line.startswith('op.create_table("tasks"')]

    assert '["project_id"], ["projects.id"], name="fk_tasks_project_id", ondelete="CASCADE"' in task


@pytest.mark.parametrize(
    ("field", "indexed"),
    [
        ("a:int", False),
        ("a:int:index", True),
        ("a:int:unique:index", False),
        ("a:ref(task)?", True),
        ("a:ref(task)?:unique", False),
    ],
)
def test_a_column_has_one_index_at_most(field: str, indexed: bool) -> None:
    statements = write_upgrade(parse(f"task {field}"))

    name = "a_id" if "ref" in field else "a"
    index = f'op.create_index("ix_tasks_{name}", "tasks", ["{name}", "id"])'
    assert (index in statements) == indexed


def test_a_link_goes_with_either_end_and_is_found_from_both() -> None:
    table, index = write_upgrade(parse("task labels:many(label)", "label a:str"))[-2:]

    assert table.count('ondelete="CASCADE"') == 2
    assert 'sa.PrimaryKeyConstraint("task_id", "label_id", name="pk_tasks_label_links")' in table
    assert index.startswith('op.create_index("ix_tasks_label_links_label_id", "tasks_label_links"')


def test_a_link_from_a_resource_to_itself_has_two_keys() -> None:
    table, _ = write_upgrade(parse("task tasks:many(task)"))[-2:]

    assert 'sa.PrimaryKeyConstraint("task_id", "other_task_id"' in table
