"""What every test stands on: an empty folder to work in, and the command itself."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

import starlette_new
from starlette_new.preparing import PROGRAMS

GIT_SETTINGS = "[user]\n\tname = Ada\n\temail = ada@example.com\n"
FROM_OUTSIDE = (*PROGRAMS, "VIRTUAL_ENV", "DATABASE_URL", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write tests/golden/ anew")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: empty, and without the settings of the person who runs the tests."""
    settings = tmp_path / "outside" / "gitconfig"
    settings.parent.mkdir()
    settings.write_text(GIT_SETTINGS)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    for name in FROM_OUTSIDE:
        monkeypatch.delenv(name, raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.fixture(scope="session")
def printed() -> Draft202012Validator:
    """The schema of all that is printed with --json."""
    file = Path(starlette_new.__file__).parent / "schemas" / "output-1.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    meta = DRAFT202012.create_resource(Draft202012Validator.META_SCHEMA)
    registry: Registry[Any] = Registry().with_resource(schema["$schema"], meta)
    return Draft202012Validator(schema, registry=registry)


@pytest.fixture
def tool() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command, as another program runs it: no terminal, and `typed` on its standard input."""

    def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "starlette_new", *arguments]
        return subprocess.run(
            command, input=typed, capture_output=True, encoding="utf-8", check=False
        )

    return run


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    """Makes a Copier template of somebody in a folder: copier.yml, and its files by their paths."""

    def make(asked: str, files: Mapping[str, str] | None = None) -> Path:
        made = tmp_path / "theirs"
        for path, text in {"copier.yml": asked, **(files or {"a.txt": "a\n"})}.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_text(text)
        return made

    return make
