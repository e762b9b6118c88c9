"""What every test stands on: an empty folder to work in, and the command itself."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

GIT_SETTINGS = "[user]\n\tname = Ada\n\temail = ada@example.com\n"
FROM_OUTSIDE = ("CI", "VIRTUAL_ENV", "DATABASE_URL", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")


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


@pytest.fixture
def tool() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command, as another program runs it: no terminal, and `typed` on its standard input."""

    def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "starlette_new", *arguments]
        return subprocess.run(
            command, input=typed, capture_output=True, encoding="utf-8", check=False
        )

    return run
