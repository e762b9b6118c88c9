"""What a project's .gitignore files name: it is its owner's alone, and is never touched."""

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

ALWAYS = frozenset({".git", ".venv", ".starlette-new", "__pycache__", "node_modules"})
"""Folders that hold nothing a person wrote."""


class Ignored:
    """The rules of the .gitignore files from the top of a repository down to each path.

    project: the root of the paths that are asked for.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        self._read: dict[Path, GitIgnoreSpec | None] = {}

    @cached_property
    def _above(self) -> list[Path]:
        """The project's folder, and those above it that are in the same repository.

        A project that is ignored itself is one without Git.
        """
        folders = [self._project, *self._project.parents]
        tops = [n for n, folder in enumerate(folders) if (folder / ".git").exists()]
        above = folders[1 : tops[0] + 1] if tops else []
        return folders[:1] if self._is_named_in(above, self._project) else [folders[0], *above]

    def __contains__(self, path: str) -> bool:
        """Tell whether a path, relative to the project, is ignored, or a folder on its way is."""
        parts = PurePosixPath(path).parts
        if ALWAYS & set(parts):
            return True
        ways = ["/".join(parts[:n]) + "/" * (n < len(parts)) for n in range(1, len(parts) + 1)]
        return any(map(self._is_named, ways))

    def _is_named(self, way: str) -> bool:
        """Tell whether a file names this path itself; the nearest that speaks of it decides."""
        full = self._project / way
        folders = [*_list_between(self._project, full), *self._above]
        return self._is_named_in(folders, full, is_folder=way.endswith("/"))

    def _is_named_in(self, folders: list[Path], path: Path, *, is_folder: bool = True) -> bool:
        for folder in folders:
            rules = self._find_rules(folder)
            if rules is None:
                continue
            decided = rules.check_file(
                path.relative_to(folder).as_posix() + "/" * is_folder
            ).include
            if decided is not None:
                return decided
        return False

    def _find_rules(self, folder: Path) -> "GitIgnoreSpec | None":
        if folder not in self._read:
            from pathspec import GitIgnoreSpec

            self._read[folder] = None
            with suppress(OSError):
                text = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace")
                self._read[folder] = GitIgnoreSpec.from_lines(text.splitlines())
        return self._read[folder]


def _list_between(project: Path, path: Path) -> list[Path]:
    """List the folders below a project that a path goes through, the nearest first."""
    return [folder for folder in path.parents if project in folder.parents]


def list_files(project: Path, ignored: Ignored) -> Iterator[str]:
    """List the regular files of a project that are not ignored, relative to it."""
    for folder, subfolders, files in os.walk(project):
        inside = Path(folder).relative_to(project)
        subfolders[:] = [
            name
            for name in sorted(subfolders)
            if name not in ALWAYS and not ignored._is_named(f"{(inside / name).as_posix()}/")
        ]
        for name in sorted(files):
            path = (inside / name).as_posix()
            if not (project / path).is_symlink() and not ignored._is_named(path):
                yield path
