"""Put a new project in its place: whole, or not at all. The only stage that writes there."""

import fcntl
import os
import re
import shutil
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from starlette_new.errors import SurroundingsProblem, TargetProblem, show
from starlette_new.interrupts import held

LOG_NAME = "starlette-new.log"
ROOM = 1_000_000
"""Bytes that must be left on the disk when a proof has failed, for it to mean something."""
_LOCK = "lock"


def check_target(folder: Path, name: str) -> Path:
    """Return the absolute path of the project to be made; raise if it cannot be placed there."""
    try:
        folder = folder.resolve()
        is_folder = folder.is_dir()
    except (OSError, RuntimeError) as error:
        raise TargetProblem(
            f"The folder {show(folder)} cannot be reached: {error}.",
            "Choose another one with -o DIR.",
        ) from None
    if not is_folder:
        raise TargetProblem(
            f"There is no folder {show(folder)}.",
            "Make it first, or choose another one with -o DIR.",
        )
    target = folder / name
    if os.path.lexists(target):
        _check_existing(target)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SurroundingsProblem(
            f"The folder {show(folder)} cannot be written to.", "Choose another one with -o DIR."
        )
    return target


def _check_existing(target: Path) -> None:
    why = None
    if target.is_symlink():
        why = "is a symbolic link"
    elif not target.is_dir():
        why = "is in the way: it is not a folder"
    elif target.is_mount():
        why = "is a mount point"
    elif not os.access(target, os.R_OK | os.W_OK | os.X_OK):
        why = "cannot be written to"
    elif any(target.iterdir()):
        why = "is not empty"
    if why:
        raise TargetProblem(f"{show(target)} {why}.", "Choose another name, or -o DIR.")


class Staging:
    """A folder where a project is made before it is placed; gone at the end, whatever happens.

    It lies beside the target, so that placing is one rename, or in the folder for temporary files
    where a uv workspace would take the project for its own. A lock is held as long as it is in
    use; a folder that a killed run left behind is removed by the next run for the same target.

    project: where to make the project. scratch: for files that are not part of it.
    """

    def __init__(self, target: Path, *, apart: bool = False) -> None:
        self._target = target
        self._apart = apart

    def __enter__(self) -> Self:
        parent = Path(tempfile.gettempdir()) if self._apart else self._target.parent
        try:
            if not self._apart:
                remove_abandoned(self._target)
            self._make(parent)
        except OSError as error:
            raise SurroundingsProblem(
                f"The folder {show(parent)} cannot be written to: {error.strerror}.",
                "Choose another one with -o DIR.",
            ) from None
        return self

    def _make(self, parent: Path) -> None:
        with ExitStack() as undo:  # __exit__ is not called where __enter__ fails
            with held():
                folder, lock = _make_locked_folder(parent, self._target.name)
                undo.callback(os.close, lock)
                undo.callback(remove, folder)
                self.project = folder / self._target.name
                self.scratch = folder / "scratch"
                self.scratch.mkdir()
            self._undo = undo.pop_all()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with held():
            self._undo.close()

    def place(self) -> None:
        """Move the finished project to its target; raise TargetProblem if that was taken."""
        if self._apart:
            with Staging(self._target) as beside:
                ignored = shutil.ignore_patterns(".venv", "uv.lock", "main.py.lock")
                shutil.copytree(self.project, beside.project, symlinks=True, ignore=ignored)
                beside.place()
            return
        try:
            os.rename(self.project, self._target)
        except OSError:
            raise TargetProblem(
                f"{show(self._target)} was made by someone else meanwhile.",
                "Choose another name, or -o DIR.",
            ) from None

    def check_room(self) -> None:
        """Raise SurroundingsProblem if the disk is full: then a red proof says nothing."""
        try:
            folder = self.scratch / "room"
            folder.mkdir()
            (folder / "room").write_bytes(bytes(ROOM))
        except OSError as error:
            raise SurroundingsProblem(
                f"There is no room in {show(self._target.parent)} to prove it: {error.strerror}.",
                "Make room there, or choose another folder with -o DIR.",
            ) from None

    def place_failed(self, log: str) -> Path:
        """Keep a project whose proof is red as NAME.failed, with its log, and return the log."""
        failed = self._target.with_name(f"{self._target.name}.failed")
        if os.path.lexists(failed) and not (failed / LOG_NAME).is_file():
            raise TargetProblem(
                f"{show(failed)} is in the way of a project whose proof failed.",
                "Move it elsewhere.",
                log=keep_log(log),
            )
        try:
            (self.project / LOG_NAME).write_text(log, encoding="utf-8")
            remove(failed)
            if self._apart:
                shutil.copytree(self.project, failed, symlinks=True)
            else:
                os.rename(self.project, failed)
        except OSError as error:
            raise SurroundingsProblem(
                f"The proof failed, and {show(failed)} cannot be written: {error.strerror}.",
                "Make room there, or choose another folder with -o DIR.",
                log=keep_log(log),
            ) from None
        return failed / LOG_NAME


def keep_log(log: str) -> Path:
    """Write a log to a file of its own in the folder for temporary files, and return its path."""
    number, path = tempfile.mkstemp(prefix="starlette-new-", suffix=".log")
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(log)
    return Path(path)


def remove(path: Path) -> None:
    """Remove a folder with all it holds; what cannot be removed stays, without a word."""
    for _ in range(20):
        shutil.rmtree(path, ignore_errors=True)
        if not os.path.lexists(path):
            break
        time.sleep(0.05)  # a program that was just killed may not have ended yet


def remove_abandoned(target: Path) -> None:
    """Remove the staging folders of runs for `target` that were killed."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.[a-z0-9_]{{8}}")
    for folder in target.parent.iterdir():
        if not pattern.fullmatch(folder.name) or folder.is_symlink():
            continue
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR)
        except FileNotFoundError:
            with suppress(OSError):
                folder.rmdir()
            continue
        except OSError:
            continue
        with suppress(OSError):  # raised where someone is making a project
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(folder)
        os.close(lock)


def _make_locked_folder(parent: Path, name: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=parent))
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:  # another run took it for an abandoned one
            continue
        except OSError:
            folder.rmdir()
            raise
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / _LOCK).exists():
            return folder, lock
        os.close(lock)
