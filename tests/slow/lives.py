"""A project as it lives: a command is carried out, and all that must hold after it is looked at."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from shutil import rmtree

from edits import LINE, NAME, VERSIONS, Estate, Snapshot, take_snapshot
from tool import TOOL, Ended, run
from wishes_by_chance import Typed

from starlette_new.names import pluralize

LIMIT = 600.0
LOCKS = ("uv.lock", "main.py.lock")
JOURNAL = ".starlette-new"
CODES = {"ok": 0, "conflict": 3, "loss": 3, "proof": 5}
GONE = "gone from the template"
HUNK = re.compile(r"<<<<<<< yours\r?\n(.*?)=======\r?\n(.*?)>>>>>>> new\r?\n", re.S)
MARKER = re.compile(rb"^<<<<<<< ", re.M)


@dataclass
class Life:
    """A project of one sequence.

    root: of its repository, or its own folder. typed: the commands so far. is_proven: the last of
    them has seen the suite green.
    """

    estate: Estate
    root: Path
    is_repository: bool
    counts: Counter[str]
    faults: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    is_proven: bool = False

    @property
    def project(self) -> Path:
        return self.estate.project

    @property
    def chance(self) -> random.Random:
        return self.estate.chance

    def call(self, *words: str) -> tuple[Ended, dict[str, object]]:
        """Run the tool here, and read what it printed."""
        ended = run([TOOL, *words, "--json"], self.project, limit=LIMIT)
        try:
            document = json.loads(ended.stdout)
        except ValueError:
            document = {}
            self.faults.append(f"{words}: exit {ended.code}, no JSON: {ended.stderr[-300:]}")
        return ended, document

    def claim(self, is_so: bool, fault: str) -> None:
        if not is_so:
            self.faults.append(f"[{len(self.typed)}] {fault}")

    def commit(self) -> None:
        if self.is_repository:
            run_git(self.root, "add", "-A")
            run_git(self.root, "commit", "-q", "--allow-empty", "-m", "As it is")


def carry_out(life: Life, typed: Typed, *, is_last: bool) -> bool:
    """Run a command, see what it did, and bring it to its end; tell whether it is done."""
    life.typed.append(" ".join(typed.words))
    life.counts["commands"] += 1
    words, estate = typed.words, life.estate
    before = take_snapshot(life.project)
    plan = _plan(life, words, before) if life.chance.random() < 0.4 else None
    proves = is_last and (life.estate.harmless or life.chance.random() < 0.2)
    more = () if proves or "--check" in words else ("--no-verify",)
    ended, document = life.call(*words, *more)
    error = document.get("error")
    code = str(error["code"]) if isinstance(error, dict) else "ok"
    life.counts[f"ended with {code}"] += 1
    life.claim(ended.code == CODES.get(code), f"exit {ended.code}: {error} {ended.stderr}")
    now = take_snapshot(life.project)
    if code == "loss" and typed.expected == "loss":
        life.claim(now == before, "a refused command changed something")
        again = Typed((*words, "--allow-data-loss"))
        return carry_out(life, again, is_last=is_last)
    if typed.expected == "nothing" or code not in ("ok", "conflict", "proof"):
        life.claim(code == "ok", f"{error}")
        life.claim(now == before, f"something changed: {differ(before, now)}")
        return code == "ok"
    life.claim(typed.expected == "changed", f"{typed.expected} was expected: {document}")
    life.claim(plan in (None, document["plan"]), "the dry run had another plan")
    names = estate.dos, estate.deleted, estate.moved, estate.own
    told = _list_planned(document, "conflict")
    estate.own = {path: data for path, data in estate.own.items() if path not in told}
    _follow(estate, typed)
    life.faults += [f"[{len(life.typed)}] {fault}" for fault in find_faults(life.estate, now)]
    _check_history(life, before, now)
    if code == "conflict":
        is_done = _decide(life, words[0], document, before, now)
    elif code == "proof":
        has_kept = any(path.endswith(".py") for path in _list_kept(document))
        may_be_red = has_kept or not life.estate.harmless
        life.claim(may_be_red, f"red: {error} {_read_log(document)}")
        is_done = _choose_end(life, words[0], before)
    else:
        life.is_proven = document["proven"] is True
        life.claim(life.is_proven == proves, f"proven: {document['proven']}")
        is_done = True
    if not is_done:
        estate.dos, estate.deleted, estate.moved, estate.own = names
    _look_after(life, document, is_done=is_done)
    return is_done


def _plan(life: Life, words: Sequence[str], before: Snapshot) -> object:
    if "--check" in words:
        return None
    ended, document = life.call(*words, "--dry-run")
    life.counts["dry runs"] += 1
    life.claim(ended.code in (0, 3), f"dry run: exit {ended.code}")
    now = take_snapshot(life.project)
    life.claim(now == before, f"a dry run changed {differ(before, now)}")
    return document.get("plan")


def find_faults(estate: Estate, now: Snapshot) -> Iterator[str]:
    """Find what a command did to the owner's work."""
    counts = count_marks(now)
    if lost := sorted(mark.decode() for mark in estate.marks if not counts[mark]):
        yield f"lost: {', '.join(lost)}"
    if twice := sorted(mark.decode() for mark in counts if counts[mark] > 1):
        yield f"twice: {', '.join(twice)}"
    for path, data in estate.own.items():
        if now.get(path, (None, 0))[0] != data:
            yield f"{path} is not as it was, and the owner's alone"
    for path in sorted(estate.dos & now.keys()):
        if re.search(rb"(?<!\r)\n", now[path][0]):
            yield f"{path} has not CRLF throughout"
    for path in sorted({*estate.deleted, *estate.moved} & now.keys()):
        yield f"{path} was {'deleted' if path in estate.deleted else 'moved'}, and came back"


def count_marks(snapshot: Snapshot) -> Counter[bytes]:
    """Count what the owner wrote, and names that the owner gave, wherever they stand."""
    found: Counter[bytes] = Counter()
    for path, (data, _) in snapshot.items():
        if not path.startswith(JOURNAL):
            found.update(LINE.findall(data))
            found.update(set(NAME.findall(data)))
    return found


def differ(before: Snapshot, now: Snapshot) -> list[str]:
    paths = {*before, *now}
    return sorted(path for path in paths if before.get(path) != now.get(path))


def show(before: Snapshot, now: Snapshot, paths: Sequence[str]) -> str:
    """Show how text files differ."""
    shown: list[str] = []
    for path in paths:
        old, new = (tree.get(path, (b"", 0))[0].decode(errors="replace") for tree in (before, now))
        shown += list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))
    return "\n".join(shown)


def _read_log(document: dict[str, object]) -> str:
    log = document.get("log")
    return Path(str(log)).read_text()[-1500:] if log else ""


def _follow(estate: Estate, typed: Typed) -> None:
    """Know the owner's files by their new names, where a resource has another."""
    if typed.renamed is None:
        return
    before, after = map(pluralize, typed.renamed)

    def name(path: str) -> str:
        return re.sub(rf"(^|/)(test_)?{before}(?=/|\.py$)", rf"\g<1>\g<2>{after}", path)

    places = set(estate.moved.values())
    estate.dos = {path if path in places else name(path) for path in estate.dos}
    estate.deleted = set(map(name, estate.deleted))
    estate.moved = {name(path): place for path, place in estate.moved.items()}


def _check_history(life: Life, before: Snapshot, now: Snapshot) -> None:
    for path, one in before.items():
        if path.startswith(VERSIONS):
            life.claim(now.get(path) == one, f"{path} was changed: it is history")


def _decide(
    life: Life, command: str, document: dict[str, object], before: Snapshot, now: Snapshot
) -> bool:
    """See that the conflicts are reported, and decide them, or put all back."""
    told = _list_planned(document, "conflict")
    life.counts["conflicts"] += len(told)
    life.typed[-1] += f" (conflicts in {', '.join(told)})"
    texts = {path: data for path, (data, _) in now.items() if not path.startswith(JOURNAL)}
    marked = {path for path, data in texts.items() if MARKER.search(data)}
    named = {path for path, why in told.items() if re.search(r"\d conflicts?$", why)}
    life.claim(marked == named, f"markers in {sorted(marked)}, told {sorted(named)}")
    for path in told.keys() - named:
        life.claim(f"{JOURNAL}/new/{path}" in now, f"what is new is not beside {path}")
    if life.chance.random() < 0.3 and marked:
        ended, _ = life.call(command, "--continue", "--no-verify")
        life.claim(ended.code == 3, f"continued with markers: exit {ended.code}")
        life.claim(take_snapshot(life.project) == now, "a refused --continue changed something")
    takes_new = life.chance.random() < 0.5
    for path in sorted(marked):
        _take_sides(life, path, takes_new=takes_new)
    counts = count_marks(take_snapshot(life.project))
    lost = {mark for mark in life.estate.marks if not counts[mark]}
    is_fluid = any(word in " ".join(life.estate.log) for word in ("reformatted", "renamed"))
    was_harmless = life.estate.harmless
    life.estate.marks -= lost
    life.estate.harmless &= takes_new and not is_fluid and marked == set(told)
    if _choose_end(life, command, before):
        return True
    life.estate.harmless = was_harmless
    life.estate.marks |= lost
    return False


def _take_sides(life: Life, path: str, *, takes_new: bool) -> None:
    file = life.project / path
    text = file.read_bytes().decode()
    found = HUNK.sub(lambda m: m[2] if takes_new or life.chance.random() < 0.5 else m[1], text)
    file.write_bytes(found.encode())


def _choose_end(life: Life, command: str, before: Snapshot) -> bool:
    """Continue, or put everything back; tell whether the change is done."""
    if life.chance.random() < 0.6:
        ended, document = life.call(command, "--continue", "--no-verify")
        life.claim(ended.code == 0, f"--continue: exit {ended.code}, {document.get('error')}")
        life.counts["continued"] += 1
        return True
    ended, document = life.call(command, "--abort")
    life.claim(ended.code == 0, f"--abort: exit {ended.code}, {document.get('error')}")
    now = take_snapshot(life.project)
    now = {path: one for path, one in now.items() if not path.startswith(JOURNAL)}
    life.claim(now == before, f"not put back: {differ(before, now)}")
    life.counts["aborted"] += 1
    return False


def _look_after(life: Life, document: dict[str, object], *, is_done: bool) -> None:
    """See what a finished change has left, and tidy up as an owner would."""
    folder = life.project / JOURNAL
    if (folder / "edited").is_dir():
        rmtree(folder)
    life.claim(not folder.exists(), f"{JOURNAL} is left behind")
    kept = _list_kept(document)
    if is_done and life.chance.random() < 0.7:
        for path in kept:
            data = (life.project / path).read_bytes()
            life.estate.marks -= {*LINE.findall(data), *NAME.findall(data)}
            (life.project / path).unlink()
            life.is_proven = False
    elif is_done:
        life.estate.harmless &= not any(path.endswith(".py") for path in kept)
    now = take_snapshot(life.project)
    life.faults += [f"[{len(life.typed)}] {fault}" for fault in find_faults(life.estate, now)]
    ended, differences = life.call("diff")
    life.claim(ended.code == 0, f"diff: exit {ended.code}, {ended.stderr}")
    missing = _list_planned(differences, "delete")
    estate = life.estate
    estate.deleted &= missing.keys()
    estate.moved = {path: place for path, place in estate.moved.items() if path in missing}
    estate.dos &= now.keys()
    life.commit()


def _list_planned(document: dict[str, object], action: str) -> dict[str, str]:
    """Map the paths of a plan with this action to the reasons why."""
    plan = document["plan"]
    assert isinstance(plan, list)
    return {one["path"]: one["why"] for one in plan if one["action"] == action}


def _list_kept(document: dict[str, object]) -> list[str]:
    """List the files that the project has no use for any more, and that were edited."""
    return [path for path, why in _list_planned(document, "keep").items() if GONE in why]


def run_git(folder: Path, *words: str) -> None:
    ended = run(["git", "-c", "core.autocrlf=false", *words], folder)
    if ended.code != 0:
        raise RuntimeError(f"git {words}: {ended.stderr}")
