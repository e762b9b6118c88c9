"""Prove that people can use the pages of the examples: in a real browser, in every way, safely.

Every page is opened and used in Debian's Chromium, at two widths, in light and in dark. It fits,
axe finds nothing, and the console says nothing; what one page changes, others show within a second;
without JavaScript the same can be done; and nothing that is stored or typed ever runs.
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from random import Random

from boards import use_boards, use_boards_without_scripts
from browsers import View, find_chromium, start_browser
from every_page import open_every_page
from forms import use_forms
from hostile_rows import open_hostile_rows
from ledger import Ledger
from lists import use_lists
from liveness import come_back, follow_changes, follow_many_changes
from playwright.sync_api import Browser
from served import make_example
from sites import open_site
from tool import fresh_folder
from visits import Visit

from starlette_new.examples import list_examples

Part = Callable[[Visit], None]
VIEWS = {str(view): view for view in (View(w, s) for w in (360, 1280) for s in ("light", "dark"))}
SEEDED: dict[str, Part] = {
    "pages": open_every_page,
    "forms": partial(use_forms, scripts=True),
    "lists": partial(use_lists, scripts=True),
    "boards": use_boards,
    "live": follow_changes,
    "live-many": follow_many_changes,
    "forms-plain": partial(use_forms, scripts=False),
    "lists-plain": partial(use_lists, scripts=False),
    "boards-plain": use_boards_without_scripts,
    "back": come_back,
}
"""What is done with a site that has its samples; `plain` is without JavaScript."""
EMPTY: dict[str, Part] = {"empty": open_every_page}
HOSTILE: dict[str, Part] = {"hostile": open_hostile_rows}
PARTS = [*SEEDED, *EMPTY, *HOSTILE]
QUICK = ["pages", "boards", "live"]
SKIPPED = 77


def main() -> int:
    options = _read_options()
    chromium = find_chromium()
    if chromium is None:
        print("There is no Chromium here. Install it: apt-get install chromium.", file=sys.stderr)
        return SKIPPED
    ledger = Ledger(f"Browsing, seed {options.seed}")
    with fresh_folder() as folder, start_browser(chromium) as browser:
        for example in options.example:
            _try_example(ledger, browser, make_example(folder, example), options)
    return ledger.close()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    examples = list_examples()
    parser.add_argument("--example", action="append", choices=examples, help="[all]")
    parser.add_argument("--view", action="append", choices=VIEWS, help="[all]")
    parser.add_argument("--only", action="append", choices=PARTS, help="a part [all]")
    parser.add_argument("--pages", type=int, help="of a kind, chosen by the seed [all]")
    parser.add_argument("--seed", type=int, default=1, help="of what is chosen and typed (1)")
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for the times")
    parser.add_argument("--quick", action="store_true", help="a sample: one example, one view")
    options = parser.parse_args()
    usual = (["taskflow"], ["360-dark"], QUICK) if options.quick else (examples, [*VIEWS], PARTS)
    options.example = options.example or usual[0]
    options.view = options.view or usual[1]
    options.only = options.only or usual[2]
    options.pages = options.pages or (4 if options.quick else sys.maxsize)
    return options


def _try_example(
    ledger: Ledger, browser: Browser, project: Path, options: argparse.Namespace
) -> None:
    """Try an example with its samples, without them, and with what nobody would want to store."""
    views = options.view
    for parts, some_views in ((SEEDED, views), (EMPTY, views), (HOSTILE, views[:1])):
        cases = [case for case in product(parts, some_views) if case[0] in options.only]
        if not cases:
            continue
        database = f"{project.name}-{cases[0][0]}.db"
        with open_site(project, database, seeded=parts is SEEDED) as site:
            for part, view in cases:
                random = Random(f"{options.seed} {part} {view}")  # noqa: S311
                visit = Visit(browser, site, VIEWS[view], random, options.pages, options.slack)
                _try_part(ledger, f"{project.name} {view} {part}", visit, parts[part])
            if parts is not HOSTILE:
                ledger.add(f"{project.name}, the log", site.server.list_log_faults(), 0.0)


def _try_part(ledger: Ledger, case: str, visit: Visit, part: Part) -> None:
    started = time.monotonic()
    with visit.trying(case):
        part(visit)
    detail = visit.describe()
    faults = [f"\n    {fault}" for fault in dict.fromkeys(visit.faults)]
    seconds = time.monotonic() - started
    ledger.add(case, [*faults, f"\n    {detail}"] if faults else [], seconds, detail)


if __name__ == "__main__":
    sys.exit(main())
