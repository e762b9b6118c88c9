"""The skill about Starlette is well formed, and every example in it proves its claim."""

import ast
import os
import re
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from ruff import find_ruff_bin

SKILL = Path(__file__).parents[1] / "project_templates" / "skills" / "starlette"
FILES = sorted(SKILL.rglob("*.md"))
REFERENCES = sorted((SKILL / "references").glob("*.md"))
MAIN = (SKILL / "SKILL.md").read_text(encoding="utf-8")
RULES = "E,F,I,UP,B,S,ASYNC,DTZ,SIM,RUF"
LIKE_OURS = ["--isolated", "--no-cache", "--line-length", "100", "--target-version", "py311"]


@dataclass(frozen=True)
class Example:
    """A fenced block: its file, the number of its first line, its heading, language and code."""

    path: Path
    line: int
    heading: str
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}"


def list_examples(path: Path) -> Iterator[Example]:
    """The fenced blocks of a file, in its order."""
    heading, start, language = "", 0, ""
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.startswith("```") and start:
            code = "\n".join(lines[start - 1 : number - 1])
            yield Example(path, start, heading, language, f"{code}\n")
            start = 0
        elif line.startswith("```"):
            start, language = number + 1, line.removeprefix("```")
        elif line.startswith("#") and not start:
            heading = line


EXAMPLES = [example for path in FILES for example in list_examples(path)]


def read_release(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


def read_prose(path: Path) -> str:
    """A file without its examples."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)


def list_claims(path: Path) -> list[str]:
    """The headings of a file that say since when they hold."""
    return re.findall(r"^#.*\(since.*$", read_prose(path), re.MULTILINE)


def list_links(path: Path) -> list[Path]:
    """The files that a file links to."""
    return [path.parent / target for target in re.findall(r"\]\(([^)]+)\)", read_prose(path))]


def write_examples(folder: Path) -> None:
    for example in EXAMPLES:
        name = f"{example.path.stem.lower()}_{example.line}.py"
        (folder / name).write_text(example.code, encoding="utf-8")


def test_its_front_matter_says_what_it_is_and_when_to_use_it() -> None:
    _, front, _ = MAIN.split("---\n", 2)
    said = yaml.safe_load(front)

    assert said.keys() == {"name", "description"}
    assert said["name"] == SKILL.name
    assert re.fullmatch(r"[a-z0-9-]{1,64}", said["name"])
    assert 1 <= len(said["description"]) <= 1024
    assert not set("<>") & set(said["description"])


def test_its_main_file_is_short() -> None:
    assert len(MAIN.splitlines()) <= 500


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_its_links_lead_somewhere(path: Path) -> None:
    assert [target for target in list_links(path) if not target.is_file()] == []


def test_its_main_file_leads_to_every_other() -> None:
    assert {target.resolve() for target in list_links(SKILL / "SKILL.md")} == set(REFERENCES)


def test_its_code_is_python() -> None:
    assert {example.language for example in EXAMPLES} == {"python"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_heading_has_a_release_if_it_has_an_example(path: Path) -> None:
    shown = {example.heading for example in EXAMPLES if example.path == path}

    assert shown == set(list_claims(path))


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_holds_since_a_release_that_is_out(example: Example) -> None:
    since = re.search(r" \(since (1\.\d+)\)$", example.heading)

    assert since, example.heading
    assert (1, 0) <= read_release(since[1]) <= read_release(version("starlette"))


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_runs(example: Example, folder: Path) -> None:
    outside = dict(os.environ)
    lines_above = "\n" * (example.line - 1)
    code = compile(lines_above + example.code, str(example.path), "exec")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(code, {"__name__": "example"})  # noqa: S102

    assert Path.cwd() == folder
    assert dict(os.environ) == outside


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_can_fail(example: Example) -> None:
    outer = ast.parse(example.code).body

    assert re.search(r"\bassert |\bpytest\.(raises|warns)\(", example.code)
    assert not any(isinstance(node, ast.Try) and node.handlers for node in outer)


@pytest.mark.parametrize(
    "command", [["format", "--check"], ["check", "--select", RULES, "--ignore", "S101"]], ids=str
)
def test_ruff_finds_nothing_in_the_examples(command: list[str], folder: Path) -> None:
    write_examples(folder)

    done = subprocess.run(
        [find_ruff_bin(), *command, *LIKE_OURS, "."], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
