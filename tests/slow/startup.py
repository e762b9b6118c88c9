"""Prove that the tool answers at once: hardly later than the interpreter and its own libraries."""

import argparse
import sys
from functools import partial
from pathlib import Path

from clock import describe_ratio, judge_ratio, time_in_turns
from ledger import Ledger
from tool import TOOL, Ended, fresh_folder, run

TRIVIAL = '''
import typer

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def main(name: str = typer.Option("world", help="Whom to greet")) -> None:
    """Say hello."""
    print(f"Hello {name}")


app()
'''


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for each limit")
    options = parser.parse_args()
    ledger = Ledger("Startup")
    with fresh_folder() as folder:
        (folder / "trivial.py").write_text(TRIVIAL, encoding="utf-8")
        commands: dict[str, list[str | Path]] = {
            "--version": [TOOL, "--version"],
            "python -c pass": [sys.executable, "-c", "pass"],
            "--help": [TOOL, "--help"],
            "a trivial --help": [sys.executable, "trivial.py", "--help"],
        }

        def start(name: str) -> Ended:
            ended = run(commands[name], folder)
            assert ended.code == 0, f"{name}: exit {ended.code}: {ended.stderr}"
            return ended

        times = time_in_turns({name: partial(start, name) for name in commands}, options.rounds)
    for ours, theirs, most in (
        ("--version", "python -c pass", 1.5),
        ("--help", "a trivial --help", 1.15),
    ):
        faults = judge_ratio(times, ours, theirs, most * options.slack)
        detail = describe_ratio(times, ours, theirs, most)
        ledger.add(f"{ours} : {theirs}", [f"{detail} {f}" for f in faults], times[ours], detail)
    return ledger.close()


if __name__ == "__main__":
    sys.exit(main())
