"""Render a blueprint to a tree of files. The only stage that knows Copier."""

import ast
import hashlib
import json
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette_new.answers import write_answers
from starlette_new.blueprint import Blueprint
from starlette_new.skills import write_skills
from starlette_new.templates import find_templates
from starlette_new.view import make_view


def render(blueprint: Blueprint, tree: Path) -> list[str]:
    """Render into `tree`, which must not exist, and return the sorted paths of its files.

    The same blueprint gives the same bytes and modes everywhere. Raises OSError where the disk
    fails; whatever else is raised is a bug of ours.
    """
    import copier
    from plumbum import local

    templates = list_templates(blueprint)
    view = make_view(blueprint, write_answers(blueprint, hash_templates(templates)))
    with TemporaryDirectory(dir=tree.parent) as empty, local.env(PATH=empty), _compiling_once():
        # Copier starts one Git process for each file when it finds Git.
        for template in templates:
            copier.run_copy(str(template), str(tree), data=view, defaults=True, quiet=True)
    if blueprint.with_skill:
        write_skills(tree / ".agents" / "skills")
    _remove_empty_folders(tree)
    _set_modes(tree)
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    texts = [(path.suffix, path.read_text(encoding="utf-8")) for path in files]
    with ThreadPoolExecutor(1) as pool:  # Ruff works in processes of its own
        formatted = pool.submit(format_tree, tree)
        for suffix, text in texts:
            if suffix in _PARSERS:
                _PARSERS[suffix](text)
        formatted.result()
    return [path.relative_to(tree).as_posix() for path in files]


def _remove_empty_folders(tree: Path) -> None:
    """Remove the folders of resources whose every file Copier was told to leave out."""
    for folder in sorted(filter(Path.is_dir, tree.rglob("*")), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


@contextmanager
def _compiling_once() -> Iterator[None]:
    """Keep what Jinja compiled: Copier compiles a folder's name anew for each file below it."""
    from jinja2 import Environment, Template

    compiled: dict[tuple[int, str], Template] = {}
    compile_anew = Environment.from_string

    def from_string(self: Environment, source: str, *more: Any, **options: Any) -> Template:
        key = (id(self), source)
        if key not in compiled:
            compiled[key] = compile_anew(self, source, *more, **options)
        else:
            self.preprocess(source)  # where Copier's extension forgets the last yield
        return compiled[key]

    Environment.from_string = from_string  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Environment.from_string = compile_anew  # type: ignore[method-assign]


def list_templates(blueprint: Blueprint) -> list[Path]:
    """Give the templates that a project is rendered from, one into the other."""
    names = [blueprint.layout, *["surroundings"] * blueprint.has_surroundings]
    return [find_templates() / name for name in names]


def hash_templates(templates: Sequence[Path]) -> str:
    """Return the SHA-256 of the paths and contents of templates."""
    digest = hashlib.sha256()
    for template in templates:
        for file in sorted(template.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(template).as_posix()}\0".encode())
                digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def format_tree(tree: Path) -> None:
    """Sort the imports and format, as the project's own configuration of Ruff says."""
    from ruff import find_ruff_bin

    for command in (["check", "--select", "I", "--fix"], ["format"]):
        subprocess.run(
            [find_ruff_bin(), *command, "--quiet", "--no-cache", "."],
            cwd=tree,
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )


def format_text(text: str, project: Path, scratch: Path) -> bytes:
    """Format a module as a project would, in a folder of its own in `scratch`."""
    folder = scratch / "formatted"
    folder.mkdir()
    (folder / "pyproject.toml").write_bytes((project / "pyproject.toml").read_bytes())
    file = folder / "module.py"
    file.write_text(text, encoding="utf-8")
    format_tree(folder)
    return file.read_bytes()


def _set_modes(tree: Path) -> None:
    """Give every file and folder the same mode, whatever the umask and the template's own modes."""
    for path in [tree, *tree.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def _parse_yaml(text: str) -> object:
    import yaml

    return yaml.safe_load(text)


_PARSERS: dict[str, Callable[[str], object]] = {
    ".py": ast.parse,
    ".toml": tomllib.loads,
    ".json": json.loads,
    ".yml": _parse_yaml,
    ".yaml": _parse_yaml,
}
