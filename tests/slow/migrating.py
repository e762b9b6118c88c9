"""Prove that each kind of change of a blueprint takes the database along, with every row."""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from deltas import make_delta
from jinja2 import Environment, Template
from ledger import Ledger
from migration_cases import Case, list_cases, list_joined_cases
from migration_rows import make_rows, name_plain
from tool import TOOL, clean_environment, run

from starlette_new.blueprint import make_blueprint
from starlette_new.conversions import Conversion, list_removed
from starlette_new.language import Resource, parse_resource
from starlette_new.migration import write_downgrade, write_upgrade
from starlette_new.next_migration import write_migration
from starlette_new.relations import check_resources
from starlette_new.schema_changes import Renames, SchemaChange, compare
from starlette_new.templates import find_templates
from starlette_new.view_engine import view_engine, view_indexes
from starlette_new.view_resource import view_resource

RUNNER = Path(__file__).with_name("migration_runner.py")
ALL_TYPES = "task a:decimal(4,2) b:text"
LIMIT = 3600.0


def main() -> int:
    options = _read_options()
    known = list_joined_cases() if options.joined else list_cases()
    cases = [case for case in known if _is_chosen(case.name, options.only)]
    for number in range(options.rounds):
        seed = options.seed + number
        cases.append(make_delta(f"random {seed}", random.Random(seed)))  # noqa: S311
    ledger = Ledger("Migrations")
    with tempfile.TemporaryDirectory(prefix="migrating-") as name:
        folder = Path(name)
        project = options.project or make_project(folder)
        documents = [describe(case, options.rows) for case in cases]
        if options.keep:
            options.keep.mkdir(exist_ok=True)
            for case, document in zip(cases, documents, strict=True):
                (options.keep / f"{name_plain(case.name)}.py").write_text(
                    str(document["migration"]), encoding="utf-8"
                )
        for title, faults, seconds, note in run_cases(project, folder, documents):
            ledger.add(title, faults, seconds, note)
        started = time.monotonic()
        faults = lint(project, folder, documents, types=not options.joined)
        ledger.add("Ruff and mypy", faults, time.monotonic() - started)
    missing = len(cases) + 1 - len(ledger.entries)
    if missing:
        ledger.add("all cases ran", [f"{missing} did not"], 0.0)
    return ledger.close()


def make_project(folder: Path) -> Path:
    """Make a project whose environment has what a migration needs."""
    arguments = ["new", "demo", "--no-git", "--no-verify", "-o", ".", "--resource", ALL_TYPES]
    ended = run([TOOL, *arguments], folder)
    if ended.code != 0:
        raise SystemExit(ended.stdout + ended.stderr)
    return folder / "demo"


def describe(case: Case, rows: int) -> dict[str, object]:
    """Write all that the runner needs of a case."""
    old, new = _parse(case.old), _parse(case.new)
    change = compare(old, new, Renames(case.resources, case.fields))
    text = write_migration(change, old, new, "0002", "0001")
    tables = {table.old.plural: table.new.plural for table in change.tables}
    tables |= {one["table"]: two["table"] if two else None for one, two in change.links if one}  # type: ignore[misc]
    tables |= {one.plural: None for one in change.removed}  # type: ignore[misc]
    return {
        "name": case.name,
        "old": {"first": _write_first(old)},
        "new": {"first": _write_first(new), "models": _write_models(new)},
        "migration": text,
        "refused": case.refused,
        "back_refused": case.back_refused,
        "may_stop": case.may_stop,
        "own": case.own,
        "rows": make_rows(old, rows, case.values),
        "tables": tables,
        "columns": _name_columns(change, kept_only=True),
        "names": _name_columns(change, kept_only=False),
        "restored": _list_restored(change, case.after),
        "after": _list_after(case),
    }


def _parse(lines: Sequence[str]) -> list[Resource]:
    resources = [parse_resource(line) for line in lines]
    check_resources(resources)
    return resources


def _write_first(resources: Sequence[Resource]) -> str:
    steps = {"upgrade": write_upgrade(resources), "downgrade": write_downgrade(resources)}
    functions = [
        f"def {name}() -> None:\n    " + "\n    ".join(lines) + "\n"
        for name, lines in steps.items()
    ]
    head = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "0001"\n'
    return f"{head}down_revision = None\n\n" + "\n".join(functions)


def _write_models(resources: Sequence[Resource]) -> list[str]:
    engine = view_engine(make_blueprint({"name": "demo"}))
    views = [view_resource(one, resources) | view_indexes(one) for one in resources]
    return [_load_template().render(resource=view, **engine) for view in views]


@cache
def _load_template() -> Template:
    """Load the template of models in the standard layout."""
    folder = find_templates() / "standard" / "template" / "app" / "resources"
    text = next(folder.glob("*/models.py.jinja")).read_text("utf-8")
    return Environment(trim_blocks=True, autoescape=False).from_string(text)  # noqa: S701


def _name_columns(change: SchemaChange, *, kept_only: bool) -> dict[str, dict[str, str]]:
    """Map the columns of each table to their new names; only those whose values stay."""
    found = {}
    for table in change.tables:
        names = {"id": "id", "created_at": "created_at", "lock_version": "lock_version"}
        for one in table.kept:
            stays = one.conversion.value == Conversion().value and one.old.type == one.new.type
            if not kept_only or (stays and not one.lacks_value):
                names[one.old.name] = one.new.name
        found[table.old.plural] = names
    for old, new in change.links:
        if old and new:
            found[old["table"]] = {old["row"]: new["row"], old["other"]: new["other"]}
    return found


def _list_restored(change: SchemaChange, after: Mapping[str, object]) -> dict[str, list[str]]:
    """Name the columns of each table whose values the way back restores."""
    found = {}
    for table in change.tables:
        names = [
            one.old.name
            for one in table.kept
            if one.conversion == Conversion() or f"{table.old.plural}.{one.old.name}" in after
            if not one.lacks_value and not list_removed(one.old, one.new)
        ]
        found[table.old.plural] = ["id", "created_at", "updated_at", "lock_version", *names]
    for old, new in change.links:
        if old and new:
            found[old["table"]] = [old["row"], old["other"]]
    return found


def _list_after(case: Case) -> dict[str, dict[str, list[list[object]]]]:
    found: dict[str, dict[str, list[list[object]]]] = {}
    for place, values in case.after.items():
        table, column = place.split(".")
        pairs = [list(pair) for pair in zip(case.values[place], values, strict=True)]
        found.setdefault(table, {})[column] = pairs
    return found


def run_cases(
    project: Path, folder: Path, documents: Sequence[Mapping[str, object]]
) -> list[tuple[str, list[str], float, str]]:
    (folder / "cases.json").write_text(json.dumps(documents), encoding="utf-8")
    python = project / ".venv/bin/python"
    environment = {**clean_environment(), "PYTHONPATH": str(project)}
    ended = run([python, RUNNER, folder], project, env=environment, limit=LIMIT)
    if ended.code != 0:
        print(ended.stderr[-2000:])
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    return [(name, faults, seconds, note) for name, faults, seconds, note in lines]


def lint(
    project: Path, folder: Path, documents: Sequence[Mapping[str, object]], *, types: bool
) -> list[str]:
    """Check the migrations, formatted, as a generated project checks itself."""
    versions = folder / "versions"
    versions.mkdir()
    changed = [document for document in documents if "op." in str(document["migration"])]
    for number, document in enumerate(changed):
        (versions / f"m{number}.py").write_text(str(document["migration"]), encoding="utf-8")
    settings = project / "pyproject.toml"
    bin = project / ".venv/bin"
    commands: list[list[str | Path]] = [
        [bin / "ruff", "check", "--no-cache", "--select", "I", "--fix", "--config", settings, "."],
        [bin / "ruff", "format", "--no-cache", "--config", settings, "."],
        [bin / "ruff", "check", "--no-cache", "--config", settings, "."],
        [bin / "mypy", "--strict", "--config-file", "", "."],
    ]
    faults = []
    for command in commands if types else commands[:-1]:
        ended = run(command, versions, limit=LIMIT)
        faults += [ended.stdout[-1500:]] * (ended.code != 0)
    return faults


def _is_chosen(name: str, only: Sequence[str] | None) -> bool:
    return only is None or any(fnmatch(name, pattern) for pattern in only)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", metavar="CASE", help='"add *", "swap fields"')
    parser.add_argument("--rows", type=int, default=10_000, help="of each table (10,000)")
    parser.add_argument("--rounds", type=int, default=100, help="random changes (100)")
    parser.add_argument("--joined", action="store_true", help="many changes at once; no mypy")
    parser.add_argument("--seed", type=int, default=1, help="of the first of them (1)")
    parser.add_argument("--project", type=Path, help="a generated project with an environment")
    parser.add_argument("--keep", type=Path, help="a folder to write the migrations to")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
