"""What .gitignore files name is its owner's alone."""

from pathlib import Path

import pytest

from starlette_new.ignored import Ignored, list_files


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in the folder of a repository, with rules at three levels."""
    project = tmp_path / "repository" / "apps" / "demo"
    (project / "app" / "data").mkdir(parents=True)
    (tmp_path / ".gitignore").write_text("*\n", encoding="utf-8")
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / ".gitignore").write_text("*.log\n", encoding="utf-8")
    (project / ".gitignore").write_text("*.db\n.env\n/build/\n", encoding="utf-8")
    (project / "app" / ".gitignore").write_text("data/*\n!data/keep\n!kept.log\n", encoding="utf-8")
    return project


@pytest.mark.parametrize(
    "path",
    ["a.db", "app/b.db", ".env", "build/x", "build/x/y", "c.log", "app/data/x", ".venv/bin/python"],
)
def test_what_a_rule_names_is_ignored(project: Path, path: str) -> None:
    assert path in Ignored(project)


@pytest.mark.parametrize("path", ["README.md", "app/build/x", "app/data/keep", "app/kept.log"])
def test_what_no_rule_names_or_one_excepts_is_not(project: Path, path: str) -> None:
    assert path not in Ignored(project)


def test_outside_of_a_repository_only_the_project_has_rules(tmp_path: Path) -> None:
    project = tmp_path / "demo"
    project.mkdir()
    (tmp_path / ".gitignore").write_text("*\n", encoding="utf-8")

    assert "README.md" not in Ignored(project)


def test_the_files_of_a_project_are_listed_without_what_is_ignored(project: Path) -> None:
    for name in ("README.md", "a.db", "app/x.py", "app/data/x", "app/data/keep", "app/y.log"):
        (project / name).touch()
    for folder in ("build", ".venv", "app/__pycache__"):
        (project / folder).mkdir()
        (project / folder / "z.py").touch()
    (project / "link").symlink_to("README.md")

    found = list(list_files(project, Ignored(project)))

    assert found == [".gitignore", "README.md", "app/.gitignore", "app/x.py", "app/data/keep"]


def test_a_project_that_is_ignored_itself_is_one_without_git(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("demo/\n", encoding="utf-8")
    project = tmp_path / "demo"
    project.mkdir()
    (project / ".gitignore").write_text("*.db\n", encoding="utf-8")

    ignored = Ignored(project)

    assert "README.md" not in ignored
    assert "demo.db" in ignored
