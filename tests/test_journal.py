"""A change is written whole, put back whole, or dropped, whenever it is interrupted."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from starlette_new.errors import SurroundingsProblem, TargetProblem
from starlette_new.journal import CONFLICT, FOLDER, RED, WRITTEN, Journal, Step, recover

STEPS = [
    Step("old.txt", b"old", b"new"),
    Step("app/gone.py", b"gone", None),
    Step("app/sub/made.py", None, b"made"),
    Step("uv.lock", b"lock", None, is_watched=True),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with files that a change is about, and one that it is not."""
    project = tmp_path / "demo"
    (project / "app" / "__pycache__").mkdir(parents=True)
    (project / "app" / "__pycache__" / "gone.cpython-311.pyc").touch()
    (project / "app" / "gone.py").write_bytes(b"gone")
    (project / "old.txt").write_bytes(b"old")
    (project / "uv.lock").write_bytes(b"lock")
    (project / "mine.txt").write_bytes(b"mine")
    return project


def list_files(project: Path) -> dict[str, bytes]:
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


BEFORE = {"app/gone.py": b"gone", "old.txt": b"old", "uv.lock": b"lock", "mine.txt": b"mine"}
AFTER = {"app/sub/made.py": b"made", "old.txt": b"new", "uv.lock": b"lock", "mine.txt": b"mine"}


def test_a_change_that_ends_leaves_what_it_wrote_and_nothing_else(project: Path) -> None:
    (project / "old.txt").chmod(0o700)

    with Journal(project) as journal:
        assert journal.recover() == ""
        journal.begin("add", "add comment", STEPS)
        assert journal.carry_out() == []
        assert journal.state == WRITTEN
        journal.finish()

    assert list_files(project) == AFTER
    assert sorted(path.name for path in project.iterdir()) == [
        "app",
        "mine.txt",
        "old.txt",
        "uv.lock",
    ]
    assert [path.name for path in (project / "app").iterdir()] == ["sub"]
    assert (project / "old.txt").stat().st_mode & 0o777 == 0o700
    assert (project / "app" / "sub" / "made.py").stat().st_mode & 0o777 == 0o644


def test_nothing_to_change_leaves_no_trace(project: Path) -> None:
    with Journal(project) as journal:
        assert journal.recover() == ""

    assert list_files(project) == BEFORE
    assert not (project / FOLDER).exists()


def test_what_was_edited_meanwhile_is_left_alone(project: Path) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add comment", STEPS)
        (project / "old.txt").write_bytes(b"edited")

        assert journal.carry_out() == ["old.txt"]
        journal.finish()

    assert list_files(project) == AFTER | {"old.txt": b"edited"}


def test_a_change_is_put_back_with_what_a_tool_wrote(project: Path) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add comment", STEPS)
        journal.carry_out()
        (project / "uv.lock").write_bytes(b"another lock")

        assert journal.put_back() == []

    assert list_files(project) == BEFORE
    assert not (project / FOLDER).exists()


def test_what_was_edited_since_is_kept_when_the_change_is_put_back(project: Path) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add comment", STEPS)
        journal.carry_out()
        (project / "old.txt").write_bytes(b"edited")

        assert journal.put_back() == [".starlette-new/edited/old.txt"]

    kept = {f"{FOLDER}/.gitignore": b"*\n", f"{FOLDER}/edited/old.txt": b"edited"}
    assert list_files(project) == BEFORE | kept | {f"{FOLDER}/lock": b""}
    with Journal(project) as journal:
        assert journal.recover() == ""
    assert (project / FOLDER / "edited" / "old.txt").read_bytes() == b"edited"


class _Killed(BaseException):
    pass


def _kill_at(number: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Let the call of a given number to what changes the disk be the last, and count them."""
    count = 0

    def watch(work: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal count
            count += 1
            if count == number:
                raise _Killed
            return work(*arguments, **options)

        return call

    for module, name in (
        (os, "replace"), (Path, "write_bytes"), (Path, "unlink"), (Path, "mkdir"),
        (Path, "rmdir"), (shutil, "rmtree"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, watch(getattr(module, name)))
    return lambda: count


def _try_to_change(project: Path, end: str) -> None:
    journal = Journal(project)
    journal.__enter__()
    journal.begin("add", "add comment", STEPS)
    journal.carry_out()
    getattr(journal, end)()
    journal.__exit__(None, None, None)


@pytest.mark.parametrize("end", ["finish", "put_back"])
def test_killed_at_any_step_the_next_command_finds_it_whole(
    project: Path, tmp_path_factory: pytest.TempPathFactory, end: str
) -> None:
    number, ended = 1, False
    seen = set()
    while not ended:
        copy = tmp_path_factory.mktemp("killed") / "project"
        shutil.copytree(project, copy)
        with pytest.MonkeyPatch.context() as patch:
            _kill_at(number, patch)
            try:
                _try_to_change(copy, end)
                ended = True
            except _Killed:
                pass
        _unlock(copy)
        with Journal(copy) as journal:
            said = journal.recover()
        found = list_files(copy)
        assert found in (BEFORE, AFTER), number
        assert not said or ("is finished" in said) == (found == AFTER)
        assert not (copy / FOLDER).exists()
        seen.add((found == AFTER, bool(said)))
        number += 1
    assert number > 20
    assert {(False, True), (True, True)} <= seen


def _unlock(project: Path) -> None:
    """Let go of what a killed process would have let go of."""
    for entry in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{entry}")
        except OSError:
            continue
        if target.startswith(str(project)):
            os.close(int(entry))


def test_what_is_kept_twice_is_kept_beside_the_first(project: Path) -> None:
    for text in (b"first", b"second"):
        with Journal(project) as journal:
            journal.begin("add", "add comment", STEPS)
            journal.carry_out()
            (project / "old.txt").write_bytes(text)
            journal.put_back()

    edited = project / FOLDER / "edited"
    assert (edited / "old.txt").read_bytes() == b"first"
    assert (edited / "old.txt.2").read_bytes() == b"second"


def test_rights_are_put_back_and_follow_a_new_name(project: Path) -> None:
    (project / "old.txt").chmod(0o640)
    (project / "app" / "gone.py").chmod(0o755)
    steps = [
        Step("old.txt", b"old", b"new"),
        Step("app/gone.py", b"gone", None),
        Step("app/here.py", None, b"gone", like="app/gone.py"),
    ]

    with Journal(project) as journal:
        journal.begin("rename", "rename a b", steps)
        journal.carry_out()
        assert (project / "app" / "here.py").stat().st_mode & 0o777 == 0o755
        journal.put_back()

    assert (project / "old.txt").stat().st_mode & 0o777 == 0o640
    assert (project / "app" / "gone.py").stat().st_mode & 0o777 == 0o755


def test_a_folder_or_a_link_in_the_place_of_a_file_is_set_aside(project: Path) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add comment", STEPS)
        journal.carry_out()
        (project / "old.txt").unlink()
        (project / "old.txt").mkdir()
        (project / "old.txt" / "mine").write_bytes(b"mine")
        (project / "app" / "sub" / "made.py").unlink()
        (project / "app" / "sub" / "made.py").symlink_to(project / "mine.txt")

        kept = journal.put_back()

    assert kept == [f"{FOLDER}/edited/{path}" for path in ("app/sub/made.py", "old.txt")]
    assert (project / FOLDER / "edited" / "old.txt" / "mine").read_bytes() == b"mine"
    assert (project / "old.txt").read_bytes() == b"old"
    assert (project / "mine.txt").read_bytes() == b"mine"


def test_what_could_not_be_written_may_stay_at_hand(project: Path) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add x", STEPS, wanted=[("old.txt", b"wanted")])
        journal.carry_out()
        journal.finish(keeps_wanted=True)

    with Journal(project) as journal:
        assert journal.recover() == ""
    assert (project / FOLDER / "new" / "old.txt").read_bytes() == b"wanted"


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[]"])
def test_a_damaged_journal_is_refused(project: Path, text: str) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add comment", STEPS)
    (project / FOLDER / "journal.json").write_text(text, encoding="utf-8")

    for _ in range(2):
        with pytest.raises(TargetProblem, match=r"damaged.*from \.starlette-new/before"):
            Journal(project).__enter__()


def test_conflicts_that_were_being_written_wait(project: Path) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add comment", STEPS, conflicts=["old.txt"])

    assert recover(project) == 'The change "add comment", which was interrupted, is written.'
    assert "is not finished: type starlette-new add --continue" in recover(project)
    with Journal(project) as journal:
        journal.put_back()
    assert recover(project) == ""
    (project / FOLDER / "edited").mkdir(parents=True)
    assert recover(project) == ""
    (project / FOLDER / "edited").rmdir()
    assert recover(project) == ""
    assert list_files(project) == BEFORE


def test_what_was_edited_after_it_was_killed_is_said(project: Path) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add comment", STEPS)
    (project / "old.txt").write_bytes(b"edited")

    with Journal(project) as journal:
        said = journal.recover()

    assert said == (
        'The change "add comment", which was interrupted, is finished. '
        "Left as edited since: old.txt."
    )
    assert list_files(project) == AFTER | {"old.txt": b"edited"}


@pytest.mark.parametrize("state", [CONFLICT, RED])
def test_a_change_that_waits_for_its_owner_stays(project: Path, state: str) -> None:
    with Journal(project) as journal:
        journal.begin("add", "add x", STEPS, conflicts=["a"], wanted=[("b/c", b"new")])
        journal.carry_out()
        journal.set_state(state)

    with Journal(project) as journal:
        assert journal.recover() == ""
        assert journal.waits
        assert (journal.command, journal.title, journal.conflicts) == ("add", "add x", ["a"])
        assert (project / FOLDER / "new" / "b" / "c").read_bytes() == b"new"
        assert journal.put_back() == []

    assert list_files(project) == BEFORE


def test_two_changes_at_a_time_are_refused(project: Path) -> None:
    with Journal(project), pytest.raises(TargetProblem, match="Another starlette-new"):
        Journal(project).__enter__()


def test_a_lock_that_was_removed_meanwhile_is_taken_anew(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    calls: list[int] = []

    def take_late(file: int, how: int) -> None:
        if not calls:
            (project / FOLDER / "lock").unlink()
        calls.append(file)
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", take_late)

    with Journal(project):
        assert (project / FOLDER / "lock").exists()
    assert len(calls) == 2


def test_a_project_that_cannot_be_written_to_is_said_to_be(project: Path) -> None:
    (project / FOLDER).touch()

    with pytest.raises(SurroundingsProblem, match="cannot be written to"):
        Journal(project).__enter__()
