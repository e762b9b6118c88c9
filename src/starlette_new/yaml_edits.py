"""Edits of a blueprint file as text: what is not about them, comments among it, stays as it is."""

import json
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from starlette_new.answers import dump

Edit = tuple[int, int, str]
"""Where a piece of text begins and ends, and what stands there instead."""


def edit(text: str, old: Mapping[str, object], new: Mapping[str, object]) -> str | None:
    """Change a file that says `old` so that it says `new`; None if it is not written in blocks."""
    import yaml

    root = yaml.compose(text, yaml.BaseLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    values = {key.value: value for key, value in root.value}
    edits = []
    for key in new:
        if key == "resources":
            found = _edit_entries(text, values.get(key), _list(old), _list(new))
            if found is None:
                return None
            edits += found
        elif old.get(key) != new[key]:
            edits.append(_set(text, values.get(key), key, new[key]))
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def _list(answers: Mapping[str, object]) -> list[object]:
    listed = answers.get("resources")
    return listed if isinstance(listed, list) else []


def _set(text: str, node: Any, key: str, answer: object) -> Edit:
    line = dump({key: answer})
    if node is None:
        end = len(text.rstrip())
        return end, end, f"\n{line.rstrip()}"
    return node.start_mark.index, node.end_mark.index, line.partition(": ")[2].rstrip()


def _edit_entries(text: str, node: Any, old: list[object], new: list[object]) -> list[Edit] | None:
    if old == new:
        return []
    if node is None:
        return [_set(text, None, "resources", new)]
    if not old or not new:
        start = text.rindex("resources", 0, node.start_mark.index)
        return [(start, _trim(text, start, node.end_mark.index), dump({"resources": new}).rstrip())]
    if node.flow_style:
        return None
    return list(_compare(text, node, old, new))


def _compare(text: str, node: Any, old: list[object], new: list[object]) -> Iterator[Edit]:
    places = [_find_lines(text, item) for item in node.value]
    indent = " " * (node.value[0].start_mark.column - 2)
    matcher = SequenceMatcher(None, [*map(json.dumps, old)], [*map(json.dumps, new)], False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        entries = "".join(_write(entry, indent) for entry in new[begin:end])
        if kind == "insert":
            place = places[first][0] if first < len(places) else places[-1][1]
            yield place, place, entries
        elif kind != "equal":
            yield places[first][0], places[first][1], entries
            yield from ((*places[n], "") for n in range(first + 1, last))


def _write(entry: object, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in dump([entry]).splitlines())


def _find_lines(text: str, node: Any) -> tuple[int, int]:
    """Find where the lines of an entry begin and end, its dash and a comment behind it included."""
    start = text.rindex("\n", 0, node.start_mark.index) + 1
    end = text.find("\n", _trim(text, start, node.end_mark.index))
    return start, end + 1


def _trim(text: str, start: int, end: int) -> int:
    """Leave out the blank lines and the comments at the end of a piece of text."""
    lines = text[start:end].split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return start + len("\n".join(lines))
