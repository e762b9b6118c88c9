"""The rows of a database of SQLite are copied into PostgreSQL, by the project's own interpreter."""

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette_new.answers import list_answers
from starlette_new.blueprint import Blueprint
from starlette_new.blueprint_file import read_blueprint
from starlette_new.chain import KEPT, read_chain
from starlette_new.commands import Options, find_python, is_adopted, log_kept
from starlette_new.environment import Environment
from starlette_new.errors import (
    Problem,
    ProofProblem,
    SurroundingsProblem,
    TargetProblem,
    UsageProblem,
    show,
)
from starlette_new.journal import recover
from starlette_new.losses import LossProblem
from starlette_new.outcomes import Announce, ToolOutput
from starlette_new.place import keep_log
from starlette_new.processes import Processes
from starlette_new.recipes import list_starts
from starlette_new.stored_rows import read_revision

INSIDE = ("postgres_rows", "row_copy", "row_tables", "row_values", "sqlite_rows")
"""The modules that the project's interpreter runs; it has none of the others."""
_PROBLEMS: Mapping[str, type[Problem]] = {
    "loss": LossProblem,
    "proof": ProofProblem,
    "surroundings": SurroundingsProblem,
    "target": TargetProblem,
}


@dataclass(frozen=True)
class CopiedTable:
    """A table. checksum: a SHA-256 of its rows, the same on both sides; None of a dry run."""

    name: str
    rows: int
    checksum: str | None


@dataclass
class Copied:
    """What was copied, or would be. source: the file; database: the address, without a password."""

    project: Path
    answers: Mapping[str, object]
    source: Path
    dry_run: bool
    database: str = ""
    tables: Sequence[CopiedTable] = ()
    notes: list[str] = field(default_factory=list)
    next: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def copy_rows(file: str | None, options: Options, announce: Announce) -> Copied:
    """Copy the rows of a database of SQLite into that of the project; raise Problem."""
    started = time.monotonic()
    project = options.folder.resolve()
    blueprint = read_blueprint(project)
    _check_engine(blueprint)
    source = Path(file) if file is not None else project / f"{blueprint.name}.db"
    _check_source(project, source)
    copied = Copied(project, list_answers(blueprint), source.absolute(), options.dry_run)
    copied.notes += filter(None, [recover(project)])
    starts = [] if is_adopted(project) else list_starts(blueprint, project)[-1:]
    migrate = f"{[*starts, 'uv run python -m app'][0]} migrate"
    answer = _run(copied, migrate, options, announce)
    copied.database = answer["database"]
    copied.tables = [CopiedTable(**table) for table in answer["tables"]]
    copied.next = [] if copied.dry_run else starts
    copied.seconds = time.monotonic() - started
    return copied


def _check_engine(blueprint: Blueprint) -> None:
    if blueprint.with_db != "postgres":
        raise TargetProblem(
            f"Rows are copied into PostgreSQL, and this project is for {blueprint.with_db}.",
            "Type first: starlette-new add --with-db postgres",
        )


def _check_source(project: Path, source: Path) -> None:
    """Raise UsageProblem or TargetProblem if the rows are not as the last migration leaves them."""
    try:
        with source.open("rb") as stream:
            is_sqlite = stream.read(15) == b"SQLite format 3"
    except OSError as error:
        raise UsageProblem(
            f"The file {show(source)} cannot be read: {error.strerror}.",
            "Name the file of the database of SQLite.",
            field="file",
        ) from None
    if not is_sqlite:
        raise UsageProblem(
            f"The file {show(source)} is no database of SQLite.",
            "Name the file that the project kept its rows in.",
            field="file",
        )
    last, there = read_chain(project, KEPT).last, read_revision(source)
    if last and there != last:
        raise TargetProblem(
            f"The database {source.name} is at the migration {there or 'none'}, and the last of "
            f"{KEPT} is {last}.",
            "Migrate it with the project as it was before, which Git has.",
        )


def _run(copied: Copied, migrate: str, options: Options, announce: Announce) -> dict[str, Any]:
    with (
        TemporaryDirectory() as folder,
        Processes(options.timeout, lambda text: announce(ToolOutput(text))) as processes,
    ):
        python = options.python or find_python(copied.project)
        environment = Environment(copied.project, Path(folder), python, options.offline, processes)
        announce("Installing")
        with log_kept(processes):
            environment.sync("--inexact")
        announce("Copying")
        return _run_inside(copied, migrate, environment, processes)


def _run_inside(
    copied: Copied, migrate: str, environment: Environment, processes: Processes
) -> dict[str, Any]:
    """Let the project's interpreter copy, and read how that ended."""
    answer = environment.scratch / "answer"
    arguments = [str(copied.source), str(answer), migrate, *["--dry-run"] * copied.dry_run]
    done = processes.run(
        environment.python_command("-m", "starlette_new.row_copy", *arguments),
        copied.project,
        environment.uv_variables() | _place_modules(environment.scratch / "inside"),
    )
    if done.code is None:
        raise SurroundingsProblem(
            f"The copying did not end within {done.seconds:.1f} s, and was stopped: all rows are "
            "there, or none is.",
            "Look which, and give it more with --timeout.",
        )
    if not done.ok:
        raise TargetProblem(
            "No row was copied: the project itself does not get as far as that.",
            "Mend what the log says.",
            log=keep_log(processes.log),
        )
    read: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    if "code" in read:
        raise _PROBLEMS[read["code"]](read["message"], read["hint"])
    return read


def _place_modules(folder: Path) -> dict[str, str]:
    """Place what the project's interpreter runs, and give the variables that let it find that."""
    package = Path(__file__).parent
    inside = folder / package.name
    inside.mkdir(parents=True)
    for name in ("__init__", *INSIDE):
        shutil.copyfile(package / f"{name}.py", inside / f"{name}.py")
    return {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
