"""A visit to a site: somebody with a browser, and what they found wrong."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from browsers import View, Watch, open_context
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as BrowserError
from sites import Site

T = TypeVar("T")


@dataclass
class Visit:
    """What is wrong goes to `faults`, seconds that were measured to `times`.

    most: so many pages of a kind are opened, chosen at random. slack: a factor for all times.
    """

    browser: Browser
    site: Site
    view: View
    random: Random
    most: int
    slack: float
    faults: list[str] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def open(
        self, *, scripts: bool = True, policy: bool = True
    ) -> Iterator[tuple[BrowserContext, Watch]]:
        """Open a window; what its console says becomes a fault."""
        watch = Watch()
        options = {"scripts": scripts, "policy": policy}
        try:
            with open_context(self.browser, self.view, watch, **options) as context:
                yield context, watch
        finally:
            self.faults += dict.fromkeys(watch.faults)

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """Note what did not succeed, and go on with the next."""
        try:
            yield
        except (AssertionError, BrowserError) as error:
            self.faults.append(f"{what}: {' '.join(str(error).split())[:400]}")

    def choose(self, of: Sequence[T]) -> list[T]:
        """Choose what to open."""
        return self.random.sample(of, min(self.most, len(of)))

    def number(self) -> int:
        """Give a number that no row has yet."""
        return self.random.randrange(10_000, 10_000_000)

    @contextmanager
    def measuring(self, what: str, most: float) -> Iterator[None]:
        """Note the seconds that something takes; more than `most` are a fault."""
        started = time.monotonic()
        yield
        seconds = time.monotonic() - started
        self.times.setdefault(what, []).append(seconds)
        assert seconds < most * self.slack, f"{what}: it took {seconds * 1000:.0f} ms"

    def goto(self, page: Page, path: str, status: int = 200) -> None:
        answer = page.goto(self.site.at(path))
        assert answer is not None, f"{path} was not answered"
        assert answer.status == status, f"{path} was answered {answer.status}, not {status}"

    def describe(self) -> str:
        """Tell what was counted, and the longest of the times that were measured."""
        words = [f"{count} {what}" for what, count in self.counts.items()]
        words += [f"{what} {max(all_) * 1000:.0f} ms" for what, all_ in self.times.items()]
        return ", ".join(words)
