"""The commands: what is left on disk after each way to end."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from starlette_new import commands, render
from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.commands import Options
from starlette_new.errors import SurroundingsProblem, TargetProblem
from starlette_new.outcomes import RedProof
from starlette_new.place import LOG_NAME
from starlette_new.templates import find_templates

SMALL = make_blueprint({"name": "demo", "with_db": "none"})
OTHER = make_blueprint({"name": "other", "with_db": "none"})
SINGLE = make_blueprint({"name": "demo", "layout": "single", "with_db": "none"})
RED = "def test_it_is_red() -> None:\n    assert False\n"


@pytest.fixture
def plant(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Renders from a copy of the templates, in which a file of `standard` is replaced."""
    templates = folder.parent / "templates"

    def plant(path: str, text: str) -> None:
        if not templates.exists():
            shutil.copytree(find_templates(), templates)
            monkeypatch.setattr(render, "find_templates", lambda: templates)
        (templates / "standard" / "template" / path).write_text(text)

    return plant


def _options(**more: object) -> Options:
    plain = Options(folder=Path(), python=sys.executable)
    return Options(**{**vars(plain), **more})


def _ignore(event: object) -> None:
    pass


@pytest.mark.parametrize("blueprint", [SMALL, SINGLE], ids=["standard", "single"])
def test_a_new_project_is_proven_and_committed(folder: Path, blueprint: Blueprint) -> None:
    announced: list[object] = []

    outcome = commands.new(blueprint, _options(), announced.append)

    assert outcome.proven
    assert [check.name for check in outcome.checks] == ["render", "install", "suite", "start"]
    assert [check for check in announced if not isinstance(check, str)] == outcome.checks
    assert os.listdir(folder) == ["demo"]
    assert (folder / "demo" / ".git").is_dir()
    assert not [path for path in folder.rglob("__pycache__") if ".venv" not in path.parts]
    assert outcome.next[0] == "cd demo"


def test_a_project_needs_neither_its_environment_nor_git(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    outcome = commands.new(SMALL, _options(install=False, repository=False), _ignore)

    files = [path for path in (folder / "demo").rglob("*") if path.is_file()]
    assert not outcome.proven
    assert sorted(path.relative_to(folder / "demo").as_posix() for path in files) == outcome.files
    assert outcome.next == ["cd demo", f"{sys.executable} -m uv run demo"]
    assert outcome.notes == []


def test_a_project_can_be_installed_without_proof(folder: Path) -> None:
    outcome = commands.new(SMALL, _options(verify=False, repository=False), _ignore)

    assert not outcome.proven
    assert [check.name for check in outcome.checks] == ["render", "install"]
    assert (folder / "demo" / ".venv" / "bin" / "demo").exists()


def test_the_next_steps_need_no_uv_where_there_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    outcome = commands.new(SMALL, _options(verify=False), _ignore)

    assert outcome.next == ["cd demo", ".venv/bin/demo"]
    monkeypatch.setenv("PATH", os.defpath)
    done = subprocess.run([".venv/bin/demo", "--help"], cwd=folder / "demo", capture_output=True)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("layout", "start"), [("standard", "uv run demo"), ("single", "uv run main.py")]
)
def test_the_next_steps_use_uv_where_there_is_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, layout: str, start: str
) -> None:
    there = folder / "bin" / "uv"
    there.parent.mkdir()
    there.write_text("#!/bin/sh\n")
    there.chmod(0o755)
    monkeypatch.setenv("PATH", str(there.parent))
    blueprint = make_blueprint({"name": "demo", "layout": layout})

    outcome = commands.new(blueprint, _options(install=False, repository=False), _ignore)

    assert outcome.next == ["cd demo", start]


def test_the_sample_is_one_of_the_next_steps(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    task = {"line": "task title:str", "sample": [{"title": "Buy milk"}]}
    blueprint = make_blueprint({"name": "demo", "resources": [task]})

    outcome = commands.new(blueprint, _options(install=False, repository=False), _ignore)

    start = f"{sys.executable} -m uv run demo"
    assert outcome.next == ["cd demo", f"{start} seed", start]


def test_a_dry_run_lists_the_same_files_and_writes_none(folder: Path) -> None:
    planned = commands.new(SMALL, _options(dry_run=True, verify=False), _ignore)

    assert list(folder.iterdir()) == []
    made = commands.new(SMALL, _options(verify=False), _ignore)
    assert planned.dry_run
    assert planned.files == made.files
    bare = commands.new(OTHER, _options(dry_run=True, install=False), _ignore)
    assert "uv.lock" not in bare.files


def test_a_target_in_the_way_is_found_before_anything_is_done(folder: Path) -> None:
    (folder / "demo").mkdir()
    (folder / "demo" / "mine").write_text("mine")

    for dry_run in (True, False):
        with pytest.raises(TargetProblem, match="is not empty"):
            commands.new(SMALL, _options(dry_run=dry_run), _ignore)

    assert os.listdir(folder) == ["demo"]


def test_a_red_suite_leaves_the_project_aside_with_its_log(
    folder: Path, plant: Callable[[str, str], None]
) -> None:
    plant("tests/test_red.py", RED)

    with pytest.raises(RedProof, match=r"is not proven: suite \(1 failed") as caught:
        commands.new(SMALL, _options(), _ignore)

    failed = folder / "demo.failed"
    assert os.listdir(folder) == ["demo.failed"]
    assert caught.value.exit_code == 5
    assert caught.value.log == failed / LOG_NAME
    assert "test_it_is_red" in (failed / LOG_NAME).read_text()
    assert not caught.value.outcome.proven

    (failed / "old").write_text("of the first failure")
    with pytest.raises(RedProof):
        commands.new(SMALL, _options(), _ignore)
    assert os.listdir(folder) == ["demo.failed"]
    assert not (failed / "old").exists()


def test_an_install_that_fails_leaves_nothing_but_a_log(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", str(folder.parent / "empty"))

    with pytest.raises(SurroundingsProblem, match="uv sync failed") as caught:
        commands.new(SMALL, _options(offline=True), _ignore)

    assert list(folder.iterdir()) == []
    assert caught.value.exit_code == 4
    assert caught.value.log
    assert "sync" in caught.value.log.read_text()
    caught.value.log.unlink()


@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_a_disk_that_fails_is_told(folder: Path, plant: Callable[[str, str], None]) -> None:
    plant("{{ name * 99 }}.txt", "a name that no disk takes")

    with pytest.raises(SurroundingsProblem, match="cannot be written: File name too long"):
        commands.new(SMALL, _options(), _ignore)

    assert list(folder.iterdir()) == []


def test_a_project_in_a_uv_workspace_is_proven_apart(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["apps/*"]\n')
    (folder / "apps").mkdir()

    outcome = commands.new(SMALL, _options(folder=folder / "apps"), _ignore)

    assert outcome.proven
    assert "run uv sync there" in outcome.notes[-1]
    assert os.listdir(folder / "apps") == ["demo"]
    assert not (folder / "apps" / "demo" / ".venv").exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [(None, "holds no project of starlette-new"), ("layout: big", "--layout cannot be")],
)
def test_only_a_project_of_ours_is_checked(folder: Path, text: str | None, why: str) -> None:
    if text:
        (folder / ".copier-answers.yml").write_text(text)

    with pytest.raises(TargetProblem, match=why):
        commands.check(_options(python=""), _ignore)


def test_a_project_is_green_until_someone_breaks_it(folder: Path) -> None:
    commands.new(SMALL, _options(verify=False), _ignore)
    os.chdir("demo")

    green = commands.check(_options(), _ignore)

    assert green.proven
    assert [check.name for check in green.checks] == ["suite", "start", "lint", "format", "types"]
    (folder / "demo" / "app" / "extra.py").write_text("import os\n")
    with pytest.raises(RedProof, match=r"lint \(ruff check failed") as caught:
        commands.check(_options(), _ignore)
    assert caught.value.log
    assert "F401" in caught.value.log.read_text()
    caught.value.log.unlink()
