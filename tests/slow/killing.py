"""Prove that a change killed at any moment leaves a project as it was, or finished, and says which.

Each round takes a project with edits of its owner, begins `add` or `update`, kills it at a moment
drawn by chance, and then runs the next command.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from ledger import Ledger
from tool import Ended, clean_environment, find_processes, run, take_snapshot
from wheels import copy_version, make_wheel

SPEC = "comment body:text task:ref"
MAIN = "project_templates/standard/template/app/main.py.jinja"
STOPS = {"KILL": signal.SIGKILL, "TERM": signal.SIGTERM, "INT": signal.SIGINT}
LONGEST = 3.0
"""Seconds from the signal to the end."""


class Bench:
    """Two versions of the program, and a project of the first with edits of its owner."""

    def __init__(self, folder: Path) -> None:
        (folder / "wheels").mkdir()
        self._copies = {
            "0.1.0": copy_version(folder / "first", "0.1.0", {}),
            "0.2.0": copy_version(folder / "second", "0.2.0", {MAIN: ('"""', '"""Second: ')}),
        }
        for version, copy in self._copies.items():
            make_wheel(copy, version, folder / "wheels")
        self._variables = clean_environment(UV_FIND_LINKS=str(folder / "wheels"))
        self.project = folder / "demo"
        self.after: dict[str, dict[str, str]] = {}
        self._make(folder)

    def command(self, *words: str) -> list[str]:
        """A command line of the version that carries it out: only `update` needs the second."""
        return [sys.executable, "-m", "starlette_new", *words]

    def variables(self, name: str) -> dict[str, str]:
        copy = self._copies["0.2.0" if name == "update" else "0.1.0"]
        return self._variables | {"PYTHONPATH": str(copy)}

    def run(self, name: str, cwd: Path, *words: str) -> Ended:
        """Run a command with the version that `name` stands for."""
        return run(self.command(*words), cwd, env=self.variables(name))

    def _make(self, folder: Path) -> None:
        made = self.run("add", folder, "new", "demo", "--ui", "none", "--no-verify")
        if made.code != 0:
            raise SystemExit(made.stderr)
        for path in ("app/routes.py", "app/main.py", "README.md", "tests/test_app.py"):
            file = self.project / path
            with file.open("a", encoding="utf-8") as end:
                end.write("<!-- mine -->\n" if path.endswith(".md") else "# mine\n")
        run(["git", "commit", "-qam", "mine"], self.project)
        self.before = take_snapshot(self.project)
        self.seconds = {name: self._measure(folder, name) for name in ("add", "update")}

    def _measure(self, folder: Path, name: str) -> float:
        copy = folder / name / "demo"
        shutil.copytree(self.project, copy, symlinks=True)
        done = self.run(name, copy, *WORDS[name])
        if done.code != 0:
            raise SystemExit(done.stderr)
        self.after[name] = take_snapshot(copy)
        shutil.rmtree(copy.parent)
        return done.seconds


WORDS = {"add": ["add", SPEC], "update": ["update"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311
    ledger = Ledger(f"Changes that are killed, seed {options.seed}")
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        bench = Bench(Path(folder).resolve())
        for number in range(options.rounds):
            name = ("add", "update")[number % 2]
            stop = chance.choice(["KILL", "KILL", "KILL", "TERM", "INT"])
            moment = chance.uniform(0, bench.seconds[name] * 1.1)
            started = time.monotonic()
            faults, end = _try(bench, name, stop, moment)
            seen[f"{name}: {end}"] += 1
            case = f"{number:>3} {name} {stop} at {moment:.2f} s"
            ledger.add(case, faults, time.monotonic() - started, end)
    code = ledger.close()
    print(", ".join(f"{count} times {end}" for end, count in sorted(seen.items())))
    return code


def _try(bench: Bench, name: str, stop: str, moment: float) -> tuple[list[str], str]:
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        project = Path(folder).resolve() / "demo"
        shutil.copytree(bench.project, project, symlinks=True)
        faults = _stop(bench, name, project, stop, moment)
        faults += _check_edits(project)
        is_begun = (project / ".starlette-new").exists()
        following = bench.run(name, project, "diff")
        if following.code != 0:
            return [*faults, f"the next command: {following.stderr}"], "stuck"
        found = take_snapshot(project)
        end = {True: "as before"}.get(found == bench.before, "finished")
        if found not in (bench.before, bench.after[name]):
            faults += _list_differences(found, bench.after[name])
        said = following.stdout
        if is_begun and ("is finished" in said) != (end == "finished") and "interrupted" in said:
            faults.append(f"it said: {said}")
        if (project / ".starlette-new").exists():
            faults.append("the journal is left")
        faults += _check_edits(project) + _check_status(project, end)
        return faults, f"{end}{', said so' if 'interrupted' in said else ''}"


def _stop(bench: Bench, name: str, project: Path, stop: str, moment: float) -> list[str]:
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            bench.command(*WORDS[name]),
            cwd=project,
            env=bench.variables(name),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, STOPS[stop])
        sent = time.monotonic()
        code = process.wait(60)
        seconds = time.monotonic() - sent
        errors.seek(0)
        text = errors.read().decode(errors="replace")
    number = int(STOPS[stop])
    faults = [] if code in (0, -number, 128 + number) else [f"exit {code}: {text}"]
    faults += [f"it ended after {seconds:.1f} s"] if seconds > LONGEST else []
    faults += [f"a traceback: {text}"] if "Traceback" in text else []
    until = time.monotonic() + LONGEST
    while (running := find_processes(project)) and time.monotonic() < until:
        time.sleep(0.05)
    return faults + [f"still running: {one}" for one in running]


def _check_edits(project: Path) -> list[str]:
    """Look for what the owner wrote, at once after the signal as well."""
    return [
        f"the edit is lost: {path}"
        for path in ("app/routes.py", "app/main.py", "README.md", "tests/test_app.py")
        if "mine" not in (project / path).read_text(encoding="utf-8")
    ]


def _check_status(project: Path, end: str) -> list[str]:
    status = run(["git", "status", "--porcelain"], project)
    if status.code != 0 or bool(status.stdout) != (end == "finished"):
        return [f"git status: {status.stdout}{status.stderr}"]
    return []


def _list_differences(found: dict[str, str], after: dict[str, str]) -> list[str]:
    return [
        f"neither as before nor finished: {path}"
        for path in sorted({*found, *after})
        if found.get(path) != after.get(path)
    ]


if __name__ == "__main__":
    sys.exit(main())
