"""Prove that a change costs little more than two renders and the proof, and little without it."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from clock import describe_ratio, judge_ratio, time_in_turns
from ledger import Ledger
from tool import TOOL, Ended, clean_environment, fresh_folder, run, run_suite

NAME = "taskflow"
LINE = "attachment title:str(120) size:int=0 added:datetime=now task:ref"
LONGEST = 4.0
"""Seconds to add a resource to a project of thirty, without the proof."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for each limit")
    options = parser.parse_args()
    ledger = Ledger("Changes")
    with fresh_folder() as folder:
        project = _make(folder / "example", ["--example", NAME], [])
        big = _make(folder / "big", _list_thirty(), ["--no-install"])
        times = time_in_turns(
            {
                "add": lambda: _change(project, [LINE]),
                "two renders and the suite": lambda: _work_by_hand(project, folder),
            },
            options.rounds,
        )
        added = [_change(big, ["more title:str", "--no-verify"]) for _ in range(options.rounds + 1)]
    most = 1.5
    ours, theirs = "add", "two renders and the suite"
    faults = judge_ratio(times, ours, theirs, most * options.slack)
    detail = describe_ratio(times, ours, theirs, most)
    ledger.add(f"{ours} : {theirs}", [f"{detail} {f}" for f in faults], times[ours], detail)
    seconds = median(one.seconds for one in added)
    late = [f"at most {LONGEST} s"] if seconds > LONGEST * options.slack else []
    ledger.add("add to 30 resources, not proven", late, seconds, f"at most {LONGEST} s")
    return ledger.close()


def _list_thirty() -> list[str]:
    names = [f"{kind}_{letter}" for kind in ("box", "tool", "part") for letter in "abcdefghij"]
    return [word for name in names for word in ("--resource", f"{name} title:str notes:text?")]


def _make(folder: Path, options: Sequence[str], more: Sequence[str]) -> Path:
    folder.mkdir()
    _check(run([TOOL, NAME, "--no-verify", "--no-git", *options, *more], folder))
    shutil.copytree(folder / NAME, folder / "kept", symlinks=True)
    return folder / NAME


def _change(project: Path, words: Sequence[str]) -> Ended:
    """Add to a project that is as it was made; taking it back there costs a fraction of it."""
    for path in project.iterdir():
        if path.name not in (".venv", "uv.lock"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    ignored = shutil.ignore_patterns(".venv", "uv.lock")
    shutil.copytree(project.parent / "kept", project, ignore=ignored, dirs_exist_ok=True)
    return _check(run([TOOL, "add", *words], project))


def _work_by_hand(project: Path, folder: Path) -> None:
    for name in ("old", "new"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
        options = ["--example", NAME, "--no-install", "--no-git"]
        more = ["--resource", LINE] * (name == "new")
        _check(run([TOOL, NAME, *options, *more], folder / name, env=clean_environment()))
    _check(run_suite(project))


def _check(ended: Ended) -> Ended:
    if ended.code != 0:
        raise SystemExit(f"exit {ended.code}: {ended.stdout}{ended.stderr}")
    return ended


if __name__ == "__main__":
    sys.exit(main())
