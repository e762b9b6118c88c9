"""Projects, proven for real: made by the command, covered by their own suites, and clean."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from uv import find_uv_bin

FIELDS = [
    "--resource", "customer name:str bio:text? age:int active:bool=true",
    "--resource", "BlogPost title:str=News words:int?=0 body:text seen:bool?",
    "--resource", "news headline:str?",
]  # fmt: skip
PROJECTS = {
    "standard-three": ["--with-db", "sqlite", *FIELDS],
    "standard-empty": ["--with-db", "sqlite", "--no-starter"],
    "standard-none": ["--with-db", "none"],
    "single-sqlite": ["--layout", "single", *FIELDS],
    "single-none": ["--layout", "single", "--with-db", "none"],
}


def _run(*arguments: str, cwd: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "starlette_new", *arguments, "--json"],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document | {"exit": done.returncode}


@pytest.fixture(scope="module", params=PROJECTS)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as the command hands it over; what the command said stands beside it."""
    parent = tmp_path_factory.mktemp("project")
    said = _run(request.param, *PROJECTS[request.param], "--no-git", cwd=parent)
    (parent / "said.json").write_text(json.dumps(said))
    return parent / str(request.param)


def test_a_project_is_handed_over_proven(project: Path) -> None:
    said = json.loads((project.parent / "said.json").read_text())

    assert (said["exit"], said["proven"]) == (0, True), said
    assert [check["name"] for check in said["checks"] if check["ok"]] == [
        "render",
        "install",
        "suite",
        "start",
    ]


def test_its_suite_runs_every_line_and_branch(project: Path) -> None:
    source = "main" if project.name.startswith("single") else "app"
    coverage = [find_uv_bin(), "run", "--frozen", "--with", "coverage", "coverage"]

    suite = subprocess.run(
        [*coverage, "run", "--branch", f"--source={source}", "-m", "pytest", "-q"],
        cwd=project,
        capture_output=True,
        text=True,
    )
    report = subprocess.run(
        [*coverage, "report", "--show-missing", "--skip-covered", "--fail-under=100"],
        cwd=project,
        capture_output=True,
        text=True,
    )

    assert suite.returncode == 0, suite.stdout + suite.stderr
    assert report.returncode == 0, report.stdout + report.stderr


def test_it_is_clean_by_its_own_rules(project: Path) -> None:
    said = _run("check", cwd=project)

    assert said["proven"], said
    names = [check["name"] for check in said["checks"]]
    has_migrations = project.name in ("standard-three", "standard-empty")
    assert names == [
        "suite",
        "start",
        "lint",
        "format",
        "types",
        *(["migrations"] if has_migrations else []),
    ]
