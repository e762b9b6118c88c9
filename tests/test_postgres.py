"""A project for PostgreSQL: proven on a real server, changed, and refused where there is none."""

import json
from pathlib import Path

import pytest
from server import needs_server

from starlette_new.cli import run
from starlette_new.databases import VARIABLE

EVERY_TYPE = (
    "task title:str(40):unique notes:text? n:int f:float d:decimal(10,2)=1.5 done:bool=false "
    "on:date at:datetime=now t:time u:uuid j:json e:email? l:url? c:color s:enum(new,paid)=new "
    "owner:ref seen:many(owner)"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with every type."""
    folder = tmp_path_factory.mktemp("postgres")
    words = ["demo", "-o", str(folder), "--with-db", "postgres", "--no-git", "--no-verify"]
    code = run([*words, "--resource", EVERY_TYPE, "--resource", "owner name:str"])
    assert code == 0
    return folder / "demo"


@needs_server
def test_it_is_proven_and_changed_and_clean(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project)
    capsys.readouterr()

    added = run(["add", "note body:text? task:ref?", "--with-telemetry", "--no-verify", "-q"])
    capsys.readouterr()
    refused = run(["remove", "note", "--json"])
    why = json.loads(capsys.readouterr().out)["error"]["message"]
    removed = run(["remove", "note", "--allow-data-loss", "--no-verify"])
    capsys.readouterr()
    checked = run(["check", "--json"])
    told = json.loads(capsys.readouterr().out)

    assert (added, refused, removed, checked) == (0, 3, 0, 0), told
    assert "Nobody can count the rows" in why
    assert {check["name"]: check["ok"] for check in told["checks"]}["migrations"]


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_without_a_server_nothing_is_made(
    folder: Path,
    more: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://postgres@127.0.0.1:9/postgres")

    code = run(["demo", "-o", str(folder), "--with-db", "postgres", *more])

    said = capsys.readouterr().err
    assert (code, list(folder.iterdir())) == (4, [])
    assert VARIABLE in said
    assert "--no-verify" in said


def test_unproven_it_needs_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://postgres@127.0.0.1:9/postgres")
    words = ["-o", str(folder), "--with-db", "postgres", "--no-install", "--no-git"]
    assert run(["demo", *words]) == 0
    monkeypatch.chdir(folder / "demo")
    capsys.readouterr()

    assert run(["check"]) == 4
    assert run(["add", "note body:text", "--no-verify"]) == 0
    assert run(["add", "thing body:text"]) == 4
    assert not (folder / "demo" / "app/resources/things").exists()


def test_without_a_server_many_projects_are_red_for_no_fault_of_theirs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://postgres@127.0.0.1:9/postgres")
    name = "standard-postgres-no-ui-nothing"

    code = run(["smoke", "--only", name, "-o", str(folder / "kept"), "--json"])

    (project,) = json.loads(capsys.readouterr().out)["projects"]
    assert (code, project["checks"][-1]["name"]) == (4, "database")
