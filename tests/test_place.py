"""Placing: whole or not at all, and nobody's folder is touched."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from starlette_new import place
from starlette_new.errors import SurroundingsProblem, TargetProblem
from starlette_new.place import LOG_NAME, Staging, check_target, remove

HOLD = """
import pathlib, sys, time
from starlette_new.place import Staging
with Staging(pathlib.Path("demo").resolve()) as staging:
    print(staging.project.parent.name, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


def _fill(staging: Staging) -> None:
    staging.project.mkdir()
    (staging.project / "main.py").write_text("new")


def test_an_empty_place_is_accepted(folder: Path) -> None:
    (folder / "blank").mkdir()

    assert check_target(Path(), "demo") == folder / "demo"
    assert check_target(folder, "blank") == folder / "blank"


def test_what_is_in_the_way_is_told(folder: Path) -> None:
    (folder / "file").write_text("mine")
    (folder / "full").mkdir()
    (folder / "full" / "file").write_text("mine")
    (folder / "link").symlink_to("nowhere")

    with pytest.raises(TargetProblem, match="it is not a folder"):
        check_target(folder, "file")
    with pytest.raises(TargetProblem, match="is not empty"):
        check_target(folder, "full")
    with pytest.raises(TargetProblem, match="is a symbolic link"):
        check_target(folder, "link")
    with pytest.raises(TargetProblem, match="There is no folder"):
        check_target(folder / "missing", "demo")
    with pytest.raises(TargetProblem, match="There is no folder"):
        check_target(folder / "file", "demo")
    with pytest.raises(TargetProblem, match="is a mount point"):
        check_target(Path("/"), "proc")


def test_a_folder_that_leads_to_itself_cannot_be_reached(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")

    with pytest.raises(TargetProblem, match=r"cannot be reached|There is no folder"):
        check_target(folder / "loop", "demo")


@pytest.mark.parametrize(
    ("name", "kind", "why"),
    [("made", TargetProblem, "cannot be written"), ("demo", SurroundingsProblem, "be written to")],
)
def test_a_folder_without_permission_is_told(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    kind: type[Exception],
    why: str,
) -> None:
    (folder / "made").mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere

    with pytest.raises(kind, match=why):
        check_target(folder, name)


def test_a_finished_project_is_moved_and_nothing_else_is_left(folder: Path) -> None:
    with Staging(folder / "demo") as staging:
        _fill(staging)
        staging.place()

    assert (folder / "demo" / "main.py").read_text() == "new"
    assert [path.name for path in folder.iterdir()] == ["demo"]


def test_a_project_that_is_not_placed_leaves_nothing(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Staging(folder / "demo") as staging:
        _fill(staging)
        raise KeyboardInterrupt

    assert list(folder.iterdir()) == []


def test_what_someone_else_made_meanwhile_is_kept(folder: Path) -> None:
    with Staging(folder / "demo") as staging:
        _fill(staging)
        (folder / "demo").mkdir()
        (folder / "demo" / "mine").write_text("mine")

        with pytest.raises(TargetProblem, match="made by someone else meanwhile"):
            staging.place()

    assert os.listdir(folder / "demo") == ["mine"]


def test_a_project_made_apart_is_copied_without_its_environment(
    folder: Path, temporary: Path
) -> None:
    with Staging(folder / "demo", apart=True) as staging:
        _fill(staging)
        (staging.project / ".venv").mkdir()
        (staging.project / "uv.lock").write_text("")
        assert temporary in staging.project.parents
        staging.place()

    assert os.listdir(folder / "demo") == ["main.py"]
    assert [os.listdir(temporary), os.listdir(folder)] == [[], ["demo"]]


@pytest.mark.parametrize("apart", [False, True])
def test_a_failed_project_is_kept_with_its_log_until_the_next(folder: Path, apart: bool) -> None:
    for log in ("first", "second"):
        with Staging(folder / "demo", apart=apart) as staging:
            _fill(staging)
            kept = staging.place_failed(log)

        assert kept == folder / "demo.failed" / LOG_NAME
        assert kept.read_text() == log
    assert sorted(os.listdir(kept.parent)) == ["main.py", LOG_NAME]
    assert os.listdir(folder) == ["demo.failed"]


def test_a_folder_that_only_has_the_name_of_a_failure_is_kept(folder: Path) -> None:
    (folder / "demo.failed").mkdir()
    (folder / "demo.failed" / "mine").write_text("mine")

    with Staging(folder / "demo") as staging:
        _fill(staging)
        with pytest.raises(TargetProblem, match="is in the way of a project") as caught:
            staging.place_failed("what happened")

    assert os.listdir(folder / "demo.failed") == ["mine"]
    assert caught.value.log
    assert caught.value.log.read_text() == "what happened"


def test_a_folder_that_is_gone_is_told(folder: Path) -> None:
    with pytest.raises(SurroundingsProblem, match="cannot be written to: No such file"):
        Staging(folder / "gone" / "demo").__enter__()


def test_what_a_killed_run_left_is_removed_and_what_a_running_one_has_is_kept(
    folder: Path,
) -> None:
    runs = [
        subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    killed, running = ((run.stdout.readline() if run.stdout else "").strip() for run in runs)
    runs[0].kill()
    runs[0].communicate()
    assert (folder / killed).is_dir()

    place.remove_abandoned(folder / "demo")

    assert os.listdir(folder) == [running]
    runs[1].send_signal(signal.SIGKILL)
    runs[1].communicate()


def test_only_our_own_folders_are_removed(folder: Path) -> None:
    (folder / ".demo.aaaaaaaa").mkdir()
    (folder / ".demo.bbbbbbbb").mkdir()
    (folder / ".demo.bbbbbbbb" / "mine").write_text("mine")
    (folder / ".demo.cccccccc").symlink_to(".demo.bbbbbbbb")
    (folder / ".demo.dddddddd").write_text("mine")
    (folder / ".demo.eeeeeeee" / "lock").mkdir(parents=True)
    (folder / ".other.aaaaaaaa").mkdir()

    place.remove_abandoned(folder / "demo")

    assert sorted(os.listdir(folder)) == [
        ".demo.bbbbbbbb",
        ".demo.cccccccc",
        ".demo.dddddddd",
        ".demo.eeeeeeee",
        ".other.aaaaaaaa",
    ]
    assert os.listdir(folder / ".demo.bbbbbbbb") == ["mine"]


@pytest.mark.parametrize("moment", ["before the lock", "before it is held"])
def test_a_folder_that_another_run_takes_for_abandoned_is_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    taken: list[str] = []
    made, held = tempfile.mkdtemp, fcntl.flock

    def make(*, prefix: str, dir: Path) -> str:
        path = made(prefix=prefix, dir=dir)
        if moment == "before the lock" and not taken:
            taken.append(path)
            shutil.rmtree(path)
        return path

    def hold(lock: int, operation: int) -> None:
        if moment == "before it is held" and not taken:
            taken.extend(str(path) for path in folder.iterdir())
            shutil.rmtree(taken[0])
        held(lock, operation)

    monkeypatch.setattr(tempfile, "mkdtemp", make)
    monkeypatch.setattr(fcntl, "flock", hold)

    with Staging(folder / "demo") as staging:
        assert staging.scratch.is_dir()
        assert str(staging.scratch.parent) not in taken

    assert list(folder.iterdir()) == []


def test_a_proof_without_room_says_so(folder: Path) -> None:
    with Staging(folder / "demo") as staging:
        staging.scratch.rmdir()

        with pytest.raises(SurroundingsProblem, match="There is no room"):
            staging.check_room()


def test_a_failed_project_that_cannot_be_kept_is_told(folder: Path) -> None:
    with (
        Staging(folder / "demo") as staging,
        pytest.raises(SurroundingsProblem, match="cannot be written") as caught,
    ):
        staging.place_failed("the log")

    assert caught.value.log is not None
    assert caught.value.log.read_text() == "the log"
    assert not any(folder.iterdir())


def test_a_folder_that_cannot_be_locked_is_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(SurroundingsProblem, match="No space left"), Staging(folder / "demo"):
        pass
    assert not any(folder.iterdir())


def test_what_cannot_be_removed_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    monkeypatch.setattr(time, "sleep", lambda _: None)

    remove(folder)

    assert folder.is_dir()
