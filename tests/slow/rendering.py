"""Prove that a project is rendered faster than Copier alone would, and that many resources are
no burden."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml
from clock import describe_ratio, judge_ratio, time_in_turns
from ledger import Ledger
from tool import TOOL, Ended, fresh_folder, run

from starlette_new.answers import complete_answers, write_answers
from starlette_new.blueprint import make_blueprint
from starlette_new.render import hash_templates
from starlette_new.templates import find_templates
from starlette_new.view import make_view

COPIER = Path(sys.executable).with_name("copier")
NAME = "taskflow"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for each limit")
    options = parser.parse_args()
    ledger = Ledger("Rendering")
    with fresh_folder() as folder:
        data = write_data(folder)
        lines = [f"thing_{letter} title:str notes:text?" for letter in "abcdefghijklmnopqrst"]
        times = time_in_turns(
            {
                "the tool": lambda: _run_tool(folder, []),
                "copier copy": lambda: run_copier(data, folder / "copied"),
                "20 resources": lambda: _run_tool(folder, lines),
                "1 resource": lambda: _run_tool(folder, lines[:1]),
            },
            options.rounds,
        )
    for ours, theirs, most in (
        ("the tool", "copier copy", 0.9),
        ("20 resources", "1 resource", 1.6),
    ):
        faults = judge_ratio(times, ours, theirs, most * options.slack)
        detail = describe_ratio(times, ours, theirs, most)
        ledger.add(f"{ours} : {theirs}", [f"{detail} {f}" for f in faults], times[ours], detail)
    return ledger.close()


def write_data(folder: Path) -> Path:
    """Write what the template of the default project is rendered with, for Copier."""
    blueprint = make_blueprint(complete_answers({"name": NAME}, None, None))
    answers = write_answers(blueprint, hash_templates([find_templates() / blueprint.layout]))
    data = folder / "data.yml"
    data.write_text(yaml.safe_dump(dict(make_view(blueprint, answers))), encoding="utf-8")
    return data


def run_copier(data: Path, project: Path) -> Ended:
    """Render the default project with Copier's own command."""
    run(["rm", "-rf", project], data.parent)
    template = find_templates() / "standard"
    command: list[str | Path] = [
        COPIER,
        "copy",
        "--defaults",
        "--quiet",
        "--data-file",
        data,
        template,
        project,
    ]
    return _check(run(command, data.parent))


def _run_tool(folder: Path, resources: Sequence[str]) -> Ended:
    run(["rm", "-rf", folder / NAME], folder)
    options = [word for line in resources for word in ("--resource", line)]
    return _check(run([TOOL, NAME, "--no-install", "--no-git", *options], folder))


def _check(ended: Ended) -> Ended:
    if ended.code != 0:
        raise SystemExit(f"exit {ended.code}: {ended.stderr}")
    return ended


if __name__ == "__main__":
    sys.exit(main())
