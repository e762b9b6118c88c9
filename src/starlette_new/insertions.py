"""Conflicts that are none: both sides only put lines in at the same place, and both may stay."""

import ast
import re

Labels = tuple[str, str, str]


def join_insertions(marked: str, labels: Labels) -> str | None:
    """Keep the lines of both sides; None if one of them changed or removed a line.

    marked: a text that `git merge-file --diff3` has marked with these labels.
    """
    begin, middle, end = (re.escape(label) for label in labels)
    conflict = re.compile(
        rf"^<<<<<<< {begin}\n(.*?)^\|{{7}} {middle}\n(.*?)^=======\n(.*?)^>>>>>>> {end}\n",
        re.M | re.S,
    )
    if any(found[2] for found in conflict.finditer(marked)):
        return None
    return conflict.sub(lambda found: _join(found[1], found[3]), marked)


def _join(ours: str, theirs: str) -> str:
    """Put the lines of one side after those of the other; what both have stands there once."""
    first, second = ours.splitlines(True), theirs.splitlines(True)
    if all(re.match("(from|import) ", line) for line in first + second):
        return "".join(sorted({*first, *second}))
    same = 0
    while same < min(len(first), len(second)) and first[same] == second[same]:
        same += 1
    return "".join(first + second[same:])


def is_as_good(joined: bytes, ours: bytes, theirs: bytes) -> bool:
    """Tell whether a text is Python if both that it is made of are."""
    return _is_python(joined) or not (_is_python(ours) and _is_python(theirs))


def _is_python(text: bytes) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True
