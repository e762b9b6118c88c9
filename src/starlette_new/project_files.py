"""The files of a project, as a journal reads and writes them: never through a link."""

import os
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

OTHER = object()
"""Stands for what is no file of a journal: a folder, a link, what cannot be read."""


class ProjectFiles:
    """Files of a project by their paths in it. folder: on the same disk, for what is on its way."""

    def __init__(self, project: Path, folder: Path) -> None:
        self._project = project
        self._folder = folder

    def read(self, path: str) -> bytes | object | None:
        """Read a file; None where nothing is, and OTHER where something else stands."""
        target = self._project / path
        try:
            return OTHER if target.is_symlink() else target.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            return OTHER

    def write(self, path: str, data: bytes | None, mode: int) -> None:
        """Write a file in one step, with these rights; None: remove it, and what it leaves."""
        target = self._project / path
        if data is None:
            target.unlink(missing_ok=True)
            _remove_traces(target, self._project)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = self._folder / "tmp" / "file"
        beside.parent.mkdir(exist_ok=True)
        beside.write_bytes(data)
        beside.chmod(mode)
        os.replace(beside, target)

    def read_mode(self, path: str) -> int:
        """Read the rights of a file; those of a new one where there is none."""
        try:
            return (self._project / path).stat().st_mode & 0o777
        except OSError:
            return 0o644

    def set_aside(self, path: str) -> str:
        """Keep what was edited since under a name that nothing has yet, and return where."""
        number, kept = 1, self._folder / "edited" / path
        while os.path.lexists(kept):
            number += 1
            kept = self._folder / "edited" / f"{path}.{number}"
        kept.parent.mkdir(parents=True, exist_ok=True)
        os.rename(self._project / path, kept)
        return kept.relative_to(self._project).as_posix()


def _remove_traces(file: Path, project: Path) -> None:
    """Remove what Python compiled from a module that is gone, and the folders it leaves empty."""
    cache = file.parent / "__pycache__"
    for compiled in cache.glob(f"{file.stem}.*.pyc"):
        compiled.unlink(missing_ok=True)
    for folder in takewhile(project.__ne__, (cache, *file.parents)):
        with suppress(OSError):
            folder.rmdir()
