"""Prove many projects, several at a time; what is installed for one stays warm for the next."""

import os
import shlex
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Lock

from starlette_new.bench import Bench, check_requirement, find_version, override_starlette
from starlette_new.cases import Case
from starlette_new.environment import Environment
from starlette_new.errors import Interrupted, SurroundingsProblem, TargetProblem, UsageProblem, show
from starlette_new.interrupts import held
from starlette_new.place import LOG_NAME, remove
from starlette_new.processes import Processes, check_timeout
from starlette_new.prove import Check, Tools
from starlette_new.recipes import Unproven

MOST_JOBS = 64
TIMEOUT = 300.0
"""Seconds that a project may take, if nobody says."""


@dataclass(frozen=True)
class SmokeOptions:
    """How to prove projects.

    folder: where projects whose proof is red are kept. timeout: seconds that each project may take.
    python: as uv's --python takes it. starlette: a requirement instead of the projects' own.
    pre: take pre-releases too. source: what chose the projects, as it was typed.
    """

    folder: Path
    python: str
    jobs: int
    offline: bool = False
    timeout: float = TIMEOUT
    starlette: str | None = None
    pre: bool = False
    fail_fast: bool = False
    source: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_timeout(self.timeout)
        if self.starlette is not None:
            check_requirement(self.starlette)
        if not 1 <= self.jobs <= MOST_JOBS:
            raise UsageProblem(
                f"{self.jobs} projects cannot be proven at a time.",
                f"Give -j a number from 1 to {MOST_JOBS}.",
                field="jobs",
            )


@dataclass
class Proof:
    """What became of a project. seconds: in all; starlette: its version; folder: where it is kept.

    command: the one that proves this project again. note: why it cannot be proven, if it cannot.
    skipped: why the template does not take these answers. is_blameless: disk, network or a tool
    failed, rather than the project.
    """

    case: Case
    command: str
    checks: list[Check] = field(default_factory=list)
    seconds: float = 0.0
    starlette: str | None = None
    folder: Path | None = None
    log: str = ""
    note: str | None = None
    skipped: str | None = None
    is_blameless: bool = False

    @property
    def ok(self) -> bool:
        """Nothing is red; a project that cannot be proven is."""
        return all(check.ok for check in self.checks) and self.note is None


Tell = Callable[[Case | Proof], None]
"""Called with the project that begins, or with what became of it."""


def smoke(cases: Sequence[Case], options: SmokeOptions, tell: Tell) -> list[Proof]:
    """Prove each project, and keep those whose proof is red; the proofs are in their order."""
    _clear_kept(options.folder, cases)
    with TemporaryDirectory(prefix="starlette-new-", ignore_cleanup_errors=True) as folder:
        crew = Crew(Path(folder), options, tell)
        with ThreadPoolExecutor(options.jobs) as pool:
            try:
                proofs = {}
                for proof in _list_ended([pool.submit(crew.prove, case) for case in cases]):
                    proofs[proof.case.name] = proof
                    if options.fail_fast and not proof.ok:
                        crew.stop()
            except BaseException:
                with held():
                    crew.stop()
                    pool.shutdown(cancel_futures=True)
                raise
    return [proofs[case.name] for case in cases if case.name in proofs]


def _list_ended(futures: Sequence[Future[Proof]]) -> Iterator[Proof]:
    """Give each proof when it has ended, but for those that were stopped."""
    waiting = set(futures)
    while waiting:
        # A signal may be given to another thread: this one must wake up to hear of it.
        done, waiting = wait(waiting, timeout=0.1, return_when=FIRST_COMPLETED)
        for future in done:
            if not isinstance(future.exception(), Interrupted):
                yield future.result()


class Crew:
    """Proves one case on each bench at a time; one at a time is rendered, as Copier asks."""

    def __init__(self, folder: Path, options: SmokeOptions, tell: Tell) -> None:
        self._options = options
        self._tell = tell
        self._benches: SimpleQueue[Bench] = SimpleQueue()
        for number in range(options.jobs):
            self._benches.put(Bench(folder / str(number)))
        self._rendering = Lock()
        self._telling = Lock()
        self._at_work: set[Processes] = set()
        self._is_stopped = False

    def stop(self) -> None:
        """Stop every proof, and let none begin."""
        with self._telling:
            self._is_stopped = True
            for processes in self._at_work:
                processes.stop()

    def prove(self, case: Case) -> Proof:
        """Prove a case on the next bench that is free; raise Interrupted when it was stopped."""
        bench = self._benches.get()
        processes = Processes(self._options.timeout, together=True)
        try:
            with processes:
                self._begin(case, processes)
                proof = self._prove(case, bench, processes)
            with self._telling:
                self._tell(proof)
            return proof
        finally:
            self._at_work.discard(processes)
            self._benches.put(bench)

    def _begin(self, case: Case, processes: Processes) -> None:
        with self._telling:
            self._at_work.add(processes)
            if self._is_stopped:
                processes.stop()
            else:
                self._tell(case)

    def _prove(self, case: Case, bench: Bench, processes: Processes) -> Proof:
        started = time.monotonic()
        proof = Proof(case, self._write_command(case))
        bench.clear()
        steps = [self._render, self._install, self._check]
        with _noted(proof):
            while steps and proof.ok and not proof.skipped:
                steps.pop(0)(proof, bench, processes)
        proof.seconds = time.monotonic() - started
        proof.log += processes.log
        if not proof.ok:
            proof.folder = _keep(proof, bench, self._options.folder)
        return proof

    def _write_command(self, case: Case) -> str:
        options = self._options
        words = ["starlette-new", "smoke", *options.source, "--only", case.name]
        words += ["--starlette", options.starlette] if options.starlette else []
        words += ["--pre"] * options.pre + ["--offline"] * options.offline
        words += ["--python", options.python] if options.python != sys.executable else []
        words += ["--timeout", f"{options.timeout:g}"] if options.timeout != TIMEOUT else []
        return shlex.join(words)

    def _render(self, proof: Proof, bench: Bench, processes: Processes) -> None:
        with nullcontext() if proof.case.template else self._rendering:
            started = time.monotonic()
            try:
                rendered = proof.case.recipe.render(bench.tree, bench.scratch, processes)
            except UsageProblem as problem:
                proof.skipped = problem.message if problem.field == "data" else None
                _add_red(proof, "render", started, problem.message)
                return
            except SurroundingsProblem as problem:
                proof.is_blameless = True
                _add_red(proof, "render", started, problem.message)
                return
            except Exception as error:
                proof.log += traceback.format_exc()
                said = f"{type(error).__name__}: {error}"
                _add_red(proof, "render", started, said.splitlines()[0])
                return
        bench.take()
        proof.checks.append(Check("render", True, time.monotonic() - started, rendered.detail))

    def _install(self, proof: Proof, bench: Bench, processes: Processes) -> None:
        started = time.monotonic()
        if self._options.starlette and (bench.project / "pyproject.toml").is_file():
            override_starlette(bench.project, self._options.starlette)
        try:
            proof.case.recipe.install(self._make_environment(bench, processes))
        except SurroundingsProblem as problem:
            proof.is_blameless = True
            _add_red(proof, "install", started, problem.message)
            return
        proof.starlette = find_version(bench.environment, "starlette")
        detail = f"Starlette {proof.starlette}" if proof.starlette else "without Starlette"
        proof.checks.append(Check("install", True, time.monotonic() - started, detail))

    def _check(self, proof: Proof, bench: Bench, processes: Processes) -> None:
        environment = self._make_environment(bench, processes)
        tools = Tools(environment, processes, self._options.timeout, lambda check: None)
        started = time.monotonic()
        try:
            proof.checks += proof.case.recipe.prove(tools)
            proof.checks += proof.case.recipe.prove_it_is_clean(tools)
        except SurroundingsProblem as problem:
            proof.is_blameless = True
            _add_red(proof, "database", started, problem.message)

    def _make_environment(self, bench: Bench, processes: Processes) -> Environment:
        options = self._options
        return Environment(
            bench.project,
            bench.scratch,
            options.python,
            options.offline,
            processes,
            newest=options.pre or options.starlette is not None,
            pre=options.pre,
        )


@contextmanager
def _noted(proof: Proof) -> Iterator[None]:
    try:
        yield
    except Unproven as why:
        proof.note = str(why)


def _add_red(proof: Proof, name: str, started: float, detail: str) -> None:
    if not proof.skipped:
        proof.checks.append(Check(name, False, time.monotonic() - started, detail))


def _clear_kept(folder: Path, cases: Sequence[Case]) -> None:
    """Remove what an earlier run kept of these projects; raise where nothing could be kept."""
    place = next(path for path in (folder, *folder.absolute().parents) if os.path.lexists(path))
    if not place.is_dir():
        raise TargetProblem(f"{show(place)} is no folder.", "Choose another one with -o DIR.")
    if not os.access(place, os.W_OK | os.X_OK):
        raise SurroundingsProblem(
            f"The folder {show(place)} cannot be written to.", "Choose another one with -o DIR."
        )
    for case in cases:
        kept = folder / case.name
        if os.path.lexists(kept) and not (kept / LOG_NAME).is_file():
            raise TargetProblem(
                f"{show(kept)} is in the way of a project that may be red.",
                "Move it, or choose another folder with -o DIR.",
            )
        remove(kept)


def _keep(proof: Proof, bench: Bench, folder: Path) -> Path:
    """Keep a project whose proof is red, with its log."""
    kept = folder / proof.case.name
    try:
        ignored = shutil.ignore_patterns(".venv", "__pycache__", ".*_cache")
        shutil.copytree(bench.project, kept, symlinks=True, ignore=ignored)
        (kept / LOG_NAME).write_text(proof.log, encoding="utf-8")
    except OSError as error:
        raise SurroundingsProblem(
            f"The folder {show(kept)} cannot be written: {error}.", "Choose another with -o DIR."
        ) from None
    return kept
