"""The parts of a project that a browser can open, as its page and its README list them."""

from collections.abc import Iterable

Part = dict[str, str]


def make_parts(parts: Iterable[tuple[str, str]]) -> list[Part]:
    """Name what templates ask for: each part's label, and its path."""
    return [{"label": label, "path": path} for label, path in parts]


def write_rows(parts: Iterable[Part]) -> list[str]:
    """Write the rows of a Markdown table: the path, and what answers there."""
    return [f"| `{part['path']}` | {part['label']} |" for part in parts]
