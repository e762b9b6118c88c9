"""Prove that each input of a file is refused in one line, or gives a green project.

The file is a list of mappings: id, category, args, expect ("reject" or "green"), and perhaps
also_ok (the other end that is right too), setup (a script for the shell that runs the tool) and
answers_file (the text of a blueprint file in the folder).
"""

import argparse
import ast
import json
import os
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypedDict

from ledger import Ledger
from server import WHY_NOT, is_there
from tool import (
    NOBODY,
    clean_environment,
    find_no_way_to_nobody,
    fresh_folder,
    run,
    run_shell,
    run_suite,
    take_snapshot,
)

LONGEST = 1.0
"""Seconds a refusal may take."""


class Case(TypedDict, total=False):
    id: str
    category: str
    args: list[str]
    expect: str
    also_ok: str
    setup: str
    answers_file: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--category", action="append", help="only these")
    parser.add_argument("--id", action="append", help="only these")
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for the limit")
    parser.add_argument("-j", type=int, default=1, metavar="N", help="cases at once")
    options = parser.parse_args()
    cases: list[Case] = json.loads(options.file.read_text(encoding="utf-8"))
    chosen = [
        case
        for case in cases
        if (not options.category or case["category"] in options.category)
        and (not options.id or case["id"] in options.id)
    ]
    ledger = Ledger(f"Inputs, {len(chosen)} of {len(cases)}")
    with ThreadPoolExecutor(options.j) as pool:
        list(pool.map(lambda case: _record(ledger, case, LONGEST * options.slack), chosen))
    return ledger.close()


def _record(ledger: Ledger, case: Case, longest: float) -> None:
    why = find_obstacle(case)
    label = f"{case['id']} {case['category']}"
    if why:
        ledger.skip(label, why)
        return
    started = time.monotonic()
    faults, detail = try_case(case, longest)
    ledger.add(label, faults, time.monotonic() - started, detail)


def find_obstacle(case: Case) -> str | None:
    """Tell why a case cannot be tried here, if it cannot."""
    if "postgres" in case["args"] and case["expect"] == "green" and not is_there():
        return WHY_NOT
    if any("\0" in argument for argument in case["args"]):
        return "no command line can hold it"
    if "chmod" in case.get("setup", "") and os.geteuid() == 0:
        return find_no_way_to_nobody()
    return None


def try_case(case: Case, longest: float) -> tuple[list[str], str]:
    """Run a case; return its faults, and what it printed. longest: seconds for a refusal."""
    with fresh_folder() as folder:
        setup = case.get("setup", "")
        restricts = "chmod" in setup and os.geteuid() == 0
        with tempfile.TemporaryDirectory(prefix="proof-home-") as home:
            env = clean_environment()
            if restricts:
                Path(home).chmod(0o777)
                os.chown(folder, NOBODY, NOBODY)
                env |= {"HOME": home}
            run(["/bin/sh", "-c", setup or ":"], folder, nobody=restricts)
            _add_answers(case, folder)
            before = take_snapshot(folder)
            _undo(folder)
            _add_answers(case, folder)
            ended = run_shell(setup, case["args"], folder, env=env, limit=60, nobody=restricts)
            folder.chmod(0o777)
        expected = {case["expect"], case.get("also_ok")}
        detail = f"exit {ended.code}: {ended.stderr.strip() or ended.stdout[:60]}"
        if ended.code is None:
            return ["it did not end within 60 s"], detail
        if ended.code == 0:
            faults = [] if "green" in expected else ["accepted"]
            return faults + _check_green(case, folder, setup), detail
        faults = [] if "reject" in expected else ["refused"]
        if not 1 <= ended.code <= 125:
            faults.append(f"exit {ended.code}")
        lines = ended.stderr.strip().splitlines()
        if len(lines) != 1 or "Traceback" in ended.stderr:
            faults.append(f"{len(lines)} lines on stderr")
        if take_snapshot(folder) != before:
            faults.append("something has changed")
        if ended.seconds > longest:
            faults.append(f"it took {ended.seconds:.1f} s")
        return ([f"{', '.join(faults)}: {detail}"] if faults else []), detail


def _add_answers(case: Case, folder: Path) -> None:
    if "answers_file" in case:
        path = folder / ".copier-answers.yml"
        path.write_text(case["answers_file"], encoding="utf-8", errors="surrogateescape")


def _undo(folder: Path) -> None:
    """Empty a folder again, which the script has filled only to be looked at."""
    folder.chmod(0o777)
    for path in folder.iterdir():
        run(["chmod", "-R", "u+rwx", path], folder)
        run(["rm", "-rf", path], folder)


def _check_green(case: Case, folder: Path, setup: str) -> list[str]:
    projects = [path.parent for path in folder.rglob(".copier-answers.yml")]
    if not projects:
        return [] if case["args"] == ["--help"] else ["there is no project"]
    project = projects[0]
    faults = _find_unreadable(project)
    suite = run_suite(project)
    if suite.code != 0:
        faults.append(f"the suite: {suite.stdout[-300:]}")
    lint = run([project / ".venv/bin/python", "-m", "ruff", "check", "--no-cache", "."], project)
    if lint.code != 0:
        faults.append(f"Ruff: {lint.stdout[:300]}")
    with fresh_folder() as other:
        run_shell(setup, ["--no-install", "--no-git", *case["args"]], other)
        again = [path.parent for path in other.rglob(".copier-answers.yml")]
        found = take_snapshot(again[0]) if again else {}
        differing = {path for path, _ in found.items() ^ take_snapshot(project).items()}
        faults += [f"a second run gives other bytes: {path}" for path in sorted(differing)]
    return faults


def _read_yaml(text: str) -> object:
    import yaml

    return yaml.safe_load(text)


_READERS: dict[str, Callable[[str], object]] = {
    ".py": ast.parse,
    ".toml": tomllib.loads,
    ".json": json.loads,
    ".yml": _read_yaml,
}


def _find_unreadable(project: Path) -> list[str]:
    found = []
    for path in take_snapshot(project):
        reader = _READERS.get(Path(path).suffix)
        try:
            if reader:
                reader((project / path).read_text(encoding="utf-8"))
        except (ValueError, SyntaxError) as error:
            found.append(f"{path}: {error}")
    return found


if __name__ == "__main__":
    sys.exit(main())
