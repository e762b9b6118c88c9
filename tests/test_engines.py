"""What PostgreSQL does with the columns of resources, and what it cannot."""

import pytest

from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.errors import UsageProblem
from starlette_new.migration import list_indexed, write_upgrade
from starlette_new.schema_changes import compare

LONG = "a" * 30


def make(*lines: str) -> Blueprint:
    return make_blueprint({"name": "demo", "with_db": "postgres", "resources": list(lines)})


def test_columns_are_native() -> None:
    text = "\n".join(write_upgrade(make("task d:decimal(5,2)=1.5 j:json m:datetime").resources))

    assert 'sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False)' in text
    assert 'sa.Numeric(5, 2), server_default=sa.text("1.50")' in text
    assert 'sa.Column("j", postgresql.JSONB(' in text
    assert 'sa.Column("m", sa.DateTime(timezone=True)' in text


def test_every_filter_has_an_index_and_q_has_one() -> None:
    lines = write_upgrade(make("task title:str done:bool note:text j:json", "tag n:int").resources)

    assert lines[0] == 'op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")'
    indexes = [line.split(",")[0] for line in lines if line.startswith("op.create_index")]
    assert indexes == [
        'op.create_index("ix_tasks_title"',
        'op.create_index("ix_tasks_done"',
        'op.create_index("ix_tasks_created_at"',
        'op.create_index("ix_tasks_updated_at"',
        'op.create_index("ix_tasks__texts"',
        'op.create_index("ix_tags_n"',
        'op.create_index("ix_tags_created_at"',
        'op.create_index("ix_tags_updated_at"',
    ]


def test_sqlite_indexes_what_lists_are_read_by() -> None:
    entry = {"line": "task title:str n:int s:enum(a,b) t:date owner:ref(task)?", "sort": "-t"}
    made = make_blueprint({"name": "demo", "resources": [entry, "tag a:str(600)"]})

    assert list_indexed(made.resources[0]) == ["title", "s", "t", "owner_id", "updated_at"]
    assert list_indexed(made.resources[1]) == ["updated_at"]  # what names a row may be too long


def test_a_list_that_is_sorted_by_its_beginning_has_an_index_for_that() -> None:
    made = [
        make_blueprint({"name": "demo", "resources": [{"line": "task n:int", "sort": sort}]})
        for sort in ("id", "-created_at")
    ]

    change = compare(made[0].resources, made[1].resources)

    assert bool(change)
    assert change.slug == "index_tasks"
    assert list_indexed(made[1].resources[0]) == ["created_at", "updated_at"]


def test_single_has_the_indexes_that_were_asked_for() -> None:
    made = make_blueprint({"name": "demo", "layout": "single", "resources": ["task a:str b:int"]})

    assert not any(field.index for field in made.resources[0].fields)
    with pytest.raises(UsageProblem, match="text:index exclude each other"):
        make_blueprint({"name": "demo", "layout": "single", "resources": ["task a:text:index"]})


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([f"{LONG} {LONG}:int"], f"ck_{LONG}s_{LONG}, which is longer than PostgreSQL's 63"),
        ([f"{LONG} {LONG}:many({LONG})"], "longer than PostgreSQL's 63"),
        (["task title:str(501):unique"], "may be too long for an index of PostgreSQL"),
        (["task notes:str(600):index"], "may be too long for an index of PostgreSQL"),
    ],
)
def test_what_it_cannot_keep_is_refused(lines: list[str], said: str) -> None:
    make_blueprint({"name": "demo", "resources": lines})

    with pytest.raises(UsageProblem, match=said):
        make(*lines)


def test_it_needs_the_standard_layout() -> None:
    with pytest.raises(UsageProblem) as caught:
        make_blueprint({"name": "demo", "with_db": "postgres", "layout": "single"})

    assert caught.value.message == "--layout single and --with-db postgres exclude each other."
    assert caught.value.field == "with_db"


@pytest.mark.parametrize(("first", "is_kept"), [("", True), ("1", True), ("2", False)])
def test_a_sample_refers_to_rows_that_are_there(first: str, is_kept: bool) -> None:
    rows = [{"title": "a"} | ({"parent": first} if first else {}), {"title": "b", "parent": "1"}]
    entry = {"line": "task title:str parent:ref(task)?", "sample": rows}
    answers = {"name": "demo", "resources": [entry]}
    assert make_blueprint(answers).resources[0].sample

    if is_kept:
        assert make_blueprint(answers | {"with_db": "postgres"}).resources[0].sample
    else:
        with pytest.raises(UsageProblem, match="Row 1 of the sample"):
            make_blueprint(answers | {"with_db": "postgres"})
