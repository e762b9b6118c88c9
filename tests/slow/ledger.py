"""What a proof has found: one line for each case, a table at the end, and the exit code."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """One case. ok: None if it was left out."""

    case: str
    ok: bool | None
    seconds: float
    detail: str


@dataclass
class Ledger:
    """The cases of one proof, in the order they ended."""

    title: str
    entries: list[Entry] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def add(self, case: str, faults: Iterable[str], seconds: float, detail: str = "") -> None:
        """Write down a case, green where there is no fault, and tell of a red one at once."""
        found = list(faults)
        self.entries.append(Entry(case, not found, seconds, "; ".join(found) or detail))
        if found:
            print(f"RED {case}: {'; '.join(found)}", flush=True)

    def skip(self, case: str, why: str) -> None:
        """Write down a case that could not be tried here."""
        self.entries.append(Entry(case, None, 0.0, why))

    def close(self) -> int:
        """Print the table; return 0 if nothing is red, else 1."""
        width = max((len(entry.case) for entry in self.entries), default=0)
        print(f"\n{self.title}")
        for entry in self.entries:
            mark = {True: "ok", False: "RED", None: "skipped"}[entry.ok]
            detail = " ".join(entry.detail.split())[:160]
            print(f"  {mark:<8}{entry.case:<{width}}  {entry.seconds:6.1f} s  {detail}")
        counts = {ok: sum(entry.ok is ok for entry in self.entries) for ok in (True, False, None)}
        print(
            f"{counts[True]} ok, {counts[False]} red, {counts[None]} skipped, "
            f"in {time.monotonic() - self.started:.0f} s",
            flush=True,
        )
        return 1 if counts[False] or not counts[True] else 0
