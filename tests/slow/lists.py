"""Lists, used as people do: they are searched, filtered, sorted and read to their end."""

from playwright.sync_api import Page, expect
from resources import Resource
from visits import Visit

SOON = 2.0
"""Seconds from the last key of a search to its result."""


def use_lists(visit: Visit, *, scripts: bool) -> None:
    with visit.open(scripts=scripts) as (context, _):
        page = context.new_page()
        for resource in visit.site.resources:
            with visit.trying(f"the list of {resource.page}"):
                _search(visit, page, resource, scripts)
                _filter(visit, page, resource, scripts)
                _sort(visit, page, resource)
                _read_to_the_end(visit, page, resource)


def list_ids(page: Page, resource: Resource) -> list[int]:
    """List the ids of the rows that a list shows, in their order."""
    links = page.locator("#live tbody th a")
    paths = links.evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert all(path.startswith(f"{resource.page}/") for path in paths), paths
    return [int(path.rpartition("/")[2]) for path in paths]


def _search(visit: Visit, page: Page, resource: Resource, scripts: bool) -> None:
    member = visit.site.find_label(resource)
    if member is None:
        return
    word = f"Sought {visit.number()}"
    row = visit.site.add(resource, visit.number(), **{member.name: word})
    visit.goto(page, resource.page)
    field = page.get_by_role("searchbox")
    if scripts:
        page.evaluate("window.kept = true")
        field.press_sequentially(word.lower())
        with visit.measuring("search", SOON):
            expect(page.locator("#live tbody tr")).to_have_count(1)
        assert page.evaluate("window.kept"), "the page was loaded anew"
    else:
        field.fill(word.lower())
        page.get_by_role("button", name="Search").click()
    assert list_ids(page, resource) == [row["id"]], "another row was found"
    assert "q=Sought".lower() in page.url.lower(), f"the address is {page.url}"
    field.fill("nothing is like this")
    field.press("Enter")
    expect(page.locator("#live")).to_contain_text("Nothing is found.")
    page.locator("#live").get_by_role("link", name="Show all").click()
    expect(page.locator("#live tbody tr").first).to_be_visible()


def _filter(visit: Visit, page: Page, resource: Resource, scripts: bool) -> None:
    """Choose each value of each choice in turn."""
    for member in resource.members:
        for word in member.words if member.type == "enum" else ():
            visit.goto(page, resource.page)
            page.locator(f'.filters [name="{member.name}"]').select_option(word)
            if not scripts:
                page.get_by_role("button", name="Search").click()
            page.wait_for_url(f"**{member.name}={word}*")
            query = f"&{member.name}={word}"
            _expect_rows(visit, page, resource, query)


def _sort(visit: Visit, page: Page, resource: Resource) -> None:
    visit.goto(page, resource.page)
    for number, label in enumerate(page.locator("#live thead a").all_inner_texts()):
        for _ in range(2):
            with page.expect_navigation():
                page.locator("#live thead a").nth(number).click()
            order = page.locator("#live thead [aria-sort]")
            expect(order).to_have_count(1)
            expect(order).to_contain_text(label)
            sort = page.url.partition("sort=")[2]
            _expect_rows(visit, page, resource, f"&sort={sort}")


def _expect_rows(visit: Visit, page: Page, resource: Resource, query: str) -> None:
    """Expect the first rows of what the API lists."""
    rows = [row["id"] for row in visit.site.list_rows(resource, query)]
    if rows:
        expect(page.locator("#live tbody tr").first).to_be_visible()
        shown = list_ids(page, resource)
        assert shown == rows[: len(shown)], f"{query}: {shown}, not {rows}"
    else:
        expect(page.locator("#live")).to_contain_text("Nothing is found.")


def _read_to_the_end(visit: Visit, page: Page, resource: Resource) -> None:
    rows = [row["id"] for row in visit.site.list_rows(resource, "&sort=id")]
    visit.goto(page, f"{resource.page}?sort=id&limit={max(1, len(rows) // 3)}")
    shown = list_ids(page, resource)
    while page.get_by_role("link", name="Next page").count():
        with page.expect_navigation():
            page.get_by_role("link", name="Next page").click()
        shown += list_ids(page, resource)
    assert shown == rows, f"page by page: {shown}, not {rows}"
    if page.get_by_role("link", name="First page").count():
        page.get_by_role("link", name="First page").click()
