"""Why a resource is refused: whose line it is, and which word may have been meant."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches

from starlette_new.errors import UsageProblem, show

EXAMPLE = '"task title:str notes:text? done:bool=false"'


class LineProblem(UsageProblem):
    """What is wrong with one resource. line: as it was given."""

    def __init__(self, problem: UsageProblem, line: str) -> None:
        super().__init__(problem.message, problem.hint, field=problem.field)
        self.line = line


@contextmanager
def blaming(line: str) -> Iterator[None]:
    """Turn each UsageProblem into a LineProblem about this line."""
    try:
        yield
    except UsageProblem as problem:
        raise LineProblem(problem, line) from None


def suggest(given: str, known: Iterable[str]) -> str:
    """Write a question about the nearest of the known words, or nothing where none is near."""
    near = get_close_matches(given, list(known), 1, 0.5)
    return f"Did you mean {near[0]}? " if near else ""


def check_once(names: Sequence[str], message: str) -> None:
    """Raise UsageProblem with this message about the first name that is there twice."""
    for name in names:
        if names.count(name) > 1:
            raise wrong(
                f"{message} {show(name)}.",
                "Give each its own name; project:ref makes project_id, labels:many label_ids.",
            )


def wrong(message: str, hint: str = f"Write it like {EXAMPLE}.") -> UsageProblem:
    """Make a problem with the resources."""
    return UsageProblem(message, hint, field="resources")
