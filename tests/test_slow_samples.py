"""A small sample of each proof in tests/slow, as anybody would run it."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SAMPLES = {
    "interruptions": ["--rounds", "4", "--latest", "1.5", "--seed", "7"],
    "races": ["--rounds", "1", "--runs", "4", "--no-install"],
    "surroundings": ["--only", "stdout is full", "--only", "*URLs", "--only", "disk, 0.001 of*"],
    "startup": ["--rounds", "3", "--slack", "50"],
    "rendering": ["--rounds", "1", "--slack", "50"],
    "pipeline": ["--rounds", "1", "--slack", "50"],
    "suite": ["--rounds", "1", "--resources", "1", "2", "--slack", "50"],
    "corpus": [str(TESTS / "corpus.json"), "--slack", "4", "-j", "2"],
}


def test_every_proof_has_a_sample() -> None:
    modules = {path.stem for path in (TESTS / "slow").glob("*.py")}

    programs = modules - {"clock", "hostile", "ledger", "tool"}

    assert programs == set(SAMPLES)


@pytest.mark.parametrize("proof", SAMPLES)
def test_a_sample_of_the_proof_is_green(proof: str) -> None:
    command = [sys.executable, str(TESTS / "slow" / f"{proof}.py"), *SAMPLES[proof]]

    done = subprocess.run(command, capture_output=True, text=True, timeout=600)

    assert done.returncode == 0, done.stdout + done.stderr
