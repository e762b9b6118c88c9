"""A project's environment: what uv and the project may see, and what happens when uv fails."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from starlette_new.environment import Environment, find_workspace
from starlette_new.errors import SurroundingsProblem
from starlette_new.processes import Processes

PROJECT = '[project]\nname = "demo"\nversion = "0"\nrequires-python = ">=3.11"\n'
MISSING = 'dependencies = ["no-such-thing-of-ours==99"]\n'


@pytest.fixture
def make(folder: Path) -> Callable[..., Environment]:
    """Makes the environment of a project in ./demo."""
    (folder / "demo").mkdir()
    (folder / "scratch").mkdir()
    (folder / "demo" / "pyproject.toml").write_text(PROJECT)

    def make(
        processes: Processes, *, python: str = sys.executable, offline: bool = True
    ) -> Environment:
        return Environment(folder / "demo", folder / "scratch", python, offline, processes)

    return make


def test_an_environment_is_made_and_filled(folder: Path, make: Callable[..., Environment]) -> None:
    with Processes(60) as processes:
        environment = make(processes)

        environment.create("demo")
        environment.sync("--no-install-project")
        environment.finish()

        python = environment.python_command("-c", "import sys; print(sys.prefix)")
        done = processes.run(python, folder, environment.variables())

    assert done.output.strip() == str(folder / "demo" / ".venv")
    assert (folder / "demo" / "uv.lock").is_file()


def test_a_script_is_locked(folder: Path, make: Callable[..., Environment]) -> None:
    (folder / "demo" / "main.py").write_text('# /// script\n# requires-python = ">=3.11"\n# ///\n')

    with Processes(60) as processes:
        make(processes).lock_script("main.py")

    assert (folder / "demo" / "main.py.lock").is_file()


def test_a_python_that_does_not_exist_is_told(make: Callable[..., Environment]) -> None:
    with Processes(60) as processes, pytest.raises(SurroundingsProblem) as caught:
        make(processes, python="3.99").create("demo")

    assert str(caught.value).startswith('uv makes no environment with the Python "3.99": ')


@pytest.mark.parametrize(("offline", "tries"), [(True, 1), (False, 2)])
def test_what_is_not_in_the_cache_is_fetched_once_unless_offline(
    folder: Path, make: Callable[..., Environment], offline: bool, tries: int
) -> None:
    (folder / "demo" / "pyproject.toml").write_text(PROJECT + MISSING)

    with Processes(60) as processes:
        with pytest.raises(SurroundingsProblem, match="uv sync failed"):
            make(processes, offline=offline).sync()

        assert processes.log.count(" sync ") == tries


def test_uv_sees_the_owners_settings_but_no_other_project(
    make: Callable[..., Environment], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UV_INDEX_URL", "HTTPS_PROXY", "UV_PROJECT", "VIRTUAL_ENV", "PYTHONPATH"):
        monkeypatch.setenv(name, "x")

    with Processes(60) as processes:
        seen = make(processes).uv_variables()

    assert {"UV_INDEX_URL", "HTTPS_PROXY"} <= seen.keys()
    assert not {"UV_PROJECT", "VIRTUAL_ENV", "PYTHONPATH"} & seen.keys()
    assert seen["TMPDIR"].endswith("scratch")


def test_the_project_sees_next_to_nothing(
    make: Callable[..., Environment], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "PYTHONPATH", "SECRET_KEY", "UV_INDEX_URL", "PYTEST_ADDOPTS"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    with Processes(60) as processes:
        seen = make(processes).variables(PORT="1")

    assert seen["PORT"] == "1"
    assert seen["LC_ALL"] == "C.UTF-8"
    assert "PATH" in seen
    assert not {"DATABASE_URL", "PYTHONPATH", "SECRET_KEY", "UV_INDEX_URL"} & seen.keys()
    assert "PYTEST_ADDOPTS" not in seen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[tool.uv.workspace]\nmembers = ["apps/*"]', True),
        ('[tool.uv.workspace]\nmembers = ["libs/*", "apps/demo"]', True),
        ('[tool.uv.workspace]\nmembers = ["libs/*"]', False),
        ('[tool.uv.workspace]\nmembers = ["apps/*"]\nexclude = ["apps/demo"]', False),
        ("[tool.uv.workspace]", False),
        ("[tool.uv]\nworkspace = 3", False),
        ("[tool.uv.workspace]\nmembers = [3]", False),
        ("[project]", False),
        ("no toml [", False),
    ],
)
def test_a_workspace_is_found_where_it_would_take_the_project(
    folder: Path, text: str, found: bool
) -> None:
    (folder / "pyproject.toml").write_text(text)

    workspace = find_workspace(folder / "apps" / "demo")

    assert workspace == (folder if found else None)
