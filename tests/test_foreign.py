"""Somebody's template, looked at and copied in a process of its own."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from starlette_new.errors import SurroundingsProblem, UsageProblem
from starlette_new.foreign import describe, render_foreign
from starlette_new.processes import Processes

Template = Callable[..., Path]


@pytest.fixture
def processes() -> Iterator[Processes]:
    with Processes(60) as started:
        yield started


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A folder for temporary files."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def _git(repository: Path, *arguments: str) -> None:
    command = ["git", "-C", str(repository), *arguments]
    subprocess.run(command, check=True, capture_output=True)


def _commit(repository: Path) -> None:
    for arguments in (["init"], ["add", "."], ["commit", "-m", "Begin"], ["tag", "1.2"]):
        _git(repository, *arguments)


def test_a_template_is_described_once_and_copied_often(
    folder: Path, scratch: Path, processes: Processes, template: Template
) -> None:
    source = str(
        template("api: true\nlicense: {choices: [mit, bsd]}\n", {"a.txt.jinja": "{{ api }}"})
    )

    described = describe(source, scratch, processes)
    trees = [
        render_foreign(source, {"api": api, "license": "mit"}, folder / api, scratch, processes)
        for api in ("yes", "no")
    ]

    assert [(q.name, q.type, q.choices) for q in described.questions] == [
        ("api", "bool", ()),
        ("license", "yaml", ("mit", "bsd")),
    ]
    assert [question.required for question in described.questions] == [False, True]
    assert {tree.template for tree in trees} == {described}
    assert [tree.files for tree in trees] == [["a.txt"], ["a.txt"]]
    assert [tree.answers["api"] for tree in trees] == [True, False]
    assert (folder / "no" / "a.txt").read_text() == "False"


@pytest.mark.parametrize("prefix", ["", "git+file://"])
def test_a_repository_says_who_wrote_it(
    folder: Path, scratch: Path, processes: Processes, template: Template, prefix: str
) -> None:
    path = template("a: 1\n")
    _commit(path)
    source = f"{prefix}{path}"

    done = render_foreign(source, {}, folder / "demo", scratch, processes)

    assert done.template.facts["source"] == source
    assert (done.template.version, done.template.author) == ("1.2", "Ada <ada@example.com>")
    assert done.template.summary == (
        f"template {source}, 1.2, commit {done.template.commit}, by Ada <ada@example.com>"
    )
    assert os.listdir(folder) == ["demo"]


def test_modes_are_kept(
    folder: Path, scratch: Path, processes: Processes, template: Template
) -> None:
    source = template("a: 1\n", {"run.sh": "#!/bin/sh\n"})
    (source / "run.sh").chmod(0o755)

    render_foreign(str(source), {}, folder / "demo", scratch, processes)

    assert stat.S_IMODE((folder / "demo" / "run.sh").stat().st_mode) == 0o755


def test_trust_is_given_by_nothing_but_its_option(
    folder: Path,
    scratch: Path,
    processes: Processes,
    template: Template,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = str(template("_tasks: [touch ran]\n"))
    settings = scratch / "settings.yml"
    settings.write_text(f"trust: ['{source}']\n")
    monkeypatch.setenv("COPIER_SETTINGS_PATH", str(settings))

    assert describe(source, scratch, processes).runs == ('the task "touch ran"',)
    with pytest.raises(UsageProblem, match="wants to run code") as caught:
        render_foreign(source, {}, folder / "demo", scratch, processes)
    assert caught.value.field == "trust"
    assert caught.value.log is None
    tree = render_foreign(source, {}, folder / "demo", scratch, processes, trust=True)
    assert tree.files == ["a.txt", "ran"]


def test_a_program_that_a_repository_names_is_not_started(
    folder: Path, scratch: Path, processes: Processes, template: Template
) -> None:
    source = template("a: 1\n")
    _commit(source)
    monitor = source / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch {folder}/ran\n")
    monitor.chmod(0o755)
    _git(source, "config", "core.fsmonitor", str(monitor))
    _git(source, "tag", "--delete", "1.2")

    render_foreign(str(source), {}, folder / "demo", scratch, processes)

    assert os.listdir(folder) == ["demo"]


def test_what_git_cannot_fetch_is_told_with_a_log(
    folder: Path, scratch: Path, processes: Processes
) -> None:
    with pytest.raises(SurroundingsProblem, match="Git cannot give the template") as caught:
        describe("git+file:///nowhere", scratch, processes)

    assert caught.value.log
    assert "starlette_new.copying" in caught.value.log.read_text()
    caught.value.log.unlink()
    assert list(folder.iterdir()) == []


def test_a_template_has_only_its_time(folder: Path, scratch: Path, template: Template) -> None:
    source = str(template("_tasks: [sleep 60]\n"))

    with Processes(0.2) as hurried, pytest.raises(SurroundingsProblem) as late:
        render_foreign(source, {}, folder / "demo", scratch, hurried, trust=True)

    assert "did not end within 0 s" in late.value.message
    assert late.value.log
    late.value.log.unlink()


def test_copying_that_was_stopped_is_told(
    folder: Path, scratch: Path, processes: Processes, template: Template
) -> None:
    source = str(template("_tasks: ['kill -9 $PPID']\n"))

    with pytest.raises(SurroundingsProblem, match="was stopped") as caught:
        render_foreign(source, {}, folder / "demo", scratch, processes, trust=True)

    assert caught.value.log
    caught.value.log.unlink()


def test_a_copy_of_a_template_is_no_repository(
    folder: Path, scratch: Path, processes: Processes, template: Template
) -> None:
    source = template("a: 1\n")
    _commit(source)
    copied = shutil.copytree(source, folder / "copied", ignore=shutil.ignore_patterns(".git"))

    assert describe(str(copied), scratch, processes).summary == f"template {copied}"
