"""Every page of a site: found by its links, fitting its window, and green for axe."""

from importlib.resources import files
from urllib.parse import parse_qsl, urljoin, urlsplit

from browsers import Watch, list_overflow
from playwright.sync_api import Page, Response
from resources import Resource
from visits import Visit

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = 'axe.run({resultTypes: ["violations"]})'


def open_every_page(visit: Visit) -> None:
    """Open what links lead to, beginning at home, and the pages that no link leads to."""
    with visit.open() as (context, watch):
        watch.allowed.append("404 .*/favicon.ico$")  # asked for beside a document that is no page
        page = context.new_page()
        _crawl(visit, page)
        for path in visit.choose(_list_further_pages(visit)):
            with visit.trying(path):
                visit.goto(page, path)
                examine(visit, page, path)
        for path, status in visit.choose([*_list_problems(visit).items()]):
            with visit.trying(path):
                watch.allow_answer(status, path)
                visit.goto(page, path, status)
                examine(visit, page, path)
        for resource in visit.choose(visit.site.resources):
            with visit.trying(f"a wrong form of {resource.page}"):
                _send_wrong_form(visit, page, watch, resource)


def examine(visit: Visit, page: Page, name: str) -> None:
    """Look at the page that is shown, as it is and with all that can be opened in it."""
    visit.counts["pages"] += 1
    _measure_width(visit, page, name)
    if page.locator("details").count():
        page.evaluate('document.querySelectorAll("details").forEach((one) => one.open = true)')
        _measure_width(visit, page, f"{name}, with all opened")
    page.evaluate(AXE)
    for violation in page.evaluate(RUN_AXE)["violations"]:
        node = violation["nodes"][0]
        why = " ".join(node["failureSummary"].split())
        visit.faults.append(f"{name}: axe: {violation['id']}: {node['html'][:200]}: {why[:300]}")


def _measure_width(visit: Visit, page: Page, name: str) -> None:
    visit.faults += [f"{name} is too wide: {one}" for one in list_overflow(page)[:3]]


def _crawl(visit: Visit, page: Page) -> None:
    waiting, known, opened = ["/"], {_find_shape("/")}, 0
    while waiting and opened < visit.most:
        path = waiting.pop(visit.random.randrange(len(waiting)))
        opened += 1
        with visit.trying(path):
            answer = page.goto(visit.site.at(path))
            assert isinstance(answer, Response) and answer.status == 200, f"{path}: {answer}"
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            examine(visit, page, path)
            for link in _list_links(page):
                if _find_shape(link) not in known:
                    known.add(_find_shape(link))
                    waiting.append(link)


def _list_links(page: Page) -> list[str]:
    """List the paths on this site that a page links to."""
    links = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
    here = urlsplit(page.url)
    parts = (urlsplit(urljoin(page.url, link)) for link in links)
    return [
        part._replace(scheme="", netloc="", fragment="").geturl()
        for part in parts
        if part.netloc == here.netloc
    ]


def _find_shape(path: str) -> tuple[str, ...]:
    """Give what makes a page another: its path, and the names in its query."""
    parts = urlsplit(path)
    return (parts.path, *sorted({name for name, _ in parse_qsl(parts.query)}))


def _list_further_pages(visit: Visit) -> list[str]:
    pages = []
    for resource in visit.site.resources:
        pages += [
            f"{resource.page}?limit=1",
            f"{resource.page}?created_at_max=2000-01-01T00:00:00Z",
        ]
        pages += [f"{resource.page}?q=nothing+like+this"] if resource.is_searched else []
        if resource.name in visit.site.boards:
            pages += [f"{resource.page}/board?created_at_max=2000-01-01T00:00:00Z"]
    return pages


def _list_problems(visit: Visit) -> dict[str, int]:
    problems = {"/nothing": 404}
    for resource in visit.site.resources:
        problems |= {f"{resource.page}/999999": 404, f"{resource.page}/999999/edit": 404}
        problems |= {f"{resource.page}?sort=nothing": 422}
    return problems


def _send_wrong_form(visit: Visit, page: Page, watch: Watch, resource: Resource) -> None:
    path = f"{resource.page}/new"
    watch.allow_answer(422, path)
    visit.goto(page, path)
    page.locator("form.sheet").evaluate("form => form.noValidate = true")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    assert page.locator(".field .error").count(), "it shows no error"
    examine(visit, page, f"{path}, wrong")
