"""The next migration, as text: tests/slow/migrating.py runs each kind on a database with rows."""

import ast
import re
from collections.abc import Sequence

import pytest

from starlette_new.language import Resource, parse_resource
from starlette_new.next_migration import write_migration
from starlette_new.schema_changes import Renames, compare

LABEL = "label name:str"
PLAN = "plan name:str"
_EVENTS = ("insert", "delete", "update")


def parse(lines: Sequence[str]) -> list[Resource]:
    return [parse_resource(line) for line in lines]


def write(old: Sequence[str], new: Sequence[str], renames: Renames | None = None) -> str:
    before, after = parse(old), parse(new)
    return write_migration(
        compare(before, after, renames or Renames()), before, after, "0002", "0001"
    )


def read_calls(text: str, function: str = "upgrade") -> list[str]:
    """Give the calls in a function, in their order and in one form."""
    body = next(n for n in ast.parse(text).body if getattr(n, "name", "") == function)
    calls = [node for node in ast.walk(body) if isinstance(node, ast.Call)]
    wanted = ("op.", "check(", "rebuild(", "table.", "batch.")
    found = sorted(calls, key=lambda call: (call.lineno, call.col_offset))
    return [ast.unparse(call) for call in found if ast.unparse(call).startswith(wanted)]


def change_field(old: str, new: str, function: str = "upgrade") -> list[str]:
    others = (PLAN, LABEL)
    return read_calls(
        write([f"task z:str {old}", *others], [f"task z:str {new}", *others]), function
    )


def test_the_file_follows_the_one_before_it() -> None:
    text = write(["task a:int"], ["task a:int b:int?"])

    assert 'revision = "0002"\ndown_revision = "0001"\n' in text
    assert ast.get_docstring(ast.parse(text), clean=False) == (
        "Add tasks.b.\n\nThe way back loses the column tasks.b.\n"
    )


def test_the_first_file_follows_none() -> None:
    new = parse([PLAN])

    text = write_migration(compare([], new), [], new, "0001", None)

    assert "down_revision = None\n" in text


@pytest.mark.parametrize(
    ("old", "new", "calls"),
    [
        (
            "",
            "a:int=3",
            ["op.add_column('tasks', sa.Column('a', sa.BigInteger(), "
            "server_default=sa.text('3'), nullable=False))"],
        ),
        ("a:int", "", ["op.drop_column('tasks', 'a')"]),
        (
            "a:int:index",
            "",
            ["op.drop_index('ix_tasks_a', 'tasks')", "op.drop_column('tasks', 'a')"],
        ),
        ("a:int", "a:int:index", ["op.create_index('ix_tasks_a', 'tasks', ['a', 'id'])"]),
        ("a:int:index", "a:int", ["op.drop_index('ix_tasks_a', 'tasks')"]),
        ("a:text:index b:int", "a:text:index", ["op.drop_column('tasks', 'b')"]),
    ],
)  # fmt: skip
def test_what_the_database_can_do_itself_copies_no_table(
    old: str, new: str, calls: list[str]
) -> None:
    assert change_field(old, new) == calls


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("", "a:datetime=now", "table.add_column(sa.Column('a', sa.DateTime(), server_default="),
        ("", "a:int?:unique", "table.create_unique_constraint('uq_tasks_a', ['a'])"),
        (
            "",
            "a:ref(plan)?",
            "table.create_foreign_key('fk_tasks_a_id', 'plans', ['a_id'], ['id'],",
        ),
        ("a:ref(plan)", "a:ref(plan)?", "ondelete='SET NULL')"),
        ("a:enum(x,y)", "", "table.drop_constraint(op.f('ck_tasks_a'), type_='check')"),
        ("a:int:unique", "a:int", "table.drop_constraint('uq_tasks_a', type_='unique')"),
        ("a:str(2)", "a:str(3)", "existing_nullable=False, type_=sa.String(3))"),
        ("a:int=1", "a:int", "existing_nullable=False, server_default=None)"),
        ("a:int", "a:int?", "existing_type=sa.BigInteger(), nullable=True)"),
    ],
)
def test_what_needs_a_copy_of_the_table_is_one_rebuild(old: str, new: str, part: str) -> None:
    calls = change_field(old, new)

    assert calls.count("rebuild('tasks')") == 1
    assert any(part in call for call in calls)


def test_a_rebuild_states_a_default_again_that_would_be_misread() -> None:
    calls = change_field("a:str='x :y' b:int", "a:str='x :y' b:int?")

    alter = "table.alter_column('a', existing_type=sa.String(200), server_default='x :y')"
    assert alter in calls


def test_values_are_converted_beside_where_they_were() -> None:
    assert change_field("order:str:index", "order:int:index=1") == [
        'check(\'SELECT count(*) FROM "tasks" WHERE CAST(CAST("order" AS INTEGER) AS TEXT) '
        "<> \"order\"', 'rows of tasks have in order what is not a whole number. Change them "
        "first.')",
        "op.drop_index('ix_tasks_order', 'tasks')",
        "op.alter_column('tasks', 'order', new_column_name='old_order')",
        "op.add_column('tasks', sa.Column('order', sa.BigInteger(), nullable=True))",
        'op.execute(\'UPDATE "tasks" SET "order" = CAST("old_order" AS INTEGER)\')',
        "rebuild('tasks')",
        "table.alter_column('order', existing_type=sa.BigInteger(), nullable=False, "
        "server_default=sa.text('1'))",
        "table.drop_column('old_order')",
        "op.create_index('ix_tasks_order', 'tasks', ['order', 'id'])",
    ]


@pytest.mark.parametrize(
    ("old", "new", "sql"),
    [
        ("a:int?", "a:int=4", 'UPDATE "tasks" SET "a" = 4 WHERE "a" IS NULL'),
        ("a:enum(x,y)", "a:enum(x,z)=x", """UPDATE "tasks" SET "a" = 'x' WHERE "a" IN ('y')"""),
        (
            "a:enum(x,y)",
            "a:enum(x,z)=z",
            """UPDATE "tasks" SET "a" = CASE WHEN "old_a" IN ('y') THEN 'z' ELSE "old_a" END""",
        ),
        ("a:enum(x,y)?", "a:enum(x,y,z)=z", """UPDATE "tasks" SET "a" = coalesce("old_a", 'z')"""),
        (
            "a:datetime?",
            "a:datetime=2026-01-31T12:00:00Z",
            """UPDATE "tasks" SET "a" = '2026-01-31 12\\\\:00\\\\:00.000000' WHERE "a" IS NULL""",
        ),
    ],
)
def test_rows_get_a_value_before_it_is_required(old: str, new: str, sql: str) -> None:
    calls = [call.replace("\\'", "'") for call in change_field(old, new)]

    assert f"op.execute('{sql}')" in calls


@pytest.mark.parametrize(
    ("field", "sql"),
    [
        ("a:str", """SET "a" = ''"""),
        ("a:int", 'SET "a" = 0'),
        ("a:enum(x,y)", """SET "a" = 'x'"""),
        ("a:str:unique", 'SET "a" = CAST("id" AS TEXT)'),
        ("a:int:unique", 'SET "a" = "id"'),
        ("a:ref(plan)", 'SET "a_id" = (SELECT min("id") FROM "plans")'),
        (
            "a:ref(plan):unique",
            'SET "a_id" = (SELECT "id" FROM "plans" ORDER BY "id" LIMIT 1 OFFSET',
        ),
    ],
)
def test_the_way_back_gives_rows_what_is_required(field: str, sql: str) -> None:
    text = write([f"task z:int {field}", PLAN], ["task z:int", PLAN])

    calls = " ".join(read_calls(text, "downgrade")).replace("\\'", "'")

    assert sql in calls
    assert re.search("rows without a value get a[ \n]meaningless one: task.a", text)


def test_the_way_back_makes_a_row_to_refer_to_where_there_is_none() -> None:
    text = write(["task a:int plan:ref", "plan b:ref(label) c:int", LABEL], ["task a:int"])

    inserts = [call for call in read_calls(text, "downgrade") if "INSERT" in call]

    assert [re.findall(r'INTO "(\w+)"', call) for call in inserts] == [["labels"], ["plans"]]
    assert 'SELECT (SELECT min("id") FROM "labels"), 0,' in inserts[1]


@pytest.mark.parametrize(
    ("old", "new", "query"),
    [
        ("a:int", "a:int:unique", 'SELECT count("a") - count(DISTINCT "a") FROM "tasks"'),
        ("", "a:int:unique=1", 'SELECT count(*) - 1 FROM "tasks" HAVING count(*) > 1'),
        ("a:int?:unique", "a:int:unique=1", 'SELECT count(coalesce("a", 1)) - count(DISTINCT'),
        ("a:text", "a:str(3)", 'SELECT count(*) FROM "tasks" WHERE length("a") > 3'),
    ],
)
def test_rows_that_would_not_come_through_are_looked_for_first(
    old: str, new: str, query: str
) -> None:
    first = change_field(old, new)[0]

    assert first.startswith(f"check('{query}")


def test_who_a_row_will_refer_to_is_not_looked_for() -> None:
    back = change_field("a:ref(plan):unique", "a:ref(plan)?:unique", "downgrade")

    assert not any(call.startswith("check(") for call in back)


def test_helpers_are_there_only_where_they_are_used() -> None:
    text = write(["task a:int"], ["task a:int b:int?"])

    assert "def rebuild" not in text
    assert "def check" not in text


def test_tables_go_and_come_in_an_order_that_names_allow() -> None:
    text = write(
        ["task a:int plan:ref labels:many(label)", PLAN, LABEL],
        ["plan name:str", "note b:ref(plan) cs:many(plan)"],
    )

    assert [re.split("[,)]", call)[0] for call in read_calls(text) if "_table" in call] == [
        "op.drop_table('tasks_label_links'",
        "op.drop_table('labels'",
        "op.drop_table('tasks'",
        "op.create_table('notes'",
        "op.create_table('notes_c_links'",
    ]


def test_a_renamed_resource_takes_its_lists_and_names_along() -> None:
    text = write(
        ["task a:int:unique labels:many(label)", LABEL],
        ["todo a:int:unique labels:many(label)", LABEL],
        Renames({"task": "todo"}),
    )

    calls = read_calls(text)

    assert "op.rename_table('tasks', 'todos')" in calls
    assert "op.rename_table('tasks_label_links', 'todos_label_links')" in calls
    assert "table.drop_constraint('uq_tasks_a', type_='unique')" in calls
    assert "table.create_unique_constraint('uq_todos_a', ['a'])" in calls
    assert "op.alter_column('todos_label_links', 'task_id', new_column_name='todo_id')" in calls
    assert "batch.create_primary_key('pk_todos_label_links', ['todo_id', 'label_id'])" in calls


def test_lists_come_go_and_get_other_names() -> None:
    old = ["task a:int labels:many(label) olds:many(label)", LABEL]
    new = ["task a:int tags:many(label) others:many(label)", LABEL]

    text = write(old, new, Renames(fields={("task", "labels"): "tags"}))

    assert ast.get_docstring(ast.parse(text), clean=False) == (
        "Rename the lists tasks.label_ids to tag_ids.\n\n"
        "Remove the lists tasks.old_ids. Add the lists tasks.other_ids.\n\n"
        "It loses the lists tasks.old_ids; the way back cannot restore that.\n\n"
        "The way back loses the lists tasks.other_ids.\n"
    )


def test_all_that_happens_is_told() -> None:
    text = write(
        ["task a:str b:int c:int", PLAN, LABEL],
        ["todo a:int d:int", LABEL, "view e:int"],
        Renames({"task": "todo"}, {("todo", "b"): "d"}),
    )

    told = " ".join((ast.get_docstring(ast.parse(text)) or "").split())

    assert told == (
        "Add the table views. Remove the table plans. Rename the table tasks to todos. Remove "
        "todos.c. Change todos.a. Rename todos.b to d. It looks first for rows that it would "
        "ruin, and stops if there are any. It loses the table plans and the column tasks.c; the "
        "way back cannot restore that. The way back loses the table views. On the way back, rows "
        "without a value get a meaningless one: task.c."
    )


def test_texts_are_searched_by_an_index_that_comes_and_goes() -> None:
    text = write(["task title:str notes:text"], ["task title:str notes:text:index"])

    up, down = read_calls(text), read_calls(text, "downgrade")

    assert '"""Index tasks anew."""' in text
    assert [call.split('"')[0] for call in up] == [
        "op.execute('CREATE VIRTUAL TABLE ",
        *["op.execute('CREATE TRIGGER "] * 3,
        "op.execute('INSERT INTO ",
    ]
    assert down == [
        *(f"op.execute('DROP TRIGGER \"tasks__texts_{one}\"')" for one in _EVENTS),
        "op.drop_table('tasks__texts')",
    ]


def test_a_table_that_is_copied_gets_the_triggers_of_its_texts_anew() -> None:
    calls = change_field("a:text:index b:int", "a:text:index b:int:unique")

    made = [call for call in calls if "TRIGGER" in call or "VIRTUAL" in call]
    assert [call.split('"')[0].removeprefix("op.execute('") for call in made] == [
        *["DROP TRIGGER "] * 3,
        "CREATE VIRTUAL TABLE ",
        *["CREATE TRIGGER "] * 3,
    ]


def test_the_index_of_texts_goes_with_its_table() -> None:
    calls = read_calls(write(["task notes:text:index", PLAN], [PLAN]))

    assert calls == ["op.drop_table('tasks__texts')", "op.drop_table('tasks')"]


def test_nothing_to_change_is_nothing_to_do() -> None:
    text = write([PLAN], [PLAN])

    assert '"""Change nothing."""' in text
    assert "def upgrade() -> None:\n    pass\n" in text
