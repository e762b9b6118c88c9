"""Pages that are open while rows change: they show it, also after the connection was lost."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from playwright.sync_api import BrowserContext, Locator, Page, expect
from relays import Relay
from resources import Resource
from sites import Row
from visits import Visit

SECOND = 1.0
"""A change is seen before it has passed."""
LONG = 3.0
"""Seconds of changes without a pause."""
BACK = 10.0
"""Seconds within which a page that lost its connection shows what it missed."""


def follow_changes(visit: Visit) -> None:
    """Change rows by the API, and see it in open pages: home, a list and a row."""
    for resource in visit.site.resources:
        with visit.open() as (context, _), visit.trying(f"live changes of {resource.page}"):
            _follow(visit, context, resource)


def follow_many_changes(visit: Visit) -> None:
    """Change a row again and again: its page shows that while it lasts, and the last of them."""
    with visit.open() as (context, _):
        page = context.new_page()
        resource, row, path = _add_row(visit)
        _open_and_listen(visit, page, path)
        with ThreadPoolExecutor(1) as others:
            done = others.submit(_rename_on_and_on, visit, resource, row)
            with visit.measuring("the first of many changes", SECOND):
                expect(page.locator("h1")).to_contain_text("Changed")
            expect(page.locator("h1")).to_have_text(done.result())


def come_back(visit: Visit) -> None:
    """Lose the connection in three ways; the page shows what was changed meanwhile."""
    with visit.open() as (context, watch):
        watch.allowed += [r"net::ERR_\w+ http://", "htmx:error: Failed to fetch"]
        page = context.new_page()
        for lose in (_cut_network, _fail_to_ask, _start_server_anew):
            with visit.trying(lose.__name__.strip("_")):
                lose(visit, page)


def _cut_network(visit: Visit, page: Page) -> None:
    """Drop the connections of the page; the server runs on, and knows what the page missed."""
    resource, row, path = _add_row(visit)
    with closing(Relay(visit.site.server.port)) as relay:
        with page.expect_response("**/live?*"):
            page.goto(f"http://127.0.0.1:{relay.port}{path}")
        relay.cut()
        word = _rename(visit, resource, row)
        page.wait_for_timeout(500)
        expect(page.locator("#live")).not_to_contain_text(word)
        relay.mend()
        _expect_soon(visit, page, word, "back after a cut")
        _expect_live(visit, page, resource, row)
        page.goto("about:blank")


def _fail_to_ask(visit: Visit, page: Page) -> None:
    """Tell the page of a change at a moment when it can ask for nothing; its stream stays open."""
    resource, row, path = _add_row(visit)
    _open_and_listen(visit, page, path)
    page.context.set_offline(True)  # for new requests alone
    with page.expect_event("requestfailed"):
        word = _rename(visit, resource, row)
    page.context.set_offline(False)
    _expect_soon(visit, page, word, "back after a failure")
    _expect_live(visit, page, resource, row)


def _start_server_anew(visit: Visit, page: Page) -> None:
    """Stop the server and start another, which knows nothing of the page."""
    resource, row, path = _add_row(visit)
    _open_and_listen(visit, page, path)
    code = visit.site.server.stop()
    assert code == 0, f"the server ended with {code}"
    visit.site.server.start()
    _expect_soon(visit, page, _rename(visit, resource, row), "back at another server")
    _expect_live(visit, page, resource, row)


def _add_row(visit: Visit) -> tuple[Resource, Row, str]:
    resource = visit.site.resources[0]
    row = visit.site.add(resource, visit.number())
    return resource, row, f"{resource.page}/{row['id']}"


def _rename(visit: Visit, resource: Resource, row: Row) -> str:
    """Change what a row is called, by the API; return its name."""
    label = visit.site.find_label(resource)
    assert label is not None, f"{resource.name} has no label"
    word = f"Changed {visit.number()}"
    visit.site.change(resource, row, **{label.name: word})
    return word


def _rename_on_and_on(visit: Visit, resource: Resource, row: Row) -> str:
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        word = _rename(visit, resource, row)
        time.sleep(0.02)
    return word


def _expect_soon(visit: Visit, page: Page, word: str, what: str) -> None:
    with visit.measuring(what, BACK):
        expect(page.locator("#live")).to_contain_text(word, timeout=BACK * 1000)


def _expect_live(visit: Visit, page: Page, resource: Resource, row: Row) -> None:
    """Expect that the page hears of changes again."""
    word = _rename(visit, resource, row)
    with visit.measuring("a change", SECOND):
        expect(page.locator("#live")).to_contain_text(word)


def _follow(visit: Visit, context: BrowserContext, resource: Resource) -> None:
    row = visit.site.add(resource, visit.number())
    pages = [context.new_page() for _ in range(3)]
    paths = ["/", f"{resource.page}?sort=-id", f"{resource.page}/{row['id']}"]
    for page, path in zip(pages, paths, strict=True):
        _open_and_listen(visit, page, path)
    home, rows, _ = pages
    if visit.site.find_label(resource):
        word = _rename(visit, resource, row)
        with visit.measuring("a change", SECOND):
            for page in pages:
                expect(page.locator("#live")).to_contain_text(word)
    count = int(_find_total(home, resource).inner_text())
    created = visit.site.add(resource, visit.number())
    with visit.measuring("a new row", SECOND):
        rows.locator(f'#live a[href="{resource.page}/{created["id"]}"]').wait_for()
        expect(_find_total(home, resource)).to_have_text(str(count + 1))
    visit.site.ask("DELETE", f"{resource.path}/{created['id']}")
    with visit.measuring("a deleted row", SECOND):
        expect(rows.locator(f'#live a[href="{resource.page}/{created["id"]}"]')).to_have_count(0)
        expect(_find_total(home, resource)).to_have_text(str(count))


def _find_total(home: Page, resource: Resource) -> Locator:
    return home.locator(".tile", has=home.locator(f'h2 a[href="{resource.page}"]')).locator(
        ".total"
    )


def _open_and_listen(visit: Visit, page: Page, path: str) -> None:
    with page.expect_response("**/live?*"):
        visit.goto(page, path)
