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
    "rendering": ["--rounds", "0", "--slack", "50"],
    "pipeline": ["--rounds", "0", "--slack", "50"],
    "suite": ["--rounds", "1", "--resources", "1", "--slack", "50"],
    "load": [
        *["--rounds", "1", "--clients", "100", "--requests", "2", "--only", "kills"],
        *["--only", "short-lock", "--only", "large-bodies", "--only", "slow-bodies"],
        *["--only", "stop", "--only", "crowd"],
    ],
    "smoking": [
        *["--only", "single-no-db-no-ui-nothing", "--slack", "50"],
    ],
    "streams": ["--quick"],
    "pages": ["--quick"],
    "hostile_requests": ["--only", "syntax", "--only", "framing", "--only", "conditions"],
    "openapi_fuzzing": ["--only", "taskflow", "--cases", "100", "--slack", "4"],
    "browsing": ["--quick", "--slack", "4"],
    "adding": ["--rounds", "0", "--slack", "50"],
    "killing": ["--rounds", "1", "--seed", "3"],
    "merging": ["--rounds", "150"],
    "outages": ["--kills", "1", "--outages", "1", "--freezes", "0"],
    "migrating": ["--joined", "--rows", "50", "--rounds", "5"],
    "fanout": [
        *["--workers", "2", "--streams", "40", "--reaches", "5", "--changes", "500"],
        *["--kills", "1", "--slack", "10"],
    ],
    "million": ["--rows", "20000", "--rounds", "3", "--slack", "10"],
    "moving": ["--rows", "300", "--kills", "1"],
    "working": [
        *["--jobs", "500", "--workers", "2", "--every", "1", "--after", "1", "--hurry"],
        *["--rounds", "1", "--slack", "10"],
    ],
    "corpus": [str(TESTS / "corpus.json"), "--slack", "4", "-j", "2"],
}

SKIPPED = 77
"""The exit code of a proof that lacks something on this machine, which it names."""
HELPERS = {
    *["attacks", "blueprints", "bodies", "clock", "crashes", "crowds", "hostile", "hostile_bodies"],
    *["hostile_conditions", "hostile_messages", "hostile_queries", "hostile_values", "ledger"],
    *["locks", "resources", "served", "tool", "wire", "writers"],
    *["boards", "browsers", "every_page", "forms", "hostile_rows", "lists", "liveness", "relays"],
    *["sites", "visits"],
    *["chance_rows", "clusters", "explaining", "server", "small_apps"],
    *["edits", "lives", "wishes_by_chance"],
    *["deltas", "field_cases", "migration_cases", "migration_rows", "migration_runner", "wheels"],
    *["audiences", "changes", "costs", "deaf", "followers", "processes", "returning"],
    *["returning_pages", "weights"],
    *["crew", "deferring", "diary", "surcharge"],
}


def test_every_proof_has_a_sample() -> None:
    modules = {path.stem for path in (TESTS / "slow").glob("*.py")}

    # One has a test of its own, the other installs what it measures against.
    assert modules - HELPERS == {*SAMPLES, "living", "peers"}


@pytest.mark.parametrize("proof", SAMPLES)
def test_a_sample_of_the_proof_is_green(proof: str) -> None:
    command = [sys.executable, str(TESTS / "slow" / f"{proof}.py"), *SAMPLES[proof]]

    done = subprocess.run(command, capture_output=True, text=True, timeout=600)

    if done.returncode == SKIPPED:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
