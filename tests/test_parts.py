"""The parts of a project, as its page and its README list them."""

from starlette_new.parts import make_parts, write_rows


def test_a_part_has_a_label_and_a_path() -> None:
    assert make_parts([("Tasks", "/api/tasks")]) == [{"label": "Tasks", "path": "/api/tasks"}]


def test_a_row_of_the_readme_shows_the_path_and_what_answers_there() -> None:
    parts = make_parts([("Tasks", "/api/tasks"), ("Health", "/health/ready")])

    assert write_rows(parts) == ["| `/api/tasks` | Tasks |", "| `/health/ready` | Health |"]
