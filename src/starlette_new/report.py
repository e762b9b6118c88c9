"""What a command says: on a screen to a person, as one JSON document to a program."""

import json
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from starlette_new import __version__
from starlette_new.commands import Outcome, RedProof, ToolOutput
from starlette_new.errors import Problem
from starlette_new.prove import Check

if TYPE_CHECKING:
    from rich.status import Status

SCHEMA = 1
"""The version of the JSON document; it grows when a key goes or changes its meaning."""


class Progress:
    """Shows on a terminal what goes on; elsewhere it is silent, or lists the steps if verbose."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._verbose = verbose
        self._quiet = quiet
        self._status: Status | None = None

    def __enter__(self) -> Self:
        if not self._quiet and not self._verbose and is_terminal(sys.stderr):
            from rich.console import Console

            self._status = Console(stderr=True).status("Checking")
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status:
            self._status.stop()

    def __call__(self, event: str | Check) -> None:
        """Show the step that begins, or the check that is done."""
        if isinstance(event, ToolOutput):
            if self._verbose:
                print(event, file=sys.stderr)
            return
        text = f"{event} …" if isinstance(event, str) else f"{event.name}: {event.detail}"
        if self._status:
            self._status.update(text)
        elif self._verbose:
            print(text, file=sys.stderr)


def is_terminal(stream: object) -> bool:
    """Tell whether a stream is open and a terminal."""
    return bool(stream) and stream.isatty()  # type: ignore[attr-defined]


def describe_check(check: Check) -> str:
    """Put a check into one line."""
    return f"{mark(check.ok)} {check.name:<10} {check.detail} ({check.seconds:.1f} s)"


def mark(ok: bool) -> str:
    streams = (sys.stdout, sys.__stdout__)  # while Rich shows a status, the first has no encoding
    encoding = next(filter(None, (getattr(s, "encoding", None) for s in streams)), "ascii")
    marks = ("✗", "✓") if encoding.lower().startswith("utf") else ("failed", "ok")
    return marks[ok]


def print_outcome(outcome: Outcome) -> None:
    """Show a person what was made, what was proven, and what to type next: one screen."""
    lines = describe_outcome(outcome)
    if not is_terminal(sys.stdout):
        print("\n".join(text for text, _ in lines))
        return
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for text, style in lines:
        console.print(text, style=style, markup=False)


def describe_outcome(outcome: Outcome) -> list[tuple[str, str | None]]:
    """Put the outcome into lines, each with its style on a terminal."""
    lines: list[tuple[str, str | None]] = [(f"{outcome.project}", "bold"), (outcome.summary, None)]
    lines.append(("", None))
    if outcome.dry_run:
        lines += [(f"  create  {path}", None) for path in outcome.files]
        return [*lines, ("", None), ("Nothing was written.", "bold")]
    lines += [(f"  {describe_check(c)}", "green" if c.ok else "red") for c in outcome.checks]
    lines += [(f"  {note}", None) for note in outcome.notes]
    proven = f"Proven in {outcome.seconds:.1f} s." if outcome.proven else "Not proven."
    lines += [("", None), (f"{proven}{' Type next:' if outcome.next else ''}", "bold")]
    return [*lines, *((f"  {command}", "cyan") for command in outcome.next)]


def make_document(outcome: Outcome) -> dict[str, object]:
    """Describe what a command did as plain values; README.md explains the keys."""
    return {
        "schema": SCHEMA,
        "starlette_new": __version__,
        "command": outcome.command,
        "ok": all(check.ok for check in outcome.checks),
        "dry_run": outcome.dry_run,
        "proven": outcome.proven,
        "project": {
            "path": str(outcome.project),
            "answers": outcome.answers,
        },
        "template": outcome.template.facts if outcome.template else None,
        "plan": [{"action": "create", "path": path} for path in outcome.files],
        "files": [] if outcome.dry_run else outcome.files,
        "checks": [vars(c) | {"seconds": round(c.seconds, 3)} for c in outcome.checks],
        "notes": outcome.notes,
        "next": outcome.next,
        "log": None,
        "seconds": round(outcome.seconds, 3),
    }


def make_problem_document(problem: Problem, command: str) -> dict[str, object]:
    """Describe what went wrong, and what had been done before."""
    done = make_document(problem.outcome) if isinstance(problem, RedProof) else problem.document
    return {
        "schema": SCHEMA,
        "starlette_new": __version__,
        "command": command,
        **done,
        "ok": False,
        "log": str(problem.log) if problem.log else None,
        "error": {
            "code": problem.code,
            "message": problem.message,
            "field": problem.field,
            "hint": problem.hint,
        },
    }


def make_skill_document(folder: Path, files: list[str], *, is_new: bool) -> dict[str, object]:
    """Describe where the skill is."""
    return {
        "schema": SCHEMA,
        "starlette_new": __version__,
        "command": "skill",
        "ok": True,
        "path": str(folder / "starlette"),
        "files": files,
        "written": is_new,
    }


def print_document(document: dict[str, object]) -> None:
    """Print the one JSON document."""
    print(json.dumps(document, indent=2))


def print_problem(problem: Problem) -> None:
    """Say in one sentence what is wrong and what to do, below the last lines of its log."""
    if isinstance(problem, RedProof):
        for check in problem.outcome.checks:
            print(describe_check(check), file=sys.stderr)
    if problem.log:
        for line in problem.log.read_text(encoding="utf-8").splitlines()[-25:]:
            print(f"  | {line}", file=sys.stderr)
    print(f"starlette-new: {problem}", file=sys.stderr)
