"""Other programs: their ends, their output, and that none outlives us."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from starlette_new.errors import Interrupted
from starlette_new.processes import Processes

HOLD = """
import fcntl, time
file = open("held", "w")
fcntl.flock(file, fcntl.LOCK_EX)
open("ready", "w").close()
time.sleep(60)
"""
LEAVE = """
import os, subprocess, sys, time
null = subprocess.DEVNULL
subprocess.Popen([sys.executable, "hold.py"], stdout=null, stderr=null)
while not os.path.exists("ready"):
    time.sleep(0.01)
"""
RUN = """
import pathlib, sys, time
from starlette_new.errors import Interrupted
from starlette_new.processes import Processes
with Processes(60) as processes:
    processes.start([sys.executable, "hold.py"], pathlib.Path(), {})
    time.sleep(60)
"""


@pytest.fixture
def holder(folder: Path) -> Callable[[], bool]:
    """Tells whether hold.py, a program that ends only if it is killed, still runs."""
    (folder / "hold.py").write_text(HOLD)

    def is_held() -> bool:
        with (folder / "held").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    return is_held


def _wait_for(truth: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not truth() and time.monotonic() < deadline:
        time.sleep(0.01)
    return truth()


def test_a_program_is_run_in_its_folder_with_its_variables(folder: Path) -> None:
    code = "import os, sys; print(os.getcwd(), os.environ['A']); print('err', file=sys.stderr)"

    with Processes(20) as processes:
        done = processes.run([sys.executable, "-c", code], folder, {"A": "b"})

    assert done.ok
    assert f"{folder} b" in done.output
    assert "err" in done.output


def test_a_program_has_no_input_and_no_terminal(folder: Path) -> None:
    code = "import os, sys; print(repr(sys.stdin.read()), os.getsid(0) == os.getpid())"

    with Processes(20) as processes:
        done = processes.run([sys.executable, "-c", code], folder, {})

    assert done.output == "'' True\n"


def test_the_log_holds_each_command_its_output_and_its_end(folder: Path) -> None:
    with Processes(20) as processes:
        processes.run([sys.executable, "-c", "print('one')"], folder, {})
        processes.run([sys.executable, "-c", "raise SystemExit(3)"], folder, {})
        log = processes.log

    assert f"$ {sys.executable} -c 'print('\"'\"'one'\"'\"')'\none\n[exit 0, " in log
    assert "[exit 3, " in log


def test_output_that_is_no_text_is_kept_readable(folder: Path) -> None:
    code = "import sys; sys.stdout.buffer.write(b'a\\xffb')"

    with Processes(20) as processes:
        done = processes.run([sys.executable, "-c", code], folder, {})

    assert done.output == "a\ufffdb"


def test_a_program_is_stopped_when_its_time_is_over(
    folder: Path, holder: Callable[[], bool]
) -> None:
    with Processes(1) as processes:
        done = processes.run([sys.executable, "hold.py"], folder, {})

        assert (done.ok, done.code) == (False, None)
        assert done.seconds < 20
        assert "stopped: its time was over" in processes.log
        assert not holder()


def test_what_a_program_leaves_behind_is_stopped(folder: Path, holder: Callable[[], bool]) -> None:
    with Processes(20) as processes:
        done = processes.run([sys.executable, "-c", LEAVE], folder, {})

        assert done.ok
        assert _wait_for(lambda: not holder())


def test_what_still_runs_at_the_end_is_stopped(folder: Path, holder: Callable[[], bool]) -> None:
    with Processes(20) as processes:
        process = processes.start([sys.executable, "hold.py"], folder, {})
        assert _wait_for((folder / "ready").exists)
        assert holder()

    assert process.returncode == -signal.SIGKILL
    assert not holder()
    if process.stdout:
        process.stdout.close()


def test_nothing_outlives_a_run_that_was_killed(folder: Path, holder: Callable[[], bool]) -> None:
    run = subprocess.Popen([sys.executable, "-c", RUN])
    assert _wait_for((folder / "ready").exists)

    run.kill()
    run.wait()

    assert _wait_for(lambda: not holder())


def test_a_guard_that_was_killed_is_no_trouble(folder: Path) -> None:
    with Processes(20) as processes:
        assert processes.run(["true"], folder, os.environ).ok
        guard = processes._guard
        assert guard is not None
        guard.kill()
        guard.wait()

        assert processes.run(["true"], folder, os.environ).ok


def test_nothing_is_started_where_nothing_is_asked() -> None:
    with Processes(20) as processes:
        assert processes.log == ""


def test_a_program_that_left_its_group_cannot_hold_us(folder: Path) -> None:
    code = "import subprocess; subprocess.Popen(['sleep', '8'], start_new_session=True)"

    with Processes(1) as processes:
        started = time.monotonic()
        done = processes.run([sys.executable, "-c", code], folder, os.environ)

    assert not done.ok
    assert time.monotonic() - started < 6


def test_all_is_stopped_from_another_thread(folder: Path) -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    with Processes(60) as processes:
        process = processes.start(sleep, folder, {})

        threading.Timer(0.1, processes.stop).start()

        with pytest.raises(Interrupted):
            processes.finish(process, time.monotonic())
        assert process.returncode == -signal.SIGKILL
        with pytest.raises(Interrupted):
            processes.start(sleep, folder, {})


def test_a_time_for_all_together_is_not_longer_for_the_second(folder: Path) -> None:
    with Processes(1.0, together=True) as processes:
        time.sleep(1.0)

        done = processes.run([sys.executable, "-c", "import time; time.sleep(60)"], folder, {})

    assert (done.code, done.seconds < 30) == (None, True)
