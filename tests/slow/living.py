"""Prove that a project lives: edited and changed by chance, it loses no edit and stays green."""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from traceback import format_exc

from edits import FILE_NAME, VERSIONS, Estate, Snapshot, add_line, edit, settle_in, take_snapshot
from ledger import Ledger
from lives import LIMIT, LOCKS, Life, carry_out, differ, run_git, show
from tool import TOOL, clean_environment, fresh_folder, run, run_suite
from uv import find_uv_bin
from wishes_by_chance import Typed, make_answers, make_command, make_new_line

from starlette_new.blueprint_file import read_blueprint

CLIMB = """
import json, os, sqlite3, sys
from alembic.config import main

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'"

def show():
    tables = {}
    with sqlite3.connect(sys.argv[1]) as db:
        ask = lambda query: db.execute(query).fetchall()
        for (table,) in ask(TABLES):
            indexes = [
                (name if origin == "c" else "", *rest, origin, ask(f"PRAGMA index_info({name})"))
                for _, name, *rest, origin, _ in ask(f"PRAGMA index_list({table})")
            ]
            tables[table] = {
                "columns": sorted(row[1:] for row in ask(f"PRAGMA table_xinfo({table})")),
                "keys": sorted(row[2:] for row in ask(f"PRAGMA foreign_key_list({table})")),
                "indexes": sorted((*i[:-1], sorted(r[2] for r in i[-1])) for i in indexes),
            }
    return tables

shown = {}
for number, command in enumerate(sys.argv[2:]):
    main(command.split())
    shown[f"{number} {command}"] = show()
print("\\n" + json.dumps(shown))
"""
"""Carries out commands of Alembic on the database in its first argument, and tells what each
leaves there."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="this sequence alone, by its number")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    options = parser.parse_args()
    ledger = Ledger(f"Living projects, seed {options.seed}")
    numbers = range(options.rounds) if options.only is None else [options.only]
    counts: Counter[str] = Counter()
    with ThreadPoolExecutor(options.jobs) as pool:
        seeds = [options.seed * 1_000_000 + number for number in numbers]
        for number, lived in zip(numbers, pool.map(live, seeds), strict=True):
            faults, seconds, story, counted = lived
            if faults:
                faults = [*faults, f"[--seed {options.seed} --only {number}: {story}]"]
            ledger.add(f"--only {number}", faults, seconds, story)
            counts += counted
    code = ledger.close()
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    return code


def live(seed: int) -> tuple[list[str], float, str, Counter[str]]:
    """Live through one sequence: return its faults, its seconds, what was done, and counts."""
    started = time.monotonic()
    chance = random.Random(seed)  # noqa: S311
    with fresh_folder() as folder:
        life = make_life(chance, folder)
        try:
            _live_on(life)
        except Exception:
            life.faults.append(format_exc())
    story = "; ".join([*life.estate.log, *life.typed])
    return life.faults, time.monotonic() - started, story, life.counts


def _live_on(life: Life) -> None:
    if life.faults:
        return
    others = _read_others(life)
    returns = life.chance.random() < 0.3 and read_blueprint(life.project).with_db == "sqlite"
    (_return if returns else _go_on)(life)
    life.claim(_read_others(life) == others, "another folder of the repository changed")
    prove(life)


def make_life(chance: random.Random, folder: Path) -> Life:
    """Make a project, edited already."""
    place = chance.choice(["git", "git", "subfolder", "none", "none"])
    parent = folder / "mono" / "apps" if place == "subfolder" else folder
    parent.mkdir(parents=True, exist_ok=True)
    answers = make_answers(chance)
    (folder / "answers.yml").write_text(json.dumps(answers))
    words = ["new", "--answers", str(folder / "answers.yml"), "--no-install", "--no-git"]
    made = run([TOOL, *words], parent)
    estate = Estate(parent / "demo", chance)
    root = folder / "mono" if place == "subfolder" else estate.project
    life = Life(estate, root, place != "none", Counter({"sequences": 1, place: 1}))
    life.claim(made.code == 0, f"new: exit {made.code}, {made.stderr} {answers}")
    if made.code == 0:
        estate.log.append(f"{place}, {answers['layout']}, {answers['resources']}")
        settle_in(estate)
        for _ in range(chance.randint(1, 6)):
            edit(estate)
        if place == "subfolder":
            (root / "other").mkdir()
            (root / "other" / "main.py").write_text("print('mine')\r\n")
        if life.is_repository:
            run_git(root, "init", "-q", "--template=")
        life.commit()
    return life


def _read_others(life: Life) -> Snapshot:
    here = life.project.relative_to(life.root).as_posix()
    found = {} if life.root == life.project else take_snapshot(life.root)
    return {path: one for path, one in found.items() if not path.startswith(here)}


def _go_on(life: Life) -> None:
    """Change a project some times, with edits between."""
    number = life.chance.randint(1, 4)
    for turn in range(number):
        if turn:
            edit(life.estate, harmful=False)
            life.commit()
        file = (life.project / FILE_NAME).read_bytes()
        typed = make_command(life.chance, life.project)
        life.commit()
        if not carry_out(life, _refuse_dirty(life, typed), is_last=turn == number - 1):
            (life.project / FILE_NAME).write_bytes(file)
            life.commit()
        if life.faults:
            return


def _return(life: Life) -> None:
    """Add a resource and remove it: everything is as it was but for two migrations."""
    line = make_new_line(life.chance, read_blueprint(life.project))
    before = take_snapshot(life.project)
    revision = _find_last_revision(before)
    for number, words in enumerate((("add", line), ("remove", line.split()[0]))):
        if not carry_out(life, Typed(words), is_last=number == 1):
            return
        if "conflict" in life.typed[-1] or life.faults:
            return
    life.counts["returns"] += 1
    now = take_snapshot(life.project)
    more = sorted(path for path in now.keys() - before.keys() if path not in LOCKS)
    expected = 2 if read_blueprint(life.project).layout == "standard" else 0
    life.claim(len(more) == expected, f"after it is removed there are {more}")
    life.claim(all(path.startswith(VERSIONS) for path in more), f"left behind: {more}")
    other = [path for path in differ(before, now) if path in before and path not in LOCKS]
    other = [path for path in other if path in now or not _is_empty_folder(path, before)]
    life.claim(not other, f"not as before it was added: {other} {show(before, now, other[:1])}")
    if expected and life.estate.harmless:
        shown = climb(life, [f"upgrade {revision}", "upgrade head", f"downgrade {revision}"])
        life.claim(all(one == shown[0] for one in shown), f"the schema is another: {shown}")


def _is_empty_folder(path: str, snapshot: Snapshot) -> bool:
    """Tell what nobody keeps: Git does not, and it goes with the last file that was put into it."""
    return snapshot[path][1] == -1 and not any(one.startswith(f"{path}/") for one in snapshot)


def _find_last_revision(snapshot: Snapshot) -> str:
    names = [path.removeprefix(VERSIONS) for path in snapshot if path.startswith(VERSIONS)]
    return max((name[:4] for name in names), default="base")


def _refuse_dirty(life: Life, typed: Typed) -> Typed:
    """See to it that what is not committed is refused, sometimes, and say to go on."""
    if not life.is_repository or typed.expected != "changed" or life.chance.random() > 0.15:
        return typed
    if not add_line(life.estate, life.chance.choice(life.estate.list_files())):
        return typed
    before = take_snapshot(life.project)
    ended, document = life.call(*typed.words, "--no-verify")
    life.claim(ended.code == 3 and "not committed" in str(document), f"dirty, exit {ended.code}")
    life.claim(take_snapshot(life.project) == before, "dirty, and something changed")
    life.counts["refused as not committed"] += 1
    return replace(typed, words=(*typed.words, "--allow-dirty"))


def prove(life: Life) -> None:
    """Prove the project as it is at the end, where it must be green."""
    if life.faults or not life.estate.harmless:
        life.counts["not to be green"] += 1
        return
    life.counts["to be green"] += 1
    before = take_snapshot(life.project)
    if not life.is_proven:
        _install(life)
        suite = run_suite(life.project)
        life.claim(suite.code == 0, f"the suite is red: {suite.stdout[-1500:]}")
    blueprint = read_blueprint(life.project)
    if blueprint.layout == "standard" and blueprint.with_db == "sqlite":
        climb(life, ["upgrade head", "check", "downgrade base", "upgrade head"])
    now = take_snapshot(life.project)
    changed = [path for path in differ(before, now) if path not in LOCKS]
    life.claim(not changed, f"a proof changed {changed}")


def _install(life: Life) -> None:
    words = [find_uv_bin(), "sync", "--quiet", "--python", sys.executable]
    done = run(words, life.project, limit=LIMIT)
    life.claim(done.code == 0, f"uv sync: {done.stderr}")


def climb(life: Life, commands: Sequence[str]) -> list[object]:
    """Carry out commands of Alembic on a new database; return its schema after each."""
    if not (life.project / ".venv").exists():
        _install(life)
    database = life.root.parent / "climb.db"
    database.unlink(missing_ok=True)
    done = run(
        [life.project / ".venv/bin/python", "-c", CLIMB, str(database), *commands],
        life.project,
        env=clean_environment(
            DATABASE_URL=f"sqlite:///{database}", PYTHONPATH=".", PYTHONDONTWRITEBYTECODE="1"
        ),
    )
    life.claim(done.code == 0, f"migrations: {done.stdout[-300:]} {done.stderr[-1500:]}")
    return list(json.loads(done.stdout.splitlines()[-1]).values()) if done.code == 0 else []


if __name__ == "__main__":
    sys.exit(main())
