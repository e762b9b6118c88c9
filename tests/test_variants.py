"""Every combination of answers, rendered: what holds for each tree, whatever is in it."""

import ast
import itertools
import json
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from ruff import find_ruff_bin

from starlette_new.blueprint import EXCLUSIONS, QUESTIONS, STARTER, Blueprint, make_blueprint
from starlette_new.render import find_templates, render

EVERY_FIELD = [
    "customer name:str bio:text age:int active:bool",
    "order number:int? note:text? title:str? paid:bool?",
    "invoice a:str=x b:text='it is \"it\"' c:int=-1 d:bool=true e:str?=y f:int?=0 g:bool?=false",
]
RESOURCES = {
    "no resources": [],
    "starter": [STARTER],
    "every field": EVERY_FIELD,
    "awkward": ["news title:str", "BlogPost blog_post:str news:text?", "person OrderBy:int"],
}
LONGEST_PATH = 200
PARSERS: dict[str, Callable[[str], object]] = {
    ".py": ast.parse,
    ".toml": tomllib.loads,
    ".json": json.loads,
    ".yml": yaml.safe_load,
}


def _list_variants() -> dict[str, Blueprint]:
    choices = {question.key: question.choices for question in QUESTIONS if question.choices}
    variants = {}
    for answers in itertools.product(*choices.values(), RESOURCES):
        given: dict[str, object] = dict(zip([*choices, "resources"], answers, strict=True))
        given["resources"] = RESOURCES[answers[-1]]
        if not any(given[e.key] == e.answer and given[e.other] for e in EXCLUSIONS):
            variants[", ".join(answers)] = make_blueprint({"name": "demo", **given})
    return variants


VARIANTS = _list_variants()
SEEN: dict[str, Path] = {}


@pytest.fixture(scope="module", params=VARIANTS)
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One variant, rendered."""
    made = tmp_path_factory.mktemp("variant") / "demo"
    render(VARIANTS[request.param], made)
    SEEN[request.param] = made
    return made


def _list_files(tree: Path) -> list[Path]:
    return [path for path in sorted(tree.rglob("*")) if path.is_file()]


def test_every_path_is_legal_on_windows(tree: Path) -> None:
    for path in tree.rglob("*"):
        relative = path.relative_to(tree)
        assert len(str(relative)) < LONGEST_PATH
        for part in relative.parts:
            assert not re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', part), part
            assert part.partition(".")[0].lower() not in ("con", "prn", "aux", "nul"), part
            assert not re.fullmatch(r"(?i)(com|lpt)\d(\..*)?", part), part


def test_no_two_paths_differ_in_their_case_alone(tree: Path) -> None:
    paths = [str(path.relative_to(tree)).lower() for path in tree.rglob("*")]

    assert len(paths) == len(set(paths))


def test_every_file_parses(tree: Path) -> None:
    for path in _list_files(tree):
        parse = PARSERS.get(path.suffix)
        if parse:
            parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_finds_nothing(tree: Path, command: list[str]) -> None:
    done = subprocess.run(
        [find_ruff_bin(), *command, "--no-cache", "."], cwd=tree, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_tag_of_a_template_is_left(tree: Path) -> None:
    for path in _list_files(tree):
        if path.relative_to(tree).parts[:2] != ("app", "templates"):
            assert not re.search(r"\{%|\{\{|\{#", path.read_text(encoding="utf-8")), path


def test_text_is_tidy(tree: Path) -> None:
    for path in _list_files(tree):
        text = path.read_bytes().decode()
        blank = "\n\n\n\n" if path.suffix in (".py", ".mako") else "\n\n\n"
        assert blank not in text, path
        assert not re.search(r"[ \t\r]$", text, re.M), path
        assert not text.startswith("\n"), path
        assert not text or (text.endswith("\n") and not text.endswith("\n\n")), path


def test_every_file_may_be_read_and_none_run(tree: Path) -> None:
    assert {path.stat().st_mode & 0o7777 for path in _list_files(tree)} == {0o644}


def test_nothing_is_rendered_that_only_looks_like_a_file(tree: Path) -> None:
    assert not [path for path in tree.rglob("*") if path.is_symlink()]


def test_a_second_time_gives_the_same_bytes(
    tree: Path, folder: Path, request: pytest.FixtureRequest
) -> None:
    again = folder / "again"
    variant = next(name for name, made in SEEN.items() if made == tree)

    render(VARIANTS[variant], again)

    first, second = (
        {path.relative_to(made): path.read_bytes() for path in _list_files(made)}
        for made in (tree, again)
    )
    assert first == second


def test_every_template_is_rendered_in_some_variant() -> None:
    assert SEEN.keys() == VARIANTS.keys(), "run this whole file"

    for layout in ("standard", "single"):
        trees = [SEEN[name] for name, blueprint in VARIANTS.items() if blueprint.layout == layout]
        made = {path.relative_to(t).as_posix() for t in trees for path in _list_files(t)}
        root = find_templates() / layout / "template"
        templates = [path.relative_to(root) for path in _list_files(root)]
        unused = [t for t in templates if "__pycache__" not in t.parts and not _is_used(t, made)]
        assert unused == []


def _is_used(template: Path, made: set[str]) -> bool:
    parts = re.split(r"\{%.*?%\}|\{\{.*?\}\}", template.as_posix().removesuffix(".jinja"))
    pattern = re.compile(".*".join(map(re.escape, parts)))
    return any(pattern.fullmatch(path) for path in made)
