"""Rendering: the same bytes and modes for the same blueprint, whatever surrounds it."""

import os
import shutil
import tomllib
from pathlib import Path

import pytest

from starlette_new import render as stage
from starlette_new.answers import read_answers
from starlette_new.blueprint import make_blueprint
from starlette_new.questions import STARTER
from starlette_new.render import hash_templates, render
from starlette_new.templates import find_templates

BLUEPRINT = make_blueprint({"name": "demo", "resources": [STARTER]})


def test_the_paths_of_all_files_are_returned_in_order(folder: Path) -> None:
    paths = render(BLUEPRINT, folder / "demo")

    found = [path for path in (folder / "demo").rglob("*") if path.is_file()]
    assert paths == sorted(path.relative_to(folder / "demo").as_posix() for path in found)
    assert {"pyproject.toml", ".gitignore", ".copier-answers.yml"} <= set(paths)


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_the_umask_changes_no_mode(folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        render(BLUEPRINT, folder / "demo")
    finally:
        os.umask(before)

    tree = folder / "demo"
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in [tree, *tree.rglob("*")]}
    assert modes == {(True, 0o755), (False, 0o644)}


@pytest.mark.parametrize("answers", [{"with_db": "none"}, {"ui": "none", "resources": [STARTER]}])
def test_no_folder_is_empty(folder: Path, answers: dict[str, object]) -> None:
    render(make_blueprint({"name": "demo", **answers}), folder / "demo")

    assert all(any(path.iterdir()) for path in (folder / "demo").rglob("*") if path.is_dir())


def test_a_project_holds_the_blueprint_it_was_made_from(folder: Path) -> None:
    render(BLUEPRINT, folder / "demo")

    data = (folder / "demo" / ".copier-answers.yml").read_bytes()
    assert make_blueprint(read_answers(data, "it")) == BLUEPRINT


def test_a_project_is_called_by_its_name(folder: Path) -> None:
    render(make_blueprint({"name": "My-Shop"}), folder / "x")

    project = tomllib.loads((folder / "x" / "pyproject.toml").read_text())["project"]
    assert project["name"].lower() == "my-shop"


def test_the_settings_of_another_ruff_change_nothing(folder: Path) -> None:
    render(BLUEPRINT, folder / "alone")
    (folder / "ruff.toml").write_text("line-length = 40\n")
    (folder / ".gitignore").write_text("*\n")

    render(BLUEPRINT, folder / "within")

    files = [path for path in (folder / "alone").rglob("*") if path.is_file()]
    assert all(
        path.read_bytes() == (folder / "within" / path.relative_to(folder / "alone")).read_bytes()
        for path in files
    )


def test_a_file_that_does_not_parse_is_a_bug_of_ours(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = folder / "templates"
    shutil.copytree(find_templates(), templates)
    monkeypatch.setattr(stage, "find_templates", lambda: templates)
    (templates / "standard" / "template" / "broken.json").write_text("{")

    with pytest.raises(ValueError, match="Expecting property name"):
        render(BLUEPRINT, folder / "demo")


def test_yaml_is_parsed_as_well(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    templates = folder / "templates"
    shutil.copytree(find_templates(), templates)
    monkeypatch.setattr(stage, "find_templates", lambda: templates)
    (templates / "standard" / "template" / "compose.yml").write_text("services: {}\n")

    assert "compose.yml" in render(BLUEPRINT, folder / "demo")


def test_the_hash_of_templates_is_that_of_their_paths_and_bytes(folder: Path) -> None:
    first, second = folder / "first", folder / "second"
    for template in (first, second):
        (template / "__pycache__").mkdir(parents=True)
        (template / "a.py").write_text("a")
    before = hash_templates([first])

    (second / "__pycache__" / "a.pyc").write_text("cache")
    assert hash_templates([second]) == before
    (second / "a.py").rename(second / "b.py")
    assert hash_templates([second]) != before
    (second / "b.py").rename(second / "a.py")
    (second / "a.py").write_text("b")
    assert hash_templates([second]) != before


def test_templates_are_found_in_a_checkout() -> None:
    assert {"standard", "single", "examples"} <= {path.name for path in find_templates().iterdir()}
