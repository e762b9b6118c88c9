"""What the owner of a project changed since it was made, or since we changed it last."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette_new import adopted, merge
from starlette_new.blueprint_file import read_blueprint_file
from starlette_new.changing import ChangeOptions, describe
from starlette_new.ignored import Ignored, list_files
from starlette_new.journal import recover
from starlette_new.merge import Action, Change
from starlette_new.moves import find_obstacles, read_tree
from starlette_new.outcomes import Announce, Outcome, ToolOutput
from starlette_new.planning import Tree, is_merged, read_all
from starlette_new.processes import Processes
from starlette_new.versions import render_applied


def compare(options: ChangeOptions, announce: Announce) -> Outcome:
    """Compare a project with what it was made as; raise Problem."""
    started = time.monotonic()
    project = options.folder.resolve()
    file = read_blueprint_file(project)
    outcome = describe("diff", project, file.blueprint, options)
    outcome.notes += filter(None, [recover(project)])
    file = read_blueprint_file(project)
    with (
        TemporaryDirectory() as folder,
        Processes(options.timeout, lambda text: announce(ToolOutput(text))) as processes,
    ):
        announce("Rendering")
        tree = Path(folder) / "made" / str(file.applied.answers.get("name", "project"))
        tree.parent.mkdir()
        render_applied(file.applied, tree, Path(folder), processes, offline=options.offline)
        made = adopted.narrow(read_all(tree), file.applied)
    hidden = find_obstacles(project, made)
    made = {path: one for path, one in made.items() if path not in hidden}
    now = _read_project(project, made, is_whole=not file.applied.owner)
    outcome.changes = [
        Change(path, _name(path, made, now), now.get(path))
        for path in sorted({*made, *now})
        if made.get(path) != now.get(path)
    ]
    outcome.diff = merge.diff(made, now)
    outcome.seconds = time.monotonic() - started
    return outcome


def _read_project(project: Path, made: Tree, *, is_whole: bool) -> Tree:
    """Read what its owner wrote: all that is not ignored, and not written by a tool.

    is_whole: not of a project that was adopted, which is its owner's but for what we made.
    """
    ignored = Ignored(project)
    paths = [path for path in list_files(project, ignored) if is_merged(path)]
    return read_tree(project, [path for path in paths if is_whole or path in made])


def _name(path: str, made: Tree, now: Tree) -> Action:
    if path not in made:
        return Action.CREATE
    return Action.DELETE if path not in now else Action.MODIFY
