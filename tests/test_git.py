"""The first commit: made where Git can, explained where it cannot."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from starlette_new import git
from starlette_new.git import make_repository
from starlette_new.processes import Processes


@pytest.fixture
def project(folder: Path) -> Iterator[Path]:
    """A project where it is made, apart from where it will stand."""
    made = folder / "staging" / "demo"
    made.mkdir(parents=True)
    (made / "main.py").write_text("print(1)\n")
    yield made


def _make(project: Path) -> str:
    with Processes(10) as processes:
        return make_repository(project, project.parents[1] / "demo", processes)


def _git(project: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=project, capture_output=True, text=True, check=True
    ).stdout.strip()


def _write_settings(text: str) -> None:
    Path("../outside/gitconfig").write_text(text)


def test_a_new_project_has_one_commit_with_all_its_files(project: Path) -> None:
    said = _make(project)

    assert said == "A Git repository with one commit."
    assert _git(project, "log", "--format=%an %s") == "Ada Begin with starlette-new"
    assert _git(project, "ls-files") == "main.py"
    assert _git(project, "branch", "--show-current") == "main"


def test_the_owners_name_of_the_first_branch_is_taken(project: Path) -> None:
    _write_settings("[user]\nname = A\nemail = a@b.c\n[init]\ndefaultBranch = trunk\n")

    _make(project)

    assert _git(project, "branch", "--show-current") == "trunk"


def test_hooks_templates_and_signing_do_not_stand_in_the_way(project: Path) -> None:
    _write_settings(
        "[user]\nname = A\nemail = a@b.c\n[commit]\ngpgSign = true\n[gpg]\nprogram = false\n"
    )

    assert _make(project) == "A Git repository with one commit."


def test_another_repository_in_the_variables_is_ignored(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")

    said = _make(project)

    assert said == "A Git repository with one commit."
    assert (project / ".git").is_dir()


def test_no_repository_is_made_inside_another(project: Path) -> None:
    _git(project.parents[1], "init", "--quiet")

    said = _make(project)

    assert said == "No Git repository: the folder lies in one."
    assert not (project / ".git").exists()


def test_no_repository_is_made_without_git(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(project))

    assert _make(project) == "No Git repository: there is no git here."


def test_nothing_is_committed_for_nobody(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write_settings("")
    monkeypatch.delenv("EMAIL", raising=False)

    said = _make(project)

    assert said.startswith("A Git repository, nothing committed: Git knows no user.name")


def test_a_failing_init_is_told(project: Path) -> None:
    _write_settings("[init]\ndefaultBranch = two..dots\n")

    assert _make(project) == "No Git repository: git init failed."


def test_a_failing_commit_is_told(project: Path) -> None:
    (project / "main.py").unlink()

    assert _make(project) == "A Git repository, nothing committed."


def test_a_git_that_does_not_answer_is_not_waited_for(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = tmp_path / "bin" / "git"
    sleeper.parent.mkdir()
    sleeper.write_text("#!/bin/sh\nsleep 60\n")
    sleeper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{sleeper.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git, "PATIENCE", 0.2)

    assert _make(project) == "No Git repository: git did not answer."
