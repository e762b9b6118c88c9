"""A new version of the templates and the owner's changes, made one: file by file, as a plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from starlette_new.merge_text import diff_file, is_same, merge_data


@dataclass(frozen=True)
class File:
    data: bytes
    executable: bool = False


Tree = Mapping[str, File]
"""Files by their paths: relative to the root, with slashes."""

_IN_THE_WAY = "a file of yours stands there"


class Action(StrEnum):
    CREATE = "create"
    MODIFY = "modify"
    MERGE = "merge"
    CONFLICT = "conflict"
    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True)
class Change:
    """What happens to one file.

    path: where it stands afterwards. file: what will stand there; None if nothing is written.
    why: a short phrase. source: where it stood before and is removed, if that is another path.
    theirs: what the template wanted, of a conflict that cannot be shown by markers in the file.
    """

    path: str
    action: Action
    file: File | None
    why: str = ""
    source: str = ""
    theirs: File | None = None


def merge(
    base: Tree,
    ours: Tree,
    theirs: Tree,
    *,
    renames: Mapping[str, str] = {},
    moved: Mapping[str, str] = {},
    blocked: Mapping[str, str] = {},
    ignored: Mapping[str, str] = {},
    labels: tuple[str, str, str] = ("yours", "before", "new"),
) -> list[Change]:
    """Return what to do in a project for it to follow its template, sorted; nothing is written.

    base: what the template made before; theirs: what it makes now; ours: the project.
    renames: paths of base -> of theirs, where the template renames.
    moved: paths of base -> of ours, where the owner has moved what the template made.
    blocked: paths where nothing can be written -> why. ignored: paths never to touch -> why.
    """
    cases = _list_cases(base, ours, theirs, renames, moved)
    stops = _Stops(blocked, ignored)
    changes = [change for case in cases if (change := _decide(case, stops, labels))]
    return _untangle(_settle(changes, ours, theirs))


def diff(old: Tree, new: Tree) -> str:
    """Return the differences of two trees, sorted by path, in a form that `git apply` takes."""
    return "".join(
        _diff(path, old.get(path), new.get(path))
        for path in sorted({*old, *new})
        if old.get(path) != new.get(path)
    )


@dataclass(frozen=True)
class _Case:
    """A file in its three versions. origin: its path in base; at: in ours; to: where it belongs."""

    origin: str
    at: str
    to: str
    base: File | None
    ours: File | None
    theirs: File | None

    @property
    def is_renamed(self) -> bool:
        return self.at != self.to

    @property
    def is_done(self) -> bool:
        versions = [_get_data(file) for file in (self.base, self.ours)]
        return not self.is_renamed and _get_data(self.theirs) in versions

    @property
    def touched(self) -> list[str]:
        """The paths where it would write or remove."""
        return [self.at] if self.ours is None else [self.at, self.to]

    @property
    def history(self) -> list[str]:
        if self.is_renamed:
            return [f"renamed from {self.at}"]
        return [f"moved by you from {self.origin}"] if self.at != self.origin else []


@dataclass(frozen=True)
class _Stops:
    blocked: Mapping[str, str]
    ignored: Mapping[str, str]

    def __contains__(self, path: str) -> bool:
        return path in self.blocked or path in self.ignored


def _list_cases(
    base: Tree, ours: Tree, theirs: Tree, renames: Mapping[str, str], moved: Mapping[str, str]
) -> Iterator[_Case]:
    targets = _find_targets(base, ours, theirs, renames)
    places = _find_places(base, ours, targets, moved)
    claimed = set(targets.values())
    for path, file in base.items():
        at, to = path, targets.get(path, path)
        wanted = theirs.get(to) if path in targets or path not in claimed else None
        if path in places:
            at = to = places[path]
        yield _Case(path, at, to, file, ours.get(at), wanted)
    leaving = {*targets, *places.values()}
    for path in theirs.keys() - claimed - (base.keys() - targets.keys()):
        mine = None if path in leaving else ours.get(path)
        yield _Case(path, path, path, None, mine, theirs[path])


def _find_targets(
    base: Tree, ours: Tree, theirs: Tree, renames: Mapping[str, str]
) -> dict[str, str]:
    """Return the renames that are still to be made."""
    sources = {new: old for old, new in renames.items() if old in base and new in theirs}
    return {
        old: new
        for new, old in sources.items()
        if old != new
        and not (old in ours and new not in base and _is_same(ours.get(new), theirs[new]))
    }


def _find_places(
    base: Tree, ours: Tree, targets: Mapping[str, str], moved: Mapping[str, str]
) -> dict[str, str]:
    """Return where files stand that the owner has moved, be it where the template moves them."""
    origins = {
        place: path
        for path, place in (*targets.items(), *moved.items())
        if path in base and path not in ours and place in ours and place not in base
    }
    return {path: place for place, path in origins.items()}


def _decide(case: _Case, stops: _Stops, labels: tuple[str, str, str]) -> Change | None:
    if case.is_done:
        return None
    if path := next((path for path in case.touched if path in stops), None):
        return _stop(case, path, stops)
    if case.ours is None:
        return _decide_without_ours(case)
    if case.theirs is None:
        return _remove(case, case.ours)
    return _combine(case, case.ours, case.theirs, labels)


def _stop(case: _Case, path: str, stops: _Stops) -> Change | None:
    """Decide where the file at `path` can or must not be touched."""
    if path in stops.ignored:
        same = _is_same(case.ours, case.theirs) and not case.is_renamed
        return None if same else Change(path, Action.KEEP, None, stops.ignored[path])
    why = stops.blocked[path]
    if case.theirs is None:
        return Change(path, Action.KEEP, None, why)
    why = why if path == case.to else f"{path}: {why}"
    return Change(case.to, Action.CONFLICT, None, why, theirs=case.theirs)


def _decide_without_ours(case: _Case) -> Change | None:
    if case.base is None:
        return Change(case.to, Action.CREATE, case.theirs)
    if _is_same(case.base, case.theirs):
        return None
    return Change(case.at, Action.KEEP, None, "deleted by you")


def _remove(case: _Case, ours: File) -> Change:
    if case.at != case.origin:
        why = f"moved by you from {case.origin}, gone from the template"
        return Change(case.at, Action.KEEP, None, why)
    if _is_same(case.base, ours):
        return Change(case.at, Action.DELETE, None)
    return Change(case.at, Action.KEEP, None, "edited by you, gone from the template")


def _combine(case: _Case, ours: File, theirs: File, labels: tuple[str, str, str]) -> Change | None:
    merged = merge_data(_get_data(case.base), ours.data, theirs.data, labels)
    if merged is None:
        why = f"not text, and belongs at {case.to}" if case.is_renamed else "not text"
        return Change(case.at, Action.CONFLICT, None, why, theirs=theirs)
    data, conflicts = merged
    if data == ours.data and not case.is_renamed:
        return None
    action = Action.MODIFY if _is_same(case.base, ours) else Action.MERGE
    action = Action.CONFLICT if conflicts else action
    counted = [f"{conflicts} conflict{'s' * (conflicts > 1)}"] if conflicts else []
    why = ", ".join([*case.history, *counted])
    source = case.at if case.is_renamed else ""
    return Change(case.to, action, replace(ours, data=data), why, source)


def _settle(changes: list[Change], ours: Tree, theirs: Tree) -> list[Change]:
    """Turn what would come to stand on a file of the owner's that stays into conflicts."""
    gone = {change.source for change in changes}
    gone |= {change.path for change in changes if change.action is Action.DELETE}
    stay = ours.keys() - gone
    settled = [
        Change(change.path, Action.CONFLICT, None, _IN_THE_WAY, theirs=theirs[change.path])
        if change.path in stay and (change.source or change.action is Action.CREATE)
        else change
        for change in changes
    ]
    return settled if settled == changes else _settle(settled, ours, theirs)


def _untangle(changes: list[Change]) -> list[Change]:
    """Sort, and leave out the end of a file at whose path another comes to stand."""
    written = {change.path for change in changes if change.file}
    return sorted(
        (
            replace(change, source="") if change.source in written else change
            for change in changes
            if change.action is not Action.DELETE or change.path not in written
        ),
        key=lambda change: change.path,
    )


def _is_same(one: File | None, other: File | None) -> bool:
    return one is not None and other is not None and is_same(one.data, other.data)


def _get_data(file: File | None) -> bytes | None:
    return file.data if file else None


def _diff(path: str, old: File | None, new: File | None) -> str:
    modes = _get_mode(old), _get_mode(new)
    return diff_file(path, _get_data(old), _get_data(new), modes)


def _get_mode(file: File | None) -> str:
    return "100755" if file and file.executable else "100644"
