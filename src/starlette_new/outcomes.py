"""What a command did to a project, and how it tells of its steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette_new.errors import ProofProblem, TargetProblem, show
from starlette_new.foreign import ForeignTemplate
from starlette_new.merge import Action, Change
from starlette_new.prove import Check

MOST_NAMED = 4
"""Files in a sentence."""


@dataclass
class Outcome:
    """What a command did to a project.

    answers: what makes it; summary: it in one line; template: where it is somebody's own.
    files: of a new project; changes: to one that was there; diff: the same, line by line.
    seconds: in all; next: the commands to type next.
    """

    command: str
    name: str
    project: Path
    answers: Mapping[str, object] = field(default_factory=dict)
    summary: str = ""
    template: ForeignTemplate | None = None
    dry_run: bool = False
    proven: bool = False
    files: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    diff: str = ""
    notes: list[str] = field(default_factory=list)
    next: list[str] = field(default_factory=list)
    seconds: float = 0.0


class RedProof(ProofProblem):
    """A proof that is red, with what was done until then."""

    def __init__(self, outcome: Outcome, log: Path, hint: str = "") -> None:
        red = ", ".join(f"{c.name} ({c.detail})" for c in outcome.checks if not c.ok)
        name = show(outcome.name)
        super().__init__(f"The project {name} is not proven: {red}.", hint or f"See {log}", log=log)
        self.outcome = outcome


class ConflictProblem(TargetProblem):
    """A change that is written, but for what its owner has to decide."""

    code = "conflict"

    def __init__(self, outcome: Outcome, hint: str) -> None:
        conflicts = [c for c in outcome.changes if c.action is Action.CONFLICT]
        named = ", ".join(f"{change.path} ({change.why})" for change in conflicts[:MOST_NAMED])
        if len(conflicts) > MOST_NAMED:
            named += f" and {len(conflicts) - MOST_NAMED} more"
        count = f"{len(conflicts)} file{'s'[: len(conflicts) > 1]}"
        super().__init__(f"What you wrote and what is new contradict in {count}: {named}.", hint)
        self.outcome = outcome


class ToolOutput(str):
    """What a tool printed, with its command line."""


Announce = Callable[[str | ToolOutput | Check], None]
"""Called with the step that begins, what a tool printed, or the check that is done."""
