"""Prove that in hostile surroundings the tool succeeds, or says in one sentence why not."""

import argparse
import fnmatch
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hostile import CASES, REFUSED, Case
from ledger import Ledger
from tool import (
    NOBODY,
    TOOL,
    Ended,
    clean_environment,
    find_no_way_to_nobody,
    find_processes,
    fresh_folder,
    run,
    take_snapshot,
)

NAME = "taskflow"
LIMIT = 60.0
"""Seconds; whatever takes longer hangs."""
SHARES = (0.001, 0.01, 0.1, 0.3, 0.6, 0.9, 0.97, 0.98, 0.99, 1.0, 1.01, 1.02, 1.04, 1.1, 1.3)
"""Disks to try, as shares of what a project takes: each step is the first to fail on one."""
# Switches the loopback interface on, in a network of its own that has no other.
_LOOPBACK = """
import fcntl, os, socket, struct, sys
request = struct.pack("16sh14x", b"lo", 0x49)
fcntl.ioctl(socket.socket(), 0x8914, request)
os.execv(sys.argv[1], sys.argv[1:])
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", metavar="PATTERN", help="names of cases")
    options = parser.parse_args()
    ledger = Ledger("Surroundings")
    with fresh_folder() as folder:  # warms the cache, and shows what is expected
        made = run([TOOL, NAME, "--no-verify"], folder)
        expected = take_snapshot(folder / NAME)
        disks = list(_list_disks(folder / NAME))
    if made.code != 0:
        ledger.add("undisturbed", [f"exit {made.code}: {made.stderr}"], made.seconds)
        return ledger.close()
    for case in [*CASES, *disks]:
        if options.only and not any(fnmatch.fnmatch(case.name, only) for only in options.only):
            continue
        why = _find_obstacle(case)
        if why:
            ledger.skip(case.name, why)
            continue
        started = time.monotonic()
        faults, ended = (_try_disk if case.name.startswith("disk, ") else _try)(case, expected)
        last = (ended.stderr.strip() or ended.stdout.strip() or "no word").splitlines()[-1]
        detail = f"exit {ended.code}: {last}"
        ledger.add(case.name, faults, time.monotonic() - started, detail)
    return ledger.close()


def _list_disks(project: Path) -> Iterator[Case]:
    """Disks with little room, or room for few files, and one that cannot be written to."""
    kilobytes = sum(path.lstat().st_blocks for path in project.rglob("*")) // 2
    files = sum(1 for _ in project.rglob("*"))
    for share in SHARES:
        yield Case(f"disk, {share} of the room", f"size={int(kilobytes * share) + 8}k", root=True)
    for share in SHARES:
        count = int(files * share) + 4
        yield Case(f"disk, {share} of the files", f"size=4g,nr_inodes={count}", root=True)
    yield Case("disk, read-only", "size=4m,ro", root=True)


def _find_obstacle(case: Case) -> str | None:
    if case.nobody and os.geteuid() == 0:
        return find_no_way_to_nobody()
    return "it needs root" if case.root and os.geteuid() != 0 else None


def _try(case: Case, expected: dict[str, str]) -> tuple[list[str], Ended]:
    with fresh_folder() as folder:
        _carry_out(case, folder, "")
        before = take_snapshot(folder)
        _free(folder)
    with fresh_folder() as folder:
        ended = _carry_out(case, folder, f"'{TOOL}' {NAME} {case.redirect}")
        folder.chmod(0o777)
        faults = _judge(case, ended, folder, expected)
        faults += [f"still running: {process}" for process in find_processes(folder.parent)]
        own = os.path.normpath(os.path.join(case.here, NAME))
        after = {k: v for k, v in take_snapshot(folder).items() if not f"{k}/".startswith(own)}
        faults += [f"changed: {path}" for path, _ in before.items() ^ after.items()]
        _free(folder)
    return faults, ended


def _carry_out(case: Case, folder: Path, words: str) -> Ended:
    side = folder.parent / "side"
    side.mkdir()
    env = clean_environment(SIDE=str(side), LOOPBACK=_LOOPBACK, PYTHON=sys.executable) | case.env
    restricted = case.nobody and os.geteuid() == 0
    if restricted:
        env["HOME"] = str(side)
        for path in (folder, side):
            os.chown(path, NOBODY, NOBODY)
    prefix = case.prefix.replace("{loopback}", '"$PYTHON" -c "$LOOPBACK"') if words else ""
    command = ["/bin/sh", "-c", f"{case.script}\n{prefix} {words}"]
    return run(command, folder, env=env, limit=LIMIT, nobody=restricted)


def _free(folder: Path) -> None:
    run(["chmod", "-R", "u+rwx", folder.parent], Path("/"))


def _try_disk(case: Case, expected: dict[str, str]) -> tuple[list[str], Ended]:
    with fresh_folder() as folder, _mounted(folder, case.script) as disk:
        ended = run([TOOL, NAME], disk, limit=LIMIT)
        green = ended.code == 0
        ends = frozenset({0}) if green else REFUSED
        faults = _judge(Case(case.name, "", ends), ended, disk, expected)
    return faults, ended


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[Path]:
    mounted = run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], Path("/"))
    if mounted.code != 0:
        raise SystemExit(f"mount: {mounted.stderr}")
    try:
        yield folder
    finally:
        run(["umount", "-l", folder], Path("/"))


def _judge(case: Case, ended: Ended, folder: Path, expected: dict[str, str]) -> list[str]:
    if ended.code is None:
        return [f"it did not end within {LIMIT:.0f} s"]
    faults = []
    if ended.code not in case.ends:
        faults.append(f"exit {ended.code}: {ended.stderr[-2000:]}")
    if "Traceback" in ended.stderr:
        faults.append("a traceback")
    if ended.code != 0 and "2>" not in case.redirect:
        said = [line for line in ended.stderr.splitlines() if not line.startswith("  | ")]
        if len(said) != 1 and not case.kept:
            faults.append(f"{len(said)} lines on stderr: {said}")
    place = folder / case.here
    project = place / NAME
    if ended.code == 0 or (case.kept and project.exists()):
        faults += _find_gaps(project, expected, committed=case.committed)
    elif project.exists():
        faults.append("a project in spite of the exit code")
    left = [path.name for path in place.iterdir() if NAME in path.name and path != project]
    left += [name for name in (".venv", "uv.lock") if (place / name).exists()]
    return faults + [f"left behind: {name}" for name in left]


def _find_gaps(project: Path, expected: dict[str, str], *, committed: bool) -> list[str]:
    found = take_snapshot(project)
    gaps = [f"missing or other: {path}" for path in expected if found.get(path) != expected[path]]
    gaps += [f"too much: {path}" for path in found if path not in expected]
    has_commit = run(["git", "-C", project, "rev-parse", "--verify", "HEAD"], Path("/")).code == 0
    if committed and not has_commit:
        gaps.append("no commit")
    for path in project.rglob("*"):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & 0o022:
            gaps.append(f"others may write to {path.relative_to(project)}: {mode:o}")
    return gaps[:5]


if __name__ == "__main__":
    sys.exit(main())
