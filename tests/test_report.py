"""Reports: one screen for a person, one document for a program."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

from starlette_new import report
from starlette_new.errors import UsageProblem
from starlette_new.foreign import ForeignTemplate
from starlette_new.outcomes import Outcome, RedProof, ToolOutput
from starlette_new.prove import Check
from starlette_new.report import Progress

GREEN = Check("suite", True, 1.25, "3 passed")
RED = Check("start", False, 0.5, "the server failed")


class Terminal(io.StringIO):
    """What is printed on it, where a program believes that a person sees it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def outcome() -> Outcome:
    """A project that was made and proven."""
    return Outcome(
        "new", "demo", Path("/projects/demo"), answers={"ui": "pages"}, summary="layout standard",
        proven=True, checks=[GREEN], files=["a.py"],
        notes=["A note."], next=["cd demo", "uv run demo"], seconds=2.04,
    )  # fmt: skip


def _print(outcome: Outcome, capsys: pytest.CaptureFixture[str]) -> str:
    report.print_outcome(outcome)
    return capsys.readouterr().out


def test_a_person_reads_what_was_made_proven_and_is_next(
    outcome: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = _print(outcome, capsys)

    assert shown.startswith("/projects/demo\n")
    assert shown.splitlines()[1] == "layout standard"
    assert "suite      3 passed (1.2 s)" in shown
    assert "  A note.\n" in shown
    assert "Proven in 2.0 s. Type next:\n  cd demo\n  uv run demo\n" in shown


def test_what_is_not_proven_is_said_to_be_not_proven(
    outcome: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome.proven, outcome.next = False, []

    assert _print(outcome, capsys).endswith("\nNot proven.\n")


def test_a_dry_run_says_that_nothing_was_written(
    outcome: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome.dry_run = True

    assert _print(outcome, capsys).endswith("  create   a.py\n  A note.\n\nNothing was written.\n")


def test_a_terminal_shows_the_same_words(outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, plain = Terminal(), io.StringIO()
    outcome.checks.append(RED)
    monkeypatch.setenv("TERM", "dumb")

    for stream in (terminal, plain):
        monkeypatch.setattr(sys, "stdout", stream)
        report.print_outcome(outcome)

    assert terminal.getvalue() == plain.getvalue()


@pytest.mark.parametrize(
    ("encoding", "marks"), [("utf-8", ("✓", "✗")), ("ascii", ("ok", "failed"))]
)
def test_a_check_is_marked_in_what_the_terminal_can_show(
    monkeypatch: pytest.MonkeyPatch, encoding: str, marks: tuple[str, str]
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))

    shown = [report.describe_check(check).split()[0] for check in (GREEN, RED)]

    assert tuple(shown) == marks


def test_a_document_holds_plain_values(outcome: Outcome) -> None:
    document = json.loads(json.dumps(report.make_document(outcome)))

    assert (document["ok"], document["proven"], document["seconds"]) == (True, True, 2.04)
    assert document["checks"] == [vars(GREEN)]
    assert document["plan"] == [{"action": "create", "path": "a.py", "why": ""}]
    assert document["files"] == ["a.py"]
    assert document["project"] == {"path": "/projects/demo", "answers": {"ui": "pages"}}
    assert document["template"] is None


def test_the_document_of_a_foreign_template_says_where_it_is_from(outcome: Outcome) -> None:
    outcome.template = ForeignTemplate("/a", "1.0", "abc", "Ada", (), ())

    document = json.loads(json.dumps(report.make_document(outcome)))

    said = {"source": "/a", "version": "1.0", "commit": "abc", "author": "Ada"}
    assert document["template"] == said


def test_the_document_of_a_dry_run_has_a_plan_and_no_files(outcome: Outcome) -> None:
    outcome.dry_run = True

    document = report.make_document(outcome)

    assert document["plan"]
    assert document["files"] == []


def test_the_document_of_a_red_proof_says_what_was_done(outcome: Outcome) -> None:
    outcome.checks.append(RED)
    outcome.proven = False

    document = report.make_problem_document(RedProof(outcome, Path("a.log")), "new")

    assert json.loads(json.dumps(document))["log"] == "a.log"
    assert (document["ok"], document["proven"]) == (False, False)
    assert document["checks"] == [vars(GREEN), vars(RED)]
    assert document["error"] == {
        "code": "proof",
        "message": 'The project "demo" is not proven: start (the server failed).',
        "field": None,
        "hint": "See a.log",
    }


def test_what_its_owner_should_know_is_told_where_a_proof_is_red(
    folder: Path, outcome: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome.checks, outcome.notes = [RED], ["Write the next migration."]
    (folder / "a.log").write_text("1 failed\n")

    report.print_problem(RedProof(outcome, folder / "a.log"))

    lines = capsys.readouterr().err.splitlines()
    assert lines[1:3] == ["  Write the next migration.", "  | 1 failed"]


def test_a_problem_stands_below_the_end_of_its_log(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = folder / "a.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))

    report.print_problem(UsageProblem("What.", "Do.", log=log))
    report.print_problem(UsageProblem("What.", "Do."))

    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "  | line 75"
    assert lines[-3:] == ["  | line 99", "starlette-new: What. Do.", "starlette-new: What. Do."]


@pytest.mark.parametrize(
    ("quiet", "verbose", "said"),
    [
        (False, False, ""),
        (True, False, ""),
        (False, True, "Installing …\nsuite: 3 passed\n$ uv sync\n"),
    ],
)
def test_progress_is_silent_away_from_a_terminal(
    capsys: pytest.CaptureFixture[str], quiet: bool, verbose: bool, said: str
) -> None:
    with Progress(quiet=quiet, verbose=verbose) as progress:
        progress("Installing")
        progress(GREEN)
        progress(ToolOutput("$ uv sync"))

    assert capsys.readouterr() == ("", said)


def test_progress_moves_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    with Progress(quiet=False, verbose=False) as progress:
        progress("Installing")

    assert "Installing" in terminal.getvalue()


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_what_is_no_terminal_is_none(stream: object) -> None:
    assert not report.is_terminal(stream)


def test_a_terminal_is_one() -> None:
    primary, secondary = os.openpty()

    with os.fdopen(secondary) as stream, os.fdopen(primary, "wb"):
        assert report.is_terminal(stream)
