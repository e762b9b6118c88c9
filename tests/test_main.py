"""The entry point: quick answers, closed streams, and readers that went away."""

import os
import runpy
import subprocess
import sys
from contextlib import suppress

import pytest

from starlette_new import __main__, __version__, cli
from starlette_new.__main__ import main


def test_the_version_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["starlette-new", "--version"])

    assert main() == 0
    assert capsys.readouterr().out == f"starlette-new {__version__}\n"


def test_whatever_else_goes_to_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["starlette-new", "--nope"])

    assert main() == 2
    assert "--nope" in capsys.readouterr().err


def test_who_stops_it_before_it_has_begun_sees_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(arguments: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["starlette-new", "options"])
    monkeypatch.setattr(cli, "run", stop)

    assert main() == 130
    assert capsys.readouterr().err == ""


def test_the_module_can_be_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["starlette-new", "options"])

    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(__main__.__file__), run_name="__main__")

    assert caught.value.code == 0
    assert "--layout" in capsys.readouterr().out


def test_a_reader_that_went_away_is_exit_4(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    kept = os.dup(1)
    stream = open(writer, "w")  # noqa: SIM115
    monkeypatch.setattr(sys, "argv", ["starlette-new", "--version"])
    monkeypatch.setattr(sys, "stdout", stream)
    try:
        assert main() == 4
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        with suppress(OSError):
            stream.close()


def test_no_output_at_all_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["starlette-new", "--version"])
    monkeypatch.setattr(sys, "stdout", None)

    assert main() == 0


def test_a_closed_stream_is_opened_on_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = os.dup(0)
    os.close(0)
    monkeypatch.setattr(sys, "argv", ["starlette-new", "--version"])
    try:
        assert main() == 0
        assert os.path.samestat(os.fstat(0), os.stat(os.devnull))
    finally:
        os.dup2(kept, 0)
        os.close(kept)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_command_with_closed_streams_ends_well(closed: str) -> None:
    command = f'"{sys.executable}" -m starlette_new options {closed}'

    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True)

    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("argument", "name", "code"), [("-x", "stderr", 2), ("-h", "stdout", 4)])
def test_streams_that_nobody_takes_change_nothing_else(
    argument: str, name: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(__main__, "_streams", {})
    with open(writer, "w") as stream:
        monkeypatch.setattr(sys, "argv", ["starlette-new", argument])
        monkeypatch.setattr(sys, name, stream)
        monkeypatch.setattr(sys, f"__{name}__", stream)

        assert main() == code
