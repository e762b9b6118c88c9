"""What a change would do to a project, file by file: worked out aside, nothing written there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from starlette_new import adopted, engine_change, merge, moves
from starlette_new.answers import FILE_NAME
from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.blueprint_file import BlueprintFile, read_blueprint_file, write_file
from starlette_new.chain import FOLDER as VERSIONS
from starlette_new.chain import KEPT, read_chain
from starlette_new.errors import TargetProblem, UsageProblem
from starlette_new.ignored import Ignored, list_files
from starlette_new.merge import Action, Change, File
from starlette_new.merge_text import has_markers
from starlette_new.names import pluralize
from starlette_new.next_migration import write_migration
from starlette_new.next_sql import write_sql
from starlette_new.pasting import Paste, find_paste
from starlette_new.processes import Processes
from starlette_new.prove import Tools
from starlette_new.render import format_text, render
from starlette_new.schema_changes import Renames, SchemaChange
from starlette_new.versions import render_applied
from starlette_new.wishes import Wish

Tree = dict[str, File]
_OURS = (FILE_NAME, "uv.lock", "main.py.lock")


@dataclass
class Plan:
    """What a change does.

    before: the files of the project that it is about, as they are. schema: what becomes of the
    database. rendered: every line that the templates wrote. notes: what its owner should know.
    share: of an adopted project, what is whose; paste: what is to do there by hand.
    """

    blueprint: Blueprint
    changes: list[Change]
    before: Tree
    schema: SchemaChange
    rendered: set[str]
    notes: list[str] = field(default_factory=list)
    share: adopted.Share | None = None
    paste: Paste | None = None


@dataclass(frozen=True)
class Rendered:
    """What a project was made as, and what it is to be: old, new. They hold no migrations, and no
    blueprint file; `new_tree` has them."""

    old: Tree
    new: Tree
    new_tree: Path


def read_all(tree: Path) -> Tree:
    """Read all files of a tree that was rendered, but for those that are nobody's to merge."""
    paths = [path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()]
    return moves.read_tree(tree, filter(is_merged, paths))


def is_merged(path: str) -> bool:
    """Tell whether a file is merged: history is not, nor what this program or uv writes."""
    return path not in _OURS and not path.startswith((f"{VERSIONS}/", f"{KEPT}/"))


def render_both(
    file: BlueprintFile,
    blueprint: Blueprint,
    scratch: Path,
    processes: Processes,
    *,
    offline: bool,
) -> Rendered:
    """Render what the project was, and what it is to be; raise Problem."""
    name = str(file.applied.answers.get("name", "project"))
    old, new = scratch / "old" / name, scratch / "new" / blueprint.name
    for folder in (old.parent, new.parent):
        folder.mkdir()
    render_applied(file.applied, old, scratch, processes, offline=offline)
    render(blueprint, new)
    return Rendered(read_all(old), read_all(new), new)


def make_plan(
    project: Path, file: BlueprintFile, wish: Wish, tools: Tools, *, offline: bool
) -> Plan:
    """Work out a change of a project; raise Problem where it cannot be."""
    blueprint = make_blueprint(wish.answers)
    old = make_blueprint(file.applied.answers)
    _check_answers(file, old, blueprint)
    renames = Renames(wish.resources, wish.fields)
    schema = engine_change.compare_tables(old, blueprint, wish.answers, renames)
    schema = replace(schema, jobs=blueprint.with_jobs - old.with_jobs)
    _check_defaults(schema)
    scratch = tools.environment.scratch
    rendered = render_both(file, blueprint, scratch, tools.processes, offline=offline)
    share = _share(project, file, blueprint, rendered)
    if share:
        rendered = replace(rendered, old=share.old, new=share.new)
    before, changes = _merge(project, rendered, wish)
    lines = {line.strip() for one in rendered.new.values() for line in _read_lines(one)}
    plan = Plan(blueprint, changes, before, schema, lines, share=share)
    if blueprint.name != old.name and blueprint.with_db != "none":
        end = "" if blueprint.with_db == "postgres" else ".db"
        plan.notes.append(
            f"The database is {blueprint.name}{end} now, unless DATABASE_URL names another: rename "
            f"{old.name}{end}."
        )
    if share is None or share.is_placed:
        _add_migration(plan, project, old, rendered.new_tree, scratch)
    if share:
        plan.changes += share.changes
        plan.paste = _find_paste(project, rendered.new_tree, is_placed=share.is_placed)
        plan.notes += plan.paste.notes
    _add_blueprint(plan, file, wish, rendered.new_tree)
    plan.changes.sort(key=lambda change: change.path)
    return plan


def _check_answers(file: BlueprintFile, old: Blueprint, blueprint: Blueprint) -> None:
    """Raise UsageProblem for an answer that a project cannot be given later."""
    if blueprint.layout != old.layout:
        raise UsageProblem(
            f"The layout {old.layout} of a project cannot become {blueprint.layout}.",
            "Make a new project, and move what you wrote.",
            field="layout",
        )
    if blueprint.with_telemetry and file.applied.owner:
        raise UsageProblem(
            "Telemetry of a project that was adopted is its owner's.",
            "Middleware of your own application sees what is added as well.",
            field="with_telemetry",
        )
    if blueprint.with_jobs and file.applied.owner:
        raise UsageProblem(
            "Background work of a project that was adopted is its owner's.",
            "Procrastinate can be used without starlette-new.",
            field="with_jobs",
        )


def _share(
    project: Path, file: BlueprintFile, blueprint: Blueprint, rendered: Rendered
) -> adopted.Share | None:
    if not file.applied.owner:
        return None
    has_resources = bool(blueprint.resources)
    return adopted.share(
        project, file.applied, rendered.old, rendered.new, has_resources=has_resources
    )


def _find_paste(project: Path, tree: Path, *, is_placed: bool) -> Paste:
    if is_placed:
        return find_paste(project, tree)
    return Paste(["Nothing is placed before there is a resource."], [], is_ready=False)


def find_paste_now(project: Path, scratch: Path) -> Paste | None:
    """Find what is to do by hand in an adopted project as it is; None if it is all ours."""
    file = read_blueprint_file(project)
    if not file.applied.owner:
        return None
    tree = scratch / "now" / file.blueprint.name
    tree.parent.mkdir()
    render(file.blueprint, tree)
    return _find_paste(project, tree, is_placed=file.applied.is_placed)


def _read_lines(file: File) -> list[str]:
    return file.data.decode(errors="replace").splitlines()


def _check_defaults(schema: SchemaChange) -> None:
    if schema.needs_default:
        names = ", ".join(schema.needs_default)
        raise UsageProblem(
            f"The rows that are there have no value for {names}.",
            "Make it optional with ? after its type, or give it a default with = at its end (a "
            "reference can only be optional).",
            field="resources",
        )


def _merge(project: Path, rendered: Rendered, wish: Wish) -> tuple[Tree, list[Change]]:
    ignored = Ignored(project)
    paths = {*rendered.old, *rendered.new}
    untouched = {path: "ignored by .gitignore" for path in paths if path in ignored}
    obstacles = moves.find_obstacles(project, paths - untouched.keys())
    ours = moves.read_tree(project, paths - untouched.keys() - obstacles.keys())
    marked = sorted(path for path, one in ours.items() if has_markers(one.data))
    if marked:
        raise TargetProblem(
            f"There are conflict markers in {', '.join(marked)}.", "Decide there first."
        )
    moved = _find_moved(project, ignored, rendered, ours, {*untouched, *obstacles})
    strangers = moves.read_tree(project, set(moved.values()))
    changes = merge.merge(
        rendered.old,
        ours | strangers,
        rendered.new,
        renames=_find_renames(rendered, wish.resources),
        moved=moved,
        ignored=untouched,
        blocked=obstacles,
    )
    return ours | strangers, changes


def _find_moved(
    project: Path, ignored: Ignored, rendered: Rendered, ours: Tree, apart: set[str]
) -> Mapping[str, str]:
    if rendered.old.keys() <= ours.keys() | apart:
        return {}
    known = {*rendered.old, *rendered.new}
    strangers = set(filter(is_merged, list_files(project, ignored))) - known
    old = {path: one for path, one in rendered.old.items() if path not in apart}
    return moves.find_moved(old, ours, moves.read_tree(project, strangers))


def _find_renames(rendered: Rendered, resources: Mapping[str, str]) -> dict[str, str]:
    """Find where the files of resources go that have another name."""
    found = {}
    for old, new in resources.items():
        before, after = pluralize(old), pluralize(new)
        for path in rendered.old:
            moved = re.sub(rf"(^|/)(test_)?{before}(?=/|\.py$)", rf"\g<1>\g<2>{after}", path)
            if moved != path and moved in rendered.new and path not in rendered.new:
                found[path] = moved
    return found


def _add_migration(
    plan: Plan, project: Path, old: Blueprint, new_tree: Path, scratch: Path
) -> None:
    blueprint = plan.blueprint
    if blueprint.layout == "single":
        _tell_sql(plan, old)
        return
    if engine_change.comes(old, blueprint):
        history, changes = engine_change.begin_again(project, old, _list_first(new_tree))
        plan.before |= history
        plan.changes += changes
        plan.notes += engine_change.tell(project, blueprint, history)
        return
    chain = read_chain(project)
    if chain.last is None:
        plan.changes += _list_first(new_tree)
        return
    if not plan.schema:
        return
    text = write_migration(plan.schema, old.resources, blueprint.resources, chain.next, chain.last)
    name = f"{VERSIONS}/{chain.next}_{plan.schema.slug}.py"
    data = format_text(text, new_tree, scratch)
    plan.changes.append(Change(name, Action.CREATE, File(data), "the next migration"))
    start = (
        " In development the next start applies it: end a server that runs. Elsewhere type: "
        f"uv run {blueprint.name} migrate"
    )
    plan.notes.append(f"Read {name}.{start * (plan.share is None)}")


def _list_first(new_tree: Path) -> list[Change]:
    return [
        Change(
            f"{VERSIONS}/{one.name}", Action.CREATE, File(one.read_bytes()), "the first migration"
        )
        for one in sorted((new_tree / VERSIONS).glob("*.py"))
    ]


def _tell_sql(plan: Plan, old: Blueprint) -> None:
    statements = write_sql(plan.schema, old.resources, plan.blueprint.resources)
    if statements:
        plan.notes.append(
            "Before you start it: a database that is there needs this SQL. Save it as FILE, and "
            f"type: sqlite3 -bail {old.name}.db < FILE"
        )
        plan.notes += statements


def _add_blueprint(plan: Plan, file: BlueprintFile, wish: Wish, new_tree: Path) -> None:
    new = (new_tree / FILE_NAME).read_bytes()
    if plan.share:
        new = adopted.mark(new, plan.share.owner, is_placed=plan.share.is_placed)
    data = write_file(file, wish.answers, plan.blueprint, new)
    plan.before[FILE_NAME] = File(file.data)
    plan.changes.append(Change(FILE_NAME, Action.MODIFY, File(data)))
