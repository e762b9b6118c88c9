"""What can go wrong, and the exit code each kind ends with.

Problem
├── BugProblem            1   whatever else was raised: a bug of ours
├── UsageProblem          2   an argument or the blueprint is not acceptable
├── TargetProblem         3   the target, or the project in this folder, stands in the way
├── SurroundingsProblem   4   disk, network or a tool failed
├── ProofProblem          5   the project was made or found, and its proof is red
├── BehindProblem         6   the project was made by an older version (only `update --check`)
└── InterruptedProblem  130   a signal came; the code is 128 and its number
"""

from collections.abc import Mapping
from pathlib import Path


class Problem(Exception):
    """Something a person can mend.

    message: one sentence that says what is wrong, naming the value.
    hint: one sentence that says what to do.
    field: the option or the key of the blueprint at fault, if one is.
    log: the file with the full output of the tools that ran, if they did.
    document: what the JSON document tells besides, if something was done before.
    """

    code: str
    exit_code: int
    document: Mapping[str, object] = {}

    def __init__(
        self, message: str, hint: str, *, field: str | None = None, log: Path | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.field = field
        self.log = log

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class BugProblem(Problem):
    code = "bug"
    exit_code = 1

    def __init__(self, error: Exception) -> None:
        kind = type(error).__name__
        super().__init__(f"This is a bug of ours: {kind}.", "Report it with the lines above.")


class UsageProblem(Problem):
    code = "usage"
    exit_code = 2


class TargetProblem(Problem):
    code = "target"
    exit_code = 3


class SurroundingsProblem(Problem):
    code = "surroundings"
    exit_code = 4


class ProofProblem(Problem):
    code = "proof"
    exit_code = 5


class BehindProblem(Problem):
    code = "behind"
    exit_code = 6


class InterruptedProblem(Problem):
    code = "interrupted"
    exit_code = 130

    def __init__(self, exit_code: int, hint: str = "Nothing half-made is left.") -> None:
        super().__init__("Interrupted.", hint)
        self.exit_code = exit_code


class Interrupted(BaseException):
    """A signal asked this program to stop. Not an Exception: nothing on the way may swallow it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def show(value: object, longest: int = 60) -> str:
    """Quote a value on one line, with whatever cannot be printed escaped, for a message."""
    text = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(value)
    )
    return f'"{text if len(text) <= longest else text[: longest - 1] + "…"}"'
