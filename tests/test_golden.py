"""The contract of a merge base: an old blueprint file gives the very bytes it gave.

To renew the manifests after a change of the templates:
python -m pytest tests/test_golden.py --renew
"""

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from starlette_new import __version__

GOLDEN = Path(__file__).parent / "golden"
BLUEPRINTS = sorted(GOLDEN.glob("*.yml"))
ANSWERS = ".copier-answers.yml"
Tool = Callable[..., subprocess.CompletedProcess[str]]


def _make(tool: Tool, blueprint: Path, folder: Path) -> Path:
    folder.mkdir()
    options = ("--no-install", "--no-git", "--offline")
    done = tool("new", "--answers", str(blueprint), "-o", str(folder), *options)
    assert done.returncode == 0, done.stderr
    (project,) = folder.iterdir()
    return project


def _list_bytes(project: Path) -> dict[str, str]:
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda path: path.stem)
def test_a_blueprint_file_gives_the_bytes_it_gave(
    folder: Path, tool: Tool, blueprint: Path, request: pytest.FixtureRequest
) -> None:
    project = _make(tool, blueprint, folder / "made")

    made = _list_bytes(project)
    made.pop(ANSWERS)
    manifest = blueprint.with_suffix(".json")
    if request.config.getoption("--renew"):
        manifest.write_text(json.dumps(made, indent=2) + "\n")
    assert made == json.loads(manifest.read_text())


@pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda path: path.stem)
def test_a_project_says_which_blueprint_it_was_made_from(
    folder: Path, tool: Tool, blueprint: Path
) -> None:
    project = _make(tool, blueprint, folder / "made")

    values = yaml.safe_load((project / ANSWERS).read_text())
    upper = {key: value for key, value in values.items() if not key.startswith("_")}
    assert upper == yaml.safe_load(blueprint.read_text())
    assert values["_commit"] == f"v{__version__}"
    assert values["_applied"].keys() == {"version", "templates", "answers"}
    assert values["_applied"]["answers"] == upper


def test_a_projects_own_blueprint_file_gives_the_same_bytes(folder: Path, tool: Tool) -> None:
    first = _make(tool, BLUEPRINTS[0], folder / "first")

    second = _make(tool, first / ANSWERS, folder / "second")

    assert _list_bytes(second) == _list_bytes(first)


def test_there_are_blueprints_of_every_layout() -> None:
    layouts = {yaml.safe_load(path.read_text())["layout"] for path in BLUEPRINTS}

    assert layouts == {"standard", "single"}
    assert len(BLUEPRINTS) >= 3
