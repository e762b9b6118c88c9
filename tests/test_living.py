"""A small sample of the proof that a project lives: ten sequences of edits and changes."""

import subprocess
import sys
from pathlib import Path

LIVING = Path(__file__).parent / "slow" / "living.py"
SEED = "4"


def test_ten_projects_are_edited_and_changed_and_lose_nothing() -> None:
    command = [sys.executable, str(LIVING), "--rounds", "10", "--seed", SEED, "-j", "2"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=900)

    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
