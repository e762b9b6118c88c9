"""A text file of resources, one on each line, with comments."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from starlette_new.answers import LARGEST
from starlette_new.errors import UsageProblem, show
from starlette_new.refusals import LineProblem


def read_lines(file: str) -> dict[int, str]:
    """Read the resources of a file by the numbers of their lines; raise UsageProblem."""
    hint = "Give a text file in UTF-8 with a resource on each line; one alone is --resource SPEC."
    try:
        with open(file, "rb") as stream:
            data = stream.read(LARGEST + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise UsageProblem(
            f"The resources in {show(file)} cannot be read: {why}.", hint, field="resources"
        ) from None
    if len(data) > LARGEST:
        raise UsageProblem(f"The file {show(file)} is larger than 1 MB.", hint, field="resources")
    lines = text.replace("\r\n", "\n").split("\n")
    numbered = ((number, line.strip()) for number, line in enumerate(lines, 1))
    return {number: line for number, line in numbered if line and not line.startswith("#")}


@contextmanager
def locating(file: str | None, lines: Mapping[int, str]) -> Iterator[None]:
    """Name the file and the number of the line in each LineProblem about one of these lines."""
    try:
        yield
    except LineProblem as problem:
        numbers = [number for number, line in lines.items() if line == problem.line.strip()]
        if not numbers:
            raise
        place = f"{show(file)}, line {numbers[-1]}"
        raise UsageProblem(f"{place}: {problem.message}", problem.hint, field="resources") from None
