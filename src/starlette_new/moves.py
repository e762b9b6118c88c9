"""The owner's side of a merge: files read, moved ones found, and what stands in the way."""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path, PurePosixPath

from starlette_new.merge import File, Tree
from starlette_new.merge_text import is_binary, make_plain

SAME_NAME = 0.6
OTHER_NAME = 0.75
"""How alike a moved file must be: twice the lines that both have, by all the lines of the two."""

_KINDS = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder"}
_FOLDERS = ("", "a folder")
_FILES = ("", "a file")


def read_tree(root: Path, paths: Iterable[str]) -> dict[str, File]:
    """Read those paths that are regular files, neither symbolic links nor behind one."""
    asked = list(paths)
    obstacles = find_obstacles(root, asked)
    found = {}
    for path in asked:
        if path not in obstacles:
            with suppress(FileNotFoundError):
                found[path] = _read(root / path)
    return found


def find_obstacles(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return those paths that cannot be written as files below `root`, each with what stands there.

    A symbolic link at any place below the root is one: nothing is ever written through it.
    """

    @cache
    def look(folder: PurePosixPath) -> str:
        if folder == PurePosixPath():
            return ""
        kind = _name_kind(root / folder)
        return look(folder.parent) or (f"{folder} is {kind}" if kind not in _FOLDERS else "")

    found = {}
    for path in paths:
        why = look(PurePosixPath(path).parent)
        kind = "" if why else _name_kind(root / path)
        if why or kind not in _FILES:
            found[path] = why or f"{kind} stands there"
    return found


def find_moved(base: Tree, ours: Tree, candidates: Tree) -> dict[str, str]:
    """Return base paths that are missing in ours, each with the candidate it was moved to.

    candidates: files of ours that are in neither base nor the new template. Whoever is most alike
    goes first; a file that is as much like one as like another is left out, and empty ones too.
    """
    numbers: dict[tuple[bytes, int], int] = {}
    missing = _list_texts({path: base[path] for path in base.keys() - ours.keys()}, numbers)
    free = _list_texts(candidates, numbers) if missing else []
    pairs = [pair for old in missing for pair in _compare(old, free)]
    pairs.sort(key=_get_rank, reverse=True)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, alike in groupby(pairs, key=_get_rank):
        left = [pair for pair in alike if pair.old not in taken and pair.new not in taken]
        seen = Counter(path for pair in left for path in (pair.old, pair.new))
        found |= {pair.old: pair.new for pair in left if seen[pair.old] == seen[pair.new] == 1}
        taken |= seen.keys()
    return found


@dataclass(frozen=True)
class _Text:
    """A file to compare. lines: a number for each, the same for the same lines."""

    path: str
    name: str
    data: bytes
    lines: frozenset[int]


@dataclass(frozen=True)
class _Pair:
    old: str
    new: str
    is_exact: bool
    score: float
    has_same_name: bool


def _get_rank(pair: _Pair) -> tuple[bool, float, bool]:
    return pair.is_exact, pair.score, pair.has_same_name


def _list_texts(tree: Tree, numbers: dict[tuple[bytes, int], int]) -> list[_Text]:
    return [
        _Text(path, PurePosixPath(path).name, plain, _number_lines(plain, numbers))
        for path, file in sorted(tree.items())
        if (plain := make_plain(file.data)).strip()
    ]


def _number_lines(plain: bytes, numbers: dict[tuple[bytes, int], int]) -> frozenset[int]:
    """Number the lines that are not blank; the second of the same lines has a number of its own."""
    if is_binary(plain):
        return frozenset()
    counts = Counter(line for line in plain.split(b"\n") if line.strip())
    each = ((line, number) for line, count in counts.items() for number in range(count))
    return frozenset(numbers.setdefault(entry, len(numbers)) for entry in each)


def _compare(old: _Text, candidates: list[_Text]) -> Iterator[_Pair]:
    """Compare one file with each that it may have become."""
    for new in candidates:
        is_exact = old.data == new.data
        has_same_name = old.name == new.name
        score = 1.0 if is_exact else _score(old.lines, new.lines)
        if score >= (SAME_NAME if has_same_name else OTHER_NAME):
            yield _Pair(old.path, new.path, is_exact, score, has_same_name)


def _score(old: frozenset[int], new: frozenset[int]) -> float:
    both = len(old) + len(new)
    return 2 * len(old & new) / both if both else 0.0


def _read(path: Path) -> File:
    with path.open("rb") as file:
        return File(file.read(), bool(os.fstat(file.fileno()).st_mode & stat.S_IXUSR))


def _name_kind(path: Path) -> str:
    """Return what stands at a path, or nothing."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return ""
    except OSError:
        return "something that cannot be read"
    if stat.S_ISREG(mode):
        return "a file" if os.access(path, os.R_OK) else "a file that cannot be read"
    return _KINDS.get(stat.S_IFMT(mode), "a special file")
