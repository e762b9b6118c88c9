"""The lines of a resource's queries that depend on its references, its lists and its pages."""

from typing import Any

import pytest

from starlette_new.language import parse_resource
from starlette_new.view_queries import view_queries

TASK = "task title:str project:ref labels:many(label)"
OTHERS = ["project name:str", "label name:str"]


def _view(line: str, *, has_pages: bool) -> dict[str, Any]:
    resources = [parse_resource(one) for one in (line, *OTHERS)]
    return view_queries(resources[0], resources, has_pages=has_pages)


def test_a_plain_resource_needs_no_more_than_its_values() -> None:
    view = _view("task title:str", has_pages=False)

    assert view["query_imports"] == view["reading_lines"] == []
    assert view["create_lines"] == [
        "row = session.execute(INSERT, data.model_dump() | rows.stamp_new()).one()"
    ]
    assert view["before_lines"] == ["rows.check_version(session, TABLE, task_id, versions)"]
    assert view["delete_lines"][0].endswith("is not None")
    assert view["changed_lines"][-1] == "    return None"


def test_references_are_checked_before_anything_is_written() -> None:
    view = _view(TASK, has_pages=False)

    create = view["create_lines"]
    check = create.index("rows.check_references(session, TABLE, values)")
    assert check < next(n for n, line in enumerate(create) if "INSERT" in line)
    assert "if get_task(session, task_id) is None:" in view["before_lines"]
    assert view["changed_lines"][0] == "row = changed.one()"


def test_lists_are_written_and_read_beside_their_row() -> None:
    view = _view(TASK, has_pages=False)

    write = 'rows.write_links(session, models.LABEL_LINKS, row.id, "label_ids", label_ids)'
    assert view["create_lines"][-1] == write
    assert view["changed_lines"][-2:] == ["if label_ids is not None:", f"    {write}"]
    assert view["reading_lines"][-1].endswith("(*[*row, label_ids[row.id]]) for row in found]")


@pytest.mark.parametrize("part", ["create_lines", "changed_lines", "delete_lines"])
def test_open_pages_hear_of_every_change(part: str) -> None:
    assert "note_change" in " ".join(_view(TASK, has_pages=True)[part])
    assert "note_change" not in " ".join(_view(TASK, has_pages=False)[part])
