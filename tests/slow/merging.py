"""Prove that a merge loses nothing: projects made by chance, edited by chance on both sides."""

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger import Ledger

from starlette_new.merge import Action, Change, File, merge
from starlette_new.moves import find_moved

BOM = b"\xef\xbb\xbf"
WRITTEN = re.compile(rb"(?:owner|template)-\d+")
OWNER = (
    *["same", "same", "edit", "edit", "edit", "delete", "move", "move+edit", "CRLF", "CRLF+edit"],
    *["chmod", "chmod+edit", "no last end", "no last end+edit", "BOM", "BOM+edit", "mixed+edit"],
)
TEMPLATE = ("same", "edit", "edit", "edit", "delete", "rename", "rename+edit")


@dataclass
class Case:
    """A project by chance. deeds: what owner and template did to each path of base."""

    chance: random.Random
    base: dict[str, File] = field(default_factory=dict)
    ours: dict[str, File] = field(default_factory=dict)
    theirs: dict[str, File] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)
    deeds: dict[str, tuple[str, str]] = field(default_factory=dict)
    written: int = 0

    def write_line(self, who: str) -> bytes:
        self.written += 1
        return f"{who}-{self.written} = {self.chance.randrange(10)}\n".encode()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    ledger = Ledger(f"Merges, seed {options.seed}")
    counts: Counter[str] = Counter()
    for block in range(0, options.rounds, 100):
        started = time.monotonic()
        faults = []
        last = min(block + 100, options.rounds)
        for number in range(block, last):
            found = find_faults(options.seed * 1_000_000 + number, counts)
            faults += [f"seed {number}: {fault}" for fault in found]
        ledger.add(f"{block} to {last - 1}", faults, time.monotonic() - started)
    code = ledger.close()
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    return code


def find_faults(seed: int, counts: Counter[str]) -> list[str]:
    """Merge one project by chance, and return what is wrong; count what happened."""
    case = make_case(seed)
    known = case.base.keys() | case.theirs.keys()
    strangers = {path: file for path, file in case.ours.items() if path not in known}
    moved = find_moved(case.base, case.ours, strangers)
    changes = merge(case.base, case.ours, case.theirs, renames=case.renames, moved=moved)
    after = carry_out(case.ours, changes)
    counts.update(change.action.value for change in changes)
    counts.update({"files": len(case.base), "moved": len(case.moves), "followed": len(moved)})
    counts["many conflicts"] += sum(
        change.why.endswith("conflicts") for change in changes if change.file
    )
    faults = [] if moved == case.moves else [f"moved {case.moves}, found {moved}"]
    faults += _find_lost(case, changes, after)
    faults += _find_returned(case, after)
    faults += _find_unlike(case, changes)
    faults += _find_second(case, changes, after)
    return faults


def carry_out(ours: dict[str, File], changes: list[Change]) -> dict[str, File]:
    """Return what the project would be afterwards."""
    after = dict(ours)
    for change in changes:
        after.pop(change.source, None)
        if change.action is Action.DELETE:
            after.pop(change.path)
        if change.file is not None:
            after[change.path] = change.file
    return after


def make_case(seed: int) -> Case:
    case = Case(random.Random(seed))  # noqa: S311
    for number in range(case.chance.randint(1, 8)):
        path = f"app/{case.chance.choice('abc')}/file_{number}.py"
        length = case.chance.choice([12, 24, 70, 150])
        lines = [case.write_line("base") for _ in range(length)]
        case.base[path] = File(b"".join([b"import os\n", b"\n", *lines]))
        deeds = case.chance.choice(OWNER), case.chance.choice(TEMPLATE)
        case.deeds[path] = deeds
        _let_owner(case, path, deeds[0])
        _let_template(case, path, deeds[1])
    _add_new(case)
    return case


def _let_owner(case: Case, path: str, deed: str) -> None:
    file = case.base[path]
    data = _edit(case, file.data, "owner") if deed.endswith("edit") else file.data
    if "CRLF" in deed:
        data = data.replace(b"\n", b"\r\n")
    if "mixed" in deed:
        data = re.sub(rb"\n", lambda _: case.chance.choice([b"\n", b"\r\n"]), data)
    if "no last end" in deed:
        data = data.removesuffix(b"\n")
    if "BOM" in deed:
        data = BOM + data
    place = path
    if "move" in deed:
        place = f"lib/{path.rpartition('/')[2]}" if case.chance.random() < 0.7 else f"{path}.moved"
        case.moves[path] = place
    if deed != "delete":
        case.ours[place] = File(data, "chmod" in deed)


def _let_template(case: Case, path: str, deed: str) -> None:
    data = case.base[path].data
    data = _edit(case, data, "template") if deed.endswith("edit") else data
    if "rename" in deed:
        new = path.replace("app/", "web/")
        case.renames[path] = new
        case.theirs[new] = File(data)
        if case.chance.random() < 0.2 and path in case.ours:
            case.ours[new] = File(case.write_line("owner"))
    elif deed != "delete":
        case.theirs[path] = File(data)


def _edit(case: Case, data: bytes, who: str) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(case.chance.randint(1, 1 + len(lines) // 15)):
        place = case.chance.randrange(0, len(lines), 6)  # so that both often meet
        replaced = case.chance.choice([0, 0, 1, 1, 2])
        added = [case.write_line(who) for _ in range(case.chance.randint(1, 2))]
        lines[place : place + replaced] = added
    return b"".join(lines)


def _add_new(case: Case) -> None:
    """Add what only one side has, what both have added, and what is not text."""
    case.ours["mine.txt"] = File(case.write_line("owner"))
    case.theirs["new.txt"] = File(case.write_line("template"))
    if case.chance.random() < 0.3:
        case.ours["both.txt"] = File(case.write_line("owner"))
        case.theirs["both.txt"] = File(case.write_line("template"))
    if case.chance.random() < 0.3:
        for tree, deed in ((case.base, b""), (case.ours, b"owner"), (case.theirs, b"template")):
            edited = deed if case.chance.random() < 0.6 else b""
            tree["logo.png"] = File(b"\0\r\n" + edited)
    if case.chance.random() < 0.3:
        for tree in (case.base, case.ours, case.theirs):
            tree["app/__init__.py"] = File(b"")


def _find_lost(case: Case, changes: list[Change], after: dict[str, File]) -> Iterator[str]:
    left = _find_written(after.values())
    wanted = left | _find_written(change.theirs for change in changes if change.theirs)
    dropped = {line for line in _find_written(case.ours.values()) if line not in left}
    if dropped:
        yield f"lines of the owner's are lost: {sorted(dropped)}"
    refused = {c.path for c in changes if c.action is Action.KEEP}
    for path, file in case.theirs.items():
        origin = next((old for old, new in case.renames.items() if new == path), path)
        if {path, origin, case.moves.get(origin)} & refused:
            continue
        if case.deeds.get(origin, ("", ""))[0] == "delete":
            continue
        if lost := _find_written([file]) - wanted:
            yield f"{path}: lines of the template's are lost: {sorted(lost)}"


def _find_written(files: object) -> set[bytes]:
    assert hasattr(files, "__iter__")
    return {line for file in files for line in WRITTEN.findall(file.data)}


def _find_returned(case: Case, after: dict[str, File]) -> Iterator[str]:
    for path, (owner, _) in case.deeds.items():
        if owner == "delete" and {path, case.renames.get(path, path)} & after.keys():
            yield f"{path} was deleted, and came back"
    if after["mine.txt"] != case.ours["mine.txt"]:
        yield "a file of the owner's alone is not as it was"


def _find_unlike(case: Case, changes: list[Change]) -> Iterator[str]:
    """Find results that do not look as the owner's file did, and conflicts counted wrong."""
    for change in changes:
        before = case.ours.get(change.source or change.path)
        if before is None or change.file is None or b"\0" in before.data:
            continue
        data = change.file.data
        marks = len(re.findall(rb"^(?:\xef\xbb\xbf)?<<<<<<< ", data, re.MULTILINE))
        told = re.search(r"(\d+) conflict", change.why)
        if marks != (int(told[1]) if told else 0) or bool(marks) != (change.action == "conflict"):
            yield f"{change.path} has {marks} conflicts: {change.action}, {change.why}"
        if _find_ends(before.data) != _find_ends(data) and len(_find_ends(before.data)) == 1:
            yield f"{change.path} has other line ends"
        if before.data.startswith(BOM) != data.startswith(BOM):
            yield f"{change.path} has lost its BOM, or got one"
        if before.executable != change.file.executable:
            yield f"{change.path} has another mode"
        if not marks and before.data.endswith(b"\n") != data.endswith(b"\n"):
            yield f"{change.path} ends otherwise"


def _find_ends(data: bytes) -> set[bytes]:
    return set(re.findall(rb"\r?\n", data))


def _find_second(case: Case, changes: list[Change], after: dict[str, File]) -> Iterator[str]:
    """Find what a second run of the same would change."""
    written = [change.path for change in changes if change.file]
    if len(written) != len(set(written)):
        yield f"a path is written twice: {sorted(written)}"
    if merge(case.theirs, after, case.theirs):
        yield "the second run changes something"


if __name__ == "__main__":
    sys.exit(main())
