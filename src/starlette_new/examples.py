"""The examples: blueprint files without a name, to be made, read and copied."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from starlette_new.answers import read_answers
from starlette_new.blueprint import ExclusionProblem
from starlette_new.errors import UsageProblem, show
from starlette_new.plugins import EXAMPLES, find_brought, list_brought
from starlette_new.refusals import suggest
from starlette_new.templates import find_templates


def list_examples() -> list[str]:
    """Give the names of the examples, in order."""
    return sorted(file.stem for file in (find_templates() / "examples").glob("*.yml"))


def describe_examples() -> dict[str, str]:
    """Give the first sentence of each example, which says what it is, by the example's name."""
    return {name: _describe(_read_bytes(name)) for name in list_examples()}


def read_example(name: str) -> dict[str, Any]:
    """Read the answers of an example, ours first; raise UsageProblem if there is none."""
    if name in list_examples():
        return read_answers(_read_bytes(name), f"the example {name}")
    brought = find_brought(EXAMPLES, name, ".yml")
    if brought is None:
        names = sorted({*list_examples(), *list_brought(EXAMPLES)})
        raise UsageProblem(
            f"There is no example {show(name)}.",
            f"{suggest(name, names)}The examples are {', '.join(names)}.",
            field="example",
        )
    return read_answers(brought.read_bytes(), f"the example {name}")


def join_example(
    name: str, given: Mapping[str, Any], *, file: str | None, starter: bool | None
) -> dict[str, object]:
    """Join what was typed with an example; what was typed wins, and its resources follow.

    file, starter: other beginnings, of which there can be one alone.
    """
    for other, is_given in (("--answers", file is not None), ("--starter", starter)):
        if is_given:
            raise UsageProblem(
                f"--example and {other} exclude each other.",
                "Leave one of them out: an example is a whole blueprint.",
                field="example",
            )
    answers = read_example(name)
    listed = answers.get("resources") or []
    if isinstance(listed, list):  # or else make_blueprint says what is wrong with it
        listed = [*listed, *given.get("resources", [])]
    return {**answers, **given, "resources": listed}


@contextmanager
def naming(example: str | None) -> Iterator[None]:
    """Name the example in what is wrong with an answer that excludes something of it."""
    try:
        yield
    except ExclusionProblem as problem:
        if example is None:
            raise
        raise UsageProblem(
            f"{problem.answer} and --example {example} exclude each other.",
            "Leave one of them out: the examples need --layout standard and a database.",
            field="example",
        ) from None


def _read_bytes(name: str) -> bytes:
    return (find_templates() / "examples" / f"{name}.yml").read_bytes()


def _describe(data: bytes) -> str:
    return data.decode().partition("\n")[0].removeprefix("# ")
