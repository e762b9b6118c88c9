"""What can be typed after `copy-rows`."""

from pathlib import Path
from typing import Annotated

import typer

from starlette_new.flags import AsJson, Offline, OwnPython, Quiet, Verbose, tell

File = Annotated[
    str | None,
    typer.Argument(metavar="[FILE]", help="The database of SQLite [NAME.db]", show_default=False),
]
Timeout = Annotated[
    float, tell("--timeout", metavar="SECONDS", help="What the copying may take [3600]")
]
CountOnly = Annotated[bool, tell("-n", "--dry-run", help="Count the rows, and write nothing")]


def copy_rows_command(
    file: File = None,
    dry_run: CountOnly = False,
    python: OwnPython = "",
    offline: Offline = False,
    timeout: Timeout = 3600.0,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Copy the rows of a database of SQLite into this project's PostgreSQL."""
    from starlette_new import moving, moving_report, report
    from starlette_new.commands import Options

    options = Options(
        folder=Path(), python=python, offline=offline, timeout=timeout, dry_run=dry_run
    )
    with report.Progress(quiet=quiet or as_json, verbose=verbose) as progress:
        copied = moving.copy_rows(file, options, progress)
    if as_json:
        report.print_document(moving_report.make_copied_document(copied))
    elif not quiet:
        report.print_lines(moving_report.describe_copied(copied))
