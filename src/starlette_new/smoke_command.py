"""The command `smoke`: choose projects, list them or prove them, and say what became of them."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette_new import report, smoke_report
from starlette_new.cases import Case, Selection, choose_cases, read_cases
from starlette_new.errors import UsageProblem, show
from starlette_new.processes import check_timeout
from starlette_new.smoke import Proof, SmokeOptions, smoke

if TYPE_CHECKING:
    from rich.status import Status


@dataclass(frozen=True)
class Reports:
    """How to say what became of the projects.

    junit, markdown: files to write besides; inputs: files that must stay as they are.
    """

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    junit: Path | None = None
    markdown: Path | None = None
    inputs: tuple[Path, ...] = ()


def choose(file: str | None, selection: Selection) -> list[Case]:
    """Choose the projects to prove; raise UsageProblem where there are none."""
    return _check_some(choose_cases(selection) if file is None else read_cases(file, selection))


def _check_some(cases: list[Case]) -> list[Case]:
    if not cases:
        raise UsageProblem("There is nothing to prove.", "Leave out --shard, or some --only.")
    return cases


def choose_foreign_cases(
    template: str,
    pairs: Sequence[str],
    selection: Selection,
    *,
    trust: bool,
    offline: bool,
    timeout: float,
) -> list[Case]:
    """Choose the projects to prove of somebody's own template; raise Problem."""
    from starlette_new.foreign_cases import choose_foreign
    from starlette_new.sources import find_source, read_data

    check_timeout(timeout)
    data, source = read_data(pairs), find_source(template, offline=offline)
    cases = choose_foreign(source, data, selection, trust=trust, timeout=timeout)
    return _check_some(cases)


def read_shard(text: str) -> tuple[int, int]:
    """Read "2/4", the second of four parts; raise UsageProblem."""
    number, _, of = text.partition("/")
    if not (number.isascii() and of.isascii() and number.isdigit() and of.isdigit()) or not (
        1 <= int(number) <= int(of)
    ):
        raise UsageProblem(
            f"--shard cannot be {show(text)}.", "Write 2/4 for the second of four.", field="shard"
        )
    return int(number), int(of)


def list_cases(cases: Sequence[Case], *, as_json: bool) -> None:
    """Print which projects would be proven."""
    if as_json:
        report.print_document(smoke_report.make_document(cases, None, 0.0))
    else:
        print("\n".join(case.name for case in cases))


def prove_cases(cases: Sequence[Case], options: SmokeOptions, reports: Reports) -> None:
    """Prove projects and report; raise RedSmoke if one is red."""
    started = time.monotonic()
    paths = [path for path in (reports.junit, reports.markdown) if path is not None]
    smoke_report.check_reports(paths, reports.inputs)
    if cases[0].template and not (reports.as_json or reports.quiet):
        print(cases[0].template.summary)
    with _View(len(cases), reports) as view:
        proofs = smoke(cases, options, view)
    seconds = time.monotonic() - started
    for path, text in (
        (reports.junit, smoke_report.make_junit(proofs)),
        (reports.markdown, smoke_report.make_markdown(proofs, cases, seconds)),
    ):
        if path is not None:
            smoke_report.write_report(path, text)
    document = smoke_report.make_document(cases, proofs, seconds)
    red = [proof for proof in proofs if not proof.ok]
    if not reports.as_json:
        for proof in red:
            print("\n".join(smoke_report.describe_red(proof)))
        if not reports.quiet:
            print(f"\n{smoke_report.describe_end(proofs, cases, seconds)}")
    if red:
        raise smoke_report.RedSmoke(cases, proofs, document)
    if all(proof.skipped for proof in proofs):
        raise UsageProblem(proofs[0].skipped or "", "Give other answers with --data.", field="data")
    if reports.as_json:
        report.print_document(document)


class _View:
    """Shows what goes on: a line for each project that is done, and what is at work below them."""

    def __init__(self, total: int, reports: Reports) -> None:
        self._total = total
        self._is_silent = reports.quiet or reports.as_json
        self._verbose = reports.verbose
        self._at_work: list[str] = []
        self._done = 0
        self._status: Status | None = None

    def __enter__(self) -> "_View":
        if not self._is_silent and report.is_terminal(sys.stdout):
            from rich.console import Console

            self._status = Console(highlight=False).status("Starting")
            self._status.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._status:
            self._status.stop()

    def __call__(self, event: Case | Proof) -> None:
        if isinstance(event, Case):
            self._at_work.append(event.name)
        else:
            self._at_work.remove(event.case.name)
            self._done += 1
            self._print(event)
        if self._status:
            self._status.update(
                f"{self._done} of {self._total}, at work: {', '.join(self._at_work)}"
            )

    def _print(self, proof: Proof) -> None:
        if self._is_silent:
            return
        lines = [smoke_report.describe_proof(proof)]
        if self._verbose:
            lines += [f"    {report.describe_check(check)}" for check in proof.checks]
        if self._status:
            style = "green" if proof.ok else "red"
            self._status.console.print("\n".join(lines), style=style, markup=False, soft_wrap=True)
        else:
            print("\n".join(lines), flush=True)
