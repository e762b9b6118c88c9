"""The program under test: how it is started, and what it has left behind when it ended."""

import hashlib
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TOOL = Path(sys.executable).with_name("starlette-new")
NOBODY = 65534
_NOT_COMPARED = {".git", ".venv", "uv.lock", "main.py.lock", ".env", "__pycache__"}


@dataclass(frozen=True)
class Ended:
    """How a program ended. code: None if it did not end within its time; then it was killed."""

    code: int | None
    stdout: str
    stderr: str
    seconds: float


def clean_environment(**more: str) -> dict[str, str]:
    """This program's variables without Python's own, and with somebody for Git to know."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    for role in ("AUTHOR", "COMMITTER"):
        kept |= {f"GIT_{role}_NAME": "A. Tester", f"GIT_{role}_EMAIL": "tester@example.org"}
    return kept | more


def run(
    command: Sequence[str | Path],
    cwd: Path,
    *,
    env: Mapping[str, str] | None = None,
    limit: float = 120.0,
    nobody: bool = False,
) -> Ended:
    """Run a program without a terminal; `nobody`: as an unprivileged user."""
    user = NOBODY if nobody else None
    started = time.monotonic()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=clean_environment() if env is None else env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        try:
            code: int | None = process.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            code = None
        seconds = time.monotonic() - started
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return Ended(code, texts[0], texts[1], seconds)


def run_shell(
    script: str,
    arguments: Sequence[str],
    cwd: Path,
    *,
    env: Mapping[str, str] | None = None,
    limit: float = 120.0,
    nobody: bool = False,
) -> Ended:
    """Run the tool in a shell that has carried out a script before: folders and umask stay."""
    words = shlex.join([str(TOOL), *arguments])
    command = ["/bin/sh", "-c", f"{script}\nexec {words}"]
    return run(command, cwd, env=env, limit=limit, nobody=nobody)


def find_no_way_to_nobody() -> str | None:
    """Tell why nothing can be run as an unprivileged user, if so."""
    if os.geteuid() != 0:
        return "it needs root, to become another user"
    try:
        ended = run([TOOL, "--version"], Path("/"), nobody=True)
    except OSError:
        return "an unprivileged user cannot reach this interpreter"
    return None if ended.code == 0 else "an unprivileged user cannot reach this interpreter"


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """Give an empty folder that any user may write to, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="proof-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve() / "here"
        folder.parent.chmod(0o755)
        folder.mkdir()
        folder.chmod(0o777)
        yield folder


def take_snapshot(tree: Path) -> dict[str, str]:
    """Map each path that a person's eye falls on to what it holds."""
    found: dict[str, str] = {}
    for folder, subfolders, files in os.walk(tree):
        subfolders[:] = [name for name in subfolders if name not in _NOT_COMPARED]
        for name in subfolders:
            found[os.path.relpath(os.path.join(folder, name), tree)] = "folder"
        for name in files:
            path = Path(folder, name)
            if name not in _NOT_COMPARED and path.is_file():
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                found[path.relative_to(tree).as_posix()] = content
    return found


def find_gaps(project: Path, expected: Mapping[str, str], *, locked: bool = True) -> list[str]:
    """List what keeps a project from being whole: the same as another of its name, committed."""
    found = take_snapshot(project)
    gaps = [f"missing or other: {path}" for path in expected if found.get(path) != expected[path]]
    gaps += [f"too much: {path}" for path in found if path not in expected]
    if locked and not (project / "uv.lock").is_file():
        gaps.append("missing: uv.lock")
    status = run(["git", "status", "--porcelain"], project)
    if status.code != 0 or status.stdout:
        gaps.append(f"git status: {status.stdout}{status.stderr}".strip())
    return gaps


def run_suite(project: Path) -> Ended:
    """Run a project's own tests with its own interpreter."""
    command = [str(project / ".venv/bin/python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return run(command, project, env=clean_environment(PYTHONDONTWRITEBYTECODE="1"))


def find_processes(folder: Path) -> list[str]:
    """List the processes that work in a folder or name it, where the system can tell."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            cwd = os.readlink(entry / "cwd")
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if int(entry.name) != os.getpid() and str(folder) in f"{cwd} {line}":
            found.append(f"{entry.name}: {line}"[:200])
    return found
