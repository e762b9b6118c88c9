"""Debian's Chromium, and what its pages must never say."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    WebError,
    expect,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser")
SECONDS = 5.0
"""The longest that a page may need for anything."""
TELL_REFUSALS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`refused: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@dataclass(frozen=True)
class View:
    """How wide a page is, and how bright."""

    width: int
    scheme: Literal["light", "dark"]

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


@dataclass
class Watch:
    """What the pages of a context said, and should not have. allowed: patterns of what they may."""

    faults: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.add_init_script(TELL_REFUSALS)
        context.on("console", self._hear)
        context.on("weberror", self._note_error)
        context.on("dialog", self._close_dialog)

    def allow_answer(self, status: int, path: str) -> None:
        """Allow what the browser itself says of a page that is answered with a problem."""
        self.allowed.append(rf"status of {status} .* http://[^/]*{re.escape(path)}$")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"{message.text} {message.location['url']}")

    def _note_error(self, error: WebError) -> None:
        self._note(f"an error: {error.error}")

    def _close_dialog(self, dialog: Dialog) -> None:
        self._note(f"it ran: {dialog.message}")
        dialog.dismiss()

    def _note(self, text: str) -> None:
        if not any(re.search(pattern, text) for pattern in self.allowed):
            self.faults.append(f"the console: {text[:300]}")


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def start_browser(executable: str) -> Iterator[Browser]:
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox"],  # which it needs for root, and here it sees our own pages alone
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_context(
    browser: Browser, view: View, watch: Watch, *, scripts: bool = True, policy: bool = True
) -> Iterator[BrowserContext]:
    """Open a window of its own. scripts: JavaScript is on. policy: the site's CSP is obeyed."""
    context = browser.new_context(
        viewport={"width": view.width, "height": 800},
        color_scheme=view.scheme,
        java_script_enabled=scripts,
        bypass_csp=not policy,
    )
    context.set_default_timeout(SECONDS * 1000)
    watch.follow(context)
    try:
        yield context
    finally:
        context.close()


def list_overflow(page: Page) -> list[str]:
    """List what makes a page wider than its window: the innermost elements that stick out."""
    found: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const out = (one) => one.getBoundingClientRect().right > width + 0.5;
            return [...document.body.querySelectorAll("*")]
                .filter((one) => out(one) && ![...one.children].some(out))
                .map((one) => one.outerHTML.slice(0, 120));
        }"""
    )
    return found
