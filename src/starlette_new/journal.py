"""The journal of a change: written before the first byte of a project is, and gone at its end.

.starlette-new/
├── journal.json   what is to be written, and how far that is
├── before/ after/ each file as it was, and as it will be
├── new/           what the template wanted where it could not be joined with what is there
└── edited/        what was edited since and then put back; it stays until its owner removes it

A killed run leaves the journal, and the next run finishes what had begun, or drops what had not.
"""

import fcntl
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from starlette_new.errors import SurroundingsProblem, TargetProblem, show
from starlette_new.interrupts import held
from starlette_new.place import remove
from starlette_new.project_files import ProjectFiles

FOLDER = ".starlette-new"
READY, WRITTEN, CONFLICT, RED, BACK = "ready", "written", "conflict", "red", "back"
"""How far a change is: about to be written, written, waiting for its owner, or being put back."""
_JOURNAL, _DONE, _LOCK = "journal.json", "done.json", "lock"


@dataclass(frozen=True)
class Step:
    """One file that a change writes or removes.

    before, after: what it holds; None where there is none. like: the file whose rights a new one
    takes over. is_watched: it is written by a tool (uv.lock): only what was there before is known,
    and it is put back with the others.
    """

    path: str
    before: bytes | None
    after: bytes | None
    like: str = ""
    is_watched: bool = False


@dataclass(frozen=True)
class _Entry:
    path: str
    is_there: bool
    will_be: bool
    mode: int
    is_watched: bool


class Journal:
    """The journal of a project, locked as long as it is in use.

    command: of the change that is not finished; empty if there is none. title: what it does.
    state: how far it is. conflicts: the files that its owner has to look at; wanted: those that
    have no markers, but a file in `new`.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        self._folder = project / FOLDER
        self._files = ProjectFiles(project, self._folder)
        self._forget()

    def _forget(self) -> None:
        self.command = self.title = self.state = ""
        self.conflicts: list[str] = []
        self.wanted: list[str] = []
        self._entries: list[_Entry] = []

    @property
    def waits(self) -> bool:
        """Whether a change waits for its owner, to continue or to put everything back."""
        return self.state in (CONFLICT, RED)

    def writes_below(self, folder: str) -> bool:
        """Tell whether the change writes a file in this folder."""
        return any(entry.path.startswith(f"{folder}/") for entry in self._entries)

    def __enter__(self) -> Self:
        try:
            self._lock = self._open_lock()
        except OSError as error:
            raise SurroundingsProblem(
                f"The folder {show(self._folder)} cannot be written to: {error.strerror}.",
                "Make the project's folder writable.",
            ) from None
        self._read()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with held():
            if not self.state:
                self._clear()
            os.close(self._lock)

    def _open_lock(self) -> int:
        while True:
            self._folder.mkdir(exist_ok=True)
            (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
            lock = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(lock)
                raise TargetProblem(
                    f"Another starlette-new is changing {show(self._project)}.",
                    "Wait until it has ended.",
                ) from None
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(lock), os.stat(self._folder / _LOCK)):
                    return lock
            os.close(lock)  # whoever held it has removed it meanwhile

    def _read(self) -> None:
        try:
            read = json.loads((self._folder / _JOURNAL).read_text(encoding="utf-8"))
            self.command, self.title, self.state = read["command"], read["title"], read["state"]
            self.conflicts, self.wanted = read["conflicts"], read["wanted"]
            self._entries = [_Entry(**entry) for entry in read["entries"]]
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError):
            os.close(self._lock)
            raise TargetProblem(
                f"The journal of a change, {FOLDER}/{_JOURNAL}, is damaged.",
                f"Take what you need from {FOLDER}/before, and remove the folder {FOLDER}.",
            ) from None

    def recover(self) -> str:
        """Finish what a run that was killed had begun to write, or drop what it had not.

        Returns a sentence that says which; empty if there was nothing, or if it waits.
        """
        if (self._folder / _DONE).exists():
            self._clear()
        elif not self.state and (self._folder / "before").exists():
            self._clear()
            return "A change that was interrupted had written nothing, and was dropped."
        elif self.state in (READY, WRITTEN):
            skipped = self.carry_out() if self.state == READY else []
            title = self.title
            if self.waits:
                return f"The change {show(title)}, which was interrupted, is written."
            self.finish()
            edited = f" Left as edited since: {', '.join(skipped)}." if skipped else ""
            return f"The change {show(title)}, which was interrupted, is finished.{edited}"
        elif self.state == BACK:
            title = self.title
            self.put_back()
            return f"The change {show(title)}, which was being put back, is put back."
        return ""

    def begin(
        self,
        command: str,
        title: str,
        steps: Sequence[Step],
        *,
        conflicts: Sequence[str] = (),
        wanted: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        """Keep all that the change needs, so that from here on it is never left half-done.

        wanted: files as the template wanted them, for their owner to look at.
        """
        for number, step in enumerate(steps):
            self._keep("before", number, step.before)
            self._keep("after", number, step.after)
        for path, data in wanted:
            file = self._folder / "new" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        self._entries = [
            _Entry(
                step.path,
                step.before is not None,
                step.after is not None,
                self._files.read_mode(step.like or step.path),
                step.is_watched,
            )
            for step in steps
        ]
        self.command, self.title, self.conflicts = command, title, list(conflicts)
        self.wanted = [path for path, _ in wanted]
        self.set_state(READY)

    def _keep(self, kind: str, number: int, data: bytes | None) -> None:
        (self._folder / kind).mkdir(exist_ok=True)
        if data is not None:
            (self._folder / kind / str(number)).write_bytes(data)

    def set_state(self, state: str) -> None:
        """Note how far the change is."""
        document = {
            "command": self.command,
            "title": self.title,
            "state": state,
            "conflicts": self.conflicts,
            "wanted": self.wanted,
            "entries": [asdict(entry) for entry in self._entries],
        }
        beside = self._folder / f"{_JOURNAL}.new"
        with beside.open("w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self._folder / _JOURNAL)
        self.state = state

    def carry_out(self) -> list[str]:
        """Write what is not written yet, and return what was edited since and left alone."""
        skipped = []
        for number, entry in enumerate(self._entries):
            before, after = self._load(number, entry)
            now = self._files.read(entry.path)
            if entry.is_watched or now == after:
                continue
            if now == before:
                self._files.write(entry.path, after, entry.mode)
            else:
                skipped.append(entry.path)
        self.set_state(CONFLICT if self.conflicts else WRITTEN)
        return skipped

    def put_back(self) -> list[str]:
        """Put everything back as it was, and return what was edited since: it is in `edited`."""
        self.set_state(BACK)
        edited = []
        for number, entry in reversed(list(enumerate(self._entries))):
            before, after = self._load(number, entry)
            now = self._files.read(entry.path)
            if now == before:
                continue
            if now not in (after, None) and not entry.is_watched:
                edited.append(self._files.set_aside(entry.path))
            self._files.write(entry.path, before, entry.mode)
        self.finish()
        return sorted(edited)

    def finish(self, *, keeps_wanted: bool = False) -> None:
        """End the change: what it wrote stays, and if so what it could not write."""
        os.replace(self._folder / _JOURNAL, self._folder / _DONE)
        self._forget()
        self._clear("" if keeps_wanted else "new")

    def _clear(self, wanted: str = "") -> None:
        """Remove all but what is its owner's; the note that all is done goes last of its files."""
        for kind in filter(None, ("before", "after", "tmp", wanted)):
            remove(self._folder / kind)
        for name in (f"{_JOURNAL}.new", _JOURNAL, _DONE):
            (self._folder / name).unlink(missing_ok=True)
        if not any((self._folder / kind).exists() for kind in ("edited", "new")):
            for name in (_LOCK, ".gitignore"):
                (self._folder / name).unlink(missing_ok=True)
            with suppress(OSError):
                self._folder.rmdir()

    def _load(self, number: int, entry: _Entry) -> tuple[bytes | None, bytes | None]:
        before = (self._folder / "before" / str(number)).read_bytes() if entry.is_there else None
        after = (self._folder / "after" / str(number)).read_bytes() if entry.will_be else None
        return before, after


def recover(project: Path) -> str:
    """Finish or drop what a run that was killed has left in a project, and say which.

    The sentence is empty where there was nothing. Raises TargetProblem where one is at work.
    """
    if not (project / FOLDER).exists():
        return ""
    with Journal(project) as journal:
        return journal.recover() or _describe_waiting(journal)


def _describe_waiting(journal: Journal) -> str:
    if not journal.waits:
        return ""
    return (
        f"The change {show(journal.title)} is not finished: type starlette-new {journal.command} "
        "--continue, or --abort to put everything back."
    )
