"""The wheel: what is installed from it makes the same projects as the checkout."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

import starlette_new
from starlette_new.blueprint import make_blueprint
from starlette_new.examples import list_examples
from starlette_new.questions import STARTER
from starlette_new.render import render

pytestmark = pytest.mark.xdist_group("wheel")

AROUND = ["--with-ci", "github", "--with-pre-commit", "--with-devcontainer", "--with-skill"]
CHECKOUT = Path(starlette_new.__file__).parents[2]


def _uv(*arguments: object, cwd: Path) -> None:
    command = [find_uv_bin(), *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment with the wheel, in which nobody may write to the package."""
    folder = tmp_path_factory.mktemp("wheel")
    _uv("build", "--wheel", "--out-dir", folder / "dist", CHECKOUT, cwd=folder)
    _uv("venv", "--no-project", folder / "venv", cwd=folder)
    (wheel,) = (folder / "dist").glob("*.whl")
    _uv("pip", "install", "--python", folder / "venv", wheel, cwd=folder)
    (package,) = (folder / "venv").glob("lib/*/site-packages/starlette_new")
    for path in [package, *package.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    return folder / "venv"


def _read_tree(tree: Path) -> dict[str, bytes]:
    files = [path for path in sorted(tree.rglob("*")) if path.is_file()]
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("layout", ["standard", "single"])
def test_an_installed_wheel_makes_the_same_bytes_as_the_checkout(
    installed: Path, folder: Path, layout: str
) -> None:
    made, expected = folder / "demo", folder / "expected"
    answers = {"name": "demo", "layout": layout, "with_ci": "github", "resources": [STARTER]}
    around = dict.fromkeys(["with_pre_commit", "with_devcontainer", "with_skill"], True)
    render(make_blueprint({**answers, **around}), expected)

    command = str(installed / "bin" / "starlette-new")
    done = subprocess.run(
        [command, "demo", "--layout", layout, *AROUND, "--no-install", "--no-git"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert _read_tree(made) == _read_tree(expected)
    assert not [path for path in _read_tree(made) if "__pycache__" in path or path.endswith("c")]


def test_the_wheel_holds_every_template_and_nothing_that_was_compiled(installed: Path) -> None:
    (templates,) = installed.glob("lib/*/site-packages/starlette_new/project_templates")

    inside = set(_read_tree(templates))

    assert inside == {
        path
        for path in _read_tree(CHECKOUT / "project_templates")
        if "__pycache__" not in path and "_cache/" not in path
    }


def test_the_wheel_holds_the_examples(installed: Path) -> None:
    command = str(installed / "bin" / "starlette-new")

    done = subprocess.run([command, "options", "--json"], capture_output=True, text=True)

    assert list(json.loads(done.stdout)["x-examples"]) == list_examples()


def test_the_wheel_says_that_it_is_typed(installed: Path) -> None:
    (package,) = installed.glob("lib/*/site-packages/starlette_new")

    assert (package / "py.typed").is_file()
    assert os.access(installed / "bin" / "starlette-new", os.X_OK)
