"""The ends of a command: its exit code, and its one JSON document."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from starlette_new.cli import run
from starlette_new.questions import STARTER

QUICK = ("--no-install", "--no-git")
Tool = Callable[..., subprocess.CompletedProcess[str]]


def test_json_is_one_document_and_nothing_else(tool: Tool, folder: Path) -> None:
    done = tool("demo", *QUICK, "--json")

    document = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert document["schema"] == 1
    assert (document["command"], document["ok"], document["proven"]) == ("new", True, False)
    assert document["project"]["path"] == str(folder / "demo")
    assert document["project"]["answers"]["resources"] == [STARTER]
    assert set(document["files"]) == {
        path.relative_to(folder / "demo").as_posix()
        for path in (folder / "demo").rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("arguments", "code", "error", "command"),
    [
        (["--json"], 2, "usage", "new"),
        (["class", "--json"], 2, "usage", "new"),
        (["demo", "--nope", "--json"], 2, "usage", "new"),
        (["check", "--json"], 3, "target", "check"),
        (["options", "--json", "--nope"], 2, "usage", "options"),
        (["demo", "--json", "-o", "missing"], 3, "target", "new"),
    ],
)
def test_a_problem_in_json_is_one_document_as_well(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, error: str, command: str
) -> None:
    assert run(arguments) == code

    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["command"]) == (False, command)
    assert document["error"]["code"] == error
    assert document["error"].keys() == {"code", "message", "field", "hint"}


def test_surroundings_that_fail_are_exit_4_with_a_log(
    folder: Path, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", str(folder.parent / "empty"))

    done = tool("demo", "--offline", "--with-db", "none")
    asked = tool("demo", "--offline", "--with-db", "none", "--json")

    assert (done.returncode, asked.returncode) == (4, 4)
    assert "uv sync failed" in done.stderr
    log = Path(json.loads(asked.stdout)["log"])
    assert "--offline" in log.read_text()
    assert list(folder.iterdir()) == []
    log.unlink()


def test_a_red_proof_is_exit_5_with_the_end_of_its_log(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--no-verify", "--with-db", "none", "-q"]) == 0
    (folder / "demo" / "app" / "extra.py").write_text("import os\n")
    os.chdir("demo")

    code = run(["check", "--timeout", "60"])

    shown = capfd.readouterr().err
    assert code == 5
    assert "starlette-new: The project" in shown
    assert "lint" in shown.splitlines()[-1]
