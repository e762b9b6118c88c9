"""How forms ask for fields: one macro for each kind of control."""

import pytest

from starlette_new.fields import TYPES
from starlette_new.language import parse_resource
from starlette_new.view_controls import CONTROLS, name_title, write_control


def _write(field: str) -> str:
    return write_control(parse_resource(f"task {field}").fields[0])


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("title:str", '{{ macros.input(form, "title", "Title", "text", "", maxlength=200) }}'),
        (
            "title:str=a",
            'input(form, "title", "Title", "text", "if empty: a", default="a", maxlength=200)',
        ),
        ("due_day:date?", 'input(form, "due_day", "Due day", "date", "optional")'),
        ("day:date=today", 'input(form, "day", "Day", "date", "if empty: now")'),
        ("notes:text", 'area(form, "notes", "Notes", "", maxlength=20000)'),
        (
            "extra:json=[1,null]",
            'area(form, "extra", "Extra", "if empty: [1, null]", default="[1, null]")',
        ),
        ("extra:json", 'area(form, "extra", "Extra", "")'),
        ("done:bool=true", 'check(form, "done", "Done", default=True)'),
        ("done:bool?", 'maybe(form, "done", "Done")'),
        ("color:color", 'input(form, "color", "Color", "color", "")'),
        ("color:color?", 'form, "color", "Color", "text", "optional", placeholder="#1a2b3c"'),
        ("size:enum(s,m)=m", 'choice(form, "size", "Size", ["s", "m"], "", default="m")'),
        ("size:enum(s,m)?", 'choice(form, "size", "Size", ["s", "m"], "optional")'),
        ("at:datetime", 'moment(form, "at", "At", "")'),
        ("at:time=12:00", 'clock(form, "at", "At", "if empty: 12:00:00", default="12:00:00")'),
        ("boss:ref(task)?", 'reference(form, "boss_id", "Boss", names["boss_id"], "optional")'),
        ("others:many(task)", 'references(form, "other_ids", "Others", names["other_ids"])'),
    ],
)
def test_each_type_is_asked_for_in_its_way(field: str, line: str) -> None:
    assert line in _write(field)


def test_every_type_has_a_control() -> None:
    words = {
        "decimal": "decimal(4,2)",
        "enum": "enum(a,b)",
        "ref": "ref(task)?",
        "many": "many(task)",
    }
    fields = [f"a:{words.get(name, name)}" for name in TYPES]
    used = {parse_resource(f"task {field}").fields[0].kind.control for field in fields}

    assert used == CONTROLS.keys()


def test_a_title_begins_with_a_capital() -> None:
    assert [name_title(name) for name in ("due_date", "URL", "x")] == ["Due date", "URL", "X"]
