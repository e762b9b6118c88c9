"""One file in three versions: its text is merged, whatever its line ends; and two compared."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher, unified_diff
from io import BytesIO
from pathlib import Path

from starlette_new.errors import SurroundingsProblem
from starlette_new.insertions import is_as_good, join_insertions

PATIENCE = 10.0
"""Seconds that Git may take for one file."""
MOST_CONFLICTS = 127
"""The exit code of `git merge-file` is the number of conflicts, up to this."""

_BOM = b"\xef\xbb\xbf"


def merge_data(
    base: bytes | None, ours: bytes, theirs: bytes, labels: tuple[str, str, str]
) -> tuple[bytes, int] | None:
    """Return one file with both changes, in the form of ours, and the number of its conflicts.

    base: what both began with, if anything. None if they are not text and cannot be merged.
    """
    whole = _take_whole(base, ours, theirs)
    if whole is not None:
        return whole, 0
    if is_binary(ours) or is_binary(theirs) or is_binary(base or b""):
        return None
    plain = [make_plain(data) for data in (base or b"", ours, theirs)]
    text, conflicts = _merge_plain(plain[0], plain[1], plain[2], labels)
    return _give_form(text, base, ours, theirs, conflicts), conflicts


def is_same(one: bytes, other: bytes) -> bool:
    """Tell whether two files are equal but for line ends, BOM and the end of the last line."""
    return one == other or make_plain(one) == make_plain(other)


def make_plain(data: bytes) -> bytes:
    """Return a text in the form that all are compared and merged in; anything else as it is."""
    if is_binary(data):
        return data
    text = data.removeprefix(_BOM).replace(b"\r\n", b"\n")
    return text if text.endswith(b"\n") or not text else text + b"\n"


def is_binary(data: bytes) -> bool:
    return b"\0" in data


def has_markers(data: bytes) -> bool:
    """Tell whether a conflict that Git marked is still in a file."""
    lines = iter(data.removeprefix(_BOM).splitlines())
    return (
        any(line.startswith(b"<<<<<<< ") for line in lines)
        and any(line == b"=======" for line in lines)
        and any(line.startswith(b">>>>>>> ") for line in lines)
    )


def has_marker(data: bytes) -> bool:
    """Tell whether a line is left of a conflict that Git marked."""
    return any(re.match(rb"(<<<<<<<|>>>>>>>) ", line) for line in data.splitlines())


def diff_file(path: str, old: bytes | None, new: bytes | None, modes: tuple[str, str]) -> str:
    """Return the difference of one file as Git writes it; None: it is not there."""
    names = _name("a", path), _name("b", path)
    head = [f"diff --git {names[0]} {names[1]}\n", *_diff_modes(old, new, modes)]
    before = "/dev/null" if old is None else names[0]
    after = "/dev/null" if new is None else names[1]
    try:
        head += _diff_lines(_read_lines(old or b""), _read_lines(new or b""), before, after)
    except UnicodeDecodeError:
        head += [f"Binary files {before} and {after} differ\n"] if old != new else []
    return "".join(head)


def _take_whole(base: bytes | None, ours: bytes, theirs: bytes) -> bytes | None:
    """Return what one side has, if the other has changed nothing of its own."""
    if ours == base:
        return theirs
    return ours if theirs in (base, ours) else None


def _merge_plain(
    base: bytes, ours: bytes, theirs: bytes, labels: tuple[str, str, str]
) -> tuple[bytes, int]:
    whole = _take_whole(base, ours, theirs)
    if whole is not None:
        return whole, 0
    versions = {"ours": ours, "base": base, "theirs": theirs}
    text, conflicts = _run_git(versions, labels)
    if conflicts and base:
        marked, _ = _run_git(versions, labels, "--diff3")
        joined = join_insertions(marked.decode(errors="surrogateescape"), labels)
        joined_text = joined.encode(errors="surrogateescape") if joined is not None else None
        if joined_text is not None and is_as_good(joined_text, ours, theirs):
            return joined_text, 0
    return text, conflicts


def _run_git(
    versions: dict[str, bytes], labels: tuple[str, str, str], *options: str
) -> tuple[bytes, int]:
    """Merge in a folder of its own: no repository and no settings of the owner have a say."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in versions.items():
            (Path(folder) / name).write_bytes(data)
        names = [word for label in labels for word in ("-L", label)]
        done = _start(["git", "merge-file", "-p", "-q", *options, *names, *versions], Path(folder))
    if 0 <= done.returncode <= MOST_CONFLICTS:
        return done.stdout, done.returncode
    said = " ".join(done.stderr.decode(errors="replace").split()) or f"exit {done.returncode}"
    raise SurroundingsProblem(f"Git could not merge a file: {said}.", "Try a newer Git.")


def _start(command: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    variables |= {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CEILING_DIRECTORIES": str(folder.resolve().parent),
        "LC_ALL": "C",
    }
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (FileNotFoundError, PermissionError):
        hint = "Install git."
        raise SurroundingsProblem("There is no git here, which merging needs.", hint) from None
    except subprocess.TimeoutExpired:
        raise SurroundingsProblem("Git did not answer in time.", "Try again.") from None


def _give_form(
    text: bytes, base: bytes | None, ours: bytes, theirs: bytes, conflicts: int
) -> bytes:
    """Give a plain text the form of ours, or of theirs in what only theirs has changed."""
    if not conflicts and not _choose(_has_last_end, base, ours, theirs):
        text = text.removesuffix(b"\n")
    text = _give_line_ends(text, ours, _find_end(ours) or _find_end(theirs) or b"\n")
    return _BOM + text if _choose(_has_bom, base, ours, theirs) else text


def _choose(ask: Callable[[bytes], bool], base: bytes | None, ours: bytes, theirs: bytes) -> bool:
    if base is None or ask(ours) != ask(base):
        return ask(ours)
    return ask(theirs)


def _has_last_end(data: bytes) -> bool:
    return data.endswith(b"\n")


def _has_bom(data: bytes) -> bool:
    return data.startswith(_BOM)


def _find_end(data: bytes) -> bytes:
    """Return the line end that most lines of a file have, if there is one."""
    dos = data.count(b"\r\n")
    unix = data.count(b"\n") - dos
    if not dos and not unix:
        return b""
    return b"\r\n" if dos > unix else b"\n"


def _give_line_ends(text: bytes, like: bytes, usual: bytes) -> bytes:
    """Give each line the end that it has in `like`, where both are found, and the others theirs."""
    if like.count(b"\r\n") in (0, like.count(b"\n")):
        return text.replace(b"\n", usual)
    lines, known = BytesIO(text).readlines(), BytesIO(like.removeprefix(_BOM)).readlines()
    ends = [usual] * len(lines)
    matcher = SequenceMatcher(None, lines, [make_plain(line) for line in known], autojunk=False)
    for first, second, length in matcher.get_matching_blocks():
        for offset in range(length):
            ends[first + offset] = _find_end(known[second + offset]) or usual
    pairs = zip(lines, ends, strict=True)
    return b"".join(line.replace(b"\n", end) for line, end in pairs)


def _diff_modes(old: bytes | None, new: bytes | None, modes: tuple[str, str]) -> list[str]:
    if old is None:
        return [f"new file mode {modes[1]}\n"]
    if new is None:
        return [f"deleted file mode {modes[0]}\n"]
    if modes[0] == modes[1]:
        return []
    return [f"old mode {modes[0]}\n", f"new mode {modes[1]}\n"]


def _diff_lines(old: list[str], new: list[str], before: str, after: str) -> Iterator[str]:
    # Git ends a name with spaces in it by a tab.
    before, after = (f"{name}\t" if " " in name else name for name in (before, after))
    for line in unified_diff(old, new, before, after):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _read_lines(data: bytes) -> list[str]:
    if is_binary(data):
        raise UnicodeDecodeError("utf-8", data, 0, 1, "it is not text")
    return [line.decode() for line in BytesIO(data).readlines()]  # they end at \n alone


def _name(side: str, path: str) -> str:
    name = f"{side}/{path}"
    plain = name.isprintable() and not set(name) & {'"', "\\"}
    return name if plain else json.dumps(name, ensure_ascii=False)
