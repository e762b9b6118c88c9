"""A project that was not made by us: which of our files are placed there, which are its owner's."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from starlette_new.answers import dump
from starlette_new.blueprint_file import Applied
from starlette_new.merge import Action, Change, File, Tree, diff
from starlette_new.moves import find_obstacles, read_tree
from starlette_new.templates import find_templates

Files = dict[str, File]

WHOLE = ("AGENTS.md", "README.md", "pyproject.toml")
"""What speaks of a project as a whole: of one that is adopted, its owner's from the beginning."""
JOINING = "app/joining.py"
"""Joins our application to the owner's. It is placed once, and not merged."""
TESTS = "tests/joined"
"""Where our tests stand in an adopted project."""
_YOURS = "yours: --diff shows what would be in it"


@dataclass(frozen=True)
class Share:
    """What is whose in an adopted project.

    old, new: the files of ours, before and after; left_old, left_new: what would be in files of the
    owner's. owner: their paths. is_placed: whether files of ours are there afterwards.
    """

    old: Files
    new: Files
    left_old: Files
    left_new: Files
    owner: Sequence[str]
    is_placed: bool

    @property
    def changes(self) -> list[Change]:
        """Tell of the owner's files that would change, if they were ours."""
        paths = sorted({*self.left_old, *self.left_new})
        return [
            Change(path, Action.KEEP, None, _YOURS)
            for path in paths
            if self.left_old.get(path) != self.left_new.get(path)
        ]


def share(project: Path, applied: Applied, old: Tree, new: Tree, *, has_resources: bool) -> Share:
    """Divide what was rendered; nothing is placed before there is a resource."""
    if not (applied.is_placed or has_resources):
        return Share({}, {}, {}, {}, applied.owner, False)
    before = _move_tests(old) if applied.is_placed else {}
    after = _move_tests(new) | ({} if applied.is_placed else {JOINING: _read_joining()})
    owner = {*applied.owner, *_find_taken(project, after.keys() - before.keys())}
    return Share(
        _drop(before, owner),
        _drop(after, owner),
        _keep(before, owner),
        _keep(after, owner),
        sorted(owner),
        True,
    )


def narrow(tree: Tree, applied: Applied) -> Files:
    """Leave out of what a project was made as what is not there, or is its owner's."""
    if not applied.owner:
        return dict(tree)
    return _drop(_move_tests(tree), applied.owner) if applied.is_placed else {}


def describe(share: Share) -> str:
    """Show what would change in the owner's files, in lines that are none of a patch."""
    return re.sub(r"^(?=.)", "# ", diff(share.left_old, share.left_new), flags=re.M)


def mark(data: bytes, owner: Collection[str], *, is_placed: bool) -> bytes:
    """Write into the record of a blueprint file that its project is adopted."""
    values = {"owner": sorted(owner)} | ({} if is_placed else {"placed": False})
    lines = "".join(f"  {line}\n" for line in dump(values).splitlines())
    return re.sub(rb"^(?=_commit:)", lambda _: lines.encode(), data, count=1, flags=re.M)


def _move_tests(tree: Tree) -> Files:
    """Move our tests to a package of their own, where the owner's fixtures and names are not."""
    packages = {f"{folder}/__init__.py": File(b"") for folder in (TESTS, f"{TESTS}/resources")}
    return packages | {
        re.sub(r"^tests/", f"{TESTS}/", path): _import_anew(file)
        if path.startswith("tests/")
        else file
        for path, file in tree.items()
    }


def _import_anew(file: File) -> File:
    package = TESTS.replace("/", ".").encode()
    data = re.sub(rb"^from tests(?=[. ])", b"from " + package, file.data, flags=re.M)
    return replace(file, data=data)


def _find_taken(project: Path, paths: Collection[str]) -> set[str]:
    """Find where the owner has something already."""
    return {*read_tree(project, paths), *find_obstacles(project, paths)}


def _read_joining() -> File:
    return File((find_templates() / "adopted" / JOINING).read_bytes())


def _drop(tree: Tree, owner: Collection[str]) -> Files:
    return {path: file for path, file in tree.items() if path not in owner}


def _keep(tree: Tree, owner: Collection[str]) -> Files:
    return {path: file for path, file in tree.items() if path in owner and path not in WHOLE}
