"""The migrations that are there, whoever wrote them, and the next one's name."""

from pathlib import Path

import pytest

from starlette_new.chain import FOLDER, KEPT, Chain, mentions, read_chain
from starlette_new.errors import TargetProblem


def write(project: Path, **files: str) -> None:
    (project / FOLDER).mkdir(parents=True)
    for name, text in files.items():
        (project / FOLDER / f"{name}.py").write_text(text, encoding="utf-8")


FIRST = 'revision = "0001"\ndown_revision = None\n'


def test_a_project_without_migrations_begins_with_the_first(tmp_path: Path) -> None:
    assert read_chain(tmp_path) == Chain(None, "0001")


def test_the_next_one_follows_the_last(tmp_path: Path) -> None:
    write(tmp_path, a=FIRST, b='revision: str = "0002"\ndown_revision: str = "0001"\nx = f()\n')

    assert read_chain(tmp_path) == Chain("0002", "0003")


def test_what_its_owner_wrote_stays_in_the_chain(tmp_path: Path) -> None:
    write(
        tmp_path,
        a=FIRST,
        _1234ab_mine='revision = "1234ab"\ndown_revision = "0001"\n',
        joined='revision = "9999ff"\ndown_revision = ("1234ab",)\n',
        notes="import os\n",
    )

    assert read_chain(tmp_path) == Chain("9999ff", "0002")


def test_a_number_that_a_file_has_is_not_given_again(tmp_path: Path) -> None:
    write(tmp_path, a=FIRST)
    (tmp_path / FOLDER / "0007_mine.py").write_text(
        'revision = "x"\ndown_revision = "0001"\n', encoding="utf-8"
    )

    assert read_chain(tmp_path) == Chain("x", "0008")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a": FIRST, "b": FIRST.replace("0001", "x")}, "have 2 ends: 0001, x"),
        ({"a": 'revision = "1"\ndown_revision = "1"\n'}, "go in a circle"),
        ({"a": "def"}, '"a.py" cannot be read'),
        ({"a": "revision = f()\n"}, '"a.py" cannot be read'),
    ],
)
def test_a_chain_with_no_one_end_is_refused(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    write(tmp_path, **files)

    with pytest.raises(TargetProblem, match=said):
        read_chain(tmp_path)


def test_what_is_kept_is_another_chain(tmp_path: Path) -> None:
    (tmp_path / KEPT).mkdir(parents=True)
    (tmp_path / KEPT / "a.py").write_text("def", encoding="utf-8")
    (tmp_path / KEPT / "b.py").write_text('revision = "1"\nx = "tasks"\n', encoding="utf-8")

    assert read_chain(tmp_path) == Chain(None, "0001")
    assert mentions(tmp_path, "tasks")
    with pytest.raises(TargetProblem, match=f"Mend it: it is in {KEPT}"):
        read_chain(tmp_path, KEPT)
    (tmp_path / KEPT / "a.py").unlink()
    assert read_chain(tmp_path, KEPT).last == "1"


def test_a_table_that_once_was_is_mentioned(tmp_path: Path) -> None:
    assert mentions(tmp_path, "tasks")
    write(tmp_path, a=f'{FIRST}op.create_table("tasks")\n')

    assert mentions(tmp_path, "tasks")
    assert not mentions(tmp_path, "task")
