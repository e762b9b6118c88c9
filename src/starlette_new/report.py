"""What a command says: on a screen to a person, as one JSON document to a program."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from starlette_new import __version__
from starlette_new.errors import Problem
from starlette_new.merge import Action
from starlette_new.outcomes import ConflictProblem, Outcome, RedProof, ToolOutput
from starlette_new.prove import Check

if TYPE_CHECKING:
    from rich.status import Status

SCHEMA = 1
"""The version of the JSON document; it grows when a key goes or changes its meaning."""


Line = tuple[str, str | None]
"""A line for a person, and its style on a terminal."""
_PLAIN = ("create", "modify", "delete")
_TOLD = ("the first migration", "the next migration")
PAST = {
    Action.CREATE: "created",
    Action.MODIFY: "changed",
    Action.MERGE: "merged",
    Action.DELETE: "removed",
}


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
    print_lines(describe_outcome(outcome))


def print_differences(outcome: Outcome) -> None:
    """Show a person, or another program, what differs, line by line."""
    said = _describe_diff(outcome.diff) or [("Nothing was changed since it was made.", None)]
    print_lines([*said, *_describe_notes(outcome)])


def print_lines(lines: Sequence[Line]) -> None:
    """Print lines, with their styles on a terminal."""
    if not is_terminal(sys.stdout):
        print("\n".join(text for text, _ in lines))
        return
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for text, style in lines:
        console.print(text, style=style, markup=False)


def describe_outcome(outcome: Outcome) -> list[Line]:
    """Put the outcome into lines, each with its style on a terminal."""
    lines: list[Line] = [(f"{outcome.project}", "bold"), (outcome.summary, None), ("", None)]
    if outcome.dry_run:
        planned = [("create", path, "") for path in outcome.files]
        lines += [_describe_file(*file) for file in planned + _list_changes(outcome)]
        lines += [*_describe_diff(outcome.diff), *_describe_notes(outcome), ("", None)]
        return [*lines, ("Nothing was written.", "bold")]
    lines += _summarize_changes(outcome) + _describe_diff(outcome.diff)
    lines += [(f"  {describe_check(c)}", "green" if c.ok else "red") for c in outcome.checks]
    lines += _describe_notes(outcome)
    if is_untouched(outcome):
        return lines
    proven = f"Proven in {outcome.seconds:.1f} s." if outcome.proven else "Not proven."
    lines += [("", None)] * bool(lines[-1][0]) + [
        (f"{proven}{' Type next:' if outcome.next else ''}", "bold")
    ]
    return [*lines, *((f"  {command}", "cyan") for command in outcome.next)]


def is_untouched(outcome: Outcome) -> bool:
    """Tell whether there was nothing to make, to change or to prove."""
    return not (outcome.files or outcome.changes or outcome.checks or outcome.next)


def _list_changes(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(change.action.value, change.path, change.why) for change in outcome.changes]


def _describe_file(action: str, path: str, why: str) -> Line:
    style = "yellow" if action in ("conflict", "keep") else None
    return f"  {action:<9}{path}{f'  ({why})' if why else ''}", style


def _describe_notes(outcome: Outcome) -> list[Line]:
    return [(f"  {note}", None) for note in outcome.notes]


def _summarize_changes(outcome: Outcome) -> list[Line]:
    """Count what is as everybody expects it, and name what is not."""
    if not outcome.changes:
        return []
    counts = Counter(change.action for change in outcome.changes)
    plain = (Action.CREATE, Action.MODIFY, Action.MERGE, Action.DELETE)
    counted = [f"{PAST[action]} {counts[action]}" for action in plain if counts[action]]
    named = [one for one in _list_changes(outcome) if one[0] not in _PLAIN or one[2] in _TOLD]
    files = [(f"  Files: {', '.join(counted)}.", None)] if counted else []
    return [*files, *(_describe_file(*one) for one in named), ("", None)]


def _describe_diff(diff: str) -> list[Line]:
    styles = {"+": "green", "-": "red", "@": "cyan"}
    return [(line, styles.get(line[:1])) for line in diff.splitlines()]


@dataclass(frozen=True)
class Looks:
    """How what a command does is shown."""

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False


def carry_out(
    work: Callable[[Progress], Outcome],
    looks: Looks,
    show: Callable[[Outcome], None] = print_outcome,
) -> None:
    """Carry out a command, show how far it is, and say what it did."""
    with Progress(quiet=looks.quiet or looks.as_json, verbose=looks.verbose) as progress:
        outcome = work(progress)
    if looks.as_json:
        print_document(make_document(outcome))
    elif not looks.quiet:
        show(outcome)


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
        "plan": [
            *({"action": "create", "path": path, "why": ""} for path in outcome.files),
            *({"action": a, "path": path, "why": why} for a, path, why in _list_changes(outcome)),
        ],
        "files": [] if outcome.dry_run else outcome.files,
        "diff": outcome.diff,
        "checks": [vars(c) | {"seconds": round(c.seconds, 3)} for c in outcome.checks],
        "notes": outcome.notes,
        "next": outcome.next,
        "log": None,
        "seconds": round(outcome.seconds, 3),
    }


def make_problem_document(problem: Problem, command: str) -> dict[str, object]:
    """Describe what went wrong, and what had been done before."""
    done = problem.document
    if isinstance(problem, RedProof | ConflictProblem):
        done = make_document(problem.outcome)
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
    if isinstance(problem, ConflictProblem):
        for line, _ in _summarize_changes(problem.outcome):
            print(line, file=sys.stderr)
    if isinstance(problem, RedProof | ConflictProblem):
        for line, _ in _describe_notes(problem.outcome):
            print(line, file=sys.stderr)
    if problem.log:
        for line in problem.log.read_text(encoding="utf-8").splitlines()[-25:]:
            print(f"  | {line}", file=sys.stderr)
    print(f"starlette-new: {problem}", file=sys.stderr)
