"""Old names that are left after a rename, in lines that nobody but their owner wrote."""

import re
from collections.abc import Iterator
from pathlib import Path

from starlette_new.ignored import Ignored, list_files
from starlette_new.merge import Action
from starlette_new.names import make_class, pluralize
from starlette_new.planning import Plan, is_merged
from starlette_new.wishes import Wish

MOST = 5
"""Lines that are named."""


def list_left(project: Path, plan: Plan, wish: Wish) -> list[str]:
    """List the lines of the owner that say a name that has become another."""
    words = [word for name in wish.resources for word in (name, pluralize(name), make_class(name))]
    words += [word for _, word in wish.fields]
    if not words:
        return []
    pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})(?![^\W_])")
    found = list(_find(project, plan, pattern))
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    return [f"These lines of yours say the old name: {', '.join(found[:MOST])}{more}."] * bool(
        found
    )


def _find(project: Path, plan: Plan, pattern: re.Pattern[str]) -> Iterator[str]:
    changed = {change.path: change.file for change in plan.changes if change.file}
    gone = {change.source for change in plan.changes}
    gone |= {change.path for change in plan.changes if change.action is Action.DELETE}
    there = set(filter(is_merged, list_files(project, Ignored(project)))) - gone
    for path in sorted(there | {path for path in changed if is_merged(path)}):
        file = changed.get(path)
        data = file.data if file else (project / path).read_bytes()
        for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
            if line.strip() not in plan.rendered and pattern.search(line):
                yield f"{path}:{number}"
